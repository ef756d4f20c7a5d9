package bot

import "context"

// A Store keeps small values from one start of the program to the next: settings, the
// place in a queue of updates, a session, what a menu was last set to. It is for no
// text that a person wrote, and safe for concurrent use. Its errors are for the log:
// whoever meets one goes on without what could not be read or kept.
type Store interface {
	// Get returns "" for a key that was never set.
	Get(ctx context.Context, key string) (string, error)
	Set(ctx context.Context, key, value string) error
	// Delete deletes a key; that it is not there is no error.
	Delete(ctx context.Context, key string) error
}
