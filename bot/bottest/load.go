package bottest

import (
	"runtime"
	"testing"
	"time"

	"footnote/answers"
	"footnote/knowledge"
)

// A Decliner has no answer to anything, so that a load is the adapter's and the bot's.
type Decliner struct{ Of *knowledge.Base }

// Match declines every question, at once.
func (Decliner) Match(answers.Query) answers.Result {
	return answers.Result{Outcome: answers.Declined}
}

// Base returns Of, which /about and /topics are answered from.
func (d Decliner) Base() *knowledge.Base { return d.Of }

// Load lets the crowd ask so many messages at a bot that runs, and fails t where one is
// lost or doubled, a chat loses its order, or more than perMessage goroutines stay for
// each of the messages that are in flight.
func (c *Crowd) Load(t testing.TB, messages, chats, perMessage int) {
	t.Helper()
	c.Each(t)
	before, heap := runtime.NumGoroutine(), LiveHeap()
	began := time.Now()
	c.Ask(t, messages, AtOnce)
	d := time.Since(began)
	after, heapAfter := runtime.NumGoroutine(), LiveHeap()
	c.Check(t, chats+messages)
	if after > before+perMessage*AtOnce {
		t.Errorf("%d goroutines before, %d after", before, after)
	}
	t.Logf("%d messages of %d chats in %v: %.0f a second, %v with %d in flight; %d goroutines before and %d after; live heap %d MB before and %d MB after, fake and bookkeeping included",
		messages, chats, d.Round(time.Millisecond), float64(messages)/d.Seconds(), c, AtOnce, before, after, heap>>20, heapAfter>>20)
}

// LiveHeap returns how many bytes are left after collecting.
func LiveHeap() uint64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}
