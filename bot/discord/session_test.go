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
)

// kept is the session that the store holds.
func (x *scene) kept(s *memory) (k keptSession) {
	x.t.Helper()
	raw, _ := s.Get(x.ctx, x.a.sessionKey())
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
			c := Config{Store: &memory{m: map[string]string{}}}
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

// A session is resumed once: the number of the last event is known only after an
// end in good order.
func TestCrashLeavesNoSession(t *testing.T) {
	t.Parallel()
	store := &memory{m: map[string]string{}}
	x := play(t, dt.Knobs{}, Config{Store: store})
	x.expectAlive("one")
	x.ok(x.end())
	if k := x.kept(store); k.ID == "" || k.User != x.s.BotID() || k.Seq != 2 || k.Seen != 2 {
		t.Errorf("kept %+v", k)
	}
	x.adapter(Config{Store: store})
	x.run(nil)
	x.expectAlive("two")
	if k := x.kept(store); k.ID != "" {
		t.Errorf("while it runs, %+v is kept", k)
	}
}

// What the bot did not accept before the end comes again after it, in order. A
// command cannot wait so long: it is turned away at the end, and not met again.
func TestUnacceptedComesAgain(t *testing.T) {
	t.Parallel()
	c := Config{Store: &memory{m: map[string]string{}}}
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
		spoil   func(x *scene, s *memory)
		resumes int
	}{
		"forgotten by Discord": {func(x *scene, _ *memory) { x.s.Forget() }, 1},
		"old": {func(x *scene, s *memory) {
			k := x.kept(s)
			k.At = time.Now().Add(-time.Hour)
			x.ok(s.Set(x.ctx, x.a.sessionKey(), string(mustJSON(k))))
		}, 0},
		"no JSON":    {func(x *scene, s *memory) { x.ok(s.Set(x.ctx, x.a.sessionKey(), "{")) }, 0},
		"no session": {func(x *scene, s *memory) { x.ok(s.Set(x.ctx, x.a.sessionKey(), `{"user":"1"}`)) }, 0},
		"of another token": {func(x *scene, _ *memory) {
			x.s.SetToken("MTAwMDAwMDAwMDAwMDAwMDAw.GfAkEt.another-test-token-not-a-real-one00000")
		}, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			store := &memory{m: map[string]string{}}
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
	store := &memory{m: map[string]string{}}
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
