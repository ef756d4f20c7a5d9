package dialog

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"footnote/bot"
	"footnote/knowledge"
	"footnote/knowledge/edtf"
)

// daysOf are the facts of each day of the year, in the order of their years. What has been
// withdrawn has no day.
func daysOf(facts []*knowledge.Fact) map[edtf.YearDay][]*knowledge.Fact {
	days := map[edtf.YearDay][]*knowledge.Fact{}
	for _, f := range facts {
		if f.Status == knowledge.Retracted {
			continue
		}
		for _, d := range f.Dates {
			for _, day := range d.EDTF.YearDays() {
				if !slices.Contains(days[day], f) {
					days[day] = append(days[day], f)
				}
			}
		}
	}
	for _, list := range days {
		slices.SortStableFunc(list, func(a, b *knowledge.Fact) int { return firstYear(a) - firstYear(b) })
	}
	return days
}

// firstYear is the first year that a date of f touches.
func firstYear(f *knowledge.Fact) int {
	first := edtf.LatestYear
	for _, d := range f.Dates {
		if y, _, ok := d.EDTF.Years(); ok {
			first = min(first, y)
		}
	}
	return first
}

// onThisDay says what happened on the day of the year that text names, or today.
func (x *exchange) onThisDay(text string) bot.Reply {
	day, ok := x.dayNamed(text)
	if !ok {
		return x.info("onthisday.usage")
	}
	facts := x.packs.days[day]
	name := edtf.DayIn(x.texts.Tag, day.Month, day.Day)
	switch len(facts) {
	case 0:
		return x.nextDay(day, name)
	case 1:
		r := x.picked(facts[0])
		r.Blocks = append([]bot.Block{x.texts.block("onthisday.one", "day", name)}, r.Blocks...)
		return r
	}
	r := bot.Reply{Kind: bot.KindInfo, Blocks: []bot.Block{x.texts.block("onthisday.several", "day", name, "n", itoa(len(facts)))}}
	listed := facts[:min(len(facts), pageSize)]
	x.offer(&r, listed, false)
	for i := range listed { // the years lead, as in every calendar
		at := i - len(listed) + len(r.Blocks)
		r.Blocks[at].Spans = append([]bot.Span{{Text: x.yearOn(facts[i], day), Style: bot.Bold}, {Text: x.texts.Dash()}}, r.Blocks[at].Spans...)
	}
	x.numbered(&r)
	return r
}

// yearOn is the year of the date of f that falls on a day, in words.
func (x *exchange) yearOn(f *knowledge.Fact, day edtf.YearDay) string {
	for _, d := range f.Dates {
		if slices.Contains(d.EDTF.YearDays(), day) {
			if from, _, err := d.EDTF.Ends(); err == nil {
				return from.YearIn(x.texts.Tag)
			}
		}
	}
	return ""
}

// nextDay says that there is nothing of a day, and offers what there is of the next that has
// something.
func (x *exchange) nextDay(day edtf.YearDay, name string) bot.Reply {
	const leap = 2024 // every day of the year is in it
	at := time.Date(leap, day.Month, day.Day, 0, 0, 0, 0, time.UTC)
	for range 366 {
		at = at.AddDate(0, 0, 1)
		next := edtf.YearDay{Month: at.Month(), Day: at.Day()}
		if facts := x.packs.days[next]; len(facts) > 0 {
			r := x.info("onthisday.none", "day", name, "next", edtf.DayIn(x.texts.Tag, next.Month, next.Day))
			x.offer(&r, facts[:min(len(facts), pageSize)], false)
			x.numbered(&r)
			return r
		}
	}
	return x.info("onthisday.never", "pack", x.title())
}

// dayNamed reads a day of the year: "25 February", "February 25", "25.2.", "02-25"; today if text
// is empty.
func (x *exchange) dayNamed(text string) (day edtf.YearDay, ok bool) {
	text = strings.TrimSpace(text)
	if text == "" {
		now := x.d.c.Now().UTC()
		return edtf.YearDay{Month: now.Month(), Day: now.Day()}, true
	}
	const leap = "2024"
	for _, full := range []string{text + " " + leap, leap + "-" + text, strings.TrimSuffix(text, ".") + "." + leap, text} {
		d := edtf.Date(full)
		if d.Check() != nil {
			d = edtf.Guess(full)
		}
		if days := d.YearDays(); len(days) == 1 {
			return days[0], true
		}
	}
	return day, false
}

// yearNamed reads a year: "1956", "44 BC".
func yearNamed(text string) (year int, ok bool) {
	text = strings.TrimSpace(text)
	if n, err := strconv.Atoi(text); err == nil && n > 0 && len(text) >= 3 && n < 3000 {
		return n, true
	}
	d := edtf.Guess(text)
	first, last, ok := d.Years()
	return first, ok && d != "" && first == last
}
