package telegram

import (
	"math/rand/v2"
	"time"
)

// A backoff grows by doubling from base to limit, with up to half of it random, so
// that many bots do not return to a recovering server in step.
type backoff struct {
	base, limit time.Duration
	failures    int
}

// next is how long to wait after one more failure.
func (b *backoff) next() time.Duration {
	d := b.limit
	if b.failures < 30 && b.base<<b.failures < b.limit { // 30: far above any limit, far below overflow
		d = b.base << b.failures
	}
	b.failures++
	return d/2 + rand.N(d/2+1)
}

func (b *backoff) reset() { b.failures = 0 }
