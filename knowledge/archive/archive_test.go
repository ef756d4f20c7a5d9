package archive

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/gzip"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
)

// An entry is one of an archive that a test makes.
type entry struct {
	name, text string
	mode       os.FileMode
}

func zipOf(t testing.TB, all ...entry) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, e := range all {
		h := &zip.FileHeader{Name: e.name, Method: zip.Deflate}
		h.SetMode(e.mode | 0o644)
		w, err := z.CreateHeader(h)
		if err == nil {
			_, err = w.Write([]byte(e.text))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func tarOf(t testing.TB, all ...entry) []byte {
	t.Helper()
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	w := tar.NewWriter(z)
	for _, e := range all {
		h := &tar.Header{Name: e.name, Mode: 0o644, Size: int64(len(e.text)), Typeflag: tar.TypeReg}
		switch {
		case e.mode&os.ModeSymlink != 0:
			h.Typeflag, h.Linkname, h.Size = tar.TypeSymlink, e.text, 0
		case e.mode&os.ModeDir != 0:
			h.Typeflag, h.Size = tar.TypeDir, 0
		case e.mode&os.ModeDevice != 0:
			h.Typeflag, h.Linkname, h.Size = tar.TypeLink, e.text, 0
		}
		if err := w.WriteHeader(h); err != nil {
			t.Fatal(err)
		}
		if h.Size > 0 {
			if _, err := w.Write([]byte(e.text)); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestUnpack(t *testing.T) {
	good := []entry{
		{"village/", "", os.ModeDir}, {"village/pack.yaml", "id: village", 0}, {"village/facts/a.yaml", "facts: []", 0},
		{"village/.DS_Store", "x", 0}, {"__MACOSX/village/._pack.yaml", "x", 0},
	}
	for name, data := range map[string][]byte{"a.zip": zipOf(t, good...), "a.tar.gz": tarOf(t, good...), "A.TGZ": tarOf(t, good...)} {
		dir := t.TempDir()
		if err := Unpack(data, name, dir); err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if text, err := os.ReadFile(filepath.Join(dir, "village", "facts", "a.yaml")); err != nil || string(text) != "facts: []" {
			t.Errorf("%s: %q, %v", name, text, err)
		}
		for _, left := range []string{"village/.DS_Store", "__MACOSX"} {
			if _, err := os.Stat(filepath.Join(dir, left)); err == nil {
				t.Errorf("%s: %s was unpacked", name, left)
			}
		}
	}
}

func TestUnpackRefuses(t *testing.T) {
	const most = 1 << 20 // of the test, so that a bomb need not be large
	bomb := strings.Repeat("\x00", most/4)
	for what, x := range map[string]struct {
		name string
		data []byte
		want string
	}{
		"out":            {"a.zip", zipOf(t, entry{"../out.yaml", "x", 0}), "outside of its folder"},
		"out of tar":     {"a.tgz", tarOf(t, entry{"a/../../out.yaml", "x", 0}), "outside of its folder"},
		"absolute":       {"a.tgz", tarOf(t, entry{"/etc/out.yaml", "x", 0}), "outside of its folder"},
		"of Windows":     {"a.zip", zipOf(t, entry{`..\out.yaml`, "x", 0}), "outside of its folder"},
		"a drive":        {"a.zip", zipOf(t, entry{"c:/out.yaml", "x", 0}), "outside of its folder"},
		"a link":         {"a.zip", zipOf(t, entry{"a", "/etc/passwd", os.ModeSymlink}), "links and the like"},
		"a link of tar":  {"a.tgz", tarOf(t, entry{"a", "/etc/passwd", os.ModeSymlink}), "links and the like"},
		"a hard link":    {"a.tgz", tarOf(t, entry{"a", "/etc/passwd", os.ModeDevice}), "links and the like"},
		"twice":          {"a.zip", zipOf(t, entry{"pack.yaml", "x", 0}, entry{"Pack.yaml", "y", 0}), "twice"},
		"a bomb":         {"a.zip", zipOf(t, entry{"1", bomb, 0}, entry{"2", bomb, 0}, entry{"3", bomb, 0}, entry{"4", bomb + "x", 0}), "more than 1 MB"},
		"deep":           {"a.zip", zipOf(t, entry{strings.Repeat("a/", 20) + "x.yaml", "x", 0}), "too many folders"},
		"empty":          {"a.zip", zipOf(t), "empty"},
		"nothing":        {"a.zip", nil, "no zip"},
		"no zip":         {"a.zip", []byte("hello"), "no zip"},
		"no tar":         {"a.tar.gz", []byte("hello"), "no tar.gz"},
		"cut":            {"a.tar.gz", tarOf(t, entry{"a.yaml", strings.Repeat("ab", 10_000), 0})[:60], "damaged"},
		"no archive":     {"a.rar", []byte("x"), "ends in"},
		"a file in file": {"a.zip", zipOf(t, entry{"a", "x", 0}, entry{"a/b", "x", 0}), "cannot be written"},
	} {
		dir := filepath.Join(t.TempDir(), "inside")
		if err := os.Mkdir(dir, 0o700); err != nil {
			t.Fatal(err)
		}
		err := unpack(x.data, x.name, dir, most)
		if err == nil || !strings.Contains(err.Error(), x.want) || strings.Contains(err.Error(), dir) {
			t.Errorf("%s: %v, want %q", what, err, x.want)
		}
		if all, _ := filepath.Glob(filepath.Join(filepath.Dir(dir), "*")); len(all) != 1 {
			t.Errorf("%s: there is %v outside", what, all)
		}
	}
	many := make([]entry, MaxEntries+1)
	for i := range many {
		many[i] = entry{"d/", "", os.ModeDir}
	}
	if err := Unpack(tarOf(t, many...), "a.tgz", t.TempDir()); err == nil || !strings.Contains(err.Error(), "entries") {
		t.Errorf("too many: %v", err)
	}
}

// The same files make the same bytes, and come back.
func TestWrite(t *testing.T) {
	pack := fstest.MapFS{
		"pack.yaml": {Data: []byte("id: p")}, "facts/a.yaml": {Data: []byte("facts")}, "images/x.png": {Data: []byte("png")}, "versions.jsonl": {Data: []byte("{}")},
		"LICENSE": {Data: []byte("CC0")}, ".git/config": {Data: []byte("secret")}, "state/footnote.db": {Data: []byte("secret")}, "config.key": {Data: []byte("secret")},
	}
	files, err := Files(pack)
	if err != nil {
		t.Fatal(err)
	}
	if len(files) != 5 {
		t.Errorf("files %v", files)
	}
	var one, two bytes.Buffer
	for _, b := range []*bytes.Buffer{&one, &two} {
		if err := Write(b, files); err != nil {
			t.Fatal(err)
		}
	}
	if !bytes.Equal(one.Bytes(), two.Bytes()) {
		t.Error("the same files make different archives")
	}
	dir := t.TempDir()
	if err := Unpack(one.Bytes(), "p.zip", dir); err != nil {
		t.Fatal(err)
	}
	for name, text := range files {
		if got, err := os.ReadFile(filepath.Join(dir, name)); err != nil || !bytes.Equal(got, text) {
			t.Errorf("%s: %q, %v", name, got, err)
		}
	}
}

// FuzzUnpack: whatever an archive holds, nothing is written outside of its folder.
func FuzzUnpack(f *testing.F) {
	f.Add(zipOf(f, entry{"pack.yaml", "id: p", 0}), true)
	f.Add(tarOf(f, entry{"a/pack.yaml", "id: p", 0}, entry{"a/l", "x", os.ModeSymlink}), false)
	f.Add(zipOf(f, entry{"../x", "y", 0}), true)
	f.Fuzz(func(t *testing.T, data []byte, zip bool) {
		dir := filepath.Join(t.TempDir(), "inside")
		if err := os.Mkdir(dir, 0o700); err != nil {
			t.Fatal(err)
		}
		name := "a.tgz"
		if zip {
			name = "a.zip"
		}
		_ = Unpack(data, name, dir)
		if all, _ := filepath.Glob(filepath.Join(filepath.Dir(dir), "*")); len(all) != 1 {
			t.Errorf("there is %v outside", all)
		}
	})
}
