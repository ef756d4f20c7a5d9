package answers

import (
	"slices"

	"footnote/answers/lexicon"
)

// senseBeyond is how far a synonym of a word of the answer counts, against one of a
// word of a phrasing.
const senseBeyond = .7

// maxMissing and maxSisters bound counts: beyond them more says no more.
const maxMissing, maxSisters, maxNames = 5, 2, 2

// align holds the question's words against the phrasing that it comes closest to and
// the rest of the fact, and says what is missing and what was exchanged. It returns
// the closest phrasing, -1 if there is none.
func (ix *index) align(v *figuresOf, q *question, s *similarities, fact int32, top []int32, x exclusion) int32 {
	sup := &ix.supports[fact]
	rel := lexicon.EnglishRelations()
	total := max(q.total, 1e-9)

	closest, closestScore := int32(-1), -1.0
	var closestRev, closestRevSense float64
	for _, p := range top {
		hit, sense, rev, revSense := ix.overlap(q, p)
		score := (hit+sense)/total + revSense
		if s.cosine != nil {
			score += .5 * float64(s.cosine[p])
		}
		if score > closestScore {
			closest, closestScore, closestRev, closestRevSense = p, score, rev, revSense
			v[figCoverBest] = float32(hit / total)
		}
	}
	v[figReverse], v[figReverseSense] = float32(closestRev), float32(closestRevSense)

	var inPhrasings, beyond, elsewhere, nowhere, sense, broader float64
	var heaviest, heaviestSense float64
	missing, names, sisters := 0, 0, 0
	for k, i := range q.telling {
		w := &q.u.words[i]
		weight := q.weight[k]
		h := sup.held(w, x, ix, fact)
		switch {
		case h.phrasings:
			inPhrasings += weight
			sense += weight
			continue
		case h.beyond:
			beyond += weight
		}
		r := lexicon.None
		for _, p := range top {
			r = closer(r, ix.relationTo(q, k, p))
		}
		if r == lexicon.Same || r == lexicon.Synonym {
			sense += weight
			if !h.beyond {
				missing++
				heaviest = max(heaviest, weight)
			}
			continue
		}
		if h.beyond {
			continue
		}
		missing++
		heaviest = max(heaviest, weight)
		if ix.heldElsewhere(w, fact, x) {
			elsewhere += weight
		} else {
			nowhere += weight
		}
		if w.kind == content && sup.senseBeyond(q, k) {
			sense += senseBeyond * weight
			continue
		}
		heaviestSense = max(heaviestSense, weight)
		if w.kind == content && rel.Role(w.text) != lexicon.NoRole {
			v[figRelationUnheld] = 1
		}
		switch {
		case w.kind == number:
			v[figNumberMissing] = 1
		case w.kind == year || w.kind == month: // compareTimes
		case ix.isName(w):
			names++
		}
		switch r {
		case lexicon.Broader:
			broader += weight
		case lexicon.Sister:
			sisters++
		}
	}
	if closest >= 0 {
		ph := &ix.phrasings[closest]
		for k, i := range q.telling {
			w := &q.u.words[i]
			if w.kind == content && !ph.holds(w.key) && slices.ContainsFunc(ph.words, func(p word) bool {
				return p.kind == content && !q.holds(p.key) && q.between(k, p.text) == lexicon.Antonym
			}) {
				v[figOpposite] = 1
			}
		}
		if q.negated != ph.negated {
			v[figNegation] = 1
		}
		if q.order&^ph.order != 0 {
			v[figOrder] = 1
			if ph.order != 0 { // before where it says after
				v[figOpposite] = 1
			}
		}
		if ix.exchangesRelation(q, ph, rel) {
			v[figRelation] = 1
		}
	}
	if q.negated && !slices.ContainsFunc(top, func(p int32) bool { return ix.phrasings[p].negated }) {
		v[figNegationUnseen] = 1
	}
	ix.compareTimes(v, q, sup)
	for i := range q.u.words {
		if w := &q.u.words[i]; ranks[w.text] && !sup.held(w, x, ix, fact).any() {
			v[figRank] = 1
		}
	}
	unique, all := 0.0, len(q.telling) > 0
	for k, i := range q.telling {
		w := &q.u.words[i]
		switch h := sup.held(w, x, ix, fact); {
		case !h.any():
			all = false
		case !ix.heldElsewhere(w, fact, x):
			unique += q.weight[k]
		}
	}
	v[figUnique] = float32(unique / total)
	if all && q.bare {
		v[figBare] = 1
	}
	v[figCoverFact] = float32(inPhrasings / total)
	v[figCoverBeyond] = float32(beyond / total)
	v[figElsewhere] = float32(elsewhere / total)
	v[figNowhere] = float32(nowhere / total)
	v[figCoverSense] = float32(sense / total)
	v[figBroader] = float32(broader / total)
	v[figMissing] = float32(min(missing, maxMissing))
	v[figMissingWeight] = float32(heaviest)
	v[figMissingSense] = float32(heaviestSense)
	v[figNameMissing] = float32(min(names, maxNames))
	v[figSister] = float32(min(sisters, maxSisters))
	return closest
}

// compareTimes holds the times of the question against those of the fact.
func (ix *index) compareTimes(v *figuresOf, q *question, sup *support) {
	for _, w := range q.spans {
		switch {
		case slices.ContainsFunc(sup.spans, w.agrees):
			v[figDateAgrees] = 1
		case slices.ContainsFunc(sup.spans, w.sameYear):
			v[figDayDisagrees] = 1
		default:
			v[figDateMissing] = 1
		}
	}
}

// overlap is the weight of the question's words that a phrasing holds, and holds in
// another word of the same sense; and the shares of the phrasing's weight that the
// question holds, without and with such words.
func (ix *index) overlap(q *question, phrasing int32) (hit, sense, rev, revSense float64) {
	p := &ix.phrasings[phrasing]
	for k, i := range q.telling {
		w := &q.u.words[i]
		switch {
		case p.holds(w.key):
			hit += q.weight[k]
		case w.kind == content && slices.ContainsFunc(p.words, func(o word) bool { return o.kind == content && sameSense(q.between(k, o.text)) }):
			sense += q.weight[k]
		}
	}
	var sum float64
	for j := range p.words {
		o := &p.words[j]
		weight := p.weight[j]
		if o.kind == function || weight == 0 || slices.ContainsFunc(p.words[:j], func(x word) bool { return x.key == o.key }) {
			continue
		}
		sum += weight
		switch {
		case q.holds(o.key):
			rev += weight
			revSense += weight
		case o.kind == content && q.saysLike(o.text):
			revSense += weight
		}
	}
	if sum > 0 {
		rev, revSense = rev/sum, revSense/sum
	}
	return hit, sense, rev, revSense
}

// saysLike reports whether a word of the question has the same sense as another.
func (q *question) saysLike(other string) bool {
	for k, i := range q.telling {
		if q.u.words[i].kind == content && sameSense(q.between(k, other)) {
			return true
		}
	}
	return false
}

func sameSense(r lexicon.Relation) bool { return r == lexicon.Same || r == lexicon.Synonym }

// ranks are the words that pick one of several: where a fact does not say them, it may be
// about another.
var ranks = set(`first last only next previous earliest latest final original second third later earlier another other former new newest oldest`)

// exchangesRelation reports whether the question asks for another relation than the
// phrasing: for a mother where that asks for a wife.
func (ix *index) exchangesRelation(q *question, p *phrasing, rel *lexicon.Relations) bool {
	for k, i := range q.telling {
		w := &q.u.words[i]
		if w.kind != content || p.holds(w.key) {
			continue
		}
		role := rel.Role(w.text)
		if role == lexicon.NoRole {
			continue
		}
		other := false
		for j := range p.words {
			o := &p.words[j]
			if o.kind != content {
				continue
			}
			if sameSense(q.between(k, o.text)) {
				return false
			}
			other = other || !q.holds(o.key) && rel.Role(o.text) == role
		}
		if other {
			return true
		}
	}
	return false
}

// exchanged reports whether the question is the closest phrasing with another name in it:
// the fact's name is not in the question, the question has a name that the fact does not
// hold in any sense, and all else that either tells is in both.
func (ix *index) exchanged(q *question, fact, closest int32, x exclusion) bool {
	if closest < 0 {
		return false
	}
	s, p := &ix.supports[fact], &ix.phrasings[closest]
	missing, shared := 0, 0
	for k, i := range q.telling {
		w := &q.u.words[i]
		switch {
		case p.holds(w.key) || w.kind == content && slices.ContainsFunc(p.words, func(o word) bool { return o.kind == content && sameSense(q.between(k, o.text)) }):
			shared++
		case s.held(w, x, ix, fact).any():
			return false
		case ix.isName(w) && !s.senseBeyond(q, k) && !ix.slipOf(w, p.words):
			missing++
		default:
			return false
		}
	}
	names := 0
	for j := range p.words {
		o := &p.words[j]
		if o.kind == function || p.weight[j] == 0 || q.holds(o.key) || o.kind == content && q.saysLike(o.text) {
			continue
		}
		if !ix.isName(o) {
			return false
		}
		names++
	}
	return missing > 0 && shared > 0 && names > 0
}

// slipOf reports whether a word that is not listed may be one of others, mistyped.
func (ix *index) slipOf(w *word, others []word) bool {
	return len(w.text) >= minRepair && !ix.lex.Knows(w.text) &&
		slices.ContainsFunc(others, func(o word) bool { return distance(w.text, o.text, 1) <= 1 })
}

// relationTo is the closest relation of the k-th telling word to a word of a phrasing.
func (ix *index) relationTo(q *question, k int, phrasing int32) lexicon.Relation {
	best := lexicon.None
	if q.u.words[q.telling[k]].kind != content {
		return best
	}
	for j := range ix.phrasings[phrasing].words {
		if o := &ix.phrasings[phrasing].words[j]; o.kind == content {
			best = closer(best, q.between(k, o.text))
		}
	}
	return best
}

// closer is the relation that says more.
func closer(a, b lexicon.Relation) lexicon.Relation {
	if closeness[b] > closeness[a] {
		return b
	}
	return a
}

var closeness = map[lexicon.Relation]int{lexicon.None: 0, lexicon.Sister: 1, lexicon.Broader: 2, lexicon.Antonym: 3, lexicon.Synonym: 4, lexicon.Same: 5}

func (p *phrasing) holds(key string) bool {
	return slices.ContainsFunc(p.words, func(w word) bool { return w.key == key })
}

func (q *question) holds(key string) bool {
	return slices.ContainsFunc(q.telling, func(i int) bool { return q.u.words[i].key == key })
}

// askFigures compares what is asked.
func (ix *index) askFigures(v *figuresOf, q *question, fact, closest int32) {
	s := &ix.supports[fact]
	if q.asks == asksOther || q.asks == asksHow {
		return
	}
	tells := map[asks]bool{
		asksWhen:    len(s.years) > 0,
		asksWho:     s.tells&tellsPerson != 0,
		asksWhere:   s.tells&tellsPlace != 0,
		asksWhy:     s.tells&tellsReason != 0,
		asksHowMany: s.tells&tellsNumber != 0,
	}[q.asks]
	if tells {
		v[figTells] = 1
	}
	if s.asked[q.asks] == 0 && !tells {
		switch q.asks {
		case asksWhen:
			v[figWhen] = 1
		case asksWhere:
			v[figWhere] = 1
		case asksWho:
			v[figWho] = 1
		case asksWhy:
			v[figWhy] = 1
		case asksHowMany:
			v[figMany] = 1
		}
	}
	if closest >= 0 {
		switch p := ix.phrasings[closest].asks; {
		case p == q.asks:
			v[figAsks] = 1
		case p != asksOther:
			v[figAsks] = -1
		}
	}
}
