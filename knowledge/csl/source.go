// Package csl holds the sources of a pack in the terms of the Citation Style
// Language (CSL 1.0.2), as Zotero and pandoc export them. It reads them, writes
// them as notes and as entries of a bibliography by the Chicago Manual of Style,
// and exports them for reference managers (BibTeX, RIS, CSL-JSON). It knows
// nothing of facts.
package csl

import (
	"net/url"
	"slices"
	"strings"

	"footnote/knowledge/edtf"
	"footnote/knowledge/strictyaml"
)

// A Source is one item of CSL. Every field is kept, and appears in the full note
// whether the style has a place for it or not.
type Source struct {
	ID     string
	Type   string // of CSL, e.g. "book", "entry-encyclopedia"
	Names  map[string][]Name
	Dates  map[string]Date
	Fields map[string]string // the other variables of CSL by their names there, as written
	Other  []Field           // what CSL does not know, in the order of the file
	Place  strictyaml.Place

	languages []string // of the pack, the main one first
}

// A Name is a person or body as CSL writes it.
type Name struct {
	Family, Given       string
	DroppingParticle    string // "de" in "Alexis de Tocqueville": left out of the short form
	NonDroppingParticle string // "van" in "Vincent van Gogh": stays before the family name
	Suffix              string // "Jr."
	CommaSuffix         bool   // a comma stands before the suffix
	Literal             string // a body, or a name that is not to be taken apart
}

// A Date is a date of a source. Exactly one of its fields is set.
type Date struct {
	EDTF    edtf.Date
	Literal string // what cannot be written as a date, e.g. "n.d." or "forthcoming"
}

// A Field is a named text of a source.
type Field struct{ Name, Value string }

// Title returns the title without its markup, or "".
func (s *Source) Title() string { return plainMarkup(s.Fields["title"]) }

// URL returns the address of the source if it can be a link: https and a host. It
// prefers the URL field to the DOI.
func (s *Source) URL() string {
	if u := s.Fields["URL"]; IsLink(u) {
		return u
	}
	if doi := s.Fields["DOI"]; doi != "" {
		if u := doiURL(doi); IsLink(u) {
			return u
		}
	}
	return ""
}

// address returns the address that a citation shows: that of the DOI, which lasts.
func (s *Source) address() string {
	if doi := s.Fields["DOI"]; doi != "" {
		return doiURL(doi)
	}
	return s.Fields["URL"]
}

// Authors returns the names of the people and bodies of the source, for
// searching, in the order of CSL's roles.
func (s *Source) Authors() []string {
	var out []string
	for _, role := range nameVariables {
		for _, n := range s.Names[role] {
			out = append(out, n.Full())
		}
	}
	return out
}

// IsReferenceWork reports whether the source is an entry of an encyclopedia or a
// dictionary, which restate what others found.
func (s *Source) IsReferenceWork() bool { return slices.Contains(referenceWorks, s.Type) }

// Archived returns the address of the archived copy of the source, if the source has one
// that can be a link: "archive-url" under custom.
func (s *Source) Archived() string {
	for _, f := range s.Other {
		if f.Name == "custom.archive-url" && IsLink(f.Value) {
			return f.Value
		}
	}
	return ""
}

// IsLink reports whether every platform may show s as a link without harm.
func IsLink(s string) bool {
	if strings.ContainsAny(s, " \t\r\n<>\"\\`") {
		return false
	}
	u, err := url.Parse(s)
	return err == nil && u.Scheme == "https" && u.Host != "" && u.User == nil
}

// doiURL returns the address that a DOI stands for, however the DOI is written.
func doiURL(doi string) string {
	doi = strings.TrimSpace(doi)
	for _, prefix := range []string{"https://doi.org/", "http://doi.org/", "https://dx.doi.org/", "http://dx.doi.org/", "doi:", "DOI:"} {
		doi = strings.TrimPrefix(doi, prefix)
	}
	return "https://doi.org/" + strings.TrimSpace(doi)
}

// Full returns the name in reading order: "Alexis de Tocqueville", "Martin Luther
// King Jr.".
func (n Name) Full() string {
	if n.Literal != "" {
		return n.Literal
	}
	if n.eastAsian() {
		return n.Family + n.Given
	}
	s := joinWords(n.Given, n.DroppingParticle, n.NonDroppingParticle)
	s = particleJoin(s, n.Family)
	switch {
	case n.Suffix == "":
	case n.CommaSuffix:
		s += ", " + n.Suffix
	default:
		s = joinWords(s, n.Suffix)
	}
	return s
}

// eastAsian reports whether the name is written in Chinese, Japanese or Korean, where
// the family name comes first and no space follows it.
func (n Name) eastAsian() bool {
	if n.Family == "" || n.Given == "" || n.DroppingParticle+n.NonDroppingParticle+n.Suffix != "" {
		return false
	}
	return eastAsianText(n.Family + n.Given)
}

// Short returns the name as a shortened note has it: the family name with the
// particle that belongs to it.
func (n Name) Short() string {
	switch {
	case n.Literal != "":
		return n.Literal
	case n.Family == "":
		return n.Given
	}
	return particleJoin(n.NonDroppingParticle, n.Family)
}

// particleJoin sets a particle before a family name: without a space after one
// such as "d’" or "al-".
func particleJoin(before, family string) string {
	if before == "" || family == "" {
		return before + family
	}
	for _, end := range []string{"’", "'", "-"} {
		if strings.HasSuffix(before, end) {
			return before + family
		}
	}
	return before + " " + family
}

// joinWords joins the words that are not empty.
func joinWords(words ...string) string {
	var out []string
	for _, w := range words {
		if w != "" {
			out = append(out, w)
		}
	}
	return strings.Join(out, " ")
}
