package platform

import (
	"sync"

	"footnote/bot"
)

// A personLimit bounds what is under way for one person at the same time: completions,
// inline results, acknowledged buttons, which no limit of questions counts. Whoever
// asks for more than anybody can look at must not take what others need. The zero
// value is ready, and it is safe for concurrent use.
type personLimit struct {
	mu    sync.Mutex
	count map[bot.UserID]int
}

// perPerson is how much one person may have under way. Who types fast has one or two.
const perPerson = 4

// start notes one more for who, which done ends; false if there are enough.
func (l *personLimit) start(who bot.UserID) (done func(), ok bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.count[who] >= perPerson {
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
