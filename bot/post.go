package bot

import (
	"context"
	"crypto/rand"
	"errors"
)

// ErrNotConnected is what Post returns, wrapped, if there is no such platform.
var ErrNotConnected = errors.New("the bot does not run on that platform")

// Post sends r where nobody asked, as far as the platform lets it: what a place has subscribed to, say.
// It returns what Adapter.Send does, after the retries that may help. An r with a name (Once) is posted
// once by an Idempotent adapter's platform, if it is posted again within some minutes.
func (b *Bot) Post(ctx context.Context, to Address, r Reply) error {
	all := b.adapters.Load()
	if all == nil || (*all)[to.Platform] == nil {
		return ErrNotConnected
	}
	if r.Once == "" {
		r.Once = rand.Text()
	}
	return b.sendSafely(ctx, item{adapter: (*all)[to.Platform], m: Message{To: to}}, r)
}

// connect notes the adapters of a Run for Post; the function that it returns forgets them.
func (b *Bot) connect(adapters []Adapter) (forget func()) {
	all := map[Platform]Adapter{}
	for _, a := range adapters {
		all[a.Name()] = a
	}
	b.adapters.Store(&all)
	return func() { b.adapters.Store(nil) }
}
