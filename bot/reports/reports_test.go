package reports_test

import (
	"errors"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"footnote/bot"
	"footnote/bot/platform"
	"footnote/bot/postgres"
	"footnote/bot/reports"
	"footnote/bot/store"
	"footnote/bot/store/pgtest"

	"go.uber.org/goleak"
)

var (
	server pgtest.Shared
	noon   = time.Date(2031, time.March, 1, 12, 0, 0, 0, time.UTC)
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(server.Around(m)) }

// A shelf is two boxes on the same stores, as two processes have them, at a time.
type shelf struct {
	bot, desk *reports.Box
	kept      *store.Store
	now       time.Time
}

// everywhere runs a test where reports can be kept.
func everywhere(t *testing.T, test func(t *testing.T, s *shelf)) {
	for name, open := range map[string]func(t *testing.T) (one, other *store.Store){
		"sqlite": func(t *testing.T) (one, other *store.Store) {
			path := filepath.Join(t.TempDir(), "footnote.db")
			return atFile(t, path), atFile(t, path)
		},
		"postgres": func(t *testing.T) (one, other *store.Store) {
			address := server.Database(t)
			return atDatabase(t, address), atDatabase(t, address)
		},
	} {
		t.Run(name, func(t *testing.T) {
			one, other := open(t)
			s := &shelf{kept: one, now: noon}
			box := func(at *store.Store) *reports.Box {
				hide := func(name string) bot.Listing {
					return store.Hidden(at.In(name), store.NewSeal([]byte("a secret"), name))
				}
				return reports.New(hide, true, func() time.Time { return s.now })
			}
			s.bot, s.desk = box(one), box(other)
			test(t, s)
		})
	}
}

func atFile(t *testing.T, path string) *store.Store {
	t.Helper()
	s, err := store.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}

func atDatabase(t *testing.T, address string) *store.Store {
	t.Helper()
	db, err := postgres.Open(platform.NewSecret(address))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(db.Close)
	if err := db.Migrate(t.Context()); err != nil {
		t.Fatal(err)
	}
	return store.Shared(db)
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil && !errors.Is(err, bot.ErrLingers) {
		t.Fatal(err)
	}
}

func (s *shelf) put(t *testing.T, code, by, text string) {
	t.Helper()
	must(t, s.bot.Put(t.Context(),
		reports.Report{Code: code, At: s.now, Text: text, Fact: "lighthouse-lit", Pack: "harbour", Version: "1.0.0", Hash: "abcdefghij"},
		reports.Return{Platform: "telegram", Chat: "7", By: bot.UserID(by), At: s.now}))
}

// said is what the desk shows, as codes.
func (s *shelf) said(t *testing.T) string {
	t.Helper()
	all, err := s.desk.Said(t.Context())
	must(t, err)
	var codes []string
	for _, r := range all {
		codes = append(codes, r.Code)
	}
	return strings.Join(codes, " ")
}

// What is written in one process the other shows, without whose it is; its answer comes back
// to the first, and then nothing is left.
func TestReportAndAnswer(t *testing.T) {
	everywhere(t, func(t *testing.T, s *shelf) {
		ctx := t.Context()
		s.put(t, "one", "ann", "It was a year later.")
		s.now = s.now.Add(time.Minute)
		s.put(t, "two", "max", "Who painted it?")
		all, err := s.desk.Said(ctx)
		must(t, err)
		if len(all) != 2 || all[0].Code != "one" || all[0].Text != "It was a year later." || all[0].Hash != "abcdefghij" || all[0].Answer != "" {
			t.Fatalf("%+v", all)
		}
		must(t, s.desk.Answer(ctx, "one", "Thank you."))
		if answered, err := s.bot.Answered(ctx); err != nil || len(answered) != 1 || answered["one"] != "Thank you." {
			t.Errorf("%v, %v", answered, err)
		}
		all, err = s.desk.Said(ctx)
		must(t, err)
		if all[0].Answer != "Thank you." || all[1].Answer != "" {
			t.Errorf("%+v", all)
		}
		to, err := s.bot.Take(ctx, "one")
		if err != nil || to.Chat != "7" || to.By != "ann" {
			t.Errorf("%+v, %v", to, err)
		}
		must(t, s.bot.Drop(ctx, "one"))
		if _, err := s.desk.Take(ctx, "one"); !errors.Is(err, reports.ErrOver) {
			t.Errorf("taken twice: %v", err)
		}
		if err := s.desk.Answer(ctx, "one", "Once more."); !errors.Is(err, reports.ErrOver) {
			t.Errorf("answered twice: %v", err)
		}
		if got := s.said(t); got != "two" {
			t.Errorf("left: %q", got)
		}
	})
}

// One of many who want to pass an answer on does it.
func TestTakenOnce(t *testing.T) {
	everywhere(t, func(t *testing.T, s *shelf) {
		s.put(t, "one", "ann", "It was a year later.")
		var all sync.WaitGroup
		got := make(chan bool, 8)
		for i := range cap(got) {
			box := s.bot
			if i%2 == 1 {
				box = s.desk
			}
			all.Go(func() {
				_, err := box.Take(t.Context(), "one")
				if err != nil && !errors.Is(err, reports.ErrOver) {
					t.Error(err)
				}
				got <- err == nil
			})
		}
		all.Wait()
		close(got)
		n := 0
		for took := range got {
			if took {
				n++
			}
		}
		if n != 1 {
			t.Errorf("%d took it", n)
		}
	})
}

// What is forgotten, and what is too old, is gone from both places, and an answer that comes
// at the same time does not bring it back.
func TestGone(t *testing.T) {
	everywhere(t, func(t *testing.T, s *shelf) {
		ctx := t.Context()
		s.put(t, "one", "ann", "It was a year later.")
		s.put(t, "two", "max", "Who painted it?")
		if open, theirs, err := s.bot.Open(ctx, bot.Person{Platform: "telegram", ID: "ann"}, s.now.Add(-time.Hour)); open != 2 || theirs != 1 || err != nil {
			t.Errorf("%d open, %d of ann, %v", open, theirs, err)
		}
		must(t, s.bot.Forget(ctx, bot.Person{Platform: "discord", ID: "ann"})) // somebody else
		must(t, s.bot.Forget(ctx, bot.Person{Platform: "telegram", ID: "ann"}))
		if got := s.said(t); got != "two" {
			t.Errorf("after /forget: %q", got)
		}
		// /forget has deleted the one half when the desk writes the other.
		if _, err := s.bot.Take(ctx, "two"); err != nil {
			t.Fatal(err)
		}
		if err := s.desk.Answer(ctx, "two", "Nobody knows."); !errors.Is(err, reports.ErrOver) {
			t.Error(err)
		}
		if answered, err := s.bot.Answered(ctx); err != nil || len(answered) != 0 {
			t.Errorf("%v, %v", answered, err)
		}
		must(t, s.bot.Drop(ctx, "two"))
		s.put(t, "three", "max", "Who painted it?")
		must(t, s.desk.Answer(ctx, "three", "Nobody knows."))
		s.now = s.now.Add(reports.Keep + time.Second)
		s.put(t, "four", "max", "Who built it?")
		must(t, s.bot.Tidy(ctx))
		for name, want := range map[string]int{reports.Returns: 1, reports.Words: 1, reports.Answers: 0} {
			if keys, err := s.kept.In(name).Keys(ctx); err != nil || len(keys) != want {
				t.Errorf("%d kept in %s, %v", len(keys), name, err)
			}
		}
	})
}

// An answer that could not be passed on stays at the desk, which may give another or set it aside.
func TestLost(t *testing.T) {
	everywhere(t, func(t *testing.T, s *shelf) {
		ctx := t.Context()
		s.put(t, "one", "ann", "It was a year later.")
		must(t, s.desk.Answer(ctx, "one", "Thank you."))
		to, err := s.bot.Take(ctx, "one")
		must(t, err)
		must(t, s.bot.Restore(ctx, "one", to))
		must(t, s.bot.Lose(ctx, "one", "Thank you."))
		if answered, err := s.bot.Answered(ctx); err != nil || len(answered) != 0 {
			t.Errorf("it would be tried again: %v, %v", answered, err)
		}
		all, err := s.desk.Said(ctx)
		must(t, err)
		if !all[0].Lost || all[0].Answer == "" {
			t.Errorf("%+v", all)
		}
		must(t, s.desk.Drop(ctx, "one"))
		if _, err := s.bot.Take(ctx, "one"); s.said(t) != "" || !errors.Is(err, reports.ErrOver) {
			t.Errorf("set aside, and %v", err)
		}
	})
}

// Neither store tells who wrote or what without the secret, and the desk's has nothing of whom.
func TestHidden(t *testing.T) {
	everywhere(t, func(t *testing.T, s *shelf) {
		ctx := t.Context()
		s.put(t, "one", "annwhowrote", "It was a year later.")
		all, err := s.desk.Said(ctx)
		must(t, err)
		must(t, s.desk.Answer(ctx, "one", "A year earlier, rather."))
		for _, name := range reports.Spaces() {
			keys, err := s.kept.In(name).Keys(ctx)
			must(t, err)
			if len(keys) != 1 {
				t.Errorf("%d in %s", len(keys), name)
			}
			for _, key := range keys {
				value, err := s.kept.In(name).Get(ctx, key)
				must(t, err)
				if strings.Contains(key+value, "year") || strings.Contains(key+value, "ann") || strings.Contains(key+value, "lighthouse") {
					t.Errorf("%s: %s is %s", name, key, value)
				}
			}
		}
		if r := all[0]; strings.Contains(r.Text+r.Fact+r.Pack+r.Lang+r.Code, "ann") {
			t.Errorf("the desk hears of whom it is: %+v", r)
		}
	})
}
