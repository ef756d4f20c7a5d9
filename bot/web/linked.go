package web

import (
	"footnote/knowledge"
	"footnote/knowledge/csl"
)

// This file tells machines what a page holds, as JSON-LD in the words of schema.org. A fact
// is a CreativeWork, and one that is somebody's claim a Claim. Nothing is a ClaimReview: that
// says how true somebody else's claim was found, and a pack rates no claims.

// A thing is something in JSON-LD.
type thing map[string]any

// put sets what is not empty.
func (t thing) put(key, value string) thing {
	if value != "" {
		t[key] = value
	}
	return t
}

func (p *factPage) linked() any {
	f := p.Fact
	x := thing{"@context": "https://schema.org", "@type": "CreativeWork", "identifier": f.ID, "name": p.Question.Text, "text": p.Answer.Text}
	x.put("url", p.Canonical()).put("inLanguage", tagOf(p.Answer, p.page)).put("version", p.Version)
	if p.Canonical() != "" {
		x["@id"] = p.Canonical()
	}
	switch f.Status {
	case knowledge.Attributed:
		x["@type"] = "Claim"
		x["author"] = thing{"name": f.AccordingTo}
	case knowledge.Retracted, knowledge.CitationNeeded:
		x["creativeWorkStatus"] = p.Status
	}
	if f.Reviewed != "" && f.Reviewed.Check() == nil {
		x["dateModified"] = string(f.Reviewed)
	}
	if of := f.Pack; of != nil {
		x["isPartOf"] = p.linkedPack(of)
		x.put("license", licenceURL(of.License))
	}
	var about []thing
	for _, name := range f.People {
		about = append(about, thing{"@type": "Person", "name": name})
	}
	if len(about) > 0 {
		x["about"] = about
	}
	var claims []thing
	for _, y := range p.Positions {
		claims = append(claims, thing{"@type": "Claim", "text": y.Claim.Text, "author": thing{"name": y.Holder}})
	}
	if len(claims) > 0 {
		x["hasPart"] = claims
	}
	var cited []thing
	for i, c := range f.AllCites() {
		if c.Source == nil {
			continue
		}
		work := linkedWork(c.Source)
		if c.Quote != "" {
			quotation := thing{"@type": "Quotation", "text": c.Quote, "isPartOf": work}
			cited = append(cited, quotation.put("inLanguage", tagOf(p.Notes[i].Quote, p.page)))
			continue
		}
		cited = append(cited, work)
	}
	if len(cited) > 0 {
		x["citation"] = cited
	}
	return x
}

// tagOf is the language of a text of a page.
func tagOf(t text, p page) string {
	if t.Lang != "" {
		return t.Lang
	}
	return p.Lang()
}

// linkedTypes are the types of schema.org of sources, of those that it has.
var linkedTypes = map[string]string{"book": "Book", "chapter": "Chapter", "article-journal": "ScholarlyArticle", "article-newspaper": "NewsArticle",
	"article-magazine": "Article", "webpage": "WebPage", "thesis": "Thesis", "report": "Report", "manuscript": "Manuscript", "map": "Map",
	"motion_picture": "Movie", "legislation": "Legislation", "post-weblog": "BlogPosting", "dataset": "Dataset"}

func linkedWork(s *csl.Source) thing {
	kind := linkedTypes[s.Type]
	if kind == "" {
		kind = "CreativeWork"
	}
	x := thing{"@type": kind}
	x.put("name", s.Title()).put("url", s.URL())
	var authors []thing
	for _, n := range s.Names["author"] {
		a := thing{"name": n.Full()}
		if n.Literal == "" {
			a["@type"] = "Person"
		}
		authors = append(authors, a)
	}
	if len(authors) > 0 {
		x["author"] = authors
	}
	if d := s.Dates["issued"].EDTF; d != "" {
		x["datePublished"] = string(d)
	}
	return x
}

func (p page) linkedPack(of *knowledge.Pack) thing {
	x := thing{"@type": "Dataset", "identifier": of.ID, "name": p.say(of, of.Title).Text, "version": of.Version}
	if u := p.site.address(""); u != "" {
		x["url"] = u
	}
	return x.put("license", licenceURL(of.License))
}

// linkedSource tells of a source's page.
func (p *sourceView) linkedSource(x *sourcePage) any {
	w := linkedWork(x.Source)
	w["@context"] = "https://schema.org"
	return w
}

// linkedSite tells of the first page.
func (p *indexPage) linkedSite() any {
	site := thing{"@context": "https://schema.org", "@type": "WebSite", "name": p.SiteTitle()}
	site.put("url", p.site.address(""))
	var packs []thing
	for _, x := range p.site.base.Packs {
		d := p.linkedPack(x)
		d.put("description", p.say(x, x.ScopeNote).Text)
		var by []thing
		for _, name := range x.Maintainers {
			m := thing{"name": name}
			if id := x.ORCID[name]; id != "" {
				m["@type"], m["@id"] = "Person", "https://orcid.org/"+id
			}
			by = append(by, m)
		}
		if len(by) > 0 {
			d["maintainer"] = by
		}
		packs = append(packs, d)
	}
	site["hasPart"] = packs
	return site
}
