package lexicon

import (
	"slices"
	"strings"
)

// maxLemmas is more base forms than a word has: itself, and those of at most
// three rules.
const maxLemmas = 12

// lemmas appends the ids of the known base forms of word to out.
//
// The rules are those of English spelling: a stem that ends in e loses it, y
// turns into i, a single consonant after a short vowel is doubled. The stem must
// be a word that can have the ending: a noun or verb for -s, a verb for -ed and
// -ing, an adjective or adverb for -er and -est. Many words only look like
// comparatives (tower, forest): one that dictionaries hold is taken for one only
// if it is listed with the irregular forms.
func (r *Relations) lemmas(word string, out []uint16) []uint16 {
	if list, ok := r.forms[word]; ok {
		return append(out, list...)
	}
	at := r.table.find(word)
	known, id := at >= 0, uint16(at)
	if known {
		out = append(out, id)
		if r.flags[id]&isPlace != 0 {
			return out
		}
	}
	if len(word) < 4 {
		return out
	}
	switch word[len(word)-1] {
	case 's':
		out = r.plural(out, word)
	case 'd', 'g':
		out = r.participle(out, word)
	case 'n': // englishmen, noblewomen
		if stem, ok := strings.CutSuffix(word, "men"); ok {
			out, _ = r.base(out, stem, "man", isNoun)
		}
	}
	if !known {
		out = r.comparative(out, word)
	}
	return out
}

// base appends stem and end together as a base form, if they are a listed word that can have
// the ending.
func (r *Relations) base(out []uint16, stem, end string, pos uint8) ([]uint16, bool) {
	var buf [32]byte
	if len(stem)+len(end) > len(buf) {
		return out, false
	}
	at := r.table.findBytes(append(append(buf[:0], stem...), end...))
	if at < 0 || r.flags[at]&pos == 0 {
		return out, false
	}
	if id := uint16(at); !slices.Contains(out, id) && len(out) < maxLemmas {
		out = append(out, id)
	}
	return out, true
}

// stem undoes an ending that begins with a vowel (-ed, -ing, -er, -est).
func (r *Relations) stem(out []uint16, stem string, pos uint8) []uint16 {
	if len(stem) < 3 {
		return out
	}
	last := stem[len(stem)-1]
	if last == stem[len(stem)-2] && !isVowel(last) {
		out, ok := r.base(out, stem, "", pos)
		if !ok || last == 'l' { // distilled: distill, distil
			out, _ = r.base(out, stem[:len(stem)-1], "", pos)
		}
		return out
	}
	if !doubles(stem) {
		out, _ = r.base(out, stem, "", pos)
	}
	out, _ = r.base(out, stem, "e", pos)
	return out
}

// plural undoes the -s of a noun or a verb.
func (r *Relations) plural(out []uint16, word string) []uint16 {
	const pos = isNoun | isVerb
	n := len(word)
	switch stem := word[:n-1]; {
	case strings.HasSuffix(word, "ss") || strings.HasSuffix(word, "us") || strings.HasSuffix(word, "is"):
	case strings.HasSuffix(word, "ies") && n > 4:
		with, ok := r.base(out, word[:n-3], "y", pos)
		if out = with; !ok {
			out, _ = r.base(out, stem, "", pos)
		}
	case strings.HasSuffix(word, "es"):
		out, _ = r.base(out, stem, "", pos)
		switch word[n-3] {
		case 's', 'x', 'z', 'h', 'o':
			out, _ = r.base(out, word[:n-2], "", pos)
		}
	default:
		out, _ = r.base(out, stem, "", pos)
	}
	return out
}

// participle undoes the -ed and the -ing of a verb.
func (r *Relations) participle(out []uint16, word string) []uint16 {
	n := len(word)
	switch {
	case strings.HasSuffix(word, "ied"):
		with, ok := r.base(out, word[:n-3], "y", isVerb)
		if out = with; !ok {
			out, _ = r.base(out, word[:n-1], "", isVerb)
		}
	case strings.HasSuffix(word, "ed"):
		out = r.stem(out, word[:n-2], isVerb)
	case strings.HasSuffix(word, "ing"):
		out = r.stem(out, word[:n-3], isVerb)
	}
	return out
}

// comparative undoes the -er and the -est of an adjective or adverb.
func (r *Relations) comparative(out []uint16, word string) []uint16 {
	for _, end := range [...]string{"er", "est"} {
		stem, ok := strings.CutSuffix(word, end)
		if !ok {
			continue
		}
		if y, ok := strings.CutSuffix(stem, "i"); ok {
			out, _ = r.base(out, y, "y", isAdjective|isAdverb)
		}
		out = r.stem(out, stem, isAdjective|isAdverb)
	}
	return out
}

// doubles reports whether a stem of one syllable would double its last letter
// before a vowel: hop makes hopping, so that hoping is of hope.
func doubles(stem string) bool {
	n := len(stem)
	if n < 3 || isVowel(stem[n-1]) || !isVowel(stem[n-2]) || isVowel(stem[n-3]) {
		return false
	}
	switch stem[n-1] {
	case 'w', 'x', 'y':
		return false
	}
	for i := range n - 3 {
		if isVowel(stem[i]) {
			return false
		}
	}
	return true
}

func isVowel(c byte) bool {
	switch c {
	case 'a', 'e', 'i', 'o', 'u':
		return true
	}
	return false
}
