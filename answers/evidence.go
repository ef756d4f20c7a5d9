package answers

import (
	"slices"

	"footnote/answers/parse"
)

// evidence is how a question's words stand to one fact.
type evidence struct {
	share   []float64 // per word of the question: how far the fact covers it, 0..1; -1 for words that tell nothing
	covered float64   // weight of the covered words over the weight of all, 0..1; 1 if no word tells anything
	pack    float64   // the same against all facts of the base together
	words   int       // different words that tell something
	hard    [hardKinds]bool
}

// kept is e for longer than its question.
func (e evidence) kept() evidence {
	e.share = slices.Clone(e.share)
	return e
}

// judgeFrame holds what the question asks, and how, against what the fact tells.
func (e *evidence) judgeFrame(q *question, s *support) {
	f := &q.u.frame
	switch asked := s.asked[f.Asks] > 0; {
	case asked:
	case f.Asks == parse.AsksWhen:
		e.hard[hardWhen] = len(s.years) == 0
	case f.Asks == parse.AsksWhere:
		e.hard[hardWhere] = true
	case f.Asks == parse.AsksWhy:
		e.hard[hardWhy] = s.tells&tellsReason == 0
	case f.Asks == parse.AsksHowMany:
		e.hard[hardHowMany] = !q.ix.tellsCount(q, s)
	case f.Asks == parse.AsksWho:
		e.hard[hardWho] = s.tells&tellsPerson == 0
	}
	if f.Defines {
		e.hard[hardDefine] = !s.namedBy(q.words)
	}
	e.hard[hardModal] = f.Modal && s.tells&tellsModal == 0
	e.hard[hardExtreme] = f.Extreme && s.tells&tellsExtreme == 0
	for _, p := range q.pairs {
		if o := s.order[orderKey(p.a, p.b)]; o != 0 && o&orderBit(p.a, p.b, p.flipped) == 0 {
			e.hard[hardOrder] = true
		}
	}
	if f.Speaker >= 0 && len(s.holder) > 0 {
		k := q.words[f.Speaker].key
		e.hard[hardSpeaker] = k < 0 || !slices.Contains(s.holder, k)
	}
}

// Kinds of hard evidence against a fact: what a near miss differs in.
const (
	hardName    = iota // a name that the fact does not know
	hardDate           // a year that contradicts the fact's dates, or a month it does not name
	hardNumber         // a number that it does not know
	hardNot            // a negation where the fact has none
	hardFocus          // the noun after which, what, how many is not the fact's
	hardVerb           // the verb is not the fact's
	hardRest           // other telling words are not the fact's
	hardWhen           // it asks what the fact does not tell: when,
	hardWhere          // where,
	hardWhy            // why,
	hardHowMany        // how many,
	hardWho            // who
	hardDefine         // it asks for the meaning of a term that the fact only mentions
	hardModal          // it asks for an opinion or a forecast
	hardExtreme        // it asks for the most of something
	hardOrder          // the same names with their roles exchanged
	hardNothing        // none of its telling words is the fact's
	hardSpeaker        // it asks for the words of somebody who is not the fact's claimant
	hardKinds
)

// hardNames are the kinds' names in explanations and tables.
var hardNames = [hardKinds]string{"name", "date", "number", "negation", "focus", "verb", "rest", "when", "where", "why", "how-many", "who", "definition", "opinion", "superlative", "roles", "nothing", "speaker"}

// How far different holdings cover a word. A word in a phrasing is what people
// ask by; one in the answer or detail may be there by the way. Related means
// the same family (rehabilitate, rehabilitation) that the stemmer left apart.
const (
	coverPhrasing = 1.0
	coverBeyond   = 0.9
	coverRelated  = 0.75

	// relatedShare is the part of the longer of two words that must be a common
	// beginning, and relatedMin its least length.
	relatedShare = 0.6
	relatedMin   = 5
)

// Floors of a word's weight: even a common word tells something when no fact
// has it, and a name always tells much.
const (
	contentFloor = 0.15
	nameFloor    = 0.6
	numberWeight = 0.5
	yearWeight   = 0.8
)

func (ix *index) weight(w parse.Word) float64 {
	return ix.weightOf(&w, ix.isName(&w))
}

// weightOf is the weight of a word of which is known whether it is a name.
func (ix *index) weightOf(w *parse.Word, name bool) float64 {
	switch w.Kind {
	case parse.Function, parse.Negation:
		return 0
	case parse.Number:
		return numberWeight
	case parse.Year, parse.Month:
		return yearWeight
	}
	if w.Native() {
		return ix.nativeWeight(w, name)
	}
	x := ix.lex.Weight(w.Text)
	if w.Key != w.Text && w.English() {
		x = min(x, ix.lex.Weight(w.Key))
	}
	if name {
		return max(x, nameFloor)
	}
	return max(x, contentFloor)
}

// restFloor is the weight of uncovered words, other than names and slots, from
// which they count as evidence: one rather rare word, or several common ones.
const restFloor = 0.45

// judge weighs a question's words against one fact, without what is excluded. What it gives
// holds until the question is closed.
func (ix *index) judge(q *question, fact int32, x exclusion) evidence {
	u, s := q.u, &ix.supports[fact]
	f := u.frame
	e := evidence{share: q.scratch.share(len(u.words))}
	var sum, sumFact, sumPack, rest float64
	for i := range u.words {
		w, r := &u.words[i], &q.words[i]
		if w.Kind == parse.Negation && s.tells&tellsNot == 0 {
			e.hard[hardNot] = true
		}
		weight := r.weight
		if weight == 0 {
			e.share[i] = -1
			continue
		}
		c := ix.covers(s, w, r)
		if c > 0 && ix.onlyExcluded(r.key, fact, x) {
			c = 0
		}
		e.share[i] = c
		if r.again {
			continue
		}
		e.words++
		inPack := c
		if inPack == 0 && ix.heldElsewhere(r.key, fact, x) {
			inPack = coverPhrasing
		}
		sum += weight
		sumFact += weight * c
		sumPack += weight * inPack
		if c > 0 {
			continue
		}
		switch {
		case w.Kind == parse.Year || w.Kind == parse.Month:
			e.hard[hardDate] = true
		case w.Kind == parse.Number:
			e.hard[hardNumber] = true
		case r.name:
			e.hard[hardName] = true
		case r.light:
		case i == f.Focus:
			e.hard[hardFocus] = true
		case i == f.Verb:
			e.hard[hardVerb] = true
		default:
			rest += weight
		}
	}
	e.hard[hardRest] = rest >= restFloor
	e.hard[hardNothing] = e.words > 0 && sumFact == 0
	e.covered, e.pack = 1, 1
	if sum > 0 {
		e.covered, e.pack = sumFact/sum, sumPack/sum
	}
	e.judgeFrame(q, s)
	return e
}

// namedBy reports whether some phrasing that only names or defines something
// has no telling word beside those of the question.
func (s *support) namedBy(words []reading) bool {
next:
	for _, b := range s.bare {
		for _, k := range b {
			if !slices.ContainsFunc(words, func(r reading) bool { return r.key == k }) {
				continue next
			}
		}
		return true
	}
	return false
}

// severalHave reports whether the question is a name alone that other facts have too, and the
// fact is not the one that is about it.
func (ix *index) severalHave(q *question, fact int32, x exclusion) bool {
	if !q.bare || len(q.telling) == 0 || ix.isAbout(q, &ix.supports[fact]) {
		return false
	}
	for _, i := range q.telling {
		if w := &q.u.words[i]; !q.words[i].name || len(q.telling) > 1 && !ix.vocabulary.has(q.words[i].key, person) || !ix.heldElsewhere(q.words[i].key, fact, x) || !ix.held(w, q.words[i].key, fact, x).any() {
			return false
		}
	}
	return true
}

// isAbout reports whether a phrasing of the fact asks who or what the name is that the question
// consists of, perhaps with more of the name: Hafizullah Amin for Amin.
func (ix *index) isAbout(q *question, s *support) bool {
	return slices.ContainsFunc(s.about, func(keys []int32) bool {
		return !slices.ContainsFunc(keys, func(k int32) bool { return !ix.vocabulary.has(k, capital) }) &&
			!slices.ContainsFunc(q.telling, func(i int) bool { return !slices.Contains(keys, q.words[i].key) })
	})
}

// onlyExcluded reports whether the fact holds a key by the excluded phrasing alone.
func (ix *index) onlyExcluded(key, fact int32, x exclusion) bool {
	if x.phrasing < 0 || ix.phrasings[x.phrasing].fact != fact {
		return false
	}
	s := &ix.supports[fact]
	at, ok := s.find(key)
	return ok && s.holds[at].phrasings == 1 && !s.holds[at].beyond && ix.phrasings[x.phrasing].holds(key)
}

// heldElsewhere reports whether a fact other than this one, and than the excluded
// one, holds a key.
func (ix *index) heldElsewhere(key, fact int32, x exclusion) bool {
	if key < 0 {
		return false
	}
	n := ix.vocabulary.facts[key]
	for _, f := range [2]int32{fact, x.fact} {
		if f >= 0 && n > 0 {
			if _, ok := ix.supports[f].find(key); ok {
				n--
			}
		}
	}
	return n > 0
}

// A held says where a fact holds a word.
type held struct{ phrasings, beyond bool }

func (h held) any() bool { return h.phrasings || h.beyond }

func (ix *index) held(w *parse.Word, key, fact int32, x exclusion) held {
	s := &ix.supports[fact]
	if w.Kind == parse.Year {
		return held{beyond: s.knowsYear(w.Key, key) && !ix.onlyExcluded(key, fact, x)}
	}
	at, ok := s.find(key)
	if !ok || s.isOnlyDay(w, key) || ix.onlyExcluded(key, fact, x) {
		return held{}
	}
	n := s.holds[at].phrasings
	if x.phrasing >= 0 && ix.phrasings[x.phrasing].fact == fact && ix.phrasings[x.phrasing].holds(key) {
		n--
	}
	return held{phrasings: n > 0, beyond: s.holds[at].beyond}
}

// senseBeyond reports whether the rest of the fact holds a word of the sense of the k-th
// telling word.
func (s *support) senseBeyond(q *question, k int) bool {
	return slices.ContainsFunc(q.alike(k), func(text int32) bool {
		_, ok := slices.BinarySearch(s.words, text)
		return ok
	})
}

// isName reports whether w is, as far as can be told, the name of somebody or
// something: a word that the pack writes with a capital, that is listed as a name, or
// that nobody listed. How the question writes it tells nothing.
func (ix *index) isName(w *parse.Word) bool {
	return w.Kind == parse.Content && (ix.vocabulary.has(ix.vocabulary.id(w.Key), capital) || w.IsName(ix.lex))
}

// covers is how far a fact covers a word, 0..1.
func (ix *index) covers(s *support, w *parse.Word, r *reading) float64 {
	if w.Kind == parse.Year {
		if s.knowsYear(w.Key, r.key) {
			return 1
		}
		return 0
	}
	if at, ok := s.find(r.key); ok && !s.isOnlyDay(w, r.key) {
		if s.holds[at].phrasings > 0 {
			return coverPhrasing
		}
		return coverBeyond
	}
	if r.profession && s.told&parse.Profession != 0 {
		return coverBeyond
	}
	if r.first < r.end {
		for at, _ := s.find(r.first); at < len(s.holds) && s.holds[at].key < r.end; at++ {
			if related(w.Key, ix.vocabulary.keys[s.holds[at].key]) {
				return coverRelated
			}
		}
	}
	return 0
}

// coversWord reports whether a fact covers a word at all.
func (ix *index) coversWord(fact int32, w *parse.Word) bool {
	r := ix.readingOf(w)
	return ix.covers(&ix.supports[fact], w, &r) > 0
}

// related reports whether two stems are of one family.
func related(a, b string) bool {
	n := 0
	for n < len(a) && n < len(b) && a[n] == b[n] {
		n++
	}
	return n >= relatedMin && float64(n) >= relatedShare*float64(max(len(a), len(b)))
}
