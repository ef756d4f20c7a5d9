package main

import (
	"path/filepath"
	"strings"

	"footnote/answers"
	"footnote/knowledge"
)

// checkLanguages warns of the languages of packs of which the matcher does not know all.
func checkLanguages(base *knowledge.Base) []knowledge.Problem {
	var out []knowledge.Problem
	for _, p := range base.Packs {
		if p.Dir == "" { // inside the program
			continue
		}
		for _, lang := range p.Languages {
			lacks := answers.SupportOf(lang).Lacks()
			if len(lacks) == 0 {
				continue
			}
			out = append(out, knowledge.Problem{Severity: knowledge.Warning, File: filepath.ToSlash(filepath.Join(p.Dir, "pack.yaml")), Path: "languages",
				Message: "of " + lang + " is not known: " + strings.Join(lacks, "; ") + ". Its words are compared by their letters; write more phrasings, in the forms that people use"})
		}
	}
	return out
}
