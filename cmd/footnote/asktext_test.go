package main

import (
	"strings"
	"testing"

	"footnote/answers"
	"footnote/knowledge"
)

// ways are the ways to reply, on the facts of the village.
func ways(t *testing.T) map[string]asked {
	t.Helper()
	base, err := knowledge.Open(village)
	if err != nil {
		t.Fatal(err)
	}
	facts := base.Facts()
	dated := *facts[0]
	dated.Detail = knowledge.Text{"en": "It was cast twice."}
	dated.Dates = []knowledge.Date{{EDTF: "1712-03", Label: knowledge.Text{"en": "Casting"}}, {EDTF: "1720~", Julian: true}}
	of := func(f *knowledge.Fact, confidence float64) answers.Candidate {
		return answers.Candidate{Fact: f, Question: f.Canonical("en"), Confidence: confidence}
	}
	all := []answers.Candidate{of(&dated, .6), of(facts[1], .3), of(facts[2], .1)}
	is := func(question string, r answers.Result) asked {
		r.Candidates = all
		return asked{question: question, result: r}
	}
	return map[string]asked{
		"sure":    is("q", answers.Result{Outcome: answers.Answered}),
		"told":    is("q", answers.Result{Outcome: answers.Answered, Detail: true, Dates: true}),
		"perhaps": is("When? Was it cast? And who was it?", answers.Result{Outcome: answers.Answered, Tentative: true, Offered: all[1:]}),
		"alone":   is("q", answers.Result{Outcome: answers.Answered, Tentative: true}),
		"choices": is("q", answers.Result{Outcome: answers.Choices, Offered: all[:2]}),
		"nearest": is("q", answers.Result{Outcome: answers.Declined, Offered: all[:1]}),
		"silent":  is("q", answers.Result{Outcome: answers.Declined}),
	}
}

// As text, as a line and as JSON each way to reply shows what the bot shows.
func TestWaysToReply(t *testing.T) {
	q := func(i int) string {
		base, _ := knowledge.Open(village)
		return base.Facts()[i].Canonical("en")
	}
	for name, want := range map[string]struct{ text, line, json []string }{
		"sure":    {[]string{"Established\nThe great bell", "\n— "}, []string{"The great bell", "[Established; "}, []string{`"offered":[],"tentative":false`}},
		"told":    {[]string{"Established\nIt was cast twice.\nCasting: March 1712 · about 1720 (Julian calendar)\n— "}, []string{"It was cast twice. (Casting: March 1712 · about 1720 (Julian calendar)) [Established; "}, []string{`"answer":"It was cast twice."`}},
		"perhaps": {[]string{notSure + "\nEstablished\n", "\n— ", "\nOr did you mean:\n1. " + q(1) + "\n2. " + q(2) + "\n"}, []string{notSure + " The great bell", "] Or did you mean: " + q(1) + " / " + q(2)}, []string{`"offered":["` + facts(t, 1) + `","` + facts(t, 2) + `"],"tentative":true`}},
		"alone":   {[]string{notSure + "\nEstablished\n"}, []string{notSure + " The great bell"}, []string{`"offered":[],"tentative":true`}},
		"choices": {[]string{"Did you mean:\n1. " + q(0) + "\n2. " + q(1) + "\n"}, []string{"Did you mean: " + q(0) + " / " + q(1)}, []string{`"fact":null`, `"offered":["` + facts(t, 0) + `","` + facts(t, 1) + `"],"tentative":false`}},
		"nearest": {[]string{noAnswer + "\nThe nearest questions I can answer:\n1. " + q(0) + "\n"}, []string{noAnswer + " The nearest questions I can answer: " + q(0)}, []string{`"outcome":"declined"`, `"offered":["` + facts(t, 0) + `"]`}},
		"silent":  {[]string{noAnswer + "\n"}, []string{noAnswer + "\n"}, []string{`"offered":[],"tentative":false`}},
	} {
		a := ways(t)[name]
		var text, line, asJSON strings.Builder
		for _, err := range []error{writeText(&text, a), writeLine(&line, a), writeJSON(&asJSON, a)} {
			if err != nil {
				t.Fatal(err)
			}
		}
		for _, x := range []struct {
			got  string
			want []string
		}{{text.String(), want.text}, {line.String(), want.line}, {asJSON.String(), want.json}} {
			for _, w := range x.want {
				if !strings.Contains(x.got, w) {
					t.Errorf("%s: without %q:\n%s", name, w, x.got)
				}
			}
		}
		if strings.Count(line.String(), "\n") != 1 || strings.Count(asJSON.String(), "\n") != 1 {
			t.Errorf("%s: more than a line: %q, %q", name, line.String(), asJSON.String())
		}
		a.explain = true
		text.Reset()
		if err := writeText(&text, a); err != nil {
			t.Fatal(err)
		}
		for row, is := range map[string]bool{"tentative": a.result.Tentative, "\noffered ": len(a.result.Offered) > 0, "\ndetail ": a.result.Detail, "\ndates ": a.result.Dates} {
			if strings.Contains(text.String(), row) != is {
				t.Errorf("%s explained: a row %q is there: %v, want %v\n%s", name, row, !is, is, &text)
			}
		}
	}
}

// facts is the id of a fact of the village.
func facts(t *testing.T, i int) string {
	t.Helper()
	base, err := knowledge.Open(village)
	if err != nil {
		t.Fatal(err)
	}
	return base.Facts()[i].ID
}

// Of several questions in a line the first is answered, and one result is written.
func TestAskAnswersTheFirstOfSeveral(t *testing.T) {
	line := known + " " + known + " " + unknown
	if r := askedJSON(t, line+"\n"+known); len(r) != 2 || r[0]["question"] != line || r[0]["fact"] != "bell-cast" {
		t.Errorf("%v", r)
	}
	out, _, _ := runFootnote(t, "", "ask", "--knowledge", village, line)
	if !strings.Contains(out, "1712") || !strings.HasSuffix(out, firstOnly+"\n") {
		t.Errorf("as text:\n%s", out)
	}
	out, _, _ = runFootnote(t, line+"\n", "ask", "--knowledge", village)
	if strings.Contains(out, firstOnly) || strings.Count(out, "\n") != 1 {
		t.Errorf("as a line:\n%s", out)
	}
}
