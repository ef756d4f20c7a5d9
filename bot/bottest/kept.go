package bottest

import (
	"context"
	"sync"

	"footnote/bot"
	"footnote/bot/store"
)

// A Kept is a Store that can fail, and counts.
type Kept struct {
	bot.Store
	mu         sync.Mutex
	gets, sets int
	fail       error
	hang       bool
}

// NewKept returns a Kept that is empty, keeps what it is given in memory, and does not fail.
func NewKept() *Kept { return &Kept{Store: store.Memory().In("settings")} }

// Trouble makes what follows fail, or hang; nil and false end that.
func (k *Kept) Trouble(fail error, hang bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.fail, k.hang = fail, hang
}

// Counts is how often it was read and written.
func (k *Kept) Counts() (gets, sets int) {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.gets, k.sets
}

func (k *Kept) trouble(ctx context.Context, n *int) error {
	k.mu.Lock()
	*n++
	fail, hang := k.fail, k.hang
	k.mu.Unlock()
	if hang {
		<-ctx.Done()
		return ctx.Err()
	}
	return fail
}

// Get implements [bot.Store], is counted, and fails or hangs as Trouble says.
func (k *Kept) Get(ctx context.Context, key string) (string, error) {
	if err := k.trouble(ctx, &k.gets); err != nil {
		return "", err
	}
	return k.Store.Get(ctx, key)
}

// Set implements [bot.Store], is counted, and fails or hangs as Trouble says.
func (k *Kept) Set(ctx context.Context, key, value string) error {
	if err := k.trouble(ctx, &k.sets); err != nil {
		return err
	}
	return k.Store.Set(ctx, key, value)
}

// Delete implements [bot.Store], and fails or hangs as Trouble says.
func (k *Kept) Delete(ctx context.Context, key string) error {
	if err := k.trouble(ctx, &k.sets); err != nil {
		return err
	}
	return k.Store.Delete(ctx, key)
}
