package draft

import (
	"crypto/sha256"
	"encoding/hex"
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
		for _, sub := range foldersOf(name) {
			sub = filepath.Join(dir, filepath.FromSlash(sub))
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

// foldersOf returns the folders that a file called name stands in, the outermost
// first.
func foldersOf(name string) []string {
	var out []string
	for i, r := range name {
		if r == '/' {
			out = append(out, name[:i])
		}
	}
	return out
}

// unfinished is the name of a file that lists what an import wrote that was not
// whole. A second try may replace it, as long as nobody has changed it.
const unfinished = ".incomplete-import"

// WriteImport is [WriteFolder] for what an import made. It may replace what an
// import wrote that was incomplete, if nobody has changed it since.
func WriteImport(dir string, files map[string][]byte, incomplete bool) error {
	old, err := replaceable(dir)
	if err != nil {
		return err
	}
	for _, name := range slices.Backward(old) {
		if err := os.Remove(filepath.Join(dir, filepath.FromSlash(name))); err != nil {
			return fmt.Errorf("what an earlier import wrote cannot be replaced: %w", strictyaml.Cause(err))
		}
	}
	if incomplete {
		var list strings.Builder
		list.WriteString("This pack was imported incompletely. Importing into this folder again replaces these files while nobody has changed them.\n")
		for _, name := range slices.Sorted(maps.Keys(files)) {
			sum := sha256.Sum256(files[name])
			list.WriteString(hex.EncodeToString(sum[:]) + "  " + name + "\n")
		}
		files = maps.Clone(files)
		files[unfinished] = []byte(list.String())
	}
	return WriteFolder(dir, files)
}

// ImportFolder reports, as an error, why an import cannot be written into dir.
func ImportFolder(dir string) error {
	_, err := replaceable(dir)
	return err
}

// replaceable returns the files and folders in dir that an incomplete import wrote,
// the outermost first. It is an error if anything else is there.
func replaceable(dir string) ([]string, error) {
	list, err := os.ReadFile(filepath.Join(dir, unfinished))
	if err != nil {
		return nil, EmptyFolder(dir)
	}
	sums := map[string]string{}
	for line := range strings.Lines(string(list)) {
		if sum, name, ok := strings.Cut(strings.TrimSpace(line), "  "); ok {
			sums[name] = sum
		}
	}
	var out []string
	err = filepath.WalkDir(dir, func(full string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name, err := filepath.Rel(dir, full)
		name = filepath.ToSlash(name)
		switch {
		case err != nil:
			return err
		case name == ".":
			return nil
		case name == unfinished:
		case d.IsDir():
			if !slices.ContainsFunc(slices.Collect(maps.Keys(sums)), func(f string) bool { return strings.HasPrefix(f, name+"/") }) {
				return fmt.Errorf("the folder %s holds something that no import wrote (%s); name a folder that is empty or not there yet", dir, name)
			}
		default:
			data, err := os.ReadFile(full)
			sum := sha256.Sum256(data)
			if err != nil || sums[name] != hex.EncodeToString(sum[:]) {
				return fmt.Errorf("the folder %s holds an incomplete import, and %s has been changed since; name a folder that is empty or not there yet", dir, name)
			}
		}
		out = append(out, name)
		return nil
	})
	return out, err
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
