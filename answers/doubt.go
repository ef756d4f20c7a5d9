package answers

import (
	"cmp"
	"context"
	"math"
	"slices"
)

// Doubts tell questions like those of unanswered.yaml from questions like phrasings:
// kernel ridge regression of +1 for an unanswered question and −1 for a phrasing,
//
//	f(v) = Σ a_i·k(v, x_i),  a = (K + λI)⁻¹ y,  k(u, v) = exp(2γ(cos(u, v) − 1)) + μ·c(u, v)
//
// (Saunders, Gammerman and Vovk, Ridge Regression Learning Algorithm in Dual Variables,
// 1998). The first term is the radial kernel exp(−γ‖u − v‖²) of the encoder's vectors, the
// second the cosine of character runs. What is nearer to a phrasing by more than
// unansweredBound is not doubted at all, so that an unanswered question weighs near itself
// and nowhere else.
type doubts struct {
	weights   []float32 // of the chosen phrasings, then of the unanswered questions
	phrasings []int32
	grams     []float32 // μ·Σ a_i·x_i of the character runs, by gram

	// leftOut is f of each of them as if it were not there: y_i − a_i/((K + λI)⁻¹)_ii. It is
	// known only where doubts were just made.
	leftOut []float32
}

const (
	doubtGamma  = 4
	doubtChars  = .5
	doubtLambda = .1

	// mostDoubts bounds the work, which grows with the cube, and the memory, which grows with
	// the square: of more phrasings those nearest to an unanswered question are taken. What
	// ships is made from more.
	mostDoubts, mostDoubtsShipped = 1500, 4500
)

// newDoubts makes the doubts of a base; where ctx ends it, they are none.
func newDoubts(ctx context.Context, ix *index, phrasings, unanswered *table, atMost int) doubts {
	n, k := phrasings.rows(), unanswered.rows()
	if k == 0 || n == 0 {
		return doubts{}
	}
	k = min(k, atMost/2)
	d := doubts{}
	nearest := make([]float32, n)
	cos := make([]float32, n)
	for i := range k {
		if ctx.Err() != nil {
			return doubts{}
		}
		phrasings.product(unanswered.row(i), cos)
		for j, c := range cos {
			nearest[j] = max(nearest[j], c)
		}
	}
	for j := range n {
		d.phrasings = append(d.phrasings, int32(j))
	}
	if most := atMost - k; n > most {
		slices.SortStableFunc(d.phrasings, func(a, b int32) int { return cmp.Compare(nearest[b], nearest[a]) })
		d.phrasings = d.phrasings[:most]
		slices.Sort(d.phrasings)
	}
	n = len(d.phrasings)
	x := phrasings.chosen(d.phrasings, unanswered.first(k))
	chars := make([][]feature, 0, n+k)
	for _, p := range d.phrasings {
		chars = append(chars, ix.spellings.vector(ix.phrasings[p].words, nil))
	}
	chars = append(chars, ix.unansweredChars[:k]...)
	gram := newSymmetric(n + k)
	r := make([]float32, n+k)
	y := make([]float64, n+k)
	for i := range n + k {
		if ctx.Err() != nil {
			return doubts{}
		}
		x.product(x.row(i), r)
		for j := i; j < n+k; j++ {
			gram.set(i, j, kernelOf(r[j])+doubtChars*float64(dot(chars[i], chars[j])))
		}
		gram.data[i*(n+k)+i] += doubtLambda
		if y[i] = 1; i < n {
			y[i] = -1
		}
	}
	if !gram.factorize() {
		return doubts{}
	}
	a := slices.Clone(y)
	if gram.solve(a); ctx.Err() != nil || !gram.invertFactor() {
		return doubts{}
	}
	inverse := gram.diagonalOfInverse()
	d.grams = make([]float32, len(ix.spellings.idf))
	for i := range n + k {
		for _, f := range chars[i] {
			d.grams[f.id] += doubtChars * float32(a[i]) * f.value
		}
		d.weights = append(d.weights, float32(a[i]))
		d.leftOut = append(d.leftOut, float32(y[i]-a[i]/inverse[i]))
	}
	return d
}

func kernelOf(cos float32) float64 { return math.Exp(2 * doubtGamma * (float64(cos) - 1)) }

// at is the doubt of a question by its cosines with all phrasings and all unanswered
// questions and by its character runs, 0 or more.
func (d *doubts) at(phrasings, unanswered []float32, chars []feature, x exclusion) float64 {
	if len(d.weights) == 0 {
		return 0
	}
	s := 0.0
	if at, ok := d.position(x); ok {
		s = float64(d.leftOut[at])
	} else {
		for i, p := range d.phrasings {
			s += float64(d.weights[i]) * kernelOf(phrasings[p])
		}
		for i, a := range d.weights[len(d.phrasings):] {
			s += float64(a) * kernelOf(unanswered[i])
		}
		for _, f := range chars {
			s += float64(d.grams[f.id]) * float64(f.value)
		}
	}
	gate := 1 - max(float64(slices.Max(phrasings)-slices.Max(unanswered)), 0)/unansweredBound
	return max(s+1, 0) * max(gate, 0)
}

// position is where an excluded question stands among those that doubts were made from.
func (d *doubts) position(x exclusion) (int, bool) {
	switch {
	case len(d.leftOut) == 0:
	case x.unanswered >= 0:
		return len(d.phrasings) + int(x.unanswered), len(d.phrasings)+int(x.unanswered) < len(d.leftOut)
	case x.phrasing >= 0:
		at, ok := slices.BinarySearch(d.phrasings, x.phrasing)
		return at, ok
	}
	return 0, false
}
