package knowledge

import (
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// QuestionKey returns the same text for questions that are one to the loader: it
// leaves out what does not make a question another phrasing, that is case,
// compatibility forms, white space and punctuation. It is empty for a text that
// holds neither letters nor numbers.
func QuestionKey(s string) string {
	words := strings.FieldsFunc(strings.ToLower(norm.NFKC.String(s)), func(c rune) bool {
		return !unicode.IsLetter(c) && !unicode.IsNumber(c) && !unicode.IsMark(c)
	})
	return strings.Join(words, " ")
}

// Invisible reports whether nobody sees r in a text, so that it can go without
// changing a word: soft hyphens, joiners of words, and marks that turn the
// direction of a line.
func Invisible(r rune) bool {
	return r == 0xad || r == 0x200b || r == 0x2060 || r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069
}

// BareWords returns s in lower case, without accents and punctuation.
func BareWords(s string) string {
	var b strings.Builder
	for _, r := range norm.NFKD.String(strings.ToLower(s)) {
		switch {
		case unicode.IsMark(r), r == '\'' || r == '’':
		case unicode.IsLetter(r) || unicode.IsNumber(r):
			b.WriteRune(r)
		default:
			b.WriteByte(' ')
		}
	}
	return strings.Join(strings.Fields(b.String()), " ")
}

// gist returns what a question is about: its content words, bare and sorted.
func gist(s string) string {
	var words []string
	for _, w := range strings.Fields(BareWords(withoutPossessives(s))) {
		if !littleWords[w] {
			words = append(words, w)
		}
	}
	slices.Sort(words)
	return strings.Join(words, " ")
}

// withoutPossessives returns s without the endings of possessives.
func withoutPossessives(s string) string { return possessives.Replace(s + " ") }
