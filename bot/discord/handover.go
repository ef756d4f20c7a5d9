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
	// stay far below the heartbeat's interval of about 41 s (D18).
	stallLimit = 5 * time.Second
)

// A received is a message and the number of its event.
type received struct {
	bot.Message
	seq int64
}

// A handover carries messages from the gateway's reader, which must not stop,
// to deliver, which may block. Order is kept. When the bot has been full for
// longer than stallLimit, further messages are turned away until there is room.
type handover struct {
	queue   chan received
	stall   time.Duration
	full    atomic.Bool // the last message found no room in time
	dropped atomic.Int64

	mu       sync.Mutex
	waiting  int   // messages that the bot has not accepted yet
	accepted int64 // if there are any, the number of the last event before them

	// What was under way when the end came, in order: read after it.
	undelivered []received
	unqueued    []received
}

func newHandover(size int, stall time.Duration) *handover {
	return &handover{queue: make(chan received, size), stall: stall}
}

// put queues m and reports whether there was room. It is called by one goroutine.
func (h *handover) put(ctx context.Context, m received) (queued bool) {
	h.mu.Lock()
	if h.waiting == 0 {
		h.accepted = m.seq - 1
	}
	h.waiting++
	h.mu.Unlock()
	defer func() {
		if !queued {
			h.mu.Lock()
			h.waiting--
			h.mu.Unlock()
		}
	}()
	select {
	case h.queue <- m:
		h.full.Store(false)
		return true
	default:
	}
	if h.full.Load() {
		h.dropped.Add(1)
		return false
	}
	t := time.NewTimer(h.stall)
	defer t.Stop()
	select {
	case h.queue <- m:
		return true
	case <-t.C:
		h.full.Store(true)
		h.dropped.Add(1)
	case <-ctx.Done():
		h.unqueued = append(h.unqueued, m)
	}
	return false
}

// run delivers until ctx is done.
func (h *handover) run(ctx context.Context, deliver bot.DeliverFunc) {
	for {
		select {
		case <-ctx.Done():
			return
		case m := <-h.queue:
			if ctx.Err() != nil || deliver(ctx, m.Message) != nil && ctx.Err() != nil {
				h.undelivered = append(h.undelivered, m)
				return
			}
			h.mu.Lock()
			h.waiting, h.accepted = h.waiting-1, m.seq
			h.mu.Unlock()
		}
	}
}

// settled is the last event up to which nothing waits, if seq is the last that came.
func (h *handover) settled(seq int64) int64 {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.waiting > 0 {
		return min(seq, h.accepted)
	}
	return seq
}

// left are the messages that the bot did not accept before the end.
func (h *handover) left() []received {
	all := h.undelivered
	for len(h.queue) > 0 {
		all = append(all, <-h.queue)
	}
	return append(all, h.unqueued...)
}
