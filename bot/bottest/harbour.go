package bottest

import (
	"embed"
	"io/fs"
	"strings"
	"testing"

	"footnote/answers"
	"footnote/knowledge"
)

//go:embed harbour/*.yaml harbour/versions.jsonl harbour/images
var harbourFiles embed.FS

// A harbour answers from a little pack with a fact of every status, by rule and
// not by likeness: transcripts are about what people see, and should not change
// when the matcher does.
type harbour struct{ base *knowledge.Base }

func newHarbour(t testing.TB) harbour {
	t.Helper()
	files, err := fs.Sub(harbourFiles, "harbour")
	if err != nil {
		t.Fatal(err)
	}
	pack, problems := knowledge.Load(files, "harbour")
	if pack == nil {
		t.Fatalf("the pack of the transcripts: %v", problems)
	}
	return harbour{&knowledge.Base{Packs: []*knowledge.Pack{pack}}}
}

func (h harbour) Base() *knowledge.Base { return h.base }

// Match implements bot.Answerer. A sentence that has all the words of a fact's
// first question but its first is that question, tentatively if it has a number that
// the answer has not; "harbour" alone may mean three things, and what only speaks of
// the harbour is near two.
func (h harbour) Match(q answers.Query) answers.Result {
	said := words(q.Text)
	var all []answers.Candidate
	for _, f := range h.base.Facts() {
		all = append(all, answers.Candidate{Fact: f, Question: f.Questions[0].Text, Confidence: .5 - .04*float64(len(all))})
	}
	if len(said) == 1 && said["harbour"] {
		return answers.Result{Outcome: answers.Choices, Candidates: all[:3], Offered: all[:3], Why: answers.Why{
			Reason: answers.ReasonClose, Confidence: .5, Margin: .04, Words: []answers.Word{{Text: "harbour", Share: 1}},
		}}
	}
	for i, c := range all {
		asked := words(strings.Join(strings.Fields(c.Question)[1:], " "))
		for w := range said {
			delete(asked, w)
		}
		if len(asked) > 0 {
			continue
		}
		c.Confidence = .93
		next := all[(i+1)%len(all)]
		next.Confidence = .92
		told := words(c.Fact.Answer.In("en"))
		for w := range said {
			if w != "" && strings.Trim(w, "0123456789") == "" && !told[w] {
				c.Confidence, next.Confidence = .58, .21
				return answers.Result{
					Outcome: answers.Answered, Tentative: true, Candidates: []answers.Candidate{c, next}, Offered: []answers.Candidate{next},
					Why: answers.Why{Reason: "date", Phrasing: c.Question, Confidence: .58, Margin: .37, Missing: []string{w}},
				}
			}
		}
		return answers.Result{Outcome: answers.Answered, Candidates: []answers.Candidate{c, next}, Why: answers.Why{
			Reason: answers.ReasonPhrasing, Phrasing: c.Question, Confidence: .93, Margin: .01,
			Words:   []answers.Word{{Text: "harbour", Share: .62}, {Text: "built", Share: .38}},
			Repairs: []answers.Repair{{From: "harbor", To: "harbour"}},
		}}
	}
	r := answers.Result{Outcome: answers.Declined, Why: answers.Why{Reason: answers.ReasonUnknown, Missing: []string{"atlantis", "ocean"}}}
	if said["harbour"] {
		r.Candidates = []answers.Candidate{{Fact: all[0].Fact, Question: all[0].Question, Confidence: .31}, {Fact: all[1].Fact, Question: all[1].Question, Confidence: .22}}
		r.Offered = r.Candidates
		r.Why = answers.Why{Reason: "name", Confidence: .31}
	}
	return r
}

func words(s string) map[string]bool {
	all := map[string]bool{}
	for _, w := range strings.Fields(strings.ToLower(s)) {
		all[strings.Trim(w, ".,;:?!")] = true
	}
	return all
}
