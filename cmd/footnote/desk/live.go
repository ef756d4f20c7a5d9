package desk

import (
	"fmt"

	"footnote/knowledge"
	"footnote/knowledge/edtf"
	"footnote/knowledge/strictyaml"
)

// A liveView is what is known of a fact as it stands in the form, saved or not.
type liveView struct {
	Problems []knowledge.Problem
	Others   int // errors elsewhere that this edit makes
	Dates    []understood
	Answer   []counted
	Previews []Preview
	Found    []phrasing
	N        int    // of these are found
	Words    bool   // they were asked by words alone
	Why      string // there are no previews and no phrasings
}

// An understood date is what was typed, and what it is taken for.
type understood struct{ Typed, EDTF, Words string }

// A counted text is how long a text is.
type counted struct {
	Lang    string
	N, Most int
}

// live tells of a form as it stands.
func (v *visit) live() error {
	s, err := v.ready()
	if err != nil {
		return err
	}
	id, f := v.r.PathValue("id"), v.read(s)
	typed := typedDates(v.r.PostForm)
	if id == newName {
		f.ID = v.freeID(s, f)
	}
	next, e, err := v.unsaved(s, id, f)
	if err != nil {
		return v.fragment("live", &liveView{Problems: []knowledge.Problem{{Severity: knowledge.Error, Message: err.Error()}}})
	}
	out := v.liveOf(next, e)
	out.Dates = typed
	out.Others = max(0, errorsOf(next)-errorsOf(s)-countErrors(e.Problems))
	for _, a := range f.Answer {
		out.Answer = append(out.Answer, counted{a.Lang, len([]rune(a.Text)), knowledge.MaxAnswer})
	}
	return v.fragment("live", out)
}

// unsaved returns the state as it would be with what a form says.
func (v *visit) unsaved(s *state, id string, f factForm) (*state, *entry, error) {
	file, data, err := v.edited(s, id, f)
	if err != nil {
		return nil, nil, err
	}
	next := s.with(map[string][]byte{file: data}, v.c.Now())
	if id == newName {
		id = f.ID
	}
	e := next.fact(id)
	if e == nil {
		return nil, nil, fmt.Errorf("the id %s stands twice", strictyaml.Quote(id))
	}
	return next, e, nil
}

func errorsOf(s *state) int { return countErrors(s.problems) }

func countErrors(list []knowledge.Problem) int {
	n := 0
	for _, x := range list {
		if x.Severity == knowledge.Error {
			n++
		}
	}
	return n
}

// liveOf tells of a fact of a state.
func (v *visit) liveOf(s *state, e *entry) *liveView {
	out := &liveView{Problems: e.Problems}
	if s.loaded == nil {
		out.Why = "How the reply looks, and whether its questions find it, is shown once no file holds an error."
		return out
	}
	f := s.base().Fact(e.ID)
	if f == nil {
		return out
	}
	if v.c.Previews != nil {
		out.Previews = v.c.Previews(s.base(), f)
	}
	var err error
	if out.Found, out.Words, err = v.phrasings(v.r.Context(), s, f); err != nil {
		out.Why = err.Error()
	}
	for _, x := range out.Found {
		if x.Found {
			out.N++
		}
	}
	return out
}

// typedDates tells of each date of a form how it is understood.
func typedDates(form map[string][]string) []understood {
	var out []understood
	for _, n := range rows(form, "dates") {
		typed := oneLine(first(form[fmt.Sprintf("dates.%d.edtf", n)]))
		if typed == "" {
			continue
		}
		u := understood{Typed: typed, EDTF: date(typed)}
		if edtf.Date(u.EDTF).Check() == nil {
			u.Words = edtf.Date(u.EDTF).In("en")
		}
		out = append(out, u)
	}
	return out
}

func first(list []string) string {
	if len(list) == 0 {
		return ""
	}
	return list[0]
}
