package desk

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"

	"footnote/answers"
	"footnote/answers/gaps"
	"footnote/knowledge"
	"footnote/knowledge/draft"
	"footnote/knowledge/splice"
	"footnote/knowledge/strictyaml"
)

// A triage is the list of what people asked that a pack has no good answer to. What was
// pasted lives as long as the desk.
type triage struct {
	mu      sync.Mutex
	pasted  []gaps.Question
	settled map[string]bool // by question
}

// settle takes questions off the list, or puts them back.
func (t *triage) settle(off bool, questions ...string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.settled == nil {
		t.settled = map[string]bool{}
	}
	for _, q := range questions {
		if off {
			t.settled[q] = true
		} else {
			delete(t.settled, q)
		}
	}
}

// open returns the questions that are on the list.
func (t *triage) open(more []gaps.Question) []gaps.Question {
	t.mu.Lock()
	defer t.mu.Unlock()
	return slices.DeleteFunc(slices.Concat(t.pasted, more), func(q gaps.Question) bool { return t.settled[oneLine(q.Text)] })
}

// paste adds questions, one a line.
func (t *triage) paste(text string) int {
	t.mu.Lock()
	defer t.mu.Unlock()
	n := 0
	for i, line := range nonEmptyLines(text) {
		if strings.HasPrefix(line, "#") || len(t.pasted) >= gaps.Most {
			continue
		}
		t.pasted = append(t.pasted, gaps.Question{Text: line, Who: fmt.Sprintf("pasted %d", i), Kind: gaps.Unanswered})
		n++
	}
	return n
}

// A questionGroup is questions about the same, and what may be done with them.
type questionGroup struct {
	gaps.Group
	Proposed string // one of phrasing, fact, unanswered; empty where nothing is
	Fact     string // the id of the nearest fact
	Says     string // its answer
	Because  string
}

// asked returns what the ledger knows.
func (v *visit) asked() (Asked, error) {
	if v.c.Asked == nil {
		return Asked{}, nil
	}
	return v.c.Asked(v.r.Context())
}

// questions shows the list.
func (v *visit) questions() error {
	s, err := v.ready()
	if err != nil {
		return err
	}
	asked, err := v.asked()
	if err != nil {
		return refuse(http.StatusInternalServerError, "The ledger cannot be read: %v", err)
	}
	body := map[string]any{"Ledger": v.c.Asked != nil}
	type judged struct {
		ID string
		Feedback
	}
	var said []judged
	for _, id := range sortedKeys(keysOf(asked.Feedback)) {
		if s.fact(id) != nil {
			said = append(said, judged{id, asked.Feedback[id]})
		}
	}
	body["Judged"] = said
	m, err := v.matcher(v.r.Context(), s)
	if err != nil {
		body["Problem"] = "Questions can be sorted once no file holds an error."
		return v.show(http.StatusOK, "questions", "Questions", body)
	}
	groups, filled, hidden := group(m.Matcher, v.p.asked.open(asked.Questions), asked.People)
	body["Groups"], body["Filled"], body["Hidden"], body["People"] = groups, filled, hidden, asked.People
	var facts []choice
	for _, f := range m.Base().Facts() {
		facts = append(facts, choice{ID: f.ID, Name: f.Canonical(f.Pack.Languages[0])})
	}
	body["Facts"] = facts
	return v.show(http.StatusOK, "questions", "Questions", body)
}

func keysOf(m map[string]Feedback) map[string]bool {
	out := map[string]bool{}
	for k := range m {
		out[k] = true
	}
	return out
}

// group groups what the pack does not answer surely by now. Words that fewer than so many
// people used are only counted, unless they were pasted.
func group(m *answers.Matcher, open []gaps.Question, people int) (groups []questionGroup, filled, hidden int) {
	open = slices.DeleteFunc(open, func(q gaps.Question) bool {
		now := q.Kind == gaps.Unanswered && m.Match(answers.Query{Text: q.Text}).Sure()
		if now {
			filled++
		}
		return now
	})
	pasted := map[string]bool{}
	for _, q := range open {
		if strings.HasPrefix(q.Who, "pasted ") {
			pasted[oneLine(q.Text)] = true
		}
	}
	for _, g := range gaps.Find(open) {
		if g.People < people && !g.Wanted && !slices.ContainsFunc(g.Texts, func(t string) bool { return pasted[t] }) {
			hidden += g.Times
			continue
		}
		now := m.Match(answers.Query{Text: g.Texts[0]})
		g.Near, g.Proposal = now.Candidates, gaps.Propose(g, now, m.Base())
		if g.Proposal.Belonging == gaps.Listed {
			filled += g.Times
			continue
		}
		q := questionGroup{Group: g, Because: g.Proposal.String()}
		near := g.Proposal.Fact
		if near == nil && len(g.Near) > 0 {
			near = g.Near[0].Fact
		}
		if near != nil {
			q.Fact, q.Says = near.ID, near.Answer.In(near.Pack.Languages[0])
		}
		switch g.Proposal.Belonging {
		case gaps.AnotherWay, gaps.NewFact, gaps.ForUnanswered:
			q.Proposed = string(g.Proposal.Belonging)
		}
		groups = append(groups, q)
	}
	return groups, filled, hidden
}

// pasteQuestions takes a list, one question a line.
func (v *visit) pasteQuestions() error {
	if v.p.asked.paste(v.r.PostForm.Get("text")) == 0 {
		return refuse(http.StatusBadRequest, "No question was in what you pasted. Write one a line.")
	}
	return v.done("added", "questions")
}

// triage does with a group of questions what was chosen.
func (v *visit) triage() error {
	s, err := v.ready()
	if err != nil {
		return err
	}
	var texts []string
	for _, t := range v.r.PostForm["text"] {
		if t = oneLine(t); t != "" && len([]rune(t)) <= knowledge.MaxQuestion {
			texts = append(texts, t)
		}
	}
	if len(texts) == 0 {
		return refuse(http.StatusBadRequest, "No question was chosen.")
	}
	all := v.r.PostForm["all"] // of the group: what is not chosen goes off the list with the rest when it is dismissed
	switch v.r.PostForm.Get("do") {
	case "phrasing":
		return v.addPhrasings(s, v.r.PostForm.Get("fact"), texts)
	case "fact":
		return v.done("", "new?%s", "question="+queryEscape(strings.Join(texts, "\n")))
	case "unanswered":
		data, err := draft.WithUnanswered(s.files["unanswered.yaml"], texts[0])
		if err != nil {
			return refuse(http.StatusConflict, "unanswered.yaml cannot be written: %v", err)
		}
		return v.writeChecked(s, "Put “"+texts[0]+"” into unanswered.yaml", map[string][]byte{"unanswered.yaml": data}, texts, "saved")
	case "dismiss":
		for _, t := range all {
			if t = oneLine(t); !slices.Contains(texts, t) {
				texts = append(texts, t)
			}
		}
		if err := v.write(s, "Dismissed “"+texts[0]+"”", nil, texts...); err != nil {
			return err
		}
		return v.done("dismissed", "questions")
	}
	return refuse(http.StatusBadRequest, "There is nothing like that to do.")
}

// addPhrasings makes questions other ways of asking for a fact.
func (v *visit) addPhrasings(s *state, id string, texts []string) error {
	e := s.fact(id)
	if e == nil {
		return refuse(http.StatusBadRequest, "Choose the fact that answers the question.")
	}
	path := append(e.path("facts"), "questions")
	if byLang, ok := e.Object.Get("questions").(splice.Object); ok {
		lang := langOf(s, id, texts[0])
		path = append(path, lang)
		if byLang.Get(lang) == nil {
			return refuse(http.StatusConflict, "%s has no questions in %s yet; write the first in its form.", id, lang)
		}
	}
	data, err := splice.Insert(s.files[e.File], path, -1, splice.Texts(texts)...)
	if err != nil {
		return refuse(http.StatusConflict, "This cannot be written: %v", err)
	}
	return v.writeChecked(s, "Gave "+id+" "+noun(len(texts), "way")+" of asking", map[string][]byte{e.File: data}, texts, "saved")
}

// langOf is the language of a fact's questions that is written in the letters of a text.
func langOf(s *state, id, text string) string {
	if s.loaded != nil {
		if f := s.base().Fact(id); f != nil {
			for _, q := range f.Questions {
				if cyrillic(q.Text) == cyrillic(text) {
					return q.Lang
				}
			}
		}
	}
	return s.languages()[0]
}

func cyrillic(s string) bool {
	return strings.ContainsFunc(s, func(r rune) bool { return r >= 0x400 && r < 0x530 })
}

// writeChecked writes what does not bring an error into a pack that loads.
func (v *visit) writeChecked(s *state, what string, changed map[string][]byte, settled []string, did string) error {
	next := s.with(changed, v.c.Now())
	if s.loaded != nil && next.loaded == nil {
		for _, x := range next.problems {
			if x.Severity == strictyaml.Error {
				return refuse(http.StatusConflict, "Nothing was written: %s", x.Message)
			}
		}
	}
	if err := v.write(s, what, changed, settled...); err != nil {
		return err
	}
	return v.done(did, "questions")
}
