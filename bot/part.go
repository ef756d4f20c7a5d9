package bot

import "time"

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
