package splice

import (
	"slices"
	"strings"
	"unicode/utf8"

	yaml "go.yaml.in/yaml/v4"
)

// maxFlowLine is how many columns a line may have before what stands in brackets goes
// on in the next, or becomes lines of its own.
const maxFlowLine = 120

// change makes the edits after which a place holds want.
func (d *document) change(p place, want any) error {
	if same(decode(p.node), want) {
		return nil
	}
	switch w := want.(type) {
	case Object:
		if p.node.Kind != yaml.MappingNode || !inCommon(p.node, w) {
			return d.replace(p, want)
		}
		if p.node.Style&yaml.FlowStyle != 0 {
			return d.changeFlow(p, want)
		}
		return d.changeMap(p, w)
	case []any:
		if p.node.Kind != yaml.SequenceNode || len(p.node.Content) == 0 || len(w) == 0 {
			return d.replace(p, want)
		}
		if p.node.Style&yaml.FlowStyle != 0 {
			return d.changeFlow(p, want)
		}
		return d.changeList(p, w)
	case string:
		if p.node.Kind == yaml.ScalarNode {
			d.changeText(p, w)
			return nil
		}
	}
	return d.replace(p, want)
}

// inCommon reports whether a map has a label that it is to keep.
func inCommon(n *yaml.Node, want Object) bool {
	return slices.ContainsFunc(want, func(m Member) bool { return keyIndex(n, m.Key) >= 0 })
}

// replace writes the whole value anew. Notes inside it would be lost, so that is
// refused; one behind it goes to a line above.
func (d *document) replace(p place, want any) error {
	if p.flow {
		d.edits = append(d.edits, edit{d.offset(p.node), d.end(p), d.writer().flow(want)})
		return nil
	}
	if empty, isList := want.([]any); annotated(p.node) && (!isList || len(empty) > 0) {
		return ErrLayout
	}
	if p.indent < 0 {
		return ErrLayout // the whole file
	}
	start, end := d.offset(p.node), d.end(p)
	tail := strings.TrimSpace(d.text[end:d.lineEnd(end)])
	if d.text[start:end] == "" {
		start = d.back(start)
		end = max(start, end)
	}
	// From after the colon or dash: the new value may begin on the next line.
	from := len(strings.TrimRight(d.text[:start], " \t\r\n"))
	if strings.Contains(d.text[from:start], "#") {
		return ErrLayout
	}
	w := d.writer()
	w.value(p.key, want, p.indent)
	text := strings.TrimSuffix(w.String(), "\n")
	if d.entry != "" {
		text = "\n" + strings.TrimSuffix(d.entryAt(p.indent+2), "\n")
	}
	if d.text[from-1] == '-' { // an entry of a list
		w := d.writer()
		w.item(want, p.indent)
		text = strings.TrimSuffix(w.String()[p.indent+1:], "\n")
	}
	d.edits = append(d.edits, edit{from, d.lineEnd(end), text})
	if tail != "" {
		at := d.lineStart(from)
		d.edits = append(d.edits, edit{at, at, strings.Repeat(" ", p.indent) + tail + "\n"})
	}
	return nil
}

// back returns start without the blanks before it on its line.
func (d *document) back(start int) int {
	return d.lineStart(start) + len(strings.TrimRight(d.text[d.lineStart(start):start], " \t"))
}

// annotated reports whether notes stand inside a list or map.
func annotated(n *yaml.Node) bool {
	if n.Kind == yaml.ScalarNode {
		return false
	}
	for i, c := range n.Content {
		if c.HeadComment != "" || c.FootComment != "" || c.LineComment != "" && (i+1 < len(n.Content) || n.Style&yaml.FlowStyle != 0) || annotated(c) {
			return true
		}
	}
	return false
}

// writer returns a writer for new text.
func (d *document) writer() *writer { return &writer{bare: true} }

// changeText puts a text in the place of another, in the manner in which that is
// written.
func (d *document) changeText(p place, s string) {
	start, end := d.offset(p.node), d.end(p)
	old := d.text[start:end]
	if p.flow {
		d.edits = append(d.edits, edit{start, end, d.line(old, s, true)})
		return
	}
	lead := ""
	if old == "" { // nothing stands after the colon or dash
		start, lead = d.back(start), " "
		end = start
	}
	tail := d.lineEnd(end) // with a note, if there is one
	if old != "" && (old[0] == '|' || old[0] == '>') {
		indicators, _, _ := strings.Cut(d.text[start:d.lineEnd(start)], " ")
		note := d.text[start+len(indicators) : d.lineEnd(start)]
		text := d.block(old, s, p.indent)
		head, body, isBlock := strings.Cut(text, "\n")
		if isBlock {
			body = "\n" + body
		}
		d.edits = append(d.edits, edit{start, end, head + note + body})
		return
	}
	text := d.line(old, s, false)
	column := utf8.RuneCountInString(d.text[d.lineStart(start):start])
	long := utf8.RuneCountInString(text)+column > yamlWidth
	wasLong := !strings.Contains(old, "\n") && utf8.RuneCountInString(old)+column > yamlWidth
	if (long && !wasLong || literal(s)) && (foldable(s) || literal(s)) {
		head, body, _ := strings.Cut(d.block("", s, p.indent), "\n")
		d.edits = append(d.edits, edit{start, tail, lead + head + d.text[end:tail] + "\n" + body})
		return
	}
	d.edits = append(d.edits, edit{start, end, lead + text})
}

// line writes a text on one line, with the quotation marks that old has.
func (d *document) line(old, s string, flow bool) string {
	w := d.writer()
	switch {
	case old != "" && old[0] == '"':
		return doubleQuoted(s)
	case old != "" && old[0] == '\'' && printable(s):
		return "'" + strings.ReplaceAll(s, "'", "''") + "'"
	case old != "" && old[0] != '|' && old[0] != '>' && otherType.MatchString(old) && bareWord(s, flow):
		return s // such as 12–15 in place of 1e3: the author needs no marks
	}
	return w.scalar(s, flow)
}

// bareWord reports whether a text is safe without quotation marks to our reader.
func bareWord(s string, flow bool) bool {
	safe := plainBlock
	if flow {
		safe = plainFlow
	}
	return safe.MatchString(s) && !strings.HasSuffix(s, " ")
}

// block writes a text below the line of its key. Lines that stay as they are in old are
// kept, so that a word changed at the end does not break all lines anew.
func (d *document) block(old, s string, indent int) string {
	switch {
	case literal(s):
		return "|-\n" + strings.Join(literalLines(s, d.contentIndent(old, indent)), "\n")
	case !foldable(s):
		return d.writer().scalar(s, false)
	}
	in := d.contentIndent(old, indent)
	head, lines := ">-", strings.Split(strings.ReplaceAll(old, "\r\n", "\n"), "\n")
	if old != "" && old[0] == '|' && len(lines) == 2 && utf8.RuneCountInString(s)+in <= yamlWidth {
		return "|-\n" + strings.Repeat(" ", in) + s
	}
	width, kept, rest := yamlWidth, []string{}, s
	if len(lines) > 1 && old[0] == '>' {
		width = 0
		for _, line := range lines[1:] {
			width = max(width, utf8.RuneCountInString(line))
		}
		width = min(max(width, 60), 140)
		if len(lines) < 4 {
			width = max(width, yamlWidth)
		}
		kept, rest = keptLines(lines[1:], s, in)
	}
	if rest != "" {
		kept = append(kept, foldLines(rest, in, width)...)
	}
	return head + "\n" + strings.Join(kept, "\n")
}

// contentIndent returns how deep the lines of a text stand below a key or dash.
func (d *document) contentIndent(old string, indent int) int {
	if _, body, ok := strings.Cut(old, "\n"); ok {
		for line := range strings.Lines(body) {
			if strings.TrimSpace(line) != "" && indentOf(line) > indent && !strings.ContainsAny(strings.SplitN(old, "\n", 2)[0], "123456789") {
				return indentOf(line)
			}
		}
	}
	return max(indent, 0) + 2
}

// keptLines returns the first lines that a folded text has in common with s, and what of
// s comes after them. Not the last of them: what follows may fit onto it.
func keptLines(lines []string, s string, indent int) (kept []string, rest string) {
	rest = s
	for _, line := range lines {
		text := strings.TrimSpace(line)
		after, ok := strings.CutPrefix(rest, text)
		if text == "" || indentOf(line) != indent || !ok || after != "" && after[0] != ' ' {
			break
		}
		kept, rest = append(kept, strings.TrimRight(line, " ")), strings.TrimPrefix(after, " ")
	}
	if rest != "" && len(kept) == len(lines) && len(kept) > 0 {
		last := kept[len(kept)-1]
		return kept[:len(kept)-1], strings.TrimSpace(last) + " " + rest
	}
	return kept, rest
}

// changeMap changes the values of a map whose keys stand on lines of their own.
func (d *document) changeMap(p place, want Object) error {
	after := 0 // the value after which a new label is put
	added := map[int][]Member{}
	for _, m := range want {
		i := keyIndex(p.node, m.Key)
		if i < 0 {
			added[after] = append(added[after], m)
			continue
		}
		after = i
		if err := d.change(d.value(p, i), m.Value); err != nil {
			return err
		}
	}
	n := len(p.node.Content) / 2
	for i := range n {
		if !want.Has(p.node.Content[2*i].Value) {
			if err := d.removeKey(p, i); err != nil {
				return err
			}
		}
	}
	for i := range n {
		if len(added[i]) == 0 {
			continue
		}
		w := d.writer()
		w.object(added[i], p.node.Content[0].Column-1)
		d.insertLines(d.valueEnd(p, i), w.String())
	}
	return nil
}

// keyIndex returns which label of a map is called key, or -1.
func keyIndex(n *yaml.Node, key string) int {
	for i := 0; i+1 < len(n.Content); i += 2 {
		if n.Content[i].Value == key {
			return i / 2
		}
	}
	return -1
}

// valueEnd returns where the i-th value of a map ends; of one that is not there, where
// its colon does.
func (d *document) valueEnd(p place, i int) int {
	v := d.value(p, i)
	return max(d.end(v), d.afterColon(p.node.Content[2*i], v.flow))
}

// insertLines adds lines after the line of a byte.
func (d *document) insertLines(after int, text string) {
	at := d.nextLine(after)
	if at == len(d.text) && d.lineEnd(after) == at && at > 0 { // the last line does not end
		text = "\n" + strings.TrimSuffix(text, "\n")
	}
	d.edits = append(d.edits, edit{at, at, text})
}

// removeKey takes the lines of the i-th label of a map away.
func (d *document) removeKey(p place, i int) error {
	start := d.offset(p.node.Content[2*i])
	if strings.Trim(d.text[d.lineStart(start):start], " ") == "" {
		d.edits = append(d.edits, edit{d.lineStart(start), d.nextLine(d.valueEnd(p, i)), ""})
		return nil
	}
	if i > 0 || len(p.node.Content) < 4 { // something else stands before it on its line
		return ErrLayout
	}
	d.edits = append(d.edits, edit{start, d.offset(p.node.Content[2]), ""})
	return nil
}

// changeList changes the entries of a list that stand on lines of their own.
func (d *document) changeList(p place, want []any) error {
	for _, s := range pairs(p.node, want) {
		switch {
		case s.old < 0:
			if err := d.insertItem(p, s.before, s.value); err != nil {
				return err
			}
		case s.gone:
			if err := d.removeItem(p, s.old); err != nil {
				return err
			}
		default:
			if err := d.change(d.item(p, s.old), s.value); err != nil {
				return err
			}
		}
	}
	return nil
}

// insertItem adds an entry to a list before the one at place i.
func (d *document) insertItem(p place, i int, value any) error {
	indent := p.node.Column - 1
	text := ""
	if d.entry != "" && i == len(p.node.Content) {
		text = d.entryAt(indent)
	} else {
		w := d.writer()
		if s, isText := value.(string); isText && d.quotes(p) && utf8.RuneCountInString(s)+indent <= maxFlowLine {
			w.WriteString(strings.Repeat(" ", indent) + "- " + doubleQuoted(s) + "\n")
		} else {
			w.item(value, indent)
		}
		text = w.String()
	}
	apart := d.apart(p)
	if i == 0 {
		first := d.dash(p, 0)
		if strings.Trim(d.text[d.lineStart(first):first], " ") != "" {
			return ErrLayout
		}
		if apart {
			text += "\n"
		}
		d.edits = append(d.edits, edit{d.lineStart(first), d.lineStart(first), text})
		return nil
	}
	if apart {
		text = "\n" + text
	}
	d.insertLines(d.notesEnd(p, i-1), text)
	return nil
}

// entryAt is the entry that is added as it is written, so deep.
func (d *document) entryAt(indent int) string {
	var b strings.Builder
	for line := range strings.Lines(d.entry) {
		if strings.TrimSpace(line) != "" {
			b.WriteString(strings.Repeat(" ", indent))
		}
		b.WriteString(strings.TrimRight(line, "\r\n") + "\n")
	}
	return b.String()
}

// itemEnd returns where the i-th entry of a list ends.
func (d *document) itemEnd(p place, i int) int { return max(d.end(d.item(p, i)), d.dash(p, i)+1) }

// notesEnd returns where the notes end that follow the i-th entry of a list and, standing deeper than
// its dash, are about it; where there are none, that is where the entry ends.
func (d *document) notesEnd(p place, i int) int {
	end := d.itemEnd(p, i)
	for at := d.nextLine(end); at < len(d.text); at = d.nextLine(at) {
		line := d.text[at:d.lineEnd(at)]
		switch text := strings.TrimLeft(line, " "); {
		case strings.TrimSpace(text) == "":
		case text[0] == '#' && indentOf(line) > p.node.Column-1:
			end = at
		default:
			return end
		}
	}
	return end
}

// quotes reports whether somebody writes the entries of a list in double quotation marks
// even where they need none.
func (d *document) quotes(p place) bool {
	w := d.writer()
	return slices.ContainsFunc(p.node.Content, func(n *yaml.Node) bool {
		return n.Kind == yaml.ScalarNode && n.Style&yaml.DoubleQuotedStyle != 0 && w.plain(n.Value, p.node.Style&yaml.FlowStyle != 0)
	})
}

// apart reports whether blank lines stand between the entries of a list. Of a single
// entry nobody can tell: those of a file stand apart, if they are long.
func (d *document) apart(p place) bool {
	n := len(p.node.Content)
	if n == 1 {
		first := d.lineOf(d.dash(p, 0))
		return p.indent == 0 && d.lineOf(d.itemEnd(p, 0))-first >= 3
	}
	next := d.nextLine(d.notesEnd(p, n-2))
	return next < len(d.text) && strings.TrimSpace(d.text[next:d.lineEnd(next)]) == ""
}

// removeItem takes the lines of the i-th entry of a list away, and the blank ones that
// set it apart.
func (d *document) removeItem(p place, i int) error {
	dash := d.dash(p, i)
	start := d.lineStart(dash)
	if strings.Trim(d.text[start:dash], " ") != "" {
		return ErrLayout
	}
	end := d.nextLine(d.itemEnd(p, i))
	blank := func(from, to int) bool { return from < to && strings.TrimSpace(d.text[from:to]) == "" }
	if i > 0 {
		if from := d.nextLine(d.itemEnd(p, i-1)); blank(from, start) {
			start = from
		}
	} else if i+1 < len(p.node.Content) {
		if to := d.lineStart(d.dash(p, i+1)); blank(end, to) {
			end = to
		}
	}
	d.edits = append(d.edits, edit{start, end, ""})
	return nil
}
