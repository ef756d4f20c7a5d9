package platform

import (
	"sync"
	"time"

	"footnote/bot"
)

// A personLimit bounds what is under way for one person at the same time: completions,
// inline results, acknowledged buttons, which no limit of questions counts. Whoever
// asks for more than anybody can look at must not take what others need. The zero
// value is ready, and it is safe for concurrent use.
type personLimit struct {
	mu    sync.Mutex
	count map[bot.UserID]int
	rates map[bot.UserID]*rate
}

// A rate is how many one person may still begin.
type rate struct {
	left float64
	at   time.Time
}

const (
	// perSecond is how many one person may begin a second, for long, and atOnce how many
	// in a row. Who types fast makes some ten in the first second, and then reads.
	perSecond = 5
	atOnce    = 30
	// maxRates bounds the people whose rate is kept; it is theirs again when they have
	// been silent for a few seconds.
	maxRates = 10_000
)

// within reports whether who may begin one more, and counts it. l.mu is held.
func (l *personLimit) within(who bot.UserID, now time.Time) bool {
	r := l.rates[who]
	if r == nil {
		if l.rates == nil {
			l.rates = map[bot.UserID]*rate{}
		}
		Trim(l.rates, maxRates, func(r *rate) bool { return now.Sub(r.at).Seconds()*perSecond >= atOnce })
		r = &rate{left: atOnce, at: now}
		l.rates[who] = r
	}
	r.left = min(atOnce, r.left+now.Sub(r.at).Seconds()*perSecond)
	r.at = now
	if r.left < 1 {
		return false
	}
	r.left--
	return true
}

// perPerson is how much one person may have under way. Who types fast has one or two.
const perPerson = 4

// start notes one more for who, which done ends; false if there are enough.
func (l *personLimit) start(who bot.UserID) (done func(), ok bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.count[who] >= perPerson || !l.within(who, time.Now()) {
		return nil, false
	}
	if l.count == nil {
		l.count = map[bot.UserID]int{}
	}
	l.count[who]++
	return func() {
		l.mu.Lock()
		defer l.mu.Unlock()
		if l.count[who]--; l.count[who] == 0 {
			delete(l.count, who)
		}
	}, true
}
