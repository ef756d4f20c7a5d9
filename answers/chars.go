package answers

import (
	"cmp"
	"math"
	"math/bits"
	"slices"
	"sync"

	"footnote/answers/parse"
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

// A spellingIndex holds the vectors of a base's phrasings, and finds texts by them. It is
// immutable and safe for concurrent use.
type spellingIndex struct {
	ids   gramTable
	idf   []float32
	texts int // phrasings
	rare  *rareGrams
	pool  sync.Pool // of *gramSet

	// The vectors lie by gram, then by fact, then by phrasing: gram g is held by the facts
	// facts[from[g]:from[g+1]], and of these the i-th by the phrasings holders[at[i]:at[i+1]]. The value of
	// a gram in a phrasing is its weight times what brings the phrasing to unit length.
	from, facts, at []int32
	holders         []holder
	unit            []float32 // of phrasings
}

// A holder is a phrasing that holds a gram, and how often it does in the highest bits.
type holder uint32

const (
	holderBits  = 24
	mostHolders = 1<<holderBits - 1
	mostTimes   = 255 // oftener is no more
)

// times are the weights of a gram by how often a text has it, over its idf.
var times = func() (t [mostTimes + 1]float64) {
	for n := range t {
		t[n] = 1
		if n > 1 {
			t[n] = 1 + math.Log(float64(n))
		}
	}
	return t
}()

// rareShare is the share of phrasings, and rareLeast the number, in which a gram
// may stand and still be looked up: rarer ones find every phrasing worth finding.
const rareShare, rareLeast = .02, 8

// newSpellingIndex indexes phrasings; owner gives the fact of each.
func newSpellingIndex(texts [][]parse.Word, owner []int32) *spellingIndex {
	texts = texts[:min(len(texts), mostHolders)]
	s := &spellingIndex{texts: len(texts), unit: make([]float32, len(texts))}
	const usual = 96 // grams of a question
	var df, last []int32
	all := make([]int32, 0, usual*len(texts))
	ends := make([]int, len(texts))
	total := 0
	for i, t := range texts {
		grams(t, func(h uint64) {
			id := s.ids.add(h)
			if int(id) == len(df) {
				df, last = append(df, 0), append(last, 0)
			}
			if last[id] != int32(i+1) {
				last[id] = int32(i + 1)
				df[id]++
				total++
			}
			all = append(all, id)
		})
		ends[i] = len(all)
	}
	s.idf = make([]float32, len(df))
	for i, d := range df {
		s.idf[i] = float32(math.Log(float64(1+len(texts))/float64(1+d)) + 1)
	}
	s.pool.New = func() any { return newGramSet(len(df)) }
	vectors, values := make([][]feature, len(texts)), make([]feature, 0, total)
	set := newGramSet(len(df))
	from := 0
	for i, end := range ends {
		at := len(values)
		values = set.sorted(all[from:end], values)
		vectors[i] = values[at:]
		s.unit[i] = s.unitOf(vectors[i], 0)
		from = end
	}
	s.rare = newRareGrams(vectors, df)
	s.group(vectors, owner)
	return s
}

// group lays the vectors, whose values are how often a text has a gram, out by gram; owner gives
// the fact of each.
func (s *spellingIndex) group(vectors [][]feature, owner []int32) {
	s.from = make([]int32, len(s.idf)+1)
	next := make([]int32, len(s.idf)) // of each gram: how many hold it, then where the next one goes
	total := int32(0)
	for _, v := range vectors {
		for _, x := range v {
			next[x.id]++
		}
		total += int32(len(v))
	}
	end := int32(0)
	for g, n := range next {
		next[g], end = end, end+n
	}
	s.holders = make([]holder, total)
	for p, v := range vectors {
		for _, x := range v {
			s.holders[next[x.id]] = holder(p) | holder(x.value)<<holderBits
			next[x.id]++
		}
	}
	begin := int32(0)
	s.facts, s.at = make([]int32, 0, total/2), make([]int32, 0, total/2+1)
	for g, end := range next {
		last := unknownWord
		for i := begin; i < end; i++ {
			if f := owner[s.holders[i]&mostHolders]; f != last {
				s.facts, s.at, last = append(s.facts, f), append(s.at, i), f
			}
		}
		s.from[g+1], begin = int32(len(s.facts)), end
	}
	s.facts, s.at = slices.Clip(s.facts), slices.Clip(append(s.at, total))
}

// fewFacts is up to how many facts of a gram are looked through; in more a fact is searched for.
const fewFacts = 256

// cosines adds the dot products of a vector with those of the phrasings of some facts, of which
// there are at most 64, to out, by phrasing. Each of them is marked in wanted, by fact.
func (s *spellingIndex) cosines(q []feature, facts []int32, wanted []bool, out []float32) {
	for _, f := range q {
		from, to := s.from[f.id], s.from[f.id+1]
		if to-from <= fewFacts {
			for i, fact := range s.facts[from:to] {
				if wanted[fact] {
					s.addTo(out, f, from+int32(i))
				}
			}
			continue
		}
		for _, fact := range facts {
			if i, ok := slices.BinarySearch(s.facts[from:to], fact); ok {
				s.addTo(out, f, from+int32(i))
			}
		}
	}
}

func (s *spellingIndex) addTo(out []float32, f feature, i int32) {
	once := s.idf[f.id]
	for _, h := range s.holders[s.at[i]:s.at[i+1]] {
		p, weight := h&mostHolders, once
		if n := h >> holderBits; n > 1 {
			weight = float32(times[n] * float64(once))
		}
		out[p] += f.value * (weight * s.unit[p])
	}
}

// vector writes the vector of text into buf and returns it, by id. Grams that no
// phrasing has are counted in its length and left out.
func (s *spellingIndex) vector(text []parse.Word, buf []feature) []feature {
	var few [128]int32
	ids, strange := few[:0], 0
	grams(text, func(h uint64) {
		if id := s.ids.find(h); id >= 0 {
			ids = append(ids, id)
		} else {
			strange++
		}
	})
	set := s.pool.Get().(*gramSet)
	buf = set.sorted(ids, slices.Grow(buf[:0], len(ids)))
	s.pool.Put(set)
	f := s.unitOf(buf, strange)
	for i := range buf {
		buf[i].value = s.weight(buf[i]) * f
	}
	return buf
}

// weight is that of a gram that a text has so often.
func (s *spellingIndex) weight(f feature) float32 {
	return float32(times[int(f.value)] * float64(s.idf[f.id]))
}

// unitOf is what brings a text to unit length that has grams so often, and so many strange ones.
func (s *spellingIndex) unitOf(text []feature, strange int) float32 {
	once := math.Log(float64(1+s.texts)) + 1
	sum := float64(strange) * once * once
	for _, f := range text {
		x := times[int(f.value)] * float64(s.idf[f.id])
		sum += x * x
	}
	if sum <= 0 {
		return 1
	}
	return float32(1 / math.Sqrt(sum))
}

// A gramTable numbers grams by their hashes, in the order in which they come.
type gramTable struct {
	hashes []uint64 // 0 where there is none
	ids    []int32
	used   int
}

// slot is where a hash is, or would be.
func (t *gramTable) slot(h uint64) int {
	mask := len(t.hashes) - 1
	i := int(h^h>>32) & mask
	for t.hashes[i] != h && t.hashes[i] != 0 {
		i = (i + 1) & mask
	}
	return i
}

// find is the number of a gram, or -1.
func (t *gramTable) find(h uint64) int32 {
	if t.used == 0 {
		return -1
	}
	h = max(h, 1)
	if i := t.slot(h); t.hashes[i] == h {
		return t.ids[i]
	}
	return -1
}

// add is the number of a gram, which is a new one if it has none.
func (t *gramTable) add(h uint64) int32 {
	h = max(h, 1)
	if 2*t.used >= len(t.hashes) {
		t.grow()
	}
	i := t.slot(h)
	if t.hashes[i] == 0 {
		t.hashes[i], t.ids[i] = h, int32(t.used)
		t.used++
	}
	return t.ids[i]
}

func (t *gramTable) grow() {
	old := *t
	n := max(2*len(old.hashes), 1<<12)
	t.hashes, t.ids = make([]uint64, n), make([]int32, n)
	for i, h := range old.hashes {
		if h != 0 {
			at := t.slot(h)
			t.hashes[at], t.ids[at] = h, old.ids[i]
		}
	}
}

// A gramSet sorts grams: a bit for each, and one for each 64 of these.
type gramSet struct{ bits, any []uint64 }

func newGramSet(grams int) *gramSet {
	n := (grams + 63) / 64
	return &gramSet{make([]uint64, n), make([]uint64, (n+63)/64)}
}

// sorted appends each of ids once, in rising order, with how often it is there.
func (s *gramSet) sorted(ids []int32, to []feature) []feature {
	var few [32]int32
	again := few[:0]
	for _, id := range ids {
		if b := uint64(1) << (id & 63); s.bits[id>>6]&b == 0 {
			s.bits[id>>6] |= b
			s.any[id>>12] |= 1 << (id >> 6 & 63)
		} else {
			again = append(again, id)
		}
	}
	at := len(to)
	for i, any := range s.any {
		for ; any != 0; any &= any - 1 {
			w := i<<6 | bits.TrailingZeros64(any)
			for b := s.bits[w]; b != 0; b &= b - 1 {
				to = append(to, feature{int32(w<<6 | bits.TrailingZeros64(b)), 1})
			}
			s.bits[w] = 0
		}
		s.any[i] = 0
	}
	for _, id := range again {
		i, _ := slices.BinarySearchFunc(to[at:], id, func(f feature, id int32) int { return cmp.Compare(f.id, id) })
		to[at+i].value = min(to[at+i].value+1, mostTimes)
	}
	return to
}

// rareGrams are the texts that hold each gram that is rare enough to look up.
type rareGrams struct {
	from  []int32 // where each gram's texts begin, and the end of the last
	texts []int32
	pool  sync.Pool // of *tally
}

// newRareGrams indexes texts by their vectors; df tells how many of them hold each gram.
func newRareGrams(vectors [][]feature, df []int32) *rareGrams {
	r := &rareGrams{from: make([]int32, len(df)+1)}
	most := max(int32(rareShare*float64(len(vectors))), rareLeast)
	next := make([]int32, len(df))
	for id, n := range df {
		next[id] = r.from[id]
		r.from[id+1] = r.from[id]
		if n <= most {
			r.from[id+1] += n
		}
	}
	r.texts = make([]int32, r.from[len(df)])
	for i, v := range vectors {
		for _, f := range v {
			if df[f.id] <= most {
				r.texts[next[f.id]] = int32(i)
				next[f.id]++
			}
		}
	}
	r.pool.New = func() any { return &tally{sum: make([]float64, len(vectors))} }
	return r
}

// over is an index of other texts by the grams of s.
func (s *spellingIndex) over(vectors [][]feature) *rareGrams {
	df := make([]int32, len(s.idf))
	for _, v := range vectors {
		for _, f := range v {
			df[f.id]++
		}
	}
	return newRareGrams(vectors, df)
}

// near gives the texts that share most rare grams with q, best first, at most n.
func (r *rareGrams) near(q []feature, n int) []int32 {
	t := r.pool.Get().(*tally)
	for _, f := range q {
		v := float64(f.value) * float64(f.value)
		for _, p := range r.texts[r.from[f.id]:r.from[f.id+1]] {
			if t.sum[p] == 0 {
				t.touched = append(t.touched, p)
			}
			t.sum[p] += v
		}
	}
	out := t.best(n)
	t.clear()
	r.pool.Put(t)
	return out
}

// best are the documents with the largest sums, the largest first, at most n.
func (t *tally) best(n int) []int32 {
	out := make([]int32, 0, n+1)
	least := 0.0
	for _, d := range t.touched {
		if t.sum[d] <= least {
			continue
		}
		at, _ := slices.BinarySearchFunc(out, d, func(a, b int32) int {
			if t.sum[a] > t.sum[b] || t.sum[a] == t.sum[b] && a < b {
				return -1
			}
			return 1
		})
		out = slices.Insert(out, at, d)
		if out = out[:min(len(out), n)]; len(out) == n {
			least = t.sum[out[n-1]]
		}
	}
	return out
}

// grams calls yield with a hash of every gram of text. 64 bits make a collision
// within a pack's grams less likely than a broken disk.
func grams(words []parse.Word, yield func(h uint64)) {
	var buf [parse.MaxRunes + 2]rune
	var hash [parse.MaxRunes + 2]uint64
	for _, w := range words {
		r := append(buf[:0], ' ')
		for _, c := range w.Text {
			if len(r) == parse.MaxRunes+1 {
				break
			}
			r = append(r, c)
		}
		r = append(r, ' ')
		// The grams of one length are those of the length before, each with a rune more. A word
		// that is no longer than a gram is one.
		for i := range r {
			hash[i] = hashStart
			for _, c := range r[i:min(i+minGram-1, len(r))] {
				hash[i] = (hash[i] ^ uint64(c)) * hashPrime
			}
		}
		for n := minGram; n <= maxGram && (n == minGram || n <= len(r)); n++ {
			if len(r) < n {
				yield(hash[0])
				break
			}
			for i := 0; i+n <= len(r); i++ {
				hash[i] = (hash[i] ^ uint64(r[i+n-1])) * hashPrime
				yield(hash[i])
			}
		}
	}
}

// The hash of a gram is FNV-1a over its runes.
const hashStart, hashPrime = 14695981039346656037, 1099511628211

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
