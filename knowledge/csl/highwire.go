package csl

import (
	"strings"
)

// highwireTitles are the types of which the tags of Highwire Press can tell what they are,
// with the tag of what they stand in.
var highwireTitles = map[string]string{"article-journal": "citation_journal_title", "book": "", "chapter": "citation_inbook_title",
	"entry-encyclopedia": "citation_inbook_title", "entry-dictionary": "citation_inbook_title", "paper-conference": "citation_conference_title",
	"thesis": "", "report": ""}

// Highwire returns the source as the meta tags of Highwire Press ("citation_title" and so
// on), which search engines of scholars and reference managers read on the page of a
// source: nil for a source of another type, which they would take for an article.
func (s *Source) Highwire() []Field {
	container, ok := highwireTitles[s.Type]
	if !ok || s.Title() == "" {
		return nil
	}
	var all []Field
	put := func(name, value string) {
		if value = oneLine(value); value != "" && name != "" {
			all = append(all, Field{name, value})
		}
	}
	text := func(name, field string) { put(name, plainMarkup(s.Fields[field])) }
	put("citation_title", s.Title())
	for _, n := range s.Names["author"] {
		put("citation_author", plainMarkup(n.Sorted()))
	}
	for _, n := range s.Names["editor"] {
		put("citation_editor", plainMarkup(n.Sorted()))
	}
	if d := s.Dates["issued"]; d.Literal == "" {
		if from, _, err := d.EDTF.Ends(); err == nil && !from.Open && !from.Unknown && from.Year > 0 && !strings.Contains(from.Digits, "X") {
			first, _, _ := strings.Cut(string(d.EDTF), "/")
			if from.Month > 12 {
				first = from.YearIn("en")
			}
			put("citation_publication_date", strings.ReplaceAll(strings.TrimRight(first, "~?%"), "-", "/"))
		}
	}
	text(container, "container-title")
	text("citation_volume", "volume")
	text("citation_issue", "issue")
	first, last, _ := strings.Cut(strings.ReplaceAll(dashes(s.Fields["page"]), "–", "-"), "-")
	put("citation_firstpage", first)
	put("citation_lastpage", last)
	switch s.Type {
	case "thesis":
		text("citation_dissertation_institution", "publisher")
	case "report":
		text("citation_technical_report_institution", "publisher")
	default:
		text("citation_publisher", "publisher")
	}
	text("citation_isbn", "ISBN")
	text("citation_issn", "ISSN")
	if doi := s.Fields["DOI"]; doi != "" {
		put("citation_doi", strings.TrimPrefix(doiURL(doi), "https://doi.org/"))
	}
	text("citation_language", "language")
	return all
}
