package gateway

import (
	"sync"
	"time"

	"footnote/bot/platform"
)

// Discord resets the token of a bot that identifies more than 1,000 times in a
// day: the bot is then dead until a person makes a new one. So each process counts for
// itself, far below that, and none spends the last of what Discord says is left to all.
const (
	identifiesPerDay   = 200
	identifiesPerShard = 10 // more, for each shard after the first
	identifiesReserve  = 50
	budgetWindow       = 24 * time.Hour
)

// A Budget counts the Identifies of the last day. It is safe for concurrent use.
type Budget struct {
	now func() time.Time

	mu   sync.Mutex
	most int
	used []time.Time // in order
}

// NewBudget returns a Budget of what a bot may spend in a day.
func NewBudget(now func() time.Time) *Budget { return newBudget(identifiesPerDay, now) }

func newBudget(n int, now func() time.Time) *Budget { return &Budget{now: now, most: n} }

// Shards lets the Budget be enough for that many shards.
func (b *Budget) Shards(n int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.most = max(b.most, identifiesPerDay+identifiesPerShard*(n-1))
}

// spend notes one Identify.
func (b *Budget) spend() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.used = append(b.used[max(0, len(b.used)+1-b.most):], b.now())
}

// wait is how long to wait before the next one.
func (b *Budget) wait() time.Duration {
	b.mu.Lock()
	defer b.mu.Unlock()
	if len(b.used) < b.most {
		return 0
	}
	return max(0, b.used[len(b.used)-b.most].Add(budgetWindow).Sub(b.now()))
}

// An Info is what Discord's /gateway/bot says: where to connect, in how many shards, and how many
// sessions may still be begun.
type Info struct {
	URL            string // of the gateway
	Shards         int    // how many Discord recommends; at least 1
	MaxConcurrency int    // how many may identify at a time; at least 1
	Starts         *Starts
}

// Starts says how many sessions may still be begun.
type Starts struct {
	Remaining, Total int
	ResetAfter       time.Duration
}

// ReadInfo reads the answer of /gateway/bot. What is not there, or impossible, is left out.
func ReadInfo(body []byte) Info {
	var raw struct {
		URL    string `json:"url"`
		Shards int    `json:"shards"`
		Limit  *struct {
			Remaining   int     `json:"remaining"`
			Total       int     `json:"total"`
			ResetAfter  float64 `json:"reset_after"` // milliseconds
			Concurrency int     `json:"max_concurrency"`
		} `json:"session_start_limit"`
	}
	_ = platform.Decode(body, &raw)
	info := Info{URL: raw.URL, Shards: min(max(raw.Shards, 1), MaxShards), MaxConcurrency: 1}
	if l := raw.Limit; l != nil {
		info.MaxConcurrency = min(max(l.Concurrency, 1), MaxShards)
		reset := min(max(l.ResetAfter, 0), longestReset.Seconds()*1000)
		info.Starts = &Starts{l.Remaining, l.Total, time.Duration(reset * float64(time.Millisecond))}
	}
	return info
}

// MaxShards is the most shards that are kept, far beyond the largest bot that one base of
// knowledge is asked by.
const MaxShards = 4096

// longestReset bounds what a server can make the bot wait before a new session.
const longestReset = 24 * time.Hour

// wait is how long to wait before a new session, so that the last ones are not spent.
func (i Info) wait() time.Duration {
	if s := i.Starts; s != nil && s.Remaining <= min(identifiesReserve, s.Total/10) {
		return s.ResetAfter
	}
	return 0
}
