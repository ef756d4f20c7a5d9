package answers

import (
	"slices"
	"strconv"
	"strings"

	"footnote/knowledge"
)

// support is what a fact holds, word by word: the evidence that a question is
// about it.
type support struct {
	keys   map[string]holding
	years  []span             // years that the fact's dates and texts name
	asked  [asksHow + 1]int16 // how many phrasings ask what
	bare   []map[string]bool  // the telling words of phrasings that only name or define something
	order  map[[2]string]int8 // for pairs of names in a phrasing: which acts on which; bit 1 as keyed, bit 2 the other way
	holder map[string]bool    // words of the names of those whose claim it is
	tells  uint8              // traits
	spans  []when             // times that its dates, texts and phrasings name
	words  []string           // what it says beside its phrasings, each content word once
	days   map[string]bool    // numbers that it names as days of dates and nothing else
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

// reasonWords show that a text gives a reason or a purpose.
var reasonWords = set(`because reason reasons since purpose aim aims hope hopes hoped goal motive intention intended`)

// A holding says how firmly a fact holds a word.
type holding struct {
	phrasings int16 // how many of the fact's phrasings hold it
	beyond    bool  // its answer, people, keywords, dates or detail hold it
}

// A span is a run of years, both ends included.
type span struct{ first, last int }

func (ix *index) newSupport(f *knowledge.Fact, beyond []word) support {
	s := support{keys: map[string]holding{}, order: map[[2]string]int8{}, holder: map[string]bool{}}
	if len(f.People) > 0 {
		s.tells |= tellsPerson
	}
	claimants := []string{f.AccordingTo}
	for _, p := range f.Positions {
		claimants = append(claimants, p.Holder)
	}
	for _, c := range claimants {
		words := ix.synonyms.rewrite(read(c))
		if !slices.ContainsFunc(words, func(w word) bool { return w.isName(ix.lex) }) {
			continue
		}
		s.tells |= tellsPerson
		for _, w := range words { // a name may hold a common word: Adrian Johns
			if w.kind == content {
				s.holder[w.key] = true
			}
		}
	}
	for _, w := range beyond {
		s.add(w, true)
		if w.kind == content && !slices.Contains(s.words, w.text) {
			s.words = append(s.words, w.text)
		}
		if ix.isName(&w) && !ix.people[w.key] {
			s.tells |= tellsPlace
		}
	}
	for _, d := range f.Dates {
		if first, last, ok := d.EDTF.Years(); ok {
			s.years = append(s.years, span{first, last})
		}
	}
	s.spans = append(factSpans(f), spansOf(beyond)...)
	return s
}

func (ix *index) addPhrasing(s *support, p phrasing, raw []word) {
	f := parse(p.words, ix.lex)
	if f.modal {
		s.tells |= tellsModal
	}
	if f.extreme {
		s.tells |= tellsExtreme
	}
	telling := map[string]bool{}
	for _, w := range p.words {
		if w.kind != function {
			telling[w.key] = true
		}
	}
	if f.defines || f.asks == asksWho && len(telling) <= 3 || len(telling) <= 2 {
		s.bare = append(s.bare, telling)
	}
	ix.pairs(p.words, func(a, b string, flipped bool) {
		s.order[orderKey(a, b)] |= orderBit(a, b, flipped)
	})
	seen := map[string]bool{}
	for _, w := range append(slices.Clone(p.words), raw...) { // a synonym that was rewritten holds its own words too
		if !seen[w.key] {
			seen[w.key] = true
			s.add(w, false)
		}
	}
	s.asked[p.asks]++
	s.spans = append(s.spans, spansOf(p.words)...)
}

func (s *support) add(w word, beyond bool) {
	switch w.kind {
	case year:
		if y, ok := yearSpan(w.key); ok {
			s.years = append(s.years, y)
		}
	case number:
		if w.counts() {
			s.tells |= tellsNumber
		}
		s.noteDay(&w)
	case negation:
		s.tells |= tellsNot
	}
	if reasonWords[w.text] {
		s.tells |= tellsReason
	}
	h := s.keys[w.key]
	if beyond {
		h.beyond = true
	} else {
		h.phrasings++
	}
	s.keys[w.key] = h
}

// counts reports whether a number may count something: a day of a date, an ordinal and a
// numeral in Roman letters do not.
func (w *word) counts() bool {
	ordinal := numerals[w.typed].ordinal
	for _, end := range [...]string{"st", "nd", "rd", "th"} {
		ordinal = ordinal || strings.HasSuffix(w.typed, end) && w.typed[0] <= '9'
	}
	return w.kind == number && !w.day && !ordinal && !(romanLetters(w.typed) && roman(w.typed) > 0)
}

// noteDay keeps whether a number stands in the fact as the day of a date alone.
func (s *support) noteDay(w *word) {
	if !w.day {
		delete(s.days, w.key)
		return
	}
	if _, otherwise := s.keys[w.key]; !otherwise {
		if s.days == nil {
			s.days = map[string]bool{}
		}
		s.days[w.key] = true
	}
}

// isOnlyDay reports whether a number of a question is no day and the fact has it as one:
// World War I is not about the 1st of September. "The 22nd" may be a day by itself.
func (s *support) isOnlyDay(w *word) bool {
	if w.kind != number || w.day || !s.days[w.key] {
		return false
	}
	written := w.typed != "" && '0' <= w.typed[0] && w.typed[0] <= '9'
	return !written || isDigits(w.typed)
}

// pairs calls yield for every two different people with a verb between their
// names, in their order, and tells whether "by" turns the roles round.
func (ix *index) pairs(words []word, yield func(a, b string, flipped bool)) {
	for i, a := range words {
		if !ix.people[a.key] {
			continue
		}
		verb, by := false, false
		for _, b := range words[i+1:] {
			verb = verb || b.kind == content && ix.lex.IsVerb(b.text)
			by = by || b.text == "by"
			if verb && ix.people[b.key] && b.key != a.key {
				yield(a.key, b.key, by)
			}
		}
	}
}

func orderKey(a, b string) [2]string {
	if a > b {
		a, b = b, a
	}
	return [2]string{a, b}
}

func orderBit(a, b string, flipped bool) int8 {
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
func (s *support) knowsYear(key string) bool {
	q, ok := yearSpan(key)
	if !ok { // the fifties
		if _, said := s.keys[key]; said {
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
