package encoder

import (
	"context"
	"sync"
)

// MultilingualDims is the length of the vectors of the multilingual encoder.
const MultilingualDims = 512

// Multilingual turns a text of any European language into a vector; those of two texts
// lie close together when they mean the same, whatever the languages. It is the Universal
// Sentence Encoder, multilingual, version 3: convolutions over the vectors of word pieces,
// which takes less time than the English encoder and knows English less well. It is
// immutable and safe for concurrent use.
type Multilingual struct {
	kernel   kernel
	segments *segmenter
	rows     codedRows
	branches [len(windows)]branch
	norm     affine
	out      linear
	deep     [6]linear
	centre   []float32
	pool     sync.Pool // of *multilingualWork: few ask for it, so that a collection may take it
}

// LoadMultilingual gives the multilingual encoder with the weights that are part of the
// program. Their matrices are expanded when it is first called, and again after Release, which
// takes some milliseconds; nothing of the weights is read before. An error means that the program
// was built from a damaged weights file.
func LoadMultilingual() (*Multilingual, error) {
	return multilingual.get(multilingualWeights, func(file string) (*Multilingual, error) { return readMultilingual(file, fastest()) })
}

var multilingual onDemand[Multilingual]

// MultilingualID names the multilingual encoder as ID does the English one.
func MultilingualID() string {
	return "use-multilingual-v3/int8/" + multilingualHash[:16] + "/" + multilingualArithmetic
}

// multilingualArithmetic changes with every change of the code that may change a bit of a vector.
const multilingualArithmetic = "1"

// Encode gives the vector of text, of MultilingualDims numbers and length 1, less the mean
// of many texts: so vectors of texts that have nothing to do with each other are about at
// right angles. Any text will do; of a long one the first MaxTokens pieces are read. The
// vector belongs to the caller.
func (e *Multilingual) Encode(text string) []float32 {
	var out []float32
	// An unfinished context cannot end it.
	_ = e.EncodeAll(context.Background(), []string{text}, func(_ int, v []float32) { out = v })
	return out
}

// EncodeAll encodes every text and calls each with its place in texts and its vector, in
// the order of texts. The vectors are those that Encode gives, to the bit. It works on the
// caller's goroutine, and may be called on several at once. It ends early, with the
// context's error, once ctx is done, after the texts that are on their way.
func (e *Multilingual) EncodeAll(ctx context.Context, texts []string, each func(i int, v []float32)) error {
	w := e.pool.Get().(*multilingualWork)
	defer e.pool.Put(w)
	w.reset()
	done := 0
	flush := func() error {
		if err := ctx.Err(); err != nil || len(w.ends) == 0 {
			return err
		}
		e.run(w)
		for i := range w.ends {
			each(done+i, e.centred(w.vectors[i*MultilingualDims:][:MultilingualDims]))
		}
		done += len(w.ends)
		w.reset()
		return nil
	}
	for _, text := range texts {
		ids := e.segments.ids(text, MaxTokens)
		if !w.fits(len(ids)) {
			if err := flush(); err != nil {
				return err
			}
		}
		w.add(ids)
	}
	return flush()
}

// centred is v, brought to length 1, less the mean, at length 1 again.
func (e *Multilingual) centred(v []float32) []float32 {
	v = unit(v)
	for i, c := range e.centre {
		v[i] -= c
	}
	scaleToUnit(v, v)
	return v
}

// The convolutions: how many pieces a window spans, and how many of them stand to the left.
var windows = [...]struct{ size, left int }{{2, 0}, {3, 1}, {5, 2}}

const (
	branchWidth  = 256
	featureWidth = MultilingualDims + len(windows)*branchWidth
	widestWindow = 5
	deepWidth    = 320
)

// branch is one of the convolutions: a projection of the pieces, and two layers over windows.
type branch struct {
	in, first, second linear
	norm              affine
}

// multilingualWork is what one call writes to.
type multilingualWork struct {
	batch
	integers
	room             int // pieces
	pieces, features []float32
	x, y, z, windows []float32
	sums, mean       []float32 // of texts, of which a batch has no more than pieces, as those below
	vectors, a, b, c []float32
}

// fit makes room for a batch, as that of scratch does.
func (w *multilingualWork) fit(pieces int) {
	if pieces <= w.room {
		return
	}
	if w.room = batchTokens; pieces > batchTokens {
		w.room = MaxTokens
	}
	for _, x := range []struct {
		of    *[]float32
		width int
	}{
		{&w.pieces, MultilingualDims}, {&w.features, featureWidth}, {&w.x, branchWidth}, {&w.y, branchWidth}, {&w.z, branchWidth},
		{&w.windows, widestWindow * branchWidth}, {&w.sums, featureWidth}, {&w.mean, MultilingualDims}, {&w.vectors, MultilingualDims},
		{&w.a, deepWidth}, {&w.b, deepWidth}, {&w.c, deepWidth},
	} {
		*x.of = make([]float32, w.room*x.width)
	}
}

// everyRow are the rows that are rounded finely: all.
var everyRow = func() []int {
	rows := make([]int, MaxTokens)
	for i := range rows {
		rows[i] = i
	}
	return rows
}()

func (e *Multilingual) apply(w *multilingualWork, m *linear, dst, x []float32) {
	m.apply(&e.kernel, &w.integers, dst, x, everyRow[:len(x)/m.inputs], 0, m.outputs)
}

// run encodes the batch and leaves the texts' vectors in w.vectors. As in model.run, every
// product that is then added to something stands in a conversion.
func (e *Multilingual) run(w *multilingualWork) {
	n := len(w.ids)
	w.fit(n)
	pieces, features := w.pieces[:n*MultilingualDims], w.features[:n*featureWidth]
	for t, id := range w.ids {
		row := pieces[t*MultilingualDims:][:MultilingualDims]
		e.rows.row(row, id)
		copy(features[t*featureWidth:], row)
	}
	for i := range e.branches {
		e.convolve(w, i, pieces, features)
	}
	texts := len(w.ends)
	sums := w.sums[:texts*featureWidth]
	clear(sums)
	start := 0
	for i, end := range w.ends {
		s := sums[i*featureWidth:][:featureWidth]
		for t := start; t < end; t++ {
			row := features[t*featureWidth:][:featureWidth]
			normaliseRow(row, &e.norm)
			for j, v := range row {
				s[j] += v
			}
		}
		start = end
	}
	mean := w.mean[:texts*MultilingualDims]
	e.apply(w, &e.out, mean, sums)
	start = 0
	for i, end := range w.ends {
		// The layer added its bias once to the sum of the pieces; each of them has it.
		count := float32(end - start)
		factor := 1 / root(count)
		for j, bias := range e.out.bias {
			v := &mean[i*MultilingualDims+j]
			*v = (*v + float32((count-1)*bias)) * factor
		}
		start = end
	}
	e.deepen(w, mean, texts)
}

// convolve adds the features of one of the convolutions.
func (e *Multilingual) convolve(w *multilingualWork, i int, pieces, features []float32) {
	b, n := &e.branches[i], len(w.ids)
	x, y, z := w.x[:n*branchWidth], w.y[:n*branchWidth], w.z[:n*branchWidth]
	e.apply(w, &b.in, x, pieces)
	for t := range n {
		normaliseRow(x[t*branchWidth:][:branchWidth], &b.norm)
	}
	e.apply(w, &b.first, y, w.windowed(x, i))
	rectifyAdd(y, x)
	e.apply(w, &b.second, z, w.windowed(y, i))
	rectifyAdd(z, y)
	for t := range n {
		copy(features[t*featureWidth+MultilingualDims+i*branchWidth:], z[t*branchWidth:][:branchWidth])
	}
}

// windowed puts the window of each piece into one row; what lies outside of the text is zero.
func (w *multilingualWork) windowed(x []float32, i int) []float32 {
	size, left := windows[i].size, windows[i].left
	out := w.windows[:len(w.ids)*size*branchWidth]
	start := 0
	for _, end := range w.ends {
		for t := start; t < end; t++ {
			for j := range size {
				dst := out[(t*size+j)*branchWidth:][:branchWidth]
				if p := t + j - left; p >= start && p < end {
					copy(dst, x[p*branchWidth:][:branchWidth])
				} else {
					clear(dst)
				}
			}
		}
		start = end
	}
	return out
}

// deepen sends the means through the residual layers.
func (e *Multilingual) deepen(w *multilingualWork, mean []float32, texts int) {
	a, b, c := w.a[:texts*deepWidth], w.b[:texts*deepWidth], w.c[:texts*deepWidth]
	e.apply(w, &e.deep[0], a, mean)
	rectify(a)
	e.apply(w, &e.deep[1], b, mean)
	e.apply(w, &e.deep[2], c, a)
	for i, v := range c {
		b[i] += v
	}
	rectify(b)
	// What was made of the sums is no longer needed.
	half := texts * MultilingualDims
	wide, other, last := mean, w.sums[:half], w.sums[half:2*half]
	e.apply(w, &e.deep[3], other, b)
	rectify(other)
	e.apply(w, &e.deep[4], wide, b)
	e.apply(w, &e.deep[5], last, other)
	for i, v := range last {
		w.vectors[i] = tanh(wide[i] + v)
	}
}

func rectify(x []float32) {
	for i, v := range x {
		x[i] = max(v, 0)
	}
}

func rectifyAdd(y, x []float32) {
	for i, v := range y {
		y[i] = max(v, 0) + x[i]
	}
}

// normaliseRow brings a row to mean 0 and variance 1 and applies a.
func normaliseRow(row []float32, a *affine) {
	scale, shift := a.scale[:len(row)], a.shift[:len(row)]
	var s [lanes]float32
	for i := 0; i < len(row); i += lanes {
		r := (*[lanes]float32)(row[i:])
		for j := range s {
			s[j] += r[j]
		}
	}
	mean := sum(&s) / float32(len(row))
	s = [lanes]float32{}
	for i := 0; i < len(row); i += lanes {
		r := (*[lanes]float32)(row[i:])
		for j := range s {
			d := r[j] - mean
			r[j] = d
			s[j] += float32(d * d)
		}
	}
	f := 1 / root(sum(&s)/float32(len(row))+normaliseFloor)
	for i, v := range row {
		row[i] = float32(float32(v*f)*scale[i]) + shift[i]
	}
}

// tanh is the hyperbolic tangent, good to about 1e-6.
func tanh(x float32) float32 {
	if x < 0 {
		return -tanh(-x)
	}
	t := exp(max(-2*x, expLimit))
	return (1 - t) / (1 + t)
}
