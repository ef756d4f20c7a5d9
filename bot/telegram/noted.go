package telegram

import (
	"sync"
	"time"

	"footnote/bot/platform"
)

// noted remembers a bounded number of things for a while.
type noted struct {
	clock Clock
	keep  time.Duration

	mu sync.Mutex
	at map[string]time.Time
}

// maxNoted bounds what is remembered; a thing forgotten early costs a repeated call.
const maxNoted = 4096

func newNoted(clock Clock, keep time.Duration) *noted {
	return &noted{clock: clock, keep: keep, at: map[string]time.Time{}}
}

// note remembers key from now on.
func (n *noted) note(key string) {
	n.mu.Lock()
	defer n.mu.Unlock()
	now := n.clock.Now()
	platform.Trim(n.at, maxNoted, func(at time.Time) bool { return now.Sub(at) >= n.keep })
	n.at[key] = now
}

// has reports whether key is remembered.
func (n *noted) has(key string) bool {
	n.mu.Lock()
	defer n.mu.Unlock()
	at, ok := n.at[key]
	return ok && n.clock.Now().Sub(at) < n.keep
}
