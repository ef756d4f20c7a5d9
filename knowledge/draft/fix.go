package draft

import (
	"bytes"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/text/unicode/norm"

	"footnote/knowledge"
	"footnote/knowledge/strictyaml"
)

// What is corrected without asking is what no curator would answer otherwise:
// blanks at the ends of lines, characters that nobody sees, letters and accents
// that are composed in two ways, the same word twice in a list. The edits are made
// in the text, so that notes and layout stay as they are, and none is kept that
// changes what a reader sees of any entry.

// A Fixed is what was corrected in one file.
type Fixed struct {
	File  string   `json:"file"`
	Fixes []string `json:"fixes"` // e.g. "blanks at the end of 3 lines"
}

// Fix corrects what is mechanical in the packs in dirs, each a pack or a folder of
// packs, and returns what it changed. eval.yaml is left alone: its questions may
// be odd on purpose. Files that cannot be parsed are left alone as well.
func Fix(dirs ...string) ([]Fixed, error) {
	var out []Fixed
	for _, dir := range dirs {
		for _, pack := range knowledge.PackFolders(dir) {
			fixed, err := fixPack(pack)
			out = append(out, fixed...)
			if err != nil {
				return out, err
			}
		}
	}
	return out, nil
}

// fixPack corrects the files of one pack.
func fixPack(dir string) ([]Fixed, error) {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, err
	}
	defer root.Close()
	var out []Fixed
	for _, pattern := range []string{"pack.yaml", "sources.yaml", "sources/*.yaml", "facts.yaml", "facts/*.yaml", "unanswered.yaml"} {
		names, err := fs.Glob(root.FS(), pattern)
		if err != nil {
			return out, err
		}
		for _, name := range names {
			var rep strictyaml.Report
			shown := filepath.Join(dir, filepath.FromSlash(name))
			node, data := strictyaml.ReadFile(root.FS(), name, shown, &rep)
			if node == nil {
				continue // loading says why
			}
			text, fixes := fixText(shown, data)
			if len(fixes) == 0 {
				continue
			}
			if err := replaceIn(root, name, text); err != nil {
				return out, fmt.Errorf("%s cannot be written: %w", shown, strictyaml.Cause(err))
			}
			out = append(out, Fixed{shown, fixes})
		}
	}
	return out, nil
}

// fixText returns data corrected, and what was corrected.
func fixText(name string, data []byte) (fixed []byte, fixes []string) {
	// accept takes next in place of data if it means the same: same is what may differ
	// of a text, gone how many texts may be missing.
	accept := func(next []byte, n int, one, several string, same func(string) string, gone int) {
		if n == 0 {
			return
		}
		var rep strictyaml.Report
		node := strictyaml.Parse(name, next, &rep)
		if node == nil {
			return
		}
		before, after := values(strictyaml.Parse(name, data, &rep), same), values(node, same)
		if gone == 0 && !slices.Equal(before, after) || len(before)-len(after) != gone {
			return
		}
		what := fmt.Sprintf(several, n)
		if n == 1 {
			what = one
		}
		data, fixes = next, append(fixes, what)
	}
	next, n := trimLines(data)
	accept(next, n, "blanks at the end of a line", "blanks at the end of %d lines", trimmedText, 0)
	next, n = dropUnseen(data)
	accept(next, n, "an invisible character", "%d invisible characters", seenText, 0)
	if !norm.NFC.IsNormal(data) {
		accept(norm.NFC.Bytes(data), 1, "letters and their accents composed (NFC)", "", norm.NFC.String, 0)
	}
	next, n = dropRepeated(name, data)
	accept(next, n, "an entry that stood twice", "%d entries that stood twice", nil, n)
	return data, fixes
}

// trimLines takes blanks off the ends of lines and gives the last its end.
func trimLines(data []byte) (out []byte, n int) {
	for line := range bytes.Lines(data) {
		end := "\n"
		switch {
		case bytes.HasSuffix(line, []byte("\r\n")):
			end = "\r\n"
		case !bytes.HasSuffix(line, []byte("\n")):
			n++
			if bytes.Contains(data, []byte("\r\n")) {
				end = "\r\n"
			}
		}
		text := bytes.TrimRight(line, "\r\n")
		short := bytes.TrimRight(text, " \t")
		if len(short) < len(text) {
			n++
		}
		out = append(append(out, short...), end...)
	}
	return out, n
}

// trimmedText returns s without blanks at the ends of its lines.
func trimmedText(s string) string {
	lines := strings.Split(s, "\n")
	for i, l := range lines {
		lines[i] = strings.TrimRight(l, " \t\r")
	}
	return strings.TrimSpace(strings.Join(lines, "\n"))
}

// dropUnseen returns data without its invisible characters. Replacement characters
// stay, of which the loader warns as well: a person must say what stood there.
func dropUnseen(data []byte) (out []byte, n int) {
	out = bytes.Map(func(r rune) rune {
		if knowledge.Invisible(r) {
			n++
			return -1
		}
		return r
	}, data)
	return out, n
}

// seenText returns s as a reader sees it: without invisible characters and blanks at
// the ends of lines.
func seenText(s string) string {
	s = strings.Map(func(r rune) rune {
		if knowledge.Invisible(r) {
			return -1
		}
		return r
	}, s)
	return trimmedText(s)
}

// values returns the texts of a tree with their paths, in the order of the file.
// same changes each first; nil leaves it as it is.
func values(n *strictyaml.Node, same func(string) string) []string {
	var out []string
	var walk func(n *strictyaml.Node, path string)
	walk = func(n *strictyaml.Node, path string) {
		switch {
		case n.IsMap():
			m := n.AnyMap("")
			for _, k := range m.Keys() {
				walk(m.Get(k), path+"."+k)
			}
		case n.IsList():
			for _, x := range n.List("") {
				walk(x, path+"[]")
			}
		case n.IsText():
			s := n.Text()
			if same != nil {
				s = same(s)
			}
			out = append(out, path+"="+s)
		default:
			out = append(out, path)
		}
	}
	walk(n, "")
	return out
}

// dropRepeated deletes the lines of entries that stand twice in one list of a
// fact. Only an entry that has a line for itself goes: where several stand on one
// line, a person does it better.
func dropRepeated(name string, data []byte) (out []byte, n int) {
	var rep strictyaml.Report
	node := strictyaml.Parse(name, data, &rep)
	if !node.IsMap() || !node.AnyMap("").Get("facts").IsList() {
		return data, 0
	}
	lines := slices.Collect(bytes.Lines(data))
	drop := map[int]bool{} // from 1
	list := func(n *strictyaml.Node, key func(string) string) {
		seen := map[string]bool{}
		for _, c := range n.List("") {
			if !c.IsText() {
				continue
			}
			k := key(strings.TrimSpace(c.Text()))
			if k != "" && seen[k] && aloneOnLine(lines, c) {
				drop[c.Line()] = true
			}
			seen[k] = true
		}
	}
	for _, f := range node.AnyMap("").Get("facts").List("") {
		if !f.IsMap() {
			continue
		}
		m := f.AnyMap("")
		for _, key := range []string{"topics", "keywords", "people", "related"} {
			if l := m.Get(key); l.IsList() {
				list(l, func(s string) string { return s })
			}
		}
		q := m.Get("questions")
		switch {
		case q.IsList():
			list(q, knowledge.QuestionKey)
		case q.IsMap():
			byLang := q.AnyMap("")
			for _, lang := range byLang.Keys() {
				if l := byLang.Get(lang); l.IsList() {
					list(l, knowledge.QuestionKey)
				}
			}
		}
	}
	for i, line := range lines {
		if !drop[i+1] {
			out = append(out, line...)
		}
	}
	return out, len(drop)
}

// aloneOnLine reports whether an entry of a list has exactly one line and shares
// it with nothing, a note included.
func aloneOnLine(lines [][]byte, c *strictyaml.Node) bool {
	line := string(lines[c.Line()-1])
	text := strings.TrimLeft(line, " ")
	indent := len(line) - len(text)
	if !strings.HasPrefix(text, "- ") || strings.Contains(text, " #") || []rune(text)[2] == '|' || []rune(text)[2] == '>' {
		return false
	}
	if c.Line() < len(lines) {
		next := string(lines[c.Line()])
		if rest := strings.TrimLeft(next, " "); strings.TrimSpace(rest) != "" && len(next)-len(rest) > indent {
			return false // the text goes on
		}
	}
	return true
}
