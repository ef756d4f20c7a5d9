package draft

import (
	"slices"
	"strings"
	"unicode/utf8"

	"footnote/knowledge/strictyaml"
)

// Adding entries to a list in the text of a YAML file.

// endOf returns how lines end in text.
func endOf(text string) string {
	if strings.Contains(text, "\r\n") {
		return "\r\n"
	}
	return "\n"
}

const byteOrderMark = "\ufeff"

// appendToList adds texts to a list of texts in data, in the manner in which the
// list is written. ok is false if it does not understand the layout.
func appendToList(data []byte, list *strictyaml.Node, texts []string) (out []byte, ok bool) {
	text, marked := strings.CutPrefix(string(data), byteOrderMark)
	lines := strings.SplitAfter(text, "\n")
	start, ok := offsetOf(lines, list.Line(), list.Column())
	if !ok {
		return nil, false
	}
	var next string
	switch text[start] {
	case '[':
		next, ok = appendToFlow(text, start, list.Column(), texts)
	case '-':
		next, ok = appendToBlock(lines, list, texts)
	default:
		return nil, false
	}
	if marked {
		next = byteOrderMark + next
	}
	return []byte(next), ok
}

// offsetOf returns the byte at a line and column, both from 1, columns in characters.
func offsetOf(lines []string, line, column int) (offset int, ok bool) {
	if line < 1 || line > len(lines) {
		return 0, false
	}
	for _, l := range lines[:line-1] {
		offset += len(l)
	}
	n := 1
	for i := range lines[line-1] {
		if n == column {
			return offset + i, true
		}
		n++
	}
	return 0, false
}

// appendToBlock adds to a list whose entries stand on lines of their own.
func appendToBlock(lines []string, list *strictyaml.Node, texts []string) (string, bool) {
	items := list.List("")
	if len(items) == 0 {
		return "", false
	}
	indent := list.Column() - 1
	deep := func(line string) bool {
		rest := strings.TrimLeft(line, " ")
		return strings.TrimSpace(rest) == "" || len(line)-len(rest) > indent
	}
	end := items[len(items)-1].Line() // lines before it belong to the list
	if end > len(lines) {
		return "", false
	}
	for end < len(lines) && deep(lines[end]) {
		end++
	}
	for end > 1 && strings.TrimSpace(lines[end-1]) == "" {
		end--
	}
	all := strings.Join(lines, "")
	quote := slices.ContainsFunc(items, func(n *strictyaml.Node) bool {
		at, ok := offsetOf(lines, n.Line(), n.Column())
		return ok && all[at] == '"'
	})
	before, after := strings.Join(lines[:end], ""), strings.Join(lines[end:], "")
	eol := endOf(before)
	var b strings.Builder
	b.WriteString(before)
	if !strings.HasSuffix(before, "\n") {
		b.WriteString(eol)
	}
	for _, t := range texts {
		s := scalar(t, false)
		if quote {
			s = doubleQuoted(t)
		}
		b.WriteString(strings.Repeat(" ", indent) + "- " + s + eol)
	}
	b.WriteString(after)
	return b.String(), true
}

// maxFlowLine is how many columns a line may have before a list in brackets goes
// on in the next.
const maxFlowLine = 120

// appendToFlow adds to a list in brackets, which opens at the byte start and in
// that column.
func appendToFlow(text string, start, column int, texts []string) (string, bool) {
	end, last := flowEnd(text, start)
	if end < 0 {
		return "", false
	}
	eol := endOf(text)
	line := text[strings.LastIndexByte(text[:last], '\n')+1 : last]
	width := utf8.RuneCountInString(line)
	var b strings.Builder
	b.WriteString(text[:last])
	for i, t := range texts {
		s := doubleQuoted(t)
		if plain := scalar(t, true); plain == t && text[last-1] != '"' {
			s = plain
		}
		sep := ", "
		switch {
		case i > 0:
		case text[last-1] == '[':
			sep = ""
		case text[last-1] == ',':
			sep = " "
		}
		n := utf8.RuneCountInString(s)
		if width+len(sep)+n > maxFlowLine {
			sep = strings.TrimRight(sep, " ") + eol + strings.Repeat(" ", column)
			width = column + n
		} else {
			width += len(sep) + n
		}
		b.WriteString(sep + s)
	}
	b.WriteString(text[last:])
	return b.String(), true
}

// flowEnd finds the bracket that closes the one at start, and the end of what
// stands before it but for blanks and notes; -1 if it is never closed.
func flowEnd(text string, start int) (end, last int) {
	depth := 0
	fresh := false // whether a quotation mark would open a text here
	for i := start; i < len(text); i++ {
		switch c := text[i]; c {
		case ' ', '\t', '\r', '\n':
			continue
		case '#':
			if i > 0 && strings.IndexByte(" \t\n", text[i-1]) >= 0 {
				n := strings.IndexByte(text[i:], '\n')
				if n < 0 {
					return -1, 0
				}
				i += n
				continue
			}
			fresh = false
		case '[', '{':
			depth++
			fresh = true
		case ']', '}':
			if depth--; depth == 0 {
				return i, last
			}
			fresh = false
		case ',', ':':
			fresh = true
		case '"', '\'':
			if fresh {
				n := quotedEnd(text[i:])
				if n < 0 {
					return -1, 0
				}
				i += n - 1
			}
			fresh = false
		default:
			fresh = false
		}
		last = i + 1
	}
	return -1, 0
}

// quotedEnd returns the length of the text in quotation marks that s begins with.
func quotedEnd(s string) int {
	for i := 1; i < len(s); i++ {
		switch {
		case s[0] == '"' && s[i] == '\\':
			i++
		case s[i] != s[0]:
		case s[0] == '\'' && strings.HasPrefix(s[i:], "''"):
			i++
		default:
			return i + 1
		}
	}
	return -1
}

// doubleQuoted writes a text between double quotation marks.
func doubleQuoted(s string) string {
	if q := scalar(s, false); strings.HasPrefix(q, `"`) {
		return q
	}
	return `"` + s + `"`
}
