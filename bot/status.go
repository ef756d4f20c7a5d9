package bot

import (
	"sync"
	"time"
)

// A Status says how the connection to a platform stands.
type Status struct {
	Connected bool      `json:"connected"`
	Since     time.Time `json:"since"`         // since when it is so
	Why       string    `json:"why,omitempty"` // while it is not connected: what happened last, without secrets
}

// A Monitor can tell how its connection stands. Adapters are ones, where there is
// something that may break.
type Monitor interface {
	Status() Status
}

// A Line keeps a Status for an adapter. Its zero value is a connection that nobody
// has tried to make. It is safe for concurrent use.
type Line struct {
	mu sync.Mutex
	s  Status
}

// Up notes that the connection works.
func (l *Line) Up(now time.Time) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if !l.s.Connected {
		l.s = Status{Connected: true, Since: now}
	}
}

// Down notes that there is none, and why, which holds no secret.
func (l *Line) Down(now time.Time, why string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.s.Connected || l.s.Since.IsZero() {
		l.s = Status{Since: now}
	}
	l.s.Why = why
}

// Status is how it stands.
func (l *Line) Status() Status {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.s
}

// Ended is why there is no connection after an adapter's Run has returned err.
func Ended(err error) string {
	if err == nil {
		return "stopped"
	}
	return err.Error()
}
