package answers

import (
	"slices"

	"footnote/answers/parse"
)

// senses are the vectors of single words of a base in another language than English, by the
// multilingual encoder: they stand for the lists that tell of English which words mean the
// same. Each is less the mean of the base's words, for all of them lie in one direction.
// It is immutable.
type senses struct {
	texts   []int32   // by their numbers in the vocabulary
	at      []int32   // of each text its row, or -1
	vectors []float32 // rows of dims
	mean    []float32
}

// alikeFrom is the cosine from which two words say the same: in questions of test packs one of
// ten words that the right fact lacks has such a one in it, and one of a hundred in another
// fact. Opposites lie as near (Mann is as near to Frau as Gattin is); those of the
// languages' tables are told apart there.
const alikeFrom = .45

// senseWords are the words of the base that are compared by their sense, as their languages
// write them.
func (ix *index) senseWords() []string {
	if !ix.multilingual {
		return nil
	}
	var out []string
	for _, w := range ix.vocabulary.written {
		if w != "" {
			out = append(out, w)
		}
	}
	return out
}

// newSenses takes up the vectors of the index's senseWords; nil without any.
func newSenses(ix *index, words table) *senses {
	n := words.rows()
	if n == 0 {
		return nil
	}
	vectors := words.floats()
	s := &senses{vectors: vectors, mean: make([]float32, dims), at: make([]int32, len(ix.vocabulary.written))}
	for text, w := range ix.vocabulary.written {
		s.at[text] = -1
		if w != "" {
			s.at[text] = int32(len(s.texts))
			s.texts = append(s.texts, int32(text))
		}
	}
	for i := range n {
		axpy(1/float32(n), row(vectors, i), s.mean)
	}
	for i := range n {
		axpy(-1, s.mean, row(vectors, i))
		unit(row(vectors, i))
	}
	return s
}

// of gives the telling words of a question their vectors.
func (s *senses) of(q *question, enc encoders, ix *index) [][]float32 {
	if s == nil {
		return nil
	}
	out := make([][]float32, len(q.telling))
	for k, i := range q.telling {
		w := &q.u.words[i]
		if w.Kind != parse.Content {
			continue
		}
		if v := s.vector(q.words[i].text); v != nil {
			out[k] = v
			continue
		}
		v := slices.Clone(enc.encode(ix.sayable(w.Own())))
		axpy(-1, s.mean, v)
		unit(v)
		out[k] = v
	}
	return out
}

// vector is that of a text of the base, or nil.
func (s *senses) vector(text int32) []float32 {
	if text < 0 || s.at[text] < 0 {
		return nil
	}
	return row(s.vectors, int(s.at[text]))
}

// wordCosine is the cosine of the k-th telling word with a text of the base; 0 where either is
// no word of another language than English.
func (q *question) wordCosine(k int, text int32) float32 {
	if q.senses == nil || q.sense[k] == nil {
		return 0
	}
	v := q.senses.vector(text)
	if v == nil {
		return 0
	}
	return dense(q.sense[k], v)
}

// isAlike reports whether the k-th telling word and a text of the base say the same.
func (q *question) isAlike(k int, text int32) bool { return q.wordCosine(k, text) >= alikeFrom }

// anyAlike reports whether any telling word says what a text of the base says.
func (q *question) anyAlike(text int32) bool {
	for k := range q.sense {
		if q.isAlike(k, text) {
			return true
		}
	}
	return false
}

// allAlike are the texts of the base that say what the k-th telling word says.
func (q *question) allAlike(k int) []int32 {
	if q.senses == nil || q.sense[k] == nil {
		return nil
	}
	c := make([]float32, len(q.senses.texts))
	product(q.senses.vectors, q.sense[k], c)
	var out []int32
	for i, x := range c {
		if x >= alikeFrom {
			out = append(out, q.senses.texts[i])
		}
	}
	return out
}

// A word that is not alike is near from nearFrom on, and the more the nearer, up to nearMost.
const nearFrom, nearMost = .2, .8

// nearSense is how near the k-th telling word of a question is to a word of the fact, from 0
// to nearMost; 0 in English.
func (ix *index) nearSense(q *question, k int, fact int32, x exclusion) float64 {
	if q.senses == nil || q.sense[k] == nil {
		return 0
	}
	best := float32(0)
	for p := ix.start[fact]; p < ix.start[fact+1]; p++ {
		if !x.skips(ix, p) {
			for _, text := range ix.phrasings[p].texts {
				best = max(best, q.wordCosine(k, text))
			}
		}
	}
	for _, text := range ix.supports[fact].words {
		best = max(best, q.wordCosine(k, text))
	}
	return min(max(float64(best-nearFrom)/(1-nearFrom), 0), nearMost)
}
