package answers

import (
	"context"
	"crypto/sha256"
	_ "embed"
	"encoding/binary"
	"fmt"
	"math"

	"footnote/answers/encoder"
	"footnote/knowledge"
)

// What ships of the embedded packs, so that a start need not make it: the vectors of
// their texts, and the classifier made from them.
//
//go:embed shipped/texts.vectors
var shippedVectors []byte

//go:embed shipped/classifier.bin
var shippedClassifier []byte

// textsOf are the texts of which a base needs vectors: its phrasings, its facts as a
// whole, its unanswered questions.
func (ix *index) textsOf() (phrasings, wholes, unanswered []string) {
	for i := range ix.phrasings {
		phrasings = append(phrasings, encodable(ix.phrasings[i].words))
	}
	if ix.hasAnswers {
		for _, f := range ix.facts {
			wholes = append(wholes, ix.wholeText(f))
		}
	}
	for _, q := range ix.unanswered {
		u := ix.understand(q)
		unanswered = append(unanswered, encodable(u.words))
	}
	return phrasings, wholes, unanswered
}

// DefaultPatience is how many texts New encodes before it returns, if Options do not say:
// about ten seconds' work.
const DefaultPatience = 4000

// Learned reports whether the matcher understands by meaning: with the encoder off it
// never does.
func (m *Matcher) Learned() bool { return m.meaning.Load() != nil }

// Learn makes the vectors that the matcher still lacks and uses them from then on. It
// can be cancelled; what was made is kept in the cache and not made again. It returns
// ctx's error, or the encoder's.
func (m *Matcher) Learn(ctx context.Context) error {
	if !m.encoder || m.Learned() || len(m.ix.phrasings) == 0 {
		return nil
	}
	enc, err := encoder.Load()
	if err != nil {
		return err
	}
	phrasings, wholes, unanswered := m.ix.textsOf()
	all := append(append(append([]string(nil), phrasings...), wholes...), unanswered...)
	if err := m.store.make(ctx, enc, m.store.missing(all), m.progress); err != nil {
		return err
	}
	c := recallClassifier(shippedClassifier, m.ix.classifierKey(phrasings))
	p := m.store.rows(phrasings)
	m.meaning.Store(newMeaning(p, m.store.rows(wholes), m.store.rows(unanswered), m.ix.owner, len(m.ix.facts), c))
	m.store = nil // what it held is in the meaning
	return nil
}

// lacking is how many texts have no vector yet.
func (m *Matcher) lacking() int {
	phrasings, wholes, unanswered := m.ix.textsOf()
	return len(m.store.missing(append(append(phrasings, wholes...), unanswered...)))
}

// classifierKey identifies all that a classifier is made from.
func (ix *index) classifierKey(phrasings []string) [sha256.Size]byte {
	h := sha256.New()
	fmt.Fprintf(h, "footnote classifier 1 %s\n", encoder.ID())
	for i, p := range phrasings {
		fmt.Fprintf(h, "%d %q\n", ix.owner[i], p)
	}
	return [sha256.Size]byte(h.Sum(nil))
}

// keep writes c: the key, how many facts, L⁻¹'s lower triangle if there is one, the weights.
func (c *classifier) keep(key [sha256.Size]byte) []byte {
	facts := len(c.weights) / dims
	out := append([]byte(nil), key[:]...)
	out = binary.LittleEndian.AppendUint32(out, uint32(facts))
	put := func(x []float32) {
		for _, v := range x {
			out = binary.LittleEndian.AppendUint32(out, math.Float32bits(v))
		}
	}
	if c.invL != nil {
		for i := range dims {
			put(c.invL[i*dims : i*dims+i+1])
		}
	}
	put(c.weights)
	sum := sha256.Sum256(out)
	return append(out, sum[:]...)
}

// recallClassifier reads a kept classifier; nil if it is another's or damaged. The mean
// is the meaning's.
func recallClassifier(data []byte, key [sha256.Size]byte) *classifier {
	const head = sha256.Size + 4
	if len(data) < head+sha256.Size || [sha256.Size]byte(data) != key {
		return nil
	}
	body, sum := data[:len(data)-sha256.Size], data[len(data)-sha256.Size:]
	if sha256.Sum256(body) != [sha256.Size]byte(sum) {
		return nil
	}
	facts := int(binary.LittleEndian.Uint32(body[sha256.Size:]))
	x := make([]float32, (len(body)-head)/4)
	for i := range x {
		x[i] = math.Float32frombits(binary.LittleEndian.Uint32(body[head+4*i:]))
	}
	c := &classifier{}
	const triangle = dims * (dims + 1) / 2
	switch len(x) {
	case facts * dims:
	case facts*dims + triangle:
		c.invL = make([]float32, dims*dims)
		for i, at := 0, 0; i < dims; i++ {
			copy(c.invL[i*dims:], x[at:at+i+1])
			at += i + 1
		}
		x = x[triangle:]
	default:
		return nil
	}
	c.weights = x
	return c
}

// Ship makes what ships of base: the files of the folder shipped, by name.
func Ship(ctx context.Context, base *knowledge.Base) (map[string][]byte, error) {
	enc, err := encoder.Load()
	if err != nil {
		return nil, err
	}
	ix := newIndex(base)
	s := &vectorStore{records: map[textKey][]byte{}}
	phrasings, wholes, unanswered := ix.textsOf()
	all := append(append(append([]string(nil), phrasings...), wholes...), unanswered...)
	if err := s.make(ctx, enc, s.missing(all), nil); err != nil {
		return nil, err
	}
	out := vectorsHead()
	done := map[textKey]bool{}
	for _, t := range all {
		if k := keyOf(t); !done[k] {
			done[k] = true
			out = append(out, s.records[k]...)
		}
	}
	m := newMeaning(s.rows(phrasings), nil, nil, ix.owner, len(ix.facts), nil)
	return map[string][]byte{"texts.vectors": out, "classifier.bin": m.classes.keep(ix.classifierKey(phrasings))}, nil
}

// Shipped reports whether what ships is of base, so that it need not be learned.
func Shipped(base *knowledge.Base) bool {
	ix := newIndex(base)
	phrasings, wholes, unanswered := ix.textsOf()
	s := openVectors("")
	return len(s.missing(append(append(phrasings, wholes...), unanswered...))) == 0 && recallClassifier(shippedClassifier, ix.classifierKey(phrasings)) != nil
}
