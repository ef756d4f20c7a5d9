package answers

import (
	"cmp"
	"math"
	"slices"

	"footnote/answers/lexicon"
)

// A question is what was understood, prepared for comparing it with facts.
type question struct {
	u       *understood
	telling []int   // the words that tell something, each key once
	terms   []int32 // of telling, -1 for a word that no fact holds
	weight  []float64
	total   float64
	negated bool
	chars   []feature
	related []map[string]lexicon.Relation // of each of telling, to words of facts
	vector  []float32                     // the encoder's; nil without it
	asks    asks
	order   order
	spans   []when
	bare    bool // a name or a term alone, or who or what it is

	// predicate is the vector of the question without names, numbers and dates; nil where
	// nothing is left or there is no encoder.
	predicate []float32
}

func (ix *index) prepare(u *understood) *question {
	q := &question{u: u, asks: u.frame.asks, order: orderOf(u.words)}
	for i, w := range u.words {
		if w.kind == negation {
			q.negated = true
		}
		x := ix.weight(w)
		if x == 0 || slices.ContainsFunc(q.telling, func(j int) bool { return u.words[j].key == w.key }) {
			continue
		}
		term, ok := ix.terms[w.key]
		if !ok {
			term = -1
		}
		q.telling = append(q.telling, i)
		q.terms = append(q.terms, term)
		q.weight = append(q.weight, x)
		q.total += x
	}
	q.related = make([]map[string]lexicon.Relation, len(q.telling))
	q.chars = ix.spellings.vector(u.words, nil)
	q.spans = spansOf(u.words)
	q.bare = bare(u.words)
	return q
}

// between is how the k-th telling word stands to another; each pair is looked up once, for
// the candidates of a question share most of their words.
func (q *question) between(k int, other string) lexicon.Relation {
	m := q.related[k]
	if r, ok := m[other]; ok {
		return r
	}
	if m == nil {
		m = map[string]lexicon.Relation{}
		q.related[k] = m
	}
	r := lexicon.EnglishRelations().Between(q.u.words[q.telling[k]].text, other)
	m[other] = r
	return r
}

// maxBare is how many words a name has at most.
const maxBare = 4

// bare reports whether words are a name or a term alone ("amin", "quintus veranus"), or ask
// who or what it is and nothing else.
func bare(words []word) bool {
	telling := 0
	for i, w := range words {
		switch {
		case w.kind == content || w.kind == number:
			telling++
		case w.kind != function:
			return false
		case w.text == "who" || w.text == "what" || auxiliaries[w.text] && !modals[w.text] || articles[w.text] || polite[w.text] || w.text == "about" || w.text == "of" && i > 0:
		default:
			return false
		}
	}
	return telling > 0 && telling <= maxBare
}

// An order tells whether words ask for what lies before what is named, or behind it; or both.
type order uint8

const (
	orderBefore order = 1 << iota
	orderAfter
)

// orders are the words that say so.
var orders = func() map[string]order {
	m := map[string]order{}
	for w := range set(`before until till preceding prior previous preceded`) {
		m[w] = orderBefore
	}
	for w := range set(`after since following next succeeded`) {
		m[w] = orderAfter
	}
	return m
}()

func orderOf(words []word) order {
	var o order
	for _, w := range words {
		o |= orders[w.text]
	}
	return o
}

// similarities are how a question stands to every fact and phrasing.
type similarities struct {
	cosine, centred []float32 // of phrasings
	whole           []float32 // of facts
	class           []float32 // of facts
	energy          float64
	predicate       []float32 // of facts: nearest phrasing's predicate
	bestPredicate   float32
	doubt           float64
	unanswered      float64 // nearest by meaning, −1 without any
	unansweredBy    float64 // nearest by characters

	best                  []float32 // of facts: nearest phrasing, by cosine
	bestCentred           []float32
	byPhrasing, byText    []float64         // of facts, BM25
	chars                 map[int32]float32 // of candidates: nearest phrasing
	charsOf               map[int32]float32 // of their phrasings
	topCosine, topCentred podium
	topWhole, topClass    podium
	topPhrasing, topText  podium
	topChars              podium
	nearest               float32
}

// A scored fact.
type scored struct {
	fact  int32
	score float64
}

// A podium holds the two best-scored facts.
type podium [2]scored

// lead is the score of a fact less the best score of another.
func lead(top *podium, fact int32, score float64) float64 {
	if top[0].fact != fact {
		return score - top[0].score
	}
	return score - top[1].score
}

func (t *podium) add(fact int32, score float64) {
	switch {
	case score > t[0].score || t[0].fact < 0:
		t[1], t[0] = t[0], scored{fact, score}
	case score > t[1].score || t[1].fact < 0:
		t[1] = scored{fact, score}
	}
}

func noScores() podium { return podium{{-1, 0}, {-1, 0}} }

// unansweredLooked is how many unanswered questions, those that share most rare character
// runs, are compared by all of them.
const unansweredLooked = 8

// maxCompared is how many facts are compared with a question.
const maxCompared = 8

// candidates finds the facts worth comparing: the best of each way to look for them.
func (ix *index) candidates(q *question, m *meaning, x exclusion) ([]int32, *similarities) {
	n := len(ix.facts)
	s := &similarities{unanswered: -1}
	for _, t := range []*podium{&s.topCosine, &s.topCentred, &s.topWhole, &s.topClass, &s.topPhrasing, &s.topText, &s.topChars} {
		*t = noScores()
	}
	var lists [7][]int32
	if m != nil && q.vector != nil {
		s.byMeaning(ix, q, m, x)
		lists[0] = bestOf(s.bestCentred, 5)
		if len(s.whole) > 0 {
			lists[1] = bestOf(s.whole, 4)
		}
		lists[2] = bestOf(s.class, 3)
	}
	s.byPhrasing, s.byText = make([]float64, n), make([]float64, n)
	t := ix.byPhrasing.look(q.terms)
	for _, p := range t.touched {
		if x.skips(ix, p) {
			continue
		}
		f := ix.phrasings[p].fact
		s.byPhrasing[f] = max(s.byPhrasing[f], t.sum[p])
	}
	ix.byPhrasing.done(t)
	t = ix.byText.look(q.terms)
	for _, f := range t.touched {
		if f != x.fact {
			s.byText[f] = t.sum[f]
		}
	}
	ix.byText.done(t)
	for f := range n {
		if s.byPhrasing[f] > 0 {
			s.topPhrasing.add(int32(f), s.byPhrasing[f])
		}
		if s.byText[f] > 0 {
			s.topText.add(int32(f), s.byText[f])
		}
	}
	lists[3] = bestOf(s.byText, 4)
	lists[4] = bestOf(s.byPhrasing, 4)
	for _, p := range ix.spellings.near(q.chars, 4) {
		if f := ix.phrasings[p].fact; !x.skips(ix, p) && !slices.Contains(lists[5], f) {
			lists[5] = append(lists[5], f)
		}
	}
	if len(q.spans) > 0 {
		lists[6] = ix.atTime(q.spans, x)
	}
	var out []int32
	for rank := range maxCompared {
		for _, l := range lists {
			if rank < len(l) && l[rank] != x.fact && !slices.Contains(out, l[rank]) && len(out) < maxCompared {
				out = append(out, l[rank])
			}
		}
	}
	s.chars, s.charsOf = make(map[int32]float32, len(out)), map[int32]float32{}
	for _, f := range out {
		best := float32(0)
		for p := ix.start[f]; p < ix.start[f+1]; p++ {
			if !x.skips(ix, p) {
				c := dot(q.chars, ix.spellings.vectors[p])
				s.charsOf[p] = c
				best = max(best, c)
			}
		}
		s.chars[f] = best
		s.topChars.add(f, float64(best))
	}
	for _, i := range ix.unansweredNear.near(q.chars, unansweredLooked) {
		if i != x.unanswered {
			s.unansweredBy = max(s.unansweredBy, float64(dot(q.chars, ix.unansweredChars[i])))
		}
	}
	return out, s
}

// maxDated is how many facts of a time are compared.
const maxDated = 3

// atTime are facts that name a time which agrees with all those of a question, those that
// name the shortest first.
func (ix *index) atTime(spans []when, x exclusion) []int32 {
	type found struct {
		fact   int32
		length int
	}
	var all []found
	for f := range ix.supports {
		if int32(f) == x.fact || len(ix.supports[f].spans) == 0 {
			continue
		}
		length := -1
		for _, w := range ix.supports[f].spans {
			if !slices.ContainsFunc(spans, func(q when) bool { return q.contradicts(w) }) && (length < 0 || w.last-w.first < length) {
				length = w.last - w.first
			}
		}
		if length >= 0 {
			all = append(all, found{int32(f), length})
		}
	}
	slices.SortStableFunc(all, func(a, b found) int { return cmp.Compare(a.length, b.length) })
	var out []int32
	for _, f := range all[:min(len(all), maxDated)] {
		out = append(out, f.fact)
	}
	return out
}

// An exclusion passes over a phrasing, a whole fact or an unanswered question, as if the
// base did not have it; -1 for none.
type exclusion struct{ phrasing, fact, unanswered int32 }

var nothingExcluded = exclusion{-1, -1, -1}

func withoutPhrasing(p int32) exclusion   { return exclusion{p, -1, -1} }
func withoutFact(f int32) exclusion       { return exclusion{-1, f, -1} }
func withoutUnanswered(i int32) exclusion { return exclusion{-1, -1, i} }

func (x exclusion) skips(ix *index, phrasing int32) bool {
	return phrasing == x.phrasing || ix.phrasings[phrasing].fact == x.fact
}

func (s *similarities) byMeaning(ix *index, q *question, m *meaning, x exclusion) {
	n, facts := len(ix.phrasings), len(ix.facts)
	s.cosine, s.centred = make([]float32, n), make([]float32, n)
	product(m.phrasings, q.vector, s.cosine)
	v := dense(q.vector, m.mean)
	length := float32(math.Sqrt(float64(max(1-2*v+m.meanSquared, 1e-6))))
	s.best, s.bestCentred = make([]float32, facts), make([]float32, facts)
	for f := range facts {
		s.best[f], s.bestCentred[f] = -1, -1
	}
	for p, c := range s.cosine {
		s.centred[p] = (c - v - m.meanDot[p] + m.meanSquared) / (length * m.centred[p])
		if x.skips(ix, int32(p)) {
			s.cosine[p], s.centred[p] = -1, -1
			continue
		}
		f := ix.phrasings[p].fact
		s.best[f] = max(s.best[f], c)
		s.bestCentred[f] = max(s.bestCentred[f], s.centred[p])
	}
	s.nearest = slices.Max(s.best)
	if len(m.wholes) > 0 {
		s.whole = make([]float32, facts)
		product(m.wholes, q.vector, s.whole)
	}
	s.class = make([]float32, facts)
	m.classes.logits(q.vector, s.class)
	if x.phrasing >= 0 {
		f := ix.phrasings[x.phrasing].fact
		s.class[f] = m.classes.without(q.vector, m.phrasings, ix.start[f], ix.start[f+1], x.phrasing)
	}
	if x.fact >= 0 {
		s.class[x.fact] = -sharpness
		if s.whole != nil {
			s.whole[x.fact] = -1
		}
	}
	s.energy = logSumExp(s.class)
	for f := range facts {
		s.topCosine.add(int32(f), float64(s.best[f]))
		s.topCentred.add(int32(f), float64(s.bestCentred[f]))
		s.topClass.add(int32(f), float64(s.class[f]))
		if s.whole != nil {
			s.topWhole.add(int32(f), float64(s.whole[f]))
		}
	}
	if k := len(m.unanswered) / dims; k > 0 {
		c := make([]float32, k)
		product(m.unanswered, q.vector, c)
		if x.unanswered >= 0 {
			c[x.unanswered] = -1
		}
		s.unanswered = float64(slices.Max(c))
		s.doubt = m.doubts.at(s.cosine, c, q.chars, x)
	}
	if q.predicate != nil {
		s.predicate = make([]float32, facts)
		c := make([]float32, n)
		product(m.predicates, q.predicate, c)
		for p, v := range c {
			if f := ix.phrasings[p].fact; !x.skips(ix, int32(p)) {
				s.predicate[f] = max(s.predicate[f], v)
				s.bestPredicate = max(s.bestPredicate, v)
			}
		}
	}
}

// bestOf are the indexes of the n largest positive values, the largest first; ties go
// to the smaller index.
func bestOf[T float32 | float64](z []T, n int) []int32 {
	out := make([]int32, 0, n+1)
	for i, v := range z {
		if v <= 0 || len(out) == n && v <= z[out[n-1]] {
			continue
		}
		at, _ := slices.BinarySearchFunc(out, v, func(j int32, v T) int {
			if z[j] >= v {
				return -1
			}
			return cmp.Compare(v, z[j])
		})
		out = slices.Insert(out, at, int32(i))
		out = out[:min(len(out), n)]
	}
	return out
}

// best are the documents with the largest sums, the largest first, at most n.
func (t *tally) best(n int) []int32 {
	out := make([]int32, 0, n+1)
	for _, d := range t.touched {
		if len(out) == n && t.sum[d] <= t.sum[out[n-1]] {
			continue
		}
		at, _ := slices.BinarySearchFunc(out, d, func(a, b int32) int {
			if t.sum[a] > t.sum[b] || t.sum[a] == t.sum[b] && a < b {
				return -1
			}
			return 1
		})
		out = slices.Insert(out, at, d)
		out = out[:min(len(out), n)]
	}
	return out
}

// usualPredicate stands for the cosine of predicates where a question has none.
const usualPredicate = .8

// Bounds of the differences to unanswered questions: where the file is not there, or
// its questions are far away, they say nothing more.
const unansweredBound = .15

// unansweredLeast is the cosine of character runs from which an unanswered question is like
// the question at all.
const unansweredLeast = .35

// shareEdge keeps log-odds of a share within what tells something.
const shareEdge = 8

// aligned is how many of a fact's phrasings, the most similar ones, the question is
// aligned with.
const aligned = 3

// compare fills in the figures of q against a fact, but for those of its place among
// the candidates.
func (ix *index) compare(q *question, m *meaning, s *similarities, fact int32, x exclusion) (figuresOf, evidence, int32) {
	var v figuresOf
	top := ix.nearestPhrasings(q, s, fact, x)
	if s.cosine != nil {
		v[figCosine] = s.best[fact]
		var sum float32
		for _, p := range top {
			sum += s.cosine[p]
		}
		v[figCosine3] = sum / float32(max(len(top), 1))
		v[figCentred] = s.bestCentred[fact]
		v[figStandard] = float32((float64(s.best[fact]) - m.usual) / m.spread)
		v[figCosineLead] = float32(lead(&s.topCosine, fact, float64(s.best[fact])))
		v[figCentredLead] = float32(lead(&s.topCentred, fact, float64(s.bestCentred[fact])))
		if s.whole != nil {
			v[figWhole] = s.whole[fact]
			v[figWholeLead] = float32(lead(&s.topWhole, fact, float64(s.whole[fact])))
		}
		p := math.Exp(float64(s.class[fact]) - s.energy)
		v[figClass] = float32(min(max(logit(p), -shareEdge), shareEdge))
		v[figClassLead] = float32(lead(&s.topClass, fact, float64(s.class[fact])))
		v[figClassEnergy] = float32(s.energy - math.Log(float64(len(ix.facts))))
		v[figNearestOfAll] = s.nearest
		if s.predicate != nil {
			v[figPredicate] = s.predicate[fact]
			v[figPredicateLead] = s.predicate[fact] - s.bestPredicate
		} else {
			v[figPredicate] = usualPredicate
		}
		v[figDoubt] = float32(s.doubt)
		v[figUnanswered] = unansweredBound
		if s.unanswered >= 0 {
			v[figUnanswered] = float32(min(float64(s.best[fact])-s.unanswered, unansweredBound))
		}
	}
	v[figPhrasing] = float32(s.byPhrasing[fact])
	v[figPhrasingLead] = float32(lead(&s.topPhrasing, fact, s.byPhrasing[fact]))
	v[figText] = float32(s.byText[fact])
	v[figTextLead] = float32(lead(&s.topText, fact, s.byText[fact]))
	v[figChars] = s.chars[fact]
	v[figCharsLead] = float32(lead(&s.topChars, fact, float64(s.chars[fact])))
	v[figUnansweredBy] = unansweredBound
	if s.unansweredBy >= unansweredLeast {
		v[figUnansweredBy] = float32(min(float64(s.chars[fact])-s.unansweredBy, unansweredBound))
	}
	e := ix.judge(q.u, fact, x)
	for k, is := range e.hard {
		if is {
			v[figHard+figure(k)] = 1
		}
	}
	closest := ix.align(&v, q, s, fact, top, x)
	ix.askFigures(&v, q, fact, closest)
	v[figPhrasings] = float32(math.Log(float64(ix.start[fact+1] - ix.start[fact])))
	v[figFacts] = float32(math.Log(float64(len(ix.facts))))
	v[figWords] = float32(math.Log(float64(1 + len(q.telling))))
	return v, e, closest
}

// nearestPhrasings are the fact's phrasings most similar to the question, the most
// similar first.
func (ix *index) nearestPhrasings(q *question, s *similarities, fact int32, x exclusion) []int32 {
	var top []int32
	score := map[int32]float32{}
	for p := ix.start[fact]; p < ix.start[fact+1]; p++ {
		if x.skips(ix, p) {
			continue
		}
		if s.cosine != nil {
			score[p] = s.cosine[p]
		} else {
			score[p] = s.charsOf[p]
		}
		top = append(top, p)
	}
	slices.SortStableFunc(top, func(a, b int32) int { return cmp.Compare(score[b], score[a]) })
	return top[:min(len(top), aligned)]
}
