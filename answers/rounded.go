package answers

import "math"

// A rounded is a matrix of 8-bit weights, a row for each feature, with one
// scale a row: value = scale · weight. Rounding changes a logit by less than a
// hundredth, and the matrix takes a quarter of the memory.
type rounded struct {
	w     []int8
	scale []float32
}

const maxWeight = 127

// round rounds a matrix of rows × labels.
func round(x []float32, labels int) rounded {
	r := rounded{w: make([]int8, len(x)), scale: make([]float32, len(x)/max(labels, 1))}
	for i := range r.scale {
		row := x[i*labels:][:labels]
		var top float32
		for _, v := range row {
			top = max(top, v, -v)
		}
		if top == 0 {
			continue
		}
		s := top / maxWeight
		r.scale[i] = s
		for j, v := range row {
			r.w[i*labels+j] = int8(math.RoundToEven(float64(v / s)))
		}
	}
	return r
}

// add adds a · row i to z.
func (r *rounded) add(a float32, i int, z []float32) {
	a *= r.scale[i]
	row := r.w[i*len(z):][:len(z)]
	for j, w := range row {
		z[j] += a * float32(w)
	}
}

func (r *rounded) bytes() []byte {
	b := make([]byte, len(r.w))
	for i, v := range r.w {
		b[i] = byte(v)
	}
	return b
}

func fromBytes(b []byte) []int8 {
	w := make([]int8, len(b))
	for i, v := range b {
		w[i] = int8(v)
	}
	return w
}
