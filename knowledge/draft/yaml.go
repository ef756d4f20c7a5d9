package draft

import (
	"fmt"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Writing YAML as a curator would: plain where that is safe, folded where a text
// is long, and between double quotation marks otherwise.

const (
	yamlWidth = 100 // columns at which folded texts break
	flowWidth = 80  // a list or map longer than this goes over several lines
)

// toYAML writes o as a file.
func toYAML(o Object) []byte {
	var b strings.Builder
	writeObject(&b, o, 0)
	return []byte(b.String())
}

// listItem writes x as an entry of the list that a file holds.
func listItem(x any) string {
	var b strings.Builder
	writeItem(&b, x, 2)
	return b.String()
}

func writeObject(b *strings.Builder, o Object, indent int) {
	for _, m := range o {
		b.WriteString(strings.Repeat(" ", indent))
		writeMember(b, m, indent)
	}
}

// writeMember writes "key: value" from where the key stands.
func writeMember(b *strings.Builder, m Member, indent int) {
	b.WriteString(scalar(m.Key, true))
	b.WriteByte(':')
	flow, ok := inline(m.Value)
	switch {
	case ok && m.Key != "questions" && len(flow)+indent+len(m.Key) <= flowWidth:
		b.WriteString(" " + flow + "\n")
		return
	}
	switch v := m.Value.(type) {
	case Object:
		b.WriteByte('\n')
		writeObject(b, v, indent+2)
	case []any:
		if len(v) == 0 {
			b.WriteString(" []\n")
			return
		}
		b.WriteByte('\n')
		for _, x := range v {
			writeItem(b, x, indent+2)
		}
	case string:
		b.WriteString(" " + textAt(v, indent+2) + "\n")
	default:
		fmt.Fprintf(b, " %v\n", v)
	}
}

func writeItem(b *strings.Builder, x any, indent int) {
	pad := strings.Repeat(" ", indent)
	if flow, ok := inline(x); ok && len(flow)+indent <= flowWidth {
		b.WriteString(pad + "- " + flow + "\n")
		return
	}
	switch v := x.(type) {
	case Object:
		for i, m := range v {
			if i == 0 {
				b.WriteString(pad + "- ")
			} else {
				b.WriteString(pad + "  ")
			}
			writeMember(b, m, indent+2)
		}
	case []any:
		b.WriteString(pad + "-\n")
		for _, y := range v {
			writeItem(b, y, indent+2)
		}
	case string:
		b.WriteString(pad + "- " + textAt(v, indent+2) + "\n")
	default:
		fmt.Fprintf(b, "%s- %v\n", pad, v)
	}
}

// inline returns x on one line, if it is short and flat enough for that to be read.
func inline(x any) (string, bool) {
	switch v := x.(type) {
	case []any:
		var parts []string
		for _, y := range v {
			s, ok := inlineScalar(y)
			if !ok {
				if o, isObject := y.(Object); !isObject || len(v) > 1 || len(o) == 0 {
					return "", false
				}
				if s, ok = inline(y); !ok {
					return "", false
				}
			}
			parts = append(parts, s)
		}
		return "[" + strings.Join(parts, ", ") + "]", true
	case Object:
		var parts []string
		for _, m := range v {
			s, ok := inlineScalar(m.Value)
			if !ok {
				return "", false
			}
			parts = append(parts, scalar(m.Key, true)+": "+s)
		}
		if len(parts) > 4 {
			return "", false
		}
		return "{" + strings.Join(parts, ", ") + "}", true
	}
	return "", false
}

func inlineScalar(x any) (string, bool) {
	switch v := x.(type) {
	case string:
		return scalar(v, true), true
	case bool:
		return fmt.Sprint(v), true
	}
	return "", false
}

// textAt writes a text of any length; its further lines are indented.
func textAt(s string, indent int) string {
	if utf8.RuneCountInString(s)+indent <= yamlWidth || !foldable(s) {
		return scalar(s, false)
	}
	var b strings.Builder
	b.WriteString(">-")
	column := yamlWidth
	for _, w := range strings.Split(s, " ") {
		n := utf8.RuneCountInString(w)
		if column+1+n > yamlWidth {
			b.WriteString("\n" + strings.Repeat(" ", indent))
			column = indent
		} else {
			b.WriteByte(' ')
			column++
		}
		b.WriteString(w)
		column += n
	}
	return b.String()
}

// foldable texts come back from folding as they went: words that are seen, one
// space between two.
func foldable(s string) bool {
	return s != "" && strings.Join(strings.Fields(s), " ") == s && strings.IndexFunc(s, func(r rune) bool { return !unicode.IsPrint(r) }) < 0
}

var (
	plainBlock = regexp.MustCompile(`^[\p{L}\p{N}][\p{L}\p{M}\p{N} .,;'’“”„«»?!()/–—+-]*$`)
	plainFlow  = regexp.MustCompile(`^[\p{L}\p{N}][\p{L}\p{M}\p{N} .;'’“”„«»!()/–—+-]*$`)
)

// otherType is what some reader of YAML takes for a number, a date, a truth value
// or nothing. Ours does not, but editors and other programs read these files too.
var otherType = regexp.MustCompile(`^(?i:[0-9][0-9.,_:eExXoOa-f+-]*|[0-9]{4}-[0-9]{2}-[0-9]{2}[ t].*|null|true|false|yes|no|on|off|y|n|nan|inf)$`)

// scalar writes a text on one line.
func scalar(s string, flow bool) string {
	plain := plainBlock
	if flow {
		plain = plainFlow
	}
	if plain.MatchString(s) && !strings.HasSuffix(s, " ") && !otherType.MatchString(s) {
		return s
	}
	var b strings.Builder
	b.WriteByte('"')
	for _, r := range s {
		switch {
		case r == '"' || r == '\\':
			b.WriteByte('\\')
			b.WriteRune(r)
		case r == '\n':
			b.WriteString(`\n`)
		case r == '\t':
			b.WriteString(`\t`)
		case unicode.IsPrint(r):
			b.WriteRune(r)
		case r <= 0xffff:
			fmt.Fprintf(&b, `\u%04x`, r)
		default:
			fmt.Fprintf(&b, `\U%08x`, r)
		}
	}
	b.WriteByte('"')
	return b.String()
}
