package watch

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"hash"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// A snapshot is what the files looked like at one time, as two hashes.
type snapshot struct {
	stamp   string // of names, sizes and times: cheap, and may change without the content
	content string
}

// Bounds that lie above those of a folder of packs: beyond them loading fails.
const (
	maxFolders = 1000
	maxRead    = 64 << 20 // bytes of one file that count as its content
)

// subfolders are the folders of a pack whose files count.
var subfolders = [...]string{"facts", "sources", "images"}

// isImage reports whether a file with that ending may be a picture of a fact.
func isImage(dir, ext string) bool {
	return filepath.Base(dir) == "images" && (ext == ".jpg" || ext == ".jpeg" || ext == ".png")
}

// takeSnapshot reads the files.
func takeSnapshot(dirs []string) snapshot {
	stamp, content := sha256.New(), sha256.New()
	each(dirs, func(path string, info os.FileInfo, err error) {
		writeStamp(stamp, path, info, err)
		fmt.Fprintf(content, "%q\x00", path)
		if err != nil {
			fmt.Fprintf(content, "%v\x00", os.IsNotExist(err))
			return
		}
		f, err := os.Open(path)
		if err != nil {
			io.WriteString(content, "closed\x00")
			return
		}
		defer f.Close()
		own := sha256.New()
		if _, err := io.Copy(own, io.LimitReader(f, maxRead)); err != nil {
			io.WriteString(own, "unreadable")
		}
		content.Write(own.Sum(nil))
	})
	return snapshot{hex.EncodeToString(stamp.Sum(nil)), hex.EncodeToString(content.Sum(nil))}
}

// stampOf returns the stamp of a snapshot alone; it opens no file.
func stampOf(dirs []string) string {
	stamp := sha256.New()
	each(dirs, func(path string, info os.FileInfo, err error) { writeStamp(stamp, path, info, err) })
	return hex.EncodeToString(stamp.Sum(nil))
}

// writeStamp writes what is known of a file without opening it.
func writeStamp(to hash.Hash, path string, info os.FileInfo, err error) {
	if err != nil {
		fmt.Fprintf(to, "%q %v\x00", path, os.IsNotExist(err))
		return
	}
	fmt.Fprintf(to, "%q %d %d\x00", path, info.Size(), info.ModTime().UnixNano())
}

// each calls f for every file that loading dirs would read, in a fixed order,
// links followed. Pipes and devices, which reading might wait for, are left out.
func each(dirs []string, f func(path string, info os.FileInfo, err error)) {
	for _, dir := range foldersOf(dirs) {
		if info, err := os.Stat(dir); err == nil && info.Mode().IsRegular() { // an archive
			f(dir, info, nil)
			continue
		}
		entries, err := os.ReadDir(dir)
		if err != nil {
			f(dir, nil, err)
			continue
		}
		for _, e := range entries {
			ext := filepath.Ext(e.Name())
			if strings.HasPrefix(e.Name(), ".") || ext != ".yaml" && ext != ".yml" && !isImage(dir, ext) {
				continue
			}
			path := filepath.Join(dir, e.Name())
			if info, err := os.Stat(path); err != nil || info.Mode().IsRegular() {
				f(path, info, err)
			}
		}
	}
}

// foldersOf returns the folders whose files count: dirs, the packs in them, and
// the folders of each pack. A dir that is not there is among them all the same.
func foldersOf(dirs []string) []string {
	var all []string
	add := func(pack string) {
		all = append(all, pack)
		for _, name := range subfolders {
			if sub := filepath.Join(pack, name); isDir(sub) {
				all = append(all, sub)
			}
		}
	}
	for _, dir := range dirs {
		add(dir)
		if _, err := os.Lstat(filepath.Join(dir, "pack.yaml")); err == nil {
			continue
		}
		entries, err := os.ReadDir(dir)
		if err != nil {
			continue
		}
		for _, e := range entries {
			sub := filepath.Join(dir, e.Name())
			if len(all) < maxFolders && !strings.HasPrefix(e.Name(), ".") && !slices.Contains(subfolders[:], e.Name()) && isDir(sub) {
				add(sub)
			}
		}
	}
	return all
}

func isDir(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.IsDir()
}
