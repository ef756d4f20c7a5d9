package importer

import (
	"fmt"
	"maps"
	"path/filepath"
	"slices"
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
	files    []string // of the import
	file     string   // that is being read
	rep      strictyaml.Report
	skipped  int
	repeated int
	cut      int // entries of which a part was left out
	missing  []string
	badHere  int  // entries of the file that cannot be used
	goodHere int  // entries of the file that can
	givenUp  bool // the rest of the file is not read
	stopped  bool // nor is any other

	isForeign bool // a fact has come from elsewhere

	// locate reports a problem of a fact that came from a row of a table.
	locate func(line int, x knowledge.Problem)

	packs []*packMaker
	rasaState
}

// A packMaker is one pack in the making.
type packMaker struct {
	draft     draft.Pack
	ids       map[string]int
	questions map[string]strictyaml.Place // by language and words
	answers   map[string]string           // as the file had them, by question
	near      map[string]bool             // what is unanswered, by its words
	sources   map[string]draft.Object
	places    []strictyaml.Place // of each fact
}

func newMaker(o Options) *maker {
	if o.Language == "" {
		o.Language = "en"
	}
	return &maker{Options: o, rasaState: newRasaState()}
}

// begin turns to the next file.
func (m *maker) begin(file string) { m.file, m.badHere, m.goodHere, m.givenUp = file, 0, 0, m.stopped }

// bad reports an entry that cannot be used.
func (m *maker) bad(line int, format string, args ...any) {
	m.badAt(line, 1, "", fmt.Sprintf(format, args...))
}

// badAt is bad with the column and the name of what is wrong.
func (m *maker) badAt(line, column int, path, message string) {
	m.rep.Add(knowledge.Problem{File: m.file, Line: line, Column: column, Path: path, Message: message})
	m.skipped++
	if m.badHere++; m.badHere >= MaxBad && m.badHere > m.goodHere && !m.givenUp {
		m.givenUp = true
		m.lacks("%s was read up to line %d only: %d entries of it could not be used. Is it really %s?", m.file, line, m.badHere, m.Format)
	}
}

// lacks notes, for the end, what the packs lack.
func (m *maker) lacks(format string, args ...any) {
	if s := fmt.Sprintf(format, args...); !slices.Contains(m.missing, s) {
		m.missing = append(m.missing, s)
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
	p := &packMaker{draft: draft.Pack{Head: o}, ids: map[string]int{}, questions: map[string]strictyaml.Place{}, sources: map[string]draft.Object{},
		answers: map[string]string{}, near: map[string]bool{}}
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
	m.givenUp, m.stopped = true, true
	m.lacks("%s was read up to line %d only, and no file after it: %d facts are as many as one import makes. Split it", m.file, line, n)
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
	answer := plain(e.answer)
	if answer == "" {
		m.bad(e.line, "the answer is empty")
		return
	}
	questions := m.questionsOf(p, e, answer)
	if len(questions) == 0 {
		return
	}
	whole := answer
	answer, detail := m.fitted(e, answer)
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
	if m.addFact(p, e.line, fact, questions, m.Language) {
		m.isForeign = true
		for _, q := range questions {
			p.answers[m.Language+"\x00"+knowledge.QuestionKey(q.text)] = whole
		}
	}
}

// fitted returns the answer and the detail of e in the length that facts have room
// for. What an answer has no room for goes into the detail, which says where the
// fact came from.
func (m *maker) fitted(e entry, whole string) (answer, detail string) {
	answer = whole
	detail = plain(e.detail)
	long := utf8.RuneCountInString(answer)
	if long > knowledge.MaxAnswer {
		detail = strings.TrimSpace(answer + " " + detail)
		answer = shortened(answer, knowledge.MaxAnswer)
	}
	from := fmt.Sprintf("Imported from %s, line %d", label(m.file), e.line)
	if o := plain(e.origin); o != "" {
		from += " (" + shortened(o, 200) + ")"
	}
	from += "."
	room := knowledge.MaxDetail - utf8.RuneCountInString(from) - 1
	n := utf8.RuneCountInString(detail)
	switch {
	case n > room && long > knowledge.MaxAnswer:
		m.warn(e.line, "the answer has %d characters; an answer may have %d and its detail %d, so the end of it was left out", long, knowledge.MaxAnswer, room)
	case n > room:
		m.warn(e.line, "the detail has %d characters and may have %d: the rest was left out", n, room)
	case long > knowledge.MaxAnswer:
		m.warn(e.line, "the answer has %d characters and an answer may have %d: it was shortened, and the whole of it is in detail", long, knowledge.MaxAnswer)
	}
	if n > room {
		m.cut++
		detail = shortened(detail, room)
	}
	return answer, strings.TrimSpace(detail + " " + from)
}

// words returns the texts of list, shortened and each once.
func words(list []string) []any {
	var out []any
	seen := map[string]bool{}
	for _, s := range list {
		s = shortened(plain(s), knowledge.MaxWord)
		if s != "" && !seen[s] {
			seen[s] = true
			out = append(out, s)
		}
	}
	return out
}

// questionsOf returns the questions of e that can be used: none that another fact
// has already. A question that is said twice is ordinary, and the first answer to
// it is kept.
func (m *maker) questionsOf(p *packMaker, e entry, answer string) []question {
	var out []question
	repeated := false
	own := map[string]bool{}
	var why string
	for _, q := range e.questions {
		if q.line == 0 {
			q.line = e.line
		}
		bad := badText(q.text)
		text := plain(q.text)
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
			repeated = true
			if p.answers[m.Language+"\x00"+same] != answer {
				m.repeated++
				m.warn(q.line, "the question %s stands also at %s; one question can find only one fact, so the first answer was kept", strictyaml.Quote(text), other)
			}
			continue
		case len(out) == knowledge.MaxQuestions:
			why = fmt.Sprintf("the fact has more than %d questions; the rest is left out", knowledge.MaxQuestions)
			m.warn(q.line, "%s", why)
			m.cut++
			return out
		default:
			own[same] = true
			q.text = text
			out = append(out, q)
			continue
		}
		if len(e.questions) > 1 {
			m.warn(q.line, "%s; the question was left out", why)
			m.cut++
		}
	}
	if len(out) == 0 && !repeated {
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
	trial := draft.Pack{Head: trialPack(p.draft.Head), Facts: []draft.Object{fact.Without("related")}, Images: m.imagesOf(fact)}
	for _, id := range sourceIDs(fact) {
		if s, ok := p.sources[id]; ok {
			trial.Sources = append(trial.Sources, s)
		}
	}
	if loaded, problems := trial.Load(""); loaded == nil {
		for _, x := range problems {
			if x.Severity == knowledge.Error {
				if m.locate != nil {
					m.locate(line, x)
				} else {
					m.bad(line, "%s", strings.TrimPrefix(x.Path+": "+x.Message, ": "))
				}
				return false
			}
		}
	}
	for _, q := range questions {
		p.questions[lang+"\x00"+knowledge.QuestionKey(q.text)] = strictyaml.Place{File: m.file, Line: q.line}
	}
	p.draft.Facts = append(p.draft.Facts, fact)
	if len(trial.Images) > 0 && p.draft.Images == nil {
		p.draft.Images = map[string][]byte{}
	}
	maps.Copy(p.draft.Images, trial.Images)
	p.places = append(p.places, strictyaml.Place{File: m.file, Line: line})
	m.goodHere++
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
	r := Result{Format: m.Format, Skipped: m.skipped, Repeated: m.repeated}
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
	r.Sourced = r.Facts > 0 && !m.isForeign
	if r.Skipped > 0 {
		r.Missing = append(r.Missing, fmt.Sprintf("%s could not be used", entries(r.Skipped)))
	}
	if m.cut > 0 {
		r.Missing = append(r.Missing, fmt.Sprintf("a part of %s was left out", entries(m.cut)))
	}
	r.Missing = append(r.Missing, m.missing...)
	return r
}

func entries(n int) string {
	if n == 1 {
		return "1 entry"
	}
	return fmt.Sprintf("%d entries", n)
}

// unanswered adds a question that no fact answers.
func (m *maker) unanswered(q string) {
	p := m.foreign()
	q = plain(q)
	same := knowledge.QuestionKey(q)
	if badText(q) != "" || same == "" || utf8.RuneCountInString(q) > knowledge.MaxUnanswered || p.near[same] {
		return
	}
	p.near[same] = true
	p.draft.Unanswered = append(p.draft.Unanswered, q)
}
