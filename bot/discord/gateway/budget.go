package gateway

import (
	"sync"
	"time"
)

// Discord resets the token of a bot that identifies more than 1,000 times in a
// day: the bot is then dead until a person makes a new one. So it counts for
// itself, far below that, and never spends the last of what Discord says is left.
const (
	identifiesPerDay  = 200
	identifiesReserve = 50
	budgetWindow      = 24 * time.Hour
)

// A Budget counts the Identifies of the last day. It is safe for concurrent use.
type Budget struct {
	now func() time.Time

	mu   sync.Mutex
	used []time.Time // a ring
	next int
}

// NewBudget returns a Budget of what a bot may spend in a day.
func NewBudget(now func() time.Time) *Budget { return newBudget(identifiesPerDay, now) }

func newBudget(n int, now func() time.Time) *Budget {
	return &Budget{now: now, used: make([]time.Time, n)}
}

// spend notes one Identify.
func (b *Budget) spend() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.used[b.next] = b.now()
	b.next = (b.next + 1) % len(b.used)
}

// wait is how long to wait before the next one.
func (b *Budget) wait() time.Duration {
	b.mu.Lock()
	defer b.mu.Unlock()
	if oldest := b.used[b.next]; !oldest.IsZero() {
		return max(0, oldest.Add(budgetWindow).Sub(b.now()))
	}
	return 0
}
