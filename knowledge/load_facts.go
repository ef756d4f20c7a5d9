package knowledge

import (
	"cmp"
	"fmt"
	"maps"
	"slices"

	"footnote/knowledge/csl"
	"footnote/knowledge/strictyaml"
)

// Limits of facts that are not part of the product's promise but keep one fact
// to a size that can be read, shown and indexed.
const (
	MaxQuestion  = 300 // characters
	MaxQuestions = 200 // phrasings of one fact, all languages together
	MaxQuote     = 500 // characters of a quotation: longer is no longer a short quotation
	MaxClaim     = 500
	MaxHolder    = 300 // characters of according-to, of support and of a position's holder
	MaxLabel     = 200 // characters of a date's label
	MaxLocator   = 100
)

// Limits of lists: what a fact or a pack may have of each is far more than can be shown of
// it, and no more than is cheap to show.
const (
	MaxPositions = 50   // of a fact
	MaxCites     = 50   // of a fact, or of one of its positions
	MaxAllCites  = 200  // of a fact with all its positions
	MaxList      = 100  // topics, keywords, people, dates and related facts of a fact, ways to write a name, words of a group of synonyms, maintainers
	MaxGroups    = 5000 // of synonyms
	MaxHistory   = 1000 // versions of a pack, and changes of one
)

// atMost returns the entries of the list at n as far as they are taken; it is an error if
// there are more.
func atMost(most int, n *strictyaml.Node, list []*strictyaml.Node) []*strictyaml.Node {
	if len(list) > most {
		n.Errorf("the list has %d entries, and at most %d are taken here", len(list), most)
		return list[:most]
	}
	return list
}

var factKeys = []string{"id", "status", "topics", "questions", "keywords", "answer", "detail", "according-to",
	"positions", "dates", "people", "cites", "support", "images", "related", "reviewed"}

// FactKeys returns the labels of a fact, in the order of FORMAT.md.
func FactKeys() []string { return slices.Clone(factKeys) }

// A pendingCite is a citation of a source that may stand in a file to come.
type pendingCite struct {
	id   string
	at   *strictyaml.Node
	cite *Cite
}

// A pendingRelated is a related id of a fact that may stand in a file to come.
type pendingRelated struct {
	fact *Fact
	id   string
	at   *strictyaml.Node
}

// notOfFacts and notOfCites are keys that people write into facts and citations, and where
// they belong.
var (
	notOfFacts = map[string]string{
		"source": inCites, "sources": inCites, "citation": inCites, "locator": inCites, "quote": inCites, "page": inCites, "pages": inCites,
		"author": inSources, "publisher": inSources, "issued": inSources, "year": inDates, "date": inDates, "edtf": inDates,
		"holder": inPositions, "claim": inPositions,
		"question": "ways of asking are a list under questions", "phrasings": "ways of asking are a list under questions",
		"tags": "the subjects of a fact are its topics", "topic": "the subjects of a fact are a list under topics",
		"image": "pictures are a list under images", "pictures": "pictures are a list under images",
		"synonyms": "synonyms stand in pack.yaml, for the whole pack",
	}
	notOfCites = map[string]string{
		"page": aPlace, "pages": aPlace, "chapter": aPlace, "volume": aPlace, "section": aPlace, "folio": aPlace, "p": aPlace, "pp": aPlace,
		"id": "name the source by its id: source: …", "title": inSources, "author": inSources, "issued": inSources, "url": inSources,
		"text": "the words of the source are its quote: quote: …",
	}
)

const (
	inCites     = "a source, its place and a quote stand under cites: cites: [{source: …, locator: …}]"
	inSources   = "what describes a source stands in sources.yaml, and the fact names the source by its id"
	inDates     = "dates stand under dates: dates: [{edtf: 1956-02-25}]"
	inPositions = "who holds what stands under positions: positions: [{holder: …, claim: …, cites: […]}]"
	aPlace      = "the place in a source is its locator: locator: 12 for a page, or locator: {label: chapter, value: 3}"
)

// readFacts reads one file of facts. It reports whether the file held a list of
// them.
func (r *packReader) readFacts(n *strictyaml.Node) (whole bool) {
	if n.IsList() {
		n.Errorf("the file is a list; write facts: above it and indent the list")
		return false
	}
	m := n.Map("facts", "schema")
	list := m.Required("facts")
	for _, c := range list.List("facts") {
		r.fact(c)
	}
	return list.IsList()
}

// fact reads one fact.
func (r *packReader) fact(n *strictyaml.Node) {
	f := &Fact{Pack: r.pack, Place: n.Place()}
	// The id first, under the numbered path; then the path names the fact.
	if !n.IsMap() {
		n.Errorf("expected a fact (id: …, status: …), found %s", n.Describe())
		return
	}
	if id := n.AnyMap("").Peek("id"); IsID(id) {
		n = n.At("facts[" + id + "]")
	}
	m := n.MapWith(notOfFacts, factKeys...)
	f.ID = r.id(m.Required("id"))
	f.Status = Status(m.Required("status").OneOf(string(Established), string(Attributed), string(Disputed), string(CitationNeeded), string(Retracted)))
	f.Topics = r.words(m.Get("topics"))
	f.Questions = r.questions(m.Required("questions"))
	f.Keywords = r.words(m.Get("keywords"))
	f.Answer = r.text(m.Required("answer"), MaxAnswer)
	f.Detail = r.text(m.Get("detail"), MaxDetail)
	f.AccordingTo = m.Get("according-to").Bounded(MaxHolder)
	r.people(f, m.Get("people"))
	f.Support = m.Get("support").Bounded(MaxHolder)
	f.Reviewed = r.date(m.Get("reviewed"))
	f.Images = r.images(m.Get("images"))
	f.Dates = r.dates(m.Get("dates"))
	cites := atMost(MaxCites, m.Get("cites"), m.Get("cites").List("citations such as {source: …}"))
	f.Cites = r.cites(cites)
	positions := atMost(MaxPositions, m.Get("positions"), m.Get("positions").List("positions, each with holder, claim and cites"))
	f.Positions = r.positions(positions, len(cites))
	r.statusRules(f, m, len(cites), len(positions))
	r.relatedTo(f, m.Get("related"))
	if f.ID == "" {
		return
	}
	if first, dup := r.facts[f.ID]; dup {
		m.Get("id").Errorf("the id %s is already taken by the fact at %s:%d; ids must differ", f.ID, first.Place.File, first.Place.Line)
		return
	}
	r.facts[f.ID] = f
	r.pack.Facts = append(r.pack.Facts, f)
}

// dates reads when what a fact tells was.
func (r *packReader) dates(n *strictyaml.Node) (out []Date) {
	for _, c := range atMost(MaxList, n, n.List("dates such as {edtf: 1956-02}")) {
		if c.IsText() {
			c.Errorf("a date is a map; write {edtf: %s}", c.Text())
			continue
		}
		m := c.Map("edtf", "label", "calendar")
		d := Date{EDTF: r.date(m.Required("edtf")), Label: r.text(m.Get("label"), MaxLabel)}
		if cal := m.Get("calendar"); cal != nil {
			d.Julian = cal.OneOf("gregorian", "julian") == "julian"
		}
		if d.EDTF != "" {
			out = append(out, d)
		}
	}
	return out
}

// positions reads the positions of a disputed fact, which has so many citations besides
// theirs.
func (r *packReader) positions(nodes []*strictyaml.Node, cites int) (out []Position) {
	for _, n := range nodes {
		m := n.Map("holder", "claim", "cites", "date")
		p := Position{
			Holder: m.Required("holder").Bounded(MaxHolder),
			Claim:  r.text(m.Required("claim"), MaxClaim),
			Date:   r.date(m.Get("date")),
		}
		list := m.Required("cites")
		own := atMost(MaxCites, list, list.List("citations such as {source: …}"))
		if cites += len(own); cites > MaxAllCites && cites-len(own) <= MaxAllCites {
			list.Errorf("with this the fact has more than %d citations; split it into several facts", MaxAllCites)
		}
		if list.IsList() && len(own) == 0 {
			list.Errorf("the list is empty; a position needs at least one citation")
		}
		p.Cites = r.cites(own)
		out = append(out, p)
	}
	return out
}

// relatedTo reads which facts f names as related. Whether there are such facts is asked
// when all are read.
func (r *packReader) relatedTo(f *Fact, n *strictyaml.Node) {
	seen := map[string]bool{}
	for _, c := range atMost(MaxList, n, n.List("ids of facts")) {
		id := c.NonEmpty()
		switch {
		case id == "":
		case id == f.ID:
			c.Errorf("the fact names itself as related; delete this")
		case seen[id]:
			c.Errorf("%s is listed twice", strictyaml.Quote(id))
		default:
			seen[id] = true
			r.related = append(r.related, pendingRelated{f, id, c})
		}
	}
}

// statusRules checks what each status asks for.
func (r *packReader) statusRules(f *Fact, m *strictyaml.Map, cites, positions int) {
	switch f.Status {
	case Attributed:
		if !m.Has("according-to") {
			m.Node().Errorf("according-to is missing: an attributed fact says whose claim it is")
		}
	case Disputed:
		if positions < 2 {
			m.Node().Errorf("a disputed fact needs positions, two or more; this one has %d", positions)
		}
	}
	if f.Status != Disputed && f.Status != "" && m.Has("positions") {
		m.Key("positions").Errorf("positions belong to disputed facts; the status of this fact is %s", f.Status)
	}
	if cites == 0 && f.Status != CitationNeeded && f.Status != "" && f.Status != Disputed {
		m.Node().Errorf("cites is missing: name at least one source, or set the status to citation-needed")
	}
}

// words reads a list of short texts, each once.
func (r *packReader) words(n *strictyaml.Node) []string {
	var out []string
	seen := map[string]bool{}
	for _, c := range atMost(MaxList, n, n.List("texts")) {
		w := visible(c, c.Bounded(MaxWord))
		switch {
		case w == "":
		case seen[w]:
			c.Errorf("%s is listed twice", strictyaml.Quote(w))
		default:
			seen[w] = true
			out = append(out, w)
		}
	}
	return out
}

// people reads names, each a text or a list of the ways to write it, of which the first is
// shown.
func (r *packReader) people(f *Fact, n *strictyaml.Node) {
	seen := map[string]bool{}
	add := func(c *strictyaml.Node) string {
		w := visible(c, c.Bounded(MaxWord))
		if w != "" && seen[w] {
			c.Errorf("%s is listed twice", strictyaml.Quote(w))
			return ""
		}
		seen[w] = true
		return w
	}
	for _, c := range atMost(MaxList, n, n.List("names")) {
		ways := []*strictyaml.Node{c}
		if c.IsList() {
			ways = atMost(MaxList, c, c.List("ways to write a name"))
		}
		if len(ways) == 0 {
			c.Errorf("the list is empty; write a name")
			continue
		}
		name := add(ways[0])
		if name == "" {
			continue
		}
		f.People = append(f.People, name)
		for _, w := range ways[1:] {
			if v := add(w); v != "" {
				if f.Variants == nil {
					f.Variants = map[string][]string{}
				}
				f.Variants[name] = append(f.Variants[name], v)
			}
		}
	}
}

// questions reads a list of phrasings, or a map of such lists by language.
func (r *packReader) questions(n *strictyaml.Node) []Phrasing {
	if n == nil {
		return nil
	}
	var out []Phrasing
	read := func(list *strictyaml.Node, lang string) {
		seen := map[string]int{}
		for _, c := range list.List("questions") {
			q := visible(c, c.Bounded(MaxQuestion))
			key := QuestionKey(q)
			switch {
			case q == "":
			case key == "":
				c.Errorf("%s holds neither letters nor numbers", strictyaml.Quote(q))
			case seen[key] > 0:
				c.Warnf("%s stands twice in this fact, also in line %d; delete one of them", strictyaml.Quote(q), seen[key])
			default:
				seen[key] = c.Line()
				out = append(out, Phrasing{Lang: lang, Text: q, Place: c.Place()})
			}
		}
		if list.IsList() && len(list.List("")) == 0 {
			list.Errorf("the list is empty; write at least one question")
		}
	}
	if !n.IsMap() {
		read(n, r.pack.Languages[0])
	} else {
		m := n.AnyMap("")
		for _, lang := range m.Keys() {
			if r.knowsLanguage(m.Key(lang), lang) {
				read(m.Get(lang), lang)
			}
		}
		if len(m.Keys()) == 0 {
			n.Errorf("no question stands here")
		}
	}
	if len(out) > MaxQuestions {
		n.Errorf("the fact has %d phrasings; at most %d are allowed", len(out), MaxQuestions)
	}
	return out
}

// cites reads citations; their sources are tied to them by resolve.
func (r *packReader) cites(nodes []*strictyaml.Node) []Cite {
	out := make([]Cite, len(nodes))
	for i, n := range nodes {
		m := n.MapWith(notOfCites, "source", "locator", "quote")
		c := &out[i]
		if s := m.Required("source"); s != nil {
			if id := s.NonEmpty(); id != "" {
				r.pending = append(r.pending, pendingCite{id, s, c})
			}
		}
		if l := m.Get("locator"); l.IsText() {
			c.Locator = csl.Locator{Label: "page", Value: l.Bounded(MaxLocator)}
		} else if l != nil {
			lm := l.Map("label", "value")
			c.Locator.Label = "page"
			if lab := lm.Get("label"); lab != nil {
				c.Locator.Label = lab.OneOf(csl.LocatorLabels()...)
			}
			c.Locator.Value = lm.Required("value").Bounded(MaxLocator)
		}
		r.quote(m.Get("quote"), c)
	}
	return out
}

// quote reads a quotation: a text, or a map with its language and translation.
func (r *packReader) quote(n *strictyaml.Node, c *Cite) {
	if !n.IsMap() {
		c.Quote = n.Bounded(MaxQuote)
		return
	}
	m := n.Map("text", "lang", "translation", "by")
	c.Quote = m.Required("text").Bounded(MaxQuote)
	if l := m.Get("lang"); l != nil {
		if c.QuoteLang = l.NonEmpty(); c.QuoteLang != "" && !langPattern.MatchString(c.QuoteLang) {
			l.Errorf("%s is no language tag; write for example en, ru or pt-BR", strictyaml.Quote(c.QuoteLang))
		}
	}
	c.Translation = m.Get("translation").Bounded(MaxQuote)
	c.TranslatedBy = m.Get("by").Bounded(MaxHolder)
}

// resolve ties citations to sources and related ids to facts.
func (r *packReader) resolve() {
	sourceIDs := slices.Sorted(maps.Keys(r.sources))
	for _, p := range r.pending {
		if s, ok := r.sources[p.id]; ok {
			p.cite.Source = s
		} else if r.sourcesWhole {
			p.at.Errorf("there is no source %s in sources.yaml%s", strictyaml.Quote(p.id), p.at.DidYouMean(p.id, sourceIDs))
		}
	}
	for _, f := range r.pack.Facts {
		sortPositions(f.Positions)
		if f.Status == Disputed && len(f.Cites) == 0 {
			f.Cites = citesOf(f.Positions)
		}
	}
	factIDs := slices.Sorted(maps.Keys(r.facts))
	for _, p := range r.related {
		if _, ok := r.facts[p.id]; ok {
			p.fact.Related = append(p.fact.Related, p.id)
		} else if r.factsWhole {
			p.at.Errorf("there is no fact %s in this pack%s", strictyaml.Quote(p.id), p.at.DidYouMean(p.id, factIDs))
		}
	}
}

// sortPositions puts positions into the order of who held them first. Those of which
// that is not known keep their places.
func sortPositions(positions []Position) {
	var places []int
	var dated []Position
	for i, p := range positions {
		if _, known := p.held(); known {
			places = append(places, i)
			dated = append(dated, p)
		}
	}
	slices.SortStableFunc(dated, func(a, b Position) int {
		first, _ := a.held()
		second, _ := b.held()
		return cmp.Compare(first, second)
	})
	for i, at := range places {
		positions[at] = dated[i]
	}
}

// held returns the day since which a position has been held, as edtf counts days: that
// of its own date, or else of the first appearance of what it cites. The year of a
// later edition says nothing.
func (p Position) held() (day int, known bool) {
	if first, _, ok := p.Date.Days(); ok {
		return first, true
	}
	for _, c := range p.Cites {
		if c.Source != nil {
			if first, _, ok := c.Source.Dates["original-date"].EDTF.Days(); ok {
				return first, true
			}
		}
	}
	return 0, false
}

// checkPhrasings reports phrasings that two facts share: such a question could
// find neither.
func (r *packReader) checkPhrasings() {
	type owner struct {
		fact *Fact
		q    Phrasing
	}
	seen := map[string]owner{}
	for _, f := range r.pack.Facts {
		for _, q := range f.Questions {
			key := q.Lang + "\x00" + QuestionKey(q.Text)
			first, dup := seen[key]
			if !dup {
				seen[key] = owner{f, q}
				continue
			}
			if first.fact == f {
				continue
			}
			r.rep.Add(Problem{File: q.Place.File, Line: q.Place.Line, Column: q.Place.Column, Path: "facts[" + f.ID + "].questions",
				Message: fmt.Sprintf("%s is also a question of %s (%s:%d); one question can find only one fact",
					strictyaml.Quote(q.Text), first.fact.ID, first.q.Place.File, first.q.Place.Line)})
		}
	}
}
