package bot_test

import (
	"fmt"
	"strconv"
	"strings"
	"testing"
	"unicode/utf16"
	"unicode/utf8"

	"pgregory.net/rapid"

	"footnote/bot"
)

// sizes are measures as platforms have them: characters, UTF-16 units, and text
// in which a renderer escapes.
var sizes = map[string]func(bot.Reply) int{
	"characters": func(r bot.Reply) int { return utf8.RuneCountInString(bot.PlainText(r)) },
	"utf-16":     func(r bot.Reply) int { return len(utf16.Encode([]rune(bot.PlainText(r)))) },
	"escaped": func(r bot.Reply) int {
		return len(strings.NewReplacer("&", "&amp;", "<", "&lt;", "*", `\*`).Replace(bot.PlainText(r)))
	},
}

var pieces = []string{"word ", "a", " ", "\n", "&<*", "👨‍👩‍👧‍👦", "é", "e\u0301", "\u202e", "ж", "。", "https://example.org/", "…", "\x00", "\xff", strings.Repeat("w", 60)}

func anyReply() *rapid.Generator[bot.Reply] {
	text := rapid.Custom(func(t *rapid.T) string {
		return strings.Repeat(strings.Join(rapid.SliceOfN(rapid.SampledFrom(pieces), 0, 8).Draw(t, "pieces"), ""), rapid.IntRange(1, 30).Draw(t, "times"))
	})
	block := rapid.Custom(func(t *rapid.T) bot.Block {
		b := bot.Block{
			Kind: rapid.SampledFrom([]bot.BlockKind{bot.Para, bot.Item, bot.Choice, bot.Quote, bot.Fine, bot.Cite}).Draw(t, "kind"),
			Gap:  rapid.Bool().Draw(t, "gap"),
			Trim: rapid.Bool().Draw(t, "trim"),
		}
		for range rapid.IntRange(0, 4).Draw(t, "spans") {
			b.Spans = append(b.Spans, bot.Span{Text: text.Draw(t, "text"), Style: rapid.SampledFrom([]bot.Style{bot.Plain, bot.Bold, bot.Italic, bot.Code}).Draw(t, "style"), URL: rapid.SampledFrom([]string{"", "https://example.org/x"}).Draw(t, "url")})
		}
		return b
	})
	return rapid.Custom(func(t *rapid.T) bot.Reply {
		return bot.Reply{Blocks: rapid.SliceOfN(block, 0, 8).Draw(t, "blocks")}
	})
}

// citations are the texts of the citations of r.
func citations(r bot.Reply) []string {
	var all []string
	for _, b := range r.Blocks {
		if b.Kind == bot.Cite {
			all = append(all, bot.PlainText(bot.Reply{Blocks: []bot.Block{{Spans: b.Spans}}}))
		}
	}
	return all
}

// Whatever the reply, Fit ends below the limit, leaves the reply it was given as
// it was, and gives up citations last.
func TestFit(t *testing.T) {
	for name, size := range sizes {
		t.Run(name, rapid.MakeCheck(func(t *rapid.T) {
			r := anyReply().Draw(t, "reply")
			max := rapid.IntRange(0, 400).Draw(t, "max")
			before := bot.PlainText(r)
			got := bot.Fit(r, max, size)
			if size(got) > max {
				t.Fatalf("size %d, limit %d: %q", size(got), max, bot.PlainText(got))
			}
			if bot.PlainText(r) != before {
				t.Fatalf("the reply itself was changed")
			}
			if size(r) <= max && bot.PlainText(got) != before {
				t.Fatalf("a reply that fits was changed")
			}
			// A citation that was cut or dropped means that nothing else is left.
			if had, has := citations(r), citations(got); strings.Join(had, "\n") != strings.Join(has, "\n") {
				for _, b := range got.Blocks {
					if b.Kind != bot.Cite {
						t.Fatalf("a citation went before %+v", b)
					}
				}
			}
		}))
	}
}

func TestFitGivesUpWhatIsLeastMissed(t *testing.T) {
	span := func(s string) []bot.Span { return []bot.Span{{Text: s}} }
	r := bot.Reply{Blocks: []bot.Block{
		{Spans: span("Established")},
		{Spans: span("The first paragraph says what happened, and a little more than that."), Trim: true},
		{Spans: span("The second paragraph goes on at length, and says again what was said."), Trim: true},
		{Kind: bot.Cite, Spans: span("Ashby, Scrolls and Fires, 12–15.")},
		{Kind: bot.Fine, Gap: true, Spans: span("See also")},
		{Kind: bot.Item, Spans: span("Who burned the library?")},
		{Kind: bot.Fine, Gap: true, Spans: span("library-founded · library 0.3.0")},
	}}
	var b strings.Builder
	for _, max := range []int{276, 250, 200, 180, 160, 140, 120, 100, 70, 50, 40, 30, 20, 10, 1, 0} {
		b.WriteString("--- at most " + strconv.Itoa(max) + "\n" + bot.PlainText(bot.Fit(r, max, sizes["characters"])) + "\n")
	}
	golden(t, "fit.txt", b.String())
}

func TestShorten(t *testing.T) {
	for _, x := range []struct {
		in   string
		max  int
		want string
	}{
		{"short", 5, "short"}, {"a longer text", 9, "a longer…"}, {"a longer text", 8, "a longe…"}, {"unbreakable", 5, "unbr…"},
		{"👨‍👩‍👧‍👦👨‍👩‍👧‍👦👨‍👩‍👧‍👦", 2, "👨‍👩‍👧‍👦…"}, {"x", 0, ""}, {"xy", 1, "…"}, {"", 3, ""},
	} {
		if got := bot.Shorten(x.in, x.max); got != x.want {
			t.Errorf("Shorten(%q, %d) = %q, want %q", x.in, x.max, got, x.want)
		}
	}
}

func FuzzFit(f *testing.F) {
	f.Add("Established", "In 1956.", "Ashby, 12.", "https://example.org", 10)
	f.Add("👨‍👩‍👧‍👦\x00", strings.Repeat("слово ", 50), "\xff\xfe", "", 25)
	f.Fuzz(func(t *testing.T, a, b, c, url string, max int) {
		if max < 0 || len(a)+len(b)+len(c) > 4096 {
			return
		}
		r := bot.Reply{Blocks: []bot.Block{
			{Spans: []bot.Span{{Text: a, Style: bot.Bold}}},
			{Spans: []bot.Span{{Text: b}, {Text: a, URL: url}}, Trim: true, Gap: true},
			{Kind: bot.Cite, Spans: []bot.Span{{Text: c, Style: bot.Italic}}},
			{Kind: bot.Choice, Spans: []bot.Span{{Text: b}}},
		}}
		for name, size := range sizes {
			if got := bot.Fit(r, max, size); size(got) > max {
				t.Errorf("%s: size %d, limit %d", name, size(got), max)
			}
		}
	})
}

func TestLines(t *testing.T) {
	r := bot.Reply{Blocks: []bot.Block{
		{Spans: []bot.Span{{Text: "a"}}}, {Kind: bot.Item, Gap: true}, {Kind: bot.Choice}, {Kind: bot.Choice, Gap: true}, {Kind: bot.Fine},
	}}
	var got []string
	for l := range r.Lines() {
		got = append(got, fmt.Sprintf("%q %q", l.Break, l.Mark()))
		if l.Kind == bot.Fine {
			break
		}
	}
	if want := `"" "", "\n\n" "• ", "\n" "1. ", "\n\n" "2. ", "\n" ""`; strings.Join(got, ", ") != want {
		t.Errorf("%s, want %s", strings.Join(got, ", "), want)
	}
}

// Fitting a reply of many blocks costs few tries, and drops no more than it takes.
func TestFitIsNotQuadratic(t *testing.T) {
	for _, kind := range []bot.BlockKind{bot.Item, bot.Para, bot.Cite, bot.Fine} {
		for _, keep := range []int{1, 2, 17, 2999} {
			var r bot.Reply
			for range 3000 {
				r.Blocks = append(r.Blocks, bot.Block{Kind: kind, Spans: []bot.Span{{Text: "x"}}})
			}
			tries := 0
			got := bot.Fit(r, keep, func(r bot.Reply) int { tries++; return len(r.Blocks) })
			if len(got.Blocks) != keep || tries > 100 {
				t.Errorf("%v: %d blocks of the %d that fit, after %d tries", kind, len(got.Blocks), keep, tries)
			}
		}
	}
}
