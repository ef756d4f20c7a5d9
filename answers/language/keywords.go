package language

import "slices"

// Likeliest is the language other than English that has most of the words of text, and how many
// it has: for keywords, which have no grammar that tells one. A word for which skip holds tells
// nothing. Of several with as many, the first of prefer is taken, or else that in which more of the
// words are common. It is "" where none has any.
func Likeliest(text string, skip func(folded string) bool, prefer ...string) (tag string, n int) {
	tokens := split(text)
	tokens = slices.DeleteFunc(tokens[:min(len(tokens), maxWords)], func(w token) bool {
		return len([]rune(w.folded)) < leastKeyword || isDigits(w.folded) || skip(w.folded)
	})
	_, cyrillic, _ := scripts(text)
	best := 0
	for _, l := range slices.Concat(prefer, Tags()) {
		t := Tables()[l]
		if t == nil || l == English || (l == "ru" || l == "uk") != (cyrillic > 0) {
			continue
		}
		has, common := 0, 0
		for i := range tokens {
			if t.has(tokens[i]) {
				has++
			}
			if CommonIn(l).Rank(tokens[i].folded) > 0 {
				common++
			}
		}
		if score := has*(maxWords+1) + common; score > best {
			tag, n, best = l, has, score
		}
	}
	return tag, n
}

// leastKeyword is the least number of letters of a word that tells a language by being in its
// dictionary.
const leastKeyword = 4
