package dialog

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"footnote/bot"
	"footnote/knowledge"
	"footnote/knowledge/search"
)

// searchFields are where /search looks. Every word counts, but not all must be there.
var searchFields = search.Everywhere

const searchFloor = .5

// withoutButtons is the platform with nothing to press: pages are turned by words, and of a quiz one
// question is asked at a time.
const withoutButtons bot.Platform = "terminal"

// topicOrAll lists the facts of the topic with that name, or all topics.
func (x *exchange) topicOrAll(name string) bot.Reply {
	if name == "" {
		return x.topics(1)
	}
	if n, err := strconv.Atoi(name); err == nil && n > 0 && !slices.ContainsFunc(x.packs.topics, func(t topic) bool { return t.name == name }) {
		return x.topics(n)
	}
	return x.topic(name, 1)
}

// topics lists the topics with what they hold.
func (x *exchange) topics(page int) bot.Reply {
	const perPage = 8 // two lines each
	all := x.packs.topics
	if len(all) == 0 {
		return x.info("topics.none")
	}
	pages := (len(all) + perPage - 1) / perPage
	page = min(max(page, 1), pages)
	r := bot.Reply{Kind: bot.KindList, Private: true, Blocks: []bot.Block{x.texts.block("topics.intro", "pack", x.title())}}
	for _, t := range all[(page-1)*perPage : min(page*perPage, len(all))] {
		r.Blocks = append(r.Blocks, bot.Block{Kind: bot.Item, Spans: []bot.Span{
			{Text: t.name, Style: bot.Bold}, {Text: " (" + itoa(len(t.facts)) + ")" + x.texts.Dash() + x.canonical(t.facts[0])},
		}})
	}
	x.paging(&r, action{verb: doTurn, list: listTopics}, page, pages)
	r.Blocks = append(r.Blocks, x.texts.fine("topics.hint", "topic", all[0].name))
	return r
}

// topic lists the facts of one topic.
func (x *exchange) topic(name string, page int) bot.Reply {
	best := x.topicNamed(name)
	if best < 0 {
		return x.info("topic.unknown")
	}
	t := x.packs.topics[best]
	title := x.texts.block("topic.intro", "topic", t.name, "n", itoa(len(t.facts)))
	return x.listReply(title, t.facts, page, action{verb: doTurn, list: listTopic, arg: t.name})
}

// topicNamed is which topic somebody means by name, or -1.
func (x *exchange) topicNamed(name string) int {
	typed := strings.Join(search.Words(name, search.MaxWords), " ")
	best, bestEdits := -1, 3 // at most two typing errors
	for i, t := range x.packs.topics {
		folded := strings.Join(search.Words(t.name, search.MaxWords), " ")
		if n := search.Edits(typed, folded, 2); n < bestEdits && n*4 <= len(folded) {
			best, bestEdits = i, n
		}
		if bestEdits > 0 && len(typed) >= search.MinPrefix && strings.HasPrefix(folded, typed) {
			best, bestEdits = i, 1
		}
	}
	return best
}

// searchFirst is the first page of search.
func (x *exchange) searchFirst(text string) bot.Reply { return x.search(text, 1) }

// search lists facts in which the words are found.
func (x *exchange) search(text string, page int) bot.Reply {
	if !readable(text) {
		return x.info("search.usage")
	}
	arg := strings.Join(search.Words(text, search.MaxWords), " ")
	var facts []*knowledge.Fact
	named := x.packs.byID[text]
	if named != nil { // a completion sends the id: that fact, and what is like it
		arg, facts = text, append(facts, named)
	}
	for _, h := range search.AtLeast(searchFloor, x.packs.index.Find(text, searchFields, false)) {
		if h.Fact != named {
			facts = append(facts, h.Fact)
		}
	}
	if len(facts) == 0 {
		return x.info("search.none")
	}
	title := x.texts.block("search.intro", "n", itoa(len(facts)))
	listed := facts[:min(len(facts), maxListed)]
	r := x.listReply(title, listed, page, action{verb: doTurn, list: listSearch, arg: arg})
	if len(facts) > len(listed) && page*pageSize >= len(listed) {
		r.Blocks = append(r.Blocks, x.texts.fine("list.more"))
	}
	return r
}

// maxChanges is how many changes one page lists: more than most packs have
// between two versions, and no more than a phone's screen or two.
const maxChanges = 12

// correctionsFirst is the first page of corrections.
func (x *exchange) correctionsFirst() bot.Reply { return x.corrections(1) }

// corrections lists what changed between versions of the packs, of each pack the
// last first.
func (x *exchange) corrections(page int) bot.Reply {
	type change struct {
		pack    *knowledge.Pack
		release *knowledge.Release
		knowledge.Change
	}
	var all []change
	for _, p := range x.packs.base.Packs {
		releases := slices.Clone(p.History)
		slices.SortStableFunc(releases, func(a, b knowledge.Release) int { return strings.Compare(string(b.Date), string(a.Date)) })
		for i := range releases {
			for _, c := range releases[i].Changes {
				all = append(all, change{p, &releases[i], c})
			}
		}
	}
	if len(all) == 0 {
		return x.info("corrections.none")
	}
	pages := (len(all) + maxChanges - 1) / maxChanges
	page = min(max(page, 1), pages)
	r := bot.Reply{Kind: bot.KindList, Private: true, Blocks: []bot.Block{x.texts.block("corrections.intro")}}
	var of *knowledge.Release
	for _, c := range all[(page-1)*maxChanges : min(page*maxChanges, len(all))] {
		if c.release != of {
			of = c.release
			title := bot.Block{Gap: true, Spans: []bot.Span{{Text: c.pack.ID + " " + of.Version, Style: bot.Bold}}}
			if of.Date != "" {
				title.Spans = append(title.Spans, bot.Span{Text: " · " + of.Date.In(x.texts.Tag)})
			}
			r.Blocks = append(r.Blocks, title)
		}
		text := x.texts.Text("corrections." + string(c.Kind))
		if note := x.localized(c.pack, c.Note); note != "" {
			text = x.texts.Text("form.note", "label", text, "note", note)
		}
		r.Blocks = append(r.Blocks, bot.Block{Kind: bot.Item, Trim: true, Spans: []bot.Span{{Text: c.Fact, Style: bot.Code}, {Text: x.texts.Dash() + text}}})
	}
	x.paging(&r, action{verb: doTurn, list: listChanges}, page, pages)
	return r
}

// listReply offers one page of facts.
func (x *exchange) listReply(title bot.Block, facts []*knowledge.Fact, page int, a action) bot.Reply {
	pages := (len(facts) + pageSize - 1) / pageSize
	page = min(max(page, 1), pages)
	r := bot.Reply{Kind: bot.KindList, Blocks: []bot.Block{title}}
	x.offer(&r, facts[(page-1)*pageSize:min(page*pageSize, len(facts))], false)
	x.remember(func(t *memory) { t.list = a.listed() })
	for i := range r.Buttons {
		r.Buttons[i].Label = itoa(i + 1) // the questions stand in the reply, and five of them fill a phone
	}
	x.paging(&r, a, page, pages)
	x.numbered(&r)
	return r
}

// paging adds the number of the page and buttons to turn it, or what to do where
// what was typed is too long for a button.
func (x *exchange) paging(r *bot.Reply, a action, page, pages int) {
	if pages < 2 {
		return
	}
	if a.page = min(pages, maxPage); a.String() == "" {
		r.Blocks = append(r.Blocks, x.texts.fine("list.more"))
		return
	}
	r.Blocks = append(r.Blocks, x.texts.fine("list.page", "page", itoa(page), "pages", itoa(pages)))
	if x.m.To.Platform == withoutButtons && page < pages {
		r.Blocks = append(r.Blocks, x.texts.fine("list.turn", "next", x.texts.Text("button.next")))
	}
	shown := a
	shown.page = page
	x.remember(func(t *memory) { t.page = shown })
	of := len(r.Buttons)
	if page > 1 {
		a.page = page - 1
		r.Buttons = x.addButton(r.Buttons, "button.back", a)
	}
	if page < pages {
		a.page = page + 1
		r.Buttons = x.addButton(r.Buttons, "button.next", a)
	}
	if len(r.Buttons) > of {
		r.Buttons[of].Row = true
	}
}

// pressed does what a button says, for whoever types it: it turns the page of the list that
// was shown last, or shows the detail of the fact that was answered with last.
func (x *exchange) pressed(ctx context.Context, text string) (bot.Reply, bool) {
	typed := search.Words(text, search.MaxWords)
	t := x.ownMemory()
	if f := x.packs.byID[t.fact]; f != nil && len(f.Detail) > 0 && slices.Equal(typed, search.Words(x.texts.Text("button.detail"), search.MaxWords)) {
		return x.detailReply(f), true
	}
	a := t.page
	if a.list == 0 {
		return bot.Reply{}, false
	}
	for label, by := range map[string]int{"button.next": 1, "button.back": -1} {
		if slices.Equal(typed, search.Words(x.texts.Text(label), search.MaxWords)) {
			a.page = max(a.page+by, 1)
			return x.turnPage(ctx, a), true
		}
	}
	return bot.Reply{}, false
}

// moreAbout lists what there is of a person, a year or a topic, if text asks for that: "more about
// Khrushchev".
func (x *exchange) moreAbout(text string) (bot.Reply, bool) {
	const longest = 120 // bytes
	if len(text) > longest {
		return bot.Reply{}, false
	}
	typed := search.Words(text, search.MaxWords*2)
	for _, form := range x.d.vocabulary.moreAbout {
		if len(typed) <= len(form) || !slices.Equal(typed[:len(form)], form) {
			continue
		}
		of := strings.Join(typed[len(form):], " ")
		if _, facts := x.tellOfOne(of); len(facts) > 1 {
			return x.aboutPage(of, 1), true
		}
		return bot.Reply{}, false // a question like others
	}
	return bot.Reply{}, false
}

// aboutPage is a page of what there is of a person, a year or a topic.
func (x *exchange) aboutPage(of string, page int) bot.Reply {
	name, facts := x.tellOfOne(of)
	if len(facts) == 0 {
		return x.notice("action.gone")
	}
	title := x.texts.block("topic.intro", "topic", name, "n", itoa(len(facts)))
	return x.listReply(title, facts[:min(len(facts), maxListed)], page, action{verb: doTurn, list: listAbout, arg: of})
}

// turnPage shows a page of a list.
func (x *exchange) turnPage(ctx context.Context, a action) bot.Reply {
	switch a.list {
	case listTopics:
		return x.topics(a.page)
	case listChanges:
		return x.corrections(a.page)
	case listTopic:
		return x.topic(a.arg, a.page)
	case listSearch:
		return x.search(a.arg, a.page)
	case listImages:
		if f := x.packs.byID[a.arg]; f != nil {
			return x.imageReply(f, a.page)
		}
		return x.notice("action.gone")
	case listTimeline:
		return x.timelineOf(ctx, series(a.arg), a.page)
	case listWorks:
		return x.bibliography(a.page)
	case listAbout:
		return x.aboutPage(a.arg, a.page)
	default:
		if f := x.packs.byID[a.arg]; f != nil {
			return x.sourceReply(f, a.page, 0)
		}
		return x.notice("action.gone")
	}
}
