package ledger

import (
	"database/sql"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"footnote/bot"
)

var (
	forum = bot.Place{Platform: "telegram", Chat: "-100200300400"}
	other = bot.Place{Platform: "telegram", Chat: "-100200300401"}
)

func askedIn(where bot.Place, id string, by bot.Person, words string) bot.Record {
	a := asked(id, by, words)
	a.In = where
	return a
}

// Words of what is asked in a place need the operator and the place; what a
// person allows is about that person's direct chat.
func TestWordsOfAPlace(t *testing.T) {
	everywhere(t, func(t *testing.T, fresh func() opener) {
		for _, x := range []struct{ operator, person, place, kept bool }{
			{true, true, false, false}, {false, true, true, false}, {true, false, true, true},
		} {
			l := fresh()(Options{Words: x.operator})
			if err := l.Allow(t.Context(), ann, x.person); err != nil {
				t.Fatal(err)
			}
			if err := l.AllowIn(t.Context(), forum, x.place); err != nil {
				t.Fatal(err)
			}
			l.Record(t.Context(), askedIn(forum, "q", ann, "who stole the bell?"))
			l.Record(t.Context(), askedIn(other, "r", ann, "elsewhere"))
			if got := l.all()[0].Words; (got == "who stole the bell?") != x.kept || !x.kept && got != "" {
				t.Errorf("%+v: %q is kept", x, got)
			}
			if strings.Contains(l.bytes(), "elsewhere") || strings.Contains(l.bytes(), string(forum.Chat)) {
				t.Errorf("%+v: words of another place, or the name of this one, are in the files", x)
			}
			if l.AllowsIn(forum) != x.place || l.AllowsIn(other) {
				t.Errorf("%+v: allows %t here and %t elsewhere", x, l.AllowsIn(forum), l.AllowsIn(other))
			}
		}
	})
}

// A place that takes it back has its words deleted and nobody else's, and which
// place it was is kept no longer than they are.
func TestPlaceTakesItBack(t *testing.T) {
	everywhere(t, func(t *testing.T, fresh func() opener) {
		l := fresh()(Options{Words: true})
		for _, err := range []error{l.AllowIn(t.Context(), forum, true), l.AllowIn(t.Context(), other, true), l.Allow(t.Context(), ann, true)} {
			if err != nil {
				t.Fatal(err)
			}
		}
		l.Record(t.Context(), askedIn(forum, "q1", ann, "annhere"))
		l.Record(t.Context(), askedIn(forum, "q2", bob, "bobhere"))
		l.Record(t.Context(), askedIn(other, "q3", ann, "annthere"))
		l.Record(t.Context(), asked("q4", ann, "anndirect"))
		places := func() (n int) {
			if err := l.db.QueryRow("SELECT count(*) FROM asked WHERE place <> ''").Scan(&n); err != nil {
				t.Fatal(err)
			}
			return n
		}
		if n := places(); n != 3 {
			t.Errorf("%d questions have a place, want 3: the direct chat is none", n)
		}
		if err := l.AllowIn(t.Context(), forum, false); err != nil {
			t.Fatal(err)
		}
		l.Record(t.Context(), askedIn(forum, "q5", ann, "annlater"))
		s := l.bytes()
		if strings.Contains(s, "annhere") || strings.Contains(s, "bobhere") || strings.Contains(s, "annlater") {
			t.Error("words of the place are still there")
		}
		if !strings.Contains(s, "annthere") || !strings.Contains(s, "anndirect") {
			t.Error("words from elsewhere are gone")
		}
		if n := places(); n != 1 {
			t.Errorf("%d questions have a place, want the other one's", n)
		}
		if n := len(l.all()); n != 5 {
			t.Errorf("%d outcomes are left, want 5", n)
		}
		if err := l.Forget(t.Context(), ann); err != nil {
			t.Fatal(err)
		}
		if s := l.bytes(); strings.Contains(s, "annthere") || len(l.all()) != 1 {
			t.Error("something of Ann is left, wherever she asked it")
		}
		if !l.AllowsIn(other) {
			t.Error("a person who is forgotten takes nothing back for a place")
		}
	})
}

// Somebody takes it back in one topic while a question from another still waits
// for the file: its words are not kept, although they were allowed when it was
// asked, and also if taking back had to wait too.
func TestPlaceTakesItBackMeanwhile(t *testing.T) {
	l := open(t, Options{Words: true, Retry: time.Millisecond})
	if err := l.AllowIn(t.Context(), forum, true); err != nil {
		t.Fatal(err)
	}
	blocker, err := sql.Open("sqlite", l.path)
	if err != nil {
		t.Fatal(err)
	}
	defer blocker.Close()
	lock, err := blocker.Conn(t.Context())
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
	l.Record(t.Context(), askedIn(forum, "q1", ann, "waiting"))
	l.log.wait(t, "is locked")
	if err := l.AllowIn(t.Context(), forum, false); err == nil {
		t.Error("it cannot be stored now, and that must be said")
	}
	if _, err := lock.ExecContext(t.Context(), "ROLLBACK"); err != nil {
		t.Fatal(err)
	}
	l.log.wait(t, "can be written again")
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	if got := l.all(); len(got) != 1 || got[0].Words != "" || strings.Contains(l.bytes(), "waiting") {
		t.Errorf("kept: %+v", got)
	}
	if again := openAt(t, l.path, Options{Words: true}); again.AllowsIn(forum) {
		t.Error("after a restart it is allowed again")
	}
}

func TestPlaceMoves(t *testing.T) {
	everywhere(t, func(t *testing.T, fresh func() opener) {
		open := fresh()
		l := open(Options{Words: true})
		if err := l.AllowIn(t.Context(), forum, true); err != nil {
			t.Fatal(err)
		}
		l.Record(t.Context(), askedIn(forum, "q1", ann, "before"))
		for range 2 {
			if err := l.Moved(t.Context(), forum, other); err != nil {
				t.Fatal(err)
			}
		}
		if l.AllowsIn(forum) || !l.AllowsIn(other) {
			t.Error("what was allowed has not moved")
		}
		_ = l.Close()
		l = open(Options{Words: true})
		if l.AllowsIn(forum) || !l.AllowsIn(other) {
			t.Error("after a restart it has not moved")
		}
		if err := l.AllowIn(t.Context(), other, false); err != nil {
			t.Fatal(err)
		}
		if strings.Contains(l.bytes(), "before") {
			t.Error("what was kept before the place moved is not deleted with the rest")
		}
	})
}

// A file of version 1 is read as it is, and brought up to date by whoever writes.
func TestFileOfVersion1(t *testing.T) {
	path := filepath.Join(t.TempDir(), "ledger.db")
	l := openAt(t, path, Options{Words: true})
	if err := l.Allow(t.Context(), ann, true); err != nil {
		t.Fatal(err)
	}
	l.Record(t.Context(), asked("q1", ann, "the words of then"))
	l.Judged(t.Context(), "q1", bob, bot.Helpful)
	_ = l.Close()
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	for _, q := range []string{"DROP INDEX asked_place", "ALTER TABLE asked DROP COLUMN place", "PRAGMA user_version = 1"} {
		if _, err := db.Exec(q); err != nil {
			t.Fatal(err)
		}
	}
	var made string
	if err := db.QueryRow("SELECT sql FROM sqlite_schema WHERE name = 'asked'").Scan(&made); err != nil || strings.Contains(made, "place ") {
		t.Fatalf("not as version 1 made it: %s, %v", made, err)
	}
	_ = db.Close()
	old := func(l *opened, when string) {
		t.Helper()
		if got := l.all(); len(got) == 0 || got[0].Words != "the words of then" || got[0].Said[bot.Helpful] != 1 {
			t.Errorf("%s: %+v", when, got)
		}
	}
	old(l, "read as it is")
	for range 2 { // the second time there is nothing to do
		l = openAt(t, path, Options{Words: true})
		old(l, "brought up to date")
		if !l.Allows(ann) {
			t.Error("who allowed what is lost")
		}
		_ = l.Close()
	}
	l = openAt(t, path, Options{Words: true})
	if err := l.AllowIn(t.Context(), forum, true); err != nil {
		t.Fatal(err)
	}
	l.Record(t.Context(), askedIn(forum, "q2", bob, "new words"))
	if got := l.all(); len(got) != 2 || got[1].Words != "new words" {
		t.Errorf("written after: %+v", got)
	}
	if err := l.AllowIn(t.Context(), forum, false); err != nil {
		t.Fatal(err)
	}
	if s := l.bytes(); strings.Contains(s, "new words") || !strings.Contains(s, "the words of then") {
		t.Error("taking it back deletes the words of that place alone")
	}
}
