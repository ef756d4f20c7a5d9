package answers

import (
	"math"

	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/blas32"
)

// refine improves the weights of a classifier by softmax regression without a bias,
//
//	minimise  C·Σ_i −ln p(y_i | x_i)  +  ½ ‖W‖²,
//
// from the start that it is given, by a few steps of L-BFGS (Nocedal and Wright,
// Numerical Optimization, algorithms 7.4 and 7.5). Later steps fit the phrasings
// closer and questions no better: on the validation sets five steps do as well as
// twenty-five and tell strange questions apart a little better.

const (
	softmaxC     = 20 // weighs the data against the size of the weights; flat from 8 to 50
	softmaxSteps = 5
)

func refine(x []float32, owner []int32, facts int, start []float32) []float32 {
	n := len(owner)
	w := append([]float32(nil), start...)
	z := make([]float32, n*facts)
	// objective is the loss at w; it puts the gradient into grad.
	objective := func(w, grad []float32) float64 {
		blas32.Gemm(blas.NoTrans, blas.Trans, 1, general(x, n, dims), general(w, facts, dims), 0, general(z, n, facts))
		loss := 0.5 * float64(dense(w, w))
		for i, f := range owner {
			r := z[i*facts:][:facts]
			l := logSumExp(r)
			loss += softmaxC * (l - float64(r[f]))
			for k, v := range r {
				r[k] = softmaxC * float32(math.Exp(float64(v)-l))
			}
			r[f] -= softmaxC
		}
		copy(grad, w)
		blas32.Gemm(blas.Trans, blas.NoTrans, 1, general(z, n, facts), general(x, n, dims), 1, general(grad, facts, dims))
		return loss
	}
	minimise(w, softmaxSteps, dense, objective)
	return w
}

// minimise takes so many steps of L-BFGS from w, in place, in the space of the inner product
// dot. objective returns the value at its first argument and puts the gradient into the second.
func minimise(w []float32, steps int, dot func(x, y []float32) float32, objective func(w, grad []float32) float64) {
	type pair struct {
		s, y []float32
		rho  float64
	}
	var memory []pair
	grad, next, dir, at := make([]float32, len(w)), make([]float32, len(w)), make([]float32, len(w)), make([]float32, len(w))
	loss := objective(w, grad)
	for step := range steps {
		copy(dir, grad)
		alpha := make([]float64, len(memory))
		for i := len(memory) - 1; i >= 0; i-- {
			m := memory[i]
			alpha[i] = m.rho * float64(dot(m.s, dir))
			axpy(float32(-alpha[i]), m.y, dir)
		}
		if k := len(memory); k > 0 {
			m := memory[k-1]
			scale(float32(1/(m.rho*float64(dot(m.y, m.y)))), dir)
		}
		for i, m := range memory {
			axpy(float32(alpha[i]-m.rho*float64(dot(m.y, dir))), m.s, dir)
		}
		scale(-1, dir)
		slope := float64(dot(grad, dir))
		if slope >= 0 {
			return
		}
		size := 1.0
		if step == 0 {
			size = 1 / math.Sqrt(float64(dot(grad, grad)))
		}
		const sufficient, shrink, tries = 1e-4, 0.5, 8
		after, ok := 0.0, false
		for range tries {
			copy(at, w)
			axpy(float32(size), dir, at)
			if after = objective(at, next); after <= loss+sufficient*size*slope {
				ok = true
				break
			}
			size *= shrink
		}
		if !ok {
			return
		}
		m := pair{s: append([]float32(nil), dir...), y: append([]float32(nil), next...)}
		scale(float32(size), m.s)
		axpy(-1, grad, m.y)
		if sy := float64(dot(m.s, m.y)); sy > 1e-10 {
			m.rho = 1 / sy
			memory = append(memory, m)
		}
		copy(w, at)
		copy(grad, next)
		loss = after
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
