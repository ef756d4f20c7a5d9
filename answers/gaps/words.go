package gaps

import (
	"slices"
	"strings"
	"unicode"

	"github.com/kljensen/snowball/english"
	"github.com/kljensen/snowball/russian"
	"golang.org/x/text/unicode/norm"
)

// A key is what of a question is compared.
type key struct {
	text     string // its words, folded
	words    []string
	numbers  []string // those of words with digits in them, sorted
	trigrams map[string]int
	letters  int // number of trigrams
}

// maxKey bounds in bytes what is read of a question.
const maxKey = 600

func keyOf(s string) key {
	if len(s) > maxKey {
		s = strings.ToValidUTF8(s[:maxKey], "")
	}
	plain := foldedWords(s)
	k := key{text: strings.Join(plain, " "), trigrams: map[string]int{}}
	for _, telling := range []bool{true, false} { // "who was who?" has nothing but frame words
		for _, w := range plain {
			if telling && slices.Contains(frame, w) {
				continue
			}
			if w = stem(w); !slices.Contains(k.words, w) {
				k.words = append(k.words, w)
			}
		}
		if len(k.words) > 0 {
			break
		}
	}
	for _, w := range k.words {
		if hasDigit(w) {
			k.numbers = append(k.numbers, w)
		}
	}
	slices.Sort(k.numbers)
	padded := []rune(" " + k.text + " ")
	for i := 0; i+3 <= len(padded); i++ {
		k.trigrams[string(padded[i:i+3])]++
		k.letters++
	}
	return k
}

// foldedWords are the words of s in lower case, without diacritics and punctuation.
func foldedWords(s string) []string {
	var b strings.Builder
	for _, r := range norm.NFD.String(norm.NFKC.String(strings.ToValidUTF8(s, " "))) {
		switch {
		case unicode.Is(unicode.Mn, r) || unicode.Is(unicode.Cf, r):
		case r == '\'' || r == '’' || r == 'ʼ': // Stalin's and Stalins are one word
		case unicode.IsLetter(r) || unicode.IsDigit(r):
			b.WriteRune(unicode.ToLower(r))
		default:
			b.WriteByte(' ')
		}
	}
	return strings.Fields(b.String())
}

func stem(w string) string {
	if strings.IndexFunc(w, func(r rune) bool { return unicode.Is(unicode.Cyrillic, r) }) >= 0 {
		return russian.Stem(w, false)
	}
	return english.Stem(w, false)
}

// similar reports whether two questions are about the same.
func similar(a, b key) bool {
	same := 0
	for _, w := range a.words {
		if slices.ContainsFunc(b.words, func(v string) bool { return sameWord(w, v) }) {
			same++
		}
	}
	if float64(same) >= alike*float64(len(a.words)+len(b.words)-same) {
		return true
	}
	if same == 0 || !slices.Equal(a.numbers, b.numbers) {
		return false // few letters make another year
	}
	common := 0
	for t, n := range a.trigrams {
		common += min(n, b.trigrams[t])
	}
	return float64(2*common) >= sameLetters*float64(a.letters+b.letters)
}

// minTypo is the length in letters from which words that differ in one letter are
// one: shorter ones are mostly other words. Numbers never are.
const minTypo = 5

func sameWord(a, b string) bool {
	if a == b {
		return true
	}
	x, y := []rune(a), []rune(b)
	if len(x) > len(y) {
		x, y = y, x
	}
	if len(x) < minTypo || len(y)-len(x) > 1 || hasDigit(a+b) {
		return false
	}
	i := 0
	for i < len(x) && x[i] == y[i] {
		i++
	}
	if len(x) < len(y) {
		return slices.Equal(x[i:], y[i+1:]) // a letter too many
	}
	return slices.Equal(x[i+1:], y[i+1:]) || // another letter, or two swapped
		i+1 < len(x) && x[i] == y[i+1] && x[i+1] == y[i] && slices.Equal(x[i+2:], y[i+2:])
}

func hasDigit(s string) bool { return strings.IndexFunc(s, unicode.IsDigit) >= 0 }

// frame are words that most questions have, whatever they are about, in the
// languages of the interface.
var frame = foldedWords(`
a an the of in on at to for by with from and or is are was were be been do does did has have had can could would will
what who whom whose when where why which how please tell me about i you it its that this there s
der die das den dem des ein eine einen einem einer und oder von im in zu mit auf fur ist war waren wurde wer was wann wo warum wie welche welcher welches hat haben
le la les un une des du de et ou dans en au aux pour par est etait qui que quoi quand pourquoi comment quel quelle quels quelles a ont il
el los las una unos y o del al por para con es era fue quien quienes cuando donde como cual cuales ha han se
в на и или с со о об по из от до для был была было были есть что кто когда где почему зачем как какой какая какое какие такой такая такое такие чем это ли не`)
