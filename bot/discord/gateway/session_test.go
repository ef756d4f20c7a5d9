package gateway

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"net"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"footnote/bot"
	dt "footnote/bot/discord/discordtest"
	"footnote/bot/platform"
)

// withStore gives the Gateway a store.
func withStore(x *running) { x.config.Store = &platform.Memory{} }

// stored returns the session that the store holds.
func (x *running) stored() (s session) {
	x.t.Helper()
	raw, _ := x.config.Store.Get(x.ctx, storeKey)
	if raw != "" && json.Unmarshal([]byte(raw), &s) != nil {
		x.t.Errorf("the store holds %q", raw)
	}
	return s
}

func (x *running) store(s session) {
	x.t.Helper()
	x.ok(x.config.Store.Set(x.ctx, storeKey, string(mustJSON(s))))
}

func (x *running) expectSaid(want ...string) {
	x.t.Helper()
	if got := x.said(); fmt.Sprint(got) != fmt.Sprint(want) {
		x.t.Errorf("delivered %q, want %q", got, want)
	}
}

// What is said while the program is started anew reaches it, once; Discord sees
// one session.
func TestRestartLosesNothing(t *testing.T) {
	t.Parallel()
	for name, o := range map[string]dt.Options{"at its own address": {}, "at the usual address": {NoResumeURL: true, NoAppID: true}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			x := start(t, o, withStore)
			x.expectAlive("one")
			for i, said := range []string{"two", "three"} {
				x.restart(func() { x.server.DM("ann", said) })
				x.wait(said)
				x.expectLogins(1, 1+i)
			}
			x.server.Drop()
			x.ok(x.server.WaitLogins(x.ctx, 1, 3))
			x.expectAlive("four")
			x.expectLogins(1, 3)
			x.expectSaid("one", "two", "three", "four")
			if c := x.server.Closes(); len(c) > 0 {
				t.Errorf("close frames %v were sent; they end the session", c)
			}
			x.mu.Lock()
			defer x.mu.Unlock()
			for _, e := range x.events {
				var r readyData
				if e.Type == "READY" && (json.Unmarshal(e.Data, &r) != nil || r.User.ID != x.server.BotID()) {
					t.Errorf("a READY without the bot: %s", e.Data)
				}
			}
		})
	}
}

// After a crash what the store does not tell comes again, and is said to.
func TestCrash(t *testing.T) {
	t.Parallel()
	x := start(t, dt.Options{}, withStore, func(x *running) { x.config.Timing.Checkpoint = time.Millisecond })
	x.expectAlive("one")
	for x.stored().Seq != 2 {
		x.ok(x.ctx.Err())
		time.Sleep(time.Millisecond)
	}
	crashed := x.stored()
	if crashed.Seen != math.MaxInt64 {
		t.Errorf("kept %+v", crashed)
	}
	x.server.Command("ann", "", "ask", "question", "two")
	x.wait("/ask")
	x.restart(func() { x.store(crashed) })
	x.ok(x.server.WaitLogins(x.ctx, 1, 1))
	x.expectAlive("three")
	x.expectSaid("one", "/ask", "/ask", "three")
	x.mu.Lock()
	defer x.mu.Unlock()
	var again []bool
	for _, e := range x.events {
		if e.Type == "INTERACTION_CREATE" || e.Type == "MESSAGE_CREATE" {
			again = append(again, e.Again)
		}
	}
	if fmt.Sprint(again) != "[false false true false]" {
		t.Errorf("met before: %v", again)
	}
}

// A session is taken up once: if what comes with it ends the program, the next one
// does without.
func TestSessionIsTakenUpOnce(t *testing.T) {
	t.Parallel()
	x := start(t, dt.Options{}, withStore, func(x *running) { x.config.Timing.Checkpoint = time.Hour })
	x.expectAlive("one")
	x.restart(func() {
		if s := x.stored(); s.ID == "" || s.User != x.server.BotID() || s.Seq != 2 || s.Seen != 2 {
			t.Errorf("kept %+v", s)
		}
	})
	x.expectAlive("two")
	if s := x.stored(); s.ID != "" {
		t.Errorf("%+v is still kept", s)
	}
	x.ok(x.Stop())
	x.gateway.Leave(1) // the bot has not accepted all
	if s := x.stored(); s.Seq != 1 || s.Seen < 3 {
		t.Errorf("kept %+v", s)
	}
	x.gateway.Forget()
	if s := x.stored(); s.ID != "" {
		t.Errorf("%+v is kept after Forget", s)
	}
}

// A place is not written down before what was missed has come, nor that of a session
// that is lost.
func TestPlace(t *testing.T) {
	t.Parallel()
	accepted := int64(math.MaxInt64)
	g := New(Config{Now: time.Now, State: &bot.Connection{}, Accepted: func(seq int64) int64 { return min(seq, accepted) }})
	g.handleEvent = func(Event) {}
	ready := []byte(`{"session_id":"x","user":{"id":"5"}}`)
	if s := g.place(); s.ID != "" {
		t.Errorf("without a session: %+v", s)
	}
	g.dispatch("READY", 1, ready)
	if s := g.place(); s.Seq != 1 {
		t.Errorf("after READY: %+v", s)
	}
	g.dispatch("MESSAGE_CREATE", 10, nil)
	if s := g.place(); s.Seq != 10 {
		t.Errorf("after an event: %+v", s)
	}
	accepted = 7
	if s := g.place(); s.Seq != 7 {
		t.Errorf("while some wait: %+v", s)
	}
	g.forgetSession()
	if s := g.place(); s.ID != "" {
		t.Errorf("of a lost session: %+v", s)
	}
	g.session = session{ID: "x", User: "5", Seq: 3, Seen: 4}
	g.login(true)
	if s := g.place(); s.ID != "" {
		t.Errorf("before RESUMED: %+v", s)
	}
	g.dispatch("RESUMED", 5, nil)
	if s := g.place(); s.Seq != 5 {
		t.Errorf("after RESUMED: %+v", s)
	}
}

// A session that Discord has forgotten, or that cannot be ours, costs at most one
// connection.
func TestSessionsOfOthers(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		spoil   func(x *running)
		resumes int
	}{
		"forgotten by Discord": {func(x *running) { x.server.ForgetSessions() }, 1},
		"old": {func(x *running) {
			s := x.stored()
			s.At = time.Now().Add(-time.Hour)
			x.store(s)
		}, 0},
		"no JSON":    {func(x *running) { x.ok(x.config.Store.Set(x.ctx, storeKey, "{")) }, 0},
		"no session": {func(x *running) { x.store(session{Of: x.gateway.owner(), User: "1", At: time.Now()}) }, 0},
		"of another token": {func(x *running) {
			const token = "MTAwMDAwMDAwMDAwMDAwMDAw.GfAkEt.another-test-token-not-a-real-one00000"
			x.server.SetToken(token)
			x.config.Token = platform.NewSecret(token)
		}, 0},
		"a store that fails": {func(x *running) { x.config.Store = broken{x.config.Store} }, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			x := start(t, dt.Options{}, withStore)
			x.expectAlive("one")
			x.restart(func() { c.spoil(x) })
			x.ok(x.server.WaitLogins(x.ctx, 2, c.resumes))
			x.expectAlive("two")
			x.expectLogins(2, c.resumes)
		})
	}
}

// broken is a store that can only be read.
type broken struct{ bot.Store }

func (broken) Set(_ context.Context, _, _ string) error { return errors.New("broken") }

// A program that never got as far as its session leaves it to the next one.
func TestSessionOutlivesAnOutage(t *testing.T) {
	t.Parallel()
	x := start(t, dt.Options{}, withStore)
	x.expectAlive("one")
	var first session
	x.restart(func() {
		first = x.stored()
		x.server.Script(func(c *dt.Conn) { c.Kill() })
		x.server.Fail("GET /gateway/bot", 1, x.server.Hang())
	})
	x.ok(x.server.WaitCalls(x.ctx, "GET /gateway/bot", 2)) // the resume address was tried before
	x.restart(func() {
		if s := x.stored(); s.ID != first.ID || s.Seq != first.Seq || s.Seen != first.Seen || s.URL != first.URL {
			t.Errorf("kept %+v, before it was %+v", s, first)
		}
		x.server.DM("ann", "two")
	})
	x.wait("two")
	x.expectLogins(1, 1)
}

// Where nothing is remembered, nobody can resume, and the bot is shown offline at
// once.
func TestWithoutStoreSaysGoodbye(t *testing.T) {
	t.Parallel()
	x := start(t, dt.Options{}, func(x *running) { x.config.Timing.Goodbye = time.Minute }) // the fake closes too, at once
	x.expectAlive("one")
	began := time.Now()
	x.ok(x.Stop())
	if d := time.Since(began); d > 30*time.Second {
		t.Errorf("the end took %v", d)
	}
	x.gateway.Leave(1)
	x.gateway.Forget() // nothing to do without a store
	c, err := x.server.WaitCloses(x.ctx, 1)
	x.ok(err)
	if fmt.Sprint(c) != "[1000]" {
		t.Errorf("close frames %v", c)
	}
}

// A proxy for the gateway is asked to connect, and what it answers is understood.
func TestDialThroughProxy(t *testing.T) {
	for answer, want := range map[string]string{
		"HTTP/1.1 200 OK\r\n\r\n":                            "",
		"HTTP/1.1 407 Proxy Authentication Required\r\n\r\n": "407",
		"what?\r\n\r\n":                                      "malformed",
	} {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		asked := make(chan string, 1)
		go func() {
			c, err := l.Accept()
			if err != nil {
				asked <- err.Error()
				return
			}
			defer c.Close()
			req, err := http.ReadRequest(bufio.NewReader(c))
			if err != nil {
				asked <- err.Error()
				return
			}
			asked <- req.Method + " " + req.Host + " " + req.Header.Get("Proxy-Authorization")
			_, _ = io.WriteString(c, answer)
		}()
		proxy := &url.URL{Scheme: "http", Host: l.Addr().String(), User: url.UserPassword("me", "pw")}
		c, err := connectThrough(t.Context(), &net.Dialer{}, proxy, "gateway.example:443")
		if want == "" && err != nil || want != "" && (err == nil || !strings.Contains(err.Error(), want)) {
			t.Errorf("%q: %v", answer, err)
		}
		if got := <-asked; got != "CONNECT gateway.example:443 Basic bWU6cHc=" {
			t.Errorf("asked %q", got)
		}
		if c != nil {
			c.Close()
		}
		l.Close()
	}
	if _, err := connectThrough(t.Context(), &net.Dialer{}, &url.URL{Scheme: "socks5", Host: "x"}, "y:1"); err == nil || !strings.Contains(err.Error(), "socks5") {
		t.Errorf("a proxy of another kind: %v", err)
	}
}
