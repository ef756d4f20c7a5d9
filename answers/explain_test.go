package answers_test

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"footnote/answers"
	"footnote/knowledge"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// Explanations of the embedded pack, one file a question: the question is its
// first line. Figures have two decimals, which every processor agrees on.
func TestExplanations(t *testing.T) {
	files, err := filepath.Glob("testdata/explain/*.txt")
	if err != nil || len(files) < 10 {
		t.Fatalf("%d golden files (%v)", len(files), err)
	}
	m := embedded(t)
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		question, _, _ := strings.Cut(string(data), "\n")
		got := explained(question, m.Match(answers.Query{Text: question}))
		if got == string(data) {
			continue
		}
		if *update {
			if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
				t.Fatal(err)
			}
			continue
		}
		t.Errorf("%s:\n%s\nwant:\n%s\n(run with -update if the new one is right)", file, got, data)
	}
}

func explained(question string, r answers.Result) string {
	var b strings.Builder
	w := r.Why
	fmt.Fprintf(&b, "%s\n\n%s (%s)\nunderstood: %s\n", question, r.Outcome, w.Reason, w.Understood)
	for _, x := range w.Repairs {
		fmt.Fprintf(&b, "repaired: %s → %s\n", x.From, x.To)
	}
	if w.Phrasing != "" {
		fmt.Fprintf(&b, "phrasing: %s\n", w.Phrasing)
	}
	for _, x := range w.Words {
		fmt.Fprintf(&b, "word: %s %.2f\n", x.Text, x.Share)
	}
	if len(w.Missing) > 0 {
		fmt.Fprintf(&b, "missing: %s\n", strings.Join(w.Missing, ", "))
	}
	for _, x := range w.Evidence {
		fmt.Fprintf(&b, "figure: %s %.2f\n", x.Name, x.Value)
	}
	for _, c := range r.Candidates {
		if c.Confidence >= .01 {
			fmt.Fprintf(&b, "candidate: %s %.2f\n", c.Fact.ID, c.Confidence)
		}
	}
	fmt.Fprintf(&b, "encoder: %t\n", w.Encoder)
	return b.String()
}

// Words that are read as English ones are told as they were typed: whoever asks in French has
// not said "built".
func TestWordsAreToldAsTheyWereTyped(t *testing.T) {
	base, err := knowledge.Open(filepath.Join("testdata", "packs-by-language", "fr", "opera"))
	if err != nil {
		t.Fatal(err)
	}
	m, err := answers.New(t.Context(), base, answers.Options{Encoder: "off"})
	if err != nil {
		t.Fatal(err)
	}
	why := m.Match(answers.Query{Text: "quand l'opéra a été bâti"}).Why
	told := strings.Join(why.Missing, " ")
	for _, w := range why.Words {
		told += " " + w.Text
	}
	if !strings.Contains(told, "bâti") || strings.Contains(told, "buil") {
		t.Errorf("told of %s; read as %q", told, why.Understood)
	}
}
