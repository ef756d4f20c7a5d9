package bot

import (
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"footnote/knowledge"
	"footnote/knowledge/search"
)

// command answers a command.
func (k *talk) command() Reply {
	text := strings.TrimSpace(k.m.Text)
	if runes := []rune(text); len(runes) > maxQuestion {
		if k.m.Command != "check" { // whose text is somebody's message, as long as they come
			return k.info("too-long", "max", itoa(maxQuestion))
		}
		text = string(runes[:maxQuestion])
	}
	switch k.m.Command {
	case "ask":
		if text == "" {
			return k.info("ask.usage", "example", k.example())
		}
		return k.said(text)
	case "check":
		return k.check(text)
	case "source", "sources":
		return k.source(text)
	case "why":
		return k.whyLast()
	case "topics", "topic":
		if text == "" {
			return k.topics(1)
		}
		return k.topic(text, 1)
	case "search":
		return k.search(text, 1)
	case "help":
		return k.help()
	case "start":
		return k.start(text)
	case "about":
		return k.about()
	case "corrections":
		return k.corrections(1)
	case "privacy":
		return k.privacy()
	case "forget", "forgetme":
		return k.forgetAll()
	case "settings":
		return k.settings(text)
	case "remember":
		return k.allow(text)
	}
	return k.info("unknown-command")
}

// startFact begins the parameter of a deep link to a fact.
const startFact = "f_"

func (k *talk) start(text string) Reply {
	if id, ok := strings.CutPrefix(text, startFact); ok {
		if f := k.snap.byID[id]; f != nil {
			return k.picked(f)
		}
		return k.notice("action.gone")
	}
	r := k.help()
	r.Blocks = append([]Block{k.t.block("start.intro")}, r.Blocks...)
	r.Private = false
	return r
}

// title names what the bot answers from. Where the texts set it in quotation marks,
// each pack has its own.
func (k *talk) title() string {
	var all []string
	for _, p := range k.snap.base.Packs {
		all = append(all, k.in(p, p.Title))
	}
	return strings.Join(all, k.t.Text("form.several"))
}

// examples are at most n short questions that can be answered, from different
// parts of the packs, the same every time.
func (k *talk) examples(n int) []string {
	const longest = 60 // characters: an example is to be read at a glance
	facts := k.snap.base.Facts()
	var all []string
	for i := range n {
		part := facts[len(facts)*i/n : len(facts)*(i+1)/n]
		for _, want := range []knowledge.Status{knowledge.Established, ""} {
			if j := slices.IndexFunc(part, func(f *knowledge.Fact) bool {
				return (want == "" || f.Status == want) && utf8.RuneCountInString(k.canonical(f)) <= longest
			}); j >= 0 {
				all = append(all, k.canonical(part[j]))
				break
			}
		}
	}
	return all
}

// example is one question that can be answered, for usage texts.
func (k *talk) example() string {
	for _, q := range k.examples(1) {
		return q
	}
	return "…"
}

// introduction says what the bot does, with examples.
func (k *talk) introduction() []Block {
	blocks := []Block{k.t.block("help.intro", "pack", k.title())}
	if examples := k.examples(3); len(examples) > 0 {
		blocks = append(blocks, k.t.block("help.examples"))
		for _, q := range examples {
			blocks = append(blocks, Block{Kind: Item, Spans: []Span{{Text: q}}})
		}
	}
	return blocks
}

func (k *talk) help() Reply {
	r := Reply{Kind: KindInfo, Private: true, Blocks: k.introduction()}
	r.Blocks = append(r.Blocks, Block{Gap: true, Spans: k.t.spans("help.commands")})
	for _, c := range k.bot.commands() {
		r.Blocks = append(r.Blocks, Block{Kind: Item, Spans: []Span{
			{Text: "/" + c.name, Style: Code}, {Text: k.t.Dash() + k.t.Commands[c.name].Description},
		}})
	}
	if !k.m.Direct {
		r.Blocks = append(r.Blocks, k.t.fine("help.group"))
	}
	return r
}

// source shows the full citations of the last answer, of one of them by its
// number, or of a fact found by id or by words. A format as the last word asks for
// the sources in that format, as a file; "all" before it, for those of all facts.
func (k *talk) source(text string) Reply {
	last := k.last()
	text, format := exportFormat(text)
	if format != "" && strings.EqualFold(text, allWord) {
		return k.allSources(format)
	}
	if text == "" {
		if last == nil {
			return k.info("source.usage", "example", k.example())
		}
		return k.sourceAs(format, last, 0)
	}
	if n, err := strconv.Atoi(strings.Trim(text, "#.[]() ")); err == nil && n > 0 && n <= maxPage {
		if last == nil {
			return k.info("source.usage", "example", k.example())
		}
		return k.sourceAs(format, last, n)
	}
	if f := k.snap.byID[strings.ToLower(text)]; f != nil {
		return k.sourceAs(format, f, 0)
	}
	hits := search.AtLeast(sourceFloor, k.snap.index.Find(text, sourceFields, false))
	switch {
	case len(hits) == 0:
		return k.info("source.unknown")
	case len(hits) == 1 || hits[0].Score-hits[1].Score >= sourceMargin:
		return k.sourceAs(format, hits[0].Fact, 0)
	}
	hits = hits[:min(len(hits), pageSize)]
	r := Reply{Kind: KindChoices, Private: true, Blocks: []Block{k.t.block("source.several")}}
	for i, h := range hits {
		q := k.canonical(h.Fact)
		r.Blocks = append(r.Blocks, Block{Kind: Choice, Spans: []Span{{Text: q}, {Text: " "}, {Text: h.Fact.ID, Style: Code}}})
		if s := (action{verb: doSource, fact: h.Fact.ID, arg: format}).String(); s != "" {
			r.Buttons = append(r.Buttons, Button{Label: label(ChoiceMark(i+1)+q, maxOption), Action: s})
		}
	}
	k.remember(func(t *turn) {
		t.offered = nil
		for _, h := range hits {
			t.offered = append(t.offered, h.Fact.ID)
		}
		t.offeredSources, t.offeredFormat = true, format
	})
	k.numbered(&r)
	return r
}

// topics lists the topics with what they hold.
func (k *talk) topics(page int) Reply {
	const perPage = 8 // two lines each
	all := k.snap.topics
	if len(all) == 0 {
		return k.info("topics.none")
	}
	pages := (len(all) + perPage - 1) / perPage
	page = min(max(page, 1), pages)
	r := Reply{Kind: KindInfo, Private: true, Blocks: []Block{k.t.block("topics.intro", "pack", k.title())}}
	for _, x := range all[(page-1)*perPage : min(page*perPage, len(all))] {
		r.Blocks = append(r.Blocks, Block{Kind: Item, Spans: []Span{
			{Text: x.name, Style: Bold}, {Text: " (" + itoa(len(x.facts)) + ")" + k.t.Dash() + k.canonical(x.facts[0])},
		}})
	}
	k.paging(&r, action{verb: doTurn, list: listTopics}, page, pages)
	r.Blocks = append(r.Blocks, k.t.fine("topics.hint", "topic", all[0].name))
	return r
}

// topic lists the facts of one topic.
func (k *talk) topic(name string, page int) Reply {
	typed := strings.Join(search.Words(name, search.MaxWords), " ")
	best, bestEdits := -1, 3 // at most two typing errors
	for i, x := range k.snap.topics {
		t := strings.Join(search.Words(x.name, search.MaxWords), " ")
		if n := search.Edits(typed, t, 2); n < bestEdits && n*4 <= len(t) {
			best, bestEdits = i, n
		}
		if bestEdits > 0 && len(typed) >= search.MinPrefix && strings.HasPrefix(t, typed) {
			best, bestEdits = i, 1
		}
	}
	if best < 0 {
		return k.info("topic.unknown")
	}
	x := k.snap.topics[best]
	title := k.t.block("topic.intro", "topic", x.name, "n", itoa(len(x.facts)))
	return k.listReply(title, x.facts, page, action{verb: doTurn, list: listTopic, arg: x.name})
}

// search lists facts in which the words are found.
func (k *talk) search(text string, page int) Reply {
	if !readable(text) {
		return k.info("search.usage")
	}
	arg := strings.Join(search.Words(text, search.MaxWords), " ")
	var facts []*knowledge.Fact
	named := k.snap.byID[text]
	if named != nil { // a completion sends the id: that fact, and what is like it
		arg, facts = text, append(facts, named)
	}
	for _, h := range search.AtLeast(searchFloor, k.snap.index.Find(text, searchFields, false)) {
		if h.Fact != named {
			facts = append(facts, h.Fact)
		}
	}
	if len(facts) == 0 {
		return k.info("search.none")
	}
	title := k.t.block("search.intro", "n", itoa(len(facts)))
	listed := facts[:min(len(facts), maxListed)]
	r := k.listReply(title, listed, page, action{verb: doTurn, list: listSearch, arg: arg})
	if len(facts) > len(listed) && page*pageSize >= len(listed) {
		r.Blocks = append(r.Blocks, k.t.fine("list.more"))
	}
	return r
}

func (k *talk) about() Reply {
	version := k.bot.c.Version
	if version == "" {
		version = "dev"
	}
	r := Reply{Kind: KindInfo, Private: true, Blocks: []Block{k.t.block("about.intro", "version", version)}}
	for _, p := range k.snap.base.Packs {
		r.Blocks = append(r.Blocks, Block{Gap: true, Spans: []Span{
			{Text: k.in(p, p.Title), Style: Bold},
			{Text: " " + p.Version + " · " + k.t.Text("about.licence", "licence", p.License) + " · " + k.t.Text("about.facts", "n", itoa(len(p.Facts)))},
		}})
		counts := map[knowledge.Status]int{}
		for _, f := range p.Facts {
			counts[f.Status]++
		}
		for _, s := range []knowledge.Status{knowledge.Established, knowledge.Attributed, knowledge.Disputed, knowledge.CitationNeeded, knowledge.Retracted} {
			if counts[s] > 0 {
				r.Blocks = append(r.Blocks, Block{Kind: Item, Spans: []Span{{Text: k.t.Text("status."+string(s)) + k.t.Dash() + itoa(counts[s])}}})
			}
		}
		if note := k.in(p, p.ScopeNote); note != "" {
			r.Blocks = append(r.Blocks, Block{Trim: true, Spans: []Span{{Text: note}}})
		}
	}
	if why := k.bot.problem.Load(); why != nil {
		r.Blocks = append(r.Blocks, Block{Gap: true, Spans: k.t.spans("about.old", "why", *why)})
	}
	return r
}

// maxChanges is how many changes one page lists: more than most packs have
// between two versions, and no more than a phone's screen or two.
const maxChanges = 12

// corrections lists what changed between versions of the packs, of each pack the
// last first.
func (k *talk) corrections(page int) Reply {
	type change struct {
		pack    *knowledge.Pack
		release *knowledge.Release
		knowledge.Change
	}
	var all []change
	for _, p := range k.snap.base.Packs {
		releases := slices.Clone(p.History)
		slices.SortStableFunc(releases, func(a, b knowledge.Release) int { return strings.Compare(string(b.Date), string(a.Date)) })
		for i := range releases {
			for _, c := range releases[i].Changes {
				all = append(all, change{p, &releases[i], c})
			}
		}
	}
	if len(all) == 0 {
		return k.info("corrections.none")
	}
	pages := (len(all) + maxChanges - 1) / maxChanges
	page = min(max(page, 1), pages)
	r := Reply{Kind: KindInfo, Private: true, Blocks: []Block{k.t.block("corrections.intro")}}
	var of *knowledge.Release
	for _, c := range all[(page-1)*maxChanges : min(page*maxChanges, len(all))] {
		if c.release != of {
			of = c.release
			title := Block{Gap: true, Spans: []Span{{Text: c.pack.ID + " " + of.Version, Style: Bold}}}
			if of.Date != "" {
				title.Spans = append(title.Spans, Span{Text: " · " + of.Date.In(k.t.Tag)})
			}
			r.Blocks = append(r.Blocks, title)
		}
		text := k.t.Text("corrections." + string(c.Kind))
		if note := k.in(c.pack, c.Note); note != "" {
			text = k.t.Text("form.note", "label", text, "note", note)
		}
		r.Blocks = append(r.Blocks, Block{Kind: Item, Trim: true, Spans: []Span{{Text: c.Fact, Style: Code}, {Text: k.t.Dash() + text}}})
	}
	k.paging(&r, action{verb: doTurn, list: listChanges}, page, pages)
	return r
}

// privacy tells what this program stores. It changes whenever the program does.
func (k *talk) privacy() Reply {
	r := Reply{Kind: KindInfo, Private: true}
	minutes := itoa(int(k.bot.c.Recall.Minutes()))
	keep := ""
	if l := k.bot.c.Ledger; l != nil {
		keep = days(l.Terms().Keep)
	}
	for _, key := range k.privacyKeys() {
		r.Blocks = append(r.Blocks, k.t.block(key, "minutes", minutes, "days", keep))
	}
	return r
}
