package bot

import "time"

// A Bound changes one bound of a Bot that only tests change.
type Bound func(*bounds)

// QueueOf bounds how many messages wait, in all and in one conversation.
func QueueOf(all, perChat int) Bound {
	return func(b *bounds) { b.queue, b.queuePerChat = all, perChat }
}

// Patience bounds the handling of one message, sending included.
func Patience(d time.Duration) Bound { return func(b *bounds) { b.handling, b.sending = d, d } }

// Grace bounds the answering once receiving has ended.
func Grace(d time.Duration) Bound { return func(b *bounds) { b.grace = d } }

// Bounded returns a function that sets bounds.
func Bounded(all ...Bound) func(*Config) {
	return func(c *Config) {
		c.bounds = usualBounds
		for _, set := range all {
			set(&c.bounds)
		}
	}
}

// Load returns how many messages wait or are in hand in the last Run of b, and in how
// many conversations.
func (b *Bot) Load() (messages, conversations int) {
	b.queue.mu.Lock()
	defer b.queue.mu.Unlock()
	return b.queue.total, len(b.queue.chats)
}
