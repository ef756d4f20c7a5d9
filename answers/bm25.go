package answers

import (
	"math"
	"slices"
	"sync"
)

// BM25 ranks documents by the words they share with a question (Robertson and
// Zaragoza, The Probabilistic Relevance Framework: BM25 and Beyond, 2009,
// equation 3.15): Σ idf(t) · tf·(k1+1) / (tf + k1·(1 − b + b·length/mean length))
// with idf(t) = ln(1 + (N − df + ½)/(df + ½)). Scores are given as a share of
// what a document of one occurrence of every word would have, so that they
// compare over questions and packs.

const (
	bm25K1 = 1.2 // how soon further occurrences of a word stop counting
	bm25B  = 0.5 // how much a long document is held against it
)

// A bm25 is an inverted index of documents, which are lists of terms. It is
// immutable and safe for concurrent use.
type bm25 struct {
	lists [][]posting // by term
	idf   []float64   // by term
	norm  []float64   // by document: k1·(1 − b + b·length/mean)
	pool  sync.Pool   // of *tally
}

// A posting says how often a document holds a term.
type posting struct {
	doc   int32
	count float32
}

// A tally sums scores by document.
type tally struct {
	sum     []float64
	touched []int32
}

func (t *tally) clear() {
	for _, d := range t.touched {
		t.sum[d] = 0
	}
	t.touched = t.touched[:0]
}

// newBM25 indexes docs over so many terms. Terms count in df once for each
// owner of documents (owner gives a document's), as phrasings of one fact are
// no evidence of a word's being common. What stands beside a document (nil for
// nothing) is found like it, and makes it no longer.
func newBM25(docs, beside [][]int32, terms int, owner func(doc int) int32, owners int) *bm25 {
	b := &bm25{lists: make([][]posting, terms), idf: make([]float64, terms), norm: make([]float64, len(docs))}
	df := make([]int32, terms)
	last := make([]int32, terms) // the owner counted last, from 1
	total := 0
	for d, doc := range docs {
		total += len(doc)
		sorted := slices.Clone(doc)
		if beside != nil {
			sorted = append(sorted, beside[d]...)
		}
		slices.Sort(sorted)
		for i := 0; i < len(sorted); {
			t, n := sorted[i], 0
			for i < len(sorted) && sorted[i] == t {
				i++
				n++
			}
			b.lists[t] = append(b.lists[t], posting{int32(d), float32(n)})
			if o := owner(d) + 1; last[t] != o {
				last[t] = o
				df[t]++
			}
		}
	}
	mean := max(float64(total)/float64(max(len(docs), 1)), 1)
	for d, doc := range docs {
		b.norm[d] = bm25K1 * (1 - bm25B + bm25B*float64(max(len(doc), 1))/mean)
	}
	for t, n := range df {
		b.idf[t] = idf(owners, int(n))
	}
	b.pool.New = func() any { return &tally{sum: make([]float64, len(docs))} }
	return b
}

func idf(documents, holding int) float64 {
	return math.Log(1 + (float64(documents)-float64(holding)+.5)/(float64(holding)+.5))
}

// look sums the scores of all documents that hold any of terms, each of which
// stands there once; unknown terms, below 0, count as words that no document
// holds. The caller gives the tally back with done.
func (b *bm25) look(terms []int32) *tally {
	t := b.pool.Get().(*tally)
	full := 1e-9
	for _, term := range terms {
		if term < 0 {
			full += idf(len(b.norm), 0)
			continue
		}
		full += b.idf[term]
	}
	for _, term := range terms {
		if term < 0 {
			continue
		}
		w := b.idf[term] * (bm25K1 + 1) / full
		for _, p := range b.lists[term] {
			if t.sum[p.doc] == 0 {
				t.touched = append(t.touched, p.doc)
			}
			c := float64(p.count)
			t.sum[p.doc] += w * c / (c + b.norm[p.doc])
		}
	}
	return t
}

// done gives a tally back.
func (b *bm25) done(t *tally) {
	t.clear()
	b.pool.Put(t)
}
