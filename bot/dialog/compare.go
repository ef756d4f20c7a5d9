package dialog

import (
	"slices"
	"strings"

	"footnote/bot"
	"footnote/knowledge"
	"footnote/knowledge/search"
)

// compareEach is how many facts a comparison lists of each side, and of what both have.
const compareEach = 3

// comparedBy stands between two things to compare.
var comparedBy = []string{"|", " vs. ", " vs ", " / ", ";"}

// compare lists what facts tell of two people, years or topics: first what is told of both.
func (x *exchange) compare(text string) bot.Reply {
	a, b, ok := sides(text)
	if !ok {
		return x.info("compare.usage")
	}
	nameA, ofA := x.tellOf(a)
	nameB, ofB := x.tellOf(b)
	for _, side := range []struct {
		typed string
		facts []*knowledge.Fact
	}{{a, ofA}, {b, ofB}} {
		if len(side.facts) == 0 {
			return x.info("compare.none", "name", bot.Shorten(side.typed, maxOption))
		}
	}
	var both, onlyA, onlyB []*knowledge.Fact
	for _, f := range ofA {
		if slices.Contains(ofB, f) {
			both = append(both, f)
		} else {
			onlyA = append(onlyA, f)
		}
	}
	for _, f := range ofB {
		if !slices.Contains(ofA, f) {
			onlyB = append(onlyB, f)
		}
	}
	r := bot.Reply{Kind: bot.KindInfo, Blocks: []bot.Block{x.texts.block("compare.intro", "a", nameA, "b", nameB)}}
	x.offerGroups(&r, []group{{x.texts.Text("compare.both"), both}, {nameA, onlyA}, {nameB, onlyB}})
	x.numbered(&r)
	return r
}

// sides are the two things that text wants compared.
func sides(text string) (a, b string, ok bool) {
	for _, mark := range comparedBy {
		if a, b, ok = strings.Cut(text, mark); ok {
			a, b = strings.TrimSpace(a), strings.TrimSpace(b)
			return a, b, readable(a) && readable(b)
		}
	}
	return "", "", false
}

// A group is facts under a heading.
type group struct {
	title string
	facts []*knowledge.Fact
}

// offerGroups offers the first facts of each group, numbered through, and says how many more there
// are.
func (x *exchange) offerGroups(r *bot.Reply, groups []group) {
	var all []*knowledge.Fact
	for _, g := range groups {
		if len(g.facts) == 0 {
			continue
		}
		listed := g.facts[:min(len(g.facts), compareEach)]
		title := bot.Block{Gap: true, Spans: []bot.Span{{Text: g.title, Style: bot.Bold}}}
		if more := len(g.facts) - len(listed); more > 0 {
			title.Spans = append(title.Spans, bot.Span{Text: " (" + itoa(len(g.facts)) + ")"})
		}
		r.Blocks = append(r.Blocks, title)
		for _, f := range listed {
			all = append(all, f)
			r.Blocks = append(r.Blocks, bot.Block{Kind: bot.Choice, Spans: []bot.Span{{Text: x.canonical(f)}}})
			if s := (action{verb: doFact, fact: f.ID}).String(); s != "" {
				r.Buttons = append(r.Buttons, bot.Button{Label: itoa(len(all)), Action: s})
			}
		}
	}
	x.remember(func(t *memory) { t.offer, t.quiz = offer{facts: idsOf(all)}, nil })
}

// tellOf are the facts that tell of a person, a year or a topic, or else those in which the words
// are found, and what that is called.
func (x *exchange) tellOf(text string) (name string, facts []*knowledge.Fact) {
	if name, facts = x.tellOfOne(text); len(facts) > 0 {
		return name, facts
	}
	for _, h := range search.AtLeast(searchFloor, x.packs.index.Find(text, searchFields, false)) {
		facts = append(facts, h.Fact)
	}
	return bot.Shorten(text, maxOption), facts
}

// tellOfOne are the facts that tell of the person, the year or the topic that is called so; none if
// nothing is.
func (x *exchange) tellOfOne(text string) (name string, facts []*knowledge.Fact) {
	if year, ok := yearNamed(text); ok {
		return strings.TrimSpace(text), x.ofYear(year)
	}
	typed := search.Words(text, search.MaxWords)
	if len(typed) == 0 {
		return "", nil
	}
	for _, f := range x.packs.base.Facts() {
		for _, person := range f.People {
			if slices.ContainsFunc(append([]string{person}, f.Variants[person]...), func(n string) bool { return namedBy(n, typed) }) {
				if len(person) > len(name) {
					name = person
				}
				facts = append(facts, f)
				break
			}
		}
	}
	if len(facts) > 0 {
		return name, facts
	}
	for _, t := range x.packs.topics {
		if slices.EqualFunc(search.Words(t.name, search.MaxWords), typed, search.Alike) {
			return t.name, t.facts
		}
	}
	return "", nil
}

// namedBy reports whether typed are words of a name, the last of it among them: by a first name
// alone nobody is named.
func namedBy(name string, typed []string) bool {
	words := search.Words(name, search.MaxWords)
	for len(words) > 1 && strings.Trim(words[len(words)-1], "ivx") == "" { // Ptolemy II
		words = words[:len(words)-1]
	}
	if len(words) == 0 || !slices.ContainsFunc(typed, func(w string) bool { return search.Alike(w, words[len(words)-1]) }) {
		return false
	}
	for _, w := range typed {
		if !slices.ContainsFunc(words, func(v string) bool { return search.Alike(v, w) }) {
			return false
		}
	}
	return true
}

// longSpan is from how many years on a date says little of one of them.
const longSpan = 30

// ofYear are the facts with a date that touches a year.
func (x *exchange) ofYear(year int) []*knowledge.Fact {
	var facts []*knowledge.Fact
	for _, f := range x.packs.base.Facts() {
		for _, d := range f.Dates {
			if from, to, ok := d.EDTF.Years(); ok && from <= year && year <= to && to-from < longSpan {
				facts = append(facts, f)
				break
			}
		}
	}
	return facts
}

// related shows what is related to a fact, or to that of the last answer.
func (x *exchange) related(text string) bot.Reply {
	f := x.last()
	if text != "" {
		if f = x.packs.byID[strings.ToLower(text)]; f == nil {
			hits := search.AtLeast(sourceFloor, x.packs.index.Find(text, sourceFields, false))
			if len(hits) == 0 {
				return x.info("source.unknown")
			}
			f = hits[0].Fact
		}
	}
	if f == nil {
		return x.info("related.usage", "example", x.example())
	}
	x.remember(func(t *memory) { t.fact, t.unsure = f.ID, false })
	return x.relatedReply(f)
}
