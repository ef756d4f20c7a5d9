package answers

import (
	"fmt"
	"math"
	"slices"

	"footnote/knowledge"
)

// Options tunes a Matcher. The zero value is the product's default.
type Options struct {
	// Encoder switches the sentence encoder: "" or "on" uses it where the
	// cheap evidence does not settle a question, "off" never loads it.
	Encoder string
	// CacheDir keeps vectors of packs between starts, by content hash; "" keeps none.
	CacheDir string
}

// A Matcher answers queries from one immutable Base.
type Matcher struct {
	base *knowledge.Base
	ix   *index
	cal  calibration
}

// New indexes base. It returns an error only for options it does not know.
func New(base *knowledge.Base, opts Options) (*Matcher, error) {
	switch opts.Encoder {
	case "", "on", "off":
	default:
		return nil, fmt.Errorf("matcher.encoder is %q: it can be \"on\" or \"off\"", opts.Encoder)
	}
	m := &Matcher{base: base, ix: newIndex(base)}
	m.ix.train()
	m.cal = calibrate(base)
	return m, nil
}

// Base is what the matcher answers from.
func (m *Matcher) Base() *knowledge.Base { return m.base }

// train fits the lexical ranker.
func (ix *index) train() {
	if len(ix.facts) == 0 {
		return
	}
	y := make([]int32, len(ix.phrasings))
	for i, p := range ix.phrasings {
		y[i] = p.fact
	}
	ix.weights = trainSoftmax(sparseDesign{ix.vectors, len(ix.vec.idf)}, y, len(ix.facts), nil)
}

// lexicalScores are the logits of all facts.
func (ix *index) lexicalScores(words []word) []float32 {
	labels := len(ix.facts)
	z := make([]float32, labels)
	var buf [256]feature
	for _, f := range ix.vec.vector(words, buf[:0]) {
		axpy(f.value, ix.weights[int(f.id)*labels:][:labels], z)
	}
	return z
}

// Thresholds of the decision.
const (
	supportedFloor = 0.5 // below it the question is declined
	answerFloor    = 0.5 // probability of the best fact, given that the pack can answer, from which it answers alone
)

// Match decides on q. It never fails and never panics on any input.
func (m *Matcher) Match(q Query) Result {
	r := Result{Outcome: Declined}
	u := m.ix.understand(q.Text)
	if len(u.words) == 0 || len(m.ix.facts) == 0 {
		return r
	}
	z := m.ix.lexicalScores(u.words)
	l := logSumExp(z)
	order := make([]int, len(z))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int {
		switch {
		case z[a] > z[b]:
			return -1
		case z[a] < z[b]:
			return 1
		}
		return 0
	})
	best := order[0]
	e := m.ix.judge(u, int32(best))
	figs := figuresOf(z, e)
	in, right := m.cal.judge(figs, e.present())
	first := math.Exp(float64(z[best]) - l)
	for rank, i := range order[:min(MaxCandidates, len(order))] {
		p := in * right
		if rank > 0 { // what is left is shared as the ranker shares it
			p = in * (1 - right) * math.Exp(float64(z[i])-l) / max(1-first, 1e-9)
		}
		r.Candidates = append(r.Candidates, Candidate{Fact: m.ix.facts[i], Question: m.ix.facts[i].Canonical(q.Lang), Confidence: p})
	}
	switch {
	case in < supportedFloor:
	case right >= answerFloor:
		r.Outcome = Answered
	default:
		r.Outcome = Choices
	}
	return r
}
