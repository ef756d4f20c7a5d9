package web

import (
	"footnote/knowledge"
	"footnote/knowledge/csl"
)

// A citation is how something is cited: for people and for their programs.
type citation struct {
	Note, Entry      []span
	BibTeX, RIS, CSL string
}

// citationOf is how the page of a fact is cited, as the version of the pack that there is
// has it: by the permalink, which lasts.
func (s *Site) citationOf(f *knowledge.Fact, q knowledge.Phrasing) citation {
	x := &csl.Source{ID: f.ID, Type: "webpage", Fields: map[string]string{"title": q.Text}, Dates: map[string]csl.Date{}, Names: map[string][]csl.Name{}}
	if q.Lang != "" {
		x.Fields["language"] = q.Lang
	}
	if p := f.Pack; p != nil {
		x.ID = p.ID + ":" + f.ID
		x.Fields["container-title"] = p.Title.In(q.Lang, p.Languages[0])
		x.Fields["version"] = p.Version
		for _, name := range p.Maintainers {
			x.Names["author"] = append(x.Names["author"], csl.Name{Literal: name})
		}
		for _, r := range releases(p) {
			if r.Version == p.Version && r.Date != "" {
				x.Dates["issued"] = csl.Date{EDTF: r.Date}
			}
		}
	}
	if s.c.URL != "" {
		x.Fields["URL"] = Permalink(s.c.URL, f)
	}
	return s.written(x, x.Fields["URL"])
}

// written is how a source is cited; links are the addresses in it that can be links.
func (s *Site) written(x *csl.Source, links ...string) citation {
	c := citation{BibTeX: csl.BibTeX(x), RIS: csl.RIS(x), CSL: string(csl.JSON(x))}
	c.Note, c.Entry = spans(x.Note(csl.Locator{}), links...), spans(x.Entry(), links...)
	return c
}
