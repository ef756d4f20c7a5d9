package web

import (
	"fmt"
	"os"
	"strings"
	"testing"
	"testing/fstest"

	"footnote/knowledge"
	"footnote/knowledge/packtest"
)

// small is the site of a small pack.
func small(t testing.TB, files packtest.Files, c Config) *Site {
	t.Helper()
	return New(baseOf(t, files), c)
}

func baseOf(t testing.TB, files packtest.Files) *knowledge.Base {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		if err := os.WriteFile(dir+"/"+strings.ReplaceAll(name, "/", "-"), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	base, err := knowledge.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	return base
}

// body is the text of a page.
func body(t testing.TB, s *Site, path string) string {
	t.Helper()
	f, ok, err := s.Page(path)
	if err != nil || !ok {
		t.Fatalf("%q: %v, %v", path, ok, err)
	}
	return string(f.Body)
}

var _ = fmt.Sprint
var _ fstest.MapFS

// Every path that is listed has a page.
func TestEveryPage(t *testing.T) {
	for _, c := range []Config{{}, {URL: "https://example.org/history", Languages: []string{"de", "uk"}}} {
		s := small(t, packtest.Valid(), c)
		n := 0
		for p := range s.Paths() {
			n++
			if text := body(t, s, p); text == "" {
				t.Errorf("%q is empty", p)
			}
		}
		if n < 40 {
			t.Errorf("%d paths", n)
		}
	}
}
