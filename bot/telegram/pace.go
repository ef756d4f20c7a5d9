package telegram

import (
	"context"
	"errors"
	"sync"
	"time"

	"footnote/bot"
	"footnote/bot/platform"
)

// Telegram tells no exact limits: about one message a second to a chat, 20 a
// minute to a group, 30 a second over all, with bursts allowed. A bot that waits
// in advance is slow for nothing most of the time, so the pace is free until
// Telegram answers 429; then the chat it named waits as long as it said, and for
// caution everybody keeps to the published pace.
const (
	caution      = 5 * time.Minute // after the last 429
	paceAll      = time.Second / 25
	pacePerson   = time.Second
	paceGroup    = time.Minute / 20
	maxPaced     = 4096 // chats remembered
	longestPause = 15 * time.Minute
)

// A pacer says when a chat may be written to. It starts no goroutine.
type pacer struct {
	clock Clock

	mu      sync.Mutex
	careful time.Time           // until when the published pace is kept
	all     time.Time           // when the next message may be sent anywhere
	chats   map[int64]time.Time // when the next message may be sent there
}

func newPacer(c Clock) *pacer { return &pacer{clock: c, chats: map[int64]time.Time{}} }

// errPaced is what a chat that has to wait longer than a call can is told.
var errPaced = errors.New("telegram: this chat has to wait after a 429")

// wait blocks until chat may be written to. If that is after ctx's deadline it
// returns a *bot.RetryError at once.
func (p *pacer) wait(ctx context.Context, chat int64) error {
	d := p.reserve(ctx, chat)
	if d < 0 {
		return &bot.RetryError{After: -d, Err: errPaced}
	}
	if d == 0 {
		return ctx.Err()
	}
	return p.clock.Sleep(ctx, d)
}

// reserve books the next slot and returns how long it is away, negative if that
// is longer than ctx lasts; then nothing is booked.
func (p *pacer) reserve(ctx context.Context, chat int64) time.Duration {
	p.mu.Lock()
	defer p.mu.Unlock()
	now := p.clock.Now()
	at := p.chats[chat]
	careful := now.Before(p.careful)
	turn := now // in the pace of all; whoever waits for his own chat takes it all the same, and holds nobody up
	if careful && p.all.After(turn) {
		turn = p.all
	}
	if turn.After(at) {
		at = turn
	}
	d := max(at.Sub(now), 0)
	if end, ok := ctx.Deadline(); ok && d > 0 && d > time.Until(end) { // a context's clock is the real one
		return -d
	}
	if !careful {
		delete(p.chats, chat)
		return d
	}
	at = now.Add(d)
	p.all = turn.Add(paceAll)
	per := pacePerson
	if chat < 0 {
		per = paceGroup
	}
	p.set(chat, at.Add(per))
	return d
}

// refused notes a 429 for chat.
func (p *pacer) refused(chat int64, after time.Duration) {
	p.mu.Lock()
	defer p.mu.Unlock()
	now := p.clock.Now()
	p.careful = now.Add(caution)
	p.set(chat, now.Add(min(after, longestPause)))
}

// set remembers when chat is ready, within maxPaced. p.mu is held.
func (p *pacer) set(chat int64, at time.Time) {
	if _, known := p.chats[chat]; !known {
		now := p.clock.Now()
		platform.Trim(p.chats, maxPaced, func(t time.Time) bool { return !t.After(now) }) // at worst Telegram says 429 again
	}
	p.chats[chat] = at
}

// quiet reports whether chat has to wait now, so that it is not worth a sign of typing.
func (p *pacer) quiet(chat int64) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	now := p.clock.Now()
	return now.Before(p.careful) || p.chats[chat].After(now)
}

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
