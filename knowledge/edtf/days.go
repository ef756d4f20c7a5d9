package edtf

import (
	"slices"
	"strings"
	"time"
)

// daysIn returns the length of a month by the proleptic Gregorian calendar, in
// which EDTF counts.
func daysIn(year, month int) int {
	switch month {
	case 4, 6, 9, 11:
		return 30
	case 2:
		if year%4 == 0 && (year%100 != 0 || year%400 == 0) {
			return 29
		}
		return 28
	}
	return 31
}

// A day is a day of the calendar.
type day struct{ year, month, day int }

func (a day) before(b day) bool {
	switch {
	case a.year != b.year:
		return a.year < b.year
	case a.month != b.month:
		return a.month < b.month
	}
	return a.day < b.day
}

// first returns the earliest day that e can mean.
func (e End) first() day {
	y, _ := e.years()
	f := day{y, 1, 1}
	switch {
	case e.Month == 24: // winter may begin in January or December of its year
	case e.Month >= 21:
		f.month = 3*(e.Month-21) + 3
	case e.Month > 0:
		f.month = e.Month
	}
	if e.Day > 0 {
		f.day = e.Day
	}
	return f
}

// last returns the latest day that e can mean.
func (e End) last() day {
	_, y := e.years()
	l := day{y, 12, 31}
	switch {
	case e.Month == 24:
	case e.Month >= 21:
		l.month = 3*(e.Month-21) + 5
	case e.Month > 0:
		l.month = e.Month
	}
	if e.Day > 0 {
		l.day = e.Day
	}
	return l
}

// years returns the years that e can mean: a decade or a century of them where
// digits are unknown.
func (e End) years() (first, last int) {
	span := 1
	for range strings.Count(e.Digits, "X") {
		span *= 10
	}
	if strings.HasPrefix(e.Digits, "-") {
		return e.Year - span + 1, e.Year
	}
	return e.Year, e.Year + span - 1
}

// Years returns the first and the last year that d touches; an open or unknown
// end is [EarliestYear] or [LatestYear]. ok is false if d is not valid.
func (d Date) Years() (first, last int, ok bool) {
	from, to, err := d.Ends()
	if err != nil {
		return 0, 0, false
	}
	first, last = EarliestYear, LatestYear
	if !from.Open && !from.Unknown {
		first, _ = from.years()
	}
	if !to.Open && !to.Unknown {
		_, last = to.years()
	}
	return first, last, true
}

// Day returns the number of a day of the proleptic Gregorian calendar, in which
// EDTF counts: day 0 is 1 January of the year 0, which is 1 BC, and those before
// are negative. A month or day beyond its range runs on into the next ones.
func Day(year, month, day int) int {
	year += (month - 1) / 12
	month = (month-1)%12 + 1
	if month < 1 {
		year, month = year-1, month+12
	}
	if month <= 2 { // a year that begins with March ends with the day that may be missing
		year, month = year-1, month+12
	}
	era := year / 400
	if year < 0 {
		era = (year - 399) / 400
	}
	of := year - era*400
	const daysInEra, before = 146097, 60 // days in 400 years; of January and February of the year 0
	return era*daysInEra + of*365 + of/4 - of/100 + (153*(month-3)+2)/5 + day - 1 + before
}

// Days returns the first and the last day that d may mean, as [Day] counts them.
// An open or unknown end is the first day of EarliestYear or the last of
// LatestYear. ok is false if d is not valid.
func (d Date) Days() (first, last int, ok bool) {
	from, to, err := d.Ends()
	if err != nil {
		return 0, 0, false
	}
	first, last = Day(EarliestYear, 1, 1), Day(LatestYear, 12, 31)
	if !from.Open && !from.Unknown {
		f := from.first()
		first = Day(f.year, f.month, f.day)
	}
	if !to.Open && !to.Unknown {
		l := to.last()
		last = Day(l.year, l.month, min(l.day, daysIn(l.year, l.month)))
	}
	return first, last, true
}

// Approximate reports whether d is said to be near that date, or not certain.
func (d Date) Approximate() bool {
	from, to, err := d.Ends()
	return err == nil && (from.Approximate || from.Uncertain || to.Approximate || to.Uncertain)
}

// A YearDay is a day of the year.
type YearDay struct {
	Month time.Month
	Day   int
}

// YearDays returns the days of the year that d names: those of a date that is given to the day, and
// of the ends of an interval that are. What is approximate names none.
func (d Date) YearDays() []YearDay {
	from, to, err := d.Ends()
	if err != nil {
		return nil
	}
	var all []YearDay
	for _, e := range []End{from, to} {
		if e.Day == 0 || e.Month == 0 || e.monthX || e.dayX || e.Approximate || e.Month > 12 {
			continue
		}
		if y := (YearDay{time.Month(e.Month), e.Day}); !slices.Contains(all, y) {
			all = append(all, y)
		}
	}
	return all
}

// Year returns the four digits of the year of a date that is one certain year, or lies in it; else "".
func (d Date) Year() string {
	from, to, err := d.Ends()
	if err != nil || from != to || from.Approximate || from.Uncertain || from.Year <= 0 || len(from.Digits) != 4 || strings.Contains(from.Digits, "X") {
		return ""
	}
	return from.Digits
}
