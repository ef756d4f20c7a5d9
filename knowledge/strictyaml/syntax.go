package strictyaml

import (
	"errors"
	"fmt"
	"strings"

	yaml "go.yaml.in/yaml/v4"
)

var errDepth = fmt.Errorf("more than %d levels", MaxDepth)

// isDepth reports whether the parser gave up because of [MaxDepth].
func isDepth(err error) bool {
	return strings.Contains(err.Error(), errDepth.Error()) || strings.Contains(err.Error(), "exceeded max depth")
}

// A fault is what the parser complains of and how people are told.
type fault struct {
	says    string // in its message
	context string // in what it was reading
	rest    string // what the line goes on with where it gave up; each of the three may be empty
	begun   bool   // the place to show is where that began, not where the parser gave up
	message string // {sign} is what the line goes on with, {begun} the place where it began
}

// faults are what is told apart, the first that fits counts.
var faults = []fault{
	{says: errDepth.Error(), message: tooDeep},
	{says: "exceeded max depth", message: tooDeep},
	{says: "mapping values are not allowed", message: "a colon stands where none can: a text with a colon and a space in it must be in quotes, or this line is indented too far"},
	{says: "cannot start any token", rest: "\t", message: tabStands},
	{says: "cannot start any token", message: "a text that begins with {sign} must be in quotes"},
	{says: "tab", message: tabStands},
	{says: "unexpected end of stream", context: "quoted", begun: true, message: neverClosed},
	{says: "unexpected document indicator", context: "quoted", begun: true, message: neverClosed},
	{says: "expected ',' or ']'", message: "a list that began with [ at {begun} is not closed with ], or a comma is missing"},
	{says: "expected ',' or '}'", message: "a map that began with { at {begun} is not closed with }, or a comma is missing"},
	{says: "did not find expected key", message: "this does not fit what stands above: indent the line exactly like the lines it belongs to; if a text in quotes ends here too early, write '' for an apostrophe inside '…'"},
	{says: "expected '-' indicator", message: "this line fits neither the list that began at {begun} nor what stands around it; indent it exactly like the lines it belongs to"},
	{says: "could not find expected ':'", message: "a colon is missing after this key, or a text that goes over several lines is indented too little"},
	{says: "unknown anchor", message: "a text that begins with * must be in quotes"},
	{says: "unknown escape character", message: `a backslash inside "…" must be written twice (\\)`},
	{says: "alphabetic or numeric character", begun: true, message: anchorStands},
	{context: "anchor", begun: true, message: anchorStands},
	{context: "alias", begun: true, message: anchorStands},
	{context: "tag", begun: true, message: "a text that begins with ! must be in quotes"},
	{context: "block scalar", message: "after | or > the text begins on the next line, indented"},
	{context: "directive", message: directiveStands},
	{rest: "%", message: directiveStands},
	{says: "expected node content", message: "a value is missing here; a text that begins with ], } or a comma must be in quotes"},
	{says: "document start", message: "the file goes on here with something that does not belong to what stands above; a text that begins with a sign must be in quotes"},
}

// Messages of several faults.
const (
	tabStands       = "a tab stands here; indent with spaces"
	neverClosed     = "the quotation mark that opens here is never closed"
	anchorStands    = "a text that begins with & or * must be in quotes"
	directiveStands = "a line that begins with % must be in quotes"
)

var tooDeep = fmt.Sprintf("lists and maps are nested more than %d deep here", MaxDepth)

// explain turns the parser's error into a place and a sentence for somebody who
// does not know YAML's grammar.
func explain(data []byte, err error) (line, col int, message string) {
	var le *yaml.LoadError
	if !errors.As(err, &le) {
		var all *yaml.LoadErrors
		if !errors.As(err, &all) || len(all.Errors) == 0 {
			return 1, 1, "the file is not YAML: " + strings.TrimPrefix(err.Error(), "yaml: ")
		}
		le = all.Errors[0]
	}
	at, rest := le.Mark, restOfLine(data, le.Mark.Line, le.Mark.Column)
	message = "the file is not YAML here: " + le.Message
	for _, f := range faults {
		if !strings.Contains(le.Message, f.says) || !strings.Contains(le.ContextMsg, f.context) || !strings.HasPrefix(rest, f.rest) {
			continue
		}
		if f.begun {
			at = le.ContextMark
		}
		sign := "a sign"
		if all := []rune(rest); len(all) > 0 {
			sign = string(all[0])
		}
		begun := fmt.Sprintf("line %d, column %d", le.ContextMark.Line, le.ContextMark.Column)
		message = strings.NewReplacer("{sign}", sign, "{begun}", begun).Replace(f.message)
		break
	}
	if at.Line < 1 {
		return 1, 1, message
	}
	return at.Line, max(at.Column, 1), message
}

// restOfLine returns a line of data from a column on, both counted from 1.
func restOfLine(data []byte, line, col int) string {
	lines := strings.SplitAfter(string(data), "\n")
	if line < 1 || line > len(lines) {
		return ""
	}
	rest := []rune(lines[line-1])
	if col < 1 || col > len(rest) {
		return ""
	}
	return string(rest[col-1:])
}
