package answers

import (
	"context"
	"crypto/sha256"
	_ "embed"
	"fmt"
	"slices"
	"strconv"
	"unsafe"

	"footnote/answers/encoder"
	"footnote/knowledge"
)

// What ships of the embedded packs, so that a start need not make it: the vectors of
// their texts, and the classifier and the doubts made from them. They are strings, which lie
// where memory is given back when they are no longer read (ownfile).
//
//go:embed shipped/texts.vectors
var shippedVectors string

//go:embed shipped/learned.bin
var shippedLearned string

// bytesOf is s itself: nobody may write to it.
func bytesOf(s string) []byte { return unsafe.Slice(unsafe.StringData(s), len(s)) }

// textsOf are the texts of the base: its phrasings, whole and without names, its facts as a
// whole, its unanswered questions.
func (ix *index) textsOf() (t baseTexts) {
	for i := range ix.phrasings {
		t.phrasings = append(t.phrasings, ix.askable(ix.encodable(ix.phrasings[i].words)))
		t.predicates = append(t.predicates, ix.askable(ix.predicateOf(ix.phrasings[i].words)))
	}
	if ix.hasAnswers {
		for _, f := range ix.facts {
			t.wholes = append(t.wholes, ix.sayable(ix.wholeText(f)))
		}
	} else {
		for _, f := range ix.facts {
			t.names = append(t.names, ix.askable(ix.labelName(f.ID)))
		}
		if learnsLabels(len(ix.phrasings)+len(ix.facts), len(ix.facts)) {
			for i := range ix.phrasings {
				for _, text := range ix.shortened(ix.phrasings[i].words) {
					t.shortened, t.shortenedOf = append(t.shortened, ix.askable(text)), append(t.shortenedOf, int32(i))
				}
			}
		}
	}
	for _, q := range ix.unansweredTexts {
		t.unanswered = append(t.unanswered, ix.askable(q))
	}
	for _, w := range ix.senseWords() {
		t.words = append(t.words, ix.sayable(w))
	}
	return t
}

// baseTexts are the texts of which a base needs vectors.
type baseTexts struct {
	phrasings, predicates, wholes, unanswered, words, names []string

	shortened   []string // phrasings of labels with a word left out
	shortenedOf []int32  // the phrasing of each
}

// namesIn are the vectors of the facts' names, zeros for those that say nothing.
func (t *baseTexts) namesIn(s *vectorStore) table {
	names := s.rows(t.names)
	for i, name := range t.names {
		if name == "" {
			names.clear(i)
		}
	}
	return names
}

func (t *baseTexts) all() []string {
	return slices.Concat(t.phrasings, t.predicates, t.wholes, t.unanswered, t.words, t.names, t.shortened)
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
	if !m.encoder || len(m.ix.phrasings) == 0 {
		return nil
	}
	of, more := 0, 0 // texts of the base as it stands, and in English
	if m.glossed != nil {
		more = m.glossed.lacking()
	}
	if !m.Learned() {
		if m.texts == nil {
			m.lacking()
		}
		var err error
		if of, err = m.learn(ctx, more); err != nil {
			return err
		}
	}
	if m.glossed == nil || m.glossed.Learned() {
		return nil
	}
	m.glossed.progress = m.told(of, more)
	return m.glossed.Learn(ctx)
}

// told is what is told of a progress of more texts behind those that are done.
func (m *Matcher) told(done, more int) func(int, int) {
	if m.progress == nil {
		return nil
	}
	return func(n, _ int) { m.progress(done+n, done+more) }
}

// learn makes the vectors of the base as it stands, and tells how many it made. Behind it more are to be made.
func (m *Matcher) learn(ctx context.Context, more int) (made int, err error) {
	t, s := m.texts, m.store
	missing := s.missing(t.all())
	if len(missing) > 0 { // an idle bot need not hold the encoder
		enc, err := m.ix.loadEncoder()
		if err != nil {
			return 0, err
		}
		if err := s.make(ctx, enc, missing, m.told(0, len(missing)+more)); err != nil {
			return 0, err
		}
	}
	mean := newMeaning(t, s, m.ix.owner)
	mean.senses = newSenses(m.ix, s.rows(t.words))
	m.store, m.texts = nil, nil // what they held is in the meaning
	if err := m.fit(ctx, mean, t); err != nil {
		m.store = s
		return 0, err
	}
	m.meaning.Store(mean)
	return len(missing), nil
}

// fit makes what is made of all vectors together, or takes what ships or was kept.
func (m *Matcher) fit(ctx context.Context, mean *meaning, t *baseTexts) error {
	key := m.ix.learnedKey(t)
	known := recallFitted(bytesOf(shippedLearned), key)
	if known != nil {
		_, err := mean.fit(ctx, m.ix, known, mostDoubts)
		return err
	}
	if !m.ix.hasAnswers { // a set of labels is learned in seconds, and not kept
		_, err := mean.fit(ctx, m.ix, nil, mostDoubts)
		return err
	}
	own := m.ix.keptKey(key)
	if known = recallFitted(readKept(m.cacheDir, own), own); !known.suits(m.ix, len(t.unanswered)) {
		known = nil
	}
	made, err := mean.fit(ctx, m.ix, known, mostDoubts)
	if err == nil && known == nil {
		writeKept(m.cacheDir, own, made.keep(own))
	}
	return err
}

// lacking is how many texts have no vector yet.
func (m *Matcher) lacking() int {
	n := 0
	if m.glossed != nil {
		n = m.glossed.lacking()
	}
	if m.Learned() {
		return n
	}
	if m.texts == nil {
		t := m.ix.textsOf()
		m.texts = &t
	}
	return n + len(m.store.missing(m.texts.all()))
}

// learnedKey identifies all that is fitted to a base is made from.
func (ix *index) learnedKey(t *baseTexts) [sha256.Size]byte {
	h := sha256.New()
	fmt.Fprintf(h, "footnote learned 4 %s\n", encoder.ID())
	if ix.multilingual {
		fmt.Fprintf(h, "%s\n", encoder.MultilingualID())
	}
	h.Write(decisionFile)
	var line []byte
	for i, p := range t.phrasings {
		line = append(strconv.AppendInt(line[:0], int64(ix.owner[i]), 10), ' ')
		h.Write(append(strconv.AppendQuote(line, p), '\n'))
	}
	for _, q := range t.unanswered {
		line = append(strconv.AppendQuote(line[:0], q), '\n')
		h.Write(line)
	}
	return [sha256.Size]byte(h.Sum(nil))
}

// Ship makes what ships of base: the files of the folder shipped, by name. Only the
// program tools/ship calls it.
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
	m := newMeaning(&t, s, ix.owner)
	made, err := m.fit(ctx, ix, nil, mostDoubtsShipped)
	if err != nil {
		return nil, err
	}
	return map[string][]byte{"texts.vectors": out, "learned.bin": made.keep(ix.learnedKey(&t))}, nil
}

// Shipped reports whether what ships is of base, so that it need not be learned. Tests
// ask it before they measure.
func Shipped(base *knowledge.Base) bool {
	ix := newIndex(base)
	t := ix.textsOf()
	return recallFitted(bytesOf(shippedLearned), ix.learnedKey(&t)) != nil && len(openVectors("").missing(t.all())) == 0
}
