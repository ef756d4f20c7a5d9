package desk

import (
	"net/http"
	"strconv"
	"strings"

	"footnote/knowledge"
)

// statuses are the statuses with what each asks for.
var statuses = []struct{ Name, Meaning string }{
	{string(knowledge.Established), "The sources that you cite state it as fact."},
	{string(knowledge.Attributed), "It is somebody’s claim: say whose."},
	{string(knowledge.Disputed), "Sources disagree: give two positions or more."},
	{string(knowledge.CitationNeeded), "It is said, and nobody has sourced it yet."},
	{string(knowledge.Retracted), "Withdrawn: the answer is the correction."},
}

// home is the first page of a pack, or offers to make one.
func (v *visit) home() error {
	s, err := v.state()
	if err != nil {
		return err
	}
	if !s.there() {
		return v.show(http.StatusOK, "make", "A new pack", makeForm{ID: packID(v.p.dir), Languages: "en"})
	}
	return v.done("", "facts")
}

// A line is a fact in the list.
type line struct {
	ID, Status, Question, Topics string
	Questions                    int
	Errors, Warnings             int
	First                        string // the first problem
}

// perPage is how many facts stand on one page of the list.
const perPage = 250

// facts lists the facts, as far as a filter lets them through.
func (v *visit) facts() error {
	s, err := v.ready()
	if err != nil {
		return err
	}
	query := v.r.URL.Query()
	filter, status, only := oneLine(query.Get("q")), query.Get("status"), query.Get("only")
	lang := s.languages()[0]
	var list []line
	for _, e := range s.facts {
		f := formOf(e.Object, s.languages())
		l := line{ID: e.ID, Status: f.Status, Topics: f.Topics}
		for _, q := range f.Questions {
			asked := nonEmptyLines(q.Text)
			l.Questions += len(asked)
			if l.Question == "" && len(asked) > 0 {
				l.Question = asked[0]
			}
		}
		for _, x := range e.Problems {
			if x.Severity == knowledge.Error {
				l.Errors++
			} else {
				l.Warnings++
			}
			if l.First == "" || x.Severity == knowledge.Error && l.Errors == 1 {
				l.First = x.Message
			}
		}
		text := strings.ToLower(strings.Join([]string{l.ID, l.Question, l.Topics, f.Keywords, f.People, textIn(e.Object.Get("answer"), lang)}, " "))
		if !strings.Contains(text, strings.ToLower(filter)) || status != "" && status != l.Status ||
			only == "problems" && l.Errors+l.Warnings == 0 || only == "few" && l.Questions >= knowledge.GoodPhrasings {
			continue
		}
		list = append(list, l)
	}
	found := len(list)
	at, _ := strconv.Atoi(query.Get("page"))
	pages := max(1, (found+perPage-1)/perPage)
	at = min(max(at, 1), pages)
	list = list[min(found, (at-1)*perPage):min(found, at*perPage)]
	link := func(n int) string {
		if n < 1 || n > pages {
			return ""
		}
		query.Set("page", strconv.Itoa(n))
		query.Del("did")
		return "?" + query.Encode()
	}
	return v.show(http.StatusOK, "facts", "Facts", map[string]any{
		"Found": found, "Page": at, "Pages": pages, "Earlier": link(at - 1), "Later": link(at + 1),
		"Facts": list, "All": len(s.facts), "Q": filter, "Status": status, "Only": only, "Statuses": statuses, "Others": s.others(),
	})
}

// others are the errors that belong to no fact and no source, and so to a file.
func (s *state) others() []knowledge.Problem {
	var out []knowledge.Problem
	for _, x := range s.rest {
		if x.Severity == knowledge.Error {
			out = append(out, x)
		}
	}
	return out
}
