package rest

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"footnote/bot"
	"footnote/bot/platform"
)

// The limiter of discordgo cannot be used: it sleeps without looking at
// the context, does not know the global limit as Discord sends it, and
// never forgets a route.

// PerSecond is Discord's limit for a whole bot, a little below it since other programs may
// use the same token. Interactions do not count.
const PerSecond = 45

const (
	// maxRoutes bounds how many routes are remembered. A route that is forgotten
	// early costs at worst one 429.
	maxRoutes = 4096

	// Discord bans an address after 10,000 refused calls (401, 403, 429) in ten
	// minutes. The bot stops itself far below that, since other programs may
	// share the address.
	refusalWindow = 10 * time.Minute
	maxRefusals   = 1000

	// maxPatience is how long a call waits by itself. Beyond that the caller is
	// told, and can do something else meanwhile.
	maxPatience = 3 * time.Second
)

var errTooManyRefusals = errors.New("discord: too many calls were refused; pausing before Discord bans this address")

// limits holds calls back. All its methods are safe for concurrent use.
type limits struct {
	now    func() time.Time
	global *rate.Limiter // nil: no limit of our own

	mu           sync.Mutex
	addressUntil time.Time // no call before this
	botUntil     time.Time // no call before this that has a route
	routes       map[string]route
	refusals     []time.Time // a ring of the last maxRefusals refusals
	next         int
}

// A route is what is known of the calls that share one limit.
type route struct {
	left   int
	reset  time.Time
	denied int // refusals for want of a permission since the last call that worked
}

func newLimits(now func() time.Time, perSecond int) *limits {
	l := &limits{now: now, routes: map[string]route{}, refusals: make([]time.Time, maxRefusals)}
	if perSecond > 0 {
		l.global = rate.NewLimiter(rate.Limit(perSecond), perSecond)
	}
	return l
}

// acquire waits until a call on the route may be made. A route of "" is an
// interaction's, which has no limit that is known beforehand.
func (l *limits) acquire(ctx context.Context, doing, key string) error {
	for {
		wait, why := l.try(key)
		if wait <= 0 {
			break
		}
		if why == errDenied {
			return fmt.Errorf("discord: could not %s: %w: %w", doing, why, bot.ErrForbidden)
		}
		if deadline, ok := ctx.Deadline(); wait > maxPatience || ok && time.Until(deadline) < wait {
			return &bot.RetryError{After: wait, Err: fmt.Errorf("discord: could not %s: %w", doing, why)}
		}
		t := time.NewTimer(wait)
		select {
		case <-t.C:
		case <-ctx.Done():
			t.Stop()
			return fmt.Errorf("discord: could not %s: %w", doing, ctx.Err())
		}
	}
	if key != "" && l.global != nil {
		if err := l.global.Wait(ctx); err != nil {
			if ctx.Err() != nil {
				return fmt.Errorf("discord: could not %s: %w", doing, ctx.Err())
			}
			return &bot.RetryError{After: time.Second, Err: fmt.Errorf("discord: could not %s: the bot sends too much", doing)}
		}
	}
	return nil
}

var (
	errLimited = errors.New("rate limited")
	errDenied  = errors.New("there was no permission lately")
)

// try takes one call of the route, or says how long to wait for it.
func (l *limits) try(key string) (time.Duration, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := l.now()
	if d := l.refusals[l.next].Add(refusalWindow).Sub(now); d > 0 && !l.refusals[l.next].IsZero() {
		return d, errTooManyRefusals
	}
	if d := l.addressUntil.Sub(now); d > 0 {
		return d, errLimited
	}
	if key == "" {
		return 0, nil
	}
	if d := l.botUntil.Sub(now); d > 0 {
		return d, errLimited
	}
	r, ok := l.routes[key]
	if !ok {
		return 0, nil
	}
	if d := r.reset.Sub(now); d > 0 {
		switch {
		case r.left <= 0 && r.denied >= deniedAfter:
			return d, errDenied
		case r.left <= 0:
			return d, errLimited
		}
		r.left--
		l.routes[key] = r
		return 0, nil
	}
	if r.denied == 0 {
		delete(l.routes, key)
	}
	return 0, nil
}

// learn takes note of what an answer says about the route's limit.
func (l *limits) learn(key string, status int, h http.Header) {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := l.now()
	switch status {
	case http.StatusUnauthorized, http.StatusForbidden, http.StatusTooManyRequests:
		l.refusals[l.next] = now
		l.next = (l.next + 1) % len(l.refusals)
	}
	if key == "" {
		return
	}
	denied := l.routes[key].denied
	if status < 300 && denied > 0 {
		delete(l.routes, key)
		denied = 0
	}
	left, err := strconv.Atoi(h.Get("X-RateLimit-Remaining"))
	after, err2 := strconv.ParseFloat(h.Get("X-RateLimit-Reset-After"), 64)
	if err != nil || err2 != nil || left > 0 && l.routes[key].reset.IsZero() {
		return // nothing to remember while calls are left
	}
	l.store(key, route{left, now.Add(seconds(after)), denied}, now)
}

// A route on which the bot has no permission is left alone for a while. Each refusal
// counts towards Discord's ban of the address, and so towards our own pause before
// it: whoever asks where the bot cannot answer must not bring that about. Meanwhile
// the answer is the same refusal, and nothing to wait for: commands in that channel,
// which need no permission, would wait behind it.
const (
	deniedAfter = 3 // refusals in a row; one may be about a single message
	deniedFor   = time.Minute
)

// deny notes a refusal for want of a permission.
func (l *limits) deny(key string) {
	if key == "" {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	now := l.now()
	r := l.routes[key]
	if r.denied++; r.denied >= deniedAfter {
		r.left, r.reset = 0, now.Add(deniedFor)
	}
	l.store(key, r, now)
}

// limited says to what a 429 applies.
type limited int

const (
	limitedRoute   limited = iota
	limitedBot             // all calls, save those of interactions: for them Discord has no such limit
	limitedAddress         // all calls
)

// block holds back what a 429 applies to.
func (l *limits) block(key string, d time.Duration, who limited) {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := l.now()
	until := now.Add(d)
	switch {
	case who == limitedAddress || who == limitedBot && key == "":
		l.addressUntil = latest(l.addressUntil, until)
	case who == limitedBot:
		l.botUntil = latest(l.botUntil, until)
	case key != "":
		l.store(key, route{reset: until}, now)
	}
}

func latest(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

func (l *limits) store(key string, r route, now time.Time) {
	platform.Trim(l.routes, maxRoutes, func(x route) bool { return !x.reset.After(now) })
	l.routes[key] = r
}
