package answers

import (
	"math"
	"strings"

	"footnote/answers/encoder"

	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/blas32"
	"gonum.org/v1/gonum/mat"
)

// The semantic view of a text is the sentence encoder's: for each of its views
// a vector, centred on the pack's mean, whitened by the covariance within facts
// and scaled to length 1.
//
// Whitening makes the directions in which phrasings of one fact differ count
// less: Σ = S_w + ridge·(tr S_w / dims)·I, where S_w is the pooled covariance of the
// phrasings around the mean of their fact, and x → L⁻¹x with Σ = L·Lᵀ. The
// added diagonal (shrinkage as in ridge discriminant analysis) keeps Σ regular
// when a pack is smaller than the space.

// ridge is how much of the mean variance is added to Σ's diagonal. On the
// validation sets 1 to 10 differ by less than a point; small packs want more.
const ridge = 3

// semanticWidth is the length of a text's semantic vector.
const semanticWidth = int(encoder.NumViews) * encoder.Dims

// A whitening is one view's affine map, learned from a pack.
type whitening struct {
	mean []float32
	// invL is L⁻¹, dims × dims, lower triangular; nil is the identity.
	invL []float32
}

// A semantics maps encodings of one pack.
type semantics struct {
	views [encoder.NumViews]whitening
}

// encodable is how a text is put to the encoder: as a question, in lower case,
// with repaired spellings and the pack's own words for things.
func encodable(words []word) string {
	var b strings.Builder
	for i, w := range words {
		if i > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(w.text)
	}
	b.WriteByte('?')
	return b.String()
}

// fitSemantics learns the maps from the phrasings' encodings and facts.
func fitSemantics(encodings []encoder.Encoding, y []int32, labels int) *semantics {
	s := &semantics{}
	for v := range s.views {
		s.views[v] = fitWhitening(encodings, encoder.View(v), y, labels)
	}
	return s
}

func fitWhitening(encodings []encoder.Encoding, view encoder.View, y []int32, labels int) whitening {
	const d = encoder.Dims
	n := len(encodings)
	x := make([]float32, n*d)
	mean := make([]float32, d)
	for i, e := range encodings {
		copy(x[i*d:], e.Views[view])
	}
	for i := range n {
		axpy(1/float32(n), x[i*d:][:d], mean)
	}
	// Centre and scale first, so that the covariance is that of what is compared.
	for i := range n {
		row := x[i*d:][:d]
		axpy(-1, mean, row)
		unit(row)
	}
	w := whitening{mean: mean}
	count := make([]float32, labels)
	centre := make([]float32, labels*d)
	for i, l := range y {
		count[l]++
		axpy(1, x[i*d:][:d], centre[int(l)*d:][:d])
	}
	repeated := false
	for i, l := range y {
		repeated = repeated || count[l] > 1
		axpy(-1/count[l], centre[int(l)*d:][:d], x[i*d:][:d])
	}
	if !repeated {
		return w
	}
	cov := make([]float32, d*d)
	blas32.Gemm(blas.Trans, blas.NoTrans, 1/float32(n), general(x, n, d), general(x, n, d), 0, general(cov, d, d))
	trace := 0.0
	for i := range d {
		trace += float64(cov[i*d+i])
	}
	sigma := mat.NewSymDense(d, nil)
	for i := range d {
		for j := i; j < d; j++ {
			sigma.SetSym(i, j, float64(cov[i*d+j]))
		}
		sigma.SetSym(i, i, float64(cov[i*d+i])+ridge*trace/d)
	}
	var chol mat.Cholesky
	if !chol.Factorize(sigma) {
		return w
	}
	var l, inv mat.TriDense
	chol.LTo(&l)
	if err := inv.InverseTri(&l); err != nil {
		return w
	}
	w.invL = make([]float32, d*d)
	for i := range d {
		for j := range i + 1 {
			w.invL[i*d+j] = float32(inv.At(i, j))
		}
	}
	return w
}

// vector is the semantic vector of one encoding, each view scaled by the root of its share.
func (s *semantics) vector(e encoder.Encoding, out []float32) {
	const d = encoder.Dims
	var x [d]float32
	for v := range s.views {
		w := &s.views[v]
		row := out[v*d:][:d]
		copy(x[:], e.Views[v])
		axpy(-1, w.mean, x[:])
		unit(x[:])
		if w.invL == nil {
			copy(row, x[:])
			scale(viewShare[v], row)
			continue
		}
		for i := range d {
			row[i] = dense(w.invL[i*d:i*d+i+1], x[:i+1])
		}
		unit(row)
		scale(viewShare[v], row)
	}
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

func general(data []float32, rows, cols int) blas32.General {
	return blas32.General{Rows: rows, Cols: cols, Stride: cols, Data: data}
}
