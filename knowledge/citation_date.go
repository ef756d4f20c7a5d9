package knowledge

import (
	"fmt"
)

// date writes a date of the source as an American note has it: "April 16,
// 2019", "April–May 1978", "[1956?]" for what is not certain.
func (n *note) date(name string, onlyYear bool) styled {
	d := n.s.Dates[name]
	if d == (SourceDate{}) {
		return nil
	}
	n.used[name] = true
	if d.Literal != "" {
		return markup(d.Literal)
	}
	return roman(chicagoDate(d.EDTF, onlyYear))
}

func chicagoDate(e EDTF, onlyYear bool) string {
	from, to, err := e.parse()
	if err != nil {
		return string(e)
	}
	if onlyYear {
		from.month, from.day, to.month, to.day = 0, 0, 0, 0
		from.monthX, from.dayX, to.monthX, to.dayX = false, false, false, false
	}
	doubt := from.uncertain || from.approximate || to.uncertain || to.approximate
	s := chicagoInterval(from, to)
	if doubt {
		return "[" + s + "?]"
	}
	return s
}

func chicagoInterval(from, to edtfDate) string {
	a, b := chicagoDay(from, true), chicagoDay(to, true)
	switch {
	case from.open || from.unknown:
		return "to " + b
	case to.open || to.unknown:
		return a + "–"
	case a == b:
		return a
	case from.year != to.year || from.digits != to.digits, from.month == 0 || to.month == 0:
		return a + "–" + b
	case from.month == to.month && from.day > 0 && to.day > 0:
		return fmt.Sprintf("%s %d–%d, %s", monthsEnglish[from.month-1], from.day, to.day, chicagoYear(from))
	}
	return chicagoDay(from, false) + "–" + b
}

func chicagoDay(d edtfDate, withYear bool) string {
	year := chicagoYear(d)
	switch {
	case d.month >= 21:
		season := [4]string{"Spring", "Summer", "Fall", "Winter"}[d.month-21]
		if !withYear {
			return season
		}
		return season + " " + year
	case d.month == 0 && !withYear:
		return ""
	case d.month == 0:
		return year
	case d.day == 0 && !withYear:
		return monthsEnglish[d.month-1]
	case d.day == 0:
		return monthsEnglish[d.month-1] + " " + year
	case !withYear:
		return fmt.Sprintf("%s %d", monthsEnglish[d.month-1], d.day)
	}
	return fmt.Sprintf("%s %d, %s", monthsEnglish[d.month-1], d.day, year)
}

func chicagoYear(d edtfDate) string {
	return edtfDate{year: d.year, digits: d.digits}.plain(wordsFor("en"))
}
