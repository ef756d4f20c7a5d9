package bot

import (
	"cmp"
	"math"
	"slices"
	"strings"
	"unicode"

	"github.com/sahilm/fuzzy"
	"golang.org/x/text/unicode/norm"

	"footnote/knowledge"
)

// A finder looks facts up by words that somebody types to find them: in
// /source, in /search and while typing. It is no matcher: it never answers a
// question, it lists. Words are compared one by one, in any order, because
// sahilm/fuzzy wants all characters of a pattern in their order and has no
// comparable scores across patterns; against single words it is right.
type finder struct {
	vocab   []string         // every word of every entry, once
	lengths []int            // of vocab, in runes
	weight  []float64        // of vocab: how much finding it says (inverse document frequency)
	entries []finderEntry    // one for each fact, in order
	exact   map[string]int32 // index into vocab
	names   []finderName     // people, topics and titles of sources, once, in order
	aliases []finderAlias    // what else the packs' words are called, e.g. in another script
}

// A finderAlias is a word with the words of the vocabulary that mean the same.
type finderAlias struct {
	word string
	of   []int32
}

type finderName struct {
	name  string
	words []string
}

type finderEntry struct {
	fact *knowledge.Fact
	in   [fields][]int32 // indexes into vocab, ascending
}

// The fields of a fact, for which /source and /search differ.
const (
	fieldName = iota // id, canonical question, people, topics
	fieldCite        // authors and titles of its sources
	fieldMore        // other phrasings, keywords
	fieldText        // answer, detail, holders and claims
	fields
)

// fieldWeight is what finding a word in a field counts for /search. The names
// of a fact say what it is about; its text only mentions things.
var fieldWeight = [fields]float64{1, .8, .9, .7}

// Bounds on what is read of typed text: more words find nothing better.
const (
	maxFindBytes = 512
	maxFindWords = 12
)

func newFinder(facts []*knowledge.Fact, packs []*knowledge.Pack) *finder {
	x := &finder{exact: map[string]int32{}}
	var df []int
	named := map[string]bool{}
	addName := func(name string) {
		if name != "" && !named[name] {
			named[name] = true
			x.names = append(x.names, finderName{name, foldedWords(name, maxFindWords)})
		}
	}
	for _, f := range facts {
		e := finderEntry{fact: f}
		var texts [fields][]string
		add := func(field int, t ...string) { texts[field] = append(texts[field], t...) }
		add(fieldName, f.ID, f.Questions[0].Text)
		add(fieldName, f.People...)
		add(fieldName, f.Topics...)
		for _, name := range slices.Concat(f.People, f.Topics) {
			addName(name)
		}
		for _, q := range f.Questions[1:] {
			add(fieldMore, q.Text)
		}
		add(fieldMore, f.Keywords...)
		add(fieldText, f.AccordingTo)
		for _, t := range f.Answer {
			add(fieldText, t)
		}
		for _, t := range f.Detail {
			add(fieldText, t)
		}
		for _, p := range f.Positions {
			add(fieldName, p.Holder)
			for _, t := range p.Claim {
				add(fieldText, t)
			}
		}
		for _, c := range factCites(f) {
			if c.Source != nil {
				add(fieldCite, c.Source.ID, c.Source.Title())
				add(fieldCite, c.Source.Authors()...)
			}
		}
		seen := map[int32]bool{}
		for field, t := range texts {
			var words []int32
			for _, s := range t {
				for _, w := range foldedWords(s, math.MaxInt) {
					i, ok := x.exact[w]
					if !ok {
						i = int32(len(x.vocab))
						x.exact[w] = i
						x.vocab = append(x.vocab, w)
						x.lengths = append(x.lengths, len([]rune(w)))
						df = append(df, 0)
					}
					words = append(words, i)
					if !seen[i] {
						seen[i] = true
						df[i]++
					}
				}
			}
			slices.Sort(words)
			e.in[field] = slices.Compact(words)
		}
		x.entries = append(x.entries, e)
	}
	for _, f := range facts {
		for _, c := range factCites(f) { // after all people and topics, which are shorter to read
			addName(c.Source.Title())
		}
	}
	x.weight = make([]float64, len(df))
	for i, n := range df {
		x.weight[i] = math.Log(1 + float64(len(facts))/float64(n))
	}
	for _, p := range packs {
		for _, group := range p.Synonyms {
			x.addAliases(group)
		}
	}
	return x
}

// addAliases takes the words of a group of synonyms. Phrases are left to the matcher:
// one word of them alone means something else.
func (x *finder) addAliases(group []string) {
	var words []string
	var of []int32
	for _, s := range group {
		w := foldedWords(s, 2)
		if len(w) != 1 {
			continue
		}
		words = append(words, w[0])
		if i, ok := x.exact[w[0]]; ok {
			of = append(of, i)
		}
	}
	for _, w := range words {
		if len(of) > 0 {
			x.aliases = append(x.aliases, finderAlias{w, of})
		}
	}
}

// foldedWords are at most max words of s, folded so that case, accents and
// punctuation do not matter.
func foldedWords(s string, max int) []string {
	s = strings.ToLower(norm.NFKD.String(s))
	var b strings.Builder
	for _, r := range s {
		switch {
		case unicode.Is(unicode.Mn, r) || unicode.Is(unicode.Cf, r):
		case r == '\'' || r == '’':
		case unicode.IsLetter(r) || unicode.IsDigit(r):
			b.WriteRune(r)
		default:
			b.WriteByte(' ')
		}
	}
	all := strings.Fields(b.String())
	return all[:min(len(all), max)]
}

// A found fact with how much of what was typed it has, 0..1.
type found struct {
	fact  *knowledge.Fact
	score float64
}

// find returns facts that have the words of text in one of the fields, best
// first. With typing, the last word may be just begun.
func (x *finder) find(text string, in []int, typing bool) []found {
	if len(text) > maxFindBytes {
		text = strings.ToValidUTF8(text[:maxFindBytes], "")
	}
	typed := foldedWords(text, maxFindWords)
	if len(typed) == 0 {
		return nil
	}
	sims := make([]map[int32]float64, len(typed))
	weights := make([]float64, len(typed))
	var sum float64
	unknown := math.Log(1 + float64(len(x.entries))) // a word nobody uses is as telling as one used once
	for i, w := range typed {
		sims[i] = x.similar(w, typing && i == len(typed)-1)
		weights[i] = unknown
		var best float64
		for j, s := range sims[i] {
			if s > best || s == best && x.weight[j] > weights[i] {
				best, weights[i] = s, x.weight[j]
			}
		}
		sum += weights[i]
	}
	var all []found
	for _, e := range x.entries {
		var score float64
		for i := range typed {
			var best float64
			for _, field := range in {
				for j, s := range sims[i] {
					if s *= fieldWeight[field]; s > best {
						if _, ok := slices.BinarySearch(e.in[field], j); ok {
							best = s
						}
					}
				}
			}
			score += best * weights[i]
		}
		if score > 0 {
			all = append(all, found{e.fact, score / sum})
		}
	}
	slices.SortStableFunc(all, func(a, b found) int { return cmp.Compare(b.score, a.score) })
	return all
}

// How alike two words are, by how they are.
const (
	simBegun   = .95 // while typing: the word begins so
	simAlias   = .9  // another name of it
	simPrefix  = .85 // one begins with the other, e.g. a plural
	simTypo    = .8  // one edit apart; two in a long word
	simSkipped = .7  // characters left out (sahilm/fuzzy), e.g. "khrshv"
)

// Bounds on what counts as alike: below these lengths nearly every word is.
const (
	minPrefix  = 4
	minAlias   = 3 // of another name that is just begun
	minTypo    = 4 // runes of a word with one edit
	minTypo2   = 8 // with two
	minSkipped = 4
	maxSkipped = 4 // characters left out
)

// similar are the words of the vocabulary that w may mean, with how alike they are.
func (x *finder) similar(w string, begun bool) map[int32]float64 {
	sim := map[int32]float64{}
	n := len([]rune(w))
	put := func(i int32, s float64) { sim[i] = max(sim[i], s) }
	for _, a := range x.aliases {
		if a.word == w || begun && n >= minAlias && strings.HasPrefix(a.word, w) {
			for _, i := range a.of {
				put(i, simAlias)
			}
		}
	}
	if i, ok := x.exact[w]; ok {
		sim[i] = 1
		if !begun {
			return sim
		}
	}
	for i, v := range x.vocab {
		m := x.lengths[i]
		switch {
		case begun && strings.HasPrefix(v, w):
			put(int32(i), simBegun)
		case n >= minPrefix && m >= minPrefix && (strings.HasPrefix(v, w) || strings.HasPrefix(w, v) && n-m <= 2):
			put(int32(i), simPrefix)
		case n >= minTypo && m >= minTypo && abs(n-m) <= 2:
			allowed := 1
			if n >= minTypo2 && m >= minTypo2 {
				allowed = 2
			}
			if edits(w, v, allowed) <= allowed && !hasDigit(w) { // 1956 is not 1965
				put(int32(i), simTypo)
			}
		}
	}
	if n >= minSkipped && n <= maxWordRunes && !hasDigit(w) {
		for _, hit := range fuzzy.FindNoSort(w, x.vocab) {
			first := len(hit.MatchedIndexes) > 0 && hit.MatchedIndexes[0] == 0
			if first && x.lengths[hit.Index]-n <= maxSkipped {
				put(int32(hit.Index), simSkipped)
			}
		}
	}
	return sim
}

// maxWordRunes bounds what is given to sahilm/fuzzy, whose score overflows
// around forty adjacent characters. Only its decision is used, not its score.
const maxWordRunes = 24

func hasDigit(s string) bool { return strings.ContainsAny(s, "0123456789") }

func abs(n int) int { return max(n, -n) }

// edits is the number of insertions, deletions, replacements and swaps of
// neighbours between a and b, or limit+1 if it is more than limit.
func edits(a, b string, limit int) int {
	x, y := []rune(a), []rune(b)
	if abs(len(x)-len(y)) > limit {
		return limit + 1
	}
	var prev2, prev, cur []int
	prev = make([]int, len(y)+1)
	for j := range prev {
		prev[j] = j
	}
	for i := 1; i <= len(x); i++ {
		cur = make([]int, len(y)+1)
		cur[0] = i
		least := i
		for j := 1; j <= len(y); j++ {
			cost := 1
			if x[i-1] == y[j-1] {
				cost = 0
			}
			cur[j] = min(prev[j]+1, cur[j-1]+1, prev[j-1]+cost)
			if i > 1 && j > 1 && x[i-1] == y[j-2] && x[i-2] == y[j-1] {
				cur[j] = min(cur[j], prev2[j-2]+1)
			}
			least = min(least, cur[j])
		}
		if least > limit {
			return limit + 1
		}
		prev2, prev = prev, cur
	}
	return min(prev[len(y)], limit+1)
}

// What /source looks in and how good a hit must be: most of what was typed, and
// clearly more than the next, or else the person chooses.
var sourceFields = []int{fieldName, fieldCite, fieldMore}

const (
	sourceFloor  = .55
	sourceMargin = .12
)

// What /search looks in. Every word counts, but not all must be there.
var searchFields = []int{fieldName, fieldCite, fieldMore, fieldText}

const searchFloor = .5

// above are the hits that reach floor.
func above(all []found, floor float64) []found {
	n := slices.IndexFunc(all, func(f found) bool { return f.score < floor })
	if n < 0 {
		return all
	}
	return all[:n]
}

// Bounds of completions, from Discord's autocomplete.
const (
	maxCompletion = 100
	suggestFloor  = .4 // somebody is still typing
)

// Suggest implements Suggester.
func (b *Bot) Suggest(command, text, lang string, n int) []Completion {
	s := b.snap.Load()
	lang = baseLang(lang)
	var all []Completion
	add := func(shown, value string) {
		if len(all) < n && value != "" && len([]rune(value)) <= maxCompletion &&
			!slices.ContainsFunc(all, func(c Completion) bool { return c.Value == value }) {
			all = append(all, Completion{Label: label(shown, maxCompletion), Value: value})
		}
	}
	if n <= 0 {
		return nil
	}
	if command == "settings" {
		return b.suggestSettings(text, n)
	}
	typed := foldedWords(text[:min(len(text), maxFindBytes)], maxFindWords)
	if len(typed) == 0 {
		if command == "search" {
			for _, t := range s.topics {
				add(t.name, t.name)
			}
			return all
		}
		for _, f := range s.base.Facts() {
			if len(all) == n {
				break
			}
			add(f.Canonical(lang), f.ID)
		}
		return all
	}
	in := sourceFields
	if command == "search" {
		last := typed[len(typed)-1]
		for _, x := range s.finder.names {
			if slices.ContainsFunc(x.words, func(w string) bool { return strings.HasPrefix(w, last) }) {
				add(x.name, x.name)
			}
		}
		in = searchFields
	}
	for _, hit := range above(s.finder.find(text, in, true), suggestFloor) {
		if len(all) == n {
			break
		}
		add(hit.fact.Canonical(lang), hit.fact.ID)
	}
	return all
}

// label shortens s to at most max code points, which is also at most max
// characters.
func label(s string, max int) string {
	for n := max; ; n-- {
		if c := Shorten(s, n); len([]rune(c)) <= max {
			return c
		}
	}
}
