package answers

import (
	"bytes"
	"os"
	"path/filepath"
	"reflect"
	"testing"

	"footnote/knowledge"
)

// same asks two matchers the same and compares all they say.
func same(t *testing.T, what string, a, b *Matcher) {
	t.Helper()
	ask := append([]string(nil), pressDeclined...)
	for q := range pressAnswerable {
		ask = append(ask, q)
	}
	for _, q := range ask {
		x, y := a.Match(Query{Text: q}), b.Match(Query{Text: q})
		if x.Outcome != y.Outcome || !reflect.DeepEqual(x.Why, y.Why) {
			t.Errorf("%s: %q is %s %+v and %s %+v", what, q, x.Outcome, x.Why, y.Outcome, y.Why)
		}
	}
}

func models(t *testing.T, dir string) []string {
	t.Helper()
	all, err := filepath.Glob(filepath.Join(dir, "*"))
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func TestCache(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "not", "there", "yet")
	build := func(dir string, b *knowledge.Base) *Matcher {
		t.Helper()
		m, err := New(b, Options{Encoder: "off", CacheDir: dir})
		if err != nil {
			t.Fatal(err)
		}
		return m
	}
	first := build(dir, pressBase(0))
	kept := models(t, dir)
	if len(kept) != 1 {
		t.Fatalf("the cache holds %q after one start", kept)
	}
	data, err := os.ReadFile(kept[0])
	if err != nil {
		t.Fatal(err)
	}

	t.Run("recalled", func(t *testing.T) {
		again := build(dir, pressBase(0))
		same(t, "learned and recalled", first, again)
		if got := models(t, dir); len(got) != 1 {
			t.Errorf("the cache holds %q after two starts", got)
		}
		if m := lookUp(os.DirFS(dir), modelKey(pressBase(0), false)); m == nil {
			t.Error("the kept model is not found under its key")
		}
	})
	t.Run("another pack", func(t *testing.T) {
		b := pressBase(0)
		b.Packs[0].Facts[0].Answer = knowledge.Text{"en": "Another answer."}
		build(dir, b)
		if got := models(t, dir); len(got) != 2 {
			t.Errorf("the cache holds %q after two packs", got)
		}
	})
	t.Run("damaged", func(t *testing.T) {
		for name, damage := range map[string][]byte{"empty": nil, "cut": data[:len(data)/2], "other bytes": bytes.Repeat([]byte("x"), 1000), "a gzip of nothing": {0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff}} {
			if err := os.WriteFile(kept[0], damage, 0o644); err != nil {
				t.Fatal(err)
			}
			same(t, name, first, build(dir, pressBase(0)))
			if now, err := os.ReadFile(kept[0]); err != nil || !bytes.Equal(now, data) {
				t.Errorf("%s: the model was not written anew (%v)", name, err)
			}
		}
	})
	t.Run("of another key", func(t *testing.T) {
		other, err := first.model.keep("another key")
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(kept[0], other, 0o644); err != nil {
			t.Fatal(err)
		}
		if lookUp(os.DirFS(dir), modelKey(pressBase(0), false)) != nil {
			t.Error("a model of other packs was taken")
		}
		same(t, "a model of another key", first, build(dir, pressBase(0)))
	})
	t.Run("a folder that cannot be one", func(t *testing.T) {
		file := filepath.Join(t.TempDir(), "file")
		if err := os.WriteFile(file, []byte("not a folder"), 0o644); err != nil {
			t.Fatal(err)
		}
		same(t, "a file for a folder", first, build(file, pressBase(0)))
		same(t, "a folder below a file", first, build(filepath.Join(file, "below"), pressBase(0)))
	})
}

// A pack without unanswered questions teaches nothing of doubt, and is recalled as it was
// learned: a second start must answer like the first.
func TestCacheWithoutDoubt(t *testing.T) {
	base, err := knowledge.Open("../cmd/footnote/testdata/village")
	if err != nil {
		t.Fatal(err)
	}
	for _, encoder := range []string{"off", "on"} {
		o := Options{Encoder: encoder, CacheDir: t.TempDir()}
		first, err := New(base, o)
		if err != nil {
			t.Fatal(err)
		}
		if first.model.lexicalDoubt.sparse.w != nil {
			t.Fatal("this pack has unanswered questions")
		}
		if n := len(models(t, o.CacheDir)); n != 1 {
			t.Fatalf("%d models are kept", n)
		}
		again, err := New(base, o)
		if err != nil {
			t.Fatal(err)
		}
		same(t, "encoder "+encoder, first, again)
	}
}

// A model that was kept is the model that was learned, with the encoder too.
func TestKeepAndRecall(t *testing.T) {
	m := fullPress(t)
	data, err := m.model.keep("key")
	if err != nil {
		t.Fatal(err)
	}
	back, err := recall(data, "key")
	if err != nil {
		t.Fatal(err)
	}
	other := *m
	other.model = back
	same(t, "kept and recalled", m, &other)
	if again, err := back.keep("key"); err != nil || !bytes.Equal(again, data) {
		t.Errorf("a recalled model is kept as other bytes (%v)", err)
	}
	if _, err := recall(data, "other"); err == nil {
		t.Error("a model was recalled under another key")
	}
}

// Everything that learning looks at is in the key.
func TestModelKey(t *testing.T) {
	key := modelKey(pressBase(0), false)
	if modelKey(pressBase(0), false) != key {
		t.Error("the same pack has two keys")
	}
	if modelKey(pressBase(0), true) == key {
		t.Error("with and without the encoder have one key")
	}
	for name, change := range map[string]func(*knowledge.Pack){
		"synonyms":          func(p *knowledge.Pack) { p.Synonyms = p.Synonyms[1:] },
		"unanswered":        func(p *knowledge.Pack) { p.Unanswered = p.Unanswered[1:] },
		"a fact less":       func(p *knowledge.Pack) { p.Facts = p.Facts[1:] },
		"the order":         func(p *knowledge.Pack) { p.Facts[0], p.Facts[1] = p.Facts[1], p.Facts[0] },
		"an id":             func(p *knowledge.Pack) { p.Facts[0].ID = "x" },
		"a phrasing":        func(p *knowledge.Pack) { p.Facts[0].Questions[1].Text = "x" },
		"a phrasing less":   func(p *knowledge.Pack) { p.Facts[0].Questions = p.Facts[0].Questions[1:] },
		"moved to the next": func(p *knowledge.Pack) { p.Facts[0].Keywords, p.Facts[0].People = p.Facts[0].People, nil },
		"an answer":         func(p *knowledge.Pack) { p.Facts[0].Answer = knowledge.Text{"en": "x"} },
		"an answer's tongue": func(p *knowledge.Pack) {
			p.Facts[0].Answer = knowledge.Text{"de": p.Facts[0].Answer["en"]}
		},
		"detail":   func(p *knowledge.Pack) { p.Facts[0].Detail = knowledge.Text{"en": "x"} },
		"a date":   func(p *knowledge.Pack) { p.Facts[0].Dates = nil },
		"claimant": func(p *knowledge.Pack) { p.Facts[0].AccordingTo = "x" },
	} {
		b := pressBase(0)
		change(b.Packs[0])
		if modelKey(b, false) == key {
			t.Errorf("%s: the key is the same", name)
		}
	}
}
