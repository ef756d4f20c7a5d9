// Package parse reads a question, or a text of a pack, as far as that goes without knowing any
// pack. [Questions] splits a message, and [Undress] takes off what stands round a question.
// [Question] and [Text] read words, with their stems, numbers, dates and negations, in English
// and other languages. Of the words tell [AsksFor] and [FrameOf] what is asked for, [TimesIn]
// which times are named, and [LeaningOf] whether the question goes on from the last answer.
package parse

import (
	"hash/maphash"
	"strconv"
	"strings"
	"sync/atomic"
	"unicode"
	"unicode/utf8"

	"footnote/answers/lexicon"

	"github.com/kljensen/snowball/english"
	"github.com/kljensen/snowball/russian"
)

// A Word is one word of a question or a phrasing, as the matcher reads it.
type Word struct {
	Typed string // as it was written, folded
	Text  string // after contractions, repair and synonyms
	Key   string // what is compared: the stem, or the number in digits
	Kind  Kind
	Upper bool // written with a capital that no sentence start explains

	Before byte // the first mark between the word before and this one; its highest bit is set if it does not touch both; a blank if there are only blanks
	point  bool // a point follows at once
	Spelt  bool // letters with points or a hyphen: U.S.S.R., U-boat
	Day    bool // a number beside a month: the day of a date

	lang    uint8 // whose reader read it (wordReaders); englishTexts for English
	Glossed bool  // text is English for it
}

// A Kind is what a word is in a sentence.
type Kind uint8

const (
	Content  Kind = iota // tells what the question is about
	Function             // articles, auxiliaries, prepositions, pronouns, question words: tells nothing by itself
	Number               // a number other than a year
	Year                 // a year or a decade: hard evidence
	Negation             // not, never, no, without …
	Month                // the name of a month: hard evidence, as a year is
)

// Years outside this range are numbers to the matcher, but where an era, a month
// or "in" says that they are years.
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
called name named time times date year years day days person people place mr mrs ms mister`)

var negations = set(`not no never none nobody nothing neither nor`)

// months are unmistakable names of months. "May", "march" and short forms that are
// names too (Jan) are read as months only beside a day or a year, or after
// in, since and the like (readMonths).
var months = set(`january february april june july august september october november december`)

// monthNumbers are the months' names and short forms.
var monthNumbers = map[string]int{
	"january": 1, "february": 2, "march": 3, "april": 4, "may": 5, "june": 6, "july": 7, "august": 8, "september": 9, "october": 10, "november": 11, "december": 12,
	"jan": 1, "feb": 2, "mar": 3, "apr": 4, "jun": 6, "jul": 7, "aug": 8, "sep": 9, "sept": 9, "oct": 10, "nov": 11, "dec": 12,
}

var monthNames = [...]string{"", "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december"}

// monthOf is the number of the month that w is the name of, or 0.
func monthOf(w string) int { return monthNumbers[w] }

func set(words string) map[string]bool {
	m := map[string]bool{}
	for w := range strings.FieldsSeq(words) {
		m[w] = true
	}
	return m
}

// spellings are what some abbreviations are written as, with points or without.
// Others are joined as they stand.
var spellings = map[string]string{"us": "usa", "bce": "bc", "ce": "ad"}

// states are the short abbreviations that are no initials.
var states = set(`us un uk eu`)

// abbreviated reports whether letters with points are known as a word: U.N.
func abbreviated(letters string) bool { return lexicon.English().Knows(letters) || eras[letters] != "" }

// afterUS are the words before which "us" is the country, even in small letters.
var afterUS = set(`army president presidents troops congress senate navy government soldiers forces economy dollar constitution citizens senator marines ambassador policy
embassy invasion supreme secretary election elections civil presidential military`)

// mayTakeUS are the words after which an "us" before one of those is the pronoun.
var mayTakeUS = set(`tell give show let teach help remind`)

// What a text holds that several words must be read together for.
const (
	sawNumber = 1 << iota
	sawMonth
	sawNot
	sawEra
	sawLetters // with points
	sawTitle
)

// saw tells what a word may be beside what EnglishWord reads it as.
var saw = func() map[string]uint8 {
	m := map[string]uint8{}
	for w := range numerals {
		m[w] |= sawNumber
	}
	for w := range monthNumbers {
		m[w] |= sawMonth
	}
	for w := range negations {
		m[w] |= sawNot
	}
	for _, w := range strings.Fields("bc bce ad ce christ domini") {
		m[w] |= sawEra
	}
	for _, w := range strings.Fields("us st u") {
		m[w] |= sawTitle
	}
	return m
}()

// read turns text into words. It does everything that needs no pack: folding,
// contractions, numbers, dates, stems, and names by their capitals, which tell
// something in a pack alone.
func read(text string) []Word {
	words := readAsked(text)
	markUpper(text, words)
	return words
}

// readAsked reads a question as read does a pack's text, but for capitals: people
// write questions as they like.
func readAsked(text string) []Word {
	words := make([]Word, 0, min(strings.Count(text, " ")+2, MaxWords)) // phrasings are kept as they are read
	var seen uint8
	c := cutter{s: Fold(text)}
	add := func(t *token, part string) {
		n := len(words)
		if n >= MaxWords || n > 0 && words[n-1].Text == part && words[n-1].Kind != Number && t.before&loose == 0 { // said twice is said once
			return
		}
		w := EnglishWord(t.text, part)
		w.Before, w.point = t.before, t.point
		if w.Kind == Number || w.Kind == Year || len(part) < 9 && romanLetters(part) && roman(part) > 0 {
			seen |= sawNumber
		}
		if len(part) == 1 {
			seen |= sawNumber | sawLetters
		}
		seen |= saw[part]
		words = append(words, w)
	}
	for t, ok := c.next(); ok; t, ok = c.next() {
		if t.spelt {
			seen |= sawLetters | saw[t.text] | sawNumber
			if n := len(words); n < MaxWords {
				words = append(words, pointed(t))
			}
			continue
		}
		if n := len(t.text); n > 2 && n < 6 && t.text[:2] == "ww" { // WWII, ww2
			war := t.text[2:]
			if v := roman(war); v > 0 {
				war = strconv.Itoa(v)
			}
			if isDigits(war) {
				seen |= sawNumber
				for _, part := range [...]string{"world", "war", war} {
					add(&t, part)
				}
				continue
			}
		}
		if strings.IndexByte(t.text, '\'') < 0 {
			if _, short := contractions[t.text]; !short {
				add(&t, t.text)
				continue
			}
		}
		expand(t.text, func(part string) { add(&t, part) })
	}
	if len(words) > 1 && auxiliaries[words[1].Text] { // spelt like other words, so that no list of words tells
		if right, ok := slips[words[0].Text]; ok {
			words[0] = EnglishWord(words[0].Typed, right)
		}
	}
	if seen&(sawLetters|sawTitle) != 0 {
		words = readLetters(words)
	}
	if seen&sawNumber != 0 {
		words = readNumbers(words)
		rotate(words)
	}
	if seen&sawEra != 0 {
		words = readEras(words)
	}
	if seen&sawNumber != 0 {
		readDates(words)
	}
	if seen&sawMonth != 0 {
		readMonths(words)
	}
	if seen&sawNumber != 0 {
		markDays(words)
	}
	if seen&sawNot != 0 {
		readNegations(words)
	}
	return words
}

// pointed reads letters with points, or a letter that is tied to a word.
func pointed(t token) Word {
	w := Word{Typed: t.text, Text: t.text, Before: t.before, point: t.point, Spelt: true}
	if full, ok := spellings[t.text]; ok {
		w.Text = full
	} else if len(t.text) > 1 && functionWords[t.text] { // W.H.O.
		w.Text = strings.Join(strings.Split(t.text, ""), ".")
	}
	w.Key = w.Text
	switch w.Text {
	case "am", "pm", "eg", "ie":
		w.Kind = Function
	}
	return w
}

// readLetters leaves initials out, which tell nothing beside the name, and finds
// the country that is written like a pronoun.
func readLetters(words []Word) []Word {
	out := words[:0]
	for i := 0; i < len(words); i++ {
		w := words[i]
		next := first(words[i+1:])
		before := last(out)
		named := (isNameText(next) || next.point && len(next.Text) == 1) && (!closes(next) || w.point && next.Before == '.'|loose)
		switch {
		case w.Spelt && named && w.Kind == Content && before.Text != "the" && len(w.Text) > 1 && eras[w.Text] == "" && (len(w.Text) < 3 && !states[w.Text] || !abbreviated(w.Text)):
			continue // N.S. Khrushchev
		case w.point && len(w.Text) == 1 && (named || next.Kind == Content && i > 0 && words[i-1].point && len(words[i-1].Typed) == 1) && isLetter(w.Text[0]) && !lettered[before.Text] && !(romanLetters(w.Text) && (regnal[before.Text] || series[before.Text])):
			continue // N. S. Khrushchev
		case w.Text == "us" && !w.Spelt && (before.Text == "the" || afterUS[next.Text] && !mayTakeUS[before.Text]):
			w.Text, w.Key, w.Kind = "usa", "usa", Content
		case w.Text == "st" && next.Kind == Content && before.Kind != Number:
			w.Text = "saint"
			w.Key = Stem(w.Text)
		}
		out = append(out, w)
	}
	if len(out) == 0 {
		return words
	}
	return out
}

// slips are question words as they are often typed, where an auxiliary follows.
var slips = map[string]string{"wen": "when", "whan": "when", "were": "where", "ware": "where", "hoe": "how", "hoo": "who"}

// EnglishWord is a word by itself: text, for which typed was written.
func EnglishWord(typed, text string) Word {
	if k, ok := grammar[text]; ok {
		return Word{Typed: typed, Text: text, Key: k.Key, Kind: k.Kind}
	}
	w := Word{Typed: typed, Text: text}
	if d := digits(text); d != "" {
		w.Key, w.Kind = d, Number
		if isYear(d) && (d == text || d[len(d)-1] == 's') {
			w.Kind = Year
		}
		return w
	}
	w.Key = Stem(text)
	if len(text) == 1 || runeLen(text) < 2 {
		w.Kind = Function
	}
	return w
}

// grammar are the words that are no content, with their stems.
var grammar = func() map[string]Word {
	m := map[string]Word{}
	for w := range functionWords {
		m[w] = Word{Key: newStem(w), Kind: Function}
	}
	for w := range months {
		m[w] = Word{Key: newStem(w), Kind: Month}
	}
	for w := range negations {
		m[w] = Word{Key: newStem(w), Kind: Negation}
	}
	return m
}()

// isYear reports whether d is a year ("1956") or a decade ("1990s", "90s").
func isYear(d string) bool {
	if decade, ok := strings.CutSuffix(d, "s"); ok {
		if len(decade) == 2 {
			return true
		}
		d = decade
	}
	if len(d) != 4 {
		return false
	}
	n, err := strconv.Atoi(d)
	return err == nil && n >= firstYear && n <= lastYear
}

// Stem reduces a word to what its inflections share: Snowball's English stemmer
// for Latin letters, its Russian one for Cyrillic. Other scripts stay as they are.
func Stem(w string) string {
	at := &stems[maphash.String(stemSeed, w)%uint64(len(stems))]
	if s := at.Load(); s != nil && s.word == w {
		return s.stem
	}
	s := newStem(w)
	if len(w) <= MaxRunes {
		at.Store(&stemmed{strings.Clone(w), s})
	}
	return s
}

// stems remembers what was stemmed, for stemming is most of what reading costs.
// Each place holds the last word that fell on it.
var (
	stems    [1 << 13]atomic.Pointer[stemmed]
	stemSeed = maphash.MakeSeed()
)

type stemmed struct{ word, stem string }

func newStem(w string) string {
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
func markUpper(text string, words []Word) {
	if len(text) > MaxBytes {
		text = text[:MaxBytes]
	}
	upper := map[string]bool{}
	start, lower := true, 0
	for f := range strings.FieldsSeq(text) {
		trimmed := strings.TrimLeftFunc(f, func(r rune) bool { return !unicode.IsLetter(r) })
		first, _ := utf8.DecodeRuneInString(trimmed)
		switch {
		case unicode.IsUpper(first) && !start:
			split(Fold(trimmed), func(w string) { upper[w] = true })
		case unicode.IsLower(first):
			lower++
		}
		start = strings.HasSuffix(f, ".") || strings.HasSuffix(f, "!") || strings.HasSuffix(f, "?") || strings.HasSuffix(f, ":")
	}
	if lower < 2 {
		return
	}
	for i := range words {
		words[i].Upper = upper[words[i].Typed] && words[i].Kind == Content
	}
}

// IsName reports whether w is, as far as can be told, the name of somebody or
// something.
func (w Word) IsName(lex *lexicon.Lexicon) bool {
	if w.lang != englishTexts {
		return w.Kind == Content && w.Upper && !w.reader().nouns
	}
	return w.Kind == Content && (w.Upper || w.Spelt && len(w.Text) > 1 || lex.IsName(w.Text) || !lex.Knows(w.Text) && (lex.IsName(w.Key) || !lex.Knows(w.Key) && runeLen(w.Text) > 3))
}
