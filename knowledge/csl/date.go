package csl

import (
	"fmt"
	"strings"
	"time"

	"footnote/knowledge/edtf"
)

// date writes a date of the source as an American note has it: "April 16,
// 2019", "April–May 1978", "[1956?]" for what is not certain.
func (n *note) date(name string, onlyYear bool) styled {
	d := n.s.Dates[name]
	if d == (Date{}) {
		return nil
	}
	n.used[name] = true
	if d.Literal != "" {
		return markup(d.Literal)
	}
	return roman(chicagoDate(d.EDTF, onlyYear))
}

// chicagoDate writes a date, or its year alone.
func chicagoDate(d edtf.Date, onlyYear bool) string {
	from, to, err := d.Ends()
	if err != nil {
		return string(d)
	}
	if onlyYear {
		from.Month, from.Day, to.Month, to.Day = 0, 0, 0, 0
	}
	doubt := from.Uncertain || from.Approximate || to.Uncertain || to.Approximate
	s := chicagoInterval(from, to)
	if doubt {
		return "[" + s + "?]"
	}
	return s
}

// chicagoInterval writes two ends without repeating what they share.
func chicagoInterval(from, to edtf.End) string {
	a, b := chicagoDay(from, true), chicagoDay(to, true)
	switch {
	case from.Open || from.Unknown:
		return "to " + b
	case to.Open || to.Unknown:
		return a + "–"
	case a == b:
		return a
	case from.Month == 0 && to.Month == 0 && strings.HasSuffix(a, " BC") && strings.HasSuffix(b, " BC"):
		return strings.TrimSuffix(a, " BC") + "–" + b
	case from.Year != to.Year || from.Digits != to.Digits, from.Month == 0 || to.Month == 0:
		return a + "–" + b
	case from.Month == to.Month && from.Day > 0 && to.Day > 0:
		return fmt.Sprintf("%s %d–%d, %s", time.Month(from.Month), from.Day, to.Day, from.YearIn("en"))
	}
	return chicagoDay(from, false) + "–" + b
}

// chicagoDay writes one end.
func chicagoDay(d edtf.End, withYear bool) string {
	year := d.YearIn("en")
	switch {
	case d.Month >= 21:
		season := [4]string{"Spring", "Summer", "Autumn", "Winter"}[d.Month-21]
		if !withYear {
			return season
		}
		return season + " " + year
	case d.Month == 0 && !withYear:
		return ""
	case d.Month == 0:
		return year
	case d.Day == 0 && !withYear:
		return time.Month(d.Month).String()
	case d.Day == 0:
		return time.Month(d.Month).String() + " " + year
	case !withYear:
		return fmt.Sprintf("%s %d", time.Month(d.Month), d.Day)
	}
	return fmt.Sprintf("%s %d, %s", time.Month(d.Month), d.Day, year)
}
