package answers

import (
	"math"
	"runtime"
	"slices"
	"sync"

	"footnote/answers/encoder"
)

// The full ranker sees a weighted mean of three kernels: the encoder's final
// view (4 parts), its penultimate one (2 parts) and the lexical view (1 part).
// Chosen on the validation sets, where equal parts do about a point worse.
// Vectors carry the roots of the shares, so that their dot product is the mean.
var (
	viewShare    = [encoder.NumViews]float32{encoder.Final: root(6.0 / 7)}
	lexicalShare = root(1.0 / 7)
)

func root(x float64) float32 { return float32(math.Sqrt(x)) }

// An encodings is the encoder with a memory of what it has encoded, for
// building an index, where the same phrasings come up again and again.
type encodings struct {
	enc  *encoder.Encoder
	mu   sync.Mutex
	seen map[string]encoder.Encoding
}

func newEncodings(enc *encoder.Encoder) *encodings {
	return &encodings{enc: enc, seen: map[string]encoder.Encoding{}}
}

// all encodes texts on all processors.
func (e *encodings) all(texts []string) []encoder.Encoding {
	out := make([]encoder.Encoding, len(texts))
	var wg sync.WaitGroup
	workers := runtime.GOMAXPROCS(0)
	for w := range workers {
		wg.Go(func() {
			for i := w; i < len(texts); i += workers {
				out[i] = e.one(texts[i])
			}
		})
	}
	wg.Wait()
	return out
}

func (e *encodings) one(text string) encoder.Encoding {
	e.mu.Lock()
	x, ok := e.seen[text]
	e.mu.Unlock()
	if ok {
		return x
	}
	x = e.enc.Encode(text)
	e.mu.Lock()
	e.seen[text] = x
	e.mu.Unlock()
	return x
}

// maxWeights is how many weights (features × facts) a regression may have: more
// are ranked by retrieval, without the encoder. A pack of about a thousand
// facts reaches it.
const maxWeights = 40 << 20

// learn fits rankers and doubts to an index, without the calibrations; enc may
// be nil.
func learn(ix *index, enc *encodings) *model {
	n, labels := len(ix.phrasings), len(ix.facts)
	m := &model{}
	texts := make([][]word, 0, n+len(ix.unanswered))
	y := make([]int32, n)
	for i, p := range ix.phrasings {
		texts = append(texts, p.words)
		y[i] = p.fact
	}
	m.vec = fitVectorizer(texts)
	if n == 0 {
		return m
	}
	if len(m.vec.idf)*labels > maxWeights {
		m.retriever = newRetriever(m.vec, texts, y)
		return m
	}
	for _, q := range ix.unanswered {
		texts = append(texts, ix.understand(q).words)
	}
	all := design{width: len(m.vec.idf), rows: len(texts), sparse: make([][]feature, len(texts))}
	for i, t := range texts {
		all.sparse[i] = slices.Clone(m.vec.vector(t, nil))
	}
	phrasings := func() design {
		d := all
		d.c, d.rows, d.sparse = softmaxC, n, d.sparse[:n]
		if d.dense != nil {
			d.dense = d.dense[:n*d.denseWidth]
		}
		return d
	}
	m.lexical = trainSoftmax(phrasings(), y, labels)
	m.lexicalDoubt = trainDoubt(all, n)
	if enc == nil {
		return m
	}
	asked := make([]string, len(texts))
	for i, t := range texts {
		asked[i] = encodable(t)
	}
	codes := enc.all(asked)
	m.semantic = fitSemantics(codes[:n], y, labels)
	all.denseWidth = semanticWidth
	all.dense = make([]float32, len(texts)*semanticWidth)
	for i, c := range codes {
		m.semantic.vector(c, all.dense[i*semanticWidth:][:semanticWidth])
	}
	for _, x := range all.sparse {
		for j := range x {
			x[j].value *= lexicalShare
		}
	}
	m.full = trainSoftmax(phrasings(), y, labels)
	m.fullDoubt = trainDoubt(all, n)
	return m
}

// doubtC weighs the data against the size of a doubt's weights.
const doubtC = 3

// Labels of a doubt.
const answerable, unanswerable = 0, 1

// trainDoubt fits a regression that tells the pack's unanswered questions, the
// rows from n on, from its phrasings, both kinds weighing the same. Without
// unanswered questions there is nothing to fit.
func trainDoubt(d design, n int) weights {
	if d.rows == n {
		return weights{}
	}
	d.c = doubtC
	y := make([]int32, d.rows)
	d.weight = make([]float32, d.rows)
	for i := range d.rows {
		if i < n {
			d.weight[i] = float32(d.rows) / float32(2*n)
		} else {
			y[i] = unanswerable
			d.weight[i] = float32(d.rows) / float32(2*(d.rows-n))
		}
	}
	return trainSoftmax(d, y, 2)
}

// A reading is a question as a ranker sees it: the facts that come first and
// their logits, the logarithm of the sum of all facts' exponentials, and how much
// rather the question resembles those that the pack does not answer.
type reading struct {
	best   []int32 // at most MaxCandidates, the largest logit first; never empty
	z      []float32
	lse    float64
	labels int
	doubt  float64
}

// cheap reads a question by words and characters.
func (m *model) cheap(words []word, labels int) reading {
	if m.retriever != nil {
		return m.retriever.read(words, labels, nil)
	}
	var buf [256]feature
	return readWith(&m.lexical, &m.lexicalDoubt, m.vec.vector(words, buf[:0]), nil, labels)
}

// thorough reads a question by all views.
func (m *model) thorough(words []word, code encoder.Encoding, labels int) reading {
	var buf [256]feature
	sparse := m.vec.vector(words, buf[:0])
	for i := range sparse {
		sparse[i].value *= lexicalShare
	}
	v := make([]float32, semanticWidth)
	m.semantic.vector(code, v)
	return readWith(&m.full, &m.fullDoubt, sparse, v, labels)
}

func readWith(rank, doubt *weights, sparse []feature, dense []float32, labels int) reading {
	z := make([]float32, labels)
	rank.scores(sparse, dense, z)
	r := reading{best: best(z, MaxCandidates), lse: logSumExp(z), labels: labels}
	for _, i := range r.best {
		r.z = append(r.z, z[i])
	}
	if len(doubt.sparse.w) > 0 { // without unanswered questions there is none, learned or recalled
		var z [2]float32
		doubt.scores(sparse, dense, z[:])
		r.doubt = float64(z[unanswerable] - z[answerable])
	}
	return r
}
