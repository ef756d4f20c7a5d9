package language

import (
	"cmp"
	"slices"
	"sort"
	"strings"
)

// A lexis holds many words with what they are in English in one text, which takes a tenth of
// the memory of a map. It does not change.
type lexis struct {
	text string   // of each word: its key, what it is in English, how it is written; a tab behind each
	at   []uint32 // where each begins, in the order of their keys
}

// A lexeme is a word or words with what they are.
type lexeme struct {
	key     string // folded; a blank between words
	english string
	marked  string // how a single word is written, if it has marks
}

// words is how many words it is.
func (x *lexeme) words() int { return 1 + strings.Count(x.key, " ") }

// newLexis takes words up. Of one key those without marks come first: zahlen before zählen; else they
// keep their order.
func newLexis(words []lexeme) lexis {
	slices.SortStableFunc(words, func(a, b lexeme) int {
		return cmp.Or(cmp.Compare(a.key, b.key), cmp.Compare(b2i(a.marked != ""), b2i(b.marked != "")))
	})
	var b strings.Builder
	l := lexis{at: make([]uint32, 0, len(words))}
	for _, w := range words {
		l.at = append(l.at, uint32(b.Len()))
		b.WriteString(w.key + "\t" + w.english + "\t" + w.marked + "\t")
	}
	l.text = strings.Clone(b.String())
	return l
}

// from is the number of the first word whose key is not before key.
func (l *lexis) from(key string) int {
	return sort.Search(len(l.at), func(i int) bool { return l.key(i) >= key })
}

func (l *lexis) key(i int) string {
	rest := l.text[l.at[i]:]
	return rest[:strings.IndexByte(rest, '\t')]
}

// lexeme is the i-th word.
func (l *lexis) lexeme(i int) lexeme {
	x := lexeme{key: l.key(i)}
	rest := l.text[int(l.at[i])+len(x.key)+1:]
	x.english, rest, _ = strings.Cut(rest, "\t")
	x.marked, _, _ = strings.Cut(rest, "\t")
	return x
}

// exactly is the first word of a key.
func (l *lexis) exactly(key string) (lexeme, bool) {
	if i := l.from(key); i < len(l.at) && l.key(i) == key {
		return l.lexeme(i), true
	}
	return lexeme{}, false
}

// find is what tokens begin with: the most words, and of single ones that which is written so.
func (l *lexis) find(tokens []token) (found lexeme, ok bool) {
	w := &tokens[0]
	for i := l.from(w.folded); i < len(l.at); i++ {
		rest, begins := strings.CutPrefix(l.key(i), w.folded)
		if !begins || rest != "" && rest[0] != ' ' {
			break
		}
		if !follow(rest, tokens[1:]) {
			continue
		}
		x := l.lexeme(i)
		if !ok || x.words() > found.words() || rest == "" && w.text != w.folded && x.marked == w.text && found.marked != w.text {
			found, ok = x, true
		}
	}
	return found, ok
}

// follow reports whether tokens begin with words, a blank before each.
func follow(words string, tokens []token) bool {
	for i := 0; words != ""; i++ {
		if i == len(tokens) {
			return false
		}
		rest, ok := strings.CutPrefix(words[1:], tokens[i].folded)
		if !ok || rest != "" && rest[0] != ' ' {
			return false
		}
		words = rest
	}
	return true
}
