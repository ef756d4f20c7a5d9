package bot

import (
	"context"
	"errors"
)

// A Store keeps small values from one start of the program to the next: settings, the
// place in a queue of updates, a session, what a menu was last set to. It is for no
// text that a person wrote, and safe for concurrent use. Its errors are for the log:
// whoever meets one goes on without what could not be read or kept.
type Store interface {
	// Get returns "" for a key that was never set.
	Get(ctx context.Context, key string) (string, error)
	// Set keeps value under key, in place of the one before, so that the next start finds it.
	Set(ctx context.Context, key, value string) error
	// Delete deletes a key, also from the disk; that it is not there is no error. See
	// ErrLingers.
	Delete(ctx context.Context, key string) error
}

// A Listing store can also tell what it keeps, and give a value away.
type Listing interface {
	Store
	// Keys are the keys that have a value, in no order.
	Keys(ctx context.Context) ([]string, error)
	// Take deletes a key and returns its value: of several that take it, in whatever
	// process, one gets the value and the others "". After an error that is neither
	// ErrLingers nor ctx's it may be gone. See ErrLingers, which comes with the value.
	Take(ctx context.Context, key string) (string, error)
}

// ErrLingers is returned, wrapped, by what deletes something: it is gone for everybody who
// asks, and the disk still holds it, because somebody reads the file, a backup say. It goes
// from there soon after that has ended.
var ErrLingers = errors.New("somebody reads the file, and until that ends what was deleted is still in its journal")
