package answers

import (
	"cmp"
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

	// CacheDir is a folder in which what was learned from packs is kept between
	// starts; "" keeps nothing. It is made if it is not there. A cache that
	// cannot be read or written costs time and nothing else.
	CacheDir string

	// Caution is matcher.caution: how much must speak for an answer. "" or
	// "normal", "low", "high".
	Caution string
}

// A Matcher answers queries from one immutable Base.
type Matcher struct {
	base    *knowledge.Base
	ix      *index
	model   *model
	encoder bool // may be asked; it is loaded when it first is, since an idle bot should not hold it
}

// New learns base, or recalls what was learned of it before. It returns an
// error only for options it does not know.
func New(base *knowledge.Base, opts Options) (*Matcher, error) {
	m := &Matcher{base: base, ix: newIndex(base)}
	switch opts.Encoder {
	case "", "on":
		m.encoder = true
	case "off":
	default:
		return nil, fmt.Errorf("matcher.encoder is %q: it can be \"on\" or \"off\"", opts.Encoder)
	}
	m.model = obtain(base, m.ix, m.encoder, opts.CacheDir)
	return m, nil
}

// Base is what the matcher answers from.
func (m *Matcher) Base() *knowledge.Base { return m.base }

// Thresholds of the decision.
const (
	// supportedFloor is the probability that the pack can answer at all, below
	// which a question is declined. The calibration's masses make 0.5 the point
	// where an answer is as likely to be right as wrong.
	supportedFloor = 0.5

	// answerFloor is the probability of the best fact, given that the pack can
	// answer, from which it answers alone; below it the person chooses.
	answerFloor = 0.5

	// closeShare is how likely the second fact may be, against the best one, for
	// the best to answer alone all the same.
	closeShare = 0.4

	// choiceShare is how likely a fact must be, against the best one, to be
	// offered beside it.
	choiceShare = 0.08
)

// Where the lexical ranker alone is so sure, the encoder is not asked. Measured
// on the first pack's eval.yaml: within these bounds both decide alike.
const (
	settledAnswer  = 0.95  // the lexical confidence from which its answer stands
	settledDecline = 0.005 // the lexical probability of support below which it declines
)

// Match decides on q. It never fails and never panics on any input.
func (m *Matcher) Match(q Query) Result {
	u := m.ix.understand(q.Text)
	d := m.decide(u)
	if english, ok := inEnglish(q.Text); ok && d.exact < 0 {
		u = m.ix.understand(english)
		d = m.decide(u)
	}
	alone := d.exact >= 0 || d.outcome == Answered && !u.continues()
	if l, ok := u.leans(); !alone && ok {
		if q.Previous != nil {
			switch f, ok, tried := m.followUp(u, l, q.Previous); {
			case ok:
				d = f
			case d.outcome == Declined:
				d.untold = tried
			}
		}
	} else {
		alone = true
	}
	r := m.result(q, d)
	r.Alone = alone
	r.Offered = offered(r)
	return r
}

// A decision is a Result in the making.
type decision struct {
	u        understood
	outcome  Outcome
	order    []int32 // facts, best first, at most MaxCandidates
	conf     []float64
	evidence evidence
	x        input
	in       float64 // probability that the pack can answer
	exact    int32   // the phrasing that the question is, but for words of no weight; -1 if none
	encoded  bool
	followUp bool
	more     bool // a follow-up that asks for more of the same
	untold   bool // it reads like a follow-up, and nothing supports it
}

// decide ranks, weighs and decides.
func (m *Matcher) decide(u understood) decision {
	d := decision{u: u, outcome: Declined, exact: -1}
	if len(u.words) == 0 || len(m.ix.facts) == 0 {
		return d
	}
	labels := len(m.ix.facts)
	if p, ok := m.ix.exact[bones(u.words)]; ok {
		d.exact = p
		fact := m.ix.phrasings[p].fact
		d.order, d.conf = []int32{fact}, []float64{exactConfidence}
		d.evidence = m.ix.judge(u, fact, nil)
		d.in, d.outcome = exactConfidence, Answered
		return d
	}
	m.weigh(&d, m.model.cheap(u.words, labels), &m.model.cheapCal)
	if !u.tells() { // "what is it about?": nothing but an exact phrasing answers that
		d.outcome = Declined
		for i := range d.conf {
			d.conf[i] *= untold
		}
		return d
	}
	if m.model.semantic == nil || d.settled() {
		return d
	}
	enc := encoderIf(m.encoder)
	if enc == nil {
		return d
	}
	m.weigh(&d, m.model.thorough(u.words, enc.Encode(encodable(u.words)), labels), &m.model.fullCal)
	d.encoded = true
	return d
}

// untold is what is left of the confidence of a question in which no word tells
// what it is about.
const untold = 0.1

// exactConfidence is that of a question that is a phrasing but for words of no
// weight.
const exactConfidence = 0.99

// settled reports whether the encoder would change nothing.
func (d *decision) settled() bool {
	return d.in <= settledDecline || d.outcome == Answered && d.conf[0] >= settledAnswer
}

// weigh decides on one reading.
func (m *Matcher) weigh(d *decision, r reading, cal *calibration) {
	d.evidence = m.ix.judge(d.u, r.best[0], nil)
	d.x = inputOf(r, &d.evidence)
	in, right := cal.judge(&d.x)
	first := math.Exp(float64(r.z[0]) - r.lse)
	d.in, d.order, d.conf = in, r.best, make([]float64, len(r.best))
	for rank, z := range r.z {
		if d.conf[rank] = in * right; rank > 0 { // what is left is shared as the ranker shares it
			d.conf[rank] = min(d.conf[rank-1], in*(1-right)*math.Exp(float64(z)-r.lse)/max(1-first, 1e-9))
		}
	}
	switch {
	case in < supportedFloor:
		d.outcome = Declined
	case len(r.best) == 1 || right >= answerFloor && d.conf[1] < closeShare*d.conf[0]:
		d.outcome = Answered
	default:
		d.outcome = Choices
		n := 2
		for n < len(r.best) && d.conf[n] >= choiceShare*d.conf[0] {
			n++
		}
		d.order, d.conf = r.best[:n], d.conf[:n]
	}
}

// best returns the indexes of the n largest of z, the largest first; ties go to
// the smaller index.
func best(z []float32, n int) []int32 {
	out := make([]int32, 0, n+1)
	for i, v := range z {
		if len(out) == n && v <= z[out[n-1]] {
			continue
		}
		at, _ := slices.BinarySearchFunc(out, v, func(j int32, v float32) int {
			if z[j] >= v {
				return -1
			}
			return cmp.Compare(v, z[j])
		})
		out = slices.Insert(out, at, int32(i))
		out = out[:min(len(out), n)]
	}
	return out
}
