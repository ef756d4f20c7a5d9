package answers

import (
	"cmp"
	"math"
	"slices"

	"footnote/answers/parse"
)

// A question is what was understood, prepared for comparing it with facts.
type question struct {
	u        *understood
	words    []reading // of u.words
	telling  []int     // the words that tell something, each key once
	terms    []int32   // of telling, -1 for a word that no fact holds
	weight   []float64
	total    float64
	negated  bool
	chars    []feature
	vector   []float32 // the encoder's; nil without it
	asks     parse.Asks
	details  parse.Details
	order    parse.Order
	spans    []parse.When
	asksName bool // it asks for a name
	bare     bool // a name or a term alone, or who or what it is
	pairs    []pair
	senses   *senses          // of the base's words, where lists do not relate them
	sense    [][]float32      // of each of telling, nil for what is no word
	said     []map[int32]bool // of each of telling, the words of senses that are the same in English

	// predicate is the vector of the question without names, numbers and dates; nil where
	// nothing is left or there is no encoder.
	predicate []float32

	ix      *index
	scratch *scratch
}

// A reading is a word of a question as a base knows it.
type reading struct {
	key, text  int32 // their numbers, or unknownWord
	first, end int32 // the keys that may be of its family
	weight     float64
	name       bool
	light      bool // it says nothing about the relation that is asked for
	rank       bool // it picks one of several: first, last
	again      bool // a word before it that tells something has its key
	profession bool // it asks for somebody's profession
}

// A pair is two people in the order in which one acts on the other, or the other way round.
type pair struct {
	a, b    int32
	flipped bool
}

// readingOf looks a word up.
func (ix *index) readingOf(w *parse.Word) reading {
	r := reading{key: ix.vocabulary.id(w.Key), text: unknownWord, rank: parse.IsRank(w.Text)}
	if w.Kind == parse.Content {
		r.text = ix.vocabulary.text(w.Text)
		r.name = ix.vocabulary.has(r.key, capital) || w.IsName(ix.lex)
		r.light = parse.IsLightVerb(w.Text) || w.English() && parse.IsLightVerb(w.Typed)
		if len(w.Key) >= relatedMin {
			r.first, r.end = ix.vocabulary.family(w.Key)
		}
	}
	r.weight = ix.weightOf(w, r.name)
	return r
}

// prepareWords looks the words of a question up, which is enough to judge it.
func (ix *index) prepareWords(u *understood) *question {
	s := ix.pool.Get().(*scratch)
	q := &s.question
	*q = question{u: u, words: q.words[:0], telling: q.telling[:0], terms: q.terms[:0], weight: q.weight[:0], chars: q.chars[:0], pairs: q.pairs[:0], ix: ix, scratch: s}
	q.asks, q.details, q.asksName, q.order = u.frame.Asks, parse.DetailsAsked(u.words), parse.AsksName(u.words), parse.OrderOf(u.words)
	people := 0
	for i := range u.words {
		w := &u.words[i]
		r := ix.readingOf(w)
		r.profession = q.details&parse.NamesDetail(w)&parse.Profession != 0
		q.negated = q.negated || w.Kind == parse.Negation
		if ix.vocabulary.has(r.key, person) {
			people++
		}
		if r.weight > 0 {
			r.again = slices.ContainsFunc(q.telling, func(j int) bool { return u.words[j].Key == w.Key })
		}
		q.words = append(q.words, r)
		if r.weight == 0 || r.again {
			continue
		}
		term := unknownWord
		if ix.vocabulary.has(r.key, isTerm) {
			term = r.key
		}
		q.telling = append(q.telling, i)
		q.terms = append(q.terms, term)
		q.weight = append(q.weight, r.weight)
		q.total += r.weight
	}
	if people > 1 {
		s.keys = s.keys[:0]
		for i := range q.words {
			s.keys = append(s.keys, q.words[i].key)
		}
		ix.pairs(u.words, s.keys, func(a, b int32, flipped bool) { q.pairs = append(q.pairs, pair{a, b, flipped}) })
	}
	return q
}

// prepare makes a question of what was understood. It is given back with close.
func (ix *index) prepare(u *understood) *question {
	q := ix.prepareWords(u)
	q.chars = ix.spellings.vector(u.words, q.chars)
	q.spans = parse.TimesIn(u.words)
	q.bare = parse.IsNameAlone(u.words)
	return q
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
	byPhrasing, byText    []float64            // of facts, BM25
	chars                 [maxCompared]float32 // of candidates: nearest phrasing
	charsOf               []float32            // of their phrasings
	wanted                []bool               // of facts: is a candidate; all false between questions
	topCosine, topCentred podium
	topWhole, topClass    podium
	topPhrasing, topText  podium
	topChars              podium
	nearest               float32

	kept [9][]float32 // what the above were written to, for the next question
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
	s := &q.scratch.similarities
	s.begin()
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
	s.byWords(ix, q, x)
	lists[3] = bestOf(s.byText, 4)
	lists[4] = bestOf(s.byPhrasing, 4)
	for _, p := range ix.spellings.rare.near(q.chars, 4) {
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
	s.byLetters(ix, q, out, x)
	return out, s
}

// byWords scores all facts by their phrasings' words, and by all that they say.
func (s *similarities) byWords(ix *index, q *question, x exclusion) {
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
	for f := range s.byPhrasing {
		if s.byPhrasing[f] > 0 {
			s.topPhrasing.add(int32(f), s.byPhrasing[f])
		}
		if s.byText[f] > 0 {
			s.topText.add(int32(f), s.byText[f])
		}
	}
}

// byLetters scores the candidates by character runs, and tells how like them an unanswered
// question is.
func (s *similarities) byLetters(ix *index, q *question, out []int32, x exclusion) {
	grams := q.scratch.grams
	for _, f := range q.chars {
		grams[f.id] = f.value
	}
	for _, f := range out {
		s.wanted[f] = true
		clear(s.charsOf[ix.start[f]:ix.start[f+1]])
	}
	ix.spellings.cosines(q.chars, out, s.wanted, s.charsOf)
	for i, f := range out {
		best := float32(0)
		s.wanted[f] = false
		for p := ix.start[f]; p < ix.start[f+1]; p++ {
			if !x.skips(ix, p) {
				best = max(best, s.charsOf[p])
			}
		}
		s.chars[i] = best
		s.topChars.add(f, float64(best))
	}
	for _, i := range ix.unansweredNear.near(q.chars, unansweredLooked) {
		if i != x.unanswered {
			s.unansweredBy = max(s.unansweredBy, float64(dotWith(grams, ix.unansweredChars[i])))
		}
	}
	for _, f := range q.chars {
		grams[f.id] = 0
	}
}

// maxDated is how many facts of a time are compared.
const maxDated = 3

// atTime are facts that name a time which agrees with all those of a question, those that
// name the shortest first.
func (ix *index) atTime(spans []parse.When, x exclusion) []int32 {
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
			if !slices.ContainsFunc(spans, func(q parse.When) bool { return q.Contradicts(w) }) && (length < 0 || w.Last-w.First < length) {
				length = w.Last - w.First
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
	s.cosine, s.centred = s.floats(0, n), s.floats(1, n)
	m.phrasings.product(q.vector, s.cosine)
	v := dense(q.vector, m.mean)
	length := float32(math.Sqrt(float64(max(1-2*v+m.meanSquared, 1e-6))))
	s.best, s.bestCentred = s.floats(2, facts), s.floats(3, facts)
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
	if m.wholes.rows() > 0 {
		s.whole = s.floats(4, facts)
		m.wholes.product(q.vector, s.whole)
	}
	s.class = s.floats(5, facts)
	if x.phrasing >= 0 {
		f := ix.phrasings[x.phrasing].fact
		m.classes.logitsWithout(q.vector, &m.phrasings, s.class, f, ix.start[f], ix.start[f+1], x.phrasing)
	} else {
		m.classes.logits(q.vector, s.class)
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
	if k := m.unanswered.rows(); k > 0 {
		c := s.floats(6, k)
		m.unanswered.product(q.vector, c)
		if x.unanswered >= 0 {
			c[x.unanswered] = -1
		}
		s.unanswered = float64(slices.Max(c))
		s.doubt = m.doubts.at(s.cosine, c, q.chars, x)
	}
	if q.predicate != nil {
		s.predicate = s.floats(7, facts)
		clear(s.predicate)
		c := s.floats(8, n)
		m.predicates.product(q.predicate, c)
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
	least := T(0)
	for i, v := range z {
		if v <= least {
			continue
		}
		at, _ := slices.BinarySearchFunc(out, v, func(j int32, v T) int {
			if z[j] >= v {
				return -1
			}
			return cmp.Compare(v, z[j])
		})
		out = slices.Insert(out, at, int32(i))
		if out = out[:min(len(out), n)]; len(out) == n {
			least = z[out[n-1]]
		}
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

// classFigure is the log-odds of a logit among all, of whose exponentials energy is the
// logarithm of the sum.
func classFigure(class float32, energy float64) float32 {
	return float32(min(max(logit(math.Exp(float64(class)-energy)), -shareEdge), shareEdge))
}

// aligned is how many of a fact's phrasings, the most similar ones, the question is
// aligned with.
const aligned = 3

// compare fills in the figures of q against the i-th candidate, but for those of its place
// among the candidates.
func (ix *index) compare(q *question, m *meaning, s *similarities, i int, fact int32, x exclusion) (figuresOf, evidence, int32) {
	var v figuresOf
	var near [aligned]int32
	top := ix.nearestPhrasings(s, fact, x, near[:0])
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
		v[figClass] = classFigure(s.class[fact], s.energy)
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
	v[figChars] = s.chars[i]
	v[figCharsLead] = float32(lead(&s.topChars, fact, float64(s.chars[i])))
	v[figUnansweredBy] = unansweredBound
	if s.unansweredBy >= unansweredLeast {
		v[figUnansweredBy] = float32(min(float64(s.chars[i])-s.unansweredBy, unansweredBound))
	}
	e := ix.judge(q, fact, x)
	for k, is := range e.hard {
		if is {
			v[figHard+figure(k)] = 1
		}
	}
	closest := ix.align(&v, q, s, fact, top, x)
	ix.askFigures(&v, q, fact, closest, x)
	v[figPhrasings] = float32(math.Log(float64(ix.start[fact+1] - ix.start[fact])))
	v[figFacts] = float32(math.Log(float64(len(ix.facts))))
	v[figWords] = float32(math.Log(float64(1 + len(q.telling))))
	return v, e, closest
}

// nearestPhrasings appends to top the fact's phrasings most similar to the question, the most
// similar first, as many as aligned says.
func (ix *index) nearestPhrasings(s *similarities, fact int32, x exclusion, top []int32) []int32 {
	score := s.charsOf
	if s.cosine != nil {
		score = s.cosine
	}
	for p := ix.start[fact]; p < ix.start[fact+1]; p++ {
		if x.skips(ix, p) || len(top) == aligned && score[p] <= score[top[aligned-1]] {
			continue
		}
		if len(top) < aligned {
			top = append(top, p)
		}
		at := len(top) - 1
		for ; at > 0 && score[top[at-1]] < score[p]; at-- {
			top[at] = top[at-1]
		}
		top[at] = p
	}
	return top
}
