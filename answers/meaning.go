package answers

import (
	"context"
	"math"

	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/blas32"

	"footnote/answers/encoder"
)

// A meaning is what the sentence encoder makes of a base: a vector for each
// phrasing, for each fact as a whole (its first phrasing and its answer in one
// text) and for each unanswered question, and a classifier of facts made from
// them. Nothing in it is tuned; what the figures are worth is learned across
// packs (decision.go). It is immutable.
type meaning struct {
	phrasings  table
	wholes     table // of facts; empty where no fact has an answer
	unanswered table
	names      table // of facts, where none has an answer: what they are called
	predicates table // of phrasings without names, numbers and dates

	shortened   table   // phrasings of labels with a word left out, until the labels are learned
	shortenedOf []int32 // the phrasing of each

	mean        []float32 // of the phrasings
	meanSquared float32
	meanDot     []float32 // of each phrasing with the mean
	centred     []float32 // length of each phrasing less the mean

	// usual and spread tell how near to each other the phrasings of different
	// facts are: the mean and the deviation of the cosine with the nearest one.
	usual, spread float64

	classes classifier
	doubts  doubts
	models  models // learned across packs, moved by what the base shows of itself

	senses *senses // of words, where no list tells how they are related; else nil
}

// A fitted holds what is made of a base's vectors and takes time.
type fitted struct {
	classes classifier
	doubts  doubts
	sure    linear
	among   *linear // nil is as it was learned
}

const dims = encoder.Dims

func row(x []float32, i int) []float32 { return x[i*dims : (i+1)*dims : (i+1)*dims] }

// newMeaning takes up the vectors of the texts, of which the phrasings' belong to owner.
func newMeaning(t *baseTexts, s *vectorStore, owner []int32) *meaning {
	n := len(owner)
	m := &meaning{phrasings: s.rows(t.phrasings), wholes: s.rows(t.wholes), unanswered: s.rows(t.unanswered), names: t.namesIn(s), predicates: s.rows(t.predicates),
		shortened: s.rows(t.shortened), shortenedOf: t.shortenedOf, mean: make([]float32, dims), meanDot: make([]float32, n), centred: make([]float32, n)}
	v := make([]float32, dims)
	for i := range n {
		m.phrasings.into(i, v)
		axpy(1/float32(n), v, m.mean)
	}
	m.meanSquared = dense(m.mean, m.mean)
	for i := range n {
		m.phrasings.into(i, v)
		m.meanDot[i] = dense(v, m.mean)
		m.centred[i] = float32(math.Sqrt(float64(max(1-2*m.meanDot[i]+m.meanSquared, 1e-6))))
	}
	m.measure(owner)
	return m
}

// fit makes the classifier, the doubts and the decision of a base, or takes those that were
// made before. ctx can end it.
func (m *meaning) fit(ctx context.Context, ix *index, known *fitted, doubtsOf int) (*fitted, error) {
	m.models = *learned.of(ix.hasAnswers, true)
	if known == nil {
		known = &fitted{classes: m.newClassifier(ix), doubts: newDoubts(ctx, ix, &m.phrasings, &m.unanswered, doubtsOf)}
		m.classes, m.doubts = known.classes, known.doubts
		if labels := m.classes.labels; labels != nil {
			known.sure, known.among = labels.adapt(&m.models)
		} else {
			known.sure = *ix.adapt(ctx, m)
		}
		if err := ctx.Err(); err != nil {
			return nil, err
		}
	}
	m.classes, m.doubts, m.models.sure = known.classes, known.doubts, known.sure
	if known.among != nil {
		m.models.among = *known.among
	}
	m.classes.mean, m.doubts.leftOut = m.mean, nil
	if m.classes.labels != nil {
		m.classes.labels.held = nil
	}
	m.shortened, m.shortenedOf = table{}, nil
	return known, nil
}

// sampledPhrasings is how many phrasings tell how near phrasings of different
// facts are.
const sampledPhrasings = 64

// leastSpread keeps a base whose phrasings all lie alike from dividing by nothing.
const leastSpread = .02

func (m *meaning) measure(owner []int32) {
	n := len(owner)
	m.usual, m.spread = .6, leastSpread
	if n == 0 || owner[0] == owner[n-1] {
		return
	}
	cos := make([]float32, n)
	var sum, squares float64
	count := min(n, sampledPhrasings)
	for k := range count {
		i := k * n / count
		m.phrasings.product(m.phrasings.row(i), cos)
		nearest := float32(-1)
		for j, c := range cos {
			if owner[j] != owner[i] {
				nearest = max(nearest, c)
			}
		}
		sum += float64(nearest)
		squares += float64(nearest * nearest)
	}
	m.usual = sum / float64(count)
	m.spread = max(math.Sqrt(max(squares/float64(count)-m.usual*m.usual, 0)), leastSpread)
}

// product puts the dot products of v with the rows of x into out.
func product(x, v, out []float32) {
	if len(out) == 0 {
		return
	}
	blas32.Gemv(blas.NoTrans, 1, general(x, len(out), dims), blas32.Vector{N: dims, Inc: 1, Data: v}, 0, blas32.Vector{N: len(out), Inc: 1, Data: out})
}

// A classifier gives each fact a logit for a vector: the vector is centred,
// whitened by the covariance within facts and scaled to unit length, and compared
// with a weight vector of each fact. It serves where a fact has several phrasings,
// which show in what the phrasings of one fact differ.
type classifier struct {
	mean []float32
	// invL is L⁻¹ of the Cholesky factor of Σ = S_w + ridge·(tr S_w/dims)·I, where
	// S_w is the pooled covariance of phrasings around the mean of their fact
	// (shrinkage as in regularised discriminant analysis, Friedman 1989). It is
	// lower triangular, in rows; nil is the identity.
	invL    []float32
	weights []float32 // facts × dims

	labels *labelClassifier // of a base without answers; it takes the place of weights
}

const (
	// ridge: on the validation sets 1 to 10 differ by less than a point.
	ridge = 3

	// sharpness turns the cosine with a fact's mean into a logit.
	sharpness = 20

	// A base with so many phrasings a fact, and not too many altogether, gets
	// its weights refined by softmax regression: two points on intents with ten
	// phrasings, nothing with three.
	refineFrom, refineMost = 5, 400_000
)

// newClassifier makes the classifier of a base.
func (m *meaning) newClassifier(ix *index) classifier {
	if m.names.rows() > 0 {
		c := classifier{mean: m.mean, invL: whitener(centredRows(&m.phrasings, m.mean), ix.owner, len(ix.facts), labelRidge)}
		if c.labels = newLabelClassifier(&c, m, ix.owner, len(ix.facts)); c.labels != nil {
			return c
		}
	}
	return newClassifier(&m.phrasings, m.mean, ix.owner, len(ix.facts))
}

// centredRows are rows less the mean, of unit length.
func centredRows(rows *table, mean []float32) []float32 {
	x := rows.floats()
	for i := range len(x) / dims {
		axpy(-1, mean, row(x, i))
		unit(row(x, i))
	}
	return x
}

func newClassifier(phrasings *table, mean []float32, owner []int32, facts int) classifier {
	c := classifier{mean: mean}
	n := len(owner)
	if n == 0 {
		return c
	}
	x := centredRows(phrasings, mean)
	c.invL = whitener(x, owner, facts, ridge)
	for i := range n {
		c.whiten(row(x, i))
	}
	c.weights = make([]float32, facts*dims)
	for i, f := range owner {
		axpy(1, row(x, i), row(c.weights, int(f)))
	}
	for f := range facts {
		unit(row(c.weights, f))
	}
	scale(sharpness, c.weights)
	if n >= refineFrom*facts && n*facts <= refineMost && facts > 1 {
		c.weights = refine(x, owner, facts, c.weights)
	}
	return c
}

// whitener is L⁻¹ for the rows of x, or nil where no fact has two.
func whitener(x []float32, owner []int32, facts int, ridge float64) []float32 {
	n := len(owner)
	count := make([]float32, facts)
	centre := make([]float32, facts*dims)
	repeated := false
	for i, f := range owner {
		count[f]++
		repeated = repeated || count[f] > 1
		axpy(1, row(x, i), row(centre, int(f)))
	}
	if !repeated {
		return nil
	}
	within := make([]float32, len(x))
	copy(within, x)
	for i, f := range owner {
		axpy(-1/count[f], row(centre, int(f)), row(within, i))
	}
	cov := make([]float32, dims*dims)
	blas32.Gemm(blas.Trans, blas.NoTrans, 1/float32(n), general(within, n, dims), general(within, n, dims), 0, general(cov, dims, dims))
	trace := 0.0
	for i := range dims {
		trace += float64(cov[i*dims+i])
	}
	sigma := newSymmetric(dims)
	for i := range dims {
		for j := i; j < dims; j++ {
			sigma.set(i, j, float64(cov[i*dims+j]))
		}
		sigma.data[i*dims+i] += ridge * trace / dims
	}
	if !sigma.factorize() || !sigma.invertFactor() {
		return nil
	}
	out := make([]float32, dims*dims) // the inverse of L = Uᵀ
	for i := range dims {
		for j := range i + 1 {
			out[i*dims+j] = float32(sigma.data[j*dims+i])
		}
	}
	return out
}

// whiten maps a centred vector of unit length in place.
func (c *classifier) whiten(v []float32) {
	if c.invL == nil {
		return
	}
	var x [dims]float32
	copy(x[:], v)
	for i := range dims {
		v[i] = dense(c.invL[i*dims:i*dims+i+1], x[:i+1])
	}
	unit(v)
}

// place centres and whitens a vector, in place.
func (c *classifier) place(v []float32) {
	axpy(-1, c.mean, v)
	unit(v)
	c.whiten(v)
}

// logits puts the facts' logits for v into out.
func (c *classifier) logits(v, out []float32) {
	var x [dims]float32
	copy(x[:], v)
	c.place(x[:])
	if c.labels != nil {
		c.labels.logits(x[:], out, -1)
		return
	}
	product(c.weights, x[:], out)
}

// logitsWithout are the logits for a phrasing, v, of a fact whose phrasings begin and end at from
// and to, as if that phrasing were not there.
func (c *classifier) logitsWithout(v []float32, phrasings *table, out []float32, fact, from, to, phrasing int32) {
	if c.labels == nil {
		c.logits(v, out)
		out[fact] = c.without(v, phrasings, from, to, phrasing)
		return
	}
	var x [dims]float32
	copy(x[:], v)
	c.place(x[:])
	c.labels.logits(x[:], out, phrasing)
}

// without is the logit of a fact as if one of its phrasings were not there: the cosine with the
// mean of the others.
func (c *classifier) without(v []float32, phrasings *table, from, to, out int32) float32 {
	var x [dims]float32
	mean := make([]float32, dims)
	for p := from; p < to; p++ {
		if p == out {
			continue
		}
		phrasings.into(int(p), x[:])
		c.place(x[:])
		axpy(1, x[:], mean)
	}
	unit(mean)
	copy(x[:], v)
	c.place(x[:])
	return sharpness * dense(mean, x[:])
}

// dense is the dot product of two dense vectors of equal length.
func dense(a, b []float32) float32 {
	return blas32.Dot(blas32.Vector{N: len(a), Inc: 1, Data: a}, blas32.Vector{N: len(b), Inc: 1, Data: b})
}

func unit(x []float32) {
	if n := dense(x, x); n > 0 {
		scale(1/float32(math.Sqrt(float64(n))), x)
	}
}

func scale(a float32, x []float32) { blas32.Scal(a, blas32.Vector{N: len(x), Inc: 1, Data: x}) }

// axpy adds a·x to y.
func axpy(a float32, x, y []float32) {
	blas32.Axpy(a, blas32.Vector{N: len(x), Inc: 1, Data: x}, blas32.Vector{N: len(y), Inc: 1, Data: y})
}

func general(data []float32, rows, cols int) blas32.General {
	return blas32.General{Rows: rows, Cols: cols, Stride: cols, Data: data}
}
