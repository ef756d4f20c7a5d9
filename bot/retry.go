package bot

import (
	"context"
	"errors"
	"fmt"
	"time"
)

const (
	// maxTries is how often one reply is sent. With the waits doubled that is half
	// a minute, which outlasts the restarts of both platforms' front servers; what
	// may have arrived unseen is not tried again at all.
	maxTries = 7
	// firstWait is doubled after each transient failure.
	firstWait = 500 * time.Millisecond
)

// shorter is the length in characters of what is tried when a platform says a
// reply is too long although its adapter thought it was not.
var shorter = [...]int{1500, 600, 200}

// send sends r, again where that may help, within the time for one reply and ctx.
func (b *Bot) send(ctx context.Context, a Adapter, to Address, r Reply) error {
	ctx, cancel := context.WithTimeout(ctx, b.c.bounds.sending)
	defer cancel()
	wait, cut := firstWait, 0
	for try := 1; ; try++ {
		err := a.Send(ctx, to, r)
		switch {
		case err == nil:
			return nil
		case ctx.Err() != nil, errors.Is(err, ErrGone), errors.Is(err, ErrForbidden), errors.Is(err, ErrFatal), errors.Is(err, ErrUncertain):
			return err
		case errors.Is(err, ErrTooLong):
			if cut == len(shorter) {
				return err
			}
			b.c.Log.Error("a reply was too long for the platform, a defect of its renderer", "platform", to.Platform, "kind", r.Kind)
			r = Fit(r, shorter[cut], plainSize)
			cut++
			continue
		}
		if try == maxTries {
			return fmt.Errorf("given up after %d tries: %w", try, err)
		}
		pause := wait
		var retry *RetryError
		if errors.As(err, &retry) {
			pause = max(retry.After, firstWait/10)
		}
		wait *= 2
		if deadline, ok := ctx.Deadline(); ok && time.Until(deadline) < pause {
			return err // what cannot come in time is not waited for
		}
		select {
		case <-time.After(pause):
		case <-ctx.Done():
			return err
		}
	}
}

// notifyUncertain tells the person that an answer may have been lost. Sent again it might
// stand there twice; left alone, nobody would know that it is missing. This sentence is
// true in both cases, and does no harm if it is itself said twice.
func (b *Bot) notifyUncertain(ctx context.Context, x item) error {
	r := b.notice(ctx, x, NoticeUncertain)
	r.Part = string(NoticeUncertain)
	wait := firstWait
	for try := 1; ; try++ {
		err := b.sendSafely(ctx, x, r)
		if !errors.Is(err, ErrUncertain) || try == maxTries {
			return err
		}
		select {
		case <-time.After(wait):
		case <-ctx.Done():
			return err
		}
		wait *= 2
	}
}

// plainSize is the length of r in code points.
func plainSize(r Reply) int { return len([]rune(PlainText(r))) }
