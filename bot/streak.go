package bot

import (
	"log/slog"
	"sync"
	"time"
)

// streakEvery is how often a Streak tells at most that a failure has begun: where some of many
// tries fail, as before a database that is too slow, each would end a row and begin one.
const streakEvery = time.Minute

// A Streak logs of a row of failures the first and that it is over: what fails with every
// message, on a full disk say, must not fill the log too. Its zero value is ready, and it is
// safe for concurrent use.
type Streak struct {
	mu      sync.Mutex
	failing bool
	telling bool      // that it fails has been told, and that it is over has not
	told    time.Time // when that was
}

// Log takes the outcome of one more try: err, or nil if it worked.
func (s *Streak) Log(log *slog.Logger, err error, what string) {
	switch begins, ends := s.turn(err != nil); {
	case ends:
		log.Warn("that works again", "what", what)
	case begins:
		log.Warn(what+" (said once, until it works again)", "error", err)
	case err != nil:
		log.Debug(what, "error", err)
	}
}

// turn notes one more try, and says what is to be told.
func (s *Streak) turn(failed bool) (begins, ends bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.failing = failed
	switch {
	case failed && !s.telling && (s.told.IsZero() || time.Since(s.told) >= streakEvery):
		s.telling, s.told = true, time.Now()
		return true, false
	case !failed && s.telling:
		s.telling = false
		return false, true
	}
	return false, false
}

// Failing reports whether the last try that [Streak.Log] was told of failed.
func (s *Streak) Failing() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.failing
}
