package encoder

import "math"

// A linear layer: dst[t] = matrix · x[t] + bias for each of the tokens rows of x.
type linear interface {
	apply(s *scratch, dst, x []float32, tokens int)
}

// panelWidth is how many outputs a kernel computes at once. The weights are
// laid out for it: a panel is, for each pair of inputs, the two weights of each
// of its outputs, so that a vector register holds pairs of neighbours of one
// output and no sum has to be taken across a register.
const panelWidth = 16

// inputLimit is the largest magnitude that an input is rounded to. It is as
// large as it can be with a sum of innerDims products with 8-bit weights still
// in 32 bits: 8191 * 127 * 1536 < 2^31. Inputs of 14 bits lose next to nothing,
// where 8 bits would suffer from the few large values that these models have,
// and cost the kernel little: the products are of 16 bits anyway.
const inputLimit = 8191

// quantised is a linear layer of 8-bit weights with a scale for each output.
type quantised struct {
	inputs, outputs int
	scale, bias     []float32
	panels          string
	panel           panelFunc
}

func (m *quantised) apply(s *scratch, dst, x []float32, tokens int) {
	xq := s.quantised[:tokens*m.inputs]
	for t := range tokens {
		s.scale[t] = quantise(xq[t*m.inputs:][:m.inputs], x[t*m.inputs:][:m.inputs])
	}
	acc := s.acc[:tokens*panelWidth]
	size := m.inputs * panelWidth
	for p := 0; p < m.outputs/panelWidth; p++ {
		m.panel(acc, xq, m.inputs, tokens, m.panels[p*size:(p+1)*size])
		scale, bias := (*[panelWidth]float32)(m.scale[p*panelWidth:]), (*[panelWidth]float32)(m.bias[p*panelWidth:])
		for t := range tokens {
			a, d, st := (*[panelWidth]int32)(acc[t*panelWidth:]), (*[panelWidth]float32)(dst[t*m.outputs+p*panelWidth:]), s.scale[t]
			for o := range a {
				d[o] = float32(float32(a[o])*float32(st*scale[o])) + bias[o]
			}
		}
	}
}

// quantise rounds src to integers of at most inputLimit, and gives what one of them is worth.
func quantise(dst []int16, src []float32) float32 {
	var top uint32 // of the magnitudes; floats without their sign are ordered as integers are
	for _, v := range src {
		top = max(top, math.Float32bits(v)&^(1<<31))
	}
	largest := math.Float32frombits(top)
	if largest < 1e-20 {
		clear(dst)
		return 0
	}
	// Adding 1.5 * 2^23 leaves no bits for fractions: the sum is rounded to the
	// nearest integer (to even at a half), which is then in its low bits.
	const shift = 3 << 22
	f := inputLimit / largest
	dst = dst[:len(src)]
	for i, v := range src {
		dst[i] = int16(math.Float32bits(float32(v*f) + shift))
	}
	return largest / inputLimit
}
