package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"footnote/answers"
	"footnote/answers/gaps"
	"footnote/knowledge"
)

// asksOf is a gap report on the pack of askingPack, whose matcher takes what says
// "bridge" for a way of asking for built, unless it is another bridge.
func asksOf(t *testing.T, dir string, texts ...string) gapReport {
	t.Helper()
	base, err := knowledge.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	r := gapReport{base: base, people: 1, match: func(q answers.Query) answers.Result {
		r := answers.Result{Outcome: answers.Declined, Why: answers.Why{Reason: "unknown"}}
		if strings.Contains(strings.ToLower(q.Text), "bridge") {
			r.Candidates = []answers.Candidate{{Fact: base.Fact("built"), Confidence: .4}}
			r.Offered, r.Why.Reason = r.Candidates, "unlike"
		}
		if strings.Contains(q.Text, "London") {
			r.Why.Reason = "name"
		}
		return r
	}}
	var asked []gaps.Question
	for _, t := range texts {
		asked = append(asked, gaps.Question{Text: t, Who: t, Kind: gaps.Unanswered})
	}
	r.group(asked)
	return r
}

// applied is what --apply says where a person answers so, a line a question.
func applied(t *testing.T, r gapReport, answers string, only gaps.Belonging) string {
	t.Helper()
	var out strings.Builder
	if err := r.apply(t.Context(), &program{stdio: stdio{In: strings.NewReader(answers), Out: &out, Err: &out}}, only, false); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

// Each question goes where it belongs, and --undo takes it back, time by time.
func TestGapsApplyAndUndo(t *testing.T) {
	dir, facts := askingPack(t)
	unanswered, stubs := filepath.Join(dir, "unanswered.yaml"), filepath.Join(dir, "facts", "gaps.yaml")
	before := readText(t, unanswered)
	r := asksOf(t, dir, "how old is this bridge", "Who built the bridge of London?", "Who painted the ceiling?", "When was the bridge built")
	said := applied(t, r, "perhaps\nNo\ny\n", "")
	if got, want := facts(), strings.Replace(asking, "      - 'year of the bridge'\n", "      - 'year of the bridge'\n      - how old is this bridge\n", 1); got != want {
		t.Errorf("%s", got)
	}
	if got := readText(t, unanswered); got != before+"  - Who built the bridge of London?\n" {
		t.Errorf("%s", got)
	}
	if got := readText(t, stubs); !strings.Contains(got, "- id: painted-ceiling\n    status: citation-needed\n    questions:\n      - \"Who painted the ceiling?\"\n    answer: \"\"") || strings.Contains(got, "bridge") {
		t.Errorf("%s", got)
	}
	for _, want := range []string{"\nhow old is this bridge\n  Proposed: another way of asking for built (", "\n  built: When was the bridge built?\n  It was built between 1431 and 1434, by", "facts.yaml:3: built\n  + how old is this bridge\n", "unanswered.yaml:\n  + Who built the bridge of London?\n", "gaps.yaml: 1 new fact to be written", "footnote gaps --undo --knowledge " + dir} {
		if !strings.Contains(said, want) {
			t.Errorf("%q is missing:\n%s", want, said)
		}
	}
	// The pack waits for an answer; going back needs no pack that loads.
	if _, errs, code := runFootnote(t, "", "check", dir); code != exitFailed || !strings.Contains(errs, "gaps.yaml:") {
		t.Errorf("exit %d, %s", code, errs)
	}
	out, errs, code := runFootnote(t, "", "gaps", "--undo", "--knowledge", dir)
	if code != exitOK || strings.Count(out, "as before: ") != 3 || facts() != asking || readText(t, unanswered) != before {
		t.Errorf("exit %d, %s%s", code, out, errs)
	}
	for _, gone := range []string{filepath.Dir(stubs), filepath.Join(dir, undoFile)} {
		if _, err := os.Stat(gone); !os.IsNotExist(err) {
			t.Errorf("%s is still there: %v", gone, err)
		}
	}
	if _, errs, code := runFootnote(t, "", "gaps", "--undo", "--knowledge", dir); code != exitFailed || !strings.Contains(errs, "nothing to take back") {
		t.Errorf("exit %d, %s", code, errs)
	}
}

func TestGapsUndoIsRefusedAfterAChange(t *testing.T) {
	dir, facts := askingPack(t)
	applied(t, asksOf(t, dir, "how old is this bridge"), "y\n", "")
	first := facts()
	applied(t, asksOf(t, dir, "age of that bridge", "Who painted the ceiling?"), "y\n", gaps.AnotherWay)
	if _, err := os.Stat(filepath.Join(dir, "facts")); !os.IsNotExist(err) {
		t.Error("--only phrasing wrote a new fact")
	}
	second := facts()
	change(t, filepath.Join(dir, "facts.yaml"), "Two pence.", "Three pence.")
	mine := facts()
	if out, errs, code := runFootnote(t, "", "gaps", "--undo", "--knowledge", dir); code != exitFailed || out != "" || !strings.Contains(errs, "facts.yaml was changed since") || facts() != mine {
		t.Errorf("exit %d, %s%s", code, out, errs)
	}
	change(t, filepath.Join(dir, "facts.yaml"), "Three pence.", "Two pence.")
	for i, want := range []string{first, asking} {
		if facts() == want || i == 0 && facts() != second {
			t.Fatal(facts())
		}
		if _, errs, code := runFootnote(t, "", "gaps", "--undo", "--knowledge", dir); code != exitOK || facts() != want {
			t.Errorf("step %d: exit %d, %s\n%s", i, code, errs, facts())
		}
	}
}

// Nothing is written without being asked for, and nothing where nothing can be.
func TestGapsApplyWritesOnlyWhenAsked(t *testing.T) {
	dir, facts := askingPack(t)
	const question = "Who painted the ceiling of the opera?\n"
	out, errs, code := runFootnote(t, question, "gaps", "--knowledge", dir, "--questions", "-")
	if code != exitOK || !strings.Contains(out, "  Proposed: ") {
		t.Errorf("exit %d, %s%s", code, out, errs)
	}
	if _, err := os.Stat(filepath.Join(dir, undoFile)); facts() != asking || !os.IsNotExist(err) {
		t.Error("written without --apply")
	}
	if out, _, code := runFootnote(t, question, "gaps", "--knowledge", dir, "--questions", "-", "--apply"); code != exitOK || !strings.Contains(out, "To take it back") {
		t.Errorf("exit %d, %s", code, out)
	}
	for args, want := range map[string]string{
		"--apply": "cannot be changed", "--undo": "name the folder", "--only fact": "belong to --apply", "--yes": "belong to --apply", "--apply --only facts --knowledge " + dir: "phrasing, fact or unanswered",
		"--undo --apply": "goes with --knowledge alone", "--apply --format yaml --knowledge " + dir: "by hand",
	} {
		if _, errs, code := runFootnote(t, "", append([]string{"gaps"}, strings.Fields(args)...)...); code != exitUsage || !strings.Contains(errs, want) {
			t.Errorf("%s: exit %d, %s", args, code, errs)
		}
	}
}

// What a person answers decides: a question goes where that says, and what is left is told.
func TestGapsApplyAsks(t *testing.T) {
	const another, other = "how old is this bridge", "Who built the bridge of London?"
	for name, c := range map[string]struct {
		only              gaps.Belonging
		answers           string // to other, then to another
		facts, unans, new string // where a question then stands
		left              int
	}{
		"no answers":                 {"", "", "", "", "", 2},
		"Enter":                      {"", "\n\n", "", "", "", 2},
		"the input ends":             {"", "n", "", other, "", 1},
		"the other way round":        {"", "y\nn\n", other, another, "", 0},
		"a new fact":                 {"", "f\ny\n", another, "", other, 0},
		"only phrasings":             {gaps.AnotherWay, "n\nf\nYES\nn\n", another, "", "", 0},
		"only unanswered":            {gaps.ForUnanswered, "y\nn\n", "", other, "", 0},
		"only new facts asks nobody": {gaps.NewFact, "y\n", "", "", "", 0},
	} {
		t.Run(name, func(t *testing.T) {
			dir, facts := askingPack(t)
			said := applied(t, asksOf(t, dir, another, other), c.answers, c.only)
			stubs, _ := os.ReadFile(filepath.Join(dir, "facts", "gaps.yaml"))
			unanswered := readText(t, filepath.Join(dir, "unanswered.yaml"))
			for _, q := range []string{another, other} {
				if strings.Contains(facts(), q) != (c.facts == q) || strings.Contains(unanswered, q) != (c.unans == q) || strings.Contains(string(stubs), q) != (c.new == q) {
					t.Errorf("%q does not stand where it should:\n%s\n%s\n%s\n%s", q, said, facts(), unanswered, stubs)
				}
			}
			if left := "Left as "; strings.Contains(said, left) != (c.left > 0) || c.left > 0 && !strings.Contains(said, left+count(c.left, "question")+":") {
				t.Errorf("%d are left: %s", c.left, said)
			}
			if nothing := c.facts+c.unans+c.new == ""; strings.Contains(said, "There is nothing to write.") != nothing {
				t.Errorf("%s", said)
			}
		})
	}
}

// With --yes nobody is asked, and what is proposed is written.
func TestGapsApplyAsProposed(t *testing.T) {
	const another, other = "how old is this bridge", "Who built the bridge of London?"
	dir, facts := askingPack(t)
	r := asksOf(t, dir, another, other)
	var out, asked strings.Builder
	if err := r.apply(t.Context(), &program{stdio: stdio{In: strings.NewReader("n\nn\n"), Out: &out, Err: &asked}}, "", true); err != nil {
		t.Fatal(err)
	}
	if asked.Len() > 0 || strings.Contains(out.String(), "Left as ") {
		t.Errorf("%s%s", asked.String(), out.String())
	}
	unanswered := readText(t, filepath.Join(dir, "unanswered.yaml"))
	if !strings.Contains(facts(), another) || strings.Contains(facts(), other) || !strings.Contains(unanswered, other) || strings.Contains(unanswered, another) {
		t.Errorf("%s\n%s\n%s", out.String(), facts(), unanswered)
	}
}

// Questions near a fact are never taken for ways of asking for it, nor for what no fact
// answers, unless somebody says so: only beginnings of facts are written.
func TestGapsApplyWritesNoNearMisses(t *testing.T) {
	asked := strings.Join([]string{
		"When was the great bell of Oberbruck cast?", "Was the great bell cast in 1812?", "When did the great bell break?", "How heavy is the great bell?",
		"Why did the forge of Unterbruck burn down?", "Who put the fire in the mill out?", "Why did the mill not burn down?",
		"Who paid the toll at the bridge?", "Who collected the second toll at the bridge?", "How much was the toll at the bridge?",
		"How deep is the harbour?", "What is the name of the sexton?", "Where was it?",
	}, "\n") + "\n"
	dir := inFolder(t, map[string]string{"asked.txt": asked})
	pack := filepath.Join(dir, "village")
	if err := os.CopyFS(pack, os.DirFS("testdata/village")); err != nil {
		t.Fatal(err)
	}
	before := readText(t, filepath.Join(pack, "facts.yaml"))
	out, errs, code := runFootnote(t, "", "gaps", "--knowledge", pack, "--questions", filepath.Join(dir, "asked.txt"), "--apply")
	if code != exitOK || !strings.Contains(out, "gaps.yaml: ") || !strings.Contains(out, "Left as ") {
		t.Errorf("exit %d, %s%s", code, out, errs)
	}
	if got := readText(t, filepath.Join(pack, "facts.yaml")); got != before {
		t.Errorf("%s%s", out, got)
	}
	if _, err := os.Stat(filepath.Join(pack, "unanswered.yaml")); !os.IsNotExist(err) {
		t.Errorf("%v: %s", err, out)
	}
	if got := readText(t, filepath.Join(pack, "facts", "gaps.yaml")); !strings.Contains(got, "How heavy is the great bell?") {
		t.Errorf("%s", got)
	}
}

func TestWaysOfAskingGoToTheirLanguage(t *testing.T) {
	f := &knowledge.Fact{Pack: &knowledge.Pack{Languages: []string{"en", "ru"}}, Questions: []knowledge.Phrasing{{Lang: "en", Text: "When?"}, {Lang: "ru", Text: "Когда?"}}}
	for text, want := range map[string]string{"what year": "en", "в каком году": "ru", "1431": "en"} {
		if got := scriptLang(f, text); got != want {
			t.Errorf("%s: %s", text, got)
		}
	}
}
