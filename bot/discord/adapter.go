package discord

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"runtime/debug"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/bwmarrin/discordgo"

	"footnote/bot"
)

// Defaults of the configuration.
const (
	DefaultEndpoint   = "https://discord.com/api"
	DefaultAPIVersion = 9 // what discordgo v0.29.0 was written for
)

// Config says how to connect. Only Token is required.
type Config struct {
	Token      Secret
	Endpoint   string // base of the REST API without version; DefaultEndpoint if empty
	APIVersion int    // DefaultAPIVersion if 0

	Logger    *slog.Logger          // silent if nil
	Commands  []bot.Command         // what to register, and what to know of it
	Suggester bot.Suggester         // completes options while somebody types; none if nil
	Busy      func(l string) string // what to say in language l when the bot is full; a sentence in English if nil
	Store     Store                 // remembers the session, and which commands are registered; Discord is asked for the latter if nil
	Now       func() time.Time      // time.Now if nil
}

// An Adapter is the bot's connection to Discord. It implements bot.Adapter,
// bot.Typer, bot.Warden, bot.Monitor and bot.Named. Its zero value is not usable; New makes one.
type Adapter struct {
	log       *slog.Logger
	now       func() time.Time
	timing    timing
	rest      *rest
	version   string
	commands  []slash
	known     map[string]bot.Command // by every name
	suggester bot.Suggester
	busy      func(string) string
	store     Store
	budget    *budget
	pending   *pendings
	acks      chan struct{} // bounds acknowledgements under way

	self      atomic.Pointer[string]   // the bot's own user id, once READY came (D20)
	called    atomic.Pointer[[]string] // the bot's own names, likewise
	running   atomic.Bool
	line      bot.Line
	queueSize int
	open      func(*discordgo.Session) error
}

var (
	_ bot.Adapter = (*Adapter)(nil)
	_ bot.Typer   = (*Adapter)(nil)
	_ bot.Warden  = (*Adapter)(nil)
	_ bot.Monitor = (*Adapter)(nil)
	_ bot.Named   = (*Adapter)(nil)
)

// New checks the configuration; it makes no connection. Its errors are sentences
// for the person who wrote the configuration and never hold the token.
func New(c Config) (*Adapter, error) {
	if err := c.Token.check(); err != nil {
		return nil, err
	}
	base, err := baseURL(c.Endpoint, c.APIVersion)
	if err != nil {
		return nil, err
	}
	a := &Adapter{
		log: c.Logger, now: c.Now, timing: realTiming, suggester: c.Suggester, busy: c.Busy, store: c.Store,
		acks: make(chan struct{}, ackAtOnce), queueSize: queueSize,
		open: (*discordgo.Session).Open,
	}
	if a.log == nil {
		a.log = slog.New(slog.DiscardHandler)
	}
	if a.now == nil {
		a.now = time.Now
	}
	if a.busy == nil {
		a.busy = busy
	}
	a.known, a.commands = bot.ByName(c.Commands), commands(c.Commands, c.Suggester != nil)
	a.version = base[strings.LastIndex(base, "/v")+2:]
	perSecond := callsPerSecond
	if c.Endpoint != "" && c.Endpoint != DefaultEndpoint {
		perSecond = 0 // a proxy counts for all that use it, and knows better
	}
	a.rest = newREST(c.Token, base, newLimits(a.now, perSecond))
	a.budget = newBudget(identifiesPerDay, a.now)
	a.pending = newPendings(a.timing.later, a.now)
	return a, nil
}

// baseURL is what all paths of the API begin with.
func baseURL(endpoint string, version int) (string, error) {
	if endpoint == "" {
		endpoint = DefaultEndpoint
	}
	u, err := url.Parse(endpoint)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || u.User != nil || u.RawQuery != "" || u.Fragment != "" {
		return "", fmt.Errorf("discord.endpoint must be an http or https address such as %s, without user, query and fragment", DefaultEndpoint)
	}
	if version == 0 {
		version = DefaultAPIVersion
	}
	// 9 and 10 are what Discord serves today; higher ones are let through so that
	// a new version needs no new program.
	if version < DefaultAPIVersion || version > 99 {
		return "", fmt.Errorf("discord.api-version is %d: Discord serves 9 and 10", version)
	}
	return fmt.Sprintf("%s/v%d", strings.TrimRight(endpoint, "/"), version), nil
}

// Name implements bot.Adapter.
func (a *Adapter) Name() bot.Platform { return Platform }

// Status implements bot.Monitor: it is connected while it has a session that works.
func (a *Adapter) Status() bot.Status { return a.line.Status() }

// Run implements bot.Adapter.
func (a *Adapter) Run(ctx context.Context, deliver bot.DeliverFunc) error {
	if !a.running.CompareAndSwap(false, true) {
		return errors.New("discord: Run is already active")
	}
	defer a.running.Store(false)
	a.rest.open()
	ctx, cancel := context.WithCancelCause(ctx)
	a.pending.after = a.timing.later
	r := &receiver{Adapter: a, ctx: ctx, queue: newHandover(a.queueSize, a.timing.stall)}
	errRefused := fmt.Errorf("discord: the token is refused (HTTP 401); make a new one at %s and set discord.token: %w", where, bot.ErrFatal)
	a.rest.setRefused(func() { cancel(errRefused) })

	r.wg.Go(func() {
		r.queue.run(ctx, func(ctx context.Context, m bot.Message) error {
			err := deliver(ctx, m)
			if errors.Is(err, bot.ErrBusy) {
				r.turnAway(m)
				return nil
			}
			return err
		})
	})
	r.wg.Go(r.report)
	g := &gateway{
		rest: a.rest, log: a.log, t: a.timing, now: a.now, budget: a.budget, version: a.version,
		ready: r.ready, event: r.event, open: a.open,
		kept: a.restore(ctx), keeps: a.store != nil, line: &a.line,
	}
	if a.store != nil {
		r.wg.Go(func() { a.keepPlace(ctx, g, r.queue) })
	}
	err := g.run(ctx)
	if err == nil && errors.Is(context.Cause(ctx), bot.ErrFatal) {
		err = errRefused
	}
	a.line.Down(a.now(), bot.Ended(err))
	cancel(nil)
	a.rest.setRefused(nil)
	// What was accepted is still to be answered: those who wait are told now,
	// since nobody keeps their three seconds after this.
	late, stop := context.WithTimeout(context.WithoutCancel(ctx), ackTimeout)
	a.pending.flush(func(p *pending) { a.acknowledge(late, p) })
	stop()
	r.wg.Wait()
	left := r.queue.left()
	r.turnAwayAll(left)
	if a.store != nil {
		k := g.left
		if k != nil && len(left) > 0 {
			k.Seq = min(k.Seq, left[0].seq-1)
		}
		if err != nil {
			k = nil
		}
		a.keep(k)
	}
	a.rest.close()
	return err
}

// A receiver is what one Run does with the events.
type receiver struct {
	*Adapter
	ctx      context.Context
	queue    *handover
	wg       sync.WaitGroup
	once     sync.Once
	extras   atomic.Int32 // completions and busy answers under way
	shares   bot.Shares   // of them
	unread   atomic.Int64 // events that could not be read
	reported int64
}

// ready takes READY: who the bot is, and which application its commands are.
func (r *receiver) ready(w *wireReady) {
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

// Called implements bot.Named.
func (a *Adapter) Called() []string {
	if p := a.called.Load(); p != nil {
		return *p
	}
	return nil
}

func (a *Adapter) selfID() string {
	if p := a.self.Load(); p != nil {
		return *p
	}
	return ""
}

// event takes one event, on the gateway's reading goroutine.
func (r *receiver) event(typ string, seq int64, raw json.RawMessage) {
	switch typ {
	case "MESSAGE_CREATE":
		var w wireMessage
		if decode(raw, &w) != nil {
			r.unread.Add(1)
			return
		}
		if m, ok := convertMessage(r.selfID(), &w, r.now()); ok {
			r.queue.put(r.ctx, received{m, seq})
		}
	case "INTERACTION_CREATE":
		var w wireInteraction
		if decode(raw, &w) != nil {
			r.unread.Add(1)
			return
		}
		r.interaction(&w, seq)
	}
}

func (r *receiver) interaction(w *wireInteraction, seq int64) {
	if w.ApplicationID == "" {
		w.ApplicationID = r.selfID()
	}
	kind, m, typing := convertInteraction(r.known, w, r.now())
	switch kind {
	case asCompletion:
		r.extra(m.From.ID, func(ctx context.Context) { r.complete(ctx, m, typing) })
	case asMessage:
		h, ok := parseHandle(m.To.Handle)
		if !ok {
			return
		}
		private := !r.known[m.Command].Public && !h.component
		p, isNew, full := r.pending.add(h, private, func(p *pending) {
			r.acknowledge(context.WithoutCancel(r.ctx), p)
		})
		if !isNew {
			// The bot drops what it has seen; let it decide.
			r.queue.put(r.ctx, received{m, seq})
			return
		}
		if full || !r.queue.put(r.ctx, received{m, seq}) && r.ctx.Err() == nil {
			r.extra(m.From.ID, func(ctx context.Context) { r.sayBusy(ctx, h, p, m) })
		}
	}
}

// maxExtras bounds completions and busy answers under way; beyond it they are
// left out, and the client shows so.
const maxExtras = 32

// extra does something for who that must not hold up the reader. Of one person only
// a few are under way at a time: nobody's typing may use up what others need.
func (r *receiver) extra(who bot.UserID, do func(context.Context)) {
	done, ok := r.shares.Take(who)
	if !ok {
		return
	}
	if r.extras.Add(1) > maxExtras {
		r.extras.Add(-1)
		done()
		return
	}
	r.wg.Go(func() {
		defer r.extras.Add(-1)
		defer done()
		defer func() {
			if x := recover(); x != nil {
				// Only its type: the value may hold what somebody typed.
				r.log.Error("an interaction could not be served", "panic", fmt.Sprintf("%T", x), "stack", string(debug.Stack()))
			}
		}()
		ctx, cancel := context.WithTimeout(r.ctx, ackTimeout)
		defer cancel()
		do(ctx)
	})
}

// turnAway says of a command that nobody will answer it, lest it stand there as
// "thinking…" for a quarter of an hour.
func (r *receiver) turnAway(m bot.Message) {
	if h, ok := parseHandle(m.To.Handle); ok {
		r.extra(m.From.ID, func(ctx context.Context) { r.sayBusy(ctx, h, r.pending.get(h), m) })
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
			wg.Go(func() { r.sayBusy(ctx, h, r.pending.get(h), m.Message) })
		}
	}
	wg.Wait()
}

// sayBusy turns an interaction away that nobody has time for.
func (r *receiver) sayBusy(ctx context.Context, h handle, p *pending, m bot.Message) {
	if p == nil {
		p = &pending{handle: h, born: r.now(), turn: make(chan struct{}, 1)}
	}
	busy := bot.Reply{Kind: bot.KindNotice, Private: true, Blocks: []bot.Block{{Spans: []bot.Span{{Text: r.busy(m.From.Lang)}}}}}
	if err := r.answer(ctx, p, busy); err != nil {
		r.log.Debug("busy", "error", err)
	}
}

// busy is what a full bot says where its own words cannot be had.
func busy(string) string { return "Too many questions at once. Please ask again in a minute." }

// Discord's limits on completions.
const (
	maxChoices    = 25
	maxChoiceText = 100
)

// complete answers a request for completions.
func (r *receiver) complete(ctx context.Context, m bot.Message, q completionRequest) {
	type choice struct {
		Name  string `json:"name"`
		Value string `json:"value"`
	}
	choices := []choice{} // empty is sent as such: discordgo would leave it out
	if r.suggester != nil {
		for _, s := range r.suggester.Suggest(q.command, q.text, q.lang, maxChoices) {
			name := cutUnits(strings.TrimSpace(clean(s.Label)), maxChoiceText)
			if name == "" || s.Value == "" || utf16Len(s.Value) > maxChoiceText || len(choices) == maxChoices {
				continue
			}
			choices = append(choices, choice{name, s.Value})
		}
	}
	h, ok := parseHandle(m.To.Handle)
	if !ok {
		return
	}
	p := &pending{handle: h}
	_, err := r.rest.do(ctx, p.callback("complete what is typed", callback{Type: answerAutocomplete, Data: map[string]any{"choices": choices}}))
	if err != nil && !hasCode(err, codeUnknownInteraction) { // the person typed on meanwhile
		r.log.Debug("completion", "error", err)
	}
}

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
	lost, unread := r.queue.dropped.Load(), r.unread.Load()
	if lost+unread > r.reported {
		r.log.Warn("events were not answered", "bot was full", lost, "unreadable", unread)
		r.reported = lost + unread
	}
}
