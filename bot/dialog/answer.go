package dialog

import (
	"slices"

	"footnote/answers"
	"footnote/bot"
	"footnote/knowledge"
)

// Bounds of what one reply shows.
const (
	maxRelated = 3  // related questions under an answer
	pageSize   = 5  // entries of a list: what fits a phone and one row of buttons
	maxListed  = 50 // facts that a search lists: beyond that better words help more than pages
	maxOption  = 40 // characters of a choice on its button; the reply has the whole question
)

// A manner is how a fact is stated in answer to a question. The zero value is that
// of a fact that answers it.
type manner struct {
	unsure bool              // it may not answer it: that is said first
	others []*knowledge.Fact // what else may be meant, to choose from
	detail bool              // what was asked is told by the fact's detail, not by its answer
	dates  bool              // it was asked by a date: the fact's dates are shown
}

// stated returns the blocks that state c: status, answer, dates, positions, citations.
func (x *exchange) stated(c cited, m manner) []bot.Block {
	f := c.fact
	text := f.Answer
	if m.detail && len(f.Detail) > 0 {
		text = f.Detail
	}
	blocks := []bot.Block{x.status(f), {Spans: []bot.Span{{Text: x.localized(f.Pack, text)}}, Trim: true}}
	if m.dates && len(f.Dates) > 0 {
		blocks = append(blocks, x.dates(f, text))
	}
	for i, p := range f.Positions {
		blocks = append(blocks, bot.Block{Gap: true, Trim: true, Spans: []bot.Span{
			{Text: p.Holder, Style: bot.Bold}, {Text: ": " + x.localized(f.Pack, p.Claim)},
		}})
		for _, j := range c.ofPosition[i] {
			blocks = append(blocks, c.under(j))
		}
	}
	placed := map[int]bool{}
	for _, own := range c.ofPosition {
		for _, j := range own {
			placed[j] = true
		}
	}
	for j := range c.cites {
		if !placed[j] {
			blocks = append(blocks, c.under(j))
		}
	}
	return blocks
}

// dates returns the line of the dates of f, each with its label, in the language in
// which text is shown: one line is in one language.
func (x *exchange) dates(f *knowledge.Fact, text knowledge.Text) bot.Block {
	langs := x.languagesFor(f.Pack)
	lang := ""
	if i := slices.IndexFunc(langs, func(l string) bool { _, ok := text[l]; return ok }); i >= 0 {
		lang = langs[i]
	}
	line := ""
	for i, d := range f.Dates {
		if i > 0 {
			line += " · "
		}
		date := d.EDTF.In(lang)
		if d.Julian {
			date = x.d.textsIn(lang).Text("date.julian", "date", date)
		}
		if label := x.localized(f.Pack, d.Label); label != "" {
			date = x.d.textsIn(lang).Text("form.note", "label", label, "note", date)
		}
		line += date
	}
	return bot.Block{Spans: []bot.Span{{Text: line}}}
}

// factReply answers with a fact. One that may not answer the question is stated all
// the same, since the person sees at once whether it does: with its citation, and
// with the others to choose from in place of what is related to it.
func (x *exchange) factReply(f *knowledge.Fact, m manner) bot.Reply {
	c, err := x.packs.cite(f)
	if err != nil {
		x.d.c.Log.Error("a fact cannot be stated", "error", err)
		return x.fault()
	}
	r := bot.Reply{Kind: bot.KindAnswer}
	if m.unsure {
		r.Blocks = append(r.Blocks, x.texts.block("perhaps.unsure"))
	}
	r.Blocks = append(r.Blocks, x.stated(c, m)...)
	related := x.packs.related(f)
	if len(related) > 0 && len(m.others) == 0 {
		r.Blocks = append(r.Blocks, bot.Block{Kind: bot.Fine, Gap: true, Spans: x.texts.spans("answer.see-also")})
		for _, f := range related[:min(len(related), maxRelated)] {
			s := bot.Span{Text: x.canonical(f)}
			if x.d.c.linksAll {
				s.URL = x.d.c.Page(f)
			}
			r.Blocks = append(r.Blocks, bot.Block{Kind: bot.Item, Spans: []bot.Span{s}})
		}
	}
	if len(c.cites) > 0 {
		r.Buttons = x.addButton(r.Buttons, "button.source", action{verb: doSource, fact: f.ID})
	}
	if len(f.Detail) > 0 && !m.detail {
		r.Buttons = x.addButton(r.Buttons, "button.detail", action{verb: doDetail, fact: f.ID})
		if x.m.To.Platform == withoutButtons {
			r.Blocks = append(r.Blocks, x.texts.fine("list.turn", "next", x.texts.Text("button.detail")))
		}
	}
	r.Buttons = x.addButton(r.Buttons, "button.why", action{verb: doWhy, fact: f.ID})
	if len(related) > 0 {
		r.Buttons = x.addButton(r.Buttons, "button.related", action{verb: doRelated, fact: f.ID})
	}
	if len(f.Positions) > 1 {
		r.Buttons = x.addButton(r.Buttons, "button.positions", action{verb: doPositions, fact: f.ID})
	}
	if len(f.Images) > 0 {
		r.Buttons = x.addButton(r.Buttons, "button.image", action{verb: doImage, fact: f.ID})
	}
	if x.packs.timelines.of[f] != "" {
		r.Buttons = x.addButton(r.Buttons, "button.timeline", action{verb: doTimeline, fact: f.ID})
	}
	if x.d.c.Page != nil && !x.d.c.linksAll {
		r.Buttons = append(r.Buttons, bot.Button{Label: label(x.texts.Text("web.open"), bot.MaxLabel), URL: x.d.c.Page(f)})
	}
	if of := len(r.Buttons); len(m.others) > 0 {
		r.Blocks = append(r.Blocks, bot.Block{Gap: true, Spans: x.texts.spans("perhaps.others")})
		x.offer(&r, m.others, true)
		x.numbered(&r)
		if len(r.Buttons) > of {
			r.Buttons[of].Row = true
		}
	}
	r.Blocks = append(r.Blocks, x.inPackLanguage(f)...)
	r.Blocks = append(r.Blocks, x.origin(f)) // last, where a reply to the message is understood by it
	return x.withFeedback(r, doHelpful, doUnhelpful)
}

// status is the first line of an answer: the status as a word, and what it
// rests on where that is a person or nothing.
func (x *exchange) status(f *knowledge.Fact) bot.Block {
	b := bot.Block{Spans: []bot.Span{{Text: x.texts.Text("status." + string(f.Status)), Style: bot.Bold}}}
	note := x.texts.Text("status." + string(f.Status) + ".note")
	switch {
	case f.AccordingTo != "":
		note = f.AccordingTo
	case f.Status == knowledge.CitationNeeded && len(f.AllCites()) > 0:
		note = x.texts.Text("status.citation-needed.cited")
	}
	if note != "" {
		b.Spans = append(b.Spans, bot.Span{Text: " · " + note})
	}
	return b
}

// originMark stands behind the fact's id in origin.
const originMark = " · "

// origin is the fine print that says which fact of which pack this is. A reply to
// the message is understood by it.
func (x *exchange) origin(f *knowledge.Fact) bot.Block {
	text := f.ID
	if f.Pack != nil {
		text += originMark + f.Pack.ID + " " + f.Pack.Version
	}
	b := bot.Block{Kind: bot.Fine, Gap: true, Spans: []bot.Span{{Text: text}}}
	if x.d.c.linksAll {
		b, _ = x.linked(f, b)
	}
	return b
}

// linked adds to b, fine print of f, a link to the page of the fact.
func (x *exchange) linked(f *knowledge.Fact, b bot.Block) (bot.Block, string) {
	if x.d.c.Page == nil {
		return b, ""
	}
	u := x.d.c.Page(f)
	if u != "" {
		b.Spans = append(b.Spans, bot.Span{Text: originMark}, bot.Span{Text: x.texts.Text("web.open"), URL: u})
	}
	return b, u
}

// openly ends r with b, fine print of f, that links to the page of the fact, of which there
// may be a preview.
func (x *exchange) openly(r bot.Reply, f *knowledge.Fact, b bot.Block) bot.Reply {
	if !x.d.c.linksAll {
		b, r.Preview = x.linked(f, b)
	}
	r.Blocks = append(r.Blocks, b)
	return r
}

// detailReply is the long text of a fact.
func (x *exchange) detailReply(f *knowledge.Fact) bot.Reply {
	c, err := x.packs.cite(f)
	if err != nil || len(f.Detail) == 0 {
		return x.factReply(f, manner{})
	}
	r := bot.Reply{Kind: bot.KindAnswer, Blocks: []bot.Block{x.status(f), {Spans: []bot.Span{{Text: x.localized(f.Pack, f.Detail)}}, Trim: true}}}
	for j := range c.cites {
		r.Blocks = append(r.Blocks, c.under(j))
	}
	r.Blocks = append(r.Blocks, x.origin(f))
	if len(c.cites) > 0 {
		r.Buttons = x.addButton(nil, "button.source", action{verb: doSource, fact: f.ID})
	}
	return r
}

// offer adds facts to r as numbered choices with buttons, and remembers them.
// With owned only this person may press.
func (x *exchange) offer(r *bot.Reply, facts []*knowledge.Fact, owned bool) {
	x.remember(func(t *memory) { t.offer, t.quiz = offer{facts: idsOf(facts), question: x.questionID}, nil })
	for i, f := range facts {
		q := x.canonical(f)
		a := action{verb: doFact, fact: f.ID}
		if owned {
			a = action{verb: doChoose, fact: f.ID, owner: ownerOf(x.m.To.Platform, x.m.From.ID)}
		}
		r.Blocks = append(r.Blocks, bot.Block{Kind: bot.Choice, Spans: []bot.Span{{Text: q}}, Action: a.String()})
		if s := a.String(); s != "" {
			r.Buttons = append(r.Buttons, bot.Button{Label: label(bot.ChoiceMark(i+1)+q, maxOption), Action: s})
		}
	}
}

// offerNone forgets what was offered before. What was offered for another question
// of the same message stands right above, and stays.
func (x *exchange) offerNone() {
	if len(x.earlier) == 0 {
		x.remember(func(t *memory) { t.offer = offer{} })
	}
}

// numbered adds the hint that a number answers r. Under the answer to a command from a
// menu, among several people, it adds none: there a number alone is not said to the
// bot, and the bot does not get the words of a reply to such an answer. Under what a button
// of a page brings it adds none either: the page keeps what was typed, not what was pressed.
func (x *exchange) numbered(r *bot.Reply) {
	if x.m.To.Platform == Web && x.m.Action != "" {
		return
	}
	if x.m.Direct || !x.m.Awaited() {
		r.Blocks = append(r.Blocks, x.texts.fine("choices.hint"))
	}
}

// offeredBy returns the facts that r offers. What is worth offering is decided with
// the answer, and so is the same everywhere.
func offeredBy(r answers.Result) []*knowledge.Fact {
	var facts []*knowledge.Fact
	for _, c := range r.Offered {
		facts = append(facts, c.Fact)
	}
	return facts
}

// choicesReply asks which of the facts is meant.
func (x *exchange) choicesReply(facts []*knowledge.Fact) bot.Reply {
	r := bot.Reply{Kind: bot.KindChoices, Blocks: append(x.inPackLanguage(facts...), x.texts.block("choices.intro"))}
	x.offer(&r, facts, true)
	x.numbered(&r)
	return x.withFeedback(r, doNone)
}

// declinedReply says that there is no sourced answer, and which questions are
// nearest, if any is near. It never has a citation.
func (x *exchange) declinedReply(near []*knowledge.Fact) bot.Reply {
	r := bot.Reply{Kind: bot.KindDeclined, Private: true, Blocks: []bot.Block{x.texts.block("declined", "pack", x.title())}}
	r.Blocks = append(r.Blocks, x.inPackLanguage(near...)...)
	if len(near) > 0 {
		r.Blocks = append(r.Blocks, x.texts.block("declined.near"))
		x.offer(&r, near, true)
	} else {
		x.offerNone()
	}
	r.Blocks = append(r.Blocks, x.texts.fine("declined.hint"))
	of := len(r.Buttons)
	r.Buttons = x.addButton(r.Buttons, "button.why", action{verb: doWhy})
	r.Buttons[of].Row = true
	if x.d.hearsReports() {
		r.Buttons = x.addButton(r.Buttons, "button.ask-curators", action{verb: doReport})
		return x.withFeedback(r, doUnhelpful)
	}
	if x.mayKeepWords() {
		return x.withFeedback(r, doWanted)
	}
	return x.withFeedback(r, doUnhelpful) // curators could not tell what is asked of them
}

// addButton appends a button, unless its action does not fit one.
func (x *exchange) addButton(all []bot.Button, key string, a action) []bot.Button {
	if s := a.String(); s != "" {
		all = append(all, bot.Button{Label: label(x.texts.Text(key), bot.MaxLabel), Action: s})
	}
	return all
}

// label shortens s to at most max code points, which is also at most max
// characters.
func label(s string, max int) string {
	for n := max; ; n-- {
		if c := bot.Shorten(s, n); len([]rune(c)) <= max {
			return c
		}
	}
}

// info returns a reply of one block.
func (x *exchange) info(key string, args ...string) bot.Reply {
	return bot.Reply{Kind: bot.KindInfo, Private: true, Blocks: []bot.Block{x.texts.block(key, args...)}}
}

// localized returns t in the best language for this message: the person's, or else
// the pack's main one.
func (x *exchange) localized(p *knowledge.Pack, t knowledge.Text) string {
	return t.In(x.languagesFor(p)...)
}

// languagesFor returns the languages to give the texts of p in, best first.
func (x *exchange) languagesFor(p *knowledge.Pack) []string {
	if p == nil {
		return x.langs
	}
	return slices.Concat(x.langs, p.Languages)
}

// canonical returns the question under which a fact is listed.
func (x *exchange) canonical(f *knowledge.Fact) string {
	for _, l := range x.languagesFor(f.Pack) {
		for _, q := range f.Questions {
			if q.Lang == l {
				return q.Text
			}
		}
	}
	return f.Questions[0].Text
}
