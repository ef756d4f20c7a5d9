package csl

import (
	"regexp"
	"strings"
)

// A Locator is a place inside a source, for example {note, 27–28}. The zero
// Locator means the source as a whole.
type Locator struct {
	Label string // of LocatorLabels; empty means a page
	Value string
}

// locatorTerms are the abbreviations that Chicago has for labels; what has none is
// written out.
var locatorTerms = map[string][2]string{ // for one, for several
	"page": {"", ""}, "chapter": {"chap.", "chaps."}, "column": {"col.", "cols."}, "folio": {"fol.", "fols."},
	"line": {"line", "lines"}, "note": {"note", "note"}, "paragraph": {"para.", "paras."}, "part": {"pt.", "pts."},
	"section": {"sec.", "secs."}, "sub-verbo": {"s.v.", "s.vv."}, "table": {"table", "tables"}, "verse": {"v.", "vv."},
	"volume": {"vol.", "vols."}, "book": {"bk.", "bks."}, "figure": {"fig.", "figs."}, "issue": {"no.", "nos."},
	"opus": {"op.", "opp."}, "article-locator": {"art.", "arts."}, "timestamp": {"", ""}, "appendix": {"app.", "apps."},
	"title-locator": {"title", "titles"}, "supplement": {"suppl.", "suppls."}, "entry": {"entry for", "entries for"},
}

// isPage reports whether the locator names a page, which a note does not say.
func (l Locator) isPage() bool { return l.Label == "" || l.Label == "page" }

// String writes the locator as a note has it: "12–15", "chap. 3", "note 27–28".
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
	label, ok := locatorTerms[l.Label]
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

// dashes returns s with en dashes between numbers: 27-28 becomes 27–28.
func dashes(s string) string { return numberRange.ReplaceAllString(s, "$1$2–$3$4") }

// pageRange writes pages with en dashes, and shortens the second number as Chicago does
// (9.61): 3–10, 71–72, 100–104, 107–8, 321–28, 1087–89, 1496–500.
func pageRange(s string) string {
	return numberRange.ReplaceAllStringFunc(s, func(m string) string {
		p := numberRange.FindStringSubmatch(m)
		return p[1] + p[2] + "–" + shortenedEnd(p[2], expanded(p[2], p[3])) + p[4]
	})
}

// expanded returns the second number of a range in full: 321 and 8 give 328.
func expanded(from, to string) string {
	if len(to) < len(from) {
		return from[:len(from)-len(to)] + to
	}
	return to
}

// shortenedEnd returns the second number of a range as Chicago shortens it.
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
