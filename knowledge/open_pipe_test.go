//go:build unix

package knowledge

import (
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"footnote/knowledge/packtest"
)

// Whoever opens a pipe waits for somebody to write into it, so a pipe must be
// recognised without being opened.
func TestPipe(t *testing.T) {
	root := t.TempDir()
	pack := packtest.Valid().Dir(t, filepath.Join(root, "pack"))
	replace(t, filepath.Join(pack, "facts.yaml"), func(p string) error { return syscall.Mkfifo(p, 0o600) })
	done := make(chan string, 1)
	go func() {
		_, err := Open(pack)
		done <- err.Error()
	}()
	select {
	case got := <-done:
		if !strings.Contains(got, "this is not an ordinary file; put the file itself there") {
			t.Errorf("a pipe: %s", got)
		}
	case <-time.After(10 * time.Second):
		t.Fatal("a pipe in the pack blocks loading")
	}
}
