package knowledge

import (
	"bytes"
	"errors"
	"fmt"
	"footnote/knowledge/strictyaml"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing/fstest"
)

// A Draft is a pack as it is written into files: not checked, and not tied
// together. It is how packs are made by a program, and Load is how one learns
// whether it is sound.
type Draft struct {
	Pack       Object   // pack.yaml
	Sources    []Object // each a CSL item
	Facts      []Object
	Unanswered []string
	Eval       Object // eval.yaml
}

// ID is the id of the pack.
func (d Draft) ID() string { return d.Pack.Text("id") }

// factsPerFile bounds one facts file in bytes: a curator opens it in an editor,
// and MaxNodes cannot be reached in it.
const factsPerFile = 512 << 10

// Files writes the files of the pack, by their names in its folder.
func (d Draft) Files() map[string][]byte {
	out := map[string][]byte{}
	out["pack.yaml"] = toYAML(d.Pack)
	sources := make([]any, len(d.Sources))
	for i, s := range d.Sources {
		sources[i] = s
	}
	d.split(out, "sources", "references", sources)
	facts := make([]any, len(d.Facts))
	for i, f := range d.Facts {
		facts[i] = f
	}
	d.split(out, "facts", "facts", facts)
	if len(d.Unanswered) > 0 {
		out["unanswered.yaml"] = toYAML(Object{{"unanswered", anys(d.Unanswered)}})
	}
	if len(d.Eval) > 0 {
		out["eval.yaml"] = toYAML(d.Eval)
	}
	return out
}

// split writes a list into kind.yaml, or into kind/001.yaml and so on where one
// file would be too long.
func (d Draft) split(out map[string][]byte, kind, key string, list []any) {
	var parts [][]byte
	var b bytes.Buffer
	flush := func() {
		parts = append(parts, append([]byte(key+":\n"), b.Bytes()...))
		b.Reset()
	}
	for i, x := range list {
		item := listItem(x)
		if b.Len() > 0 && b.Len()+len(item) > factsPerFile {
			flush()
		}
		if b.Len() > 0 && i > 0 {
			b.WriteByte('\n')
		}
		b.WriteString(item)
	}
	if b.Len() > 0 {
		flush()
	}
	switch len(parts) {
	case 0:
		out[kind+".yaml"] = []byte(key + ": []\n")
	case 1:
		out[kind+".yaml"] = parts[0]
	default:
		for i, p := range parts {
			out[path.Join(kind, fmt.Sprintf("%03d.yaml", i+1))] = p
		}
	}
}

// Load reads what Files writes; name stands before file names in problems.
func (d Draft) Load(name string) (*Pack, []Problem) {
	fsys := fstest.MapFS{} // plain maps with the methods of a file system; nothing of package testing comes with it
	for file, data := range d.Files() {
		fsys[file] = &fstest.MapFile{Data: data, Mode: 0o644}
	}
	return Load(fsys, name)
}

// WriteFolder writes files into dir, which must not be there yet or be empty:
// nobody's work is overwritten. What was begun is taken away again if writing
// fails.
func WriteFolder(dir string, files map[string][]byte) (err error) {
	if err := EmptyFolder(dir); err != nil {
		return err
	}
	_, statErr := os.Stat(dir)
	existed := statErr == nil
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return fmt.Errorf("the folder %s cannot be made: %w", dir, strictyaml.Cause(err))
	}
	var written []string
	defer func() {
		if err == nil {
			return
		}
		for _, name := range slices.Backward(written) {
			os.Remove(name)
		}
		if !existed {
			os.Remove(dir)
		}
	}()
	for _, name := range slices.Sorted(maps.Keys(files)) {
		full := filepath.Join(dir, filepath.FromSlash(name))
		if sub := filepath.Dir(full); sub != filepath.Clean(dir) {
			if mk := os.Mkdir(sub, 0o755); mk == nil {
				written = append(written, sub)
			} else if !errors.Is(mk, fs.ErrExist) {
				return fmt.Errorf("the folder %s cannot be made: %w", sub, strictyaml.Cause(mk))
			}
		}
		f, err := os.OpenFile(full, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
		if err != nil {
			return fmt.Errorf("%s cannot be written: %w", full, strictyaml.Cause(err))
		}
		written = append(written, full)
		_, err = f.Write(files[name])
		if closing := f.Close(); err == nil {
			err = closing
		}
		if err != nil {
			return fmt.Errorf("%s cannot be written: %w", full, strictyaml.Cause(err))
		}
	}
	return nil
}

// EmptyFolder reports, as an error, why no pack can be written into dir: it is a
// file, it cannot be read, or it holds something already.
func EmptyFolder(dir string) error {
	if strings.TrimSpace(dir) == "" {
		return errors.New("the name of the folder is empty")
	}
	entries, err := os.ReadDir(dir)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		if info, statErr := os.Stat(dir); statErr == nil && !info.IsDir() {
			return fmt.Errorf("%s is a file; name a folder that is empty or not there yet", dir)
		}
		return fmt.Errorf("the folder %s cannot be read: %w", dir, strictyaml.Cause(err))
	case len(entries) > 0:
		return fmt.Errorf("the folder %s holds files already (%s); name one that is empty or not there yet", dir, entries[0].Name())
	}
	return nil
}
