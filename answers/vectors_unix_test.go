//go:build unix

package answers

import (
	"os"
	"path/filepath"
	"syscall"
	"testing"
)

// What stands where vectors are kept and is no file of theirs is neither waited for nor
// read into memory, and what it stands in the way of is made again.
func TestVectorsThatAreNone(t *testing.T) {
	texts := []string{"one"}
	for name, put := range map[string]func(path string) error{
		"a pipe":   func(path string) error { return syscall.Mkfifo(path, 0o644) },
		"a device": func(path string) error { return os.Symlink("/dev/zero", path) },
		"a huge one": func(path string) error {
			return errorsOf(os.WriteFile(path, vectorsHead(), 0o644), os.Truncate(path, 6<<30))
		},
		"a head": func(path string) error { return os.WriteFile(path, vectorsHead()[:5], 0o644) },
	} {
		dir := t.TempDir()
		if err := put(filepath.Join(dir, vectorsFile)); err != nil {
			t.Skip(err)
		}
		s := openVectors(dir)
		if len(s.missing(texts)) != 1 {
			t.Errorf("%s holds vectors", name)
		}
		s.append([][]byte{record(keyOf("one"), make([]float32, dims))})
	}
}

func errorsOf(all ...error) error {
	for _, err := range all {
		if err != nil {
			return err
		}
	}
	return nil
}
