package bot

import (
	"log/slog"
	"sync/atomic"
)

// A Streak logs of a row of failures the first and that it is over: what fails with every
// message, on a full disk say, must not fill the log too. Its zero value is ready, and it is
// safe for concurrent use.
type Streak struct{ failing atomic.Bool }

// Log takes the outcome of one more try: err, or nil if it worked.
func (s *Streak) Log(log *slog.Logger, err error, what string) {
	switch was := s.failing.Swap(err != nil); {
	case err == nil && was:
		log.Warn("that works again", "what", what)
	case err != nil && was:
		log.Debug(what, "error", err)
	case err != nil:
		log.Warn(what+" (said once, until it works again)", "error", err)
	}
}

// Failing reports whether the last try failed.
func (s *Streak) Failing() bool { return s.failing.Load() }
