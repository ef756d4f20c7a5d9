package platform

import (
	"context"
	"math/rand/v2"
	"time"
)

// A Backoff says how long to wait after failures in a row. The wait doubles from
// First to Longest. Up to half of it is random, so that many bots do not return to
// a recovering server in step.
type Backoff struct {
	First, Longest time.Duration

	failures int
}

// doublings bounds the shift: 2^20 times any First is above any Longest, and far
// below an overflow.
const doublings = 20

// Next notes a failure and returns how long to wait after it: between half and the
// whole of the doubled wait.
func (b *Backoff) Next() time.Duration {
	d := b.Longest
	if b.failures < doublings && b.First<<b.failures < d {
		d = b.First << b.failures
	}
	b.failures++
	return d/2 + rand.N(d/2+1)
}

// Reset begins anew after a success.
func (b *Backoff) Reset() { b.failures = 0 }

// Failures returns how many there were since the last success.
func (b *Backoff) Failures() int { return b.failures }

// Sleep waits for d, or until ctx ends, and returns ctx's error then.
func Sleep(ctx context.Context, d time.Duration) error {
	if d <= 0 {
		return ctx.Err()
	}
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
