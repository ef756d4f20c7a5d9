package answers

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"footnote/answers/lexicon"

	"github.com/kljensen/snowball/english"
	"github.com/kljensen/snowball/russian"
)

// A word is one word of a question or a phrasing, as the matcher reads it.
type word struct {
	typed string // as it was written, folded
	text  string // after contractions, repair and synonyms
	key   string // what is compared: the stem, or the number in digits
	kind  wordKind
	upper bool // written with a capital that no sentence start explains
}

type wordKind uint8

const (
	content  wordKind = iota // tells what the question is about
	function                 // articles, auxiliaries, prepositions, pronouns, question words: tells nothing by itself
	number                   // a number other than a year
	year                     // a year or a decade: hard evidence
	negation                 // not, never, no, without …
	month                    // the name of a month: hard evidence, as a year is
)

// Years outside this range are numbers to the matcher.
const firstYear, lastYear = 1000, 2199

// functionWords carry a question's grammar. They are compared as text by the
// rankers and never as evidence that a fact does or does not hold a word.
var functionWords = set(`a an the this that these those there here it its he she him her his hers they them their theirs we us our you your i me my mine
is are was were be been being am do does did done doing has have had having will would shall should can could may might must ought
of in on at by for with about against between into through during before after above below to from up down out off over under again
and or but if then else than so as while because until since although though whether both either
who whom whose which what when where why how whatever whoever
some any all each every more most other such only own same just also too very ever even still yet already
please tell explain describe give know want like let say get got go show happen happened happens thing things something anything someone anyone somebody anybody
really actually exactly sorry thanks thank guys heck hell btw wonder wondering curious somewhere nowadays today currently quick question questions famous big well yes s t d ll re ve m ok hey hi hello much many lot kind sort way one ones
called name named time times date year years day days person people place`)

var negations = set(`not no never none nobody nothing neither nor`)

// months are unmistakable names of months; "may" and "march" are read as months
// only after in, of, since or a day, or before a year or a day (markMonths).
var months = set(`january february april june july august september october november december`)

func set(words string) map[string]bool {
	m := map[string]bool{}
	for w := range strings.FieldsSeq(words) {
		m[w] = true
	}
	return m
}

// shortYear is a year of the last century without it: '56.
var shortYear = regexp.MustCompile(`(^|[^\pL\pN])[\'’](\d\d)\b`)

// read turns text into words. It does everything that needs no pack: folding,
// contractions, numbers, stems.
func read(text string) []word {
	words := make([]word, 0, 16)
	folded := fold(text)
	if strings.ContainsAny(folded, "'’") {
		folded = shortYear.ReplaceAllString(folded, "${1}19$2")
	}
	split(folded, func(w string) {
		expand(w, func(part string) {
			if n := len(words); n < maxTokens && (n == 0 || words[n-1].text != part) { // said twice is said once
				words = append(words, makeWord(w, part))
			}
		})
	})
	if len(words) > 1 && auxiliaries[words[1].text] { // spelt like other words, so that no list of words tells
		if right, ok := slips[words[0].text]; ok {
			words[0] = makeWord(words[0].typed, right)
		}
	}
	markUpper(text, words)
	markMonths(words)
	return markNumbers(words)
}

// slips are question words as they are often typed, where an auxiliary follows.
var slips = map[string]string{"wen": "when", "whan": "when", "were": "where", "ware": "where", "hoe": "how", "hoo": "who"}

func makeWord(typed, text string) word {
	w := word{typed: typed, text: text}
	if d := digits(text); d != "" {
		w.key, w.kind = d, number
		if isYear(d) {
			w.kind = year
		}
		return w
	}
	w.key = stem(text)
	switch {
	case negations[text]:
		w.kind = negation
	case months[text]:
		w.kind = month
	case functionWords[text] || runeLen(text) < 2:
		w.kind = function
	}
	return w
}

// isYear reports whether d is a year ("1956") or a decade ("1990s").
func isYear(d string) bool {
	d = strings.TrimSuffix(d, "s")
	if len(d) != 4 {
		return false
	}
	n := 0
	for _, c := range d {
		n = n*10 + int(c-'0')
	}
	return n >= firstYear && n <= lastYear
}

// stem reduces a word to what its inflections share: Snowball's English stemmer
// for Latin letters, its Russian one for Cyrillic. Other scripts stay as they are.
func stem(w string) string {
	switch r, _ := utf8.DecodeRuneInString(w); {
	case unicode.Is(unicode.Latin, r):
		return english.Stem(british(w), false)
	case unicode.Is(unicode.Cyrillic, r):
		return russian.Stem(w, false)
	}
	return w
}

// markUpper finds the words that stand with a capital inside a sentence, which
// in a question is the best sign of a name. A text in capitals, or one whose
// every word has a capital, tells nothing.
func markUpper(text string, words []word) {
	if len(text) > maxQuestionBytes {
		text = text[:maxQuestionBytes]
	}
	upper := map[string]bool{}
	start, lower := true, 0
	for f := range strings.FieldsSeq(text) {
		trimmed := strings.TrimLeftFunc(f, func(r rune) bool { return !unicode.IsLetter(r) })
		first, _ := utf8.DecodeRuneInString(trimmed)
		switch {
		case unicode.IsUpper(first) && !start:
			split(fold(trimmed), func(w string) { upper[w] = true })
		case unicode.IsLower(first):
			lower++
		}
		start = strings.HasSuffix(f, ".") || strings.HasSuffix(f, "!") || strings.HasSuffix(f, "?") || strings.HasSuffix(f, ":")
	}
	if lower < 2 {
		return
	}
	for i := range words {
		words[i].upper = upper[words[i].typed] && words[i].kind == content
	}
}

// isName reports whether w is, as far as can be told, the name of somebody or
// something.
func (w word) isName(lex *lexicon.Lexicon) bool {
	return w.kind == content && (w.upper || lex.IsName(w.text) || !lex.Knows(w.text) && (lex.IsName(w.key) || !lex.Knows(w.key) && runeLen(w.text) > 3))
}

// markMonths reads "may" and "march" as months where their neighbours say so.
func markMonths(words []word) {
	for i := range words {
		if w := &words[i]; w.text == "may" || w.text == "march" {
			before := i > 0 && (words[i-1].text == "in" || words[i-1].text == "of" || words[i-1].text == "since" || words[i-1].kind == number)
			after := i+1 < len(words) && (words[i+1].kind == number || words[i+1].kind == year)
			if before || after {
				w.kind = month
			}
		}
	}
}

// markNumbers reads "1978-79" as two years and "twenty-third" as one number.
// Numbers below ten that are spelt out ("two words") and the "no" of "yes or
// no" tell nothing.
func markNumbers(words []word) []word {
	out := words[:0]
	for i := 0; i < len(words); i++ {
		w := words[i]
		var before word
		if len(out) > 0 {
			before = out[len(out)-1]
		}
		_, spelt := numberWords[w.text]
		switch {
		case w.kind == number && before.kind == year && len(w.key) == 2 && len(before.key) == 4:
			w.key, w.kind = before.key[:2]+w.key, year
		case (before.text == "twenty" || before.text == "thirty") && unitOrdinals[w.text] != "":
			before.key = before.key[:1] + unitOrdinals[w.text]
			out[len(out)-1] = before
			continue
		case spelt && len(w.key) == 1:
			w.kind = function
		case w.text == "no" && before.text == "or":
			w.kind = function
		}
		out = append(out, w)
	}
	return out
}

var unitOrdinals = map[string]string{"first": "1", "second": "2", "third": "3", "fourth": "4", "fifth": "5", "sixth": "6", "seventh": "7", "eighth": "8", "ninth": "9",
	"one": "1", "two": "2", "three": "3", "four": "4", "five": "5", "six": "6", "seven": "7", "eight": "8", "nine": "9"}
