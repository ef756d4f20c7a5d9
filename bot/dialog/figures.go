package dialog

import (
	"slices"
	"strings"
	"unicode"

	"footnote/knowledge/search"
)

// figuresSaid are the dates and numbers of a sentence of which something is among
// missing, the words that a fact does not hold, each as the sentence has it: "30 May
// 1453" where the fact does not hold "30". It is empty where missing holds no figure
// that the sentence writes with digits.
func (v *vocabulary) figuresSaid(sentence string, missing []string) []string {
	isMissing := func(w sentenceWord) bool {
		return slices.ContainsFunc(missing, func(m string) bool {
			if d := digits(m); d != "" {
				return slices.Contains(w.numbers, d)
			}
			return w.month && slices.Contains(search.Words(m, 1), w.folded)
		})
	}
	var out []string
	words := v.sentenceWords(sentence)
	for i := 0; i < len(words); i++ {
		if !words[i].figure() {
			continue
		}
		// From here to the last figure between which there is nothing but "of".
		last := i
		found := isMissing(words[i])
		for j := i + 1; j < len(words) && (words[j].figure() || words[j].links); j++ {
			if words[j].figure() {
				last = j
				found = found || isMissing(words[j])
			}
		}
		if found {
			out = append(out, sentence[words[i].from:words[last].to])
		}
		i = last
	}
	return out
}

// A sentenceWord is a word of a sentence, and where in it it stands.
type sentenceWord struct {
	folded   string
	numbers  []string // its groups of digits, and all of its digits
	month    bool
	links    bool // the parts of a date: "30 de mayo de 1453"
	from, to int  // without the marks around it
}

func (w sentenceWord) figure() bool { return len(w.numbers) > 0 || w.month }

func (v *vocabulary) sentenceWords(sentence string) []sentenceWord {
	var out []sentenceWord
	rest, at := sentence, 0
	for {
		n := len(rest) - len(strings.TrimLeftFunc(rest, unicode.IsSpace))
		at, rest = at+n, rest[n:]
		if rest == "" {
			return out
		}
		end := strings.IndexFunc(rest, unicode.IsSpace)
		if end < 0 {
			end = len(rest)
		}
		mark := func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }
		from := at + end - len(strings.TrimLeftFunc(rest[:end], mark))
		word := strings.TrimFunc(rest[:end], mark)
		if word != "" {
			w := sentenceWord{folded: strings.Join(search.Words(word, search.MaxWords), " "), from: from, to: from + len(word)}
			w.numbers = strings.FieldsFunc(word, func(r rune) bool { return !unicode.IsDigit(r) })
			if len(w.numbers) > 1 {
				w.numbers = append(w.numbers, digits(word)) // 80,000
			}
			w.month = v.months[w.folded]
			w.links = v.betweenDates[w.folded]
			out = append(out, w)
		}
		at, rest = at+end, rest[end:]
	}
}

// digits are the digits of s.
func digits(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsDigit(r) {
			return r
		}
		return -1
	}, s)
}
