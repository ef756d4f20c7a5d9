package discord

import (
	"context"
	"encoding/json"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"footnote/bot"
	dt "footnote/bot/discord/discordtest"
	"footnote/bot/platform"
)

// kept is the session that the store holds, as far as a test looks at it.
func (x *running) kept(s *platform.Memory) (k struct{ Seq int64 }) {
	x.t.Helper()
	raw, _ := s.Get(x.ctx, "discord.session")
	if raw != "" && json.Unmarshal([]byte(raw), &k) != nil {
		x.t.Errorf("the store holds %q", raw)
	}
	return k
}

func (x *running) texts() string {
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
	for name, k := range map[string]dt.Options{"at its own address": {}, "at the usual address": {NoResumeURL: true, NoAppID: true}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := Config{Store: &platform.Memory{}}
			x := start(t, k, c)
			x.expectAlive("one")
			for i, said := range []string{"two", "three"} {
				x.ok(x.stop())
				x.server.DM("ann", said)
				x.server.Mention("bob", "history", said+"?")
				x.renew(c)
				x.start(nil)
				x.wait(3 + 2*i)
				x.expectLogins(1, 1+i)
			}
			x.server.Drop() // the library resumes by itself from here on
			x.ok(x.server.WaitLogins(x.ctx, 1, 3))
			x.expectAlive("four")
			x.expectLogins(1, 3)
			if got := x.texts(); got != "one, two, two?, three, three?, four" {
				t.Errorf("delivered %s", got)
			}
			if c := x.server.Closes(); len(c) > 0 {
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
	often := func(x *running) { x.adapter.timing.gateway.Checkpoint = time.Millisecond }
	x := prepare(t, dt.Options{}, Config{Store: store}, often)
	stuck, release := make(chan struct{}), make(chan struct{})
	x.start(func(ctx context.Context, m bot.Message) error {
		if m.Text == "two" {
			close(stuck)
			<-release
		}
		return x.messages.Collect(ctx, m)
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
	x.server.DM("ann", "one")
	x.wait(1)
	at(2)
	x.server.DM("ann", "two")
	<-stuck
	x.server.Dispatch("TYPING_START", map[string]any{}) // it is nothing to wait for, but "two" is
	x.server.DM("ann", "three")
	close(release)
	x.wait(3)
	at(5)
	crashed, _ := store.Get(x.ctx, "discord.session")
	x.server.DM("ann", "four")
	x.wait(4)
	x.ok(x.stop())
	x.server.Command("bob", "history", "ask", "question", "who?")
	x.server.DM("ann", "five")

	x.ok(store.Set(x.ctx, "discord.session", crashed)) // as if it had been killed before "four" was written down
	x.renew(Config{Store: store})
	often(x)
	x.start(nil)
	x.expectAlive("six")
	x.server.Command("bob", "history", "ask", "question", "who else?")
	x.wait(8)
	if got := x.texts(); got != "one, two, three, four, four, five, six, ask who else?" {
		t.Errorf("delivered %s", got)
	}
	x.expectLogins(1, 1)
	at(11) // with the command while nothing ran, and RESUMED
}

// What the bot did not accept before the end comes again after it, in order. A
// command cannot wait so long: it is turned away at the end, and not met again.
func TestUnacceptedComesAgain(t *testing.T) {
	t.Parallel()
	c := Config{Store: &platform.Memory{}}
	x := prepare(t, dt.Options{}, c)
	stuck := make(chan struct{})
	x.start(func(ctx context.Context, m bot.Message) error {
		if m.Text == "one" {
			return x.messages.Collect(ctx, m)
		}
		close(stuck)
		<-ctx.Done()
		return ctx.Err()
	})
	x.ready()
	x.server.DM("ann", "one")
	x.server.DM("ann", "two")
	<-stuck
	x.server.Command("bob", "history", "ask", "question", "who?")
	x.server.Complete("bob", "history", "ask", "question", "wh") // its answer shows that what came before has come
	x.server.DM("ann", "three")
	x.ok(x.server.WaitCalls(x.ctx, "POST /interactions/", 1))
	x.ok(x.stop())
	if p := x.posts(1); !p[0].Ephemeral || !strings.HasPrefix(p[0].Content, "Too many questions") {
		t.Errorf("the command was answered with %+v", p[0])
	}
	x.renew(c)
	x.start(nil)
	x.expectAlive("four")
	if got := x.texts(); got != "one, two, three, four" {
		t.Errorf("delivered %s", got)
	}
	x.expectLogins(1, 1)
	x.server.Command("bob", "history", "ask", "question", "who else?")
	x.wait(5)
	if p := x.server.Sent(); len(p) != 1 {
		t.Errorf("%d things are shown, want 1", len(p))
	}
}

// The inbox says up to which event the bot has accepted all, and what is left.
func TestInbox(t *testing.T) {
	t.Parallel()
	b := newInbox(2, time.Millisecond, new(atomic.Int64))
	if n := b.acceptedThrough(7); n != 7 {
		t.Errorf("accepted through %d while nothing waits", n)
	}
	for seq := int64(8); seq <= 10; seq++ { // the last finds no room
		b.put(t.Context(), received{seq: seq})
	}
	if n := b.acceptedThrough(10); n != 7 {
		t.Errorf("accepted through %d while all waits", n)
	}
	ctx, cancel := context.WithCancel(t.Context())
	b.run(ctx, func(context.Context, received) error { cancel(); return nil })
	if n := b.acceptedThrough(10); n != 8 {
		t.Errorf("accepted through %d once one is accepted", n)
	}
	if left := b.left(); len(left) != 1 || left[0].seq != 9 {
		t.Errorf("%+v is left", left)
	}
}
