package dialog

import (
	"context"
	"maps"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"footnote/bot"
	"footnote/bot/recent"
	"footnote/knowledge"
	"footnote/knowledge/edtf"
	"footnote/knowledge/search"
	"footnote/knowledge/timeline"
)

const (
	minSeries     = 3    // events under an answer that make a series worth a button
	maxEvents     = 10   // of one picture: what a phone shows at a glance
	timelinePage  = 1500 // characters of the list beside it; Discord takes 2,000
	picturesKept  = 64   // some 25 KB each
	longestSeries = 40   // bytes of the name of a series in a button
	daysOfYear    = 366  // at most
)

// A series is what a timeline is of, as a button and a page know it.
//
//	a        all dated facts
//	t NAME   the facts of a topic
//	p NAME   those of a person
//	y EDTF   those that touch these years
type series string

const ofAll series = "a"

// What the others begin with.
const (
	ofTopic  = "t "
	ofPerson = "p "
	ofYears  = "y "
)

// timelines are what a base has of them: immutable, but for the pictures that are kept.
type timelines struct {
	topics, people map[string][]*knowledge.Fact // dated ones, by name
	of             map[*knowledge.Fact]series   // in which each stands that stands in one
	pictures       *recent.Map[pictureKey, []byte]
}

// A pictureKey names a picture of one base.
type pictureKey struct {
	of    series
	page  int
	lang  string
	theme timeline.Theme
}

// valid reports whether s can be the name of a series.
func (s series) valid() bool {
	kind, name, named := strings.Cut(string(s), " ")
	switch series(kind) {
	case ofAll:
		return !named
	case "y":
		return edtf.Date(name).Check() == nil
	case "t", "p":
		return name != ""
	}
	return false
}

func newTimelines(facts []*knowledge.Fact) *timelines {
	t := &timelines{topics: map[string][]*knowledge.Fact{}, people: map[string][]*knowledge.Fact{}, of: map[*knowledge.Fact]series{}}
	for _, f := range facts {
		if len(f.Dates) == 0 || f.Status == knowledge.Retracted {
			continue
		}
		for _, name := range f.Topics {
			t.topics[name] = append(t.topics[name], f)
		}
		for _, name := range f.People {
			t.people[name] = append(t.people[name], f)
		}
	}
	for _, f := range facts {
		if s := t.find(f); s != "" {
			t.of[f] = s
		}
	}
	t.pictures = recent.New[pictureKey, []byte](picturesKept, recent.Forever, time.Now)
	return t
}

// find returns the series in which f stands: that of its first topic with enough events,
// or else of a person; "" if there is none.
func (t *timelines) find(f *knowledge.Fact) series {
	if len(f.Dates) == 0 || f.Status == knowledge.Retracted {
		return ""
	}
	for _, name := range f.Topics {
		if len(name) <= longestSeries && happened(t.topics[name]) >= minSeries {
			return series(ofTopic + name)
		}
	}
	for _, name := range f.People {
		if len(name) <= longestSeries && happened(t.people[name]) >= minSeries {
			return series(ofPerson + name)
		}
	}
	return ""
}

// happened counts the different dates of facts, as far as it matters.
func happened(facts []*knowledge.Fact) int {
	seen := map[edtf.Date]bool{}
	for _, f := range facts {
		for _, d := range f.Dates {
			if seen[d.EDTF] = true; len(seen) >= minSeries {
				return len(seen)
			}
		}
	}
	return len(seen)
}

// timeline shows what happened when: of a topic, a person or years, or else of what the
// last answer belongs to, or of everything.
func (x *exchange) timeline(ctx context.Context, text string) bot.Reply {
	of := x.seriesNamed(text)
	if of == "" {
		return x.info("timeline.unknown")
	}
	return x.timelineOf(ctx, of, 1)
}

// timelineAround is the timeline in which a fact stands.
func (x *exchange) timelineAround(ctx context.Context, f *knowledge.Fact) bot.Reply {
	of := x.packs.timelines.of[f]
	if of == "" {
		return x.notice("action.gone")
	}
	return x.timelineOf(ctx, of, 1)
}

// seriesNamed is the series that somebody means.
func (x *exchange) seriesNamed(text string) series {
	t := x.packs.timelines
	if text == "" {
		if f := x.last(); f != nil {
			if of := t.of[f]; of != "" {
				return of
			}
		}
		return ofAll
	}
	if d := yearsTyped(text); d != "" {
		return series(ofYears + d)
	}
	if f := x.packs.byID[text]; f != nil {
		return t.of[f]
	}
	if i := x.topicNamed(text); i >= 0 && len(t.topics[x.packs.topics[i].name]) > 0 {
		return series(ofTopic + x.packs.topics[i].name)
	}
	if name := x.personNamed(text); name != "" {
		return series(ofPerson + name)
	}
	return ""
}

// personNamed is the person with a timeline whom somebody means by text: by a way to
// write the name, or by a word that the packs hold for the same.
func (x *exchange) personNamed(text string) string {
	people := x.packs.timelines.people
	for _, name := range slices.Sorted(maps.Keys(people)) {
		ways := []string{name}
		for _, f := range people[name] {
			ways = append(ways, f.Variants[name]...)
		}
		if namesPerson(text, ways) {
			return name
		}
	}
	for _, h := range search.AtLeast(sourceFloor, x.packs.index.Find(text, []search.Field{search.InNames}, false)) {
		for _, name := range h.Fact.People {
			if len(people[name]) > 0 {
				return name
			}
		}
	}
	return ""
}

// namesPerson reports whether the words of text are words of one of the ways to write a
// name, but for typing errors.
func namesPerson(text string, ways []string) bool {
	typed := search.Words(text, search.MaxWords)
	return slices.ContainsFunc(ways, func(way string) bool {
		words := search.Words(way, search.MaxWords)
		return len(typed) > 0 && !slices.ContainsFunc(typed, func(w string) bool {
			return !slices.ContainsFunc(words, func(v string) bool {
				return v == w || search.Edits(w, v, 2)*4 <= min(len(w), 8)
			})
		})
	})
}

// twoYears is a year, or two with anything but a figure between them.
var twoYears = regexp.MustCompile(`^(\d{1,4})(?:\s*(?:[-–—/…]|\.{2,3}|\p{L}+)\s*(\d{1,4}))?$`)

// yearsTyped reads years: a date of EDTF, "1953", "1953-1964", "1953 to 1964".
func yearsTyped(text string) edtf.Date {
	if m := twoYears.FindStringSubmatch(text); m != nil {
		from, to := m[1], m[2]
		if n := len(from) - len(to); to != "" && n > 0 && to > from[n:] { // 1956-62
			to = from[:n] + to
		}
		d := edtf.FromParts(from)
		if to != "" {
			d += "/" + edtf.FromParts(to)
		}
		if d.Check() == nil {
			return d
		}
		if d = edtf.FromParts(to) + "/" + edtf.FromParts(from); len(to) > 2 && d.Check() == nil { // typed the other way round
			return d
		}
	}
	if d := edtf.Date(text); strings.ContainsAny(text, "0123456789") && len(text) <= longestSeries && d.Check() == nil {
		return d
	}
	return ""
}

// factsOf are the dated facts of a series, and how it is called.
func (x *exchange) factsOf(of series) (facts []*knowledge.Fact, title string) {
	t := x.packs.timelines
	name := string(of)
	switch {
	case of == ofAll:
		return x.packs.base.Facts(), x.title()
	case strings.HasPrefix(name, ofTopic):
		name = name[len(ofTopic):]
		return t.topics[name], name
	case strings.HasPrefix(name, ofPerson):
		name = name[len(ofPerson):]
		return t.people[name], name
	}
	name = strings.TrimPrefix(name, ofYears)
	return x.packs.base.Facts(), edtf.Date(name).In(x.texts.Tag)
}

// eventsOf are the events of a series, and how it is called.
func (x *exchange) eventsOf(of series) (all []timeline.Event, title string) {
	facts, title := x.factsOf(of)
	all = timeline.Events(facts, x.timelineWords())
	years, ok := strings.CutPrefix(string(of), ofYears)
	if !ok {
		return all, title
	}
	first, last, _ := edtf.Date(years).Days()
	return slices.DeleteFunc(all, func(e timeline.Event) bool {
		from, to, ok := e.Date.Days()
		if y, _, _ := e.Date.Years(); y == edtf.EarliestYear { // "until 1909" says nothing of the Middle Ages
			from = max(from, to-longSpan*daysOfYear)
		}
		return !ok || from > last || to < first
	}), title
}

// timelineWords are the words of a picture in the person's language.
func (x *exchange) timelineWords() timeline.Words {
	return timeline.Words{
		Tags:     append([]string{x.texts.Tag}, x.langs...),
		Julian:   func(date string) string { return x.texts.Text("date.julian", "date", date) },
		About:    x.texts.Text("timeline.about"),
		Disputed: strings.ToLower(x.texts.Text("status.disputed")),
		Open:     x.texts.Text("timeline.open"),
		Break:    x.texts.Text("timeline.break"),
	}
}

// timelineOf is a page of the timeline of a series: its picture, and the same as a list,
// in which each event has its citation.
func (x *exchange) timelineOf(ctx context.Context, of series, page int) bot.Reply {
	all, title := x.eventsOf(of)
	if len(all) == 0 {
		return x.info("timeline.unknown")
	}
	var blocks []bot.Block
	var facts []*knowledge.Fact
	pages := [][2]int{{0, 0}} // from and to
	size := 0
	for i, e := range all {
		b, err := x.eventBlock(e)
		if err != nil {
			x.d.c.Log.Error("an event cannot be stated", "error", err)
			return x.fault()
		}
		n := utf8.RuneCountInString(bot.PlainText(bot.Reply{Blocks: []bot.Block{b}}))
		last := &pages[len(pages)-1]
		if i > last[0] && (i-last[0] == maxEvents || size+n > timelinePage) {
			pages = append(pages, [2]int{i, i})
			last, size = &pages[len(pages)-1], 0
		}
		last[1] = i + 1
		size += n
		blocks, facts = append(blocks, b), append(facts, e.Facts[0])
	}
	pages = pages[:min(len(pages), maxPage)]
	page = min(max(page, 1), len(pages))
	from, to := pages[page-1][0], pages[page-1][1]
	r := bot.Reply{Kind: bot.KindList, Blocks: []bot.Block{{Spans: []bot.Span{{Text: x.texts.Text("timeline.intro", "series", title, "n", itoa(len(all))), Style: bot.Bold}}}}}
	r.Blocks = append(r.Blocks, blocks[from:to]...)
	x.offerEvents(&r, facts[from:to])
	x.paging(&r, action{verb: doTurn, list: listTimeline, arg: string(of)}, page, len(pages))
	x.numbered(&r)
	if to-from > 1 && x.m.To.Platform != withoutButtons {
		x.addTimeline(ctx, &r, of, page, title, all[from:to])
	}
	return r
}

// eventBlock is an event in the list.
func (x *exchange) eventBlock(e timeline.Event) (bot.Block, error) {
	f := e.Facts[0]
	c, err := x.packs.cite(f)
	if err != nil {
		return bot.Block{}, err
	}
	b := bot.Block{Kind: bot.Choice, Spans: []bot.Span{{Text: e.When, Style: bot.Bold}, {Text: x.texts.Dash() + e.What}}}
	if f.Status != knowledge.Established {
		b.Spans = append(b.Spans, bot.Span{Text: " (" + strings.ToLower(x.texts.Text("status."+string(f.Status))) + ")"})
	}
	if len(c.cites) > 0 {
		b.Spans = append(b.Spans, bot.Span{Text: ". "})
		b.Spans = append(b.Spans, spansOf("", c.short[0], "")...)
	}
	return b, nil
}

// offerEvents lets a number, or the button with it, answer with the fact of an event.
func (x *exchange) offerEvents(r *bot.Reply, facts []*knowledge.Fact) {
	x.remember(func(t *memory) { t.offer, t.quiz, t.list = offer{facts: idsOf(facts)}, nil, "" })
	for i, f := range facts {
		if s := (action{verb: doFact, fact: f.ID}).String(); s != "" {
			r.Blocks[1+i].Action = s // after the title
			r.Buttons = append(r.Buttons, bot.Button{Label: itoa(i + 1), Action: s})
		}
	}
}

// addTimeline adds the picture of events, which are a page of a series. Without it the
// list says the same.
func (x *exchange) addTimeline(ctx context.Context, r *bot.Reply, of series, page int, title string, events []timeline.Event) {
	for i := range events {
		events[i].Number = i + 1 // as the list is numbered
	}
	w := x.timelineWords()
	t := timeline.New(title, x.versions(), events, w, 0)
	alt := bot.Shorten(x.texts.Text("timeline.alt", "series", title)+"\n"+t.Text(), bot.MaxAlt)
	if x.m.To.Platform == Web {
		r.File = &bot.File{Name: "timeline.svg", Type: "image/svg+xml", Alt: alt, Said: true}
		for i, width := range drawnWidths {
			r.File.Drawn[i] = timeline.New(title, "", events, w, width).SVG(timeline.SVGOptions{ID: "drawn" + itoa(i) + "-"})
		}
		return
	}
	key := pictureKey{of: of, page: page, lang: strings.Join(w.Tags, " ")}
	if x.looks(ctx, lookDark) {
		key.theme = timeline.Dark
	}
	data, ok := x.packs.timelines.pictures.Get(key)
	if !ok {
		select { // it costs as much as a question
		case x.d.matchers <- struct{}{}:
		case <-ctx.Done():
			return
		}
		defer func() { <-x.d.matchers }()
		var err error
		if data, err = t.PNG(key.theme); err != nil {
			x.d.c.Log.Error("a timeline cannot be drawn", "error", err)
			return
		}
		x.packs.timelines.pictures.Set(key, data)
	}
	if len(data) > bot.MaxFile {
		return
	}
	r.File = &bot.File{Name: "timeline.png", Type: "image/png", Data: data, Alt: alt, Said: true}
}

// drawnWidths are those of the picture on a page: on a screen and on a phone.
var drawnWidths = [...]float64{700, 340}

// versions name the packs with their versions.
func (x *exchange) versions() string {
	var all []string
	for _, p := range x.packs.base.Packs {
		all = append(all, p.ID+" "+p.Version)
	}
	return strings.Join(all, originMark)
}

// suggest are at most n topics and people of whom there is a timeline and whose names
// have words that begin as what is typed does.
func (t *timelines) suggest(text string, n int) []bot.Completion {
	typed := search.Words(text, search.MaxWords)
	var all []bot.Completion
	for _, names := range []map[string][]*knowledge.Fact{t.topics, t.people} {
		for _, name := range slices.Sorted(maps.Keys(names)) {
			if len(all) == n {
				return all
			}
			words := search.Words(name, search.MaxWords)
			begins := func(w string) bool {
				return slices.ContainsFunc(words, func(v string) bool { return strings.HasPrefix(v, w) })
			}
			if happened(names[name]) >= 2 && utf8.RuneCountInString(name) <= maxCompletion && !slices.ContainsFunc(typed, func(w string) bool { return !begins(w) }) {
				all = append(all, bot.Completion{Label: name, Value: name})
			}
		}
	}
	return all
}
