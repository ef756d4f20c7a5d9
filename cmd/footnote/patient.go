package main

import (
	"io"
	"log/slog"
	"sync"
	"time"
)

const (
	// logWaits is how long a line waits for whoever reads the log. Whoever does not read
	// holds up nobody for longer.
	logWaits = time.Second
	// logLines is how many lines are kept for a reader that does not keep up.
	logLines = 1024
)

// An unhurried writes lines to a reader that may have stopped reading, a pipe whose other
// end hangs say: a line waits for a moment, and what is too much then is left out and
// counted, so that nothing in the program waits for its log.
type unhurried struct {
	to    io.Writer
	log   *slog.Logger // writes to to
	lines chan *logLine
	ended chan struct{}

	mu     sync.Mutex
	behind bool // the last line was not written in time
	lost   int
	closed bool
}

type logLine struct {
	text []byte
	done chan struct{}
}

func newUnhurried(to io.Writer, json bool) *unhurried {
	u := &unhurried{to: to, log: slog.New(slog.NewTextHandler(to, nil)), lines: make(chan *logLine, logLines), ended: make(chan struct{})}
	if json {
		u.log = slog.New(slog.NewJSONHandler(to, nil))
	}
	go u.write()
	return u
}

func (u *unhurried) write() {
	defer close(u.ended)
	for l := range u.lines {
		_, _ = u.to.Write(l.text) // there is nowhere to say that the log cannot be written
		close(l.done)
		u.mu.Lock()
		lost := 0
		if len(u.lines) == 0 {
			lost, u.lost, u.behind = u.lost, 0, false
		}
		u.mu.Unlock()
		if lost > 0 {
			u.log.Warn("lines of the log are lost: nobody read them", "lines", lost)
		}
	}
}

// Write implements io.Writer. It never fails.
func (u *unhurried) Write(text []byte) (int, error) {
	l := &logLine{text: append([]byte(nil), text...), done: make(chan struct{})}
	u.mu.Lock()
	if u.closed {
		u.mu.Unlock()
		return len(text), nil
	}
	behind := u.behind
	select {
	case u.lines <- l:
	default:
		u.lost++
		behind = true
	}
	u.mu.Unlock()
	if behind {
		return len(text), nil
	}
	t := time.NewTimer(logWaits)
	defer t.Stop()
	select {
	case <-l.done:
	case <-t.C:
		u.mu.Lock()
		u.behind = true
		u.mu.Unlock()
	}
	return len(text), nil
}

// close writes what waits, for a moment at most.
func (u *unhurried) close() {
	u.mu.Lock()
	if !u.closed {
		u.closed = true
		close(u.lines)
	}
	u.mu.Unlock()
	select {
	case <-u.ended:
	case <-time.After(logWaits):
	}
}
