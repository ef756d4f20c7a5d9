package answers

import (
	"math"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"footnote/answers/lexicon"
	"footnote/answers/parse"
)

// What a question is held against by numbers, many at once, is what it would be one by one: words
// by their relations, texts by their character runs, facts by the words that they hold.
func TestAllAtOnceIsOneByOne(t *testing.T) {
	packs := packsIn(t, filepath.Join("testdata", "packs"))
	for _, m := range []*material{packs[0], packs[3], {base: generated(150, 3)}} {
		ix := newIndex(m.base)
		questions := []string{"Who opened the first large bridge before the war, and who closed the last?", "when did the king of the north die", ""}
		for _, a := range m.asked[:min(len(m.asked), 25)] {
			questions = append(questions, a.text)
		}
		var many []string // more words than a board has room for
		for i := 0; i < len(ix.phrasings) && len(many) < 60; i += 7 {
			many = append(many, ix.phrasings[i].text)
		}
		questions = append(questions, strings.Join(many, " "))
		for _, text := range questions {
			u := ix.understand(text)
			q := ix.prepare(&u)
			relationsOneByOne(t, ix, q)
			cosinesOneByOne(t, ix, q)
			holdingsOneByOne(t, ix, q)
			q.close()
		}
	}
}

func relationsOneByOne(t *testing.T, ix *index, q *question) {
	t.Helper()
	r := lexicon.EnglishRelations()
	for id, text := range ix.vocabulary.texts {
		for k, i := range q.telling {
			w := &q.u.words[i]
			want := lexicon.None
			if w.Kind == parse.Content {
				want = r.Between(w.Text, text)
			}
			if got := q.relation(k, int32(id)); got != want {
				t.Fatalf("%q to %q: %v, want %v", w.Text, text, got, want)
			}
			if like := slices.Contains(q.alike(k), int32(id)); like != sameSense(want) {
				t.Fatalf("%q has the sense of %q: %t", w.Text, text, like)
			}
		}
	}
}

func cosinesOneByOne(t *testing.T, ix *index, q *question) {
	t.Helper()
	var facts []int32
	wanted := make([]bool, len(ix.facts))
	for f := 0; f < len(ix.facts); f += 3 {
		facts, wanted[f] = append(facts, int32(f)), true
	}
	out := make([]float32, len(ix.phrasings))
	ix.spellings.cosines(q.chars, facts, wanted, out)
	for p := range ix.phrasings {
		want := float32(0)
		if wanted[ix.owner[p]] {
			want = dot(q.chars, ix.spellings.vector(ix.phrasings[p].words, nil))
		}
		if math.Abs(float64(out[p]-want)) > 1e-6 {
			t.Fatalf("%q: %f, want %f", ix.phrasings[p].text, out[p], want)
		}
	}
}

func holdingsOneByOne(t *testing.T, ix *index, q *question) {
	t.Helper()
	for i := range q.words {
		key, n := q.words[i].key, int32(0)
		for f := range ix.supports {
			said := false
			for p := ix.start[f]; p < ix.start[f+1]; p++ {
				said = said || slices.ContainsFunc(ix.phrasings[p].words, func(w parse.Word) bool { return w.Key == q.u.words[i].Key })
			}
			at, ok := ix.supports[f].find(key)
			if ok {
				n++
			}
			if said && (!ok || ix.supports[f].holds[at].phrasings == 0) {
				t.Fatalf("a phrasing of %s has %q, and it does not hold it", ix.facts[f].ID, q.u.words[i].Key)
			}
		}
		if key >= 0 && n != ix.vocabulary.facts[key] {
			t.Fatalf("%q is held by %d facts, and %d are counted", q.u.words[i].Key, n, ix.vocabulary.facts[key])
		}
	}
}
