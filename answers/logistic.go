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
// method. Figures are standardised first and have prior 0; hard evidence keeps
// its scale, 0 or 1, and has the prior's log-odds and spread. class tells an example's
// class and weight; an example of weight 0 does not count.
func fitLogistic(all []example, prior *[hardKinds]float64, priorSpread float64, class func(*example) (bool, float64)) logistic {
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
	}
	for i := range hardKinds {
		sd[figures+i] = 1
		spread[figures+i] = max(priorSpread, fixedSpread)
		if prior != nil {
			start[figures+i] = prior[i]
		}
	}
	w := start
	for range 30 {
		g := make([]float64, dims)
		h := make([][]float64, dims)
		for i := range h {
			h[i] = make([]float64, dims)
		}
		for i := range inputs {
			g[i] = (w[i] - start[i]) / (spread[i] * spread[i])
			h[i][i] = 1 / (spread[i] * spread[i])
		}
		h[inputs][inputs] = 1e-6
		var v [dims]float64
		v[inputs] = 1
		for k := range all {
			is, weight := class(&all[k])
			if weight == 0 {
				continue
			}
			s := w[inputs]
			for i := range inputs {
				v[i] = (all[k].x[i] - mean[i]) / sd[i]
				s += w[i] * v[i]
			}
			p, y := sigmoid(s), 0.0
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
		for i := range w {
			w[i] -= g[i]
			change = max(change, math.Abs(g[i]))
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
