package answers

import (
	"slices"
)

// evidence is how a question's words stand to one fact.
type evidence struct {
	share   []float64 // per word of the question: how far the fact covers it, 0..1; -1 for words that tell nothing
	covered float64   // weight of the covered words over the weight of all, 0..1; 1 if no word tells anything
	pack    float64   // the same against all facts of the base together
	words   int       // different words that tell something
	hard    [hardKinds]bool
}

// Kinds of hard evidence against a fact: what a near miss differs in.
const (
	hardName    = iota // a name that the fact does not know
	hardDate           // a year that contradicts the fact's dates, or a month it does not name
	hardNumber         // a number that it does not know
	hardNot            // a negation where the fact has none
	hardFocus          // the noun after which, what, how many is not the fact's
	hardVerb           // the verb is not the fact's
	hardRest           // other telling words are not the fact's
	hardWhen           // it asks what the fact does not tell: when,
	hardWhere          // where,
	hardWhy            // why,
	hardHowMany        // how many,
	hardWho            // who
	hardDefine         // it asks for the meaning of a term that the fact only mentions
	hardModal          // it asks for an opinion or a forecast
	hardExtreme        // it asks for the most of something
	hardOrder          // the same names with their roles exchanged
	hardNothing        // none of its telling words is the fact's
	hardSpeaker        // it asks for the words of somebody who is not the fact's claimant
	hardKinds
)

// hardNames are the kinds' names in explanations and tables.
var hardNames = [hardKinds]string{"name", "date", "number", "negation", "focus", "verb", "rest", "when", "where", "why", "how-many", "who", "definition", "opinion", "superlative", "roles", "nothing", "speaker"}

// How far different holdings cover a word. A word in a phrasing is what people
// ask by; one in the answer or detail may be there by the way. Related means
// the same family (rehabilitate, rehabilitation) that the stemmer left apart.
const (
	coverPhrasing = 1.0
	coverBeyond   = 0.9
	coverRelated  = 0.75

	// relatedShare is the part of the longer of two words that must be a common
	// beginning, and relatedMin its least length.
	relatedShare = 0.6
	relatedMin   = 5
)

// Floors of a word's weight: even a common word tells something when no fact
// has it, and a name always tells much.
const (
	contentFloor = 0.15
	nameFloor    = 0.6
	numberWeight = 0.5
	yearWeight   = 0.8
)

func (ix *index) weight(w word) float64 {
	switch w.kind {
	case function, negation:
		return 0
	case number:
		return numberWeight
	case year, month:
		return yearWeight
	}
	x := ix.lex.Weight(w.text)
	if k := ix.lex.Weight(w.key); k < x {
		x = k
	}
	if ix.isName(&w) {
		return max(x, nameFloor)
	}
	return max(x, contentFloor)
}

// restFloor is the weight of uncovered words, other than names and slots, from
// which they count as evidence: one rather rare word, or several common ones.
const restFloor = 0.45

// judge weighs a question's words against one fact, without what is excluded.
func (ix *index) judge(u *understood, fact int32, x exclusion) evidence {
	s := &ix.supports[fact]
	f := u.frame
	e := evidence{share: make([]float64, len(u.words))}
	var sum, sumFact, sumPack, rest float64
	seen := make(map[string]bool, len(u.words))
	for i, w := range u.words {
		if w.kind == negation && s.tells&tellsNot == 0 {
			e.hard[hardNot] = true
		}
		weight := ix.weight(w)
		if weight == 0 {
			e.share[i] = -1
			continue
		}
		c := s.covers(w)
		if c > 0 && ix.onlyExcluded(&w, fact, x) {
			c = 0
		}
		e.share[i] = c
		if seen[w.key] {
			continue
		}
		seen[w.key] = true
		e.words++
		inPack := c
		if inPack == 0 && ix.heldElsewhere(&w, fact, x) {
			inPack = coverPhrasing
		}
		sum += weight
		sumFact += weight * c
		sumPack += weight * inPack
		if c > 0 {
			continue
		}
		switch {
		case w.kind == year || w.kind == month:
			e.hard[hardDate] = true
		case w.kind == number:
			e.hard[hardNumber] = true
		case ix.isName(&w):
			e.hard[hardName] = true
		case lightVerbs[w.text] || lightVerbs[w.typed]:
		case i == f.focus:
			e.hard[hardFocus] = true
		case i == f.verb:
			e.hard[hardVerb] = true
		default:
			rest += weight
		}
	}
	e.hard[hardRest] = rest >= restFloor
	e.hard[hardNothing] = e.words > 0 && sumFact == 0
	e.covered, e.pack = 1, 1
	if sum > 0 {
		e.covered, e.pack = sumFact/sum, sumPack/sum
	}
	switch asked := s.asked[f.asks] > 0; {
	case asked:
	case f.asks == asksWhen:
		e.hard[hardWhen] = len(s.years) == 0
	case f.asks == asksWhere:
		e.hard[hardWhere] = true
	case f.asks == asksWhy:
		e.hard[hardWhy] = s.tells&tellsReason == 0
	case f.asks == asksHowMany:
		e.hard[hardHowMany] = s.tells&tellsNumber == 0
	case f.asks == asksWho:
		e.hard[hardWho] = s.tells&tellsPerson == 0
	}
	if f.defines {
		e.hard[hardDefine] = !s.namedBy(u.words)
	}
	e.hard[hardModal] = f.modal && s.tells&tellsModal == 0
	e.hard[hardExtreme] = f.extreme && s.tells&tellsExtreme == 0
	ix.pairs(u.words, func(a, b string, flipped bool) {
		if o := s.order[orderKey(a, b)]; o != 0 && o&orderBit(a, b, flipped) == 0 {
			e.hard[hardOrder] = true
		}
	})
	if f.speaker >= 0 && len(s.holder) > 0 && !s.holder[u.words[f.speaker].key] {
		e.hard[hardSpeaker] = true
	}
	return e
}

// namedBy reports whether some phrasing that only names or defines something
// has no telling word beside those of the question.
func (s *support) namedBy(words []word) bool {
	have := map[string]bool{}
	for _, w := range words {
		have[w.key] = true
	}
next:
	for _, b := range s.bare {
		for k := range b {
			if !have[k] {
				continue next
			}
		}
		return true
	}
	return false
}

// onlyExcluded reports whether the fact holds w by the excluded phrasing alone.
func (ix *index) onlyExcluded(w *word, fact int32, x exclusion) bool {
	if x.phrasing < 0 || ix.phrasings[x.phrasing].fact != fact {
		return false
	}
	h := ix.supports[fact].keys[w.key]
	return h.phrasings == 1 && !h.beyond && ix.phrasings[x.phrasing].holds(w.key)
}

// heldElsewhere reports whether a fact other than this one, and than the excluded
// one, holds w.
func (ix *index) heldElsewhere(w *word, fact int32, x exclusion) bool {
	n := ix.known[w.key]
	for _, f := range [2]int32{fact, x.fact} {
		if f >= 0 {
			if _, ok := ix.supports[f].keys[w.key]; ok {
				n--
			}
		}
	}
	return n > 0
}

// A held says where a fact holds a word.
type held struct{ phrasings, beyond bool }

func (h held) any() bool { return h.phrasings || h.beyond }

func (s *support) held(w *word, x exclusion, ix *index, fact int32) held {
	if w.kind == year {
		return held{beyond: s.knowsYear(w.key) && !ix.onlyExcluded(w, fact, x)}
	}
	h, ok := s.keys[w.key]
	if !ok || s.isOnlyDay(w) || ix.onlyExcluded(w, fact, x) {
		return held{}
	}
	n := h.phrasings
	if x.phrasing >= 0 && ix.phrasings[x.phrasing].fact == fact && ix.phrasings[x.phrasing].holds(w.key) {
		n--
	}
	return held{phrasings: n > 0, beyond: h.beyond}
}

// senseBeyond reports whether the rest of the fact holds a word of the sense of the k-th
// telling word.
func (s *support) senseBeyond(q *question, k int) bool {
	return slices.ContainsFunc(s.words, func(o string) bool { return sameSense(q.between(k, o)) })
}

// isName reports whether w is, as far as can be told, the name of somebody or
// something: a word that the pack writes with a capital, that is listed as a name, or
// that nobody listed. How the question writes it tells nothing.
func (ix *index) isName(w *word) bool {
	return w.kind == content && (ix.names[w.key] || w.isName(ix.lex))
}

// covers is how far the fact covers a word, 0..1.
func (s *support) covers(w word) float64 {
	if w.kind == year {
		if s.knowsYear(w.key) {
			return 1
		}
		return 0
	}
	if h, ok := s.keys[w.key]; ok && !s.isOnlyDay(&w) {
		if h.phrasings > 0 {
			return coverPhrasing
		}
		return coverBeyond
	}
	if w.kind == content && len(w.key) >= relatedMin {
		for k := range s.keys {
			if related(w.key, k) {
				return coverRelated
			}
		}
	}
	return 0
}

// related reports whether two stems are of one family.
func related(a, b string) bool {
	n := 0
	for n < len(a) && n < len(b) && a[n] == b[n] {
		n++
	}
	return n >= relatedMin && float64(n) >= relatedShare*float64(max(len(a), len(b)))
}
