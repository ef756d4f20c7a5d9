package strictyaml

import (
	"bytes"
	"strings"
	"unicode/utf8"

	yaml "go.yaml.in/yaml/v4"
	"golang.org/x/text/encoding/charmap"
)

// cleaned tells where control characters were taken out of a file: the first place,
// and in how many texts.
type cleaned struct {
	line, column int
	path         string
	texts        int
}

// add counts a text that is cleaned.
func (c *cleaned) add(line, column int, path string) {
	if c.texts == 0 {
		c.line, c.column, c.path = line, column, path
	}
	c.texts++
}

// tellCleaned warns of what was taken out, once for the whole file.
func (t *tree) tellCleaned() {
	c := t.cleaned
	if c.texts == 0 {
		return
	}
	(&Node{t: t, y: &yaml.Node{Line: c.line, Column: c.column}, path: c.path}).Warnf("control characters stand in %d texts of this file, first here; they are left out", c.texts)
}

// cleanFile takes out what no YAML file may hold.
func (t *tree) cleanFile(data []byte) []byte {
	if off, _ := badByte(data); off < 0 || !utf8.Valid(data) {
		return data
	}
	var out bytes.Buffer
	for i, line := range bytes.Split(data, []byte("\n")) {
		before := strings.TrimSuffix(string(line), "\r")
		text := clean(before)
		if text != before {
			t.cleaned.add(i+1, 1, "")
		}
		if i > 0 {
			out.WriteByte('\n')
		}
		out.WriteString(text)
	}
	return out.Bytes()
}

// cleanText takes control characters out of a text of a file, where they were
// written in some other way, such as \u0007.
func (t *tree) cleanText(n *Node) {
	if !strings.ContainsFunc(n.y.Value, control) {
		return
	}
	before := strings.ReplaceAll(n.y.Value, "\r\n", "\n")
	if n.y.Value = clean(before); n.y.Value != strings.ReplaceAll(before, "\r", "\n") {
		t.cleaned.add(n.y.Line, n.y.Column, n.path)
	}
}

// clean returns s without control characters. A carriage return is an end of a line,
// and what Windows-1252 has in the place of a control character is most likely meant:
// a dash for U+0097.
func clean(s string) string {
	s = strings.ReplaceAll(s, "\r\n", "\n")
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\r':
			return '\n'
		case r == 0xfeff || r == 0xfffe || r == 0xffff: // marks of byte order
			return -1
		case !control(r):
			return r
		case r >= 0x80 && r < 0xa0:
			if c := charmap.Windows1252.DecodeByte(byte(r)); !control(c) {
				return c
			}
		}
		return -1
	}, s)
}
