package discord

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"sync"
	"time"

	"github.com/bwmarrin/discordgo"
	"github.com/gorilla/websocket"

	"footnote/bot"
	"footnote/bot/platform"
)

// Timing holds every wait of the gateway, so that tests need not wait.
type timing struct {
	open     time.Duration // one attempt to connect, from dialling to READY
	abandon  time.Duration // after that, how long the library may take to give up
	hello    time.Duration // the longest silence before READY
	grace    time.Duration // beyond a heartbeat interval, how long a connection may be silent
	write    time.Duration // the longest a write may take
	deaf     time.Duration // the longest time without any event before the session is resumed to be sure
	first    time.Duration // the first wait between attempts
	longest  time.Duration // the longest
	stable   time.Duration // how long a connection must last before the waits start over
	identify time.Duration // between two Identifies; Discord allows one in five seconds
	later    time.Duration // when an interaction is announced
	stall    time.Duration // see stallLimit
	keep     time.Duration // how often the place in the session is written down
}

// realTiming is what runs outside tests.
var realTiming = timing{
	open:     45 * time.Second,
	abandon:  15 * time.Second,
	hello:    20 * time.Second,
	grace:    15 * time.Second,
	write:    15 * time.Second,
	deaf:     30 * time.Minute,
	first:    time.Second,
	longest:  2 * time.Minute,
	stable:   time.Minute,
	identify: 5500 * time.Millisecond,
	later:    deferAfter,
	stall:    stallLimit,
	keep:     time.Second,
}

// maxAbandoned is how many sessions may hang for good before the program had
// better be started anew. None is known to, since the guard turns each known hang
// into an error; a session that does costs a few goroutines.
const maxAbandoned = 3

// intents are what the bot listens to: no privileged one. Discord sends the text
// of direct messages, of messages that mention the bot and of replies to it
// without the privilege.
const intents = discordgo.IntentGuildMessages | discordgo.IntentDirectMessages

// A gateway keeps one connection to Discord's gateway, and decides alone when to
// connect, resume, start anew or give up. discordgo's own reconnection never ends,
// not even after Close or a refused token (D9, D10).
type gateway struct {
	rest    *rest
	log     *slog.Logger
	t       timing
	now     func() time.Time
	budget  *budget
	version string
	ready   func(*wireReady)               // READY came
	event   eventFunc                      // an event came
	open    func(*discordgo.Session) error // replaced in one test
	keeps   bool                           // leave the session to a later process
	line    *bot.Line
	left    *keptSession // which is this, after run

	session  *discordgo.Session
	gone     chan struct{} // a session reported a disconnect
	hung     int
	identify time.Time // of the last Identify

	mu     sync.Mutex
	target *url.URL // where the next dial goes
	conn   *guard   // the latest connection
	dial   context.Context
	resume string       // resume_gateway_url of the session; "" while there is none
	kept   *keptSession // of an earlier process, until the library knows it
	at     keptSession  // the session as it is
	live   bool         // what an earlier process missed has come
}

// run keeps the connection until ctx is done, and returns nil then, or until
// Discord refuses the bot for good.
func (g *gateway) run(ctx context.Context) error {
	defer g.drop()
	if g.keeps {
		defer func() { g.left = g.leave() }()
	}
	if g.kept != nil {
		g.session = g.newSession()
		g.resume = cmp.Or(g.kept.URL, noResumeURL)
	}
	backoff := g.t.backoff()
	for {
		begun := g.now()
		err := g.once(ctx)
		if ctx.Err() != nil {
			return nil
		}
		if errors.Is(err, bot.ErrFatal) {
			return err
		}
		if g.now().Sub(begun) >= g.t.stable {
			backoff.Reset()
		}
		wait := backoff.Next()
		var retry *bot.RetryError
		if errors.As(err, &retry) {
			wait = max(wait, retry.After)
		}
		// A close frame's reason is the server's text, and might repeat the token.
		why := platform.Scrub(err.Error(), g.rest.token)
		g.line.Down(g.now(), why)
		g.log.Info("the connection to Discord ended", "why", why, "again in", wait.Round(time.Millisecond), "resumes", g.resumable())
		if platform.Sleep(ctx, wait) != nil {
			return nil
		}
	}
}

// backoff is for the waits between attempts.
func (t timing) backoff() platform.Backoff {
	return platform.Backoff{First: t.first, Longest: t.longest}
}

// once connects, serves the connection to its end, and says why it ended.
func (g *gateway) once(ctx context.Context) error {
	if err := g.prepare(ctx); err != nil {
		return err
	}
	err := g.connect(ctx)
	if err == nil {
		g.log.Debug("connected to Discord's gateway")
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-g.gone:
		}
		if err = g.current().cause(); err == nil {
			err = errEnded
		}
	}
	return g.judge(err)
}

// prepare sees to a session and the address to dial.
func (g *gateway) prepare(ctx context.Context) error {
	g.mu.Lock()
	resume := g.resume
	g.mu.Unlock()
	if resume != "" {
		u, err := gatewayURL(resume, g.version)
		if err == nil {
			g.setTarget(u)
			return nil
		}
		g.forgetResumeURL()
	}
	info, err := g.lookUp(ctx)
	if err != nil {
		return err
	}
	g.setTarget(info.url)
	if g.session != nil && g.resumable() {
		return nil
	}
	wait := max(g.budget.wait(), info.wait)
	if wait > 0 {
		g.log.Warn("too many new sessions today; waiting so that Discord does not reset the token", "for", wait)
	}
	g.mu.Lock()
	if !g.identify.IsZero() {
		wait = max(wait, g.identify.Add(g.t.identify).Sub(g.now()))
	}
	g.mu.Unlock()
	if platform.Sleep(ctx, wait) != nil {
		return ctx.Err()
	}
	g.drop()
	g.session = g.newSession()
	return nil
}

// resumable reports whether the session is known to Discord.
func (g *gateway) resumable() bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.resume != ""
}

// noResumeURL stands for a session that can be resumed, at the usual address.
const noResumeURL = "-"

func (g *gateway) forgetResumeURL() {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.resume != "" {
		g.resume = noResumeURL
	}
}

func (g *gateway) setTarget(u *url.URL) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.target = u
}

func (g *gateway) current() *guard {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.conn
}

// A gatewayInfo is what Discord says about connecting.
type gatewayInfo struct {
	url  *url.URL
	wait time.Duration // before a new session
}

// lookUp asks where the gateway is and how many sessions may still be started.
func (g *gateway) lookUp(ctx context.Context) (gatewayInfo, error) {
	body, err := g.rest.do(ctx, call{doing: "ask for the gateway", method: "GET", path: "/gateway/bot", route: "gateway"})
	if err != nil {
		return gatewayInfo{}, err
	}
	var info struct {
		URL   string `json:"url"`
		Limit *struct {
			Remaining  int     `json:"remaining"`
			Total      int     `json:"total"`
			ResetAfter float64 `json:"reset_after"` // milliseconds
		} `json:"session_start_limit"`
	}
	_ = decode(body, &info)
	u, err := gatewayURL(info.URL, g.version)
	if err != nil {
		return gatewayInfo{}, fmt.Errorf("discord: %s/gateway/bot names no gateway; is discord.endpoint right? %w", g.rest.base, err)
	}
	out := gatewayInfo{url: u}
	if l := info.Limit; l != nil && l.Remaining <= min(identifiesReserve, l.Total/10) {
		out.wait = seconds(l.ResetAfter / 1000)
	}
	return out, nil
}

// gatewayURL is the address to dial for a gateway's base address.
func gatewayURL(base, version string) (*url.URL, error) {
	u, err := url.Parse(base)
	if err != nil || u.Scheme != "ws" && u.Scheme != "wss" || u.Host == "" || u.User != nil {
		return nil, errors.New("the gateway's address is not a ws or wss URL")
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

// newSession makes a session of discordgo that does as little as possible.
func (g *gateway) newSession() *discordgo.Session {
	s, _ := discordgo.New("Bot " + g.rest.token)
	s.LogLevel = silent
	s.ShouldReconnectOnError = false
	s.ShouldReconnectVoiceOnSessionError = false
	s.StateEnabled = false // D20, and nothing here needs it
	s.SyncEvents = true    // D19: else a goroutine for each event, in any order
	s.Compress = false     // D22: no limit on what is inflated
	s.Identify.Compress = false
	s.Identify.Intents = intents
	s.Client = &http.Client{Transport: gatewayAnswer{g}}
	s.Dialer = &websocket.Dialer{
		HandshakeTimeout:  g.t.open,
		Proxy:             g.redirect,
		NetDialContext:    func(ctx context.Context, network, addr string) (net.Conn, error) { return g.dialGuarded(ctx, addr, "") },
		NetDialTLSContext: g.dialTLS,
	}
	gone := make(chan struct{}, 1)
	g.gone = gone
	s.AddHandler(func(*discordgo.Session, *discordgo.Disconnect) {
		select {
		case gone <- struct{}{}:
		default:
		}
	})
	s.AddHandler(func(_ *discordgo.Session, e *discordgo.Event) { // the library has READY too, and first
		if e.Type == "READY" {
			g.take(e.Type, e.Sequence, e.RawData)
		}
	})
	return s
}

// take takes an event that the guard hands over, on the library's reading
// goroutine, sometimes inside its lock: nothing in here may call the session (D17).
// A panic would end the process (D3).
func (g *gateway) take(typ string, seq int64, d json.RawMessage) {
	defer func() {
		if r := recover(); r != nil {
			g.log.Error("an event of Discord's could not be read", "type", typ, "panic", fmt.Sprintf("%T", r))
		}
	}()
	if typ != "READY" {
		g.mu.Lock()
		known := seq <= g.at.Seen
		if typ == "RESUMED" { // what comes now is new
			g.at.Seen, g.live = 0, true
			g.line.Up(g.now())
		}
		g.mu.Unlock()
		defer func() { // also after a panic
			g.mu.Lock()
			defer g.mu.Unlock()
			g.at.Seq = max(g.at.Seq, seq)
		}()
		if typ == "MESSAGE_CREATE" || typ == "INTERACTION_CREATE" && !known {
			g.event(typ, seq, d)
		}
		return
	}
	var r wireReady
	if decode(d, &r) != nil {
		return
	}
	g.mu.Lock()
	g.resume = cmp.Or(r.ResumeURL, noResumeURL)
	at := keptSession{ID: r.SessionID, URL: r.ResumeURL, Seq: seq, App: r.Application.ID}
	if r.User != nil {
		at.User = r.User.ID
	}
	if g.live = g.kept == nil; g.live {
		g.line.Up(g.now())
	}
	if g.kept != nil {
		at.Seen = g.kept.Seen
	}
	g.kept, g.at = nil, at
	g.mu.Unlock()
	g.ready(&r)
}

// connect opens the session. The library's Open has no timeout and no context,
// and holds its lock meanwhile (D7): it runs in a goroutine that is ended by
// ending its connection, or abandoned if even that does not help (D8).
func (g *gateway) connect(ctx context.Context) error {
	attempt, cancel := context.WithTimeout(ctx, g.t.open)
	defer cancel()
	g.mu.Lock()
	g.dial, g.conn = attempt, nil
	g.mu.Unlock()
	select { // a disconnect of the connection before, reported late
	case <-g.gone:
	default:
	}
	s, opened := g.session, make(chan error, 1)
	go func() { opened <- g.open(s) }()
	var err error
	select {
	case err = <-opened:
	case <-attempt.Done():
		if c := g.current(); c != nil {
			c.kill(attempt.Err())
		}
		t := time.NewTimer(g.t.abandon)
		defer t.Stop()
		select {
		case err = <-opened:
			if err == nil { // it got through at the last moment, onto a dead connection
				<-g.gone
			}
			err = attempt.Err()
		case <-t.C:
			g.session = nil
			g.setSessionLost()
			if g.hung++; g.hung > maxAbandoned {
				return fmt.Errorf("discord: the gateway library hung %d times; start the program again: %w", g.hung, bot.ErrFatal)
			}
			return errors.New("discord: the gateway library hung and was left behind")
		}
	}
	if err == nil {
		return nil
	}
	g.forgetResumeURL() // its address may be the reason
	if c := g.current(); c != nil {
		if why := c.cause(); why != nil && why != errEnded {
			return why
		}
	}
	return transportError("connect to the gateway", err, g.rest.token)
}

func (g *gateway) setSessionLost() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.resume, g.kept, g.at, g.live = "", nil, keptSession{}, false
}

// judge decides what the end of a connection means for the session.
func (g *gateway) judge(err error) error {
	var closed *closedError
	var invalid *invalidSession
	switch {
	case errors.As(err, &closed):
		if sentence, fatal := fatalCodes[closed.code]; fatal {
			return fmt.Errorf("discord: %s (gateway close code %d): %w", sentence, closed.code, bot.ErrFatal)
		}
		switch closed.code {
		case closeNotAuthenticated, closeInvalidSequence, closeSessionTimedOut:
			g.setSessionLost()
		}
	case errors.As(err, &invalid) && !invalid.resumable:
		g.setSessionLost()
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
	4004: "the token is refused; make a new one at " + where + " and set discord.token",
	4010: "Discord says the shard is invalid, though the bot asks for none; please report this as a defect",
	4011: "the bot is on too many servers for one connection (2,500), and this version has no sharding",
	4012: "this API version is no longer served; set discord.api-version to a newer one",
	4013: "Discord does not know the intents that the bot asks for; please report this as a defect",
	4014: "Discord does not allow the intents that the bot asks for; see https://discord.com/developers/applications → your application → Bot → Privileged Gateway Intents",
}

// drop closes the session. It takes a second, in the library (D21).
func (g *gateway) drop() {
	s := g.session
	g.session = nil
	g.setSessionLost()
	if s == nil {
		return
	}
	_ = s.Close()
}
