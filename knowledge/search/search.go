// Package search looks facts up by words that somebody types to find them: in
// /source, in /search and while typing. It answers no question, it lists.
package search

import (
	"cmp"
	"iter"
	"math"
	"math/bits"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/sahilm/fuzzy"
	"golang.org/x/text/unicode/norm"

	"footnote/knowledge"
)

// An Index finds facts by words. It does not change after New and is safe for
// concurrent use. Words are compared one by one, in any order, because
// sahilm/fuzzy wants all characters of a pattern in their order and has no
// comparable scores across patterns; against single words it is right.
type Index struct {
	vocab   []string         // every word of every entry, once
	lengths []int            // of vocab, in runes
	letters []letters        // of vocab
	places  [][]place        // of vocab: where each word stands
	weight  []float64        // of vocab: how much finding it says (inverse document frequency)
	entries []entry          // one for each fact, in order
	exact   map[string]int32 // index into vocab
	names   []name           // people, topics and titles of sources, once, in order
	aliases []alias          // what else the packs' words are called, e.g. in another script
}

// An alias is a word with the words of the vocabulary that mean the same.
type alias struct {
	word string
	of   []int32
}

type name struct {
	text  string
	words []string
}

type entry struct{ fact *knowledge.Fact }

// A place is the fields of an entry in which a word stands.
type place struct {
	entry int32
	in    [fields]bool
}

// Letters are those of a word, each at one of 64 places: what tells cheaply that two words
// cannot be alike.
type letters uint64

func lettersOf(word string) (l letters) {
	for _, r := range word {
		l |= 1 << (uint32(r) % 64)
	}
	return l
}

// apart is how many edits two words are apart at least: one changes two letters at most.
func (l letters) apart(m letters) int { return (bits.OnesCount64(uint64(l^m)) + 1) / 2 }

// A Field is a part of a fact that is searched.
type Field int

// The fields, and what is in each.
const (
	InNames     Field = iota // id, canonical question, people, topics, holders of positions
	InSources                // authors and titles of its sources
	InPhrasings              // other phrasings, keywords
	InTexts                  // answer, detail and claims
	fields
)

// Everywhere lists every field, for whoever searches all of a fact. Nobody may change it.
var Everywhere = []Field{InNames, InSources, InPhrasings, InTexts}

// fieldWeight is what finding a word in a field counts. The names
// of a fact say what it is about; its text only mentions things.
var fieldWeight = [fields]float64{1, .8, .9, .7}

// Bounds on what is read of typed text: bytes, and words. More find nothing better.
const (
	maxBytes = 512
	MaxWords = 12
)

// New returns an index of facts. Synonyms are those of packs.
func New(facts []*knowledge.Fact, packs []*knowledge.Pack) *Index {
	x := &Index{exact: map[string]int32{}}
	var df []int // how many facts have a word
	for _, f := range facts {
		at := int32(len(x.entries))
		seen := map[int32]bool{}
		for field, texts := range textsOf(f) {
			for _, s := range texts {
				for _, w := range Words(s, math.MaxInt) {
					i := x.wordNumber(w)
					if int(i) == len(df) {
						df = append(df, 0)
					}
					x.stands(i, at, Field(field))
					if !seen[i] {
						seen[i] = true
						df[i]++
					}
				}
			}
		}
		x.entries = append(x.entries, entry{f})
	}
	x.addNames(facts)
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

// textsOf returns the texts of f that are searched, by field.
func textsOf(f *knowledge.Fact) (texts [fields][]string) {
	add := func(field Field, t ...string) { texts[field] = append(texts[field], t...) }
	add(InNames, f.ID, f.Questions[0].Text)
	add(InNames, f.Names()...)
	add(InNames, f.Topics...)
	for _, q := range f.Questions[1:] {
		add(InPhrasings, q.Text)
	}
	add(InPhrasings, f.Keywords...)
	add(InTexts, f.AccordingTo)
	for _, t := range f.Answer {
		add(InTexts, t)
	}
	for _, t := range f.Detail {
		add(InTexts, t)
	}
	for _, p := range f.Positions {
		add(InNames, p.Holder)
		for _, t := range p.Claim {
			add(InTexts, t)
		}
	}
	for _, c := range cites(f) {
		add(InSources, c.Source.ID, c.Source.Title())
		add(InSources, c.Source.Authors()...)
	}
	return texts
}

// wordNumber returns the number of a word in the vocabulary, which it joins if it is new.
func (x *Index) wordNumber(w string) int32 {
	i, ok := x.exact[w]
	if !ok {
		i = int32(len(x.vocab))
		x.exact[w] = i
		x.vocab = append(x.vocab, w)
		x.lengths = append(x.lengths, len([]rune(w)))
		x.letters = append(x.letters, lettersOf(w))
	}
	return i
}

// addNames takes the names to complete: people and topics, and after all of those, which
// are shorter to read, the titles of sources.
func (x *Index) addNames(facts []*knowledge.Fact) {
	seen := map[string]bool{}
	add := func(s string) {
		if s != "" && !seen[s] {
			seen[s] = true
			x.names = append(x.names, name{s, Words(s, MaxWords)})
		}
	}
	for _, f := range facts {
		for _, n := range slices.Concat(f.People, f.Topics) {
			add(n)
		}
	}
	for _, f := range facts {
		for _, c := range cites(f) {
			add(c.Source.Title())
		}
	}
}

// addAliases takes the words of a group of synonyms. Phrases are left to the matcher:
// one word of them alone means something else.
func (x *Index) addAliases(group []string) {
	var words []string
	var of []int32
	for _, s := range group {
		w := Words(s, 2)
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
			x.aliases = append(x.aliases, alias{w, of})
		}
	}
}

// Words are at most max words of s, folded so that case, accents and
// punctuation do not matter.
func Words(s string, max int) []string {
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

// Typed are the words of what somebody types, as far as they are read.
func Typed(text string) []string {
	if len(text) > maxBytes {
		text = strings.ToValidUTF8(text[:maxBytes], "")
	}
	return Words(text, MaxWords)
}

// Names are the people, topics and titles of sources of which a word begins with
// the given folded word, in order.
func (x *Index) Names(word string) iter.Seq[string] {
	return func(yield func(string) bool) {
		for _, n := range x.names {
			if slices.ContainsFunc(n.words, func(w string) bool { return strings.HasPrefix(w, word) }) && !yield(n.text) {
				return
			}
		}
	}
}

// A Hit is a fact with how much of what was typed it has, 0..1.
type Hit struct {
	Fact  *knowledge.Fact
	Score float64
}

// Find returns facts that have the words of text in one of the fields, best
// first. With typing, the last word may be just begun.
func (x *Index) Find(text string, in []Field, typing bool) []Hit {
	typed := Typed(text)
	if len(typed) == 0 {
		return nil
	}
	sims := make([]map[int32]float64, len(typed))
	weights := make([]float64, len(typed))
	var sum float64
	unknown := math.Log(1 + float64(len(x.entries))) // a word nobody uses is as telling as one used once
	for i, w := range typed {
		begun := typing && i == len(typed)-1
		if before := slices.Index(typed[:i], w); before >= 0 && !begun {
			sims[i] = sims[before]
		} else {
			sims[i] = x.similar(w, begun)
		}
		weights[i] = unknown
		var best float64
		for j, s := range sims[i] {
			if s > best || s == best && x.weight[j] > weights[i] {
				best, weights[i] = s, x.weight[j]
			}
		}
		sum += weights[i]
	}
	scores, best := make([]float64, len(x.entries)), make([]float64, len(x.entries))
	for i := range typed {
		clear(best)
		for j, s := range sims[i] {
			for _, p := range x.places[j] {
				best[p.entry] = max(best[p.entry], s*p.weight(in))
			}
		}
		for e, s := range best {
			scores[e] += s * weights[i]
		}
	}
	var all []Hit
	for e, score := range scores {
		if score > 0 {
			all = append(all, Hit{x.entries[e].fact, score / sum})
		}
	}
	slices.SortStableFunc(all, func(a, b Hit) int { return cmp.Compare(b.Score, a.Score) })
	return all
}

// weight is what finding a word there counts, if only some fields are searched.
func (p place) weight(in []Field) (most float64) {
	for _, field := range in {
		if p.in[field] {
			most = max(most, fieldWeight[field])
		}
	}
	return most
}

// stands notes that word i stands in a field of an entry, the last one.
func (x *Index) stands(i, entry int32, in Field) {
	for len(x.places) <= int(i) {
		x.places = append(x.places, nil)
	}
	if n := len(x.places[i]); n == 0 || x.places[i][n-1].entry != entry {
		x.places[i] = append(x.places[i], place{entry: entry})
	}
	x.places[i][len(x.places[i])-1].in[in] = true
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
	MinPrefix  = 4
	minAlias   = 3 // of another name that is just begun
	minTypo    = 4 // runes of a word with one edit
	minTypo2   = 8 // with two
	minSkipped = 4
	maxSkipped = 4 // characters left out
)

// similar are the words of the vocabulary that w may mean, with how alike they are.
func (x *Index) similar(w string, begun bool) map[int32]float64 {
	sim := map[int32]float64{}
	n, has, digit := len([]rune(w)), lettersOf(w), hasDigit(w)
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
		case n >= MinPrefix && m >= MinPrefix && (strings.HasPrefix(v, w) || strings.HasPrefix(w, v) && n-m <= 2):
			put(int32(i), simPrefix)
		case n >= minTypo && m >= minTypo && abs(n-m) <= 2:
			allowed := 1
			if n >= minTypo2 && m >= minTypo2 {
				allowed = 2
			}
			if !digit && has.apart(x.letters[i]) <= allowed && Edits(w, v, allowed) <= allowed { // 1956 is not 1965
				put(int32(i), simTypo)
			}
		}
	}
	if n >= minSkipped && n <= maxWordRunes && !digit {
		for _, i := range x.skipping(w, n, has) {
			put(i, simSkipped)
		}
	}
	return sim
}

// skipping are the words that w is when some of their characters are left out.
func (x *Index) skipping(w string, n int, has letters) (found []int32) {
	first, _ := utf8.DecodeRuneInString(w)
	var candidates []string
	var of []int32
	for i, v := range x.vocab {
		if begins, _ := utf8.DecodeRuneInString(v); begins == first && x.lengths[i] >= n && x.lengths[i]-n <= maxSkipped && has&^x.letters[i] == 0 {
			candidates, of = append(candidates, v), append(of, int32(i))
		}
	}
	for _, hit := range fuzzy.FindNoSort(w, candidates) {
		if len(hit.MatchedIndexes) > 0 && hit.MatchedIndexes[0] == 0 {
			found = append(found, of[hit.Index])
		}
	}
	return found
}

// maxWordRunes bounds what is given to sahilm/fuzzy, whose score overflows
// around forty adjacent characters. Only its decision is used, not its score.
const maxWordRunes = 24

// Alike reports whether two folded words are the same, or one typing error apart.
func Alike(v, w string) bool {
	return v == w || len(v) >= minTypo && len(w) >= minTypo && !hasDigit(w) && Edits(v, w, 1) <= 1
}

func hasDigit(s string) bool { return strings.ContainsAny(s, "0123456789") }

func abs(n int) int { return max(n, -n) }

// Edits is the number of insertions, deletions, replacements and swaps of
// neighbours between a and b, or limit+1 if it is more than limit.
func Edits(a, b string, limit int) int {
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

// AtLeast returns the first of all, which are sorted as Find sorts them, as far as their score
// reaches floor.
func AtLeast(floor float64, all []Hit) []Hit {
	n := slices.IndexFunc(all, func(h Hit) bool { return h.Score < floor })
	if n < 0 {
		return all
	}
	return all[:n]
}

// cites returns what f and its positions cite of sources that are there.
func cites(f *knowledge.Fact) []knowledge.Cite {
	return slices.DeleteFunc(f.AllCites(), func(c knowledge.Cite) bool { return c.Source == nil })
}
