package dialog

import (
	"footnote/bot"
	"footnote/knowledge"
)

// positionsReply sets the positions of a disputed fact beside each other, each with when it
// was taken, where the pack tells, and all that it rests on. Each begins with a block of its
// own: who holds it, what is claimed, and then the citations.
func (x *exchange) positionsReply(f *knowledge.Fact) bot.Reply {
	c, err := x.packs.cite(f)
	if err != nil {
		x.d.c.Log.Error("a fact cannot be stated", "error", err)
		return x.fault()
	}
	if len(f.Positions) == 0 {
		return x.notice("action.gone")
	}
	r := bot.Reply{Kind: bot.KindPositions, Private: true, Blocks: []bot.Block{x.texts.block("positions.of", "question", x.canonical(f))}}
	for i, p := range f.Positions {
		holder := []bot.Span{{Text: p.Holder, Style: bot.Bold}}
		if p.Date != "" {
			holder = append(holder, bot.Span{Text: " · " + p.Date.In(x.texts.Tag)})
		}
		r.Blocks = append(r.Blocks, bot.Block{Gap: true, Spans: holder}, bot.Block{Spans: []bot.Span{{Text: x.localized(f.Pack, p.Claim)}}, Trim: true})
		for _, j := range c.ofPosition[i] {
			r.Blocks = append(r.Blocks, c.under(j))
			if q := c.cites[j].Quote; q != "" {
				r.Blocks = append(r.Blocks, bot.Block{Kind: bot.Quote, Spans: []bot.Span{{Text: quoted(q)}}})
			}
		}
	}
	r.Blocks = append(r.Blocks, x.origin(f))
	r.Buttons = x.addButton(nil, "button.source", action{verb: doSource, fact: f.ID})
	return r
}
