// Package packtest holds a small pack for tests of what loads and writes packs.
package packtest

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
)

// Files are a pack folder in memory, by their names in it. Tests start with
// [Valid] and break one thing.
type Files map[string]string

// Valid returns a small pack without any error.
func Valid() Files {
	return Files{
		"pack.yaml": `schema: footnote/1
id: thaw
title: The Thaw
version: 1.0.0
license: CC-BY-SA-4.0
languages: [en, ru]
maintainers: [{name: Ann Curator, orcid: 0000-0002-1825-0097}]
scope-note: A small pack for tests.
synonyms:
  - [ussr, soviet union]
history:
  - version: 1.0.0
    date: 2026-01-05
    changes:
      - {fact: secret-speech, kind: added, note: The first fact.}
`,
		"sources.yaml": `references:
  - id: archer1990
    type: book
    author: [{family: Archer, given: Robert}]
    title: The Long Winter
    publisher: Example Press
    issued: 1990
  - id: baker1999
    type: article-journal
    author: [{family: Baker, given: Anna}]
    title: Who Remembers
    container-title: Example Review
    volume: 58
    issued: {date-parts: [[1999, 4]]}
`,
		"facts.yaml": `facts:
  - id: secret-speech
    status: established
    topics: [de-stalinisation]
    questions:
      en: [When was the secret speech?, date of the secret speech]
      ru: [Когда был секретный доклад?]
    keywords: [khrushchev]
    answer: In February 1956.
    detail: It was read at a closed session.
    dates: [{edtf: 1956-02-25, label: the speech}]
    people: [Nikita Khrushchev]
    cites:
      - source: archer1990
        locator: {label: page, value: 12-15}
        quote: the Soviet leader spoke in 1956
    related: [speech-effect]
  - id: speech-effect
    status: disputed
    questions: [What did the speech change?]
    answer: Scholars disagree.
    positions:
      - holder: Robert Archer
        claim: It changed little.
        cites: [{source: archer1990, locator: {value: 44}}]
      - holder: Anna Baker
        claim: It changed everything.
        cites: [{source: baker1999}]
`,
		"eval.yaml": `find:
  secret-speech: [When did Khrushchev speak in secret?]
decline:
  near-miss: [When was Khrushchev born?]
  empty: [""]
`,
	}
}

// With replaces the first old in a file by new; it panics if old is not there, so
// that no test breaks something else than it means to.
func (f Files) With(file, old, new string) Files {
	if !strings.Contains(f[file], old) {
		panic(fmt.Sprintf("%s does not hold %q", file, old))
	}
	f[file] = strings.Replace(f[file], old, new, 1)
	return f
}

// Set puts content in place of a file, or makes it.
func (f Files) Set(file, content string) Files {
	f[file] = content
	return f
}

// Without takes a file away.
func (f Files) Without(file string) Files {
	delete(f, file)
	return f
}

// FS returns the files as a file system.
func (f Files) FS() fstest.MapFS {
	m := fstest.MapFS{}
	for name, content := range f {
		m[name] = &fstest.MapFile{Data: []byte(content), Mode: 0o644}
	}
	return m
}

// Dir writes the files into dir, and returns dir.
func (f Files) Dir(t testing.TB, dir string) string {
	t.Helper()
	for name, content := range f {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}
