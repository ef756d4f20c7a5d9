package gateway

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"footnote/bot"
	"footnote/bot/cluster/clustertest"
	dt "footnote/bot/discord/discordtest"
)

// A shard gets the events of its servers, and shard 0 the direct messages.
func TestShards(t *testing.T) {
	t.Parallel()
	for shard, want := range [][]string{{"of 0", "direct"}, {"of 1"}} {
		x := start(t, dt.Options{}, withStore, func(x *running) {
			x.config.Shard, x.config.Shards, x.config.Key = shard, 2, Key(shard, 2)
		})
		x.ok(x.server.WaitLive(x.ctx, 2, 1))
		x.server.Say(dt.Said{From: "ann", Channel: "#a", Guild: "first", Text: "of 0"})
		x.server.Say(dt.Said{From: "ann", Channel: "#b", Guild: "second", Text: "of 1"})
		x.server.DM("ann", "direct")
		x.wait(want[len(want)-1])
		x.expectSaid(want...)
		var r struct{ Shard [2]int }
		x.mu.Lock()
		if err := json.Unmarshal(x.events[0].Data, &r); err != nil || r.Shard != [2]int{shard, 2} {
			t.Errorf("READY says shard %v, %v", r.Shard, err)
		}
		x.mu.Unlock()
		x.restart(func() {})
		x.ok(x.server.WaitLogins(x.ctx, 1, 1))
		if i, r := x.gateway.Logins(); i != 0 || r != 1 {
			t.Errorf("%d Identifies and %d Resumes counted after a restart", i, r)
		}
	}
}

// A connection that is another's by now handles and sends nothing.
func TestNotOurs(t *testing.T) {
	t.Parallel()
	var mu sync.Mutex
	ours := true
	x := start(t, dt.Options{}, withStore, func(x *running) {
		x.config.Valid = func() bool { mu.Lock(); defer mu.Unlock(); return ours }
	})
	x.expectAlive("one")
	mu.Lock()
	ours = false
	mu.Unlock()
	x.server.DM("ann", "two")
	x.ok(x.server.WaitDials(x.ctx, 3)) // it may try, but says nothing
	x.expectLogins(1, 0)
	x.expectSaid("one")
	if c := x.server.Closes(); len(c) > 0 {
		t.Errorf("close frames %v were sent; they end the session", c)
	}
}

// A session that is not needed any more is ended at Discord too.
func TestEndsSession(t *testing.T) {
	t.Parallel()
	x := prepare(t, dt.Options{}, withStore)
	ctx, cancel := context.WithCancelCause(x.ctx)
	done := make(chan error, 1)
	go func() { done <- x.gateway.Run(ctx, x.take) }()
	x.expectAlive("one")
	cancel(ErrEndSession)
	x.ok(<-done)
	_, err := x.server.WaitCloses(x.ctx, 1)
	x.ok(err)
	if n := x.server.Sessions(); n != 0 {
		t.Errorf("%d sessions are left", n)
	}
}

// One that may only resume ends where there is nothing to resume.
func TestResumeOnly(t *testing.T) {
	t.Parallel()
	x := prepare(t, dt.Options{}, withStore, func(x *running) { x.config.ResumeOnly = true })
	if err := x.runs(); !errors.Is(err, ErrNoSession) {
		t.Errorf("Run returned %v", err)
	}
	x.expectLogins(0, 0)
}

// A session that several processes may take up outlives one that dies over it, and not
// more than are to try.
func TestTries(t *testing.T) {
	t.Parallel()
	x := start(t, dt.Options{}, withStore, func(x *running) { x.config.Tries = 3 })
	x.expectAlive("one")
	x.ok(x.Stop())
	x.gateway.Leave(1)
	for range 3 { // three that get no further
		if s := x.stored(); s.ID == "" {
			t.Fatal("there is no session any more")
		}
		New(x.config).restore(x.ctx)
	}
	if s := x.stored(); s.ID != "" {
		t.Errorf("%+v is still kept after three tries", s)
	}
}

// One that ends before it has taken the session up leaves it as it is.
func TestEndedAtOnceLeavesTheSession(t *testing.T) {
	t.Parallel()
	x := start(t, dt.Options{}, withStore)
	x.expectAlive("one")
	x.restart(func() {
		kept := x.stored()
		x.config.Store = endedStore{x.config.Store}
		ctx, cancel := context.WithCancel(x.ctx)
		cancel()
		g := New(x.config)
		x.ok(g.Run(ctx, x.take))
		g.Leave(math.MaxInt64)
		x.config.Store = x.config.Store.(endedStore).Store
		if now := x.stored(); now != kept || now.ID == "" {
			t.Errorf("kept %+v, before it was %+v", now, kept)
		}
	})
	x.ok(x.server.WaitLogins(x.ctx, 1, 1))
}

// endedStore does nothing for a context that has ended, as a database.
type endedStore struct{ bot.Store }

func (s endedStore) Set(ctx context.Context, key, value string) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	return s.Store.Set(ctx, key, value)
}

// Shards of a bucket identify one after the other, whatever process they are in; those of
// other buckets do not wait. What a process that ended had begun counts too.
func TestGate(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const every = 5500 * time.Millisecond
		state := clustertest.New(0)
		a, b := NewGate(state.Join(t), every), NewGate(state.Join(t), every)
		a.learn(2)
		b.learn(2)
		begun := time.Now()
		at := func(g *Gate, shard int, identifies bool) time.Duration {
			t.Helper()
			turn, err := g.enter(t.Context(), shard)
			if err != nil {
				t.Fatal(err)
			}
			if identifies {
				turn.identified(time.Now())
			}
			turn.done(time.Now())
			return time.Since(begun).Round(time.Second / 2)
		}
		var got []time.Duration
		got = append(got, at(a, 0, true), at(b, 1, true), at(a, 2, true), at(b, 4, false), at(b, 4, true))
		if want := "[0s 0s 5.5s 11s 11s]"; fmt.Sprint(got) != want {
			t.Errorf("went through at %v, want %v", got, want)
		}
		b.Close()
		if d := at(a, 6, true); d != 16500*time.Millisecond {
			t.Errorf("after a process that ended over it: %v", d)
		}
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if _, err := a.enter(ctx, 8); !errors.Is(err, context.Canceled) {
			t.Errorf("with an ended context: %v", err)
		}
		a.Close()
	})
}

// Without the shared state nobody begins a session.
func TestGateWithoutState(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := clustertest.New(0).Join(t)
		m.Cut()
		g := NewGate(m, time.Second)
		if _, err := g.enter(t.Context(), 0); !errors.Is(err, clustertest.ErrCut) {
			t.Errorf("%v", err)
		}
		m.Mend()
		turn, err := g.enter(t.Context(), 0)
		if err != nil {
			t.Fatal(err)
		}
		turn.done(time.Now())
		g.Close()
	})
}

// The sessions that are left are not spent: those that exist go on, and the state says why
// no new one is begun.
func TestBudgetIsLow(t *testing.T) {
	t.Parallel()
	x := start(t, dt.Options{StartsLeft: 51, StartsReset: time.Hour}, withStore)
	x.expectAlive("one") // the last but fifty
	x.server.Drop()
	x.expectAlive("two")
	x.server.ForgetSessions()
	x.server.Drop()
	x.log.Wait(t, "too many new sessions today")
	x.expectLogins(1, 2)
	if s := x.state.Status(); s.Connected || s.Why == "" {
		t.Errorf("state %+v", s)
	}
}

// FuzzSession reads what stands in a lease's note or in the store.
func FuzzSession(f *testing.F) {
	g := New(Config{Now: time.Now, State: &bot.Connection{}, Base: "http://127.0.0.1/api/v9"})
	f.Add(string(mustJSON(session{ID: "x", User: "5", Seq: 7, Of: g.owner(), At: time.Now()})))
	f.Add(`{"session":"x","user":"5","seq":-1}`)
	f.Add("{")
	f.Fuzz(func(t *testing.T, raw string) {
		if s, ok := g.readSession(raw); ok && (s.ID == "" || s.Seq < 0 || s.Of != g.owner()) {
			t.Errorf("%+v was taken", s)
		}
	})
}
