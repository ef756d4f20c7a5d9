package answers

import (
	"math"
	"slices"
	"strings"
)

// Weights of words that no list knows, by how many facts' phrasings hold them: one that all
// hold tells as little as a common word of English, one that a single fact holds as much as
// a rather rare one.
const (
	nativeLeast   = .15
	nativeMost    = .6
	nativeUnknown = .5 // no fact holds it
)

func (ix *index) nativeWeight(w *word, name bool) float64 {
	x := nativeUnknown
	if n := ix.asking[w.key]; n > 0 {
		x = nativeMost
		if facts := float64(len(ix.facts)); facts > 1 {
			x -= (nativeMost - nativeLeast) * math.Log(float64(n)) / math.Log(facts)
		}
	}
	if name {
		return max(x, nameFloor)
	}
	if r := w.reader().common.Rank(strings.TrimSuffix(w.text, apartMark)); r > 0 {
		x = min(x, max(contentFloor, math.Log(float64(r)/commonest)/math.Log(listSize/commonest)))
	}
	return x
}

// The weight of a listed word by its rank, as that of an English one (lexicon.Weight).
const commonest, listSize = 100, 200_000

// listed reports whether w is among the commonest words of its language.
func (w *word) listed() bool {
	return w.native() && w.reader().common.Rank(strings.TrimSuffix(w.text, apartMark)) > 0
}

// addNoun takes up a word with a capital of a language that writes every noun with one. A
// name stands alone, other nouns have an article somewhere.
func (ix *index) addNoun(words []word, i int) {
	key := words[i].key
	if i > 0 && words[i-1].native() && words[i-1].reader().table.Determiners[words[i-1].typed] || words[i].listed() {
		ix.nouns[key] = true
		ix.vocabulary.marks[ix.vocabulary.id(key)] &^= capital
	}
	if !ix.nouns[key] {
		ix.vocabulary.marks[ix.vocabulary.id(key)] |= capital
	}
}

// Bounds of repairs where no list says that a word is right as it stands: only long words,
// and only what everybody slips in.
const (
	minNative     = 6
	longNative    = 9
	costNative    = .7  // a letter doubled, or two that changed places, or one vowel for another
	costLongWords = 1.0 // of long words another letter too
)

// mendNative is mend for a word of another language: only towards the pack's words.
func (s *speller) mendNative(w *word, n int) (to string, cost float64) {
	if w.kind != content || w.glossed || n < minNative || w.listed() || s.count[w.text] > 0 || s.stems[w.key] {
		return "", 0
	}
	limit := costNative
	if n >= longNative {
		limit = costLongWords
	}
	best, first := "", firstRune(w.text)
	for l := n - 1; l <= n+1; l++ {
		for _, c := range s.byLength[l] {
			if firstRune(c) != first || distance(w.text, c, 1) > 1 {
				continue
			}
			if d := weighted(w.text, c); d <= limit && (best == "" || d < cost) {
				best, cost = c, d
			}
		}
	}
	return best, cost
}

// untoldWeight is the weight of a word from which a fact that does not tell of it is not
// surely what is asked for.
const untoldWeight = .4

// What was learned of English relies on its lists of words: a word that they relate to none
// of the fact's is another thing. Without lists a word that the fact holds in no sense may be
// anything, so each makes a sure answer rarer, in log-odds; and so does the other encoder.
// Both were chosen on the packs of testdata/packs-by-language, so that near misses are
// answered surely no more often than in English.
const (
	foreignOdds = .3
	untoldOdds  = .4
)

// weighNative makes a sure answer rarer where the question is in another language than
// English.
func (ix *index) weighNative(d *decision, q *question, fact int32, x exclusion) {
	untold, foreign := ix.untoldIn(q, fact, d.closest, x)
	if !foreign {
		return
	}
	d.sure = sigmoid(d.models.sure.at(&d.figures) - foreignOdds - untoldOdds*float64(untold))
	if d.figures[figOrder] > 0 { // before and after tell two things apart that share all words
		d.sure *= contradictedShare
	}
}

// untoldIn is how many words of a question the fact holds in no sense, and whether it is in
// another language than English.
func (ix *index) untoldIn(q *question, fact, closest int32, x exclusion) (untold int, foreign bool) {
	s := &ix.supports[fact]
	for k, i := range q.telling {
		w := &q.u.words[i]
		if w.lang == englishTexts && !ix.multilingual {
			continue
		}
		foreign = true
		if w.kind != content || q.weight[k] < untoldWeight || lightVerbs[w.text] || ix.held(w, q.words[i].key, fact, x).any() || s.senseBeyond(q, k) {
			continue
		}
		if closest >= 0 && slices.ContainsFunc(ix.phrasings[closest].texts, func(text int32) bool { return text >= 0 && sameSense(q.relation(k, text)) }) {
			continue
		}
		untold++
	}
	return untold, foreign
}

// countAsking counts how many facts ask with a word.
func (ix *index) countAsking() {
	ix.asking = map[string]int{}
	last := map[string]int32{}
	for i := range ix.phrasings {
		p := &ix.phrasings[i]
		for j := range p.words {
			if w := &p.words[j]; w.native() && w.kind == content && last[w.key] != p.fact+1 {
				last[w.key] = p.fact + 1
				ix.asking[w.key]++
			}
		}
	}
}
