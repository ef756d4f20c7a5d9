package telegram

import (
	"cmp"
	"context"
	"log/slog"
	"net/http"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"footnote/bot"
	"footnote/bot/cluster"
	"footnote/bot/platform"
	"footnote/bot/recent"
)

// Config is what an Adapter needs. Only Token is required.
type Config struct {
	Token    platform.Secret
	Endpoint string       // DefaultEndpoint if empty, or a self-hosted Bot API server
	Logger   *slog.Logger // silent if nil
	Store    bot.Store    // forgets at the end of the process if nil

	// Cluster is the processes of this bot: one of them polls, or sets the webhook. This one
	// alone if nil.
	Cluster cluster.Cluster

	// Webhook is the https address at which Telegram reaches the program's HTTP listener;
	// the program polls if it is empty. See Adapter.HTTP.
	Webhook string

	// Observe is told of each call of the Bot API: its method, the status, 0 if there was no
	// answer, and how long it took, 0 for polls. Nobody if nil.
	Observe func(route string, status int, took time.Duration)

	// Now tells the time; time.Now if nil.
	Now func() time.Time

	// Suggester answers inline queries ("@bot khrushchev" in any chat); without
	// it they are not asked for. If it is also an Inliner the results carry the
	// whole answer.
	Suggester bot.Suggester
	// Moved is told when Telegram says that a group has another id, before anything
	// that comes after it is delivered; perhaps again after a restart. Nobody if nil.
	Moved func(ctx context.Context, from, to bot.Place)
	// Commands are the menu, and what is a command for this bot in a group.
	Commands []bot.Command

	test hooks
}

// hooks are for tests only; see export_test.go.
type hooks struct {
	clock     Clock         // the real one if nil
	ackWithin time.Duration // webhook.go
	accepts   time.Duration // acceptWithin if 0
	lookEvery time.Duration // webhookset.go
	settle    time.Duration // how long a poller waits for replies; settleWithin if 0
	press     time.Duration // how long a button waits for a notice; pressWait if 0

	calls http.RoundTripper // for calls. Its own if nil
	polls http.RoundTripper // for the long poll, which must not wait behind calls. Its own if nil
}

// An Adapter is Footnote on Telegram. It implements bot.Adapter, bot.Typer,
// bot.Authorizer, bot.StatusReporter, bot.Named and bot.HTTPHandler.
type Adapter struct {
	token      platform.Secret
	calls      *client
	polls      *client
	log        *slog.Logger
	store      bot.Store
	cluster    cluster.Cluster
	webhook    *webhook // nil where the program polls
	clock      Clock
	pace       *pacer
	publicly   *recent.Map[string, struct{}] // groups in which an ephemeral message was refused
	plainly    *recent.Map[string, struct{}] // chats in which a rich message was refused
	pictures   *recent.Map[string, struct{}] // that were sent ahead of their text
	suggester  bot.Suggester
	menu       []bot.Command
	onMove     func(ctx context.Context, from, to bot.Place)
	running    atomic.Bool
	callbacks  callbacks
	me         atomic.Pointer[identity]
	connection bot.Connection
	lookEvery  time.Duration
	settle     time.Duration
	pressWait  time.Duration

	mu    sync.Mutex
	moved map[int64]int64 // groups that became supergroups, old id to new
}

var (
	_ bot.Adapter        = (*Adapter)(nil)
	_ bot.Typer          = (*Adapter)(nil)
	_ bot.Authorizer     = (*Adapter)(nil)
	_ bot.StatusReporter = (*Adapter)(nil)
	_ bot.Named          = (*Adapter)(nil)
	_ bot.HTTPHandler    = (*Adapter)(nil)
)

// New checks c and returns an adapter that has not called anybody yet. Its errors
// are one sentence each, name the configuration key, and never hold the token.
func New(c Config) (*Adapter, error) {
	if err := checkToken(c.Token); err != nil {
		return nil, err
	}
	calls, err := newClient(c.Token, c.Endpoint, c.test.calls, c.Observe)
	if err != nil {
		return nil, err
	}
	polls, err := newClient(c.Token, c.Endpoint, c.test.polls, c.Observe)
	if err != nil {
		return nil, err
	}
	a := &Adapter{
		token: c.Token, calls: calls, polls: polls, log: c.Logger, store: c.Store, cluster: c.Cluster, clock: c.test.clock,
		suggester: c.Suggester, menu: c.Commands, onMove: c.Moved, moved: map[int64]int64{},
	}
	if a.log == nil {
		a.log = slog.New(slog.DiscardHandler)
	}
	a.log = a.log.With("platform", string(Platform))
	if a.store == nil {
		a.store = &platform.Memory{}
	}
	if a.cluster == nil {
		a.cluster = cluster.Alone()
	}
	if a.clock == nil {
		a.clock = realClock{c.Now}
	}
	a.lookEvery = cmp.Or(c.test.lookEvery, lookEvery)
	a.settle = cmp.Or(c.test.settle, settleWithin)
	a.pressWait = cmp.Or(c.test.press, pressWait)
	if c.Webhook != "" {
		if a.webhook, err = newWebhook(a, c); err != nil {
			return nil, err
		}
	}
	a.pace = newPacer(a.clock)
	a.publicly = recent.New[string, struct{}](maxNoted, refusedFor, a.clock.Now)
	a.plainly = recent.New[string, struct{}](maxNoted, richFor, a.clock.Now)
	a.pictures = recent.New[string, struct{}](maxNoted, pictureRecall, a.clock.Now)
	a.me.Store(&identity{commands: bot.ByName(a.menu)})
	return a, nil
}

// Name implements bot.Adapter.
func (a *Adapter) Name() bot.Platform { return Platform }

// Status implements bot.StatusReporter: it is connected while its polls are answered, or
// its webhook is set. A process that waits for its turn at polling is connected too.
func (a *Adapter) Status() bot.Status { return a.connection.Status() }

// Close closes idle connections. Send works after it and opens new ones.
func (a *Adapter) Close() {
	a.calls.closeIdle()
	a.polls.closeIdle()
}

// Username is the bot's user name without "@", once Run has learnt it.
func (a *Adapter) Username() string { return a.me.Load().username }

// Called implements bot.Named.
func (a *Adapter) Called() []string {
	me := a.me.Load()
	return slices.DeleteFunc([]string{me.name, me.username}, func(s string) bool { return s == "" })
}

// maxMoved bounds what is remembered of upgraded groups; a forgotten one costs a
// repeated call, since Telegram says again where it moved to.
const maxMoved = 4096

// maxNoted bounds what is remembered of refusals and pictures; a thing forgotten early costs a repeated call.
const maxNoted = 4096

// move notes that group old is supergroup now, and tells whoever wants to know.
func (a *Adapter) move(ctx context.Context, old, now int64) {
	if old == 0 || now == 0 || old == now || !a.moves(old, now) || a.onMove == nil {
		return
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), storeTimeout)
	defer cancel()
	place := func(id int64) bot.Place { return bot.Place{Platform: Platform, Chat: bot.ChatID(itoa(id))} }
	a.onMove(ctx, place(old), place(now))
}

// moves notes that group old is supergroup now; false if that is known.
func (a *Adapter) moves(old, now int64) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.moved[old] == now {
		return false
	}
	if len(a.moved) >= maxMoved {
		clear(a.moved)
	}
	a.moved[old] = now
	return true
}

// where is the chat that id is now.
func (a *Adapter) where(id int64) int64 {
	a.mu.Lock()
	defer a.mu.Unlock()
	if now, ok := a.moved[id]; ok {
		return now
	}
	return id
}
