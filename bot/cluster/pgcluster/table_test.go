package pgcluster

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"go.uber.org/goleak"

	"footnote/bot/bottest"
	"footnote/bot/cluster"
	"footnote/bot/cluster/clustertest"
	"footnote/bot/platform"
	"footnote/bot/postgres"
	"footnote/bot/store"
	"footnote/bot/store/pgtest"
)

var server pgtest.Shared

// holdsFor makes the test's own program hold a lease in the database that it names.
const holdsFor = "FOOTNOTE_TEST_HOLDS_A_LEASE"

const frozenTTL = 2 * time.Second

func TestMain(m *testing.M) {
	if address := os.Getenv(holdsFor); address != "" {
		holdLease(address)
		return
	}
	bottest.WaitTogether(8)
	goleak.VerifyTestMain(server.Around(m))
}

// holdLease holds a lease and says whether it is valid, for each line that it reads.
func holdLease(address string) {
	say := func(s string) { _, _ = os.Stdout.WriteString(s + "\n") }
	db, err := postgres.Open(platform.NewSecret(address))
	if err != nil {
		say(err.Error())
		return
	}
	x, err := Open(db, secret)
	if err != nil {
		say(err.Error())
		return
	}
	p, err := cluster.Join(context.Background(), x, cluster.Options{TTL: frozenTTL})
	if err != nil {
		say(err.Error())
		return
	}
	l, err := p.Acquire(context.Background(), "x")
	if err != nil {
		say(err.Error())
		return
	}
	say("holds")
	for lines := bufio.NewScanner(os.Stdin); lines.Scan(); {
		if l.Valid() {
			say("valid")
		} else {
			say("lost")
		}
	}
}

var secret = bytes.Repeat([]byte{7}, 32)

func table(t testing.TB, address string) *Table {
	t.Helper()
	x, err := Open(pgtest.Open(t, address), secret)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(x.Close)
	return x
}

func TestTable(t *testing.T) {
	t.Parallel()
	clustertest.RunTable(t, func(t *testing.T) func() cluster.Table {
		address := server.Database(t)
		return func() cluster.Table { return table(t, address) }
	})
}

// TestDatabaseIsStopped: a restart is borne, and of a database that hangs the holder's own
// clock knows in time. (What its processes' clocks say of the time of day never reaches the
// database: durations alone go in.)
func TestDatabaseIsStopped(t *testing.T) {
	t.Parallel()
	own, err := pgtest.Start(t.Context(), pgtest.Options{Durable: true})
	pgtest.Need(t, err)
	defer func() {
		if err := own.Close(); err != nil {
			t.Error(err)
		}
	}()
	address, err := own.NewDatabase(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	const ttl = 2 * time.Second
	x := table(t, address)
	p, err := cluster.Join(t.Context(), x, cluster.Options{TTL: ttl, Log: slog.New(slog.NewTextHandler(t.Output(), nil))})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = p.Close(context.WithoutCancel(t.Context())) }()
	l, err := p.Acquire(t.Context(), "telegram/poller")
	if err != nil {
		t.Fatal(err)
	}
	restart := func(m pgtest.Mode) {
		t.Helper()
		if err := own.Stop(m); err != nil {
			t.Fatal(err)
		}
		if err := own.Start(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	begun := time.Now()
	restart(pgtest.Immediate)
	if time.Since(begun) < ttl/2 { // on a machine that is not too busy a short stop is borne
		for p.Stats().Renewed > time.Since(begun) {
			time.Sleep(10 * time.Millisecond)
		}
		if !l.Valid() {
			t.Error("a restart of the database lost the lease")
		}
	}
	if err := own.Freeze(); err != nil {
		t.Fatal(err)
	}
	<-l.Done() // although no call fails
	if err := own.Thaw(); err != nil {
		t.Fatal(err)
	}
	var again cluster.Lease
	for again == nil {
		if again, err = p.Acquire(t.Context(), "telegram/poller"); err != nil {
			if strings.Contains(err.Error(), "postgres://") {
				t.Fatal(err)
			}
			time.Sleep(10 * time.Millisecond)
		}
	}
	defer func() { _ = again.Release(context.WithoutCancel(t.Context())) }()
	if again.Epoch() <= l.Epoch() {
		t.Errorf("epoch %d after %d", again.Epoch(), l.Epoch())
	}
}

// TestOlderData: a failover that loses the last commits gives a lease to another; the holder
// knows with its next renewal, and its note is refused.
func TestOlderData(t *testing.T) {
	t.Parallel()
	address := server.Database(t)
	x, y := table(t, address), table(t, address)
	p, err := cluster.Join(t.Context(), x, cluster.Options{TTL: time.Second})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = p.Close(context.WithoutCancel(t.Context())) }()
	l, err := p.Acquire(t.Context(), "x")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := x.db.Pool().Exec(t.Context(), "DELETE FROM lease WHERE name = 'x'"); err != nil {
		t.Fatal(err)
	}
	epoch, _, taken, err := y.Take(t.Context(), "other", "x", time.Hour)
	if err != nil || !taken || epoch != l.Epoch() {
		t.Fatalf("%d, %v, %v", epoch, taken, err) // the same epoch, and yet not the same holder
	}
	if err := l.SetNote(t.Context(), "42"); !errors.Is(err, cluster.ErrLost) {
		t.Errorf("a note after that: %v", err)
	}
	<-l.Done()
}

// TestNothingOfAnybody: what is stored shows neither who nor what.
func TestNothingOfAnybody(t *testing.T) {
	address := server.Database(t)
	x := table(t, address)
	ctx := t.Context()
	if _, err := x.Claim(ctx, "me", cluster.MessageID{Platform: "telegram", ID: "m47114711:12"}, false); err != nil {
		t.Fatal(err)
	}
	u := NewUnanswered(x.db, secret, "me")
	if err := u.Put(ctx, map[string]string{"me.1": `{"c":"47114711"}`}); err != nil {
		t.Fatal(err)
	}
	turns := NewTurns(x.db, secret)
	if err := turns.Put(ctx, map[string]string{"telegram 47114711 ann": "fact-47114711"}, []string{"ann 47114711"}); err != nil {
		t.Fatal(err)
	}
	for of, bytes := range map[string]string{"claim": "id", "unanswered": "value", "turn": "scope || value || people[1]"} {
		var text string
		var raw []byte
		if err := x.db.Pool().QueryRow(ctx, "SELECT string_agg("+of+"::text, ''), string_agg("+bytes+", '') FROM "+of).Scan(&text, &raw); err != nil {
			t.Fatal(err)
		}
		if text += string(raw); len(raw) == 0 || strings.Contains(text, "47114711") || strings.Contains(text, "ann") {
			t.Errorf("%s holds %q", of, text)
		}
	}
}

func TestUnanswered(t *testing.T) {
	address := server.Database(t)
	x := table(t, address)
	ctx := t.Context()
	u := map[string]*Unanswered{}
	for _, who := range []string{"a", "b", "c"} {
		u[who] = NewUnanswered(pgtest.Open(t, address), secret, who)
		if _, err := x.Renew(ctx, who, nil, nil, time.Hour); err != nil {
			t.Fatal(err)
		}
	}
	all := map[string]string{}
	for i := range 500 {
		all[fmt.Sprint("a.", i)] = fmt.Sprint("message ", i)
	}
	if err := u["a"].Put(ctx, all); err != nil {
		t.Fatal(err)
	}
	if err := u["a"].Put(ctx, map[string]string{"a.0": "written twice"}); err != nil {
		t.Fatal(err)
	}
	if err := u["a"].Delete(ctx, []string{"a.1", "a.2", "none"}); err != nil {
		t.Fatal(err)
	}
	if got, err := u["b"].Adopt(ctx); err != nil || len(got) != 0 {
		t.Errorf("adopted from the living: %d, %v", len(got), err)
	}
	if err := x.Leave(ctx, "a"); err != nil {
		t.Fatal(err)
	}
	type adopted struct {
		all map[string]string
		err error
	}
	results := make(chan adopted)
	for _, who := range []string{"b", "c"} {
		go func() {
			got, err := u[who].Adopt(ctx)
			results <- adopted{got, err}
		}()
	}
	got := map[string]string{}
	for range 2 {
		r := <-results
		if r.err != nil {
			t.Error(r.err)
		}
		for id, text := range r.all {
			if got[id] != "" {
				t.Errorf("both adopt %s", id)
			}
			got[id] = text
		}
	}
	if len(got) != 498 || got["a.0"] != "message 0" || got["a.1"] != "" {
		t.Errorf("adopted %d, the first is %q", len(got), got["a.0"])
	}
	if _, err := x.db.Pool().Exec(ctx, "UPDATE unanswered SET value = 'damaged', holder = 'a' WHERE id = 'a.3'"); err != nil {
		t.Fatal(err)
	}
	if got, err := u["b"].Adopt(ctx); err != nil || len(got) != 0 {
		t.Errorf("of damaged ones: %v, %v", got, err)
	}
}

func TestTurns(t *testing.T) {
	address := server.Database(t)
	a, b := NewTurns(pgtest.Open(t, address), secret), NewTurns(pgtest.Open(t, address), secret)
	ctx := t.Context()
	get := func(want ...string) {
		t.Helper()
		got, err := b.Look([]string{"chat ann", "chat"})(ctx)
		if err != nil || !slices.Equal(got, want) {
			t.Errorf("%q, %v, want %q", got, err, want)
		}
	}
	get("", "")
	put := func(values map[string]string, people ...string) {
		t.Helper()
		if err := a.Put(ctx, values, people); err != nil {
			t.Fatal(err)
		}
	}
	put(map[string]string{"chat ann": "1", "chat": "2"}, "ann")
	get("1", "2")
	put(map[string]string{"chat": "3"}, "ann", "bob")
	get("1", "3")
	if err := a.Forget(ctx, "bob"); err != nil {
		t.Fatal(err)
	}
	get("1", "")
	if err := a.Forget(ctx, "ann"); err != nil {
		t.Fatal(err)
	}
	get("", "")
	put(map[string]string{"chat ann": "1"}, "ann")
	if _, err := a.db.Pool().Exec(ctx, "UPDATE turn SET at = now() - interval '31 minutes'"); err != nil {
		t.Fatal(err)
	}
	get("", "")
	x := table(t, address)
	if _, err := x.Purge(ctx, time.Hour); err != nil {
		t.Fatal(err)
	}
	var n int
	if err := a.db.Pool().QueryRow(ctx, "SELECT count(*) FROM turn").Scan(&n); err != nil || n != 0 {
		t.Errorf("%d turns are left, %v", n, err)
	}
}

// together asks all in one statement.
func together[Q, A any](t *testing.T, b *postgres.Batch[Q, A], all []Q) (answers []A, err error) {
	var asked []*postgres.Asked[Q, A]
	for _, q := range all {
		asked = append(asked, b.Begin(q))
	}
	for _, x := range asked {
		a, failed := x.Wait(t.Context())
		answers, err = append(answers, a), errors.Join(err, failed)
	}
	return answers, err
}

// Claims that are asked for together are as good as one after another, also those for the
// same message.
func TestClaimsTogether(t *testing.T) {
	x := table(t, server.Database(t))
	for _, name := range []string{"me", "you"} {
		if _, err := x.Renew(t.Context(), name, nil, nil, time.Hour); err != nil {
			t.Fatal(err)
		}
	}
	claim := func(id byte, holder string, again bool) claiming { return claiming{[]byte{id}, holder, again} }
	for i, c := range []struct {
		ask  []claiming
		want []cluster.Claim
	}{
		{[]claiming{claim(2, "me", false), claim(1, "you", false), claim(2, "you", false), claim(2, "me", false), claim(3, "me", false), claim(3, "me", true)},
			[]cluster.Claim{cluster.First, cluster.First, cluster.Taken, cluster.Taken, cluster.First, cluster.First}},
		{[]claiming{claim(1, "me", true), claim(2, "me", false), claim(3, "me", true), claim(4, "gone", false)},
			[]cluster.Claim{cluster.Taken, cluster.Taken, cluster.First, cluster.First}},
		{[]claiming{claim(4, "me", false), claim(4, "me", true)}, []cluster.Claim{cluster.Orphaned, cluster.Orphaned}},
	} {
		if got, err := together(t, x.claims, c.ask); err != nil || !slices.Equal(got, c.want) {
			t.Errorf("%d: %v, %v, want %v", i, got, err, c.want)
		}
	}
}

// Last answers that are written together are each about their people, and of two for one
// scope the later counts.
func TestTurnsTogether(t *testing.T) {
	x := NewTurns(table(t, server.Database(t)).db, secret)
	put := func(scope, value string, people ...string) []kept {
		hash := x.seal.Hash(scope)
		return []kept{{hash, x.seal.Seal(hash, value), x.hashes(people)}}
	}
	if _, err := together(t, x.puts, [][]kept{put("a", "old", "ann"), put("b", "one", "bob", "cat"), put("a", "new", "ann"), put("c", "none")}); err != nil {
		t.Fatal(err)
	}
	want := func(all ...string) {
		t.Helper()
		got, err := together(t, x.gets, [][][]byte{{x.seal.Hash("a"), x.seal.Hash("b")}, {x.seal.Hash("b"), x.seal.Hash("d")}, {x.seal.Hash("c")}})
		if err != nil || !slices.Equal(slices.Concat(got...), all) {
			t.Errorf("%q, %v, want %q", got, err, all)
		}
	}
	want("new", "one", "one", "", "none")
	if err := x.Forget(t.Context(), "cat"); err != nil {
		t.Fatal(err)
	}
	want("new", "", "", "", "none")
	if _, err := x.db.Pool().Exec(t.Context(), "UPDATE turn SET value = 'damaged' WHERE scope = $1", x.seal.Hash("a")); err != nil {
		t.Fatal(err)
	}
	want("", "", "", "", "none")
}

// However much is asked at once, a process has no more connections than OPERATING.md says, and
// gets along with as few as it is given.
func TestConnections(t *testing.T) {
	for query, most := range map[string]int{"": 5 + leaseConnections + 1, "&pool_max_conns=1": 1 + leaseConnections + 1} {
		address := server.Database(t)
		x := table(t, address+query)
		p, err := cluster.Join(t.Context(), x, cluster.Options{})
		if err != nil {
			t.Fatal(err)
		}
		turns, values := NewTurns(x.db, secret), store.Shared(x.db)
		var all sync.WaitGroup
		var failed atomic.Int32
		for i := range 300 {
			all.Go(func() {
				name := fmt.Sprint(i)
				_, err := p.Claim(t.Context(), "discord", name)
				err = errors.Join(err, turns.Put(t.Context(), map[string]string{name: "x"}, []string{name}), values.Set(t.Context(), name, "x"))
				_, err2 := turns.Look([]string{name})(t.Context())
				_, err3 := values.Get(t.Context(), name)
				_, err4 := p.Members(t.Context())
				l, err5 := p.Acquire(t.Context(), name)
				if err5 == nil {
					err5 = l.Release(t.Context())
				}
				if err := errors.Join(err, err2, err3, err4, err5); err != nil {
					failed.Add(1)
					t.Log(err)
				}
			})
		}
		done := make(chan struct{})
		go func() { defer close(done); all.Wait() }()
		c, err := pgx.Connect(t.Context(), address)
		if err != nil {
			t.Fatal(err)
		}
		seen := 0
		for working := true; working; {
			select {
			case <-done:
				working = false
			default:
			}
			var n int
			if err := c.QueryRow(t.Context(), "SELECT count(*) - 1 FROM pg_stat_activity WHERE datname = current_database() AND backend_type = 'client backend'").Scan(&n); err != nil {
				t.Fatal(err)
			}
			seen = max(seen, n)
		}
		if err := errors.Join(c.Close(t.Context()), p.Close(t.Context())); err != nil {
			t.Error(err)
		}
		t.Logf("%q: %d connections at most", query, seen)
		if seen > most || failed.Load() > 0 {
			t.Errorf("%q: %d connections, at most %d; %d failed", query, seen, most, failed.Load())
		}
	}
}
