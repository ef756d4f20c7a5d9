package language

import (
	"path"
	"strings"
)

// Pleasantries are what stands round questions in a language. Their words are folded, and words in
// a row are one entry.
type Pleasantries struct {
	Hello  []string // before a question
	Thanks []string // behind one
	Begins []string // the words with which one begins, which are no words of English
	Follow string   // words of questions that go on from the last one, each "word=english", "+" for a blank
}

// AllPleasantries returns those of all languages but English, by their tags. It reads nothing but these
// sections, which every start needs.
func AllPleasantries() map[string]Pleasantries {
	entries, err := files.ReadDir(".")
	if err != nil {
		panic("language: " + err.Error())
	}
	all := map[string]Pleasantries{}
	for _, e := range entries {
		tag, isTable := strings.CutSuffix(path.Base(e.Name()), ".txt")
		if !isTable || tag == English {
			continue
		}
		data, err := files.ReadFile(e.Name())
		if err != nil {
			panic("language: " + err.Error())
		}
		var t Pleasantries
		for line := range strings.SplitSeq(string(data), "\n") {
			section, words, _ := strings.Cut(line, ":")
			switch section {
			case "hello":
				t.Hello = append(t.Hello, inRow(words)...)
			case "thanks":
				t.Thanks = append(t.Thanks, inRow(words)...)
			case "begins":
				t.Begins = append(t.Begins, inRow(words)...)
			case "follow":
				t.Follow += words
			}
		}
		all[tag] = t
	}
	return all
}

// inRow are the entries of a line: "guten_tag" is two words in a row.
func inRow(words string) []string {
	all := strings.Fields(words)
	for i, w := range all {
		all[i] = strings.ReplaceAll(w, "_", " ")
	}
	return all
}
