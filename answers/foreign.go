package answers

import (
	"context"
	"math"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"footnote/answers/encoder"
	"footnote/answers/language"
	"footnote/answers/parse"
)

// A question in another language than the pack's is compared with the facts in three ways:
//
//   - as a sentence, by the multilingual encoder, with phrasings and answers;
//   - word by word, with the same encoder as the dictionary, a table of words whose
//     opposites lie near (husband is as near to wife as Frau is), and names by their sound;
//   - read word for word as English, in all figures of an English question.
//
// What they are worth together is learned from translated questions (foreign_learn_test.go).

// Vectors are cut as those of packs in other languages are (encoders.go): the first of the
// encoder's numbers find as many facts as all of them.
const foreignDims = dims

// A foreign is what the multilingual encoder makes of a base, made when it is first needed.
// It is immutable.
type foreign struct {
	phrasings table
	owner     []int32 // the fact of each
	answers   table   // of facts

	unanswered table // of questions that the base is known not to answer

	words   []string  // of all facts: of phrasings, answers, keywords and people
	of      [][]int32 // each fact's
	asked   [][]int32 // each phrasing's
	held    []int32   // how many facts hold each
	names   []bool    // which are names
	capital []bool    // which are written with a capital more often than not, as names that are words too: Vane
	vectors []float32 // of words, less their mean
	mean    []float32
	named   []int32   // those that are names, or written as such
	written sounds    // as they are written
	spoken  sounds    // names as English says them, for questions in Cyrillic letters
	pool    sync.Pool // of *foreignScratch
}

// A foreignScratch is what the comparison of one word writes to, for each word of the base.
type foreignScratch struct {
	cosines []float32
	shared  []int32 // runs of letters; all 0 between words
	sharing []int32 // words that share any
}

const (
	// foreignPhrasings is how many phrasings of a fact are compared; more make nothing better.
	foreignPhrasings = 3

	// mostForeign bounds the texts of a base that is asked in other languages: some seconds
	// to make and 2 KB each. A larger base is compared by its first phrasings, and one that
	// has too many facts for that is not asked in this way at all.
	mostForeign = 24_000

	// mostForeignUnanswered bounds the unanswered questions that are compared.
	mostForeignUnanswered = 600
)

// spread are at most n of all, at even distances.
func spread(all []string, n int) []string {
	if len(all) <= n {
		return all
	}
	out := make([]string, n)
	for i := range out {
		out[i] = all[i*len(all)/n]
	}
	return out
}

// foreignTexts are the texts of a base that a foreign has vectors of.
type foreignTexts struct{ phrasings, answers, unanswered, words []string }

func (t *foreignTexts) all() []string {
	return slices.Concat(t.phrasings, t.answers, t.unanswered, t.words)
}

// foreignOfBase is a foreign without vectors, and the texts that it needs vectors of; nil for
// a base that is too large.
func foreignOfBase(ix *index) (*foreign, *foreignTexts) {
	n := len(ix.facts)
	each := min(max(mostForeign/max(n, 1)-1, 0), foreignPhrasings)
	if each == 0 || n == 0 {
		return nil, nil
	}
	f, t := &foreign{}, &foreignTexts{}
	for i := range ix.phrasings {
		p := &ix.phrasings[i]
		if int32(i)-ix.start[p.fact] < int32(each) {
			f.owner = append(f.owner, p.fact)
			t.phrasings = append(t.phrasings, foreignText+asQuestion(p.text))
		}
	}
	for _, fact := range ix.facts {
		lang := ""
		if fact.Pack != nil && len(fact.Pack.Languages) > 0 {
			lang = fact.Pack.Languages[0]
		}
		answer := fact.Answer.In(lang)
		for _, p := range fact.Positions {
			answer += " " + p.Claim.In(lang)
		}
		t.answers = append(t.answers, foreignText+answer)
	}
	for _, q := range spread(ix.unanswered, mostForeignUnanswered) {
		t.unanswered = append(t.unanswered, foreignText+asQuestion(q))
	}
	f.takeWords(ix, each)
	for _, w := range f.words {
		t.words = append(t.words, foreignText+w)
	}
	return f, t
}

// newForeign makes the vectors of a base that s lacks; nil for one that is too large.
func newForeign(ctx context.Context, ix *index, enc *encoder.Multilingual, s *vectorStore) (*foreign, error) {
	f, t := foreignOfBase(ix)
	if f == nil {
		return nil, nil
	}
	if err := s.make(ctx, encoders{multilingual: enc, foreign: true}, s.missing(t.all()), nil); err != nil {
		return nil, err
	}
	f.phrasings, f.answers, f.unanswered = s.rows(t.phrasings), s.rows(t.answers), s.rows(t.unanswered)
	words := s.rows(t.words)
	f.vectors = words.floats()
	f.centre()
	return f, nil
}

// asQuestion is a text as both sides are put to the encoder: in lower case, with one question
// mark.
func asQuestion(text string) string {
	return strings.TrimRight(strings.TrimLeft(strings.ToLower(strings.TrimSpace(text)), "¿¡ "), " ?!.…") + "?"
}

// encodeForeign is the vector of a text in any language. The encoder may have been let go since the
// base was encoded.
func encodeForeign(text string) []float32 {
	enc, err := encoder.LoadMultilingual()
	if err != nil { // the base has been encoded with the same weights
		return make([]float32, foreignDims)
	}
	return cutShort(enc.Encode(text))
}

// cutShort is a vector of the multilingual encoder, cut to foreignDims and at length 1.
func cutShort(v []float32) []float32 {
	v = v[:foreignDims]
	unit(v)
	return v
}

// takeWords collects the words of facts, and those of the first phrasings of each.
func (f *foreign) takeWords(ix *index, each int) {
	ids := map[string]int32{}
	f.of = make([][]int32, len(ix.facts))
	var capitals []int // how much more often each is written with a capital
	take := func(fact int32, words []parse.Word) {
		for i := range words {
			w := &words[i]
			if w.Kind != parse.Content || len(w.Text) < 2 {
				continue
			}
			commonly := *w // "war" is no name, though the Great War is
			commonly.Upper = false
			id, ok := ids[w.Text]
			if !ok {
				id = int32(len(f.words))
				ids[w.Text] = id
				f.words = append(f.words, w.Text)
				f.held = append(f.held, 0)
				f.names = append(f.names, commonly.IsName(ix.lex))
				capitals = append(capitals, 0)
			}
			if capitals[id]--; w.Upper {
				capitals[id] += 2
			}
			if !slices.Contains(f.of[fact], id) {
				f.of[fact] = append(f.of[fact], id)
				f.held[id]++
			}
		}
	}
	for i := range ix.phrasings {
		p := &ix.phrasings[i]
		take(p.fact, p.words)
		if int32(i)-ix.start[p.fact] >= int32(each) {
			continue
		}
		var asked []int32
		for j := range p.words {
			if id, ok := ids[p.words[j].Text]; ok && p.words[j].Kind == parse.Content && !slices.Contains(asked, id) {
				asked = append(asked, id)
			}
		}
		f.asked = append(f.asked, asked)
	}
	for i, fact := range ix.facts {
		var texts []string
		texts = append(texts, fact.Keywords...)
		texts = append(texts, fact.Names()...)
		texts = append(texts, fact.AccordingTo)
		for _, t := range fact.Answer {
			texts = append(texts, t)
		}
		for _, p := range fact.Positions {
			texts = append(texts, p.Holder)
			for _, t := range p.Claim {
				texts = append(texts, t)
			}
		}
		for _, t := range texts {
			take(int32(i), parse.Text(language.English, t))
		}
	}
	for id, more := range capitals {
		if f.capital = append(f.capital, more > 0); more > 0 || f.names[id] {
			f.named = append(f.named, int32(id))
		}
	}
	f.pool.New = func() any {
		return &foreignScratch{cosines: make([]float32, len(f.words)), shared: make([]int32, len(f.words))}
	}
	f.written = newSounds(f.words, func(id int) string { return language.Skeleton(f.words[id]) })
	f.spoken = newSounds(f.words, func(id int) string {
		if !f.names[id] && !f.capital[id] {
			return ""
		}
		return language.SpokenSkeleton(f.words[id])
	})
}

func (f *foreign) centre() {
	n := len(f.words)
	f.mean = make([]float32, foreignDims)
	for i := range n {
		axpy(1/float32(n), f.vectors[i*foreignDims:][:foreignDims], f.mean)
	}
	for i := range n {
		v := f.vectors[i*foreignDims:][:foreignDims]
		axpy(-1, f.mean, v)
		unit(v)
	}
}

// foreignOf is the base's foreign, which the first call makes; nil where there is none, and while
// LearnOtherLanguages is under way.
func (m *Matcher) foreignOf() *foreign {
	if f := m.foreign.Load(); f != nil || !m.multilingual || m.foreignUnderWay.Load() {
		return f
	}
	m.foreignOnce.Do(func() {
		enc, err := encoder.LoadMultilingual()
		if err != nil { // the program's tests exclude damaged weights
			return
		}
		f, _ := newForeign(context.Background(), m.ix, enc, newVectorStore(m.cacheDir))
		m.foreign.Store(f)
	})
	return m.foreign.Load()
}

// LearnOtherLanguages makes what questions in other languages than the base's need, so that the
// first of them need not wait for it. Until it returns they are read as if they were in the base's.
// What is made is kept in the cache, and without one in memory; it can be cancelled, and goes on
// from there the next time. It returns ctx's error, or the encoder's.
func (m *Matcher) LearnOtherLanguages(ctx context.Context) error {
	if !m.multilingual || m.ix.multilingual || m.foreign.Load() != nil {
		return nil
	}
	m.foreignUnderWay.Store(true)
	defer m.foreignUnderWay.Store(false)
	s := newVectorStore(m.cacheDir)
	_, t := foreignOfBase(m.ix)
	if t == nil {
		return nil
	}
	missing := s.missing(t.all())
	if len(missing) == 0 {
		return nil
	}
	enc, err := encoder.LoadMultilingual()
	if err != nil {
		return err
	}
	if m.cacheDir != "" { // until somebody asks, no memory is needed
		return s.make(ctx, encoders{multilingual: enc, foreign: true}, missing, nil)
	}
	f, err := newForeign(ctx, m.ix, enc, s)
	if err == nil {
		m.foreign.Store(f)
	}
	return err
}

// foreignState is the part of a Matcher that other languages need.
type foreignState struct {
	multilingual    bool // may be asked; it is loaded when it first is
	foreignOnce     sync.Once
	foreign         atomic.Pointer[foreign]
	foreignUnderWay atomic.Bool // LearnOtherLanguages is

	foreignBounds bounds

	home, homeAll map[string]bool // languages of phrasings: of some packs, and of every one
}

// productOf puts the dot products of v with the rows of x, of the given width, into out.
func productOf(x, v, out []float32, width int) {
	for i := range out {
		out[i] = dense(x[i*width:][:width], v)
	}
}

// A foreignFigure is a figure of a question in another language and a fact.
type foreignFigure int

const (
	foreignQuestionCosine foreignFigure = iota // with the nearest phrasing
	foreignAnswerCosine                        // with the answer
	foreignMean                                // mean nearness of its words with the nearest of the fact's
	foreignLeast                               // least of them
	foreignRare                                // mean by rarity of the words that came closest
	foreignLost                                // share of words that the fact has nothing like
	foreignQuestionLead                        // cosine less that of the best other fact
	foreignMeanLead                            // mean less that of the best other fact
	foreignElsewhere                           // how much nearer the words are to words of other facts
	foreignLead                                // first score less the second
	foreignShare                               // the first one's share of all exponentials
	foreignScore                               // the first one's score
	foreignUkrainian                           // the encoder does not know the language
	foreignUnanswered                          // the cosine less that with the nearest unanswered question, at most .15; .15 without any
	foreignEnglishScore                        // what the ranker for English makes of it, read as English
	foreignEnglishSure                         // log-odds of a sure answer by the model for English
	foreignEnglishAmong                        // and of one among three
	foreignOther                               // share of words that the fact has nothing like and another fact has
	foreignNowhere                             // share of words that no fact has anything like
	foreignReverse                             // how much of its nearest phrasing the question has words like
	foreignTogether                            // mean nearness of its words, by weight, with the words of one phrasing
	foreignLostWeight                          // the weight of words that the fact has nothing like, of the weight of all
	foreignHeaviestLost                        // the heaviest of them
	foreignNameOther                           // words that are a name of another fact and that this one has nothing like, at most 2
	foreignNameNowhere                         // names that no fact has anything like, at most 2
	foreignRead                                // share of its words, by weight, that are surely read
	foreignReadScore                           // what the ranker for English makes of it, as far as it is read
	foreignReadSure                            // and the model for sure answers
	foreignReadAmong                           // and that for one among three
	foreignOwn                                 // how many there are; figures of English follow
)

// foreignEnglish are the figures of the question read as English that count.
var foreignEnglish = []figure{
	figCosine, figCentred, figWhole, figClass, figPredicate, figCentredLead, figWholeLead,
	figPhrasing, figText, figCoverFact, figCoverSense, figMissingSense, figReverseSense, figElsewhere,
	figOpposite, figSister, figNameMissing, figNumberMissing, figDateMissing, figDateAgrees, figDayDisagrees, figNegation,
	figRelation, figRelationUnheld, figRank, figOrder, figWhen, figWhere, figWho, figWhy, figMany, figTells, figAsks,
	figUnanswered, figDoubt, figPhrasings, figUnique, figBare,
	figClassLead, figClassEnergy, figNearestOfAll, figPredicateLead, figPhrasingLead, figTextLead, figCoverBest, figCoverBeyond, figNowhere, figReverse,
	figMissing, figMissingWeight, figWords, figBroader, figDetailUntold, figDetailTold, figAnotherTime, figSuccession, figNamesNobody,
	figCosine3, figStandard, figCosineLead, figChars, figCharsLead, figUnansweredBy, figNegationUnseen, figFacts,
	figHard + hardName, figHard + hardDate, figHard + hardNumber, figHard + hardNot, figHard + hardFocus, figHard + hardVerb, figHard + hardRest, figHard + hardWhen, figHard + hardWhere,
	figHard + hardWhy, figHard + hardHowMany, figHard + hardWho, figHard + hardDefine, figHard + hardModal, figHard + hardExtreme, figHard + hardOrder, figHard + hardNothing, figHard + hardSpeaker,
}

// foreignSigns are the signs of the own figures, and their names.
var foreignOwnKinds = [foreignOwn]struct {
	name string
	sign sign
	rank bool
}{
	{"sentence", helps, true}, {"answer", helps, true}, {"words", helps, true}, {"least word", helps, true}, {"words by rarity", helps, true}, {"words lost", against, true},
	{"lead by sentence", helps, false}, {"lead by words", helps, false}, {"words elsewhere", against, true},
	{"lead of score", helps, false}, {"share of score", helps, false}, {"score", free, false}, {"unknown to the encoder", free, false}, {"unanswered", helps, false},
	{"english score", helps, true}, {"english sure", helps, false}, {"english among three", helps, false}, {"words of others", against, true}, {"words nowhere", against, false},
	{"phrasing held", helps, true}, {"words in one phrasing", helps, true}, {"weight lost", against, true}, {"heaviest lost", against, true}, {"name of others", against, true}, {"name nowhere", against, false},
	{"read", free, false}, {"english score as read", helps, true}, {"english sure as read", helps, false}, {"english among three as read", helps, false},
}

const mostForeignFigures = 128

type foreignFiguresOf [mostForeignFigures]float32

var foreignFigures = int(foreignOwn) + len(foreignEnglish)

func foreignKind(i int) (name string, s sign, rank bool) {
	if i < int(foreignOwn) {
		k := foreignOwnKinds[i]
		return k.name, k.sign, k.rank
	}
	k := figureKinds[foreignEnglish[i-int(foreignOwn)]]
	return "english: " + k.name, k.sign, k.rank
}

// A foreignCandidate is a fact that is compared with the question.
type foreignCandidate struct {
	fact     int32
	v        foreignFiguresOf
	figures  figuresOf
	evidence evidence
	closest  int32
	against  bool // it contradicts the question, so that it is never said surely
}

// compareOne is compare for a fact that may not be among the candidates, of which at is its place
// or -1: then nothing was made of its letters.
func (ix *index) compareOne(q *question, m *meaning, s *similarities, at int, fact int32, x exclusion) (figuresOf, evidence, int32) {
	if at >= 0 {
		return ix.compare(q, m, s, at, fact, x)
	}
	clear(s.charsOf[ix.start[fact]:ix.start[fact+1]])
	kept := s.chars[0]
	s.chars[0] = 0
	defer func() { s.chars[0] = kept }()
	return ix.compare(q, m, s, 0, fact, x)
}

const (
	// foreignCompared is how many facts are compared, those nearest as sentences, and
	// foreignByGloss how many more by the question read as English.
	foreignCompared, foreignByGloss = 8, 4
)

// compare compares the question with the facts worth it.
func (f *foreign) compare(ix *index, q *foreignQuestion, m *meaning, x exclusion) []foreignCandidate {
	english := learned.of(ix.hasAnswers, m != nil)
	if m != nil {
		english = &m.models
	}
	n := len(ix.facts)
	bySentence, byAnswer := make([]float32, n), make([]float32, n)
	cos := make([]float32, len(f.owner))
	f.phrasings.product(q.vector, cos)
	for i := range bySentence {
		bySentence[i] = -1
	}
	for i, c := range cos {
		bySentence[f.owner[i]] = max(bySentence[f.owner[i]], c)
	}
	f.answers.product(q.vector, byAnswer)
	score := make([]float32, n)
	for i := range score {
		score[i] = max(bySentence[i]+byAnswer[i]/2, 0) + 1e-6
	}
	unanswered := float32(-1)
	if n := f.unanswered.rows(); n > 0 {
		near := make([]float32, n)
		f.unanswered.product(q.vector, near)
		unanswered = max(unanswered, slices.Max(near))
	}
	facts := bestOf(score, foreignCompared)
	more, s := ix.candidates(q.q, m, x)
	for _, fact := range more[:min(len(more), foreignByGloss)] {
		if !slices.Contains(facts, fact) {
			facts = append(facts, fact)
		}
	}
	out := make([]foreignCandidate, len(facts))
	for i, fact := range facts {
		c := &out[i]
		c.fact = fact
		c.figures, c.evidence, c.closest = ix.compareOne(q.q, m, s, slices.Index(more, fact), fact, x)
		c.against = ix.hasAnswers && (contradicted(&c.figures) || ix.exchanged(q.q, fact, c.closest, x))
		c.v[foreignQuestionCosine], c.v[foreignAnswerCosine] = bySentence[fact], byAnswer[fact]
		f.compareWords(c, ix, q)
		c.v[foreignUnanswered] = unansweredBound
		if unanswered >= 0 {
			c.v[foreignUnanswered] = min(bySentence[fact]-unanswered, unansweredBound)
		}
		if q.lang == "uk" {
			c.v[foreignUkrainian] = 1
		}
		for k, e := range foreignEnglish {
			c.v[int(foreignOwn)+k] = c.figures[e]
		}
	}
	if len(out) == 0 {
		return nil
	}
	asEnglish(out, english)
	read := q.read()
	for i := range out {
		v := &out[i].v
		v[foreignRead] = read
		v[foreignReadScore], v[foreignReadSure], v[foreignReadAmong] = read*v[foreignEnglishScore], read*v[foreignEnglishSure], read*v[foreignEnglishAmong]
	}
	leads(out, foreignQuestionCosine, foreignQuestionLead)
	leads(out, foreignMean, foreignMeanLead)
	return out
}

// asEnglish fills in what the models for English make of each candidate, as if it were the first.
func asEnglish(c []foreignCandidate, m *models) {
	z := make([]float64, len(c))
	for i := range c {
		z[i] = m.ranker.at(&c[i].figures)
	}
	top, sum := slices.Max(z), 0.0
	for _, x := range z {
		sum += math.Exp(x - top)
	}
	sorted := slices.Sorted(slices.Values(z))
	for i := range c {
		v := c[i].figures
		other := top
		if z[i] == top && len(sorted) > 1 {
			other = sorted[len(sorted)-2]
		}
		v[figScore], v[figShare] = float32(z[i]), float32(math.Exp(z[i]-top)/sum)
		v[figLead], v[figDepth] = mostLead, mostDepth
		if len(c) > 1 {
			v[figLead] = float32(min(z[i]-other, mostLead))
		}
		if len(c) > 3 {
			v[figDepth] = float32(min(z[i]-sorted[len(sorted)-4], mostDepth))
		}
		bound := func(x float64) float32 { return float32(min(max(x, -shareEdge), shareEdge)) }
		c[i].v[foreignEnglishScore], c[i].v[foreignEnglishSure], c[i].v[foreignEnglishAmong] = v[figScore], bound(m.sure.at(&v)), bound(m.among.at(&v))
	}
}

// leads fills in by how much each candidate is ahead of the best other one.
func leads(c []foreignCandidate, of, lead foreignFigure) {
	for i := range c {
		best := float32(-1)
		for k := range c {
			if k != i {
				best = max(best, c[k].v[of])
			}
		}
		c[i].v[lead] = c[i].v[of] - best
	}
}

// encodeGloss gives the question read as English its vectors.
func (m *Matcher) encodeGloss(q *foreignQuestion) {
	if m.meaning.Load() == nil || len(q.u.words) == 0 {
		return
	}
	enc, err := encoder.Load()
	if err != nil {
		return
	}
	q.q.vector = enc.Encode(encodable(q.u.words)).Sentence
	if p := m.ix.predicateOf(q.u.words); p != "" {
		q.q.predicate = enc.Encode(p).Sentence
	}
}
