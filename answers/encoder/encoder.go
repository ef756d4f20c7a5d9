// Package encoder turns a question into vectors that lie close together when
// two questions mean the same. It is all-MiniLM-L6-v2, a six-layer transformer,
// with 8-bit weights that are part of the program, and its own forward pass:
// no cgo, no network, no files.
//
// The package knows nothing of facts, packs or decisions; what the vectors are
// worth is the matcher's business. Equal text gives equal bits: the matrix
// products are sums of integers, whatever kernel computes them, and the few
// floating-point steps around them are written so that no compiler may fuse
// them and use no function whose result differs between machines.
package encoder

import (
	"sync"
)

// Dims is the length of every view's vector.
const Dims = 384

// MaxTokens is how many word pieces of a question are read, the two marks at
// its ends included; the rest of a longer question is left out.
const MaxTokens = 64

// A View names one of the vectors the encoder draws from a question. The views
// were chosen by measurement: see MEASUREMENTS.md.
type View int

const (
	// Final is the mean of the last layer's states, the vector the model was
	// trained to give. Alone it is the best view by far.
	Final View = iota
	// Penultimate is the mean of the states one layer earlier: weaker alone, but
	// it errs on other questions, so that the two together do better than Final.
	Penultimate

	NumViews = iota
)

// String names the view as tables and explanations do.
func (v View) String() string {
	switch v {
	case Final:
		return "final"
	case Penultimate:
		return "penultimate"
	}
	return "unknown"
}

// An Encoding is what the encoder makes of one text. It belongs to the caller.
type Encoding struct {
	// Tokens are the word pieces that were read, the marks [CLS] and [SEP] at
	// the ends included; a piece that continues a word starts with "##".
	Tokens []string
	// Views holds a vector of Dims numbers for each View. They are means of
	// states, not scaled to unit length: centre them on the pack first, then scale.
	Views [NumViews][]float32
}

// Encoder is the loaded model. It is immutable and safe for concurrent use.
type Encoder struct {
	model   *model
	scratch sync.Pool
}

// Load gives the encoder with the weights that are part of the program. The
// work is done once, however often it is called, and takes some milliseconds:
// the large matrices are used where they lie. An error means that the program
// was built from a damaged weights file.
func Load() (*Encoder, error) { return load() }

var load = sync.OnceValues(func() (*Encoder, error) {
	m, err := readModel(weights, kernels()[0])
	if err != nil {
		return nil, err
	}
	return newEncoder(m), nil
})

func newEncoder(m *model) *Encoder {
	e := &Encoder{model: m}
	e.scratch.New = func() any { return new(scratch) }
	return e
}

// ID names the model, its weights and the arithmetic of the encoder that Load
// gives, without the work of loading it. Vectors that were made under another ID
// must not be compared with this encoder's: use it as part of the key of every
// cache.
func ID() string {
	return "all-MiniLM-L6-v2/int8/" + weightsHash[:16] + "/" + arithmetic
}

// arithmetic changes with every change of the code that may change a bit of a vector.
const arithmetic = "2"

// Encode reads text and gives its vectors. Any text will do: of one that is
// empty, or holds nothing readable, it encodes the two marks alone; of a long
// one the first MaxTokens pieces. It neither blocks nor fails.
func (e *Encoder) Encode(text string) Encoding {
	s := e.scratch.Get().(*scratch)
	defer e.scratch.Put(s)
	ids := e.model.words.pieces(text, MaxTokens)
	enc := Encoding{Tokens: make([]string, len(ids))}
	for i, id := range ids {
		enc.Tokens[i] = e.model.words.piece[id]
	}
	backing := make([]float32, NumViews*Dims)
	for v := range enc.Views {
		enc.Views[v] = backing[v*Dims : (v+1)*Dims : (v+1)*Dims]
	}
	e.model.run(s, ids, &enc)
	return enc
}
