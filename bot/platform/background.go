package platform

import (
	"context"
	"fmt"
	"log/slog"
	"runtime/debug"
	"sync"
	"sync/atomic"

	"footnote/bot"
)

// A Background runs calls beside an adapter's reading that must not hold it up:
// completions, inline results, acknowledged buttons. It bounds how many run at a
// time, and how many for one person, so that nobody's typing uses up what others
// need. A panic in one ends nothing. Make one with [NewBackground].
type Background struct {
	log     *slog.Logger
	slots   chan struct{}
	people  personLimit
	running sync.WaitGroup
	crowded atomic.Bool // the last call found no slot, and the log says so
}

// NewBackground returns a Background that runs at most most calls at a time.
func NewBackground(most int, log *slog.Logger) *Background {
	return &Background{log: log, slots: make(chan struct{}, most)}
}

// Go runs do for who with ctx and returns at once. It reports whether do runs: it is
// left out while the person or all people together have too much under way.
func (b *Background) Go(ctx context.Context, who bot.UserID, do func(context.Context)) bool {
	done, ok := b.people.start(who)
	if !ok {
		b.log.Debug("one person asks for too much at once; a button, a completion or an inline query stays unanswered")
		return false
	}
	select {
	case b.slots <- struct{}{}:
		b.crowded.Store(false)
	default:
		done()
		if !b.crowded.Swap(true) { // once, for a flood would fill the log
			b.log.Warn("too many calls hang; buttons, completions and inline queries stay unanswered")
		}
		return false
	}
	b.running.Go(func() {
		defer func() { <-b.slots }()
		defer done()
		defer func() {
			if x := recover(); x != nil {
				// Only its type: the value may hold what somebody typed.
				b.log.Error("a button, a completion or an inline query could not be served", "panic", fmt.Sprintf("%T", x), "stack", string(debug.Stack()))
			}
		}()
		do(ctx)
	})
	return true
}

// Wait returns when no call runs any more. Nothing is started meanwhile.
func (b *Background) Wait() { b.running.Wait() }
