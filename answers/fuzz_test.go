package answers

import (
	"strings"
	"testing"

	"footnote/answers/parse"
)

func seeds(f *testing.F) {
	for _, s := range []string{
		"", "Who printed the first Latin Bible?", "whats caxtons '56 press, 1978-79 & twenty-third of May", "kruschev\u200b\u0301", "Фёдоров апостол", "\xff\xfe\x00", "''n't'''s",
		"ﬁ①９ＷＨＯ", strings.Repeat("a", 200), strings.Repeat("the bible ", 60), "\u202eabc", "İstanbul ſ ß", "a\u0345b", "활자", "movabletype movable-type",
	} {
		f.Add(s)
	}
}

// FuzzUnderstand: what is understood is bounded, and nothing of it is repaired again.
func FuzzUnderstand(f *testing.F) {
	seeds(f)
	ix := newIndex(pressBase(0))
	f.Fuzz(func(t *testing.T, s string) {
		u := ix.understand(s)
		if len(u.words) > parse.MaxWords*4 { // a synonym may be longer than what it stands for
			t.Fatalf("%d words were understood", len(u.words))
		}
		for _, r := range u.repairs {
			if r.From == "" || r.To == "" || r.From == r.To {
				t.Fatalf("%q: the repair %+v", s, r)
			}
			if again, ok := ix.speller.Repair(parse.EnglishWord(r.To, r.To)); ok {
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
		if english, ok := parse.FollowUpInEnglish(s); ok { // "y" goes on from the last answer as "and" does
			asked = english
		}
		if u := m.ix.understand(asked); r.Sure() && !parse.Continues(u.words) && (again.FollowUp || again.Best() != r.Best()) {
			t.Fatalf("%q is answered with %s, and after another answer with %+v", s, r.Best().ID, again)
		}
	})
}
