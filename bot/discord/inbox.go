package discord

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	"footnote/bot"
)

const (
	// queueSize is how many messages wait for the bot between the gateway and
	// deliver: at Discord's busiest a few seconds' worth, some megabytes at most.
	queueSize = 2048

	// stallLimit is how long in a row the gateway's reader may wait for a full
	// queue. A heartbeat's acknowledgement waits behind the reader, so this must
	// stay far below the heartbeat's interval of about 41 s.
	stallLimit = 5 * time.Second
)

// A received is a message and the number of its event.
type received struct {
	bot.Message
	seq   int64
	at    time.Time   // when it came
	isNew bool        // an interaction that this process meets for the first time
	taken <-chan bool // tells once whether another process answers it; nil before that is asked
}

// An inbox carries messages from the gateway's reader, which must not stop,
// to deliver, which may block. Order is kept. When the bot has been full for
// longer than stallLimit, further messages are turned away until there is room.
type inbox struct {
	queue   chan received
	stall   time.Duration
	full    atomic.Bool // the last message found no room in time
	dropped *atomic.Int64

	mu       sync.Mutex
	waiting  int   // messages that the bot has not accepted yet
	accepted int64 // if there are any, the number of the last event before them

	// What was under way when the end came, in order: read after it.
	undelivered []received
	unqueued    []received
}

// newInbox returns an inbox with room for size messages. It counts in dropped what finds none.
func newInbox(size int, stall time.Duration, dropped *atomic.Int64) *inbox {
	return &inbox{queue: make(chan received, size), stall: stall, dropped: dropped}
}

// put queues m and reports whether there was room. It is called by one goroutine.
func (b *inbox) put(ctx context.Context, m received) (queued bool) {
	m.at = time.Now()
	b.mu.Lock()
	if b.waiting == 0 {
		b.accepted = m.seq - 1
	}
	b.waiting++
	b.mu.Unlock()
	defer func() {
		if !queued {
			b.mu.Lock()
			b.waiting--
			b.mu.Unlock()
		}
	}()
	select {
	case b.queue <- m:
		b.full.Store(false)
		return true
	default:
	}
	if b.full.Load() {
		b.dropped.Add(1)
		return false
	}
	t := time.NewTimer(b.stall)
	defer t.Stop()
	select {
	case b.queue <- m:
		return true
	case <-t.C:
		b.full.Store(true)
		b.dropped.Add(1)
	case <-ctx.Done():
		b.unqueued = append(b.unqueued, m)
	}
	return false
}

// run delivers until ctx is done.
func (b *inbox) run(ctx context.Context, deliver func(context.Context, received) error) {
	for {
		select {
		case <-ctx.Done():
			return
		case m := <-b.queue:
			if ctx.Err() != nil || deliver(ctx, m) != nil && ctx.Err() != nil {
				b.undelivered = append(b.undelivered, m)
				return
			}
			b.mu.Lock()
			b.waiting, b.accepted = b.waiting-1, m.seq
			b.mu.Unlock()
		}
	}
}

// acceptedThrough returns the number of the event up to which the bot has accepted
// all; seq is that of the last one received.
func (b *inbox) acceptedThrough(seq int64) int64 {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.waiting > 0 {
		return min(seq, b.accepted)
	}
	return seq
}

// left returns the messages that the bot did not accept before the end.
func (b *inbox) left() []received {
	all := b.undelivered
	for len(b.queue) > 0 {
		all = append(all, <-b.queue)
	}
	return append(all, b.unqueued...)
}
