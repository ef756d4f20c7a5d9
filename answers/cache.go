package answers

import (
	"embed"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"time"

	"footnote/answers/encoder"
	"footnote/knowledge"
)

// Models of the packs that are part of the program ship with it.
//
//go:embed shipped
var shipped embed.FS

// modelFile is the name of the model of a key.
func modelFile(key string) string { return key[:24] + ".model" }

// obtain finds the model of base among those that ship, then in the cache, and
// else learns it. A model that was learned with the encoder serves without it
// too.
func obtain(base *knowledge.Base, ix *index, withEncoder bool, cacheDir string) *model {
	key := modelKey(base, true)
	for _, from := range []fs.FS{shippedModels(), folder(cacheDir)} {
		if m := lookUp(from, key); m != nil {
			return m
		}
	}
	var codes *encodings
	if enc := encoderIf(withEncoder); enc != nil {
		codes = newEncodings(enc)
	} else {
		key = modelKey(base, false)
		if m := lookUp(folder(cacheDir), key); m != nil {
			return m
		}
	}
	m := learn(ix, codes)
	if m.retriever != nil { // nothing was learned that would be worth keeping
		m.cheapCal = calibrateRetrieval(ix, m.retriever)
		return m
	}
	m.cheapCal, m.fullCal = calibrate(base, codes)
	store(cacheDir, key, m)
	return m
}

func shippedModels() fs.FS {
	sub, err := fs.Sub(shipped, "shipped")
	if err != nil {
		return nil
	}
	return sub
}

func folder(dir string) fs.FS {
	if dir == "" {
		return nil
	}
	return os.DirFS(dir)
}

func lookUp(from fs.FS, key string) *model {
	if from == nil || key == "" {
		return nil
	}
	data, err := fs.ReadFile(from, modelFile(key))
	if err != nil {
		return nil
	}
	m, err := recall(data, key)
	if err != nil {
		return nil
	}
	return m
}

// store keeps m for the next start: written whole under another name first, so
// that a process that dies half way leaves no half model.
func store(dir, key string, m *model) {
	if dir == "" || key == "" {
		return
	}
	data, err := m.keep(key)
	if err != nil || os.MkdirAll(dir, 0o755) != nil {
		return
	}
	f, err := os.CreateTemp(dir, "model-*")
	if err != nil {
		return
	}
	prune(dir)
	_, err = f.Write(data)
	if closeErr := f.Close(); err != nil || closeErr != nil || os.Rename(f.Name(), filepath.Join(dir, modelFile(key))) != nil {
		os.Remove(f.Name())
	}
}

// cached is how many models a cache keeps: every change of a pack makes another.
const cached = 16

// prune removes the oldest models beyond cached.
func prune(dir string) {
	names, err := filepath.Glob(filepath.Join(dir, "*.model"))
	if err != nil || len(names) < cached {
		return
	}
	age := map[string]time.Time{}
	for _, n := range names {
		if info, err := os.Stat(n); err == nil {
			age[n] = info.ModTime()
		}
	}
	slices.SortFunc(names, func(a, b string) int { return age[a].Compare(age[b]) })
	for _, n := range names[:len(names)-cached+1] {
		os.Remove(n)
	}
}

// Ship learns base with the encoder and returns its model as a file to be put
// into the folder shipped, with its name.
func Ship(base *knowledge.Base) (name string, data []byte, err error) {
	enc, err := encoder.Load()
	if err != nil {
		return "", nil, err
	}
	codes := newEncodings(enc)
	m := learn(newIndex(base), codes)
	if m.retriever != nil {
		return "", nil, fmt.Errorf("%d facts are too many for a model that ships", len(base.Facts()))
	}
	m.cheapCal, m.fullCal = calibrate(base, codes)
	key := modelKey(base, true)
	data, err = m.keep(key)
	return modelFile(key), data, err
}

// Shipped reports whether a model of base ships with the program.
func Shipped(base *knowledge.Base) bool {
	return lookUp(shippedModels(), modelKey(base, true)) != nil
}

// encoderIf is the encoder if it is wanted and there.
func encoderIf(wanted bool) *encoder.Encoder {
	if !wanted {
		return nil
	}
	enc, err := encoder.Load()
	if err != nil { // the program was built from damaged weights, which its tests exclude
		return nil
	}
	return enc
}
