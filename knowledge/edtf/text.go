package edtf

import (
	"fmt"
	"strconv"
	"strings"
)

// In writes d for people: "February 1956", "April 1978 – December 1979", "about
// 1984". It knows the languages of the bot's interface; any other gets English.
// An invalid d comes back as it is.
func (d Date) In(lang string) string {
	from, to, err := d.Ends()
	if err != nil {
		return string(d)
	}
	w := wordsFor(lang)
	if !strings.Contains(string(d), "/") {
		return from.text(w)
	}
	switch {
	case to.Open:
		return fmt.Sprintf(w.since, from.text(w.after()))
	case to.Unknown:
		return fmt.Sprintf(w.from, from.text(w.after()))
	case from.Open:
		return fmt.Sprintf(w.until, to.text(w.after()))
	case from.Unknown:
		return fmt.Sprintf(w.upTo, to.text(w.after()))
	}
	a, b := from.text(w), to.text(w)
	switch {
	case a == b:
		return a
	case !strings.ContainsRune(a, ' ') && !strings.ContainsRune(b, ' '):
		return a + "–" + b // 1965–1991
	}
	return a + " – " + b
}

// after returns w with the names of months and seasons as they stand after a
// preposition, which Russian inflects.
func (w dateWords) after() dateWords {
	w.months, w.seasons = w.monthsOf, w.seasonsOf
	return w
}

// text writes e with what is said of its certainty.
func (e End) text(w dateWords) string {
	if e.Approximate {
		w = w.after()
	}
	s := e.plain(w)
	switch {
	case e.Uncertain && e.Approximate:
		return fmt.Sprintf(w.perhapsAbout, s)
	case e.Uncertain:
		return fmt.Sprintf(w.perhaps, s)
	case e.Approximate:
		return fmt.Sprintf(w.about, s)
	}
	return s
}

// YearIn writes the year of e alone, without anything about its certainty: "1956",
// "1950s", "20th century", "44 BC".
func (e End) YearIn(lang string) string {
	return End{Year: e.Year, Digits: e.Digits}.plain(wordsFor(lang))
}

// plain writes e without what is said of its certainty.
func (e End) plain(w dateWords) string {
	year := strconv.Itoa(e.Year)
	switch {
	case e.Year <= 0 && strings.Contains(e.Digits, "X"):
		// A decade or century before our era: name its years, the older first.
		first, last := e.years()
		return fmt.Sprintf(w.bc, 1-first) + " – " + fmt.Sprintf(w.bc, 1-last)
	case e.Year <= 0:
		year = fmt.Sprintf(w.bc, 1-e.Year) // year 0 is 1 BC
	case strings.HasSuffix(e.Digits, "XX"):
		if w.numeral != nil {
			return fmt.Sprintf(w.century, w.numeral(e.Year/100+1))
		}
		return fmt.Sprintf(w.century, e.Year/100+1)
	case strings.HasSuffix(e.Digits, "X"):
		return fmt.Sprintf(w.decade, e.Year)
	}
	switch {
	case e.monthX:
		return fmt.Sprintf(w.noMonth, year)
	case e.Month >= 21:
		return w.seasons[e.Month-21] + " " + w.of + year
	case e.Month == 0:
		return year
	case e.dayX:
		return fmt.Sprintf(w.noDay, w.months[e.Month-1]+" "+w.of+year)
	case e.Day == 0:
		return w.months[e.Month-1] + " " + w.of + year
	}
	day := strconv.Itoa(e.Day) + w.dayDot
	if e.Day == 1 && w.first != "" {
		day = w.first
	}
	s := day + " " + w.of + w.monthsOf[e.Month-1] + " " + w.of + year
	if e.time != "" {
		s += ", " + e.time
	}
	return s
}
