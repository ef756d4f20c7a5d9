package knowledge

import "footnote/knowledge/strictyaml"

// MaxUnanswered is the length of one question in unanswered.yaml, in characters.
const MaxUnanswered = 300

// readUnanswered reads unanswered.yaml, which a pack may do without: questions
// near its subject that none of its facts answers. They teach the matcher where
// the pack ends, as phrasings teach it what the facts are about.
func (r *packReader) readUnanswered() {
	const file = "unanswered.yaml"
	if !exists(r.fsys, file) {
		return
	}
	n := r.read(file)
	if n == nil {
		return
	}
	if n.IsList() {
		n.Errorf("the file is a list; write unanswered: above it and indent the list")
		return
	}
	m := n.Map("schema", "unanswered")
	if s := m.Get("schema"); s != nil {
		if v := s.NonEmpty(); v != "" && v != SchemaVersion {
			s.Errorf("%s is not known; this program reads %s", strictyaml.Quote(v), SchemaVersion)
		}
	}
	phrasings := map[string]string{}
	for _, f := range r.pack.Facts {
		for _, q := range f.Questions {
			phrasings[QuestionKey(q.Text)] = f.ID
		}
	}
	seen := map[string]int{}
	for _, c := range m.Get("unanswered").List("questions") {
		q := c.Bounded(MaxUnanswered)
		if q == "" {
			continue
		}
		same := QuestionKey(q)
		if id, ok := phrasings[same]; ok {
			c.Errorf("%s is a phrasing of %s: a question is answered or it is not", strictyaml.Quote(q), id)
			continue
		}
		if line, ok := seen[same]; ok {
			c.Errorf("%s stands twice here, also in line %d", strictyaml.Quote(q), line)
			continue
		}
		seen[same] = c.Line()
		r.pack.Unanswered = append(r.pack.Unanswered, q)
		r.pack.unansweredAt = append(r.pack.unansweredAt, c.Place())
	}
}

// UnansweredAt returns the place of the i-th of Unanswered.
func (p *Pack) UnansweredAt(i int) Place {
	if i >= len(p.unansweredAt) {
		return Place{} // a pack that was not read from files
	}
	return p.unansweredAt[i]
}
