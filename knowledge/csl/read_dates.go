package csl

import (
	"fmt"
	"strconv"
	"strings"

	"footnote/knowledge/edtf"
	"footnote/knowledge/strictyaml"
)

// This file reads dates in any of the forms that Zotero, Better BibTeX, Crossref
// and pandoc write: an EDTF text, {date-parts: [[1956, 2]]}, {year: 1956, month:
// 2}, a list of those, {literal: …} or {raw: …}. In the numbers of CSL the year
// before 1 is -1; in EDTF it is 0000. A year 0 stands for no date: Better BibTeX
// writes the open end of an interval so.

// date reads a date. What cannot be read as one is a warning and kept, as a text if
// it stands alone, and under "custom.issued-as-written" if a part of it can be read. A text
// such as "undated" is as good as a date; one of numbers alone is none that was meant so.
func (r *reader) date(n *strictyaml.Node, s *Source, key string) Date {
	d, odd := parseDate(n)
	if d.Literal != "" && strings.Trim(d.Literal, "0123456789-/. ") == "" {
		r.once(n, "date "+d.Literal, func() string {
			meant := ""
			if g := edtf.Guess(d.Literal); g != "" {
				meant = fmt.Sprintf("; did you mean %s?", g)
			}
			return fmt.Sprintf("%q is no date such as 1956, 1956-02 or 1956-02-25, and is shown as it stands%s", d.Literal, meant)
		})
	}
	if odd != "" {
		r.once(n, "date "+odd, func() string { return odd })
		var texts []string
		for _, f := range readOther(n, "") {
			texts = append(texts, f.Value)
		}
		if t := strings.Join(texts, "; "); t != "" && t != "0" {
			s.Other = append(s.Other, Field{"custom." + key + "-as-written", t})
		}
	}
	return d
}

// parseDate reads a date and says what is odd about it.
func parseDate(n *strictyaml.Node) (d Date, odd string) {
	switch {
	case n.IsText():
		return textDate(fieldText(n, maxDate)), ""
	case n.IsList():
		return listDate(n.List(""))
	case n.IsMap():
		return mapDate(n.ForeignMap(""))
	}
	return Date{}, "the date is empty; write for example 1956-02, or delete the key"
}

// listDate reads [{year: 1956}, {year: 1960}], the ends of an interval.
func listDate(list []*strictyaml.Node) (Date, string) {
	if len(list) == 1 {
		return parseDate(list[0])
	}
	ends := make([]string, len(list))
	for i, c := range list {
		switch {
		case c.IsMap():
			parts, circa := mapParts(c.ForeignMap(""))
			end, odd := endOf(parts)
			if odd != "" {
				return Date{}, odd
			}
			ends[i] = end + circa
		case c.IsText():
			ends[i] = fieldText(c, maxDate)
		}
	}
	return interval(ends)
}

// mapDate reads {year: 1956}, {date-parts: …}, {literal: …} and the like.
func mapDate(m *strictyaml.Map) (Date, string) {
	switch {
	case m.Get("edtf").IsText():
		return textDate(fieldText(m.Get("edtf"), maxDate)), ""
	case m.Get("date-parts").IsList():
		return partsDate(m)
	case m.Get("year") != nil:
		parts, circa := mapParts(m)
		return oneDate(parts, circa)
	case m.Get("literal").IsText():
		return textDate(fieldText(m.Get("literal"), maxDate)), ""
	case m.Get("raw").IsText():
		raw := fieldText(m.Get("raw"), maxDate)
		d := textDate(raw)
		if g := edtf.Guess(raw); d.EDTF == "" && g != "" {
			d = Date{EDTF: g}
		}
		return d, ""
	}
	return Date{}, "the date is empty; write for example 1956-02 or {date-parts: [[1956, 2]]}"
}

// mapParts returns the year, month and day of {year: 1956, month: 2}, or the year
// and the season.
func mapParts(m *strictyaml.Map) (parts []string, circa string) {
	for _, key := range []string{"year", "month", "day"} {
		parts = append(parts, fieldText(m.Get(key), maxDate))
	}
	if parts[1] == "" {
		parts[1] = season(fieldText(m.Get("season"), maxDate))
	}
	if truth(m.Get("circa")) {
		circa = "~"
	}
	return parts, circa
}

// partsDate reads {date-parts: [[1956, 2, 25], [1956, 3]]}.
func partsDate(m *strictyaml.Map) (Date, string) {
	circa := ""
	if truth(m.Get("circa")) {
		circa = "~"
	}
	list := m.Get("date-parts").List("")
	if len(list) > 0 && !list[0].IsList() { // one date without the outer list
		list = []*strictyaml.Node{m.Get("date-parts")}
	}
	var ends [][]string
	for _, part := range list {
		var parts []string
		if part.IsList() {
			for _, x := range part.List("") {
				parts = append(parts, fieldText(x, maxDate))
			}
		}
		ends = append(ends, parts)
	}
	if len(ends) == 1 {
		if len(ends[0]) == 1 {
			ends[0] = append(ends[0], season(fieldText(m.Get("season"), maxDate)))
		}
		return oneDate(ends[0], circa)
	}
	texts := make([]string, len(ends))
	for i, parts := range ends {
		end, odd := endOf(parts)
		if odd != "" {
			return Date{}, odd
		}
		if texts[i] = end; end != "" {
			texts[i] += circa
		}
	}
	return interval(texts)
}

// oneDate writes year, month and day as a date that stands alone.
func oneDate(parts []string, circa string) (Date, string) {
	if len(parts) > 0 && parts[0] != "" {
		if _, err := strconv.Atoi(parts[0]); err != nil { // "c. 1990", "MCMXII"
			return textDate(strings.Trim(strings.Join(parts, "-"), "-")), ""
		}
	}
	end, odd := endOf(parts)
	if odd != "" {
		// The year of "1951-31" is as good as it was.
		if year, bad := endOf(parts[:1]); bad == "" && year != "" {
			return Date{EDTF: edtf.Date(year + circa)}, odd + "; the year alone is used"
		}
		return Date{}, odd
	}
	if end == "" {
		if len(parts) > 0 && strings.Trim(parts[0], "0") == "" && parts[0] != "" {
			return Date{}, "a year 0 stands for no date in CSL; for 1 BC write -1 here, or the text 0000"
		}
		return Date{}, "the date is empty; write for example 1956-02, or delete the key"
	}
	return Date{EDTF: edtf.Date(end + circa)}, ""
}

// interval writes two ends, of which an empty one is open, as a date.
func interval(ends []string) (Date, string) {
	switch {
	case len(ends) == 0 || strings.Join(ends, "") == "":
		return Date{}, "the date is empty; fill it in or delete the key"
	case len(ends) > 2:
		return Date{EDTF: edtf.Date(ends[0])}, fmt.Sprintf("a date has one or two ends, and this has %d; the first is used", len(ends))
	}
	for i, e := range ends {
		if e == "" || e == "~" {
			ends[i] = ".."
		}
	}
	d := edtf.Date(ends[0] + "/" + ends[1])
	if err := d.Check(); err != nil {
		if first := edtf.Date(ends[0]); first.Check() == nil {
			return Date{EDTF: first}, err.Error() + "; its beginning alone is used"
		}
		return Date{}, err.Error()
	}
	return Date{EDTF: d}, ""
}

// endOf writes year, month and day as CSL counts them in EDTF. It is "" for a year 0,
// which stands for nothing.
func endOf(parts []string) (end, odd string) {
	var nums []int
	for _, p := range parts {
		if p == "" {
			break
		}
		x, err := strconv.Atoi(strings.TrimSpace(p))
		if err != nil {
			return "", fmt.Sprintf("%s is no number of a date", strictyaml.Quote(p))
		}
		if x == 0 {
			break // "the month 0" says that there is none
		}
		nums = append(nums, x)
	}
	if len(nums) == 0 {
		return "", ""
	}
	if nums[0] < 0 {
		nums[0]++ // -44 is 44 BC, which EDTF writes -0043
	}
	if len(nums) > 1 && nums[1] >= 13 && nums[1] <= 16 {
		nums[1] += 8 // Better BibTeX's seasons
	}
	texts := make([]string, len(nums))
	for i, x := range nums {
		texts[i] = strconv.Itoa(x)
	}
	if len(texts) > 2 && nums[1] > 12 {
		texts = texts[:2] // a season has no days
	}
	d := edtf.FromParts(texts...)
	if err := d.Check(); err != nil {
		return "", err.Error()
	}
	return string(d), ""
}

// season returns the month by which EDTF writes a season: a number from 1 to 4, or a
// word. It is "" for anything else.
func season(s string) string {
	switch strings.ToLower(s) {
	case "1", "spring":
		return "21"
	case "2", "summer":
		return "22"
	case "3", "autumn", "fall":
		return "23"
	case "4", "winter":
		return "24"
	case "21", "22", "23", "24", "13", "14", "15", "16":
		return s
	}
	return ""
}

// textDate takes a text as EDTF if it is, and as it stands otherwise: sources
// carry dates such as "n.d." or "forthcoming".
func textDate(s string) Date {
	switch {
	case s == "":
		return Date{}
	case edtf.Date(s).Check() == nil:
		return Date{EDTF: edtf.Date(s)}
	}
	return Date{Literal: s}
}
