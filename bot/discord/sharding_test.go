package discord

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"footnote/bot"
	"footnote/bot/cluster"
	"footnote/bot/cluster/clustertest"
	dt "footnote/bot/discord/discordtest"
	"footnote/bot/discord/gateway"
	"footnote/bot/platform"
)

// guilds are servers of which each is another shard's, also of twice as many.
var guilds = []string{"first", "second", "third", "fourth"}

// sayEverywhere has something said on every server and in a direct chat, and returns what.
func (x *running) sayEverywhere(said string) (texts []string) {
	for _, g := range guilds {
		x.server.Say(dt.Said{From: "ann", Channel: "#" + g, Guild: g, Text: x.server.At(said + " on the " + g), Mentions: true})
		texts = append(texts, said+" on the "+g)
	}
	x.server.DM("ann", said)
	return append(texts, said)
}

// heard waits until the adapters have delivered each of these, and says whether one came
// twice. Order across channels is nobody's business.
func (x *running) heard(want []string, all ...*running) {
	x.t.Helper()
	count := map[string]int{}
	for {
		clear(count)
		n := 0
		for _, y := range all {
			for _, m := range y.messages.All() {
				count[strings.TrimSpace(m.Text)]++
			}
		}
		for _, w := range want {
			if count[w] > 0 {
				n++
			}
		}
		if n == len(want) {
			break
		}
		if x.ctx.Err() != nil {
			x.t.Fatalf("heard %v, want %q", count, want)
		}
		time.Sleep(time.Millisecond)
	}
	for text, n := range count {
		if n != 1 {
			x.t.Errorf("%q came %d times", text, n)
		}
	}
}

// One process keeps all shards, by one Identify each, and resumes all after a restart.
func TestShardsOfOneProcess(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]Config{"configured": {Shards: 4}, "by Discord": {}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c.Store = &platform.Memory{}
			x := start(t, dt.Options{Shards: 4, Concurrency: 2, IdentifyEvery: 5 * time.Millisecond}, c, slowGate)
			x.ok(x.server.WaitLive(x.ctx, 4, 4))
			said := x.sayEverywhere("one")
			x.heard(said, x)
			x.ok(x.stop())
			said = append(said, x.sayEverywhere("two")...)
			x.renew(c)
			slowGate(x)
			x.start(nil)
			x.heard(said, x)
			x.expectLogins(4, 4)
			if s := x.adapter.Status(); !s.Connected {
				t.Errorf("status %+v", s)
			}
			x.untilParts(4)
			for i, p := range x.adapter.Parts() {
				if p.Name != fmt.Sprintf("%d/4", i) || !p.Status.Connected || p.Identifies != 0 || p.Resumes != 1 {
					t.Errorf("part %+v", p)
				}
			}
			if c := x.server.Closes(); len(c) > 0 {
				t.Errorf("close frames %v were sent; they end the session", c)
			}
		})
	}
}

// slowGate keeps more than IdentifyEvery between two Identifies.
func slowGate(x *running) { x.adapter.timing.gateway.Identify = 40 * time.Millisecond }

// untilParts waits until that many shards are this process's and connected.
func (x *running) untilParts(n int) {
	x.t.Helper()
	for {
		up := 0
		for _, p := range x.adapter.Parts() {
			if p.Status.Connected {
				up++
			}
		}
		if up == n {
			return
		}
		if x.ctx.Err() != nil {
			x.t.Fatalf("shards %+v, want %d connected", x.adapter.Parts(), n)
		}
		time.Sleep(time.Millisecond)
	}
}

// untilRecord waits until the store says that so many shards stand.
func (x *running) untilRecord(store bot.Store, n int) {
	x.t.Helper()
	for {
		have, err := store.Get(x.ctx, recordKey)
		if err == nil && have == fmt.Sprint(n) {
			return
		}
		if x.ctx.Err() != nil {
			x.t.Fatalf("the store says %q, %v", have, err)
		}
		time.Sleep(time.Millisecond)
	}
}

// deduped delivers as the bot does: what came before it drops.
func (x *running) deduped() bot.DeliverFunc {
	seen := map[bot.MessageID]bool{}
	gate := make(chan struct{}, 1)
	return func(ctx context.Context, m bot.Message) error {
		gate <- struct{}{}
		defer func() { <-gate }()
		if seen[m.ID] {
			return nil
		}
		seen[m.ID] = true
		return x.messages.Collect(ctx, m)
	}
}

// More shards than before: what was said while nothing ran comes over the old ones, and all
// else over the new ones too; then the old ones are freed.
func TestReshardsOverRestart(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		before, after int
		record        bool
	}{"2 to 4": {2, 4, true}, "4 to 1": {4, 1, true}, "a session of before there were shards": {1, 2, false}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			store := &platform.Memory{}
			x := prepare(t, dt.Options{}, Config{Store: store, Shards: c.before})
			x.start(x.deduped())
			x.ok(x.server.WaitLive(x.ctx, c.before, c.before))
			said := x.sayEverywhere("one")
			x.heard(said, x)
			x.ok(x.stop())
			if have, _ := store.Get(x.ctx, recordKey); have != fmt.Sprint(c.before) {
				t.Errorf("the store says %q", have)
			}
			if !c.record {
				x.ok(store.Delete(x.ctx, recordKey))
			}
			said = append(said, x.sayEverywhere("two")...)
			x.renew(Config{Store: store, Shards: c.after})
			x.start(x.deduped())
			x.ok(x.server.WaitLive(x.ctx, c.after, c.after))
			said = append(said, x.sayEverywhere("three")...)
			x.untilRecord(store, c.after)
			x.ok(x.server.WaitLive(x.ctx, c.before, 0))
			x.heard(append(said, x.sayEverywhere("four")...), x)
			x.expectLogins(c.before+c.after, c.before)
			if n := x.server.Sessions(); n != c.after {
				t.Errorf("%d sessions, want %d", n, c.after)
			}
		})
	}
}

// When Discord says another number the shards change while the bot answers.
func TestReshardsLive(t *testing.T) {
	t.Parallel()
	x := prepare(t, dt.Options{}, Config{}, func(x *running) { x.adapter.timing.ask = 20 * time.Millisecond })
	x.start(x.deduped())
	x.ok(x.server.WaitLive(x.ctx, 1, 1))
	var said []string
	say := func(s string) { said = append(said, x.sayEverywhere(s)...) }
	say("before")
	x.server.Recommend(3)
	for i := 0; len(x.server.Live(3)) < 3; i++ {
		say(fmt.Sprint("between ", i))
		x.heard(said, x)
	}
	x.ok(x.server.WaitLive(x.ctx, 1, 0))
	say("after")
	x.heard(said, x)
	if n := x.server.Sessions(); n != 3 {
		t.Errorf("%d sessions, want 3", n)
	}
}

// Whatever the store says was written there by somebody else.
func TestReadCount(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]shardCount{
		"": {}, "4": {4, 4}, "2 4": {2, 4}, "0": {}, "-1": {}, "x": {}, "2 x": {}, "1 2 3": {}, "99999": {}, "  8 ": {8, 8},
	} {
		if got := readCount(text); got != want {
			t.Errorf("%q is %+v, want %+v", text, got, want)
		}
	}
	for _, n := range []int{-1, gateway.MaxShards + 1} {
		if _, err := New(Config{Token: platform.NewSecret(dt.Token), Shards: n}); err == nil || !strings.Contains(err.Error(), "discord.shards") {
			t.Errorf("%d shards: %v", n, err)
		}
	}
}

// A team is processes that share the shards.
type team struct {
	*running
	state   *clustertest.State
	members []*clustertest.Member
	all     []*running
}

// newTeam starts n processes, which take over from one another after two seconds.
func newTeam(t *testing.T, o dt.Options, n, shards int) *team {
	x := &team{running: prepare(t, o, Config{}), state: clustertest.New(2 * time.Second)}
	store := &platform.Memory{}
	for range n {
		x.join(Config{Shards: shards, Store: store})
	}
	return x
}

// join starts one more process. What it delivers it also answers, so that the fake shows
// who answers twice.
func (x *team) join(c Config) *running {
	m := x.state.Join(x.t)
	c.Cluster = m
	y := x.beside(c)
	x.members, x.all = append(x.members, m), append(x.all, y)
	y.start(func(ctx context.Context, msg bot.Message) error {
		if err := ctx.Err(); err != nil {
			return err
		}
		ctx = context.WithoutCancel(ctx) // what is accepted is answered, as the bot does
		if first, err := m.Claim(ctx, "discord", string(msg.ID)); err == nil && first == cluster.Taken {
			return nil // where nobody knows, Discord posts it once
		}
		if err := y.messages.Collect(ctx, msg); err != nil {
			return err
		}
		return y.adapter.Send(ctx, msg.To, text("answer to "+msg.Text))
	})
	return y
}

// answered waits until each of these is answered, once.
func (x *team) answered(want []string) {
	x.t.Helper()
	_, late := x.server.WaitSent(x.ctx, len(want))
	var got []string
	for _, p := range x.server.Sent() {
		got = append(got, strings.TrimPrefix(p.Text, "answer to "))
	}
	slices.Sort(got)
	want = slices.Sorted(slices.Values(want))
	if !slices.Equal(got, want) {
		x.t.Errorf("answered %q, want %q", got, want)
	}
	x.ok(late)
}

// share waits until each process has that many shards, all connected.
func (x *team) share(each ...int) {
	x.t.Helper()
	for i, n := range each {
		x.all[i].untilParts(n)
	}
}

// Processes share the shards. One that is killed is replaced within the time of a lease, by
// Resume, and what was said meanwhile is answered; an orderly one at once.
func TestTakeover(t *testing.T) {
	t.Parallel()
	for name, kill := range map[string]func(x *team){
		"killed": func(x *team) {
			x.members[0].Kill() // its shards' leases are gone, and the adapter drops its connections
		},
		"ended": func(x *team) { x.ok(x.all[0].stop()) },
		"cut off from the state": func(x *team) {
			x.members[0].Cut()
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			x := newTeam(t, dt.Options{}, 2, 4)
			x.ok(x.server.WaitLive(x.ctx, 4, 4))
			x.share(2, 2)
			said := x.sayEverywhere("one")
			x.answered(said)
			identifies, resumes := x.server.Logins()
			kill(x)
			said = append(said, x.sayEverywhere("two")...)
			x.share(0, 4)
			said = append(said, x.sayEverywhere("three")...)
			x.answered(said)
			i, r := x.server.Logins()
			if i != identifies || r < resumes+2 {
				t.Errorf("%d Identifies and %d Resumes more", i-identifies, r-resumes)
			}
			if c := x.server.Closes(); len(c) > 0 {
				t.Errorf("close frames %v were sent; they end the session", c)
			}
			for _, y := range x.all {
				if s := y.adapter.Status(); y == x.all[1] != s.Connected {
					t.Errorf("status %+v", s)
				}
			}
		})
	}
}

// A rolling restart with another number: the processes go over to it together, and nothing
// is lost or answered twice.
func TestReshardsTogether(t *testing.T) {
	t.Parallel()
	x := newTeam(t, dt.Options{}, 2, 2)
	x.share(1, 1)
	store := x.all[0].adapter.store
	said := x.sayEverywhere("one")
	x.answered(said)
	x.ok(x.all[0].stop())
	said = append(said, x.sayEverywhere("two")...)
	x.join(Config{Shards: 4, Store: store})
	for i := 0; len(x.server.Live(4)) < 4; i++ {
		said = append(said, x.sayEverywhere(fmt.Sprint("between ", i))...)
		x.answered(said)
	}
	x.untilRecord(store, 4)
	x.ok(x.server.WaitLive(x.ctx, 2, 0))
	said = append(said, x.sayEverywhere("three")...)
	x.answered(said)
	x.share(0, 2, 2)
	x.ok(x.all[1].stop())
	x.join(Config{Shards: 4, Store: store})
	said = append(said, x.sayEverywhere("four")...)
	x.answered(said)
	x.share(0, 0, 2, 2)
	if four, two := x.server.Live(4), x.server.Live(2); len(four) != 4 || len(two) != 0 {
		t.Errorf("connected are the shards %v of 4 and %v of 2", four, two)
	}
}

// One that has no shard stands by, and is no less well for that.
func TestStandsBy(t *testing.T) {
	t.Parallel()
	x := newTeam(t, dt.Options{}, 3, 2)
	x.ok(x.server.WaitLive(x.ctx, 2, 2))
	for _, y := range x.all {
		for !y.adapter.Status().Connected {
			x.ok(x.ctx.Err())
			time.Sleep(time.Millisecond)
		}
	}
	n := 0
	for _, y := range x.all {
		n += len(y.adapter.Parts())
	}
	if n != 2 {
		t.Errorf("%d shards are somebody's", n)
	}
}

// A note is read by who has the same token, for the same shard, and by nobody else.
func TestNote(t *testing.T) {
	t.Parallel()
	c := cluster.Alone()
	l, err := c.Acquire(t.Context(), leaseName(0, 2))
	if err != nil {
		t.Fatal(err)
	}
	other, err := c.Acquire(t.Context(), leaseName(1, 2))
	if err != nil {
		t.Fatal(err)
	}
	token := platform.NewSecret(dt.Token)
	n := newNote(l, token)
	const session = `{"session":"secret"}`
	if err := n.Set(t.Context(), "", session); err != nil || strings.Contains(l.Note(), "secret") || l.Note() == "" {
		t.Errorf("%v, noted as %q", err, l.Note())
	}
	if got, err := newNote(l, token).Get(t.Context(), ""); err != nil || got != session {
		t.Errorf("%q, %v", got, err)
	}
	if got, _ := newNote(l, platform.NewSecret("another-token-of-somebody")).Get(t.Context(), ""); got != "" {
		t.Errorf("with another token: %q", got)
	}
	if err := other.SetNote(t.Context(), l.Note()); err != nil {
		t.Fatal(err)
	}
	if got, _ := newNote(other, token).Get(t.Context(), ""); got != "" {
		t.Errorf("of another shard: %q", got)
	}
	if err := n.Delete(t.Context(), ""); err != nil || l.Note() != "" {
		t.Errorf("%v, %q is left", err, l.Note())
	}
	_ = l.Release(t.Context())
	if err := n.Set(t.Context(), "", session); err != nil {
		t.Errorf("of a lease that is lost: %v", err)
	}
}

// FuzzNote reads what anybody may have written into a note.
func FuzzNote(f *testing.F) {
	l, err := cluster.Alone().Acquire(f.Context(), leaseName(0, 1))
	if err != nil {
		f.Fatal(err)
	}
	n := newNote(l, platform.NewSecret(dt.Token))
	_ = n.Set(f.Context(), "", "x")
	f.Add(l.Note())
	f.Add("AAAA")
	f.Fuzz(func(t *testing.T, text string) {
		if got := n.open(text); got != "" && got != "x" {
			t.Errorf("%q is read as %q", text, got)
		}
	})
}
