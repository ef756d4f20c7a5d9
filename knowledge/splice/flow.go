package splice

import (
	"strings"
	"unicode/utf8"

	yaml "go.yaml.in/yaml/v4"
)

// changeFlow changes what stands between brackets. What would become too long for a
// line, and is no list of short texts, gets lines of its own.
func (d *document) changeFlow(p place, want any) error {
	if !p.flow && d.tooLong(p, want) && !annotated(p.node) {
		return d.replace(p, want)
	}
	switch w := want.(type) {
	case Object:
		return d.changeFlowMap(p, w)
	case []any:
		return d.changeFlowList(p, w)
	}
	return ErrLayout
}

// tooLong reports whether a map, or a list of other than texts, is too long for a line.
func (d *document) tooLong(p place, want any) bool {
	if list, ok := want.([]any); ok {
		texts := true
		for _, x := range list {
			_, isText := x.(string)
			texts = texts && isText
		}
		if texts {
			return false
		}
	}
	start := d.offset(p.node)
	if strings.Contains(d.text[start:d.end(p)], "\n") {
		return false
	}
	column := utf8.RuneCountInString(d.text[d.lineStart(start):start])
	return column+utf8.RuneCountInString(d.writer().flow(want)) > maxFlowLine
}

// changeFlowMap changes the values of a map between brackets.
func (d *document) changeFlowMap(p place, want Object) error {
	last := -1 // the value after which a new label is put
	for _, m := range want {
		i := keyIndex(p.node, m.Key)
		if i >= 0 {
			last = i
			if err := d.change(d.value(p, i), m.Value); err != nil {
				return err
			}
			continue
		}
		text := d.writer().label(m.Key) + ": " + d.writer().flow(m.Value)
		if last < 0 || !want.Has(p.node.Content[2*last].Value) {
			last = 0
			for !want.Has(p.node.Content[2*last].Value) { // there is one, or it would be replaced
				last++
			}
		}
		end := d.valueEnd(p, last)
		d.edits = append(d.edits, edit{end, end, ", " + text})
	}
	n := len(p.node.Content) / 2
	for i := range n {
		if want.Has(p.node.Content[2*i].Value) {
			continue
		}
		var next *yaml.Node
		if i+1 < n {
			next = p.node.Content[2*i+2]
		}
		d.removeFlow(d.offset(p.node.Content[2*i]), d.valueEnd(p, i), next, i > 0)
	}
	return nil
}

// removeFlow takes what stands between brackets from start to end away, with the comma
// that sets it apart.
func (d *document) removeFlow(start, end int, next *yaml.Node, before bool) {
	switch {
	case next != nil:
		end = d.offset(next)
	case before:
		start = len(strings.TrimRight(d.text[:start], " \t\r\n"))
		if strings.HasSuffix(d.text[:start], ",") {
			start--
		}
	}
	d.edits = append(d.edits, edit{start, end, ""})
}

// changeFlowList changes the entries of a list between brackets.
func (d *document) changeFlowList(p place, want []any) error {
	if len(want) == 0 {
		return d.replace(p, want)
	}
	steps := pairs(p.node, want)
	n := len(p.node.Content)
	start := d.offset(p.node)
	_, last := flowEnd(d.text, start)
	width := utf8.RuneCountInString(d.text[d.lineStart(last):last])
	comma := strings.HasSuffix(d.text[:last], ",") // a comma may stand behind the last
	removed, before := 0, len(d.edits)
	for _, s := range steps {
		switch {
		case s.old < 0:
			text := d.flowItem(p, s.value)
			if s.before == 0 {
				at := d.offset(p.node.Content[0])
				d.edits = append(d.edits, edit{at, at, text + ", "})
				continue
			}
			at, sep := d.end(d.item(p, s.before-1)), ", "
			if s.before == n {
				at = last
				if comma {
					sep, comma = " ", false
				}
			}
			if width += len(sep) + utf8.RuneCountInString(text); width > maxFlowLine {
				in := utf8.RuneCountInString(d.text[d.lineStart(start):start]) + 1
				sep = strings.TrimRight(sep, " ") + "\n" + strings.Repeat(" ", in)
				width = in + utf8.RuneCountInString(text)
			}
			d.edits = append(d.edits, edit{at, at, sep + text})
		case s.gone:
			removed++
			var next *yaml.Node
			if s.old+1 < n {
				next = p.node.Content[s.old+1]
			}
			d.removeFlow(d.offset(p.node.Content[s.old]), d.end(d.item(p, s.old)), next, s.old > 0)
		default:
			if err := d.change(d.item(p, s.old), s.value); err != nil {
				return err
			}
		}
	}
	if removed == n || removed > 1 {
		d.edits = d.edits[:before] // commas of neighbours that go together: write the list anew
		return d.rewriteFlow(p, want)
	}
	return nil
}

// rewriteFlow writes a list between brackets anew.
func (d *document) rewriteFlow(p place, want any) error {
	if annotated(p.node) {
		return ErrLayout
	}
	d.edits = append(d.edits, edit{d.offset(p.node), d.end(p), d.writer().flow(want)})
	return nil
}

// flowItem writes an entry for a list between brackets, as the others are written.
func (d *document) flowItem(p place, value any) string {
	if s, ok := value.(string); ok && d.quotes(p) {
		return doubleQuoted(s)
	}
	return d.writer().flow(value)
}
