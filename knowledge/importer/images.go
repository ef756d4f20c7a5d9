package importer

import (
	"io"
	"os"
	"path/filepath"
	"strings"

	"footnote/knowledge"
	"footnote/knowledge/draft"
)

// imagesOf returns the files of the pictures of a fact, as far as they lie beside the file
// that is imported, in the folder images, as in a pack.
func (m *maker) imagesOf(fact draft.Object) map[string][]byte {
	var out map[string][]byte
	for _, x := range fact.List("images") {
		image, _ := x.(draft.Object)
		name := image.Text("file")
		if !strings.HasPrefix(name, "images/") {
			continue
		}
		if data := m.beside(name); data != nil {
			if out == nil {
				out = map[string][]byte{}
			}
			out[name] = data
		}
	}
	return out
}

// beside returns a file in the folder of the one that is imported, and no more of it than
// shows that it is too large; nil if there is none.
func (m *maker) beside(name string) []byte {
	root, err := os.OpenRoot(filepath.Dir(m.file))
	if err != nil {
		return nil
	}
	defer root.Close()
	f, err := root.Open(filepath.FromSlash(name))
	if err != nil {
		return nil
	}
	defer f.Close()
	if info, err := f.Stat(); err != nil || !info.Mode().IsRegular() {
		return nil
	}
	data, err := io.ReadAll(io.LimitReader(f, knowledge.MaxImageFile+1))
	if err != nil {
		return nil
	}
	return data
}
