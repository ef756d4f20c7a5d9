package language

import (
	"slices"
	"strings"
	"sync"
	"unicode"
)

// A Guess is what language a question seems to be in.
type Guess struct {
	// Tag is the language, "" where nothing tells it: names and keywords have none.
	Tag string
	// Second is the next likely language, "" if there is none.
	Second string
	// Lead is by how much more words the first is supported than the second.
	Lead float64
	// Text is the question: Russian in Latin letters is read back into Cyrillic.
	Text string
}

// What tells a language: words of its grammar, the first of a question more, and letters
// that only it has among those that share its script.
const (
	firstWordTells = 1.5
	wordTells      = 1
	letterTells    = .8
	// shortTells is for words of one letter, which are in many languages.
	shortTells = .5
	// contentTells is for the other words of a table that are not as in English.
	contentTells = .5
	// leastTells is what it takes to tell a language at all.
	leastTells = 1
)

// Detect guesses what language text is in. Where two are as likely, those of prefer win in
// their order, then English.
func Detect(text string, prefer ...string) Guess {
	tokens := split(text)
	tokens = tokens[:min(len(tokens), maxWords)]
	g := Guess{Text: text}
	if len(tokens) == 0 {
		return g
	}
	latin, cyrillic, other := scripts(text)
	score := map[string]float64{}
	for tag, t := range Tables() {
		if isCyrillic := tag == "ru" || tag == "uk"; isCyrillic && cyrillic == 0 || !isCyrillic && cyrillic > latin/3 || other > latin+cyrillic {
			continue
		}
		if s := t.support(text, tokens); s > 0 {
			score[tag] = s
		}
	}
	const russianInLatin = "ru-Latn"
	if cyrillic == 0 && other <= latin {
		if s := supportLatin(tokens); s > 0 {
			score[russianInLatin] = s
		}
	}
	if cyrillic > latin && max(score["ru"], score["uk"]) < leastTells {
		score["ru"] = leastTells // the script alone tells as much
	}
	order := make([]string, 0, len(score))
	for tag := range score {
		order = append(order, tag)
	}
	rank := func(tag string) int {
		if i := slices.Index(prefer, tag); i >= 0 {
			return i
		}
		if tag == English {
			return len(prefer)
		}
		return len(prefer) + 1
	}
	slices.SortFunc(order, func(a, b string) int {
		switch {
		case score[a] != score[b]:
			if score[a] > score[b] {
				return -1
			}
			return 1
		case rank(a) != rank(b):
			return rank(a) - rank(b)
		}
		return strings.Compare(a, b)
	})
	if len(order) == 0 || score[order[0]] < leastTells {
		return g
	}
	g.Tag, g.Lead = order[0], score[order[0]]
	if len(order) > 1 {
		g.Second = order[1]
		g.Lead -= score[order[1]]
	}
	if g.Tag == russianInLatin {
		g.Tag, g.Text = "ru", Cyrillic(text)
	}
	if g.Second == russianInLatin {
		g.Second = "ru"
	}
	return g
}

// scripts counts letters.
func scripts(text string) (latin, cyrillic, other int) {
	for _, r := range text {
		switch {
		case !unicode.IsLetter(r):
		case unicode.Is(unicode.Latin, r):
			latin++
		case unicode.Is(unicode.Cyrillic, r):
			cyrillic++
		default:
			other++
		}
	}
	return latin, cyrillic, other
}

// support is how much speaks for the language.
func (t *Table) support(text string, tokens []token) float64 {
	s := 0.0
	for _, r := range strings.ToLower(text) {
		if t.letters[r] {
			s += letterTells
		}
	}
	for i := range tokens {
		w := tokens[i].folded
		grammar, other, asks := false, false, false
		for _, e := range t.entries[w] {
			grammar = grammar || len(e.words) == 1 && (e.kind == Function || e.kind == Asks || e.kind == Negation || e.kind == timeWord)
			asks = asks || e.kind == Asks
			other = other || len(e.words) == 1 && (e.kind == Content && e.value != w || e.kind == noun)
		}
		switch {
		case len(tokens) == 1 && !asks: // a word alone is a name or a keyword
		case other && !grammar:
			s += contentTells
		case !grammar:
		case i == 0 && len(w) > 1:
			s += firstWordTells
		case len(w) == 1:
			s += shortTells
		default:
			s += wordTells
		}
	}
	return s
}

// latinWords are the words of Russian grammar as people write them in Latin letters.
var latinWords = sync.OnceValue(func() map[string]bool {
	m := map[string]bool{}
	for w, entries := range Tables()["ru"].entries {
		for _, e := range entries {
			if len(e.words) == 1 && len([]rune(w)) > 1 && (e.kind == Function || e.kind == Asks || e.kind == Negation) {
				for _, l := range inLatin(w) {
					m[l] = true
				}
			}
		}
	}
	return m
})

// supportLatin is how much speaks for Russian in Latin letters: a question word at least, or
// else other languages share too many of the short words.
func supportLatin(tokens []token) float64 {
	s, telling := 0.0, false
	for i := range tokens {
		w := tokens[i].folded
		if !latinWords()[w] {
			if w == "v" || w == "i" || w == "s" {
				s += shortTells
			}
			continue
		}
		telling = telling || len(w) > 2
		if i == 0 {
			s += firstWordTells
		} else {
			s += wordTells
		}
	}
	if !telling {
		return 0
	}
	return s
}
