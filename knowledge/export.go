package knowledge

import (
	"encoding/json"
	"fmt"
	"footnote/knowledge/edtf"
	"regexp"
	"slices"
	"strings"
	"time"
)

// Exports of sources for reference managers: CSL-JSON, which loses nothing, and
// BibTeX and RIS, which carry what they have no field for in a note.

// CSLJSON returns the sources as a CSL-JSON list. Loading it again gives the
// same sources.
func CSLJSON(sources ...*Source) []byte {
	items := make([]map[string]any, len(sources))
	for i, s := range sources {
		items[i] = s.cslItem()
	}
	out, err := json.MarshalIndent(items, "", "  ")
	if err != nil {
		panic(err) // texts, lists and maps of them can always be written
	}
	return append(out, '\n')
}

func (s *Source) cslItem() map[string]any {
	item := map[string]any{"id": s.ID, "type": s.Type}
	for name, v := range s.Fields {
		item[name] = v
	}
	for role, names := range s.Names {
		list := make([]map[string]any, len(names))
		for i, n := range names {
			m := map[string]any{}
			for key, v := range map[string]string{"family": n.Family, "given": n.Given, "literal": n.Literal, "suffix": n.Suffix,
				"dropping-particle": n.DroppingPart, "non-dropping-particle": n.NonDroppingPart} {
				if v != "" {
					m[key] = v
				}
			}
			if n.CommaSuffix {
				m["comma-suffix"] = true
			}
			list[i] = m
		}
		item[role] = list
	}
	for name, d := range s.Dates {
		item[name] = cslDate(d)
	}
	custom := map[string]any{}
	for _, f := range s.Other {
		if key, ok := strings.CutPrefix(f.Name, "custom."); ok {
			custom[key] = f.Value
		} else {
			item[f.Name] = f.Value
		}
	}
	if len(custom) > 0 {
		item["custom"] = custom
	}
	return item
}

// cslDate writes date-parts, which every reader of CSL-JSON knows, where they
// can say it, and the text of the date where they cannot.
func cslDate(d SourceDate) map[string]any {
	if d.Literal != "" {
		return map[string]any{"literal": d.Literal}
	}
	from, to, err := d.EDTF.Ends()
	interval := strings.Contains(string(d.EDTF), "/")
	out := map[string]any{}
	parts := func(x edtf.End) []int {
		p := []int{x.Year}
		if x.Month > 0 {
			p = append(p, x.Month)
		}
		if x.Day > 0 {
			p = append(p, x.Day)
		}
		return p
	}
	list := [][]int{parts(from)}
	circa := from.Approximate
	if interval {
		list = append(list, parts(to))
		circa = circa || to.Approximate
	}
	out["date-parts"] = list
	if circa {
		out["circa"] = true
	}
	// Whatever date-parts cannot carry would come back as another date.
	var back []string
	for _, p := range list {
		var nums []string
		for _, n := range p {
			nums = append(nums, fmt.Sprint(n))
		}
		e := string(edtf.FromParts(nums...))
		if circa {
			e += "~"
		}
		back = append(back, e)
	}
	if err != nil || strings.Join(back, "/") != string(d.EDTF) {
		return map[string]any{"raw": string(d.EDTF)}
	}
	return out
}

var bibTypes = map[string]string{"book": "book", "collection": "book", "classic": "book", "chapter": "incollection", "entry-encyclopedia": "incollection",
	"entry-dictionary": "incollection", "entry": "incollection", "article-journal": "article", "article-magazine": "article", "article-newspaper": "article",
	"paper-conference": "inproceedings", "thesis": "phdthesis", "report": "techreport", "manuscript": "unpublished", "pamphlet": "booklet"}

var risTypes = map[string]string{"book": "BOOK", "collection": "BOOK", "classic": "CLSWK", "chapter": "CHAP", "entry-encyclopedia": "ENCYC",
	"entry-dictionary": "DICT", "entry": "ENCYC", "article-journal": "JOUR", "article-magazine": "MGZN", "article-newspaper": "NEWS",
	"paper-conference": "CPAPER", "thesis": "THES", "report": "RPRT", "manuscript": "UNPB", "webpage": "ELEC", "post": "ELEC", "post-weblog": "BLOG",
	"motion_picture": "MPCT", "map": "MAP", "legislation": "STAT", "bill": "BILL", "legal_case": "CASE", "personal_communication": "PCOMM",
	"broadcast": "VIDEO", "speech": "HEAR", "pamphlet": "PAMP", "song": "SOUND", "dataset": "DATA", "patent": "PAT"}

// BibTeX returns the sources as BibTeX entries in UTF-8.
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

var notInKey = regexp.MustCompile(`[^A-Za-z0-9:._/+-]+`)

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
	if d := s.Dates["issued"]; d != (SourceDate{}) {
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
	put("note", bibEscape(n.rest().String()))
	b.WriteString("\n}\n")
}

func bibName(n Name) string {
	if n.Literal != "" {
		return "{" + bibEscape(plainMarkup(n.Literal)) + "}"
	}
	family := particleJoin(n.NonDroppingPart, n.Family)
	parts := []string{bibEscape(family)}
	if n.Suffix != "" {
		parts = append(parts, bibEscape(n.Suffix))
	}
	if given := joinWords(n.Given, n.DroppingPart); given != "" {
		parts = append(parts, bibEscape(given))
	}
	return strings.Join(parts, ", ")
}

// bibTitle braces the words whose capitals a style must not take away.
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

var bibEscaper = strings.NewReplacer(`\`, `\textbackslash{}`, "{", `\{`, "}", `\}`, "&", `\&`, "%", `\%`, "$", `\$`, "#", `\#`, "_", `\_`,
	"~", `\textasciitilde{}`, "^", `\textasciicircum{}`)

func bibEscape(s string) string { return bibEscaper.Replace(oneLine(s)) }

func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

// RIS returns the sources as RIS records in UTF-8.
func RIS(sources ...*Source) string {
	var b strings.Builder
	for _, s := range sources {
		s.ris(&b)
	}
	return b.String()
}

func (s *Source) ris(b *strings.Builder) {
	n := newNote(s)
	put := func(tag, value string) {
		if value = oneLine(value); value != "" {
			fmt.Fprintf(b, "%s  - %s\r\n", tag, value)
		}
	}
	kind := risTypes[s.Type]
	if kind == "" {
		kind = "GEN"
	}
	put("TY", kind)
	put("ID", s.ID)
	editor := "ED"
	if slices.Contains([]string{"CHAP", "ENCYC", "DICT", "CPAPER"}, kind) {
		editor = "A2" // of the volume that a part stands in; there every program reads it
	}
	for _, r := range [][2]string{{"AU", "author"}, {editor, "editor"}, {"A4", "translator"}} {
		for _, x := range s.Names[r[1]] {
			v := x.Literal
			if v == "" {
				v = particleJoin(x.NonDroppingPart, x.Family)
				if given := joinWords(x.Given, x.DroppingPart); given != "" {
					v += ", " + given
				}
				if x.Suffix != "" {
					v += ", " + x.Suffix
				}
			}
			put(r[0], plainMarkup(v))
		}
		n.used[r[1]] = true
	}
	for _, f := range [][2]string{{"TI", "title"}, {"ST", "title-short"}, {"T2", "container-title"}, {"T3", "collection-title"}, {"VL", "volume"},
		{"IS", "issue"}, {"ET", "edition"}, {"PB", "publisher"}, {"CY", "publisher-place"}, {"M3", "genre"}, {"SN", "ISBN"}, {"SN", "ISSN"},
		{"LA", "language"}, {"AB", "abstract"}, {"AV", "archive_location"}, {"DB", "archive"}} {
		put(f[0], plainMarkup(n.raw(f[1])))
	}
	if doi := n.raw("DOI"); doi != "" {
		put("DO", strings.TrimPrefix(doiURL(doi), "https://doi.org/"))
	}
	put("UR", n.raw("URL"))
	if first, last, ok := strings.Cut(strings.ReplaceAll(dashes(n.raw("page")), "–", "-"), "-"); ok {
		put("SP", first)
		put("EP", last)
	} else {
		put("SP", first)
	}
	risDate(put, n, "issued", "DA")
	risDate(put, n, "accessed", "Y2")
	put("N1", n.rest().String())
	b.WriteString("ER  - \r\n")
}

// risDate writes YYYY/MM/DD/, with PY for the year of publication.
func risDate(put func(tag, value string), n *note, name, tag string) {
	d := n.s.Dates[name]
	from, _, err := d.EDTF.Ends()
	if err != nil || from.Open || from.Unknown || from.Uncertain || from.Approximate || strings.ContainsAny(string(d.EDTF), "/X") {
		return // stays among the rest, in words
	}
	n.used[name] = true
	month, day := "", ""
	if from.Month >= 1 && from.Month <= 12 {
		month = fmt.Sprintf("%02d", from.Month)
	}
	if from.Day > 0 {
		day = fmt.Sprintf("%02d", from.Day)
	}
	if name == "issued" {
		put("PY", fmt.Sprintf("%04d", from.Year))
	}
	put(tag, fmt.Sprintf("%04d/%s/%s/", from.Year, month, day))
}
