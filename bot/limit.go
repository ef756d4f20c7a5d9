package bot

import (
	"log/slog"
	"sync"
	"time"

	"footnote/bot/recent"
)

// window is the time over which Limits count.
const window = time.Minute

// Limits says how much is answered per minute; 0 turns a limit off.
type Limits struct {
	PersonPerMinute int // by one person on one platform
	ChatPerMinute   int // in one place with several people
}

// A verdict is what the limits say to one message.
type verdict int

const (
	within verdict = iota
	over           // the first message over the limit: say so
	silent         // said so already in this window
)

// A limiter counts in fixed windows that begin with the first message: that is
// what the notice can promise in one sentence ("in 40 seconds"), and silence
// lasts exactly until then. A token bucket would let a flood through one by one,
// with a notice after each.
type limiter[K comparable] struct {
	max     int
	now     func() time.Time
	tallies *recent.Map[K, tally]
}

type tally struct {
	begun time.Time
	n     int
}

func newLimiter[K comparable](max, size int, now func() time.Time) *limiter[K] {
	return &limiter[K]{max: max, now: now, tallies: recent.New[K, tally](size, window, now)}
}

// count counts one message of k, and returns how long the window still lasts.
func (l *limiter[K]) count(k K) (verdict, time.Duration) {
	if l.max <= 0 {
		return within, 0
	}
	now := l.now()
	t := l.tallies.Update(k, func(t tally, ok bool) tally {
		if !ok || now.Sub(t.begun) >= window {
			return tally{begun: now, n: 1}
		}
		if t.n <= l.max { // further ones change nothing
			t.n++
		} else {
			t.n = l.max + 2
		}
		return t
	})
	left := window - now.Sub(t.begun)
	switch {
	case t.n <= l.max:
		return within, left
	case t.n == l.max+1:
		return over, left
	default:
		return silent, left
	}
}

// charge counts one more of k in the window that has begun, and never so many that
// the notice of being over the limit is left out.
func (l *limiter[K]) charge(k K) {
	if l.max <= 0 {
		return
	}
	l.tallies.Alter(k, func(t *tally, _ bool) { t.n = max(t.n, min(t.n+1, l.max)) })
}

// tellEvery is how often it is logged that messages were over the limits.
const tellEvery = time.Minute

// A limitLog tells how many messages were over the limits, now and then: an operator whose
// limits are too low sees it, and a flood does not flood the log.
type limitLog struct {
	mu   sync.Mutex
	n    int
	next time.Time
}

// note counts a message that is not answered, and tells if it has not been told lately.
func (l *limitLog) note(log *slog.Logger, now time.Time) {
	l.mu.Lock()
	l.n++
	due := !now.Before(l.next)
	if due {
		l.next = now.Add(tellEvery)
	}
	l.mu.Unlock()
	if due {
		l.tell(log)
	}
}

// tell tells what was counted since it was told last, if anything was.
func (l *limitLog) tell(log *slog.Logger) {
	l.mu.Lock()
	n := l.n
	l.n = 0
	l.mu.Unlock()
	if n > 0 {
		log.Info("messages over the limits were not answered; the keys limits.person-per-minute and limits.chat-per-minute set these", "messages", n)
	}
}
