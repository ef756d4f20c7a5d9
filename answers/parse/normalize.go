package parse

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Bounds on what is read of a question. A person's question is far below them;
// a pasted page costs no more than this. Both platforms allow 2,000 characters
// or more in a message.
const (
	MaxBytes = 4 << 10
	MaxWords = 96
	MaxRunes = 40
)

// Fold makes texts that a reader would call the same equal: NFKC, lower case,
// no diacritics (й and ї, which are letters of their own, keep theirs), letters
// such as ł and æ in plain ones, one script a word, no invisible characters,
// valid UTF-8. Punctuation stays.
func Fold(s string) string {
	if len(s) > MaxBytes {
		s = s[:MaxBytes]
	}
	if plain(s) {
		return strings.ToLower(s)
	}
	s = strings.ToValidUTF8(s, " ")
	s = norm.NFD.String(norm.NFKC.String(s))
	var b strings.Builder
	b.Grow(len(s))
	var base rune
	for _, r := range s {
		switch {
		case unicode.Is(unicode.Mn, r):
			if r == '\u0306' && (base == 'и' || base == 'у') || r == '\u0308' && base == 'і' {
				b.WriteRune(r)
			}
			continue
		case unicode.Is(unicode.Cf, r), r == '\u3164', r == '\u2800':
			continue // zero-width characters, soft hyphens, direction marks, blank letters
		case unicode.IsControl(r), unicode.IsSpace(r):
			r = ' '
		case unicode.Is(unicode.Pd, r), r == '\u2212':
			r = '-'
		case r == '’' || r == '‘' || r == 'ʼ' || r == '`' || r == '´':
			r = '\''
		}
		r = unicode.ToLower(r)
		base = r
		if plain, ok := plainLetters[r]; ok {
			b.WriteString(plain)
			continue
		}
		b.WriteRune(r)
	}
	return oneScript(norm.NFC.String(b.String()))
}

// plain reports whether s is printable ASCII, which nearly every question is.
func plain(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] < ' ' || s[i] > '~' || s[i] == '`' {
			return false
		}
	}
	return true
}

// split cuts folded text into words: runs of letters and digits, apostrophes
// inside a word kept for expand to read.
func split(folded string, yield func(word string)) {
	c := cutter{s: folded}
	for t, ok := c.next(); ok; t, ok = c.next() {
		yield(t.text)
	}
}

// A token is one word of a text as it was cut, with the marks around it that help
// to read it.
type token struct {
	text   string
	before byte // as in word
	point  bool // as in word
	spelt  bool // letters with points or hyphens, which are no short forms: U.S.S.R., U-boat
}

// loose marks the mark before a word that does not touch both it and the word before.
const loose = 0x80

// A cutter cuts folded text into tokens. What is written with marks inside and is
// one thing becomes one: 80,000 and 80'000, 2.5, U.S.S.R., '56, 1970's.
type cutter struct {
	s string
	i int // what is read
	n int // how many tokens
}

// marks passes over what stands between words: the first mark that is no quotation mark, and
// whether there is a blank.
func (c *cutter) marks() (mark byte, blank bool) {
	for c.i < len(c.s) {
		b := c.s[c.i]
		switch {
		case inWord(b):
			return mark, blank
		case b == ' ':
			blank = true
			c.i++
		case b < utf8.RuneSelf:
			if mark == 0 || mark == '"' || mark == '\'' {
				mark = b
			}
			c.i++
		default:
			r, n := utf8.DecodeRuneInString(c.s[c.i:])
			if unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.Is(unicode.Mn, r) {
				return mark, blank
			}
			if mark == 0 {
				mark = '?'
			}
			c.i += n
		}
	}
	return mark, blank
}

// letters passes over the letters and digits of a word, and reports whether it is of digits
// alone.
func (c *cutter) letters() (digits bool) {
	digits = true
	for c.i < len(c.s) {
		b := c.s[c.i]
		switch {
		case '0' <= b && b <= '9':
			c.i++
		case inWord(b) || b == '\'':
			digits = false
			c.i++
		case b < utf8.RuneSelf:
			return digits
		default:
			r, n := utf8.DecodeRuneInString(c.s[c.i:])
			if !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.Is(unicode.Mn, r) {
				return digits
			}
			digits = false
			c.i += n
		}
	}
	return digits
}

func (c *cutter) next() (t token, ok bool) {
	for {
		mark, blank := c.marks()
		if c.i == len(c.s) || c.n == MaxWords {
			return token{}, false
		}
		start := c.i
		digits := c.letters()
		t.text = c.s[start:c.i]
		if !digits {
			t.text = strings.Trim(t.text, "'")
			if t.text == "" {
				continue
			}
		}
		t.before = mark
		if blank && mark != 0 {
			t.before |= loose
		} else if blank {
			t.before = ' '
		}
		if digits {
			t.text = c.number(start)
		} else if inWord(t.text[0]) && t.text[0] <= '9' {
			t.text = numberWithMarks(t.text)
		} else if len(t.text) == 1 {
			c.letter(&t, start)
		}
		t.point = c.at(c.i) == '.'
		c.n++
		if len(t.text) > MaxRunes {
			t.text = firstRunes(t.text, MaxRunes)
		}
		return t, true
	}
}

func inWord(b byte) bool { return 'a' <= b && b <= 'z' || '0' <= b && b <= '9' }

// at is the byte at i, or 0 beyond the text.
func (c *cutter) at(i int) byte {
	if i >= 0 && i < len(c.s) {
		return c.s[i]
	}
	return 0
}

// digitsFrom is how many digits stand from i on.
func (c *cutter) digitsFrom(i int) int {
	n := 0
	for '0' <= c.at(i+n) && c.at(i+n) <= '9' {
		n++
	}
	return n
}

// number reads the number whose first digits stand from start to c.i: with its
// groups of thousands, with its fraction, or a year without its century.
func (c *cutter) number(start int) string {
	run := c.s[start:c.i]
	if len(run) == 2 && c.at(start-1) == '\'' {
		return "19" + run
	}
	if len(run) <= 3 && run[0] != '0' {
		mark, end, groups := c.at(c.i), c.i, 0
		if mark == ',' || mark == '.' || mark == ' ' {
			for c.at(end) == mark && c.digitsFrom(end+1) == 3 {
				end += 4
				groups++
			}
		}
		// A blank parts numbers too: "in 330 400 men". Three noughts or two groups do not.
		if mark == ' ' && groups == 1 && c.s[c.i+1:end] != "000" {
			groups = 0
		}
		if groups > 0 && !(c.at(end) == mark && mark != ' ' && c.digitsFrom(end+1) > 0) && !letterAt(c.s, end) {
			number := strings.ReplaceAll(c.s[start:end], string(mark), "")
			c.i = end
			return number
		}
	}
	// A fraction has one or two digits; what has more points is a date.
	if c.at(c.i) == '.' && !(c.at(start-1) == '.' && start > 1 && inWord(c.at(start-2))) {
		if n := c.digitsFrom(c.i + 1); n == 1 || n == 2 {
			end := c.i + 1 + n
			if c.at(end) != '.' || c.digitsFrom(end+1) == 0 {
				for inWord(c.at(end)) { // 2.5m
					end++
				}
				c.i = end
				return c.s[start:end]
			}
		}
	}
	return run
}

func letterAt(s string, i int) bool {
	if i >= len(s) {
		return false
	}
	r, _ := utf8.DecodeRuneInString(s[i:])
	return unicode.IsLetter(r)
}

// numberWithMarks reads a word that begins with a digit: 80'000, 1970's.
func numberWithMarks(w string) string {
	if i := strings.IndexByte(w, '\''); i < 0 {
		return w
	} else if w[i:] == "'s" && (i == 2 || i == 4) {
		return w[:i] + "s"
	}
	first, rest, _ := strings.Cut(w, "'")
	if len(first) > 3 {
		return w
	}
	for group := range strings.SplitSeq(rest, "'") {
		if len(group) != 3 {
			return w
		}
	}
	if joined := strings.ReplaceAll(w, "'", ""); strings.Trim(joined, "0123456789") == "" {
		return joined
	}
	return w
}

// letter reads what begins with a single letter and goes on with a mark: an
// abbreviation with points, initials, a letter that is tied to a word.
func (c *cutter) letter(t *token, start int) {
	switch c.at(c.i) {
	case '-':
		t.spelt = letterAt(c.s, c.i+1)
		return
	case '/':
		if t.text == "b" && c.at(c.i+1) == 'c' && !letterAt(c.s, c.i+2) {
			t.text, c.i = "because", c.i+2
		}
		return
	case '.':
	default:
		return
	}
	var buf [MaxRunes]byte
	tight, end := append(buf[:0], t.text[0]), c.i+1
	for isLetter(c.at(end)) && !letterAt(c.s, end+1) && c.at(end+1) != '\'' && len(tight) < cap(buf) {
		tight = append(tight, c.at(end))
		end++
		if c.at(end) != '.' {
			break
		}
		end++
	}
	if len(tight) > 1 {
		t.text, t.spelt, c.i = string(tight), true, end
		if c.at(end-1) == '.' {
			c.i-- // the last point is seen as that of any word is
		}
		return
	}
	// "U. S. S. R."
	loosely, end := append(buf[:0], t.text[0]), c.i+1
	for c.at(end) == ' ' && isLetter(c.at(end+1)) && c.at(end+2) == '.' && len(loosely) < cap(buf) {
		loosely = append(loosely, c.at(end+1))
		end += 3
	}
	if n := len(loosely); n > 2 && abbreviated(string(loosely)) || n == 2 && states[string(loosely)] {
		t.text, t.spelt, c.i = string(loosely), true, end-1
	}
}

func isLetter(b byte) bool { return 'a' <= b && b <= 'z' }

func firstRunes(s string, n int) string {
	for i := range s {
		if n == 0 {
			return s[:i]
		}
		n--
	}
	return s
}

// contractions are the short forms of English that change which words a
// question holds. Those without an apostrophe are how fast typists write them;
// forms that are words of their own ("were", "well", "its") are left out.
var contractions = map[string]string{
	"whats": "what is", "whos": "who is", "whens": "when is", "wheres": "where is", "whys": "why is", "hows": "how is", "thats": "that is",
	"isnt": "is not", "arent": "are not", "wasnt": "was not", "werent": "were not", "didnt": "did not", "doesnt": "does not", "dont": "do not",
	"cant": "can not", "cannot": "can not", "couldnt": "could not", "wont": "will not", "wouldnt": "would not", "shouldnt": "should not",
	"hasnt": "has not", "havent": "have not", "hadnt": "had not",
	"im": "i am", "ive": "i have", "youre": "you are", "theyre": "they are", "theyve": "they have",
	"wanna": "want to", "gonna": "going to", "gimme": "give me", "ppl": "people", "hav": "have", "thru": "through", "bout": "about", "pls": "please", "plz": "please", "u": "you", "r": "are", "abt": "about",
	"govt": "government", "yr": "year", "yrs": "years", "wot": "what", "wat": "what", "didn": "did not",
	"aint": "is not", "mustnt": "must not",
}

// endings of contracted words after the apostrophe, with what they stand for.
// "'s" is dropped: it is a possessive far more often than an "is" that matters.
var endings = map[string]string{"s": "", "re": "are", "ve": "have", "ll": "will", "d": "would", "m": "am", "t": ""}

// expand resolves apostrophes and contractions of one word.
func expand(word string, yield func(word string)) {
	if i := strings.LastIndexByte(word, '\''); i > 0 {
		head, tail := word[:i], word[i+1:]
		if tail == "t" && strings.HasSuffix(head, "n") { // didn't, can't, won't
			short := strings.ReplaceAll(word, "'", "")
			if _, ok := contractions[short]; ok {
				expand(short, yield)
				return
			}
			if verb := strings.ReplaceAll(head[:len(head)-1], "'", ""); verb != "" {
				yield(verb) // cbn't: whatever was mistyped, it denies
			}
			yield("not")
			return
		}
		if rest, ok := endings[tail]; ok {
			expand(strings.ReplaceAll(head, "'", ""), yield)
			if rest != "" {
				yield(rest)
			}
			return
		}
		word = strings.ReplaceAll(word, "'", "") // o'brien
	}
	if long, ok := contractions[word]; ok {
		for w := range strings.FieldsSeq(long) {
			yield(w)
		}
		return
	}
	if word != "" {
		yield(word)
	}
}

// british folds the spellings in which British and American English differ, so
// that both find each other: programme, centre, honour, -ise, -isation, -lled.
func british(w string) string {
	switch {
	case w == "programme" || w == "programmes":
		return "program"
	case w == "centre" || w == "centres":
		return "center"
	case len(w) < 6:
		return w
	}
	for _, s := range [...][2]string{{"isation", "ization"}, {"isations", "ization"}, {"ising", "izing"}, {"ised", "ized"}, {"ises", "izes"}, {"ise", "ize"},
		{"yse", "yze"}, {"ysed", "yzed"}, {"our", "or"}, {"ours", "ors"}, {"oured", "ored"}, {"ouring", "oring"}, {"elled", "eled"}, {"elling", "eling"}} {
		if strings.HasSuffix(w, s[0]) {
			return w[:len(w)-len(s[0])] + s[1]
		}
	}
	return w
}

func runeLen(s string) int { return utf8.RuneCountInString(s) }
