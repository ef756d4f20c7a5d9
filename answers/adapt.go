package answers

import "math"

// A pack that shows much of itself may move the decision: its phrasings, each asked as if it
// were not there, are questions that it answers; its unanswered questions, each as if it were
// not there, are near misses; and where facts have no answers, as in sets of intents, phrasings
// of a fact that is left out are questions from elsewhere. The model learned across packs is
// the prior,
//
//	minimise  mean loss  +  strength/n · ‖b − b₀‖²,
//
// in the units of standardised figures, so that it gives way in proportion to how many
// questions there are, and never against a sign. Neither kind is what people really ask:
// phrasings are easier to find, and near misses come in families. On packs of some hundred
// such questions adapting costs more than it brings, and on the first pack, which has four
// thousand, it brings five points of right answers at equal near misses; hence the strength
// and the least number.
const (
	adaptFrom = 150  // unanswered questions that a base with answers must have to be adapted to
	adaptMost = 1500 // of each kind, spread over the base
	adaptBias = .04  // the share of its distance that the bias pays
)

// An adaptation says how a kind of base is adapted to.
type adaptation struct {
	strength float64
	out      float64 // the share of questions without an answer that is assumed
}

var (
	byUnanswered = adaptation{strength: 80, out: .15}
	byLeavingOut = adaptation{strength: 30, out: .35}
)

// adapt is the sure model as the base moves it; the one learned across packs if the base
// shows too little.
func (ix *index) adapt(mean *meaning) *linear {
	shared := learned.of(ix.hasAnswers, true)
	how := byUnanswered
	if !ix.hasAnswers {
		how = byLeavingOut
	} else if len(ix.unanswered) < adaptFrom {
		return &shared.sure
	}
	var x []figuresOf
	var right, out []bool
	ask := func(vector []float32, u *understood, cut exclusion, want int32) {
		q := ix.prepare(u)
		q.vector = vector // without the predicate's, which is not kept of unanswered questions
		facts, v, _, _ := ix.compareAll(q, mean, cut)
		if len(facts) == 0 {
			return
		}
		order, _ := shared.place(facts, v)
		x = append(x, v[order[0]])
		right = append(right, facts[order[0]] == want)
		out = append(out, want < 0)
	}
	every := max(1, len(ix.phrasings)/adaptMost)
	for p := 0; p < len(ix.phrasings); p += every {
		ph := &ix.phrasings[p]
		u := ix.understand(ph.text)
		if ix.start[ph.fact+1]-ix.start[ph.fact] > 1 {
			ask(row(mean.phrasings, p), &u, withoutPhrasing(int32(p)), ph.fact)
		}
		if !ix.hasAnswers {
			ask(row(mean.phrasings, p), &u, withoutFact(ph.fact), -1)
		}
	}
	every = max(1, len(ix.unanswered)/adaptMost)
	for i := 0; i < len(ix.unanswered); i += every {
		u := ix.understand(ix.unanswered[i])
		ask(row(mean.unanswered, i), &u, withoutUnanswered(int32(i)), -1)
	}
	var outs float64
	for _, n := range out {
		if n {
			outs++
		}
	}
	ins := float64(len(out)) - outs
	if outs == 0 || ins == 0 {
		return &shared.sure
	}
	w := make([]float64, len(x))
	for i, n := range out {
		if w[i] = (1 - how.out) / ins; n {
			w[i] = how.out / outs
		}
	}
	f := &fit{ramps: shared.sure.ramps}
	for i, weight := range shared.sure.weights {
		if weight != 0 {
			f.figures = append(f.figures, figure(i))
			f.signs = append(f.signs, figureKinds[i].sign)
		}
	}
	for _, r := range f.ramps {
		f.signs = append(f.signs, figureKinds[r.figure].sign)
	}
	f.scaleBy(x, w)
	for k := range f.sd { // what the base hardly shows it does not move
		f.sd[k] = max(f.sd[k], .02)
	}
	l := f.model(f.solve(x, right, w, f.coefficients(&shared.sure), how.strength/float64(len(x)), adaptBias))
	if math.IsNaN(l.bias) {
		return &shared.sure
	}
	return &l
}
