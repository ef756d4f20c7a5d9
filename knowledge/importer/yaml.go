package importer

import (
	"maps"
	"regexp"
	"slices"
	"strings"

	"footnote/knowledge/strictyaml"
)

// parse reads a YAML file; what is wrong with it is reported.
func (m *maker) parse(text string) *strictyaml.Node {
	before := m.rep.Errors()
	n := strictyaml.Parse(m.file, []byte(text), &m.rep)
	if m.rep.Errors() > before {
		m.skipped++
	}
	return n
}

// chatterbot reads a corpus: lists of statements, of which the second answers
// the first.
func (m *maker) chatterbot(text string) {
	n := m.parse(text)
	if n == nil {
		return
	}
	if !n.IsMap() {
		m.bad(n.Line(), "a ChatterBot corpus begins with categories: and conversations:")
		return
	}
	top := n.AnyMap("")
	var topics []string
	if c := top.Get("categories"); c.IsList() {
		for _, x := range c.List("") {
			if x.IsText() {
				topics = append(topics, x.Text())
			}
		}
	}
	conversations := top.Get("conversations")
	if !conversations.IsList() {
		m.bad(n.Line(), "conversations is missing: a list of lists, each with a question and its answer")
		return
	}
	for _, c := range conversations.List("") {
		if m.givenUp {
			return
		}
		if !c.IsList() || len(c.List("")) < 2 {
			m.bad(c.Line(), "a conversation needs a question and an answer")
			continue
		}
		said := c.List("")
		if !said[0].IsText() || !said[1].IsText() {
			m.bad(c.Line(), "a conversation is a list of texts; a text with a colon followed by a space must stand in quotation marks")
			continue
		}
		var more []string
		for _, x := range said[2:] {
			if !x.IsText() {
				m.cut++
				m.warn(x.Line(), "what follows an answer must be a text; this was left out")
				continue
			}
			more = append(more, x.Text())
		}
		e := entry{line: said[0].Line(), questions: []question{{said[0].Text(), said[0].Line()}}, answer: said[1].Text(), topics: topics, origin: "ChatterBot corpus"}
		if len(more) > 0 {
			e.detail = "It goes on: " + strings.Join(more, " – ")
		}
		m.add(e)
	}
}

// red reads a trivia list: questions as keys, each with its accepted answers.
func (m *maker) red(text string) {
	n := m.parse(text)
	if n == nil {
		return
	}
	if !n.IsMap() {
		m.bad(n.Line(), "a trivia list is a map: each question with a list of answers under it")
		return
	}
	top := n.AnyMap("")
	origin := "Red trivia list"
	if a := top.Get("AUTHOR"); a.IsText() {
		origin += " by " + a.Text()
	}
	for _, key := range top.Keys() {
		if m.givenUp {
			return
		}
		if key == "AUTHOR" || key == "DESCRIPTION" || key == "CONFIG" {
			continue
		}
		line := top.Key(key).Line()
		v := top.Get(key)
		var answers []string
		switch {
		case v.IsText():
			answers = []string{v.Text()}
		case v.IsList():
			for _, x := range v.List("") {
				if !x.IsText() {
					m.cut++
					m.warn(x.Line(), "an answer must be a text; this one was left out")
					continue
				}
				answers = append(answers, x.Text())
			}
		}
		if len(answers) == 0 {
			m.bad(line, "the question has no answers under it")
			continue
		}
		e := entry{line: line, questions: []question{{key, line}}, answer: answers[0], origin: origin}
		if len(answers) > 1 {
			e.detail = "Also accepted: " + strings.Join(answers[1:], "; ") + "."
		}
		m.add(e)
	}
}

// rasaState gathers intents and responses, which stand in different files.
type rasaState struct {
	intents   []*intent
	byName    map[string]*intent
	responses map[string]response
}

type intent struct {
	name     string
	file     string
	line     int
	examples []question
}

type response struct {
	text   string
	others []string // other wordings of it
	at     strictyaml.Place
	used   bool
}

func newRasaState() rasaState {
	return rasaState{byName: map[string]*intent{}, responses: map[string]response{}}
}

// rasaEntity is Rasa's mark-up of a word in an example: [Khrushchev](person) or
// [Khrushchev]{"entity": "person"}.
var rasaEntity = regexp.MustCompile(`\[([^\]\n]+)\](\([^)\n]*\)|\{[^}\n]*\})`)

// rasa reads training data (nlu:) and answers (responses:) from one file.
func (m *maker) rasa(text string) {
	n := m.parse(text)
	if n == nil || !n.IsMap() {
		return
	}
	top := n.AnyMap("")
	if nlu := top.Get("nlu"); nlu.IsList() {
		for _, x := range nlu.List("") {
			m.rasaIntent(x)
		}
	}
	for _, section := range []string{"responses", "templates"} { // the second is what Rasa 1 called them
		r := top.Get(section)
		if !r.IsMap() {
			continue
		}
		list := r.AnyMap("")
		for _, name := range list.Keys() {
			m.rasaResponse(strings.TrimPrefix(name, "utter_"), list.Key(name).Line(), list.Get(name))
		}
	}
}

func (m *maker) rasaIntent(n *strictyaml.Node) {
	if !n.IsMap() {
		return
	}
	x := n.AnyMap("")
	name := x.Get("intent")
	if !name.IsText() {
		return // a synonym, a lookup table or a regex
	}
	key := strings.TrimSpace(name.Text())
	it := m.byName[key]
	if it == nil {
		it = &intent{name: key, file: m.file, line: name.Line()}
		m.byName[key] = it
		m.intents = append(m.intents, it)
	}
	add := func(s string, line int) {
		s = strings.TrimSpace(rasaEntity.ReplaceAllString(s, "$1"))
		if s != "" {
			it.examples = append(it.examples, question{s, line})
		}
	}
	ex := x.Get("examples")
	switch {
	case ex.IsText():
		// The text of a block begins on the line after its sign.
		for i, line := range strings.Split(ex.Text(), "\n") {
			if s, ok := strings.CutPrefix(strings.TrimSpace(line), "-"); ok {
				add(s, ex.Line()+1+i)
			}
		}
	case ex.IsList():
		for _, e := range ex.List("") {
			if e.IsText() {
				add(e.Text(), e.Line())
			} else if e.IsMap() {
				if t := e.AnyMap("").Get("text"); t.IsText() {
					add(strings.TrimPrefix(strings.TrimSpace(t.Text()), "-"), t.Line())
				}
			}
		}
	}
}

func (m *maker) rasaResponse(name string, line int, n *strictyaml.Node) {
	var texts []string
	if n.IsText() {
		texts = append(texts, n.Text())
	}
	if n.IsList() {
		for _, x := range n.List("") {
			if x.IsText() {
				texts = append(texts, x.Text())
			} else if x.IsMap() {
				if t := x.AnyMap("").Get("text"); t.IsText() {
					texts = append(texts, t.Text())
				}
			}
		}
	}
	if len(texts) == 0 {
		m.bad(line, "the response %s has no text", strictyaml.Quote(name))
		return
	}
	if first, dup := m.responses[name]; dup {
		m.bad(line, "the response %s stands also at %s", strictyaml.Quote(name), first.at)
		return
	}
	m.responses[name] = response{text: texts[0], others: texts[1:], at: strictyaml.Place{File: m.file, Line: line}}
}

// rasaEnd joins what all files held.
func (m *maker) rasaEnd() {
	retrieval := map[string]bool{} // intents such as faq, whose responses are faq/…
	for _, it := range m.intents {
		if group, _, ok := strings.Cut(it.name, "/"); ok {
			retrieval[group] = true
		}
	}
	for _, it := range m.intents {
		m.file = it.file
		if m.givenUp {
			return
		}
		r, ok := m.responses[it.name]
		if !ok {
			if !retrieval[it.name] {
				m.bad(it.line, "the intent %s has no response utter_%s; give the folder that holds both", strictyaml.Quote(it.name), it.name)
			}
			continue
		}
		r.used = true
		m.responses[it.name] = r
		group, name, ok := strings.Cut(it.name, "/")
		if !ok {
			name, group = it.name, ""
		}
		e := entry{line: it.line, questions: it.examples, answer: r.text, topics: []string{group}, origin: "Rasa intent " + it.name,
			keywords: []string{strings.NewReplacer("_", " ", "-", " ").Replace(name)}}
		if len(r.others) > 0 {
			e.detail = "In other words: " + strings.Join(r.others, " – ")
		}
		m.add(e)
	}
	for _, name := range slices.Sorted(maps.Keys(m.responses)) {
		if r := m.responses[name]; !r.used {
			m.file = r.at.File
			m.bad(r.at.Line, "the response %s has no intent, so nobody could ask for it", strictyaml.Quote("utter_"+name))
		}
	}
	if len(m.intents)+len(m.responses) == 0 && m.skipped == 0 {
		m.bad(1, "there is neither nlu: nor responses: in it; a Rasa project has them in data/nlu.yml and domain.yml")
	}
}
