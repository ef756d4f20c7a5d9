package encoder

// A kernel is the part of the arithmetic that takes nearly all of the time,
// written for one kind of machine. All kernels give the same bits.
type kernel struct {
	name  string
	panel panelFunc
	mix   mixFunc
}

// A panelFunc computes one panel of a linear layer for all tokens:
// acc[t*panelWidth+o] becomes the sum over i of x[t*inputs+i] * weight (o, i).
// inputs is a multiple of 4, tokens at least 1.
type panelFunc func(acc []int32, x []int16, inputs, tokens int, panel string)

// A mixFunc makes dst the sum of weight[i] * rows[i*stride+j] for each j, taken
// in the order of i, each product and each sum rounded. There is a weight at least.
type mixFunc func(dst *[headDims]float32, weight, rows []float32, stride int)

// genericKernel runs on every machine.
func genericKernel() kernel { return kernel{"generic", genericPanel, genericMix} }

// genericPanel works on two tokens in one multiplication: with their inputs in
// the two halves of a 64-bit word, the product with a weight holds both
// products, and so do sums of them, as long as the lower one fits 32 bits, which
// inputLimit sees to.
func genericPanel(acc []int32, x []int16, inputs, tokens int, panel string) {
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

func genericMix(dst *[headDims]float32, weight, rows []float32, stride int) {
	for j := 0; j < headDims; j += 8 {
		var d0, d1, d2, d3, d4, d5, d6, d7 float32
		for i, w := range weight {
			r := (*[8]float32)(rows[i*stride+j:])
			d0 += float32(w * r[0])
			d1 += float32(w * r[1])
			d2 += float32(w * r[2])
			d3 += float32(w * r[3])
			d4 += float32(w * r[4])
			d5 += float32(w * r[5])
			d6 += float32(w * r[6])
			d7 += float32(w * r[7])
		}
		*(*[8]float32)(dst[j:]) = [8]float32{d0, d1, d2, d3, d4, d5, d6, d7}
	}
}
