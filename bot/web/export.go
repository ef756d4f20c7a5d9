package web

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
)

// Export writes all pages of a site into a folder and returns how many files that are. It
// stops at the first that cannot be written, and when ctx ends.
func (s *Site) Export(ctx context.Context, dir string) (files int, err error) {
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	e := &exporter{site: s, dir: dir}
	paths := make(chan string)
	var all sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		all.Go(func() {
			for p := range paths {
				if err := e.export(p); err != nil {
					stop(err)
				}
			}
		})
	}
	for p := range s.Paths() {
		if ctx.Err() != nil {
			break
		}
		if id, version, ok := strings.Cut(strings.TrimSuffix(strings.TrimPrefix(p, "f/"), "/"), "@"); ok && s.isNow(id, version) {
			continue // it is written with the page that it is the same as
		}
		paths <- p
	}
	close(paths)
	all.Wait()
	return int(e.files.Load()), context.Cause(ctx)
}

// isNow reports whether version is the one that the pack of the fact with that id has now.
func (s *Site) isNow(id, version string) bool {
	f := s.byID[id]
	return f != nil && f.Pack != nil && f.Pack.Version == version
}

// An exporter writes files below a folder.
type exporter struct {
	site  *Site
	dir   string
	made  sync.Map // folders that are there
	files atomic.Int64
}

// export writes what is at a path, and the page of a fact at its permalink too.
func (e *exporter) export(at string) error {
	f, ok, err := e.site.Page(at)
	switch {
	case err != nil:
		return err
	case !ok:
		return fmt.Errorf("there is no page %q", at) // a defect: a test makes every page
	}
	if err := e.write(at, f.Body); err != nil {
		return err
	}
	if id, isFact := strings.CutPrefix(at, "f/"); isFact && !strings.Contains(id, "@") {
		if x := e.site.byID[strings.TrimSuffix(id, "/")]; x != nil && x.Pack != nil && x.Pack.Version != "" {
			return e.write(factPath(x.ID+"@"+x.Pack.Version), f.Body)
		}
	}
	return nil
}

// write writes the file of a path; a page is the index.html of a folder.
func (e *exporter) write(at string, body []byte) error {
	name := at
	if at == "" || strings.HasSuffix(at, "/") {
		name += "index.html"
	}
	name = filepath.FromSlash(name)
	if !filepath.IsLocal(name) {
		return fmt.Errorf("the page %q would lie outside of the folder", at)
	}
	name = filepath.Join(e.dir, name)
	folder := filepath.Dir(name)
	if _, ok := e.made.Load(folder); !ok {
		if os.Mkdir(folder, 0o755) != nil { // it is there, or so is not the one above
			if err := os.MkdirAll(folder, 0o755); err != nil {
				return err
			}
		}
		e.made.Store(folder, true)
	}
	e.files.Add(1)
	return os.WriteFile(name, body, 0o644)
}
