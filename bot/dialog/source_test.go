package dialog_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"

	"footnote/bot"
	"footnote/bot/bottest"
	"footnote/knowledge"
	"footnote/knowledge/csl"
)

// source asks for sources and returns what was shown.
func source(t *testing.T, s *bottest.Started, text string) string {
	t.Helper()
	s.Say(t, bottest.Said{Who: "ann", How: bottest.Command, Command: "source", Text: text})
	got := s.Texts()
	return got[len(got)-1]
}

func TestSourceAsFormat(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := bottest.Start(t, bottest.Config{})
		if got := source(t, s, "bibtex"); !strings.HasPrefix(got, "I remember no answer here") {
			t.Errorf("before any question: %q", got)
		}
		s.Ask(founded)
		fact := bottest.Library(t).Fact("library-founded")
		for _, c := range []struct{ text, want string }{
			{"bibtex", csl.BibTeX(fact.Cites[0].Source)},
			{"1 BibTeX", csl.BibTeX(fact.Cites[0].Source)},
			{"library-founded ris", csl.RIS(fact.Cites[0].Source)},
			{"library-founded csl-json", string(csl.JSON(fact.Cites[0].Source))},
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

// Where several facts fit, the one that is chosen comes in the format that was asked
// for, by its button as by its number.
func TestSourceAsFormatOfSeveral(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := bottest.Start(t, bottest.Config{})
		source(t, s, "library ris")
		all, _ := s.WaitShown(t.Context(), 0)
		s.Press(t, "ann", all[0], all[0].Buttons[1])
		s.Ask("2")
		for _, got := range s.Texts()[1:] {
			if !strings.HasPrefix(got, "The sources of “") || !strings.Contains(got, "TY  - ") {
				t.Errorf("%q of %q", got, all[0].Buttons)
			}
		}
		source(t, s, "library")
		s.Ask("2")
		if got := s.Texts(); strings.Contains(got[len(got)-1], "TY  - ") {
			t.Errorf("without a format: %q", got[len(got)-1])
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
		fact := *bottest.Library(t).Fact("library-founded")
		fact.Cites = nil
		for i := range 8 {
			fact.Cites = append(fact.Cites, knowledge.Cite{Source: &csl.Source{ID: fmt.Sprint("s", i), Type: "book",
				Fields: map[string]string{"title": strings.Repeat("x", c.title)}}})
		}
		pack := *bottest.Library(t).Packs[0]
		pack.Facts = []*knowledge.Fact{&fact}
		synctest.Test(t, func(t *testing.T) {
			s := bottest.Start(t, bottest.Config{Answerer: bottest.Scripted(&knowledge.Base{Packs: []*knowledge.Pack{&pack}})})
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

// sentFile asks for sources and returns the reply.
func sentFile(t *testing.T, s *bottest.Started, text string) bot.Reply {
	t.Helper()
	source(t, s, text)
	sent := s.Sent()
	return sent[len(sent)-1].Reply
}

// Sources are given away as a file, unshortened, with what to show where no file
// can be sent.
func TestSourceAsFile(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		base := bottest.Library(t)
		fact := base.Fact("library-founded")
		s := bottest.Start(t, bottest.Config{})
		s.Ask(founded)
		for _, c := range []struct{ text, name, mime, data, head string }{
			{"bibtex", "library-founded.bib", "application/x-bibtex", csl.BibTeX(fact.Cites[0].Source), "The sources of “" + fact.Canonical("en") + "” as BibTeX: 1"},
			{"1 ris", "library-founded-1.ris", "application/x-research-info-systems", csl.RIS(fact.Cites[0].Source), "as RIS: 1"},
			{"library-founded csl", "library-founded.json", "application/vnd.citationstyles.csl+json", string(csl.JSON(fact.Cites[0].Source)), "as CSL-JSON: 1"},
			{"all bibtex", base.Packs[0].ID + ".bib", "application/x-bibtex", csl.BibTeX(base.Sources()...), "All sources of "},
			{"all html", base.Packs[0].ID + ".html", "text/html", csl.BibliographyHTML(base.Sources()...), "as HTML: "},
			{"all md", base.Packs[0].ID + ".md", "text/markdown", csl.BibliographyMarkdown(base.Sources()...), "as Markdown: "},
			{"all txt", base.Packs[0].ID + ".txt", "text/plain", csl.Bibliography(base.Sources()...), "as TXT: "},
			{"ALL csl-json", base.Packs[0].ID + ".json", "application/vnd.citationstyles.csl+json", string(csl.JSON(base.Sources()...)), fmt.Sprintf("as CSL-JSON: %d", len(base.Sources()))},
		} {
			r := sentFile(t, s, c.text)
			if f := r.File; f == nil || f.Name != c.name || f.Type != c.mime || string(f.Data) != c.data {
				t.Errorf("/source %s: %+v", c.text, f)
			} else if got := bot.PlainText(r); !strings.Contains(got, c.head) || strings.Contains(got, "\n") {
				t.Errorf("/source %s: beside the file stands %q", c.text, got)
			}
			if r.Unfiled().File != nil || len(r.Unfiled().Blocks) == 0 {
				t.Errorf("/source %s without files: %+v", c.text, r.Unfiled())
			}
		}
		r := sentFile(t, s, "all")
		if r.File != nil || !strings.Contains(bot.PlainText(r), csl.Works(base.Sources()...)[0].Entry.String()) {
			t.Errorf("/source all, without a format: %+v", r)
		}
	})
}

// The bibliography of many sources has pages, which buttons and numbers turn.
func TestBibliographyHasPages(t *testing.T) {
	pack := *bottest.Library(t).Packs[0]
	pack.Sources = nil
	for i := range 60 {
		pack.Sources = append(pack.Sources, &csl.Source{ID: fmt.Sprintf("s%02d", i), Type: "book",
			Fields: map[string]string{"title": fmt.Sprintf("Volume %02d of a work with a long title that fills the page", i), "DOI": "10.1/x"}})
	}
	synctest.Test(t, func(t *testing.T) {
		s := bottest.Start(t, bottest.Config{Answerer: bottest.Scripted(&knowledge.Base{Packs: []*knowledge.Pack{&pack}})})
		first := source(t, s, "all")
		if !strings.Contains(first, "Volume 00") || strings.Contains(first, "Volume 59") || !strings.Contains(first, "Page 1 of ") {
			t.Fatal(first)
		}
		shown := s.Last()
		second := source(t, s, "all 2")
		if strings.Contains(second, "Volume 00") || !strings.Contains(second, "Page 2 of ") {
			t.Error(second)
		}
		s.Press(t, "ann", shown, "Next page")
		if texts := s.Texts(); !slices.Contains(texts, second) {
			t.Errorf("the button shows none of the second page: %q", texts)
		}
		if last := source(t, s, "all 99"); !strings.Contains(last, "Volume 59") {
			t.Error(last)
		}
		for _, b := range s.Sent()[0].Reply.Blocks {
			if b.Kind == bot.Cite && !slices.ContainsFunc(b.Spans, func(s bot.Span) bool { return s.URL == "https://doi.org/10.1/x" }) {
				t.Errorf("no link in %+v", b)
			}
		}
	})
}

// What is too long for a message is whole in the file; what is too large for a file
// is not sent as one, and a file's name is safe whatever the fact is called.
func TestSourceAsFileLarge(t *testing.T) {
	for _, c := range []struct {
		title int
		file  bool
	}{{3000, true}, {bot.MaxFile, false}} {
		fact := *bottest.Library(t).Fact("library-founded")
		fact.ID = "../Ünsafe name"
		source := &csl.Source{ID: "s", Type: "book", Fields: map[string]string{"title": strings.Repeat("x", c.title)}}
		fact.Cites = []knowledge.Cite{{Source: source}}
		pack := *bottest.Library(t).Packs[0]
		pack.Facts, pack.Sources = []*knowledge.Fact{&fact}, []*csl.Source{source}
		synctest.Test(t, func(t *testing.T) {
			s := bottest.Start(t, bottest.Config{Answerer: bottest.Scripted(&knowledge.Base{Packs: []*knowledge.Pack{&pack}})})
			s.Ask(founded)
			for _, text := range []string{"bibtex", "all bibtex"} {
				r := sentFile(t, s, text)
				if (r.File != nil) != c.file {
					t.Fatalf("/source %s of %d characters: %+v", text, c.title, r.File)
				}
				if c.file && (len(r.File.Data) < c.title || strings.Trim(r.File.Name, "abcdefghijklmnopqrstuvwxyz-") != ".") {
					t.Errorf("%d bytes in %q", len(r.File.Data), r.File.Name)
				}
				if got := bot.PlainText(r.Unfiled()); !strings.Contains(got, "too long for a message") {
					t.Errorf("without files: %.200q", got)
				}
			}
		})
	}
}
