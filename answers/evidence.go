package answers

import (
	"math"
)

// evidence is how a question's words stand to one fact.
type evidence struct {
	share   []float64 // per word of the question: how far the fact covers it, 0..1; -1 for words that tell nothing
	covered float64   // weight of the covered words over the weight of all, 0..1; 1 if no word tells anything
	pack    float64   // the same against all facts of the base together
	words   int       // words that tell something

	// Hard evidence: things that a question about this fact does not hold.
	names    int  // names that the fact does not know
	years    int  // years that contradict the fact's
	numbers  int  // other numbers that the fact does not know
	negated  bool // the question is negated and the fact is not, as far as it says
	wrongAsk bool // it asks what none of the fact's phrasings asks and its texts cannot tell
	foreign  int  // words that other facts hold and this one does not
}

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
	case year:
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

// judge weighs a question's words against one fact.
func (ix *index) judge(u understood, fact int32) evidence {
	s := &ix.supports[fact]
	e := evidence{share: make([]float64, len(u.words))}
	var sum, sumFact, sumPack float64
	negated := false
	for i, w := range u.words {
		weight := ix.weight(w)
		if w.kind == negation {
			negated = true
		}
		if weight == 0 {
			e.share[i] = -1
			continue
		}
		e.words++
		c := s.covers(w)
		inPack := c
		if inPack == 0 && ix.known[w.key] > 0 {
			inPack = coverPhrasing
			e.foreign++
		}
		e.share[i] = c
		sum += weight
		sumFact += weight * c
		sumPack += weight * inPack
		if c > 0 {
			continue
		}
		switch {
		case w.kind == year:
			e.years++
		case w.kind == number:
			e.numbers++
		case w.isName(ix.lex):
			e.names++
		}
	}
	e.covered, e.pack = 1, 1
	if sum > 0 {
		e.covered, e.pack = sumFact/sum, sumPack/sum
	}
	e.negated = negated && !s.not
	e.wrongAsk = u.asks != asksOther && s.asked[u.asks] == 0
	return e
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
