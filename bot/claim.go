package bot

import (
	"context"
	"errors"
	"sync"
	"time"

	"footnote/bot/cluster"
)

// Several processes may be given the same message: a platform sends again what one of them
// did not acknowledge before it died, and two sessions of Discord get every event. The first
// that claims it, right before it answers, answers.
//
// What if nobody can be asked, because the database is away? Where the platform posts a
// reply once however often it is sent, the message is answered. Elsewhere the bot asks again
// for a while, as long as a restart of the database takes. Then it says that the answer may
// have been lost, which is true, and does no harm if another process answers.

const (
	claimWait     = time.Second            // bounds one try
	claimPatience = 8 * time.Second        // for all, and for all messages of one outage, where the platform posts twice what is sent twice
	claimPause    = 250 * time.Millisecond // between them
	// claimRest is how long the database is not asked after a failure where the platform
	// does as well without.
	claimRest = 2 * time.Second
)

// claims is how asking for claims goes.
type claims struct {
	trouble Streak

	mu     sync.Mutex
	failed time.Time // when the last try failed
	since  time.Time // when the first of the present failures was
}

// claim reports whether x is to be answered by this process, and makes x a notice if that is
// all that may be said.
func (b *Bot) claim(ctx context.Context, x *item) bool {
	if x.claimed || x.m.ID == "" {
		return true
	}
	_, once := x.adapter.(Idempotent)
	c, err := b.claimed(ctx, x, once)
	switch {
	case err == nil && c == cluster.Taken:
		b.c.Log.Debug("another process answers, or has", "platform", x.m.To.Platform)
		return false
	case once, err == nil && c == cluster.First:
	case x.notice.Kind == "":
		x.notice = Notice{Kind: NoticeUncertain}
	}
	return true
}

// claimed claims x; once says that the platform posts its reply once.
func (b *Bot) claimed(ctx context.Context, x *item, once bool) (cluster.Claim, error) {
	if once && b.claims.rests(b.c.Now()) {
		return cluster.First, nil
	}
	until := b.claims.began(b.c.Now()).Add(claimPatience)
	for {
		try, cancel := context.WithTimeout(ctx, claimWait)
		c, err := b.c.Cluster.Claim(try, string(x.m.To.Platform), string(x.m.ID))
		cancel()
		b.claims.tried(b, err)
		if err == nil || once || ctx.Err() != nil || !b.c.Now().Before(until) {
			return c, err
		}
		select {
		case <-time.After(claimPause):
		case <-ctx.Done():
		}
	}
}

func (c *claims) rests(now time.Time) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return !c.failed.IsZero() && now.Sub(c.failed) < claimRest
}

// began is since when nobody can be asked: what comes later waits no longer than what was first,
// else each message of a conversation would wait for itself, and be overtaken by what another
// process is brought.
func (c *claims) began(now time.Time) time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.failed.IsZero() || now.Sub(c.failed) > claimPatience {
		c.since = time.Time{}
	}
	if c.since.IsZero() {
		return now
	}
	return c.since
}

// errOutage says that a message is to come again later.
var errOutage = errors.New("the other processes cannot be asked who answers; the message is not accepted before they can")

// outage reports whether nobody could be asked for so long that a message is better left with its
// platform, where that keeps it. Now and then one is let through, to try.
func (c *claims) outage(now time.Time) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	switch {
	case c.since.IsZero() || now.Sub(c.since) < claimPatience:
		return false
	case now.Sub(c.failed) < claimRest:
		return true
	}
	c.failed = now
	return false
}

func (c *claims) tried(b *Bot, err error) {
	c.trouble.Log(b.c.Log, err, "the other processes cannot be asked who answers a message; where the platform does not keep an answer from standing there twice, people are told to ask again")
	c.mu.Lock()
	defer c.mu.Unlock()
	if err == nil {
		c.failed, c.since = time.Time{}, time.Time{}
		return
	}
	if c.failed = b.c.Now(); c.since.IsZero() {
		c.since = c.failed
	}
}
