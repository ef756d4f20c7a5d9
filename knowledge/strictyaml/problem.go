// Package strictyaml reads YAML that people wrote by hand, and reports everything
// that is wrong with it in one run, each problem with its place. It gives
// typed access to the parsed tree and collects a Problem for whatever does not
// fit. It knows nothing of packs, facts or configuration.
package strictyaml

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Severity says whether a Problem stops what it was found in.
type Severity string

// The severities of a Problem.
const (
	Error   Severity = "error"   // must be corrected before the file is used
	Warning Severity = "warning" // worth a look; never stops anything
)

// A Place is where something stands in a file.
type Place struct {
	File   string
	Line   int // from 1
	Column int // from 1, in characters
}

// String returns the place as file:line, as editors and compilers write it.
func (p Place) String() string { return fmt.Sprintf("%s:%d", p.File, p.Line) }

// A Problem is one thing that is wrong in one file.
type Problem struct {
	Severity Severity `json:"severity"`
	File     string   `json:"file"`
	Line     int      `json:"line,omitempty"`   // from 1; 0 when the whole file is meant
	Column   int      `json:"column,omitempty"` // from 1, in characters
	Path     string   `json:"path,omitempty"`   // e.g. facts[secret-speech].answer
	Message  string   `json:"message"`          // what is wrong and what to do
}

// String returns file:line:column: path: message, without the parts that are
// unknown.
func (p Problem) String() string {
	var b strings.Builder
	b.WriteString(p.File)
	if p.Line > 0 {
		fmt.Fprintf(&b, ":%d:%d", p.Line, p.Column)
	}
	if b.Len() > 0 {
		b.WriteString(": ")
	}
	if p.Severity == Warning {
		b.WriteString("warning: ")
	}
	if p.Path != "" {
		b.WriteString(p.Path)
		b.WriteString(": ")
	}
	b.WriteString(p.Message)
	return b.String()
}

// MaxProblems bounds what one Report keeps of each severity. A person corrects a
// handful and runs again; a hostile file must not fill a terminal or a log.
const MaxProblems = 500

// maxTwins is how many problems back the same problem is looked for.
const maxTwins = 8

// A Report collects problems. The zero value is ready. It is not safe for
// concurrent use.
type Report struct {
	problems []Problem // at most MaxProblems of each severity, so that no crowd of warnings hides an error
	dropped  int
	errors   int
	warnings int
}

// Add records p, or only counts it once MaxProblems of its severity are kept.
func (r *Report) Add(p Problem) {
	if p.Severity == "" {
		p.Severity = Error
	}
	// A node may be read twice, by its number and then by its id: one problem, and the id.
	for i := len(r.problems) - 1; i >= max(0, len(r.problems)-maxTwins); i-- {
		if q := &r.problems[i]; p.Line > 0 && q.Line == p.Line && q.Column == p.Column && q.File == p.File && q.Message == p.Message {
			q.Path = p.Path
			return
		}
	}
	n := &r.errors
	if p.Severity == Warning {
		n = &r.warnings
	}
	if *n++; *n > MaxProblems {
		r.dropped++
		return
	}
	r.problems = append(r.problems, p)
}

// Merge adds everything that o holds or counted.
func (r *Report) Merge(o *Report) {
	for _, p := range o.problems {
		r.Add(p)
	}
	r.dropped += o.dropped
	r.errors += max(o.errors-MaxProblems, 0)
	r.warnings += max(o.warnings-MaxProblems, 0)
}

// Full reports whether further problems are only counted, so that it is not worth
// thinking about their wording.
func (r *Report) Full() bool { return r.errors >= MaxProblems || r.warnings >= MaxProblems }

// Errors returns how many problems of severity Error were added.
func (r *Report) Errors() int { return r.errors }

// Problems returns everything recorded, sorted by file and place, and a last
// line that counts what was left out.
func (r *Report) Problems() []Problem {
	out := append([]Problem(nil), r.problems...)
	Sort(out)
	if r.dropped > 0 {
		sev := Warning
		if r.errors > 0 {
			sev = Error
		}
		out = append(out, Problem{Severity: sev, Message: fmt.Sprintf(
			"%d more problems are not shown; correct these first and run again", r.dropped)})
	}
	return out
}

// Sort orders problems by file, line, column, path and message.
func Sort(ps []Problem) {
	slices.SortStableFunc(ps, func(a, b Problem) int {
		return cmp.Or(
			strings.Compare(a.File, b.File),
			cmp.Compare(a.Line, b.Line),
			cmp.Compare(a.Column, b.Column),
			strings.Compare(a.Path, b.Path),
			strings.Compare(a.Message, b.Message))
	})
}

// maxQuoted bounds how much of a value a message repeats, in characters.
const maxQuoted = 60

// Quote returns s between quotation marks for a message: shortened, on one line,
// with everything that does not print escaped.
func Quote(s string) string {
	var b strings.Builder
	b.WriteByte('"')
	n := 0
	for i, r := range s {
		if n == maxQuoted {
			b.WriteString("…")
			break
		}
		n++
		switch {
		case r == utf8.RuneError && !strings.HasPrefix(s[i:], "\uFFFD"):
			fmt.Fprintf(&b, `\x%02x`, s[i])
		case r == '\n':
			b.WriteString(`\n`)
		case !unicode.IsPrint(r):
			fmt.Fprintf(&b, `\u%04x`, r)
		default:
			b.WriteRune(r)
		}
	}
	b.WriteByte('"')
	return b.String()
}

// Cause returns what went wrong with a file, without the operation and the path
// that errors of packages os and fs repeat: a message names the file already.
func Cause(err error) error {
	var pe *fs.PathError
	if errors.As(err, &pe) {
		return pe.Err
	}
	return err
}
