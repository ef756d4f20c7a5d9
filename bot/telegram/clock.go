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

type realClock struct{}

func (realClock) Now() time.Time { return time.Now() }

func (realClock) Sleep(ctx context.Context, d time.Duration) error { return platform.Sleep(ctx, d) }
