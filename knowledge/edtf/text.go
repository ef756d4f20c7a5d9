package edtf

import (
	"fmt"
	"strconv"
	"strings"
	"time"
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
		return w.Since.with(from, from.text(w.after()))
	case to.Unknown:
		return w.From.with(from, from.text(w.after()))
	case from.Open:
		return w.Until.with(to, to.text(w.after()))
	case from.Unknown:
		return w.UpTo.with(to, to.text(w.after()))
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
// preposition, which Slavic languages inflect.
func (w dateWords) after() dateWords {
	w.Months, w.Seasons = w.MonthsOf, w.SeasonsOf
	return w
}

// fill puts value into the first {…} of format.
func fill(format string, value any) string {
	before, rest, ok := strings.Cut(format, "{")
	_, after, closed := strings.Cut(rest, "}")
	if !ok || !closed {
		return format
	}
	return before + fmt.Sprint(value) + after
}

// text writes e with what is said of its certainty.
func (e End) text(w dateWords) string {
	if e.Approximate {
		w = w.after()
	}
	s := e.plain(w)
	switch {
	case e.Uncertain && e.Approximate:
		return fill(w.PerhapsAbout, s)
	case e.Uncertain:
		return fill(w.Perhaps, s)
	case e.Approximate:
		return fill(w.About, s)
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
		return fill(w.BC, 1-first) + " – " + fill(w.BC, 1-last)
	case e.Year <= 0:
		year = fill(w.BC, 1-e.Year) // year 0 is 1 BC
	case strings.HasSuffix(e.Digits, "XX"):
		return fill(w.Century, w.numeral(e.Year/100+1))
	case strings.HasSuffix(e.Digits, "X"):
		return strings.Replace(fill(w.Decade, e.Year), "{last}", strconv.Itoa(e.Year+9), 1)
	}
	switch {
	case e.monthX:
		return fill(w.NoMonth, year)
	case e.Month >= 21:
		return w.Seasons[e.Month-21] + " " + w.Of + year
	case e.Month == 0:
		return year
	case e.dayX:
		return fill(w.NoDay, w.Months[e.Month-1]+" "+w.Of+year)
	case e.Day == 0:
		return w.Months[e.Month-1] + " " + w.Of + year
	}
	s := w.dayOf(e.Month, e.Day) + " " + w.Of + year
	if e.time != "" {
		s += ", " + e.time
	}
	return s
}

// DayIn writes a day of the year, "25 February".
func DayIn(lang string, month time.Month, day int) string {
	return wordsFor(lang).dayOf(int(month), day)
}

func (w dateWords) dayOf(month, day int) string {
	format := w.Day
	if day == 1 {
		format = w.FirstDay
	}
	return fill(format, day) + " " + w.Of + w.MonthsOf[month-1]
}
