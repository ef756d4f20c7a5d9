package answers

import (
	"math"

	"footnote/answers/encoder"
)

// A table holds vectors of length 1 as they are kept: dims integers of 8 bits each, and the factor that
// brings them to that length. It takes a quarter of the memory of floats, and as a question is held
// against all of them, of the time of reading it.
type table struct {
	data    []int8
	factors []float32
}

func newTable(n int) table { return table{make([]int8, n*dims), make([]float32, n)} }

func (t *table) rows() int { return len(t.factors) }

// put rounds nothing: ints are the integers of a vector.
func (t *table) put(i int, ints []byte) {
	dst := t.data[i*dims:][:dims]
	var squares int32 // at most 384·127²
	for j, b := range ints {
		x := int8(b)
		dst[j] = x
		squares += int32(x) * int32(x)
	}
	t.factors[i] = 0
	if squares > 0 {
		t.factors[i] = 1 / float32(math.Sqrt(float64(squares)))
	}
}

// clear makes a vector nothing.
func (t *table) clear(i int) {
	clear(t.data[i*dims:][:dims])
	t.factors[i] = 0
}

// into writes a vector into v.
func (t *table) into(i int, v []float32) {
	f := t.factors[i]
	for j, x := range t.data[i*dims:][:dims] {
		v[j] = float32(x) * f
	}
}

// row is a vector.
func (t *table) row(i int) []float32 {
	v := make([]float32, dims)
	t.into(i, v)
	return v
}

// floats are all vectors, one after the other: for learning, which takes them apart.
func (t *table) floats() []float32 {
	all := make([]float32, t.rows()*dims)
	for i := range t.factors {
		t.into(i, row(all, i))
	}
	return all
}

// product puts the dot products of v with all vectors into out.
func (t *table) product(v, out []float32) {
	encoder.Products(out, t.data, v)
	for i, f := range t.factors {
		out[i] *= f
	}
}

// first is the table of the first n vectors.
func (t *table) first(n int) *table { return &table{t.data[:n*dims], t.factors[:n]} }

// chosen is a table of some of the vectors, and all of another.
func (t *table) chosen(some []int32, other *table) table {
	c := newTable(len(some) + other.rows())
	for i, from := range some {
		copy(c.data[i*dims:], t.data[int(from)*dims:][:dims])
		c.factors[i] = t.factors[from]
	}
	copy(c.data[len(some)*dims:], other.data)
	copy(c.factors[len(some):], other.factors)
	return c
}
