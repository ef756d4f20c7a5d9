package web

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
)

// Export writes all pages of a site below root and returns how many files that are. It stops
// at the first that cannot be written, and when ctx ends.
func (s *Site) Export(ctx context.Context, root *os.Root) (files int, err error) {
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	paths := make(chan string)
	folders := &folders{root: root, made: map[string]bool{".": true}}
	var all sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		all.Go(func() {
			for p := range paths {
				if err := s.exportOne(folders, p); err != nil {
					stop(err)
				}
			}
		})
	}
	for p := range s.Paths() {
		if ctx.Err() != nil {
			break
		}
		paths <- p
		files++
	}
	close(paths)
	all.Wait()
	if err := context.Cause(ctx); err != nil {
		return files, err
	}
	return files, nil
}

// exportOne writes what is at a path; a page is the index.html of a folder.
func (s *Site) exportOne(to *folders, at string) error {
	f, ok, err := s.Page(at)
	switch {
	case err != nil:
		return err
	case !ok:
		return fmt.Errorf("there is no page %q", at) // a defect: a test makes every page
	}
	name := at
	if at == "" || strings.HasSuffix(at, "/") {
		name += "index.html"
	}
	name = filepath.FromSlash(name)
	if err := to.make(filepath.Dir(name)); err != nil {
		return err
	}
	return to.root.WriteFile(name, f.Body, 0o644)
}

// folders makes each folder once.
type folders struct {
	root *os.Root
	mu   sync.Mutex
	made map[string]bool
}

func (f *folders) make(dir string) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.made[dir] {
		return nil
	}
	f.made[dir] = true
	if err := f.root.MkdirAll(dir, 0o755); err != nil && !errors.Is(err, os.ErrExist) {
		return err
	}
	return nil
}
