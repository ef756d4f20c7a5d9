package answers

import (
	"strings"
	"testing"

	"footnote/answers/parse"
)

func TestUnderstand(t *testing.T) {
	ix := cheapPress(t).ix
	for _, x := range []struct{ name, in, want string }{
		{"a word for several", "the press", "the printing press"},
		{"several for several", "a printing machine", "a printing press"},
		{"itself", "the printing press", "the printing press"},
		{"the plural of a synonym", "printing machines", "printing press"},
		{"in Cyrillic", "печатный станок", "printing press"},
		{"longest first", "united states of america", "usa"},
		{"not in part", "the united kingdom", "the united kingdom"},
		{"several in a row", "Фёдоров press", "fedorov printing press"},
		{"a compound of two words of the pack", "movabletype", "movable type"},
		{"a compound with a hyphen", "movable-type", "movable type"},
		{"an English word is no compound", "blackbird", "blackbird"},
		{"spelling before synonyms", "pritning press", "printing press"},
		{"British spelling", "an honour", "an honour"},
	} {
		u := ix.understand(x.in)
		if got := strings.Join(parse.Texts(u.words), " "); got != x.want {
			t.Errorf("%s: %q is read as %q, want %q", x.name, x.in, got, x.want)
		}
	}
}

// A question in another script is answered where the pack's synonyms carry it.
func TestSynonymsCarryQuestions(t *testing.T) {
	m := cheapPress(t)
	for _, q := range []string{"фёдоров apostol", "Федоров Apostol", "fyodorov apostol", "fedorov apostol"} {
		if r := m.Match(Query{Text: q}); r.Outcome != Answered || r.Best().ID != "fedorov-apostol" {
			t.Errorf("%q is %s: %+v", q, r.Outcome, r.Why)
		}
	}
}
