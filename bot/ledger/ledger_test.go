package ledger

import (
	"bytes"
	"context"
	"database/sql"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"

	"footnote/answers"
	"footnote/bot"
	"footnote/bot/bottest"
	"footnote/bot/postgres"
	"footnote/bot/store/pgtest"
)

var server pgtest.Shared

func TestMain(m *testing.M) {
	if path := os.Getenv(childEnv); path != "" {
		child(path) // until it is killed
	}
	bottest.WaitTogether(8)
	goleak.VerifyTestMain(server.Around(m))
}

// patient bounds every wait; nothing waits that long unless it is broken.
const patient = time.Minute

var (
	ann = bot.Person{Platform: "telegram", ID: "1"}
	bob = bot.Person{Platform: "telegram", ID: "2"}
)

// messages is a log that a test can read and wait on.
type messages struct {
	mu   sync.Mutex
	b    bytes.Buffer
	more chan struct{}
}

func (m *messages) Write(p []byte) (int, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	select {
	case m.more <- struct{}{}:
	default:
	}
	return m.b.Write(p)
}

func (m *messages) count(s string) int {
	m.mu.Lock()
	defer m.mu.Unlock()
	return strings.Count(m.b.String(), s)
}

func (m *messages) wait(t *testing.T, s string) {
	t.Helper()
	late := time.After(patient)
	for m.count(s) == 0 {
		select {
		case <-m.more:
		case <-late:
			t.Fatalf("%q was not logged: %s", s, m.b.String())
		}
	}
}

type opened struct {
	*Ledger
	t      *testing.T
	path   string       // of the file
	shared *postgres.DB // or the database
	log    *messages
}

func openAt(t *testing.T, path string, o Options) *opened {
	t.Helper()
	return opening(t, &opened{path: path}, o, func(o Options) (*Ledger, error) { return Open(path, o) })
}

func opening(t *testing.T, l *opened, o Options, open func(Options) (*Ledger, error)) *opened {
	t.Helper()
	l.t, l.log = t, &messages{more: make(chan struct{}, 1)}
	o.Log = slog.New(slog.NewTextHandler(l.log, nil))
	var err error
	if l.Ledger, err = open(o); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	return l
}

// An opener opens the ledger of one place, each time with what is in it.
type opener func(Options) *opened

// everywhere asks the same of a ledger in each place; fresh makes an empty one.
func everywhere(t *testing.T, test func(t *testing.T, fresh func() opener)) {
	t.Parallel() // disks and databases are waited for
	t.Run("sqlite", func(t *testing.T) {
		t.Parallel()
		test(t, func() opener {
			path := filepath.Join(t.TempDir(), "new folder", "ledger.db")
			return func(o Options) *opened { return openAt(t, path, o) }
		})
	})
	t.Run("postgres", func(t *testing.T) {
		t.Parallel()
		test(t, func() opener {
			db := sharedDatabase(t)
			return func(o Options) *opened { return openIn(t, db, o) }
		})
	})
	t.Run("pgbouncer", func(t *testing.T) {
		t.Parallel()
		test(t, func() opener {
			db := pgtest.Open(t, server.Pooled(t))
			return func(o Options) *opened { return openIn(t, db, o) }
		})
	})
}

func open(t *testing.T, o Options) *opened {
	return openAt(t, filepath.Join(t.TempDir(), "new folder", "ledger.db"), o)
}

func asked(id string, by bot.Person, words string) bot.Record {
	return bot.Record{ID: id, At: time.Now(), By: by, Outcome: answers.Declined, Near: []string{"a-fact", "b-fact"}, Packs: "village 1.0", Confidence: .4, Margin: .1, Words: words}
}

// settle waits until what was queued is done, if the ledger is open and works: on a busy
// machine Record does not wait for it.
func (l *opened) settle() {
	_ = l.change(context.Background(), func(context.Context, *change) error { return nil }, false)
}

// all is what a reader sees.
func (l *opened) all() []Question {
	l.t.Helper()
	l.settle()
	read := func() ([]Question, error) { return Read(l.t.Context(), l.path, time.Time{}) }
	if l.shared != nil {
		read = func() ([]Question, error) { return ReadShared(l.t.Context(), l.shared, time.Time{}) }
	}
	all, err := read()
	if err != nil {
		l.t.Fatal(err)
	}
	return all
}

// bytes are those of every file of the ledger, or of every table.
func (l *opened) bytes() string {
	l.t.Helper()
	l.settle()
	if l.shared != nil {
		return dump(l.t, l.shared)
	}
	files, err := filepath.Glob(filepath.Join(filepath.Dir(l.path), "*"))
	if err != nil || len(files) == 0 {
		l.t.Fatal(err)
	}
	var all strings.Builder
	for _, f := range files {
		data, err := os.ReadFile(f)
		if err != nil {
			l.t.Fatal(err)
		}
		all.Write(data)
	}
	return all.String()
}

func TestKeepsWhatBecameOfQuestions(t *testing.T) {
	everywhere(t, func(t *testing.T, fresh func() opener) {
		l := fresh()(Options{})
		a := asked("q1", ann, "")
		a.Outcome, a.Fact = answers.Answered, "a-fact"
		l.Record(t.Context(), a)
		l.Record(t.Context(), asked("q2", bob, ""))
		l.Picked(t.Context(), "q2", "b-fact")
		l.Judged(t.Context(), "q1", ann, bot.Unhelpful)
		l.Judged(t.Context(), "q1", ann, bot.Helpful) // the last word counts
		l.Judged(t.Context(), "q1", bob, bot.Helpful)
		l.Judged(t.Context(), "forged", bob, bot.Helpful)
		got := l.all()
		if len(got) != 2 {
			t.Fatalf("%d questions, want 2", len(got))
		}
		one, two := got[0], got[1]
		if one.Outcome != answers.Answered || one.Fact != "a-fact" || one.Picked || one.Said[bot.Helpful] != 2 || one.Said[bot.Unhelpful] != 0 ||
			one.Packs != "village 1.0" || one.Platform != "telegram" || one.Confidence != .4 || one.Margin != .1 || strings.Join(one.Near, " ") != "a-fact b-fact" {
			t.Errorf("the first: %+v", one)
		}
		if two.Outcome != answers.Declined || two.Fact != "b-fact" || !two.Picked || two.Who == one.Who {
			t.Errorf("the second: %+v", two)
		}
	})
}

func TestWordsNeedTheOperatorAndThePerson(t *testing.T) {
	everywhere(t, func(t *testing.T, fresh func() opener) {
		for _, x := range []struct{ operator, person, kept bool }{{false, false, false}, {false, true, false}, {true, false, false}, {true, true, true}} {
			l := fresh()(Options{Words: x.operator})
			if x.person {
				if err := l.Allow(t.Context(), ann, true); err != nil {
					t.Fatal(err)
				}
			}
			l.Record(t.Context(), asked("q", ann, "who stole  the\nbell?"))
			if got := l.all()[0].Words; (got == "who stole the bell?") != x.kept || !x.kept && got != "" {
				t.Errorf("operator %t, person %t: %q is kept", x.operator, x.person, got)
			}
			if !x.kept && strings.Contains(l.bytes(), "stole") {
				t.Errorf("operator %t, person %t: the words are somewhere in the files", x.operator, x.person)
			}
		}
		l := fresh()(Options{Words: true})
		_ = l.Allow(t.Context(), ann, true)
		l.Record(t.Context(), asked("q", ann, strings.Repeat("long ", 1000)))
		if n := len([]rune(l.all()[0].Words)); n > maxWords {
			t.Errorf("%d characters are kept", n)
		}
	})
}

// What is deleted is in no file any more, and nobody's name or number ever was.
func TestForgetAndTakingBack(t *testing.T) {
	everywhere(t, func(t *testing.T, fresh func() opener) {
		l := fresh()(Options{Words: true})
		secret := bot.Person{Platform: "telegram", ID: "user-4711-with-a-name"}
		for _, p := range []bot.Person{ann, bob, secret} {
			if err := l.Allow(t.Context(), p, true); err != nil {
				t.Fatal(err)
			}
		}
		l.Record(t.Context(), asked("q1", ann, "annquestion"))
		l.Record(t.Context(), asked("q2", bob, "bobquestion"))
		l.Record(t.Context(), asked("q3", secret, "thirdquestion"))
		l.Judged(t.Context(), "q1", bob, bot.Helpful)
		l.Judged(t.Context(), "q2", ann, bot.Helpful)
		if !strings.Contains(l.bytes(), "annquestion") || strings.Contains(l.bytes(), "4711") {
			t.Fatal("the words should be in the file, and the person should not")
		}
		if err := l.Forget(t.Context(), ann); err != nil {
			t.Fatal(err)
		}
		if strings.Contains(l.bytes(), "annquestion") || l.Allows(ann) {
			t.Error("something of Ann is left")
		}
		got := l.all()
		if len(got) != 2 || got[0].Words != "bobquestion" || len(got[0].Said) != 0 {
			t.Errorf("after Ann is forgotten: %+v", got)
		}
		if err := l.Allow(t.Context(), bob, false); err != nil {
			t.Fatal(err)
		}
		l.Record(t.Context(), asked("q4", bob, "bobagain"))
		if s := l.bytes(); strings.Contains(s, "bobquestion") || strings.Contains(s, "bobagain") || !strings.Contains(s, "thirdquestion") {
			t.Error("words are kept of somebody who took it back, or lost of somebody who did not")
		}
		if n := len(l.all()); n != 3 {
			t.Errorf("%d questions are left, want 3: taking words back deletes no outcome", n)
		}
	})
}

func TestRestart(t *testing.T) {
	everywhere(t, func(t *testing.T, fresh func() opener) {
		open := fresh()
		l := open(Options{Words: true})
		_ = l.Allow(t.Context(), ann, true)
		l.Record(t.Context(), asked("q1", ann, "first"))
		if err := l.Close(); err != nil {
			t.Fatal(err)
		}
		l.Record(t.Context(), asked("late", ann, "x")) // is lost, and neither blocks nor panics
		if err := l.Forget(t.Context(), ann); err == nil {
			t.Error("a closed ledger forgets nothing")
		}
		l = open(Options{Words: true})
		if !l.Allows(ann) || l.Allows(bob) {
			t.Error("who allowed what is forgotten")
		}
		l.Record(t.Context(), asked("q2", ann, "second"))
		if got := l.all(); len(got) != 2 || got[0].Who != got[1].Who || got[1].Words != "second" {
			t.Errorf("after a restart: %+v", got)
		}
		_ = l.Close()
		for _, file := range []string{l.path, KeyPath(l.path)} {
			if info, err := os.Stat(file); l.shared == nil && (err != nil || info.Mode().Perm() != 0o600) {
				t.Errorf("%s has mode %v, %v", file, info.Mode(), err)
			}
		}
		l = open(Options{}) // the operator has turned words off
		if got := l.all(); len(got) != 2 || got[0].Words+got[1].Words != "" {
			t.Errorf("words are still there: %+v", got)
		}
	})
}

func TestRetention(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := open(t, Options{Retention: 48 * time.Hour})
		l.Record(t.Context(), asked("q1", ann, ""))
		l.Judged(t.Context(), "q1", bob, bot.Helpful)
		time.Sleep(47 * time.Hour)
		l.Record(t.Context(), asked("q2", ann, ""))
		if n := len(l.all()); n != 2 {
			t.Errorf("%d questions after 47 hours", n)
		}
		time.Sleep(2 * time.Hour) // nothing is asked, and the old one goes all the same
		synctest.Wait()
		if got := l.all(); len(got) != 1 {
			t.Errorf("%d questions after 49 hours", len(got))
		}
		_ = l.Close()
		time.Sleep(1000 * time.Hour)
		l = openAt(t, l.path, Options{Retention: 48 * time.Hour})
		if got := l.all(); len(got) != 0 {
			t.Errorf("%d questions after a long sleep", len(got))
		}
		var n int
		if err := l.db.QueryRow("SELECT count(*) FROM judged").Scan(&n); err != nil || n != 0 {
			t.Errorf("%d judgements without a question, %v", n, err)
		}
		_ = l.Close()
	})
	if _, err := Open(filepath.Join(t.TempDir(), "l.db"), Options{Retention: time.Minute}); err == nil {
		t.Error("a retention of a minute is a slip")
	}
}

// While another program holds the file, answers go on, it is said once, and what
// fits the queue is there afterwards.
func TestLockedFile(t *testing.T) {
	l := open(t, Options{Queue: 8, Retry: time.Millisecond})
	l.Record(t.Context(), asked("before", ann, ""))
	other, err := sql.Open("sqlite", l.path)
	if err != nil {
		t.Fatal(err)
	}
	defer other.Close()
	lock, err := other.Conn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer lock.Close()
	if _, err := l.db.Exec("PRAGMA busy_timeout = 1"); err != nil {
		t.Fatal(err)
	}
	if _, err := lock.ExecContext(t.Context(), "BEGIN IMMEDIATE"); err != nil {
		t.Fatal(err)
	}
	begun := time.Now()
	for i := range 100 {
		l.Record(t.Context(), asked(fmt.Sprint("locked ", i), ann, ""))
	}
	if took := time.Since(begun); took > 10*patience {
		t.Errorf("100 questions waited %v for a locked file", took)
	}
	l.log.wait(t, "is locked")
	if err := l.Forget(t.Context(), ann); err == nil {
		t.Error("nothing can be forgotten now, and that must be said")
	}
	if n := l.log.count("answers go on"); n != 1 {
		t.Errorf("it was logged %d times", n)
	}
	if _, err := lock.ExecContext(t.Context(), "ROLLBACK"); err != nil {
		t.Fatal(err)
	}
	l.log.wait(t, "can be written again")
	l.Record(t.Context(), asked("after", ann, ""))
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	if n := len(l.all()); n < 3 || n > 30 {
		t.Errorf("%d questions are there; those before, after and as many as fit the queue should be", n)
	}
}

func TestFullDisk(t *testing.T) {
	l := open(t, Options{Words: true, Queue: 8, Retry: time.Hour})
	_ = l.Allow(t.Context(), ann, true)
	// SQLite reports a file that may not grow exactly as a disk that is full.
	if _, err := l.db.Exec("PRAGMA max_page_count = 12"); err != nil {
		t.Fatal(err)
	}
	begun := time.Now()
	for i := range 1000 {
		l.Record(t.Context(), asked(fmt.Sprint(i), ann, strings.Repeat("x", 250)))
	}
	if took := time.Since(begun); took > patient {
		t.Errorf("1000 questions took %v on a full disk", took)
	}
	l.log.wait(t, "disk is full")
	if n := l.log.count("answers go on"); n != 1 {
		t.Errorf("it was logged %d times", n)
	}
	if len(l.all()) == 0 {
		t.Error("what was kept before cannot be read")
	}
	_ = l.Close() // does not wait an hour
}

// A record that cannot go in takes none of the others with it.
func TestOneBadRecord(t *testing.T) {
	everywhere(t, func(t *testing.T, fresh func() opener) {
		l := fresh()(Options{})
		var all sync.WaitGroup
		for i := range 20 {
			all.Go(func() {
				if i == 7 {
					l.enqueue(t.Context(), func(ctx context.Context, c *change) error {
						return c.exec(ctx, "INSERT INTO nowhere VALUES (1)")
					})
					return
				}
				l.Record(t.Context(), asked(fmt.Sprint(i), ann, ""))
			})
		}
		all.Wait()
		if n := len(l.all()); n != 19 {
			t.Errorf("%d of 19 good records are there", n)
		}
		l.settle()
		if l.log.count("does not go into") != 1 {
			t.Error("nobody was told")
		}
	})
}

func TestFilesThatAreNoLedger(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	other := filepath.Join(dir, "other.db")
	db, err := sql.Open("sqlite", other)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := db.Exec("CREATE TABLE letters (x)"); err != nil {
		t.Fatal(err)
	}
	_ = db.Close()
	keyless := filepath.Join(dir, "keyless.db")
	write("keyless.db.key", "half a key")
	for name, x := range map[string]struct{ path, want string }{
		"text":       {write("text.db", strings.Repeat("no database\n", 100)), "no SQLite file"},
		"a folder":   {dir, "cannot be opened"},
		"not ours":   {other, "something else"},
		"no key":     {keyless, "keyless.db.key is damaged"},
		"no name":    {"", "no file is named"},
		"no parent":  {filepath.Join(write("file", ""), "l.db"), "folder"},
		"every time": {other, "name another file"},
	} {
		l, err := Open(x.path, Options{})
		if err == nil {
			_ = l.Close()
			t.Errorf("%s: opened", name)
		} else if !strings.Contains(err.Error(), x.want) {
			t.Errorf("%s: %v, want %q", name, err, x.want)
		}
	}
	if _, err := Read(t.Context(), filepath.Join(dir, "nowhere.db"), time.Time{}); err == nil {
		t.Error("a file that is not there was read")
	}
}

func BenchmarkAsked(b *testing.B) {
	l, err := Open(filepath.Join(b.TempDir(), "l.db"), Options{})
	if err != nil {
		b.Fatal(err)
	}
	defer l.Close()
	n := 0
	for b.Loop() {
		n++
		l.Record(b.Context(), asked(fmt.Sprint(n), ann, ""))
	}
}
