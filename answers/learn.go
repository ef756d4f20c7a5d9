package answers

import (
	"context"
	"crypto/sha256"
	_ "embed"
	"encoding/binary"
	"fmt"
	"math"
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
		t.phrasings = append(t.phrasings, encodable(ix.phrasings[i].words))
		t.predicates = append(t.predicates, ix.predicateOf(ix.phrasings[i].words))
	}
	if ix.hasAnswers {
		for _, f := range ix.facts {
			t.wholes = append(t.wholes, ix.wholeText(f))
		}
	}
	for _, q := range ix.unanswered {
		u := ix.understand(q)
		t.unanswered = append(t.unanswered, encodable(u.words))
	}
	return t
}

// baseTexts are the texts of which a base needs vectors.
type baseTexts struct{ phrasings, predicates, wholes, unanswered []string }

func (t *baseTexts) all() []string {
	return slices.Concat(t.phrasings, t.predicates, t.wholes, t.unanswered)
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
	t := m.ix.textsOf()
	if err := m.store.make(ctx, enc, m.store.missing(t.all()), m.progress); err != nil {
		return err
	}
	c, d := recallLearned(shippedLearned, m.ix.learnedKey(&t))
	s := m.store
	m.meaning.Store(newMeaning(s.rows(t.phrasings), s.rows(t.predicates), s.rows(t.wholes), s.rows(t.unanswered), m.ix.owner, len(m.ix.facts), c, d))
	m.store = nil // what it held is in the meaning
	return nil
}

// lacking is how many texts have no vector yet.
func (m *Matcher) lacking() int {
	t := m.ix.textsOf()
	return len(m.store.missing(t.all()))
}

// learnedKey identifies all that a classifier and doubts are made from.
func (ix *index) learnedKey(t *baseTexts) [sha256.Size]byte {
	h := sha256.New()
	fmt.Fprintf(h, "footnote learned 1 %s\n", encoder.ID())
	for i, p := range t.phrasings {
		fmt.Fprintf(h, "%d %q\n", ix.owner[i], p)
	}
	for _, q := range t.unanswered {
		fmt.Fprintf(h, "%q\n", q)
	}
	return [sha256.Size]byte(h.Sum(nil))
}

// keepLearned writes a classifier and doubts: the key, four lengths, the lower triangle of
// L⁻¹ if there is one, the facts' weights, the doubts' weights and their chosen phrasings,
// and the hash of all that.
func keepLearned(key [sha256.Size]byte, c *classifier, d *doubts) []byte {
	out := append([]byte(nil), key[:]...)
	triangle := 0
	if c.invL != nil {
		triangle = dims * (dims + 1) / 2
	}
	for _, n := range []int{triangle, len(c.weights), len(d.weights), len(d.phrasings)} {
		out = binary.LittleEndian.AppendUint32(out, uint32(n))
	}
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
	put(d.weights)
	for _, p := range d.phrasings {
		out = binary.LittleEndian.AppendUint32(out, uint32(p))
	}
	sum := sha256.Sum256(out)
	return append(out, sum[:]...)
}

// recallLearned reads what keepLearned wrote; nil if it is another's or damaged.
func recallLearned(data []byte, key [sha256.Size]byte) (*classifier, *doubts) {
	const head = sha256.Size + 4*4
	if len(data) < head+sha256.Size || [sha256.Size]byte(data) != key {
		return nil, nil
	}
	body, sum := data[:len(data)-sha256.Size], data[len(data)-sha256.Size:]
	if sha256.Sum256(body) != [sha256.Size]byte(sum) {
		return nil, nil
	}
	var n [4]int
	total := 0
	for i := range n {
		n[i] = int(binary.LittleEndian.Uint32(body[sha256.Size+4*i:]))
		total += n[i]
	}
	rest := body[head:]
	if total*4 != len(rest) {
		return nil, nil
	}
	take := func(k int) []float32 {
		x := make([]float32, k)
		for i := range x {
			x[i] = math.Float32frombits(binary.LittleEndian.Uint32(rest[4*i:]))
		}
		rest = rest[4*k:]
		return x
	}
	c, d := &classifier{}, &doubts{}
	if n[0] > 0 {
		lower := take(n[0])
		c.invL = make([]float32, dims*dims)
		for i, at := 0, 0; i < dims && at+i < len(lower); i++ {
			copy(c.invL[i*dims:], lower[at:at+i+1])
			at += i + 1
		}
	}
	c.weights, d.weights = take(n[1]), take(n[2])
	for i := range n[3] {
		d.phrasings = append(d.phrasings, int32(binary.LittleEndian.Uint32(rest[4*i:])))
	}
	return c, d
}

// Ship makes what ships of base: the files of the folder shipped, by name.
func Ship(ctx context.Context, base *knowledge.Base) (map[string][]byte, error) {
	enc, err := encoder.Load()
	if err != nil {
		return nil, err
	}
	ix := newIndex(base)
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
	m := newMeaning(s.rows(t.phrasings), nil, nil, s.rows(t.unanswered), ix.owner, len(ix.facts), nil, nil)
	return map[string][]byte{"texts.vectors": out, "learned.bin": keepLearned(ix.learnedKey(&t), &m.classes, &m.doubts)}, nil
}

// Shipped reports whether what ships is of base, so that it need not be learned.
func Shipped(base *knowledge.Base) bool {
	ix := newIndex(base)
	t := ix.textsOf()
	c, _ := recallLearned(shippedLearned, ix.learnedKey(&t))
	return c != nil && len(openVectors("").missing(t.all())) == 0
}
