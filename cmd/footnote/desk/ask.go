package desk

import (
	"context"
	"errors"
	"net/http"
	"slices"

	"footnote/answers"
	"footnote/knowledge"
	"footnote/knowledge/csl"
)

// locatorNone is a source as a whole.
var locatorNone = csl.Locator{}

// A phrasing is a question of a fact with what becomes of somebody who asks so: in its own
// words, and in words that the pack does not have, by its being held out.
type phrasing struct {
	Text     string
	Straight string // another fact that answers even these very words
	Alone    bool   // it is the only one in its language, and cannot be held out
	Found    bool   // without itself
	Offered  bool
	Instead  string // a fact that comes in its place
}

// phrasings asks every question of a fact, with and without itself.
func (v *visit) phrasings(ctx context.Context, s *state, f *knowledge.Fact) (all []phrasing, words bool, err error) {
	m, err := v.matcher(ctx, s)
	if err != nil {
		return nil, false, err
	}
	f = m.Base().Fact(f.ID)
	var out []phrasing
	for i, q := range f.Questions {
		p := phrasing{Text: q.Text}
		if got := m.Match(answers.Query{Text: q.Text, Lang: q.Lang}); got.Best() != nil && got.Best().ID != f.ID {
			p.Straight = got.Best().ID
		}
		p.Alone = !slices.ContainsFunc(f.Questions, func(o knowledge.Phrasing) bool { return o.Lang == q.Lang && o.Text != q.Text })
		if !p.Alone {
			got := m.MatchWithout(answers.Query{Text: q.Text, Lang: q.Lang}, f, i)
			best := got.Best()
			is := best != nil && best.ID == f.ID
			p.Found = is && got.Sure()
			p.Offered = is || slices.ContainsFunc(got.Offered, func(c answers.Candidate) bool { return c.Fact.ID == f.ID })
			switch {
			case best != nil && !is:
				p.Instead = best.ID
			case !p.Offered && len(got.Offered) > 0:
				p.Instead = got.Offered[0].Fact.ID
			}
		}
		out = append(out, p)
	}
	return out, m.Words, nil
}

// An askView is what became of a question.
type askView struct {
	Question  string
	Outcome   string
	Answer    string
	Status    string
	Fact      string
	Citations []csl.Runs
	Offered   []answers.Candidate
	Scores    []score
	Runner    string
	Margin    float64
	Why       answers.Why
	Unsaved   bool // the fact as it stands in the form was asked, too
	Words     bool // by words alone
	Problem   string
}

// A score is how sure the matcher is of one fact.
type score struct {
	Fact, Question string
	Confidence     float64
}

// ask answers a question of the pack, with the fact of a form as it stands in it.
func (v *visit) ask() error {
	s, err := v.ready()
	if err != nil {
		return err
	}
	q := oneLine(v.r.PostForm.Get("q"))
	out := askView{Question: q}
	if id := v.r.PostForm.Get("fact"); id != "" {
		f := v.read(s)
		if id == newName {
			f.ID = v.freeID(s, f)
		}
		next, _, err := v.unsaved(s, id, f)
		if err == nil && next.loaded != nil {
			s, out.Unsaved = next, true
		}
	}
	if q == "" {
		return v.fragment("answer", nil)
	}
	m, err := v.matcher(v.r.Context(), s)
	switch {
	case errors.Is(err, errNoPack):
		out.Problem = "The pack cannot be asked while a file holds an error."
	case err != nil:
		out.Problem = err.Error()
	default:
		out.Words = m.Words
		out.tell(m.Match(answers.Query{Text: q}))
	}
	if v.r.PostForm.Get("whole") != "" { // without a script
		return v.show(http.StatusOK, "asked", "Ask it", out)
	}
	return v.fragment("answer", out)
}

// tell fills in what came of the question.
func (a *askView) tell(r answers.Result) {
	a.Why, a.Offered, a.Margin, a.Runner = r.Why, r.Offered, r.Why.Margin, r.Why.RunnerUp
	a.Outcome = map[answers.Outcome]string{answers.Answered: "Answered", answers.Choices: "Offers a choice", answers.Declined: "Declined"}[r.Outcome]
	if r.Tentative {
		a.Outcome = "Answered, not surely"
	}
	if f := r.Best(); f != nil {
		a.Fact, a.Status, a.Answer = f.ID, string(f.Status), f.Answer.In(r.Lang, f.Pack.Languages[0])
		for _, c := range f.Citations() {
			a.Citations = append(a.Citations, c.Short)
		}
	}
	for _, c := range r.Candidates {
		a.Scores = append(a.Scores, score{c.Fact.ID, c.Question, c.Confidence})
	}
}
