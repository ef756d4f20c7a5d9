package answers

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	_ "embed"
	"encoding/gob"
	"fmt"
	"io"
	"slices"

	"footnote/answers/encoder"
	"footnote/knowledge"
)

// What ships of the embedded packs, so that a start need not make it: the vectors of
// their texts, and the classifier and the doubts made from them.
//
//go:embed shipped/texts.vectors
var shippedVectors []byte

//go:embed shipped/learned.bin
var shippedLearned []byte

// textsOf are the texts of the base: its phrasings, whole and without names, its facts as a
// whole, its unanswered questions.
func (ix *index) textsOf() (t baseTexts) {
	for i := range ix.phrasings {
		t.phrasings = append(t.phrasings, ix.askable(encodable(ix.phrasings[i].words)))
		t.predicates = append(t.predicates, ix.askable(ix.predicateOf(ix.phrasings[i].words)))
	}
	if ix.hasAnswers {
		for _, f := range ix.facts {
			t.wholes = append(t.wholes, ix.sayable(ix.wholeText(f)))
		}
	}
	for _, q := range ix.unanswered {
		u := ix.understand(q)
		t.unanswered = append(t.unanswered, ix.askable(encodable(u.words)))
	}
	for _, w := range ix.senseWords() {
		t.words = append(t.words, ix.sayable(w))
	}
	return t
}

// baseTexts are the texts of which a base needs vectors.
type baseTexts struct{ phrasings, predicates, wholes, unanswered, words []string }

func (t *baseTexts) all() []string {
	return slices.Concat(t.phrasings, t.predicates, t.wholes, t.unanswered, t.words)
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
	enc, err := m.ix.loadEncoder()
	if err != nil {
		return err
	}
	t := m.ix.textsOf()
	if err := m.store.make(ctx, enc, m.store.missing(t.all()), m.progress); err != nil {
		return err
	}
	s := m.store
	mean := newMeaning(s.rows(t.phrasings), s.rows(t.predicates), s.rows(t.wholes), s.rows(t.unanswered), m.ix.owner, len(m.ix.facts))
	mean.senses = newSenses(m.ix, s.rows(t.words))
	mean.fit(m.ix, recallFitted(shippedLearned, m.ix.learnedKey(&t)), mostDoubts)
	if err := ctx.Err(); err != nil {
		return err
	}
	m.meaning.Store(mean)
	m.store = nil // what it held is in the meaning
	return nil
}

// lacking is how many texts have no vector yet.
func (m *Matcher) lacking() int {
	t := m.ix.textsOf()
	return len(m.store.missing(t.all()))
}

// learnedKey identifies all that is fitted to a base is made from.
func (ix *index) learnedKey(t *baseTexts) [sha256.Size]byte {
	h := sha256.New()
	fmt.Fprintf(h, "footnote learned 3 %s\n", encoder.ID())
	if ix.multilingual {
		fmt.Fprintf(h, "%s\n", encoder.MultilingualID())
	}
	h.Write(decisionFile)
	for i, p := range t.phrasings {
		fmt.Fprintf(h, "%d %q\n", ix.owner[i], p)
	}
	for _, q := range t.unanswered {
		fmt.Fprintf(h, "%q\n", q)
	}
	return [sha256.Size]byte(h.Sum(nil))
}

// keep writes what was fitted: the key, the hash of the rest, and the rest, which is compressed
// gob. Floats are written bit by bit, so that what was kept decides as what was made.
func (f *fitted) keep(key [sha256.Size]byte) ([]byte, error) {
	k := keptFitted{Weights: f.classes.weights, Doubts: f.doubts.weights, Chosen: f.doubts.phrasings, Grams: f.doubts.grams, Sure: keptLinear{f.sure.bias, f.sure.weights[:], nil}}
	if f.classes.invL != nil {
		for i := range dims {
			k.Lower = append(k.Lower, f.classes.invL[i*dims:i*dims+i+1]...)
		}
	}
	for _, r := range f.sure.ramps {
		k.Sure.Ramps = append(k.Sure.Ramps, keptRamp{int(r.figure), r.from, r.to, r.gain})
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
	sum := sha256.Sum256(b.Bytes())
	return slices.Concat(key[:], sum[:], b.Bytes()), nil
}

type keptFitted struct {
	Lower, Weights []float32 // of the classifier: L⁻¹'s lower triangle, row by row, and the facts'
	Doubts         []float32
	Chosen         []int32
	Grams          []float32
	Sure           keptLinear
}

type keptLinear struct {
	Bias    float64
	Weights []float64
	Ramps   []keptRamp
}

type keptRamp struct {
	Figure         int
	From, To, Gain float64
}

// mostFitted bounds what is read of a kept file: a damaged one must not fill the memory.
const mostFitted = 64 << 20

// recallFitted reads what keep wrote; nil if it is another base's, or damaged.
func recallFitted(data []byte, key [sha256.Size]byte) *fitted {
	const head = 2 * sha256.Size
	if len(data) < head || [sha256.Size]byte(data) != key || sha256.Sum256(data[head:]) != [sha256.Size]byte(data[sha256.Size:head]) {
		return nil
	}
	z, err := gzip.NewReader(bytes.NewReader(data[head:]))
	if err != nil {
		return nil
	}
	var k keptFitted
	if err := gob.NewDecoder(io.LimitReader(z, mostFitted)).Decode(&k); err != nil || len(k.Sure.Weights) != int(figures) {
		return nil
	}
	f := &fitted{classes: classifier{weights: k.Weights}, doubts: doubts{weights: k.Doubts, phrasings: k.Chosen, grams: k.Grams}}
	if len(k.Lower) == dims*(dims+1)/2 {
		f.classes.invL = make([]float32, dims*dims)
		for i, at := 0, 0; i < dims; i++ {
			copy(f.classes.invL[i*dims:], k.Lower[at:at+i+1])
			at += i + 1
		}
	}
	f.sure.bias = k.Sure.Bias
	copy(f.sure.weights[:], k.Sure.Weights)
	for _, r := range k.Sure.Ramps {
		if r.Figure < 0 || r.Figure >= int(figures) {
			return nil
		}
		f.sure.ramps = append(f.sure.ramps, ramp{figure(r.Figure), r.From, r.To, r.Gain})
	}
	return f
}

// Ship makes what ships of base: the files of the folder shipped, by name.
func Ship(ctx context.Context, base *knowledge.Base) (map[string][]byte, error) {
	ix := newIndex(base)
	enc, err := ix.loadEncoder()
	if err != nil {
		return nil, err
	}
	s := &vectorStore{records: map[textKey][]byte{}}
	t := ix.textsOf()
	all := t.all()
	if err := s.make(ctx, enc, s.missing(all), nil); err != nil {
		return nil, err
	}
	out := vectorsHead()
	done := map[textKey]bool{}
	for _, text := range all {
		if k := keyOf(text); !done[k] {
			done[k] = true
			out = append(out, s.records[k]...)
		}
	}
	m := newMeaning(s.rows(t.phrasings), s.rows(t.predicates), s.rows(t.wholes), s.rows(t.unanswered), ix.owner, len(ix.facts))
	kept, err := m.fit(ix, nil, mostDoubtsShipped).keep(ix.learnedKey(&t))
	if err != nil {
		return nil, err
	}
	return map[string][]byte{"texts.vectors": out, "learned.bin": kept}, nil
}

// Shipped reports whether what ships is of base, so that it need not be learned.
func Shipped(base *knowledge.Base) bool {
	ix := newIndex(base)
	t := ix.textsOf()
	return recallFitted(shippedLearned, ix.learnedKey(&t)) != nil && len(openVectors("").missing(t.all())) == 0
}
