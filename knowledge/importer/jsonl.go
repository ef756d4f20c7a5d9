package importer

import (
	"fmt"
	"reflect"
	"slices"
	"strings"

	"footnote/knowledge"
	"footnote/knowledge/draft"
	"footnote/knowledge/strictyaml"
)

// jsonl reads one object a line: facts of our own export, which keep their
// status and their sources, or anything with a question and an answer.
func (m *maker) jsonl(text string) {
	line := 0
	for raw := range strings.Lines(text) {
		line++
		raw = strings.TrimSpace(raw)
		if raw == "" {
			continue
		}
		if m.full(line) {
			return
		}
		if why := badText(raw); why != "" {
			m.bad(line, "%s", why)
			continue
		}
		o, err := draft.ParseObject([]byte(raw))
		if err != nil {
			m.bad(line, "%v", err)
			continue
		}
		if pack, ok := o.Get("pack").(draft.Object); ok && pack.Text("schema") == knowledge.SchemaVersion {
			m.ownFact(line, o, pack)
			continue
		}
		e := entry{line: line}
		for _, key := range []string{"questions", "question", "q"} {
			for _, q := range texts(o.List(key)) {
				e.questions = append(e.questions, question{q, line})
			}
		}
		for _, key := range []string{"answer", "a"} {
			if e.answer == "" {
				e.answer = o.Text(key)
			}
		}
		e.detail = o.Text("detail")
		e.topics = append(texts(o.List("topics")), texts(o.List("topic"))...)
		e.keywords = texts(o.List("keywords"))
		e.people = texts(o.List("people"))
		for _, key := range []string{"source", "url"} {
			e.origin = strings.TrimPrefix(e.origin+", "+o.Text(key), ", ")
		}
		e.origin = strings.Trim(e.origin, ", ")
		if len(e.questions) == 0 && e.answer == "" {
			m.bad(line, "the object has neither question nor answer")
			continue
		}
		m.add(e)
	}
}

// texts returns those of the list that are texts.
func texts(list []any) []string {
	var out []string
	for _, x := range list {
		if s, ok := x.(string); ok {
			out = append(out, s)
		}
	}
	return out
}

// ownFact takes a fact of our own export as it is.
func (m *maker) ownFact(line int, fact, pack draft.Object) {
	id := pack.Text("id")
	var p *packMaker
	for _, x := range m.packs {
		if x.draft.ID() == id {
			p = x
		}
	}
	if p == nil {
		p = m.newPack(ownPack(pack))
	}
	if p.draft.Head.Get("version") == nil && pack.Get("version") != nil {
		// The line that carries the pack may stand anywhere once files were cut or sorted.
		p.draft.Head = ownPack(pack)
	}
	for _, q := range texts(pack.List("unanswered")) {
		if !slices.Contains(p.draft.Unanswered, q) {
			p.draft.Unanswered = append(p.draft.Unanswered, q)
		}
	}
	if e, ok := pack.Get("eval").(draft.Object); ok {
		p.draft.Eval = e
	}
	for _, list := range [][]any{fact.List("sources"), pack.List("sources")} {
		for _, x := range list {
			s, ok := x.(draft.Object)
			if !ok || s.Text("id") == "" {
				m.warn(line, "a source without id was left out")
				continue
			}
			first, dup := p.sources[s.Text("id")]
			if !dup {
				p.sources[s.Text("id")] = s
				p.draft.Sources = append(p.draft.Sources, s)
			} else if !reflect.DeepEqual(first, s) {
				m.warn(line, "the source %s differs from what stood in an earlier line, which was kept", strictyaml.Quote(s.Text("id")))
			}
		}
	}
	fact = fact.Without("pack", "sources")
	factID := fact.Text("id")
	if p.ids[factID] > 0 {
		m.badFact(line, "id", "the id %s was already taken by an earlier line", strictyaml.Quote(factID))
		return
	}
	type phrasing struct {
		lang string
		question
	}
	var questions []phrasing
	switch q := fact.Get("questions").(type) {
	case draft.Object:
		for _, x := range q {
			for _, s := range texts(q.List(x.Key)) {
				questions = append(questions, phrasing{x.Key, question{s, line}})
			}
		}
	default:
		for _, s := range texts(fact.List("questions")) {
			questions = append(questions, phrasing{p.language(), question{s, line}})
		}
	}
	for _, q := range questions {
		if at, taken := p.questions[q.lang+"\x00"+knowledge.QuestionKey(q.text)]; taken {
			m.badFact(line, "questions", "the question %s stands also at %s; one question can find only one fact", strictyaml.Quote(q.text), at)
			return
		}
	}
	if !m.addFact(p, line, fact, nil, "") {
		return
	}
	p.ids[factID] = 1
	for _, q := range questions {
		p.questions[q.lang+"\x00"+knowledge.QuestionKey(q.text)] = strictyaml.Place{File: m.file, Line: line}
	}
}

// badFact is bad for a part of a fact, which may have a cell of its own.
func (m *maker) badFact(line int, path, format string, args ...any) {
	if m.locate == nil {
		m.bad(line, format, args...)
		return
	}
	m.locate(line, knowledge.Problem{Path: path, Message: fmt.Sprintf(format, args...)})
}

// language returns the main language of the pack.
func (p *packMaker) language() string {
	if l := texts(p.draft.Head.List("languages")); len(l) > 0 {
		return l[0]
	}
	return "en"
}

// ownPack returns what stands in pack.yaml, from what a line carries; finish adds what only the first line
// has, if that did not come along.
func ownPack(o draft.Object) draft.Object { return o.Without("sources", "unanswered", "eval") }

// finish makes a pack whole: what points to facts that did not come along is
// left out, with a warning.
func (m *maker) finish(p *packMaker) {
	for _, need := range []draft.Member{{Key: "title", Value: p.draft.ID()}, {Key: "version", Value: "0.1.0"}} {
		if p.draft.Head.Get(need.Key) == nil {
			p.draft.Head = append(p.draft.Head, need)
		}
	}
	known := map[string]bool{}
	for _, f := range p.draft.Facts {
		known[f.Text("id")] = true
	}
	for i, f := range p.draft.Facts {
		for j, x := range f {
			if x.Key != "related" {
				continue
			}
			var kept []any
			for _, id := range texts(f.List("related")) {
				if known[id] {
					kept = append(kept, id)
					continue
				}
				m.file = p.places[i].File
				m.cut++
				m.warn(p.places[i].Line, "related names %s, which is not among the facts; it was left out", strictyaml.Quote(id))
			}
			if len(kept) == 0 {
				p.draft.Facts[i] = f.Without("related")
			} else {
				p.draft.Facts[i][j].Value = kept
			}
			break
		}
	}
	phrasings := map[string]bool{}
	for key := range p.questions {
		_, words, _ := strings.Cut(key, "\x00")
		phrasings[words] = true
	}
	p.draft.Unanswered = slices.DeleteFunc(p.draft.Unanswered, func(q string) bool {
		if phrasings[knowledge.QuestionKey(q)] {
			m.rep.Add(knowledge.Problem{Severity: knowledge.Warning, File: p.places[0].File, Message: fmt.Sprintf(
				"%s is unanswered and a question of a fact; it is kept as a question", strictyaml.Quote(q))})
			return true
		}
		return false
	})
	if find, ok := p.draft.Eval.Get("find").(draft.Object); ok {
		kept := draft.Object{}
		for _, x := range find {
			if known[x.Key] {
				kept = append(kept, x)
				continue
			}
			m.cut++
			m.rep.Add(knowledge.Problem{Severity: knowledge.Warning, File: p.places[0].File, Message: fmt.Sprintf(
				"the examination asks for %s, which is not among the facts; its questions were left out", strictyaml.Quote(x.Key))})
		}
		for i := range p.draft.Eval {
			if p.draft.Eval[i].Key == "find" {
				p.draft.Eval[i].Value = kept
			}
		}
		if len(kept) == 0 {
			p.draft.Eval = p.draft.Eval.Without("find")
		}
	}
}

// sourceIDs returns the ids that the citations of a fact name.
func sourceIDs(fact draft.Object) []string {
	var out []string
	add := func(cites []any) {
		for _, c := range cites {
			if o, ok := c.(draft.Object); ok && o.Text("source") != "" && !slices.Contains(out, o.Text("source")) {
				out = append(out, o.Text("source"))
			}
		}
	}
	add(fact.List("cites"))
	for _, x := range fact.List("positions") {
		if o, ok := x.(draft.Object); ok {
			add(o.List("cites"))
		}
	}
	return out
}
