package knowledge

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"slices"
	"strings"
	"unicode/utf8"

	"footnote/knowledge/strictyaml"
)

// An Edit adds to the files of packs what a program was asked to add: phrasings to
// facts, questions to unanswered.yaml, whole files of facts. The texts are changed
// where they stand, so that notes, order and quoting stay as they are; each change
// is proved to add what it should and nothing else; and all files are written or
// none is.
type Edit struct {
	files []*FileEdit
}

// A FileEdit is one file before and after.
type FileEdit struct {
	Dir    string // the folder of its pack
	Name   string // in that folder, with slashes
	Before []byte // nil if there was no such file
	After  []byte // nil if there is to be none

	tried []byte // what Try loads in place of After; nil for After itself
	shown string // the folder as messages name it
}

// Files are what was changed, in the order in which it was.
func (e *Edit) Files() []*FileEdit { return e.files }

// file returns the file called name of the pack in dir as it is by now.
func (e *Edit) file(p *Pack, name string) (*FileEdit, error) {
	if p.Dir == "" {
		return nil, errors.New("the pack inside the program cannot be changed; name the folder of a pack")
	}
	for _, f := range e.files {
		if f.Dir == p.Dir && f.Name == name {
			return f, nil
		}
	}
	root, err := os.OpenRoot(p.Dir)
	if err != nil {
		return nil, err
	}
	defer root.Close()
	f := &FileEdit{Dir: p.Dir, Name: name, shown: p.shown}
	data, err := root.ReadFile(name)
	switch {
	case errors.Is(err, fs.ErrNotExist):
	case err != nil:
		return nil, fmt.Errorf("%s cannot be read: %w", shownFile(p, name), strictyaml.Cause(err))
	default:
		f.Before = append([]byte{}, data...) // not nil, even of an empty file
	}
	f.After = f.Before
	e.files = append(e.files, f)
	return f, nil
}

// nameIn is the name in its pack's folder of the file that at stands in.
func nameIn(p *Pack, at Place) string {
	if prefix := path.Clean(p.shown) + "/"; prefix != "./" {
		return strings.TrimPrefix(at.File, prefix)
	}
	return at.File
}

// AddPhrasings adds questions to the end of a fact's list of the language.
func (e *Edit) AddPhrasings(f *Fact, lang string, texts ...string) error {
	file, err := e.file(f.Pack, nameIn(f.Pack, f.Place))
	if err != nil {
		return err
	}
	find := func(node *strictyaml.Node) (*strictyaml.Node, string, error) {
		for _, n := range node.AnyMap("").Get("facts").List("") {
			if !n.IsMap() || n.AnyMap("").Peek("id") != f.ID {
				continue
			}
			questions := n.AnyMap("").Get("questions")
			if questions.IsMap() {
				list := questions.AnyMap("").Get(lang)
				if !list.IsList() {
					return nil, "", fmt.Errorf("%s:%d: %s has no questions in %s; write the first by hand", f.Place.File, f.Place.Line, f.ID, lang)
				}
				return list, ".facts[].questions." + lang + "[]=", nil
			}
			if lang != f.Pack.Languages[0] || !questions.IsList() {
				return nil, "", fmt.Errorf("%s:%d: the questions of %s are not listed by language; write those in %s by hand", f.Place.File, f.Place.Line, f.ID, lang)
			}
			return questions, ".facts[].questions[]=", nil
		}
		return nil, "", fmt.Errorf("%s: the fact %s is not there any more", f.Place.File, f.ID)
	}
	return file.add(find, texts)
}

// newUnanswered is an unanswered.yaml with nothing in it yet.
const newUnanswered = `# Questions that people ask and that no fact here answers. They teach Footnote
# where the pack ends.
unanswered: []
`

// AddUnanswered adds questions to the pack's unanswered.yaml, which it makes if
// there is none.
func (e *Edit) AddUnanswered(p *Pack, texts ...string) error {
	file, err := e.file(p, "unanswered.yaml")
	if err != nil {
		return err
	}
	text := string(file.After)
	if file.After == nil {
		text = newUnanswered
	}
	// An empty list has no place to go on from.
	if empty := "unanswered: []"; strings.Contains(text, "\n"+empty) || strings.HasPrefix(text, empty) {
		at := strings.Index("\n"+text, "\n"+empty)
		text = text[:at] + "unanswered:" + endOf(text) + "  - " + doubleQuoted(texts[0]) + text[at+len(empty):]
		file.After, texts = []byte(text), texts[1:]
		if len(texts) == 0 {
			return nil
		}
	}
	return file.add(func(node *strictyaml.Node) (*strictyaml.Node, string, error) {
		list := node.AnyMap("").Get("unanswered")
		if !list.IsList() {
			return nil, "", fmt.Errorf("%s holds no list of questions; write unanswered: and below it the first question", shownFile(p, "unanswered.yaml"))
		}
		return list, ".unanswered[]=", nil
	}, texts)
}

// AddFile adds a file, for which there must be none. tried is what Try loads in
// its place, for a file in which a person has something to fill in first; nil for
// data itself.
func (e *Edit) AddFile(p *Pack, name string, data, tried []byte) error {
	file, err := e.file(p, name)
	if err != nil {
		return err
	}
	if file.After != nil {
		return fmt.Errorf("%s is there already", shownFile(p, name))
	}
	file.After, file.tried = data, tried
	return nil
}

// Change puts data in place of what a file holds; tried is as in AddFile.
func (e *Edit) Change(p *Pack, name string, data, tried []byte) error {
	file, err := e.file(p, name)
	if err != nil {
		return err
	}
	file.After, file.tried = data, tried
	return nil
}

// add adds texts to the end of the list that find finds, and proves that nothing
// else changed. path is what stands before each of them in values.
func (f *FileEdit) add(find func(*strictyaml.Node) (list *strictyaml.Node, path string, err error), texts []string) error {
	shown := path.Join(f.shown, f.Name)
	parse := func(data []byte) *strictyaml.Node {
		var rep strictyaml.Report
		n := strictyaml.Parse(shown, data, &rep)
		if rep.Errors() > 0 || !n.IsMap() {
			return nil
		}
		return n
	}
	node := parse(f.After)
	if node == nil {
		return fmt.Errorf("%s cannot be read any more; run \"footnote check\"", shown)
	}
	list, at, err := find(node)
	if err != nil {
		return err
	}
	next, ok := appendToList(f.After, list, texts)
	if ok {
		ok = false
		if again := parse(next); again != nil {
			added := make([]string, len(texts))
			for i, t := range texts {
				added[i] = at + t
			}
			ok = onlyAdded(values(node, nil), values(again, nil), added)
		}
	}
	if !ok {
		return fmt.Errorf("%s:%d: the list is laid out in a way that a program cannot add to; add %s by hand", shown, list.Line(), strictyaml.Quote(texts[0]))
	}
	f.After = next
	return nil
}

// onlyAdded reports whether after is before with added in one place.
func onlyAdded(before, after, added []string) bool {
	if len(after) != len(before)+len(added) {
		return false
	}
	for i := 0; i <= len(before); i++ {
		if slices.Equal(after[i:i+len(added)], added) && slices.Equal(after[:i], before[:i]) && slices.Equal(after[i+len(added):], before[i:]) {
			return true
		}
		if i < len(before) && after[i] != before[i] {
			return false
		}
	}
	return false
}

// endOf is how lines end in text.
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

// offsetOf is the byte at a line and column, both from 1, columns in characters.
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

// appendToFlow adds to a list in brackets, which opens at start, in that column.
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

// quotedEnd is the length of the text in quotation marks that s begins with.
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

// Try loads the packs as they would be. The error is a *LoadError that names what
// is wrong with them then.
func (e *Edit) Try(base *Base) error {
	var l loader
	for _, p := range base.Packs {
		changed := map[string][]byte{}
		for _, f := range e.files {
			if f.Dir == p.Dir && f.After != nil {
				changed[f.Name] = f.After
				if f.tried != nil {
					changed[f.Name] = f.tried
				}
			}
		}
		if p.Dir == "" {
			continue // nothing in it can change, and its ids are its own
		}
		root, err := os.OpenRoot(p.Dir)
		if err != nil {
			return err
		}
		defer root.Close()
		l.pack(overlay{root.FS(), changed}, p.shown, p.Dir)
	}
	if len(l.packs) == 0 {
		return nil
	}
	_, err := l.base()
	return err
}

// Write writes all files, or none: what was written before one failed is put back.
// A file that is not any more what it was is an error.
func (e *Edit) Write() error {
	for i, f := range e.files {
		err := f.write()
		if err == nil {
			continue
		}
		for _, g := range slices.Backward(e.files[:i]) {
			err = errors.Join(err, g.reversed().write())
		}
		return err
	}
	return nil
}

// Reversed is the edit that takes e back.
func (e *Edit) Reversed() *Edit {
	out := &Edit{}
	for _, f := range slices.Backward(e.files) {
		out.files = append(out.files, f.reversed())
	}
	return out
}

// EditOf is an edit of these files.
func EditOf(files ...*FileEdit) *Edit { return &Edit{files: files} }

func (f *FileEdit) reversed() *FileEdit {
	return &FileEdit{Dir: f.Dir, Name: f.Name, Before: f.After, After: f.Before, shown: f.shown}
}

func (f *FileEdit) write() error {
	fail := func(err error) error {
		return fmt.Errorf("%s cannot be written: %w", path.Join(f.Dir, f.Name), strictyaml.Cause(err))
	}
	root, err := os.OpenRoot(f.Dir)
	if err != nil {
		return fail(err)
	}
	defer root.Close()
	now, err := root.ReadFile(f.Name)
	there := err == nil
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fail(err)
	}
	switch {
	case there != (f.Before != nil) || there && !bytes.Equal(now, f.Before):
		return fmt.Errorf("%s has changed meanwhile; nothing was written", path.Join(f.Dir, f.Name))
	case f.After == nil && f.Before == nil:
		return nil
	case f.After == nil:
		err = root.Remove(f.Name)
		if dir := path.Dir(f.Name); err == nil && dir != "." {
			_ = root.Remove(dir) // only an empty folder goes, which was made for this file
		}
	case f.Before == nil:
		if err = root.MkdirAll(path.Dir(f.Name), 0o755); err == nil {
			err = root.WriteFile(f.Name, f.After, 0o644)
		}
	default:
		err = replaceIn(root, f.Name, f.After)
	}
	if err != nil {
		return fail(err)
	}
	return nil
}
