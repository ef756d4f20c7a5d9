package web

import (
	"cmp"
	"slices"
	"strings"

	"footnote/bot/lang"
	"footnote/knowledge"
	"footnote/knowledge/edtf"
)

// A factPage is the page of a fact.
type factPage struct {
	page
	Fact      *knowledge.Fact
	Question  text
	Status    string // in words
	Because   string // what the status rests on
	Answer    text
	Detail    text
	Marks     []int // the numbers of the notes of the answer
	Positions []position
	Dates     []datedLine
	Pictures  []picture
	Notes     []note
	Topics    []link
	People    []link
	Related   []link
	Reviewed  string
	Version   string
	Changes   []changeLine
	Citation  citation
	Foreign   string // says in what language the texts are, where that is not the page's
}

// A position is one side of a dispute.
type position struct {
	Holder string
	When   string
	Claim  text
	Marks  []int
}

// A datedLine is a date of a fact.
type datedLine struct {
	When  string
	Label text
	Year  string // the path of the page of its year
}

// A note is a citation below a fact.
type note struct {
	Number   int
	Once     bool // it is referred to from the text above
	Spans    []span
	Quote    text
	Meaning  string // the quotation in the pack's language
	Source   string // the path of the source's page
	Address  string // of the source, where the note does not show it
	Archived string
	COinS    string
	ID       string // of the source in unAPI
}

// fact makes the page of a fact; version is the one that was asked for, empty for the one
// that there is.
func (s *Site) fact(l *language, f *knowledge.Fact, version string) (File, error) {
	id := f.ID
	if f.Pack != nil && version == f.Pack.Version {
		version = "" // the same page, at another address
	}
	if version != "" {
		id += "@" + version
	}
	p := factPage{page: s.page(l, factPath(id)), Fact: f}
	q := question(f, l)
	p.Question = p.text(q.Text, q.Lang)
	p.Answer, p.Detail = p.say(f.Pack, f.Answer), p.say(f.Pack, f.Detail)
	p.Title, p.About, p.IsFact, p.Feed = q.Text, p.status(f)+". "+p.Answer.Text, true, true
	p.Status, p.Because = p.T("status."+string(f.Status)), p.because(f)
	p.cited(f)
	for _, d := range f.Dates {
		line := datedLine{When: p.date(d.EDTF, d.Julian), Label: p.say(f.Pack, d.Label)}
		if first, last, ok := d.EDTF.Years(); ok {
			line.Year = p.To("years/" + yearSlug(yearsFrom(first, last)[0]) + "/")
		}
		p.Dates = append(p.Dates, line)
	}
	p.Topics, p.People = p.named(s.topics, "topics", f.Topics), p.named(s.people, "people", f.People)
	for _, r := range s.related[f] {
		p.Related = append(p.Related, p.to(r))
	}
	p.Pictures = p.pictures(f)
	if f.Reviewed != "" {
		p.Reviewed = f.Reviewed.In(p.Lang())
	}
	if f.Pack != nil {
		p.Version = f.Pack.Version
		p.Changes = p.changes(f.Pack, revisions(f.Pack, f.ID))
	}
	p.Citation = s.citationOf(f, q)
	p.Foreign = p.foreign(f)
	p.Linked = p.linked()
	if version != "" {
		p.Same, p.Hidden = factPath(f.ID), true
		p.Strip = p.earlier(version)
	}
	return write("fact", p)
}

// status is the status of f in words, with whose claim it is.
func (p page) status(f *knowledge.Fact) string {
	s := p.T("status." + string(f.Status))
	if f.AccordingTo != "" {
		s += " · " + f.AccordingTo
	}
	return s
}

// because is what the status of f rests on, where that is a person or nothing.
func (p page) because(f *knowledge.Fact) string {
	switch {
	case f.AccordingTo != "":
		return f.AccordingTo
	case f.Status == knowledge.CitationNeeded && len(f.AllCites()) > 0:
		return p.T("status.citation-needed.cited")
	}
	return p.T("status." + string(f.Status) + ".note")
}

// cited writes out the notes and where they belong.
func (p *factPage) cited(f *knowledge.Fact) {
	at := map[knowledge.Cite]int{}
	once := map[int]bool{}
	all := f.AllCites()
	for i, c := range all {
		at[c] = i + 1
	}
	marks := func(cites []knowledge.Cite) []int {
		var out []int
		for _, c := range cites {
			if n := at[c]; !slices.Contains(out, n) {
				out, once[n] = append(out, n), true
			}
		}
		return out
	}
	p.Marks = marks(f.OwnCites())
	for _, x := range f.Positions {
		pos := position{Holder: x.Holder, Claim: p.say(f.Pack, x.Claim), Marks: marks(x.Cites)}
		if x.Date != "" {
			pos.When = x.Date.In(p.Lang())
		}
		p.Positions = append(p.Positions, pos)
	}
	for i, c := range all {
		n := p.note(f.Pack, c)
		n.Number, n.Once = i+1, once[i+1]
		p.Notes = append(p.Notes, n)
	}
}

// note writes out one citation.
func (p page) note(of *knowledge.Pack, c knowledge.Cite) note {
	written := c.Citation()
	n := note{Meaning: written.Translation}
	if c.Quote != "" {
		tag := c.QuoteLang
		if tag == "" && of != nil && len(of.Languages) > 0 {
			tag = of.Languages[0]
		}
		n.Quote = p.text(c.Quote, tag)
	}
	if c.Source == nil {
		return n
	}
	links := p.site.addresses(c.Source)
	n.Spans = spans(written.Full, links...)
	n.COinS = c.Source.OpenURL(c.Locator)
	if x := p.site.sourceOf[c.Source]; x != nil {
		n.Source, n.ID = p.To("sources/"+x.slug+"/"), x.slug
	}
	shown := func(u string) bool {
		return slices.ContainsFunc(n.Spans, func(s span) bool { return s.URL == u })
	}
	if u := written.URL; u != "" && !shown(u) {
		n.Address = u
	}
	if u := c.Source.Archived(); u != "" && !shown(u) {
		n.Archived = u
	}
	return n
}

// named are the pages of names that a fact has.
func (p page) named(g *groups, under string, names []string) []link {
	var all []link
	for _, name := range names {
		if x := g.byName[name]; x != nil {
			all = append(all, link{Path: p.To(under + "/" + x.slug + "/"), Text: text{Text: name}})
		}
	}
	return all
}

// foreign says in what language the texts of f are, if they are in none of the page's.
func (p page) foreign(f *knowledge.Fact) string {
	t := p.say(f.Pack, f.Answer)
	if t.Lang == "" || p.l.own {
		return ""
	}
	return p.inLanguage(t.Lang)
}

// inLanguage says that the collection is in a language.
func (p page) inLanguage(tag string) string {
	key := "foreign." + lang.Base(tag)
	if !p.l.words.Has(key) {
		key = "foreign.other"
	}
	return p.T(key)
}

// A changeLine is what a version changed.
type changeLine struct {
	Version string
	When    string
	Kind    string // in words
	Note    text
	Fact    *link // where it is not clear which
}

// changes writes revisions out.
func (p page) changes(of *knowledge.Pack, all []revision) []changeLine {
	var out []changeLine
	for _, r := range all {
		out = append(out, p.changeLine(of, r))
	}
	return out
}

func (p page) changeLine(of *knowledge.Pack, r revision) changeLine {
	c := changeLine{Version: r.version, Kind: p.T("corrections." + string(r.change.Kind)), Note: p.say(of, r.change.Note)}
	if r.date != edtf.Date("") {
		c.When = r.date.In(p.Lang())
	}
	return c
}

// An earlierNote stands above the page of a version that is not the last.
type earlierNote struct {
	Version, Now string
	Changes      []changeLine
	Same         bool // it says what that version said
	Then         *thenPart
}

// A thenPart is what a version said.
type thenPart struct {
	Status string
	Answer text
	Detail text
	Sides  []position
	Cites  []knowledge.StatedCite
}

// earlier tells what a version said that is not the last, as far as it is known.
func (p *factPage) earlier(version string) *earlierNote {
	f, s := p.Fact, p.site
	e := &earlierNote{Version: version, Now: p.Version, Changes: p.changes(f.Pack, s.since(f.Pack, f.ID, version))}
	if x, ok := s.said(f.ID, version); ok {
		if e.Same = x.Hash == f.Hash(); !e.Same {
			e.Then = p.then(f.Pack, x)
		}
	}
	return e
}

// then writes out what was recorded.
func (p page) then(of *knowledge.Pack, x knowledge.Statement) *thenPart {
	t := &thenPart{Status: p.T("status." + string(x.Status)), Answer: p.say(of, x.Answer), Detail: p.say(of, x.Detail), Cites: x.Cites}
	if x.AccordingTo != "" {
		t.Status += " · " + x.AccordingTo
	}
	for _, y := range x.Positions {
		t.Sides = append(t.Sides, position{Holder: y.Holder, Claim: p.say(of, y.Claim)})
	}
	return t
}

// A gonePage is that of a fact that no pack has any more.
type gonePage struct {
	page
	ID      string
	Version string
	Changes []changeLine
	Then    *thenPart
}

func (s *Site) goneFact(l *language, g *goneFact, version string) (File, error) {
	id := g.id
	if version != "" {
		id += "@" + version
	}
	p := gonePage{page: s.page(l, factPath(id)), ID: g.id}
	p.Title, p.About, p.Hidden, p.Feed = g.id, p.T("web.gone"), true, true
	p.Changes = p.changes(g.pack, revisions(g.pack, g.id))
	if x, ok := s.said(g.id, cmp.Or(version, g.pack.Version)); ok || version == "" {
		if !ok && len(s.recorded[g.id]) > 0 { // the last thing that it said
			for _, y := range s.recorded[g.id] {
				if !y.Gone {
					x, ok = y, true
				}
			}
		}
		if ok {
			p.Version, p.Then = x.Version, p.then(g.pack, x)
		}
	}
	return write("gone", p)
}

// PermalinkPath is the path of the page as the version of the pack that there is has it.
func (p factPage) PermalinkPath() string { return strings.TrimPrefix(Permalink("", p.Fact), "/") }
