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
	"testing"
	"time"

	"go.uber.org/goleak"

	"footnote/bot/cluster"
	"footnote/bot/cluster/clustertest"
	"footnote/bot/platform"
	"footnote/bot/postgres"
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

func open(t testing.TB, address string) *postgres.DB {
	t.Helper()
	db, err := postgres.Open(platform.NewSecret(address))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(db.Close)
	if err := db.Migrate(t.Context()); err != nil {
		t.Fatal(err)
	}
	return db
}

func table(t testing.TB, address string) *Table {
	t.Helper()
	x, err := Open(open(t, address), secret)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(x.Close)
	return x
}

func TestTable(t *testing.T) {
	clustertest.RunTable(t, func(t *testing.T) func() cluster.Table {
		address := server.Database(t)
		return func() cluster.Table { return table(t, address) }
	})
}

// TestDatabaseIsStopped: a restart is borne, and of a database that hangs the holder's own
// clock knows in time. (What its processes' clocks say of the time of day never reaches the
// database: durations alone go in.)
func TestDatabaseIsStopped(t *testing.T) {
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
		u[who] = NewUnanswered(open(t, address), secret, who)
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
	a, b := NewTurns(open(t, address), secret), NewTurns(open(t, address), secret)
	ctx := t.Context()
	get := func(want ...string) {
		t.Helper()
		got, err := b.Get(ctx, []string{"chat ann", "chat"})
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
