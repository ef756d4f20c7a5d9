package bottest

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"testing"
)

// A Finding is something that a library does wrong and what is done about it.
type Finding struct {
	ID    string   // to speak of it
	What  string   // the library does
	Here  string   // what this program does about it, and where
	Tests []string // which hold that; none only with a reason in Untested

	Untested string
}

// CheckFindings fails the test unless each finding has a test that is there, in one of
// the folders, or a reason for having none.
func CheckFindings(t *testing.T, findings []Finding, folders ...string) {
	t.Helper()
	have := map[string]bool{}
	for _, dir := range folders {
		files, err := filepath.Glob(filepath.Join(dir, "*_test.go"))
		if err != nil || len(files) == 0 {
			t.Fatalf("no tests in %s: %v", dir, err)
		}
		for _, name := range files {
			f, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
			if err != nil {
				t.Fatal(err)
			}
			for _, d := range f.Decls {
				if f, ok := d.(*ast.FuncDecl); ok {
					have[f.Name.Name] = true
				}
			}
		}
	}
	seen := map[string]bool{}
	for _, f := range findings {
		if f.ID == "" || seen[f.ID] || f.What == "" || f.Here == "" {
			t.Errorf("a finding without an id of its own, or without words: %+v", f)
		}
		seen[f.ID] = true
		if len(f.Tests) == 0 && f.Untested == "" {
			t.Errorf("%s has neither a test nor a reason", f.ID)
		}
		for _, name := range f.Tests {
			if !have[name] {
				t.Errorf("%s names %s, which is not there", f.ID, name)
			}
		}
	}
}
