package answers

import (
	"testing"

	"footnote/answers/language"
	"footnote/answers/parse"
)

func TestRepair(t *testing.T) {
	s := cheapPress(t).ix.speller
	for _, x := range []struct{ name, in, want string }{
		{"a letter left out", "gutenbrg", "gutenberg"},
		{"a letter too many", "caxtoon", "caxton"},
		{"a wrong letter", "itelic", "italic"},
		{"letters swapped", "ocatvo", "octavo"},
		{"two errors in a long word", "eisenstien", "eisenstein"},
		{"two errors in a long name", "gutemburg", "gutenberg"},
		{"the same consonants", "fedorow", "fedorov"},
		{"a word of the pack in another form", "printers", ""},
		{"an English word", "parchment", ""},
		{"an English word with an error", "parchmnet", "parchment"},
		{"a cut-off word", "westmins", "westminster"},
		{"short words are left alone", "typ", ""},
		{"numbers are left alone", "1455", ""},
		{"another script is left alone", "книга", ""},
		{"nothing near it", "qwrtpsdf", ""},
	} {
		got, ok := s.Repair(parse.Text(language.English, x.in)[0])
		if ok != (x.want != "") || ok && got != x.want {
			t.Errorf("%s: %q was repaired to %q (%t), want %q", x.name, x.in, got, ok, x.want)
		}
	}
}

// Another person's name, correctly spelt, never turns into one of the pack's.
func TestKnownNamesAreProtected(t *testing.T) {
	ix := cheapPress(t).ix
	for _, name := range []string{"Hitler", "Churchill", "Napoleon", "Lenin", "Clinton", "Jackson", "Jones", "Einstein", "Fischer", "Putnam", "Thatcher", "Roosevelt", "Aldous", "Gothenburg", "Karlson"} {
		w := parse.Text(language.English, name)[0]
		if !ix.lex.Knows(w.Text) {
			continue // then nothing says that it is correct
		}
		if got, ok := ix.speller.Repair(w); ok {
			t.Errorf("%s became %s", name, got)
		}
	}
}

func TestRepairIsStable(t *testing.T) {
	ix := cheapPress(t).ix
	for _, p := range ix.phrasings {
		u := ix.understand(p.text)
		if len(u.repairs) > 0 {
			t.Errorf("the pack's own phrasing %q was repaired: %v", p.text, u.repairs)
		}
	}
	for _, w := range []string{"gutenbrg", "itelic", "westmins"} {
		once, _ := ix.speller.Repair(parse.Text(language.English, w)[0])
		if twice, ok := ix.speller.Repair(parse.Text(language.English, once)[0]); ok {
			t.Errorf("%q became %q and then %q", w, once, twice)
		}
	}
}
