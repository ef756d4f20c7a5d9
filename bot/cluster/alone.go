package cluster

import (
	"context"
	"crypto/rand"
	"fmt"
	"maps"
	"slices"
	"sync"
	"time"
)

// Alone returns the cluster of a process that is the only one: every lease is free, every
// claim the first.
func Alone() Cluster {
	return &alone{name: rand.Text()[:10], since: time.Now(), held: map[string]*ownLease{}}
}

type alone struct {
	name  string
	since time.Time

	mu    sync.Mutex
	about map[string]string
	held  map[string]*ownLease
	epoch int64
}

func (a *alone) Self() string { return a.name }

func (a *alone) Alone() bool { return true }

func (a *alone) Acquire(ctx context.Context, name string) (Lease, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.held[name] != nil {
		return nil, fmt.Errorf("%s: %w", name, ErrHeld)
	}
	a.epoch++
	l := &ownLease{of: a, name: name, epoch: a.epoch, done: make(chan struct{})}
	a.held[name] = l
	return l, nil
}

func (a *alone) Claim(ctx context.Context, _, _ string) (Claim, error) { return First, ctx.Err() }

func (a *alone) Settle(_, _ string) {}

func (a *alone) Announce(_ context.Context, about map[string]string) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.about = maps.Clone(about)
	return nil
}

func (a *alone) Members(context.Context) ([]Member, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	return []Member{{Name: a.name, Since: a.since, About: maps.Clone(a.about)}}, nil
}

func (a *alone) Leases(context.Context) (all []Holding, _ error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	for _, name := range slices.Sorted(maps.Keys(a.held)) {
		all = append(all, Holding{Name: name, Holder: a.name, Epoch: a.held[name].epoch})
	}
	return all, nil
}

func (a *alone) Freed() <-chan struct{} { return nil }

// An ownLease is held until it is released.
type ownLease struct {
	of    *alone
	name  string
	epoch int64
	done  chan struct{}

	mu   sync.Mutex
	note string
	over bool
}

func (l *ownLease) Name() string { return l.name }

func (l *ownLease) Epoch() int64 { return l.epoch }

func (l *ownLease) Done() <-chan struct{} { return l.done }

func (l *ownLease) Note() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.note
}

func (l *ownLease) SetNote(_ context.Context, note string) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.over {
		return fmt.Errorf("%s: %w", l.name, ErrLost)
	}
	l.note = note
	return nil
}

func (l *ownLease) Valid() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return !l.over
}

func (l *ownLease) Release(context.Context) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.over {
		return nil
	}
	l.over = true
	close(l.done)
	l.of.mu.Lock()
	defer l.of.mu.Unlock()
	delete(l.of.held, l.name)
	return nil
}
