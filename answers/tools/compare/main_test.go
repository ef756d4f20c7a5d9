package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// The table has a row for each engine, with figures that can be.
func TestCompare(t *testing.T) {
	file := filepath.Join(t.TempDir(), "set.jsonl")
	lines := `{"id":"hours","text":"when are you open","split":"train"}
{"id":"hours","text":"what are your opening hours","split":"train"}
{"id":"price","text":"how much is a ticket","split":"train"}
{"id":"price","text":"what does a ticket cost","split":"train"}
{"id":"hours","text":"opening hours please","split":"val"}
{"id":"price","text":"ticket price how much","split":"val"}
`
	if err := os.WriteFile(file, []byte(lines), 0o644); err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	if err := compare(&b, file, 10, false); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"2 facts, 4 phrasings, 2 questions", "Footnote, cheap path", "bleve v2, match", "sahilm/fuzzy alone"} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("the table is without %q:\n%s", want, b.String())
		}
	}
	if err := compare(&b, file+".absent", 10, false); err == nil {
		t.Error("a file that is not there is no error")
	}
}
