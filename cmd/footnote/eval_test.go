package main

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"testing"

	"footnote/answers"
	"footnote/knowledge"
)

// What is not sure is counted apart: it is neither right nor wrong, and helps if
// its fact is the right one.
func TestEvalCountsTentativeAnswersApart(t *testing.T) {
	base, err := knowledge.Open(inFolder(t, map[string]string{
		"pack.yaml":    "schema: footnote/1\nid: bridge\ntitle: The bridge\nversion: 1.0.0\n",
		"sources.yaml": "references: []\n",
		"facts.yaml":   asking,
		"eval.yaml": `find:
  built: [sure, sure but wrong, perhaps, perhaps wrong, perhaps wrong and offered, choice, choice without it, declined, declined and offered]
decline:
  near-miss: [silent, far sure, far perhaps, far choice, far declined and offered]
`,
	}))
	if err != nil {
		t.Fatal(err)
	}
	one := func(id string) []answers.Candidate { return []answers.Candidate{{Fact: base.Fact(id), Confidence: .5}} }
	match := func(q answers.Query) answers.Result {
		switch strings.TrimPrefix(q.Text, "far ") {
		case "sure":
			return answers.Result{Outcome: answers.Answered, Candidates: one("built")}
		case "sure but wrong":
			return answers.Result{Outcome: answers.Answered, Candidates: one("toll")}
		case "perhaps":
			return answers.Result{Outcome: answers.Answered, Tentative: true, Candidates: one("built")}
		case "perhaps wrong":
			return answers.Result{Outcome: answers.Answered, Tentative: true, Candidates: one("toll")}
		case "perhaps wrong and offered":
			return answers.Result{Outcome: answers.Answered, Tentative: true, Candidates: one("toll"), Offered: one("built")}
		case "choice":
			return answers.Result{Outcome: answers.Choices, Offered: one("built")}
		case "choice without it":
			return answers.Result{Outcome: answers.Choices, Offered: one("fall")}
		case "declined and offered":
			return answers.Result{Outcome: answers.Declined, Offered: one("built")}
		}
		return answers.Result{Outcome: answers.Declined}
	}
	r := score(t.Context(), base, match)
	if want := (tally{Asked: 9, Right: 1, Wrong: 1, Choices: 2, Declined: 2, Tentative: 3, TentativeRight: 1, Helped: 5}); r.tally != want {
		t.Errorf("%+v", r.tally)
	}
	if want := (tally{Asked: 5, Right: 2, Wrong: 1, Choices: 1, Declined: 2, Tentative: 1, Helped: 2}); r.Decline.tally != want {
		t.Errorf("%+v", r.Decline.tally)
	}
	raw, err := json.Marshal(r)
	if err != nil {
		t.Fatal(err)
	}
	var got map[string]any
	if err := json.Unmarshal(raw, &got); err != nil {
		t.Fatal(err)
	}
	want := []string{"asked", "choices", "decline", "declined", "helped", "misses", "packs", "right", "tentative", "tentative_right", "wrong"}
	if keys := slices.Sorted(maps.Keys(got)); !slices.Equal(keys, want) || got["tentative"] != 3.0 {
		t.Errorf("%v %v", keys, got["tentative"])
	}
	var b strings.Builder
	if err := r.print(&b); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"perhaps right", `"perhaps" must find built; got perhaps, first built (0.50)`, "helped"} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("%q is missing:\n%s", want, b.String())
		}
	}
}
