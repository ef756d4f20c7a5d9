package discord

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"footnote/bot"
	"footnote/bot/discord/gateway"
	"footnote/bot/discord/rest"
	"footnote/bot/platform"
)

// Defaults of the configuration.
const (
	DefaultEndpoint   = "https://discord.com/api"
	DefaultAPIVersion = 9 // what discordgo v0.29.0 was written for
)

// Config says how to connect. Only Token is required.
type Config struct {
	Token      platform.Secret
	Endpoint   string // base of the REST API without version; DefaultEndpoint if empty
	APIVersion int    // DefaultAPIVersion if 0

	Logger    *slog.Logger             // silent if nil
	Commands  []bot.Command            // what to register, and what to know of it
	Suggester bot.Suggester            // completes options while somebody types; none if nil
	Busy      func(lang string) string // what to say in a language when the bot is full; a sentence in English if nil
	Store     bot.Store                // remembers the session, and which commands are registered; Discord is asked for the latter if nil
	Observe   rest.Observer            // is told of each call of the API; nobody if nil
	Now       func() time.Time         // time.Now if nil
}

// An Adapter is the bot's connection to Discord. It implements bot.Adapter,
// bot.Typer, bot.Authorizer, bot.StatusReporter and bot.Named. Its zero value is not usable; New makes one.
type Adapter struct {
	log          *slog.Logger
	now          func() time.Time
	timing       timing
	token        platform.Secret
	rest         *rest.Client
	version      string
	commands     []slash
	known        map[string]bot.Command // by every name
	suggester    bot.Suggester
	busy         func(lang string) string
	store        bot.Store
	budget       *gateway.Budget
	interactions *interactions
	acks         chan struct{} // bounds acknowledgements under way

	self       atomic.Pointer[string]   // the bot's own user id, once READY came
	called     atomic.Pointer[[]string] // the bot's own names, likewise
	running    atomic.Bool
	connection bot.Connection
	queueSize  int
}

var (
	_ bot.Adapter        = (*Adapter)(nil)
	_ bot.Typer          = (*Adapter)(nil)
	_ bot.Authorizer     = (*Adapter)(nil)
	_ bot.StatusReporter = (*Adapter)(nil)
	_ bot.Named          = (*Adapter)(nil)
)

// New checks the configuration; it makes no connection. Its errors are sentences
// for the person who wrote the configuration and never hold the token.
func New(c Config) (*Adapter, error) {
	if err := checkToken(c.Token); err != nil {
		return nil, err
	}
	base, err := baseURL(c.Endpoint, c.APIVersion)
	if err != nil {
		return nil, err
	}
	a := &Adapter{
		token: c.Token, log: c.Logger, now: c.Now, timing: realTiming(), suggester: c.Suggester, store: c.Store,
		acks: make(chan struct{}, ackAtOnce), queueSize: queueSize,
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
	a.rest = rest.New(rest.Config{Token: c.Token, Base: base, PerSecond: perSecond(c.Endpoint), Now: a.now, Observe: c.Observe})
	a.budget = gateway.NewBudget(a.now)
	a.interactions = newInteractions(a.timing.later, a.now)
	return a, nil
}

// perSecond is how many calls a second are made at most.
func perSecond(endpoint string) int {
	if endpoint != "" && endpoint != DefaultEndpoint {
		return 0 // a proxy counts for all that use it, and knows better
	}
	return rest.PerSecond
}

// baseURL is what all paths of the API begin with.
func baseURL(endpoint string, version int) (string, error) {
	endpoint, err := platform.Endpoint("discord.endpoint", endpoint, DefaultEndpoint)
	if err != nil {
		return "", err
	}
	if version == 0 {
		version = DefaultAPIVersion
	}
	// 9 and 10 are what Discord serves today; higher ones are let through so that
	// a new version needs no new program.
	if version < DefaultAPIVersion || version > 99 {
		return "", fmt.Errorf("discord.api-version is %d: Discord serves 9 and 10", version)
	}
	return fmt.Sprintf("%s/v%d", endpoint, version), nil
}

// Name implements bot.Adapter.
func (a *Adapter) Name() bot.Platform { return Platform }

// Status implements bot.StatusReporter: it is connected while it has a session that works.
func (a *Adapter) Status() bot.Status { return a.connection.Status() }

// Run implements bot.Adapter.
func (a *Adapter) Run(ctx context.Context, deliver bot.DeliverFunc) error {
	if !a.running.CompareAndSwap(false, true) {
		return errors.New("discord: Run is already active")
	}
	defer a.running.Store(false)
	a.rest.Open()
	ctx, cancel := context.WithCancelCause(ctx)
	a.interactions.after = a.timing.later
	r := &receiver{Adapter: a, ctx: ctx, inbox: newInbox(a.queueSize, a.timing.stall), background: platform.NewBackground(maxBackground, a.log)}
	errRefused := fmt.Errorf("discord: the token is refused (HTTP 401); make a new one at %s and set discord.token: %w", rest.WhereTokens, bot.ErrFatal)
	a.rest.OnRefused(func() { cancel(errRefused) })

	r.wg.Go(func() {
		r.inbox.run(ctx, func(ctx context.Context, m bot.Message) error {
			err := deliver(ctx, m)
			if errors.Is(err, bot.ErrBusy) {
				r.turnAway(m)
				return nil
			}
			return err
		})
	})
	r.wg.Go(r.report)
	g := gateway.New(gateway.Config{
		Token: a.token, Base: a.rest.Base(), Version: a.version, Logger: a.log, Now: a.now, Timing: a.timing.gateway,
		LookUp: a.lookUp, Budget: a.budget, State: &a.connection, Store: a.store, Accepted: r.inbox.acceptedThrough,
	})
	err := g.Run(ctx, r.event)
	if err == nil && errors.Is(context.Cause(ctx), bot.ErrFatal) {
		err = errRefused
	}
	a.connection.Ended(a.now(), err)
	cancel(nil)
	a.rest.OnRefused(nil)
	// What was accepted is still to be answered: those who wait are told now,
	// since nobody keeps their three seconds after this.
	late, stop := context.WithTimeout(context.WithoutCancel(ctx), ackTimeout)
	a.interactions.flush(func(p *interaction) { a.acknowledge(late, p) })
	stop()
	r.wg.Wait()
	r.background.Wait()
	left := r.inbox.left()
	r.turnAwayAll(left)
	switch {
	case err != nil:
		g.Forget()
	case len(left) > 0:
		g.Leave(left[0].seq - 1)
	default:
		g.Leave(math.MaxInt64)
	}
	a.rest.Close()
	return err
}

// lookUp asks where the gateway is.
func (a *Adapter) lookUp(ctx context.Context) ([]byte, error) {
	return a.rest.Do(ctx, rest.Call{Doing: "ask for the gateway", Method: "GET", Path: "/gateway/bot", Route: "gateway"})
}

// timing holds every wait, so that tests need not wait.
type timing struct {
	gateway gateway.Timing
	later   time.Duration // when an interaction is announced
	stall   time.Duration // see stallLimit
}

// realTiming returns what is used outside tests.
func realTiming() timing {
	return timing{gateway: gateway.DefaultTiming(), later: deferAfter, stall: stallLimit}
}

// A receiver is what one Run does with the events.
type receiver struct {
	*Adapter
	ctx        context.Context
	inbox      *inbox
	wg         sync.WaitGroup
	once       sync.Once
	background *platform.Background // completions and busy answers
	unread     atomic.Int64         // events that could not be read
	reported   int64
}

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
func (r *receiver) event(e gateway.Event) {
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
			r.inbox.put(r.ctx, received{m, e.Seq})
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
		r.interaction(&w, e.Seq)
	}
}

func (r *receiver) interaction(w *interactionPayload, seq int64) {
	if w.ApplicationID == "" {
		w.ApplicationID = r.selfID()
	}
	kind, m, typing := convertInteraction(r.known, w, r.now())
	switch kind {
	case asCompletion:
		r.inBackground(m.From.ID, func(ctx context.Context) { r.complete(ctx, m, typing) })
	case asMessage:
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
			r.inbox.put(r.ctx, received{m, seq})
			return
		}
		if full || !r.inbox.put(r.ctx, received{m, seq}) && r.ctx.Err() == nil {
			r.inBackground(m.From.ID, func(ctx context.Context) { r.sayBusy(ctx, h, p, m) })
		}
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
			name := platform.CutUTF16(strings.TrimSpace(platform.Clean(s.Label)), maxChoiceText)
			if name == "" || s.Value == "" || platform.UTF16Len(s.Value) > maxChoiceText || len(choices) == maxChoices {
				continue
			}
			choices = append(choices, choice{name, s.Value})
		}
	}
	h, ok := parseHandle(m.To.Handle)
	if !ok {
		return
	}
	p := &interaction{handle: h}
	_, err := r.rest.Do(ctx, p.callback("complete what is typed", callback{Type: answerAutocomplete, Data: map[string]any{"choices": choices}}))
	if err != nil && !rest.HasCode(err, rest.CodeUnknownInteraction) { // the person typed on meanwhile
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
	lost, unread := r.inbox.dropped.Load(), r.unread.Load()
	if lost+unread > r.reported {
		r.log.Warn("events were not answered", "bot was full", lost, "unreadable", unread)
		r.reported = lost + unread
	}
}
