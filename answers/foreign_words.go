package answers

import (
	"math"
	"slices"

	"footnote/answers/language"
)

// The figures that compare a question in another language with a fact word by word. How near
// a word is to each of the base's is in foreignWord.near.

const (
	// lostBelow is the nearness below which a fact has nothing like a word.
	lostBelow = .45
	// nameFrom is the nearness from which a word is a name of the base.
	nameFrom = .7
	// mostNames bounds how many names of others, or of nobody, count.
	mostNames = 2
)

// weightIn is how much a word of a language tells: the commonest little, what is not among the
// common ones 1.
func weightIn(tag string, w language.Word) float32 {
	const least, often, listed = .2, 50, 2500
	r := language.CommonIn(tag).Rank(w.Folded)
	if r == 0 || w.Name != "" {
		return 1
	}
	return float32(min(max(least, math.Log(float64(r)/often)/math.Log(2*listed/often)), 1))
}

// compareWords fills in the figures of words.
func (f *foreign) compareWords(c *foreignCandidate, ix *index, q *foreignQuestion) {
	if len(q.words) == 0 || len(f.words) == 0 {
		return
	}
	var sum, rare, weights, elsewhere, own, lost float32
	least := float32(1)
	n := float32(len(q.words))
	for i := range q.words {
		w := &q.words[i]
		best, weight := f.nearestOf(w, c.fact, ix)
		sum += best * w.weight
		rare += best * weight * w.weight
		weights += weight * w.weight
		own += w.weight
		least = min(least, 1-(1-best)*w.weight)
		all, at := float32(-1), 0
		for k, near := range w.near {
			if near > all {
				all, at = near, k
			}
		}
		elsewhere += max(all-best, 0) * w.weight
		if best >= lostBelow {
			continue
		}
		lost += w.weight
		c.v[foreignLost] += 1 / n
		c.v[foreignHeaviestLost] = max(c.v[foreignHeaviestLost], w.weight)
		if all >= lostBelow {
			c.v[foreignOther] += w.weight
		} else {
			c.v[foreignNowhere] += w.weight
		}
		switch {
		case all >= nameFrom && f.names[at]:
			c.v[foreignNameOther] = min(c.v[foreignNameOther]+1, mostNames)
		case all < lostBelow && w.name:
			c.v[foreignNameNowhere] = min(c.v[foreignNameNowhere]+1, mostNames)
		}
	}
	c.v[foreignMean], c.v[foreignLeast], c.v[foreignRare], c.v[foreignElsewhere] = sum/own, least, rare/weights, elsewhere/own
	c.v[foreignOther], c.v[foreignNowhere], c.v[foreignLostWeight] = c.v[foreignOther]/own, c.v[foreignNowhere]/own, lost/own
	f.comparePhrasings(c, q)
}

// nearestOf is how near a word is to the nearest one of a fact, and how rare that one is.
func (f *foreign) nearestOf(w *foreignWord, fact int32, ix *index) (best, weight float32) {
	best, weight = -1, float32(math.Log(10))
	at := int32(-1)
	for _, id := range f.of[fact] {
		if w.near[id] > best {
			best, at = w.near[id], id
		}
	}
	if len(w.stems) > 0 && !slices.ContainsFunc(w.stems, func(stem string) bool {
		_, ok := ix.supports[fact].find(ix.vocabulary.id(stem))
		return !ok
	}) {
		best = 1
	}
	if at >= 0 {
		weight = f.rarity(at)
	}
	return best, weight
}

// rarity is how much a word of the base tells, by how many facts hold it.
func (f *foreign) rarity(id int32) float32 {
	return float32(math.Log(1 + float64(len(f.of))/float64(f.held[id])))
}

// comparePhrasings fills in the figures of words with each phrasing by itself.
func (f *foreign) comparePhrasings(c *foreignCandidate, q *foreignQuestion) {
	first, _ := slices.BinarySearch(f.owner, c.fact)
	for i := first; i < len(f.owner) && f.owner[i] == c.fact; i++ {
		var held, weights, sum, own float32
		for _, id := range f.asked[i] {
			best := float32(-1)
			for k := range q.words {
				best = max(best, q.words[k].near[id])
			}
			held += best * f.rarity(id)
			weights += f.rarity(id)
		}
		for k := range q.words {
			best := float32(-1)
			for _, id := range f.asked[i] {
				best = max(best, q.words[k].near[id])
			}
			sum += best * q.words[k].weight
			own += q.words[k].weight
		}
		if weights > 0 {
			c.v[foreignReverse] = max(c.v[foreignReverse], held/weights)
		}
		c.v[foreignTogether] = max(c.v[foreignTogether], sum/own)
	}
}
