package answers

import (
	"slices"

	"footnote/answers/lexicon"
	"footnote/answers/parse"
	"footnote/answers/spell"
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
	total := max(q.total, 1e-9)
	near := q.nearest(top)
	closest := ix.closestPhrasing(v, q, s, top, near)
	c := covering{all: len(q.telling) > 0}
	for k := range q.telling {
		r := lexicon.None
		for t := range top {
			r = closer(r, near[t*len(q.telling)+k])
		}
		ix.cover(v, &c, q, k, r, fact, x)
	}
	c.into(v, total)
	if c.all && q.bare {
		v[figBare] = 1
	}
	ix.opposeTo(v, q, closest, top)
	ix.compareTimes(v, q, &ix.supports[fact])
	for i := range q.u.words {
		if r := &q.words[i]; r.rank && !ix.held(&q.u.words[i], r.key, fact, x).any() {
			v[figRank] = 1
		}
	}
	return closest
}

// closestPhrasing is the one of top that shares most with the question, -1 without any.
func (ix *index) closestPhrasing(v *figuresOf, q *question, s *similarities, top []int32, near []lexicon.Relation) int32 {
	total := max(q.total, 1e-9)
	closest, best := int32(-1), -1.0
	for t, p := range top {
		hit, sense, rev, revSense := q.overlap(&ix.phrasings[p], near[t*len(q.telling):])
		score := (hit+sense)/total + revSense
		if s.cosine != nil {
			score += .5 * float64(s.cosine[p])
		}
		if score > best {
			closest, best = p, score
			v[figCoverBest], v[figReverse], v[figReverseSense] = float32(hit/total), float32(rev), float32(revSense)
		}
	}
	return closest
}

// A covering sums up how far a fact holds the telling words of a question.
type covering struct {
	inPhrasings, beyond, elsewhere, nowhere float64
	sense, broader, unique                  float64
	heaviest, heaviestSense                 float64 // of the words that are missing
	missing, names, sisters                 int
	all                                     bool // it holds each
}

// cover adds the k-th telling word, which stands to the phrasings in relation r.
func (ix *index) cover(v *figuresOf, c *covering, q *question, k int, r lexicon.Relation, fact int32, x exclusion) {
	i := q.telling[k]
	w, key, weight := &q.u.words[i], q.words[i].key, q.weight[k]
	h := ix.held(w, key, fact, x)
	h.beyond = h.beyond || q.words[i].profession && ix.supports[fact].told&parse.Profession != 0
	isElsewhere := ix.heldElsewhere(key, fact, x)
	if c.all = c.all && h.any(); h.any() && !isElsewhere {
		c.unique += weight
	}
	switch {
	case h.phrasings:
		c.inPhrasings += weight
		c.sense += weight
		return
	case h.beyond:
		c.beyond += weight
	}
	same := sameSense(r)
	if same {
		c.sense += weight
	}
	if h.beyond {
		return
	}
	c.missing++
	c.heaviest = max(c.heaviest, weight)
	if same {
		return
	}
	if isElsewhere {
		c.elsewhere += weight
	} else {
		c.nowhere += weight
	}
	if w.Kind == parse.Content && ix.supports[fact].senseBeyond(q, k) {
		c.sense += senseBeyond * weight
		return
	}
	like := ix.nearSense(q, k, fact, x)
	c.sense += like * weight
	c.heaviestSense = max(c.heaviestSense, (1-like)*weight)
	if w.Kind == parse.Content && q.role(k) != lexicon.NoRole {
		v[figRelationUnheld] = 1
	}
	switch {
	case w.Kind == parse.Number:
		v[figNumberMissing] = 1
	case w.Kind == parse.Year || w.Kind == parse.Month: // compareTimes
	case q.words[i].name:
		c.names++
	}
	switch r {
	case lexicon.Broader:
		c.broader += weight
	case lexicon.Sister:
		c.sisters++
	}
}

// into writes the sums as figures.
func (c *covering) into(v *figuresOf, total float64) {
	v[figUnique] = float32(c.unique / total)
	v[figCoverFact] = float32(c.inPhrasings / total)
	v[figCoverBeyond] = float32(c.beyond / total)
	v[figElsewhere] = float32(c.elsewhere / total)
	v[figNowhere] = float32(c.nowhere / total)
	v[figCoverSense] = float32(c.sense / total)
	v[figBroader] = float32(c.broader / total)
	v[figMissing] = float32(min(c.missing, maxMissing))
	v[figMissingWeight] = float32(c.heaviest)
	v[figMissingSense] = float32(c.heaviestSense)
	v[figNameMissing] = float32(min(c.names, maxNames))
	v[figSister] = float32(min(c.sisters, maxSisters))
}

// opposeTo tells what of the question turns the closest phrasing round: an opposite, a
// negation, another order in time, another relation.
func (ix *index) opposeTo(v *figuresOf, q *question, closest int32, top []int32) {
	if closest >= 0 {
		ph := &ix.phrasings[closest]
		if q.isOpposite(ph) {
			v[figOpposite] = 1
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
		if ix.exchangesRelation(q, ph) {
			v[figRelation] = 1
		}
	}
	if q.negated && !slices.ContainsFunc(top, func(p int32) bool { return ix.phrasings[p].negated }) {
		v[figNegationUnseen] = 1
	}
}

// compareTimes holds the times of the question against those of the fact.
func (ix *index) compareTimes(v *figuresOf, q *question, sup *support) {
	for _, w := range q.spans {
		switch {
		case slices.ContainsFunc(sup.spans, w.Agrees):
			v[figDateAgrees] = 1
		case slices.ContainsFunc(sup.spans, w.SameYear):
			v[figDayDisagrees] = 1
		default:
			v[figDateMissing] = 1
		}
	}
}

// nearest are the closest relations of each telling word to the words of each of some
// phrasings: a row for each.
func (q *question) nearest(phrasings []int32) []lexicon.Relation {
	s := q.scratch
	n := len(q.telling)
	s.near = s.near[:0]
	for range n * len(phrasings) {
		s.near = append(s.near, lexicon.None)
	}
	for t, p := range phrasings {
		row := s.near[t*n : (t+1)*n]
		for _, text := range q.ix.phrasings[p].texts {
			if text < 0 {
				continue
			}
			for k, r := range q.relations(text) {
				if r != lexicon.None {
					row[k] = closer(row[k], r)
				}
			}
		}
	}
	return s.near
}

// overlap is the weight of the question's words that a phrasing holds, and holds in
// another word of the same sense; and the shares of the phrasing's weight that the
// question holds, without and with such words. near are the closest relations of the telling
// words to its words.
func (q *question) overlap(p *phrasing, near []lexicon.Relation) (hit, sense, rev, revSense float64) {
	for k, i := range q.telling {
		switch {
		case p.holds(q.words[i].key):
			hit += q.weight[k]
		case sameSense(near[k]):
			sense += q.weight[k]
		}
	}
	for _, j := range p.counts {
		weight := p.weight[j]
		switch {
		case q.holds(p.keys[j]):
			rev += weight
			revSense += weight
		case q.saysLike(p.texts[j]):
			revSense += weight
		}
	}
	if p.sum > 0 {
		rev, revSense = rev/p.sum, revSense/p.sum
	}
	return hit, sense, rev, revSense
}

// saysLike reports whether a word of the question has the same sense as a text of the base.
func (q *question) saysLike(text int32) bool {
	return text >= 0 && slices.ContainsFunc(q.relations(text), sameSense)
}

// isOpposite reports whether a word that only the question has is the opposite of one that only
// the phrasing has.
func (q *question) isOpposite(p *phrasing) bool {
	for j, text := range p.texts {
		if text < 0 || q.holds(p.keys[j]) {
			continue
		}
		for k, r := range q.relations(text) {
			if r == lexicon.Antonym && !p.holds(q.words[q.telling[k]].key) {
				return true
			}
		}
	}
	return false
}

func sameSense(r lexicon.Relation) bool { return r == lexicon.Same || r == lexicon.Synonym }

// exchangesRelation reports whether the question asks for another relation than the
// phrasing: for a mother where that asks for a wife.
func (ix *index) exchangesRelation(q *question, p *phrasing) bool {
	for k, i := range q.telling {
		if q.u.words[i].Kind != parse.Content || p.holds(q.words[i].key) {
			continue
		}
		role := q.role(k)
		if role == lexicon.NoRole {
			continue
		}
		other := false
		for j, text := range p.texts {
			if text < 0 {
				continue
			}
			if sameSense(q.relation(k, text)) {
				return false
			}
			other = other || ix.vocabulary.roles[text] == role && !q.holds(p.keys[j])
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
		w, r := &q.u.words[i], &q.words[i]
		switch {
		case p.holds(r.key) || slices.ContainsFunc(p.texts, func(text int32) bool { return text >= 0 && sameSense(q.relation(k, text)) }):
			shared++
		case ix.held(w, r.key, fact, x).any():
			return false
		case (r.name || w.Native()) && !s.senseBeyond(q, k) && !ix.slipOf(w, p.words):
			missing++
		default:
			return false
		}
	}
	names := 0
	for j := range p.words {
		o := &p.words[j]
		if o.Kind == parse.Function || p.weight[j] == 0 || q.holds(p.keys[j]) || q.saysLike(p.texts[j]) {
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
func (ix *index) slipOf(w *parse.Word, others []parse.Word) bool {
	return len(w.Text) >= spell.MinLength && (w.Native() || !ix.lex.Knows(w.Text)) &&
		slices.ContainsFunc(others, func(o parse.Word) bool { return spell.Distance(w.Text, o.Text, 1) <= 1 })
}

// closer is the relation that says more.
func closer(a, b lexicon.Relation) lexicon.Relation {
	if closeness[b] > closeness[a] {
		return b
	}
	return a
}

var closeness = [...]uint8{lexicon.None: 0, lexicon.Sister: 1, lexicon.Broader: 2, lexicon.Antonym: 3, lexicon.Synonym: 4, lexicon.Same: 5}

func (p *phrasing) holds(key int32) bool {
	return key >= 0 && slices.Contains(p.keys, key)
}

// holds reports whether a word of the question that tells something has the key, which is one of the base's.
func (q *question) holds(key int32) bool {
	for _, i := range q.telling {
		if q.words[i].key == key {
			return true
		}
	}
	return false
}

// askFigures compares what is asked.
func (ix *index) askFigures(v *figuresOf, q *question, fact, closest int32, x exclusion) {
	s := &ix.supports[fact]
	ix.detailFigures(v, q, fact, x)
	if q.asks == parse.AsksOther || q.asks == parse.AsksHow {
		return
	}
	tells := s.canTell(q.asks)
	if q.asks == parse.AsksHowMany {
		tells = ix.tellsCount(q, s)
	}
	if tells {
		v[figTells] = 1
	}
	if s.asked[q.asks] == 0 && !tells {
		switch q.asks {
		case parse.AsksWhen:
			v[figWhen] = 1
		case parse.AsksWhere:
			v[figWhere] = 1
		case parse.AsksWho:
			v[figWho] = 1
		case parse.AsksWhy:
			v[figWhy] = 1
		case parse.AsksHowMany:
			v[figMany] = 1
		}
	}
	if closest >= 0 {
		switch p := ix.phrasings[closest].asks; {
		case p == q.asks:
			v[figAsks] = 1
		case p != parse.AsksOther:
			v[figAsks] = -1
		}
	}
}

// detailFigures compares the details that are asked for with those that the fact tells, or is
// asked for by its phrasings.
func (ix *index) detailFigures(v *figuresOf, q *question, fact int32, x exclusion) {
	s := &ix.supports[fact]
	untold := func(d parse.Details) float32 {
		if d &= q.details; d == 0 || d&s.told != 0 || ix.asksDetail(d, fact, x) {
			return 0
		}
		return 1
	}
	const other = parse.AnotherTime | parse.Succession
	v[figAnotherTime], v[figSuccession], v[figDetailUntold] = untold(parse.AnotherTime), untold(parse.Succession), untold(^other)
	if q.details&s.told&^other != 0 {
		v[figDetailTold] = 1
	}
	if q.asksName && !q.bare && !slices.ContainsFunc(s.names, func(k int32) bool { return !q.holds(k) }) {
		v[figNamesNobody] = 1
	}
}

// asksDetail reports whether a phrasing of the fact asks for one of the details.
func (ix *index) asksDetail(d parse.Details, fact int32, x exclusion) bool {
	for p := ix.start[fact]; p < ix.start[fact+1]; p++ {
		if ix.phrasings[p].details&d != 0 && !x.skips(ix, p) {
			return true
		}
	}
	return false
}

// tellsCount reports whether a number of the fact may count what "how many" asks for. What "how
// much" asks for has no name.
func (ix *index) tellsCount(q *question, s *support) bool {
	words, focus := q.u.words, q.u.frame.Focus
	many := slices.IndexFunc(words, func(w parse.Word) bool { return w.Text == "many" })
	if s.tells&tellsNumber == 0 || len(s.counts) == 0 || many < 0 || focus <= many {
		return s.tells&tellsNumber != 0
	}
	for i := many + 1; i <= focus; i++ {
		if slices.ContainsFunc(s.counts, func(c counted) bool { return ix.mayCount(q, i, c) }) {
			return true
		}
	}
	return false
}

// mayCount reports whether what is counted may be what word i of the question stands for.
func (ix *index) mayCount(q *question, i int, c counted) bool {
	if c.text == unknownWord || c.key == q.words[i].key || c.people || !c.unit && parse.IsPeople(&q.u.words[i]) {
		return true
	}
	k := slices.Index(q.telling, i)
	return k >= 0 && q.relation(k, c.text) != lexicon.None
}

// canTell reports whether a fact has what a question of that kind asks for.
func (s *support) canTell(a parse.Asks) bool {
	switch a {
	case parse.AsksWhen:
		return len(s.years) > 0
	case parse.AsksWho:
		return s.tells&tellsPerson != 0
	case parse.AsksWhere:
		return s.tells&tellsPlace != 0
	case parse.AsksWhy:
		return s.tells&tellsReason != 0
	case parse.AsksHowMany:
		return s.tells&tellsNumber != 0
	}
	return false
}
