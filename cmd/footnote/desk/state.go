package desk

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"
	"net/http"
	"os"
	"path"
	"slices"
	"strings"
	"time"

	"footnote/knowledge"
	"footnote/knowledge/csl"
	"footnote/knowledge/splice"
)

// title is how the pack is called in lists.
func (p *pack) title() string {
	if s, err := p.read(time.Now()); err == nil && s.title() != "" {
		return s.title()
	}
	return path.Base(p.dir)
}

// A state is what the files of a pack hold at one time.
type state struct {
	dir      string
	pictures map[string]string // by name; what tells that one has changed
	files    map[string][]byte
	hash     string
	head     splice.Object // of pack.yaml
	facts    []*entry
	sources  []*entry
	eval     splice.Object
	problems []knowledge.Problem
	rest     []knowledge.Problem // those of no fact and no source
	loaded   *knowledge.Pack     // nil while an error stands in a file
}

// An entry is a fact or a source where it stands.
type entry struct {
	ID       string
	File     string
	Index    int // in its file's list
	Object   splice.Object
	Problems []knowledge.Problem
}

// hashed is what a form keeps of a file.
func hashed(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:16])
}

// read returns the state of the files as they are now.
func (p *pack) read(now time.Time) (*state, error) {
	files, err := p.files()
	if err != nil {
		return nil, err
	}
	h := sha256.New()
	for _, name := range slices.Sorted(maps.Keys(files)) {
		fmt.Fprintf(h, "%s %d\n", name, len(files[name]))
		h.Write(files[name])
	}
	pictures := p.pictures()
	for _, name := range slices.Sorted(maps.Keys(pictures)) {
		fmt.Fprintf(h, "%s %s\n", name, pictures[name])
	}
	hash := hex.EncodeToString(h.Sum(nil))
	p.mu.Lock()
	last := p.now
	p.mu.Unlock()
	if last != nil && last.hash == hash {
		return last, nil
	}
	s := readState(p.dir, files, now)
	s.hash, s.pictures = hash, pictures
	p.mu.Lock()
	p.now = s
	p.mu.Unlock()
	return s, nil
}

// state reads the pack of a visit.
func (v *visit) state() (*state, error) { return v.p.read(v.c.Now()) }

// ready is state for pages that need a pack.
func (v *visit) ready() (*state, error) {
	s, err := v.state()
	if err == nil && !s.there() {
		return nil, refuse(http.StatusNotFound, "There is no pack in %s yet. Its page offers to make one.", v.p.dir)
	}
	return s, err
}

// readState takes files apart and checks them.
func readState(dir string, files map[string][]byte, now time.Time) *state {
	s := &state{dir: dir, files: files}
	for _, name := range slices.Sorted(maps.Keys(files)) {
		top, _ := splice.Read(files[name])
		o, _ := top.(splice.Object)
		switch kind, _, _ := strings.Cut(strings.TrimSuffix(name, ".yaml"), "/"); kind {
		case "pack":
			s.head = o
		case "eval":
			s.eval = o
		case "facts":
			s.facts = append(s.facts, entries(name, o.List("facts"))...)
		case "sources":
			list, isList := top.([]any)
			if !isList {
				list = o.List("references")
			}
			s.sources = append(s.sources, entries(name, list)...)
		}
	}
	s.load()
	if s.loaded != nil {
		s.problems = knowledge.CheckWith(s.base(), now, nil)
	}
	s.share()
	return s
}

// share gives each problem to the fact or source that it is of; the rest is of files.
func (s *state) share() {
	owners := map[string]*entry{}
	for _, list := range []struct {
		of   []*entry
		what string
	}{{s.facts, "facts"}, {s.sources, "references"}} {
		for _, e := range list.of {
			for _, at := range []string{fmt.Sprint(e.Index + 1), e.ID} {
				owners[e.File+" "+list.what+"["+at] = e
			}
		}
	}
	for _, x := range s.problems {
		at, _, found := strings.Cut(x.Path, "]")
		if e := owners[x.File+" "+at]; found && e != nil {
			e.Problems = append(e.Problems, x)
		} else {
			s.rest = append(s.rest, x)
		}
	}
}

// load loads the pack of the files, and of what else its folder holds: pictures, and what
// versions said.
func (s *state) load() {
	if folderThere(s.dir) {
		if root, err := os.OpenRoot(s.dir); err == nil {
			defer root.Close()
			s.loaded, s.problems = knowledge.LoadOver(root.FS(), s.files, "")
			return
		}
	}
	s.loaded, s.problems = knowledge.LoadFiles(s.files, "")
}

// entries are the entries of a file's list.
func entries(name string, list []any) []*entry {
	var out []*entry
	for i, x := range list {
		o, _ := x.(splice.Object)
		out = append(out, &entry{ID: o.Text("id"), File: name, Index: i, Object: o})
	}
	return out
}

// path is where the entry stands in its file.
func (e *entry) path(what string) splice.Path { return splice.Path{what, e.Index} }

// there reports whether the folder holds a pack.
func (s *state) there() bool { return s.files["pack.yaml"] != nil }

// empty reports whether nothing is wrong but that there is no fact yet.
func (s *state) empty() bool {
	if len(s.facts) > 0 || countErrors(s.problems) != 1 {
		return false
	}
	for name, data := range s.files {
		if !strings.HasPrefix(name, "facts") {
			continue
		}
		if _, err := splice.Read(data); err != nil {
			return false
		}
	}
	return true
}

// base is the pack alone, as what answers takes it.
func (s *state) base() *knowledge.Base { return &knowledge.Base{Packs: []*knowledge.Pack{s.loaded}} }

// title is the pack's, in its main language.
func (s *state) title() string {
	return cmpOr(textIn(s.head.Get("title"), s.languages()[0]), s.head.Text("id"))
}

// languages are those of the pack, its main one first.
func (s *state) languages() []string {
	var out []string
	for _, x := range s.head.List("languages") {
		if t, ok := x.(string); ok {
			out = append(out, t)
		}
	}
	if len(out) == 0 {
		return []string{"en"}
	}
	return out
}

// fact returns the fact with that id, or nil.
func (s *state) fact(id string) *entry { return find(s.facts, id) }

// source returns the source with that id, or nil.
func (s *state) source(id string) *entry { return find(s.sources, id) }

func find(list []*entry, id string) *entry {
	if i := slices.IndexFunc(list, func(e *entry) bool { return e.ID == id }); i >= 0 {
		return list[i]
	}
	return nil
}

// parsed returns a source as it is cited: as the pack was loaded, or by itself while an
// error stands in some file.
func (s *state) parsed(e *entry) *csl.Source {
	if s.loaded == nil {
		return alone(e.Object)
	}
	for _, x := range s.loaded.Sources {
		if x.ID == e.ID {
			return x
		}
	}
	return alone(e.Object)
}

// with returns the state as it would be with other files in place of some.
func (s *state) with(changed map[string][]byte, now time.Time) *state {
	files := maps.Clone(s.files)
	for name, data := range changed {
		if data == nil {
			delete(files, name)
			continue
		}
		files[name] = data
	}
	next := readState(s.dir, files, now)
	next.pictures = s.pictures
	return next
}
