package splice

import (
	"slices"
	"sort"
	"strings"
	"unicode/utf8"

	yaml "go.yaml.in/yaml/v4"
)

const byteOrderMark = "\ufeff"

// A document is a text with its parsed tree, and the changes to be made in it.
type document struct {
	mark  string // the byte order mark, if the text begins with one
	text  string
	lines []int // where each line begins
	eol   string
	root  *yaml.Node
	edits []edit
	entry string // what InsertText adds, as it is written
}

// An edit puts text in the place of the bytes from start to end.
type edit struct {
	start, end int
	text       string // lines end with \n
}

// A place is a node with what its text depends on.
type place struct {
	node   *yaml.Node
	indent int    // of the key or dash that it belongs to, in columns from 0; -2 for the whole file
	flow   bool   // it stands between brackets
	key    string // of the map that it is a value of, or empty
}

// applied returns the text with all edits made.
func (d *document) applied() []byte {
	slices.SortStableFunc(d.edits, func(a, b edit) int {
		if a.start != b.start {
			return a.start - b.start
		}
		return a.end - b.end
	})
	var b strings.Builder
	b.WriteString(d.mark)
	at := 0
	for _, e := range d.edits {
		if e.start < at && e.text != "" {
			return nil // they overlap, and nothing is what it seems
		}
		e.start, e.end = max(e.start, at), max(e.end, at)
		b.WriteString(d.text[at:e.start])
		b.WriteString(strings.ReplaceAll(e.text, "\n", d.eol))
		at = e.end
	}
	b.WriteString(d.text[at:])
	return []byte(b.String())
}

// lineStarts returns where the lines of a text begin, as YAML counts lines.
func lineStarts(text string) []int {
	starts := []int{0}
	for i, r := range text {
		switch {
		case r == '\n', r == 0x85, r == 0x2028, r == 0x2029,
			r == '\r' && !strings.HasPrefix(text[i+1:], "\n"):
			starts = append(starts, i+utf8.RuneLen(r))
		}
	}
	return starts
}

// offset returns the byte at which a node begins.
func (d *document) offset(n *yaml.Node) int {
	if n.Line < 1 || n.Line > len(d.lines) {
		return len(d.text)
	}
	at := d.lines[n.Line-1]
	for range n.Column - 1 {
		_, size := utf8.DecodeRuneInString(d.text[at:])
		at += size
	}
	return at
}

// lineOf returns the number, from 0, of the line that a byte stands in.
func (d *document) lineOf(at int) int { return sort.SearchInts(d.lines, at+1) - 1 }

// lineStart returns where the line of a byte begins.
func (d *document) lineStart(at int) int { return d.lines[d.lineOf(at)] }

// nextLine returns where the line after that of a byte begins, or the end of the text.
func (d *document) nextLine(at int) int {
	if l := d.lineOf(at) + 1; l < len(d.lines) {
		return d.lines[l]
	}
	return len(d.text)
}

// lineEnd returns where the line of a byte ends, before what ends it.
func (d *document) lineEnd(at int) int {
	next := d.nextLine(at)
	return at + len(strings.TrimRight(d.text[at:next], "\r\n\u0085\u2028\u2029"))
}

// indentOf returns with how many blanks a line begins.
func indentOf(line string) int { return len(line) - len(strings.TrimLeft(line, " ")) }

// end returns the byte after the last of what a place holds, without notes behind it.
func (d *document) end(p place) int {
	n, start := p.node, d.offset(p.node)
	switch {
	case n.Kind == yaml.MappingNode && n.Style&yaml.FlowStyle == 0:
		if len(n.Content) == 0 {
			return start
		}
		return d.end(d.value(p, len(n.Content)/2-1))
	case n.Kind == yaml.SequenceNode && n.Style&yaml.FlowStyle == 0:
		if len(n.Content) == 0 {
			return start
		}
		return d.end(d.item(p, len(n.Content)-1))
	case n.Kind != yaml.ScalarNode:
		end, _ := flowEnd(d.text, start)
		if end < 0 {
			return len(d.text)
		}
		return end + 1
	case n.Value == "" && nothing(n):
		return start
	}
	return d.scalarEnd(start, p.indent, p.flow)
}

// scalarEnd returns where a text ends that begins at start.
func (d *document) scalarEnd(start, indent int, flow bool) int {
	if start >= len(d.text) {
		return start
	}
	switch c := d.text[start]; {
	case c == '"' || c == '\'':
		if n := quotedEnd(d.text[start:]); n > 0 {
			return start + n
		}
		return len(d.text)
	case (c == '|' || c == '>') && !flow:
		return d.blockEnd(start, indent)
	case flow:
		return start + flowPlainEnd(d.text[start:])
	}
	end := start + plainEnd(d.text[start:d.lineEnd(start)])
	if end < start+len(strings.TrimRight(d.text[start:d.lineEnd(start)], " \t")) {
		return end // a note or a colon follows
	}
	for l := d.lineOf(start) + 1; l < len(d.lines); l++ {
		line := d.text[d.lines[l]:d.lineEnd(d.lines[l])]
		text := strings.TrimLeft(line, " \t")
		switch {
		case text == "":
			continue
		case indentOf(line) <= indent || text[0] == '#':
			return end
		}
		n := plainEnd(text)
		end = d.lines[l] + len(line) - len(text) + n
		if n < len(strings.TrimRight(text, " \t")) {
			return end
		}
	}
	return end
}

// blockEnd returns where a text after | or > ends: after its last line that is not
// blank, or, where blank ones count, after those.
func (d *document) blockEnd(start, indent int) int {
	header := d.text[start:d.lineEnd(start)]
	indicators, _, _ := strings.Cut(header, " ")
	end := start + len(indicators)
	content := -1
	if i := strings.IndexAny(indicators, "123456789"); i >= 0 {
		content = max(indent, 0) + int(indicators[i]-'0')
	}
	for l := d.lineOf(start) + 1; l < len(d.lines); l++ {
		line := d.text[d.lines[l]:d.lineEnd(d.lines[l])]
		if strings.Trim(line, " ") == "" {
			if strings.Contains(indicators, "+") && d.lines[l] < len(d.text) {
				end = d.lines[l] + len(line)
			}
			continue
		}
		n := indentOf(line)
		if content < 0 && n > indent {
			content = n
		}
		if content < 0 || n < content {
			break
		}
		end = d.lines[l] + len(line)
	}
	return end
}

// plainEnd returns how much of a line a text without quotation marks takes.
func plainEnd(line string) int {
	for i := range len(line) {
		switch {
		case line[i] == '#' && i > 0 && (line[i-1] == ' ' || line[i-1] == '\t'):
			return len(strings.TrimRight(line[:i], " \t"))
		case line[i] == ':' && (i+1 == len(line) || line[i+1] == ' ' || line[i+1] == '\t'):
			return len(strings.TrimRight(line[:i], " \t"))
		}
	}
	return len(strings.TrimRight(line, " \t"))
}

// flowPlainEnd is plainEnd between brackets, where a text may go on over lines.
func flowPlainEnd(text string) int {
	for i := range len(text) {
		switch c := text[i]; {
		case strings.IndexByte(",[]{}", c) >= 0,
			c == ':' && (i+1 == len(text) || strings.IndexByte(" \t\r\n,[]{}", text[i+1]) >= 0),
			c == '#' && i > 0 && strings.IndexByte(" \t\r\n", text[i-1]) >= 0:
			return len(strings.TrimRight(text[:i], " \t\r\n"))
		}
	}
	return len(strings.TrimRight(text, " \t\r\n"))
}

// value returns the place of the i-th value of a map.
func (d *document) value(p place, i int) place {
	key, v := p.node.Content[2*i], p.node.Content[2*i+1]
	if p.flow || p.node.Style&yaml.FlowStyle != 0 {
		return place{node: v, indent: p.indent, flow: true, key: key.Value}
	}
	return place{node: v, indent: key.Column - 1, key: key.Value}
}

// item returns the place of the i-th entry of a list.
func (d *document) item(p place, i int) place {
	if p.flow || p.node.Style&yaml.FlowStyle != 0 {
		return place{node: p.node.Content[i], indent: p.indent, flow: true}
	}
	return place{node: p.node.Content[i], indent: p.node.Column - 1}
}

// dash returns where the dash of the i-th entry of a list stands.
func (d *document) dash(p place, i int) int {
	if i == 0 {
		return d.offset(p.node)
	}
	column := p.node.Column - 1
	for l := p.node.Content[i].Line - 1; l >= 0; l-- {
		start := d.lines[l]
		line := d.text[start:d.lineEnd(start)]
		if indentOf(line) == column && (strings.HasPrefix(line[column:], "- ") || line[column:] == "-" || strings.HasPrefix(line[column:], "-\t")) {
			return start + column
		}
	}
	return len(d.text)
}

// afterColon returns the byte after the colon of a key.
func (d *document) afterColon(key *yaml.Node, flow bool) int {
	end := d.scalarEnd(d.offset(key), key.Column-1, flow)
	if i := strings.IndexByte(d.text[end:], ':'); i >= 0 {
		return end + i + 1
	}
	return len(d.text)
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
			if i > 0 && strings.IndexByte(" \t\r\n", text[i-1]) >= 0 {
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
