package answers

import (
	"slices"
	"sync/atomic"

	"footnote/answers/parse"
	"footnote/knowledge"
)

// detailWeight is the weight of the words from which a detail, and not the answer, is what
// was asked for: one rather rare word, or several common ones.
const detailWeight = .4

// A told is what a fact says, in its detail and elsewhere, for telling which of them answers.
// It is read when it is first asked for.
type told struct{ known atomic.Pointer[toldWords] }

type toldWords struct{ detail, said wordSet }

// A wordSet is a text's words by their keys' numbers, and which kinds of words it has.
type wordSet struct {
	keys  []int32 // sorted
	kinds [parse.Month + 1]bool
}

func (s *wordSet) add(v *vocabulary, words []parse.Word) {
	for i := range words {
		s.keys = append(s.keys, v.id(words[i].Key))
		s.kinds[words[i].Kind] = true
	}
}

func (s *wordSet) sort() {
	slices.Sort(s.keys)
	s.keys = slices.Compact(s.keys)
}

func (s *wordSet) has(key int32) bool {
	_, ok := slices.BinarySearch(s.keys, key)
	return ok
}

// onlyDetailTells reports whether the fact's detail tells what was asked and its answer does
// not: it holds words of the question, or the number or time that is asked for, of which
// phrasings and answer have none.
func (ix *index) onlyDetailTells(u *understood, fact int32) bool {
	f := ix.facts[fact]
	if len(f.Detail) == 0 {
		return false
	}
	t := ix.toldBy(fact)
	weight := 0.0
	for i := range u.words {
		w := &u.words[i]
		if w.Kind == parse.Function || parse.IsLightVerb(w.Text) {
			continue
		}
		if k := ix.vocabulary.id(w.Key); k >= 0 && t.detail.has(k) && !t.said.has(k) {
			weight += ix.weight(*w)
		}
	}
	s := &ix.supports[fact]
	switch a := u.frame.Asks; {
	case weight >= detailWeight:
		return true
	case a == parse.AsksHowMany && s.asked[a] == 0:
		return t.detail.kinds[parse.Number] && !t.said.kinds[parse.Number]
	case a == parse.AsksWhen && s.asked[a] == 0 && len(f.Dates) == 0:
		return t.detail.kinds[parse.Year] && !t.said.kinds[parse.Year]
	}
	return false
}

// toldBy is what a fact says.
func (ix *index) toldBy(fact int32) *toldWords {
	if t := ix.told[fact].known.Load(); t != nil {
		return t
	}
	f := ix.facts[fact]
	t := &toldWords{}
	t.detail.add(ix.vocabulary, ix.wordsOf(f.Detail))
	t.said.add(ix.vocabulary, ix.wordsOf(f.Answer))
	for _, p := range f.Positions {
		t.said.add(ix.vocabulary, ix.wordsOf(p.Claim))
	}
	for p := ix.start[fact]; p < ix.start[fact+1]; p++ {
		t.said.add(ix.vocabulary, ix.phrasings[p].words)
	}
	t.detail.sort()
	t.said.sort()
	ix.told[fact].known.Store(t)
	return t
}

// wordsOf are the words of a text in all its languages.
func (ix *index) wordsOf(t knowledge.Text) []parse.Word {
	var out []parse.Word
	for lang, s := range t {
		out = append(out, ix.synonyms.rewrite(ix.join(parse.Text(lang, s)))...)
	}
	return out
}
