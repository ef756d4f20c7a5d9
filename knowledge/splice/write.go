package splice

import (
	"fmt"
	"regexp"
	"slices"
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

// A writer writes values.
type writer struct {
	strings.Builder
	bare bool // numbers and dates stand without quotation marks
}

// File returns o as the text of a file. Numbers and dates stand in quotation marks, so
// that every program that reads the file takes them for texts.
func File(o Object) []byte {
	var w writer
	w.object(o, 0)
	return []byte(w.String())
}

// Written returns o as [File] does, but as a person writes it: numbers and dates stand
// without quotation marks where every reader keeps them as they are.
func Written(o Object) []byte {
	w := writer{bare: true}
	w.object(o, 0)
	return []byte(w.String())
}

// Item returns x as an entry of the list that a file holds, as [File] has it.
func Item(x any) string {
	var w writer
	w.item(x, 2)
	return w.String()
}

func (w *writer) object(o Object, indent int) {
	for _, m := range o {
		w.WriteString(strings.Repeat(" ", indent))
		w.member(m, indent)
	}
}

// member writes "key: value" from where the key stands.
func (w *writer) member(m Member, indent int) {
	w.WriteString(w.label(m.Key))
	w.WriteByte(':')
	w.value(m.Key, m.Value, indent)
}

// value writes a value after the colon of its key, which stands that deep. Questions get
// lines of their own, whatever they stand under.
func (w *writer) value(key string, value any, indent int) {
	flow, ok := w.inline(value)
	if ok && !slices.Contains([]string{"questions", "unanswered"}, key) && !(w.bare && sentences(value)) && utf8.RuneCountInString(flow)+indent+len(key) <= flowWidth {
		w.WriteString(" " + flow + "\n")
		return
	}
	switch v := value.(type) {
	case Object:
		w.WriteByte('\n')
		w.object(v, indent+2)
	case []any:
		if len(v) == 0 {
			w.WriteString(" []\n")
			return
		}
		w.WriteByte('\n')
		for _, x := range v {
			w.item(x, indent+2)
		}
	case string:
		w.WriteString(" " + w.textAt(v, indent+2) + "\n")
	default:
		fmt.Fprintf(w, " %v\n", v)
	}
}

// sentences reports whether a value is a list with whole sentences in it.
func sentences(value any) bool {
	list, _ := value.([]any)
	return slices.ContainsFunc(list, func(x any) bool {
		s, _ := x.(string)
		return strings.HasSuffix(s, "?") || strings.Count(s, " ") > 3
	})
}

func (w *writer) item(x any, indent int) {
	pad := strings.Repeat(" ", indent)
	if flow, ok := w.inline(x); ok && utf8.RuneCountInString(flow)+indent <= flowWidth {
		w.WriteString(pad + "- " + flow + "\n")
		return
	}
	switch v := x.(type) {
	case Object:
		for i, m := range v {
			if i == 0 {
				w.WriteString(pad + "- ")
			} else {
				w.WriteString(pad + "  ")
			}
			w.member(m, indent+2)
		}
	case []any:
		w.WriteString(pad + "-\n")
		for _, y := range v {
			w.item(y, indent+2)
		}
	case string:
		w.WriteString(pad + "- " + w.textAt(v, indent+2) + "\n")
	default:
		fmt.Fprintf(w, "%s- %v\n", pad, v)
	}
}

// inline returns x on one line, if it is short and flat enough for that to be read.
func (w *writer) inline(x any) (string, bool) {
	switch v := x.(type) {
	case []any:
		var parts []string
		for _, y := range v {
			s, ok := w.inlineScalar(y)
			if !ok {
				if o, isObject := y.(Object); !isObject || len(v) > 1 || len(o) == 0 {
					return "", false
				}
				if s, ok = w.inline(y); !ok {
					return "", false
				}
			}
			parts = append(parts, s)
		}
		return "[" + strings.Join(parts, ", ") + "]", true
	case Object:
		var parts []string
		for _, m := range v {
			s, ok := w.inlineScalar(m.Value)
			if !ok {
				return "", false
			}
			parts = append(parts, w.label(m.Key)+": "+s)
		}
		if len(parts) > 4 {
			return "", false
		}
		return "{" + strings.Join(parts, ", ") + "}", true
	}
	return "", false
}

// flow returns x between brackets, however long it is.
func (w *writer) flow(x any) string {
	var parts []string
	switch v := x.(type) {
	case []any:
		for _, y := range v {
			parts = append(parts, w.flow(y))
		}
		return "[" + strings.Join(parts, ", ") + "]"
	case Object:
		for _, m := range v {
			parts = append(parts, w.label(m.Key)+": "+w.flow(m.Value))
		}
		return "{" + strings.Join(parts, ", ") + "}"
	case string:
		return w.scalar(v, true)
	}
	return fmt.Sprint(x)
}

func (w *writer) inlineScalar(x any) (string, bool) {
	switch v := x.(type) {
	case string:
		return w.scalar(v, true), true
	case bool:
		return fmt.Sprint(v), true
	}
	return "", false
}

// textAt writes a text of any length; its further lines are indented.
func (w *writer) textAt(s string, indent int) string {
	switch {
	case literal(s):
		return "|-\n" + strings.Join(literalLines(s, indent), "\n")
	case utf8.RuneCountInString(s)+indent <= yamlWidth || !foldable(s):
		return w.scalar(s, false)
	}
	return ">-\n" + strings.Join(foldLines(s, indent, yamlWidth), "\n")
}

// foldLines breaks a text into indented lines of at most width columns.
func foldLines(s string, indent, width int) []string {
	var lines []string
	column := width
	for word := range strings.SplitSeq(s, " ") {
		n := utf8.RuneCountInString(word)
		if column+1+n > width {
			lines = append(lines, strings.Repeat(" ", indent)+word)
			column = indent + n
			continue
		}
		lines[len(lines)-1] += " " + word
		column += 1 + n
	}
	return lines
}

// foldable texts come back from folding as they went: words that are seen, one
// space between two.
func foldable(s string) bool {
	return s != "" && strings.Join(strings.Fields(s), " ") == s && printable(s)
}

// literal texts have several lines and stand as they are after |-.
func literal(s string) bool {
	if !strings.Contains(s, "\n") {
		return false
	}
	for line := range strings.SplitSeq(s, "\n") {
		if strings.TrimSpace(line) != line || !printable(line) {
			return false
		}
	}
	return strings.Trim(s, "\n") == s
}

// literalLines are the lines of a text, indented.
func literalLines(s string, indent int) []string {
	lines := strings.Split(s, "\n")
	for i, line := range lines {
		if line != "" {
			lines[i] = strings.Repeat(" ", indent) + line
		}
	}
	return lines
}

func printable(s string) bool {
	return strings.IndexFunc(s, func(r rune) bool { return !unicode.IsPrint(r) }) < 0
}

var (
	plainBlock = regexp.MustCompile(`^[\p{L}\p{N}][\p{L}\p{M}\p{N} .,;'’“”„«»?!()/–—+-]*$`)
	plainFlow  = regexp.MustCompile(`^[\p{L}\p{N}][\p{L}\p{M}\p{N} .;'’“”„«»!()/–—+-]*$`)
)

// otherType is what some reader of YAML takes for a number, a date, a truth value
// or nothing. Ours does not, but editors and other programs read these files too.
var otherType = regexp.MustCompile(`^(?i:[0-9][0-9.,_:eExXoOa-f+-]*|[0-9]{4}-[0-9]{2}-[0-9]{2}[ t].*|null|true|false|yes|no|on|off|y|n|nan|inf)$`)

// bareNumber is a number, a date, a version or some pages, which a person writes without
// quotation marks and every reader writes back as they were.
var bareNumber = regexp.MustCompile(`^(?:[1-9][0-9]*(?:-[0-9]+)*|[0-9]+\.[0-9]+\.[0-9]+|0)$`)

// plain reports whether a text can stand without quotation marks.
func (w *writer) plain(s string, flow bool) bool {
	if w.bare && bareNumber.MatchString(s) {
		return true
	}
	safe := plainBlock
	if flow {
		safe = plainFlow
	}
	return safe.MatchString(s) && !strings.HasSuffix(s, " ") && !otherType.MatchString(s)
}

// bareLabel is a label that stands without quotation marks, such as archive_location.
var bareLabel = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_-]+$`)

// label writes the label of a map.
func (w *writer) label(s string) string {
	if w.bare && bareLabel.MatchString(s) && !otherType.MatchString(s) {
		return s
	}
	return w.scalar(s, true)
}

// scalar writes a text on one line.
func (w *writer) scalar(s string, flow bool) string {
	if w.plain(s, flow) {
		return s
	}
	return doubleQuoted(s)
}

// doubleQuoted writes a text between double quotation marks.
func doubleQuoted(s string) string {
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
