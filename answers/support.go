package answers

import (
	"strconv"
	"strings"

	"footnote/knowledge"
)

// support is what a fact holds, word by word: the evidence that a question is
// about it.
type support struct {
	keys      map[string]holding
	years     []span             // years that the fact's dates and texts name
	asked     [asksHow + 1]int16 // how many phrasings ask what
	not       bool               // a phrasing or the answer holds a negation
	hasNumber bool
}

// A holding says how firmly a fact holds a word.
type holding struct {
	phrasings int16 // how many of the fact's phrasings hold it
	beyond    bool  // its answer, people, keywords, dates or detail hold it
}

// A span is a run of years, both ends included.
type span struct{ first, last int }

func newSupport(f *knowledge.Fact, beyond []word) support {
	s := support{keys: map[string]holding{}}
	for _, w := range beyond {
		s.add(w, true)
	}
	for _, d := range f.Dates {
		if first, last, ok := d.EDTF.Years(); ok {
			s.years = append(s.years, span{first, last})
		}
	}
	return s
}

func (s *support) addPhrasing(p phrasing) {
	seen := map[string]bool{}
	for _, w := range p.words {
		if !seen[w.key] {
			seen[w.key] = true
			s.add(w, false)
		}
	}
	s.asked[p.asks]++
}

func (s *support) add(w word, beyond bool) {
	switch w.kind {
	case year:
		s.years = append(s.years, yearSpan(w.key))
	case number:
		s.hasNumber = true
	case negation:
		s.not = true
	}
	h := s.keys[w.key]
	if beyond {
		h.beyond = true
	} else {
		h.phrasings++
	}
	s.keys[w.key] = h
}

// yearSpan reads "1956" and "1990s".
func yearSpan(key string) span {
	n, _ := strconv.Atoi(strings.TrimSuffix(key, "s"))
	if strings.HasSuffix(key, "s") {
		return span{n, n + 9}
	}
	return span{n, n}
}

// knowsYear reports whether a year or decade of a question agrees with one of
// the fact's.
func (s *support) knowsYear(key string) bool {
	q := yearSpan(key)
	for _, y := range s.years {
		if q.first <= y.last && y.first <= q.last {
			return true
		}
	}
	return false
}
