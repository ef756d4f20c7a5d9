package encoder

import (
	"math"
	"slices"
)

// scratch is the working memory of one Encode.
type scratch struct {
	x, y, att [MaxTokens * Dims]float32
	qkv       [MaxTokens * 3 * Dims]float32
	inner     [MaxTokens * innerDims]float32
	quantised [MaxTokens * innerDims]int16
	acc       [MaxTokens * panelWidth]int32
	scale     [MaxTokens]float32
	weight    [MaxTokens]float32            // room for whole blocks of headDims
	keys      [headDims * MaxTokens]float32 // of one head, by dimension
}

// run sends the pieces through the layers and fills the views of enc. Every
// product that is then added to something stands in a conversion: it forbids
// the compiler to fuse the two, which some machines do and others cannot.
func (m *model) run(s *scratch, ids []int32, enc *Encoding) {
	tokens := len(ids)
	x, y := s.x[:tokens*Dims], s.y[:tokens*Dims]
	for t, id := range ids {
		row, position := x[t*Dims:][:Dims], m.positions[t*Dims:][:Dims]
		m.embed.embed(row, id)
		for i := range row {
			row[i] += position[i]
		}
	}
	normalise(x, &m.embedNorm)
	for i := range m.layers {
		l := &m.layers[i]
		l.qkv.apply(s, s.qkv[:tokens*3*Dims], x, tokens)
		m.attend(s, tokens)
		l.out.apply(s, y, s.att[:tokens*Dims], tokens)
		add(x, y)
		normalise(x, &l.norm1)
		inner := s.inner[:tokens*innerDims]
		l.up.apply(s, inner, x, tokens)
		activate(inner, m.activation)
		l.down.apply(s, y, inner, tokens)
		add(x, y)
		normalise(x, &l.norm2)
		switch i {
		case layers - 2:
			mean(enc.Views[Penultimate], x)
		case layers - 1:
			mean(enc.Views[Final], x)
		}
	}
}

func add(x, y []float32) {
	for i := range x {
		x[i] += y[i]
	}
}

func mean(dst, x []float32) {
	clear(dst)
	for row := x; len(row) > 0; row = row[Dims:] {
		add(dst, row[:Dims])
	}
	n := float32(len(x) / Dims)
	for i := range dst {
		dst[i] /= n
	}
}

// normaliseFloor is what the model adds to a variance, so that it is never zero.
const normaliseFloor = 1e-12

// normalise brings every row to mean 0 and variance 1, then applies a.
func normalise(x []float32, a *affine) {
	scale, shift := a.scale[:Dims], a.shift[:Dims]
	for ; len(x) > 0; x = x[Dims:] {
		row := x[:Dims]
		var s [4]float64 // four sums, since one would wait for itself
		for i := 0; i < Dims; i += 4 {
			for j := range s {
				s[j] += float64(row[i+j])
			}
		}
		mid := (s[0] + s[1] + s[2] + s[3]) / Dims
		s = [4]float64{}
		for i := 0; i < Dims; i += 4 {
			for j := range s {
				d := float64(row[i+j]) - mid
				s[j] += float64(d * d)
			}
		}
		f := float32(1 / math.Sqrt((s[0]+s[1]+s[2]+s[3])/Dims+normaliseFloor))
		m := float32(mid)
		for i := range row {
			row[i] = float32(float32((row[i]-m)*f)*scale[i]) + shift[i]
		}
	}
}

// attend mixes, for each head, the values of all tokens into each token, by
// the softmax of its query with their keys.
func (m *model) attend(s *scratch, tokens int) {
	const width = 3 * Dims
	rootOfDims := float32(math.Sqrt(headDims))
	weight := s.weight[:tokens]
	for h := range heads {
		// With the keys turned round, the products of a query with all keys are
		// a mix too: of the keys' dimensions, weighted by those of the query.
		for t := range tokens {
			key := (*[headDims]float32)(s.qkv[t*width+Dims+h*headDims:])
			for i, v := range key {
				s.keys[i*MaxTokens+t] = v
			}
		}
		values := s.qkv[2*Dims+h*headDims : tokens*width]
		for a := range tokens {
			query := s.qkv[a*width+h*headDims:][:headDims]
			for from := 0; from < tokens; from += headDims {
				m.mix((*[headDims]float32)(s.weight[from:]), query, s.keys[from:], MaxTokens)
			}
			largest := slices.Max(weight)
			var sum float32
			for b, w := range weight {
				weight[b] = exp((w - largest) / rootOfDims)
				sum += weight[b]
			}
			for b := range weight {
				weight[b] /= sum
			}
			m.mix((*[headDims]float32)(s.att[a*Dims+h*headDims:]), weight, values, width)
		}
	}
}

// geluLimit is where the table of the activation function ends: beyond it, it
// is the identity above and zero below to the last bit that matters.
const geluLimit = 8

// activate applies the activation function, GELU, read from its table: between
// two points a straight line, off by less than 2e-6.
func activate(x, table []float32) {
	table = table[:geluSteps+1]
	for i, v := range x {
		switch {
		case v >= geluLimit:
		case v > -geluLimit:
			f := (v + geluLimit) * (geluSteps / (2 * geluLimit))
			at := min(uint(f), geluSteps-1)
			below := table[at]
			x[i] = below + float32((f-float32(at))*(table[at+1]-below))
		default:
			x[i] = 0
		}
	}
}

// exp is e^x for x <= 0, good to about 2e-7. The library's differs in its last
// bits from machine to machine.
func exp(x float32) float32 {
	if !(x > -87) { // below that the result is less than the smallest normal number
		return 0
	}
	const (
		ln2High = 0.693359375 // ln 2 in two parts: a multiple of the high one is exact
		ln2Low  = -2.12194440e-4
	)
	k := float32(int32(float32(x*math.Log2E) - 0.5))
	r := float32(x-float32(k*ln2High)) - float32(k*ln2Low)
	p := float32(1.0 / 5040)
	for _, c := range [...]float32{1.0 / 720, 1.0 / 120, 1.0 / 24, 1.0 / 6, 1.0 / 2, 1, 1} {
		p = float32(p*r) + c
	}
	return p * math.Float32frombits(uint32(int32(k)+127)<<23)
}
