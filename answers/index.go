package answers

import (
	"slices"
	"strings"
	"sync"

	"footnote/answers/language"
	"footnote/answers/lexicon"
	"footnote/answers/parse"
	"footnote/answers/spell"
	"footnote/knowledge"
	"footnote/knowledge/csl"
)

// An index is what is read off a base without learning: its words, what its
// facts hold, how its questions are spelt. It is immutable.
type index struct {
	facts      []*knowledge.Fact
	phrasings  []phrasing
	lex        *lexicon.Lexicon
	synonyms   *thesaurus
	speller    *spell.Speller
	start      []int32              // of each fact's phrasings, and their end
	exact      map[string]int32     // the first phrasing with that canonical key; those of two facts are left out
	alike      []int32              // of each phrasing, the next one of its canonical key, or -1
	compounds  map[string][2]string // words that are also written as two, or with a hyphen
	unanswered []string

	unansweredTexts []string  // as they are compared
	supports        []support // of facts
	told            []told    // of facts
	vocabulary      *vocabulary

	// What is known of phrasings in other languages than English.
	languages    []string              // of the phrasings, the most frequent first
	multilingual bool                  // the base's texts go to the multilingual encoder
	asking       map[string]int        // how many facts ask with a word
	nouns        map[string]bool       // keys of words that have a capital as every noun has, and are no names
	written      map[string]parse.Word // words by their letters without accents, and with ue for ü
	starting     map[string][]string   // keys of words of languages without a stemmer, by their first letters

	byPhrasing, byText *bm25 // of phrasings, and of facts with all that they say
	spellings          *spellingIndex
	unansweredNear     *rareGrams
	unansweredChars    [][]feature
	owner              []int32   // the fact of each phrasing
	hasAnswers         bool      // sets of intents have none
	pool               sync.Pool // of *scratch
}

// A phrasing is one way to ask for a fact, as the matcher reads it.
type phrasing struct {
	fact    int32
	text    string
	words   []parse.Word
	keys    []int32 // of words
	texts   []int32 // of words, by their numbers; unknownWord where one is no content
	asks    parse.Asks
	details parse.Details
	weight  []float64 // of each word, for closest
	counts  []int32   // the words that have weight and tell something, each key once
	sum     float64   // of the weight of these

	negated bool
	order   parse.Order
}

func newIndex(base *knowledge.Base) *index {
	var decoding sync.WaitGroup
	decoding.Go(func() { lexicon.EnglishRelations() }) // which takes some milliseconds, and is needed at the end
	defer decoding.Wait()
	ix := &index{facts: base.Facts(), lex: lexicon.English(), synonyms: newThesaurus(base.Packs)}
	ix.languages, ix.multilingual = phrasedIn(ix.facts)
	var raw [][]parse.Word
	ix.start = []int32{0}
	for i, f := range ix.facts {
		ix.start = append(ix.start, ix.start[i]+int32(len(f.Questions)))
		for _, q := range f.Questions {
			words := parse.Text(q.Lang, q.Text)
			raw = append(raw, words)
			ix.phrasings = append(ix.phrasings, phrasing{fact: int32(i), text: q.Text, words: words})
		}
	}
	ix.compounds = compounds(raw)
	texts := make([][]parse.Word, len(ix.phrasings))
	beyond, people, cited := make([][]parse.Word, len(ix.facts)), make([][]parse.Word, len(ix.facts)), make([][]parse.Word, len(ix.facts))
	for i := range ix.phrasings {
		p := &ix.phrasings[i]
		p.words = ix.synonyms.rewrite(ix.join(p.words))
		texts[i] = p.words
	}
	for i, f := range ix.facts {
		beyond[i], cited[i] = ix.beyond(f), ix.cited(f)
		for _, who := range append([]string{f.AccordingTo}, f.Names()...) {
			people[i] = append(people[i], ix.synonyms.rewrite(parse.Text(mainLanguage(f), who))...)
		}
	}
	ix.vocabulary = newVocabulary(raw, texts, beyond, people, cited)
	ix.nouns = map[string]bool{}
	for _, words := range raw {
		ix.addNames(words)
	}
	ix.countAsking()
	for i := range ix.phrasings {
		ix.readPhrasing(&ix.phrasings[i])
	}
	ix.findExact()
	for i := range ix.facts {
		ix.addNames(beyond[i])
		for j := range people[i] {
			if w := &people[i][j]; w.IsName(ix.lex) {
				ix.vocabulary.marks[ix.vocabulary.id(w.Key)] |= person
			}
		}
	}
	ix.supports, ix.told = make([]support, len(ix.facts)), make([]told, len(ix.facts))
	b := newHoldings(ix.vocabulary)
	for i, f := range ix.facts {
		s := &ix.supports[i]
		ix.newSupport(s, f, beyond[i], b)
		for p := ix.start[i]; p < ix.start[i+1]; p++ {
			ix.addPhrasing(s, &ix.phrasings[p], raw[p], b)
		}
		b.take(s)
	}
	ix.vocabulary.relate(lexicon.EnglishRelations())
	ix.collectNative(slices.Concat(texts, beyond))
	ix.speller = spell.New(ix.lex, slices.Concat(texts, beyond))
	for _, p := range base.Packs {
		ix.unanswered = append(ix.unanswered, p.Unanswered...)
	}
	ix.count(texts, beyond, cited)
	return ix
}

// addNames takes up the words that stand with a capital inside a sentence.
func (ix *index) addNames(words []parse.Word) {
	for i, w := range words {
		switch {
		case !w.Upper:
		case w.Native() && w.NounsHaveCapitals(): // which names are, the others decide
			ix.addNoun(words, i)
		default:
			ix.vocabulary.marks[ix.vocabulary.id(w.Key)] |= capital
		}
	}
}

// readPhrasing fills in what is read off a phrasing's words.
func (ix *index) readPhrasing(p *phrasing) {
	p.asks, p.details, p.order = parse.AsksFor(p.words), parse.DetailsAsked(p.words), parse.OrderOf(p.words)
	p.keys, p.texts, p.weight = make([]int32, len(p.words)), make([]int32, len(p.words)), make([]float64, len(p.words))
	for j := range p.words {
		w := &p.words[j]
		p.negated = p.negated || w.Kind == parse.Negation
		p.keys[j], p.texts[j] = ix.vocabulary.id(w.Key), unknownWord
		if w.Kind == parse.Content {
			p.texts[j] = ix.vocabulary.addText(w)
		}
		if p.weight[j] = ix.weight(*w); w.Kind == parse.Function {
			p.weight[j] = functionWeight
		}
		if w.Kind != parse.Function && p.weight[j] != 0 && !slices.Contains(p.keys[:j], p.keys[j]) {
			p.counts = append(p.counts, int32(j))
			p.sum += p.weight[j]
		}
	}
}

// findExact finds the phrasings by their canonical keys.
func (ix *index) findExact() {
	ix.exact, ix.alike = make(map[string]int32, len(ix.phrasings)), make([]int32, len(ix.phrasings))
	last := map[string]int32{} // of those that several phrasings have
	for i := range ix.phrasings {
		k := parse.CanonicalKey(ix.phrasings[i].words)
		ix.alike[i] = -1
		j, ok := ix.exact[k]
		switch {
		case !ok:
			ix.exact[k] = int32(i)
		case j < 0 || ix.phrasings[j].fact != ix.phrasings[i].fact:
			ix.exact[k] = -1
		default:
			if l, ok := last[k]; ok {
				j = l
			}
			ix.alike[j], last[k] = int32(i), int32(i)
		}
	}
	for k, i := range ix.exact {
		if i < 0 {
			delete(ix.exact, k)
		}
	}
}

// exactly is the phrasing that words are, but for words of no weight; -1 if there is none but
// those that are excluded.
func (ix *index) exactly(words []parse.Word, x exclusion) int32 {
	p, ok := ix.exact[parse.CanonicalKey(words)]
	if !ok {
		return -1
	}
	for p >= 0 && x.skips(ix, p) {
		p = ix.alike[p]
	}
	return p
}

// count makes the indexes by which facts are found: words of phrasings, words of all
// that a fact says, and spellings of phrasings.
func (ix *index) count(texts, beyond, cited [][]parse.Word) {
	v := ix.vocabulary
	term := func(words []parse.Word) []int32 {
		ids := make([]int32, 0, len(words))
		for i := range words {
			if words[i].Kind != parse.Function {
				id := v.id(words[i].Key)
				v.marks[id] |= isTerm
				ids = append(ids, id)
			}
		}
		return ids
	}
	phrasings, facts, sources := make([][]int32, len(texts)), make([][]int32, len(beyond)), make([][]int32, len(beyond))
	ix.owner = make([]int32, len(texts))
	for i, t := range texts {
		f := ix.phrasings[i].fact
		ix.owner[i] = f
		ids := term(t)
		slices.Sort(ids)
		phrasings[i] = slices.Compact(ids)
		facts[f] = append(facts[f], phrasings[i]...)
	}
	for i, words := range beyond {
		facts[i] = append(facts[i], term(words)...)
		ix.hasAnswers = ix.hasAnswers || len(ix.facts[i].Answer) > 0
	}
	said := map[int32]bool{}
	for _, ids := range facts {
		for _, id := range ids {
			said[id] = true
		}
	}
	for i, words := range cited { // what no fact says tells which source is meant
		sources[i] = slices.DeleteFunc(term(words), func(id int32) bool { return said[id] })
	}
	n := len(ix.facts)
	ix.byPhrasing = newBM25(phrasings, nil, len(v.keys), func(i int) int32 { return ix.owner[i] }, n)
	ix.byText = newBM25(facts, sources, len(v.keys), func(i int) int32 { return int32(i) }, n)
	ix.pool.New = func() any { return newScratch(ix) }
	ix.spellings = newSpellingIndex(texts, ix.owner)
	n = len(ix.unanswered)
	ix.unansweredTexts, ix.unansweredChars = make([]string, n), make([][]feature, n)
	inParallel(n, func(i int) {
		u := ix.understand(ix.unanswered[i])
		ix.unansweredTexts[i], ix.unansweredChars[i] = ix.encodable(u.words), ix.spellings.vector(u.words, nil)
	})
	ix.unansweredNear = ix.spellings.over(ix.unansweredChars)
}

// cited are the words of the authors and titles that a fact cites. They help to find it, and
// are no evidence that it answers.
func (ix *index) cited(f *knowledge.Fact) []parse.Word {
	var all []parse.Word
	seen := map[*csl.Source]bool{}
	for _, c := range f.AllCites() {
		if c.Source == nil || seen[c.Source] {
			continue
		}
		seen[c.Source] = true
		for _, t := range append(c.Source.Authors(), c.Source.Title()) {
			all = append(all, ix.synonyms.rewrite(ix.join(parse.Text(language.English, t)))...)
		}
	}
	return all
}

// beyond is what a fact says beside its phrasings, as words.
func (ix *index) beyond(f *knowledge.Fact) []parse.Word {
	var all []parse.Word
	lang := mainLanguage(f)
	add := func(lang string, texts ...string) {
		for _, t := range texts {
			words := ix.join(parse.Text(lang, t))
			all = append(all, ix.synonyms.rewrite(words)...)
			all = append(all, words...) // a synonym that was rewritten holds its own words too
		}
	}
	add(lang, f.Keywords...)
	add(lang, f.Names()...)
	add(lang, f.AccordingTo)
	for l, t := range f.Answer {
		add(l, t)
	}
	for _, p := range f.Positions {
		add(lang, p.Holder)
		for l, t := range p.Claim {
			add(l, t)
		}
	}
	for _, d := range f.Dates {
		for l, t := range d.Label {
			add(l, t)
		}
	}
	for l, t := range f.Detail {
		add(l, t)
	}
	return all
}

// compounds finds the pairs of neighbouring words in texts that somebody may
// write as one ("neostalinism", "anti-gorbachev") and the words that somebody may write as two.
func compounds(texts [][]parse.Word) map[string][2]string {
	m := map[string][2]string{}
	for _, t := range texts {
		for i := range len(t) - 1 {
			a, b := t[i], t[i+1]
			if a.Kind == parse.Content && b.Kind == parse.Content && len(a.Text) >= 2 {
				m[a.Text+b.Text] = [2]string{a.Text, b.Text}
			}
		}
	}
	return m
}

// join makes one spelling of compounds: two words, as a hyphen makes them.
func (ix *index) join(words []parse.Word) []parse.Word {
	for i := 0; i < len(words); i++ {
		if pair, ok := ix.compounds[words[i].Text]; ok && words[i].Kind == parse.Content && (words[i].Native() || !ix.lex.Knows(words[i].Text)) {
			a, b := words[i].WithText(pair[0]), words[i].WithText(pair[1])
			a.Upper, b.Upper = words[i].Upper, words[i].Upper
			words = slices.Replace(slices.Clone(words), i, i+1, a, b)
			i++
		}
	}
	return words
}

// understood is a question as the matcher reads it.
type understood struct {
	lang, text string // as it was read
	words      []parse.Word
	repairs    []Repair
	frame      parse.Frame
}

// tells reports whether any word of the question tells what it is about.
func (u *understood) tells() bool {
	return slices.ContainsFunc(u.words, func(w parse.Word) bool { return w.Kind != parse.Function })
}

// understand reads a question: folds, repairs spellings, resolves synonyms.
func (ix *index) understand(text string) understood {
	return ix.understandIn(ix.languageFor(text), text)
}

// understandIn reads a question in a language.
func (ix *index) understandIn(lang, text string) understood {
	u := understood{lang: lang, text: text}
	words := ix.join(parse.Question(lang, text))
	if !parse.IsEnglish(lang) {
		words = ix.towardsPack(words)
	}
	for i, w := range words {
		if ix.synonyms.knows(w.Key) {
			continue
		}
		if better, ok := ix.speller.Repair(w); ok {
			u.repairs = append(u.repairs, Repair{w.Typed, better})
			upper := w.Upper
			words[i] = w.WithText(better)
			words[i].Upper = upper
		}
	}
	u.words = ix.synonyms.rewrite(ix.join(words))
	for i := range u.words { // capitals of a question tell who types, not what is asked, where a list tells names
		u.words[i].Upper = u.words[i].Upper && u.words[i].Native()
	}
	u.frame = parse.FrameOf(u.words, ix.lex)
	return u
}

// repaired is the text of a question with its spellings repaired.
func (u *understood) repaired() string {
	if len(u.repairs) == 0 {
		return u.text
	}
	words := make([]string, len(u.words))
	for i := range u.words {
		words[i] = u.words[i].Own()
	}
	return strings.Join(words, " ")
}
