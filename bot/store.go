package bot

import "context"

// A Store keeps small values beyond the process. It is safe for concurrent use.
// The bot goes on without what could not be read or kept.
type Store interface {
	Get(ctx context.Context, key string) (string, error) // "" if there is none
	Set(ctx context.Context, key, value string) error
	Delete(ctx context.Context, key string) error
}
