package encoder

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

// linear is a linear layer of 8-bit weights with a scale for each output.
type linear struct {
	inputs, outputs int
	scale, bias     []float32
	panels          string
}

// apply computes matrix · x + bias for each row of x. Of the outputs it
// computes those from from to to, which are multiples of panelWidth, and leaves
// the others in the rows of dst as they are.
func (m *linear) apply(k *kernel, s *scratch, dst, x []float32, from, to int) {
	rows := len(x) / m.inputs
	rounded, worth, acc := s.rounded[:rows*m.inputs], s.worth[:rows], s.acc[:rows*panelWidth]
	for r := range worth {
		worth[r] = k.quantise(rounded[r*m.inputs:][:m.inputs], x[r*m.inputs:][:m.inputs])
	}
	for o := from; o < to; o += panelWidth {
		k.panel(acc, rounded, m.inputs, rows, m.panels[o*m.inputs:(o+panelWidth)*m.inputs])
		k.finish(dst[o:], m.outputs, acc, worth, (*[panelWidth]float32)(m.scale[o:]), (*[panelWidth]float32)(m.bias[o:]))
	}
}
