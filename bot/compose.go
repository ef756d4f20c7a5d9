package bot

import (
	"slices"

	"footnote/answers"
	"footnote/knowledge"
)

// Bounds of what one reply shows.
const (
	maxRelated  = 3    // related questions under an answer
	pageSize    = 5    // entries of a list: what fits a phone and one row of buttons
	maxListed   = 50   // facts that a search lists: beyond that better words help more than pages
	sourcesPage = 1400 // characters of full citations in one reply; Discord takes 2,000
	maxOption   = 40   // characters of a choice on its button; the reply has the whole question
)

// A manner is how a fact is stated in answer to a question. The zero value is that
// of a fact that answers it.
type manner struct {
	unsure bool              // it may not answer it: that is said first
	others []*knowledge.Fact // what else may be meant, to choose from
	detail bool              // what was asked is told by the fact's detail, not by its answer
	dates  bool              // it was asked by a date: the fact's dates are shown
}

// text is what is said of f.
func (m manner) text(f *knowledge.Fact) knowledge.Text {
	if m.detail && len(f.Detail) > 0 {
		return f.Detail
	}
	return f.Answer
}

// stated are the blocks that state c: status, answer, dates, positions, citations.
func (k *talk) stated(c cited, m manner) []Block {
	f := c.fact
	text := m.text(f)
	blocks := []Block{k.status(f), {Spans: []Span{{Text: k.in(f.Pack, text)}}, Trim: true}}
	if m.dates && len(f.Dates) > 0 {
		blocks = append(blocks, k.dates(f, text))
	}
	for i, p := range f.Positions {
		blocks = append(blocks, Block{Gap: true, Trim: true, Spans: []Span{
			{Text: p.Holder, Style: Bold}, {Text: ": " + k.in(f.Pack, p.Claim)},
		}})
		for _, j := range c.ofPosition[i] {
			blocks = append(blocks, c.short(j))
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
			blocks = append(blocks, c.short(j))
		}
	}
	return blocks
}

// dates is the line of the dates of f, each with its label, in the language that
// text is shown in: one line is in one language.
func (k *talk) dates(f *knowledge.Fact, text knowledge.Text) Block {
	langs := k.best(f.Pack)
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
		if label := k.in(f.Pack, d.Label); label != "" {
			date = k.bot.in(lang).Text("form.note", "label", label, "note", date)
		}
		line += date
	}
	return Block{Spans: []Span{{Text: line}}}
}

// factReply answers with a fact. One that may not answer the question is stated all
// the same, since the person sees at once whether it does: with its citation, and
// with the others to choose from in place of what is related to it.
func (k *talk) factReply(f *knowledge.Fact, m manner) Reply {
	c, err := k.snap.cite(f, k.lang())
	if err != nil {
		k.bot.c.Log.Error("a fact cannot be stated", "error", err)
		return k.bot.noticeReply(k.m.From.Lang, noticeFault)
	}
	r := Reply{Kind: KindAnswer}
	if m.unsure {
		r.Blocks = append(r.Blocks, k.t.block("perhaps.unsure"))
	}
	r.Blocks = append(r.Blocks, k.stated(c, m)...)
	related := k.snap.related(f)
	if len(related) > 0 && len(m.others) == 0 {
		r.Blocks = append(r.Blocks, Block{Kind: Fine, Gap: true, Spans: k.t.spans("answer.see-also")})
		for _, f := range related[:min(len(related), maxRelated)] {
			r.Blocks = append(r.Blocks, Block{Kind: Item, Spans: []Span{{Text: k.canonical(f)}}})
		}
	}
	if len(c.cites) > 0 {
		r.Buttons = k.button(r.Buttons, "button.source", action{verb: doSource, fact: f.ID})
	}
	if len(f.Detail) > 0 && !m.detail {
		r.Buttons = k.button(r.Buttons, "button.detail", action{verb: doDetail, fact: f.ID})
	}
	r.Buttons = k.button(r.Buttons, "button.why", action{verb: doWhy, fact: f.ID})
	if len(related) > 0 {
		r.Buttons = k.button(r.Buttons, "button.related", action{verb: doRelated, fact: f.ID})
	}
	if of := len(r.Buttons); len(m.others) > 0 {
		r.Blocks = append(r.Blocks, Block{Gap: true, Spans: k.t.spans("perhaps.others")})
		k.offer(&r, m.others, true)
		k.numbered(&r)
		if len(r.Buttons) > of {
			r.Buttons[of].Row = true
		}
	}
	r.Blocks = append(r.Blocks, k.origin(f)) // last, where a reply to the message is understood by it
	return k.withOpinions(r, doHelpful, doUnhelpful)
}

// status is the first line of an answer: the status as a word, and what it
// rests on where that is a person or nothing.
func (k *talk) status(f *knowledge.Fact) Block {
	b := Block{Spans: []Span{{Text: k.t.Text("status." + string(f.Status)), Style: Bold}}}
	note := k.t.Text("status." + string(f.Status) + ".note")
	switch {
	case f.AccordingTo != "":
		note = f.AccordingTo
	case f.Status == knowledge.CitationNeeded && len(factCites(f)) > 0:
		note = k.t.Text("status.citation-needed.cited")
	}
	if note != "" {
		b.Spans = append(b.Spans, Span{Text: " · " + note})
	}
	return b
}

// originMark stands behind the fact's id in origin.
const originMark = " · "

// origin is the fine print that says which fact of which pack this is. A reply to
// the message is understood by it.
func (k *talk) origin(f *knowledge.Fact) Block {
	text := f.ID
	if f.Pack != nil {
		text += originMark + f.Pack.ID + " " + f.Pack.Version
	}
	return Block{Kind: Fine, Gap: true, Spans: []Span{{Text: text}}}
}

// detailReply is the long text of a fact.
func (k *talk) detailReply(f *knowledge.Fact) Reply {
	c, err := k.snap.cite(f, k.lang())
	if err != nil || len(f.Detail) == 0 {
		return k.factReply(f, manner{})
	}
	r := Reply{Kind: KindAnswer, Blocks: []Block{k.status(f), {Spans: []Span{{Text: k.in(f.Pack, f.Detail)}}, Trim: true}}}
	for j := range c.cites {
		r.Blocks = append(r.Blocks, c.short(j))
	}
	r.Blocks = append(r.Blocks, k.origin(f))
	if len(c.cites) > 0 {
		r.Buttons = k.button(nil, "button.source", action{verb: doSource, fact: f.ID})
	}
	return r
}

// sourceReply shows the full citations of f from page on; only, if not 0, is
// the number of the only one wanted.
func (k *talk) sourceReply(f *knowledge.Fact, page, only int) Reply {
	c, err := k.snap.cite(f, k.lang())
	if err != nil {
		k.bot.c.Log.Error("a fact cannot be cited", "error", err)
		return k.bot.noticeReply(k.m.From.Lang, noticeFault)
	}
	r := Reply{Kind: KindSource, Private: true, Blocks: []Block{k.t.block("source.of", "question", k.canonical(f))}}
	if len(c.cites) == 0 {
		r.Blocks = append(r.Blocks, k.t.block("source.none"), k.origin(f))
		return r
	}
	if only > len(c.cites) {
		return k.info("source.range", "n", itoa(only), "count", itoa(len(c.cites)))
	}
	pages := [][]Block{nil}
	size := 0
	for i := range c.cites {
		if only != 0 && i != only-1 {
			continue
		}
		blocks := c.full(i)
		blocks[0].Gap = len(pages[len(pages)-1]) > 0
		n := plainSize(Reply{Blocks: blocks})
		if size > 0 && size+n > sourcesPage {
			pages, size = append(pages, nil), 0
			blocks[0].Gap = false
		}
		pages[len(pages)-1] = append(pages[len(pages)-1], blocks...)
		size += n
	}
	page = min(max(page, 1), len(pages))
	r.Blocks = append(r.Blocks, pages[page-1]...)
	r.Blocks = append(r.Blocks, k.origin(f))
	k.paging(&r, action{verb: doTurn, list: listSources, arg: f.ID}, page, len(pages))
	return r
}

// offer adds facts to r as numbered choices with buttons, and remembers them.
// With owned only this person may press.
func (k *talk) offer(r *Reply, facts []*knowledge.Fact, owned bool) {
	k.remember(func(t *turn) {
		t.offered, t.offeredSources, t.asked = nil, false, k.asked
		for _, f := range facts {
			t.offered = append(t.offered, f.ID)
		}
	})
	for i, f := range facts {
		q := k.canonical(f)
		r.Blocks = append(r.Blocks, Block{Kind: Choice, Spans: []Span{{Text: q}}})
		a := action{verb: doFact, fact: f.ID}
		if owned {
			a = action{verb: doChoose, fact: f.ID, owner: ownerOf(k.m.To.Platform, k.m.From.ID)}
		}
		if s := a.String(); s != "" {
			r.Buttons = append(r.Buttons, Button{Label: label(ChoiceMark(i+1)+q, maxOption), Action: s})
		}
	}
}

// offerNothing forgets what was offered before. What was offered for another question
// of the same message stands right above, and stays.
func (k *talk) offerNothing() {
	if len(k.earlier) == 0 {
		k.remember(func(t *turn) { t.offered = nil })
	}
}

// numbered says under r that a number answers it. Under the answer to a command from a
// menu, among several people, it would not: a number alone is not said to the bot, and
// of a reply to such an answer the bot is not told the words.
func (k *talk) numbered(r *Reply) {
	if k.m.Direct || !k.m.awaited() {
		r.Blocks = append(r.Blocks, k.t.fine("choices.hint"))
	}
}

// offeredBy are the facts that r offers. What is worth offering is decided with the
// answer, and so the same everywhere.
func offeredBy(r answers.Result) []*knowledge.Fact {
	var facts []*knowledge.Fact
	for _, c := range r.Offered {
		facts = append(facts, c.Fact)
	}
	return facts
}

// choicesReply asks which of the facts is meant.
func (k *talk) choicesReply(facts []*knowledge.Fact) Reply {
	r := Reply{Kind: KindChoices, Blocks: []Block{k.t.block("choices.intro")}}
	k.offer(&r, facts, true)
	k.numbered(&r)
	return k.withOpinions(r, doNone)
}

// declinedReply says that there is no sourced answer, and which questions are
// nearest, if any is near. It never has a citation.
func (k *talk) declinedReply(near []*knowledge.Fact) Reply {
	r := Reply{Kind: KindDeclined, Private: true, Blocks: []Block{k.t.block("declined", "pack", k.title())}}
	if len(near) > 0 {
		r.Blocks = append(r.Blocks, k.t.block("declined.near"))
		k.offer(&r, near, true)
	} else {
		k.offerNothing()
	}
	r.Blocks = append(r.Blocks, k.t.fine("declined.hint"))
	of := len(r.Buttons)
	r.Buttons = k.button(r.Buttons, "button.why", action{verb: doWhy})
	r.Buttons[of].Row = true
	if k.mayKeepWords() {
		return k.withOpinions(r, doWant)
	}
	return k.withOpinions(r, doUnhelpful) // curators could not tell what is asked of them
}

// listReply offers one page of facts.
func (k *talk) listReply(title Block, facts []*knowledge.Fact, page int, a action) Reply {
	pages := (len(facts) + pageSize - 1) / pageSize
	page = min(max(page, 1), pages)
	r := Reply{Kind: KindInfo, Blocks: []Block{title}}
	k.offer(&r, facts[(page-1)*pageSize:min(page*pageSize, len(facts))], false)
	k.remember(func(t *turn) { t.list = a.listed() })
	for i := range r.Buttons {
		r.Buttons[i].Label = itoa(i + 1) // the questions stand in the reply, and five of them fill a phone
	}
	k.paging(&r, a, page, pages)
	k.numbered(&r)
	return r
}

// paging adds the number of the page and buttons to turn it, or what to do where
// what was typed is too long for a button.
func (k *talk) paging(r *Reply, a action, page, pages int) {
	if pages < 2 {
		return
	}
	if a.page = min(pages, maxPage); a.String() == "" {
		r.Blocks = append(r.Blocks, k.t.fine("list.more"))
		return
	}
	r.Blocks = append(r.Blocks, k.t.fine("list.page", "page", itoa(page), "pages", itoa(pages)))
	of := len(r.Buttons)
	if page > 1 {
		a.page = page - 1
		r.Buttons = k.button(r.Buttons, "button.back", a)
	}
	if page < pages {
		a.page = page + 1
		r.Buttons = k.button(r.Buttons, "button.next", a)
	}
	if len(r.Buttons) > of {
		r.Buttons[of].Row = true
	}
}

// button appends a button, unless its action does not fit one.
func (k *talk) button(all []Button, key string, a action) []Button {
	if s := a.String(); s != "" {
		all = append(all, Button{Label: label(k.t.Text(key), MaxLabel), Action: s})
	}
	return all
}

// info is a reply of one block.
func (k *talk) info(key string, args ...string) Reply {
	return Reply{Kind: KindInfo, Private: true, Blocks: []Block{k.t.block(key, args...)}}
}

// in is t in the best language for this message: the person's, else the pack's main one.
func (k *talk) in(p *knowledge.Pack, t knowledge.Text) string { return t.In(k.best(p)...) }

// best are the languages to give the texts of p in, best first.
func (k *talk) best(p *knowledge.Pack) []string {
	if p == nil {
		return k.langs
	}
	return slices.Concat(k.langs, p.Languages)
}

// canonical is the question a fact is listed under.
func (k *talk) canonical(f *knowledge.Fact) string {
	for _, l := range k.best(f.Pack) {
		for _, q := range f.Questions {
			if q.Lang == l {
				return q.Text
			}
		}
	}
	return f.Questions[0].Text
}
