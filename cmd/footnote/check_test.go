package main

import (
	"context"
	"encoding/json"
	"encoding/xml"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"footnote/answers"
	"footnote/knowledge"
)

// near is a pack in which a question of one fact stands also, but for its little
// words, in another.
func near(t *testing.T) string {
	return inFolder(t, map[string]string{
		"pack.yaml":    "schema: footnote/1\nid: near\ntitle: Near\nversion: 1.0.0\n",
		"sources.yaml": "references:\n  - {id: a, type: book, title: A}\n",
		"facts.yaml": `facts:
  - id: bell-cast
    status: citation-needed  
    questions: [When was the bell cast?, bells cast]
    answer: In 1712, by a founder who came from the next valley with his own clay.
    cites: [{source: a}]
  - id: bell-hung
    status: citation-needed
    questions: [When was the bell hung?, the bell cast]
    answer: In 1713.
`,
		"article.txt": "People say: in 1712, by a founder, who CAME from the next valley!",
	})
}

// Every phrasing is asked; one that does not find its own fact is named with what
// it finds. How good the matcher is does not matter here.
func TestCheckMatch(t *testing.T) {
	base, err := knowledge.Open(near(t))
	if err != nil {
		t.Fatal(err)
	}
	cast, hung := base.Facts()[0], base.Facts()[1]
	of := func(o answers.Outcome, facts ...*knowledge.Fact) answers.Result {
		r := answers.Result{Outcome: o}
		for _, f := range facts {
			r.Candidates = append(r.Candidates, answers.Candidate{Fact: f})
		}
		if o == answers.Choices {
			r.Offered = r.Candidates
		}
		return r
	}
	asked := map[string]answers.Result{
		"When was the bell cast?": of(answers.Answered, cast),
		"bells cast":              of(answers.Answered, hung),
		"When was the bell hung?": of(answers.Choices, hung, cast),
		"the bell cast":           of(answers.Declined, hung),
	}
	problems, err := checkMatch(t.Context(), base, func(q answers.Query) answers.Result {
		r, ok := asked[q.Text]
		if !ok || q.Lang != "en" {
			t.Errorf("asked %+v", q)
		}
		return r
	})
	if err != nil || len(problems) != 3 {
		t.Fatalf("%v %v", err, problems)
	}
	for i, want := range []string{
		`facts.yaml:4:42: warning: facts[bell-cast].questions: "bells cast" finds bell-hung instead`,
		`facts.yaml:9:17: warning: facts[bell-hung].questions: "When was the bell hung?" is answered with a choice of bell-hung, bell-cast`,
		`facts.yaml:9:42: warning: facts[bell-hung].questions: "the bell cast" is declined`,
	} {
		if got := problems[i].String(); !strings.Contains(got, want) {
			t.Errorf("%s\nwant %s", got, want)
		}
	}
	// Stopped, it stops.
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := checkMatch(ctx, base, func(answers.Query) answers.Result { t.Error("asked"); return answers.Result{} }); err == nil {
		t.Error("no error")
	}
}

func TestCheckText(t *testing.T) {
	dir := near(t)
	_, errs, code := runFootnote(t, "", "check", dir, "--text", filepath.Join(dir, "article.txt"))
	if code != exitOK || !strings.Contains(errs, `facts[bell-cast].answer.en: "in 1712 by a founder who came from" is copied from `) {
		t.Errorf("exit %d\n%s", code, errs)
	}
	for _, bad := range []string{filepath.Join(dir, "none.txt"), dir} {
		if _, errs, code := runFootnote(t, "", "check", dir, "--text", bad); code != exitUsage || !strings.Contains(errs, "--text") {
			t.Errorf("%s: exit %d %s", bad, code, errs)
		}
	}
}

func TestCheckFix(t *testing.T) {
	dir := near(t)
	said, _, code := runFootnote(t, "", "check", "--fix", "--json", dir)
	var r checked
	if err := json.Unmarshal([]byte(said), &r); err != nil || code != exitOK || len(r.Fixed) != 1 {
		t.Fatalf("exit %d %v\n%s", code, err, said)
	}
	if text := readText(t, filepath.Join(dir, "facts.yaml")); strings.Contains(text, " \n") {
		t.Errorf("not corrected:\n%s", text)
	}
	if said, _, _ := runFootnote(t, "", "check", "--fix", dir); strings.Contains(said, "corrected") {
		t.Errorf("corrected again: %s", said)
	}
	if _, errs, code := runFootnote(t, "", "check", "--fix"); code != exitUsage || !strings.Contains(errs, "cannot be changed") {
		t.Errorf("exit %d %s", code, errs)
	}
}

// Errors come before warnings, whatever their files are called.
func TestCheckErrorsFirst(t *testing.T) {
	dir := near(t)
	if err := os.WriteFile(filepath.Join(dir, "sources.yaml"), []byte("references:\n  - {id: a, type: book, shelfmark: B}\n  - {type: book}\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	_, errs, code := runFootnote(t, "", "check", dir)
	lines := strings.Split(strings.TrimSpace(errs), "\n")
	if code != exitFailed || len(lines) < 2 || strings.Contains(lines[0], "warning:") || !strings.Contains(lines[len(lines)-1], "warning:") {
		t.Errorf("exit %d\n%s", code, errs)
	}
}

func TestEvalJUnit(t *testing.T) {
	file := filepath.Join(t.TempDir(), "report.xml")
	said, errs, code := runFootnote(t, "", "eval", "--knowledge", village, "--junit", file, "--json")
	if code != exitOK || errs != "" {
		t.Fatal(code, errs)
	}
	var counts struct {
		Asked, Right int
		Decline      struct{ Asked, Right int }
		Misses       []miss
	}
	if err := json.Unmarshal([]byte(said), &counts); err != nil {
		t.Fatal(err)
	}
	var got junitSuites
	if err := xml.Unmarshal([]byte(readText(t, file)), &got); err != nil {
		t.Fatal(err)
	}
	if got.Tests != counts.Asked+counts.Decline.Asked || got.Failures != len(counts.Misses) || got.Failures == 0 || len(got.Suites) != 2 {
		t.Errorf("%+v\n%s", got, said)
	}
	for _, s := range got.Suites {
		for _, c := range s.Cases {
			if c.Name == "" || c.Line == 0 || c.Failure != nil && !strings.Contains(c.Failure.Message, "; got ") {
				t.Errorf("%+v", c)
			}
		}
	}
	if _, errs, code := runFootnote(t, "", "eval", "--knowledge", village, "--junit", filepath.Join(file, "x")); code != exitFailed || !strings.Contains(errs, "JUnit") {
		t.Errorf("exit %d %s", code, errs)
	}
	if s := printable("a\x00b\uffffc"); s != `a\u0000b\uffffc` {
		t.Errorf("%q", s)
	}
}

// A new pack has one fact, and nobody says "1 facts"; what has no flags lists none.
func TestOneFactAndNoFlags(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "thaw")
	for _, c := range [][2]string{
		{"new pack " + dir, "A pack with one fact"},
		{"check " + dir, "pack thaw 0.1.0, 1 fact, "},
		{"version --knowledge " + dir, "pack thaw 0.1.0, 1 fact, "},
		{"new version " + dir, "versions.jsonl: 1 fact new"},
		{"help schema", "Usage: footnote schema\n"},
		{"help version", "Usage: footnote version [FLAGS]\n"},
	} {
		out, errs, code := runFootnote(t, "", strings.Fields(c[0])...)
		if code != exitOK || !strings.Contains(out, c[1]) || strings.HasSuffix(strings.TrimSpace(out), "Flags:") {
			t.Errorf("footnote %s: exit %d, %s%s\nwant %q", c[0], code, out, errs, c[1])
		}
	}
}

// Commands that people are told to type can be copied, whatever their folders are called.
func TestFoldersWithSpaces(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "Ann's pack")
	quoted := "'" + strings.ReplaceAll(dir, "'", `'\''`) + "'"
	out, errs, code := runFootnote(t, "", "new", "pack", dir)
	if code != exitOK || !strings.Contains(out, "footnote check "+quoted+" ") || !strings.Contains(out, "--knowledge "+quoted+" ") {
		t.Errorf("exit %d, %s%s", code, out, errs)
	}
	out, errs, code = runFootnote(t, "", "new", "fact", "fall", "--pack", dir)
	if code != exitOK || !strings.HasSuffix(out, "footnote check "+quoted+"\n") {
		t.Errorf("exit %d, %s%s", code, out, errs)
	}
}
