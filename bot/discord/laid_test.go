package discord

import (
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"footnote/bot"
	dt "footnote/bot/discord/discordtest"
	"footnote/bot/platform"
)

// listing is a list of n entries, each with its button, and one to turn the page.
func listing(n int) bot.Reply {
	r := bot.Reply{Kind: bot.KindList, Blocks: []bot.Block{{Spans: []bot.Span{{Text: "Found"}}}}}
	for i := range n {
		a := "1f:fact-" + string(rune('a'+i))
		r.Blocks = append(r.Blocks, bot.Block{Kind: bot.Choice, Spans: []bot.Span{{Text: "When was *it* built?"}}, Action: a})
		r.Buttons = append(r.Buttons, bot.Button{Label: string(rune('1' + i)), Action: a})
	}
	r.Buttons = append(r.Buttons, bot.Button{Label: "Next page", Action: "1l", Row: true})
	return r
}

// Whatever is in a reply, what Discord gets is within its limits, and nothing is lost that
// fits: the fake holds it against Discord's rules too, where it is sent.
func TestLaidWithinLimits(t *testing.T) {
	kinds := []bot.Kind{bot.KindSource, bot.KindPositions, bot.KindList}
	blocks := []bot.BlockKind{bot.Para, bot.Item, bot.Choice, bot.Quote, bot.Fine, bot.Cite, bot.Pre}
	rapid.Check(t, func(rt *rapid.T) {
		r := bot.Reply{Kind: rapid.SampledFrom(kinds).Draw(rt, "kind")}
		for i := range rapid.IntRange(0, 60).Draw(rt, "blocks") {
			b := bot.Block{Kind: rapid.SampledFrom(blocks).Draw(rt, "block"), Gap: rapid.Bool().Draw(rt, "gap"), Trim: rapid.Bool().Draw(rt, "trim")}
			b.Spans = []bot.Span{{Text: strings.Repeat(rapid.SampledFrom([]string{"word ", "*", "a", "\n", "Ж"}).Draw(rt, "text"), rapid.IntRange(0, 300).Draw(rt, "times"))}}
			if b.Kind == bot.Choice {
				b.Action = "1f:" + string(rune('a'+i%26)) + string(rune('a'+i/26))
				r.Buttons = append(r.Buttons, bot.Button{Label: "x", Action: b.Action})
			}
			r.Blocks = append(r.Blocks, b)
		}
		if rapid.Bool().Draw(rt, "picture") {
			r.File = &bot.File{Name: "p.png", Type: "image/png", Data: []byte("x"), Alt: "A picture"}
		}
		p := render(r)
		texts, n := 0, count(p.Components)
		var walk func([]component)
		walk = func(all []component) {
			for _, c := range all {
				texts += platform.UTF16Len(c.Content)
				if c.Type == componentText && strings.TrimSpace(c.Content) == "" {
					rt.Fatal("an empty text")
				}
				walk(c.Components)
			}
		}
		walk(p.Components)
		if p.Flags != flagComponents || p.Content != "" || n == 0 || n > maxComponents || texts == 0 && r.File == nil || texts > maxLaidText {
			rt.Fatalf("flags %d, content %q, %d components, %d units", p.Flags, p.Content, n, texts)
		}
	})
}

// A plain answer is text, and so is a file to be saved.
func TestPlainStaysPlain(t *testing.T) {
	for _, r := range []bot.Reply{{Kind: bot.KindAnswer}, {Kind: bot.KindDeclined}, {Kind: bot.KindChoices}, {Kind: bot.KindInfo}, {Kind: bot.KindNotice}, bibliography()} {
		r.Kind = max(r.Kind, bot.KindSmall)
		if p := render(r); p.Flags&flagComponents != 0 || p.Content == "" {
			t.Errorf("%s: %+v", r.Kind, p)
		}
	}
	file := bibliography()
	file.Kind = bot.KindSource
	if isLaid(file) {
		t.Error("a bibliography is no message of components")
	}
}

// A list goes out framed, in a channel and in answer to an interaction, with its buttons
// beside the entries; where Discord does not take that it goes as text.
func TestLaidAndRefused(t *testing.T) {
	t.Parallel()
	x, to := still(t, dt.Options{})
	x.ok(x.adapter.Send(x.ctx, to, listing(3)))
	p := x.posts(1)[0]
	if !p.Laid || len(p.Buttons) != 4 || !strings.Contains(p.Look, "│ 2. When was *it* built?   [ 2 ]") || len(p.Rows) != 1 {
		t.Errorf("%+v", p)
	}
	x.server.Fail(sending, 1, dt.Refuse(400, 50035, "Invalid Form Body"))
	x.ok(x.adapter.Send(x.ctx, to, listing(2)))
	if p := x.posts(2)[1]; p.Laid || len(p.Buttons) != 3 || !strings.Contains(p.Text, "2. When was *it* built?") {
		t.Errorf("refused: %+v", p)
	}

	y := start(t, dt.Options{}, Config{}, func(x *running) { x.adapter.timing.later = time.Minute })
	y.ready()
	_, to = y.ask("topics")
	y.server.Fail(callbacks, 1, dt.Refuse(400, 50035, "Invalid Form Body"))
	y.ok(y.adapter.Send(y.ctx, to, listing(2)))
	if p := y.posts(1)[0]; p.Laid || len(p.Buttons) != 3 {
		t.Errorf("an interaction, refused: %+v", p)
	}
}

// A picture by its address is shown by Discord, which fetches it, and described.
func TestPictureByAddress(t *testing.T) {
	t.Parallel()
	x, to := still(t, dt.Options{})
	r := text("A caption")
	r.File = &bot.File{Name: "picture", URL: "https://example.org/a.jpg", Alt: "A mole of stone"}
	x.ok(x.adapter.Send(x.ctx, to, r))
	if p := x.posts(1)[0]; !p.Laid || len(p.Pictures) != 1 || p.Pictures[0] != r.File.URL || len(p.Files) != 0 {
		t.Errorf("%+v", p)
	}
}
