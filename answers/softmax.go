package answers

import (
	"math"

	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/blas32"
)

// Softmax regression without a bias:
//
//	minimise  Σ_i c_i · −ln p(y_i | x_i)  +  ½ ‖W‖²
//
// by L-BFGS (Nocedal & Wright, Numerical Optimization, algorithms 7.4 and 7.5).
// The problem is convex and the start is 0, so the result does not depend on
// the machine's mood.
//
// Every iterate is a combination of the rows, W = Xᵀa, so the optimiser works
// on a and on z = Xw (rows × labels each) and never on W (features × labels),
// which is ten times as large: the inner product of two such W is a₁·z₂. A step
// costs one product with X and one with Xᵀ; trying step lengths costs neither,
// since z is linear in the step.

const (
	// softmaxC weighs the data against the size of the weights. Accuracy on the
	// validation sets is flat from 8 to 50.
	softmaxC = 20

	// softmaxSteps ends the optimisation: later steps change no decision.
	softmaxSteps = 25

	lbfgsMemory = 8
)

// A design is a training set: each row a sparse part, a dense part, or both.
type design struct {
	sparse     [][]feature // by row; nil if there is no sparse part
	width      int         // of the sparse part
	dense      []float32   // rows × denseWidth; nil if there is no dense part
	denseWidth int
	rows       int

	c      float32   // weighs the data against the size of the weights
	weight []float32 // of each row's loss; nil means 1
}

// weights are a trained softmax regression, features × labels in both parts.
type weights struct {
	sparse rounded
	dense  rounded
}

// unrounded are weights while they are learned.
type unrounded struct {
	sparse []float32
	dense  []float32
}

// times puts X·w into z.
func (d *design) times(w *unrounded, labels int, z []float32) {
	clear(z)
	for i, row := range d.sparse {
		for _, f := range row {
			axpy(f.value, w.sparse[int(f.id)*labels:][:labels], z[i*labels:][:labels])
		}
	}
	if d.dense != nil {
		blas32.Gemm(blas.NoTrans, blas.NoTrans, 1, general(d.dense, d.rows, d.denseWidth), general(w.dense, d.denseWidth, labels), 1, general(z, d.rows, labels))
	}
}

// transposed puts Xᵀ·a into w.
func (d *design) transposed(a []float32, labels int, w *unrounded) {
	clear(w.sparse)
	for i, row := range d.sparse {
		for _, f := range row {
			axpy(f.value, a[i*labels:][:labels], w.sparse[int(f.id)*labels:][:labels])
		}
	}
	if d.dense != nil {
		blas32.Gemm(blas.Trans, blas.NoTrans, 1, general(d.dense, d.rows, d.denseWidth), general(a, d.rows, labels), 0, general(w.dense, d.denseWidth, labels))
	}
}

// A point is an element W = Xᵀa of the rows' span, with z = XW.
type point struct{ a, z []float32 }

func newPoint(n int) point { return point{make([]float32, n), make([]float32, n)} }

func inner(u, v point) float64 { return float64(dense(u.a, v.z)) }

func (u point) add(t float64, v point) {
	axpy(float32(t), v.a, u.a)
	axpy(float32(t), v.z, u.z)
}

func (u point) set(v point) {
	copy(u.a, v.a)
	copy(u.z, v.z)
}

// trainSoftmax fits the weights for labels 0 … labels−1.
func trainSoftmax(d design, y []int32, labels int) weights {
	n := d.rows * labels
	if n > largeSet {
		return descend(d, y, labels)
	}
	w := unrounded{sparse: make([]float32, d.width*labels), dense: make([]float32, d.denseWidth*labels)}
	at, grad, dir := newPoint(n), newPoint(n), newPoint(n)
	p := make([]float32, n)

	// lossAt is the objective at at + t·dir; it leaves c·(p − y) in p.
	lossAt := func(t float64) float64 {
		copy(p, at.z)
		axpy(float32(t), dir.z, p)
		// ½ ‖W + t·D‖² from the parts.
		loss := 0.5*inner(at, at) + t*inner(at, dir) + 0.5*t*t*inner(dir, dir)
		for i := range d.rows {
			row := p[i*labels:][:labels]
			l := logSumExp(row)
			c := d.c
			if d.weight != nil {
				c *= d.weight[i]
			}
			loss += float64(c) * (l - float64(row[y[i]]))
			for k, v := range row {
				row[k] = c * float32(math.Exp(float64(v)-l))
			}
			row[y[i]] -= c
		}
		return loss
	}
	gradient := func() {
		copy(grad.a, p)
		axpy(1, at.a, grad.a)
		d.transposed(grad.a, labels, &w)
		d.times(&w, labels, grad.z)
	}
	type pair struct {
		s, y point
		rho  float64
	}
	var memory []pair
	alpha := make([]float64, lbfgsMemory)
	loss := lossAt(0)
	gradient()
	for step := range softmaxSteps {
		dir.set(grad)
		for i := len(memory) - 1; i >= 0; i-- {
			m := memory[i]
			alpha[i] = m.rho * inner(m.s, dir)
			dir.add(-alpha[i], m.y)
		}
		if k := len(memory); k > 0 {
			m := memory[k-1]
			f := float32(1 / (m.rho * inner(m.y, m.y)))
			scale(f, dir.a)
			scale(f, dir.z)
		}
		for i, m := range memory {
			dir.add(alpha[i]-m.rho*inner(m.y, dir), m.s)
		}
		scale(-1, dir.a)
		scale(-1, dir.z)
		slope := inner(grad, dir)
		if slope >= 0 {
			break
		}
		size := 1.0
		if step == 0 {
			size = 1 / math.Sqrt(inner(grad, grad))
		}
		const armijo, shrink, tries = 1e-4, 0.5, 12
		after, ok := 0.0, false
		for range tries {
			if after = lossAt(size); after <= loss+armijo*size*slope {
				ok = true
				break
			}
			size *= shrink
		}
		if !ok {
			break
		}
		var m pair
		if len(memory) == lbfgsMemory {
			m, memory = memory[0], memory[1:]
		} else {
			m = pair{s: newPoint(n), y: newPoint(n)}
		}
		m.s.set(dir)
		scale(float32(size), m.s.a)
		scale(float32(size), m.s.z)
		m.y.set(grad)
		at.add(1, m.s)
		gradient()
		scale(-1, m.y.a)
		scale(-1, m.y.z)
		m.y.add(1, grad)
		if sy := inner(m.s, m.y); sy > 1e-10 {
			m.rho = 1 / sy
			memory = append(memory, m)
		}
		if loss-after < 1e-6*math.Abs(loss) {
			break
		}
		loss = after
	}
	d.transposed(at.a, labels, &w)
	return weights{sparse: round(w.sparse, labels), dense: round(w.dense, labels)}
}

// scores adds the logits of one text to z.
func (w *weights) scores(sparse []feature, vector []float32, z []float32) {
	for _, f := range sparse {
		w.sparse.add(f.value, int(f.id), z)
	}
	for i, v := range vector {
		w.dense.add(v, i, z)
	}
}

func logSumExp(z []float32) float64 {
	m := z[0]
	for _, v := range z {
		m = max(m, v)
	}
	s := 0.0
	for _, v := range z {
		s += math.Exp(float64(v - m))
	}
	return float64(m) + math.Log(s)
}

// axpy adds a·x to y.
func axpy(a float32, x, y []float32) {
	blas32.Axpy(a, blas32.Vector{N: len(x), Inc: 1, Data: x}, blas32.Vector{N: len(y), Inc: 1, Data: y})
}
