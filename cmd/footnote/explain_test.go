package main

import (
	"bytes"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"footnote/answers"
	"footnote/knowledge"
)

// What ask --explain writes, as golden files: the question is the first line. A
// little pack of the tests is asked, without the encoder, so that a change of the
// embedded pack changes nothing here.
func TestExplainText(t *testing.T) {
	files, err := filepath.Glob("testdata/explain/*.txt")
	if err != nil || len(files) < 4 {
		t.Fatalf("%d golden files (%v)", len(files), err)
	}
	m, err := answers.New(t.Context(), explainBase(), answers.Options{Encoder: "off"})
	if err != nil {
		t.Fatal(err)
	}
	// Figures are tested in package answers, and move the columns.
	number, columns := regexp.MustCompile(`-?\d+\.\d+|\d+e-\d+`), regexp.MustCompile(` {2,}`)
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		question, _, _ := strings.Cut(string(data), "\n")
		var b bytes.Buffer
		b.WriteString(question + "\n\n")
		explainText(&b, asked{question: question, result: m.Match(answers.Query{Text: question}), elapsed: 42 * time.Microsecond, explain: true})
		got := number.ReplaceAllString(b.String(), "#")
		got = columns.ReplaceAllString(got, "  ")
		got = regexp.MustCompile(`(?m) +$`).ReplaceAllString(got, "")
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

func explainBase() *knowledge.Base {
	p := &knowledge.Pack{ID: "harbour", Title: knowledge.Text{"en": "The harbour"}, Version: "1.0.0", Languages: []string{"en"},
		Unanswered: []string{"When was the harbour sold?", "Who painted the lighthouse?", "How many ships sank?"}}
	for _, x := range []struct {
		id, answer string
		questions  []string
	}{
		{"harbour-built", "The harbour was built in 1701.", []string{"When was the harbour built?", "harbour construction date", "In which year did they build the harbour?", "What year is the harbour from?"}},
		{"lighthouse-height", "The lighthouse is 40 metres tall.", []string{"How tall is the lighthouse?", "lighthouse height", "How many metres does the lighthouse measure?", "What is the height of the lighthouse?"}},
		{"market-day", "The fish market is on Thursdays.", []string{"When is the fish market?", "fish market day", "On which day do they sell fish?", "Is there a market for fish?"}},
		{"pilot-duty", "Pilots guide ships over the bar.", []string{"What do the pilots do?", "pilots duty", "Who guides ships over the bar?", "Why are pilots needed?"}},
	} {
		f := &knowledge.Fact{ID: x.id, Pack: p, Status: knowledge.Established, Answer: knowledge.Text{"en": x.answer}}
		for _, q := range x.questions {
			f.Questions = append(f.Questions, knowledge.Phrasing{Lang: "en", Text: q})
		}
		p.Facts = append(p.Facts, f)
	}
	return &knowledge.Base{Packs: []*knowledge.Pack{p}}
}
