package encoder

import "iter"

// panelWidth is how many outputs a kernel computes at once. The weights are
// laid out for it: a panel is, for each pair of inputs, the two weights of each
// of its outputs, so that a vector register holds pairs of neighbours of one
// output and no sum has to be taken across a register.
const panelWidth = 16

// Two neighbouring panels are computed together: an input that was read then serves both.
const pairWidth = 2 * panelWidth

// The inputs of a layer are rounded row by row to integers of these magnitudes.
// Eight bits do for the rows of words. The rows of the marks [CLS] and [SEP] hold
// a few values that are large beside all others, and every word attends to them:
// rounded to 8 bits they would cost most of the agreement with the model in
// floats (MEASUREMENTS.md). They have 14 bits, which is as much as leaves the sum of
// innerDims products with 8-bit weights in 32 bits: 8191 * 127 * 1536 < 2^31.
const (
	coarseLimit = 127
	fineLimit   = 8191
)

// integers are the inputs of a layer as they are rounded, and the sums of a panel.
type integers struct {
	worth [MaxTokens]float32 // of an integer that an input was rounded to, by row

	// Of these two a kernel uses one. The narrow rows are more, since fine ones are split.
	wide   []int16
	narrow []int8
	start  [2 * MaxTokens]int32
	acc    sums
}

// sums are those of a pair of panels: of each, panelWidth for each row.
type sums [2][2 * MaxTokens * panelWidth]int32

// atLeast is s, or a longer one in its place where it has no n numbers.
func atLeast[T any](s []T, n int) []T {
	if len(s) >= n {
		return s
	}
	const step = batchTokens * Dims
	return make([]T, (n+step-1)/step*step)
}

// linear is a linear layer of 8-bit weights with a scale for each output.
type linear struct {
	inputs, outputs int
	scale, bias     []float32
	panels          string
}

// apply computes matrix · x + bias for each row of x; fine are the rows that are
// rounded to fineLimit, in rising order. Of the outputs it computes those from
// from to to, which are multiples of pairWidth, and leaves the others in the
// rows of dst as they are.
func (m *linear) apply(k *kernel, s *integers, dst, x []float32, fine []int, from, to int) {
	rows := len(x) / m.inputs
	k.round(s, x, m.inputs, fine)
	for o := from; o < to; o += pairWidth {
		k.multiply(s, m.inputs, rows, fine, m.panels[o*m.inputs:(o+pairWidth)*m.inputs])
		k.finish(dst[o:], m.outputs, &s.acc, s.worth[:rows], (*[pairWidth]float32)(m.scale[o:]), (*[pairWidth]float32)(m.bias[o:]))
	}
}

// products are the matrix products of a kernel: sums of integers, so that they are
// the same in whatever order they are taken.
type products interface {
	// round rounds the rows of x to integers, of which the one of row r is worth
	// s.worth[r]. The length of a row, inputs, is a multiple of lanes.
	round(s *integers, x []float32, inputs int, fine []int)

	// multiply computes two panels for the rows that were rounded last: s.acc[p][r*panelWidth+o]
	// becomes the sum of row r's integers times the weights of panel p's output o.
	multiply(s *integers, inputs, rows int, fine []int, panels string)
}

// wideProducts are products of 16 bits.
type wideProducts struct {
	largest func(x []float32) float32 // magnitude
	// round16 makes dst x times factor, rounded to the nearest integers.
	round16 func(dst []int16, x []float32, factor float32)
	panel   func(acc []int32, x []int16, inputs, rows int, panel string)
}

func (p *wideProducts) round(s *integers, x []float32, inputs int, fine []int) {
	s.wide = atLeast(s.wide, len(x))
	for r := range len(x) / inputs {
		limit := float32(coarseLimit)
		if len(fine) > 0 && fine[0] == r {
			fine, limit = fine[1:], fineLimit
		}
		row := x[r*inputs:][:inputs]
		p.round16(s.wide[r*inputs:][:inputs], row, s.setWorth(r, p.largest(row), limit))
	}
}

func (p *wideProducts) multiply(s *integers, inputs, rows int, _ []int, panels string) {
	for i := range s.acc {
		p.panel(s.acc[i][:rows*panelWidth], s.wide[:rows*inputs], inputs, rows, panels[i*inputs*panelWidth:(i+1)*inputs*panelWidth])
	}
}

// narrowProducts are products of 8 bits. A fine row is two rows to them: its
// integers over 128, rounded, and what is then left. The second stands behind the
// rows of all, so that two products make the one wanted: 128 times the first and
// the second.
type narrowProducts struct {
	largest func(x []float32) float32
	// round8 makes dst x times factor, rounded, and gives what the sums of a panel
	// are to begin with for that row.
	round8 func(dst []int8, x []float32, factor float32) int32
	split  func(high, low []int8, x []float32, factor float32) (startHigh, startLow int32)
	pair   func(acc *sums, x []int8, start []int32, inputs int, panels string)
	// join makes, of both panels, 128 times the sums of each fine row and those of its second
	// part of the former. The second parts stand from row low on.
	join func(acc *sums, low int, fine []int)
}

func (p *narrowProducts) round(s *integers, x []float32, inputs int, fine []int) {
	rows := len(x) / inputs
	s.narrow = atLeast(s.narrow, len(x)+len(fine)*inputs)
	low := rows
	for r := range rows {
		row, dst := x[r*inputs:][:inputs], s.narrow[r*inputs:][:inputs]
		if len(fine) > 0 && fine[0] == r {
			fine = fine[1:]
			s.start[r], s.start[low] = p.split(dst, s.narrow[low*inputs:][:inputs], row, s.setWorth(r, p.largest(row), fineLimit))
			low++
			continue
		}
		s.start[r] = p.round8(dst, row, s.setWorth(r, p.largest(row), coarseLimit))
	}
}

func (p *narrowProducts) multiply(s *integers, inputs, rows int, fine []int, panels string) {
	all := rows + len(fine)
	p.pair(&s.acc, s.narrow[:all*inputs], s.start[:all], inputs, panels)
	if len(fine) > 0 {
		p.join(&s.acc, rows, fine)
	}
}

// setWorth gives the factor that brings the magnitude largest to limit, and notes
// what an integer of the row is then worth. A row of nothing has the factor 0.
func (s *integers) setWorth(row int, largest, limit float32) (factor float32) {
	if largest < 1e-20 {
		s.worth[row] = 0
		return 0
	}
	s.worth[row] = largest / limit
	return limit / largest
}

// tiles cuts rows into as few parts as have at most most rows, nearly equal ones.
func tiles(rows, most int) iter.Seq[int] {
	return func(yield func(int) bool) {
		for left := (rows + most - 1) / most; left > 0; left-- {
			n := (rows + left - 1) / left
			if !yield(n) {
				return
			}
			rows -= n
		}
	}
}
