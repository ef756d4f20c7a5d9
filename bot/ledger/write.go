package ledger

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"slices"
	"time"

	"footnote/bot"
	"footnote/bot/store"
)

// write does the ops in their order until Close: what is queued goes into one
// transaction, so that many cost little more than one.
func (l *Ledger) write() {
	defer close(l.ended)
	purge := time.NewTicker(purgeEvery)
	defer purge.Stop()
	sweep := time.NewTicker(l.o.Retry)
	defer sweep.Stop()
	var refresh <-chan time.Time
	if l.at.queries().changes != "" {
		t := time.NewTicker(cmp.Or(l.o.refresh, refreshEvery))
		defer t.Stop()
		refresh = t.C
	}
	for {
		select {
		case x := <-l.ops:
			if !l.through(l.more(x)) {
				return
			}
		case <-purge.C:
			if !l.through([]*op{{do: l.purge, done: make(chan struct{})}}) {
				return
			}
			l.sweepAgain()
		case <-sweep.C:
			l.sweepAgain()
		case <-refresh:
			l.refresh()
		case <-l.closing:
			l.last()
			return
		}
	}
}

// refreshEvery is how soon a process knows what was allowed, or taken back, in another one.
// Until then no words are kept that were allowed, and none that were taken back.
const refreshEvery = 2 * time.Second

func (l *Ledger) refresh() {
	ctx, cancel := context.WithTimeout(context.Background(), store.Busy)
	defer cancel()
	_ = l.readAllowed(ctx) // another time, if not now
}

// more is x with what else is queued.
func (l *Ledger) more(x *op) []*op {
	all := []*op{x}
	for len(all) < batch {
		select {
		case y := <-l.ops:
			all = append(all, y)
		default:
			return all
		}
	}
	return all
}

// last does what is queued, once.
func (l *Ledger) last() {
	for {
		select {
		case x := <-l.ops:
			all := l.more(x)
			if err := l.commit(all); err != nil {
				l.o.Log.Warn("the last records of the ledger are lost", "error", l.at.explain(err))
				return
			}
		default:
			return
		}
	}
}

// through commits all, again and again while the file cannot be written for a
// reason that passes. It reports false when Close has ended that.
func (l *Ledger) through(all []*op) bool {
	for {
		err := l.commit(all)
		if err == nil {
			l.mended()
			return true
		}
		if !l.at.passes(err) && len(all) > 1 { // one of them is the fault; the others are not
			for _, x := range all {
				if !l.through([]*op{x}) {
					return false
				}
			}
			return true
		}
		if !l.at.passes(err) {
			l.o.Log.Error("a record does not go into the ledger", "error", l.at.explain(err))
			finish(all, err)
			return true
		}
		if !l.failing.Swap(true) {
			l.o.Log.Warn("the ledger cannot be written; answers go on, and it is tried again", "error", l.at.explain(err))
		}
		again := time.NewTimer(l.o.Retry)
		select {
		case <-again.C:
		case <-l.closing:
			again.Stop()
			if err := l.commit(all); err != nil {
				l.o.Log.Warn("the last records of the ledger are lost", "error", l.at.explain(err))
				finish(all, err)
				return false
			}
			l.last()
			return false
		}
	}
}

// mended notes that the file could be written.
func (l *Ledger) mended() {
	if len(l.ops) == 0 {
		l.behind.Store(false)
	}
	failed, lost := l.failing.Swap(false), l.lost.Swap(0)
	switch {
	case failed:
		l.o.Log.Warn("the ledger can be written again", "lost", lost)
	case lost > 0:
		l.o.Log.Warn("the ledger could not keep up", "lost", lost)
	}
}

// commit does all in one transaction, or nothing of it.
func (l *Ledger) commit(all []*op) error {
	ctx, cancel := context.WithTimeout(context.Background(), 2*store.Busy)
	defer cancel()
	tx, err := l.db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	alone := slices.ContainsFunc(all, func(x *op) bool { return x.alone })
	err = l.at.begin(ctx, tx, alone)
	c := &change{tx: tx, q: l.at.queries()}
	for i := 0; i < len(all) && err == nil; i++ {
		err = all[i].do(ctx, c)
	}
	if err != nil {
		_ = tx.Rollback()
		return err
	}
	if err := tx.Commit(); err != nil {
		_ = tx.Rollback()
		return err
	}
	finish(all, nil)
	return nil
}

// A change is the transaction that ops are done in.
type change struct {
	tx *sql.Tx
	q  queries
}

// exec runs a statement, whose parameters are numbered: ?1.
func (c *change) exec(ctx context.Context, query string, args ...any) error {
	_, err := c.count(ctx, query, args...)
	return err
}

// count is exec that tells how many rows were changed.
func (c *change) count(ctx context.Context, query string, args ...any) (int64, error) {
	done, err := c.tx.ExecContext(ctx, c.q.sql(query), args...)
	if err != nil {
		return 0, err
	}
	return done.RowsAffected()
}

// changeAllowed is exec for a change of who allows words, which others are told of.
func (c *change) changeAllowed(ctx context.Context, query string, args ...any) error {
	if err := c.exec(ctx, query, args...); err != nil || c.q.allowed == "" {
		return err
	}
	return c.exec(ctx, c.q.allowed)
}

func finish(all []*op, err error) {
	for _, x := range all {
		x.err = err
		close(x.done)
	}
}

// purge deletes what is too old; judgements go with their question.
func (l *Ledger) purge(ctx context.Context, c *change) error {
	if err := c.exec(ctx, "DELETE FROM judged WHERE asked IN (SELECT id FROM asked WHERE at < ?1)", l.oldest()); err != nil {
		return err
	}
	n, err := c.count(ctx, "DELETE FROM asked WHERE at < ?1", l.oldest())
	if err == nil && c.q.purge != "" {
		err = c.exec(ctx, c.q.purge, l.o.Now().Add(-heldBack).Unix())
	}
	if n > 0 {
		l.unswept.Store(true)
	}
	return err
}

// heldBack is how long a process may hold a record back, because it cannot reach a
// database, until somebody may have been forgotten meanwhile without a trace.
const heldBack = 24 * time.Hour

// sweep makes sure that what was deleted is in neither the file nor its journal. While
// somebody reads the file that cannot be, and the error is bot.ErrLingers: then the writer
// tries again until it can.
func (l *Ledger) sweep(ctx context.Context) error {
	l.unswept.Store(true)
	err := l.at.sweep(ctx, l.db)
	if err == nil {
		l.unswept.Store(false)
	}
	return l.at.explain(err)
}

// sweepAgain sweeps what could not be swept before.
func (l *Ledger) sweepAgain() {
	if !l.unswept.Load() {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), store.Busy)
	defer cancel()
	_ = l.sweep(ctx) // another time, if not now
}

// Somebody who reads for a moment is waited for.
const (
	sweepTries = 8
	sweepPause = 50 * time.Millisecond
)

// sweepSoon is sweep that waits for a moment for those who read.
func (l *Ledger) sweepSoon(ctx context.Context) error {
	for try := 1; ; try++ {
		err := l.sweep(ctx)
		if err == nil || try == sweepTries || !errors.Is(err, bot.ErrLingers) {
			return err
		}
		select {
		case <-ctx.Done():
			return err
		case <-time.After(sweepPause):
		}
	}
}
