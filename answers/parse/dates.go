package parse

import (
	"strconv"
	"strings"
)

// eras are the words and letters that say how years are counted.
var eras = map[string]string{"bc": "bc", "bce": "bc", "ad": "ad", "ce": "ad"}

// readEras finds the eras beside years and centuries: 44 BC, AD 330, the 5th
// century B.C.E. They belong to the date and tell nothing else. What is typed "bc"
// between two clauses means because.
func readEras(words []Word) []Word {
	out := words[:0]
	for i := 0; i < len(words); i++ {
		w := words[i]
		if (w.Text == "before" && i+1 < len(words) && words[i+1].Text == "christ") && len(out) > 0 && dated(out) {
			w.Text, i = "bc", i+1
		} else if w.Text == "anno" && i+1 < len(words) && words[i+1].Text == "domini" {
			w.Text, i = "ad", i+1
		}
		era, ok := eras[w.Text]
		next := first(words[i+1:])
		switch {
		case !ok:
		case len(out) > 0 && dated(out) && w.Before != '.'|loose:
			era, n := eras[w.Text], len(out)
			makeYear(&out[n-1])
			// 660-650 BC, between 44 and 30 BC
			if n > 1 && isDigits(out[n-1].Text) {
				if out[n-1].Before&^loose == '-' {
					makeYear(&out[n-2])
				} else if n > 2 && (out[n-2].Text == "and" || out[n-2].Text == "to" || out[n-2].Text == "until") {
					makeYear(&out[n-3])
				}
			}
			w.Text, w.Key, w.Kind = era, era, Function
		case (next.Kind == Number || next.Kind == Year) && isDigits(next.Text) && (!closes(next) || w.Spelt && next.Before == '.'|loose):
			makeYear(&words[i+1])
			w.Text, w.Key, w.Kind = era, era, Function
		case w.Text == "bc" && !w.Spelt && len(out) > 0 && i+1 < len(words):
			w.Text, w.Key, w.Kind = "because", Stem("because"), Function
		}
		out = append(out, w)
	}
	return out
}

// dated reports whether words end in a number, or a century, that an era may follow.
func dated(words []Word) bool {
	n := len(words)
	w := words[n-1]
	if w.Kind == Number || w.Kind == Year {
		return true
	}
	return n > 1 && centuries[w.Text] && words[n-2].Kind == Number
}

// centuries are the words and short forms after an ordinal.
var centuries = set(`century centuries c cent millennium millennia`)

// makeYear makes a number a year where something says that it is one.
func makeYear(w *Word) {
	if w.Kind == Number && isDigits(w.Key) && len(w.Key) <= 4 {
		w.Kind = Year
	}
}

// beforeYear are the words after which three digits are a year: in 330.
var beforeYear = set(`in since until till by before after year from circa c ca during`)

// readDates reads the numbers that stand for a month or a year: 29.05.1453,
// 1453-05-29, 02/1956, 1978-79, in 330. And it leaves 1500 men a number.
func readDates(words []Word) {
	for i := range words {
		w := &words[i]
		if w.Kind != Number && w.Kind != Year || !isDigits(w.Text) {
			continue
		}
		var before Word
		if i > 0 {
			before = words[i-1]
		}
		tied := isDigits(before.Text) && (w.Before == '.' || w.Before == '/' || w.Before == '-')
		if i+1 < len(words) && isDigits(words[i+1].Text) && !tied && numericDate(words[i:]) {
			continue
		}
		next := first(words[i+1:])
		switch {
		case w.Kind == Number && len(w.Key) == 2 && before.Kind == Year && len(before.Key) == 4 && isDigits(before.Key) && (w.Before&^loose == '-' || w.Before == '/') && w.Key > before.Key[2:]:
			w.Key, w.Kind = before.Key[:2]+w.Key, Year // 1978-79
		case w.Kind == Number && len(w.Text) == 3 && w.Text[0] != '0' && monthOf(before.Text) > 0:
			w.Kind = Year
		case w.Kind == Number && len(w.Text) == 3 && w.Text[0] != '0' && (beforeYear[before.Text] || before.Text == "of" && value(*w)%50 != 0) && w.Before == ' ' && !counts(next): // in 330, the raid of 867
			w.Kind = Year
		case w.Kind == Year && counted[next.Text] && !closes(next) && before.Text != "in" && before.Text != "since" && before.Text != "of" && before.Text != "by":
			w.Kind = Number
		}
	}
}

// counts reports whether next is what a number before it counts.
func counts(next Word) bool {
	if next.Text == "" || closes(next) {
		return false
	}
	return counted[next.Text] || countedUnits[next.Text] || next.Kind == Content && strings.HasSuffix(next.Text, "s") && !isNameText(next)
}

// numericDate reads a date in digits that words begin with, and writes its month by
// name. A date that is read one way by Europeans and another way by Americans stays.
func numericDate(words []Word) bool {
	mark := words[1].Before
	if mark != '.' && mark != '/' && mark != '-' {
		return false
	}
	at := func(i int) int {
		n, err := strconv.Atoi(words[i].Text)
		if err != nil || len(words[i].Text) > 4 {
			return -1
		}
		return n
	}
	isMonth := func(n int) bool { return 1 <= n && n <= 12 }
	isDay := func(n int) bool { return 1 <= n && n <= 31 }
	named := func(i, m int) {
		words[i].Text, words[i].Kind = monthNames[m], Month
		words[i].Key = Stem(words[i].Text)
	}
	day := func(i, d int) {
		words[i].Text = strconv.Itoa(d)
		words[i].Key, words[i].Kind = words[i].Text, Number
	}
	a, b := at(0), at(1)
	if len(words) > 2 && words[2].Before == mark && isDigits(words[2].Text) {
		c := at(2)
		switch la, lc := len(words[0].Text), len(words[2].Text); {
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
	case len(words[0].Text) <= 2 && len(words[1].Text) == 4 && isMonth(a) && isYear(words[1].Text): // 05/1453
		named(0, a)
		words[1].Kind = Year
		return true
	case len(words[0].Text) == 4 && len(words[1].Text) == 2 && isYear(words[0].Text) && isMonth(b) && words[1].Text <= words[0].Text[2:] && mark != '.': // 1453-05
		named(1, b)
		return true
	}
	return false
}

// readMonths reads "may", "march" and short forms of months' names as months where
// their neighbours say so.
func readMonths(words []Word) {
	for i := range words {
		w := &words[i]
		m := monthOf(w.Text)
		if m == 0 || w.Kind == Month || w.Spelt {
			continue
		}
		before, next := last(words[:i]), first(words[i+1:])
		if closes(*w) {
			before = Word{Kind: Function}
		}
		if next.Before == '.'|loose && w.Text != "may" && w.Text != "march" { // Jan. 1415
			next.Before = ' '
		}
		if closes(next) && next.Before&^loose != ',' {
			next = Word{Kind: Function}
		}
		is := before.Kind == Number && isDay(before) || next.Kind == Year || next.Kind == Number && isDay(next) && !counts(first(words[min(i+2, len(words)):]))
		switch {
		case is:
		case before.Text == "in" || before.Text == "since" || before.Text == "until" || before.Text == "till" || before.Text == "during":
			is = next.Kind != Content || w.Text != "jan" && w.Text != "mar"
		case before.Text == "of":
			is = w.Text == "may" || w.Text == "march" || i > 1 && words[i-2].Kind == Number
		case before.Text == "early" || before.Text == "late" || before.Text == "mid":
			is = next.Kind != Content
		case w.Text == "feb" || w.Text == "sept" || w.Text == "oct" || w.Text == "aug" || w.Text == "apr":
			is = true // they are no words but these
		}
		if is {
			w.Text, w.Kind = monthNames[m], Month
			w.Key = Stem(w.Text)
		}
	}
}

// markDays marks the numbers that stand beside a month, as the days they are: 1 September is
// no first war.
func markDays(words []Word) {
	for i := range words {
		w := &words[i]
		if w.Kind != Number || !isDay(*w) {
			continue
		}
		next := first(words[i+1:])
		if next.Text == "of" {
			next = first(words[min(i+2, len(words)):])
		}
		w.Day = next.Kind == Month || i > 0 && words[i-1].Kind == Month
	}
}

// isDay reports whether w may be the day of a month.
func isDay(w Word) bool {
	n, err := strconv.Atoi(w.Key)
	return err == nil && 1 <= n && n <= 31
}
