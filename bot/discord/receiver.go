package discord

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"time"

	"footnote/bot"
	"footnote/bot/cluster"
	"footnote/bot/discord/gateway"
	"footnote/bot/platform"
)

// A receiver is what one Run does with what comes in, over whichever way.
type receiver struct {
	*Adapter
	ctx        context.Context
	deliver    bot.DeliverFunc
	wg         sync.WaitGroup
	once       sync.Once
	background *platform.Background // completions and busy answers
	dropped    atomic.Int64         // messages that found no room
	unread     atomic.Int64         // events that could not be read
	reported   int64
	claimRest  atomic.Int64 // until when nobody is asked for claims
}

// newReceiver returns a receiver for one Run.
func (a *Adapter) newReceiver(ctx context.Context, deliver bot.DeliverFunc) *receiver {
	return &receiver{Adapter: a, ctx: ctx, deliver: deliver, background: platform.NewBackground(maxBackground, a.log)}
}

// accept hands one message to the bot.
func (r *receiver) accept(ctx context.Context, m received) error {
	if h, ok := parseHandle(m.To.Handle); ok && m.isNew {
		taken := m.taken
		if taken == nil {
			taken = r.claim(h)
		}
		if taken != nil && <-taken {
			r.giveUp(ctx, h)
			return nil
		}
	}
	err := r.deliver(ctx, m.Message)
	if errors.Is(err, bot.ErrBusy) {
		r.turnAway(m.Message)
		return nil
	}
	return err
}

// interactionClaims is what claims of interactions are made under. The bot claims each
// message besides; by then an interaction may have been announced.
const interactionClaims = "discord/interaction"

// early claims an interaction as soon as it comes: what waits before it and behind it in the
// inbox need not wait for that too.
func (r *receiver) early(m received) received {
	if h, ok := parseHandle(m.To.Handle); ok && m.isNew {
		m.taken = r.claim(h)
	}
	return m
}

// claim asks whether another process answers an interaction. If nobody knows, this one does:
// Discord takes one answer. It returns nil where nobody is to be asked.
func (r *receiver) claim(h handle) <-chan bool {
	if r.cluster.Alone() || r.now().Before(time.Unix(0, r.claimRest.Load())) {
		return nil
	}
	taken := make(chan bool, 1)
	r.wg.Go(func() {
		ctx, cancel := context.WithTimeout(r.ctx, claimWait)
		defer cancel()
		c, err := r.cluster.Claim(ctx, interactionClaims, h.id)
		if err != nil {
			r.claimRest.Store(r.now().Add(claimPause).UnixNano())
		}
		taken <- err == nil && c == cluster.Taken
	})
	return taken
}

const (
	claimWait  = 500 * time.Millisecond // of the three seconds that Discord waits
	claimPause = 2 * time.Second        // how long nobody is asked after a failure: others wait behind it
)

// ready takes READY: who the bot is, and which application its commands are.
func (r *receiver) ready(w *readyPayload) {
	app := w.Application.ID
	if w.User != nil && isID(w.User.ID) {
		id := w.User.ID
		r.self.Store(&id)
		names := w.User.names()
		r.called.Store(&names)
		if app == "" {
			app = id // they are equal but for very old applications
		}
	}
	if !isID(app) {
		return
	}
	r.once.Do(func() {
		r.log.Info("connected to Discord", "user", r.selfID())
		if len(r.commands) > 0 {
			r.wg.Go(func() { r.register(r.ctx, app) })
		}
	})
}

// event takes one event, on the gateway's reading goroutine. What is to be delivered goes to
// put, which reports whether there was room.
func (r *receiver) event(e gateway.Event, put func(received) bool) {
	switch e.Type {
	case "READY":
		var w readyPayload
		if platform.Decode(e.Data, &w) == nil {
			r.ready(&w)
		}
	case "MESSAGE_CREATE":
		var w messagePayload
		if platform.Decode(e.Data, &w) != nil {
			r.unread.Add(1)
			return
		}
		if m, ok := convertMessage(r.selfID(), &w, r.now()); ok {
			r.locales.hint(&w, &m)
			put(received{Message: m, seq: e.Seq})
		}
	case "INTERACTION_CREATE":
		if e.Again {
			return // it may have been answered, and has no nonce; Discord shows by itself if it was not
		}
		var w interactionPayload
		if platform.Decode(e.Data, &w) != nil {
			r.unread.Add(1)
			return
		}
		if w.ApplicationID == "" {
			w.ApplicationID = r.selfID()
		}
		r.locales.note(&w)
		switch kind, m, typing := convertInteraction(r.known, &w, r.now()); kind {
		case asCompletion:
			r.inBackground(m.From.ID, func(ctx context.Context) { r.complete(ctx, m, typing) })
		case asMessage:
			r.interaction(m, e.Seq, put)
		}
	}
}

// interaction takes a command or a pressed button: it is announced if its answer is late,
// and said to be too many if there is no room.
func (r *receiver) interaction(m bot.Message, seq int64, put func(received) bool) {
	h, ok := parseHandle(m.To.Handle)
	if !ok {
		return
	}
	private := !r.known[m.Command].Public && !h.component
	p, isNew, full := r.interactions.add(h, private, func(p *interaction) {
		r.acknowledge(context.WithoutCancel(r.ctx), p)
	})
	if !isNew {
		// The bot drops what it has seen; let it decide.
		put(received{Message: m, seq: seq})
		return
	}
	if full || !put(received{Message: m, seq: seq, isNew: true}) && r.ctx.Err() == nil {
		r.inBackground(m.From.ID, func(ctx context.Context) { r.sayBusy(ctx, h, p, m) })
	}
}

// maxBackground bounds completions and busy answers under way; beyond it they are left
// out, and the client shows so.
const maxBackground = 32

// inBackground does something for who that must not hold up the reader, and has to be done
// before Discord stops waiting.
func (r *receiver) inBackground(who bot.UserID, do func(context.Context)) {
	r.background.Go(r.ctx, who, func(ctx context.Context) {
		ctx, cancel := context.WithTimeout(ctx, ackTimeout)
		defer cancel()
		do(ctx)
	})
}

// turnAway says of a command that nobody will answer it, lest it stand there as
// "thinking…" for a quarter of an hour.
func (r *receiver) turnAway(m bot.Message) {
	if h, ok := parseHandle(m.To.Handle); ok {
		r.inBackground(m.From.ID, func(ctx context.Context) { r.sayBusy(ctx, h, r.interactions.get(h), m) })
	}
}

// turnAwayAll is turnAway for what was not accepted before the end. Messages are
// left alone: who resumes the session gets them.
func (r *receiver) turnAwayAll(left []received) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(r.ctx), ackTimeout)
	defer cancel()
	var wg sync.WaitGroup
	for _, m := range left {
		if h, ok := parseHandle(m.To.Handle); ok {
			wg.Go(func() { r.sayBusy(ctx, h, r.interactions.get(h), m.Message) })
		}
	}
	wg.Wait()
}

// sayBusy turns an interaction away that nobody has time for.
func (r *receiver) sayBusy(ctx context.Context, h handle, p *interaction, m bot.Message) {
	if p == nil {
		p = &interaction{handle: h, born: r.now(), turn: make(chan struct{}, 1)}
	}
	busy := bot.Reply{Kind: bot.KindNotice, Private: true, Blocks: []bot.Block{{Spans: []bot.Span{{Text: r.busy(m.From.Lang)}}}}}
	if err := r.answer(ctx, p, busy); err != nil {
		r.log.Debug("busy", "error", err)
	}
}

// busy is what a full bot says where its own words cannot be had.
func busy(string) string { return "Too many questions at once. Please ask again in a minute." }

// reportEvery is how often losses are told in the log: once for many, since a
// flood that loses messages must not flood the log.
const reportEvery = 10 * time.Second

// report tells what was lost.
func (r *receiver) report() {
	t := time.NewTicker(reportEvery)
	defer t.Stop()
	for {
		select {
		case <-r.ctx.Done():
			r.reportOnce()
			return
		case <-t.C:
			r.reportOnce()
		}
	}
}

func (r *receiver) reportOnce() {
	lost, unread := r.dropped.Load(), r.unread.Load()
	if lost+unread > r.reported {
		r.log.Warn("events were not answered", "bot was full", lost, "unreadable", unread)
		r.reported = lost + unread
	}
}
