package ledger

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"footnote/bot"
	"footnote/bot/store"
)

const secretWords = "zebraword"

// reading begins to read the ledger as a backup does, until end.
func reading(t *testing.T, l *opened) (end func()) {
	t.Helper()
	db, err := openFile(l.path, true)
	if err != nil {
		t.Fatal(err)
	}
	c, err := db.Conn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var n int
	if _, err := c.ExecContext(t.Context(), "BEGIN DEFERRED"); err != nil {
		t.Fatal(err)
	}
	if err := c.QueryRowContext(t.Context(), "SELECT count(*) FROM asked").Scan(&n); err != nil {
		t.Fatal(err)
	}
	return func() {
		_, _ = c.ExecContext(t.Context(), "ROLLBACK")
		_ = c.Close()
		_ = db.Close()
	}
}

// swept waits until the words are on the disk no more.
func (l *opened) swept() {
	l.t.Helper()
	for end := time.Now().Add(patient); strings.Contains(l.bytes(), secretWords); time.Sleep(time.Millisecond) {
		if time.Now().After(end) {
			l.t.Fatal("the words stay on the disk")
		}
	}
}

// What is deleted while somebody reads the file is gone from the disk when that has ended,
// without another question, and whoever deletes it is told.
func TestDeletedWhileSomebodyReads(t *testing.T) {
	t.Parallel()
	place := bot.Place{Platform: "telegram", Chat: "-7"}
	for name, remove := range map[string]func(*opened) error{
		"forget":        func(l *opened) error { return l.Forget(t.Context(), ann) },
		"remember off":  func(l *opened) error { return l.Allow(t.Context(), ann, false) },
		"questions off": func(l *opened) error { return l.AllowIn(t.Context(), place, false) },
	} {
		t.Run(name, func(t *testing.T) {
			l := open(t, Options{Words: true, Retry: time.Millisecond})
			q := asked("q1", ann, secretWords+" secret question")
			if name == "questions off" {
				q.In = place
				if err := l.AllowIn(t.Context(), place, true); err != nil {
					t.Fatal(err)
				}
			} else if err := l.Allow(t.Context(), ann, true); err != nil {
				t.Fatal(err)
			}
			l.Record(t.Context(), q)
			end := reading(t, l)
			err := remove(l)
			if !errors.Is(err, bot.ErrLingers) {
				t.Errorf("deleted while somebody reads: %v", err)
			}
			for _, q := range l.all() {
				if q.Words != "" {
					t.Error("the words can still be found")
				}
			}
			end()
			l.swept()
		})
	}
}

// A reader of a moment, such as footnote gaps, is waited for.
func TestDeletedBesideAShortReader(t *testing.T) {
	l := open(t, Options{Words: true})
	if err := l.Allow(t.Context(), ann, true); err != nil {
		t.Fatal(err)
	}
	l.Record(t.Context(), asked("q1", ann, secretWords))
	l.all()
	if err := l.Forget(t.Context(), ann); err != nil {
		t.Error(err)
	}
	if strings.Contains(l.bytes(), secretWords) {
		t.Error("the words are on the disk")
	}
}

// Once the operator keeps no words, or they are too old, they are on no disk.
func TestWordsGoFromTheDisk(t *testing.T) {
	now := time.Now()
	l := open(t, Options{Words: true, Retry: time.Millisecond, Now: func() time.Time { return now }})
	if err := l.Allow(t.Context(), ann, true); err != nil {
		t.Fatal(err)
	}
	l.Record(t.Context(), asked("q1", ann, secretWords))
	_ = l.Close()
	l = openAt(t, l.path, Options{})
	for i := range 20 {
		l.Record(t.Context(), asked(fmt.Sprint("n", i), bob, ""))
	}
	if strings.Contains(l.bytes(), secretWords) {
		t.Error("ledger.questions is off, and the words are on the disk")
	}
	_ = l.Close()

	l = openAt(t, filepath.Join(t.TempDir(), "l.db"), Options{Words: true, Retry: time.Millisecond, Now: func() time.Time { return now }})
	if err := l.Allow(t.Context(), ann, true); err != nil {
		t.Fatal(err)
	}
	l.Record(t.Context(), asked("q1", ann, secretWords))
	now = now.Add(DefaultRetention + time.Hour)
	if !l.through([]*op{{do: l.purge, done: make(chan struct{})}}) {
		t.Fatal("not purged")
	}
	l.swept()
}

// Without its key a ledger with records is not gone on with: nobody in it could be found.
func TestKeyIsLost(t *testing.T) {
	l := open(t, Options{Words: true})
	if err := l.Allow(t.Context(), ann, true); err != nil {
		t.Fatal(err)
	}
	l.Record(t.Context(), asked("q1", ann, secretWords))
	_ = l.Close()
	key, err := os.ReadFile(KeyPath(l.path))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(KeyPath(l.path)); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(l.path, Options{Words: true}); err == nil || !strings.Contains(err.Error(), "their key is not") || !strings.Contains(err.Error(), KeyPath(l.path)) {
		t.Errorf("without its key: %v", err)
	}
	if _, err := os.Stat(KeyPath(l.path)); err == nil {
		t.Error("another key was made, which tells nobody who is who")
	}
	if err := os.WriteFile(KeyPath(l.path), key, 0o600); err != nil {
		t.Fatal(err)
	}
	l = openAt(t, l.path, Options{Words: true})
	if err := l.Forget(t.Context(), ann); err != nil || strings.Contains(l.bytes(), secretWords) {
		t.Errorf("with its key again: %v", err)
	}
}

// A ledger that cannot be opened says that it deletes nothing.
func TestClosed(t *testing.T) {
	c := Closed{bot.LedgerTerms{Words: true, Keep: DefaultRetention}}
	for _, err := range []error{c.Forget(t.Context(), ann), c.Allow(t.Context(), ann, false), c.AllowIn(t.Context(), bot.Place{}, false), c.Moved(t.Context(), bot.Place{}, bot.Place{})} {
		if !errors.Is(err, ErrNotNow) {
			t.Error(err)
		}
	}
	if c.Allows(ann) || c.AllowsIn(bot.Place{}) || !c.Terms().Words || !c.Terms().Closed {
		t.Error("it allows something")
	}
	c.Record(t.Context(), asked("q", ann, ""))
	c.Picked(t.Context(), "q", "f")
	c.Judged(t.Context(), "q", ann, bot.Helpful)
}

// What steers a terminal is kept of nobody's words, nor read of an older program's.
func TestControlCharacters(t *testing.T) {
	const hostile = "who baked \x1b]0;OWNED\x07\x1b[2J\u009b31m the bread\x7f?"
	l := open(t, Options{Words: true})
	if err := l.Allow(t.Context(), ann, true); err != nil {
		t.Fatal(err)
	}
	l.Record(t.Context(), asked("q1", ann, hostile))
	if _, err := l.db.Exec("INSERT INTO asked (id, at, platform, who, outcome, fact, near, packs, confidence, margin, words) VALUES ('q2', ?, 'x', 'y', 'z\x1b', '', '', '', 0, 0, ?)", time.Now().Unix(), hostile); err != nil {
		t.Fatal(err)
	}
	got := l.all()
	if len(got) != 2 {
		t.Fatalf("%d questions", len(got))
	}
	for _, q := range got {
		if strings.ContainsAny(q.Words+string(q.Outcome), "\x1b\x07\x7f\u009b") || !strings.Contains(q.Words, "the bread?") {
			t.Errorf("%q", q.Words)
		}
	}
}

// A file that others may read is closed to them, and a damaged one is told from one that
// is not, before a value of it is used.
func TestDamagedFile(t *testing.T) {
	l := open(t, Options{})
	for i := range 400 {
		l.Record(t.Context(), asked(fmt.Sprint("q", i), ann, ""))
	}
	_ = l.Close()
	if err := os.Chmod(l.path, 0o644); err != nil {
		t.Fatal(err)
	}
	again := openAt(t, l.path, Options{})
	if info, err := os.Stat(l.path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", info.Mode(), err)
	}
	_ = again.Close()
	data, err := os.ReadFile(l.path)
	if err != nil {
		t.Fatal(err)
	}
	const page = 4096
	if err := os.WriteFile(l.path, append(bytes.Clone(data[:3*page]), bytes.Repeat([]byte{0xa5}, len(data)-3*page)...), 0o600); err != nil {
		t.Fatal(err)
	}
	if d, err := Open(l.path, Options{}); err == nil {
		_ = d.Close()
		t.Error("a damaged file was opened")
	} else if !strings.Contains(err.Error(), "damaged") {
		t.Error(err)
	}
}

// A copy without the journal, where everything may be, is no ledger.
func TestCopyWithoutJournal(t *testing.T) {
	path := filepath.Join(t.TempDir(), "copy.db")
	db, err := store.OpenSQLite("test", path, store.SQLite{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := db.Exec("PRAGMA user_version = 0"); err != nil {
		t.Fatal(err)
	}
	_ = db.Close()
	if _, err := Read(t.Context(), path, time.Time{}); err == nil || !strings.Contains(err.Error(), "holds no ledger") {
		t.Errorf("an empty file is read as a ledger: %v", err)
	}
	// Whoever names another file is not told to move that away.
	if err := os.WriteFile(path, []byte(strings.Repeat("root:x:0:0\n", 200)), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Read(t.Context(), path, time.Time{}); err == nil || !strings.Contains(err.Error(), "holds no ledger") || strings.Contains(err.Error(), "move it away") {
		t.Errorf("another file: %v", err)
	}
}

// A copy of a ledger in use without its journal is not taken for one without questions.
func TestCopyOfALedgerInUse(t *testing.T) {
	l := open(t, Options{})
	copied := filepath.Join(t.TempDir(), "copy.db")
	take := func() error {
		data, err := os.ReadFile(l.path)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(copied, data, 0o600); err != nil {
			t.Fatal(err)
		}
		_, err = Read(t.Context(), copied, time.Time{})
		return err
	}
	l.Record(t.Context(), asked("q1", ann, ""))
	if err := take(); err == nil || !strings.Contains(err.Error(), "footnote backup") {
		t.Errorf("a copy in use: %v", err)
	}
	if n := len(l.all()); n != 1 {
		t.Errorf("the ledger itself holds %d questions", n)
	}
	_ = l.Close()
	if err := take(); err != nil {
		t.Errorf("a copy of a closed one: %v", err)
	}
}
