package answers

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/binary"
	"encoding/gob"
	"encoding/hex"
	"fmt"
	"io"
	"math"
	"slices"

	"footnote/answers/encoder"
	"footnote/knowledge"
)

// A model is what is learned from a base, in contrast to an index, which is
// read off it. Learning takes seconds, so a model can be kept: its weights are
// rounded to 8 bits before they are used at all, so that a model that was kept
// and one that was learned just now decide alike.
type model struct {
	vec      *vectorizer
	lexical  weights    // ranks facts by words and characters
	full     weights    // ranks facts by all views; empty without the encoder
	semantic *semantics // maps encodings; nil without the encoder

	// Doubts tell unanswered questions from phrasings; empty without any.
	lexicalDoubt, fullDoubt weights

	cheapCal, fullCal calibration

	// retriever ranks instead of the weights where there are too many facts.
	retriever *retriever
}

// modelVersion names the way of learning. It must change with every change that
// makes the same base give another model; a test holds the shipped models
// against it.
const modelVersion = "footnote-model/5"

// modelKey identifies the model of a base: everything learning looks at.
func modelKey(base *knowledge.Base, withEncoder bool) string {
	h := sha256.New()
	put := func(texts ...string) {
		for _, t := range texts {
			var n [8]byte
			binary.BigEndian.PutUint64(n[:], uint64(len(t)))
			h.Write(n[:]) // so that no text can run into the next
			io.WriteString(h, t)
		}
	}
	list := func(texts []string) {
		put(fmt.Sprint(len(texts)))
		put(texts...)
	}
	text := func(t knowledge.Text) {
		langs := make([]string, 0, len(t))
		for l := range t {
			langs = append(langs, l)
		}
		slices.Sort(langs)
		for _, l := range langs {
			put(l, t[l])
		}
	}
	put(modelVersion)
	if withEncoder {
		put(encoder.ID())
	}
	for _, p := range base.Packs {
		for _, g := range p.Synonyms {
			list(g)
		}
		list(p.Unanswered)
		for _, f := range p.Facts {
			put(f.ID, string(f.Status), f.AccordingTo)
			list(f.Keywords)
			list(f.People)
			text(f.Answer)
			text(f.Detail)
			for _, q := range f.Questions {
				put(q.Text)
			}
			for _, x := range f.Positions {
				put(x.Holder)
				text(x.Claim)
			}
			for _, d := range f.Dates {
				put(string(d.EDTF))
				text(d.Label)
			}
		}
	}
	return hex.EncodeToString(h.Sum(nil))
}

// keptModel is a model on disk.
type keptModel struct {
	Key               string
	Hashes            []uint64 // of features, in the order of their ids
	Words             int32
	IDF               []byte
	Lexical, Full     keptWeights
	Doubts            [2]keptWeights // lexical, full
	Mean              [encoder.NumViews][]byte
	InvL              [encoder.NumViews][]byte // lower triangle, row by row
	CheapCal, FullCal calibration
}

type keptWeights struct {
	Sparse, Dense           []byte // 8 bits each
	SparseScale, DenseScale []byte // float32, one a row
}

func floatsToBytes(x []float32) []byte {
	b := make([]byte, 4*len(x))
	for i, v := range x {
		binary.LittleEndian.PutUint32(b[4*i:], math.Float32bits(v))
	}
	return b
}

func bytesToFloats(b []byte) []float32 {
	x := make([]float32, len(b)/4)
	for i := range x {
		x[i] = math.Float32frombits(binary.LittleEndian.Uint32(b[4*i:]))
	}
	return x
}

// keep writes m under key.
func (m *model) keep(key string) ([]byte, error) {
	k := keptModel{Key: key, Words: m.vec.words, IDF: floatsToBytes(m.vec.idf), Hashes: make([]uint64, len(m.vec.ids)), CheapCal: m.cheapCal, FullCal: m.fullCal}
	for h, id := range m.vec.ids {
		k.Hashes[id] = h
	}
	k.Lexical, k.Full = m.lexical.kept(), m.full.kept()
	k.Doubts = [2]keptWeights{m.lexicalDoubt.kept(), m.fullDoubt.kept()}
	if m.semantic != nil {
		for v, w := range m.semantic.views {
			k.Mean[v] = floatsToBytes(w.mean)
			k.InvL[v] = floatsToBytes(w.lower())
		}
	}
	var b bytes.Buffer
	z, err := gzip.NewWriterLevel(&b, gzip.BestCompression)
	if err != nil {
		return nil, err
	}
	if err := gob.NewEncoder(z).Encode(&k); err != nil {
		return nil, err
	}
	if err := z.Close(); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

// maxKept bounds what is read of a kept model: a damaged file must not fill the
// memory.
const maxKept = 256 << 20

// recall reads a kept model; it must be the one of key.
func recall(data []byte, key string) (*model, error) {
	z, err := gzip.NewReader(bytes.NewReader(data))
	if err != nil {
		return nil, err
	}
	var k keptModel
	if err := gob.NewDecoder(io.LimitReader(z, maxKept)).Decode(&k); err != nil {
		return nil, err
	}
	if k.Key != key {
		return nil, fmt.Errorf("the model is of other packs or of another version")
	}
	m := &model{vec: &vectorizer{ids: make(map[uint64]int32, len(k.Hashes)), idf: bytesToFloats(k.IDF), words: k.Words}, cheapCal: k.CheapCal, fullCal: k.FullCal}
	for id, h := range k.Hashes {
		m.vec.ids[h] = int32(id)
	}
	m.lexical, m.full = k.Lexical.weights(), k.Full.weights()
	m.lexicalDoubt, m.fullDoubt = k.Doubts[0].weights(), k.Doubts[1].weights()
	if len(k.Mean[0]) > 0 {
		m.semantic = &semantics{}
		for v := range m.semantic.views {
			m.semantic.views[v] = whitening{mean: bytesToFloats(k.Mean[v]), invL: square(bytesToFloats(k.InvL[v]))}
		}
	}
	return m, nil
}

func (w *weights) kept() keptWeights {
	return keptWeights{Sparse: w.sparse.bytes(), SparseScale: floatsToBytes(w.sparse.scale), Dense: w.dense.bytes(), DenseScale: floatsToBytes(w.dense.scale)}
}

func (k *keptWeights) weights() weights {
	return weights{sparse: rounded{fromBytes(k.Sparse), bytesToFloats(k.SparseScale)}, dense: rounded{fromBytes(k.Dense), bytesToFloats(k.DenseScale)}}
}

// lower is the lower triangle of a whitening's matrix, row by row.
func (w *whitening) lower() []float32 {
	const d = encoder.Dims
	if w.invL == nil {
		return nil
	}
	out := make([]float32, 0, d*(d+1)/2)
	for i := range d {
		out = append(out, w.invL[i*d:i*d+i+1]...)
	}
	return out
}

// square undoes lower.
func square(lower []float32) []float32 {
	const d = encoder.Dims
	if len(lower) != d*(d+1)/2 {
		return nil
	}
	out := make([]float32, d*d)
	for i, at := 0, 0; i < d; i++ {
		copy(out[i*d:], lower[at:at+i+1])
		at += i + 1
	}
	return out
}
