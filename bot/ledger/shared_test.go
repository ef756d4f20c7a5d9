package ledger

import (
	"bytes"
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"footnote/bot"
	"footnote/bot/bottest"
	"footnote/bot/postgres"
	"footnote/bot/store/pgtest"
)

var secret = bytes.Repeat([]byte{'s'}, 32)

// sharedDatabase is an empty database with its tables.
func sharedDatabase(t testing.TB) *postgres.DB {
	t.Helper()
	return pgtest.Open(t, server.Database(t))
}

func openIn(t *testing.T, db *postgres.DB, o Options) *opened {
	t.Helper()
	return opening(t, &opened{shared: db}, o, func(o Options) (*Ledger, error) { return OpenShared(db, secret, o) })
}

// dump is the text of every row of every table.
func dump(t *testing.T, db *postgres.DB) string {
	t.Helper()
	var all strings.Builder
	for _, table := range []string{"asked", "judged", "allowed", "forgotten", "meta", "kv"} {
		rows, err := db.Pool().Query(t.Context(), fmt.Sprintf("SELECT x::text FROM %s AS x", table))
		if err != nil {
			t.Fatal(err)
		}
		for rows.Next() {
			var row string
			if err := rows.Scan(&row); err != nil {
				t.Fatal(err)
			}
			fmt.Fprintln(&all, row)
		}
		if err := rows.Err(); err != nil {
			t.Fatal(err)
		}
	}
	return all.String()
}

// waitFor waits until what is true.
func waitFor(t *testing.T, what func() bool) {
	t.Helper()
	for end := time.Now().Add(patient); !what(); time.Sleep(10 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal("it does not come")
		}
	}
}

// What is allowed in one process is known in the others soon, and what is taken back in one
// is kept by none, at once.
func TestAllowedInAnotherProcess(t *testing.T) {
	t.Parallel()
	address := server.Database(t)
	o := Options{Words: true, refresh: 50 * time.Millisecond}
	one, other := openIn(t, pgtest.Open(t, address), o), openIn(t, pgtest.Open(t, address), o)
	if err := one.Allow(t.Context(), ann, true); err != nil {
		t.Fatal(err)
	}
	waitFor(t, func() bool { return other.Allows(ann) })
	other.Record(t.Context(), asked("q1", ann, "annquestion"))
	if !strings.Contains(one.bytes(), "annquestion") {
		t.Error("the words are not there")
	}
	if err := one.Allow(t.Context(), ann, false); err != nil {
		t.Fatal(err)
	}
	other.Record(t.Context(), asked("q2", ann, "annlater")) // which may not know it yet
	if s := one.bytes(); strings.Contains(s, "annquestion") || strings.Contains(s, "annlater") || len(one.all()) != 2 {
		t.Errorf("words were kept that were taken back: %s", s)
	}
	waitFor(t, func() bool { return !other.Allows(ann) })
	if a, b := one.hash(ann), other.hash(ann); a != b {
		t.Error("processes have different keys")
	}
}

// Somebody who is forgotten in one process stays so, also if another one could not reach the
// database meanwhile and holds records back.
func TestForgottenWhileAnotherProcessIsCutOff(t *testing.T) {
	t.Parallel() // whether a write can be made is waited for
	address, network := bottest.Through(t, server.Database(t))
	one, other := openIn(t, pgtest.Open(t, address), Options{Words: true, Retry: 10 * time.Millisecond}), openIn(t, pgtest.Open(t, address), Options{Words: true, Retry: time.Hour})
	before, later := asked("q1", ann, ""), asked("q2", ann, "")
	later.At = time.Now().Add(time.Minute)
	network.Refuse(true)
	network.Cut()
	other.Record(t.Context(), before)
	other.Record(t.Context(), later)
	other.log.wait(t, "cannot be written")
	short, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond) // it waits for as long as it may
	defer cancel()
	if err := one.Forget(short, ann); err == nil {
		t.Error("nothing can be deleted now, and that must be said")
	}
	network.Refuse(false)
	waitFor(t, func() bool { return one.Forget(t.Context(), ann) == nil })
	if err := other.Close(); err != nil { // it writes what it has held back
		t.Fatal(err)
	}
	if got := one.all(); len(got) != 1 || got[0].At.Before(time.Now()) {
		t.Errorf("kept: %+v", got)
	}
}

// Many processes write, judge and forget at once, and nothing waits for the other without
// end; whoever is forgotten last has nothing left.
func TestSharedByManyAtOnce(t *testing.T) {
	address := server.Database(t)
	var all sync.WaitGroup
	var ledgers []*opened
	for range 3 {
		ledgers = append(ledgers, openIn(t, pgtest.Open(t, address), Options{Words: true, Retry: 10 * time.Millisecond}))
	}
	for i, l := range ledgers {
		all.Go(func() {
			for j := range 30 {
				id := fmt.Sprint(i, "-", j)
				l.Record(t.Context(), asked(id, ann, ""))
				l.Record(t.Context(), asked(id+"b", bob, ""))
				l.Judged(t.Context(), fmt.Sprint((i+1)%3, "-", j), bob, bot.Helpful)
				if j%10 == 9 {
					if err := l.Forget(t.Context(), ann); err != nil {
						t.Error(err)
					}
				}
			}
		})
	}
	all.Wait()
	if err := ledgers[0].Forget(t.Context(), ann); err != nil {
		t.Fatal(err)
	}
	got := ledgers[1].all()
	if len(got) != 90 || slices.ContainsFunc(got, func(q Question) bool { return q.Who == ledgers[0].hash(ann) }) {
		t.Errorf("%d questions, want bob's 90", len(got))
	}
}

// What is too old goes, with the marks of who was forgotten.
func TestSharedRetention(t *testing.T) {
	db, now := sharedDatabase(t), time.Now()
	at := func() time.Time { return now }
	l := openIn(t, db, Options{Retention: 48 * time.Hour, Now: at})
	old := asked("q1", ann, "")
	old.At = now.Add(-47 * time.Hour)
	l.Record(t.Context(), old)
	l.Judged(t.Context(), "q1", bob, bot.Helpful)
	l.Record(t.Context(), asked("q2", ann, ""))
	if err := l.Forget(t.Context(), bob); err != nil {
		t.Fatal(err)
	}
	_ = l.Close()
	now = now.Add(heldBack + time.Hour)
	l = openIn(t, db, Options{Retention: 48 * time.Hour, Now: at})
	if got := l.all(); len(got) != 1 {
		t.Errorf("%d questions", len(got))
	}
	var judged, forgotten int
	if err := db.Pool().QueryRow(t.Context(), "SELECT (SELECT count(*) FROM judged), (SELECT count(*) FROM forgotten)").Scan(&judged, &forgotten); judged+forgotten > 0 || err != nil {
		t.Errorf("%d judgements, %d marks, %v", judged, forgotten, err)
	}
}

// A ledger's key is in the database as a seal, which another secret does not open.
func TestSharedKey(t *testing.T) {
	db := sharedDatabase(t)
	l := openIn(t, db, Options{})
	if strings.Contains(dump(t, db), fmt.Sprintf("%x", l.key)) {
		t.Error("the key lies beside what it hides")
	}
	if _, err := OpenShared(db, bytes.Repeat([]byte{'t'}, 32), Options{}); err == nil || !strings.Contains(err.Error(), "another secret") {
		t.Errorf("another secret: %v", err)
	}
	if _, err := OpenShared(db, secret, Options{Retention: time.Minute}); err == nil {
		t.Error("a retention of a minute is a slip")
	}
}

// Words as an older program kept them, which PostgreSQL would not take, are moved without
// what it does not take.
func TestMoveOldWords(t *testing.T) {
	path := filepath.Join(t.TempDir(), "ledger.db")
	l := openAt(t, path, Options{Words: true})
	if _, err := l.db.Exec("INSERT INTO asked (id, at, platform, who, outcome, fact, near, packs, confidence, margin, words) VALUES ('q', ?, 'x', 'y', 'z', '', '', '', 0, 0, ?)", time.Now().Unix(), "bell\x00 \xff tower"); err != nil {
		t.Fatal(err)
	}
	_ = l.Close()
	db := sharedDatabase(t)
	var moved Moved
	err := db.InTx(t.Context(), func(tx pgx.Tx) (err error) {
		moved, err = Move(t.Context(), path, tx, secret)
		return err
	})
	if err != nil || moved.Records != 1 || moved.Words != 1 {
		t.Fatalf("%+v, %v", moved, err)
	}
	if got := openIn(t, db, Options{Words: true}).all(); len(got) != 1 || !strings.HasPrefix(got[0].Words, "bell") || !strings.HasSuffix(got[0].Words, "tower") {
		t.Errorf("%+v", got)
	}
}

func BenchmarkRecord(b *testing.B) {
	for name, open := range map[string]func() (*Ledger, error){
		"sqlite":   func() (*Ledger, error) { return Open(filepath.Join(b.TempDir(), "l.db"), Options{}) },
		"postgres": func() (*Ledger, error) { return OpenShared(sharedDatabase(b), secret, Options{}) },
	} {
		b.Run(name, func(b *testing.B) {
			l, err := open()
			if err != nil {
				b.Fatal(err)
			}
			defer l.Close()
			n := 0
			for b.Loop() {
				n++
				l.Record(b.Context(), bot.Record{ID: fmt.Sprint(n), At: time.Now(), By: ann, Outcome: "declined"})
			}
		})
	}
}
