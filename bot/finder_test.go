package bot_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"footnote/bot"
	"footnote/knowledge"
)

func suggestions(t *testing.T, b *bot.Bot, command, text string, n int) string {
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
	b := bot.New(bot.Config{Answerer: scripted{library(t)}})
	for _, x := range []struct{ command, text, first string }{
		{"ask", "burn", "library-burned"}, {"ask", "BURNED lib", "library-burned"}, {"ask", "libary burnd", "library-burned"},
		{"ask", "museum what", "museum-scholars"}, {"ask", "caes", "library-burned"}, {"ask", "Цезарь", ""}, {"ask", "библиот", "library-founded"},
		{"source", "okoro", "library-burned"}, {"source", "not fire was", "library-burned"}, {"source", "zenodotus", "librarian-first"},
		{"search", "zen", "Zenodotus"}, {"search", "fir", "fire"}, {"search", "", "fire"}, {"ask", "", "library-founded"},
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

func BenchmarkSuggest(b *testing.B) {
	base, err := knowledge.Embedded()
	if err != nil {
		b.Fatal(err)
	}
	x := bot.New(bot.Config{Answerer: scripted{base}})
	b.ReportAllocs()
	for b.Loop() {
		x.Suggest("ask", "khruschev speach", "en", 25)
	}
}
