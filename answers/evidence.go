package answers

import (
	"math"
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
	if w.isName(ix.lex) {
		return max(x, nameFloor)
	}
	return max(x, contentFloor)
}

// restFloor is the weight of uncovered words, other than names and slots, from
// which they count as evidence: one rather rare word, or several common ones.
const restFloor = 0.45

// judge weighs a question's words against one fact, without what only the
// phrasing except holds, if that is given.
func (ix *index) judge(u understood, fact int32, except *phrasing) evidence {
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
		if except != nil && except.fact == fact && s.onlyBy(w, except) {
			c = 0
		}
		e.share[i] = c
		if seen[w.key] {
			continue
		}
		seen[w.key] = true
		e.words++
		inPack := c
		if inPack == 0 && ix.known[w.key] > 0 {
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
		case w.isName(ix.lex):
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

// onlyBy reports whether the fact holds w by that one phrasing alone.
func (s *support) onlyBy(w word, p *phrasing) bool {
	h := s.keys[w.key]
	return h.phrasings == 1 && !h.beyond && slices.ContainsFunc(p.words, func(x word) bool { return x.key == w.key })
}

// covers is how far the fact covers a word, 0..1.
func (s *support) covers(w word) float64 {
	if w.kind == year {
		if s.knowsYear(w.key) {
			return 1
		}
		return 0
	}
	if h, ok := s.keys[w.key]; ok {
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

func logit(p float64) float64 {
	const edge = 1e-6
	p = min(max(p, edge), 1-edge)
	return math.Log(p / (1 - p))
}

func sigmoid(x float64) float64 { return 1 / (1 + math.Exp(-x)) }
