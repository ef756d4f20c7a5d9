package encoder

import (
	_ "embed"
	"encoding/binary"
	"errors"
	"fmt"
	"math"
)

//go:generate python3 ../tools/encoder/convert.py --jar $BGE_JAR --out bge-small.bin --reference testdata/reference.json --tokens testdata/tokens.json

// weights is the file that answers/tools/encoder/convert.py makes. It is a string, so that
// the vectors of pieces can be used where the linker put them and nobody can write to them.
//
//go:embed bge-small.bin
var weights string

// weightsHash is the SHA-256 of bge-small.bin; a test holds it against the file,
// so that no start has to hash 22 MB.
const weightsHash = "101e50d9017c72144afb7f63ae02057e8555b289895e59e707ed753b2e9c7f17"

// The shape of the model. The file repeats these figures, and another shape is refused.
const (
	layers    = 12
	heads     = 12
	headDims  = Dims / heads
	innerDims = 1536 // width of the feed-forward layer

	weightsMagic   = "FNBGESML"
	weightsVersion = 3
)

// model is the file's content, ready to run.
type model struct {
	kernel     kernel
	words      *wordPieces
	embeddings codedRows
	positions  []float32 // MaxTokens rows; the embedding of the one segment is part of it
	embedNorm  affine
	layers     [layers]layer
}

type layer struct {
	qkv, out, up, down linear
	norm1, norm2       affine
}

// affine is what follows a normalisation: scale and shift by dimension.
type affine struct{ scale, shift []float32 }

// readModel takes the file apart for a machine that can run k. The vectors of pieces remain part of file.
func readModel(file string, k kernel) (*model, error) {
	r := &reader{rest: file}
	if string(r.bytes(len(weightsMagic))) != weightsMagic {
		return nil, errors.New("encoder: the embedded weights are not a weights file: build the program again from an intact tree")
	}
	var head [8]int
	for i := range head {
		head[i] = r.int()
	}
	vocabulary, textBytes := head[6], head[7]
	want := [6]int{weightsVersion, layers, Dims, heads, innerDims, MaxTokens}
	if [6]int(head[:6]) != want {
		return nil, fmt.Errorf("encoder: the embedded weights have the shape %v, this program reads %v: make them again with convert.py", head[:6], want)
	}
	text := r.bytes(textBytes)
	m := &model{kernel: k}
	var err error
	if m.embeddings, err = r.codedRows(vocabulary); err != nil {
		return nil, err
	}
	m.positions = r.floats(MaxTokens * Dims)
	m.embedNorm = affine{r.floats(Dims), r.floats(Dims)}
	r.room = make([]byte, layers*(4*Dims+2*innerDims)*Dims)
	for i := range m.layers {
		l := &m.layers[i]
		l.qkv = r.matrix(3*Dims, Dims)
		l.out = r.matrix(Dims, Dims)
		l.up = r.matrix(innerDims, Dims)
		l.down = r.matrix(Dims, innerDims)
		l.norm1 = affine{r.floats(Dims), r.floats(Dims)}
		l.norm2 = affine{r.floats(Dims), r.floats(Dims)}
	}
	if r.damaged {
		return nil, errMatrix
	}
	if r.short || len(r.rest) != 0 {
		return nil, fmt.Errorf("encoder: the embedded weights have %d bytes, which is not the size their head tells: build the program again from an intact tree", len(file))
	}
	m.words, err = newWordPieces(text, vocabulary)
	return m, err
}

// reader takes a file apart from front to back; once it is short it gives zeros.
type reader struct {
	rest    string
	short   bool
	damaged bool // a matrix was

	// room is for matrices. The kernels fetch what comes next while they compute, so that
	// they should lie in the order in which they are used.
	room []byte
}

func (r *reader) bytes(n int) string {
	if n < 0 || n > len(r.rest) {
		r.short = true
		return ""
	}
	b := r.rest[:n]
	r.rest = r.rest[n:]
	return b
}

func (r *reader) int() int {
	b := r.bytes(4)
	if r.short {
		return 0
	}
	return int(binary.LittleEndian.Uint32([]byte(b)))
}

func (r *reader) floats(n int) []float32 {
	b := r.bytes(4 * n)
	if r.short {
		return nil
	}
	f := make([]float32, n)
	for i := range f {
		f[i] = math.Float32frombits(uint32(b[4*i]) | uint32(b[4*i+1])<<8 | uint32(b[4*i+2])<<16 | uint32(b[4*i+3])<<24)
	}
	return f
}

func (r *reader) matrix(outputs, inputs int) linear {
	return linear{inputs: inputs, outputs: outputs, scale: r.floats(outputs), bias: r.floats(outputs), panels: r.panels(outputs * inputs)}
}
