package cluster

import (
	"context"
	"fmt"
	"sync"
	"time"
)

// A lease is held by a Process. It ends at its deadline, which each renewal moves: for its
// holder that is before it ends by the clock of the table.
type lease struct {
	of    *Process
	h     Holding
	since time.Time
	done  chan struct{}

	mu       sync.Mutex
	note     string
	deadline time.Time
	timer    *time.Timer
	over     bool
}

func newLease(of *Process, h Holding, note string, deadline time.Time) *lease {
	l := &lease{of: of, h: h, since: time.Now(), done: make(chan struct{}), note: note, deadline: deadline}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.timer = time.AfterFunc(time.Until(deadline), func() { l.Valid() })
	return l
}

// passed reports whether it is t by now. It asks two clocks: the monotonic one, which nobody
// can set, and that of the wall, which goes on while the machine sleeps. If somebody puts the
// latter forward, a lease is lost that need not have been.
func passed(t time.Time) bool {
	now := time.Now()
	return !now.Before(t) || !now.Round(0).Before(t.Round(0))
}

func (l *lease) Name() string { return l.h.Name }

func (l *lease) Epoch() int64 { return l.h.Epoch }

func (l *lease) Done() <-chan struct{} { return l.done }

func (l *lease) Note() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.note
}

// Valid implements Lease. It looks at the clock when it is asked, so that a process that was
// stopped and goes on knows before it does anything.
func (l *lease) Valid() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if !l.over && passed(l.deadline) {
		l.end()
	}
	return !l.over
}

// end ends the lease for its holder, for good: one that was renewed too late was not seen to
// be valid in between. l.mu is held.
func (l *lease) end() {
	if l.over {
		return
	}
	l.over = true
	l.timer.Stop()
	close(l.done)
}

// lose ends the lease.
func (l *lease) lose() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.end()
}

// renewed moves the deadline, and reports whether the lease was still valid.
func (l *lease) renewed(deadline time.Time) bool {
	if !l.Valid() {
		return false
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if !l.over && deadline.After(l.deadline) {
		l.deadline = deadline
		l.timer.Reset(time.Until(deadline))
	}
	return !l.over
}

func (l *lease) SetNote(ctx context.Context, note string) error {
	if !l.Valid() {
		return l.lost()
	}
	written, err := l.of.table.SetNote(ctx, l.h, note)
	if err != nil {
		return err
	}
	if !written {
		l.lose()
		return l.lost()
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.note = note
	return nil
}

func (l *lease) lost() error { return fmt.Errorf("%s: %w", l.h.Name, ErrLost) }

// Release implements Lease. What is lost already needs none, but is not refused either: the
// table may not know yet.
func (l *lease) Release(ctx context.Context) error {
	l.of.drop(l)
	l.lose()
	return l.of.table.Release(ctx, l.h)
}
