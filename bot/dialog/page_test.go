package dialog

import (
	"slices"
	"strings"
	"testing"

	"footnote/answers"
	"footnote/bot"
	"footnote/knowledge"
)

// based answers nothing from a base.
type based struct{ base *knowledge.Base }

func (b based) Base() *knowledge.Base                { return b.base }
func (based) Match(answers.Query) (r answers.Result) { return r }

// Where facts have pages, /source and inline results link to them, and an answer in the chat,
// which has a button for its source, does not.
func TestPageLinks(t *testing.T) {
	links := func(r bot.Reply) (all []string) {
		for _, b := range r.Blocks {
			for _, s := range b.Spans {
				if strings.HasPrefix(s.URL, "https://site.example/") {
					all = append(all, s.URL)
				}
			}
		}
		return all
	}
	for _, on := range []bool{true, false} {
		base, err := knowledge.Embedded()
		if err != nil {
			t.Fatal(err)
		}
		c := Config{Answerer: based{base}}
		if on {
			c.Page = func(f *knowledge.Fact) string { return "https://site.example/" + f.ID }
		}
		d := New(c)
		f := d.packs.Load().base.Facts()[0]
		x := &exchange{d: d, packs: d.packs.Load(), texts: d.textsIn("en"), m: bot.Message{From: bot.User{Lang: "en"}}}
		inline, ok := d.InlineReply(f.ID, "en")
		if !ok {
			t.Fatal("no inline reply")
		}
		for name, r := range map[string]bot.Reply{"source": x.sourceReply(f, 1, 0), "inline": inline} {
			got := links(r)
			if on != (len(got) == 1 && got[0] == r.Preview) {
				t.Errorf("%v: %s links to %q, with a preview of %q", on, name, got, r.Preview)
			}
			x.m.Replied = bot.PlainText(r)
			if back := x.repliedTo(); back != f {
				t.Errorf("a reply to %s is not understood: %q", name, x.m.Replied)
			}
		}
		answer := x.factReply(f, manner{})
		if got := links(answer); got != nil {
			t.Errorf("an answer links to %q", got)
		}
		opens := slices.ContainsFunc(answer.Buttons, func(b bot.Button) bool { return b.URL == "https://site.example/"+f.ID && b.Action == "" })
		if opens != on {
			t.Errorf("%v: a button of an answer opens its page: %v", on, opens)
		}
	}
}
