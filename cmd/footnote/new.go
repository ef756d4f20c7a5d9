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
	"strings"
	"time"
	"unicode"

	"footnote/knowledge"
	"footnote/knowledge/strictyaml"
)

func newCommand() command {
	var packDir, question string
	return command{
		name:    "new",
		args:    "pack DIR | fact ID",
		summary: "write a new pack, or a new fact, to fill in",
		help: `
"new pack DIR" writes the files of a pack with one fact as an example. They pass
"footnote check" as they are, with a warning or two of what is still to be done.

"new fact ID" adds a fact to the end of facts.yaml, or to the file facts/ID.yaml
where the pack has a folder of facts. It is citation-needed until you give it a
source. What stands in the file is left as it is.

Examples:
  footnote new pack ./thaw
  footnote new fact secret-speech --pack ./thaw --question "When was the secret speech?"

Exit codes: 0 written, 1 it cannot be written, 2 bad usage.`,
		flags: func(fs *flag.FlagSet) action {
			fs.StringVar(&packDir, "pack", ".", "the pack's folder, `DIR`")
			fs.StringVar(&question, "question", "", "the first `QUESTION` of the fact")
			return func(_ context.Context, p *program, args []string) error {
				if len(args) != 2 || args[0] != "pack" && args[0] != "fact" {
					return usage("new: write \"footnote new pack DIR\" or \"footnote new fact ID\"")
				}
				if args[0] == "pack" {
					return newPack(p, args[1])
				}
				return newFact(p, packDir, args[1], question)
			}
		},
	}
}

// The files of a new pack. Their comments are for whoever opens them first.
const (
	newPackYAML = `# What this pack is. knowledge/FORMAT.md of Footnote explains every label.
schema: footnote/1
id: %s
title: %s
version: 0.1.0
license: CC-BY-SA-4.0
languages: [en]
scope-note: >-
  What this pack covers, and what it does not.
`
	newSourcesYAML = `# What you cite. With Zotero and Better BibTeX: Export, Better CSL YAML, into this file.
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
	newFactsYAML = `# The facts. "footnote new fact ID" adds another one.
facts:
  - id: example
    status: established
    topics: [example]
    questions:
      - What is this an example of?
      - example of what
    answer: >-
      This is an example of a fact: an answer in your own words, with the page that it rests on.
    cites:
      - source: example-book
        locator: {label: page, value: 1}
    reviewed: "%s"
`
	newFactYAML = `  - id: %s
    status: citation-needed # established or attributed once it cites a source
    questions:
      - %s
    answer: >-
      Write the answer here, in your own words and at most 300 characters.
    # cites:
    #   - source: ID-FROM-SOURCES
    #     locator: {label: page, value: 1}
    # reviewed: "%s"
`
)

func newPack(p *program, dir string) error {
	id := packID(dir)
	title := strings.ToUpper(id[:1]) + strings.ReplaceAll(id[1:], "-", " ")
	files := map[string][]byte{
		"pack.yaml":    fmt.Appendf(nil, newPackYAML, id, title),
		"sources.yaml": []byte(newSourcesYAML),
		"facts.yaml":   fmt.Appendf(nil, newFactsYAML, time.Now().Format(time.DateOnly)),
	}
	if err := knowledge.WriteFolder(dir, files); err != nil {
		return exitError{code: exitFailed, err: err}
	}
	_, err := fmt.Fprintf(p.Out, `A pack with one fact is in %[1]s: pack.yaml, sources.yaml and facts.yaml.

What to do next:
  footnote check %[1]s             what is worth a look
  footnote chat --knowledge %[1]s  ask it something
Put your own facts in place of the example. knowledge/FORMAT.md tells how.
`, dir)
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
		return exitError{code: exitUsage, err: err} // what is wrong already would be blamed on the new fact
	}
	if len(base.Packs) > 1 {
		return usage("%s holds several packs; name one with --pack DIR", dir)
	}
	if f := base.Fact(id); f != nil {
		return exitError{code: exitFailed, err: fmt.Errorf("the id %s is already taken by the fact at %s:%d", id, f.Place.File, f.Place.Line)}
	}
	pack := base.Packs[0]
	name := filepath.Join(pack.Dir, "facts.yaml")
	old, err := os.ReadFile(name)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		name = filepath.Join(pack.Dir, "facts", id+".yaml")
		if _, err := os.Stat(name); err == nil {
			return exitError{code: exitFailed, err: fmt.Errorf("%s is there already", name)}
		}
		old = []byte("facts:\n")
	case err != nil:
		return exitError{code: exitFailed, err: fmt.Errorf("%s cannot be read: %w", name, err)}
	}
	text := addFact(old, fmt.Sprintf(newFactYAML, id, quotedYAML(question), time.Now().Format(time.DateOnly)))
	if err := tryFacts(name, old, text); err != nil {
		return exitError{code: exitFailed, err: err}
	}
	if err := replaceFile(name, text); err != nil {
		return exitError{code: exitFailed, err: err}
	}
	// The whole pack again: the question may be another fact's.
	if _, err := knowledge.Open(pack.Dir); err != nil {
		restore := replaceFile(name, old)
		if bytes.Equal(old, []byte("facts:\n")) {
			restore = os.Remove(name)
		}
		return exitError{code: exitFailed, err: errors.Join(err, restore)}
	}
	line := bytes.Count(text[:bytes.LastIndex(text, []byte("- id: "+id))], []byte("\n")) + 1
	_, err = fmt.Fprintf(p.Out, "%s:%d: the fact %s is there to be filled in\n", name, line, id)
	return err
}

// addFact puts a fact after the last of a list, indented as that list is.
func addFact(old []byte, fact string) []byte {
	text := strings.TrimRight(string(old), " \t\r\n") + "\n"
	indent := 2
	for line := range strings.Lines(text) {
		trimmed := strings.TrimLeft(line, " ")
		if strings.HasPrefix(trimmed, "- ") {
			indent = len(line) - len(trimmed)
			break
		}
	}
	var b strings.Builder
	b.WriteString(text)
	if strings.HasSuffix(text, "facts: []\n") {
		b.Reset()
		b.WriteString(strings.TrimSuffix(text, " []\n") + "\n")
	} else if !strings.HasSuffix(text, "facts:\n") {
		b.WriteByte('\n')
	}
	for line := range strings.Lines(fact) {
		b.WriteString(strings.Repeat(" ", indent) + strings.TrimPrefix(line, "  "))
	}
	if strings.Contains(string(old), "\r\n") {
		return []byte(strings.ReplaceAll(strings.ReplaceAll(b.String(), "\r\n", "\n"), "\n", "\r\n"))
	}
	return []byte(b.String())
}

// tryFacts makes sure that the new text is a list with one entry more, so that a
// layout that addFact does not understand is refused and nothing is spoilt.
func tryFacts(name string, old, text []byte) error {
	facts := func(data []byte) int {
		var rep strictyaml.Report
		n := strictyaml.Parse(name, data, &rep)
		if n == nil || rep.Errors() > 0 {
			return -1
		}
		if list := n.AnyMap("").Get("facts"); list.IsList() {
			return len(list.List(""))
		}
		return 0
	}
	if was, is := facts(old), facts(text); is != was+1 {
		return fmt.Errorf("%s is laid out in a way that a fact cannot be added to by a program; add it by hand, or put facts into the folder facts", name)
	}
	return nil
}

// quotedYAML is s between double quotation marks.
func quotedYAML(s string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(s) + `"`
}

// replaceFile writes data in place of name at once: a reader sees the old text or
// the new one.
func replaceFile(name string, data []byte) error {
	mode := fs.FileMode(0o644)
	if real, err := filepath.EvalSymlinks(name); err == nil {
		name = real // the link stays, and what it points to is replaced
	}
	if info, err := os.Stat(name); err == nil {
		mode = info.Mode().Perm()
	}
	f, err := os.CreateTemp(filepath.Dir(name), ".footnote-*")
	if err != nil {
		return fmt.Errorf("%s cannot be written: %w", name, err)
	}
	defer os.Remove(f.Name()) // is gone already when all went well
	_, err = f.Write(data)
	if err == nil {
		err = f.Chmod(mode)
	}
	if err == nil {
		err = f.Sync()
	}
	if closing := f.Close(); err == nil {
		err = closing
	}
	if err == nil {
		err = os.Rename(f.Name(), name)
	}
	if err != nil {
		return fmt.Errorf("%s cannot be written: %w", name, err)
	}
	return nil
}
