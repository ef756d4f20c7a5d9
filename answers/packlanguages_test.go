package answers

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"footnote/knowledge"
)

// Packs that are written in another language than English, with questions in it:
// testdata/packs-by-language/LANGUAGE. Its README tells how they were made.

// packLanguages are the languages of these packs.
var packLanguages = []string{"de", "es", "fr", "it", "pl", "pt", "ru", "uk"}

// packsInLanguage are the packs of a language with their questions.
func packsInLanguage(tb testing.TB, lang string) []*material {
	tb.Helper()
	return packsIn(tb, filepath.Join("testdata", "packs-by-language", lang))
}

// TestPacksInLanguages checks these packs and their questions.
func TestPacksInLanguages(t *testing.T) {
	for _, lang := range packLanguages {
		t.Run(lang, func(t *testing.T) {
			packs := packsInLanguage(t, lang)
			if len(packs) != 2 {
				t.Fatalf("%d packs, want 2", len(packs))
			}
			var all []asked
			for _, m := range packs {
				checkPackInLanguage(t, m, lang)
				all = append(all, m.asked...)
			}
			checkStyle(t, all)
		})
	}
}

func checkPackInLanguage(t *testing.T, m *material, lang string) {
	t.Helper()
	english, err := knowledge.Open(filepath.Join("testdata", "packs", m.name))
	if err != nil {
		t.Fatal(err)
	}
	pack := m.base.Packs[0]
	if !slices.Equal(pack.Languages, []string{lang}) {
		t.Errorf("%s: its languages are %v, want %s alone", m.name, pack.Languages, lang)
	}
	if got, want := len(pack.Facts), len(english.Facts()); got != want {
		t.Errorf("%s: %d facts, want the %d of the English pack", m.name, got, want)
	}
	phrasings := map[string]bool{}
	for _, f := range pack.Facts {
		if e := english.Fact(f.ID); e == nil {
			t.Errorf("%s: the English pack has no fact %s", m.name, f.ID)
		} else if e.Status != f.Status || len(e.Cites) != len(f.Cites) {
			t.Errorf("%s: %s has another status or other citations than in English", m.name, f.ID)
		}
		if len(f.Questions) != 3 {
			t.Errorf("%s: %s has %d phrasings, want 3", m.name, f.ID, len(f.Questions))
		}
		for _, q := range f.Questions {
			phrasings[plainly(q.Text)] = true
		}
	}
	count := [classes]int{}
	for _, a := range m.asked {
		count[a.class()]++
		if phrasings[plainly(a.text)] {
			t.Errorf("%s: the question %q is a phrasing of the pack", m.name, a.text)
		}
		if (a.class() == classIn) != (len(a.want) > 0) {
			t.Errorf("%s: %q is of kind %s, and %v answer it", m.name, a.text, a.kind, a.want)
		}
		for _, id := range a.want {
			if m.base.Fact(id) == nil {
				t.Errorf("%s: no fact %s, of %q", m.name, id, a.text)
			}
		}
	}
	if count[classIn] < 25 || count[classNear] < 10 || count[classFar] < 2 {
		t.Errorf("%s: %d answerable questions, %d near misses and %d far ones", m.name, count[classIn], count[classNear], count[classFar])
	}
}

// plainly is a question without its capitals and marks.
func plainly(s string) string {
	return strings.ToLower(strings.Trim(s, "¿? \u00a0"))
}
