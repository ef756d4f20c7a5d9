package search

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/sahilm/fuzzy"

	"footnote/knowledge"
)

// bigLibrary is an index of many facts with invented words.
func bigLibrary(facts int) *Index {
	rng := rand.New(rand.NewPCG(7, 7))
	word := func() string {
		var b strings.Builder
		for range 3 + rng.IntN(9) {
			b.WriteByte("aaabcdeeeefghiiklmnooprstuuvwz"[rng.IntN(30)])
		}
		return b.String()
	}
	vocab := make([]string, 2*facts)
	for i := range vocab {
		vocab[i] = word()
	}
	text := func(n int) string {
		var words []string
		for range n {
			words = append(words, vocab[int(float64(len(vocab))*rng.Float64()*rng.Float64())])
		}
		return strings.Join(words, " ")
	}
	p := &knowledge.Pack{ID: "p"}
	var all []*knowledge.Fact
	for i := range facts {
		all = append(all, &knowledge.Fact{ID: fmt.Sprint("fact-", i), Pack: p, Questions: []knowledge.Phrasing{{Text: text(7)}, {Text: text(6)}}, Topics: []string{text(1)}, Answer: knowledge.Text{"en": text(30)}})
	}
	return New(all, nil)
}

// similarSlowly is similar without what makes it cheap.
func (x *Index) similarSlowly(w string, begun bool) map[int32]float64 {
	sim := map[int32]float64{}
	n := len([]rune(w))
	put := func(i int32, s float64) { sim[i] = max(sim[i], s) }
	if i, ok := x.exact[w]; ok {
		if sim[i] = 1; !begun {
			return sim
		}
	}
	for i, v := range x.vocab {
		m := x.lengths[i]
		switch {
		case begun && strings.HasPrefix(v, w):
			put(int32(i), simBegun)
		case n >= MinPrefix && m >= MinPrefix && (strings.HasPrefix(v, w) || strings.HasPrefix(w, v) && n-m <= 2):
			put(int32(i), simPrefix)
		case n >= minTypo && m >= minTypo && abs(n-m) <= 2:
			allowed := 1
			if n >= minTypo2 && m >= minTypo2 {
				allowed = 2
			}
			if Edits(w, v, allowed) <= allowed && !hasDigit(w) {
				put(int32(i), simTypo)
			}
		}
	}
	if n >= minSkipped && n <= maxWordRunes && !hasDigit(w) {
		for _, hit := range fuzzy.FindNoSort(w, x.vocab) {
			if len(hit.MatchedIndexes) > 0 && hit.MatchedIndexes[0] == 0 && x.lengths[hit.Index]-n <= maxSkipped {
				put(int32(hit.Index), simSkipped)
			}
		}
	}
	return sim
}

// What makes looking for words cheap changes nothing of what is found.
func TestSimilarIsTheSame(t *testing.T) {
	x := bigLibrary(300)
	rng := rand.New(rand.NewPCG(1, 1))
	for n := range 600 {
		w := []rune(x.vocab[rng.IntN(len(x.vocab))])
		for range rng.IntN(4) { // slips
			switch i := rng.IntN(len(w)); rng.IntN(4) {
			case 0:
				w[i] = rune("aeiourstnž1"[rng.IntN(11)])
			case 1:
				if len(w) > 2 {
					w = append(w[:i], w[i+1:]...)
				}
			case 2:
				w = append(w[:i], append([]rune{'e'}, w[i:]...)...)
			case 3:
				j := rng.IntN(len(w))
				w[i], w[j] = w[j], w[i]
			}
		}
		begun := n%2 == 0
		if got, want := x.similar(string(w), begun), x.similarSlowly(string(w), begun); !maps.Equal(got, want) {
			t.Fatalf("%q: %v, want %v", string(w), got, want)
		}
	}
}

// What somebody types who wants to keep the machine busy.
func BenchmarkHostileTyping(b *testing.B) {
	x := bigLibrary(3000)
	for name, text := range map[string]string{
		"one letter": strings.Repeat("a ", 12),
		"long":       strings.Repeat("aeiourstn", 28),
		"words":      "khrushvhev denuonced stalns perosnality clut twentyeth congres parti seceret sepech febuary modcow",
	} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				x.Find(text, Everywhere, true)
			}
		})
	}
}
