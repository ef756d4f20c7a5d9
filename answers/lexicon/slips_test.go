package lexicon

import (
	"maps"
	"math/rand/v2"
	"slices"
	"testing"
)

// OneEdit finds what trying every edit finds.
func TestOneEdit(t *testing.T) {
	l := English()
	rng := rand.New(rand.NewPCG(1, 1))
	for range 300 {
		w := []byte(l.Word(1 + rng.IntN(60_000)))
		switch i := rng.IntN(len(w)); rng.IntN(3) {
		case 0:
			w = slices.Delete(w, i, i+1)
		case 1:
			w = slices.Insert(w, i, byte('a'+rng.IntN(26)))
		}
		want, got := map[string]bool{}, map[string]bool{}
		for c := range edits(string(w)) {
			if listed, ok := l.Listed([]byte(c)); ok {
				want[listed] = true
			}
		}
		l.OneEdit(string(w), func(listed string) { got[listed] = true })
		if !maps.Equal(got, want) {
			t.Errorf("%s: %v, want %v", w, got, want)
		}
	}
}

// edits are all words that are one edit from w, and not w.
func edits(w string) map[string]bool {
	all := map[string]bool{}
	for i := range len(w) + 1 {
		for c := 'a'; c <= 'z'; c++ {
			all[w[:i]+string(c)+w[i:]] = true
			if i < len(w) {
				all[w[:i]+string(c)+w[i+1:]] = true
			}
		}
		if i < len(w) {
			all[w[:i]+w[i+1:]] = true
		}
		if i > 0 && i < len(w) {
			all[w[:i-1]+w[i:i+1]+w[i-1:i]+w[i+1:]] = true
		}
	}
	delete(all, w)
	return all
}

func BenchmarkOneEdit(b *testing.B) {
	l := English()
	b.ReportAllocs()
	for b.Loop() {
		l.OneEdit("kruschevan", func(string) {})
	}
}

// The list is lowered as a whole, which moves nothing in ASCII.
func TestListIsASCII(t *testing.T) {
	l := English()
	for rank := 1; l.Word(rank) != ""; rank++ {
		for i, w := 0, l.Word(rank); i < len(w); i++ {
			if w[i] <= ' ' || w[i] >= 0x7f || w[i] >= 'A' && w[i] <= 'Z' {
				t.Fatalf("word %d is %q", rank, w)
			}
		}
	}
}
