package parse

import (
	"math"
	"strconv"
	"strings"

	"footnote/knowledge"
	"footnote/knowledge/edtf"
)

// A When is a time that a question or a text names, to the day: "29 May 1453" is one
// day, "1453" is 365. Days are those of edtf.Day: the calendar is the proleptic
// Gregorian one, as in EDTF, and days before the year 1 BC, which is the year 0, are
// negative; 44 BC is the year -43. Nobody who asks for 1453 thinks of the ten
// days by which an older calendar differs.
type When struct {
	First, Last int // days

	// recurring is set for what names no year or no century: a day or a month of any
	// year, or a decade of any century. Then first and last say nothing.
	recurring  bool
	month, day int // of a recurring day; the day is 0 for the whole month, the month for a decade
	decade     int // of a recurring decade: 5 for the fifties

	rel   rel  // how the time that is meant stands to this one
	about bool // circa: it may have been a little earlier or later

	from, to int // the words that name it: words[from:to]
}

// rel is how a time stands to a date.
type rel uint8

const (
	relAt     rel = iota
	relBefore     // before it begins
	relUntil      // until it ends: until, by
	relAfter      // after it has ended
	relSince      // from its beginning on
)

// FactTimes are the times that a fact's dates give.
func FactTimes(f *knowledge.Fact) []When {
	var all []When
	for _, d := range f.Dates {
		if first, last, ok := d.EDTF.Days(); ok {
			all = append(all, When{First: first, Last: last, about: d.EDTF.Approximate()})
		}
	}
	return all
}

// Agrees reports whether w and x may be the same time: 1453 agrees with 29 May 1453
// and with 1449 to 1460.
func (w When) Agrees(x When) bool {
	switch {
	case w.recurring && x.recurring:
		return w.rel != relAt || x.rel != relAt || w.month == 0 || x.month == 0 || w.month == x.month && (w.day == x.day || w.day == 0 || x.day == 0)
	case w.recurring:
		return w.recursIn(x)
	case x.recurring:
		return x.recursIn(w)
	}
	a, b := w.bounds()
	c, d := x.bounds()
	return a <= d && c <= b
}

// Contradicts reports whether w and x cannot be the same time.
func (w When) Contradicts(x When) bool { return !w.Agrees(x) }

// SameYear reports whether w and x may be in the same year, whatever their days.
func (w When) SameYear(x When) bool {
	if w.recurring || x.recurring {
		return w.Agrees(x)
	}
	return w.wholeYears().Agrees(x.wholeYears())
}

func (w When) wholeYears() When {
	w.First, w.Last = edtf.Day(yearOf(w.First), 1, 1), edtf.Day(yearOf(w.Last), 12, 31)
	return w
}

// always are days that no date is beyond.
const always = math.MaxInt / 4

// bounds are the first and the last day that w may mean, with how it stands to them.
func (w When) bounds() (first, last int) {
	first, last = w.First, w.Last
	if w.about {
		const dayOfYear = 366
		slack := 31 // days, for a month or a day
		switch length := last - first; {
		case length > dayOfYear:
			slack = length / 5
		case length > 31:
			slack = 5 * dayOfYear
			if first < edtf.Day(firstYear, 1, 1) {
				slack *= 2
			}
		}
		first, last = first-slack, last+slack
	}
	switch w.rel {
	case relBefore:
		return -always, first - 1
	case relUntil:
		return -always, last
	case relAfter:
		return last + 1, always
	case relSince:
		return first, always
	}
	return first, last
}

// recursIn reports whether w, which recurs, may be a time in x.
func (w When) recursIn(x When) bool {
	first, last := x.bounds()
	if w.rel != relAt || last-first > 366*100 {
		return true
	}
	from, to := yearOf(first), yearOf(last)
	for y := from; y <= to; y++ {
		if w.month == 0 {
			n := y
			if y <= 0 {
				n = 1 - y // as it is counted before Christ
			}
			if n%100/10 == w.decade {
				return true
			}
			continue
		}
		a := edtf.Day(y, w.month, max(w.day, 1))
		b := a
		if w.day == 0 {
			b = edtf.Day(y, w.month+1, 1) - 1
		}
		if a <= last && first <= b {
			return true
		}
	}
	return false
}

// yearOf is the year in which a day is.
func yearOf(day int) int {
	const in400 = 146097
	era := day / in400
	if day < 0 && day%in400 != 0 {
		era--
	}
	y := (day-era*in400)/366 + era*400 // never too late
	for edtf.Day(y+1, 1, 1) <= day {
		y++
	}
	return y
}

// TimesIn reads the times that words name, from left to right.
func TimesIn(words []Word) []When {
	named := false
	for i := range words {
		if k := words[i].Kind; k == Year || k == Month || k == Number {
			named = true
			break
		}
	}
	if !named {
		return nil
	}
	var all []When
	for i := 0; i < len(words); {
		if w, next, ok := whenAt(words, i); ok {
			w.from, w.to = i, next
			all = append(all, w)
			i = next
			continue
		}
		i++
	}
	return all
}

var (
	relations = map[string]rel{"before": relBefore, "pre": relBefore, "after": relAfter, "post": relAfter, "since": relSince, "until": relUntil, "till": relUntil, "by": relUntil}
	abouts    = set(`circa c ca about around approximately roughly approx`)
	// onTopic are the words after which "about" is none of them.
	onTopic = set(`what how tell me know something anything everything question questions learn read more book talk`)
	through = set(`to until till through and or`)
)

// whenAt reads the time that is named from i on.
func whenAt(words []Word, i int) (w When, next int, ok bool) {
	text := wordAt(words, i)
	switch {
	case text == "between" || text == "from":
		a, j, ok := parseEnd(words, i+1)
		if ok && j < len(words) && through[words[j].Text] && words[j].Text != "or" && (text == "between" || words[j].Text != "and") {
			if b, k, ok := parseDate(words, j+1); ok {
				if w, ok := run(a, b); ok {
					return w, k, true
				}
			}
		}
		if ok && j < len(words) && words[j].Before&^loose == '-' {
			if b, k, ok := parseDate(words, j); ok {
				if w, ok := run(a, b); ok {
					return w, k, true
				}
			}
		}
		return When{}, 0, false // the dates by themselves
	case text == "prior" && wordAt(words, i+1) == "to", text == "up" && wordAt(words, i+1) == "to":
		if a, j, ok := parseDate(words, i+2); ok {
			w := a.when()
			w.rel = relBefore
			if text == "up" {
				w.rel = relUntil
			}
			return w, j, true
		}
		return When{}, 0, false
	}
	if r, is := relations[text]; is {
		a, j, ok := parseDate(words, i+1)
		if !ok || text == "by" && !a.dated() {
			return When{}, 0, false
		}
		w := a.when()
		w.rel = r
		return w, j, true
	}
	a, j, ok := parseEnd(words, i)
	if !ok {
		return When{}, 0, false
	}
	if j < len(words) {
		b, k, ok := parsed{}, 0, false
		if words[j].Before&^loose == '-' || words[j].Before == '/' {
			b, k, ok = parseDate(words, j)
		} else if through[words[j].Text] && words[j].Text != "and" && words[j].Text != "or" {
			b, k, ok = parseDate(words, j+1)
		}
		if ok {
			if w, ok := run(a, b); ok {
				return w, k, true
			}
		}
	}
	if _, _, ok := parseDate(words, i); !ok {
		return When{}, 0, false
	}
	return a.when(), j, true
}

// parseEnd reads a date at which a run of days may begin, for which a month alone
// is enough: December to May 1453.
func parseEnd(words []Word, i int) (p parsed, next int, ok bool) {
	if p, next, ok = parseDate(words, i); !ok && i < len(words) && words[i].Kind == Month {
		return parseMonth(words, i, true)
	}
	return p, next, ok
}

// A parsed is one date as it is written.
type parsed struct {
	first, last int  // years, as EDTF counts them
	hasYear     bool //
	era         bool // the era is said
	month, day  int
	lastMonth   int // with lastDay, where the days run to
	lastDay     int
	decade      int // of an unknown century, from 1 on: 1 + the tens
	season      int // the first month of three
	part        int // 0, or which part of the whole
	of          int // how many parts it has
	about       bool
	other       *[2]int // for 03/04/1956: month and day as others read it
}

func (p parsed) dated() bool { return p.hasYear || p.decade > 0 }

// when is the time of a date.
func (p parsed) when() When {
	w := When{about: p.about}
	if !p.hasYear {
		w.recurring, w.month, w.day = true, p.month, p.day
		if p.decade > 0 {
			w.decade = p.decade - 1
		}
		return w
	}
	switch {
	case p.month > 0 && p.day > 0:
		w.First = edtf.Day(p.first, p.month, p.day)
		w.Last = w.First
		if p.lastDay > 0 {
			w.Last = max(w.First, edtf.Day(p.last, p.lastMonth, p.lastDay))
		}
		if p.other != nil {
			o := edtf.Day(p.first, p.other[0], p.other[1])
			w.First, w.Last = min(w.First, o), max(w.Last, o)
		}
	case p.month > 0:
		w.First, w.Last = edtf.Day(p.first, p.month, 1), edtf.Day(p.last, max(p.month, p.lastMonth)+1, 1)-1
	case p.season > 0:
		w.First, w.Last = edtf.Day(p.first, p.season, 1), edtf.Day(p.first, p.season+3, 1)-1
	default:
		w.First, w.Last = edtf.Day(p.first, 1, 1), edtf.Day(p.last, 12, 31)
	}
	if p.of > 0 { // a little more than a part, for nobody means it to the day
		length := w.Last - w.First + 1
		slack := length / 30
		first := w.First + length*(p.part-1)/p.of - slack
		last := w.First + length*p.part/p.of - 1 + slack
		w.First, w.Last = max(w.First, first), min(w.Last, last)
	}
	return w
}

// run is the time from a to b, each of which may leave to the other what it does
// not say: 6 April to 29 May 1453, 660 to 650 BC.
func run(a, b parsed) (When, bool) {
	switch {
	case !a.hasYear && !b.hasYear:
		return When{}, false
	case !a.hasYear:
		if a.month == 0 {
			return When{}, false
		}
		a.first, a.last, a.hasYear, a.era = b.first, b.first, true, b.era
		if a.month > b.month && b.month > 0 {
			a.first, a.last = a.first-1, a.last-1
		}
	case !b.hasYear:
		if b.month == 0 {
			return When{}, false
		}
		b.first, b.last, b.hasYear, b.era = a.last, a.last, true, a.era
	case b.era && !a.era && b.first <= 0 && a.first > 0: // it is a year before Christ too
		a.first, a.last = 1-a.last, 1-a.first
	}
	x, y := a.when(), b.when()
	if y.Last < x.First {
		return When{}, false
	}
	return When{First: x.First, Last: y.Last, about: a.about || b.about}, true
}

// parseDate reads one date from i on.
func parseDate(words []Word, i int) (p parsed, next int, ok bool) {
	if abouts[wordAt(words, i)] && !onTopic[wordAt(words, i-1)] {
		if p, next, ok = parseDate(words, i+1); ok && p.dated() {
			p.about = true
			return p, next, true
		}
		return parsed{}, 0, false
	}
	if part, of, j := parsePart(words, i); of > 0 {
		if p, next, ok = parseWhole(words, j, true); ok {
			p.part, p.of = part, of
			return p, next, true
		}
		return parsed{}, 0, false
	}
	p, next, ok = parseWhole(words, i, i > 0 && (words[i-1].Text == "in" || words[i-1].Text == "during" || words[i-1].Text == "since" || words[i-1].Text == "until" || words[i-1].Text == "till"))
	if ok && words[i].Before == '~' {
		p.about = true
	}
	return p, next, ok
}

// The words for parts of a time: which one, −1 for the last, and of how many.
var (
	whichPart = map[string]int{"first": 1, "1st": 1, "second": 2, "2nd": 2, "third": 3, "3rd": 3, "fourth": 4, "4th": 4, "last": -1, "final": -1, "middle": 2}
	partOf    = map[string]int{"half": 2, "third": 3, "quarter": 4}
)

// parsePart reads which part of a time is meant: early, the second half of the.
func parsePart(words []Word, i int) (part, of, next int) {
	j := i
	if articles[wordAt(words, j)] {
		j++
	}
	if j >= len(words) {
		return 0, 0, 0
	}
	w := words[j]
	which, unit := whichPart[w.Text], partOf[wordAt(words, j+1)]
	switch {
	case which != 0 && unit != 0:
		if which < 0 {
			which = unit
		}
		if which > unit {
			return 0, 0, 0
		}
		part, of, j = which, unit, j+2
	case w.Text == "early" || w.Text == "beginning" || w.Text == "start":
		part, of, j = 1, 3, j+1
	case w.Text == "mid" || w.Text == "middle":
		part, of, j = 2, 3, j+1
	case w.Text == "late" || w.Text == "end":
		part, of, j = 3, 3, j+1
	default:
		return 0, 0, 0
	}
	if wordAt(words, j) == "of" {
		j++
	}
	return part, of, j
}

var seasons = map[string]int{"spring": 3, "summer": 6, "autumn": 9}

// parseWhole reads one date without what may stand before it. A month by itself is
// one where alone says so.
func parseWhole(words []Word, i int, alone bool) (p parsed, next int, ok bool) {
	start := i
	if wordAt(words, i) == "the" {
		i++
	}
	if wordAt(words, i) == "year" {
		if p, next, ok := parseYear(words, i+1); ok {
			return p, next, true
		}
	}
	if i >= len(words) {
		return p, 0, false
	}
	w := words[i]
	if i > start && w.Before != ' ' {
		return p, 0, false
	}
	switch {
	case w.Kind == Number && isDay(w):
		return parseDay(words, i)
	case w.Kind == Month:
		return parseMonth(words, i, alone)
	case w.Kind == Year && strings.HasSuffix(w.Key, "s"):
		return parseDecade(words, i)
	case w.Kind == Number && len(w.Key) <= 2:
		return parseCentury(words, i)
	case seasons[w.Text] > 0 && (i == 0 || words[i-1].Kind == Function):
		j := i + 1
		if wordAt(words, j) == "of" {
			j++
		}
		if p, next, ok := parseYear(words, j); ok && p.first == p.last {
			p.season = seasons[w.Text]
			return p, next, true
		}
		return p, 0, false
	}
	if p, next, ok = parseYear(words, i); !ok {
		return p, 0, false
	}
	// 1453-05-29, 1453 May 29
	if next < len(words) && words[next].Kind == Month && (words[next].Before == ' ' || words[next].Before == '-' || words[next].Before == '.' || words[next].Before == ',') {
		q := p
		q.month = monthOf(words[next].Text)
		j := next + 1
		if j < len(words) && words[j].Kind == Number && isDay(words[j]) && !closes(words[j]) && !counts(first(words[j+1:])) {
			q.day = value(words[j])
			j++
		}
		if j >= len(words) || words[j].Kind != Year || closes(words[j]) {
			return q, j, true
		}
	}
	return p, next, true
}

func value(w Word) int {
	n, err := strconv.Atoi(w.Key)
	if err != nil {
		return 0
	}
	return n
}

// parseYear reads a year with its era.
func parseYear(words []Word, i int) (p parsed, next int, ok bool) {
	era := ""
	if w := wordAt(words, i); (w == "ad" || w == "bc") && words[i].Kind == Function {
		era = w
		i++
	}
	if i >= len(words) || words[i].Kind != Year || !isDigits(words[i].Key) {
		return p, 0, false
	}
	y := value(words[i])
	i++
	if w := wordAt(words, i); (w == "ad" || w == "bc") && words[i].Kind == Function && era == "" {
		era = w
		i++
	}
	if era == "bc" {
		y = 1 - y
	}
	return parsed{first: y, last: y, hasYear: true, era: era != ""}, i, true
}

// parseDay reads a date that begins with a day: 29 May 1453, 6-29 May 1453, the
// 29th of May. Or it is a century.
func parseDay(words []Word, i int) (p parsed, next int, ok bool) {
	d := value(words[i])
	j := i + 1
	// 03/04/1956 is read one way here and another way there.
	if j+1 < len(words) && words[j].Before == '/' && words[j+1].Before == '/' && words[j].Kind == Number && isDay(words[j]) {
		if p, next, ok := parseYear(words, j+1); ok {
			p.month, p.day = value(words[j]), d
			if p.month <= 12 && d <= 12 {
				p.other = &[2]int{d, p.month}
				return p, next, true
			}
		}
	}
	last := 0
	if j+1 < len(words) && words[j].Kind == Number && isDay(words[j]) && (words[j].Before&^loose == '-' || words[j].Before == '/') {
		last = value(words[j])
		j++
	} else if j+2 < len(words) && (words[j].Text == "to" || words[j].Text == "and") && words[j+1].Kind == Number && isDay(words[j+1]) && monthOf(words[j+2].Text) > 0 && words[j+2].Kind == Month {
		last = value(words[j+1])
		j += 2
	}
	if wordAt(words, j) == "of" {
		j++
	}
	if j >= len(words) || words[j].Kind != Month || closes(words[j]) && !words[j-1].point {
		return parseCentury(words, i)
	}
	p.month, p.day = monthOf(words[j].Text), d
	if last > d {
		p.lastMonth, p.lastDay = p.month, last
	}
	return yearAfter(words, j+1, p)
}

// yearAfter reads the year behind a day or a month.
func yearAfter(words []Word, j int, p parsed) (parsed, int, bool) {
	k := j
	if w := wordAt(words, k); w == "of" || w == "in" {
		k++
	}
	if wordAt(words, k) == "the" && wordAt(words, k+1) == "year" {
		k += 2
	} else if wordAt(words, k) == "year" {
		k++
	}
	if k < len(words) && (!closes(words[k]) || words[k].Before&^loose == ',' || words[k-1].point && k == j) {
		if y, next, ok := parseYear(words, k); ok {
			p.first, p.last, p.hasYear, p.era = y.first, y.last, true, y.era
			return p, next, true
		}
		// "15 March 44" leaves its century or its era unsaid.
		if w := words[k]; k == j && w.Kind == Number && len(w.Text) == 2 && isDigits(w.Text) && w.Before == ' ' && p.day > 0 && !counts(first(words[k+1:])) && numerals[wordAt(words, k+1)].class == noNumeral {
			return p, k + 1, true
		}
	}
	return p, j, true
}

// parseMonth reads a date that begins with a month: May 1453, May 29, 1453.
func parseMonth(words []Word, i int, alone bool) (p parsed, next int, ok bool) {
	p.month = monthOf(words[i].Text)
	j := i + 1
	// April-May 1453
	if j < len(words) && words[j].Kind == Month && (words[j].Before&^loose == '-' || words[j].Before == '/') {
		q := p
		q.lastMonth = monthOf(words[j].Text)
		if q, next, ok := yearAfter(words, j+1, q); ok && q.hasYear && q.lastMonth > q.month {
			return q, next, true
		}
	}
	if wordAt(words, j) == "the" {
		j++
	}
	if j < len(words) && words[j].Kind == Number && isDay(words[j]) && !(closes(words[j]) && !words[j-1].point) && !counts(first(words[j+1:])) && !centuries[wordAt(words, j+1)] {
		p.day = value(words[j])
		j++
		if k := j; k < len(words) && words[k].Kind == Number && isDay(words[k]) && words[k].Before&^loose == '-' && value(words[k]) > p.day {
			p.lastMonth, p.lastDay = p.month, value(words[k])
			j++
		}
		return yearAfter(words, j, p)
	}
	q, next, _ := yearAfter(words, i+1, p)
	if !q.hasYear && !alone {
		return p, 0, false
	}
	return q, next, true
}

// parseDecade reads the 1450s, which are a decade, the 1400s, which are a century,
// and the fifties, of which nobody says which.
func parseDecade(words []Word, i int) (p parsed, next int, ok bool) {
	key := strings.TrimSuffix(words[i].Key, "s")
	n, err := strconv.Atoi(key)
	if err != nil {
		return p, 0, false
	}
	next = i + 1
	if len(key) == 2 {
		// the fifties of the 19th century
		if j := next + 2; wordAt(words, next) == "of" && wordAt(words, next+1) == "the" && j < len(words) && words[j].Kind == Number && len(words[j].Key) <= 2 {
			if c, next, ok := parseCentury(words, j); ok && c.first > 0 {
				y := (value(words[j])-1)*100 + n
				return parsed{first: y, last: y + 9, hasYear: true}, next, true
			}
		}
		return parsed{decade: 1 + n/10}, next, true
	}
	p = parsed{first: n, last: n + 9, hasYear: true}
	if n%100 == 0 {
		p.last = n + 99
	}
	if w := wordAt(words, next); (w == "bc" || w == "ad") && words[next].Kind == Function {
		p.era = true
		if w == "bc" {
			p.first, p.last = 1-p.last, 1-p.first
		}
		next++
	}
	return p, next, true
}

// parseCentury reads the 15th century, the 5th to 7th centuries, and millennia.
func parseCentury(words []Word, i int) (p parsed, next int, ok bool) {
	a, j := value(words[i]), i+1
	b := a
	if j+1 < len(words) && (through[words[j].Text] || words[j].Before&^loose == '-') {
		k := j
		if through[words[j].Text] {
			k++
		}
		if k+1 < len(words) && words[k].Kind == Number && len(words[k].Key) <= 2 && centuries[words[k+1].Text] {
			b, j = value(words[k]), k+1
		}
	}
	w := wordAt(words, j)
	if !centuries[w] || words[j].Kind == Number || w == "c" && (words[j].Before != ' ' || j+1 < len(words) && words[j+1].Kind == Year) || a < 1 || b < 1 {
		return p, 0, false
	}
	size := 100
	if strings.HasPrefix(w, "millen") {
		size = 1000
	}
	j++
	bc := false
	if e := wordAt(words, j); (e == "bc" || e == "ad") && words[j].Kind == Function {
		bc = e == "bc"
		p.era = true
		j++
	}
	p.hasYear = true
	if bc {
		p.first, p.last = 1-max(a, b)*size, 1-(min(a, b)-1)*size
		if min(a, b) == 1 {
			p.last = 0
		}
	} else {
		p.first, p.last = max((min(a, b)-1)*size, 1), max(a, b)*size // both ways to count
	}
	return p, j, true
}
