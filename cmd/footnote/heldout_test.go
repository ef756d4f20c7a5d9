package main

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"footnote/answers"
	"footnote/knowledge"
)

// market is a pack with an unanswered.yaml, a fact with one phrasing and one with
// a phrasing that is the only one of its language.
func market(t *testing.T) *knowledge.Base {
	t.Helper()
	base, err := knowledge.Open(inFolder(t, map[string]string{
		"pack.yaml":    "schema: footnote/1\nid: market\ntitle: Market\nversion: 1.0.0\nlanguages: [en, de]\n",
		"sources.yaml": "references:\n  - {id: a, type: book, title: A}\n",
		"facts.yaml": `facts:
  - id: opened
    status: citation-needed
    questions: {en: [When was the market opened?, opening of the market, first market day], de: [Wann war der erste Markt?]}
    answer: In 1301.
  - id: closed
    status: citation-needed
    questions: [When was the market closed?, end of the market]
    answer: In 1822.
  - id: warden
    status: citation-needed
    questions: [Who was warden of the market?]
    answer: The sexton.
`,
		"unanswered.yaml": "unanswered:\n  - Who burnt the hall?\n  - When was the market day moved?\n",
	}))
	if err != nil {
		t.Fatal(err)
	}
	return base
}

// scripted gives what a table says of a phrasing that is held out:
// "fact" for surely, "fact?" for tentatively, "-" for silence, "a b" for choices.
func scripted(t *testing.T, base *knowledge.Base, table map[string]string) heldOut {
	return func(f *knowledge.Fact, i int) answers.Result {
		want, ok := table[f.Questions[i].Text]
		if !ok {
			t.Errorf("held out %q", f.Questions[i].Text)
		}
		candidate := func(id string) answers.Candidate {
			found := *base.Fact(id) // as from another base
			return answers.Candidate{Fact: &found}
		}
		id, tentative := strings.CutSuffix(want, "?")
		if ids := strings.Fields(want); len(ids) > 1 {
			r := answers.Result{Outcome: answers.Choices}
			for _, id := range ids {
				r.Offered = append(r.Offered, candidate(id))
			}
			r.Candidates = r.Offered
			return r
		}
		if id == "-" {
			return answers.Result{Outcome: answers.Declined}
		}
		return answers.Result{Outcome: answers.Answered, Tentative: tentative, Candidates: []answers.Candidate{candidate(id)}}
	}
}

func TestHeldOut(t *testing.T) {
	base := market(t)
	table := map[string]string{
		"When was the market opened?": "opened",
		"opening of the market":       "opened?", // helps, and is not sure
		"first market day":            "-",
		"When was the market closed?": "opened", // wrong
		"end of the market":           "opened closed",
	}
	r, err := examineHeldOut(t.Context(), base, scripted(t, base, table), func(part *knowledge.Base) (heldOut, error) {
		// Without the question of the market day its phrasing is found.
		free := len(part.Packs[0].Unanswered) == 0 || !slices.Contains(part.Packs[0].Unanswered, "When was the market day moved?")
		again := map[string]string{}
		for q, found := range table {
			again[q] = found
			if q == "first market day" && free {
				again[q] = "opened"
			}
		}
		return scripted(t, base, again), nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if r.Asked != 5 || r.Found != 1 || r.Offered != 3 || r.Only != 2 {
		t.Errorf("%+v", r)
	}
	if len(r.Facts) != 2 || r.Facts[0].Fact != "closed" || r.Facts[1].Fact != "opened" {
		t.Fatalf("the worst is not first: %+v", r.Facts)
	}
	if f := r.Facts[0]; f.Found != 0 || f.Offered != 1 || f.Instead[0] != "opened" || !strings.HasSuffix(f.Place, "facts.yaml:6:5") || f.Missed[0] != (missed{"When was the market closed?", "opened"}) {
		t.Errorf("%+v", f)
	}
	if len(r.Unanswered) != 1 || r.Unanswered[0].Question != "When was the market day moved?" || !strings.HasSuffix(r.Unanswered[0].Place, "unanswered.yaml:3:5") ||
		!slices.Equal(r.Unanswered[0].Costs, []costsPhrasing{{"opened", "first market day"}}) {
		t.Errorf("%+v", r.Unanswered)
	}
	var b strings.Builder
	if err := r.print(&b); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"found without it 1 of 5; right or offered 3\n", "2 phrasings are the only one", "facts.yaml:6:5: closed: found 0 of 2, right or offered 1; ",
		`missed "When was the market closed?": opened came instead`, `unanswered.yaml:3:5: "When was the market day moved?" costs 1 phrasing: "first market day" of opened; take it out`} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("%q is missing:\n%s", want, b.String())
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := examineHeldOut(ctx, base, scripted(t, base, nil), nil); err == nil {
		t.Error("it goes on after the end")
	}
}

// Two facts that find each other are named as a pair.
func TestHeldOutFactsThatCollide(t *testing.T) {
	instead := map[string]map[string]int{"a": {"b": 2}, "b": {"a": 1}, "c": {"d": 3}, "d": {}, "e": {}}
	for id, want := range map[string]string{"a": "taken for each other", "b": "taken for each other", "c": "d comes in its place", "e": "give it 6"} {
		f := factFound{Fact: id, Asked: 4}
		for other := range instead[id] {
			f.Instead = []string{other}
		}
		if got := adviceFor(&f, instead); !strings.Contains(got, want) {
			t.Errorf("%s: %s", id, got)
		}
	}
}

// What is held out is really not there, and all else is.
func TestHeldOutIsNotThere(t *testing.T) {
	base := market(t)
	c := defaults()
	c.Matcher.Encoder = "off"
	m, err := matcherOf(t.Context(), c, base, allAtOnce, newProgress(nil))
	if err != nil {
		t.Fatal(err)
	}
	ask := heldOutOf(m)
	for _, f := range base.Facts() {
		for i, q := range f.Questions {
			if r := m.Match(answers.Query{Text: q.Text}); r.Why.Reason != answers.ReasonPhrasing || r.Best() != f {
				t.Errorf("%q: %+v", q.Text, r)
			}
			if r := ask(f, i); r.Why.Reason == answers.ReasonPhrasing || r.Why.Phrasing == q.Text {
				t.Errorf("%q is found by itself: %+v", q.Text, r)
			}
		}
	}
	if part := withoutUnanswered(base, all); len(part.Packs[0].Unanswered) != 0 || len(base.Packs[0].Unanswered) != 2 || part.Fact("opened") != base.Fact("opened") {
		t.Error("all")
	}
	if part := withoutUnanswered(base, func(q string) bool { return q == "Who burnt the hall?" }); !slices.Equal(part.Packs[0].Unanswered, []string{"When was the market day moved?"}) || len(base.Packs[0].Unanswered) != 2 {
		t.Error("one")
	}
}

// check and check --match warn of the same phrasings in the same words, with the
// encoder and without.
func TestCheckAndCheckMatchAgree(t *testing.T) {
	dir := near(t)
	change(t, filepath.Join(dir, "facts.yaml"), "bells cast]", "a bell was cast]") // but for little words, "the bell cast"
	for _, encoder := range []string{"on", "off"} {
		warned := map[bool]string{}
		for _, match := range []bool{false, true} {
			args := []string{"check", "--json", dir}
			if match {
				args = append(args, "--match")
			}
			said, errs, code := runWith(t, []string{"FOOTNOTE_MATCHER_ENCODER=" + encoder}, "", args...)
			var r checked
			if err := json.Unmarshal([]byte(said), &r); err != nil || code != exitOK || errs != "" {
				t.Fatalf("exit %d %v %s\n%s", code, err, errs, said)
			}
			if (r.Match != nil) != match {
				t.Errorf("match %t: %+v", match, r.Match)
			}
			for _, x := range r.Problems {
				warned[match] += x.String() + "\n"
			}
			if match && (r.Match.Asked != 4 || r.Match.Found > r.Match.Offered || r.Match.Offered > r.Match.Asked) {
				t.Errorf("%+v", r.Match)
			}
		}
		if warned[false] != warned[true] || !strings.Contains(warned[true], "the bell cast") {
			t.Errorf("encoder %s\nwithout --match:\n%s\nwith:\n%s", encoder, warned[false], warned[true])
		}
	}
}

// Without an unanswered.yaml nothing is blamed on one.
func TestDeclinedPhrasingsBlameWhatIsThere(t *testing.T) {
	silent := func(answers.Query) answers.Result { return answers.Result{Outcome: answers.Declined} }
	for _, with := range []bool{true, false} {
		base := market(t)
		if !with {
			base = withoutUnanswered(base, all)
		}
		problems, err := checkMatch(t.Context(), base, silent)
		if err != nil || len(problems) != 7 || strings.Contains(problems[0].Message, "unanswered") != with {
			t.Errorf("%t: %v %v", with, err, problems)
		}
	}
}

func TestCheckMatchPrintsTheFigure(t *testing.T) {
	dir := near(t)
	if err := os.Remove(filepath.Join(dir, "article.txt")); err != nil {
		t.Fatal(err)
	}
	said, _, code := runFootnote(t, "", "check", "--match", dir)
	if code != exitOK || !strings.Contains(said, "found without it ") || !strings.Contains(said, " of 4; right or offered ") {
		t.Errorf("exit %d\n%s", code, said)
	}
	if said, _, _ := runFootnote(t, "", "check", dir); strings.Contains(said, "found without it") {
		t.Errorf("without --match:\n%s", said)
	}
}
