package strictyaml

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	yaml "go.yaml.in/yaml/v4"
)

// tree is what the nodes of one file share.
type tree struct {
	file    string
	rep     *Report
	foreign bool    // another program wrote it
	cleaned cleaned // what was taken out of a foreign file
}

// A Node is a value in a parsed file: a text, a list or a map. All methods may be
// called on a nil Node: it stands for something that is not there, and yields
// zero values without a problem.
type Node struct {
	t    *tree
	y    *yaml.Node
	path string
}

// vet reports whether the file does without the parts of YAML that our formats
// have no use for; each is an error. Aliases are never followed, so that a "YAML
// bomb" costs nothing.
func (t *tree) vet(y *yaml.Node, path string) bool {
	n := &Node{t: t, y: y, path: path}
	switch {
	case y.Kind == yaml.AliasNode:
		n.Errorf("*%s refers to another place; write the text out here, or put a text that begins with * in quotes", clip(y.Value))
		return false
	case y.Anchor != "":
		n.Errorf("&%s names a place for reuse, which is not supported; delete it, or put a text that begins with & in quotes", clip(y.Anchor))
		return false
	case y.Style&yaml.TaggedStyle != 0 && y.Tag != "!!str":
		n.Errorf("%s is a YAML tag, which is not supported; delete it, or put a text that begins with ! in quotes", clip(y.Tag))
		return false
	case y.Kind == yaml.ScalarNode && t.foreign:
		t.cleanText(n)
	case y.Kind == yaml.ScalarNode && strings.ContainsFunc(y.Value, control):
		at := strings.IndexFunc(y.Value, control)
		r, _ := utf8.DecodeRuneInString(y.Value[at:])
		n.Errorf("this text holds a control character (U+%04X), which would end up in people's terminals and files; delete it", r)
		return false
	}
	ok := true
	for i, c := range y.Content {
		p := path
		if y.Kind == yaml.MappingNode {
			if i%2 == 1 {
				p = join(path, y.Content[i-1].Value)
			}
		} else {
			p = fmt.Sprintf("%s[%d]", path, i+1)
		}
		ok = t.vet(c, p) && ok
	}
	return ok
}

// control reports whether r is a control character other than those of lines (U+0085 is one)
// and columns.
func control(r rune) bool { return unicode.IsControl(r) && r != '\n' && r != '\t' && r != 0x85 }

func clip(s string) string { return strings.Trim(Quote(s), `"`) }

func join(path, key string) string {
	key = clip(key)
	if path == "" {
		return key
	}
	return path + "." + key
}

// File returns the name of the file as it is shown in problems.
func (n *Node) File() string {
	if n == nil {
		return ""
	}
	return n.t.file
}

// Place returns the file, the line and the column where the node stands; the zero Place of a nil node.
func (n *Node) Place() Place {
	return Place{File: n.File(), Line: n.Line(), Column: n.Column()}
}

// Line returns the line on which the node stands, from 1; 0 of a nil node.
func (n *Node) Line() int {
	if n == nil {
		return 0
	}
	return n.y.Line
}

// Column returns the column in which the node begins, from 1, in characters; 0 of a nil node.
func (n *Node) Column() int {
	if n == nil {
		return 0
	}
	return n.y.Column
}

// Path returns the keys and numbers that lead to the node, e.g. facts[3].answer.
func (n *Node) Path() string {
	if n == nil {
		return ""
	}
	return n.path
}

// At returns the same node under another path, for paths that name an id
// instead of a number.
func (n *Node) At(path string) *Node {
	if n == nil {
		return nil
	}
	c := *n
	c.path = path
	return &c
}

// Errorf adds an error at the node. It does nothing on a nil node.
func (n *Node) Errorf(format string, args ...any) { n.add(Error, format, args) }

// Warnf adds a warning at the node. It does nothing on a nil node.
func (n *Node) Warnf(format string, args ...any) { n.add(Warning, format, args) }

func (n *Node) add(sev Severity, format string, args []any) {
	if n == nil {
		return
	}
	n.t.rep.Add(Problem{Severity: sev, File: n.t.file, Line: n.y.Line, Column: n.y.Column,
		Path: n.path, Message: fmt.Sprintf(format, args...)})
}

// null reports whether nothing stands here. YAML takes Null and NULL for nothing
// too; to us they are somebody's name.
func (n *Node) null() bool {
	return n.y.Kind == yaml.ScalarNode && n.y.Tag == "!!null" && n.y.Value != "Null" && n.y.Value != "NULL"
}

// IsMap reports whether the node is a map.
func (n *Node) IsMap() bool { return n != nil && n.y.Kind == yaml.MappingNode }

// IsList reports whether the node is a list.
func (n *Node) IsList() bool { return n != nil && n.y.Kind == yaml.SequenceNode }

// IsText reports whether the node is a single value; an unquoted number, date or
// yes/no counts as a text.
func (n *Node) IsText() bool { return n != nil && n.y.Kind == yaml.ScalarNode && !n.null() }

// Describe says what kind of thing the node is, for messages: "a list", "the
// number 12".
func (n *Node) Describe() string {
	switch {
	case n == nil || n.y.Kind == 0 || n.null():
		return "nothing"
	case n.y.Kind == yaml.MappingNode:
		return "a map (key: value)"
	case n.y.Kind == yaml.SequenceNode:
		return "a list"
	}
	switch n.y.Tag {
	case "!!int", "!!float":
		return "the number " + clip(n.y.Value)
	case "!!bool":
		return "the word " + clip(n.y.Value)
	}
	return "a text"
}

func (n *Node) expected(want string) {
	n.Errorf("expected %s, found %s", want, n.Describe())
}

// Text returns the node's text exactly as written. What YAML would take for a
// number, a date or a truth value is a text too when it is written without
// quotation marks (1956, 1956-02-25, no), since that is what its author meant.
func (n *Node) Text() string {
	if n == nil {
		return ""
	}
	if !n.IsText() {
		if s := n.asText(); s != "" {
			n.Errorf(`a colon and a space stand in this text, so that it is no text any more; put it in quotes: "%s"`, clip(s))
			return ""
		}
		n.expected("a text")
		return ""
	}
	if c := n.y.LineComment; n.y.Style == 0 && len(c) > 1 && c[0] == '#' && c[1] != ' ' && c[1] != '#' && c[1] != '!' {
		n.Warnf("the text ends before %s, because # after a space begins a comment; put the text in quotes if that belongs to it", Quote(c))
	}
	if n.y.Style == 0 && inTypographicMarks(n.y.Value) {
		n.Warnf("the whole text stands in %s, which people will see; take the marks off, or write straight ones, which YAML takes off itself", n.y.Value[:len("“")]+" "+n.y.Value[len(n.y.Value)-len("”"):])
	}
	return n.y.Value
}

// inTypographicMarks reports whether a text is quoted as a whole, with marks that word
// processors put in place of straight ones.
func inTypographicMarks(s string) bool {
	for _, pair := range [...][2]string{{"“", "”"}, {"„", "“"}, {"„", "”"}, {"”", "”"}, {"‘", "’"}} {
		if inner, ok := strings.CutPrefix(s, pair[0]); ok && strings.HasSuffix(inner, pair[1]) {
			return !strings.ContainsAny(strings.TrimSuffix(inner, pair[1]), "“”„‘")
		}
	}
	return false
}

// asText is the text that a map of one entry was meant to be, as "What happened: the siege";
// empty for anything else.
func (n *Node) asText() string {
	if c := n.y.Content; n.y.Kind == yaml.MappingNode && n.y.Style&yaml.FlowStyle == 0 && len(c) == 2 && c[0].Kind == yaml.ScalarNode && c[1].Kind == yaml.ScalarNode && strings.Contains(c[0].Value, " ") {
		return c[0].Value + ": " + c[1].Value
	}
	return ""
}

// NonEmpty returns the Text, trimmed, which must hold more than white space.
func (n *Node) NonEmpty() string {
	if n == nil {
		return ""
	}
	s := strings.TrimSpace(n.Text())
	if s == "" && n.IsText() {
		n.Errorf("the text is empty; fill it in or delete the key")
	}
	return s
}

// Bounded returns the NonEmpty text, which may have at most limit characters.
func (n *Node) Bounded(limit int) string {
	s := n.NonEmpty()
	if c := utf8.RuneCountInString(s); c > limit {
		n.Errorf("the text has %d characters; at most %d are allowed", c, limit)
	}
	return s
}

// OneOf returns the NonEmpty text, which must be one of known; "" if it is not.
func (n *Node) OneOf(known ...string) string {
	s := n.NonEmpty()
	if n == nil || s == "" {
		return s
	}
	if slices.Contains(known, s) {
		return s
	}
	meant := ""
	if k := n.suggest(s, known); k != "" {
		meant = fmt.Sprintf(" (did you mean %s?)", k)
	}
	n.Errorf("%s is not known here%s; one of %s", Quote(s), meant, strings.Join(known, ", "))
	return ""
}

// DidYouMean returns "; did you mean X?" for the end of a message on word, or ""
// if none of known is near. It is "" as well where further problems are only
// counted: comparing with thousands of ids is worth it only for a message that
// will be shown.
func (n *Node) DidYouMean(word string, known []string) string {
	if k := n.suggest(word, known); k != "" {
		return "; did you mean " + k + "?"
	}
	return ""
}

// suggest is [Suggest] for a message on n, if that message will be shown.
func (n *Node) suggest(word string, known []string) string {
	if n == nil || n.t.rep.Full() {
		return ""
	}
	return Suggest(word, known)
}

// List returns the entries of a list. Anything else is a problem that names what
// the entries should be, e.g. "texts".
func (n *Node) List(what string) []*Node {
	if n == nil {
		return nil
	}
	if n.y.Kind != yaml.SequenceNode {
		if n.IsText() {
			l := newSourceLine(n.y.Value)
			if s, ok := l.dashSlip(nil, nil); ok {
				n.Errorf("%s", s.message)
				return nil
			}
			what += ", each on its own line after a dash"
		}
		n.expected("a list of " + what)
		return nil
	}
	out := make([]*Node, len(n.y.Content))
	for i, c := range n.y.Content {
		out[i] = &Node{t: n.t, y: c, path: fmt.Sprintf("%s[%d]", n.path, i+1)}
	}
	return out
}

// YAML returns the node of the library that parsed the file, with its place. Nobody
// may change it.
func (n *Node) YAML() *yaml.Node {
	if n == nil {
		return nil
	}
	return n.y
}
