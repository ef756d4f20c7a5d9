package terminal

import (
	"context"
	"io"
	"os"
	"time"
)

// interruptible makes reading in end when ctx does, where in can do that. After
// release in is as it was, and no goroutine is left.
func interruptible(ctx context.Context, in io.Reader) (r io.Reader, release func()) {
	if d, ok := in.(interface{ SetReadDeadline(time.Time) error }); ok && d.SetReadDeadline(time.Time{}) == nil {
		done := make(chan struct{})
		stop := context.AfterFunc(ctx, func() {
			defer close(done)
			_ = d.SetReadDeadline(time.Unix(1, 0))
		})
		return in, func() {
			if !stop() {
				<-done
			}
			_ = d.SetReadDeadline(time.Time{})
		}
	}
	// Standard input as a program inherits it blocks and has no deadlines.
	if f, ok := in.(*os.File); ok {
		return pollable(ctx, f)
	}
	return in, func() {}
}
