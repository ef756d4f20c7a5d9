package lexicon

import "strings"

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
	n := len(word)
	if n < 4 {
		return out
	}
	add := func(stem, end string, pos uint8) bool {
		var buf [32]byte
		if len(stem)+len(end) > len(buf) {
			return false
		}
		base := append(append(buf[:0], stem...), end...)
		at := r.table.findBytes(base)
		if at < 0 || r.flags[at]&pos == 0 {
			return false
		}
		id := uint16(at)
		for _, have := range out {
			if have == id {
				return true
			}
		}
		if len(out) < maxLemmas {
			out = append(out, id)
		}
		return true
	}
	// addStem undoes an ending that begins with a vowel (-ed, -ing, -er, -est).
	addStem := func(stem string, pos uint8) {
		if len(stem) < 3 {
			return
		}
		last := stem[len(stem)-1]
		if last == stem[len(stem)-2] && !isVowel(last) {
			if !add(stem, "", pos) || last == 'l' { // distilled: distill, distil
				add(stem[:len(stem)-1], "", pos)
			}
			return
		}
		if !doubles(stem) {
			add(stem, "", pos)
		}
		add(stem, "e", pos)
	}
	switch word[n-1] {
	case 's':
		const pos = isNoun | isVerb
		switch stem := word[:n-1]; {
		case strings.HasSuffix(word, "ss") || strings.HasSuffix(word, "us") || strings.HasSuffix(word, "is"):
		case strings.HasSuffix(word, "ies") && n > 4:
			if !add(word[:n-3], "y", pos) {
				add(stem, "", pos)
			}
		case strings.HasSuffix(word, "es"):
			add(stem, "", pos)
			switch word[n-3] {
			case 's', 'x', 'z', 'h', 'o':
				add(word[:n-2], "", pos)
			}
		default:
			add(stem, "", pos)
		}
	case 'd':
		switch {
		case strings.HasSuffix(word, "ied"):
			if !add(word[:n-3], "y", isVerb) {
				add(word[:n-1], "", isVerb)
			}
		case strings.HasSuffix(word, "ed"):
			addStem(word[:n-2], isVerb)
		}
	case 'g':
		if strings.HasSuffix(word, "ing") {
			addStem(word[:n-3], isVerb)
		}
	case 'n': // englishmen, noblewomen
		if strings.HasSuffix(word, "men") {
			add(word[:n-2], "an", isNoun)
		}
	}
	for _, end := range [...]string{"er", "est"} {
		stem, ok := strings.CutSuffix(word, end)
		if !ok || known {
			continue
		}
		if y, ok := strings.CutSuffix(stem, "i"); ok {
			add(y, "y", isAdjective|isAdverb)
		}
		addStem(stem, isAdjective|isAdverb)
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
