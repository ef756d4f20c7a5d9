package bot

import "sync"

// Shares bounds what is under way for one person at the same time: completions,
// inline results, acknowledged buttons, which no limit of questions counts. Whoever
// asks for more than anybody can look at must not take what others need. The zero
// value is ready, and it is safe for concurrent use.
type Shares struct {
	mu sync.Mutex
	of map[UserID]int
}

// sharesEach is how many one person may have. Who types fast has one or two.
const sharesEach = 4

// Take takes one of who's shares, which done gives back; false if none is left.
func (s *Shares) Take(who UserID) (done func(), ok bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.of[who] >= sharesEach {
		return nil, false
	}
	if s.of == nil {
		s.of = map[UserID]int{}
	}
	s.of[who]++
	return func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		if s.of[who]--; s.of[who] == 0 {
			delete(s.of, who)
		}
	}, true
}
