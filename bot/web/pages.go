package web

import (
	"encoding/json"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/rivo/uniseg"

	"footnote/knowledge"
	"footnote/knowledge/search"
)

// An indexPage is the first page.
type indexPage struct {
	page
	Packs    []packPart
	Topics   []groupLine
	More     bool // there are more topics than these
	Examples []link
	Changes  []changeLine
	Counts   counts
}

type counts struct{ Facts, Sources, Topics, People, Years int }

// A packPart is what is told of a pack.
type packPart struct {
	Title, Scope text
	ID, Version  string
	Licence      string
	LicenceURL   string
	Maintainers  []maintainer
	Facts        int
	Statuses     []statusLine
}

type maintainer struct{ Name, ORCID string }

// A statusLine is how many facts have a status, and what it means.
type statusLine struct {
	Status       knowledge.Status
	Name, Means  string
	Count, Share int // hundredths
}

// Bounds of the first page.
const (
	indexTopics   = 24
	indexExamples = 5
	indexChanges  = 4
)

func (s *Site) index(l *language) (File, error) {
	p := indexPage{page: s.page(l, "")}
	p.Title, p.Section, p.Feed = p.SiteTitle(), "index", true
	p.Counts = counts{len(s.facts), len(s.sources), len(s.topics.list), len(s.people.list), len(s.years.list)}
	p.Packs = p.packs()
	for i, x := range p.Packs {
		if p.About == "" {
			p.About = beginning(x.Scope.Text)
		}
		p.Packs[i].Scope.Text = beginning(x.Scope.Text)
	}
	for i, g := range bySize(s.topics.list) {
		if p.More = i == indexTopics; p.More {
			break
		}
		p.Topics = append(p.Topics, p.groupLine("topics", g))
	}
	for _, f := range s.examples() {
		p.Examples = append(p.Examples, p.to(f))
	}
	p.Changes = s.allChanges(p.page)
	p.Changes = p.Changes[:min(len(p.Changes), indexChanges)]
	p.Linked = p.linkedSite()
	return write("index", p)
}

// examples are some facts from different parts of the packs, the same every time, that show
// best what there is.
func (s *Site) examples() []*knowledge.Fact {
	facts := s.base.Facts()
	sourced := slices.DeleteFunc(slices.Clone(facts), func(f *knowledge.Fact) bool {
		return f.Status == knowledge.Retracted || f.Status == knowledge.CitationNeeded
	})
	if len(sourced) > 0 {
		facts = sourced
	}
	var all []*knowledge.Fact
	for i := range min(indexExamples, len(facts)) {
		all = append(all, facts[len(facts)*i/min(indexExamples, len(facts))])
	}
	return all
}

// maxLead is how many characters the first page tells of what a pack covers; the rest is on
// the page about it.
const maxLead = 280

// beginning is as many whole sentences of s as are a lead, and one in any case.
func beginning(s string) string {
	lead, rest, state := "", s, -1
	for rest != "" {
		var sentence string
		sentence, rest, state = uniseg.FirstSentenceInString(rest, state)
		if lead != "" && utf8.RuneCountInString(lead+sentence) > maxLead {
			break
		}
		lead += sentence
	}
	return strings.TrimSpace(lead)
}

// bySize are groups, those with most facts first, and where they have as many in their order.
func bySize(list []*group) []*group {
	list = slices.Clone(list)
	slices.SortStableFunc(list, func(a, b *group) int { return len(b.facts) - len(a.facts) })
	return list
}

// packs tells of each pack.
func (p page) packs() []packPart {
	var all []packPart
	for _, x := range p.site.base.Packs {
		part := packPart{Title: p.say(x, x.Title), Scope: p.say(x, x.ScopeNote), ID: x.ID, Version: x.Version, Licence: x.License, LicenceURL: licenceURL(x.License), Facts: len(x.Facts)}
		for _, name := range x.Maintainers {
			part.Maintainers = append(part.Maintainers, maintainer{name, x.ORCID[name]})
		}
		n := map[knowledge.Status]int{}
		for _, f := range x.Facts {
			n[f.Status]++
		}
		for _, status := range statuses {
			if n[status] > 0 {
				part.Statuses = append(part.Statuses, statusLine{status, p.T("status." + string(status)), p.T("web.means." + string(status)), n[status], (100*n[status] + len(x.Facts)/2) / len(x.Facts)})
			}
		}
		all = append(all, part)
	}
	return all
}

// statuses are the statuses in the order in which they are told of.
var statuses = []knowledge.Status{knowledge.Established, knowledge.Attributed, knowledge.Disputed, knowledge.CitationNeeded, knowledge.Retracted}

// licenceURL is where the text of a licence stands, of those of Creative Commons.
func licenceURL(name string) string {
	name = strings.ToLower(name)
	if name == "cc0-1.0" {
		return "https://creativecommons.org/publicdomain/zero/1.0/"
	}
	rest, ok := strings.CutPrefix(name, "cc-")
	i := strings.LastIndex(rest, "-")
	if !ok || i < 0 || strings.Trim(rest, "abcdny-0123456789.s") != "" {
		return ""
	}
	return "https://creativecommons.org/licenses/" + rest[:i] + "/" + rest[i+1:] + "/"
}

// An aboutPage tells of the packs, of the statuses and of what is kept of visitors.
type aboutPage struct {
	page
	Packs  []packPart
	URL    string
	Framed bool // the page to ask on may stand in a frame somewhere
}

func (s *Site) about(l *language) (File, error) {
	p := aboutPage{page: s.page(l, "about/"), URL: s.c.URL, Framed: s.c.framed && s.c.URL != ""}
	p.Title, p.Section, p.Packs = p.T("web.about"), "about", p.packs()
	return write("about", p)
}

// A correctionsPage lists what changed.
type correctionsPage struct {
	page
	Releases []releasePart
	Pager    pager
}

// A releasePart is a version with what it changed.
type releasePart struct {
	Pack, Version, When string
	Changes             []changeLine
}

// allChanges are the changes of all packs, of each pack the last first.
func (s *Site) allChanges(p page) []changeLine {
	var all []changeLine
	for _, x := range s.base.Packs {
		for _, r := range releases(x) {
			for _, c := range r.Changes {
				line := p.changeLine(x, revision{r.Version, r.Date, c})
				line.Fact = &link{Path: p.To(factPath(c.Fact)), Text: text{Text: c.Fact}}
				if f := s.byID[c.Fact]; f != nil {
					to := p.to(f)
					line.Fact.Text = to.Text
				}
				all = append(all, line)
			}
		}
	}
	return all
}

func (s *Site) corrections(l *language, n int) (File, error) {
	p := correctionsPage{page: s.page(l, numbered("corrections/", n))}
	p.Title, p.Section, p.Feed = p.T("web.corrections"), "corrections", true
	type line struct {
		of   string
		line changeLine
	}
	var all []line
	i := 0
	lines := s.allChanges(p.page)
	for _, x := range s.base.Packs {
		for _, r := range releases(x) {
			for range r.Changes {
				all = append(all, line{x.ID + " " + r.Version, lines[i]})
				i++
			}
		}
	}
	var shown []line
	p.Pager, shown = paged(p.page, "corrections/", all, n)
	for i, x := range shown {
		if i == 0 || shown[i-1].of != x.of {
			id, _, _ := strings.Cut(x.of, " ")
			p.Releases = append(p.Releases, releasePart{Pack: id, Version: x.line.Version, When: x.line.When})
		}
		r := &p.Releases[len(p.Releases)-1]
		r.Changes = append(r.Changes, x.line)
	}
	return write("corrections", p)
}

// A searchPage is where words are looked for. Without a script, and without a server, it
// leads to the lists.
type searchPage struct {
	page
	Query   string
	Asked   bool // there was something to look for
	Hits    []link
	Letters []pageLink
	Topics  []groupLine
	Index   string // the file that a script looks in
}

// maxHits is how many facts a search shows.
const maxHits = 50

func (s *Site) search(l *language, query string, find func(string) []*knowledge.Fact) (File, error) {
	p := searchPage{page: s.page(l, "search/"), Query: query}
	p.Title, p.Section, p.Hidden = p.T("web.search"), "search", query != ""
	p.Letters, p.Index = p.letters(), p.Root+s.indexOf(l)
	for _, g := range s.topics.list[:min(len(s.topics.list), perPage)] {
		p.Topics = append(p.Topics, p.groupLine("topics", g))
	}
	if p.Asked = query != "" && find != nil; p.Asked {
		for _, f := range find(query) {
			p.Hits = append(p.Hits, p.to(f))
		}
		p.Hits = p.Hits[:min(len(p.Hits), maxHits)]
	}
	return write("search", p)
}

// indexOf is the path of the file that a script searches, in the best language that there is.
func (s *Site) indexOf(l *language) string {
	if l.own {
		return l.prefix + "search.json"
	}
	return "search.json"
}

// Bounds of the file that a script searches: it is read whole.
const (
	fullIndex   = 3000 // facts up to which more than their questions are in it
	indexedWord = 24   // words of a fact beside its question
)

// searchIndex is the file that a script searches: for each fact its id, its question, a mark
// for its status where that is not established, and other words to find it by.
func (s *Site) searchIndex(l *language) (File, error) {
	all := make([][]string, 0, len(s.facts))
	for _, f := range s.facts {
		q := canonical(f, l)
		entry := []string{f.ID, q}
		status, words := "", ""
		if f.Status != knowledge.Established {
			status = l.words.Text("status." + string(f.Status))
		}
		if len(s.facts) <= fullIndex {
			words = otherWords(f, q)
		}
		if words != "" || status != "" {
			entry = append(entry, status)
		}
		if words != "" {
			entry = append(entry, words)
		}
		all = append(all, entry)
	}
	body, err := json.Marshal(all)
	return File{Type: typeJSON, Body: body}, err
}

// otherWords are words of a fact's other questions and names that are not in q.
func otherWords(f *knowledge.Fact, q string) string {
	seen := map[string]bool{}
	for _, w := range search.Words(q, search.MaxWords*2) {
		seen[w] = true
	}
	var words []string
	texts := append(append(slices.Clone(f.Topics), f.Names()...), f.Keywords...)
	for _, x := range f.Questions {
		texts = append(texts, x.Text)
	}
	for _, t := range texts {
		for _, w := range search.Words(t, search.MaxWords*2) {
			if !seen[w] && len(words) < indexedWord {
				seen[w] = true
				words = append(words, w)
			}
		}
	}
	return strings.Join(words, " ")
}

// A lostPage is shown in place of what is not there.
type lostPage struct {
	page
	Facts []link // that may have been meant
}

// lost makes the page for what is not there. It may be shown at any path, so its links start
// from root.
func (s *Site) lost(l *language, root string, near ...*knowledge.Fact) (File, error) {
	p := lostPage{page: s.page(l, "404.html")}
	p.Title, p.Hidden, p.Lost, p.Root = p.T("web.lost"), true, true, root
	for _, f := range near {
		p.Facts = append(p.Facts, p.to(f))
	}
	return write("lost", p)
}
