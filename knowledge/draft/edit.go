package draft

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"slices"
	"strings"

	"footnote/knowledge"
	"footnote/knowledge/strictyaml"
)

// An Edit adds to the files of packs what a program was asked to add: phrasings to
// facts, questions to unanswered.yaml, whole files of facts. The texts are changed
// where they stand, so that notes, order and quoting stay as they are. Each change
// is proved to add what it should and nothing else. All files are written, or none
// is.
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
}

// Files returns what was changed, in the order in which it was.
func (e *Edit) Files() []*FileEdit { return e.files }

// file returns the file called name of the pack in dir as it is by now.
func (e *Edit) file(p *knowledge.Pack, name string) (*FileEdit, error) {
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
	f := &FileEdit{Dir: p.Dir, Name: name}
	data, err := root.ReadFile(name)
	switch {
	case errors.Is(err, fs.ErrNotExist):
	case err != nil:
		return nil, fmt.Errorf("%s cannot be read: %w", fileName(p, name), strictyaml.Cause(err))
	default:
		f.Before = append([]byte{}, data...) // not nil, even of an empty file
	}
	f.After = f.Before
	e.files = append(e.files, f)
	return f, nil
}

// fileName returns the name of a file of p as messages have it.
func fileName(p *knowledge.Pack, name string) string { return path.Join(p.Dir, name) }

// nameIn returns the name in its pack's folder of the file that at stands in.
func nameIn(p *knowledge.Pack, at knowledge.Place) string {
	if prefix := path.Clean(p.Dir) + "/"; prefix != "./" {
		return strings.TrimPrefix(at.File, prefix)
	}
	return at.File
}

// AddPhrasings adds questions to the end of a fact's list of the language.
func (e *Edit) AddPhrasings(f *knowledge.Fact, lang string, texts ...string) error {
	asked := map[string]bool{}
	for _, q := range f.Questions {
		if q.Lang == lang {
			asked[knowledge.QuestionKey(q.Text)] = true
		}
	}
	for _, t := range texts {
		key := knowledge.QuestionKey(t)
		if asked[key] {
			return fmt.Errorf("%s:%d: %s stands among the questions of %s already", f.Place.File, f.Place.Line, strictyaml.Quote(t), f.ID)
		}
		asked[key] = true
	}
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
func (e *Edit) AddUnanswered(p *knowledge.Pack, texts ...string) error {
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
			return nil, "", fmt.Errorf("%s holds no list of questions; write unanswered: and below it the first question", fileName(p, "unanswered.yaml"))
		}
		return list, ".unanswered[]=", nil
	}, texts)
}

// AddFile adds a file, which must not be there yet. tried is what [Edit.Try] loads
// in its place, for a file in which a person has something to fill in first; nil
// for data itself.
func (e *Edit) AddFile(p *knowledge.Pack, name string, data, tried []byte) error {
	file, err := e.file(p, name)
	if err != nil {
		return err
	}
	if file.After != nil {
		return fmt.Errorf("%s is there already", fileName(p, name))
	}
	file.After, file.tried = data, tried
	return nil
}

// Change puts data in place of what a file holds; tried is as in [Edit.AddFile].
func (e *Edit) Change(p *knowledge.Pack, name string, data, tried []byte) error {
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
	shown := path.Join(f.Dir, f.Name)
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

// Try loads the packs of base as they would be. The error is a
// *[knowledge.LoadError] that names what is wrong with them then.
func (e *Edit) Try(base *knowledge.Base) error {
	changed := map[*knowledge.Pack]map[string][]byte{}
	for _, p := range base.Packs {
		files := map[string][]byte{}
		for _, f := range e.files {
			if f.Dir != p.Dir || f.After == nil {
				continue
			}
			files[f.Name] = f.After
			if f.tried != nil {
				files[f.Name] = f.tried
			}
		}
		changed[p] = files
	}
	return base.Try(changed)
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

// EditOf returns an edit of these files.
func EditOf(files ...*FileEdit) *Edit { return &Edit{files: files} }

// reversed returns the edit that takes f back.
func (f *FileEdit) reversed() *FileEdit {
	return &FileEdit{Dir: f.Dir, Name: f.Name, Before: f.After, After: f.Before}
}

// write writes the file, if it still is what it was.
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
