package telegram

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"footnote/bot"
	"footnote/bot/platform"
	"footnote/bot/telegram/telegramtest"
)

func block(k bot.BlockKind, spans ...bot.Span) bot.Block { return bot.Block{Kind: k, Spans: spans} }

func plain(s string) bot.Span { return bot.Span{Text: s} }

// replies are what the goldens in testdata/render show, one file a behaviour.
var replies = map[string]bot.Reply{
	"answer": {Kind: bot.KindAnswer, Blocks: []bot.Block{
		block(bot.Para, bot.Span{Text: "Attributed", Style: bot.Bold}, plain(" to Robert Service: he said “A & B” < C.")),
		{Kind: bot.Cite, Gap: true, Spans: []bot.Span{plain("— Service, "), {Text: "A History", Style: bot.Italic, URL: "https://example.org/?a=1&b=\"2\""}, plain(", note 9.")}},
		block(bot.Fine, plain("robert-service · "), bot.Span{Text: "/source", Style: bot.Code}, plain(" shows more")),
	}, Buttons: []bot.Button{{Label: "Source", Action: "1:s"}, {Label: "Why", Action: "1:w"}, {Label: "Related", Action: "1:r"}}},
	"choices": {Kind: bot.KindChoices, Blocks: []bot.Block{
		block(bot.Para, plain("Did you mean")),
		block(bot.Choice, plain("When was the speech?")), block(bot.Choice, plain("Who gave it?")),
	}, Buttons: []bot.Button{{Label: "When was the speech?", Action: "1:c:1"}, {Label: "Who gave it?", Action: "1:c:2"}}},
	"source": {Kind: bot.KindSource, Blocks: []bot.Block{
		block(bot.Para, bot.Span{Text: "Sources", Style: bot.Bold}),
		block(bot.Cite, plain("1. “Neo-Stalinism.” "), bot.Span{Text: "Wikipedia", Style: bot.Italic}, plain(", note 9. "), bot.Span{Text: "https://en.wikipedia.org/wiki/Neo-Stalinism", URL: "https://en.wikipedia.org/wiki/Neo-Stalinism"}),
		block(bot.Quote, plain("the cult of personality")),
	}},
	"export": {Kind: bot.KindSource, Blocks: []bot.Block{
		block(bot.Para, plain("The sources as bibtex")),
		block(bot.Pre, bot.Span{Text: "@book{a,\n  title = {<b>A & B</b> @durov `x`},\n  url = {https://example.org}\n}", Style: bot.Code}),
		block(bot.Fine, plain("more")),
	}},
	"list": {Kind: bot.KindInfo, Blocks: []bot.Block{block(bot.Para, plain("Topics")), block(bot.Item, plain("cult of personality")), block(bot.Item, plain("de-Stalinisation"))}},
	"injection": {Kind: bot.KindInfo, Blocks: []bot.Block{
		block(bot.Para, plain(`<b>bold</b> &amp; <a href="https://evil.example">x</a> *s* _u_`)),
		block(bot.Para, plain("@durov and @HistBot and @HistBotFake, a@b.example, (@x)")),
		block(bot.Para, plain("see https://evil.example/x or www.evil.example or tg://resolve, U.S.S.R. 1.0.0 e.g. x")),
		block(bot.Para, bot.Span{Text: "a link", URL: "javascript:alert(1)"}, bot.Span{Text: " http", URL: "http://example.org"}, bot.Span{Text: " user", URL: "https://a:b@example.org"}),
		block(bot.Para, plain("right\u202eto left\u202c, nul\x00, bell\a, \xff, line\r\nbreak")),
	}, Buttons: []bot.Button{{Label: "<b>\n@durov", Action: "1:x"}, {Label: "too long", Action: strings.Repeat("x", 65)}, {Label: "", Action: "1"}, {Label: "none"}}},
	"styles": {Kind: bot.KindInfo, Blocks: []bot.Block{
		block(bot.Para, bot.Span{Text: "b", Style: bot.Bold}, bot.Span{Text: "i", Style: bot.Italic}, bot.Span{Text: "c<@durov", Style: bot.Code}, bot.Span{Text: "linked code", Style: bot.Code, URL: "https://example.org"}),
		block(bot.Fine, bot.Span{Text: "b", Style: bot.Bold}, plain("i"), bot.Span{Text: "", Style: bot.Bold}),
		block(bot.Para), block(bot.Quote, plain("")),
	}},
}

func TestRender(t *testing.T) {
	for name, r := range replies {
		t.Run(name, func(t *testing.T) {
			p := render(r, "HistBot")
			check(t, r, p)
			var b strings.Builder
			fmt.Fprintf(&b, "-- html --\n%s\n-- plain --\n%s\n-- keyboard --\n", p.HTML, p.Plain())
			for _, row := range p.Keyboard {
				for _, k := range row {
					fmt.Fprintf(&b, "[%s=%s]", k.Text, k.Data)
				}
				b.WriteByte('\n')
			}
			golden(t, "testdata/render/"+name+".golden", strings.ReplaceAll(b.String(), wordJoiner, "{joiner}"))
		})
	}
}

// check holds a payload against everything Telegram demands and we promise.
func check(t testing.TB, r bot.Reply, p payload) {
	t.Helper()
	text, entities, err := telegramtest.ParseHTML(p.HTML)
	if err != nil {
		t.Errorf("%v in %q", err, bot.Shorten(p.HTML, 300))
	}
	if n := platform.UTF16Len(text); n > maxText {
		t.Errorf("%d code units", n)
	}
	if n := platform.UTF16Len(p.Plain()); n > maxText {
		t.Errorf("%d code units without markup", n)
	}
	if len(p.HTML) > maxRaw || len(entities) > maxMarks {
		t.Errorf("%d bytes of markup, %d entities", len(p.HTML), len(entities))
	}
	for name, s := range map[string]string{"html": p.HTML, "plain": p.Plain()} {
		if !utf8.ValidString(s) {
			t.Errorf("%s is not valid UTF-8", name)
		}
	}
	for _, h := range append(telegramtest.Handles(text, entities), telegramtest.Handles(p.Plain(), nil)...) {
		if !strings.EqualFold(h, "@HistBot") {
			t.Errorf("%s would be pinged", h)
		}
	}
	for _, e := range append(telegramtest.Live(text, entities), telegramtest.Live(p.Plain(), nil)...) {
		if !wanted(r, e) {
			t.Errorf("%s %q would be live", e.Type, e.URL)
		}
	}
	for _, e := range entities {
		if e.URL != "" && !strings.HasPrefix(e.URL, "https://") {
			t.Errorf("a link to %q", e.URL)
		}
	}
	n := 0
	for _, row := range p.Keyboard {
		for _, k := range row {
			n++
			if len(k.Data) > 64 || k.Data == "" || k.Text == "" {
				t.Errorf("button %+v", k)
			}
		}
	}
	if n > len(r.Buttons) {
		t.Errorf("%d buttons for %d", n, len(r.Buttons))
	}
}

// wanted reports whether r asks for what Telegram would make of e: a command set
// as code, an https address that a link shows or that stands in a citation.
func wanted(r bot.Reply, e telegramtest.Entity) bool {
	for _, x := range r.Blocks {
		for _, s := range x.Spans {
			switch {
			case x.Kind == bot.Pre, s.Style == bot.Code && strings.Contains(platform.Clean(s.Text), e.URL), s.URL != "" && strings.Contains(platform.Clean(s.Text), e.URL),
				s.URL != "" && strings.Contains(s.URL, strings.TrimRight(e.URL, "),.")):
				return true // as plain text, where there is nothing to set code and links apart
			case x.Kind == bot.Cite && strings.HasPrefix(e.URL, "https://"):
				return true
			case x.Kind == bot.Cite && e.Type == "domain" && strings.Contains(s.Text, "https://"):
				return true // the middle of such an address
			}
		}
	}
	return false
}

// Nothing in a text does anything by itself; an address in a citation is to be
// copied, and is live only if it is one to link to.
func TestNothingIsLive(t *testing.T) {
	texts := []string{"#stalin", "(#сталин)", "#1956er", "$USD", "$1INCH.", "/start", "do /stop@HistBot now", "/remember on",
		"http://evil.example", "ftp://evil.example", "tg://resolve?domain=durov", "ton://x", "evil.example", "evil.рф", "пример.рф/x", "I❤.ws", "example.भारत",
		"mail me@evil.example", "xn--e1afmkfd.xn--p1ai", "_a.evil.example", "Gazeta.ru, 5 May", "HTTPS://EVIL.EXAMPLE", "xhttps://evil.example", "https://a:b@evil.example",
		"@durov", "https://", "…t.me/durov"}
	for _, before := range []string{"https://example.org/a>", "https://example.org)", "https://example.org/a\u2066", "https://example.org«", "https://example.org/\u200b"} {
		p := render(bot.Reply{Blocks: []bot.Block{block(bot.Cite, plain(before+"@durov #tag"))}}, "HistBot")
		if live, pings := telegramtest.Live(p.Plain(), nil), telegramtest.Handles(p.Plain(), nil); len(pings) > 0 || slices.ContainsFunc(live, func(e telegramtest.Entity) bool { return e.Type == "hashtag" }) {
			t.Errorf("%q: %v, %v", p.Plain(), live, pings)
		}
	}
	for _, text := range texts {
		for _, kind := range []bot.BlockKind{bot.Para, bot.Item, bot.Quote, bot.Fine, bot.Cite} {
			r := bot.Reply{Blocks: []bot.Block{block(kind, plain(text))}}
			p := render(r, "HistBot")
			shown, entities, err := telegramtest.ParseHTML(p.HTML)
			if err != nil {
				t.Fatal(err)
			}
			for _, e := range append(telegramtest.Live(shown, entities), telegramtest.Live(p.Plain(), nil)...) {
				t.Errorf("%q in %q: %s %q is live", text, kind, e.Type, e.URL)
			}
			if h := append(telegramtest.Handles(shown, entities), telegramtest.Handles(p.Plain(), nil)...); len(h) > 0 {
				t.Errorf("%q in %q: pings %q", text, kind, h)
			}
			if strings.ReplaceAll(p.Plain(), wordJoiner, "") != bot.PlainText(r) {
				t.Errorf("%q in %q is read as %q", text, kind, p.Plain())
			}
		}
	}
	for _, text := range texts { // a title may set a part of itself in italics
		if strings.Contains(text, "https://") {
			continue // a part of it can be an address to link to
		}
		for i := range text {
			for _, kind := range []bot.BlockKind{bot.Para, bot.Fine, bot.Cite} {
				_, one := utf8.DecodeRuneInString(text[i:])
				p := render(bot.Reply{Blocks: []bot.Block{block(kind, plain(text[:i]), bot.Span{Text: text[i : i+one], Style: bot.Italic}, plain(text[i+one:]))}}, "HistBot")
				shown, entities, err := telegramtest.ParseHTML(p.HTML)
				if err != nil {
					t.Fatal(err)
				}
				live := append(telegramtest.Live(shown, entities), telegramtest.Live(p.Plain(), nil)...)
				pings := append(telegramtest.Handles(shown, entities), telegramtest.Handles(p.Plain(), nil)...)
				if len(live)+len(pings) > 0 {
					t.Errorf("%q and %q in %q: %v, %v", text[:i], text[i:], kind, live, pings)
				}
			}
		}
	}
	for _, text := range []string{"In Pravda, https://example.org/a/@b#c?d=$E/f.", "https://example.org", "1956/57, no. #12, $5, and/or, U.S.S.R., 1.0.0"} {
		if p := render(bot.Reply{Blocks: []bot.Block{block(bot.Cite, plain(text))}}, "HistBot"); p.Plain() != text || p.HTML != text {
			t.Errorf("%q cannot be copied: %q, %q", text, p.HTML, p.Plain())
		}
	}
	if p := render(bot.Reply{Blocks: []bot.Block{block(bot.Para, bot.Span{Text: "/source", Style: bot.Code})}}, ""); p.HTML != "/source" || p.Plain() != "/source" {
		t.Errorf("a command cannot be touched: %q, %q", p.HTML, p.Plain())
	}
}

// Answers of every length around the limit, of letters that grow when escaped and
// of letters that count double, keep their citation and fit.
func TestFits(t *testing.T) {
	for _, filler := range []string{"a", "word ", `&<>"`, "👍🏽", "ж", "@durov ", "evil.example ", "\u202e", "e\u0301", "\n"} {
		for _, n := range []int{4000, 4090, 4096, 4097, 9000, 70000} {
			r := bot.Reply{Kind: bot.KindAnswer, Blocks: []bot.Block{
				{Spans: []bot.Span{plain(strings.Repeat(filler, n/len(filler)+1))}, Trim: true},
				block(bot.Cite, plain("Citation, note 9.")),
			}}
			p := render(r, "HistBot")
			check(t, r, p)
			if !strings.HasSuffix(p.HTML, "Citation, note 9.") || !strings.HasSuffix(p.Plain(), "Citation, note 9.") {
				t.Errorf("%q × %d lost its citation", filler, n)
			}
		}
	}
}

// Links can make the markup too long though the text is not, and short citations can
// have more italics than Telegram takes; then it goes plain.
func TestTooMuchMarkup(t *testing.T) {
	for n, marked := range map[int]bool{maxMarks / 2: true, maxMarks/2 + 1: false} {
		r := bot.Reply{Kind: bot.KindSource}
		for i := range n {
			r.Blocks = append(r.Blocks, block(bot.Cite, plain(fmt.Sprintf("[%d] ", i+1)), bot.Span{Text: "Annals", Style: bot.Italic}, plain(", 3.")))
		}
		p := render(r, "")
		if check(t, r, p); (p.HTML != "") != marked || !strings.Contains(p.Plain(), fmt.Sprintf("[%d] Annals, 3.", n)) {
			t.Errorf("%d citations: %d bytes of markup, %d of text", n, len(p.HTML), len(p.Plain()))
		}
	}
	r := bot.Reply{}
	for i := range 20 {
		r.Blocks = append(r.Blocks, block(bot.Para, bot.Span{Text: fmt.Sprint("link ", i), URL: "https://example.org/" + strings.Repeat("x", 2000)}))
	}
	if p := render(r, ""); p.HTML != "" || p.Plain() == "" {
		t.Errorf("%d bytes of markup, %d of text", len(p.HTML), len(p.Plain()))
	}
}

func TestKeyboardRows(t *testing.T) {
	r := bot.Reply{Kind: bot.KindAnswer}
	for _, l := range []string{"Source", "Why", "Related", "👍", "👎", "A rather long label of a button", "x"} {
		r.Buttons = append(r.Buttons, bot.Button{Label: l, Action: "1:" + l})
	}
	var rows []int
	for _, row := range keyboard(r) {
		rows = append(rows, len(row))
	}
	if !slices.Equal(rows, []int{3, 2, 1, 1}) {
		t.Errorf("rows of %v", rows)
	}

	list := bot.Reply{Kind: bot.KindInfo}
	for _, l := range []string{"1", "2", "3", "4", "5"} {
		list.Buttons = append(list.Buttons, bot.Button{Label: l, Action: "1:" + l})
	}
	list.Buttons = append(list.Buttons, bot.Button{Label: "Back", Action: "1:b", Row: true}, bot.Button{Label: "Next", Action: "1:n"})
	if k := keyboard(list); len(k) != 2 || len(k[0]) != 5 || k[1][0].Text != "Back" || len(k[1]) != 2 {
		t.Errorf("a page of a list has the keys %v", k)
	}
}

// What is sent is what the escaping promises: the text as people read it is the
// text of the reply, but for the joiners.
func TestEscapeRoundTrip(t *testing.T) {
	for _, s := range []string{`a\*b`, `"q" 'a' & < > &lt; &#39; &amp;amp;`, "<!-- x -->", "`x` ```y```", "||x|| ~y~ __z__"} {
		text, _, err := telegramtest.ParseHTML(markup(bot.Reply{Blocks: []bot.Block{block(bot.Para, plain(s))}}))
		if err != nil || text != s {
			t.Errorf("%q came out as %q, %v", s, text, err)
		}
	}
}

// FuzzRender: any reply at all is legal, within every limit and pings nobody.
func FuzzRender(f *testing.F) {
	for _, r := range replies {
		raw, err := json.Marshal(r)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(raw, "")
	}
	f.Add([]byte(`{"Blocks":[{"Spans":[{"Text":"@"},{"Text":"durov"}]}]}`), "@durov")
	f.Add([]byte(`{"Blocks":[{"Kind":"fine","Spans":[{"Text":"<","Style":"code","URL":"https://a"}]}],"Buttons":[{"Label":"\u0000","Action":"x"}]}`), "x")
	f.Fuzz(func(t *testing.T, raw []byte, text string) {
		var r bot.Reply
		if json.Unmarshal(raw, &r) != nil {
			return
		}
		for i := range r.Blocks {
			for j := range r.Blocks[i].Spans {
				r.Blocks[i].Spans[j].Text += text
			}
		}
		p := render(r, "HistBot")
		if p.HTML != "" || p.Plain() == "" {
			check(t, r, p)
		}
	})
}

// Telegram shows the preview of the address that a reply names, and of no other.
func TestPreview(t *testing.T) {
	const page = "https://example.org/f/speech@1.0.0/"
	for in, want := range map[string]string{page: `{"url":"` + page + `","prefer_small_media":true}`, "": `{"is_disabled":true}`, "http://example.org/": `{"is_disabled":true}`} {
		o := outgoing{payload: render(bot.Reply{Preview: in, Blocks: []bot.Block{block(bot.Fine, bot.Span{Text: "page", URL: page})}}, "HistBot")}
		if got := o.params()["link_preview_options"]; got != want {
			t.Errorf("%q: %s, want %s", in, got, want)
		}
	}
}

// A button that opens an address opens nothing but the web.
func TestLinkButtons(t *testing.T) {
	got := keyboard(bot.Reply{Buttons: []bot.Button{{Label: "Open", URL: "https://example.org/f/a/"}, {Label: "No", URL: "javascript:alert(1)"}, {Label: "Why?", Action: "1w:a"}}})
	if len(got) != 1 || len(got[0]) != 2 || got[0][0] != (key{Text: "Open", URL: "https://example.org/f/a/"}) || got[0][1].Data != "1w:a" {
		t.Errorf("%+v", got)
	}
}
