package importer

import (
	"fmt"
	"path/filepath"
	"strings"
	"unicode/utf8"

	"footnote/knowledge"
	"footnote/knowledge/draft"
	"footnote/knowledge/strictyaml"
)

// An entry is one question with its answer as a foreign file has it.
type entry struct {
	line      int
	questions []question
	answer    string
	detail    string
	topics    []string
	keywords  []string
	people    []string
	origin    string // what the file says of where it has it from
}

// A question is a way of asking and the line on which it stands.
type question struct {
	text string
	line int
}

// A maker gathers facts into packs.
type maker struct {
	Options
	file    string // that is being read
	rep     strictyaml.Report
	skipped int
	givenUp bool

	packs []*packMaker
	rasaState
}

// A packMaker is one pack in the making.
type packMaker struct {
	draft     draft.Pack
	ids       map[string]int
	questions map[string]strictyaml.Place // by language and words
	sources   map[string]draft.Object
	places    []strictyaml.Place // of each fact
}

func newMaker(o Options) *maker {
	if o.Language == "" {
		o.Language = "en"
	}
	return &maker{Options: o, rasaState: newRasaState()}
}

// bad reports an entry that cannot be used.
func (m *maker) bad(line int, format string, args ...any) {
	m.rep.Add(knowledge.Problem{File: m.file, Line: line, Column: 1, Message: fmt.Sprintf(format, args...)})
	m.skip(line)
}

func (m *maker) skip(line int) {
	if m.skipped++; m.skipped >= MaxBad && !m.givenUp {
		m.givenUp = true
		m.rep.Add(knowledge.Problem{File: m.file, Line: line, Column: 1,
			Message: fmt.Sprintf("%d entries could not be used, so the rest is not read: is this file really %s?", m.skipped, m.Format)})
	}
}

// warn reports what was changed or left out of an entry that is kept.
func (m *maker) warn(line int, format string, args ...any) {
	m.rep.Add(knowledge.Problem{Severity: knowledge.Warning, File: m.file, Line: line, Column: 1, Message: fmt.Sprintf(format, args...)})
}

// foreign returns, or makes, the pack for everything that is not our own export.
func (m *maker) foreign() *packMaker {
	for _, p := range m.packs {
		if p.draft.ID() == m.ID {
			return p
		}
	}
	return m.newPack(draft.Object{
		{Key: "schema", Value: knowledge.SchemaVersion},
		{Key: "id", Value: m.ID},
		{Key: "title", Value: "Imported from " + label(m.file)},
		{Key: "version", Value: "0.1.0"},
		{Key: "languages", Value: []any{m.Language}},
		{Key: "scope-note", Value: "Imported from " + label(m.file) + ". What has no source yet is marked as citation-needed."},
	})
}

// label returns the name of a file as a text may show it.
func label(file string) string {
	name := clean(strings.ToValidUTF8(filepath.Base(file), ""))
	if name == "" {
		return "a file"
	}
	return shortened(name, 100)
}

func (m *maker) newPack(o draft.Object) *packMaker {
	p := &packMaker{draft: draft.Pack{Head: o}, ids: map[string]int{}, questions: map[string]strictyaml.Place{}, sources: map[string]draft.Object{}}
	m.packs = append(m.packs, p)
	return p
}

// full reports, once, that no more facts are taken.
func (m *maker) full(line int) bool {
	if m.givenUp {
		return true
	}
	n := 0
	for _, p := range m.packs {
		n += len(p.draft.Facts)
	}
	if n < MaxFacts {
		return false
	}
	m.givenUp = true
	m.bad(line, "%d facts were read, which is as many as one import makes; the rest of the file is left out. Split it", n)
	return true
}

// add makes a fact of e, or reports why it cannot be one.
func (m *maker) add(e entry) {
	if m.full(e.line) {
		return
	}
	for _, s := range append(append([]string{e.answer, e.detail, e.origin}, e.topics...), append(e.keywords, e.people...)...) {
		if why := badText(s); why != "" {
			m.bad(e.line, "%s", why)
			return
		}
	}
	p := m.foreign()
	answer := clean(e.answer)
	if answer == "" {
		m.bad(e.line, "the answer is empty")
		return
	}
	questions := m.questionsOf(p, e)
	if len(questions) == 0 {
		return
	}
	detail := clean(e.detail)
	if utf8.RuneCountInString(answer) > knowledge.MaxAnswer {
		m.warn(e.line, "the answer has %d characters and an answer may have %d: it was shortened, and the whole of it is in detail",
			utf8.RuneCountInString(answer), knowledge.MaxAnswer)
		detail = strings.TrimSpace(answer + " " + detail)
		answer = shortened(answer, knowledge.MaxAnswer)
	}
	from := fmt.Sprintf("Imported from %s, line %d", label(m.file), e.line)
	if o := clean(e.origin); o != "" {
		from += " (" + shortened(o, 200) + ")"
	}
	from += "."
	room := knowledge.MaxDetail - utf8.RuneCountInString(from) - 1
	if utf8.RuneCountInString(detail) > room {
		m.warn(e.line, "the detail has %d characters and may have %d: the rest was left out", utf8.RuneCountInString(detail), room)
		detail = shortened(detail, room)
	}
	detail = strings.TrimSpace(detail + " " + from)

	stem := idOf(questions[0].text)
	if stem == "" && len(e.topics) > 0 {
		stem = idOf(e.topics[0])
	}
	fact := draft.Object{
		{Key: "id", Value: unique(stem, p.ids)},
		{Key: "status", Value: string(knowledge.CitationNeeded)},
		{Key: "topics", Value: words(append(e.topics, "imported"))},
	}
	var texts []any
	for _, q := range questions {
		texts = append(texts, q.text)
	}
	fact = append(fact, draft.Member{Key: "questions", Value: texts})
	if k := words(e.keywords); len(k) > 0 {
		fact = append(fact, draft.Member{Key: "keywords", Value: k})
	}
	fact = append(fact, draft.Member{Key: "answer", Value: answer}, draft.Member{Key: "detail", Value: detail})
	if k := words(e.people); len(k) > 0 {
		fact = append(fact, draft.Member{Key: "people", Value: k})
	}
	m.addFact(p, e.line, fact, questions, m.Language)
}

// words returns the texts of list, shortened and each once.
func words(list []string) []any {
	var out []any
	seen := map[string]bool{}
	for _, s := range list {
		s = shortened(clean(s), knowledge.MaxWord)
		if s != "" && !seen[s] {
			seen[s] = true
			out = append(out, s)
		}
	}
	return out
}

// questionsOf returns the questions of e that can be used: none that another fact
// has already.
func (m *maker) questionsOf(p *packMaker, e entry) []question {
	var out []question
	own := map[string]bool{}
	var why string
	for _, q := range e.questions {
		if q.line == 0 {
			q.line = e.line
		}
		bad := badText(q.text)
		text := clean(q.text)
		same := knowledge.QuestionKey(text)
		other, taken := p.questions[m.Language+"\x00"+same]
		switch {
		case bad != "":
			why = bad
		case text == "":
			why = "the question is empty"
		case same == "":
			why = fmt.Sprintf("the question %s holds neither letters nor numbers", strictyaml.Quote(text))
		case utf8.RuneCountInString(text) > knowledge.MaxQuestion:
			why = fmt.Sprintf("the question has %d characters; at most %d are allowed", utf8.RuneCountInString(text), knowledge.MaxQuestion)
		case own[same]:
			continue
		case taken:
			why = fmt.Sprintf("the question %s stands also at %s; one question can find only one fact", strictyaml.Quote(text), other)
		case len(out) == knowledge.MaxQuestions:
			why = fmt.Sprintf("the fact has more than %d questions; the rest is left out", knowledge.MaxQuestions)
			m.warn(q.line, "%s", why)
			return out
		default:
			own[same] = true
			q.text = text
			out = append(out, q)
			continue
		}
		if len(e.questions) > 1 {
			m.warn(q.line, "%s; the question was left out", why)
		}
	}
	if len(out) == 0 {
		if why == "" {
			why = "there is no question"
		}
		m.bad(e.line, "%s", why)
	}
	return out
}

// addFact adds a fact to its pack if it would load. What keeps it from loading is
// reported.
func (m *maker) addFact(p *packMaker, line int, fact draft.Object, questions []question, lang string) bool {
	trial := draft.Pack{Head: trialPack(p.draft.Head), Facts: []draft.Object{fact.Without("related")}}
	for _, id := range sourceIDs(fact) {
		if s, ok := p.sources[id]; ok {
			trial.Sources = append(trial.Sources, s)
		}
	}
	if loaded, problems := trial.Load(""); loaded == nil {
		for _, x := range problems {
			if x.Severity == knowledge.Error {
				m.bad(line, "%s", strings.TrimPrefix(x.Path+": "+x.Message, ": "))
				return false
			}
		}
	}
	for _, q := range questions {
		p.questions[lang+"\x00"+knowledge.QuestionKey(q.text)] = strictyaml.Place{File: m.file, Line: q.line}
	}
	p.draft.Facts = append(p.draft.Facts, fact)
	p.places = append(p.places, strictyaml.Place{File: m.file, Line: line})
	return true
}

// trialPack returns that part of pack.yaml which decides whether a fact of it is sound.
func trialPack(o draft.Object) draft.Object {
	out := draft.Object{{Key: "schema", Value: knowledge.SchemaVersion}, {Key: "id", Value: "trial"}, {Key: "title", Value: "Trial"},
		{Key: "version", Value: "0.0.0"}}
	if l := o.Get("languages"); l != nil {
		out = append(out, draft.Member{Key: "languages", Value: l})
	}
	return out
}

// result returns what was gathered, every pack of it sound.
func (m *maker) result() Result {
	r := Result{Skipped: m.skipped}
	for _, p := range m.packs {
		if len(p.draft.Facts) == 0 {
			continue
		}
		m.finish(p)
		name := "the new pack " + p.draft.ID()
		loaded, problems := p.draft.Load(name)
		if loaded == nil {
			// Each fact was sound alone; what is wrong now is in the rest of the pack.
			for _, x := range problems {
				if x.Severity == knowledge.Error {
					m.rep.Add(x)
				}
			}
			m.skipped += len(p.draft.Facts)
			r.Skipped = m.skipped
			continue
		}
		r.Packs = append(r.Packs, p.draft)
		r.Facts += len(p.draft.Facts)
	}
	r.Problems = m.rep.Problems()
	return r
}
