package postgres

import (
	"context"
	"slices"
	"sync"
	"time"
)

const (
	// batchSlow is how long a statement of a Batch is under way before what comes then asks in another:
	// a database that is far or slow is waited for about once, and a quick one is asked by as many
	// together as can be.
	batchSlow = 50 * time.Millisecond
	// batchesAtOnce is how many statements of a Batch are under way at most.
	batchesAtOnce = 3
	// batchMost is how many ask in one statement.
	batchMost = 500
)

// A Batch makes one statement of what many ask for at the same time: the more there are, and the
// slower the database is, the more ask together, over the same few connections. Somebody who
// asks alone waits for nobody. It is safe for concurrent use.
type Batch[Q, A any] struct {
	db      *DB
	timeout time.Duration
	do      func(ctx context.Context, all []Q) ([]A, error)

	mu      sync.Mutex
	waiting []*asking[Q, A]
	running int       // statements under way
	begun   time.Time // when the last of them began
}

// An asking is what somebody asks, and the answer once done is closed.
type asking[Q, A any] struct {
	question Q
	done     chan struct{}
	answer   A
	err      error
}

// NewBatch returns a Batch whose questions do answers, in their order, in db, within timeout: whoever
// asks may give up before, which costs no connection. What do returns as an error all who
// asked together get.
func NewBatch[Q, A any](db *DB, timeout time.Duration, do func(ctx context.Context, all []Q) ([]A, error)) *Batch[Q, A] {
	return &Batch[Q, A]{db: db, timeout: timeout, do: do}
}

// Ask asks q, together with others, and waits for the answer until ctx ends. Then it may be
// that q is done all the same.
func (b *Batch[Q, A]) Ask(ctx context.Context, q Q) (A, error) {
	x := &asking[Q, A]{question: q, done: make(chan struct{})}
	b.mu.Lock()
	b.waiting = append(b.waiting, x)
	begins := b.running == 0 || b.running < batchesAtOnce && time.Since(b.begun) >= batchSlow
	if begins {
		b.running, b.begun = b.running+1, time.Now()
	}
	b.mu.Unlock()
	if begins && !b.db.goes(b.run) {
		b.mu.Lock()
		b.running--
		b.mu.Unlock()
		return x.answer, errClosed
	}
	select {
	case <-x.done:
		return x.answer, x.err
	case <-ctx.Done():
		b.mu.Lock()
		defer b.mu.Unlock()
		if i := slices.Index(b.waiting, x); i >= 0 {
			b.waiting = slices.Delete(b.waiting, i, i+1)
		}
		var none A
		return none, ctx.Err()
	}
}

// run asks until nobody waits.
func (b *Batch[Q, A]) run() {
	for {
		all := b.take()
		if len(all) == 0 {
			return
		}
		questions := make([]Q, 0, len(all))
		for _, x := range all {
			questions = append(questions, x.question)
		}
		ctx, cancel := context.WithTimeout(context.Background(), b.timeout)
		answers, err := b.do(ctx, questions)
		cancel()
		for i, x := range all {
			if x.err = err; err == nil {
				x.answer = answers[i]
			}
			close(x.done)
		}
	}
}

// take takes those who wait. If there are none, the caller's turn is over.
func (b *Batch[Q, A]) take() []*asking[Q, A] {
	b.mu.Lock()
	defer b.mu.Unlock()
	n := min(len(b.waiting), batchMost)
	all := b.waiting[:n:n]
	if b.waiting = b.waiting[n:]; len(b.waiting) == 0 {
		b.waiting = nil
	}
	if b.begun = time.Now(); n == 0 {
		b.running--
	}
	return all
}
