package answers

import (
	"strconv"
	"strings"
)

// eras are the words and letters that say how years are counted.
var eras = map[string]string{"bc": "bc", "bce": "bc", "ad": "ad", "ce": "ad"}

// readEras finds the eras beside years and centuries: 44 BC, AD 330, the 5th
// century B.C.E. They belong to the date and tell nothing else. What is typed "bc"
// between two clauses means because.
func readEras(words []word) []word {
	out := words[:0]
	for i := 0; i < len(words); i++ {
		w := words[i]
		if (w.text == "before" && i+1 < len(words) && words[i+1].text == "christ") && len(out) > 0 && dated(out) {
			w.text, i = "bc", i+1
		} else if w.text == "anno" && i+1 < len(words) && words[i+1].text == "domini" {
			w.text, i = "ad", i+1
		}
		era, ok := eras[w.text]
		next := first(words[i+1:])
		switch {
		case !ok:
		case len(out) > 0 && dated(out) && w.before != '.'|loose:
			era, n := eras[w.text], len(out)
			makeYear(&out[n-1])
			// 660-650 BC, between 44 and 30 BC
			if n > 1 && isDigits(out[n-1].text) {
				if out[n-1].before&^loose == '-' {
					makeYear(&out[n-2])
				} else if n > 2 && (out[n-2].text == "and" || out[n-2].text == "to" || out[n-2].text == "until") {
					makeYear(&out[n-3])
				}
			}
			w.text, w.key, w.kind = era, era, function
		case (next.kind == number || next.kind == year) && isDigits(next.text) && (!closes(next) || w.spelt && next.before == '.'|loose):
			makeYear(&words[i+1])
			w.text, w.key, w.kind = era, era, function
		case w.text == "bc" && !w.spelt && len(out) > 0 && i+1 < len(words):
			w.text, w.key, w.kind = "because", stem("because"), function
		}
		out = append(out, w)
	}
	return out
}

// dated reports whether words end in a number, or a century, that an era may follow.
func dated(words []word) bool {
	n := len(words)
	w := words[n-1]
	if w.kind == number || w.kind == year {
		return true
	}
	return n > 1 && centuries[w.text] && words[n-2].kind == number
}

// centuries are the words and short forms after an ordinal.
var centuries = set(`century centuries c cent millennium millennia`)

func isDigits(s string) bool { return s != "" && strings.Trim(s, "0123456789") == "" }

// makeYear makes a number a year where something says that it is one.
func makeYear(w *word) {
	if w.kind == number && isDigits(w.key) && len(w.key) <= 4 {
		w.kind = year
	}
}

// beforeYear are the words after which three digits are a year: in 330.
var beforeYear = set(`in since until till by before after year from circa c ca during`)

// readDates reads the numbers that stand for a month or a year: 29.05.1453,
// 1453-05-29, 02/1956, 1978-79, in 330. And it leaves 1500 men a number.
func readDates(words []word) {
	for i := range words {
		w := &words[i]
		if w.kind != number && w.kind != year || !isDigits(w.text) {
			continue
		}
		var before word
		if i > 0 {
			before = words[i-1]
		}
		tied := isDigits(before.text) && (w.before == '.' || w.before == '/' || w.before == '-')
		if i+1 < len(words) && isDigits(words[i+1].text) && !tied && numericDate(words[i:]) {
			continue
		}
		next := first(words[i+1:])
		switch {
		case w.kind == number && len(w.key) == 2 && before.kind == year && len(before.key) == 4 && isDigits(before.key) && (w.before&^loose == '-' || w.before == '/') && w.key > before.key[2:]:
			w.key, w.kind = before.key[:2]+w.key, year // 1978-79
		case w.kind == number && len(w.text) == 3 && w.text[0] != '0' && monthOf(before.text) > 0:
			w.kind = year
		case w.kind == number && len(w.text) == 3 && w.text[0] != '0' && (beforeYear[before.text] || before.text == "of" && value(*w)%50 != 0) && w.before == ' ' && !counts(next): // in 330, the raid of 867
			w.kind = year
		case w.kind == year && counted[next.text] && !closes(next) && before.text != "in" && before.text != "since" && before.text != "of" && before.text != "by":
			w.kind = number
		}
	}
}

// counts reports whether next is what a number before it counts.
func counts(next word) bool {
	if next.text == "" || closes(next) {
		return false
	}
	return counted[next.text] || countedUnits[next.text] || next.kind == content && strings.HasSuffix(next.text, "s") && !isNameText(next)
}

// numericDate reads a date in digits that words begin with, and writes its month by
// name. A date that is read one way by Europeans and another way by Americans stays.
func numericDate(words []word) bool {
	mark := words[1].before
	if mark != '.' && mark != '/' && mark != '-' {
		return false
	}
	at := func(i int) int {
		n, err := strconv.Atoi(words[i].text)
		if err != nil || len(words[i].text) > 4 {
			return -1
		}
		return n
	}
	isMonth := func(n int) bool { return 1 <= n && n <= 12 }
	isDay := func(n int) bool { return 1 <= n && n <= 31 }
	named := func(i, m int) {
		words[i].text, words[i].kind = monthNames[m], month
		words[i].key = stem(words[i].text)
	}
	day := func(i, d int) {
		words[i].text = strconv.Itoa(d)
		words[i].key, words[i].kind = words[i].text, number
	}
	a, b := at(0), at(1)
	if len(words) > 2 && words[2].before == mark && isDigits(words[2].text) {
		c := at(2)
		switch la, lc := len(words[0].text), len(words[2].text); {
		case la >= 3 && isMonth(b) && isDay(c) && lc <= 2: // 1453-05-29
			makeYear(&words[0])
			named(1, b)
			day(2, c)
			return true
		case la <= 2 && lc >= 3 && isDay(a) && isMonth(b) && (mark != '/' || a > 12 || a == b): // 29.05.1453
			day(0, a)
			named(1, b)
			makeYear(&words[2])
			return true
		case la <= 2 && lc >= 3 && isMonth(a) && isDay(b) && b > 12: // 05/29/1453
			named(0, a)
			day(1, b)
			makeYear(&words[2])
			return true
		}
		return false
	}
	switch {
	case len(words[0].text) <= 2 && len(words[1].text) == 4 && isMonth(a) && isYear(words[1].text): // 05/1453
		named(0, a)
		words[1].kind = year
		return true
	case len(words[0].text) == 4 && len(words[1].text) == 2 && isYear(words[0].text) && isMonth(b) && words[1].text <= words[0].text[2:] && mark != '.': // 1453-05
		named(1, b)
		return true
	}
	return false
}

// readMonths reads "may", "march" and short forms of months' names as months where
// their neighbours say so.
func readMonths(words []word) {
	for i := range words {
		w := &words[i]
		m := monthOf(w.text)
		if m == 0 || w.kind == month || w.spelt {
			continue
		}
		before, next := last(words[:i]), first(words[i+1:])
		if closes(*w) {
			before = word{kind: function}
		}
		if next.before == '.'|loose && w.text != "may" && w.text != "march" { // Jan. 1415
			next.before = ' '
		}
		if closes(next) && next.before&^loose != ',' {
			next = word{kind: function}
		}
		is := before.kind == number && isDay(before) || next.kind == year || next.kind == number && isDay(next) && !counts(first(words[min(i+2, len(words)):]))
		switch {
		case is:
		case before.text == "in" || before.text == "since" || before.text == "until" || before.text == "till" || before.text == "during":
			is = next.kind != content || w.text != "jan" && w.text != "mar"
		case before.text == "of":
			is = w.text == "may" || w.text == "march" || i > 1 && words[i-2].kind == number
		case before.text == "early" || before.text == "late" || before.text == "mid":
			is = next.kind != content
		case w.text == "feb" || w.text == "sept" || w.text == "oct" || w.text == "aug" || w.text == "apr":
			is = true // they are no words but these
		}
		if is {
			w.text, w.kind = monthNames[m], month
			w.key = stem(w.text)
		}
	}
}

// markDays marks the numbers that stand beside a month, as the days they are: 1 September is
// no first war.
func markDays(words []word) {
	for i := range words {
		w := &words[i]
		if w.kind != number || !isDay(*w) {
			continue
		}
		next := first(words[i+1:])
		if next.text == "of" {
			next = first(words[min(i+2, len(words)):])
		}
		w.day = next.kind == month || i > 0 && words[i-1].kind == month
	}
}

// isDay reports whether w may be the day of a month.
func isDay(w word) bool {
	n, err := strconv.Atoi(w.key)
	return err == nil && 1 <= n && n <= 31
}
