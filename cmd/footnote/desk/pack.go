package desk

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"net/http"
	"os"
	"path"
	"slices"
	"strings"
	"sync"
	"time"

	"footnote/answers"
	"footnote/knowledge"
	"footnote/knowledge/csl"
	"footnote/knowledge/draft"
	"footnote/knowledge/splice"
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

// A step is one thing that was done, with the files before and after.
type step struct {
	What    string
	At      time.Time
	files   []*draft.FileEdit
	settled []string // questions that are off the list since
}

// maxSteps is how many steps can be taken back.
const maxSteps = 1000

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
	for name, data := range s.files {
		if _, err := splice.Read(data); err != nil && strings.HasPrefix(name, "facts") {
			return false
		}
	}
	return len(s.facts) == 0 && countErrors(s.problems) == 1
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

// write puts files in the place of what s holds, if they still are what they were, and
// remembers how to take that back. A file that is to be nil goes. settled are questions that
// are off the list with it.
func (v *visit) write(s *state, what string, changed map[string][]byte, settled ...string) error {
	var files []*draft.FileEdit
	for _, name := range slices.Sorted(maps.Keys(changed)) {
		if before, after := s.files[name], changed[name]; string(before) != string(after) || (before == nil) != (after == nil) {
			files = append(files, &draft.FileEdit{Dir: v.p.dir, Name: name, Before: before, After: after})
		}
	}
	if len(files) == 0 && len(settled) == 0 {
		return nil
	}
	if err := draft.EditOf(files...).Write(); err != nil {
		return refuse(http.StatusConflict, "%v. Load the page again to see what is there now.", err)
	}
	v.p.mu.Lock()
	defer v.p.mu.Unlock()
	v.p.steps = append(v.p.steps, step{What: what, At: v.c.Now(), files: files, settled: settled})
	v.p.asked.settle(true, settled...)
	if n := len(v.p.steps) - maxSteps; n > 0 {
		v.p.steps = v.p.steps[n:]
	}
	v.p.undone = nil
	return nil
}

// undo takes the last step back.
func (v *visit) undo() error {
	v.p.mu.Lock()
	defer v.p.mu.Unlock()
	n := len(v.p.steps)
	if n == 0 {
		return refuse(http.StatusConflict, "There is nothing to take back.")
	}
	last := v.p.steps[n-1]
	if err := reversed(last.files).Write(); err != nil {
		return refuse(http.StatusConflict, "This cannot be taken back by itself: %v. The page “Changes” shows what differs.", err)
	}
	v.p.steps, v.p.undone = v.p.steps[:n-1], append(v.p.undone, last)
	v.p.asked.settle(false, last.settled...)
	return v.back("undone")
}

// redo does again what was taken back last.
func (v *visit) redo() error {
	v.p.mu.Lock()
	defer v.p.mu.Unlock()
	n := len(v.p.undone)
	if n == 0 {
		return refuse(http.StatusConflict, "There is nothing to do again.")
	}
	last := v.p.undone[n-1]
	if err := draft.EditOf(last.files...).Write(); err != nil {
		return refuse(http.StatusConflict, "This cannot be done again: %v.", err)
	}
	v.p.undone, v.p.steps = v.p.undone[:n-1], append(v.p.steps, last)
	v.p.asked.settle(true, last.settled...)
	return v.back("redone")
}

// reversed is the edit that takes files back.
func reversed(files []*draft.FileEdit) *draft.Edit {
	var out []*draft.FileEdit
	for _, f := range slices.Backward(files) {
		out = append(out, &draft.FileEdit{Dir: f.Dir, Name: f.Name, Before: f.After, After: f.Before})
	}
	return draft.EditOf(out...)
}

// back leads to the part of the desk that a form names as where it stands.
func (v *visit) back(did string) error {
	to := v.r.PostForm.Get("to")
	if !slices.Contains([]string{"facts", "sources", "questions", "exam", "about"}, to) {
		to = "diff"
	}
	return v.done(did, "%s", to)
}

// A brain is what answers questions. To learn a pack takes seconds to minutes, so that an
// edit that is not saved is asked by words alone, as a bot does until it has learned; what
// is saved is learned beside the pages.
type brain struct {
	mu       sync.Mutex
	words    *answers.Matcher // by words alone
	wordsOf  string           // the hash of its pack
	learned  *answers.Matcher
	learnOf  string
	learning string // the hash of the pack that is being learned
	stop     context.CancelFunc
}

// errNoPack is told where a pack that does not load is asked something.
var errNoPack = errors.New("the pack cannot be asked while a file holds an error")

// A mind is a matcher, and whether it goes by words alone.
type mind struct {
	*answers.Matcher
	Words bool
}

// matcher returns what answers from s at once.
func (v *visit) matcher(ctx context.Context, s *state) (mind, error) {
	if s.loaded == nil {
		return mind{}, errNoPack
	}
	b := &v.p.brain
	b.mu.Lock()
	defer b.mu.Unlock()
	hash := s.loaded.Hash
	if b.learned != nil && b.learnOf == hash {
		return mind{b.learned, false}, nil
	}
	if s.hash != "" { // it is saved
		v.learn(s)
	}
	if b.words == nil || b.wordsOf != hash {
		m, err := v.c.Words(ctx, s.base())
		if err != nil {
			return mind{}, err
		}
		b.words, b.wordsOf = m, hash
	}
	return mind{b.words, true}, nil
}

// learn begins to learn s, unless that goes on already. What was being learned before is
// given up. The brain is locked.
func (v *visit) learn(s *state) {
	b, hash := &v.p.brain, s.loaded.Hash
	if b.learning == hash {
		return
	}
	if b.stop != nil {
		b.stop()
	}
	ctx, stop := context.WithCancel(context.WithoutCancel(v.r.Context()))
	b.learning, b.stop = hash, stop
	v.jobs.Go(func() {
		defer stop()
		m, err := v.c.Matcher(ctx, s.base())
		b.mu.Lock()
		defer b.mu.Unlock()
		if b.learning != hash {
			return
		}
		b.learning = ""
		if err == nil {
			b.learned, b.learnOf = m, hash
		} else if ctx.Err() == nil {
			v.c.Log.Warn("the pack cannot be learned", "error", err)
		}
	})
}

// learnedMatcher returns what answers from s as the bot does, however long it takes.
func (v *visit) learnedMatcher(ctx context.Context, s *state) (*answers.Matcher, error) {
	b := &v.p.brain
	b.mu.Lock()
	m := b.learned
	is := m != nil && b.learnOf == s.loaded.Hash
	b.mu.Unlock()
	if is {
		return m, nil
	}
	m, err := v.c.Matcher(ctx, s.base())
	if err != nil {
		return nil, err
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.learned, b.learnOf = m, s.loaded.Hash
	return m, nil
}

// stopJobs stops what goes on beside the pages.
func (p *pack) stopJobs() {
	p.stopJob()
	p.brain.mu.Lock()
	defer p.brain.mu.Unlock()
	if p.brain.stop != nil {
		p.brain.stop()
	}
}
