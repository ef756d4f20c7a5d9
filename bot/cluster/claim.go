package cluster

import (
	"context"
	"sync"
	"time"
)

const (
	// settleAfter is how long what is done waits for more, so that one write says it of many.
	// What a process had answered within that time of its death, and within that of the write, is taken
	// for unanswered.
	settleAfter = 20 * time.Millisecond
	settleWait  = 2 * time.Second
	// maxSettling bounds what waits while the table cannot be reached; more is left unsaid.
	maxSettling = 10_000
)

// A settling is what became of claims and is not yet written, or not known.
type settling struct {
	mu      sync.Mutex
	done    []MessageID
	unsure  map[MessageID]struct{} // claims whose try failed: the table may have taken it
	changed chan struct{}          // holds one signal
}

func newSettling() settling {
	return settling{unsure: map[MessageID]struct{}{}, changed: make(chan struct{}, 1)}
}

// Claim implements Cluster.
func (p *Process) Claim(ctx context.Context, platform, id string) (Claim, error) {
	m, s := MessageID{platform, id}, &p.settled
	s.mu.Lock()
	_, again := s.unsure[m]
	s.mu.Unlock()
	c, err := p.table.Claim(ctx, p.name, m, again)
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case err == nil:
		delete(s.unsure, m)
	case len(s.unsure) < maxSettling:
		s.unsure[m] = struct{}{}
	}
	if err == nil && c == Taken {
		p.claimsLost.Add(1)
	}
	return c, err
}

// Settle implements Cluster.
func (p *Process) Settle(platform, id string) {
	s := &p.settled
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.unsure, MessageID{platform, id})
	if len(s.done) < maxSettling {
		s.done = append(s.done, MessageID{platform, id})
	}
	select {
	case s.changed <- struct{}{}:
	default:
	}
}

// keepSettling writes what is done until ctx ends.
func (p *Process) keepSettling(ctx context.Context) {
	pause := settleAfter
	for {
		select {
		case <-p.settled.changed:
		case <-ctx.Done():
			return
		}
		select {
		case <-time.After(pause):
		case <-ctx.Done():
			return
		}
		if pause = settleAfter; !p.settle(ctx) {
			pause = p.part(retryPart) // soon, for others may be brought what this process has told
		}
	}
}

// settle writes what is done, and keeps what could not be written.
func (p *Process) settle(ctx context.Context) bool {
	s := &p.settled
	s.mu.Lock()
	all := s.done
	s.done = nil
	s.mu.Unlock()
	if len(all) == 0 {
		return true
	}
	ctx, cancel := context.WithTimeout(ctx, settleWait)
	defer cancel()
	if err := p.table.Settle(ctx, p.name, all); err != nil {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.done = append(all, s.done...)[:min(len(all)+len(s.done), maxSettling)]
		select {
		case s.changed <- struct{}{}:
		default:
		}
		return false
	}
	return true
}
