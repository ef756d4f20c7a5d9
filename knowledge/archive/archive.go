// Package archive keeps packs in one file: a zip, or a tar.gz, with the files of a pack or
// folders of packs in it. What is read may come from anywhere: its size, its entries and
// where they would go are bounded. What is written has the same bytes for the same files,
// whoever writes it, so that its hash names it. The package knows nothing of what stands in
// the files.
package archive

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// The bounds of an archive. One that is over any of them is refused.
const (
	MaxSize     = 64 << 20  // bytes of the archive
	MaxUnpacked = 256 << 20 // bytes of all files in it
	MaxEntries  = 20_000
	maxDepth    = 8 // folders in folders
)

// Is reports whether name is that of an archive.
func Is(name string) bool { return kind(name) != "" }

func kind(name string) string {
	name = strings.ToLower(name)
	switch {
	case strings.HasSuffix(name, ".zip"):
		return "zip"
	case strings.HasSuffix(name, ".tar.gz"), strings.HasSuffix(name, ".tgz"):
		return "tar.gz"
	}
	return ""
}

// Unpack writes the files of the archive that data is into the folder dir, which is there
// and empty. What name ends with says what kind of archive it is. After an error, which is
// one sentence, dir may hold some of them.
func Unpack(data []byte, name, dir string) error { return unpack(data, name, dir, MaxUnpacked) }

func unpack(data []byte, name, dir string, most int64) error {
	if len(data) > MaxSize {
		return fmt.Errorf("the archive has more than %d MB", MaxSize>>20)
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return err
	}
	defer root.Close()
	u := &unpacking{root: root, most: most, left: most, seen: map[string]bool{}}
	switch kind(name) {
	case "zip":
		err = u.zip(data)
	case "tar.gz":
		err = u.tar(data)
	default:
		return errors.New("an archive of packs ends in .zip, .tar.gz or .tgz")
	}
	if err == nil && len(u.seen) == 0 {
		err = errors.New("the archive is empty")
	}
	return err
}

// An unpacking is an archive that is being unpacked.
type unpacking struct {
	root    *os.Root
	most    int64 // bytes of all files
	left    int64 // of them, those that may still come
	entries int
	seen    map[string]bool // names in lower case: some systems take two for one
}

func (u *unpacking) zip(data []byte) error {
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return errors.New("the archive is no zip, or a part of it is missing")
	}
	for _, f := range z.File {
		ok, err := u.admit(f.Name, f.Mode())
		if err != nil {
			return err
		}
		if !ok {
			continue
		}
		r, err := f.Open()
		if err != nil {
			return fmt.Errorf("%q in the archive cannot be read: it is encrypted or damaged", f.Name)
		}
		err = u.write(f.Name, r)
		r.Close()
		if err != nil {
			return err
		}
	}
	return nil
}

func (u *unpacking) tar(data []byte) error {
	z, err := gzip.NewReader(bytes.NewReader(data))
	if err != nil {
		return errors.New("the archive is no tar.gz, or a part of it is missing")
	}
	const perEntry = 4096 // of headers and padding
	t := tar.NewReader(io.LimitReader(z, u.most+MaxEntries*perEntry))
	for {
		h, err := t.Next()
		switch {
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return errors.New("the archive is no tar.gz, or is damaged or too large")
		}
		mode := h.FileInfo().Mode()
		if h.Typeflag == tar.TypeLink {
			mode |= fs.ModeSymlink
		}
		if h.Typeflag == tar.TypeXGlobalHeader {
			continue // what git archive begins with
		}
		ok, err := u.admit(h.Name, mode)
		if err == nil && ok {
			err = u.write(h.Name, t)
		}
		if err != nil {
			return err
		}
	}
}

// admit reports whether an entry is a file to be written.
func (u *unpacking) admit(name string, mode fs.FileMode) (bool, error) {
	if u.entries++; u.entries > MaxEntries {
		return false, fmt.Errorf("the archive has more than %d entries", MaxEntries)
	}
	clean := path.Clean(strings.TrimSuffix(name, "/"))
	switch {
	case strings.ContainsAny(name, "\\:\x00") || !filepath.IsLocal(filepath.FromSlash(clean)):
		return false, fmt.Errorf("%q in the archive would be written outside of its folder", name)
	case strings.Count(clean, "/") > maxDepth:
		return false, fmt.Errorf("%q in the archive lies in too many folders", name)
	case mode.IsDir():
		return false, nil
	case !mode.IsRegular():
		return false, fmt.Errorf("%q in the archive is no file: links and the like are not unpacked", name)
	case hidden(clean):
		return false, nil
	case u.seen[strings.ToLower(clean)]:
		return false, fmt.Errorf("%q is in the archive twice", name)
	}
	u.seen[strings.ToLower(clean)] = true
	return true, nil
}

// hidden reports whether a file is what systems put beside others: .DS_Store, __MACOSX.
func hidden(name string) bool {
	for part := range strings.SplitSeq(name, "/") {
		if strings.HasPrefix(part, ".") && part != "." || part == "__MACOSX" {
			return true
		}
	}
	return false
}

func (u *unpacking) write(name string, r io.Reader) error {
	name = path.Clean(name)
	if dir := path.Dir(name); dir != "." {
		if err := u.root.MkdirAll(filepath.FromSlash(dir), 0o700); err != nil {
			return fmt.Errorf("%q in the archive cannot be written: %w", name, plain(err))
		}
	}
	f, err := u.root.OpenFile(filepath.FromSlash(name), os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return fmt.Errorf("%q in the archive cannot be written: %w", name, plain(err))
	}
	n, err := io.Copy(f, io.LimitReader(r, u.left+1))
	if closed := f.Close(); err == nil {
		err = closed
	}
	u.left -= n
	switch {
	case u.left < 0:
		return fmt.Errorf("the files in the archive have more than %d MB", u.most>>20)
	case err != nil:
		return fmt.Errorf("%q in the archive is damaged, or cannot be written: %w", name, plain(err))
	}
	return nil
}

// plain is err without paths of this machine.
func plain(err error) error {
	var p *fs.PathError
	if errors.As(err, &p) {
		return p.Err
	}
	return err
}

// Write writes a zip of files, by their names with slashes. The same files make the same
// bytes: in order, without times, and stored as they are, since what compression makes of
// them changes from version to version of a library.
func Write(w io.Writer, files map[string][]byte) error {
	z := zip.NewWriter(w)
	for _, name := range slices.Sorted(maps.Keys(files)) {
		h := &zip.FileHeader{Name: name, Method: zip.Store, Modified: time.Time{}}
		h.SetMode(0o644)
		f, err := z.CreateHeader(h)
		if err != nil {
			return err
		}
		if _, err := f.Write(files[name]); err != nil {
			return err
		}
	}
	return z.Close()
}

// Files reads the files of the pack in the folder fsys, by their names with slashes: those
// that a pack has, and beside them what its authors say in LICENSE, README and the like.
func Files(fsys fs.FS) (map[string][]byte, error) {
	all := map[string][]byte{}
	total := 0
	err := fs.WalkDir(fsys, ".", func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case name == ".":
			return nil
		case hidden(name) || d.IsDir() && !slices.Contains(folders, name):
			if d.IsDir() {
				return fs.SkipDir
			}
			return nil
		case d.IsDir() || !belongs(name):
			return nil
		}
		text, err := fs.ReadFile(fsys, name)
		if err != nil {
			return err
		}
		if total += len(text); total > MaxSize {
			return fmt.Errorf("the files of the pack have more than %d MB", MaxSize>>20)
		}
		all[name] = text
		return nil
	})
	return all, err
}

// folders are those that a pack has.
var folders = []string{"facts", "sources", "images"}

func belongs(name string) bool {
	switch path.Ext(strings.ToLower(name)) {
	case ".yaml", ".yml", ".jsonl", ".png", ".jpg", ".jpeg":
		return true
	case ".md", ".txt", "":
		return !strings.Contains(name, "/")
	}
	return false
}
