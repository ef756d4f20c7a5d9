package main

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// A builder collects the words and their relations.
type builder struct {
	wn    *wordNet
	ranks map[string]int      // word of package lexicon → place by frequency
	forms map[string][]string // irregular form → its base forms; to itself if it is no form of another word

	words []string          // base forms, sorted; a word's id is its index
	ids   map[string]uint16 // word → id
	flags []byte            // word → parts of speech, flagNumber, flagPlace
	roles []byte            // word → index in roleNames

	synonyms, antonyms map[pair]bool
	refused            map[pair]bool // begin like opposites and are none
	derivations        []derivation

	nodes []node
	names [][]uint16 // word → the nodes it names
	under [][]uint16 // word → the nodes right above it
}

// A pair of word ids, the lower one first.
type pair struct{ a, b uint16 }

// A derivation says that two words of one family share a meaning.
type derivation struct {
	x, y sense
	a, b string // the words with these senses
}

// A node is a concept that has others below it.
type node struct {
	wide bool     // so general that two words below it are not alternatives
	up   []uint16 // the nodes right above it
}

// The bits of builder.flags above the parts of speech.
const (
	flagNumber = 16 << iota
	flagPlace
)

func newBuilder(wn *wordNet, ranks map[string]int) (*builder, error) {
	b := &builder{
		wn: wn, ranks: ranks,
		forms: map[string][]string{}, ids: map[string]uint16{},
		synonyms: map[pair]bool{}, antonyms: map[pair]bool{}, refused: map[pair]bool{},
	}
	err := entries(irregularList, func(line string) error {
		if none, ok := strings.CutPrefix(line, "="); ok {
			for _, w := range strings.Fields(none) {
				b.forms[w] = []string{w}
			}
			return nil
		}
		base, forms, err := keyed(line)
		for _, f := range forms {
			if !slices.Contains(b.forms[f], base) {
				b.forms[f] = append(b.forms[f], base)
			}
		}
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("lists/irregular.txt: %w", err)
	}
	if b.words, err = b.vocabulary(); err != nil {
		return nil, err
	}
	for i, w := range b.words {
		b.ids[w] = uint16(i)
	}
	b.flags, b.roles = make([]byte, len(b.words)), make([]byte, len(b.words))
	for i, w := range b.words {
		b.flags[i] = byte(wn.pos[w])
		if numbers[w] {
			b.flags[i] |= flagNumber
		}
	}
	return b, b.readLists()
}

// vocabulary returns the words to keep: the base forms of package lexicon's
// words, what begins with a prefix of opposites before one of them, names with
// an adjective, and what the lists add.
func (b *builder) vocabulary() ([]string, error) {
	keep := map[string]bool{}
	for w := range b.ranks {
		for _, base := range b.bases(w) {
			keep[base] = true
		}
	}
	for _, s := range b.wn.synsets {
		for _, p := range s.pointers {
			if x, y, ok := b.demonym(s, p); ok {
				keep[x], keep[y] = true, true
			}
		}
	}
	for w := range b.wn.pos { // rare words, but a question may be turned round with one
		for _, prefix := range prefixes {
			if base, ok := strings.CutPrefix(w, prefix); ok && b.ranks[base] > 0 && b.wn.pos[w]&b.wn.pos[base] != 0 && len(b.bases(w)) > 0 {
				keep[w] = true
			}
		}
	}
	err := entries(placesList, func(line string) error {
		_, words, err := keyed(line)
		for _, w := range words {
			keep[w] = true
		}
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("lists/places.txt: %w", err)
	}
	for _, list := range []string{familiesList, oppositesList, rolesList} {
		err := entries(list, func(line string) error {
			_, rest, ok := strings.Cut(line, ":")
			if !ok {
				rest = line
			}
			for _, w := range strings.Fields(rest) {
				if w != "|" && len(b.bases(w)) == 0 {
					keep[w] = true
				}
			}
			return nil
		})
		if err != nil {
			return nil, err
		}
	}
	if len(keep) > 1<<16 {
		return nil, fmt.Errorf("%d words; ids have 16 bits", len(keep))
	}
	return slices.Sorted(maps.Keys(keep)), nil
}

// bases are the words of WordNet that w may be a form of, with w itself. It is
// generous: it only decides which words are kept. Words that are names of
// single persons and places, and nothing else, are left to the lists.
func (b *builder) bases(w string) []string {
	var out []string
	add := func(base string) {
		for _, s := range b.wn.senses[base] {
			if !s.instance && !slices.Contains(out, base) {
				out = append(out, base)
			}
		}
	}
	add(w)
	for _, base := range b.forms[w] {
		add(base)
	}
	for _, end := range []string{"s", "es", "ed", "ing", "er", "est", "d", "ies", "ied", "ier", "iest"} {
		if stem, ok := strings.CutSuffix(w, end); ok && len(stem) > 1 {
			add(stem)
			add(stem + "e")
			add(stem + "y")
			if n := len(stem); stem[n-1] == stem[n-2] {
				add(stem[:n-1])
			}
		}
	}
	return out
}

func (b *builder) readLists() error {
	err := entries(placesList, func(line string) error {
		_, words, err := keyed(line)
		if err != nil {
			return err
		}
		b.join(words)
		b.flags[b.ids[words[0]]] |= flagPlace
		return nil
	})
	if err != nil {
		return fmt.Errorf("lists/places.txt: %w", err)
	}
	if err := entries(familiesList, func(line string) error { b.join(strings.Fields(line)); return nil }); err != nil {
		return err
	}
	err = entries(oppositesList, func(line string) error {
		if rest, ok := strings.CutPrefix(line, "not:"); ok {
			for _, w := range strings.Fields(rest) {
				for _, prefix := range prefixes {
					if base, ok := strings.CutPrefix(w, prefix); ok {
						if p, ok := b.pair(w, base); ok {
							b.refused[p] = true
						}
					}
				}
			}
			return nil
		}
		left, right, err := sides(line)
		if err != nil {
			return err
		}
		for _, l := range left {
			for _, r := range right {
				for _, x := range b.listedWord(l) {
					for _, y := range b.listedWord(r) {
						b.oppose(x, y)
					}
				}
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("lists/opposites.txt: %w", err)
	}
	err = entries(rolesList, func(line string) error {
		key, words, err := keyed(line)
		if err != nil {
			return err
		}
		role := slices.Index(roleNames, key)
		if role < 0 {
			return fmt.Errorf("no role %q", key)
		}
		for _, w := range words {
			for _, x := range b.listedWord(w) {
				if id, ok := b.ids[x]; ok {
					b.roles[id] = byte(role)
				}
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("lists/roles.txt: %w", err)
	}
	return nil
}

// roleNames are the keys of lists/roles.txt in the order of lexicon's Role.
var roleNames = []string{"", "kin", "maker", "office", "life", "building", "succession"}

// listedWord is a word of a list as the builder knows it: itself, or what it is
// a form of.
func (b *builder) listedWord(w string) []string {
	if _, ok := b.ids[w]; ok {
		return []string{w}
	}
	return b.bases(w)
}

func (b *builder) join(words []string) {
	for i, x := range words {
		for _, y := range words[:i] {
			for _, v := range b.listedWord(x) {
				for _, w := range b.listedWord(y) {
					b.synonym(v, w)
				}
			}
		}
	}
}

func (b *builder) pair(x, y string) (pair, bool) {
	i, known1 := b.ids[x]
	j, known2 := b.ids[y]
	return pair{min(i, j), max(i, j)}, known1 && known2 && i != j
}

func (b *builder) synonym(x, y string) {
	if numbers[x] && numbers[y] {
		return
	}
	if p, ok := b.pair(x, y); ok {
		b.synonyms[p] = true
	}
}

func (b *builder) oppose(x, y string) {
	if p, ok := b.pair(x, y); ok {
		b.antonyms[p] = true
	}
}

// relate finds what WordNet relates.
func (b *builder) relate() {
	for _, s := range b.wn.synsets {
		if !s.instance {
			b.sameSynset(s)
		}
		for _, p := range s.pointers {
			if x, y, ok := b.demonym(s, p); ok {
				b.synonym(x, y)
				continue
			}
			switch p.symbol {
			case "+", "\\": // derived from; of or relating to
				b.derived(s, p)
			case "!":
				b.antonym(s, p)
			}
		}
	}
	b.wordFamilies()
	b.derivedSynonyms()
	b.derivedAntonyms()
	b.satellites()
	b.prefixOpposites()
	for p := range b.antonyms {
		if b.refused[p] {
			delete(b.antonyms, p)
		} else {
			delete(b.synonyms, p)
		}
	}
	b.taxonomy()
}

// sameSynset joins the words of one concept if it is a common enough sense of
// both: the first of one and at most the fourth of the other, or the second and
// the third.
func (b *builder) sameSynset(s *synset) {
	for i, x := range s.words {
		m := b.wn.rank(x, s)
		for _, y := range s.words[:i] {
			n := b.wn.rank(y, s)
			if b.isPlace(x) || b.isPlace(y) {
				continue // only by the list
			}
			if light[x] || light[y] {
				if m == 0 && n == 0 {
					b.synonym(x, y)
				}
			} else if m+n < senses {
				b.synonym(x, y)
			}
		}
	}
}

func (b *builder) isPlace(w string) bool {
	id, ok := b.ids[w]
	return ok && b.flags[id]&flagPlace != 0
}

// demonym returns the name and the word made from it if p relates a person or
// place to such a word, and both are words of package lexicon.
func (b *builder) demonym(s *synset, p pointer) (name, word string, ok bool) {
	if p.symbol != "+" && p.symbol != "\\" || p.from < 0 || p.to < 0 || s.instance == p.target.instance {
		return "", "", false
	}
	name, word = s.words[p.from], p.target.words[p.to]
	if p.target.instance {
		name, word = word, name
	}
	return name, word, b.ranks[name] > 0 && b.ranks[word] > 0 && common(name, word) >= 3
}

// common is the length of the common beginning.
func common(x, y string) int {
	n := 0
	for n < len(x) && n < len(y) && x[n] == y[n] {
		n++
	}
	return n
}

// derived joins two words of one family.
func (b *builder) derived(s *synset, p pointer) {
	if p.from < 0 || p.to < 0 || s.instance || p.target.instance {
		return
	}
	d := derivation{a: s.words[p.from], b: p.target.words[p.to]}
	d.x, d.y = sense{s, b.wn.rank(d.a, s)}, sense{p.target, b.wn.rank(d.b, p.target)}
	limit := 2
	if common(d.a, d.b) >= 5 { // short words may be alike by chance: a tower also tows
		limit = senses
	}
	if light[d.a] || light[d.b] {
		limit = 1
	}
	if d.x.n < limit && d.y.n < limit {
		b.derivations = append(b.derivations, d)
		b.synonym(d.a, d.b)
	}
}

// wordFamilies joins two words derived from the same third (invader, invasion).
func (b *builder) wordFamilies() {
	from := map[string][]string{}
	for _, d := range b.derivations {
		from[d.a] = append(from[d.a], d.b)
	}
	for root, words := range from {
		for i, x := range words {
			for _, y := range words[:i] {
				if c := common(x, y); !light[root] && c >= 4 && 2*c >= max(len(x), len(y)) && c+2 >= min(len(root), len(x), len(y)) {
					b.synonym(x, y)
				}
			}
		}
	}
}

// derivedSynonyms joins a word with the synonyms of what it is derived from
// (conquest: conquer, subdue) if these are common senses of all.
func (b *builder) derivedSynonyms() {
	const common = 2 // senses
	for _, d := range b.derivations {
		if d.x.n >= common || d.y.n >= common || light[d.a] || light[d.b] {
			continue
		}
		for _, w := range d.y.words {
			if !light[w] && b.wn.rank(w, d.y.synset) < common {
				b.synonym(d.a, w)
			}
		}
	}
}

func (b *builder) antonym(s *synset, p pointer) {
	if p.from < 0 || p.to < 0 {
		return
	}
	x, y := s.words[p.from], p.target.words[p.to]
	if b.wn.rank(x, s) < senses && b.wn.rank(y, p.target) < senses {
		b.oppose(x, y)
	}
}

// suffixes that make words of one kind; words of one kind derived from
// opposites are opposites (winner, loser; significance, insignificance).
var suffixes = [][]string{
	{"er", "or", "ist"},
	{"ing"},
	{"ion", "ment", "al", "ure", "ance", "ence"},
	{"ness", "ity", "cy", "th", "ance", "ence", "dom"},
	{"ly"},
	{"able", "ible"},
	{"ism"},
}

func (b *builder) derivedAntonyms() {
	from := map[string][]string{}
	for _, d := range b.derivations {
		if d.x.n < 2 && d.y.n < 2 {
			from[d.a] = append(from[d.a], d.b)
			from[d.b] = append(from[d.b], d.a)
		}
	}
	alike := func(x, y string) bool {
		for _, kind := range suffixes {
			ends := func(w string) bool {
				return slices.ContainsFunc(kind, func(end string) bool { return strings.HasSuffix(w, end) })
			}
			if ends(x) && ends(y) {
				return true
			}
		}
		return false
	}
	for p := range maps.Clone(b.antonyms) {
		x, y := b.words[p.a], b.words[p.b]
		for _, v := range from[x] {
			for _, w := range from[y] {
				if len(v) >= len(x) && len(w) >= len(y) && alike(v, w) && !alike(v, x) && !alike(w, y) {
					b.oppose(v, w)
				}
			}
		}
	}
}

// satellites opposes an adjective to the opposite of the one that it is a shade
// of (vast, small).
func (b *builder) satellites() {
	const common = 2 // senses
	for _, head := range b.wn.synsets {
		if head.pos != adjective {
			continue
		}
		for _, anti := range head.pointers {
			if anti.symbol != "!" || anti.to < 0 {
				continue
			}
			opposite := anti.target.words[anti.to]
			if b.wn.rank(opposite, anti.target) >= common {
				continue
			}
			for _, similar := range head.pointers {
				if similar.symbol != "&" {
					continue
				}
				for _, w := range similar.target.words {
					if b.wn.rank(w, similar.target) < common && !light[w] {
						b.oppose(w, opposite)
					}
				}
			}
		}
	}
}

// prefixes of opposites. Only the first two make an opposite of every word;
// the others serve to name exceptions.
var prefixes = []string{"un", "non", "in", "im", "ir", "il", "dis", "anti"}

func (b *builder) prefixOpposites() {
	for _, w := range b.words {
		for _, prefix := range prefixes[:2] {
			if base, ok := strings.CutPrefix(w, prefix); ok && len(base) > 2 && b.wn.pos[base]&b.wn.pos[w] != 0 {
				b.oppose(w, base)
			}
		}
	}
}

// How deep the taxonomy is read: rarer senses make sisters of words that nobody
// would take for alternatives.
const (
	nounSenses = 3
	verbSenses = 2
	levels     = 2 // what is above, and what is above that …
)

// wide is how many concepts right below one make it too general for them to be
// alternatives (person, change).
var wide = map[int]int{noun: 100, verb: 25, adjective: 0}

// taxonomy finds which concepts are above which words.
func (b *builder) taxonomy() {
	b.names, b.under = make([][]uint16, len(b.words)), make([][]uint16, len(b.words))
	concepts := b.conceptsAbove()
	kinds := b.kindsOfPlaces()
	for _, s := range kinds {
		concepts[s] = true
	}
	id := map[*synset]uint16{}
	for _, s := range b.wn.synsets {
		if concepts[s] {
			id[s] = uint16(len(id))
		}
	}
	b.nodes = make([]node, len(id))
	for s, i := range id {
		b.nodes[i].wide = s.children > wide[s.pos] || s.pos == adjective
		for _, up := range s.above() {
			if j, ok := id[up]; ok {
				b.nodes[i].up = append(b.nodes[i].up, j)
			}
		}
	}
	for i, w := range b.words {
		for _, s := range b.used(w) {
			if j, ok := id[s]; ok {
				b.names[i] = append(b.names[i], j)
			}
			for _, up := range s.above() {
				b.under[i] = append(b.under[i], id[up])
			}
		}
	}
	b.places(kinds, id)
	for i := range b.words {
		slices.Sort(b.names[i])
		b.names[i] = slices.Compact(b.names[i])
		slices.Sort(b.under[i])
		b.under[i] = slices.Compact(b.under[i])
	}
}

// above returns the concepts right above s.
func (s *synset) above() (up []*synset) {
	for _, p := range s.pointers {
		if p.symbol == "@" || p.symbol == "&" && s.satellite && !p.target.satellite {
			up = append(up, p.target)
		}
	}
	return up
}

// used returns the senses of w that the taxonomy reads.
func (b *builder) used(w string) (out []*synset) {
	most := map[int]int{noun: nounSenses, verb: verbSenses, adjective: verbSenses}
	for _, s := range b.wn.senses[w] {
		if !s.instance && b.wn.rank(w, s.synset) < most[s.pos] {
			out = append(out, s.synset)
		}
	}
	return out
}

// conceptsAbove returns the concepts that stand at most levels above a word.
func (b *builder) conceptsAbove() map[*synset]bool {
	nearest := map[*synset]int{} // → how far above a word, from 1
	var climb func(s *synset, level int)
	climb = func(s *synset, level int) {
		if level > levels {
			return
		}
		for _, up := range s.above() {
			if at, seen := nearest[up]; !seen || level < at {
				nearest[up] = level
				climb(up, level+1)
			}
		}
	}
	for _, w := range b.words {
		for _, s := range b.used(w) {
			climb(s, 1)
		}
	}
	out := map[*synset]bool{}
	for s := range nearest {
		out[s] = true
	}
	return out
}

// kindsOfPlaces returns what the list of places calls its kinds, as concepts.
func (b *builder) kindsOfPlaces() map[string]*synset {
	kinds := map[string]*synset{}
	for kind, n := range map[string]int{"country": 1, "region": 0, "city": 0} {
		for _, s := range b.wn.senses[kind] {
			if s.pos == noun && s.n == n {
				kinds[kind] = s.synset
			}
		}
	}
	return kinds
}

// places makes the words of places of one kind alternatives: a concept without a name
// stands above them, and the kind above the places.
func (b *builder) places(kinds map[string]*synset, id map[*synset]uint16) {
	sisters := map[string]uint16{}
	_ = entries(placesList, func(line string) error { // read without error before
		kind, words, _ := keyed(line)
		if kinds[kind] == nil {
			return nil
		}
		if _, ok := sisters[kind]; !ok {
			sisters[kind] = uint16(len(b.nodes))
			b.nodes = append(b.nodes, node{})
		}
		for _, w := range words {
			i := b.ids[w]
			b.under[i] = append(b.under[i], sisters[kind])
		}
		i := b.ids[words[0]]
		b.under[i] = append(b.under[i], id[kinds[kind]])
		return nil
	})
}
