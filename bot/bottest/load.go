package bottest

import (
	"runtime"

	"footnote/answers"
	"footnote/knowledge"
)

// A Decliner has no answer to anything, so that a load is the adapter's and the bot's.
type Decliner struct{ Of *knowledge.Base }

// Match implements bot.Answerer.
func (Decliner) Match(answers.Query) answers.Result {
	return answers.Result{Outcome: answers.Declined}
}

// Base implements bot.Answerer.
func (d Decliner) Base() *knowledge.Base { return d.Of }

// LiveHeap returns how many bytes are left after collecting.
func LiveHeap() uint64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}
