package answers

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"
)

func seeds(f *testing.F) {
	for _, s := range []string{
		"", "Who printed the first Latin Bible?", "whats caxtons '56 press, 1978-79 & twenty-third of May", "kruschev\u200b\u0301", "Фёдоров апостол", "\xff\xfe\x00", "''n't'''s",
		"ﬁ①９ＷＨＯ", strings.Repeat("a", 200), strings.Repeat("the bible ", 60), "\u202eabc", "İstanbul ſ ß", "a\u0345b", "활자", "movabletype movable-type",
	} {
		f.Add(s)
	}
}

// FuzzFold: what is folded is valid, bounded, without capitals and invisible
// characters, and folded already.
func FuzzFold(f *testing.F) {
	seeds(f)
	f.Fuzz(func(t *testing.T, s string) {
		once := fold(s)
		if !utf8.ValidString(once) {
			t.Fatalf("fold(%q) = %q is not UTF-8", s, once)
		}
		for _, r := range once {
			if unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || unicode.ToLower(r) != r {
				t.Fatalf("fold(%q) = %q holds %U", s, once, r)
			}
		}
		if len(once) >= maxQuestionBytes {
			return // the cut of a long text may fall elsewhere the second time
		}
		if twice := fold(once); twice != once {
			t.Fatalf("fold(%q) = %q, and folded again %q", s, once, twice)
		}
	})
}

// FuzzUnderstand: reading never fails, is bounded, and of what was understood
// nothing is repaired again.
func FuzzUnderstand(f *testing.F) {
	seeds(f)
	ix := newIndex(pressBase(0))
	f.Fuzz(func(t *testing.T, s string) {
		words := read(s)
		if len(words) > maxTokens {
			t.Fatalf("%d words", len(words))
		}
		for _, w := range words {
			if w.text == "" || w.key == "" || runeLen(w.text) > maxTokenRunes || !utf8.ValidString(w.text) {
				t.Fatalf("read(%q) has the word %+v", s, w)
			}
		}
		u := ix.understand(s)
		if len(u.words) > maxTokens*4 { // a synonym may be longer than what it stands for
			t.Fatalf("%d words were understood", len(u.words))
		}
		for _, r := range u.repairs {
			if r.From == "" || r.To == "" || r.From == r.To {
				t.Fatalf("%q: the repair %+v", s, r)
			}
			if again, ok := ix.speller.repair(makeWord(r.To, r.To)); ok {
				t.Fatalf("%q: %q was repaired to %q, which would be repaired to %q", s, r.From, r.To, again)
			}
		}
	})
}

// FuzzMatch: no question breaks the matcher, and what it says holds together.
func FuzzMatch(f *testing.F) {
	seeds(f)
	m := cheapPress(f)
	f.Fuzz(func(t *testing.T, s string) {
		r := m.Match(Query{Text: s})
		checkWhy(t, r)
		again := m.Match(Query{Text: s, Previous: m.base.Facts()[0]})
		checkWhy(t, again)
		asked := s
		if english, ok := inEnglish(s); ok { // "y" goes on from the last answer as "and" does
			asked = english
		}
		if u := m.ix.understand(asked); r.Sure() && !u.continues() && (again.FollowUp || again.Best() != r.Best()) {
			t.Fatalf("%q is answered with %s, and after another answer with %+v", s, r.Best().ID, again)
		}
	})
}
