package main

import (
	"encoding/xml"
	"fmt"
	"os"
	"slices"
	"strings"
)

// JUnit's XML is what continuous integration shows as a list of tests: here one
// test for each question of an examination, failed where it was missed.

type junitSuites struct {
	XMLName  xml.Name     `xml:"testsuites"`
	Name     string       `xml:"name,attr"`
	Tests    int          `xml:"tests,attr"`
	Failures int          `xml:"failures,attr"`
	Suites   []junitSuite `xml:"testsuite"`
}

type junitSuite struct {
	Name     string      `xml:"name,attr"`
	Tests    int         `xml:"tests,attr"`
	Failures int         `xml:"failures,attr"`
	Errors   int         `xml:"errors,attr"`
	Cases    []junitCase `xml:"testcase"`
}

type junitCase struct {
	Class   string        `xml:"classname,attr"`
	Name    string        `xml:"name,attr"`
	File    string        `xml:"file,attr,omitempty"`
	Line    int           `xml:"line,attr,omitempty"`
	Failure *junitFailure `xml:"failure,omitempty"`
}

type junitFailure struct {
	Message string `xml:"message,attr"`
	Text    string `xml:",chardata"`
}

// junit sorts what was asked into one suite for questions that must find a fact
// and one for each kind of question that must be declined.
func (r report) junit(name string) junitSuites {
	all := junitSuites{Name: name}
	index := map[string]int{}
	for _, a := range r.all {
		suite := "find"
		if a.Kind != "" {
			suite = "decline." + a.Kind
		}
		i, ok := index[suite]
		if !ok {
			i = len(all.Suites)
			index[suite] = i
			all.Suites = append(all.Suites, junitSuite{Name: suite})
		}
		s := &all.Suites[i]
		c := junitCase{Class: suite, Name: printable(a.Question), File: a.at.File, Line: a.at.Line}
		if len(a.Expected) > 0 {
			c.Class += "." + a.Expected[0]
		}
		s.Tests++
		all.Tests++
		if !a.right {
			s.Failures++
			all.Failures++
			c.Failure = &junitFailure{Message: printable(a.want() + "; got " + a.got()), Text: a.Place}
		}
		s.Cases = append(s.Cases, c)
	}
	return all
}

// printable is s with what XML cannot hold, and what hides in a list, written out.
func printable(s string) string {
	if s == "" {
		return "(nothing)"
	}
	var b strings.Builder
	for _, r := range s {
		if r < ' ' || r == 0x7f || r >= 0xfffe && r <= 0xffff || r == 0xfffd {
			fmt.Fprintf(&b, `\u%04x`, r)
			continue
		}
		b.WriteRune(r)
	}
	const most = 200 // characters: a name in a list, not a page
	if runes := []rune(b.String()); len(runes) > most {
		return string(runes[:most]) + "…"
	}
	return b.String()
}

func writeJUnit(file string, suites junitSuites) error {
	raw, err := xml.MarshalIndent(suites, "", "  ")
	if err != nil {
		return err
	}
	if err := os.WriteFile(file, slices.Concat([]byte(xml.Header), raw, []byte("\n")), 0o644); err != nil {
		return exitError{code: exitFailed, err: fmt.Errorf("the JUnit file cannot be written: %w", err)}
	}
	return nil
}
