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

// A kernel computes one panel for all tokens: acc[t*panelWidth+o] becomes the
// sum over i of x[t*inputs+i] * panel weight (o, i). All kernels give the same
// integers. inputs is a multiple of 4, tokens at least 1.
type kernel func(acc []int32, x []int16, inputs, tokens int, panel string)

type namedKernel struct {
	name string
	run  kernel
}

// quantised is a linear layer of 8-bit weights with a scale for each output.
type quantised struct {
	inputs, outputs int
	scale, bias     []float32
	panels          string
	kernel          kernel
}

func (m *quantised) apply(s *scratch, dst, x []float32, tokens int) {
	xq := s.quantised[:tokens*m.inputs]
	for t := range tokens {
		s.scale[t] = quantise(xq[t*m.inputs:][:m.inputs], x[t*m.inputs:][:m.inputs])
	}
	acc := s.acc[:tokens*panelWidth]
	size := m.inputs * panelWidth
	for p := 0; p < m.outputs/panelWidth; p++ {
		m.kernel(acc, xq, m.inputs, tokens, m.panels[p*size:(p+1)*size])
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

// genericKernel is the kernel for machines without one of their own. It works
// on two tokens in one multiplication: with their inputs in the two halves of a
// 64-bit word, the product with a weight holds both products, and so do sums of
// them, as long as the lower one fits 32 bits, which inputLimit sees to.
func genericKernel(acc []int32, x []int16, inputs, tokens int, panel string) {
	var two [innerDims]int64
	for t := 0; t < tokens; t += 2 {
		a := x[t*inputs:][:inputs]
		b := a // of an odd last token the second half is computed in vain
		if t+1 < tokens {
			b = x[(t+1)*inputs:][:inputs]
		}
		w := two[:inputs]
		for i := range w {
			w[i] = int64(a[i]) + int64(b[i])<<32
		}
		for o := 0; o < panelWidth; o += 4 {
			var s0, s1, s2, s3 int64
			for i := 0; i+1 < len(w); i += 2 {
				q := panel[i*panelWidth+2*o:][:8]
				u, v := w[i], w[i+1]
				s0 += u*int64(int8(q[0])) + v*int64(int8(q[1]))
				s1 += u*int64(int8(q[2])) + v*int64(int8(q[3]))
				s2 += u*int64(int8(q[4])) + v*int64(int8(q[5]))
				s3 += u*int64(int8(q[6])) + v*int64(int8(q[7]))
			}
			for j, s := range [4]int64{s0, s1, s2, s3} {
				low := int32(s)
				acc[t*panelWidth+o+j] = low
				if t+1 < tokens {
					acc[(t+1)*panelWidth+o+j] = int32((s - int64(low)) >> 32)
				}
			}
		}
	}
}
