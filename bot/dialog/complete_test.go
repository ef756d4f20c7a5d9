package dialog_test

import (
	"strings"
	"testing"
	"testing/synctest"
	"unicode/utf8"

	"footnote/bot"
	"footnote/bot/bottest"
	"footnote/bot/dialog"
)

func suggestions(t *testing.T, b *dialog.Dialog, command, text string, n int) string {
	t.Helper()
	var values []string
	for _, c := range b.Suggest(command, text, "en", n) {
		if utf8.RuneCountInString(c.Label) > 100 || utf8.RuneCountInString(c.Value) > 100 || c.Label == "" || c.Value == "" {
			t.Errorf("%s %q: %+v", command, text, c)
		}
		values = append(values, c.Value)
	}
	return strings.Join(values, " ")
}

func TestSuggest(t *testing.T) {
	_, b := bottest.Config{Answerer: bottest.Scripted(bottest.Library(t))}.New()
	for _, x := range []struct{ command, text, first string }{
		{"ask", "burn", "library-burned"}, {"ask", "BURNED lib", "library-burned"}, {"ask", "libary burnd", "library-burned"},
		{"ask", "museum what", "museum-scholars"}, {"ask", "caes", "library-burned"}, {"ask", "Цезарь", ""}, {"ask", "библиот", "library-founded"},
		{"source", "okoro", "library-burned"}, {"source", "not fire was", "library-burned"}, {"source", "zenodotus", "librarian-first"},
		{"search", "zen", "Zenodotus"}, {"search", "fir", "fire"}, {"search", "scrol", "Scrolls"}, {"search", "", "fire"}, {"ask", "", "library-founded"},
		{"ask", "\x00\xff", "library-founded"}, {"ask", "qqqq", ""}, {"ask", strings.Repeat("library ", 100_000), "library-founded"},
	} {
		got := suggestions(t, b, x.command, x.text, 25)
		if first, _, _ := strings.Cut(got, " "); first != x.first {
			t.Errorf("%s %.20q: %q, want %q first", x.command, x.text, got, x.first)
		}
	}
	for n := range 4 {
		if got := len(b.Suggest("ask", "", "", n)); got != n {
			t.Errorf("%d completions, want %d", got, n)
		}
	}
	if got := b.Suggest("ask", "library", "", -1); len(got) != 0 {
		t.Errorf("completions: %v", got)
	}
}

// The pack's own names for people work while typing and in /search too, in whatever
// script, as they do in questions.
func TestSuggestKnowsSynonyms(t *testing.T) {
	base := bottest.Embedded(t)
	_, b := bottest.Config{Answerer: bottest.Scripted(base)}.New()
	for _, text := range []string{"Хрущёв", "хрущ", "chruschtschow"} {
		for _, command := range []string{"ask", "source", "search"} {
			if got := suggestions(t, b, command, text, 25); !strings.Contains(got, "secret-speech") {
				t.Errorf("%s %q: %s", command, text, got)
			}
		}
	}
	if got := suggestions(t, b, "ask", "хр", 25); got != "" {
		t.Errorf("two letters of a synonym: %s", got)
	}
}

// Whatever is offered leads somewhere when it is chosen: a fact to its answer, its
// sources or the top of what is found, a name to what has it.
func TestCompletionsLeadSomewhere(t *testing.T) {
	base := bottest.Embedded(t)
	synctest.Test(t, func(t *testing.T) {
		s := bottest.Start(t, bottest.Config{Answerer: bottest.Scripted(base)})
		typed := []string{""}
		for _, f := range base.Facts() {
			typed = append(typed, f.ID, f.Questions[0].Text)
			typed = append(typed, f.People...)
			typed = append(typed, f.Topics...)
			for _, c := range f.Cites {
				typed = append(typed, c.Source.Title())
			}
		}
		offered := map[string]map[bot.Completion]bool{}
		for _, command := range []string{"ask", "source", "search"} {
			offered[command] = map[bot.Completion]bool{}
			for _, text := range typed {
				for _, c := range s.Dialog.Suggest(command, text, "en", 25) {
					offered[command][c] = true
				}
			}
			if len(offered[command]) < len(base.Facts()) {
				t.Errorf("/%s: %d completions in all", command, len(offered[command]))
			}
		}
		for command, all := range offered {
			for c := range all {
				n := len(s.Texts())
				s.Say(t, bottest.Said{Who: "ann", How: bottest.Command, Command: command, Text: c.Value})
				got := s.Texts()[n:]
				f := base.Fact(c.Value)
				ok := len(got) == 1
				switch {
				case !ok:
				case command == "ask":
					ok = f != nil && strings.Contains(got[0], f.Answer.In("en"))
				case command == "source":
					ok = f != nil && strings.Contains(got[0], "“"+f.Questions[0].Text+"”")
				case f != nil:
					ok = strings.Contains(got[0], "1. "+f.Questions[0].Text)
				default:
					ok = strings.HasPrefix(got[0], "Found:")
				}
				if !ok {
					t.Errorf("/%s %s (%s): %q", command, c.Value, c.Label, got)
				}
			}
		}
	})
}

func BenchmarkSuggest(b *testing.B) {
	base := bottest.Embedded(b)
	_, x := bottest.Config{Answerer: bottest.Scripted(base)}.New()
	b.ReportAllocs()
	for b.Loop() {
		x.Suggest("ask", "khruschev speach", "en", 25)
	}
}
