package answers

import (
	"math"
	"slices"
	"sync"
)

// The spelling of a text is a sparse vector of the runs of three to five
// characters inside its words, weighted by (1 + ln tf)·idf with
// idf = ln((1+n)/(1+df)) + 1, the smoothed form of scikit-learn, and scaled to unit
// length. The dot product of two of them finds words that are spelt alike, as
// misspelt ones are.

const minGram, maxGram = 3, 5

// A feature is one dimension of a sparse vector.
type feature struct {
	id    int32
	value float32
}

// A spellingIndex holds the vectors of a base's phrasings. It is immutable and
// safe for concurrent use.
type spellingIndex struct {
	ids     map[uint64]int32
	idf     []float32
	vectors [][]feature // of phrasings, by id
	lists   [][]int32   // phrasings by gram, of grams that are rare enough to look up
	pool    sync.Pool   // of *tally
}

// rareShare is the share of phrasings, and rareLeast the number, in which a gram
// may stand and still be looked up: rarer ones find every phrasing worth finding.
const rareShare, rareLeast = .02, 8

func newSpellingIndex(texts [][]word) *spellingIndex {
	s := &spellingIndex{ids: map[uint64]int32{}, vectors: make([][]feature, len(texts))}
	var df, last []int32
	for i, t := range texts {
		grams(t, func(h uint64) {
			id, ok := s.ids[h]
			if !ok {
				id = int32(len(df))
				s.ids[h] = id
				df, last = append(df, 0), append(last, 0)
			}
			if last[id] != int32(i+1) {
				last[id] = int32(i + 1)
				df[id]++
			}
		})
	}
	s.idf = make([]float32, len(df))
	for i, d := range df {
		s.idf[i] = float32(math.Log(float64(1+len(texts))/float64(1+d)) + 1)
	}
	s.lists = make([][]int32, len(df))
	most := max(int32(rareShare*float64(len(texts))), rareLeast)
	var buf []feature
	for i, t := range texts {
		buf = s.vector(t, buf)
		s.vectors[i] = slices.Clone(buf)
		for _, f := range buf {
			if df[f.id] <= most {
				s.lists[f.id] = append(s.lists[f.id], int32(i))
			}
		}
	}
	s.pool.New = func() any { return &tally{sum: make([]float64, len(texts))} }
	return s
}

// vector writes the vector of text into buf and returns it, by id. Grams that no
// phrasing has are counted in its length and left out.
func (s *spellingIndex) vector(text []word, buf []feature) []feature {
	buf = buf[:0]
	strange := 0
	grams(text, func(h uint64) {
		if id, ok := s.ids[h]; ok {
			buf = append(buf, feature{id, 1})
		} else {
			strange++
		}
	})
	slices.SortFunc(buf, func(a, b feature) int { return int(a.id) - int(b.id) })
	out := 0
	for i := 0; i < len(buf); i++ {
		if out > 0 && buf[out-1].id == buf[i].id {
			buf[out-1].value++
			continue
		}
		buf[out] = buf[i]
		out++
	}
	buf = buf[:out]
	once := math.Log(float64(1+len(s.vectors))) + 1
	sum := float64(strange) * once * once
	for i := range buf {
		x := float64(buf[i].value)
		if x > 1 {
			x = 1 + math.Log(x)
		}
		x *= float64(s.idf[buf[i].id])
		buf[i].value = float32(x)
		sum += x * x
	}
	if sum > 0 {
		f := float32(1 / math.Sqrt(sum))
		for i := range buf {
			buf[i].value *= f
		}
	}
	return buf
}

// over is an index of other texts by the grams of s.
func (s *spellingIndex) over(vectors [][]feature) *spellingIndex {
	o := &spellingIndex{ids: s.ids, idf: s.idf, vectors: vectors, lists: make([][]int32, len(s.idf))}
	df := make([]int32, len(s.idf))
	for _, v := range vectors {
		for _, f := range v {
			df[f.id]++
		}
	}
	most := max(int32(rareShare*float64(len(vectors))), rareLeast)
	for i, v := range vectors {
		for _, f := range v {
			if df[f.id] <= most {
				o.lists[f.id] = append(o.lists[f.id], int32(i))
			}
		}
	}
	o.pool.New = func() any { return &tally{sum: make([]float64, len(vectors))} }
	return o
}

// near gives the texts that share most rare grams with q, best first, at most n.
func (s *spellingIndex) near(q []feature, n int) []int32 {
	t := s.pool.Get().(*tally)
	for _, f := range q {
		for _, p := range s.lists[f.id] {
			if t.sum[p] == 0 {
				t.touched = append(t.touched, p)
			}
			t.sum[p] += float64(f.value) * float64(f.value)
		}
	}
	out := t.best(n)
	for _, p := range t.touched {
		t.sum[p] = 0
	}
	t.touched = t.touched[:0]
	s.pool.Put(t)
	return out
}

// grams calls yield with a hash of every gram of text. 64 bits make a collision
// within a pack's grams less likely than a broken disk.
func grams(words []word, yield func(h uint64)) {
	var buf [maxTokenRunes + 2]rune
	for _, w := range words {
		r := append(buf[:0], ' ')
		for _, c := range w.text {
			if len(r) == maxTokenRunes+1 {
				break
			}
			r = append(r, c)
		}
		r = append(r, ' ')
		for n := minGram; n <= maxGram; n++ {
			if len(r) <= n {
				yield(hashRunes(r))
				break
			}
			for i := 0; i+n <= len(r); i++ {
				yield(hashRunes(r[i : i+n]))
			}
		}
	}
}

// hashRunes is FNV-1a over runes.
func hashRunes(r []rune) uint64 {
	const start, prime = 14695981039346656037, 1099511628211
	h := uint64(start)
	for _, c := range r {
		h = (h ^ uint64(c)) * prime
	}
	return h
}

// dotWith is dot with a dense vector.
func dotWith(dense []float32, b []feature) float32 {
	var s float32
	for _, f := range b {
		s += dense[f.id] * f.value
	}
	return s
}

// dot is the dot product of two sparse vectors, each by id.
func dot(a, b []feature) float32 {
	var s float32
	for i, j := 0, 0; i < len(a) && j < len(b); {
		switch {
		case a[i].id == b[j].id:
			s += a[i].value * b[j].value
			i++
			j++
		case a[i].id < b[j].id:
			i++
		default:
			j++
		}
	}
	return s
}
