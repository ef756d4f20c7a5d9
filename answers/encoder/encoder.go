// Package encoder turns a text into a vector; those of two texts lie close
// together when they mean the same. It is bge-small-en-v1.5, a twelve-layer
// transformer, with weights of few bits that are part of the program, and its own forward pass:
// no cgo, no network, no files.
//
// The package knows nothing of facts, packs or decisions; what the vectors are
// worth is the matcher's business. Equal text gives equal bits: the matrix
// products are sums of integers, whatever kernel computes them, and the few
// floating-point steps around them are written so that no compiler may fuse
// them and use no function whose result differs between machines.
package encoder

import (
	"context"
	"runtime"
	"sync"
)

// Dims is the length of every view's vector.
const Dims = 384

// MaxTokens is how many word pieces of a text are read, the two marks at its
// ends included; the rest of a longer text is left out.
const MaxTokens = 128

// A View names one of the vectors the encoder draws from a text. One was found
// to be enough: see MEASUREMENTS.md.
type View int

const (
	// Final is the last layer's state of [CLS], the vector the model was trained to give.
	Final View = iota

	NumViews = iota
)

// An Encoding is what the encoder makes of one text. It belongs to the caller.
type Encoding struct {
	// Sentence is the vector the model was trained to give, of Dims numbers and
	// length 1: the dot product of two of them is their cosine.
	Sentence []float32
	// Views holds a vector of Dims numbers for each View. Views[Final] is Sentence
	// itself, not a copy.
	Views [NumViews][]float32
}

// Encoder is the loaded model. It is immutable and safe for concurrent use.
type Encoder struct {
	model *model
	spare spare[work]
}

// spare are the working memories of calls that have ended, for those to come: as many as there are
// processors. A sync.Pool would lose them with each collection, and one takes as much memory as a
// hundred questions beside it.
type spare[T any] struct {
	mu   sync.Mutex
	free []*T
}

func (s *spare[T]) get() *T {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.free) == 0 {
		return new(T)
	}
	w := s.free[len(s.free)-1]
	s.free = s.free[:len(s.free)-1]
	return w
}

func (s *spare[T]) put(w *T) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.free) < runtime.GOMAXPROCS(0) {
		s.free = append(s.free, w)
	}
}

// work is what one call of the encoder writes to.
type work struct {
	batch
	scratch
}

// encoding is that of the batch's text number row, after its run.
func (w *work) encoding(row int) Encoding {
	sentence := unit(w.x[row*Dims:][:Dims])
	return Encoding{Sentence: sentence, Views: [NumViews][]float32{Final: sentence}}
}

// Load gives the encoder with the weights that are part of the program. Their
// matrices are expanded when it is first called, and again after Release, which takes some 30
// milliseconds and 21 MB; else it takes no time. An error means that the program
// was built from a damaged weights file.
func Load() (*Encoder, error) { return english.get(weights, readEnglish) }

var english onDemand[Encoder]

func readEnglish(file string) (*Encoder, error) {
	m, err := readModel(file, fastest())
	if err != nil {
		return nil, err
	}
	return newEncoder(m), nil
}

// fastest is the kernel for this machine.
var fastest = sync.OnceValue(func() kernel { return kernels()[0] })

func newEncoder(m *model) *Encoder {
	return &Encoder{model: m}
}

// ID names the model, its weights and the arithmetic of the encoder that Load
// gives, without the work of loading it. Vectors that were made under another ID
// must not be compared with this encoder's: use it as part of the key of every
// cache.
func ID() string {
	return "bge-small-en-v1.5/int8/" + weightsHash[:16] + "/" + arithmetic
}

// arithmetic changes with every change of the code that may change a bit of a vector.
const arithmetic = "1"

// Encode reads text and gives its vectors. Any text will do: of one that is
// empty, or holds nothing readable, it encodes the two marks alone; of a long
// one the first MaxTokens pieces. It neither blocks nor fails.
func (e *Encoder) Encode(text string) Encoding {
	w := e.spare.get()
	defer e.spare.put(w)
	w.reset()
	w.add(e.model.words.pieces(text, MaxTokens))
	e.model.run(&w.scratch, &w.batch)
	return w.encoding(0)
}

// EncodeAll encodes every text and calls each with its place in texts and its
// encoding, in the order of texts. The encodings are those that Encode gives, to
// the bit. Short texts go through the layers together, some at a time, which
// takes less time than one by one. EncodeAll works on the caller's goroutine, and
// may be called on several at once.
//
// It ends early, with the context's error, once ctx is done, after the texts
// that are on their way.
func (e *Encoder) EncodeAll(ctx context.Context, texts []string, each func(i int, enc Encoding)) error {
	w := e.spare.get()
	defer e.spare.put(w)
	w.reset()
	done := 0
	flush := func() error {
		if err := ctx.Err(); err != nil || len(w.ends) == 0 {
			return err
		}
		e.model.run(&w.scratch, &w.batch)
		for row := range w.ends {
			each(done+row, w.encoding(row))
		}
		done += len(w.ends)
		w.reset()
		return nil
	}
	for _, text := range texts {
		ids := e.model.words.pieces(text, MaxTokens)
		if !w.fits(len(ids)) {
			if err := flush(); err != nil {
				return err
			}
		}
		w.add(ids)
	}
	return flush()
}

// Products puts the products of v, which has Dims numbers, with rows of Dims integers each into
// out, one for each row. They are the same on every machine.
func Products(out []float32, rows []int8, v []float32) {
	if len(out) > 0 {
		fastest().dots(out, rows, (*[Dims]float32)(v))
	}
}
