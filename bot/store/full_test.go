package store

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"
)

// A full disk ends in an error that says so, and what was kept can be read.
func TestFull(t *testing.T) {
	s, err := Open(filepath.Join(t.TempDir(), "footnote.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if err := s.Set(t.Context(), "first", "kept"); err != nil {
		t.Fatal(err)
	}
	// SQLite reports a file that may not grow exactly as a disk that is full.
	if _, err := s.back.(*file).db.Exec("PRAGMA max_page_count = 4"); err != nil {
		t.Fatal(err)
	}
	for i := 0; err == nil && i < 100; i++ {
		err = s.Set(t.Context(), fmt.Sprint(i), strings.Repeat("x", 4096))
	}
	if err == nil || !strings.Contains(err.Error(), "disk is full") {
		t.Errorf("Set on a full disk: %v", err)
	}
	if v, err := s.Get(t.Context(), "first"); v != "kept" || err != nil {
		t.Errorf("Get on a full disk: %q, %v", v, err)
	}
}
