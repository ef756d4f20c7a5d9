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

// explain turns the parser's error into a place and a sentence for somebody who
// does not know YAML's grammar.
func explain(data []byte, err error) (line, col int, message string) {
	var le *yaml.LoadError
	if !errors.As(err, &le) {
		var all *yaml.LoadErrors
		if errors.As(err, &all) && len(all.Errors) > 0 {
			le = all.Errors[0]
		} else {
			return 1, 1, "the file is not YAML: " + strings.TrimPrefix(err.Error(), "yaml: ")
		}
	}
	line, col = le.Mark.Line, le.Mark.Column
	begun := func() string {
		return fmt.Sprintf("line %d, column %d", le.ContextMark.Line, le.ContextMark.Column)
	}
	lines := strings.SplitAfter(string(data), "\n")
	at := func() string { // the rest of the line from the place on
		if line < 1 || line > len(lines) {
			return ""
		}
		rest := []rune(lines[line-1])
		if col < 1 || col > len(rest) {
			return ""
		}
		return string(rest[col-1:])
	}
	m := le.Message
	switch {
	case strings.Contains(m, errDepth.Error()), strings.Contains(m, "exceeded max depth"):
		message = fmt.Sprintf("lists and maps are nested more than %d deep here", MaxDepth)
	case strings.Contains(m, "mapping values are not allowed"):
		message = "a colon stands where none can: a text with a colon and a space in it must be in quotes, or this line is indented too far"
	case strings.Contains(m, "cannot start any token"):
		switch rest := at(); {
		case strings.HasPrefix(rest, "\t"):
			message = "a tab stands here; indent with spaces"
		case rest != "":
			message = fmt.Sprintf("a text that begins with %c must be in quotes", []rune(rest)[0])
		default:
			message = "a text that begins with a sign must be in quotes"
		}
	case strings.Contains(m, "tab"):
		message = "a tab stands here; indent with spaces"
	case strings.Contains(m, "unexpected end of stream") && strings.Contains(le.ContextMsg, "quoted"),
		strings.Contains(m, "unexpected document indicator") && strings.Contains(le.ContextMsg, "quoted"):
		line, col = le.ContextMark.Line, le.ContextMark.Column
		message = "the quotation mark that opens here is never closed"
	case strings.Contains(m, "expected ',' or ']'"):
		message = "a list that began with [ at " + begun() + " is not closed with ], or a comma is missing"
	case strings.Contains(m, "expected ',' or '}'"):
		message = "a map that began with { at " + begun() + " is not closed with }, or a comma is missing"
	case strings.Contains(m, "did not find expected key"):
		message = "this does not fit what stands above: indent the line exactly like the lines it belongs to; if a text in quotes ends here too early, write '' for an apostrophe inside '…'"
	case strings.Contains(m, "expected '-' indicator"):
		message = "this line fits neither the list that began at " + begun() + " nor what stands around it; indent it exactly like the lines it belongs to"
	case strings.Contains(m, "could not find expected ':'"):
		message = "a colon is missing after this key, or a text that goes over several lines is indented too little"
	case strings.Contains(m, "unknown anchor"):
		message = "a text that begins with * must be in quotes"
	case strings.Contains(m, "unknown escape character"):
		message = `a backslash inside "…" must be written twice (\\)`
	case strings.Contains(m, "alphabetic or numeric character") || strings.Contains(le.ContextMsg, "anchor") || strings.Contains(le.ContextMsg, "alias"):
		line, col = le.ContextMark.Line, le.ContextMark.Column
		message = "a text that begins with & or * must be in quotes"
	case strings.Contains(le.ContextMsg, "tag"):
		line, col = le.ContextMark.Line, le.ContextMark.Column
		message = "a text that begins with ! must be in quotes"
	case strings.Contains(le.ContextMsg, "block scalar"):
		message = "after | or > the text begins on the next line, indented"
	case strings.Contains(le.ContextMsg, "directive"), strings.HasPrefix(at(), "%"):
		message = "a line that begins with % must be in quotes"
	case strings.Contains(m, "expected node content"):
		message = "a value is missing here; a text that begins with ], } or a comma must be in quotes"
	case strings.Contains(m, "document start"):
		message = "the file goes on here with something that does not belong to what stands above; a text that begins with a sign must be in quotes"
	default:
		message = "the file is not YAML here: " + m
	}
	if line < 1 {
		line, col = 1, 1
	}
	return line, max(col, 1), message
}
