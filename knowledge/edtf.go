package knowledge

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

// An EDTF is a date or interval in the Extended Date/Time Format (ISO 8601-2,
// levels 0 and 1), e.g. "1956-02", "1978-04/1979-12", "1984~".
type EDTF string

// EarliestYear and LatestYear stand for the open ends of intervals in Years:
// "1991/.." lasts from 1991 to LatestYear. No date lies beyond them: they are
// the longest Y-years that are read.
const (
	EarliestYear = -999_999_999
	LatestYear   = 999_999_999
)

// edtfDate is one end of an interval, or a date on its own.
type edtfDate struct {
	year         int
	digits       string // the four digits as written, with X where unspecified; empty for Y-years
	month, day   int    // 0 = not given; month 21–24 is a season
	monthX, dayX bool   // given as XX
	open         bool   // ".."
	unknown      bool   // nothing at all
	uncertain    bool   // ? or %
	approximate  bool   // ~ or %
	time         string // level 0 time of day, as written
}

var (
	edtfLongYear = regexp.MustCompile(`^Y(-?[1-9][0-9]{4,8})$`)
	edtfParts    = regexp.MustCompile(`^(-?)([0-9]{4}|[0-9]{3}X|[0-9]{2}XX)(?:-([0-9]{2}|XX)(?:-([0-9]{2}|XX))?)?$`)
	edtfTime     = regexp.MustCompile(`^([0-9]{4}-[0-9]{2}-[0-9]{2})T(([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](Z|[+-]([01][0-9]|2[0-3])(:[0-5][0-9])?)?)$`)
)

// maxEDTF is the length of the longest that level 1 allows, rounded up; it
// bounds the work on hostile input.
const maxEDTF = 64

// Check returns nil if e is valid, and otherwise an error that says what is
// wrong, with what to write instead where that can be guessed.
func (e EDTF) Check() error {
	_, _, err := e.parse()
	return err
}

// parse returns the two ends of an interval, or the same date twice.
func (e EDTF) parse() (from, to edtfDate, err error) {
	s := string(e)
	if len(s) > maxEDTF {
		return from, to, fmt.Errorf("this is too long for a date")
	}
	if s == "" {
		return from, to, fmt.Errorf("the date is empty")
	}
	a, b, isInterval := strings.Cut(s, "/")
	if !isInterval {
		from, err = parseEDTFDate(s, false)
		return from, from, hinted(s, err)
	}
	if from, err = parseEDTFDate(a, true); err != nil {
		return from, to, hinted(s, err)
	}
	if to, err = parseEDTFDate(b, true); err != nil {
		return from, to, hinted(s, err)
	}
	fixed := func(d edtfDate) bool { return !d.open && !d.unknown }
	switch {
	case !fixed(from) && !fixed(to):
		return from, to, fmt.Errorf("an interval needs at least one date")
	case fixed(from) && fixed(to) && to.last().before(from.first()):
		return from, to, fmt.Errorf("the interval ends (%s) before it begins (%s)", b, a)
	}
	return from, to, nil
}

// hinted adds a guess at what was meant.
func hinted(s string, err error) error {
	if err == nil {
		return nil
	}
	if g := guessEDTF(s); g != "" {
		return fmt.Errorf("%w; did you mean %s?", err, g)
	}
	return err
}

func parseEDTFDate(s string, end bool) (d edtfDate, err error) {
	switch {
	case end && s == "..":
		return edtfDate{open: true}, nil
	case end && s == "":
		return edtfDate{unknown: true}, nil
	}
	notEDTF := fmt.Errorf("%q is not an EDTF date such as 1956, 1956-02, 1956-02-25, 1984~ or 1978-04/1979-12", s)
	if m := edtfTime.FindStringSubmatch(s); m != nil {
		d, err = parseEDTFDate(m[1], false)
		d.time = m[2]
		return d, err
	}
	core := s
	switch {
	case strings.HasSuffix(s, "?"):
		d.uncertain = true
	case strings.HasSuffix(s, "~"):
		d.approximate = true
	case strings.HasSuffix(s, "%"):
		d.uncertain, d.approximate = true, true
	}
	if d.uncertain || d.approximate {
		core = s[:len(s)-1]
	}
	if m := edtfLongYear.FindStringSubmatch(core); m != nil {
		d.year, err = strconv.Atoi(m[1])
		return d, err
	}
	m := edtfParts.FindStringSubmatch(core)
	if m == nil {
		return d, notEDTF
	}
	d.digits = m[2]
	if d.year, err = strconv.Atoi(strings.ReplaceAll(m[2], "X", "0")); err != nil {
		return d, notEDTF
	}
	if m[1] == "-" {
		if d.year == 0 && !strings.Contains(m[2], "X") {
			return d, fmt.Errorf("there is no year -0000; the year before 1 is 0000")
		}
		d.year = -d.year
		d.digits = "-" + d.digits
	}
	yearX := strings.Contains(m[2], "X")
	switch {
	case m[3] == "XX":
		d.monthX = true
	case m[3] != "":
		d.month, _ = strconv.Atoi(m[3])
	}
	switch {
	case m[4] == "XX":
		d.dayX = true
	case m[4] != "":
		d.day, _ = strconv.Atoi(m[4])
	}
	season := d.month >= 21 && d.month <= 24
	switch {
	case yearX && m[3] != "":
		return d, fmt.Errorf("in %q the year is not fully known, so no month can follow", s)
	case d.monthX && m[4] != "" && !d.dayX:
		return d, fmt.Errorf("in %q the month is not known, so the day cannot be", s)
	case m[3] != "" && !d.monthX && !season && (d.month < 1 || d.month > 12):
		return d, fmt.Errorf("in %q the month %s does not exist (01–12; 21–24 for spring, summer, autumn, winter)", s, m[3])
	case season && m[4] != "":
		return d, fmt.Errorf("in %q a season has no days", s)
	case m[4] != "" && !d.dayX && (d.day < 1 || d.day > daysIn(d.year, d.month)):
		return d, fmt.Errorf("in %q the day %s does not exist in that month", s, m[4])
	}
	return d, nil
}

// daysIn counts by the proleptic Gregorian calendar, as EDTF does.
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

// edtfDay orders dates.
type edtfDay struct{ year, month, day int }

func (a edtfDay) before(b edtfDay) bool {
	switch {
	case a.year != b.year:
		return a.year < b.year
	case a.month != b.month:
		return a.month < b.month
	}
	return a.day < b.day
}

// first is the earliest day that d can mean.
func (d edtfDate) first() edtfDay {
	y, _ := d.years()
	f := edtfDay{y, 1, 1}
	switch {
	case d.month == 24: // winter may begin in January or December of its year
	case d.month >= 21:
		f.month = 3*(d.month-21) + 3
	case d.month > 0:
		f.month = d.month
	}
	if d.day > 0 {
		f.day = d.day
	}
	return f
}

// last is the latest day that d can mean.
func (d edtfDate) last() edtfDay {
	_, y := d.years()
	l := edtfDay{y, 12, 31}
	switch {
	case d.month == 24:
	case d.month >= 21:
		l.month = 3*(d.month-21) + 5
	case d.month > 0:
		l.month = d.month
	}
	if d.day > 0 {
		l.day = d.day
	}
	return l
}

func (d edtfDate) years() (first, last int) {
	span := 1
	for range strings.Count(d.digits, "X") {
		span *= 10
	}
	if strings.HasPrefix(d.digits, "-") {
		return d.year - span + 1, d.year
	}
	return d.year, d.year + span - 1
}

// Years returns the first and the last year that e touches; an open or unknown
// end is EarliestYear or LatestYear. ok is false if e is not valid.
func (e EDTF) Years() (first, last int, ok bool) {
	from, to, err := e.parse()
	if err != nil {
		return 0, 0, false
	}
	first, last = EarliestYear, LatestYear
	if !from.open && !from.unknown {
		first, _ = from.years()
	}
	if !to.open && !to.unknown {
		_, last = to.years()
	}
	return first, last, true
}

// Day is the number of a day of the proleptic Gregorian calendar, in which EDTF
// counts: day 0 is 1 January of the year 0, which is 1 BC, and those before are
// negative. A month or day beyond its range runs on into the next ones.
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

// Days returns the first and the last day that e may mean, as Day counts them; an
// open or unknown end is the first of EarliestYear or the last of LatestYear. ok is
// false if e is not valid.
func (e EDTF) Days() (first, last int, ok bool) {
	from, to, err := e.parse()
	if err != nil {
		return 0, 0, false
	}
	first, last = Day(EarliestYear, 1, 1), Day(LatestYear, 12, 31)
	if !from.open && !from.unknown {
		d := from.first()
		first = Day(d.year, d.month, d.day)
	}
	if !to.open && !to.unknown {
		d := to.last()
		last = Day(d.year, d.month, min(d.day, daysIn(d.year, d.month)))
	}
	return first, last, true
}

// Approximate reports whether e is said to be near that date, or not certain.
func (e EDTF) Approximate() bool {
	from, to, err := e.parse()
	return err == nil && (from.approximate || from.uncertain || to.approximate || to.uncertain)
}

var (
	guessDayFirst = regexp.MustCompile(`^([0-9]{1,2})[./]([0-9]{1,2})[./]([0-9]{4})$`)
	guessShort    = regexp.MustCompile(`^([0-9]{4})[-./]([0-9]{1,2})(?:[-./]([0-9]{1,2}))?$`)
	guessSpan     = regexp.MustCompile(`^([0-9]{4}) *[-–—] *([0-9]{4})$`)
	guessCirca    = regexp.MustCompile(`(?i)^(?:c\.?|ca\.?|circa|about|around) *([0-9]{4})$`)
	guessDecade   = regexp.MustCompile(`^([0-9]{3})0'?s$`)
	guessNumbers  = regexp.MustCompile(`[0-9]+`)
)

// guessEDTF returns the EDTF that somebody probably meant, or "". What it
// returns is always valid. A date such as 03/04/1956 is read day first.
func guessEDTF(s string) string {
	s = strings.TrimSpace(s)
	g := ""
	switch {
	case guessDayFirst.MatchString(s):
		m := guessDayFirst.FindStringSubmatch(s)
		g = m[3] + "-" + two(m[2]) + "-" + two(m[1])
	case guessSpan.MatchString(s):
		m := guessSpan.FindStringSubmatch(s)
		g = m[1] + "/" + m[2]
	case guessShort.MatchString(s):
		m := guessShort.FindStringSubmatch(s)
		g = m[1] + "-" + two(m[2])
		if m[3] != "" {
			g += "-" + two(m[3])
		}
	case guessCirca.MatchString(s):
		g = guessCirca.FindStringSubmatch(s)[1] + "~"
	case guessDecade.MatchString(s):
		g = guessDecade.FindStringSubmatch(s)[1] + "X"
	default:
		g = guessNamedMonth(s)
	}
	if g == s || g == "" || EDTF(g).Check() != nil {
		return ""
	}
	return g
}

// guessNamedMonth reads "25 February 1956", "February 25, 1956" and the like.
func guessNamedMonth(s string) string {
	lower := strings.ToLower(s)
	for _, names := range [][12]string{monthsEnglish, monthsRussian, monthsRussianOf} {
		for i, name := range names {
			if !strings.Contains(lower, strings.ToLower(name)) {
				continue
			}
			year, day := "", ""
			for _, n := range guessNumbers.FindAllString(s, 3) {
				if len(n) == 4 {
					year = n
				} else if len(n) <= 2 {
					day = n
				}
			}
			if year == "" {
				return ""
			}
			g := fmt.Sprintf("%s-%02d", year, i+1)
			if day != "" {
				g += "-" + two(day)
			}
			return g
		}
	}
	return ""
}

func two(s string) string {
	if len(s) == 1 {
		return "0" + s
	}
	return s
}
