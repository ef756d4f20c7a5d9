package draft

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"footnote/knowledge/strictyaml"
)

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

// replaceIn writes data in place of name at once: a reader sees the old text or
// the new one. A link is followed by root, within the folder only, so the file
// that it leads to is written in place.
func replaceIn(root *os.Root, name string, data []byte) error {
	info, err := root.Lstat(name)
	if err != nil {
		return err
	}
	if !info.Mode().IsRegular() {
		return root.WriteFile(name, data, info.Mode().Perm())
	}
	temp := name + ".fixing"
	f, err := root.OpenFile(temp, os.O_WRONLY|os.O_CREATE|os.O_EXCL, info.Mode().Perm())
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	err = errors.Join(err, f.Sync(), f.Close())
	if err == nil {
		err = root.Rename(temp, name)
	}
	if err != nil {
		err = errors.Join(err, root.Remove(temp))
	}
	return err
}
