package ledger

import (
	"context"

	"footnote/bot"
)

// Closed is the ledger of a file that cannot be opened: it keeps nothing, and it deletes
// nothing and says so. Whoever asks what is stored, or to be forgotten, is not told that
// nothing is there, since the file may hold something. Kept are the terms that it would have.
type Closed struct{ Kept bot.LedgerTerms }

var _ bot.Ledger = Closed{}

// Record implements bot.Ledger.
func (Closed) Record(context.Context, bot.Record) {}

// Picked implements bot.Ledger.
func (Closed) Picked(context.Context, string, string) {}

// Judged implements bot.Ledger.
func (Closed) Judged(context.Context, string, bot.Person, bot.Verdict) {}

// Forget implements bot.Ledger.
func (Closed) Forget(context.Context, bot.Person) error { return ErrNotNow }

// Allow implements bot.Ledger.
func (Closed) Allow(context.Context, bot.Person, bool) error { return ErrNotNow }

// Allows implements bot.Ledger.
func (Closed) Allows(bot.Person) bool { return false }

// AllowIn implements bot.Ledger.
func (Closed) AllowIn(context.Context, bot.Place, bool) error { return ErrNotNow }

// AllowsIn implements bot.Ledger.
func (Closed) AllowsIn(bot.Place) bool { return false }

// Moved implements bot.Ledger.
func (Closed) Moved(context.Context, bot.Place, bot.Place) error { return ErrNotNow }

// Terms implements bot.Ledger.
func (c Closed) Terms() bot.LedgerTerms {
	c.Kept.Closed = true
	return c.Kept
}
