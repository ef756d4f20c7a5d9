package postgres

import (
	"context"
	"slices"
	"time"
)

// batchMost is how many ask in one statement.
const batchMost = 500

// A Batch makes one statement of what many ask for at the same time, and statements of several
// batches go to the database together: the more there are, and the slower the database is,
// the more ask together, over the same few connections. Somebody who asks alone waits for
// nobody. It is safe for concurrent use.
type Batch[Q, A any] struct {
	line    *pipeline
	timeout time.Duration
	again   bool
	plan    func(all []Q) Statement[A]

	waiting []*Asked[Q, A] // under line.mu
}

// A Statement is what many ask for at once.
type Statement[A any] struct {
	SQL string
	// Params are its parameters in PostgreSQL's binary format; see [Texts] and [Bytes].
	Params [][]byte
	// Read makes the answers of the rows, in binary as well, in the order of those who ask; nil
	// is for a statement that tells nothing.
	Read func(rows [][][]byte) ([]A, error)
}

// Asked is what somebody has asked, and the answer once done is closed.
type Asked[Q, A any] struct {
	batch    *Batch[Q, A]
	question Q
	done     chan struct{}
	answer   A
	err      error
}

// NewBatch returns a Batch whose questions the statement of plan answers in db, within about
// timeout: whoever asks may give up before, which costs no connection. An error all who
// asked together get.
func NewBatch[Q, A any](db *DB, timeout time.Duration, plan func(all []Q) Statement[A]) *Batch[Q, A] {
	b := &Batch[Q, A]{line: &db.line, timeout: timeout, plan: plan}
	db.line.join(b)
	return b
}

// Repeatable has b ask once more where the connection was lost, perhaps after the statement was done.
func (b *Batch[Q, A]) Repeatable() *Batch[Q, A] {
	b.again = true
	return b
}

// Ask asks q, together with others, and waits for the answer until ctx ends. Then it may be
// that q is done all the same.
func (b *Batch[Q, A]) Ask(ctx context.Context, q Q) (A, error) { return b.Begin(q).Wait(ctx) }

// Begin has q asked with what is asked next, of this batch or another, and when the answer is
// waited for at the latest.
func (b *Batch[Q, A]) Begin(q Q) *Asked[Q, A] {
	x := &Asked[Q, A]{batch: b, question: q, done: make(chan struct{})}
	b.line.mu.Lock()
	defer b.line.mu.Unlock()
	b.waiting = append(b.waiting, x)
	return x
}

// WaitLazily is Wait that lets x go with what others ask within patience, if anybody asks.
func (x *Asked[Q, A]) WaitLazily(ctx context.Context, patience time.Duration) (A, error) {
	t := time.NewTimer(patience)
	defer t.Stop()
	select {
	case <-x.done:
	case <-ctx.Done():
	case <-t.C:
	}
	return x.Wait(ctx)
}

// Wait waits for the answer until ctx ends. It is called once, if at all.
func (x *Asked[Q, A]) Wait(ctx context.Context) (answer A, err error) {
	select {
	case <-x.done: // it went with others
		return x.answer, x.err
	default:
	}
	if !x.batch.line.wake() {
		x.giveUp()
		return answer, errClosed
	}
	select {
	case <-x.done:
		return x.answer, x.err
	case <-ctx.Done():
		x.giveUp()
		return answer, ctx.Err()
	}
}

// giveUp has x not asked any more, if it is not yet.
func (x *Asked[Q, A]) giveUp() {
	b := x.batch
	b.line.mu.Lock()
	defer b.line.mu.Unlock()
	if i := slices.Index(b.waiting, x); i >= 0 {
		b.waiting = slices.Delete(b.waiting, i, i+1)
	}
}

// take implements queued.
func (b *Batch[Q, A]) take() func() *call {
	n := min(len(b.waiting), batchMost)
	if n == 0 {
		return nil
	}
	all := b.waiting[:n:n]
	if b.waiting = b.waiting[n:]; len(b.waiting) == 0 {
		b.waiting = nil
	}
	return func() *call { return b.call(all) }
}

// call is the statement that answers all.
func (b *Batch[Q, A]) call(all []*Asked[Q, A]) *call {
	questions := make([]Q, len(all))
	for i, x := range all {
		questions[i] = x.question
	}
	s := b.plan(questions)
	return &call{sql: s.SQL, params: s.Params, again: b.again, timeout: b.timeout, done: func(rows [][][]byte, err error) {
		var answers []A
		if err == nil && s.Read != nil {
			answers, err = s.Read(rows)
		}
		for i, x := range all {
			if x.err = err; err == nil && answers != nil {
				x.answer = answers[i]
			}
			close(x.done)
		}
	}}
}
