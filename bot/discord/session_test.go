package discord

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"footnote/bot"
	dt "footnote/bot/discord/discordtest"
	"footnote/bot/platform"
)

// kept is the session that the store holds.
func (x *scene) kept(s *platform.Memory) (k keptSession) {
	x.t.Helper()
	raw, _ := s.Get(x.ctx, sessionKey)
	if raw != "" && json.Unmarshal([]byte(raw), &k) != nil {
		x.t.Errorf("the store holds %q", raw)
	}
	return k
}

func (x *scene) texts() string {
	var all []string
	for _, m := range x.wait(0) {
		all = append(all, strings.TrimSpace(m.Command+" "+m.Text))
	}
	return strings.Join(all, ", ")
}

// What is said while the program is started anew reaches it, once; Discord sees
// one session.
func TestRestartLosesNothing(t *testing.T) {
	t.Parallel()
	for name, k := range map[string]dt.Knobs{"at its own address": {}, "at the usual address": {NoResumeURL: true, NoAppID: true}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := Config{Store: &platform.Memory{}}
			x := play(t, k, c)
			x.expectAlive("one")
			for i, said := range []string{"two", "three"} {
				x.ok(x.end())
				x.s.DM("ann", said)
				x.s.Mention("bob", "history", said+"?")
				x.adapter(c)
				x.run(nil)
				x.wait(3 + 2*i)
				x.expectLogins(1, 1+i)
			}
			x.s.Drop() // the library resumes by itself from here on
			x.ok(x.s.WaitLogins(x.ctx, 1, 3))
			x.expectAlive("four")
			x.expectLogins(1, 3)
			if got := x.texts(); got != "one, two, two?, three, three?, four" {
				t.Errorf("delivered %s", got)
			}
			if c := x.s.Closes(); len(c) > 0 {
				t.Errorf("close frames %v were sent; they end the session", c)
			}
		})
	}
}

// A program that is killed has written down how far it was. What was said since then
// comes again, and commands do not: they may have been carried out.
func TestCrash(t *testing.T) {
	t.Parallel()
	store := &platform.Memory{}
	often := func(x *scene) { x.a.timing.keep = time.Millisecond }
	x := prepare(t, dt.Knobs{}, Config{Store: store}, often)
	stuck, release := make(chan struct{}), make(chan struct{})
	x.run(func(ctx context.Context, m bot.Message) error {
		if m.Text == "two" {
			close(stuck)
			<-release
		}
		return x.collect(ctx, m)
	})
	x.ready()
	at := func(seq int64) {
		t.Helper()
		for x.kept(store).Seq != seq {
			if x.ctx.Err() != nil {
				t.Fatalf("kept is %+v", x.kept(store))
			}
			time.Sleep(time.Millisecond)
		}
	}
	at(1)
	x.s.DM("ann", "one")
	x.wait(1)
	at(2)
	x.s.DM("ann", "two")
	<-stuck
	x.s.Dispatch("TYPING_START", map[string]any{}) // it is nothing to wait for, but "two" is
	x.s.DM("ann", "three")
	close(release)
	x.wait(3)
	at(5)
	crashed := x.kept(store)
	x.s.DM("ann", "four")
	x.wait(4)
	x.ok(x.end())
	x.s.Command("bob", "history", "ask", "question", "who?")
	x.s.DM("ann", "five")

	x.ok(store.Set(x.ctx, sessionKey, string(mustJSON(crashed)))) // as if it had been killed before "four" was written down
	x.adapter(Config{Store: store})
	often(x)
	x.run(nil)
	x.expectAlive("six")
	x.s.Command("bob", "history", "ask", "question", "who else?")
	x.wait(8)
	if got := x.texts(); got != "one, two, three, four, four, five, six, ask who else?" {
		t.Errorf("delivered %s", got)
	}
	x.expectLogins(1, 1)
	at(11) // with the command while nothing ran, and RESUMED
}

// A session is taken up once: if what comes with it ends the program, the next one
// does without.
func TestSessionIsTakenUpOnce(t *testing.T) {
	t.Parallel()
	store := &platform.Memory{}
	seldom := func(x *scene) { x.a.timing.keep = time.Hour }
	x := play(t, dt.Knobs{}, Config{Store: store}, seldom)
	x.expectAlive("one")
	x.ok(x.end())
	if k := x.kept(store); k.ID == "" || k.User != x.s.BotID() || k.Seq != 2 || k.Seen != 2 {
		t.Errorf("kept %+v", k)
	}
	x.adapter(Config{Store: store})
	seldom(x)
	x.run(nil)
	x.expectAlive("two")
	if k := x.kept(store); k.ID != "" {
		t.Errorf("%+v is still kept", k)
	}
}

// A place is not written down before what was missed has come, nor that of a session
// that is lost.
func TestPlace(t *testing.T) {
	t.Parallel()
	h := newHandover(2, time.Millisecond)
	g := &gateway{now: time.Now, line: &bot.Line{}, ready: func(*wireReady) {}, event: func(string, int64, json.RawMessage) {}}
	ready := []byte(`{"session_id":"x","user":{"id":"5"}}`)
	if k := g.place(h); k != nil {
		t.Errorf("without a session: %+v", k)
	}
	g.take("READY", 1, ready)
	if k := g.place(h); k == nil || k.Seq != 1 {
		t.Errorf("after READY: %+v", k)
	}
	g.take("MESSAGE_CREATE", 7, nil)
	for seq := int64(8); seq <= 10; seq++ { // the last finds no room
		h.put(t.Context(), received{seq: seq})
	}
	g.take("MESSAGE_CREATE", 10, nil)
	if k := g.place(h); k.Seq != 7 {
		t.Errorf("while all waits: %+v", k)
	}
	ctx, cancel := context.WithCancel(t.Context())
	h.run(ctx, func(context.Context, bot.Message) error { cancel(); return nil })
	if k := g.place(h); k.Seq != 8 {
		t.Errorf("once one is accepted: %+v", k)
	}
	if left := h.left(); len(left) != 1 || left[0].seq != 9 {
		t.Errorf("%+v is left", left)
	}
	g.setSessionLost()
	if k := g.place(h); k != nil {
		t.Errorf("of a lost session: %+v", k)
	}
	g.kept = &keptSession{ID: "x", User: "5", Seq: 3, Seen: 4}
	g.take("READY", 3, ready)
	if k := g.place(newHandover(1, 0)); k != nil {
		t.Errorf("before RESUMED: %+v", k)
	}
	g.take("RESUMED", 5, nil)
	if k := g.place(newHandover(1, 0)); k.Seq != 5 {
		t.Errorf("after RESUMED: %+v", k)
	}
}

// What the bot did not accept before the end comes again after it, in order. A
// command cannot wait so long: it is turned away at the end, and not met again.
func TestUnacceptedComesAgain(t *testing.T) {
	t.Parallel()
	c := Config{Store: &platform.Memory{}}
	x := prepare(t, dt.Knobs{}, c)
	stuck := make(chan struct{})
	x.run(func(ctx context.Context, m bot.Message) error {
		if m.Text == "one" {
			return x.collect(ctx, m)
		}
		close(stuck)
		<-ctx.Done()
		return ctx.Err()
	})
	x.ready()
	x.s.DM("ann", "one")
	x.s.DM("ann", "two")
	<-stuck
	x.s.Command("bob", "history", "ask", "question", "who?")
	x.s.Complete("bob", "history", "ask", "question", "wh") // its answer shows that what came before has come
	x.s.DM("ann", "three")
	x.ok(x.s.WaitCalls(x.ctx, "POST /interactions/", 1))
	x.ok(x.end())
	if p := x.posts(1); !p[0].Ephemeral || !strings.HasPrefix(p[0].Content, "Too many questions") {
		t.Errorf("the command was answered with %+v", p[0])
	}
	x.adapter(c)
	x.run(nil)
	x.expectAlive("four")
	if got := x.texts(); got != "one, two, three, four" {
		t.Errorf("delivered %s", got)
	}
	x.expectLogins(1, 1)
	x.s.Command("bob", "history", "ask", "question", "who else?")
	x.wait(5)
	if p := x.s.Posts(); len(p) != 1 {
		t.Errorf("%d things are shown, want 1", len(p))
	}
}

// A session that Discord has forgotten, or that cannot be ours, costs at most one
// connection.
func TestSessionsOfOthers(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		spoil   func(x *scene, s *platform.Memory)
		resumes int
	}{
		"forgotten by Discord": {func(x *scene, _ *platform.Memory) { x.s.Forget() }, 1},
		"old": {func(x *scene, s *platform.Memory) {
			k := x.kept(s)
			k.At = time.Now().Add(-time.Hour)
			x.ok(s.Set(x.ctx, sessionKey, string(mustJSON(k))))
		}, 0},
		"no JSON": {func(x *scene, s *platform.Memory) { x.ok(s.Set(x.ctx, sessionKey, "{")) }, 0},
		"no session": {func(x *scene, s *platform.Memory) {
			x.ok(s.Set(x.ctx, sessionKey, `{"of":"`+x.a.sessionOwner()+`","user":"1"}`))
		}, 0},
		"of another token": {func(x *scene, _ *platform.Memory) {
			x.s.SetToken("MTAwMDAwMDAwMDAwMDAwMDAw.GfAkEt.another-test-token-not-a-real-one00000")
		}, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			store := &platform.Memory{}
			x := play(t, dt.Knobs{}, Config{Store: store})
			x.expectAlive("one")
			x.ok(x.end())
			c.spoil(x, store)
			x.adapter(Config{Store: store})
			x.run(nil)
			x.ok(x.s.WaitLogins(x.ctx, 2, c.resumes))
			x.expectAlive("two")
			x.expectLogins(2, c.resumes)
		})
	}
}

// A program that never got as far as its session leaves it to the next one.
func TestSessionOutlivesAnOutage(t *testing.T) {
	t.Parallel()
	store := &platform.Memory{}
	x := play(t, dt.Knobs{}, Config{Store: store})
	x.expectAlive("one")
	x.ok(x.end())
	first := x.kept(store)
	x.s.Script(func(c *dt.Conn) { c.Kill() })
	x.s.Fail("GET /gateway/bot", 1, x.s.Hang())
	x.adapter(Config{Store: store})
	x.run(nil)
	x.ok(x.s.WaitCalls(x.ctx, "GET /gateway/bot", 2)) // the resume address was tried before
	x.ok(x.end())
	if k := x.kept(store); k.ID != first.ID || k.Seq != first.Seq || k.Seen != first.Seen || k.URL != first.URL {
		t.Errorf("kept %+v, before it was %+v", k, first)
	}
	x.s.DM("ann", "two")
	x.adapter(Config{Store: store})
	x.run(nil)
	x.wait(2)
	x.expectLogins(1, 1)
}

// Where nothing is remembered, nobody can resume, and the bot is shown offline at
// once.
func TestWithoutStoreSaysGoodbye(t *testing.T) {
	t.Parallel()
	x := play(t, dt.Knobs{}, Config{})
	x.expectAlive("one")
	x.ok(x.end())
	c, err := x.s.WaitCloses(x.ctx, 1)
	x.ok(err)
	if fmt.Sprint(c) != "[1000]" {
		t.Errorf("close frames %v", c)
	}
}
