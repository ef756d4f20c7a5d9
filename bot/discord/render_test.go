package discord

import (
	"encoding/json"
	"flag"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"footnote/bot"
	"footnote/bot/bottest"
	"footnote/bot/discord/discordtest"
	"footnote/bot/platform"
)

var update = flag.Bool("update", false, "write the golden files")

func para(s string) bot.Block { return bot.Block{Spans: []bot.Span{{Text: s}}} }

// golden replies, by the name of their file in testdata/render.
var goldens = map[string]bot.Reply{
	"answer": {
		Kind: bot.KindAnswer,
		Blocks: []bot.Block{
			{Spans: []bot.Span{{Text: "Attributed", Style: bot.Bold}, {Text: " · According to Frederick Copleston:"}}},
			{Spans: []bot.Span{{Text: "In February 1956 (at the 20th Congress) he spoke of a *cult*_of_personality."}}, Trim: true},
			{Kind: bot.Quote, Gap: true, Spans: []bot.Span{{Text: "one line\nand # another"}}},
			{Kind: bot.Cite, Gap: true, Spans: []bot.Span{{Text: "Wikipedia, "}, {Text: "Neo-Stalinism", Style: bot.Italic}, {Text: ", note 9. "}, {Text: "article", URL: "https://en.wikipedia.org/wiki/Neo-Stalinism"}}},
			{Kind: bot.Fine, Spans: []bot.Span{{Text: "secret-speech · neo-stalinism 1.0.0"}}},
		},
		Buttons: []bot.Button{{Label: "Source", Action: "s:secret-speech"}, {Label: "Why", Action: "w:secret-speech"}, {Label: "Again", Action: "s:secret-speech"}},
	},
	"choices": {
		Kind: bot.KindChoices,
		Blocks: []bot.Block{
			para("Did you mean"),
			{Kind: bot.Choice, Spans: []bot.Span{{Text: "When did Khrushchev\nspeak?"}}},
			{Kind: bot.Choice, Spans: []bot.Span{{Text: "1956. What happened?"}}},
			{Kind: bot.Fine, Spans: []bot.Span{{Text: "Press a button, or answer with the number or "}, {Text: "/source", Style: bot.Code}}},
		},
		Buttons: []bot.Button{{Label: "1", Action: "1"}, {Label: "2", Action: "2"}, {Label: "3", Action: "3"}, {Label: "4", Action: "4"}, {Label: "5", Action: "5"}, {Label: "6", Action: "6"}},
	},
	"hostile": {
		Kind: bot.KindAnswer,
		Blocks: []bot.Block{
			para("@everyone @here <@1574400764648964161> <@&15> <#15> <:x:15> <a:x:15> <t:1:R> </ask:1> <id:guide> :tada:"),
			para("# heading\n-# small\n> quote\n>>> long quote\n- list\n+ list\n* list\n1. list\n  2) list"),
			para("[text](https://example.org) https://example.org discord.gg/abc Discord.com/invite/abc"),
			para("**b** *i* __u__ _i_ ~~s~~ ||h|| `c` ```f``` \\* \\"),
			{Kind: bot.Item, Spans: []bot.Span{{Text: "# item"}, {Text: "b`c`k", Style: bot.Code}, {Text: "`", Style: bot.Code}, {Text: " x ", Style: bot.Bold}, {Text: "y", Style: bot.Italic}, {Text: "z", Style: bot.Bold}}},
			{Spans: []bot.Span{{Text: "a link ]", URL: "javascript:alert(1)"}, {Text: "(https://example.org)", URL: "http://example.org"}, {Text: "u", URL: "https://u:p@example.org"}, {Text: "ok", URL: "https://example.org/a_b*c"}}},
		},
		Buttons: []bot.Button{{Label: "", Action: "x"}, {Label: "x", Action: ""}, {Label: strings.Repeat("ж", 100), Action: "long"}},
	},
	"export": {
		Kind: bot.KindSource,
		Blocks: []bot.Block{
			para("The sources as bibtex"),
			{Kind: bot.Pre, Spans: []bot.Span{{Text: "@book{a,\n  title = {*A* ```b``` @everyone <@15>},\n}\n", Style: bot.Code}}},
			{Kind: bot.Pre, Spans: []bot.Span{{Text: " \n"}}},
			para("# more"),
		},
	},
	"empty": {Kind: bot.KindSmall},
}

func TestRenderGolden(t *testing.T) {
	t.Parallel()
	for name, r := range goldens {
		p := render(r)
		got, _ := json.MarshalIndent(p.Components, "", " ")
		text := p.Content + "\n-----\n" + string(got) + "\n"
		bottest.Golden(t, filepath.Join("testdata", "render", name+".txt"), text, *update)
		if _, live := discordtest.Read(p.Content); len(live) > 0 {
			t.Errorf("%s: live: %q", name, live)
		}
	}
}

func TestRenderAlwaysSuppresses(t *testing.T) {
	t.Parallel()
	body, _ := json.Marshal(render(bot.Reply{}))
	for _, want := range []string{`"allowed_mentions":{"parse":[],"replied_user":false}`, `"flags":4`, `"content":"…"`} {
		if !strings.Contains(string(body), want) {
			t.Errorf("%s lacks %s", body, want)
		}
	}
}

func TestRenderLong(t *testing.T) {
	t.Parallel()
	for _, filler := range []string{"word ", "*_[(`", "👨‍👩‍👧‍👦", "слово ", "\n", "1. \n", "@everyone ", strings.Repeat("w", 3000)} {
		r := bot.Reply{Blocks: []bot.Block{
			{Spans: []bot.Span{{Text: strings.Repeat(filler, 4000/len(filler)+1)}}, Trim: true},
			{Kind: bot.Cite, Spans: []bot.Span{{Text: "Copleston, note 9."}}},
		}}
		p := render(r)
		if n := platform.UTF16Len(p.Content); n > maxContent {
			t.Errorf("%q: %d units", filler, n)
		}
		if !strings.HasSuffix(p.Content, "Copleston, note 9.") {
			t.Errorf("%q: the citation is lost", filler)
		}
	}
}

// legible is what a reader can see of a text that came through clean: the ends of
// lines count for nothing, as Discord trims.
func legible(s string) string {
	lines := strings.Split(s, "\n")
	for i := range lines {
		lines[i] = strings.TrimFunc(lines[i], unicode.IsSpace)
	}
	return strings.TrimFunc(strings.Join(lines, "\n"), unicode.IsSpace)
}

// FuzzRender: whatever a text holds, a reader sees that text and nothing else, and
// nothing in it does anything.
func FuzzRender(f *testing.F) {
	for _, r := range goldens {
		for _, b := range r.Blocks {
			for _, s := range b.Spans {
				f.Add(s.Text, s.URL, s.Text)
			}
		}
	}
	f.Add("<", "https://example.org", "@1574400764648964161>")
	f.Add(":", "", "smile:")
	f.Add("]", "", "(https://example.org)")
	f.Add("http", "", "s://example.org")
	f.Add("\n#", "", " x")
	f.Add("](", "0", "[)")
	f.Add("[", "https://example.org/](https://example.com)", "x")
	f.Fuzz(func(t *testing.T, a, link, b string) {
		if len(a)+len(b) > 1200 {
			return // longer ones are cut; see below
		}
		p := render(bot.Reply{Blocks: []bot.Block{{Spans: []bot.Span{{Text: a}, {Text: b}}}}})
		text, live := discordtest.Read(p.Content)
		if len(live) > 0 {
			t.Errorf("live %q in %q", live, p.Content)
		}
		want := legible(platform.Clean(a + b))
		if want == "" {
			want = "…"
		}
		if platform.UTF16Len(content(bot.Reply{Blocks: []bot.Block{para(a + b)}})) <= maxContent && legible(text) != want {
			t.Errorf("%q is read as %q\ncontent %q", want, legible(text), p.Content)
		}

		hostile := bot.Reply{Buttons: []bot.Button{{Label: a, Action: b}, {Label: b, Action: a}}}
		for _, kind := range []bot.BlockKind{bot.Para, bot.Item, bot.Choice, bot.Quote, bot.Fine, bot.Cite} {
			hostile.Blocks = append(hostile.Blocks, bot.Block{Kind: kind, Trim: kind == bot.Para, Gap: kind == bot.Quote, Spans: []bot.Span{
				{Text: a, Style: bot.Bold}, {Text: b, URL: link}, {Text: a, Style: bot.Code}, {Text: b, Style: bot.Italic, URL: link}, {Text: a},
			}})
		}
		p = render(hostile)
		if n := platform.UTF16Len(p.Content); n == 0 || n > maxContent || !utf8.ValidString(p.Content) {
			t.Errorf("content of %d units", n)
		}
		if _, live := discordtest.Read(p.Content); len(live) > 0 {
			t.Errorf("live %q in %q", live, p.Content)
		}
		for _, row := range p.Components {
			for _, b := range row.Components {
				if n := platform.UTF16Len(b.Label); n == 0 || n > maxLabel || platform.UTF16Len(b.CustomID) > maxCustomID || !utf8.ValidString(b.Label+b.CustomID) {
					t.Errorf("button %+v", b)
				}
			}
		}
	})
}

// A button that begins a row does, as long as there is room for one more row.
func TestRows(t *testing.T) {
	var all []bot.Button
	for i := range 5 {
		all = append(all, bot.Button{Label: fmt.Sprint(i + 1), Action: fmt.Sprint("1f:", i)})
	}
	for i := range 6 {
		all = append(all, bot.Button{Label: "more", Action: fmt.Sprint("1s:", i), Row: i != 1})
	}
	var got []int
	for _, row := range rows(all) {
		got = append(got, len(row.Components))
	}
	if !slices.Equal(got, []int{5, 2, 1, 1, 2}) {
		t.Errorf("rows of %v", got)
	}
}

// Only the address that a reply names may have a preview: it stands bare, every other in
// angle brackets.
func TestRenderPreview(t *testing.T) {
	t.Parallel()
	const page, other = "https://example.org/f/speech@1.0.0/", "https://other.example/"
	r := bot.Reply{Preview: page, Blocks: []bot.Block{{Spans: []bot.Span{{Text: "a", URL: other}, {Text: "page", URL: page}}}}}
	p := render(r)
	if p.Flags&flagSuppressEmbeds != 0 || !strings.Contains(p.Content, "page "+page) || !strings.Contains(p.Content, "<"+other+">") {
		t.Errorf("%+v", p)
	}
	for _, bad := range []string{"http://example.org/", "javascript:alert(1)"} {
		r.Preview = bad
		if p := render(r); p.Flags&flagSuppressEmbeds == 0 || !strings.Contains(p.Content, "<"+page+">") {
			t.Errorf("%q: %+v", bad, p)
		}
	}
}

// A button that opens an address has that and no custom_id, and opens nothing but the web.
func TestLinkButtons(t *testing.T) {
	t.Parallel()
	body, _ := json.Marshal(rows([]bot.Button{{Label: "Open", URL: "https://example.org/f/a/"}, {Label: "No", URL: "javascript:alert(1)"}, {Label: "Why?", Action: "1w:a"}}))
	want := `[{"type":1,"components":[{"type":2,"style":5,"label":"Open","url":"https://example.org/f/a/"},{"type":2,"style":2,"label":"Why?","custom_id":"`
	if !strings.HasPrefix(string(body), want) {
		t.Errorf("%s", body)
	}
}
