package bot_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"

	"footnote/bot"
	"footnote/bot/bottest"
	"footnote/knowledge"
)

// source asks for sources and returns what was shown.
func source(t *testing.T, s *started, text string) string {
	t.Helper()
	s.Say(t, bottest.Said{Who: "ann", How: bottest.Command, Command: "source", Text: text})
	got := s.texts()
	return got[len(got)-1]
}

func TestSourceAsFormat(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := start(t, bot.Config{})
		if got := source(t, s, "bibtex"); !strings.HasPrefix(got, "Nothing was asked here yet") {
			t.Errorf("before any question: %q", got)
		}
		s.ask(founded)
		fact := library(t).Fact("library-founded")
		for _, c := range []struct{ text, want string }{
			{"bibtex", knowledge.BibTeX(fact.Cites[0].Source)},
			{"1 BibTeX", knowledge.BibTeX(fact.Cites[0].Source)},
			{"library-founded ris", knowledge.RIS(fact.Cites[0].Source)},
			{"library-founded csl-json", string(knowledge.CSLJSON(fact.Cites[0].Source))},
		} {
			first, rest, _ := strings.Cut(source(t, s, c.text), "\n")
			if !strings.HasPrefix(first, "The sources of “"+fact.Canonical("en")) || rest != strings.TrimRight(strings.ReplaceAll(c.want, "\r\n", "\n"), "\n") {
				t.Errorf("/source %s:\n%s\n%s\nwant\n%s", c.text, first, rest, c.want)
			}
		}
		if got := source(t, s, "9 ris"); !strings.Contains(got, "no citation 9") {
			t.Errorf("%q", got)
		}
	})
}

// Entries are whole or left out, and what is left out is said.
func TestSourceAsFormatTooLong(t *testing.T) {
	for _, c := range []struct {
		title int // characters
		whole int // entries that fit
		told  string
	}{
		{300, 3, "5 more did not fit here"},
		{3000, 0, "too long for a message"},
	} {
		fact := *library(t).Fact("library-founded")
		fact.Cites = nil
		for i := range 8 {
			fact.Cites = append(fact.Cites, knowledge.Cite{Source: &knowledge.Source{ID: fmt.Sprint("s", i), Type: "book",
				Fields: map[string]string{"title": strings.Repeat("x", c.title)}}})
		}
		pack := *library(t).Packs[0]
		pack.Facts = []*knowledge.Fact{&fact}
		synctest.Test(t, func(t *testing.T) {
			s := start(t, bot.Config{Answerer: scripted{&knowledge.Base{Packs: []*knowledge.Pack{&pack}}}})
			got := source(t, s, "library-founded csl-json")
			if !strings.Contains(got, c.told) {
				t.Errorf("%q", got)
			}
			if c.whole == 0 {
				return
			}
			from, to := strings.Index(got, "["), strings.LastIndex(got, "]")
			var items []any
			if err := json.Unmarshal([]byte(got[from:to+1]), &items); err != nil || len(items) != c.whole {
				t.Errorf("%v, %d items:\n%s", err, len(items), got)
			}
		})
	}
}
