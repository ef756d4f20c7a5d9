package store_test

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"footnote/bot"
	"footnote/bot/store"
	"footnote/bot/store/pgtest"
)

// places are where values can be kept; the same is asked of each. A place opens an empty
// store.
var places = map[string]func(t testing.TB) *store.Store{
	"memory": func(testing.TB) *store.Store { return store.Memory() },
	"sqlite": func(t testing.TB) *store.Store {
		return openAt(t, filepath.Join(t.TempDir(), "new folder", "a?b#c%.db"))
	},
	"postgres":  func(t testing.TB) *store.Store { return store.Shared(pgtest.Open(t, server.Database(t))) },
	"pgbouncer": func(t testing.TB) *store.Store { return store.Shared(pgtest.Open(t, server.Pooled(t))) },
}

// everywhere runs a test in each place.
func everywhere(t *testing.T, test func(t *testing.T, s *store.Store)) {
	t.Parallel() // disks and databases are waited for
	for name, open := range places {
		t.Run(name, func(t *testing.T) {
			s := open(t)
			defer s.Close()
			test(t, s)
		})
	}
}

func want(t *testing.T, kv bot.Store, key, value string) {
	t.Helper()
	if got, err := kv.Get(t.Context(), key); got != value || err != nil {
		t.Errorf("Get(%q) = %q, %v, want %q", key, got, err, value)
	}
}

func must(t *testing.T, errs ...error) {
	t.Helper()
	for _, err := range errs {
		if err != nil {
			t.Error(err)
		}
	}
}

func TestValues(t *testing.T) {
	everywhere(t, func(t *testing.T, s *store.Store) {
		ctx := t.Context()
		want(t, s, "offset", "")
		must(t, s.Set(ctx, "offset", "17"), s.Set(ctx, "offset", "18"), s.In("telegram").Set(ctx, "offset", "it's ж\x00\n\xff"))
		want(t, s, "offset", "18")
		want(t, s.In("telegram"), "offset", "it's ж\x00\n\xff")
		want(t, s.In("discord"), "offset", "")
		must(t, s.In("telegram").Delete(ctx, "offset"), s.In("telegram").Delete(ctx, "offset"))
		want(t, s.In("telegram"), "offset", "")
		want(t, s, "offset", "18")
		must(t, s.Set(ctx, "offset", ""))
		want(t, s, "offset", "")
		must(t, s.Set(ctx, strings.Repeat("k", store.MaxKey), strings.Repeat("v", store.MaxValue)))
		want(t, s, strings.Repeat("k", store.MaxKey), strings.Repeat("v", store.MaxValue))
	})
}

// Keys of a namespace can be listed, also where they are hidden.
func TestKeys(t *testing.T) {
	everywhere(t, func(t *testing.T, s *store.Store) {
		ctx := t.Context()
		keys := func(l bot.Listing) string {
			all, err := l.Keys(ctx)
			must(t, err)
			slices.Sort(all)
			return strings.Join(all, " ")
		}
		must(t, s.In("daily").Set(ctx, "b", "2"), s.In("daily").Set(ctx, "a", "1"), s.In("other").Set(ctx, "c", "3"))
		if got := keys(s.In("daily")); got != "a b" {
			t.Errorf("keys: %q", got)
		}
		seal := store.NewSeal([]byte("a secret"), "daily")
		h := store.Hidden(s.In("hidden"), seal)
		must(t, h.Set(ctx, "telegram -5", "09:00"), h.Set(ctx, "discord 7", "10:00"), h.Set(ctx, "discord 7", "11:00"))
		want(t, h, "discord 7", "11:00")
		want(t, h, "discord 8", "")
		if got := keys(h); got != "discord 7 telegram -5" {
			t.Errorf("keys: %q", got)
		}
		for _, name := range strings.Fields(keys(s.In("hidden"))) {
			value, err := s.In("hidden").Get(ctx, name)
			must(t, err)
			if strings.Contains(name+value, "discord") || strings.Contains(name+value, "09:00") {
				t.Errorf("%s holds %s", name, value)
			}
		}
		if got := keys(store.Hidden(s.In("hidden"), store.NewSeal([]byte("another"), "daily"))); got != "" {
			t.Errorf("another secret lists %q", got)
		}
		must(t, h.Delete(ctx, "discord 7"))
		want(t, h, "discord 7", "")
	})
}

// Of many who take a value one gets it.
func TestTake(t *testing.T) {
	everywhere(t, func(t *testing.T, s *store.Store) {
		ctx := t.Context()
		for _, l := range []bot.Listing{s.In("reports"), store.Hidden(s.In("hidden"), store.NewSeal([]byte("a secret"), "reports"))} {
			must(t, l.Set(ctx, "a", "ann"), l.Set(ctx, "b", "max"))
			got := make(chan string, 8)
			var all sync.WaitGroup
			for range cap(got) {
				all.Go(func() {
					value, err := l.Take(ctx, "a")
					if err != nil && !errors.Is(err, bot.ErrLingers) { // another reads at the same time
						t.Error(err)
					}
					got <- value
				})
			}
			all.Wait()
			close(got)
			taken := ""
			for value := range got {
				taken += value
			}
			if taken != "ann" {
				t.Errorf("taken: %q", taken)
			}
			want(t, l, "a", "")
			want(t, l, "b", "max")
			if v, err := l.Take(ctx, "c"); v != "" || err != nil {
				t.Errorf("taken from nowhere: %q, %v", v, err)
			}
		}
	})
}

func TestClear(t *testing.T) {
	everywhere(t, func(t *testing.T, s *store.Store) {
		ctx := t.Context()
		must(t, s.Set(ctx, "offset", "18"), s.In("discord").Set(ctx, "session", "1"), s.In("discord").Set(ctx, "menus", "2"))
		if n, err := s.Clear(ctx, "discord"); n != 2 || err != nil {
			t.Errorf("cleared %d, %v", n, err)
		}
		if n, err := s.Clear(ctx, "discord"); n != 0 || err != nil {
			t.Errorf("cleared %d again, %v", n, err)
		}
		want(t, s.In("discord"), "session", "")
		want(t, s, "offset", "18")
	})
}

func TestRefused(t *testing.T) {
	everywhere(t, func(t *testing.T, s *store.Store) {
		ctx := t.Context()
		for _, key := range []string{"", strings.Repeat("k", store.MaxKey+1), "a\x00b", "\xff"} {
			if s.Set(ctx, key, "x") == nil || s.Delete(ctx, key) == nil {
				t.Errorf("the key %q was taken", key)
			}
			if _, err := s.Get(ctx, key); err == nil {
				t.Errorf("the key %q was looked for", key)
			}
		}
		if s.Set(ctx, "k", strings.Repeat("v", store.MaxValue+1)) == nil {
			t.Error("what is too long was kept")
		}
		if err := s.Trouble(); err != nil {
			t.Errorf("a mistake of the caller is no trouble of the place: %v", err)
		}
		over, cancel := context.WithCancel(ctx)
		cancel()
		if err := s.Set(over, "offset", "19"); err == nil || s.Trouble() != nil {
			t.Errorf("Set with a context that is over: %v, %v", err, s.Trouble())
		}
		want(t, s, "offset", "")
	})
}

func TestManyAtOnce(t *testing.T) {
	everywhere(t, func(t *testing.T, s *store.Store) {
		var all sync.WaitGroup
		for i := range 8 {
			all.Go(func() {
				key := fmt.Sprint("key ", i)
				for j := range 10 {
					must(t, s.Set(t.Context(), key, fmt.Sprint(j)), s.Set(t.Context(), "of all", fmt.Sprint(j)))
					want(t, s, key, fmt.Sprint(j))
				}
			})
		}
		all.Wait()
		want(t, s, "of all", "9")
	})
}

// Values whose keys are hashed and that are encrypted are found with the same secret, and
// with no other.
func TestSecrets(t *testing.T) {
	everywhere(t, func(t *testing.T, s *store.Store) {
		mine, theirs := []byte(strings.Repeat("m", 32)), []byte(strings.Repeat("t", 32))
		settings, waiting := s.In("settings"), s.In("unanswered")
		must(t, store.Keyed(settings, mine).Set(t.Context(), "person 4711", "de"), store.Sealed(waiting, mine).Set(t.Context(), "1", "chat 4711"))
		want(t, store.Keyed(settings, mine), "person 4711", "de")
		want(t, store.Keyed(settings, theirs), "person 4711", "")
		want(t, settings, "person 4711", "")
		want(t, store.Sealed(waiting, mine), "1", "chat 4711")
		if raw, err := waiting.Get(t.Context(), "1"); err != nil || strings.Contains(raw, "4711") {
			t.Errorf("kept as %q, %v", raw, err)
		}
		if text, err := store.Sealed(waiting, theirs).Get(t.Context(), "1"); err == nil {
			t.Errorf("with another secret: %q", text)
		}
		must(t, store.Keyed(settings, mine).Delete(t.Context(), "person 4711"))
		want(t, store.Keyed(settings, mine), "person 4711", "")
	})
}

func BenchmarkGet(b *testing.B) {
	for name, open := range places {
		b.Run(name, func(b *testing.B) {
			s := open(b)
			defer s.Close()
			if err := s.Set(b.Context(), "offset", "4711"); err != nil {
				b.Fatal(err)
			}
			for b.Loop() {
				if _, err := s.Get(b.Context(), "offset"); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkSet(b *testing.B) {
	for name, open := range places {
		b.Run(name, func(b *testing.B) {
			s := open(b)
			defer s.Close()
			for b.Loop() {
				if err := s.Set(b.Context(), "offset", "4711"); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
