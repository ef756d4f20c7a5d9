package answers

import (
	"math"
	"slices"
)

// The models of a decision are logistic regressions (Hastie, Tibshirani and Friedman, The
// Elements of Statistical Learning, 4.4) with a prior and with signs that are held:
//
//	minimise  Σ wᵢ·ln(1 + exp(−yᵢ·zᵢ)) / Σ wᵢ  +  λ·‖b − b₀‖²,   zᵢ = b·xᵢ,
//	with bₖ ≥ 0 for what speaks for a fact, bₖ ≤ mₖ ≤ 0 for what speaks against it.
//
// x are the figures and their ramps, standardised to mean 0 and deviation 1 so that one λ suits
// all, and a 1 at the end for the bias. The objective is convex, and so are the bounds: whatever
// the start, there is one least value. Accelerated projected gradient finds it (Beck and
// Teboulle, A Fast Iterative Shrinkage-Thresholding Algorithm, 2009, with backtracking): a step
// against the gradient from a point beyond the last one, then back inside the bounds.

// A fit is a logistic regression over figures and their ramps in the making: the design, the
// scale of its columns, and the signs that are held.
type fit struct {
	figures  []figure
	ramps    []ramp
	signs    []sign
	mean, sd []float64 // of the columns: the figures, then the ramps
}

// leastSpreadOf keeps columns that hardly vary from being blown up.
const leastSpreadOf = 1e-3

// columns are the values of the columns for x, standardised, with a 1 at the end.
func (f *fit) columns(x *figuresOf, out []float64) {
	for k, i := range f.figures {
		out[k] = (float64(x[i]) - f.mean[k]) / f.sd[k]
	}
	n := len(f.figures)
	for k := range f.ramps {
		out[n+k] = (f.ramps[k].at(float64(x[f.ramps[k].figure])) - f.mean[n+k]) / f.sd[n+k]
	}
	out[n+len(f.ramps)] = 1
}

func (f *fit) width() int { return len(f.figures) + len(f.ramps) }

// scaleBy sets mean and deviation of the columns by weighted samples.
func (f *fit) scaleBy(x []figuresOf, w []float64) {
	d := f.width()
	f.mean, f.sd = make([]float64, d), make([]float64, d)
	for k := range f.sd {
		f.sd[k] = 1
	}
	row, total := make([]float64, d+1), 0.0
	mean, square := make([]float64, d), make([]float64, d)
	for i := range x {
		f.columns(&x[i], row)
		total += w[i]
		for k := range d {
			mean[k] += w[i] * row[k]
			square[k] += w[i] * row[k] * row[k]
		}
	}
	for k := range d {
		f.mean[k] = mean[k] / total
		f.sd[k] = max(math.Sqrt(max(square[k]/total-f.mean[k]*f.mean[k], 0)), leastSpreadOf)
	}
}

// coefficients of a model in the scale of f: of its columns, then the bias.
func (f *fit) coefficients(l *linear) []float64 {
	d := f.width()
	b := make([]float64, d+1)
	b[d] = l.bias
	for k, i := range f.figures {
		b[k] = l.weights[i] * f.sd[k]
		b[d] += l.weights[i] * f.mean[k]
	}
	n := len(f.figures)
	for k := range f.ramps {
		b[n+k] = f.ramps[k].gain * f.sd[n+k]
		b[d] += f.ramps[k].gain * f.mean[n+k]
	}
	return b
}

// model is the reverse of coefficients.
func (f *fit) model(b []float64) linear {
	d := f.width()
	l := linear{bias: b[d]}
	for k := range d {
		l.bias -= b[k] * f.mean[k] / f.sd[k]
		if k < len(f.figures) {
			l.weights[f.figures[k]] = b[k] / f.sd[k]
			continue
		}
		r := f.ramps[k-len(f.figures)]
		r.gain = b[k] / f.sd[k]
		l.ramps = append(l.ramps, r)
	}
	return l
}

// solve minimises Σ w·ln(1 + exp(−y·z)) / Σ w + l2·‖b − prior‖², the bias counting biasShare of
// its distance, with signs held.
func (f *fit) solve(x []figuresOf, y []bool, w []float64, prior []float64, l2, biasShare float64) []float64 {
	d := f.width()
	a := make([]float64, len(x)*(d+1))
	total := 0.0
	for i := range x {
		f.columns(&x[i], a[i*(d+1):][:d+1])
		total += w[i]
	}
	signs, most := append(slices.Clone(f.signs), free), make([]float64, d+1)
	for k, i := range f.figures {
		most[k] = -figureKinds[i].least * f.sd[k]
	}
	objective := func(b, grad []float64) float64 {
		clear(grad)
		loss := logisticLoss(a, y, w, total, b, grad)
		for k := range b {
			e, share := b[k]-prior[k], l2
			if k == d {
				share *= biasShare
			}
			loss += share * e * e
			grad[k] += 2 * share * e
		}
		return loss
	}
	return projected(slices.Clone(prior), signs, most, objective)
}

// logisticLoss is Σ w·ln(1 + exp(−y·z)) / total for the rows of a, z being their products with b. Its
// gradient is added to grad.
func logisticLoss(a []float64, y []bool, w []float64, total float64, b, grad []float64) float64 {
	d, loss := len(b), 0.0
	for i := range y {
		r := a[i*d:][:d]
		z, t := 0.0, 0.0
		for k, v := range r {
			z += b[k] * v
		}
		if y[i] {
			t = 1
		}
		weight := w[i] / total
		loss += weight * (math.Log1p(math.Exp(-math.Abs(z))) + max(z, 0) - t*z)
		g := weight * (sigmoid(z) - t)
		for k, v := range r {
			grad[k] += g * v
		}
	}
	return loss
}

// projected minimises a convex objective from start with signs held, and what counts against
// no more than most, which is 0 or less, by accelerated projected
// gradient (Beck and Teboulle, A Fast Iterative Shrinkage-Thresholding Algorithm, 2009) with
// restarts where the objective rises.
func projected(start []float64, signs []sign, most []float64, objective func(b, grad []float64) float64) []float64 {
	const steps, settled = 600, 1e-9
	hold := func(b []float64) {
		for k, s := range signs {
			switch {
			case s == helps:
				b[k] = max(b[k], 0)
			case s == against:
				b[k] = min(b[k], most[k])
			}
		}
	}
	n := len(start)
	b, at := start, slices.Clone(start)
	last, next, grad, other := make([]float64, n), make([]float64, n), make([]float64, n), make([]float64, n)
	size, momentum, before := 1.0, 1.0, math.Inf(1)
	for range steps {
		loss := objective(at, grad)
		for {
			for k := range next {
				next[k] = at[k] - size*grad[k]
			}
			hold(next)
			after := objective(next, other)
			bound := loss
			for k := range next {
				e := next[k] - at[k]
				bound += grad[k]*e + e*e/(2*size)
			}
			if after <= bound+1e-12 {
				loss = after
				break
			}
			size /= 2
		}
		copy(last, b)
		copy(b, next)
		if loss > before {
			momentum = 1
		}
		if math.Abs(before-loss) < settled {
			break
		}
		before = loss
		m := (1 + math.Sqrt(1+4*momentum*momentum)) / 2
		for k := range at {
			at[k] = b[k] + (momentum-1)/m*(b[k]-last[k])
		}
		momentum = m
		size *= 1.1
	}
	return b
}
