package knowledge

import (
	"bytes"
	"errors"
	"io/fs"
	"path"
	"slices"
	"strings"
	"time"
)

// noFiles is a file system without any file.
type noFiles struct{}

func (noFiles) Open(name string) (fs.File, error) {
	return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
}

// An overlay is a file system with some files in place of its own, or added to
// them.
type overlay struct {
	fs.FS
	files map[string][]byte
}

func (o overlay) Open(name string) (fs.File, error) {
	if data, ok := o.files[name]; ok {
		return &overlaid{*bytes.NewReader(data), overlaidInfo{path.Base(name), len(data)}}, nil
	}
	return o.FS.Open(name)
}

func (o overlay) Stat(name string) (fs.FileInfo, error) {
	if data, ok := o.files[name]; ok {
		return overlaidInfo{path.Base(name), len(data)}, nil
	}
	info, err := fs.Stat(o.FS, name)
	return info, err
}

func (o overlay) ReadDir(name string) ([]fs.DirEntry, error) {
	entries, err := fs.ReadDir(o.FS, name)
	more := false
	for file, data := range o.files {
		if path.Dir(file) != name {
			continue
		}
		more = true
		base := path.Base(file)
		if !slices.ContainsFunc(entries, func(e fs.DirEntry) bool { return e.Name() == base }) {
			entries = append(entries, fs.FileInfoToDirEntry(overlaidInfo{base, len(data)}))
		}
	}
	if more && errors.Is(err, fs.ErrNotExist) {
		err = nil
	}
	slices.SortFunc(entries, func(a, b fs.DirEntry) int { return strings.Compare(a.Name(), b.Name()) })
	return entries, err
}

// An overlaid is an open file of an overlay.
type overlaid struct {
	bytes.Reader
	info overlaidInfo
}

func (f *overlaid) Stat() (fs.FileInfo, error) { return f.info, nil }
func (f *overlaid) Close() error               { return nil }

type overlaidInfo struct {
	name string
	size int
}

func (i overlaidInfo) Name() string       { return i.name }
func (i overlaidInfo) Size() int64        { return int64(i.size) }
func (i overlaidInfo) Mode() fs.FileMode  { return 0o644 }
func (i overlaidInfo) ModTime() time.Time { return time.Time{} }
func (i overlaidInfo) IsDir() bool        { return false }
func (i overlaidInfo) Sys() any           { return nil }
