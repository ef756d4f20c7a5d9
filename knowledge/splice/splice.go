// Package splice changes values in the text of a YAML file that a person wrote. It
// replaces the lines concerned and no others, so that notes, order, quotation marks,
// folding, blank lines and ends of lines stay as they are. What comes out is parsed
// again and must hold what was meant and nothing else; otherwise there is an error and
// no text. New text is written as a careful person would write it ([File]). The
// package knows nothing of packs.
package splice

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	yaml "go.yaml.in/yaml/v4"

	"footnote/knowledge/strictyaml"
)

// A Path leads from the top of a file to a value: labels of maps (string) and places in
// lists (int, from 0).
type Path []any

// String writes the path for messages: facts[2].answer, with lists counted from 1.
func (p Path) String() string {
	var b strings.Builder
	for _, step := range p {
		switch s := step.(type) {
		case int:
			fmt.Fprintf(&b, "[%d]", s+1)
		default:
			fmt.Fprintf(&b, ".%v", s)
		}
	}
	return strings.TrimPrefix(b.String(), ".")
}

// ErrLayout says that a file is laid out in a way that a program cannot change without
// touching what it should not.
var ErrLayout = errors.New("the place is laid out in a way that a program cannot change without touching other things; change it by hand")

// Read returns what stands in a YAML text: objects, lists and texts. Numbers and dates
// are texts as they are written; nil stands for nothing.
func Read(data []byte) (any, error) {
	d, err := parse(data)
	if err != nil {
		return nil, err
	}
	return decode(d.root), nil
}

// Set puts value in the place of what stands at path: a text, a bool, an Object or a
// []any of these. A label that the map at its place does not have yet is added where
// value's neighbours in order say; nil takes the label, or the entry of a list, away. Of
// objects and lists only what differs is written. Labels that value and the file both
// have stay in the file's order.
func Set(data []byte, path Path, value any) ([]byte, error) {
	d, err := parse(data)
	if err != nil {
		return nil, err
	}
	want, err := put(decode(d.root), path, value)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	p, below := d.descend(path, value)
	return d.to(p, valueAt(want, below), want)
}

// Insert adds values to the list at path, before the entry at the given place (from 0),
// or at its end where that is negative or past it.
func Insert(data []byte, path Path, at int, values ...any) ([]byte, error) {
	d, err := parse(data)
	if err != nil {
		return nil, err
	}
	now := decode(d.root)
	list, ok := valueAt(now, path).([]any)
	if !ok {
		return nil, fmt.Errorf("%s is no list", path)
	}
	if at < 0 || at > len(list) {
		at = len(list)
	}
	list = slices.Insert(slices.Clone(list), at, values...)
	want, err := put(now, path, list)
	if err != nil {
		return nil, err
	}
	p, below := d.descend(path, list)
	return d.to(p, valueAt(want, below), want)
}

// InsertText adds an entry to the end of the list at path as it is written, notes
// included: lines of YAML that begin with a dash at their left edge.
func InsertText(data []byte, path Path, entry string) ([]byte, error) {
	d, err := parse(data)
	if err != nil {
		return nil, err
	}
	one, err := Read([]byte(entry))
	if err != nil {
		return nil, err
	}
	added, ok := one.([]any)
	now := decode(d.root)
	list, isList := valueAt(now, path).([]any)
	if !ok || len(added) != 1 || !isList && valueAt(now, path) != nil {
		return nil, ErrLayout
	}
	list = append(slices.Clone(list), added[0])
	want, err := put(now, path, list)
	if err != nil {
		return nil, err
	}
	d.entry = entry
	p, below := d.descend(path, list)
	return d.to(p, valueAt(want, below), want)
}

// descend follows path as far as something stands there. Of what goes, and of what is
// not there yet, that is where it stands or would stand.
func (d *document) descend(path Path, value any) (place, Path) {
	p := place{node: d.root, indent: -2}
	if value == nil && len(path) > 0 {
		path = path[:len(path)-1]
	}
	for n, step := range path {
		i := -1
		switch s := step.(type) {
		case string:
			if p.node.Kind == yaml.MappingNode {
				i = keyIndex(p.node, s)
			}
		case int:
			if p.node.Kind == yaml.SequenceNode && s >= 0 && s < len(p.node.Content) {
				i = s
			}
		}
		if i < 0 {
			return p, path[:n]
		}
		if p.node.Kind == yaml.MappingNode {
			p = d.value(p, i)
		} else {
			p = d.item(p, i)
		}
		if p.node.Style&yaml.FlowStyle != 0 && !p.flow {
			return p, path[:n+1] // brackets are changed as a whole
		}
	}
	return p, path
}

// to changes what stands at a place to value, so that the text holds want.
func (d *document) to(p place, value, want any) ([]byte, error) {
	if err := d.change(p, value); err != nil {
		return nil, err
	}
	out := d.applied()
	again, err := parse(out)
	if err != nil || !same(decode(again.root), want) {
		return nil, ErrLayout
	}
	return out, nil
}

// parse reads a text.
func parse(data []byte) (*document, error) {
	var rep strictyaml.Report
	n := strictyaml.Parse("the file", data, &rep)
	if n == nil || rep.Errors() > 0 {
		for _, p := range rep.Problems() {
			if p.Severity == strictyaml.Error {
				return nil, fmt.Errorf("the file cannot be changed before it is correct: line %d: %s", p.Line, p.Message)
			}
		}
		return nil, errors.New("the file cannot be read")
	}
	text, marked := strings.CutPrefix(string(data), byteOrderMark)
	d := &document{text: text, root: n.YAML(), lines: lineStarts(text), eol: "\n"}
	if marked {
		d.mark = byteOrderMark
	}
	if strings.Contains(text, "\r\n") {
		d.eol = "\r\n"
	}
	return d, unique(d.root)
}

// unique refuses maps in which a label stands twice.
func unique(n *yaml.Node) error {
	if n.Kind == yaml.MappingNode {
		seen := map[string]bool{}
		for i := 0; i < len(n.Content); i += 2 {
			key := n.Content[i]
			if key.Kind != yaml.ScalarNode || seen[key.Value] {
				return fmt.Errorf("the file cannot be changed before it is correct: line %d: the label %s stands twice or is no word", key.Line, strictyaml.Quote(key.Value))
			}
			seen[key.Value] = true
		}
	}
	for _, c := range n.Content {
		if err := unique(c); err != nil {
			return err
		}
	}
	return nil
}

// decode returns what a node holds.
func decode(n *yaml.Node) any {
	switch n.Kind {
	case yaml.MappingNode:
		o := Object{}
		for i := 0; i+1 < len(n.Content); i += 2 {
			o = append(o, Member{n.Content[i].Value, decode(n.Content[i+1])})
		}
		return o
	case yaml.SequenceNode:
		list := make([]any, len(n.Content))
		for i, c := range n.Content {
			list[i] = decode(c)
		}
		return list
	}
	if nothing(n) {
		return nil
	}
	return n.Value
}

// nothing reports whether a node stands for nothing, as strictyaml has it.
func nothing(n *yaml.Node) bool {
	return n.Kind == yaml.ScalarNode && n.Tag == "!!null" && n.Value != "Null" && n.Value != "NULL"
}

// valueAt returns what stands at a path, or nil.
func valueAt(v any, path Path) any {
	for _, step := range path {
		switch s := step.(type) {
		case string:
			o, _ := v.(Object)
			v = o.Get(s)
		case int:
			list, _ := v.([]any)
			if s < 0 || s >= len(list) {
				return nil
			}
			v = list[s]
		}
	}
	return v
}

// put returns v with value at path.
func put(v any, path Path, value any) (any, error) {
	if len(path) == 0 {
		return value, nil
	}
	switch step := path[0].(type) {
	case string:
		o, ok := v.(Object)
		if !ok && v != nil {
			return nil, fmt.Errorf("%s stands where a map would have to stand", kindOf(v))
		}
		below, err := put(o.Get(step), path[1:], value)
		switch i := slices.IndexFunc(o, func(m Member) bool { return m.Key == step }); {
		case err != nil:
			return nil, err
		case below == nil && i >= 0:
			return slices.Delete(slices.Clone(o), i, i+1), nil
		case below == nil:
			return o, nil
		case i >= 0:
			o = slices.Clone(o)
			o[i].Value = below
			return o, nil
		default:
			return append(slices.Clone(o), Member{step, below}), nil
		}
	case int:
		list, ok := v.([]any)
		if !ok || step < 0 || step >= len(list) {
			return nil, errors.New("there is no such entry")
		}
		below, err := put(list[step], path[1:], value)
		if err != nil {
			return nil, err
		}
		list = slices.Clone(list)
		if below == nil {
			return slices.Delete(list, step, step+1), nil
		}
		list[step] = below
		return list, nil
	}
	return nil, fmt.Errorf("%v is no step of a path", path[0])
}

func kindOf(v any) string {
	switch v.(type) {
	case Object:
		return "a map"
	case []any:
		return "a list"
	}
	return "a text"
}

// same reports whether two values are the same; the order of labels is of no account.
func same(a, b any) bool {
	switch x := a.(type) {
	case Object:
		y, ok := b.(Object)
		if !ok || len(x) != len(y) {
			return false
		}
		for _, m := range x {
			if !y.Has(m.Key) || !same(m.Value, y.Get(m.Key)) {
				return false
			}
		}
		return true
	case []any:
		y, ok := b.([]any)
		return ok && slices.EqualFunc(x, y, same)
	case bool:
		return fmt.Sprint(x) == fmt.Sprint(b)
	}
	if t, ok := b.(bool); ok {
		b = fmt.Sprint(t)
	}
	return a == b
}
