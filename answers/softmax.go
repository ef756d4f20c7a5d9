package answers

import (
	"math"

	"github.com/viterin/vek/vek32"
)

// Softmax regression without a bias:
//
//	minimise  C · Σ_i −ln p(y_i | x_i)  +  ½ ‖W‖²
//
// by L-BFGS (Nocedal & Wright, Numerical Optimization, algorithms 7.4 and 7.5).
// The problem is convex and the start is 0, so the result does not depend on
// the machine's mood. Weights are stored feature by feature, labels together.

const (
	// softmaxC weighs the data against the size of the weights. Accuracy on the
	// validation sets is flat from 8 to 50.
	softmaxC = 20

	// softmaxSteps ends the optimisation: later steps change no decision.
	softmaxSteps = 45

	lbfgsMemory = 8
)

// A design is a training set that can multiply itself with weights, sparse or
// dense. rows and labels are its counts; dims is the number of features.
type design interface {
	dims() int
	rows() int
	// forward adds row i's product with w (dims × labels) to out (labels).
	forward(i int, w []float32, labels int, out []float32)
	// backward adds row i's outer product with g (labels) to w.
	backward(i int, g []float32, labels int, w []float32)
}

// sparseDesign is a design of sparse rows.
type sparseDesign struct {
	x     [][]feature
	width int
}

func (d sparseDesign) dims() int { return d.width }
func (d sparseDesign) rows() int { return len(d.x) }

func (d sparseDesign) forward(i int, w []float32, labels int, out []float32) {
	for _, f := range d.x[i] {
		axpy(f.value, w[int(f.id)*labels:][:labels], out)
	}
}

func (d sparseDesign) backward(i int, g []float32, labels int, w []float32) {
	for _, f := range d.x[i] {
		axpy(f.value, g, w[int(f.id)*labels:][:labels])
	}
}

// axpy adds a·x to y.
func axpy(a float32, x, y []float32) {
	y = y[:len(x)]
	for i, v := range x {
		y[i] += a * v
	}
}

// trainSoftmax returns the weights, dims × labels. weight scales each row's
// loss; nil means 1.
func trainSoftmax(d design, y []int32, labels int, weight []float32) []float32 {
	n := d.dims() * labels
	w := make([]float32, n)
	z := make([]float32, labels)
	objective := func(w, grad []float32) float64 {
		copy(grad, w)
		loss := 0.5 * float64(vek32.Dot(w, w))
		for i := range d.rows() {
			c := float32(softmaxC)
			if weight != nil {
				c *= weight[i]
			}
			clear(z)
			d.forward(i, w, labels, z)
			l := logSumExp(z)
			loss += float64(c) * (l - float64(z[y[i]]))
			for k, v := range z {
				z[k] = c * float32(math.Exp(float64(v)-l))
			}
			z[y[i]] -= c
			d.backward(i, z, labels, grad)
		}
		return loss
	}
	lbfgs(w, objective)
	return w
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

// lbfgs minimises f from w, in place. f writes the gradient at w.
func lbfgs(w []float32, f func(w, grad []float32) float64) {
	n := len(w)
	g, next, gNext, dir := make([]float32, n), make([]float32, n), make([]float32, n), make([]float32, n)
	var s, yv [][]float32
	var rho []float64
	alpha := make([]float64, lbfgsMemory)
	loss := f(w, g)
	for step := range softmaxSteps {
		copy(dir, g)
		for i := len(s) - 1; i >= 0; i-- {
			alpha[i] = rho[i] * float64(vek32.Dot(s[i], dir))
			axpy(float32(-alpha[i]), yv[i], dir)
		}
		if k := len(s) - 1; k >= 0 {
			vek32.MulNumber_Inplace(dir, float32(1/(rho[k]*float64(vek32.Dot(yv[k], yv[k])))))
		}
		for i := range s {
			beta := rho[i] * float64(vek32.Dot(yv[i], dir))
			axpy(float32(alpha[i]-beta), s[i], dir)
		}
		slope := -float64(vek32.Dot(g, dir))
		if slope >= 0 {
			return
		}
		size := 1.0
		if step == 0 {
			size = 1 / math.Sqrt(float64(vek32.Dot(g, g)))
		}
		const armijo, shrink, tries = 1e-4, 0.5, 12
		var after float64
		ok := false
		for range tries {
			copy(next, w)
			axpy(float32(-size), dir, next)
			if after = f(next, gNext); after <= loss+armijo*size*slope {
				ok = true
				break
			}
			size *= shrink
		}
		if !ok {
			return
		}
		ds, dy := make([]float32, n), make([]float32, n)
		vek32.Sub_Into(ds, next, w)
		vek32.Sub_Into(dy, gNext, g)
		if sy := float64(vek32.Dot(ds, dy)); sy > 1e-10 {
			if len(s) == lbfgsMemory {
				s, yv, rho = s[1:], yv[1:], rho[1:]
			}
			s, yv, rho = append(s, ds), append(yv, dy), append(rho, 1/sy)
		}
		copy(w, next)
		g, gNext = gNext, g
		if loss-after < 1e-7*math.Abs(loss) {
			return
		}
		loss = after
	}
}
