package answers

import (
	"slices"

	"footnote/knowledge"
)

// detailWeight is the weight of the words from which a detail, and not the answer, is what
// was asked for: one rather rare word, or several common ones.
const detailWeight = .4

// onlyDetailTells reports whether the fact's detail tells what was asked and its answer does
// not: it holds words of the question, or the number or time that is asked for, of which
// phrasings and answer have none.
func (ix *index) onlyDetailTells(u *understood, fact int32) bool {
	f := ix.facts[fact]
	if len(f.Detail) == 0 {
		return false
	}
	detail := ix.wordsOf(f.Detail)
	said := ix.wordsOf(f.Answer)
	for _, p := range f.Positions {
		said = append(said, ix.wordsOf(p.Claim)...)
	}
	for p := ix.start[fact]; p < ix.start[fact+1]; p++ {
		said = append(said, ix.phrasings[p].words...)
	}
	has := func(words []word, key string) bool {
		return slices.ContainsFunc(words, func(w word) bool { return w.key == key })
	}
	weight := 0.0
	for _, w := range u.words {
		if w.kind != function && !lightVerbs[w.text] && has(detail, w.key) && !has(said, w.key) {
			weight += ix.weight(w)
		}
	}
	kind := func(words []word, k wordKind) bool {
		return slices.ContainsFunc(words, func(w word) bool { return w.kind == k })
	}
	s := &ix.supports[fact]
	switch a := u.frame.asks; {
	case weight >= detailWeight:
		return true
	case a == asksHowMany && s.asked[a] == 0:
		return kind(detail, number) && !kind(said, number)
	case a == asksWhen && s.asked[a] == 0 && len(f.Dates) == 0:
		return kind(detail, year) && !kind(said, year)
	}
	return false
}

// wordsOf are the words of a text in all its languages.
func (ix *index) wordsOf(t knowledge.Text) []word {
	var out []word
	for _, s := range t {
		out = append(out, ix.synonyms.rewrite(ix.join(read(s)))...)
	}
	return out
}
