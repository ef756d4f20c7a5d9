package answers

import (
	"context"
	"math"
	"slices"
)

// A pack may move the decision by what it shows of itself, in proportion to how much it shows,
// and never against a sign.
//
// With many unanswered questions it does so as a whole: its phrasings, each asked as if it were
// not there, are questions that it answers, its unanswered questions, each as if it were not
// there, are near misses, and the model learned across packs is the prior,
//
//	minimise  mean loss  +  adaptStrength/n · ‖b − b₀‖²,
//
// in the units of standardised figures. Neither kind is what people really ask: phrasings are
// easier to find, and near misses come in families. On packs of some hundred such questions
// adapting costs more than it brings, and on the first pack, which has four thousand, it brings
// five points of right answers at equal near misses; hence the strength and the least number.
//
// With one phrasing a fact it shows one thing: how sure the model is of the next best fact when
// the right one is left out. Facts that lie close together then make it more careful. With more
// phrasings this weighs less, by the square of their number.
//
// A set of labels is no pack of facts. How sure is sure differs from set to set, and what the
// classifier says of each phrasing as if it were not there, and as if its label were not, shows
// it. Both models keep their figures there and are stretched and shifted, a·z + b, to fit that,
// with a = 1, b = 0 as the prior.
const (
	adaptFrom     = 150  // unanswered questions that a base must have to be adapted to
	adaptMost     = 1500 // questions of each kind, spread over the base
	adaptStrength = 80.0
	adaptNear     = .09 // the share of near misses that is assumed
	adaptBias     = .04 // the share of its distance that the bias pays

	leftOutMost  = 400 // phrasings whose facts are left out
	leftOutShare = .04 // of them that may be answered surely

	// Shares of questions whose label is assumed not to be there: in labels of one subject what
	// is left out lies nearer than what people ask beside it. Validation sets.
	goneOfSure, goneOfAmong = .05, .3

	labelsStrength = 20.0
	labelsFrom     = 2.0 // phrasings a label that a set must have to show anything
)

// adapt is the sure model as the base moves it. Where ctx ends it, it is none that may be used.
func (ix *index) adapt(ctx context.Context, mean *meaning) *linear {
	shared := learned.of(ix.hasAnswers, true)
	switch a := float64(len(ix.phrasings)) / float64(max(len(ix.facts), 1)); {
	case len(ix.facts) < 2:
		return &shared.sure
	case !ix.hasAnswers:
		return &shared.sure
	case len(ix.unanswered) >= adaptFrom:
		return ix.fitToBase(ctx, mean, shared)
	default:
		return ix.setByLeavingOut(ctx, mean, shared, 1/(a*a))
	}
}

// first gives the figures of the fact that comes first for a phrasing as if something were not
// there; not ok if there is none.
func (ix *index) first(mean *meaning, shared *models, vector, predicate []float32, u *understood, cut exclusion) (v figuresOf, fact int32, ok bool) {
	q := ix.prepare(u)
	defer q.close()
	q.vector, q.predicate = vector, predicate
	facts, all, _, _ := ix.compareAll(q, mean, cut)
	if len(facts) == 0 {
		return v, -1, false
	}
	order, _ := shared.place(facts, all)
	return all[order[0]], facts[order[0]], true
}

// predicate is the vector of a phrasing's predicate, nil if it has none.
func (ix *index) predicate(mean *meaning, phrasing int) []float32 {
	if ix.predicateOf(ix.phrasings[phrasing].words) == "" {
		return nil
	}
	return mean.predicates.row(phrasing)
}

// moved is a model with another bias.
func (l *linear) moved(by float64) *linear {
	m := *l
	m.bias += by
	return &m
}

// sureLogit is the logit from which an answer is sure.
var sureLogit = logit(caution["normal"].sure)

func (ix *index) setByLeavingOut(ctx context.Context, mean *meaning, shared *models, weight float64) *linear {
	var z []float64
	every := max(1, len(ix.phrasings)/leftOutMost)
	for p := 0; p < len(ix.phrasings) && ctx.Err() == nil; p += every {
		u := ix.understand(ix.phrasings[p].text)
		if v, _, ok := ix.first(mean, shared, mean.phrasings.row(p), ix.predicate(mean, p), &u, withoutFact(ix.phrasings[p].fact)); ok {
			z = append(z, shared.sure.at(&v))
		}
	}
	if len(z) == 0 {
		return &shared.sure
	}
	slices.Sort(z)
	over := z[int(float64(len(z)-1)*(1-leftOutShare))] - sureLogit
	return shared.sure.moved(-max(over, 0) * min(weight, 1))
}

// adapt gives the decisions of a set of labels, as what was held out shows them.
func (l *labelClassifier) adapt(shared *models) (linear, *linear) {
	facts := len(l.duals) * dims / len(l.rows)
	if float64(l.n) < labelsFrom*float64(facts) {
		return shared.sure, nil
	}
	among := l.stretched(&shared.among, goneOfAmong, func(h *heldOut) bool { return h.among })
	return l.stretched(&shared.sure, goneOfSure, func(h *heldOut) bool { return h.right }), &among
}

func (l *labelClassifier) stretched(shared *linear, gone float64, right func(*heldOut) bool) linear {
	z, y, w := make([]float64, len(l.held)), make([]bool, len(l.held)), make([]float64, len(l.held))
	for i := range l.held {
		h := &l.held[i]
		var v figuresOf
		v[figClass], v[figClassEnergy] = h.class, h.energy
		z[i] = shared.at(&v)
		y[i] = !h.labelGone && right(h)
		if w[i] = 1 - gone; h.labelGone {
			w[i] = gone
		}
	}
	a, b := stretch(z, y, w, labelsStrength/float64(l.n))
	return shared.stretched(a, b)
}

// stretch minimises Σ w·ln(1 + exp(−y·(a·z + b))) / Σ w + l2·((a − 1)² + b²), by Newton's method.
func stretch(z []float64, y []bool, w []float64, l2 float64) (a, b float64) {
	a = 1
	total := 0.0
	for _, x := range w {
		total += x
	}
	for range 50 {
		ga, gb := 2*l2*(a-1), 2*l2*b
		haa, hab, hbb := 2*l2, 0.0, 2*l2
		for i, x := range z {
			p := sigmoid(a*x + b)
			e := p
			if y[i] {
				e--
			}
			e *= w[i] / total
			h := w[i] / total * max(p*(1-p), 1e-6)
			ga, gb = ga+e*x, gb+e
			haa, hab, hbb = haa+h*x*x, hab+h*x, hbb+h
		}
		det := haa*hbb - hab*hab
		da, db := (hbb*ga-hab*gb)/det, (haa*gb-hab*ga)/det
		if most := max(math.Abs(da), math.Abs(db)); most > 1 {
			da, db = da/most, db/most
		}
		a, b = max(a-da, .05), b-db
		if math.Abs(da)+math.Abs(db) < 1e-9 {
			break
		}
	}
	return a, b
}

// stretched is a·z + b for the logit z of l.
func (l *linear) stretched(a, b float64) linear {
	m := linear{bias: a*l.bias + b}
	for i, w := range l.weights {
		m.weights[i] = a * w
	}
	for _, r := range l.ramps {
		r.gain *= a
		m.ramps = append(m.ramps, r)
	}
	return m
}

func (ix *index) fitToBase(ctx context.Context, mean *meaning, shared *models) *linear {
	var x []figuresOf
	var right, out []bool
	ask := func(vector []float32, u *understood, cut exclusion, want int32) {
		// Of unanswered questions no predicate is kept, so none is compared.
		if v, fact, ok := ix.first(mean, shared, vector, nil, u, cut); ok {
			x, right, out = append(x, v), append(right, fact == want), append(out, want < 0)
		}
	}
	every := max(1, len(ix.phrasings)/adaptMost)
	for p := 0; p < len(ix.phrasings) && ctx.Err() == nil; p += every {
		ph := &ix.phrasings[p]
		if ix.start[ph.fact+1]-ix.start[ph.fact] > 1 {
			u := ix.understand(ph.text)
			ask(mean.phrasings.row(p), &u, withoutPhrasing(int32(p)), ph.fact)
		}
	}
	every = max(1, len(ix.unanswered)/adaptMost)
	for i := 0; i < len(ix.unanswered) && ctx.Err() == nil; i += every {
		u := ix.understand(ix.unanswered[i])
		ask(mean.unanswered.row(i), &u, withoutUnanswered(int32(i)), -1)
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
		if w[i] = (1 - adaptNear) / ins; n {
			w[i] = adaptNear / outs
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
	l := f.model(f.solve(x, right, w, f.coefficients(&shared.sure), adaptStrength/float64(len(x)), adaptBias))
	if math.IsNaN(l.bias) {
		return &shared.sure
	}
	return &l
}
