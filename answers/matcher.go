package answers

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"footnote/answers/encoder"
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
	base  *knowledge.Base
	ix    *index
	enc   *encoder.Encoder // nil if it is off
	cheap calibration      // of the lexical ranker
	full  calibration      // of the full ranker
}

// New indexes base. It returns an error only for options it does not know.
func New(base *knowledge.Base, opts Options) (*Matcher, error) {
	switch opts.Encoder {
	case "", "on", "off":
	default:
		return nil, fmt.Errorf("matcher.encoder is %q: it can be \"on\" or \"off\"", opts.Encoder)
	}
	m := &Matcher{base: base, ix: newIndex(base)}
	var codes *encodings
	if opts.Encoder != "off" {
		var err error
		if m.enc, err = encoder.Load(); err != nil {
			return nil, err
		}
		codes = newEncodings(m.enc)
	}
	m.ix.train(codes)
	m.cheap, m.full = calibrate(base, codes)
	return m, nil
}

// Base is what the matcher answers from.
func (m *Matcher) Base() *knowledge.Base { return m.base }

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
	var read reading
	cal := &m.cheap
	if m.enc != nil {
		read = m.ix.thorough(u.words, m.enc.Encode(encodable(u.words)))
		cal = &m.full
	} else {
		read = m.ix.cheap(u.words)
	}
	z := read.z
	l := logSumExp(z)
	order := make([]int, len(z))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(z[b], z[a]) })
	best := order[0]
	e := m.ix.judge(u, int32(best))
	x := m.ix.inputOf(read, &e)
	in, right := cal.judge(&x)
	for i, v := range x {
		name := ""
		if i < figures {
			name = figureNames[i]
		} else {
			name = hardNames[i-figures]
		}
		if i < figures || v != 0 {
			r.Why.Evidence = append(r.Why.Evidence, Figure{name, v})
		}
	}
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
