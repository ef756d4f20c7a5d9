package answers

import (
	"math"
	"slices"

	"footnote/answers/parse"
)

// Weights of words that no list knows, by how many facts' phrasings hold them: one that all
// hold tells as little as a common word of English, one that a single fact holds as much as
// a rather rare one.
const (
	nativeLeast   = .15
	nativeMost    = .6
	nativeUnknown = .5 // no fact holds it
)

func (ix *index) nativeWeight(w *parse.Word, name bool) float64 {
	x := nativeUnknown
	if n := ix.asking[w.Key]; n > 0 {
		x = nativeMost
		if facts := float64(len(ix.facts)); facts > 1 {
			x -= (nativeMost - nativeLeast) * math.Log(float64(n)) / math.Log(facts)
		}
	}
	if name {
		return max(x, nameFloor)
	}
	if r := w.CommonRank(); r > 0 {
		x = min(x, max(contentFloor, math.Log(float64(r)/commonest)/math.Log(listSize/commonest)))
	}
	return x
}

// The weight of a listed word by its rank, as that of an English one (lexicon.Weight).
const commonest, listSize = 100, 200_000

// addNoun takes up a word with a capital of a language that writes every noun with one. A
// name stands alone, other nouns have an article somewhere.
func (ix *index) addNoun(words []parse.Word, i int) {
	key := words[i].Key
	if i > 0 && words[i-1].IsDeterminer() || words[i].Native() && words[i].CommonRank() > 0 {
		ix.nouns[key] = true
		ix.vocabulary.marks[ix.vocabulary.id(key)] &^= capital
	}
	if !ix.nouns[key] {
		ix.vocabulary.marks[ix.vocabulary.id(key)] |= capital
	}
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
		if w.English() && !ix.multilingual {
			continue
		}
		foreign = true
		if w.Kind != parse.Content || q.weight[k] < untoldWeight || parse.IsLightVerb(w.Text) || ix.held(w, q.words[i].key, fact, x).any() || s.senseBeyond(q, k) {
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
			if w := &p.words[j]; w.Native() && w.Kind == parse.Content && last[w.Key] != p.fact+1 {
				last[w.Key] = p.fact + 1
				ix.asking[w.Key]++
			}
		}
	}
}
