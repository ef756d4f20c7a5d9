package answers

import (
	"math"
	"slices"
)

// The lexical view of a text is a sparse vector of two blocks, each of unit
// length: stemmed words and pairs of neighbours (robust to endings), and runs
// of three to five characters inside a word (robust to spelling). Features are
// weighted by (1 + ln tf) · idf with idf = ln((1+n)/(1+df)) + 1, the smoothed
// form of scikit-learn. The dot product of two such vectors, halved, is the
// mean of the two blocks' cosines: a kernel with 1 on its diagonal.

const (
	minGram, maxGram = 3, 5

	// wordBlock and charBlock weigh the two blocks. They are equal: on the
	// validation sets every mixture from 1:2 to 2:1 was within noise.
	wordBlock, charBlock = 0.5, 0.5
)

// A feature is one dimension of a sparse vector.
type feature struct {
	id    int32
	value float32
}

// A vectorizer turns texts into sparse vectors over the features of one pack.
type vectorizer struct {
	ids   map[uint64]int32
	idf   []float32
	words int32 // features below it are of the word block
}

// grams calls word and char with a hash of every gram of text. 64 bits make a
// collision within a pack's features less likely than a broken disk.
func grams(words []word, word, char func(h uint64)) {
	var previous uint64
	for i, w := range words {
		h := hashString(hashStart, w.key)
		word(h)
		if i > 0 {
			word(hashUint(previous, h))
		}
		previous = h
		charGrams(w.text, char)
	}
}

func charGrams(text string, yield func(h uint64)) {
	var buf [maxTokenRunes + 2]rune
	r := append(buf[:0], ' ')
	for _, c := range text {
		if len(r) == maxTokenRunes+1 {
			break
		}
		r = append(r, c)
	}
	r = append(r, ' ')
	for n := minGram; n <= maxGram; n++ {
		if len(r) <= n {
			yield(hashRunes(r))
			return
		}
		for i := 0; i+n <= len(r); i++ {
			yield(hashRunes(r[i : i+n]))
		}
	}
}

// FNV-1a, over bytes and over runes with a seed of their own.
const (
	hashStart = 14695981039346656037
	runeStart = hashStart ^ 0x5bd1e995
	hashPrime = 1099511628211
)

func hashString(h uint64, s string) uint64 {
	for i := 0; i < len(s); i++ {
		h = (h ^ uint64(s[i])) * hashPrime
	}
	return h
}

func hashUint(h, x uint64) uint64 {
	for range 8 {
		h = (h ^ x&0xff) * hashPrime
		x >>= 8
	}
	return h
}

func hashRunes(r []rune) uint64 {
	h := uint64(runeStart)
	for _, c := range r {
		h = (h ^ uint64(c)) * hashPrime
	}
	return h
}

// fitVectorizer learns the features of texts and their document frequencies.
// Feature ids follow the order of first occurrence, words before characters, so
// that the same texts give the same ids.
func fitVectorizer(texts [][]word) *vectorizer {
	v := &vectorizer{ids: map[uint64]int32{}}
	var df []int32
	var seen []int32 // the last text (from 1) that had the feature
	add := func(text int, h uint64) {
		id, ok := v.ids[h]
		if !ok {
			id = int32(len(df))
			v.ids[h] = id
			df, seen = append(df, 0), append(seen, 0)
		}
		if seen[id] != int32(text+1) {
			seen[id] = int32(text + 1)
			df[id]++
		}
	}
	for i, t := range texts {
		grams(t, func(h uint64) { add(i, h) }, func(uint64) {})
	}
	v.words = int32(len(df))
	for i, t := range texts {
		grams(t, func(uint64) {}, func(h uint64) { add(i, h) })
	}
	v.idf = make([]float32, len(df))
	for i, d := range df {
		v.idf[i] = float32(math.Log(float64(1+len(texts))/float64(1+d)) + 1)
	}
	return v
}

// vector writes text's features into buf and returns them, ordered by id.
// Grams the pack does not have are dropped: what they mean is judged as evidence,
// word by word, and not by the resemblance.
func (v *vectorizer) vector(text []word, buf []feature) []feature {
	buf = buf[:0]
	grams(text,
		func(h uint64) {
			if id, ok := v.ids[h]; ok {
				buf = append(buf, feature{id, 1})
			}
		},
		func(h uint64) {
			if id, ok := v.ids[h]; ok {
				buf = append(buf, feature{id, 1})
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
	border, _ := slices.BinarySearchFunc(buf, v.words, func(f feature, id int32) int { return int(f.id) - int(id) })
	v.scale(buf[:border], wordBlock)
	v.scale(buf[border:], charBlock)
	return buf
}

// scale weighs one block and gives it the length √weight.
func (v *vectorizer) scale(block []feature, weight float64) {
	sum := 0.0
	for i := range block {
		x := float64(block[i].value)
		if x > 1 {
			x = 1 + math.Log(x)
		}
		x *= float64(v.idf[block[i].id])
		block[i].value = float32(x)
		sum += x * x
	}
	if sum == 0 {
		return
	}
	f := float32(math.Sqrt(weight / sum))
	for i := range block {
		block[i].value *= f
	}
}
