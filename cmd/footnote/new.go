package main

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
	"unicode"

	"footnote/knowledge"
	"footnote/knowledge/draft"
	"footnote/knowledge/splice"
)

func newCommand() command {
	var packDir, question string
	return command{
		name:    "new",
		args:    "pack DIR | fact ID | version DIR",
		summary: "write a new pack, or a new fact, to fill in; record what a version says",
		help: `
"new pack DIR" writes the files of a pack with one fact as an example. They pass
"footnote check" as they are.

"new fact ID" adds a fact to the end of facts.yaml, or, where there is none, in a
file of its own in the folder facts. What stands there is left as it is. Until you
write its answer, "footnote check" says so, and a running bot goes on with what it
had. It is citation-needed until you give it a source. From the first question it
makes others, as notes: take the # away from those that fit. Give a fact three
ways of asking, better six; "footnote phrasings" helps to collect them.

"new version DIR" records in versions.jsonl what each fact of the pack says in the
version that pack.yaml names, as far as it is new or has changed. Do it whenever you
publish a version: "footnote verify" then tells whether a quoted answer was what
that version said.

Examples:
  footnote new pack ./thaw
  footnote new version ./thaw
  footnote new fact secret-speech --pack ./thaw --question "When was the secret speech?"

Exit codes: 0 written, 1 it cannot be written, 2 bad usage.`,
		flags: func(fs *flag.FlagSet) action {
			fs.StringVar(&packDir, "pack", ".", "the pack's folder, `DIR`")
			fs.StringVar(&question, "question", "", "the first `QUESTION` of the fact")
			return func(_ context.Context, p *program, args []string) error {
				if len(args) != 2 || args[0] != "pack" && args[0] != "fact" && args[0] != "version" {
					return usage("new: write \"footnote new pack DIR\", \"footnote new fact ID\" or \"footnote new version DIR\"")
				}
				switch args[0] {
				case "pack":
					return newPack(p, args[1])
				case "version":
					return newVersion(p, args[1])
				}
				return newFact(p, packDir, args[1], question)
			}
		},
	}
}

// The files of a new pack. Their comments are for whoever opens them first.
const (
	newPackYAML = `# What this pack is. footnote help format explains every label.
schema: footnote/1
id: %s
title: %s
version: 0.1.0
license: CC-BY-SA-4.0
languages: [en]
scope-note: >-
  %s
`
	newSourcesYAML = `# What you cite. With Zotero and Better BibTeX: Export, Better CSL YAML, into this file;
# or "footnote import library.bib --pack DIR" adds what was exported as BibTeX, RIS or CSL-JSON.
references:
  - id: example-book
    type: book
    author:
      - {family: Example, given: Ann}
    title: The Title of the Book
    publisher-place: London
    publisher: Example Press
    issued: 1990
`
	newFactsYAML = `# The facts. "footnote new fact ID" adds another one. People ask in other words than
# yours: give each fact three ways of asking, better six. "footnote phrasings" writes
# a page on which others can write how they would ask.
facts:
  - id: example
    status: established
    topics: [example]
    questions:
      - What is this an example of?
      - example of what
      - Which kind of thing does this stand for?
    answer: >-
      This is an example of a fact: an answer in your own words, with the page that it rests on.
    cites:
      - source: example-book
        locator: {label: page, value: 1}
    reviewed: "%s"
`
	newFactYAML = `- id: %s
  status: citation-needed # established or attributed once it cites a source
  questions:
    - %s
%s  answer: "" # write it here, in your own words and at most 300 characters
  # cites:
  #   - source: ID-FROM-SOURCES
  #     locator: {label: page, value: 1}
  # reviewed: "%s"
`
	newFactAnswer = `answer: ""` // what of it is still to be filled in
)

// moreQuestions asks for more ways of asking, as notes in a new fact.
func moreQuestions(question, lang string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "    # Give it %d ways of asking, better %d: people ask in other words than yours.\n", knowledge.EnoughPhrasings, knowledge.GoodPhrasings)
	if suggested := otherWays(question); lang == "en" && len(suggested) > 0 {
		b.WriteString("    # Take the # away from what fits, and put it right:\n")
		for _, s := range suggested {
			b.WriteString("    # - " + quotedYAML(s) + "\n")
		}
	}
	return b.String()
}

func newPack(p *program, dir string) error {
	id := packID(dir)
	title := strings.ToUpper(id[:1]) + strings.ReplaceAll(id[1:], "-", " ")
	files := map[string][]byte{
		"pack.yaml":    fmt.Appendf(nil, newPackYAML, id, title, knowledge.ScopeToWrite),
		"sources.yaml": []byte(newSourcesYAML),
		"facts.yaml":   fmt.Appendf(nil, newFactsYAML, time.Now().Format(time.DateOnly)),
	}
	if err := draft.WriteFolder(dir, files); err != nil {
		return exitError{code: exitFailed, err: err}
	}
	_, err := fmt.Fprintf(p.Out, `A pack with one fact is in %s: pack.yaml, sources.yaml and facts.yaml.

What to do next:
  footnote check %[2]s             what is worth a look
  footnote chat --knowledge %[2]s  ask it something
Put your own facts in place of the example. "footnote help format" tells how.
`, dir, shellWord(dir))
	return err
}

func newFact(p *program, dir, id, question string) error {
	if !packIDPattern.MatchString(id) || len(id) > knowledge.MaxID {
		return usage("%q is no id; use a–z, 0–9 and single hyphens, at most %d characters", id, knowledge.MaxID)
	}
	question = strings.Join(strings.FieldsFunc(strings.ToValidUTF8(question, " "), func(r rune) bool { return !unicode.IsPrint(r) || r == ' ' }), " ")
	if question == "" {
		question = "Which question does " + id + " answer?"
	}
	base, err := knowledge.Open(dir)
	if err != nil {
		fmt.Fprintf(p.Err, "footnote: %s is not added before the pack loads; correct this first:\n", id)
		return exitError{code: exitUsage, err: err} // what is wrong already would be blamed on the new fact
	}
	if len(base.Packs) > 1 {
		return usage("%s holds several packs; name one with --pack DIR", dir)
	}
	if f := base.Fact(id); f != nil {
		return exitError{code: exitFailed, err: fmt.Errorf("the id %s is already taken by the fact at %s:%d", id, f.Place.File, f.Place.Line)}
	}
	pack := base.Packs[0]
	name := "facts.yaml"
	old, err := os.ReadFile(filepath.Join(pack.Dir, name))
	switch {
	case errors.Is(err, fs.ErrNotExist):
		name = "facts/" + id + ".yaml"
		if _, err := os.Stat(filepath.Join(pack.Dir, filepath.FromSlash(name))); err == nil {
			return exitError{code: exitFailed, err: fmt.Errorf("%s is there already", filepath.Join(pack.Dir, filepath.FromSlash(name)))}
		}
		old = []byte("facts:\n")
	case err != nil:
		return exitError{code: exitFailed, err: fmt.Errorf("%s cannot be read: %w", filepath.Join(pack.Dir, name), err)}
	}
	shown := filepath.Join(pack.Dir, filepath.FromSlash(name))
	text, err := splice.InsertText(old, splice.Path{"facts"}, fmt.Sprintf(newFactYAML, id, quotedYAML(question), moreQuestions(question, pack.Languages[0]), time.Now().Format(time.DateOnly)))
	if err != nil {
		return exitError{code: exitFailed, err: fmt.Errorf(factLayout, shown)}
	}
	// The whole pack with an answer: the question may be another fact's.
	open := bytes.LastIndex(text, []byte(newFactAnswer))
	filled := slices.Concat(text[:open], []byte("answer: To be written."), text[open+len(newFactAnswer):])
	var e draft.Edit
	if err := e.Change(pack, name, text, filled); err != nil {
		return exitError{code: exitFailed, err: err}
	}
	if err := writeEdit(&e, base); err != nil {
		return err
	}
	at := bytes.Count(text[:open], []byte("\n")) + 1
	_, err = fmt.Fprintf(p.Out, `%s:%d: write the answer of %s here

Above it stand its questions: give it %d ways of asking, better %d. Then
  footnote check %s
`, shown, at, id, knowledge.EnoughPhrasings, knowledge.GoodPhrasings, shellWord(pack.Dir))
	return err
}

// factLayout is what is said of a file that a fact cannot be added to.
const factLayout = "%s is laid out in a way that a fact cannot be added to by a program; add it by hand, or put facts into the folder facts"

// quotedYAML is s between double quotation marks.
func quotedYAML(s string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(s) + `"`
}
