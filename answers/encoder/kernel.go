package encoder

import (
	"math"
	"slices"
)

// A kernel is the arithmetic of the forward pass, written for one kind of
// machine. All kernels give the same bits: the matrix products are sums of
// integers, and each step of the rest is defined to the order of its sums, with
// every product and every sum rounded.
type kernel struct {
	name string

	products

	// finish makes floats of the sums of two panels, which lie beside each other in dst: for
	// each row, dst[row*stride+o] = sum * (worth[row] * scale[o]) + bias[o].
	finish func(dst []float32, stride int, acc *sums, worth []float32, scale, bias *[pairWidth]float32)

	// activate applies the activation function, GELU. len(x) is a multiple of lanes.
	activate func(x []float32)

	// normalise adds y to x, brings every row of Dims to mean 0 and variance 1,
	// and applies a.
	normalise func(x, y []float32, a *affine)

	// softmax raises e to the power of each score, less the largest of them, and
	// gives one part of their sum. The number of scores is a multiple of lanes.
	softmax func(scores []float32) float32

	// mix makes dst[j] factor times the sum of weight[i] * rows[i*stride+j]: of even i
	// and of odd i by themselves, in the order of i, and of the two. There is a weight
	// at least.
	mix func(dst *[headDims]float32, factor float32, weight, rows []float32, stride int)

	// turn turns the keys of a head round: a row for each dimension, in which tokens stand
	// side by side.
	turn func(keys *[headDims * MaxTokens]float32, rows []float32, tokens int)

	// dots are the products of v with rows of Dims integers each, one for each of out.
	dots func(out []float32, rows []int8, v *[Dims]float32)

	// attendFour does what attend makes of mix and softmax, for one head of atOnce rows at
	// once; nil where a machine has no registers for that. att, queries and values begin at the
	// head in their first rows, keys are turned.
	attendFour func(att, queries, keys, values []float32, tokens int, scores *[atOnce * MaxTokens]float32)
}

// genericKernel runs on every machine.
func genericKernel() kernel {
	return kernel{
		name: "generic", products: &wideProducts{genericLargest, genericRound, genericPanel}, finish: genericFinish,
		activate: genericActivate, normalise: genericNormalise, softmax: genericSoftmax, mix: genericMix, turn: genericTurn, dots: genericDots,
	}
}

// lanes is how many partial sums a sum over a row is taken in: value i belongs
// to sum i modulo lanes. That is what the widest registers hold.
const lanes = 16

// sum adds the partial sums: always the upper half to the lower half.
func sum(s *[lanes]float32) float32 {
	for half := lanes / 2; half > 0; half /= 2 {
		for i := range half {
			s[i] += s[i+half]
		}
	}
	return s[0]
}

// genericLargest uses that floats without their sign are ordered as integers are.
func genericLargest(x []float32) float32 {
	var top uint32
	for _, v := range x {
		top = max(top, math.Float32bits(v)&^(1<<31))
	}
	return math.Float32frombits(top)
}

// genericRound adds 1.5 * 2^23, which leaves no bits for fractions: the sum is
// rounded to the nearest integer (to even at a half), which is then in its low bits.
func genericRound(dst []int16, x []float32, factor float32) {
	const shift = 3 << 22
	dst = dst[:len(x)]
	for i, v := range x {
		dst[i] = int16(math.Float32bits(float32(v*factor) + shift))
	}
}

// genericPanel works on two rows in one multiplication: with their inputs in
// the two halves of a 64-bit word, the product with a weight holds both
// products, and so do sums of them, as long as the lower one fits 32 bits, which
// fineLimit sees to.
func genericPanel(acc []int32, x []int16, inputs, rows int, panel string) {
	var two [innerDims]int64
	for t := 0; t < rows; t += 2 {
		a := x[t*inputs:][:inputs]
		b := a // of an odd last row the second half is computed in vain
		if t+1 < rows {
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
				if t+1 < rows {
					acc[(t+1)*panelWidth+o+j] = int32((s - int64(low)) >> 32)
				}
			}
		}
	}
}

func genericFinish(dst []float32, stride int, acc *sums, worth []float32, scale, bias *[pairWidth]float32) {
	for r, w := range worth {
		d := (*[pairWidth]float32)(dst[r*stride:])
		for o := range d {
			d[o] = float32(float32(acc[o/panelWidth][r*panelWidth+o%panelWidth])*float32(w*scale[o])) + bias[o]
		}
	}
}

// GELU is x times the share of a normal distribution below x, which is 1/2 +
// x P(x²)/Q(x²) with these coefficients to 1e-6 for magnitudes up to geluLimit,
// beyond which it is taken as constant. They were fitted by least squares,
// weighted until the largest error no longer fell.
const (
	geluLimit = 5

	geluP0, geluP1, geluP2, geluP3, geluP4 = 0.39894807, 0.0281725, 0.004067424, 4.333207e-05, -7.040871e-08
	geluQ1, geluQ2, geluQ3                 = 0.23735349, 0.02466152, 0.0013185444
)

func genericActivate(x []float32) {
	for i, v := range x {
		t := max(min(v, geluLimit), -geluLimit)
		u := float32(t * t)
		p := float32(u*geluP4) + geluP3
		p = float32(p*u) + geluP2
		p = float32(p*u) + geluP1
		p = float32(p*u) + geluP0
		q := float32(u*geluQ3) + geluQ2
		q = float32(q*u) + geluQ1
		q = float32(q*u) + 1
		x[i] = v * (float32(float32(t*p)/q) + 0.5)
	}
}

// normaliseFloor is what the model adds to a variance, so that it is never zero.
const normaliseFloor = 1e-12

func genericNormalise(x, y []float32, a *affine) {
	scale, shift := (*[Dims]float32)(a.scale), (*[Dims]float32)(a.shift)
	for ; len(x) > 0; x, y = x[Dims:], y[Dims:] {
		row, other := (*[Dims]float32)(x), (*[Dims]float32)(y)
		var s [lanes]float32
		for i := 0; i < Dims; i += lanes {
			for j := range s {
				row[i+j] += other[i+j]
				s[j] += row[i+j]
			}
		}
		mean := sum(&s) / Dims
		s = [lanes]float32{}
		for i := 0; i < Dims; i += lanes {
			for j := range s {
				d := row[i+j] - mean
				row[i+j] = d
				s[j] += float32(d * d)
			}
		}
		f := 1 / root(sum(&s)/Dims+normaliseFloor)
		for i := range row {
			row[i] = float32(float32(row[i]*f)*scale[i]) + shift[i]
		}
	}
}

func genericSoftmax(scores []float32) float32 {
	largest := slices.Max(scores)
	var s [lanes]float32
	for i, v := range scores {
		e := exp(v - largest)
		scores[i] = e
		s[i%lanes] += e
	}
	return 1 / sum(&s)
}

// The parts of exp: below expLimit the result would be less than the smallest
// normal number, and ln 2 is in two parts, since a multiple of the high one is
// exact.
const (
	expLimit = -87
	ln2High  = 0.693359375
	ln2Low   = -2.12194440e-4
)

// exp is e^x for x from expLimit to 0, good to about 2e-7; below expLimit it is
// that of expLimit, which is nothing beside the 1 in each sum. The library's
// differs in its last bits from machine to machine.
func exp(x float32) float32 {
	x = max(x, expLimit)
	k := float32(int32(float32(x*math.Log2E) - 0.5))
	r := float32(x-float32(k*ln2High)) - float32(k*ln2Low)
	p := float32(r*(1.0/720)) + 1.0/120
	p = float32(p*r) + 1.0/24
	p = float32(p*r) + 1.0/6
	p = float32(p*r) + 1.0/2
	p = float32(p*r) + 1
	p = float32(p*r) + 1
	return p * math.Float32frombits(uint32(int32(k)+127)<<23)
}

func genericTurn(keys *[headDims * MaxTokens]float32, rows []float32, tokens int) {
	for t := range tokens {
		for i, v := range (*[headDims]float32)(rows[t*3*Dims:]) {
			keys[i*MaxTokens+t] = v
		}
	}
}

func genericMix(dst *[headDims]float32, factor float32, weight, rows []float32, stride int) {
	for j := 0; j < headDims; j += 4 {
		var a0, a1, a2, a3, b0, b1, b2, b3 float32
		for i := 0; i < len(weight); i += 2 {
			w, r := weight[i], (*[4]float32)(rows[i*stride+j:])
			a0 += float32(w * r[0])
			a1 += float32(w * r[1])
			a2 += float32(w * r[2])
			a3 += float32(w * r[3])
			if i+1 < len(weight) {
				w, r = weight[i+1], (*[4]float32)(rows[(i+1)*stride+j:])
				b0 += float32(w * r[0])
				b1 += float32(w * r[1])
				b2 += float32(w * r[2])
				b3 += float32(w * r[3])
			}
		}
		*(*[4]float32)(dst[j:]) = [4]float32{(a0 + b0) * factor, (a1 + b1) * factor, (a2 + b2) * factor, (a3 + b3) * factor}
	}
}

func genericDots(out []float32, rows []int8, v *[Dims]float32) {
	for i := range out {
		row := (*[Dims]int8)(rows[i*Dims:])
		var s [lanes]float32
		for j := 0; j < Dims; j += lanes {
			for k := range s {
				s[k] += float32(float32(row[j+k]) * v[j+k])
			}
		}
		out[i] = sum(&s)
	}
}
