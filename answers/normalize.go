package answers

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
	maxQuestionBytes = 4 << 10
	maxTokens        = 96
	maxTokenRunes    = 40
)

// fold makes texts that a reader would call the same equal: NFKC, lower case,
// no diacritics (й and ї, which are letters of their own, keep theirs), no
// invisible characters, valid UTF-8. Punctuation stays.
func fold(s string) string {
	if len(s) > maxQuestionBytes {
		s = s[:maxQuestionBytes]
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
		b.WriteRune(r)
	}
	return norm.NFC.String(b.String())
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
	start := -1
	n := 0
	flush := func(end int) {
		if start < 0 {
			return
		}
		w := strings.Trim(folded[start:end], "'")
		start = -1
		if w == "" || n == maxTokens {
			return
		}
		n++
		if len(w) > maxTokenRunes {
			w = firstRunes(w, maxTokenRunes)
		}
		yield(w)
	}
	for i, r := range folded {
		inWord := unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.Is(unicode.Mn, r) || r == '\'' && start >= 0
		if inWord && start < 0 {
			start = i
		} else if !inWord {
			flush(i)
		}
	}
	flush(len(folded))
}

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
	"wanna": "want to", "gonna": "going to", "gimme": "give me", "ppl": "people", "hav": "have", "thru": "through", "bout": "about", "pls": "please", "plz": "please", "u": "you", "r": "are", "abt": "about", "bc": "because",
	"govt": "government", "yr": "year", "yrs": "years", "wot": "what", "wat": "what", "didn": "did not", "feb": "february", "jan": "january",
	"aug": "august", "sept": "september", "sep": "september", "oct": "october", "nov": "november", "dec": "december", "apr": "april",
}

// endings of contracted words after the apostrophe, with what they stand for.
// "'s" is dropped: it is a possessive far more often than an "is" that matters.
var endings = map[string]string{"s": "", "re": "are", "ve": "have", "ll": "will", "d": "would", "m": "am", "t": ""}

// expand resolves apostrophes and contractions of one word.
func expand(word string, yield func(word string)) {
	if i := strings.LastIndexByte(word, '\''); i > 0 {
		head, tail := word[:i], word[i+1:]
		if tail == "t" && strings.HasSuffix(head, "n") { // didn't, can't, won't
			expand(strings.ReplaceAll(word, "'", ""), yield)
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
	yield(word)
}

// numberWords are the numbers that history questions spell out. "one",
// "second" and "third" are left out: they are rarely numbers there.
var numberWords = map[string]string{
	"two": "2", "three": "3", "four": "4", "five": "5", "six": "6", "seven": "7", "eight": "8", "nine": "9", "ten": "10",
	"eleven": "11", "twelve": "12", "thirteen": "13", "fourteen": "14", "fifteen": "15", "sixteen": "16", "seventeen": "17",
	"eighteen": "18", "nineteen": "19", "twenty": "20", "thirty": "30", "forty": "40", "fifty": "50",
	"fourth": "4", "fifth": "5", "sixth": "6", "seventh": "7", "eighth": "8", "ninth": "9", "tenth": "10", "eleventh": "11",
	"twelfth": "12", "thirteenth": "13", "fourteenth": "14", "fifteenth": "15", "sixteenth": "16", "seventeenth": "17",
	"eighteenth": "18", "nineteenth": "19", "twentieth": "20",
	"xviii": "18", "xix": "19", "xx": "20", "xxi": "21", "xxii": "22",
}

// digits returns the number a word stands for in digits ("20th", "twentieth"
// and "xx" are 20, "1990s" stays a decade), or "".
func digits(w string) string {
	if d, ok := numberWords[w]; ok {
		return d
	}
	i := 0
	for i < len(w) && w[i] >= '0' && w[i] <= '9' {
		i++
	}
	switch {
	case i == 0:
		return ""
	case i == len(w):
		return w
	}
	switch w[i:] {
	case "st", "nd", "rd", "th":
		return w[:i]
	case "s":
		return w
	}
	return ""
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
