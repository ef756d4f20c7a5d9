// Package edtf reads dates in the Extended Date/Time Format (EDTF: ISO 8601-2,
// levels 0 and 1), such as 1956-02, 1978-04/1979-12 or 1984~: it checks them,
// writes them for people in several languages, and computes which years and days
// they cover. A [Date] is its text, so that the spelling of a file is never lost.
package edtf

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

// A Date is a date or an interval of two dates, as it is written.
type Date string

// EarliestYear and LatestYear stand for the open ends of intervals: "1991/.."
// lasts from 1991 to LatestYear. No date lies beyond them: they are the longest
// Y-years that are read.
const (
	EarliestYear = -999_999_999
	LatestYear   = 999_999_999
)

// MaxLength is the length in bytes of the longest date that is read: more than
// level 1 needs, and little enough to bound the work on hostile input.
const MaxLength = 64

// An End is one end of an interval, or a date on its own.
type End struct {
	Year        int
	Digits      string // the four digits of Year as written, with X for an unknown one; empty for Y-years
	Month       int    // 0 if not given; 21 to 24 are spring, summer, autumn, winter
	Day         int    // 0 if not given
	Open        bool   // "..": the interval has no end here
	Unknown     bool   // nothing stands here: the end is not known
	Uncertain   bool   // ? or %
	Approximate bool   // ~ or %

	monthX, dayX bool   // written as XX
	time         string // the time of day, as written
}

var (
	longYear = regexp.MustCompile(`^Y(-?[1-9][0-9]{4,8})$`)
	ordinary = regexp.MustCompile(`^(-?)([0-9]{4}|[0-9]{3}X|[0-9]{2}XX)(?:-([0-9]{2}|XX)(?:-([0-9]{2}|XX))?)?$`)
	withTime = regexp.MustCompile(`^([0-9]{4}-[0-9]{2}-[0-9]{2})T(([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](Z|[+-]([01][0-9]|2[0-3])(:[0-5][0-9])?)?)$`)
)

// Check returns nil if d is valid, and otherwise an error that says what is
// wrong, with what to write instead where that can be guessed.
func (d Date) Check() error {
	_, _, err := d.Ends()
	return err
}

// Ends returns the two ends of an interval, or the same date twice. The error is
// that of [Date.Check].
func (d Date) Ends() (from, to End, err error) {
	s := string(d)
	if len(s) > MaxLength {
		return from, to, fmt.Errorf("this is too long for a date")
	}
	if s == "" {
		return from, to, fmt.Errorf("the date is empty")
	}
	a, b, isInterval := strings.Cut(s, "/")
	if !isInterval {
		from, err = parseEnd(s, false)
		return from, from, hinted(s, err)
	}
	if from, err = parseEnd(a, true); err != nil {
		return from, to, hinted(s, err)
	}
	if to, err = parseEnd(b, true); err != nil {
		return from, to, hinted(s, err)
	}
	fixed := func(e End) bool { return !e.Open && !e.Unknown }
	switch {
	case !fixed(from) && !fixed(to):
		return from, to, fmt.Errorf("an interval needs at least one date")
	case fixed(from) && fixed(to) && to.last().before(from.first()):
		return from, to, fmt.Errorf("the interval ends (%s) before it begins (%s)", b, a)
	}
	return from, to, nil
}

// hinted adds to err a guess at what s was meant to be.
func hinted(s string, err error) error {
	if err == nil {
		return nil
	}
	if g := guess(s); g != "" {
		if d, bad := parseEnd(g, false); bad == nil && d.Year <= 0 { // EDTF counts a year 0
			return fmt.Errorf("%w; did you mean %s (%d BC)?", err, g, 1-d.Year)
		}
		return fmt.Errorf("%w; did you mean %s?", err, g)
	}
	return err
}

// parseEnd reads one date, or one end of an interval if ofInterval: only there may
// it be open or missing.
func parseEnd(s string, ofInterval bool) (d End, err error) {
	switch {
	case ofInterval && s == "..":
		return End{Open: true}, nil
	case ofInterval && s == "":
		return End{Unknown: true}, nil
	}
	notEDTF := fmt.Errorf("%q is not an EDTF date such as 1956, 1956-02, 1956-02-25, 1984~ or 1978-04/1979-12", s)
	if m := withTime.FindStringSubmatch(s); m != nil {
		d, err = parseEnd(m[1], false)
		d.time = m[2]
		return d, err
	}
	core := s
	switch {
	case strings.HasSuffix(s, "?"):
		d.Uncertain = true
	case strings.HasSuffix(s, "~"):
		d.Approximate = true
	case strings.HasSuffix(s, "%"):
		d.Uncertain, d.Approximate = true, true
	}
	if d.Uncertain || d.Approximate {
		core = s[:len(s)-1]
	}
	if m := longYear.FindStringSubmatch(core); m != nil {
		d.Year, err = strconv.Atoi(m[1])
		return d, err
	}
	m := ordinary.FindStringSubmatch(core)
	if m == nil {
		return d, notEDTF
	}
	d.Digits = m[2]
	if d.Year, err = strconv.Atoi(strings.ReplaceAll(m[2], "X", "0")); err != nil {
		return d, notEDTF
	}
	if m[1] == "-" {
		if d.Year == 0 && !strings.Contains(m[2], "X") {
			return d, fmt.Errorf("there is no year -0000; the year before 1 is 0000")
		}
		d.Year = -d.Year
		d.Digits = "-" + d.Digits
	}
	yearX := strings.Contains(m[2], "X")
	switch {
	case m[3] == "XX":
		d.monthX = true
	case m[3] != "":
		d.Month, _ = strconv.Atoi(m[3])
	}
	switch {
	case m[4] == "XX":
		d.dayX = true
	case m[4] != "":
		d.Day, _ = strconv.Atoi(m[4])
	}
	season := d.Month >= 21 && d.Month <= 24
	switch {
	case yearX && m[3] != "":
		return d, fmt.Errorf("in %q the year is not fully known, so no month can follow", s)
	case d.monthX && m[4] != "" && !d.dayX:
		return d, fmt.Errorf("in %q the month is not known, so the day cannot be", s)
	case m[3] != "" && !d.monthX && !season && (d.Month < 1 || d.Month > 12):
		return d, fmt.Errorf("in %q the month %s does not exist (01–12; 21–24 for spring, summer, autumn, winter)", s, m[3])
	case season && m[4] != "":
		return d, fmt.Errorf("in %q a season has no days", s)
	case m[4] != "" && !d.dayX && (d.Day < 1 || d.Day > daysIn(d.Year, d.Month)):
		return d, fmt.Errorf("in %q the day %s does not exist in that month", s, m[4])
	}
	return d, nil
}

// FromParts writes year, month and day, as many of them as there are, as a date.
// It does not check them: a part that is no number comes back as it is.
func FromParts(parts ...string) Date {
	out := ""
	for i, s := range parts {
		n, err := strconv.Atoi(s)
		switch {
		case err != nil:
			return Date(s)
		case i == 0 && (n > 9999 || n < -9999):
			out = fmt.Sprintf("Y%d", n)
		case i == 0 && n < 0:
			out = fmt.Sprintf("-%04d", -n)
		case i == 0:
			out = fmt.Sprintf("%04d", n)
		default:
			out += fmt.Sprintf("-%02d", n)
		}
	}
	return Date(out)
}
