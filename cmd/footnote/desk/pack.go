package desk

import (
	"fmt"
	"io/fs"
	"os"
	"path"
	"sync"

	"footnote/knowledge"
	"footnote/knowledge/strictyaml"
)

// A pack is a folder that is worked on.
type pack struct {
	n   int
	dir string

	mu     sync.Mutex
	begin  map[string][]byte // its files when the desk was opened
	steps  []step            // what was done, the last last
	undone []step
	now    *state // what was read last
	brain  brain
	asked  triage
	job    *exam
}

// url returns the address of a page of the pack.
func (p *pack) url(page string) string { return fmt.Sprintf("/p/%d/%s", p.n, page) }

// filePatterns are the files of a pack.
var filePatterns = []string{"pack.yaml", "sources.yaml", "sources/*.yaml", "facts.yaml", "facts/*.yaml", "unanswered.yaml", "eval.yaml"}

// pictures are the names of the pack's pictures, with what tells that one has changed.
func (p *pack) pictures() map[string]string {
	out := map[string]string{}
	root, err := os.OpenRoot(p.dir)
	if err != nil {
		return out
	}
	defer root.Close()
	names, _ := fs.Glob(root.FS(), "images/*")
	for _, name := range names {
		if info, err := root.Stat(name); err == nil && info.Mode().IsRegular() {
			out[name] = fmt.Sprint(info.Size(), info.ModTime().UnixNano())
		}
	}
	return out
}

// files reads the files of the pack through a root that nothing leads out of. A folder
// that is not there has none.
func (p *pack) files() (map[string][]byte, error) {
	out := map[string][]byte{}
	if !folderThere(p.dir) {
		return out, nil
	}
	root, err := os.OpenRoot(p.dir)
	if err != nil {
		return nil, fmt.Errorf("the folder %s cannot be read: %w", p.dir, strictyaml.Cause(err))
	}
	defer root.Close()
	total := 0
	for _, pattern := range filePatterns {
		names, err := fs.Glob(root.FS(), pattern)
		if err != nil {
			return nil, err
		}
		for _, name := range names {
			info, err := root.Stat(name)
			switch {
			case err != nil:
				return nil, fmt.Errorf("%s cannot be read: %w", path.Join(p.dir, name), strictyaml.Cause(err))
			case !info.Mode().IsRegular():
				return nil, fmt.Errorf("%s is no ordinary file; put the file itself there", path.Join(p.dir, name))
			}
			if total += int(min(info.Size(), knowledge.MaxPack)); info.Size() > strictyaml.MaxFile || total > knowledge.MaxPack {
				return nil, fmt.Errorf("%s is too large: a file may have 8 MB, a pack 64 MB", path.Join(p.dir, name))
			}
			data, err := root.ReadFile(name)
			if err != nil {
				return nil, fmt.Errorf("%s cannot be read: %w", path.Join(p.dir, name), strictyaml.Cause(err))
			}
			out[name] = data
		}
	}
	return out, nil
}

// start remembers the files as they are when the desk is opened.
func (p *pack) start() error {
	files, err := p.files()
	p.begin = files
	return err
}
