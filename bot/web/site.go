package web

import (
	"cmp"
	"net/url"
	"slices"
	"strings"

	"footnote/bot/lang"
	"footnote/knowledge"
	"footnote/knowledge/csl"
	"footnote/knowledge/search"
)

// Config says how the pages of a site are made. The zero value is a site that may stand
// anywhere, in the languages of its packs.
type Config struct {
	// URL is where the site is to be found, without a slash at its end. What needs an
	// address of its own, such as a sitemap and what link previews show, is left out
	// without it. Links between pages are relative in any case.
	URL string

	// Languages are more languages to have each page in, besides those of the packs, of
	// those that Words has.
	Languages []string

	Words lang.Set // lang.All if nil

	live   bool // it can be asked; only a Server sets it
	framed bool // it can be asked in a frame
}

// A Site is the pages of a base. It does not change after New, and is safe for concurrent
// use. Pages are made when they are asked for.
type Site struct {
	c         Config
	base      *knowledge.Base
	languages []*language // the first is at the root
	facts     []*knowledge.Fact
	byID      map[string]*knowledge.Fact
	related   map[*knowledge.Fact][]*knowledge.Fact
	gone      map[string]*goneFact             // facts that a history tells of and that no pack has any more
	versions  map[*knowledge.Pack][]string     // those that are known of, the last first
	recorded  map[string][]knowledge.Statement // what facts said, by their ids, the first version first

	sources  []*sourcePage // in the order of a bibliography
	sourceOf map[*csl.Source]*sourcePage
	bySlug   map[string]*sourcePage

	images map[string]knowledge.Image // the files of the packs, by their paths

	letters               []firstLetter // in the list of facts
	topics, people, years *groups
	timeline              []*knowledge.Fact // those with a date, the earliest first
}

// A language is one that pages are in.
type language struct {
	tag    string // of the pages; what their texts are looked for in first
	prefix string // of their paths: "" or "de/"
	words  *lang.Language
	own    bool // it is one of a pack's
}

// texts are the languages to give the texts of p in, best first.
func (l *language) texts(p *knowledge.Pack) []string {
	return slices.Concat([]string{l.tag, lang.Base(l.tag)}, p.Languages)
}

// New returns the site of a base. Each page is written when it is asked for.
func New(base *knowledge.Base, c Config) *Site {
	if c.Words == nil {
		c.Words = lang.All()
	}
	c.URL = strings.TrimRight(c.URL, "/")
	s := &Site{c: c, base: base, facts: base.Facts(), byID: map[string]*knowledge.Fact{}, related: map[*knowledge.Fact][]*knowledge.Fact{}}
	for _, f := range s.facts {
		s.byID[f.ID] = f
	}
	for _, f := range s.facts {
		for _, id := range f.Related {
			if r := s.byID[id]; r != nil && r != f && !slices.Contains(s.related[f], r) {
				s.related[f] = append(s.related[f], r)
			}
		}
	}
	s.languages = languagesOf(base, c)
	s.readHistory()
	s.gatherSources()
	s.gatherImages()
	s.topics = gather(s.facts, func(f *knowledge.Fact) []string { return f.Topics })
	s.people = gather(s.facts, func(f *knowledge.Fact) []string { return f.People })
	s.gatherYears()
	slices.SortStableFunc(s.facts, func(a, b *knowledge.Fact) int {
		return cmp.Or(strings.Compare(sortKey(canonical(a, s.languages[0])), sortKey(canonical(b, s.languages[0]))), strings.Compare(a.ID, b.ID))
	})
	s.findLetters()
	return s
}

// languagesOf are the languages of the pages: the first of the first pack at the root, then
// those of all packs, then the others that are wanted.
func languagesOf(base *knowledge.Base, c Config) []*language {
	var all []*language
	add := func(tag string, own bool) {
		if !slices.ContainsFunc(all, func(l *language) bool { return strings.EqualFold(l.tag, tag) }) {
			l := &language{tag: tag, words: c.Words.In(tag), own: own}
			if len(all) > 0 {
				l.prefix = strings.ToLower(tag) + "/"
			}
			all = append(all, l)
		}
	}
	for _, p := range base.Packs {
		for _, tag := range p.Languages {
			add(tag, true)
		}
	}
	if len(all) == 0 {
		add(lang.Default, true)
	}
	for _, tag := range c.Languages {
		if c.Words[tag] != nil && !slices.ContainsFunc(all, func(l *language) bool { return lang.Base(l.tag) == tag }) {
			add(tag, false)
		}
	}
	return all
}

// address is the whole address of a path, or "" if the site has none.
func (s *Site) address(path string) string {
	if s.c.URL == "" {
		return ""
	}
	return s.c.URL + "/" + escapePath(path)
}

// escapePath writes a path as it stands in an address.
func escapePath(path string) string { return (&url.URL{Path: path}).EscapedPath() }

// factPath is the path of a fact's page in the language at the root.
func factPath(id string) string { return "f/" + id + "/" }

// Permalink is the address of a fact's page as the version of its pack has it, which lasts
// whatever becomes of the fact, below the address of a site: "https://…/f/ID@VERSION/".
func Permalink(site string, f *knowledge.Fact) string {
	site = strings.TrimRight(site, "/")
	if f.Pack == nil || f.Pack.Version == "" {
		return site + "/" + factPath(f.ID)
	}
	return site + "/" + factPath(f.ID+"@"+f.Pack.Version)
}

// canonical is the question under which f is listed.
func canonical(f *knowledge.Fact, l *language) string { return question(f, l).Text }

// question is the same with its language.
func question(f *knowledge.Fact, l *language) knowledge.Phrasing {
	for _, tag := range l.texts(f.Pack) {
		for _, q := range f.Questions {
			if q.Lang == tag {
				return q
			}
		}
	}
	return f.Questions[0]
}

// sortKey is what people sort a text by: its words without case, accents and marks.
func sortKey(s string) string { return strings.Join(search.Words(s, search.MaxWords), " ") }
