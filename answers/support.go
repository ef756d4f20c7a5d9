package answers

import (
	"slices"
	"strconv"
	"strings"

	"footnote/answers/parse"
	"footnote/knowledge"
)

// support is what a fact holds, word by word: the evidence that a question is
// about it.
type support struct {
	holds  []holding                // the words that it holds, by their keys' numbers
	years  []span                   // years that the fact's dates and texts name
	asked  [parse.AsksHow + 1]int16 // how many phrasings ask what
	bare   [][]int32                // the telling words of phrasings that only name or define something
	about  [][]int32                // of these, those that ask who or what something is
	order  map[[2]int32]int8        // for pairs of names in a phrasing: which acts on which; bit 1 as keyed, bit 2 the other way
	holder []int32                  // words of the names of those whose claim it is
	tells  uint8                    // traits
	spans  []parse.When             // times that its dates, texts and phrasings name
	words  []int32                  // what it says beside its phrasings, each content word once, by its number as a text, sorted
	days   []int32                  // numbers that it names as days of dates and nothing else
	names  []int32                  // keys of the names that it says beside its phrasings
	told   parse.Details            // details that it tells beside its phrasings
	counts []counted                // what its numbers count, beside its phrasings
}

// Traits of a fact: what its texts hold beside words.
const (
	tellsNot     = 1 << iota // a negation
	tellsNumber              // a number that counts something
	tellsReason              // because, reason, in order to, aim …
	tellsPerson              // somebody by name
	tellsModal               // a phrasing asks what should or will be
	tellsExtreme             // a phrasing asks for the most of something
	tellsPlace               // a name beside those of people
)

// A counted is a word for what a number of a fact counts; it is unknown where the number stands
// alone, so that it may count anything.
type counted struct {
	key, text    int32
	people, unit bool
}

// A holding says how firmly a fact holds a word.
type holding struct {
	key       int32
	phrasings int16 // how many of the fact's phrasings hold it
	beyond    bool  // its answer, people, keywords, dates or detail hold it
}

// A span is a run of years, both ends included.
type span struct{ first, last int }

// holdings are those of one fact in the making.
type holdings struct {
	vocabulary *vocabulary
	at         []int32 // by key: its place among the fact's, from 1; 0 for none
	all        []holding
	texts      []int32 // by text: the fact that said it last beside its phrasings, from 1
	fact       int32
}

func newHoldings(v *vocabulary) *holdings {
	return &holdings{vocabulary: v, at: make([]int32, len(v.keys))}
}

// take gives the support what was noted of its fact, and begins anew.
func (b *holdings) take(s *support) {
	for _, h := range b.all {
		b.at[h.key] = 0
		b.vocabulary.facts[h.key]++
	}
	slices.SortFunc(b.all, func(x, y holding) int { return int(x.key - y.key) })
	s.holds = slices.Clone(b.all)
	slices.Sort(s.words)
	b.all = b.all[:0]
}

// says notes that the fact says a text beside its phrasings, and reports whether it is the
// first time.
func (b *holdings) says(text int32) bool {
	for int(text) >= len(b.texts) {
		b.texts = append(b.texts, 0)
	}
	if b.texts[text] == b.fact {
		return false
	}
	b.texts[text] = b.fact
	return true
}

// find is the place of the key among what a fact holds; not ok if it does not hold it.
func (s *support) find(key int32) (at int, ok bool) {
	lo, hi := 0, len(s.holds)
	for lo < hi {
		mid := int(uint(lo+hi) >> 1)
		if s.holds[mid].key < key {
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	return lo, lo < len(s.holds) && s.holds[lo].key == key
}

func (ix *index) newSupport(s *support, f *knowledge.Fact, beyond []parse.Word, b *holdings) {
	b.fact++
	if len(f.People) > 0 {
		s.tells |= tellsPerson
	}
	claimants := []string{f.AccordingTo}
	for _, p := range f.Positions {
		claimants = append(claimants, p.Holder)
	}
	for _, c := range claimants {
		words := ix.synonyms.rewrite(parse.Text(mainLanguage(f), c))
		if !slices.ContainsFunc(words, func(w parse.Word) bool { return w.IsName(ix.lex) }) {
			continue
		}
		s.tells |= tellsPerson
		for _, w := range words { // a name may hold a common word: Adrian Johns
			if w.Kind == parse.Content {
				s.holder = append(s.holder, ix.vocabulary.id(w.Key))
			}
		}
	}
	for _, w := range beyond {
		s.add(w, true, b)
		if w.Kind != parse.Content {
			continue
		}
		if k := ix.vocabulary.id(w.Key); ix.isName(&w) && !slices.Contains(s.names, k) {
			s.names = append(s.names, k)
		}
		if t := ix.vocabulary.addText(&w); b.says(t) {
			s.words = append(s.words, t)
		}
		if s.tells&tellsPlace == 0 && ix.isName(&w) && !ix.vocabulary.isPerson(w.Key) {
			s.tells |= tellsPlace
		}
	}
	for _, d := range f.Dates {
		if first, last, ok := d.EDTF.Years(); ok {
			s.years = append(s.years, span{first, last})
		}
	}
	s.spans = append(parse.FactTimes(f), parse.TimesIn(beyond)...)
	parse.Counted(beyond, func(of []parse.Word) {
		if len(of) == 0 || ix.lex.IsVerb(of[0].Text) {
			s.counts = append(s.counts, counted{key: unknownWord, text: unknownWord})
		}
		for i := range of {
			w := &of[i]
			s.counts = append(s.counts, counted{ix.vocabulary.id(w.Key), ix.vocabulary.addText(w), parse.IsPeople(w), parse.IsUnit(w)})
		}
	})
	main := mainLanguage(f)
	s.told = parse.DetailsTold(f.Answer.In(main)+f.Detail.In(main), beyond)
}

func (ix *index) addPhrasing(s *support, p *phrasing, raw []parse.Word, b *holdings) {
	f := parse.FrameOf(p.words, ix.lex)
	if f.Modal {
		s.tells |= tellsModal
	}
	if f.Extreme {
		s.tells |= tellsExtreme
	}
	var telling []int32
	for i, w := range p.words {
		if w.Kind != parse.Function && !slices.Contains(telling, p.keys[i]) {
			telling = append(telling, p.keys[i])
		}
	}
	if f.Defines || f.Asks == parse.AsksWho && len(telling) <= 3 || len(telling) <= 2 {
		s.bare = append(s.bare, telling)
	}
	if f.Defines || f.Asks == parse.AsksWho && parse.IsNameAlone(p.words) {
		s.about = append(s.about, telling)
	}
	ix.pairs(p.words, p.keys, func(a, b int32, flipped bool) {
		if s.order == nil {
			s.order = map[[2]int32]int8{}
		}
		s.order[orderKey(a, b)] |= orderBit(a, b, flipped)
	})
	seen := make([]int32, 0, 2*len(p.words))
	for _, words := range [...][]parse.Word{p.words, raw} { // a synonym that was rewritten holds its own words too
		for _, w := range words {
			if k := ix.vocabulary.id(w.Key); !slices.Contains(seen, k) {
				seen = append(seen, k)
				s.add(w, false, b)
			}
		}
	}
	s.asked[p.asks]++
	s.spans = append(s.spans, parse.TimesIn(p.words)...)
}

func (s *support) add(w parse.Word, beyond bool, b *holdings) {
	key := b.vocabulary.id(w.Key)
	at := b.at[key]
	switch w.Kind {
	case parse.Year:
		if y, ok := yearSpan(w.Key); ok {
			s.years = append(s.years, y)
		}
	case parse.Number:
		if w.Counts() {
			s.tells |= tellsNumber
		}
		s.noteDay(&w, key, at > 0)
	case parse.Negation:
		s.tells |= tellsNot
	}
	if w.GivesReason() {
		s.tells |= tellsReason
	}
	if at == 0 {
		b.all = append(b.all, holding{key: key})
		at = int32(len(b.all))
		b.at[key] = at
	}
	if h := &b.all[at-1]; beyond {
		h.beyond = true
	} else {
		h.phrasings++
	}
}

// noteDay keeps whether a number stands in the fact as the day of a date alone.
func (s *support) noteDay(w *parse.Word, key int32, otherwise bool) {
	at := slices.Index(s.days, key)
	switch {
	case !w.Day && at >= 0:
		s.days = slices.Delete(s.days, at, at+1)
	case w.Day && at < 0 && !otherwise:
		s.days = append(s.days, key)
	}
}

// isOnlyDay reports whether a number of a question is no day and the fact has it as one:
// World War I is not about the 1st of September. "The 22nd" may be a day by itself.
func (s *support) isOnlyDay(w *parse.Word, key int32) bool {
	if w.Kind != parse.Number || w.Day || !slices.Contains(s.days, key) {
		return false
	}
	return w.Typed == "" || w.Typed[0] < '0' || w.Typed[0] > '9' || strings.Trim(w.Typed, "0123456789") == ""
}

// pairs calls yield for every two different people with a verb between their
// names, in their order, and tells whether "by" turns the roles round.
func (ix *index) pairs(words []parse.Word, keys []int32, yield func(a, b int32, flipped bool)) {
	v := ix.vocabulary
	for i, a := range keys {
		if !v.has(a, person) {
			continue
		}
		verb, by := false, false
		for j := i + 1; j < len(keys); j++ {
			w, b := &words[j], keys[j]
			verb = verb || w.Kind == parse.Content && !w.Native() && ix.lex.IsVerb(w.Text)
			by = by || w.Text == "by"
			if verb && b != a && v.has(b, person) {
				yield(a, b, by)
			}
		}
	}
}

func orderKey(a, b int32) [2]int32 {
	if a > b {
		a, b = b, a
	}
	return [2]int32{a, b}
}

func orderBit(a, b int32, flipped bool) int8 {
	if (a > b) != flipped {
		return 2
	}
	return 1
}

// yearSpan reads "1956", "1990s" and "1900s", which may be the century. The fifties
// of no century have no years.
func yearSpan(key string) (span, bool) {
	digits, decade := strings.CutSuffix(key, "s")
	n, err := strconv.Atoi(digits)
	switch {
	case err != nil || decade && len(digits) < 3:
		return span{}, false
	case decade && n%100 == 0:
		return span{n, n + 99}, true
	case decade:
		return span{n, n + 9}, true
	}
	return span{n, n}, true
}

// knowsYear reports whether a year or decade of a question agrees with one of
// the fact's.
func (s *support) knowsYear(key string, id int32) bool {
	q, ok := yearSpan(key)
	if !ok { // the fifties
		if _, said := s.find(id); said {
			return true
		}
		decade := int(key[0]-'0') * 10
		for _, y := range s.years {
			if y.last-y.first > 99 || (y.first+1000000)%100 <= decade+9 && (y.last+1000000)%100 >= decade {
				return true
			}
		}
		return false
	}
	for _, y := range s.years {
		if q.first <= y.last && y.first <= q.last {
			return true
		}
	}
	return false
}
