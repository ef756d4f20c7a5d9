package bottest

import (
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// AtOnce is how many questions of a Crowd are asked and not yet answered at most.
const AtOnce = 500

// crowdPatience bounds the wait for room to ask: with AtOnce questions on their
// way, nobody waits that long unless answers are lost.
const crowdPatience = time.Minute

// A Crowd is people who ask through a fake, each in a chat of their own, and
// count what comes back: what is lost, what comes twice, and what overtakes
// another answer in its chat.
type Crowd struct {
	// Say says text in a chat, counted from 0, and returns the number of the message,
	// which grows within the chat.
	Say func(chat int, text string) int64
	// Questions are asked in turn.
	Questions []string

	chats []crowdChat
	next  int           // question to be asked
	slots chan struct{} // one for each question on its way

	answered, disorder, doubled atomic.Int64

	mu   sync.Mutex
	took []time.Duration
}

type crowdChat struct {
	mu    sync.Mutex
	asked map[int64]time.Time // when, by message
	early map[int64]time.Time // answered before Say had returned
	last  int64               // the latest message that was answered
	done  [remembered]int64   // the last ones that were answered, in a ring
	turn  int
}

// remembered is how many answered messages a chat is remembered by: more than are
// on their way in one, so that an answer that comes twice is known from an early one.
const remembered = 64

// NewCrowd is a crowd in so many chats. Say is set before it asks.
func NewCrowd(chats int) *Crowd {
	c := &Crowd{Questions: []string{"Who spoke in 1956?"}, chats: make([]crowdChat, chats), slots: make(chan struct{}, AtOnce)}
	for i := range c.chats {
		c.chats[i].asked, c.chats[i].early = map[int64]time.Time{}, map[int64]time.Time{}
	}
	return c
}

// Answered notes that a message was answered. The fake calls it, at any time.
func (c *Crowd) Answered(chat int, to int64) {
	now := time.Now()
	x := &c.chats[chat]
	x.mu.Lock()
	if slices.Contains(x.done[:], to) {
		x.mu.Unlock()
		c.doubled.Add(1)
		return
	}
	if to < x.last {
		c.disorder.Add(1)
	}
	x.last = max(x.last, to)
	x.done[x.turn%remembered] = to
	x.turn++
	begun, known := x.asked[to]
	if known {
		delete(x.asked, to)
	} else {
		x.early[to] = now
	}
	x.mu.Unlock()
	if known {
		c.note(now.Sub(begun))
	}
	c.answered.Add(1)
	<-c.slots
}

func (c *Crowd) note(d time.Duration) {
	c.mu.Lock()
	c.took = append(c.took, d)
	c.mu.Unlock()
}

// Ask asks n questions, the chats in turn, with at most atOnce unanswered, and
// waits for the answers. It forgets how long earlier answers took.
func (c *Crowd) Ask(t testing.TB, n, atOnce int) {
	t.Helper()
	c.mu.Lock()
	c.took = slices.Grow(c.took[:0], n)
	c.mu.Unlock()
	for range AtOnce - atOnce {
		c.slots <- struct{}{}
	}
	patience := time.NewTimer(crowdPatience)
	defer patience.Stop()
	slot := func() {
		select {
		case c.slots <- struct{}{}:
			return
		default:
		}
		patience.Reset(crowdPatience)
		select {
		case c.slots <- struct{}{}:
		case <-patience.C:
			t.Fatalf("no answer for %v; so far there are %d", crowdPatience, c.answered.Load())
		}
	}
	for range n {
		slot()
		chat, text := c.next%len(c.chats), c.Questions[c.next%len(c.Questions)]
		c.next++
		begun := time.Now()
		id := c.Say(chat, text)
		x := &c.chats[chat]
		x.mu.Lock()
		at, early := x.early[id]
		if early {
			delete(x.early, id)
		} else {
			x.asked[id] = begun
		}
		x.mu.Unlock()
		if early {
			c.note(at.Sub(begun))
		}
	}
	for range atOnce { // until the last are answered
		slot()
	}
	for range AtOnce {
		<-c.slots
	}
}

// Each has every chat ask once, so that it is known from there on.
func (c *Crowd) Each(t testing.TB) {
	t.Helper()
	c.Ask(t, len(c.chats), AtOnce)
}

// Count is how many answers came so far.
func (c *Crowd) Count() int { return int(c.answered.Load()) }

// Disorder is how many answers came after that to a later message of their chat.
func (c *Crowd) Disorder() int { return int(c.disorder.Load()) }

// Doubled is how many answers came to what had been answered.
func (c *Crowd) Doubled() int { return int(c.doubled.Load()) }

// Check fails the test unless there were n answers in all, none twice and each
// chat's in order.
func (c *Crowd) Check(t testing.TB, n int) {
	t.Helper()
	if got := c.Count(); got != n || c.Disorder() != 0 || c.Doubled() != 0 {
		t.Errorf("%d answers to %d messages, %d doubled, %d out of order", got, n, c.Doubled(), c.Disorder())
	}
}

// Quantile is how long that part of the answers of the last Ask took at most.
func (c *Crowd) Quantile(q float64) time.Duration {
	c.mu.Lock()
	defer c.mu.Unlock()
	slices.Sort(c.took)
	return c.took[int(float64(len(c.took)-1)*q)]
}

// String is how long the answers of the last Ask took.
func (c *Crowd) String() string {
	return fmt.Sprintf("p50 %v, p99 %v", c.Quantile(.5).Round(time.Microsecond), c.Quantile(.99).Round(time.Microsecond))
}
