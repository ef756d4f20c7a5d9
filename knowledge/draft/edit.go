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
	"footnote/knowledge/splice"
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
	return e.Splice(f.Pack, nameIn(f.Pack, f.Place), func(data []byte) ([]byte, error) {
		now, err := splice.Read(data)
		if err != nil {
			return nil, err
		}
		top, _ := now.(Object)
		at := slices.IndexFunc(top.List("facts"), func(x any) bool {
			o, _ := x.(Object)
			return o.Text("id") == f.ID
		})
		if at < 0 {
			return nil, fmt.Errorf("the fact %s is not there any more", f.ID)
		}
		path := splice.Path{"facts", at, "questions"}
		switch questions := top.List("facts")[at].(Object).Get("questions").(type) {
		case Object:
			if _, ok := questions.Get(lang).([]any); !ok {
				return nil, fmt.Errorf("%s has no questions in %s; write the first by hand", f.ID, lang)
			}
			path = append(path, lang)
		default:
			if lang != f.Pack.Languages[0] {
				return nil, fmt.Errorf("the questions of %s are not listed by language; write those in %s by hand", f.ID, lang)
			}
		}
		return splice.Insert(data, path, -1, splice.Texts(texts)...)
	})
}

// Splice puts what change makes of a file in its place. Of a file that is not there,
// change gets nil.
func (e *Edit) Splice(p *knowledge.Pack, name string, change func([]byte) ([]byte, error)) error {
	file, err := e.file(p, name)
	if err != nil {
		return err
	}
	after, err := change(file.After)
	if err != nil {
		return fmt.Errorf("%s: %w", fileName(p, name), err)
	}
	file.After = after
	return nil
}

// newUnanswered is an unanswered.yaml with nothing in it yet.
const newUnanswered = `# Questions that people ask and that no fact here answers. They teach Footnote
# where the pack ends.
unanswered: []
`

// AddUnanswered adds questions to the pack's unanswered.yaml, which it makes if
// there is none.
func (e *Edit) AddUnanswered(p *knowledge.Pack, texts ...string) error {
	return e.Splice(p, "unanswered.yaml", func(data []byte) ([]byte, error) { return WithUnanswered(data, texts...) })
}

// WithUnanswered returns an unanswered.yaml with more questions; nil is none yet.
func WithUnanswered(data []byte, texts ...string) ([]byte, error) {
	if data == nil {
		data = []byte(newUnanswered)
	}
	now, err := splice.Read(data)
	if err != nil {
		return nil, err
	}
	if top, ok := now.(Object); ok && top.Get("unanswered") == nil {
		return splice.Set(data, splice.Path{"unanswered"}, splice.Texts(texts))
	}
	return splice.Insert(data, splice.Path{"unanswered"}, -1, splice.Texts(texts)...)
}

// NewSources is a sources.yaml with nothing in it yet.
const NewSources = "# What you cite.\nreferences: []\n"

// AddSources adds sources to the pack's sources.yaml, which it makes if there is none.
func (e *Edit) AddSources(p *knowledge.Pack, items ...Object) error {
	return e.Splice(p, "sources.yaml", func(data []byte) ([]byte, error) { return WithSources(data, items...) })
}

// WithSources returns a file of sources with more of them; nil is none yet.
func WithSources(data []byte, items ...Object) ([]byte, error) {
	if data == nil {
		data = []byte(NewSources)
	}
	values := make([]any, len(items))
	for i, o := range items {
		values[i] = o
	}
	top, err := splice.Read(data)
	if err != nil {
		return nil, err
	}
	switch x := top.(type) {
	case []any:
		return splice.Insert(data, nil, -1, values...)
	case Object:
		if x.Get("references") != nil {
			return splice.Insert(data, splice.Path{"references"}, -1, values...)
		}
	}
	return splice.Set(data, splice.Path{"references"}, values)
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
