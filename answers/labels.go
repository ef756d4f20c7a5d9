package answers

import (
	"math"
	"slices"
	"strings"
	"unicode/utf8"

	"footnote/answers/language"
	"footnote/answers/parse"

	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/blas32"
)

// A base in which no fact has an answer is a set of labels: all that tells them apart is how
// people ask for each. There the classifier decides alone, and it is a finer one than that of
// packs. It is a softmax regression without a bias in the space of the kernel
//
//	k(u, v) = exp(labelSharpness·(cos(u, v) − 1))
//
// of whitened vectors,
//
//	minimise  C·Σ_i s_i·(−ln p(y_i | x_i))  +  ½ Σ_f ‖w_f‖²,   w_f = Σ_i a_if·k(x_i, ·),
//
// over the phrasings, s = 1, and the names of the facts, whose share s falls with the number of
// phrasings: "card_about_to_expire" says what is meant as well as a phrasing does.
const (
	labelSharpness = 2
	labelRidge     = 10 // of the whitening
	labelSteps     = 20
	labelNames     = 3.0 // a name weighs as much as a phrasing up to so many phrasings a fact

	// labelMost bounds the work of a step, which is rows × rows × facts.
	labelMost = 600_000_000

	// heldOutWeight is the curvature of the loss that is taken for all rows when one is taken
	// out: against refitting, the margins so found are right to .1 on average.
	heldOutWeight = .7
)

// A labelClassifier gives each label a logit for a vector.
type labelClassifier struct {
	rows  []float32 // whitened phrasings, then names
	duals []float32 // rows × facts: the a_if
	own   []float32 // of each phrasing: how much of its duals is in its own logits
	n     int       // phrasings

	held []heldOut // known only where the classifier was just made
}

// A heldOut is what the classifier says of a phrasing as if it, or its whole fact, were not there.
type heldOut struct {
	class, energy float32 // the figures of the first label
	right, among  bool    // it is the phrasing's label, or one of the first three is
	labelGone     bool
}

// labelName is the name of a label as a text, "" if it says nothing: a number, a code, or
// words that neither the base nor the language has.
func (ix *index) labelName(id string) string {
	var b strings.Builder
	var last rune
	for _, r := range id {
		if r >= 'A' && r <= 'Z' && last >= 'a' && last <= 'z' {
			b.WriteByte(' ')
		}
		if last = r; strings.ContainsRune("_-./:", r) {
			r = ' '
		}
		b.WriteRune(r)
	}
	words := ix.synonyms.rewrite(ix.join(parse.Text(language.English, b.String())))
	for _, w := range words {
		if held := ix.vocabulary.id(w.Key) >= 0; w.Kind == parse.Content && utf8.RuneCountInString(w.Text) > 2 && (held || ix.lex.Knows(w.Text)) {
			return ix.encodable(words)
		}
	}
	return ""
}

// learnsLabels reports whether so many phrasings and names are not too much work to learn.
func learnsLabels(rows, facts int) bool { return facts > 1 && rows*rows <= labelMost/facts }

// newLabelClassifier learns the labels of a base, or gives nil where that is too much work. Of m it takes the
// vectors of phrasings, shortened phrasings and names, of which those that say nothing are zeros.
func newLabelClassifier(c *classifier, m *meaning, owner []int32, facts int) *labelClassifier {
	n := len(owner)
	weight, owners := slices.Repeat([]float32{1}, n), slices.Clone(owner)
	rows := m.phrasings.floats()
	for f := range facts {
		if m.names.factors[f] > 0 {
			rows = append(rows, m.names.row(f)...)
			owners = append(owners, int32(f))
			weight = append(weight, min(1, labelNames*float32(facts)/float32(n)))
		}
	}
	all := len(owners)
	if !learnsLabels(all, facts) {
		return nil
	}
	for i := range all {
		c.place(row(rows, i))
	}
	kernel := make([]float32, all*all)
	blas32.Gemm(blas.NoTrans, blas.Trans, 1, general(rows, all, dims), general(rows, all, dims), 0, general(kernel, all, all))
	sharpen(kernel)
	short := newShortenedRows(c, m, rows, kernel, owner)
	l := &labelClassifier{rows: rows, n: n}
	w := fitKernel(kernel, owners, weight, facts, short)
	l.duals = slices.Clone(w[:all*facts])
	l.own = ownShares(kernel, short.weights(all))[:n]
	l.holdOut(kernel, w[all*facts:], owners, facts)
	return l
}

func sharpen(cos []float32) {
	for i, c := range cos {
		cos[i] = float32(math.Exp(labelSharpness * (float64(c) - 1)))
	}
}

// fitKernel gives the duals and, after them, the logits of the rows. Both are moved together,
// so that the product with the kernel is made once a step.
func fitKernel(kernel []float32, owner []int32, weight []float32, facts int, short *shortenedRows) []float32 {
	n := len(owner)
	half := n * facts
	objective := func(w, grad []float32) float64 {
		a, z, g := w[:half], w[half:], grad[:half]
		loss := .5 * float64(dense(a, z))
		for i, f := range owner {
			r := z[i*facts:][:facts]
			l := logSumExp(r)
			c := softmaxC * weight[i]
			loss += float64(c) * (l - float64(r[f]))
			for k, v := range r {
				g[i*facts+k] = a[i*facts+k] + c*float32(math.Exp(float64(v)-l))
			}
			g[i*facts+int(f)] -= c
		}
		loss += short.addTo(g, z, facts)
		blas32.Gemm(blas.NoTrans, blas.NoTrans, 1, general(kernel, n, n), general(g, n, facts), 0, general(grad[half:], n, facts))
		return loss
	}
	w := make([]float32, 2*half)
	minimise(w, labelSteps, func(x, y []float32) float32 { return dense(x[:half], y[half:]) }, objective)
	return w
}

// ownShares are, for each row, the part of its duals that its logits lose if it is taken out
// and the others take its place as far as they can: v_i = 1/((K + H⁻¹)⁻¹)_ii − 1/h_i, where H has the
// curvatures h_i of the loss, in proportion to the weights.
func ownShares(kernel []float32, weights []float64) []float32 {
	n := len(weights)
	k := newSymmetric(n)
	for i := range n {
		for j := i; j < n; j++ {
			k.set(i, j, float64(kernel[i*n+j]))
		}
		k.data[i*n+i] += 1 / (heldOutWeight * weights[i])
	}
	out := slices.Repeat([]float32{1}, n)
	if !k.factorize() || !k.invertFactor() {
		return out
	}
	for i, v := range k.diagonalOfInverse() {
		out[i] = float32(1/v - 1/(heldOutWeight*weights[i]))
	}
	return out
}

// holdOut asks each phrasing as if it were not there, and as if its fact were not.
func (l *labelClassifier) holdOut(kernel, logits []float32, owner []int32, facts int) {
	all := len(owner)
	of := make([][]int, facts)
	for i, f := range owner {
		of[f] = append(of[f], i)
	}
	z := make([]float32, facts)
	for i, f := range owner[:l.n] {
		copy(z, logits[i*facts:][:facts])
		axpy(-l.own[i], l.duals[i*facts:][:facts], z)
		h := firstOf(z)
		above := 0
		for k, v := range z {
			if v > z[f] || v == z[f] && k < int(f) {
				above++
			}
		}
		h.right, h.among = above == 0, above < 3
		l.held = append(l.held, h)

		copy(z, logits[i*facts:][:facts])
		for _, j := range of[f] {
			axpy(-kernel[i*all+j], l.duals[j*facts:][:facts], z)
		}
		h = firstOf(slices.Concat(z[:f], z[f+1:]))
		h.labelGone = true
		l.held = append(l.held, h)
	}
}

func firstOf(z []float32) heldOut {
	e := logSumExp(z)
	return heldOut{class: classFigure(slices.Max(z), e), energy: float32(e - math.Log(float64(len(z))))}
}

// logits puts the labels' logits for a placed vector into out; without is a phrasing that is
// taken for not being there, or -1.
func (l *labelClassifier) logits(v, out []float32, without int32) {
	n := len(l.rows) / dims
	k := make([]float32, n)
	product(l.rows, v, k)
	sharpen(k)
	if without >= 0 { // the question is that phrasing, whose kernel with itself is 1
		k[without] -= l.own[without]
	}
	blas32.Gemv(blas.Trans, 1, general(l.duals, n, len(out)), blas32.Vector{N: n, Inc: 1, Data: k}, 0, blas32.Vector{N: len(out), Inc: 1, Data: out})
}
