package answers

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"sync/atomic"

	"footnote/answers/language"
	"footnote/answers/parse"
	"footnote/knowledge"
)

// Options tunes a Matcher. The zero value is the product's default.
type Options struct {
	// Encoder switches the sentence encoders: "" or "on" uses them, "english" only that for
	// English, so that questions in other languages than the base's are read as they stand,
	// and "off" never loads one.
	Encoder string

	// Caution is how careful the matcher is: "" or "normal", "low" for more answers and
	// more wrong ones, "high" for fewer of both.
	Caution string

	// CacheDir is a folder in which the vectors of texts are kept between starts; "" keeps
	// nothing. It is made if it is not there. A cache that cannot be read or written costs
	// time and nothing else.
	CacheDir string

	// Patience is how many texts New encodes before it returns; where more lack their
	// vectors it leaves them to Learn, and answers by words until then. 0 is
	// DefaultPatience, less leaves everything to Learn.
	Patience int

	// Progress, if not nil, is told how many texts have been encoded, some hundreds at a
	// time, by New and by Learn.
	Progress func(done, total int)
}

// A Matcher answers queries from one immutable Base. But for the one change when it
// has learned (see Learn), it is immutable, and it is safe for concurrent use.
type Matcher struct {
	base     *knowledge.Base
	ix       *index
	meaning  atomic.Pointer[meaning]
	encoder  bool // may be asked; it is loaded when it first is, since an idle bot should not hold it
	store    *vectorStore
	texts    *baseTexts // until they are learned
	cacheDir string
	progress func(done, total int)
	bounds   bounds
	foreignState
	glossed *glossed // the base in English, where it is not; else nil
}

// New reads base and makes what is not kept of its texts' vectors, which ctx can
// cancel. It returns ctx's error, or an error for options that it does not know.
func New(ctx context.Context, base *knowledge.Base, opts Options) (*Matcher, error) {
	m := &Matcher{base: base, progress: opts.Progress}
	switch opts.Encoder {
	case "", "on":
		m.encoder, m.multilingual = true, true
	case "english":
		m.encoder = true
	case "off":
	default:
		return nil, fmt.Errorf("matcher.encoder is %q: it can be \"on\", \"english\" or \"off\"", opts.Encoder)
	}
	var ok bool
	if m.bounds, ok = boundsOf(opts.Caution); !ok {
		return nil, fmt.Errorf("matcher.caution is %q: it can be \"low\", \"normal\" or \"high\"", opts.Caution)
	}
	m.home, m.homeAll = homeOf(base)
	m.foreignBounds = foreignBounds[cmp.Or(opts.Caution, "normal")]
	m.ix = newIndex(base)
	m.encoder = m.encoder && (m.multilingual || !m.ix.multilingual)
	if !m.ix.hasAnswers {
		m.bounds = m.bounds.ofLabels()
	}
	if !m.encoder {
		return m, nil
	}
	var err error
	if m.glossed, err = newGlossed(ctx, m.ix, base, opts); err != nil {
		return m, err
	}
	m.store, m.cacheDir = openVectors(opts.CacheDir), opts.CacheDir
	patience := opts.Patience
	if patience == 0 {
		patience = DefaultPatience
	}
	if m.lacking() > patience {
		return m, ctx.Err()
	}
	return m, m.Learn(ctx)
}

// Base is what the matcher answers from.
func (m *Matcher) Base() *knowledge.Base { return m.base }

// Match decides on q. It never fails and never panics on any input.
func (m *Matcher) Match(q Query) Result { return m.match(q, nothingExcluded) }

// MatchWithout decides on q as if the fact had not its i-th phrasing: whether a phrasing is
// found by the others tells how well a fact is found in words that nobody wrote down. The
// fact is one of the base's; i counts from 0.
func (m *Matcher) MatchWithout(q Query, fact *knowledge.Fact, i int) Result {
	f := slices.Index(m.ix.facts, fact)
	if f < 0 || i < 0 || i >= len(fact.Questions) {
		return m.Match(q)
	}
	return m.match(q, withoutPhrasing(m.ix.start[f]+int32(i)))
}

func (m *Matcher) match(q Query, x exclusion) Result {
	text := parse.Undress(q.Text, q.Names)
	in := m.spokenIn(text, q.Lang)
	if in.table != nil && !in.unknown && m.multilingual && !m.ix.multilingual {
		if r, ok := m.matchForeign(q, &in, text, x); ok {
			return r
		}
	}
	u := m.ix.understand(text)
	d := m.decide(u, x)
	if english, ok := parse.FollowUpInEnglish(text); ok && d.exact < 0 && !m.ix.multilingual {
		u = m.ix.understandIn(language.English, english)
		d = m.decide(u, x)
	}
	alone := d.exact >= 0 || d.outcome == Answered && !d.tentative && !parse.Continues(u.words)
	if l, ok := parse.LeaningOf(u.words, u.frame); !alone && ok {
		if q.Previous != nil {
			switch f, ok, tried := m.followUp(u, l, q.Previous); {
			case ok:
				d = f
			case d.outcome == Declined:
				d.untold = tried
			case tried && len(d.order) > 0 && m.saysVerbsAlone(l.Said) && !m.goesOn(q.Previous, d.order[0]):
				// "and closed?": whatever else was closed is not meant.
				d = decision{u: u, outcome: Declined, exact: -1, closest: -1, untold: true}
			}
		}
	} else {
		alone = true
	}
	if m.multilingual && !m.ix.multilingual && d.outcome == Declined && !d.untold && m.byWords(&in, text, q.Lang) {
		d = m.translated(&in, d, x)
	}
	return m.finish(q, &in, d, alone)
}

// matchForeign decides on a question in another language than the base's; false where the base
// cannot be asked so.
func (m *Matcher) matchForeign(q Query, in *spoken, text string, x exclusion) (Result, bool) {
	home := decision{outcome: Declined, exact: -1, closest: -1}
	if in.both {
		home = m.decide(m.ix.understand(text), x)
	}
	f, follows, leans := m.goesOnForeign(in, q.Previous)
	if follows && in.continues() {
		return m.finish(q, in, f, false), true
	}
	d := m.translated(in, home, x)
	switch {
	case d.foreign == "" && !in.both:
		return Result{}, false
	case follows && d.rank() < 3:
		d = f
	case leans && d.outcome == Declined:
		d.untold = f.untold
	}
	return m.finish(q, in, d, !leans), true
}

// finish makes the Result of a decision.
func (m *Matcher) finish(q Query, in *spoken, d decision, alone bool) Result {
	spoken := ""
	if d.foreign != "" || !in.english {
		spoken = in.guess.Tag
	}
	if spoken != "" {
		q.Lang = spoken // what is offered is shown in the language of the question, where there is one in it
	}
	r := m.result(q, d)
	r.Alone, r.Lang, r.Foreign = alone, spoken, spoken != "" && !m.home[spoken]
	r.Unknown = spoken == "" && in.guess.Unknown
	return r
}

// A decision is a Result in the making.
type decision struct {
	u         understood
	outcome   Outcome
	tentative bool
	order     []int32 // facts, best first, at most MaxCandidates
	conf      []float64
	offered   int       // how many of order, after the one that is said if one is
	weights   []float64 // of the words
	evidence  evidence
	figures   figuresOf // of the first
	models    *models
	sure      float64 // probability that the first fact answers
	among     float64 // probability that the right fact is one of the first three
	chance    float64 // that the first fact answers, by what was learned across packs alone
	closest   int32   // the phrasing of the first fact that the question comes closest to; -1 if none
	exact     int32   // the phrasing that the question is, but for words of no weight; -1 if none
	encoded   bool
	followUp  bool
	several   bool   // a name alone, which several facts have and the first is not about
	more      bool   // a follow-up that asks for more of the same
	untold    bool   // it reads like a follow-up, and nothing supports it
	foreign   string // the language of a question that was read in another one than the base's; else ""
}

// exactConfidence is that of a question that is a phrasing but for words of no
// weight.
const exactConfidence = 0.99

// decide ranks, weighs and decides, as if what is excluded were not there.
func (m *Matcher) decide(u understood, x exclusion) decision {
	d := decision{u: u, outcome: Declined, exact: -1, closest: -1}
	if len(u.words) == 0 || len(m.ix.facts) == 0 {
		return d
	}
	if p := m.ix.exactly(u.words, x); p >= 0 && len(u.repairs) == 0 {
		fact := m.ix.phrasings[p].fact
		d.exact, d.closest = p, p
		d.order, d.conf = []int32{fact}, []float64{exactConfidence}
		d.judge(m.ix, fact, x)
		d.sure, d.among, d.outcome = exactConfidence, exactConfidence, Answered
		return d
	}
	// "what is it about?", "who says so?": nothing but an exact phrasing answers that, except in
	// sets of labels, where "who are you?" may be asked in many ways.
	if labels := !m.ix.hasAnswers && m.Learned(); !labels && (!u.tells() || parse.AsksWhose(u.words, u.frame)) {
		return d
	}
	m.weigh(&d, x)
	return d
}

// weigh compares the question with the facts worth comparing and decides.
func (m *Matcher) weigh(d *decision, x exclusion) {
	q, mean := m.reading(&d.u, x)
	defer q.close()
	d.weigh(q)
	d.encoded = q.vector != nil
	if d.models = learned.of(m.ix.hasAnswers, false); d.encoded {
		d.models = &mean.models
	}
	facts, v, e, closest := m.ix.compareAll(q, mean, x)
	if len(facts) == 0 {
		return
	}
	order, z := d.models.place(facts, v)
	if m.glossed != nil {
		order = m.glossed.rank(&d.u, x, facts, v, z)
	}
	first := order[0]
	d.figures, d.evidence, d.closest = v[first], e[first].kept(), closest[first]
	d.sure, d.among = min(sigmoid(d.models.sure.at(&d.figures)), exactConfidence), sigmoid(d.models.among.at(&d.figures)) // none is surer than a phrasing itself
	// What a base moves makes a sure answer rarer, and not what is shown with doubt.
	d.chance = max(d.sure, sigmoid(learned.of(m.ix.hasAnswers, d.encoded).sure.at(&d.figures)))
	if d.encoded && len(m.ix.unanswered) >= adaptFrom { // but many unanswered questions tell what is none of its business
		d.chance = min(d.chance, d.sure/unlikelyShare)
	}
	if m.ix.hasAnswers {
		m.ix.weighNative(d, q, facts[first], x)
	}
	if m.ix.hasAnswers && (contradicted(&d.figures) || d.encoded && unlike(&d.figures) || m.ix.exchanged(q, facts[first], d.closest, x)) {
		d.sure *= contradictedShare
	}
	if m.ix.hasAnswers && parse.AsksNothing(d.u.words) {
		d.sure *= nothingShare
		d.among = d.sure
	}
	d.among = max(d.among, d.sure)
	for _, i := range order[:min(len(order), MaxCandidates)] {
		d.order = append(d.order, facts[i])
	}
	d.conf = confidences(d.sure, d.among, order, z)
	d.several = m.ix.hasAnswers && m.ix.severalHave(q, facts[first], x)
	m.bounds.decide(d)
}

// judge fills in how the words of the question stand to a fact that needs no more figures.
func (d *decision) judge(ix *index, fact int32, x exclusion) {
	q := ix.prepareWords(&d.u)
	defer q.close()
	d.weigh(q)
	d.evidence = ix.judge(q, fact, x).kept()
}

// weigh keeps the weights of the question's words.
func (d *decision) weigh(q *question) {
	d.weights = make([]float64, len(q.words))
	for i := range q.words {
		d.weights[i] = q.words[i].weight
	}
}

// contradicted reports whether the question has something that the first fact plainly
// contradicts or cannot tell: another number, the opposite of a word, a date that is none of
// its dates, a reason, person, place or number that it does not give. A fact is never said
// surely against that, however alike the words are. In the material this is so of a sixth of
// the near misses and of a few in a hundred of the questions that are answered, which are
// then answered tentatively.
func contradicted(v *figuresOf) bool {
	for _, i := range contradictions {
		if v[i] > 0 {
			return true
		}
	}
	return false
}

var contradictions = [...]figure{figNumberMissing, figOpposite, figDateMissing, figDayDisagrees, figWhen, figWhere, figWho, figWhy, figMany, figDetailUntold, figAnotherTime, figSuccession, figNamesNobody, figHard + hardSpeaker}

// unlike reports whether the question is, in meaning, like no phrasing of the first fact and
// not like what it says: a word or two that it shares with it make it no answer.
func unlike(v *figuresOf) bool { return v[figStandard] < unlikePhrasings && v[figWhole] < unlikeFact }

// The bounds are chosen on the packs in testdata: below both lie three far questions in four
// that were surely answered, and two right answers in two thousand.
const unlikePhrasings, unlikeFact = -1, .6

// contradictedShare is what is left of the probability of such a fact: less than any bound
// of a sure answer but that of low caution.
const contradictedShare = .57

// nothingShare is what is left where the question asks for nothing that a fact could tell: less
// than any bound of what is offered but that of low caution.
const nothingShare = .4

// reading prepares a question, with its vector where there is a meaning to compare it with.
func (m *Matcher) reading(u *understood, x exclusion) (*question, *meaning) {
	mean := m.meaning.Load()
	q := m.ix.prepare(u)
	if mean == nil {
		return q, nil
	}
	enc, err := m.ix.loadEncoder()
	if err != nil { // the program's tests exclude damaged weights
		return q, mean
	}
	q.senses = mean.senses
	q.sense, q.said = mean.senses.of(q, enc, m.ix)
	text, predicate := m.ix.encodable(u.words), m.ix.predicateOf(u.words)
	switch p := x.phrasing; {
	case p >= 0 && text == m.ix.encodable(m.ix.phrasings[p].words): // its vectors are there
		q.vector = mean.phrasings.row(int(p))
		if predicate != "" {
			q.predicate = mean.predicates.row(int(p))
		}
	case predicate == "":
		q.vector = enc.encode(m.ix.askable(text))
	case predicate == text:
		q.vector = enc.encode(m.ix.askable(text))
		q.predicate = q.vector
	default: // together they take less time than one by one, and give the same
		_ = enc.encodeAll(context.Background(), []string{m.ix.askable(text), m.ix.askable(predicate)}, func(i int, v []float32) {
			if i == 0 {
				q.vector = v
			} else {
				q.predicate = v
			}
		})
	}
	return q, mean
}

// compareAll gives the candidates of a question with their figures, until the question is closed.
func (ix *index) compareAll(q *question, m *meaning, x exclusion) (facts []int32, v []figuresOf, e []evidence, closest []int32) {
	facts, s := ix.candidates(q, m, x)
	kept := &q.scratch.compared
	v, e, closest = kept.figures[:len(facts)], kept.evidence[:len(facts)], kept.closest[:len(facts)]
	for i, f := range facts {
		v[i], e[i], closest[i] = ix.compare(q, m, s, i, f, x)
	}
	return facts, v, e, closest
}
