package knowledge

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// QuestionKey returns the same text for questions that are one to the loader: it
// leaves out what does not make a question another phrasing, that is case,
// compatibility forms, white space and punctuation. It is empty for a text that
// holds neither letters nor numbers.
func QuestionKey(s string) string {
	if key, ok := questionKeyASCII(s); ok {
		return key
	}
	words := strings.FieldsFunc(strings.ToLower(norm.NFKC.String(s)), func(c rune) bool {
		return !unicode.IsLetter(c) && !unicode.IsNumber(c) && !unicode.IsMark(c)
	})
	return strings.Join(words, " ")
}

// questionKeyASCII is the QuestionKey of what is ASCII alone, as nearly all questions are.
func questionKeyASCII(s string) (string, bool) {
	key := make([]byte, 0, len(s))
	parted := false
	for i := range len(s) {
		c := s[i]
		switch {
		case c >= utf8.RuneSelf:
			return "", false
		case c >= 'A' && c <= 'Z':
			c += 'a' - 'A'
		case c >= 'a' && c <= 'z' || c >= '0' && c <= '9':
		default:
			parted = len(key) > 0
			continue
		}
		if parted {
			key = append(key, ' ')
			parted = false
		}
		key = append(key, c)
	}
	return string(key), true
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
