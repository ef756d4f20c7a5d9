package language

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Kind is what a word of a question is.
type Kind uint8

const (
	Content  Kind = iota // tells what the question is about
	Function             // grammar
	Asks                 // a question word
	Negation
	Number // in digits, or an ordinal
	Date   // a year, a decade, a century, an era
	Month
	Address // what is said to the one who is asked: "erzähl mir"
	Order   // before, after, since

	// Those below are read as one of those above.
	which       // a question word that may stand before a noun
	noun        // after "which": what is asked for
	ordinal     // of a number
	decade      // of a century that is not said
	decadeAfter // before a number: "années"
	century
	timeWord // before, after, since, where a time follows
)

// A Word is one word of a question.
type Word struct {
	Text    string // as it was written, in lower case
	Folded  string // without marks, ligatures and the like
	Kind    Kind
	English string // what it is in English where the table tells; "" else
	Name    string // how English writes a name that it writes otherwise; "" else
	Capital bool   // it was written with a capital, and does not begin the question

	Inverted bool // it stands behind a hyphen: a-t-il
}

// token is a word before it is read.
type token struct {
	text, folded string
	capital      bool
	glued        bool // it follows the one before at once: 1er
}

// split cuts text into words: letters and digits, and apostrophes inside a word where the
// language is written with them.
func split(text string) []token {
	if ascii(text) {
		return splitASCII(text)
	}
	var out []token
	var b []rune
	glued := false
	flush := func() {
		if len(b) > 0 {
			s := string(b)
			lower := strings.ToLower(s)
			out = append(out, token{lower, fold(lower), unicode.IsUpper(b[0]) && len(out) > 0, glued})
			b, glued = b[:0], true
		}
	}
	runes := []rune(norm.NFC.String(text))
	for i, r := range runes {
		switch {
		case unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r):
			if len(b) > 0 && unicode.IsDigit(b[len(b)-1]) != unicode.IsDigit(r) && unicode.IsLetter(r) != unicode.IsLetter(b[len(b)-1]) {
				flush() // 1950er
			}
			b = append(b, r)
		case (r == '\'' || r == '’' || r == 'ʼ') && len(b) > 0 && i+1 < len(runes) && unicode.Is(unicode.Cyrillic, b[len(b)-1]) && unicode.Is(unicode.Cyrillic, runes[i+1]):
			b = append(b, '\'') // п'ять; French and Italian words end there
		default:
			flush()
			glued = r == '-'
		}
	}
	flush()
	return out
}

// splitASCII does what split does, of texts in which nothing is to be folded.
func splitASCII(text string) []token {
	lower := strings.ToLower(text)
	out := make([]token, 0, 1+strings.Count(text, " "))
	from, glued := -1, false // where a word begins
	flush := func(to int) {
		if from >= 0 {
			w := lower[from:to]
			out = append(out, token{w, w, text[from] != lower[from] && len(out) > 0, glued})
			from, glued = -1, true
		}
	}
	for i := range len(lower) {
		b := lower[i]
		digit := b >= '0' && b <= '9'
		if !digit && (b < 'a' || b > 'z') {
			flush(i)
			glued = b == '-'
			continue
		}
		if from >= 0 && digit != (lower[i-1] <= '9') {
			flush(i) // 1950er
		}
		if from < 0 {
			from = i
		}
	}
	flush(len(lower))
	return out
}

func ascii(s string) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

var letters = strings.NewReplacer("ß", "ss", "ł", "l", "œ", "oe", "æ", "ae", "ø", "o", "đ", "d", "ı", "i", "’", "'", "ʼ", "'")

// fold takes off marks: ё is е, ü is u.
func fold(s string) string {
	if ascii(s) {
		return strings.ToLower(s)
	}
	var b strings.Builder
	for _, r := range norm.NFD.String(letters.Replace(strings.ToLower(s))) {
		if !unicode.Is(unicode.Mn, r) {
			b.WriteRune(r)
		}
	}
	return b.String()
}

// maxWords bounds what is read of a question.
const maxWords = 64

// Read reads a question in the language of t.
func (t *Table) Read(text string) []Word { return t.read(text, nil, nil) }

// Translate reads a question in the language of t with the dictionary: more of its words say
// what they are in English. Stem is the language's stemmer, nil where there is none.
func (t *Table) Translate(text string, stem func(string) string) []Word {
	return t.read(text, t.dictionary(), stem)
}

func (t *Table) read(text string, d *dictionary, stem func(string) string) []Word {
	tokens := split(text)
	tokens = tokens[:min(len(tokens), maxWords)]
	r := reader{t: t, tokens: tokens, dictionary: d, stem: stem}
	for r.at < len(tokens) {
		r.next()
	}
	return r.out
}

type reader struct {
	t          *Table
	dictionary *dictionary // nil without one
	stem       func(string) string
	tokens     []token
	at         int
	out        []Word
	which      int // how many words more may lie between "which" and what is asked for
}

func (r *reader) put(n int, k Kind, english string) {
	w := Word{Kind: k, English: english, Capital: r.tokens[r.at].capital, Inverted: r.tokens[r.at].glued}
	for i, x := range r.tokens[r.at : r.at+n] {
		if i > 0 {
			w.Text, w.Folded = w.Text+" ", w.Folded+" "
		}
		w.Text, w.Folded = w.Text+x.text, w.Folded+x.folded
	}
	r.out = append(r.out, w)
	r.at += n
	if k == Content && verbFirst[r.t.Tag] {
		r.which = 0
	}
}

// verbFirst are languages in which a verb may follow "what", so that a noun behind it is not what is
// asked for: qué dijo el rey.
var verbFirst = set("es", "fr", "it", "pt")

const whichReach = 3

func (r *reader) next() {
	if r.several() || r.century() || r.decade() || r.digits() || r.numeral() {
		return
	}
	r.which--
	e, ok := r.t.find(r.tokens[r.at:], func(k Kind) bool { return k == Number || k == ordinal || k == decade })
	if !ok {
		r.unlisted()
		return
	}
	n := len(e.words)
	switch e.kind {
	case Asks, which:
		if e.kind == which {
			r.which = whichReach + 1
		}
		r.put(n, Asks, e.value)
	case noun:
		r.noun(n, e.value)
	case timeWord:
		if english := r.timeAfter(e.value, n); english != "" {
			r.put(n, Order, english)
			return
		}
		r.put(n, Function, "")
	case Content:
		if e.value == "before" || e.value == "after" {
			r.put(n, Order, e.value)
			return
		}
		r.put(n, Content, e.value)
	case decadeAfter, century:
		r.put(n, Function, "")
	default:
		r.put(n, e.kind, e.value)
	}
}

// several reads several words that tell something together, whatever they are apart: première fois.
func (r *reader) several() bool {
	e, ok := r.t.find(r.tokens[r.at:], func(k Kind) bool { return k != Content })
	if ok = ok && len(e.words) > 1; ok {
		r.put(len(e.words), Content, e.value)
	}
	return ok
}

// unlisted reads a word that the table does not have.
func (r *reader) unlisted() {
	if name, english, n := r.dictionary.find(r.tokens[r.at:]); n > 0 {
		r.put(n, Content, english)
		r.out[len(r.out)-1].Name = name
		return
	}
	w := r.tokens[r.at]
	switch {
	case r.regnal(w):
		r.put(1, Number, w.folded)
	case len([]rune(w.folded)) == 1:
		r.put(1, Function, "")
	case r.dictionary != nil && (!w.capital || len(r.t.Determiners) > 0):
		r.put(1, Content, cmp.Or(r.t.form(w.folded, r.stem), r.t.prefixed(w.folded, r.stem)))
	default:
		r.put(1, Content, "")
	}
}

// regnal reports whether a word is the number behind a name: Osmund I. A letter that is a word
// too must be written as a number.
func (r *reader) regnal(w token) bool {
	_, number := roman(w.folded)
	_, word := r.t.find([]token{w}, func(Kind) bool { return false })
	return number && len(r.out) > 0 && r.out[len(r.out)-1].Kind == Content && (w.capital || !word)
}

// noun reads a word that "which" may ask for: "in welchem Jahr" is when. Words for times are
// grammar elsewhere, as they are in English.
func (r *reader) noun(n int, asks string) {
	if r.which > 0 {
		for i := len(r.out) - 1; i >= 0; i-- {
			if r.out[i].Kind == Asks && strings.HasPrefix(r.out[i].English, "what") {
				r.out[i].English = r.asked(asks)
				r.which = 0
				r.put(n, Function, "")
				return
			}
		}
	}
	if timesIn[asks] {
		r.put(n, Function, "")
		return
	}
	if e, ok := r.t.find(r.tokens[r.at:], func(k Kind) bool { return k != Content }); ok {
		r.put(len(e.words), Content, e.value)
		return
	}
	r.unlisted()
}

// asked is what "which" asks for with the noun that the next token is.
func (r *reader) asked(asks string) string {
	if !asksIn[asks] {
		return "what " + asks
	}
	if r.dictionary == nil || asks == "when" || asks == "why" {
		return asks
	}
	if e, ok := r.t.find(r.tokens[r.at:], func(k Kind) bool { return k != Content }); ok {
		return "what " + e.value // which king
	}
	if _, english, n := r.dictionary.find(r.tokens[r.at:]); n > 0 {
		return "what " + english
	}
	return asks
}

// timeAfter is what a word for before, after or since is where a time follows.
func (r *reader) timeAfter(english string, n int) string {
	if r.at+n >= len(r.tokens) {
		return ""
	}
	next := r.tokens[r.at+n]
	if isDigits(next.folded) {
		return english
	}
	e, ok := r.t.find(r.tokens[r.at+n:], func(Kind) bool { return false })
	if ok && (e.kind == Month || e.kind == decade) {
		return english
	}
	if (english == "before" || english == "after") && !ok && next.capital && r.asksWho() {
		return english // who was abbot before Orwen
	}
	return ""
}

func (r *reader) asksWho() bool {
	return slices.ContainsFunc(r.out, func(w Word) bool { return w.Kind == Asks && w.English == "who" })
}

func isDigits(s string) bool { return s != "" && strings.Trim(s, "0123456789") == "" }

// digits reads a number in digits, with the ordinal's ending behind it.
func (r *reader) digits() bool {
	w := r.tokens[r.at]
	if !isDigits(w.folded) {
		return false
	}
	kind := Number
	if len(w.folded) == 4 {
		kind = Date
	}
	r.put(1, kind, w.folded)
	// The ending of an ordinal: 1er, 5-го.
	if r.at < len(r.tokens) && r.tokens[r.at].glued && !isDigits(r.tokens[r.at].folded) && len([]rune(r.tokens[r.at].folded)) <= 3 {
		r.put(1, Function, "")
	}
	return true
}

// century reads "XV. Jahrhundert", "15 век", "siglo XV".
func (r *reader) century() bool {
	isCentury := func(i int) bool {
		if i >= len(r.tokens) {
			return false
		}
		e, ok := r.t.find(r.tokens[i:], func(k Kind) bool { return k != century })
		return ok && e.kind == century
	}
	put := func(n, number int) bool {
		r.put(n, Date, strconv.Itoa(number)+suffix(number)+" century")
		return true
	}
	if n, ok := r.ordinalAt(r.at); ok && isCentury(r.at+1) {
		return put(2, n)
	}
	if n, ok := r.ordinalAt(r.at); ok && r.at+2 < len(r.tokens) && len(r.tokens[r.at+1].folded) <= 3 && isCentury(r.at+2) && isDigits(r.tokens[r.at].folded) {
		return put(3, n) // 15-й век, 15e siècle
	}
	if isCentury(r.at) && r.at+1 < len(r.tokens) {
		if n, ok := roman(r.tokens[r.at+1].folded); ok {
			return put(2, n)
		}
	}
	return false
}

// ordinalAt is the number that the token is: digits, Roman, or an ordinal in letters.
func (r *reader) ordinalAt(i int) (int, bool) {
	w := r.tokens[i].folded
	if isDigits(w) && len(w) <= 2 {
		n, _ := strconv.Atoi(w)
		return n, n > 0
	}
	if n, ok := roman(strings.TrimSuffix(w, "e")); ok {
		return n, true
	}
	if e, ok := r.t.find(r.tokens[i:], func(k Kind) bool { return k != ordinal }); ok && len(e.words) == 1 {
		n, _ := strconv.Atoi(e.value)
		return n, n > 0
	}
	return 0, false
}

var romans = map[string]int{"i": 1, "ii": 2, "iii": 3, "iv": 4, "v": 5, "vi": 6, "vii": 7, "viii": 8, "ix": 9, "x": 10, "xi": 11, "xii": 12, "xiii": 13, "xiv": 14, "xv": 15,
	"xvi": 16, "xvii": 17, "xviii": 18, "xix": 19, "xx": 20, "xxi": 21}

func roman(w string) (int, bool) {
	n, ok := romans[w]
	return n, ok
}

func suffix(n int) string {
	if n%100/10 == 1 {
		return "th"
	}
	switch n % 10 {
	case 1:
		return "st"
	case 2:
		return "nd"
	case 3:
		return "rd"
	}
	return "th"
}

// decade reads "1950er Jahre", "в 50-е годы", "années 50", "années cinquante", "пятидесятые".
func (r *reader) decade() bool {
	w := r.tokens[r.at].folded
	put := func(n int, number string) bool {
		r.put(n, Date, number+"s")
		return true
	}
	rounds := func(s string) bool {
		return isDigits(s) && (len(s) == 2 || len(s) == 4) && strings.HasSuffix(s, "0")
	}
	next := func(i int) string {
		if r.at+i < len(r.tokens) {
			return r.tokens[r.at+i].folded
		}
		return ""
	}
	if rounds(w) {
		switch next(1) {
		case "er", "ern", "е", "х", "ые", "ых", "ті", "их", "і":
			return put(2, w)
		}
	}
	if e, ok := r.t.find(r.tokens[r.at:], func(k Kind) bool { return k != decadeAfter }); ok && e.kind == decadeAfter && r.at+1 < len(r.tokens) {
		if rounds(next(1)) {
			return put(2, next(1))
		}
		if n := r.t.parts[next(1)]; n >= 20 && n <= 90 {
			if ten := r.t.parts[next(2)]; n%20 == 0 && ten == 10 { // années soixante-dix
				return put(3, strconv.Itoa(n+ten))
			}
			return put(2, strconv.Itoa(n))
		}
		if e, ok := r.t.find(r.tokens[r.at+1:], func(k Kind) bool { return k != decade }); ok && e.kind == decade {
			return put(2, e.value)
		}
	}
	if e, ok := r.t.find(r.tokens[r.at:], func(k Kind) bool { return k != decade }); ok && e.kind == decade {
		return put(1, e.value)
	}
	return false
}

// connectors stand between the words of a number.
var connectors = map[string]bool{"und": true, "et": true, "y": true, "e": true, "i": true}

// numeral reads a number in words, cardinal or ordinal: "tausend neunhundert", "mil
// novecientos cincuenta y seis", "тысяча девятьсот пятьдесят шестой".
func (r *reader) numeral() bool {
	total, current, n, last := 0, 0, 0, false
	for i := r.at; i < len(r.tokens) && !last; i++ {
		w := r.tokens[i].folded
		values, ok := r.t.cardinal(w)
		if !ok {
			if e, found := r.t.find(r.tokens[i:], func(k Kind) bool { return k != ordinal }); found {
				v, _ := strconv.Atoi(e.value)
				values, ok, last = []int{v}, true, true
			}
		}
		if !ok {
			if n > 0 && connectors[w] && i+1 < len(r.tokens) {
				if _, more := r.t.cardinal(r.tokens[i+1].folded); more {
					continue
				}
			}
			break
		}
		for _, v := range values {
			total, current = accumulate(total, current, v)
		}
		n = i + 1 - r.at
	}
	if n == 0 {
		return false
	}
	value := total + current
	switch {
	case last && n == 1 && value == 1:
		r.put(n, Content, "first")
	case last && value < 1000:
		r.put(n, Number, strconv.Itoa(value)+suffix(value))
	case n == 1 && value <= 1:
		r.put(n, Function, "") // "один" is an article as often as a number
	case value >= 1000 && value < 2200:
		r.put(n, Date, strconv.Itoa(value))
	default:
		r.put(n, Number, strconv.Itoa(value))
	}
	return true
}

func accumulate(total, current, v int) (int, int) {
	switch {
	case v >= 1000:
		return total + max(current, 1)*v, 0
	case v == 100:
		return total, max(current, 1) * 100
	case v == 20 && current%100 == 4: // quatre-vingts
		return total, current + 76
	}
	return total, current + v
}

// cardinal is the number that w is, or the numbers that it is written together from.
func (t *Table) cardinal(w string) ([]int, bool) {
	if n, ok := t.parts[w]; ok {
		return []int{n}, true
	}
	const shortest = 7
	if len(w) < shortest || len(w) > 60 || len(t.parts) == 0 {
		return nil, false
	}
	return t.together(w)
}

func (t *Table) together(w string) ([]int, bool) {
	if w == "" {
		return nil, true
	}
	if rest, ok := strings.CutPrefix(w, "und"); ok {
		if v, ok := t.together(rest); ok && len(v) > 0 {
			return v, true
		}
	}
	if rest, ok := strings.CutPrefix(w, "ein"); ok && t.Tag == "de" && rest != "" {
		if v, ok := t.together(rest); ok {
			return append([]int{1}, v...), true
		}
	}
	for n := len(w); n > 1; n-- {
		v, ok := t.parts[w[:n]]
		if !ok {
			continue
		}
		if rest, ok := t.together(w[n:]); ok {
			return append([]int{v}, rest...), true
		}
	}
	return nil, false
}
