package answers

import (
	"slices"

	"footnote/answers/language"
	"footnote/answers/lexicon"
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
	english []int32          // of each text what it is in English, by number; -1 where no dictionary tells
	numbers map[string]int32 // of English words
	words   []string         // and the words
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
	s.takeEnglish(ix)
	for i := range n {
		axpy(1/float32(n), row(vectors, i), s.mean)
	}
	for i := range n {
		axpy(-1, s.mean, row(vectors, i))
		unit(row(vectors, i))
	}
	return s
}

// takeEnglish looks up what the words are in English.
func (s *senses) takeEnglish(ix *index) {
	s.numbers = map[string]int32{}
	for _, text := range s.texts {
		english := ix.englishOf(ix.vocabulary.written[text])
		n, ok := s.numbers[english]
		if !ok && english != "" {
			n = int32(len(s.words))
			s.numbers[english], s.words = n, append(s.words, english)
		}
		if english == "" {
			n = -1
		}
		s.english = append(s.english, n)
	}
}

// englishOf is what a word is in English by the dictionaries of the base's languages; "" if none tells.
func (ix *index) englishOf(w string) string {
	for _, tag := range ix.languages {
		if t := language.Tables()[tag]; t != nil && tag != language.English {
			if english := t.English(w, parse.Stemmer(tag)); english != "" {
				return english
			}
		}
	}
	return ""
}

// sayAlike are the words of English, of those that words of the base are, that say what a word of the
// question says.
func (s *senses) sayAlike(english string) map[int32]bool {
	if english == "" {
		return nil
	}
	out := map[int32]bool{}
	if n, ok := s.numbers[english]; ok {
		out[n] = true
	}
	r := lexicon.EnglishRelations()
	for n, w := range s.words {
		if r.Between(english, w) == lexicon.Synonym {
			out[int32(n)] = true
		}
	}
	return out
}

// of gives the telling words of a question their vectors, and what says the same by the dictionaries.
func (s *senses) of(q *question, enc encoders, ix *index) ([][]float32, []map[int32]bool) {
	if s == nil {
		return nil, nil
	}
	out, said := make([][]float32, len(q.telling)), make([]map[int32]bool, len(q.telling))
	for k, i := range q.telling {
		w := &q.u.words[i]
		if w.Kind != parse.Content {
			continue
		}
		said[k] = s.sayAlike(ix.englishOf(w.Own()))
		if v := s.vector(q.words[i].text); v != nil {
			out[k] = v
			continue
		}
		v := slices.Clone(enc.encode(ix.sayable(w.Own())))
		axpy(-1, s.mean, v)
		unit(v)
		out[k] = v
	}
	return out, said
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
	c := dense(q.sense[k], v)
	if q.saysAlike(k, q.senses.at[text]) {
		c = max(c, saidAlike)
	}
	return c
}

// saidAlike is the least cosine of words that are the same in English, or of one sense there.
const saidAlike = .6

// saysAlike reports whether the k-th telling word says in English what a row of the senses says.
func (q *question) saysAlike(k int, row int32) bool {
	n := q.senses.english[row]
	return n >= 0 && q.said[k][n]
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
		if x >= alikeFrom || q.saysAlike(k, int32(i)) {
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
