package answers

import (
	"maps"
	"slices"
	"strings"

	"footnote/answers/lexicon"
	"footnote/knowledge"
)

// An index is what is read off a base without learning: its words, what its
// facts hold, how its questions are spelt. It is immutable.
type index struct {
	facts      []*knowledge.Fact
	phrasings  []phrasing
	lex        *lexicon.Lexicon
	synonyms   *thesaurus
	speller    *speller
	start      []int32              // of each fact's phrasings, and their end
	exact      map[string]int32     // phrasings by their bones; those of two facts are left out
	compounds  map[string][2]string // words that are also written as two, or with a hyphen
	unanswered []string
	supports   []support        // of facts
	people     map[string]bool  // keys of the names of people
	known      map[string]int32 // how many facts hold a key
	names      map[string]bool  // keys of words that the pack writes with a capital

	terms              map[string]int32 // ids of keys, for the two below
	byPhrasing, byText *bm25            // of phrasings, and of facts with all that they say
	spellings          *spellingIndex
	unansweredNear     *spellingIndex
	unansweredChars    [][]feature
	owner              []int32 // the fact of each phrasing
	hasAnswers         bool    // sets of intents have none
}

// A phrasing is one way to ask for a fact, as the matcher reads it.
type phrasing struct {
	fact   int32
	text   string
	words  []word
	asks   asks
	weight []float64 // of each word, for closest
	sum    float64   // of weight

	negated bool
	order   order
}

func newIndex(base *knowledge.Base) *index {
	ix := &index{facts: base.Facts(), lex: lexicon.English(), synonyms: newThesaurus(base.Packs)}
	var raw [][]word
	ix.start = []int32{0}
	for i, f := range ix.facts {
		ix.start = append(ix.start, ix.start[i]+int32(len(f.Questions)))
		for _, q := range f.Questions {
			words := read(q.Text)
			raw = append(raw, words)
			ix.phrasings = append(ix.phrasings, phrasing{fact: int32(i), text: q.Text, words: words})
		}
	}
	ix.compounds = compounds(raw)
	ix.names = map[string]bool{}
	for _, words := range raw {
		ix.addNames(words)
	}
	for i := range ix.phrasings {
		p := &ix.phrasings[i]
		p.words = ix.synonyms.rewrite(ix.join(p.words))
		p.asks = asksFor(p.words)
		p.weight = make([]float64, len(p.words))
		p.order = orderOf(p.words)
		for j, w := range p.words {
			p.negated = p.negated || w.kind == negation
			if p.weight[j] = ix.weight(w); w.kind == function {
				p.weight[j] = functionWeight
			}
			p.sum += p.weight[j]
		}
	}
	ix.exact = map[string]int32{}
	for i, p := range ix.phrasings {
		k := bones(p.words)
		if j, ok := ix.exact[k]; ok && (j < 0 || ix.phrasings[j].fact != p.fact) {
			ix.exact[k] = -1
		} else if !ok {
			ix.exact[k] = int32(i)
		}
	}
	maps.DeleteFunc(ix.exact, func(_ string, i int32) bool { return i < 0 })
	texts := make([][]word, len(ix.phrasings))
	for i, p := range ix.phrasings {
		texts[i] = p.words
	}
	ix.people = map[string]bool{}
	for _, f := range ix.facts {
		for _, who := range append([]string{f.AccordingTo}, f.People...) {
			for _, w := range ix.synonyms.rewrite(read(who)) {
				if w.isName(ix.lex) {
					ix.people[w.key] = true
				}
			}
		}
	}
	ix.supports = make([]support, len(ix.facts))
	beyond := make([][]word, len(ix.facts))
	for i, f := range ix.facts {
		beyond[i] = ix.beyond(f)
		ix.addNames(beyond[i])
	}
	for i, f := range ix.facts {
		ix.supports[i] = ix.newSupport(f, beyond[i])
	}
	for i, p := range ix.phrasings {
		ix.addPhrasing(&ix.supports[p.fact], p, raw[i])
	}
	ix.known = map[string]int32{}
	for _, s := range ix.supports {
		for k := range s.keys {
			ix.known[k]++
		}
	}
	ix.speller = newSpeller(ix.lex, slices.Concat(texts, beyond))
	for _, p := range base.Packs {
		ix.unanswered = append(ix.unanswered, p.Unanswered...)
	}
	ix.count(texts, beyond)
	return ix
}

// addNames takes up the words that stand with a capital inside a sentence.
func (ix *index) addNames(words []word) {
	for _, w := range words {
		if w.upper {
			ix.names[w.key] = true
		}
	}
}

// count makes the indexes by which facts are found: words of phrasings, words of all
// that a fact says, and spellings of phrasings.
func (ix *index) count(texts, beyond [][]word) {
	ix.terms = map[string]int32{}
	term := func(words []word) []int32 {
		var ids []int32
		for _, w := range words {
			if w.kind == function {
				continue
			}
			id, ok := ix.terms[w.key]
			if !ok {
				id = int32(len(ix.terms))
				ix.terms[w.key] = id
			}
			ids = append(ids, id)
		}
		return ids
	}
	phrasings, facts := make([][]int32, len(texts)), make([][]int32, len(beyond))
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
	n := len(ix.facts)
	ix.byPhrasing = newBM25(phrasings, len(ix.terms), func(i int) int32 { return ix.owner[i] }, n)
	ix.byText = newBM25(facts, len(ix.terms), func(i int) int32 { return int32(i) }, n)
	ix.spellings = newSpellingIndex(texts)
	for _, q := range ix.unanswered {
		u := ix.understand(q)
		ix.unansweredChars = append(ix.unansweredChars, ix.spellings.vector(u.words, nil))
	}
	ix.unansweredNear = ix.spellings.over(ix.unansweredChars)
}

// beyond is what a fact says beside its phrasings, as words.
func (ix *index) beyond(f *knowledge.Fact) []word {
	var all []word
	add := func(texts ...string) {
		for _, t := range texts {
			words := ix.join(read(t))
			all = append(all, ix.synonyms.rewrite(words)...)
			all = append(all, words...) // a synonym that was rewritten holds its own words too
		}
	}
	add(f.Keywords...)
	add(f.People...)
	add(f.AccordingTo)
	for _, t := range f.Answer {
		add(t)
	}
	for _, p := range f.Positions {
		add(p.Holder)
		for _, t := range p.Claim {
			add(t)
		}
	}
	for _, d := range f.Dates {
		for _, t := range d.Label {
			add(t)
		}
	}
	for _, t := range f.Detail {
		add(t)
	}
	return all
}

// compounds finds the pairs of neighbouring words in texts that somebody may
// write as one ("neostalinism", "anti-gorbachev") and the words that somebody may write as two.
func compounds(texts [][]word) map[string][2]string {
	m := map[string][2]string{}
	for _, t := range texts {
		for i := range len(t) - 1 {
			a, b := t[i], t[i+1]
			if a.kind == content && b.kind == content && len(a.text) >= 2 {
				m[a.text+b.text] = [2]string{a.text, b.text}
			}
		}
	}
	return m
}

// join makes one spelling of compounds: two words, as a hyphen makes them.
func (ix *index) join(words []word) []word {
	for i := 0; i < len(words); i++ {
		if pair, ok := ix.compounds[words[i].text]; ok && words[i].kind == content && !ix.lex.Knows(words[i].text) {
			a, b := makeWord(words[i].typed, pair[0]), makeWord(words[i].typed, pair[1])
			a.upper, b.upper = words[i].upper, words[i].upper
			words = slices.Replace(slices.Clone(words), i, i+1, a, b)
			i++
		}
	}
	return words
}

// understood is a question as the matcher reads it.
type understood struct {
	words   []word
	repairs []Repair
	frame   frame
}

// tells reports whether any word of the question tells what it is about.
func (u *understood) tells() bool {
	return slices.ContainsFunc(u.words, func(w word) bool { return w.kind != function })
}

// bones are what two wordings of the same question have in common: everything
// but articles, auxiliaries and polite words, in its order.
func bones(words []word) string {
	var b strings.Builder
	b.WriteByte('0' + byte(asksFor(words)))
	for _, w := range words {
		if w.kind == function && (articles[w.text] || auxiliaries[w.text] && !modals[w.text] || polite[w.text]) {
			continue
		}
		b.WriteByte(' ')
		b.WriteString(w.key)
	}
	return b.String()
}

// polite words and openings change nothing about what is asked.
var polite = set(`please tell me you hey hi hello well so and ok sorry guys btw just`)

// understand reads a question: folds, repairs spellings, resolves synonyms.
func (ix *index) understand(text string) understood {
	var u understood
	words := ix.join(readAsked(text))
	for i, w := range words {
		if ix.synonyms.knows(w.key) {
			continue
		}
		if better, ok := ix.speller.repair(w); ok {
			u.repairs = append(u.repairs, Repair{w.typed, better})
			upper := w.upper
			words[i] = makeWord(w.typed, better)
			words[i].upper = upper
		}
	}
	u.words = ix.synonyms.rewrite(ix.join(words))
	for i := range u.words { // capitals of a question tell who types, not what is asked
		u.words[i].upper = false
	}
	u.frame = parse(u.words, ix.lex)
	return u
}
