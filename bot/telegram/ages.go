package telegram

import (
	"log/slog"
	"time"
)

// Ages say when a message was sent by the clock of this machine, however wrong that is:
// a clock that is fast would make every question old, and old ones in groups are left out.
type ages struct {
	ahead   time.Duration // of Telegram's clock; 0 if it is about right, or Telegram does not tell
	emptied time.Time     // when the queue of updates was last seen empty, by this machine's clock
	next    time.Time     // what emptied becomes once what came has been handed over
	told    bool          // that the clock is wrong
}

// clockSlack is how far clocks may be apart without anybody noticing.
const clockSlack = time.Minute

// polled notes that a poll was answered now, and what Telegram's clock said, in seconds.
func (a *ages) polled(now time.Time, dated int64, log *slog.Logger) {
	a.next = now
	if a.ahead = 0; dated > 0 {
		a.ahead = now.Sub(time.Unix(dated, 0)).Round(time.Second)
	}
	if a.ahead.Abs() < clockSlack {
		a.ahead, a.told = 0, false
		return
	}
	if !a.told {
		a.told = true
		log.Warn("this machine's clock is wrong, by what Telegram says; times in the log and in the ledger are too", "ahead", a.ahead)
	}
}

// handedOver notes that what came with a poll was handed over; last says that nothing was
// left waiting then.
func (a *ages) handedOver(last bool) {
	if last {
		a.emptied = a.next
	}
}

// of is when a message was sent that Telegram says was sent at t. It came after the queue
// was last empty, whatever the clocks say.
func (a ages) of(t time.Time) time.Time {
	if t = t.Add(a.ahead); t.Before(a.emptied) {
		return a.emptied
	}
	return t
}
