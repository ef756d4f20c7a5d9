package knowledge

import (
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"footnote/knowledge/packtest"
	"footnote/knowledge/strictyaml"
)

// failing opens dirs and returns the error's text, with the temporary folder
// written as DIR.
func failing(t *testing.T, root string, dirs ...string) string {
	t.Helper()
	base, err := Open(dirs...)
	if err == nil {
		t.Fatalf("opened %v: %d packs", dirs, len(base.Packs))
	}
	return strings.ReplaceAll(err.Error(), root, "DIR")
}

func TestOpen(t *testing.T) {
	root := t.TempDir()
	one := packtest.Valid().Dir(t, filepath.Join(root, "packs", "one"))
	other := packtest.Valid().With("pack.yaml", "id: thaw", "id: other").
		With("facts.yaml", "id: secret-speech", "id: other-speech").With("facts.yaml", "id: speech-effect", "id: other-effect").
		With("facts.yaml", "[speech-effect]", "[other-effect]").With("pack.yaml", "fact: secret-speech", "fact: other-speech").
		With("eval.yaml", "secret-speech", "other-speech")
	other.Dir(t, filepath.Join(root, "packs", "two"))
	if err := os.MkdirAll(filepath.Join(root, "packs", ".git"), 0o755); err != nil {
		t.Fatal(err)
	}
	for _, dirs := range [][]string{{filepath.Join(root, "packs")}, {one, filepath.Join(root, "packs", "two")}} {
		base, err := Open(dirs...)
		if err != nil {
			t.Fatal(err)
		}
		if len(base.Packs) != 2 || len(base.Facts()) != 4 || base.Fact("other-effect") == nil || base.Packs[0].Dir != one {
			t.Errorf("%v: %d packs, %d facts", dirs, len(base.Packs), len(base.Facts()))
		}
	}
}

func TestOpenProblems(t *testing.T) {
	root := t.TempDir()
	packtest.Valid().Dir(t, filepath.Join(root, "one"))
	packtest.Valid().Dir(t, filepath.Join(root, "same-id"))
	packtest.Valid().With("pack.yaml", "id: thaw", "id: thaw-two").Dir(t, filepath.Join(root, "same-facts"))
	packtest.Valid().Without("pack.yaml").Dir(t, filepath.Join(root, "no-pack-yaml"))
	if err := os.MkdirAll(filepath.Join(root, "empty"), 0o755); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		dirs []string
		want string
	}{
		{nil, "no pack was named; name a folder that holds a pack.yaml"},
		{[]string{"missing"}, "DIR/missing: there is no such folder; name a folder that holds a pack.yaml, or a folder of such folders"},
		{[]string{"one/pack.yaml"}, "DIR/one/pack.yaml: this is a file; name the folder that holds pack.yaml"},
		{[]string{"empty"}, "DIR/empty: there is no pack here: a pack is a folder that holds pack.yaml"},
		{[]string{"no-pack-yaml"}, "DIR/no-pack-yaml: the folder has facts.yaml but no pack.yaml; write one, its first lines are schema, id, title and version"},
		{[]string{"one", "same-id"}, "DIR/same-id/pack.yaml: id: the pack id thaw is already taken by DIR/one/pack.yaml; every pack needs its own"},
		{[]string{"one", "same-facts"}, "DIR/same-facts/facts.yaml:18:5: facts[speech-effect].id: the id speech-effect is already taken in pack thaw (DIR/one/facts.yaml:18); fact ids must differ across packs\n" +
			"DIR/same-facts/facts.yaml:2:5: facts[secret-speech].id: the id secret-speech is already taken in pack thaw (DIR/one/facts.yaml:2); fact ids must differ across packs"},
		{[]string{"missing", "empty"}, "DIR/empty: there is no pack here: a pack is a folder that holds pack.yaml\n" +
			"DIR/missing: there is no such folder; name a folder that holds a pack.yaml, or a folder of such folders"},
	} {
		var dirs []string
		for _, d := range c.dirs {
			dirs = append(dirs, filepath.Join(root, d))
		}
		got := failing(t, root, dirs...)
		if !sameLines(got, c.want) {
			t.Errorf("%v\n got  %s\n want %s", c.dirs, got, c.want)
		}
	}
}

func sameLines(a, b string) bool {
	count := map[string]int{}
	for _, l := range strings.Split(a, "\n") {
		count[l]++
	}
	for _, l := range strings.Split(b, "\n") {
		count[l]--
	}
	for _, n := range count {
		if n != 0 {
			return false
		}
	}
	return true
}

// Links that stay in the pack work, since mounted configuration is made of them;
// links that leave it and files that are no files are refused without opening
// them.
func TestLinksAndIrregularFiles(t *testing.T) {
	root := t.TempDir()
	dir := packtest.Valid().Dir(t, filepath.Join(root, "pack", "..data"))
	pack := filepath.Dir(dir)
	for name := range packtest.Valid() {
		if err := os.Symlink(filepath.Join("..data", name), filepath.Join(pack, name)); err != nil {
			t.Skipf("links cannot be made here: %v", err)
		}
	}
	if _, err := Open(pack); err != nil {
		t.Fatalf("links inside the pack: %v", err)
	}
	if err := os.Symlink(pack, filepath.Join(root, "link")); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(filepath.Join(root, "link")); err != nil {
		t.Fatalf("a link to the pack: %v", err)
	}

	secret := filepath.Join(root, "secret.yaml")
	if err := os.WriteFile(secret, []byte("token: hush\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, target := range []string{secret, "../secret.yaml"} {
		replace(t, filepath.Join(pack, "facts.yaml"), func(p string) error { return os.Symlink(target, p) })
		got := failing(t, root, pack)
		if !strings.Contains(got, "DIR/pack/facts.yaml: this is a link that leads out of its folder; put the file itself there") || strings.Contains(got, "hush") {
			t.Errorf("link to %s: %s", target, got)
		}
	}
	replace(t, filepath.Join(pack, "facts.yaml"), func(p string) error { return os.Symlink("facts.yaml", p) })
	if got := failing(t, root, pack); !strings.Contains(got, "DIR/pack/facts.yaml: ") {
		t.Errorf("a link to itself: %s", got)
	}
	replace(t, filepath.Join(pack, "facts.yaml"), func(p string) error { return os.Mkdir(p, 0o755) })
	if got := failing(t, root, pack); !strings.Contains(got, "DIR/pack/facts.yaml: this is a folder; a file is expected") {
		t.Errorf("a folder: %s", got)
	}
}

func replace(t *testing.T, path string, make func(string) error) {
	t.Helper()
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	if err := make(path); err != nil {
		t.Fatal(err)
	}
}

// hugeFS serves every file with a hundred megabytes that exist only while they
// are read; it counts what is.
type hugeFS struct {
	fstest.MapFS
	huge     string
	lies     bool // Stat tells a small size
	consumed int
}

type hugeFile struct {
	fs.File
	fsys *hugeFS
}

type hugeInfo struct {
	fs.FileInfo
	size int64
}

func (i hugeInfo) Size() int64 { return i.size }

func (h *hugeFS) Open(name string) (fs.File, error) {
	f, err := h.MapFS.Open(name)
	if err != nil || name != h.huge {
		return f, err
	}
	return &hugeFile{f, h}, nil
}

func (h *hugeFS) Stat(name string) (fs.FileInfo, error) {
	i, err := h.MapFS.Stat(name)
	if err != nil || name != h.huge || h.lies {
		return i, err
	}
	return hugeInfo{i, 100 << 20}, nil
}

func (f *hugeFile) Read(p []byte) (int, error) {
	if f.fsys.consumed >= 100<<20 {
		return 0, io.EOF
	}
	for i := range p {
		p[i] = 'x'
	}
	f.fsys.consumed += len(p)
	return len(p), nil
}

func TestHundredMegabytes(t *testing.T) {
	for _, lies := range []bool{false, true} {
		h := &hugeFS{MapFS: packtest.Valid().FS(), huge: "facts.yaml", lies: lies}
		_, problems := Load(h, "thaw")
		if len(problems) != 1 || !strings.Contains(problems[0].Message, "plit it into several files") {
			t.Errorf("lies %v: %v", lies, problems)
		}
		if limit := 2 * strictyaml.MaxFile; h.consumed > limit {
			t.Errorf("lies %v: %d bytes were read", lies, h.consumed)
		}
		t.Log(problems)
	}
}

// A YAML bomb names lists inside lists; expanded it would be a billion texts.
func TestBomb(t *testing.T) {
	bomb := "a: &a [lol, lol, lol, lol, lol, lol, lol, lol, lol]\n"
	for c := 'b'; c <= 'i'; c++ {
		p := string(c - 1)
		bomb += string(c) + ": &" + string(c) + " [" + strings.Repeat("*"+p+", ", 8) + "*" + p + "]\n"
	}
	_, problems := Load(packtest.Valid().Set("facts.yaml", bomb+"facts: *i\n").Without("eval.yaml").FS(), "thaw")
	if len(problems) == 0 || len(problems) > strictyaml.MaxProblems+1 || !strings.Contains(problems[0].Message, "names a place for reuse") {
		t.Errorf("%d problems, the first %v", len(problems), problems[:min(1, len(problems))])
	}
}

// A large pack loads, and one in which every reference dangles is refused without
// comparing everything with everything.
func TestLargePack(t *testing.T) {
	const n = 3000
	build := func(source, related string) packtest.Files {
		var b strings.Builder
		b.WriteString("facts:\n")
		for i := range n {
			fmt.Fprintf(&b, "  - {id: fact-%d, status: established, questions: [What is number %d?], answer: Number., cites: [{source: %s}], related: [%s-%d]}\n",
				i, i, source, related, (i+1)%n)
		}
		return packtest.Valid().Set("facts.yaml", b.String()).Without("eval.yaml")
	}
	p, problems := Load(build("archer1990", "fact").FS(), "")
	if p == nil || len(p.Facts) != n {
		t.Fatal(problems)
	}
	if _, problems = Load(build("archer1991", "fakt").FS(), ""); len(problems) != strictyaml.MaxProblems+1 {
		t.Errorf("%d problems", len(problems))
	}
}

// A hostile file cannot fill a terminal.
func TestManyProblems(t *testing.T) {
	var b strings.Builder
	b.WriteString("facts:\n")
	for range 5000 {
		b.WriteString("  - {id: A B, status: x, nonsense: " + strings.Repeat("y", 500) + "}\n")
	}
	_, problems := Load(packtest.Valid().Set("facts.yaml", b.String()).Without("eval.yaml").FS(), "thaw")
	if n := len(problems); n > strictyaml.MaxProblems+2 {
		t.Errorf("%d problems", n)
	}
	size := 0
	for _, p := range problems {
		size += len(p.String())
	}
	if size > 500_000 {
		t.Errorf("%d bytes of problems", size)
	}
	// Five problems in each of 5000 facts: key, id, status, questions, answer.
	if last := problems[len(problems)-1].Message; last != fmt.Sprintf("%d more problems are not shown; correct these first and run again", 5*5000-strictyaml.MaxProblems) {
		t.Errorf("last: %s", last)
	}
}
