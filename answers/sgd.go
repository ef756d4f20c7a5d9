package answers

import "math"

// For large training sets the span of the rows is larger than the weights, and
// exact optimisation takes minutes. Stochastic gradient descent with AdaGrad
// (Duchi, Hazan, Singer 2011), one step size a feature, comes within noise of it
// in a few passes. Rows are visited in a fixed pseudo-random order, so the same
// set gives the same weights.

const (
	// largeSet is how many logits (rows × labels) a set has from which it is
	// learned by descent: there L-BFGS would hold half a gigabyte.
	largeSet = 1 << 20

	descentPasses = 5
	descentRate   = 0.5 // AdaGrad's η
	descentStart  = 0.1 // AdaGrad's first sum of squares
)

// descend fits weights for labels 0 … labels−1 by gradient descent.
func descend(d design, y []int32, labels int) weights {
	w := unrounded{sparse: make([]float32, d.width*labels), dense: make([]float32, d.denseWidth*labels)}
	sum := make([]float32, d.width+d.denseWidth) // of squared gradients, by feature
	for i := range sum {
		sum[i] = descentStart
	}
	z := make([]float32, labels)
	step := func(feature int, value float32, row []float32, norm float32) {
		g := value * norm
		sum[feature] += g * g
		axpy(-value*descentRate/float32(math.Sqrt(float64(sum[feature]))), z, row)
	}
	for pass := range descentPasses {
		// A step that is coprime to the rows visits each row once.
		stride := d.rows*5/8 | 1
		for gcd(stride, d.rows) != 1 {
			stride += 2
		}
		for n, i := 0, pass*7919%d.rows; n < d.rows; n, i = n+1, (i+stride)%d.rows {
			clear(z)
			for _, f := range d.sparse[i] {
				axpy(f.value, w.sparse[int(f.id)*labels:][:labels], z)
			}
			var x []float32
			if d.dense != nil {
				x = d.dense[i*d.denseWidth:][:d.denseWidth]
				for k, v := range x {
					axpy(v, w.dense[k*labels:][:labels], z)
				}
			}
			l := logSumExp(z)
			for k, v := range z {
				z[k] = float32(math.Exp(float64(v) - l))
			}
			z[y[i]]--
			norm := float32(math.Sqrt(float64(dense(z, z))))
			if norm < 1e-3 {
				continue
			}
			for _, f := range d.sparse[i] {
				step(int(f.id), f.value, w.sparse[int(f.id)*labels:][:labels], norm)
			}
			for k, v := range x {
				step(d.width+k, v, w.dense[k*labels:][:labels], norm)
			}
		}
	}
	return weights{sparse: round(w.sparse, labels), dense: round(w.dense, labels)}
}

func gcd(a, b int) int {
	for b != 0 {
		a, b = b, a%b
	}
	return a
}
