package lexicon

import (
	"math/rand/v2"
	"testing"
)

// A board says of every word what Between says.
func TestBoard(t *testing.T) {
	r := EnglishRelations()
	rng := rand.New(rand.NewPCG(1, 2))
	words := append([]string{"first", "last", "six", "seven", "sixth", "wife", "husband", "born", "died", "iran", "iranian", "poland", "cathedral", "church", "fell", "found", "left", "huge", "large", "unknownword", "buildings"}, r.words...)
	pick := func() string {
		if rng.IntN(2) == 0 {
			return words[rng.IntN(21)]
		}
		// Neighbours of a word, so that many are related.
		id := ID(rng.IntN(len(r.words)))
		for _, l := range []*lists{&r.synonyms, &r.antonyms} {
			if near := l.of(id); len(near) > 0 && rng.IntN(2) == 0 {
				return r.words[near[rng.IntN(len(near))]]
			}
		}
		return r.words[id] + []string{"", "s", "ed", "ing"}[rng.IntN(4)]
	}
	related := map[Relation]int{}
	for range 600 {
		b := NewBoard()
		var set []string
		for range 1 + rng.IntN(12) {
			w := pick()
			if !b.Add(r.Forms(w, nil)) {
				break
			}
			set = append(set, w)
		}
		for range 12 {
			other := pick()
			if rng.IntN(3) == 0 && len(set) > 0 {
				if forms := r.Forms(set[rng.IntN(len(set))], nil); len(forms) > 0 {
					for _, c := range r.under.of(forms[0]) { // another kind of the same
						for y := range r.words {
							if contains(r.under.of(ID(y)), c) && rng.IntN(4) == 0 {
								other = r.words[y]
								break
							}
						}
					}
				}
			}
			forms := r.Forms(other, nil)
			got, any := b.Relate(forms, nil)
			if !any {
				got = make([]Relation, len(set))
			}
			for i, w := range set {
				want := r.Between(w, other)
				if w == other && len(forms) == 0 { // Between knows equal words by their letters
					want = None
				}
				related[want]++
				if got[i] != want {
					t.Fatalf("%q and %q: %v, want %v", w, other, got[i], want)
				}
				if same := want == Same || want == Synonym; b.SameSense(i, forms) != same {
					t.Fatalf("%q has the sense of %q: %t, want %t", w, other, !same, same)
				}
			}
		}
		b.Close()
	}
	for rel := range relationNames {
		if related[Relation(rel)] < 20 {
			t.Errorf("%v: only %d pairs", Relation(rel), related[Relation(rel)])
		}
	}
}
