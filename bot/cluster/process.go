package cluster

import (
	"context"
	"crypto/rand"
	"fmt"
	"log/slog"
	"maps"
	"sync"
	"sync/atomic"
	"time"
)

// TTL is how long a lease lasts in the table without renewal, and a member without a sign of
// life, if Options does not say otherwise.
const TTL = 10 * time.Second

// Parts of the TTL.
const (
	ownPart     = 0.9   // a lease ends for its holder this far into the TTL, counted from when its renewal began
	renewPart   = 0.2   // is how often all leases are renewed
	timeoutPart = 0.3   // is how long one renewal may take: a second and a third can follow
	retryPart   = 0.025 // is the pause after one that failed
)

// Options are how a Process takes part. All may be left zero.
type Options struct {
	TTL time.Duration // the same for all processes
	Log *slog.Logger  // nil is silent
}

// A Process is one of several that share a Table. It implements Cluster.
type Process struct {
	table Table
	name  string
	ttl   time.Duration
	log   *slog.Logger
	stop  context.CancelFunc
	work  sync.WaitGroup

	mu      sync.Mutex
	about   map[string]string
	held    map[string]*lease // nil while one is being taken
	renewed time.Time         // when the last good renewal began
	trouble error             // of the last renewal
	freed   chan struct{}
	closed  bool
	votes   map[string]Vote // by agreements

	voting           chan struct{} // holds one while somebody decides
	settled          settling
	lost, claimsLost atomic.Int64
}

var _ Cluster = (*Process)(nil)

// Join makes this process a member of those that share t, and keeps its leases until Close.
func Join(ctx context.Context, t Table, o Options) (*Process, error) {
	p := &Process{table: t, name: rand.Text()[:10], ttl: o.TTL, log: o.Log, held: map[string]*lease{}, freed: make(chan struct{}), voting: make(chan struct{}, 1), votes: map[string]Vote{}, settled: newSettling()}
	if p.ttl <= 0 {
		p.ttl = TTL
	}
	if p.log == nil {
		p.log = slog.New(slog.DiscardHandler)
	}
	if err := p.renew(ctx); err != nil {
		return nil, err
	}
	ctx, p.stop = context.WithCancel(context.WithoutCancel(ctx))
	p.work.Go(func() { p.keepRenewing(ctx) })
	p.work.Go(func() { p.listen(ctx) })
	p.work.Go(func() { p.keepSettling(ctx) })
	return p, nil
}

func (p *Process) part(of float64) time.Duration { return time.Duration(of * float64(p.ttl)) }

// Close gives back all that the process holds, and leaves the members. It takes no longer
// than ctx; if the table cannot be reached, the leases end by themselves.
func (p *Process) Close(ctx context.Context) error {
	held := p.leases(true)
	for _, l := range held {
		l.lose()
	}
	p.stop()
	p.work.Wait()
	p.settle(ctx)
	return p.table.Leave(ctx, p.name)
}

// leases are those that are held; close keeps others from being taken.
func (p *Process) leases(closing bool) (all []*lease) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.closed = p.closed || closing
	for _, l := range p.held {
		if l != nil {
			all = append(all, l)
		}
	}
	return all
}

// Self implements Cluster.
func (p *Process) Self() string { return p.name }

// TTL returns how long its leases last without renewal.
func (p *Process) TTL() time.Duration { return p.ttl }

// Alone implements Cluster.
func (p *Process) Alone() bool { return false }

// Acquire implements Cluster.
func (p *Process) Acquire(ctx context.Context, name string) (Lease, error) {
	if !p.reserve(name) {
		return nil, fmt.Errorf("%s: %w", name, ErrHeld)
	}
	begun := time.Now()
	epoch, note, taken, err := p.table.Take(ctx, p.name, name, p.ttl)
	p.mu.Lock()
	defer p.mu.Unlock()
	if err == nil && !taken {
		err = fmt.Errorf("%s: %w", name, ErrHeld)
	}
	if err == nil && p.closed {
		err = fmt.Errorf("%s: the process is leaving: %w", name, ErrLost)
	}
	if err != nil {
		delete(p.held, name)
		return nil, err
	}
	l := newLease(p, Holding{Name: name, Holder: p.name, Epoch: epoch}, note, begun.Add(p.part(ownPart)))
	p.held[name] = l
	return l, nil
}

// reserve keeps the name for one that is about to take it, if this process does not have it.
func (p *Process) reserve(name string) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	l, ok := p.held[name]
	if p.closed || ok && (l == nil || l.Valid()) {
		return false
	}
	if ok {
		p.lost.Add(1)
	}
	p.held[name] = nil
	return true
}

// drop forgets a lease that is over.
func (p *Process) drop(l *lease) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.held[l.h.Name] == l {
		delete(p.held, l.h.Name)
	}
}

// keepRenewing renews what is held until ctx ends.
func (p *Process) keepRenewing(ctx context.Context) {
	pause := p.part(renewPart)
	for {
		select {
		case <-time.After(pause):
		case <-ctx.Done():
			return
		}
		began := time.Now()
		err := p.renew(ctx)
		switch pause = p.part(renewPart) - time.Since(began); {
		case err != nil:
			pause = p.part(retryPart)
		case pause < 0:
			pause = 0
		}
	}
}

// renew renews every lease, in one question to the table.
func (p *Process) renew(ctx context.Context) error {
	begun := time.Now()
	all := p.leases(false)
	var held []Holding
	for _, l := range all {
		held = append(held, l.h)
	}
	p.mu.Lock()
	about := p.about
	p.mu.Unlock()
	ctx, cancel := context.WithTimeout(ctx, p.part(timeoutPart))
	defer cancel()
	kept, err := p.table.Renew(ctx, p.name, about, held, p.ttl)
	p.tried(begun, err)
	still := map[string]bool{}
	for _, name := range kept {
		still[name] = true
	}
	for _, l := range all {
		ok := l.Valid()
		if err == nil && ok {
			ok = still[l.h.Name] && l.renewed(begun.Add(p.part(ownPart)))
		}
		if !ok {
			p.loses(l)
		}
	}
	return err
}

// tried notes how a renewal went.
func (p *Process) tried(begun time.Time, err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	switch {
	case err != nil && p.trouble == nil && !p.closed:
		p.log.Warn("leases cannot be renewed; they end by themselves in some seconds, and others can take them", "error", err)
	case err == nil && p.trouble != nil:
		p.log.Info("leases can be renewed again")
	}
	if p.trouble = err; err == nil {
		p.renewed = begun
	}
}

// loses ends a lease that was not released.
func (p *Process) loses(l *lease) {
	p.mu.Lock()
	ours := p.held[l.h.Name] == l
	p.mu.Unlock()
	l.lose()
	p.drop(l)
	if ours { // else it was released meanwhile
		p.lost.Add(1)
		p.log.Warn("a lease is lost", "lease", l.h.Name)
	}
}

// listen passes on the hints of the table.
func (p *Process) listen(ctx context.Context) {
	pause := p.part(renewPart)
	for ctx.Err() == nil {
		began := time.Now()
		_ = p.table.Listen(ctx, p.hint) // polling finds what hints do not tell
		if time.Since(began) > p.ttl {
			pause = p.part(renewPart)
		}
		select {
		case <-time.After(pause):
			pause = min(2*pause, 30*p.ttl)
		case <-ctx.Done():
		}
	}
}

func (p *Process) hint() {
	p.mu.Lock()
	defer p.mu.Unlock()
	close(p.freed)
	p.freed = make(chan struct{})
}

// Freed implements Cluster.
func (p *Process) Freed() <-chan struct{} {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.freed
}

// Announce implements Cluster. Others see it at once, and if that fails, soon.
func (p *Process) Announce(ctx context.Context, about map[string]string) error {
	p.mu.Lock()
	p.about = maps.Clone(about)
	p.mu.Unlock()
	return p.renew(ctx)
}

// Members implements Cluster.
func (p *Process) Members(ctx context.Context) ([]Member, error) { return p.table.Members(ctx) }

// Leases implements Cluster.
func (p *Process) Leases(ctx context.Context) ([]Holding, error) { return p.table.Leases(ctx) }

// Stats are what there is to measure of a Process.
type Stats struct {
	Held       map[string]time.Duration // how long it has had each lease
	Renewed    time.Duration            // since the last good renewal began
	Lost       int64                    // leases that it had to give up
	ClaimsLost int64                    // messages that another process answers
}

// Stats returns what there is to measure now.
func (p *Process) Stats() Stats {
	s := Stats{Held: map[string]time.Duration{}, Lost: p.lost.Load(), ClaimsLost: p.claimsLost.Load()}
	for _, l := range p.leases(false) {
		if l.Valid() {
			s.Held[l.h.Name] = time.Since(l.since)
		}
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	s.Renewed = time.Since(p.renewed)
	return s
}
