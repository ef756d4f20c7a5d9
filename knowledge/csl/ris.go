package csl

import (
	"fmt"
	"slices"
	"strings"
)

// risTypes are the types of records; what is missing is GEN.
var risTypes = map[string]string{"book": "BOOK", "collection": "BOOK", "classic": "CLSWK", "chapter": "CHAP", "entry-encyclopedia": "ENCYC",
	"entry-dictionary": "DICT", "entry": "ENCYC", "article-journal": "JOUR", "article-magazine": "MGZN", "article-newspaper": "NEWS",
	"paper-conference": "CPAPER", "thesis": "THES", "report": "RPRT", "manuscript": "UNPB", "webpage": "ELEC", "post": "ELEC", "post-weblog": "BLOG",
	"motion_picture": "MPCT", "map": "MAP", "legislation": "STAT", "bill": "BILL", "legal_case": "CASE", "personal_communication": "PCOMM",
	"broadcast": "VIDEO", "speech": "HEAR", "pamphlet": "PAMP", "song": "SOUND", "dataset": "DATA", "patent": "PAT"}

// RIS returns the sources as RIS records in UTF-8. What RIS has no field for
// stands in a note.
func RIS(sources ...*Source) string {
	var b strings.Builder
	for _, s := range sources {
		s.ris(&b)
	}
	return b.String()
}

// ris writes one record.
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
				v = particleJoin(x.NonDroppingParticle, x.Family)
				if given := joinWords(x.Given, x.DroppingParticle); given != "" {
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
	for _, k := range strings.Split(n.raw("keyword"), ",") {
		put("KW", plainMarkup(k))
	}
	put("N1", n.unplaced(false).String())
	b.WriteString("ER  - \r\n")
}

// risDate writes YYYY/MM/DD/, with PY for the year of publication. RIS has neither
// intervals nor doubt: of those PY has the first year, and the rest tells the whole.
func risDate(put func(tag, value string), n *note, name, tag string) {
	d := n.s.Dates[name]
	from, to, err := d.EDTF.Ends()
	if from.Open || from.Unknown {
		from = to
	}
	if err != nil || strings.Contains(from.Digits, "X") {
		return // stays among the rest, in words
	}
	whole := !strings.Contains(string(d.EDTF), "/") && !from.Uncertain && !from.Approximate
	year := fmt.Sprintf("%04d", from.Year)
	if from.Year <= 0 {
		year = from.YearIn("en") // 44 BC: a number would be read as another year
	}
	if name == "issued" {
		put("PY", year)
	}
	switch {
	case !whole:
	case from.Year <= 0:
		n.used[name] = name == "issued" && from.Month == 0
	default:
		n.used[name] = true
		month, day := "", ""
		if from.Month >= 1 && from.Month <= 12 {
			month = fmt.Sprintf("%02d", from.Month)
		}
		if from.Day > 0 {
			day = fmt.Sprintf("%02d", from.Day)
		}
		put(tag, fmt.Sprintf("%s/%s/%s/", year, month, day))
	}
}
