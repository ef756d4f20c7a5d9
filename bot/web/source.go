package web

import (
	"slices"

	"footnote/knowledge"
	"footnote/knowledge/csl"
)

// A sourceView is the page of a source.
type sourceView struct {
	page
	Source   *sourcePage
	Name     string
	Entry    []span
	Address  string
	Archived string
	COinS    string
	Uses     []use
	Citation citation
	Pager    pager
}

// A use is a fact that stands on a source, with where in it.
type use struct {
	link
	Places []string
}

// source makes the page of a source.
func (s *Site) source(l *language, x *sourcePage, n int) (File, error) {
	p := sourceView{page: s.page(l, numbered("sources/"+x.slug+"/", n)), Source: x}
	p.Name = x.Title()
	if p.Name == "" {
		p.Name = x.Entry().String()
	}
	entry := x.Entry()
	p.Title, p.About, p.Section = p.Name, entry.String(), "sources"
	p.Entry = spans(entry, s.addresses(x.Source)...)
	shown := func(u string) bool { return slices.ContainsFunc(p.Entry, func(s span) bool { return s.URL == u }) }
	if u := x.URL(); u != "" && !shown(u) {
		p.Address = u
	}
	if u := x.Archived(); u != "" && !shown(u) {
		p.Archived = u
	}
	p.COinS, p.Tags = x.coins, x.Highwire()
	p.Citation = s.written(x.Source, s.addresses(x.Source)...)
	var facts []*knowledge.Fact
	p.Pager, facts = paged(p.page, "sources/"+x.slug+"/", x.facts, n)
	for _, f := range facts {
		u := use{link: p.to(f)}
		for _, c := range f.AllCites() {
			if s.sourceOf[c.Source] == x && c.Locator.String() != "" {
				u.Places = append(u.Places, c.Locator.String())
			}
		}
		p.Uses = append(p.Uses, u)
	}
	p.Linked = p.linkedSource(x)
	return write("source", p)
}

// A sourcesPage is a part of the bibliography.
type sourcesPage struct {
	page
	Works   []workLine
	Formats []link
	Pager   pager
}

// A workLine is an entry of the bibliography.
type workLine struct {
	Entry []span
	Path  string
	Facts int
	COinS string
	ID    string
}

func (s *Site) sourcesList(l *language, n int) (File, error) {
	p := sourcesPage{page: s.page(l, numbered("sources/", n))}
	p.Title, p.Section = p.T("web.sources"), "sources"
	var works []*sourcePage
	p.Pager, works = paged(p.page, "sources/", s.sources, n)
	for _, x := range works {
		p.Works = append(p.Works, workLine{spans(x.work.Entry, x.work.URL), p.To("sources/" + x.slug + "/"), len(x.facts), x.coins, x.slug})
	}
	for _, f := range sourceFormats {
		p.Formats = append(p.Formats, link{Path: p.Root + "sources" + f.suffix, Text: text{Text: f.name}})
	}
	return write("sources", p)
}

// sourceFormats are the files that all sources are in.
var sourceFormats = []struct {
	name, suffix, mime string
	write              func(...*csl.Source) string
}{
	{"BibTeX", ".bib", "application/x-bibtex; charset=utf-8", csl.BibTeX},
	{"RIS", ".ris", "application/x-research-info-systems; charset=utf-8", csl.RIS},
	{"CSL-JSON", ".json", "application/vnd.citationstyles.csl+json", func(all ...*csl.Source) string { return string(csl.JSON(all...)) }},
}

// Slug and Count are for templates.
func (x *sourcePage) Slug() string { return x.slug }

// Count is how many facts stand on the source.
func (x *sourcePage) Count() int { return len(x.facts) }
