package main

import (
	"context"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// A tape is output that a test can wait on.
type tape struct {
	mu   sync.Mutex
	text string
	read int           // up to where it was waited for
	more chan struct{} // closed and replaced on every write
}

func newTape() *tape { return &tape{more: make(chan struct{})} }

func (x *tape) Write(p []byte) (int, error) {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.text += string(p)
	close(x.more)
	x.more = make(chan struct{})
	return len(p), nil
}

// wait waits until want stands behind what was waited for before.
func (x *tape) wait(t *testing.T, want string) {
	t.Helper()
	late := time.After(patience)
	for {
		x.mu.Lock()
		i := strings.Index(x.text[x.read:], want)
		if i >= 0 {
			x.read += i + len(want)
			x.mu.Unlock()
			return
		}
		more, rest := x.more, x.text[x.read:]
		x.mu.Unlock()
		select {
		case <-more:
		case <-late:
			t.Fatalf("%q did not come, but:\n%s", want, rest)
		}
	}
}

// ownVillage is a copy of the village pack that a test may change.
func ownVillage(t *testing.T) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "village")
	if err := os.CopyFS(dir, os.DirFS(village)); err != nil {
		t.Fatal(err)
	}
	return dir
}

// change saves a file as editors do, in one step, with old replaced.
func change(t *testing.T, path, old, new string) {
	t.Helper()
	text := readText(t, path)
	if !strings.Contains(text, old) {
		t.Fatalf("%s does not hold %q", path, old)
	}
	half := filepath.Join(filepath.Dir(path), ".half")
	if err := os.WriteFile(half, []byte(strings.ReplaceAll(text, old, new)), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(half, path); err != nil {
		t.Fatal(err)
	}
}

// TestChatTakesAPackThatChanges is a curator who writes beside the chat.
func TestChatTakesAPackThatChanges(t *testing.T) {
	dir := ownVillage(t)
	facts := filepath.Join(dir, "facts.yaml")
	in, say := io.Pipe()
	out, log := newTape(), newTape()
	ended := make(chan int, 1)
	ctx, cancel := context.WithCancel(t.Context())
	go func() {
		ended <- run(ctx, []string{"chat", "--knowledge", dir}, []string{"FOOTNOTE_LOG_LEVEL=debug", "FOOTNOTE_MATCHER_ENCODER=off"}, stdio{In: in, Out: out, Err: log})
	}()
	defer func() {
		cancel()
		_ = say.Close()
		<-ended
	}()
	ask := func(line, want string) {
		t.Helper()
		if _, err := io.WriteString(say, line+"\n"); err != nil {
			t.Fatal(err)
		}
		out.wait(t, want)
	}
	ask(known, "cast in 1712")

	change(t, facts, "cast in 1712", "cast in 1713")
	log.wait(t, "pack reloaded")
	ask(known, "cast in 1713")

	change(t, facts, "status: attributed", "status: rumoured")
	log.wait(t, "answering from the ones before")
	log.wait(t, "rumoured") // the log says what is wrong
	ask(known, "cast in 1713")
	ask("/about", "could not be loaded")
	out.wait(t, "facts.yaml:")
	if strings.Contains(out.text, dir) {
		t.Error("/about tells everybody where the pack lies")
	}

	change(t, facts, "status: rumoured", "status: attributed")
	log.wait(t, "packs are what they were")
	out.read = len(out.text)
	ask("/about", "Attributed – 1")
	ask("thanks", "welcome")
	if strings.Count(out.text, "could not be loaded") != 1 {
		t.Errorf("/about still tells of a fault that is mended:\n%s", out.text)
	}

	hangUp(t)
	log.wait(t, "because=SIGHUP")

	if err := os.Rename(dir, dir+".gone"); err != nil {
		t.Fatal(err)
	}
	log.wait(t, "no such folder")
	ask(known, "cast in 1713")
	if err := os.Rename(dir+".gone", dir); err != nil {
		t.Fatal(err)
	}
	log.wait(t, "packs are what they were")
}

func hangUp(t *testing.T) {
	t.Helper()
	self, err := os.FindProcess(os.Getpid())
	if err == nil {
		err = self.Signal(syscall.SIGHUP)
	}
	if err != nil {
		t.Fatal(err)
	}
}
