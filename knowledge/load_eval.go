package knowledge

import (
	"maps"
	"slices"

	"footnote/knowledge/strictyaml"
)

// MaxEvalQuestion is the length of an examination question in characters: a few
// of them are long on purpose.
const MaxEvalQuestion = 20_000

// readEval reads eval.yaml, which a pack may do without.
func (r *packReader) readEval() {
	if !exists(r.fsys, "eval.yaml") {
		return
	}
	n := r.read("eval.yaml")
	if n == nil {
		return
	}
	m := n.Map("schema", "find", "decline")
	if s := m.Get("schema"); s != nil {
		if v := s.NonEmpty(); v != "" && v != SchemaVersion {
			s.Errorf("%s is not known; this program reads %s", strictyaml.Quote(v), SchemaVersion)
		}
	}
	seen := map[string]int{} // the line of each question
	r.findCases(m.Get("find"), seen)
	r.declineCases(m.Get("decline"), seen)
}

// findCases reads the questions that must find a fact; seen are the lines of the
// questions so far.
func (r *packReader) findCases(n *strictyaml.Node, seen map[string]int) {
	index := map[string]int{} // a question listed under several facts
	m := n.AnyMap("a map of fact ids with lists of questions")
	factIDs := slices.Sorted(maps.Keys(r.facts))
	for _, id := range m.Keys() {
		if _, ok := r.facts[id]; !ok && r.factsWhole {
			m.Key(id).Errorf("there is no fact %s in this pack%s", strictyaml.Quote(id), m.Key(id).DidYouMean(id, factIDs))
		}
		for _, c := range m.Get(id).List("questions") {
			q := c.Bounded(MaxEvalQuestion)
			if q == "" {
				continue
			}
			if i, ok := index[q]; ok {
				if slices.Contains(r.pack.Eval.Find[i].Facts, id) {
					c.Errorf("%s stands twice here, also in line %d", strictyaml.Quote(q), seen[q])
					continue
				}
				r.pack.Eval.Find[i].Facts = append(r.pack.Eval.Find[i].Facts, id)
				continue
			}
			index[q] = len(r.pack.Eval.Find)
			seen[q] = c.Line()
			r.pack.Eval.Find = append(r.pack.Eval.Find, FindCase{Question: q, Facts: []string{id}, Place: c.Place()})
		}
	}
}

// declineCases reads the questions that must be declined.
func (r *packReader) declineCases(n *strictyaml.Node, seen map[string]int) {
	m := n.Map(declineKinds()...)
	for _, kind := range m.Keys() {
		for _, c := range m.Get(kind).List("questions") {
			q := c.Text()
			if line, dup := seen[q]; dup && q != "" {
				c.Errorf("%s stands also in line %d", strictyaml.Quote(q), line)
				continue
			}
			seen[q] = c.Line()
			r.pack.Eval.Decline = append(r.pack.Eval.Decline, DeclineCase{Question: q, Kind: DeclineKind(kind), Place: c.Place()})
		}
	}
}
