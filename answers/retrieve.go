package answers

import (
	"math"
	"slices"
	"sync"
)

// A base of thousands of facts has too many labels for a regression. There the
// facts are ranked by their most similar phrasing, found through an inverted
// index of words and pairs of words: the cosine of the word block, and for the
// best of them that of the characters too.

const (
	// sharpness turns a similarity between 0 and 1 into a logit.
	sharpness = 12

	// rescored is how many phrasings, best by words, are compared by characters.
	rescored = 64

	// commonShare is the share of phrasings that a word may stand in and still be
	// looked up; rarer words find every phrasing worth finding. A question of
	// common words alone looks up the rarest of them.
	commonShare = 0.05
)

// A retriever finds phrasings. It is immutable.
type retriever struct {
	vec     *vectorizer
	facts   []int32     // of phrasings
	vectors [][]feature // of phrasings
	lists   [][]posting // by feature of the word block
	pool    sync.Pool   // of *tally
}

type posting struct {
	phrasing int32
	value    float32
}

// A tally sums similarities.
type tally struct {
	sum     []float32
	touched []int32
}

func newRetriever(vec *vectorizer, texts [][]word, facts []int32) *retriever {
	r := &retriever{vec: vec, facts: facts, vectors: make([][]feature, len(texts)), lists: make([][]posting, vec.words)}
	var buf []feature
	count := make([]int32, vec.words)
	for i, t := range texts {
		buf = vec.vector(t, buf)
		r.vectors[i] = slices.Clone(buf)
		for _, f := range buf {
			if f.id >= vec.words {
				break
			}
			count[f.id]++
		}
	}
	for i, n := range count {
		r.lists[i] = make([]posting, 0, n)
	}
	for i, x := range r.vectors {
		for _, f := range x {
			if f.id >= vec.words {
				break
			}
			r.lists[f.id] = append(r.lists[f.id], posting{int32(i), f.value})
		}
	}
	r.pool.New = func() any { return &tally{sum: make([]float32, len(texts))} }
	return r
}

// read ranks facts. A phrasing for which skip returns true is passed over; skip
// may be nil.
func (r *retriever) read(words []word, labels int, skip func(phrasing int32) bool) reading {
	var buf [256]feature
	q := r.vec.vector(words, buf[:0])
	t := r.pool.Get().(*tally)
	defer r.pool.Put(t)
	limit := int(commonShare*float64(len(r.vectors))) + 1
	rarest := -1
	looked := false
	for i, f := range q {
		if f.id >= r.vec.words {
			break
		}
		n := len(r.lists[f.id])
		if rarest < 0 || n < len(r.lists[q[rarest].id]) {
			rarest = i
		}
		if n <= limit {
			r.look(t, f)
			looked = true
		}
	}
	if !looked && rarest >= 0 {
		r.look(t, q[rarest])
	}
	top := r.top(t, skip)
	for _, i := range t.touched {
		t.sum[i] = 0
	}
	t.touched = t.touched[:0]

	sims := map[int32]float32{}
	for _, p := range top {
		if s := dot(q, r.vectors[p]); s > sims[r.facts[p]] {
			sims[r.facts[p]] = s
		}
	}
	out := reading{labels: labels}
	for f := range sims {
		out.best = append(out.best, f)
	}
	slices.SortFunc(out.best, func(a, b int32) int {
		if sims[a] != sims[b] {
			if sims[a] > sims[b] {
				return -1
			}
			return 1
		}
		return int(a - b)
	})
	rest := float64(labels - len(out.best)) // the facts that share nothing have logit 0
	for _, f := range out.best {
		z := sharpness * sims[f]
		out.z = append(out.z, z)
		rest += math.Exp(float64(z))
	}
	out.lse = math.Log(rest)
	if len(out.best) == 0 {
		out.best, out.z = []int32{0}, []float32{0}
	}
	out.best, out.z = out.best[:min(len(out.best), MaxCandidates)], out.z[:min(len(out.z), MaxCandidates)]
	return out
}

func (r *retriever) look(t *tally, f feature) {
	for _, p := range r.lists[f.id] {
		if t.sum[p.phrasing] == 0 {
			t.touched = append(t.touched, p.phrasing)
		}
		t.sum[p.phrasing] += f.value * p.value
	}
}

// top returns the rescored phrasings with the largest sums.
func (r *retriever) top(t *tally, skip func(int32) bool) []int32 {
	worse := func(a, b int32) bool { // a is worse than b
		if t.sum[a] != t.sum[b] {
			return t.sum[a] < t.sum[b]
		}
		return a > b
	}
	var heap []int32 // the worst first
	down := func() {
		i := 0
		for {
			c := 2*i + 1
			if c >= len(heap) {
				return
			}
			if c+1 < len(heap) && worse(heap[c+1], heap[c]) {
				c++
			}
			if !worse(heap[c], heap[i]) {
				return
			}
			heap[i], heap[c] = heap[c], heap[i]
			i = c
		}
	}
	for _, p := range t.touched {
		if skip != nil && skip(p) {
			continue
		}
		if len(heap) < rescored {
			heap = append(heap, p)
			for i := len(heap) - 1; i > 0; {
				up := (i - 1) / 2
				if !worse(heap[i], heap[up]) {
					break
				}
				heap[i], heap[up] = heap[up], heap[i]
				i = up
			}
		} else if worse(heap[0], p) {
			heap[0] = p
			down()
		}
	}
	return heap
}

// dot is the kernel of two sparse vectors, each ordered by id.
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
