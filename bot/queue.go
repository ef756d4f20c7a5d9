package bot

import (
	"context"
	"sync"
	"time"
)

// A queue hands items to a handler during one Run: in order within a conversation, in parallel
// across conversations. A conversation with something to do has one goroutine, so
// idle conversations cost nothing, and a handler that is stuck sending in one
// conversation delays no other. The number of items bounds the number of
// goroutines. Some of them wait for the next conversation when theirs is empty:
// their stacks have grown to what answering needs, and a new one's has to grow again.
type queue struct {
	max, maxChat int
	stuck        time.Duration // see put
	now          func() time.Time
	handle       func(item)
	ended        <-chan struct{} // closed when nothing more is to be handled

	mu      sync.Mutex
	chats   map[Conversation]*chat
	total   int           // items waiting or in hand
	waiting int           // callers of put waiting for room
	room    chan struct{} // closed and replaced when an item is done
	all     sync.WaitGroup

	idle   chan job // taken by goroutines that wait for a conversation
	idling int      // how many do; at most maxIdling
	spare  []*chat  // of conversations that are over, for the next ones; at most maxIdling
}

// maxIdling is how many goroutines wait for conversations: more than answer at
// the same moment on any machine, and less than a megabyte of stacks.
const maxIdling = 64

// A job is a conversation that needs a goroutine.
type job struct {
	key Conversation
	c   *chat
}

type chat struct {
	pending []item // those taken come first, and are empty
	taken   int
	begun   time.Time // when the item in hand was taken
	skipped bool      // something was left out; the next item that fits says so
}

// waiting is how many items nobody has taken.
func (c *chat) waiting() int { return len(c.pending) - c.taken }

// next takes the next item out.
func (c *chat) next() item {
	x := c.pending[c.taken]
	c.pending[c.taken] = item{} // so that it can be collected while others wait
	if c.taken++; c.taken == len(c.pending) {
		c.pending, c.taken = c.pending[:0], 0
	}
	return x
}

// An item is a message with the adapter to answer through.
type item struct {
	adapter    Adapter
	m          Message
	exchange   Exchange
	notice     Notice       // say this instead of answering
	unanswered unansweredID // of the message, while it is unanswered
	watched    watched      // for the observer
	claimed    bool         // it is surely this process's to answer
}

// A skipped says that an item was left out because its conversation is stuck.
type skipped struct{ first bool } // since the conversation got stuck

func (skipped) Error() string { return "the conversation is stuck and its queue full" }

// newQueue returns a queue whose handlers work under ctx. Once it has ended, what waits
// is dropped.
func newQueue(ctx context.Context, c Config, handle func(context.Context, item)) *queue {
	return &queue{
		max: c.bounds.queue, maxChat: c.bounds.queuePerChat, stuck: c.Stuck, now: c.Now, ended: ctx.Done(),
		handle: func(x item) { handle(ctx, x) }, chats: map[Conversation]*chat{}, room: make(chan struct{}), idle: make(chan job),
	}
}

// put accepts x, waiting while the queue or the conversation is full. Adapters
// deliver one after another, so waiting for one conversation holds up all of
// that platform: therefore put does not wait for a conversation whose item in
// hand has been there for longer than q.stuck, but leaves x out and returns
// a skipped error. It returns ctx's error if that ends first.
func (q *queue) put(ctx context.Context, x item) error {
	key := x.m.To.Conversation
	for {
		if err := ctx.Err(); err != nil {
			return err
		}
		q.mu.Lock()
		c := q.chats[key]
		chatFull := c != nil && c.waiting() >= q.maxChat
		if q.total < q.max && !chatFull {
			q.accept(key, c, x)
			q.mu.Unlock()
			return nil
		}
		var timeout <-chan time.Time
		if chatFull {
			left := q.stuck - q.now().Sub(c.begun)
			if left <= 0 {
				first := !c.skipped
				c.skipped = true
				q.mu.Unlock()
				return skipped{first}
			}
			timer := time.NewTimer(left)
			defer timer.Stop()
			timeout = timer.C
		}
		room := q.room
		q.waiting++
		q.mu.Unlock()
		select {
		case <-room:
		case <-timeout:
		case <-ctx.Done():
		}
		q.mu.Lock()
		q.waiting--
		q.mu.Unlock()
	}
}

// accept appends x. q.mu is held and there is room.
func (q *queue) accept(key Conversation, c *chat, x item) {
	q.total++
	if c != nil {
		if c.taken >= q.maxChat { // a conversation that is never empty
			n := copy(c.pending, c.pending[c.taken:])
			clear(c.pending[n:])
			c.pending, c.taken = c.pending[:n], 0
		}
		c.pending = append(c.pending, x)
		return
	}
	if n := len(q.spare); n > 0 {
		c, q.spare = q.spare[n-1], q.spare[:n-1]
	} else {
		c = &chat{}
	}
	c.pending, c.begun = append(c.pending, x), q.now()
	q.chats[key] = c
	j := job{key, c}
	select {
	case q.idle <- j:
		q.idling--
	default:
		q.all.Go(func() { q.work(j) })
	}
}

// over reports whether nothing more is to be handled.
func (q *queue) over() bool {
	select {
	case <-q.ended:
		return true
	default:
		return false
	}
}

// work serves conversations until nobody needs it or the queue is over.
func (q *queue) work(j job) {
	for {
		q.serve(j.key, j.c)
		q.mu.Lock()
		if q.idling == maxIdling || q.over() {
			q.mu.Unlock()
			return
		}
		q.idling++
		q.mu.Unlock()
		select {
		case j = <-q.idle:
		case <-q.ended:
			q.mu.Lock()
			q.idling--
			q.mu.Unlock()
			return
		}
	}
}

// serve handles the items of one conversation until none is left.
func (q *queue) serve(key Conversation, c *chat) {
	for {
		q.mu.Lock()
		if c.waiting() == 0 {
			delete(q.chats, key)
			if len(q.spare) < maxIdling {
				q.spare = append(q.spare, c)
			}
			q.signal()
			q.mu.Unlock()
			return
		}
		x := c.next()
		c.begun = q.now()
		tell := c.skipped && c.waiting() == 0
		if tell {
			c.skipped = false
		}
		q.mu.Unlock()
		if !q.over() {
			q.handle(x)
			if tell {
				x.notice, x.claimed = Notice{Kind: NoticeSkipped}, true
				q.handle(x)
			}
			if x.m.Settled != nil {
				x.m.Settled()
			}
		}
		q.mu.Lock()
		q.total--
		q.signal()
		q.mu.Unlock()
	}
}

// signal wakes those who wait for room. q.mu is held.
func (q *queue) signal() {
	if q.waiting > 0 {
		close(q.room)
		q.room = make(chan struct{})
	}
}

// size is how many items are waiting or in hand.
func (q *queue) size() int {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.total
}

// drain waits until nothing is left or ctx ends, and returns how many items
// are left.
func (q *queue) drain(ctx context.Context) int {
	for {
		q.mu.Lock()
		left, room := q.total, q.room
		if left == 0 && len(q.chats) == 0 {
			q.mu.Unlock()
			return 0
		}
		q.waiting++
		q.mu.Unlock()
		select {
		case <-room:
		case <-ctx.Done():
		}
		q.mu.Lock()
		q.waiting--
		q.mu.Unlock()
		if ctx.Err() != nil {
			return left
		}
	}
}
