package gaps

import (
	"strings"
	"testing"

	"footnote/answers"
	"footnote/knowledge"
)

func TestPropose(t *testing.T) {
	p, problems := pack(t, "")
	if p == nil {
		t.Fatal(problems)
	}
	base := &knowledge.Base{Packs: []*knowledge.Pack{p}}
	mill := answers.Candidate{Fact: p.Facts[0], Confidence: .3}
	near := func(reason answers.Reason) answers.Result {
		return answers.Result{Outcome: answers.Declined, Candidates: []answers.Candidate{mill}, Offered: []answers.Candidate{mill}, Why: answers.Why{Reason: reason}}
	}
	tentative := answers.Result{Outcome: answers.Answered, Tentative: true, Candidates: []answers.Candidate{mill}, Why: answers.Why{Reason: "tentative"}}
	hardly := near("unlike")
	hardly.Offered = []answers.Candidate{{Fact: p.Facts[0], Confidence: .2}}
	far := answers.Result{Outcome: answers.Declined, Candidates: []answers.Candidate{mill}, Why: answers.Why{Reason: "unknown"}}
	for name, c := range map[string]struct {
		group Group
		now   answers.Result
		want  Belonging
		says  string
	}{
		"near":                            {Group{Texts: []string{"Whose mill was it?"}, Kind: Unanswered}, near("unlike"), AnotherWay, "another way of asking for mill-miller (village/facts.yaml:2)"},
		"perhaps":                         {Group{Texts: []string{"Whose mill was it?"}, Kind: Doubtful}, tentative, AnotherWay, "mill-miller"},
		"near, of somebody else":          {Group{Texts: []string{"Who owned the mill of Oberbruck?"}, Kind: Unanswered}, near("name"), ForUnanswered, "near mill-miller"},
		"the same, and somebody wants it": {Group{Texts: []string{"Who owned the mill of Oberbruck?"}, Kind: Unanswered, Wanted: true}, near("name"), NewFact, "a new fact"},
		"something else of it":            {Group{Texts: []string{"When was the mill built?"}, Kind: Unanswered}, near("when"), NewFact, "a new fact"},
		"how high it is":                  {Group{Texts: []string{"How high is the mill?"}, Kind: Unanswered}, near("detail"), NewFact, "a new fact"},
		"a second one":                    {Group{Texts: []string{"Who owned the second mill?"}, Kind: Unanswered}, near("again"), NewFact, "a new fact"},
		"who came after":                  {Group{Texts: []string{"Who owned the mill after the miller?"}, Kind: Unanswered}, near("succession"), NewFact, "a new fact"},
		"other words":                     {Group{Texts: []string{"Who was the dyer?"}, Kind: Unanswered}, near("unknown"), NewFact, "a new fact"},
		"hardly near":                     {Group{Texts: []string{"Who dug the tunnel?"}, Kind: Unanswered}, hardly, NewFact, "a new fact"},
		"nothing near":                    {Group{Texts: []string{"Who dug the tunnel?"}, Kind: Unanswered}, far, NewFact, "a new fact"},
		"listed":                          {Group{Texts: []string{"when did the well dry up"}, Kind: Unanswered}, near("doubt"), Listed, "nothing to do"},
		"no help":                         {Group{Texts: []string{"Whose mill was it?"}, Kind: Unhelpful, Fact: "mill-miller"}, near("unlike"), Look, "a look"},
	} {
		got := Propose(c.group, c.now, base)
		if got.Belonging != c.want || !strings.Contains(got.String(), c.says) {
			t.Errorf("%s: %+v, %s", name, got, got)
		}
		c.group.Proposal = got
		if !strings.Contains(c.group.Report(), "  Proposed: "+got.String()+"\n") {
			t.Errorf("%s: the report does not say so: %s", name, c.group.Report())
		}
		if stub := Stubs(base, []Group{c.group}); strings.Contains(stub, "# Perhaps rather ") != (c.want == AnotherWay || c.want == ForUnanswered) {
			t.Errorf("%s:\n%s", name, stub)
		}
	}
}
