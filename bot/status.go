package bot

import (
	"sync"
	"time"
)

// A Status says how the connection to a platform stands.
type Status struct {
	Connected bool      `json:"connected"`
	Since     time.Time `json:"since"` // since when it is so
	// Why is what happened last, while it is not connected, and what does not work all the
	// same, while it is. It holds no secret.
	Why string `json:"why,omitempty"`
}

// A StatusReporter reports the state of its connection. Adapters whose connection can
// fail implement it.
type StatusReporter interface {
	Status() Status
}

// A Connection keeps the [Status] of an adapter. Its zero value is a connection that
// nobody has tried to make. It is safe for concurrent use.
type Connection struct {
	mu sync.Mutex
	s  Status
}

// Up notes that the connection works since now, unless it did so already; it ends what Note noted.
func (c *Connection) Up(now time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.s.Connected {
		c.s = Status{Connected: true, Since: now}
	}
	c.s.Why = ""
}

// Note notes what does not work although the connection does, until the next Up or Down. It
// holds no secret.
func (c *Connection) Note(what string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.s.Connected {
		c.s.Why = what
	}
}

// Down notes that there is no connection, and why, which holds no secret.
func (c *Connection) Down(now time.Time, why string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.s.Connected || c.s.Since.IsZero() {
		c.s = Status{Since: now}
	}
	c.s.Why = why
}

// Status returns how the connection stands; see [Status].
func (c *Connection) Status() Status {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.s
}

// Ended notes that an adapter's Run returns err, which holds no secret.
func (c *Connection) Ended(now time.Time, err error) {
	why := "stopped"
	if err != nil {
		why = err.Error()
	}
	c.Down(now, why)
}

// A Part is one of the connections that a process has to a platform: a shard of Discord's.
type Part struct {
	Name                string // "0/2" is the first of two
	Status              Status
	Identifies, Resumes int64         // sessions begun and taken up since the part is this process's
	Lag                 time.Duration // how old the last message was when it came; 0 before the first
}

// A PartReporter tells of the connections that its platform is reached over.
type PartReporter interface {
	// Parts returns those that are this process's now, in order. No I/O; it may be called
	// concurrently.
	Parts() []Part
}
