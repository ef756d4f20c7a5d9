package discord

import (
	"context"
	"crypto/ed25519"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync/atomic"
	"time"

	"footnote/bot"
	"footnote/bot/cluster"
	"footnote/bot/discord/gateway"
	"footnote/bot/discord/rest"
	"footnote/bot/platform"
)

// What the adapter uses where the Config leaves it out.
const (
	DefaultEndpoint   = "https://discord.com/api"
	DefaultAPIVersion = 9 // what discordgo v0.29.0 was written for
)

// MaxShards is the most that Config.Shards can be.
const MaxShards = gateway.MaxShards

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

	// Cluster are the processes that share the work; cluster.Alone if nil. With others, Store
	// is shared with them.
	Cluster cluster.Cluster
	// Shards is how many connections share the servers; as many as Discord says if 0.
	Shards int
	// PublicKey is the application's, in hexadecimal digits. With it interactions come over
	// HTTP, and HTTP returns what takes them; over the gateway if empty.
	PublicKey string
}

// An Adapter is the bot's connection to Discord. It implements bot.Adapter,
// bot.Typer, bot.Authorizer, bot.StatusReporter, bot.PartReporter, bot.HTTPHandler and
// bot.Named. Its zero value is not usable; New makes one.
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
	cluster      cluster.Cluster
	shards       int                      // as configured; 0 for as many as Discord says
	publicKey    ed25519.PublicKey        // with which interactions over HTTP are signed; nil for none
	hook         atomic.Pointer[hook]     // takes interactions over HTTP while there is one
	sharding     atomic.Pointer[sharding] // of the present Run
	interactions *interactions
	locales      serverLocales
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
	_ bot.PartReporter   = (*Adapter)(nil)
	_ bot.HTTPHandler    = (*Adapter)(nil)
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
	key, err := readPublicKey(c.PublicKey)
	if err != nil {
		return nil, fmt.Errorf("discord.public-key %w", err)
	}
	if c.Shards < 0 || c.Shards > gateway.MaxShards {
		return nil, fmt.Errorf("discord.shards is %d: write auto, or a number from 1 to %d", c.Shards, gateway.MaxShards)
	}
	a := &Adapter{
		token: c.Token, log: c.Logger, now: c.Now, timing: realTiming(), suggester: c.Suggester, busy: c.Busy, store: c.Store,
		acks: make(chan struct{}, ackAtOnce), queueSize: queueSize, cluster: c.Cluster, shards: c.Shards, publicKey: key,
	}
	if a.cluster == nil {
		a.cluster = cluster.Alone()
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
	a.locales = newServerLocales(a.now)
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

// Status implements bot.StatusReporter: it is connected while each shard that is this
// process's has a session that works.
func (a *Adapter) Status() bot.Status {
	if s := a.sharding.Load(); s != nil {
		return s.status()
	}
	return a.connection.Status()
}

// Parts implements bot.PartReporter: the shards of this process.
func (a *Adapter) Parts() []bot.Part {
	if s := a.sharding.Load(); s != nil {
		return s.parts()
	}
	return nil
}

// tellWays tells over which way interactions come.
func (a *Adapter) tellWays() {
	if a.publicKey == nil {
		a.log.Info("commands and buttons come over the gateway; they do not while the application has an Interactions Endpoint URL")
		return
	}
	a.log.Info("commands and buttons come over HTTP: the application's Interactions Endpoint URL has to lead to this program's listener", "path", hookPath)
}

// Run implements bot.Adapter.
func (a *Adapter) Run(ctx context.Context, deliver bot.DeliverFunc) error {
	if !a.running.CompareAndSwap(false, true) {
		return errors.New("discord: Run is already active")
	}
	defer a.running.Store(false)
	a.rest.Open()
	ctx, cancel := context.WithCancelCause(ctx)
	a.interactions.after = a.timing.later
	r := a.newReceiver(ctx, deliver)
	errRefused := fmt.Errorf("discord: the token is refused (HTTP 401); make a new one at %s and set discord.token: %w", rest.WhereTokens, bot.ErrFatal)
	a.rest.OnRefused(func() { cancel(errRefused) })
	a.tellWays()

	r.wg.Go(r.report)
	closeHook := r.openHook()
	// What was accepted is still to be answered: those who wait are told when the end has
	// come, since nobody keeps their three seconds after that.
	late, stopLate := context.WithCancel(context.WithoutCancel(ctx))
	announce := func(p *interaction) { a.acknowledge(late, p) }
	hurried := make(chan struct{})
	unhurried := context.AfterFunc(ctx, func() {
		defer close(hurried)
		a.interactions.hurry(announce)
	})
	err := newSharding(r).run(ctx)
	if err == nil && errors.Is(context.Cause(ctx), bot.ErrFatal) {
		err = errRefused
	}
	a.connection.Ended(a.now(), err)
	cancel(nil)
	a.rest.OnRefused(nil)
	closeHook()
	if !unhurried() {
		<-hurried
	}
	a.interactions.flush(announce)
	stopLate()
	r.wg.Wait()
	r.background.Wait()
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
	pool    time.Duration // how often it is looked who has which shard
	look    time.Duration // how often it is looked whether there should be more or fewer shards
	catchUp time.Duration // how long shards of another number may take to bring what they missed
	linger  time.Duration // how long they go on after that
	giveWay time.Duration // how long shards that take over leave a message to those before them
	ask     time.Duration // how often Discord is asked how many there should be
}

// realTiming returns what is used outside tests.
func realTiming() timing {
	return timing{gateway: gateway.DefaultTiming(), later: deferAfter, stall: stallLimit, pool: 500 * time.Millisecond, look: time.Second, catchUp: time.Minute, linger: 10 * time.Second, giveWay: time.Second, ask: time.Hour}
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
