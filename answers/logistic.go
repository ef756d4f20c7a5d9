package answers

import "math"

// A logistic is a logistic regression over figures and hard evidence.
type logistic struct {
	Bias    float64
	Weights [inputs]float64
}

// inputs are what a logistic sees: the figures, then the kinds of hard evidence
// as 0 or 1.
const inputs = figures + hardKinds

// An input is one question as a logistic sees it.
type input [inputs]float64

func (l *logistic) at(x *input) float64 {
	s := l.Bias
	for i, v := range x {
		s += l.Weights[i] * v
	}
	return s
}

// fixedSpread is a spread so small that a coefficient keeps its prior.
const fixedSpread = 1e-3

// fitLogistic minimises Σ weight·loss + Σ (w − prior)² / 2·spread² by Newton's
// method, with shorter steps where a whole one overshoots, as it does on the
// few examples of a small pack. Figures are standardised first and start from the reference, if
// one is given, with its bias, and else from 0; hard evidence keeps
// its scale, 0 or 1, and has the prior's log-odds and spread. class tells an example's
// class and weight; an example of weight 0 does not count.
func fitLogistic(all []example, reference *figureReference, prior *[hardKinds]float64, priorSpread float64, class func(*example) (bool, float64)) logistic {
	const dims = inputs + 1
	var total float64
	var mean, sd input
	for k := range all {
		_, weight := class(&all[k])
		total += weight
		for i := range figures {
			mean[i] += weight * all[k].x[i]
		}
	}
	if total == 0 {
		return logistic{}
	}
	for i := range figures {
		mean[i] /= total
	}
	for k := range all {
		_, weight := class(&all[k])
		for i := range figures {
			d := all[k].x[i] - mean[i]
			sd[i] += weight * d * d / total
		}
	}
	for i := range figures {
		if sd[i] = math.Sqrt(sd[i]); sd[i] < 1e-9 {
			sd[i] = 1
		}
	}
	var start [dims]float64
	var spread [dims]float64
	for i := range figures {
		spread[i] = figureSpread
		if reference != nil {
			start[i] = reference.weights[i] * sd[i]
		}
	}
	for i := range hardKinds {
		sd[figures+i] = 1
		spread[figures+i] = max(priorSpread, fixedSpread)
		if prior != nil {
			start[figures+i] = prior[i]
		}
	}
	precision := float64(biasRidge)
	if reference != nil {
		precision = 1 / (biasSpread * biasSpread)
		start[inputs] = reference.bias
		for i := range figures {
			start[inputs] += reference.weights[i] * mean[i]
		}
	}
	// at puts the standardised inputs of an example into v and returns its logit.
	at := func(w *[dims]float64, x *example, v *[dims]float64) float64 {
		v[inputs] = 1
		s := w[inputs]
		for i := range inputs {
			v[i] = (x.x[i] - mean[i]) / sd[i]
			s += w[i] * v[i]
		}
		return s
	}
	objective := func(w *[dims]float64) float64 {
		var v [dims]float64
		sum := 0.5 * precision * (w[inputs] - start[inputs]) * (w[inputs] - start[inputs])
		for i := range inputs {
			d := (w[i] - start[i]) / spread[i]
			sum += 0.5 * d * d
		}
		for k := range all {
			is, weight := class(&all[k])
			if weight == 0 {
				continue
			}
			s := at(w, &all[k], &v)
			if is {
				s = -s
			}
			sum += weight * softplus(s)
		}
		return sum
	}
	w := start
	now := objective(&w)
	for range 50 {
		g := make([]float64, dims)
		h := make([][]float64, dims)
		for i := range h {
			h[i] = make([]float64, dims)
		}
		for i := range inputs {
			g[i] = (w[i] - start[i]) / (spread[i] * spread[i])
			h[i][i] = 1 / (spread[i] * spread[i])
		}
		g[inputs], h[inputs][inputs] = precision*(w[inputs]-start[inputs]), precision
		var v [dims]float64
		for k := range all {
			is, weight := class(&all[k])
			if weight == 0 {
				continue
			}
			p, y := sigmoid(at(&w, &all[k], &v)), 0.0
			if is {
				y = 1
			}
			for i := range v {
				if v[i] == 0 {
					continue
				}
				g[i] += weight * (p - y) * v[i]
				for j := range v {
					h[i][j] += weight * p * (1 - p) * v[i] * v[j]
				}
			}
		}
		solve(h, g)
		change := 0.0
		for size := 1.0; size > 1e-6; size /= 2 {
			next := w
			for i := range next {
				next[i] -= size * g[i]
			}
			if after := objective(&next); after < now {
				for i := range w {
					change = max(change, math.Abs(next[i]-w[i]))
				}
				w, now = next, after
				break
			}
		}
		if change < 1e-8 {
			break
		}
	}
	l := logistic{Bias: w[inputs]}
	for i := range inputs {
		l.Weights[i] = w[i] / sd[i]
		l.Bias -= w[i] * mean[i] / sd[i]
	}
	return l
}

// biasRidge keeps the bias finite where one class has no example.
const biasRidge = 1e-6

// softplus is ln(1 + eˣ).
func softplus(x float64) float64 {
	if x > 0 {
		return x + math.Log1p(math.Exp(-x))
	}
	return math.Log1p(math.Exp(x))
}

// solve puts h⁻¹g into g by Gaussian elimination with pivots.
func solve(h [][]float64, g []float64) {
	n := len(g)
	for i := range n {
		p := i
		for r := i + 1; r < n; r++ {
			if math.Abs(h[r][i]) > math.Abs(h[p][i]) {
				p = r
			}
		}
		h[i], h[p], g[i], g[p] = h[p], h[i], g[p], g[i]
		for r := i + 1; r < n; r++ {
			f := h[r][i] / h[i][i]
			for k := i; k < n; k++ {
				h[r][k] -= f * h[i][k]
			}
			g[r] -= f * g[i]
		}
	}
	for i := n - 1; i >= 0; i-- {
		for k := i + 1; k < n; k++ {
			g[i] -= h[i][k] * g[k]
		}
		g[i] /= h[i][i]
	}
}
