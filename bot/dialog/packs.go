package dialog

import (
	"cmp"
	"slices"
	"strings"
	"sync"
	"time"

	"footnote/bot/recent"
	"footnote/knowledge"
	"footnote/knowledge/csl"
	"footnote/knowledge/edtf"
	"footnote/knowledge/search"
)

// packs are what one message is answered from, from beginning to end: an Answerer with
// what the dialog has made of its base. They do not change.
type packs struct {
	answerer  Answerer
	base      *knowledge.Base
	byID      map[string]*knowledge.Fact
	topics    []topic
	index     *search.Index
	timelines *timelines
	cites     *recent.Map[*knowledge.Fact, cited]
	results   *cache
	works     func() []csl.Work // the bibliography, written when it is first asked for
	days      map[edtf.YearDay][]*knowledge.Fact
}

// citesKept bounds the citations that are kept written: writing them is most of the
// work on a reply. 4,096 facts are every fact of most packs, and a few MB at most.
const citesKept = 4096

// cite is cite of f, kept.
func (s *packs) cite(f *knowledge.Fact) (cited, error) {
	if c, ok := s.cites.Get(f); ok {
		return c, nil
	}
	c, err := cite(f)
	if err == nil {
		s.cites.Set(f, c)
	}
	return c, err
}

// A topic is a name with its facts in the order of the packs.
type topic struct {
	name  string
	facts []*knowledge.Fact
}

func newPacks(a Answerer, recall time.Duration, now func() time.Time) *packs {
	base := a.Base()
	s := &packs{answerer: a, base: base, byID: map[string]*knowledge.Fact{}}
	at := map[string]int{}
	facts := base.Facts()
	for _, f := range facts {
		s.byID[f.ID] = f
		for _, name := range f.Topics {
			i, ok := at[name]
			if !ok {
				i = len(s.topics)
				at[name] = i
				s.topics = append(s.topics, topic{name: name})
			}
			s.topics[i].facts = append(s.topics[i].facts, f)
		}
	}
	// As people sort: capitals and accents stand among their letters.
	folded := func(t topic) string { return strings.Join(search.Words(t.name, search.MaxWords), " ") }
	slices.SortStableFunc(s.topics, func(a, b topic) int {
		return cmp.Or(strings.Compare(folded(a), folded(b)), strings.Compare(a.name, b.name))
	})
	s.timelines = newTimelines(facts)
	s.index = search.New(facts, base.Packs)
	s.days = daysOf(facts)
	s.results = newCache(recall, now)
	s.works = sync.OnceValue(func() []csl.Work { return csl.Works(base.Sources()...) })
	s.cites = recent.New[*knowledge.Fact, cited](citesKept, recent.Forever, func() time.Time { return time.Time{} })
	return s
}

// related are the facts f names that there are, in order, never f itself.
func (s *packs) related(f *knowledge.Fact) []*knowledge.Fact {
	var all []*knowledge.Fact
	for _, id := range f.Related {
		if r := s.byID[id]; r != nil && r != f && !slices.Contains(all, r) {
			all = append(all, r)
		}
	}
	return all
}
