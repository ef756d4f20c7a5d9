package knowledge

import (
	"crypto/sha256"
	"embed"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"footnote/knowledge/csl"
	"footnote/knowledge/strictyaml"
)

// Format tells curators how the files of a pack are written, as Markdown.
//
//go:embed FORMAT.md
var Format string

//go:embed packs/*/*.yaml packs/*/facts/*.yaml
var packFiles embed.FS

// Limits of one pack folder.
const (
	// MaxFiles is how many YAML files of one kind (facts or sources) are read.
	MaxFiles = 500
	// MaxPack is the size in bytes of all files of a pack together.
	MaxPack = 64 << 20
	// MaxPacks is how many packs one folder of packs may hold.
	MaxPacks = 200
)

// Problems and places are those of package strictyaml.
type (
	Problem  = strictyaml.Problem
	Severity = strictyaml.Severity
	Place    = strictyaml.Place
)

// The severities of problems: an Error keeps the pack from being used, a Warning does not.
const (
	Error   = strictyaml.Error
	Warning = strictyaml.Warning
)

// A LoadError says why packs could not be loaded: every problem of every file.
type LoadError struct {
	Problems []Problem // sorted; errors and warnings
}

// Error lists the errors, one a line.
func (e *LoadError) Error() string {
	var lines []string
	for _, p := range e.Problems {
		if p.Severity == Error {
			lines = append(lines, p.String())
		}
	}
	return strings.Join(lines, "\n")
}

// Embedded returns the packs that are part of the program.
func Embedded() (*Base, error) {
	dirs, err := packFiles.ReadDir("packs")
	if err != nil {
		return nil, err
	}
	var l loader
	for _, d := range dirs {
		sub, err := fs.Sub(packFiles, path.Join("packs", d.Name()))
		if err != nil {
			return nil, err
		}
		if !exists(sub, "pack.yaml") {
			continue // test data
		}
		l.pack(sub, d.Name(), "")
	}
	return l.base()
}

// FS returns the files of p, also where it is inside the program.
func (p *Pack) FS() (fs.FS, error) {
	if p.Dir == "" {
		return fs.Sub(packFiles, path.Join("packs", p.shown))
	}
	return os.DirFS(p.Dir), nil
}

// Open loads the packs in dirs. Each is a pack, that is a folder with pack.yaml,
// or a folder of packs. The error is a *LoadError that lists every problem of
// all files; warnings alone are no error, Check returns them.
func Open(dirs ...string) (*Base, error) {
	var l loader
	for _, dir := range dirs {
		l.open(dir)
	}
	return l.base()
}

// Load reads the pack at the root of fsys; name stands before the names of files
// in problems. The pack is nil if any problem is an error.
func Load(fsys fs.FS, name string) (*Pack, []Problem) {
	var l loader
	l.pack(fsys, name, "")
	base, err := l.base()
	var le *LoadError
	if errors.As(err, &le) {
		return nil, le.Problems
	}
	return base.Packs[0], base.Packs[0].warnings
}

// LoadFiles is [Load] of files in memory, by their names in the pack's folder.
func LoadFiles(files map[string][]byte, name string) (*Pack, []Problem) {
	return LoadOver(noFiles{}, files, name)
}

// LoadOver is [Load] with some files in place of those of fsys, or added to them.
func LoadOver(fsys fs.FS, files map[string][]byte, name string) (*Pack, []Problem) {
	return Load(overlay{fsys, files}, name)
}

// Try loads the packs of b with the given files in place of their own, or added to
// them.
// The error is a *LoadError that lists what would be wrong with them. The pack
// inside the program is left out: nothing in it can change.
func (b *Base) Try(changed map[*Pack]map[string][]byte) error {
	var l loader
	for _, p := range b.Packs {
		if p.Dir == "" {
			continue
		}
		root, err := os.OpenRoot(p.Dir)
		if err != nil {
			return err
		}
		defer root.Close()
		l.pack(overlay{root.FS(), changed[p]}, p.shown, p.Dir)
	}
	if len(l.packs) == 0 {
		return nil
	}
	_, err := l.base()
	return err
}

// PackFolders returns the folders of the packs in dir, which is a pack or a folder
// of packs, whether they load or not.
func PackFolders(dir string) []string {
	if _, err := os.Stat(filepath.Join(dir, "pack.yaml")); err == nil {
		return []string{dir}
	}
	found, _ := filepath.Glob(filepath.Join(dir, "*", "pack.yaml"))
	for i, f := range found {
		found[i] = filepath.Dir(f)
	}
	return found
}

// A loader gathers packs and everything that is wrong with them.
type loader struct {
	rep   strictyaml.Report
	packs []*Pack
}

// base checks what concerns several packs and returns them all, or the error.
func (l *loader) base() (*Base, error) {
	ids := map[string]*Pack{}
	facts := map[string]*Fact{}
	for _, p := range l.packs {
		if other, dup := ids[p.ID]; dup && p.ID != "" {
			l.rep.Add(Problem{File: shownFile(p, "pack.yaml"), Path: "id", Message: fmt.Sprintf(
				"the pack id %s is already taken by %s; every pack needs its own", p.ID, shownFile(other, "pack.yaml"))})
			continue // its facts would all collide as well
		}
		ids[p.ID] = p
		for _, f := range p.Facts {
			if other, dup := facts[f.ID]; dup {
				l.rep.Add(Problem{File: f.Place.File, Line: f.Place.Line, Column: f.Place.Column, Path: "facts[" + f.ID + "].id",
					Message: fmt.Sprintf("the id %s is already taken in pack %s (%s:%d); fact ids must differ across packs",
						f.ID, other.Pack.ID, other.Place.File, other.Place.Line)})
				continue
			}
			facts[f.ID] = f
		}
	}
	if l.rep.Errors() > 0 {
		return nil, &LoadError{Problems: l.rep.Problems()}
	}
	if len(l.packs) == 0 {
		return nil, &LoadError{Problems: []Problem{{Severity: Error, Message: "no pack was named; name a folder that holds a pack.yaml"}}}
	}
	return &Base{Packs: l.packs}, nil
}

// shownFile returns the name of a file of p as problems show it.
func shownFile(p *Pack, name string) string {
	if p.shown == "" {
		return name
	}
	return path.Join(p.shown, name)
}

// open loads dir as a pack or as a folder of packs.
func (l *loader) open(dir string) {
	fail := func(format string, args ...any) {
		l.rep.Add(Problem{File: dir, Message: fmt.Sprintf(format, args...)})
	}
	if strings.TrimSpace(dir) == "" {
		fail("the name of a pack folder is empty")
		return
	}
	info, err := os.Stat(dir)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		fail("there is no such folder; name a folder that holds a pack.yaml, or a folder of such folders")
		return
	case err != nil:
		fail("the folder cannot be read: %v", strictyaml.Cause(err))
		return
	case !info.IsDir():
		fail("this is a file; name the folder that holds pack.yaml")
		return
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		fail("the folder cannot be read: %v", strictyaml.Cause(err))
		return
	}
	for _, e := range entries {
		if e.Name() == "pack.yaml" {
			l.openPack(dir)
			return
		}
	}
	found := 0
	for _, e := range entries {
		sub := filepath.Join(dir, e.Name())
		if info, err := os.Stat(sub); err != nil || !info.IsDir() || strings.HasPrefix(e.Name(), ".") {
			continue
		}
		if _, err := os.Lstat(filepath.Join(sub, "pack.yaml")); err != nil {
			if _, err := os.Lstat(filepath.Join(sub, "facts.yaml")); err == nil {
				l.rep.Add(Problem{File: sub, Message: "the folder has facts.yaml but no pack.yaml; write one, its first lines are schema, id, title and version"})
				found++
			}
			continue
		}
		if found++; found > MaxPacks {
			fail("the folder holds more than %d packs; name fewer", MaxPacks)
			return
		}
		l.openPack(sub)
	}
	if found > 0 {
		return
	}
	for _, e := range entries {
		if hint := misnamedFile(e.Name(), "pack", e.IsDir()); hint != "" && !e.IsDir() {
			fail("there is no pack.yaml here%s", hint)
			return
		}
	}
	for _, e := range entries {
		switch e.Name() {
		case "facts.yaml", "facts", "sources.yaml":
			fail("the folder has %s but no pack.yaml; write one, its first lines are schema, id, title and version", e.Name())
			return
		}
	}
	fail("there is no pack here: a pack is a folder that holds pack.yaml")
}

// openPack reads the pack in dir through os.Root, so that no link and no name in
// it can lead out of the folder. Links inside it work, as mounted configuration
// needs them.
func (l *loader) openPack(dir string) {
	root, err := os.OpenRoot(dir)
	if err != nil {
		l.rep.Add(Problem{File: dir, Message: fmt.Sprintf("the folder cannot be read: %v", strictyaml.Cause(err))})
		return
	}
	defer root.Close()
	l.pack(root.FS(), dir, dir)
}

func exists(fsys fs.FS, name string) bool {
	_, err := fs.Stat(fsys, name)
	return !errors.Is(err, fs.ErrNotExist)
}

// A packReader reads one pack.
type packReader struct {
	fsys     fs.FS
	rep      *strictyaml.Report
	pack     *Pack
	shown    string
	hash     map[string][32]byte // of every file that was read
	size     int
	sources  map[string]*csl.Source
	facts    map[string]*Fact
	pictures map[string][]byte // by the names of their files

	languagesKnown bool // if not, no language is called unknown

	// Whether every file of the kind could be read. If not, a missing id may
	// well be in the file that could not, and is not reported.
	sourcesWhole, factsWhole bool

	pending []pendingCite
	related []pendingRelated
}

// pack loads one pack and keeps it even if it has problems, so that the checks
// across packs see it.
func (l *loader) pack(fsys fs.FS, shown, dir string) {
	var rep strictyaml.Report
	r := &packReader{fsys: fsys, rep: &rep, shown: shown, pack: &Pack{Dir: dir, shown: shown},
		hash: map[string][32]byte{}, sources: map[string]*csl.Source{}, facts: map[string]*Fact{}, pictures: map[string][]byte{}}
	r.readPackFile()
	r.sourcesWhole = r.each("sources", "references", r.readSources)
	r.factsWhole = r.each("facts", "facts", r.readFacts)
	if r.factsWhole && len(r.pack.Facts) == 0 && rep.Errors() == 0 {
		r.problem("", "the pack holds no facts; write some into facts.yaml")
	}
	r.resolve()
	r.checkPhrasings()
	r.readEval()
	r.readUnanswered()
	r.readVersions()
	r.strayFiles()
	r.strayImages()
	r.pack.Hash = r.sum()
	l.rep.Merge(&rep)
	r.pack.warnings = rep.Problems()
	l.packs = append(l.packs, r.pack)
}

// problem adds an error that concerns a file as a whole.
func (r *packReader) problem(file, format string, args ...any) {
	r.rep.Add(Problem{File: r.name(file), Message: fmt.Sprintf(format, args...)})
}

// name returns the name of a file as problems show it.
func (r *packReader) name(file string) string {
	if r.shown == "" {
		return file
	}
	return path.Join(r.shown, file)
}

// read parses one file of the pack and takes it into the hash. Sources come from other
// programs.
func (r *packReader) read(file string) *strictyaml.Node {
	read := strictyaml.ReadFile
	if strings.HasPrefix(file, "sources") {
		read = strictyaml.ReadForeignFile
	}
	node, data := read(r.fsys, file, r.name(file), r.rep)
	if data != nil {
		r.hash[file] = sha256.Sum256(data)
		if r.size += len(data); r.size > MaxPack {
			r.problem(file, "the files of the pack have more than %d MB together; split it into several packs", MaxPack>>20)
			return nil
		}
	}
	return node
}

// each calls use for kind.yaml and for every kind/*.yaml. It reports whether all
// of them could be parsed and held the list that use looks for.
func (r *packReader) each(kind, key string, use func(*strictyaml.Node) bool) bool {
	var files []string
	if exists(r.fsys, kind+".yaml") {
		files = append(files, kind+".yaml")
	}
	entries, err := fs.ReadDir(r.fsys, kind)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		r.problem(kind, "the folder cannot be read: %v", strictyaml.Cause(err))
		return false
	}
	for _, e := range entries {
		if strings.HasPrefix(e.Name(), ".") {
			continue
		}
		file := path.Join(kind, e.Name())
		switch ext := path.Ext(e.Name()); {
		case ext == ".yaml":
			files = append(files, file)
		case ext == ".yml" || ext == ".json" || ext == ".txt":
			r.warn(file, "this file is not read; name it %s", strings.TrimSuffix(strings.TrimSuffix(file, ext), ".yaml")+".yaml")
		}
	}
	if len(files) > MaxFiles {
		r.problem(kind, "the folder holds %d files; at most %d are read", len(files), MaxFiles)
		return false
	}
	if len(files) == 0 {
		r.problem(kind+".yaml", "the file is not there; a pack needs %s.yaml or a folder %s with .yaml files%s", kind, kind, r.misnamed(kind))
		return false
	}
	whole := true
	for _, f := range files {
		node := r.read(f)
		if node == nil {
			whole = false
			continue
		}
		whole = use(node) && whole
	}
	return whole
}

// misnamed tells of a file or folder that was meant to be kind.yaml and has another name.
func (r *packReader) misnamed(kind string) string {
	entries, err := fs.ReadDir(r.fsys, ".")
	if err != nil {
		return ""
	}
	for _, e := range entries {
		if hint := misnamedFile(e.Name(), kind, e.IsDir()); hint != "" {
			return hint
		}
	}
	return ""
}

// misnamedFile is a hint for the end of a message: name was meant to be kind.yaml, or the folder
// kind. Windows hides the ending of a file that Notepad saved as facts.yaml.txt.
func misnamedFile(name, kind string, folder bool) string {
	stem, ending, _ := strings.Cut(strings.ToLower(name), ".")
	switch {
	case name == kind+".yaml" || name == kind && folder || strings.TrimSuffix(stem, "s") != strings.TrimSuffix(kind, "s"):
		return ""
	case folder:
		return fmt.Sprintf("; rename the folder %s to %s", name, kind)
	case strings.HasSuffix(ending, "txt"):
		return fmt.Sprintf("; rename %s to %s.yaml (Windows may hide the .txt: show the endings of files first)", name, kind)
	case ending == "json":
		return fmt.Sprintf("; rename %s to %s.yaml: JSON is read as it is", name, kind)
	case ending == "" || ending == "yml" || ending == "yaml":
		return fmt.Sprintf("; rename %s to %s.yaml", name, kind)
	}
	return ""
}

// warn adds a warning that concerns a file as a whole.
func (r *packReader) warn(file, format string, args ...any) {
	r.rep.Add(Problem{Severity: Warning, File: r.name(file), Message: fmt.Sprintf(format, args...)})
}

// fileStems are what a pack's files are called, without their ending.
var fileStems = []string{"pack", "sources", "facts", "eval", "unanswered"}

// strayFiles warns of files that no pack has and that somebody may take for one of its own:
// YAML, and what is called like a file of a pack.
func (r *packReader) strayFiles() {
	entries, err := fs.ReadDir(r.fsys, ".")
	if err != nil {
		return
	}
	for _, e := range entries {
		name := e.Name()
		ext := path.Ext(name)
		stem := strings.TrimSuffix(name, ext)
		switch {
		case e.IsDir() || strings.HasPrefix(name, ".") || ext == ".yaml" && slices.Contains(fileStems, stem):
		case name == "config.yaml": // not by this reader: by the program, if somebody names it
			r.warn(name, "this file is no part of a pack; it is read only where --config names it")
		case ext == ".yaml" || ext == ".yml":
			hint := "; facts in files of their own stand in the folder facts, sources in the folder sources"
			if s := strictyaml.Suggest(stem, fileStems); s != "" {
				hint = "; did you mean " + s + ".yaml?"
			}
			r.warn(name, "this file is no part of a pack and is not read%s", hint)
		default:
			for _, kind := range fileStems {
				if misnamedFile(name, kind, false) != "" && exists(r.fsys, kind+".yaml") && !r.oneFile(name, kind+".yaml") {
					r.warn(name, "this file is not read; only %s.yaml is", kind)
				}
			}
		}
	}
}

// oneFile reports whether two names are of the same file, as Facts.yaml and facts.yaml are on
// some systems.
func (r *packReader) oneFile(a, b string) bool {
	x, errX := fs.Stat(r.fsys, a)
	y, errY := fs.Stat(r.fsys, b)
	return errX == nil && errY == nil && os.SameFile(x, y)
}

// sum returns a hash over the names and contents of all files that were read.
func (r *packReader) sum() string {
	h := sha256.New()
	for _, n := range slices.Sorted(maps.Keys(r.hash)) {
		var length [8]byte
		binary.BigEndian.PutUint64(length[:], uint64(len(n)))
		h.Write(length[:]) // so that no name can run into what follows it
		h.Write([]byte(n))
		content := r.hash[n]
		h.Write(content[:])
	}
	return hex.EncodeToString(h.Sum(nil))
}

// readSources adds the references of one file to the pack. It reports whether the
// file held a list of them.
func (r *packReader) readSources(n *strictyaml.Node) (whole bool) {
	sources, whole := csl.Read(n, r.sources, r.pack.Languages...)
	for _, s := range sources {
		r.sources[s.ID] = s
	}
	r.pack.Sources = append(r.pack.Sources, sources...)
	return whole
}
