package timeline

import (
	"strings"

	"footnote/knowledge/edtf"
)

// An extent is where an event lies on the line, in years of the Gregorian calendar as
// EDTF counts them: 1956.5 is the middle of 1956, 0.5 that of 1 BC.
type extent struct {
	from, to         float64 // to is the moment after its last day
	openFrom, openTo bool    // it has no end there, or none that is known; from or to is then that of the other end
	interval         bool    // it lasts from one to the other; otherwise it lies somewhere between them
	roughly          bool    // the date is approximate or uncertain, or has unknown digits
}

// daysInYear is the mean length of a year.
const daysInYear = 365.2425

// extentOf returns where e lies. Its date is valid.
func extentOf(e Event) extent {
	from, to, err := e.Date.Ends()
	first, last, ok := e.Date.Days()
	if err != nil || !ok {
		return extent{}
	}
	x := extent{interval: strings.Contains(string(e.Date), "/"), roughly: e.Date.Approximate()}
	x.openFrom, x.openTo = from.Open || from.Unknown, to.Open || to.Unknown
	x.roughly = x.roughly || strings.Contains(from.Digits+to.Digits, "X")
	if e.Julian {
		first, last = first+behind(first), last+behind(last)
	}
	x.from, x.to = float64(first)/daysInYear, float64(last+1)/daysInYear
	switch {
	case x.openFrom:
		endFirst, _, _ := afterSlash(e.Date).Days()
		x.from = float64(endFirst) / daysInYear
	case x.openTo:
		_, beginLast, _ := beforeSlash(e.Date).Days()
		x.to = float64(beginLast+1) / daysInYear
	}
	return x
}

// behind is how many days the Julian calendar is behind the Gregorian one at a day:
// the leap days that it has and the other does not.
func behind(day int) int {
	year := int(float64(day) / daysInYear)
	century := floorDiv(year, 100)
	return century - floorDiv(century, 4) - 2
}

func floorDiv(a, b int) int {
	q := a / b
	if a%b != 0 && (a < 0) != (b < 0) {
		q--
	}
	return q
}

func beforeSlash(d edtf.Date) edtf.Date {
	a, _, _ := strings.Cut(string(d), "/")
	return edtf.Date(a)
}

func afterSlash(d edtf.Date) edtf.Date {
	_, b, _ := strings.Cut(string(d), "/")
	return edtf.Date(b)
}
