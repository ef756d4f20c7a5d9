package answers

import "math"

// A logistic is a logistic regression over figures.
type logistic struct {
	Bias    float64
	Weights [figures]float64
}

func (l *logistic) at(figs [figures]float64) float64 {
	s := l.Bias
	for i, v := range figs {
		s += l.Weights[i] * v
	}
	return s
}

// fitLogistic minimises Σ weight·loss + ½‖w‖²/calibrationC over standardised
// figures by Newton's method. class tells an example's class and weight.
func fitLogistic(all []example, class func(example) (bool, float64)) logistic {
	const dims = figures + 1
	var total float64
	var mean, sd [figures]float64
	for _, x := range all {
		_, weight := class(x)
		total += weight
		for i, v := range x.figs {
			mean[i] += weight * v
		}
	}
	if total == 0 {
		return logistic{}
	}
	for i := range mean {
		mean[i] /= total
	}
	for _, x := range all {
		_, weight := class(x)
		for i, v := range x.figs {
			sd[i] += weight * (v - mean[i]) * (v - mean[i]) / total
		}
	}
	for i := range sd {
		if sd[i] = math.Sqrt(sd[i]); sd[i] < 1e-9 {
			sd[i] = 1
		}
	}
	var w [dims]float64
	for range 30 {
		var g [dims]float64
		var h [dims][dims]float64
		for i := range figures {
			g[i] = w[i] / calibrationC
			h[i][i] = 1 / calibrationC
		}
		h[figures][figures] = 1e-6
		for _, x := range all {
			is, weight := class(x)
			if weight == 0 {
				continue
			}
			var v [dims]float64
			s := w[figures]
			for i := range figures {
				v[i] = (x.figs[i] - mean[i]) / sd[i]
				s += w[i] * v[i]
			}
			v[figures] = 1
			p, y := sigmoid(s), 0.0
			if is {
				y = 1
			}
			for i := range v {
				g[i] += weight * (p - y) * v[i]
				for j := range v {
					h[i][j] += weight * p * (1 - p) * v[i] * v[j]
				}
			}
		}
		step := solve(h, g)
		change := 0.0
		for i := range w {
			w[i] -= step[i]
			change = max(change, math.Abs(step[i]))
		}
		if change < 1e-8 {
			break
		}
	}
	l := logistic{Bias: w[figures]}
	for i := range figures {
		l.Weights[i] = w[i] / sd[i]
		l.Bias -= w[i] * mean[i] / sd[i]
	}
	return l
}

// solve returns h⁻¹g by Gaussian elimination with pivots.
func solve(h [figures + 1][figures + 1]float64, g [figures + 1]float64) [figures + 1]float64 {
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
	return g
}
