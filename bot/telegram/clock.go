package telegram

import (
	"context"
	"time"

	"footnote/bot/platform"
)

// A Clock is where time comes from, so that tests need not wait for it.
type Clock interface {
	Now() time.Time
	// Sleep returns ctx's error if ctx ends first.
	Sleep(ctx context.Context, d time.Duration) error
}

// realClock is time as it passes, told by now, or by time.Now if that is nil.
type realClock struct{ now func() time.Time }

func (c realClock) Now() time.Time {
	if c.now != nil {
		return c.now()
	}
	return time.Now()
}

func (realClock) Sleep(ctx context.Context, d time.Duration) error { return platform.Sleep(ctx, d) }
