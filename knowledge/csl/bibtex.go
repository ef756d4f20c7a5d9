package csl

import (
	"fmt"
	"regexp"
	"strings"
	"time"
)

// bibTypes are the types of entries; what is missing is misc.
var bibTypes = map[string]string{"book": "book", "collection": "book", "classic": "book", "chapter": "incollection", "entry-encyclopedia": "incollection",
	"entry-dictionary": "incollection", "entry": "incollection", "article-journal": "article", "article-magazine": "article", "article-newspaper": "article",
	"paper-conference": "inproceedings", "thesis": "phdthesis", "report": "techreport", "manuscript": "unpublished", "pamphlet": "booklet"}

// BibTeX returns the sources as BibTeX entries in UTF-8. What BibTeX has no field
// for stands in a note.
func BibTeX(sources ...*Source) string {
	var b strings.Builder
	for i, s := range sources {
		if i > 0 {
			b.WriteByte('\n')
		}
		s.bibTeX(&b)
	}
	return b.String()
}

// notInKey are the characters that some program cannot read in a key.
var notInKey = regexp.MustCompile(`[^A-Za-z0-9:._/+-]+`)

// bibTeX writes one entry.
func (s *Source) bibTeX(b *strings.Builder) {
	kind := bibTypes[s.Type]
	if kind == "" {
		kind = "misc"
	}
	if s.Type == "thesis" && strings.Contains(strings.ToLower(s.Fields["genre"]), "master") {
		kind = "mastersthesis"
	}
	key := strings.Trim(notInKey.ReplaceAllString(s.ID, "-"), "-")
	if key == "" {
		key = "source"
	}
	fmt.Fprintf(b, "@%s{%s", kind, key)
	n := newNote(s)
	put := func(field, value string) {
		if value != "" {
			fmt.Fprintf(b, ",\n  %s = {%s}", field, value)
		}
	}
	names := func(field, role string) {
		var list []string
		for _, x := range s.Names[role] {
			list = append(list, bibName(x))
		}
		n.used[role] = true
		put(field, strings.Join(list, " and "))
	}
	names("author", "author")
	names("editor", "editor")
	names("translator", "translator")
	put("title", bibTitle(n.raw("title")))
	container := map[string]string{"article": "journal", "incollection": "booktitle", "inproceedings": "booktitle"}[kind]
	if container == "" {
		container = "howpublished"
	}
	publisher := map[string]string{"phdthesis": "school", "mastersthesis": "school", "techreport": "institution", "booklet": "howpublished"}[kind]
	if publisher == "" {
		publisher = "publisher"
	}
	number := "issue"
	if s.Fields["issue"] == "" {
		number = "number"
	}
	for _, f := range [][2]string{{container, "container-title"}, {"volume", "volume"}, {"number", number}, {"pages", "page"}, {"edition", "edition"},
		{"series", "collection-title"}, {publisher, "publisher"}, {"address", "publisher-place"}, {"type", "genre"}, {"isbn", "ISBN"}, {"issn", "ISSN"},
		{"doi", "DOI"}, {"url", "URL"}, {"langid", "language"}} {
		v := n.raw(f[1])
		if f[0] == "pages" {
			v = strings.ReplaceAll(dashes(v), "–", "--")
		}
		if f[1] == "DOI" && v != "" {
			v = strings.TrimPrefix(doiURL(v), "https://doi.org/")
		}
		put(f[0], bibEscape(plainMarkup(v)))
	}
	if d := s.Dates["issued"]; d != (Date{}) {
		n.used["issued"] = true
		from, _, err := d.EDTF.Ends()
		switch {
		case err != nil:
			put("year", bibEscape(d.Literal))
		default:
			put("year", chicagoDate(d.EDTF, true))
			if from.Month >= 1 && from.Month <= 12 {
				put("month", strings.ToLower(time.Month(from.Month).String()[:3]))
			}
			put("date", string(d.EDTF)) // biblatex reads EDTF
		}
	}
	put("abstract", bibEscape(plainMarkup(n.raw("abstract"))))
	put("keywords", bibEscape(plainMarkup(n.raw("keyword"))))
	put("note", bibEscape(n.unplaced(false).String()))
	b.WriteString("\n}\n")
}

// bibName writes a name, family name first.
func bibName(n Name) string {
	if n.Literal != "" {
		return "{" + bibEscape(plainMarkup(n.Literal)) + "}"
	}
	family := particleJoin(n.NonDroppingParticle, n.Family)
	parts := []string{bibEscape(family)}
	if n.Suffix != "" {
		parts = append(parts, bibEscape(n.Suffix))
	}
	if given := joinWords(n.Given, n.DroppingParticle); given != "" {
		parts = append(parts, bibEscape(given))
	}
	return strings.Join(parts, ", ")
}

// bibTitle writes a title, with braces around the words whose capitals a style
// must not take away.
func bibTitle(s string) string {
	words := strings.Split(plainMarkup(s), " ")
	for i, w := range words {
		e := bibEscape(w)
		if i > 0 && strings.ToLower(w) != w {
			e = "{" + e + "}"
		}
		words[i] = e
	}
	return strings.Join(words, " ")
}

// bibEscaper writes what is special to TeX. BibTeX counts braces whatever stands before
// them, so a brace of the text, which need not have a partner, is written as a word.
var bibEscaper = strings.NewReplacer(`\`, `\textbackslash{}`, "{", `\textbraceleft{}`, "}", `\textbraceright{}`, "&", `\&`, "%", `\%`, "$", `\$`, "#", `\#`, "_", `\_`,
	"~", `\textasciitilde{}`, "^", `\textasciicircum{}`)

func bibEscape(s string) string { return bibEscaper.Replace(oneLine(s)) }

func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }
