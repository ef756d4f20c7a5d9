package knowledge

import (
	"regexp"
	"strings"
)

// A Citation is one Cite of a fact, written out.
type Citation struct {
	Source  string // the source's id
	Short   Runs   // for the reply: a shortened note with its locator, ending in a full stop
	Full    Runs   // for /source: a full note in Chicago style with its locator, then every field that it has no place for
	Locator string // e.g. "note 27–28", "12–15"; empty for the whole source
	Quote   string // the cite's short quote, or empty
	URL     string // https only; empty if the source has none

	Translation string // of Quote, with the translator if the pack names one; or empty
}

// A Run is a piece of text in one style.
type Run struct {
	Text   string
	Italic bool
}

// Runs is a text in styled pieces, free of any platform's markup.
type Runs []Run

// String returns the text without its styles.
func (r Runs) String() string {
	var b strings.Builder
	for _, x := range r {
		b.WriteString(x.Text)
	}
	return b.String()
}

// Citation writes c out. The terms of a citation ("ed.", "trans.", "accessed")
// are English for now whatever lang is; lang is part of the contract so that
// callers need not change.
func (c Cite) Citation(lang string) Citation {
	out := Citation{Locator: c.Locator.String(), Quote: c.Quote, Translation: c.Translation}
	if c.Translation != "" && c.TranslatedBy != "" {
		out.Translation += " (trans. " + c.TranslatedBy + ")"
	}
	if c.Source == nil {
		return out
	}
	out.Source = c.Source.ID
	out.URL = c.Source.URL()
	out.Short = newNote(c.Source).short(c.Locator).runs()
	n := newNote(c.Source)
	full := n.full(c.Locator)
	out.Full = join(" ", full, n.rest()).runs()
	if len(out.Short) == 0 {
		out.Short = Runs{{Text: c.Source.ID + "."}}
	}
	if len(out.Full) == 0 {
		out.Full = Runs{{Text: c.Source.ID + "."}}
	}
	return out
}

// Citations writes out all cites of f, in their order.
func (f *Fact) Citations(lang string) []Citation {
	out := make([]Citation, len(f.Cites))
	for i, c := range f.Cites {
		out[i] = c.Citation(lang)
	}
	return out
}

// Citation writes the source as a whole, without a locator.
func (s *Source) Citation(lang string) Citation { return Cite{Source: s}.Citation(lang) }

// locatorLabels are Chicago's abbreviations; what is missing is written out.
var locatorLabels = map[string][2]string{ // for one, for several
	"page": {"", ""}, "chapter": {"chap.", "chaps."}, "column": {"col.", "cols."}, "folio": {"fol.", "fols."},
	"line": {"line", "lines"}, "note": {"note", "note"}, "paragraph": {"para.", "paras."}, "part": {"pt.", "pts."},
	"section": {"sec.", "secs."}, "sub-verbo": {"s.v.", "s.vv."}, "table": {"table", "tables"}, "verse": {"v.", "vv."},
	"volume": {"vol.", "vols."}, "book": {"bk.", "bks."}, "figure": {"fig.", "figs."}, "issue": {"no.", "nos."},
	"opus": {"op.", "opp."}, "article-locator": {"art.", "arts."}, "timestamp": {"", ""}, "appendix": {"app.", "apps."},
	"title-locator": {"title", "titles"}, "supplement": {"suppl.", "suppls."},
}

func (l Locator) isPage() bool { return l.Label == "" || l.Label == "page" }

// String is the locator as a note has it: "12–15", "chap. 3", "note 27–28".
func (l Locator) String() string {
	v := strings.TrimSpace(l.Value)
	if v == "" {
		return ""
	}
	if l.isPage() {
		return pageRange(v)
	}
	v = dashes(v)
	if l.Label == "sub-verbo" {
		v = markup(v).quoted().String()
	}
	label, ok := locatorLabels[l.Label]
	if !ok {
		return l.Label + " " + v
	}
	word := label[0]
	if strings.ContainsAny(v, "–,&") {
		word = label[1]
	}
	if word == "" {
		return v
	}
	return word + " " + v
}

var numberRange = regexp.MustCompile(`(^|[^0-9\pL-])([0-9]+) ?[-–—]{1,2} ?([0-9]+)($|[^0-9\pL-])`)

// dashes sets an en dash between numbers: 27-28 becomes 27–28.
func dashes(s string) string { return numberRange.ReplaceAllString(s, "$1$2–$3$4") }

// pageRange sets an en dash and shortens the second number as Chicago does
// (9.61): 3–10, 71–72, 100–104, 107–8, 321–28, 1087–89, 1496–500.
func pageRange(s string) string {
	return numberRange.ReplaceAllStringFunc(s, func(m string) string {
		p := numberRange.FindStringSubmatch(m)
		return p[1] + p[2] + "–" + shortenedEnd(p[2], expanded(p[2], p[3])) + p[4]
	})
}

// expanded undoes an abbreviation: 321 and 8 give 328.
func expanded(from, to string) string {
	if len(to) < len(from) {
		return from[:len(from)-len(to)] + to
	}
	return to
}

func shortenedEnd(from, to string) string {
	if len(from) != len(to) || len(from) < 3 || strings.HasSuffix(from, "00") || from >= to {
		return to
	}
	same := 0
	for from[same] == to[same] {
		same++
	}
	if from[len(from)-2] == '0' { // 107–8: only what changes
		return to[same:]
	}
	if len(from) == 4 && same <= 1 {
		// All four digits where three would change, as most editors do.
		return to
	}
	return to[min(same, len(to)-2):]
}
