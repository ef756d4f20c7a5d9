package gateway

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"footnote/bot"
	"footnote/bot/cluster"
	"footnote/bot/platform"
)

// An Event is what the gateway dispatches. Events come in the order of their numbers.
type Event struct {
	Type string // "READY", "MESSAGE_CREATE" …
	Seq  int64  // its number in the session
	Data json.RawMessage

	// Again says that the event came to an earlier process too, which ended before it
	// could write that down.
	Again bool
}

// Config says which gateway to connect to and what to tell of it. Gate, Store and Valid may
// be nil.
type Config struct {
	Token   platform.Secret
	Base    string // of the REST API, with its version
	Version string // of the API, for the gateway's address
	Logger  *slog.Logger
	Now     func() time.Time
	Timing  Timing

	// Shard is which part of the servers this connection is for, of Shards in all. With one
	// or none it is for all of them.
	Shard, Shards int

	// LookUp asks the REST API for /gateway/bot and returns its answer.
	LookUp func(context.Context) ([]byte, error)
	// Budget counts the sessions that were begun, and Gate says when the next may be. Both
	// outlive the Gateway and are shared with those of other shards.
	Budget *Budget
	Gate   *Gate
	// State is told how the connection stands.
	State *bot.Connection

	// Store remembers the session under Key, so that the next process resumes it, Tries
	// times at most until it has once worked; 0 is once. Without a Store the session ends
	// with Run.
	Store bot.Store
	Key   string
	Tries int
	// ResumeOnly ends Run when there is no session to resume.
	ResumeOnly bool
	// Valid reports whether the connection is still this process's. While it is not,
	// nothing is handled and nothing sent.
	Valid func() bool
	// Accepted says up to which event nothing waits to be accepted, if seq is the last
	// that came. What came after it comes again after a crash.
	Accepted func(seq int64) int64
}

// Timing holds every wait of a Gateway, so that tests need not wait.
type Timing struct {
	Open       time.Duration // one attempt to connect, from dialling to READY
	Abandon    time.Duration // after that, how long the library may take to give up
	Hello      time.Duration // the longest silence before READY
	Grace      time.Duration // beyond a heartbeat interval, how long a connection may be silent
	Write      time.Duration // the longest a write may take
	Deaf       time.Duration // the longest time without any event before the session is resumed to be sure
	First      time.Duration // the first wait between attempts
	Longest    time.Duration // the longest
	Stable     time.Duration // how long a connection must last before the waits start over
	Identify   time.Duration // between two Identifies; Discord allows one in five seconds
	Checkpoint time.Duration // how often the session is written down
	Goodbye    time.Duration // how long Discord may take to close a session that we end
}

// DefaultTiming returns what is used outside tests.
func DefaultTiming() Timing {
	return Timing{
		Open:       45 * time.Second,
		Abandon:    15 * time.Second,
		Hello:      20 * time.Second,
		Grace:      15 * time.Second,
		Write:      15 * time.Second,
		Deaf:       30 * time.Minute,
		First:      time.Second,
		Longest:    2 * time.Minute,
		Stable:     time.Minute,
		Identify:   5500 * time.Millisecond,
		Checkpoint: time.Second,
		Goodbye:    time.Second,
	}
}

// maxAbandoned is how many sessions of the library may hang for good before the
// program had better be started anew. None is known to, since the conn turns each
// known hang into an error; a session that does costs a few goroutines.
const maxAbandoned = 3

// A Gateway keeps one connection to Discord's gateway, and decides alone when to
// connect, resume, start anew or give up. discordgo's own reconnection never ends, not
// even after Close or a refused token. New makes one; it is good for one Run.
type Gateway struct {
	c    Config
	t    Timing
	log  *slog.Logger
	now  func() time.Time
	open opener // replaced in one test

	handleEvent func(Event)
	conn        *conn // the latest connection
	turn        *turn // to identify, while it is this Gateway's
	saving      bot.Streak
	hung        int
	untaken     bool          // what the store has was not taken up
	moved       chan struct{} // says that the session is a new one, or works again

	identifies, resumes atomic.Int64

	mu        sync.Mutex
	session   session // as it is; without an ID there is none
	resumeURL string  // where to resume it; "" for the usual address
	live      bool    // what an earlier process missed has come
}

// New returns a Gateway that is not connected yet.
func New(c Config) *Gateway {
	if c.Valid == nil {
		c.Valid = func() bool { return true }
	}
	if c.Key == "" {
		c.Key = storeKey
	}
	return &Gateway{c: c, t: c.Timing, log: c.Logger, now: c.Now, open: openSession, moved: make(chan struct{}, 1)}
}

// Logins counts the Identifies and Resumes so far.
func (g *Gateway) Logins() (identifies, resumes int64) { return g.identifies.Load(), g.resumes.Load() }

// ErrEndSession is the cause of the end of Run's context after which nobody is to resume the
// session.
var ErrEndSession = errors.New("the session is not needed any more")

// ErrNoSession is what Run returns where there is no session to resume, and none may be begun.
var ErrNoSession = errors.New("there is no session to resume")

// Run keeps a connection and calls handle for each event until ctx is done, and
// returns nil then, or until Discord refuses the bot for good: then the error wraps
// bot.ErrFatal. handle is called by one goroutine at a time and must return soon, since
// heartbeats are acknowledged behind it; after Run has returned it is not called again.
// The connection ends without a word to Discord, which so keeps the session, unless there
// is no Store or the cause of ctx's end is ErrEndSession.
//
// A session taken over from an earlier process begins with its READY, like a new one.
func (g *Gateway) Run(ctx context.Context, handle func(Event)) error {
	g.handleEvent = handle
	if g.c.Gate == nil {
		g.c.Gate = NewGate(cluster.Alone(), g.t.Identify)
		defer g.c.Gate.Close()
	}
	g.restore(ctx)
	working, cancel := context.WithCancel(ctx)
	defer cancel()
	var checkpoints sync.WaitGroup
	if g.c.Store != nil {
		checkpoints.Go(func() { g.checkpoint(working) })
	}
	err := g.keepConnected(working)
	cancel()
	checkpoints.Wait()
	if c := g.conn; c != nil {
		if g.c.Store != nil && err == nil && !errors.Is(context.Cause(ctx), ErrEndSession) {
			c.finish()
		} else {
			c.goodbye(g.t.Goodbye)
		}
	}
	return err
}

// keepConnected connects again and again until ctx is done.
func (g *Gateway) keepConnected(ctx context.Context) error {
	backoff := platform.Backoff{First: g.t.First, Longest: g.t.Longest}
	down := false // it is known that Discord cannot be reached
	for {
		begun := g.now()
		err := g.once(ctx)
		if ctx.Err() != nil {
			return nil
		}
		if errors.Is(err, bot.ErrFatal) || errors.Is(err, ErrNoSession) {
			return err
		}
		if g.now().Sub(begun) >= g.t.Stable {
			backoff.Reset()
			down = false
		}
		wait := backoff.Next()
		var retry *bot.RetryError
		if errors.As(err, &retry) {
			wait = max(wait, retry.After)
		}
		// A close frame's reason is the server's text, and might repeat the token.
		why := platform.Scrub(err.Error(), g.c.Token.Reveal())
		g.c.State.Down(g.now(), why)
		// Discord itself asks for a new connection now and then; that is no outage, nor is
		// each try of a long one.
		level := slog.LevelWarn
		if errors.Is(err, errReconnect) || down {
			level = slog.LevelInfo
		}
		down = !errors.Is(err, errReconnect)
		g.log.Log(ctx, level, "the connection to Discord ended", "why", why, "again in", wait.Round(time.Millisecond), "resumes", g.resumable())
		if platform.Sleep(ctx, wait) != nil {
			return nil
		}
	}
}

// once connects, serves the connection to its end, and says why it ended.
func (g *Gateway) once(ctx context.Context) error {
	target, err := g.prepare(ctx)
	if err != nil {
		return err
	}
	err = g.connect(ctx, target)
	g.turn.done(g.now())
	g.turn = nil
	if err == nil {
		g.log.Debug("connected to Discord's gateway")
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-g.conn.ended:
		}
		g.conn.finish()
		err = g.conn.cause()
	}
	return g.judge(err)
}

// prepare returns the address to dial, once a session may be resumed or begun.
func (g *Gateway) prepare(ctx context.Context) (*url.URL, error) {
	g.mu.Lock()
	resumeURL := g.resumeURL
	g.mu.Unlock()
	if resumeURL != "" {
		u, err := gatewayURL(resumeURL, g.c.Base, g.c.Version)
		if err == nil {
			return u, nil
		}
		g.forgetResumeURL()
	}
	if g.resumable() {
		target, _, err := g.lookUp(ctx)
		return target, err
	}
	if g.c.ResumeOnly {
		return nil, ErrNoSession
	}
	return g.prepareNew(ctx)
}

// prepareNew returns the address to dial once a session may be begun. The turn to do so is
// this Gateway's then.
func (g *Gateway) prepareNew(ctx context.Context) (*url.URL, error) {
	if g.c.Shards > 1 && !g.c.Gate.knows() {
		if _, _, err := g.lookUp(ctx); err != nil {
			return nil, err
		}
	}
	for {
		turn, err := g.c.Gate.enter(ctx, g.c.Shard)
		if err != nil {
			return nil, err
		}
		target, wait, err := g.lookUp(ctx)
		if err == nil && wait <= 0 {
			g.turn = turn
			return target, nil
		}
		turn.done(g.now())
		if err != nil {
			return nil, err
		}
		g.log.Warn("too many new sessions today; waiting so that Discord does not reset the token", "for", wait)
		g.c.State.Down(g.now(), fmt.Sprintf("too many new sessions today: until %s only sessions that exist go on", g.now().Add(wait).UTC().Format(time.RFC3339)))
		if err := platform.Sleep(ctx, wait); err != nil {
			return nil, err
		}
	}
}

// lookUp asks where the gateway is and how long to wait before a new session.
func (g *Gateway) lookUp(ctx context.Context) (*url.URL, time.Duration, error) {
	body, err := g.c.LookUp(ctx)
	if err != nil {
		return nil, 0, err
	}
	info := ReadInfo(body)
	u, err := gatewayURL(info.URL, g.c.Base, g.c.Version)
	if err != nil {
		return nil, 0, fmt.Errorf("discord: %s/gateway/bot names no gateway; is discord.endpoint right? %w", g.c.Base, err)
	}
	g.c.Gate.learn(info.MaxConcurrency)
	return u, max(g.c.Budget.wait(), info.wait()), nil
}

// gatewayURL returns the address to dial for a gateway's address, as the API at base, or
// what an earlier process left, names it. The token goes there: not in clear where the API
// is reached over https, and not to somebody else's host where the API is Discord's.
func gatewayURL(address, base, version string) (*url.URL, error) {
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "ws" && u.Scheme != "wss" || u.Host == "" || u.User != nil {
		return nil, errors.New("the gateway's address is not a ws or wss URL")
	}
	api, err := url.Parse(base)
	switch {
	case err != nil:
		return nil, errors.New("the API's address is no URL")
	case api.Scheme == "https" && u.Scheme != "wss":
		return nil, errors.New("the gateway's address is ws, which would send the token in clear, though the API's is https")
	case discords(api.Hostname()) && !discords(u.Hostname()):
		return nil, errors.New("the gateway's address is none of Discord's")
	}
	if u.Path == "" {
		u.Path = "/"
	}
	q := u.Query()
	q.Set("v", version)
	q.Set("encoding", "json")
	u.RawQuery, u.Fragment = q.Encode(), ""
	return u, nil
}

// discords reports whether a host is Discord's own.
func discords(host string) bool {
	for _, domain := range []string{"discord.com", "discord.gg"} {
		if host == domain || strings.HasSuffix(host, "."+domain) {
			return true
		}
	}
	return false
}

// connect makes a connection to target and opens a session of the library on it. The
// library's Open has no timeout and no context, and holds its lock meanwhile: it runs
// in a goroutine that is ended by ending its connection, or abandoned if even that does
// not help.
func (g *Gateway) connect(ctx context.Context, target *url.URL) error {
	ctx, cancel := context.WithTimeout(ctx, g.t.Open)
	defer cancel()
	g.conn = nil
	var made atomic.Pointer[conn]
	s, opened := g.newSession(ctx, target, made.Store), make(chan error, 1)
	go func() { opened <- g.open(s) }()
	var err error
	select {
	case err = <-opened:
	case <-ctx.Done():
		if c := made.Load(); c != nil {
			c.kill(ctx.Err())
		}
		t := time.NewTimer(g.t.Abandon)
		defer t.Stop()
		select {
		case <-opened: // perhaps it got through at the last moment, onto a dead connection
			err = ctx.Err()
		case <-t.C:
			if g.hung++; g.hung > maxAbandoned {
				return fmt.Errorf("discord: the gateway library hung %d times; start the program again: %w", g.hung, bot.ErrFatal)
			}
			return errors.New("discord: the gateway library hung and was left behind")
		}
	}
	c := made.Load()
	if err == nil && c == nil {
		err = errEnded // cannot happen: it opened without a connection
	}
	if err == nil {
		g.conn = c
		return nil
	}
	g.forgetResumeURL() // its address may be the reason
	if c != nil {
		c.kill(err)
		if why := c.cause(); why != err && why != errEnded {
			return why
		}
	}
	// An error of the HTTP client names the address, and a server may repeat the token.
	var u *url.Error
	for errors.As(err, &u) {
		err = u.Err
	}
	return &openError{err: err, text: platform.Scrub(err.Error(), g.c.Token.Reveal())}
}

// An openError is a connection that could not be made.
type openError struct {
	err  error
	text string // without secrets
}

func (e *openError) Error() string { return "discord: could not connect to the gateway: " + e.text }
func (e *openError) Unwrap() error { return e.err }

// newConn puts a conn on a connection that was just made.
func (g *Gateway) newConn(raw net.Conn) *conn {
	c := newConn(raw, g.t, g.now)
	c.login, c.event, c.valid = g.login, g.dispatch, g.c.Valid
	g.mu.Lock()
	defer g.mu.Unlock()
	if s := g.session; s.ID != "" {
		c.resume, c.readyAgain = s.resume(g.c.Token.Reveal()), s.ready()
	}
	return c
}

// login notes that an Identify or a Resume goes out.
func (g *Gateway) login(resumes bool) {
	if !resumes {
		g.identifies.Add(1)
		g.c.Budget.spend()
		g.turn.identified(g.now())
		return
	}
	g.resumes.Add(1)
	g.mu.Lock()
	s, live := g.session, g.live
	g.mu.Unlock()
	if !live { // whose session it is nobody here knows yet
		g.handle(Event{Type: "READY", Seq: s.Seq, Data: mustJSON(s.readyData())})
	}
}

// handle calls the function that Run was given. A panic in it would end the process.
func (g *Gateway) handle(e Event) {
	defer func() {
		if r := recover(); r != nil {
			g.log.Error("an event of Discord's could not be read", "type", e.Type, "panic", fmt.Sprintf("%T", r))
		}
	}()
	g.handleEvent(e)
}

// dispatch takes an event from the conn, on the library's reading goroutine, sometimes
// inside the library's lock: nothing in here may call the library's session.
func (g *Gateway) dispatch(typ string, seq int64, d json.RawMessage) {
	if typ == "READY" {
		g.begin(seq, d)
		g.handle(Event{Type: typ, Seq: seq, Data: d})
		return
	}
	g.mu.Lock()
	again := seq <= g.session.Seen
	if typ == "RESUMED" { // what comes now is new
		g.session.Seen, g.session.Tries, g.live = 0, 0, true
		g.c.State.Up(g.now())
		g.hasMoved()
	}
	g.mu.Unlock()
	g.handle(Event{Type: typ, Seq: seq, Data: d, Again: again})
	g.mu.Lock()
	defer g.mu.Unlock()
	g.session.Seq = max(g.session.Seq, seq)
}

// begin notes the session that a READY begins.
func (g *Gateway) begin(seq int64, d json.RawMessage) {
	var r readyData
	if platform.Decode(d, &r) != nil {
		return
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	g.session = session{ID: r.SessionID, URL: r.ResumeURL, Seq: seq, User: r.User.ID, App: r.Application.ID}
	g.resumeURL, g.live = r.ResumeURL, true
	g.c.State.Up(g.now())
	g.hasMoved()
}

// hasMoved has the session written down at once, where another process may have to take it
// up any moment.
func (g *Gateway) hasMoved() {
	if g.c.Tries <= 1 {
		return
	}
	select {
	case g.moved <- struct{}{}:
	default:
	}
}

// resumable reports whether there is a session that Discord knows.
func (g *Gateway) resumable() bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.session.ID != ""
}

func (g *Gateway) forgetResumeURL() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.resumeURL = ""
}

func (g *Gateway) forgetSession() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.session, g.resumeURL, g.live = session{}, "", false
}

// judge decides what the end of a connection means for the session.
func (g *Gateway) judge(err error) error {
	var closed *closedError
	var invalid *invalidSession
	switch {
	case errors.As(err, &closed):
		if sentence, fatal := fatalCodes[closed.code]; fatal {
			return fmt.Errorf("discord: %s (gateway close code %d): %w", sentence, closed.code, bot.ErrFatal)
		}
		switch closed.code {
		case closeNotAuthenticated, closeInvalidSequence, closeSessionTimedOut:
			g.forgetSession()
		}
	case errors.As(err, &invalid) && !invalid.resumable:
		g.forgetSession()
	}
	return err
}

// Close codes after which the session cannot be resumed.
const (
	closeNotAuthenticated = 4003
	closeInvalidSequence  = 4007
	closeSessionTimedOut  = 4009
)

// fatalCodes are the close codes after which connecting again is pointless, and
// what a person can do.
var fatalCodes = map[int]string{
	4004: "the token is refused; make a new one at https://discord.com/developers/applications → your application → Bot → Reset Token and set discord.token",
	4010: "Discord does not take the number of shards; set discord.shards to auto",
	4011: "the bot is on too many servers for so few connections (2,500 each at most); set discord.shards to auto",
	4012: "this API version is no longer served; set discord.api-version to a newer one",
	4013: "Discord does not know the intents that the bot asks for; please report this as a defect",
	4014: "Discord does not allow the intents that the bot asks for; see https://discord.com/developers/applications → your application → Bot → Privileged Gateway Intents",
}

// mustJSON encodes what always can be.
func mustJSON(v any) []byte {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return b
}

// shorten makes a server's sentence fit into one of ours.
func shorten(s string) string {
	return platform.CutUTF16(strings.Join(strings.Fields(platform.Clean(s)), " "), 120)
}
