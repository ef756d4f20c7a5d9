package encoder

import "math"

// scratch is the working memory of one batch, for so many tokens as the longest one had.
type scratch struct {
	tokens    int
	x, y, att []float32 // rows of Dims
	qkv       []float32 // rows of three times as many; behind the last token's are some that are read for nothing
	inner     []float32 // rows of innerDims, in the same memory: what is attended to is needed no more when they are made
	integers

	keys   [headDims * MaxTokens]float32 // of one head, by dimension
	scores [atOnce * MaxTokens]float32
}

// fit makes room for a batch: for one of short texts, or for the longest.
func (s *scratch) fit(tokens int) {
	if tokens <= s.tokens {
		return
	}
	if s.tokens = batchTokens; tokens > batchTokens {
		s.tokens = MaxTokens
	}
	n := s.tokens
	s.x, s.y, s.att = make([]float32, n*Dims), make([]float32, n*Dims), make([]float32, n*Dims)
	wide := make([]float32, max((n+lanes)*3*Dims, n*innerDims))
	s.qkv, s.inner = wide, wide
}

// atOnce is how many queries the fastest kernel attends for at once.
const atOnce = 4

// batchTokens is how many pieces texts may have together to be encoded together.
// More would save nothing, since the weights of a panel are then in the cache for
// long enough, and what lies between the layers would no longer fit beside them.
const batchTokens = 64

// batch is a number of texts that are encoded together: texts of batchTokens in
// all, or one that is longer.
type batch struct {
	ids   []int32 // of all texts, one after the other
	ends  []int   // where each text ends in ids
	marks []int   // where the first and the last piece of each text are
}

func (b *batch) reset() { b.ids, b.ends, b.marks = b.ids[:0], b.ends[:0], b.marks[:0] }

// fits tells whether n pieces more can be added.
func (b *batch) fits(n int) bool { return len(b.ids) == 0 || len(b.ids)+n <= batchTokens }

func (b *batch) add(ids []int32) {
	b.marks = append(b.marks, len(b.ids), len(b.ids)+len(ids)-1)
	b.ids = append(b.ids, ids...)
	b.ends = append(b.ends, len(b.ids))
}

// run sends the batch through the layers and leaves the last layer's state of
// [CLS] of each text in the first rows of s.x. A text's tokens see each other
// and no others, and each row is rounded by itself, so that a text's vector does
// not depend on the batch.
//
// Every product that is then added to something stands in a conversion: it
// forbids the compiler to fuse the two, which some machines do and others cannot.
func (m *model) run(s *scratch, b *batch) {
	const width = 3 * Dims
	k := &m.kernel
	tokens := len(b.ids)
	s.fit(tokens)
	start := 0
	for _, end := range b.ends {
		for t := start; t < end; t++ {
			row, position := s.x[t*Dims:][:Dims], m.positions[(t-start)*Dims:][:Dims]
			m.embeddings.row(row, b.ids[t])
			copy(s.y[t*Dims:], position)
		}
		start = end
	}
	k.normalise(s.x[:tokens*Dims], s.y[:tokens*Dims], &m.embedNorm)
	for i := range m.layers {
		l := &m.layers[i]
		rows, fine := tokens, b.marks
		if i < layers-1 {
			l.qkv.apply(k, &s.integers, s.qkv, s.x[:tokens*Dims], fine, 0, width)
			start := 0
			for _, end := range b.ends {
				k.attend(s, start, end-start, start, end-start)
				start = end
			}
		} else {
			// Of the last layer only the states of [CLS] are wanted, which need the
			// keys and values of all tokens, and all else of their own rows alone.
			l.qkv.apply(k, &s.integers, s.qkv, s.x[:tokens*Dims], fine, Dims, width)
			rows, fine = len(b.ends), fine[:0:0]
			start := 0
			for row, end := range b.ends {
				copy(s.x[row*Dims:][:Dims], s.x[start*Dims:])
				fine = append(fine, row)
				start = end
			}
			l.qkv.apply(k, &s.integers, s.qkv, s.x[:rows*Dims], fine, 0, Dims)
			start = 0
			for row, end := range b.ends {
				k.attend(s, row, 1, start, end-start)
				start = end
			}
		}
		x, y, inner := s.x[:rows*Dims], s.y[:rows*Dims], s.inner[:rows*innerDims]
		l.out.apply(k, &s.integers, y, s.att[:rows*Dims], fine, 0, Dims)
		k.normalise(x, y, &l.norm1)
		l.up.apply(k, &s.integers, inner, x, fine, 0, innerDims)
		k.activate(inner)
		l.down.apply(k, &s.integers, y, inner, fine, 0, Dims)
		k.normalise(x, y, &l.norm2)
	}
}

// overRootOfDims is 1 / √headDims.
const overRootOfDims = 0.17677669529663687

// attend mixes, for each head, the values of a text's tokens into each of its
// queries, by the softmax of the query's products with their keys. The queries
// are those of the rows from query on, the keys and values those from token on.
func (k *kernel) attend(s *scratch, query, queries, token, tokens int) {
	const width = 3 * Dims
	padded := (tokens + lanes - 1) / lanes * lanes
	scores := s.scores[:padded]
	for h := range heads {
		// With the keys turned round, the products of a query with all keys are
		// a mix too: of the keys' dimensions, weighted by those of the query.
		k.turn(&s.keys, s.qkv[token*width+Dims+h*headDims:], tokens)
		values := s.qkv[token*width+2*Dims+h*headDims : (token+tokens)*width]
		if k.attendFour != nil && queries >= atOnce {
			for from := 0; from < queries; from += atOnce {
				q := query + min(from, queries-atOnce) // of the last ones some are made twice
				k.attendFour(s.att[q*Dims+h*headDims:], s.qkv[q*width+h*headDims:], s.keys[:], values, tokens, &s.scores)
			}
			continue
		}
		for q := query; q < query+queries; q++ {
			weight := s.qkv[q*width+h*headDims:][:headDims]
			for from := 0; from < tokens; from += headDims {
				k.mix((*[headDims]float32)(s.scores[from:]), overRootOfDims, weight, s.keys[from:], MaxTokens)
			}
			for t := tokens; t < padded; t++ {
				scores[t] = float32(math.Inf(-1))
			}
			share := k.softmax(scores)
			k.mix((*[headDims]float32)(s.att[q*Dims+h*headDims:]), share, scores[:tokens], values, width)
		}
	}
}

// unit gives x scaled to length 1.
func unit(x []float32) []float32 {
	out := make([]float32, len(x))
	scaleToUnit(out, x)
	return out
}

// scaleToUnit writes what unit gives to out, which may be x.
func scaleToUnit(out, x []float32) {
	var squares [lanes]float32
	for i, v := range x {
		squares[i%lanes] += float32(v * v)
	}
	f := 1 / root(sum(&squares))
	for i, v := range x {
		out[i] = v * f
	}
}

func root(x float32) float32 { return float32(math.Sqrt(float64(x))) }
