package watch

import (
	"context"
	"os"
	"path/filepath"
	"testing"
	"time"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// patience bounds every wait; nothing waits that long unless it is broken.
const patience = time.Minute

// watched is a Watcher at work on real files.
type watched struct {
	t       *testing.T
	changes chan struct{}
}

func start(t *testing.T, c Config) *watched {
	t.Helper()
	c.quiet = 5 * time.Millisecond
	w := New(c)
	x := &watched{t: t, changes: make(chan struct{}, 100)}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() {
		defer close(done)
		w.Run(ctx, func() { x.changes <- struct{}{} })
	}()
	t.Cleanup(func() { cancel(); <-done })
	return x
}

func (x *watched) wait(what string) {
	x.t.Helper()
	select {
	case <-x.changes:
	case <-time.After(patience):
		x.t.Fatalf("nobody noticed: %s", what)
	}
}

// nothingElse reports changes so far that are not waited for.
func (x *watched) nothingElse(what string) {
	x.t.Helper()
	select {
	case <-x.changes:
		x.t.Errorf("noticed without reason: %s", what)
	default:
	}
}

// put writes a file in one step, so that nobody sees half of it.
func put(t *testing.T, path, text string) {
	t.Helper()
	must(t, os.MkdirAll(filepath.Dir(path), 0o755))
	half := filepath.Join(filepath.Dir(path), ".half")
	must(t, os.WriteFile(half, []byte(text), 0o600))
	must(t, os.Rename(half, path))
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func TestNoticesHowFilesChange(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "pack")
	put(t, filepath.Join(dir, "pack.yaml"), "1")
	put(t, filepath.Join(dir, "facts.yaml"), "1")
	x := start(t, Config{Dirs: []string{dir}, poll: time.Hour})

	// Emptied and filled: that may be told once or twice.
	must(t, os.WriteFile(filepath.Join(dir, "facts.yaml"), []byte("2"), 0o600))
	x.wait("written in place")

	// What an atomic save does, with the temporary files that editors leave.
	put(t, filepath.Join(dir, ".facts.yaml.swp"), "x")
	put(t, filepath.Join(dir, "4913"), "")
	put(t, filepath.Join(dir, "facts.yaml~"), "2")
	put(t, filepath.Join(dir, "facts.yaml.new"), "3")
	must(t, os.Rename(filepath.Join(dir, "facts.yaml.new"), filepath.Join(dir, "facts.yaml")))
	x.wait("renamed over")

	put(t, filepath.Join(dir, "facts", "more.yaml"), "1")
	x.wait("a new folder with a file")
	put(t, filepath.Join(dir, "facts", "more.yaml"), "2")
	x.wait("a file in a folder that came later")
	must(t, os.Remove(filepath.Join(dir, "facts", "more.yaml")))
	x.wait("deleted")
	put(t, filepath.Join(dir, "sources", "a.yaml"), "1")
	x.wait("a source")

	must(t, os.Rename(dir, dir+".old"))
	x.wait("the folder is gone")
	must(t, os.Rename(dir+".old", dir))
	x.wait("the folder is back")
	put(t, filepath.Join(dir, "pack.yaml"), "2")
	x.wait("written after the folder was gone")
}

// What leaves the content as it was is no change. To know that it was looked
// at, a change follows, and only that one is told.
func TestSameContentIsNoChange(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "pack.yaml")
	put(t, file, "1")
	x := start(t, Config{Dirs: []string{dir}})
	must(t, os.Chtimes(file, time.Now(), time.Now().Add(time.Hour)))
	put(t, file, "1")
	put(t, filepath.Join(dir, "notes.txt"), "not read by anybody")
	put(t, filepath.Join(dir, ".#facts.yaml"), "a lock of an editor")
	put(t, file, "2")
	x.wait("the real change")
	x.nothingElse("touching")
}

// Kubernetes mounts configuration as links through ..data, and swings that.
func TestSwungLinkInsideTheFolder(t *testing.T) {
	dir := t.TempDir()
	put(t, filepath.Join(dir, "..one", "pack.yaml"), "1")
	put(t, filepath.Join(dir, "..two", "pack.yaml"), "2")
	must(t, os.Symlink("..one", filepath.Join(dir, "..data")))
	must(t, os.Symlink(filepath.Join("..data", "pack.yaml"), filepath.Join(dir, "pack.yaml")))
	x := start(t, Config{Dirs: []string{dir}, poll: time.Hour})
	for _, to := range []string{"..two", "..one"} {
		must(t, os.Symlink(to, filepath.Join(dir, "..data_tmp")))
		must(t, os.Rename(filepath.Join(dir, "..data_tmp"), filepath.Join(dir, "..data")))
		x.wait("..data swung to " + to)
	}
}

// Deployments by release swing the folder itself.
func TestSwungFolder(t *testing.T) {
	dir := t.TempDir()
	put(t, filepath.Join(dir, "releases", "1", "pack.yaml"), "1")
	put(t, filepath.Join(dir, "releases", "2", "pack.yaml"), "2")
	must(t, os.Symlink(filepath.Join("releases", "1"), filepath.Join(dir, "current")))
	x := start(t, Config{Dirs: []string{filepath.Join(dir, "current")}, poll: time.Hour})
	must(t, os.Symlink(filepath.Join("releases", "2"), filepath.Join(dir, "next")))
	must(t, os.Rename(filepath.Join(dir, "next"), filepath.Join(dir, "current")))
	x.wait("the link was swung")
	put(t, filepath.Join(dir, "releases", "2", "pack.yaml"), "3")
	x.wait("a file behind the new link")
}

func TestFolderOfPacks(t *testing.T) {
	dir := t.TempDir()
	put(t, filepath.Join(dir, "a", "pack.yaml"), "1")
	x := start(t, Config{Dirs: []string{dir}, poll: time.Hour})
	put(t, filepath.Join(dir, "b", "pack.yaml"), "1")
	x.wait("a second pack")
	put(t, filepath.Join(dir, "b", "facts", "x.yaml"), "1")
	x.wait("a file deep in it")
}

// Where no event comes, the regular look finds the change.
func TestLooksRegularly(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "pack.yaml")
	put(t, file, "1")
	w := New(Config{Dirs: []string{dir}, poll: 5 * time.Millisecond})
	put(t, file, "22")
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	w.await(ctx, subscription{}) // of nothing
	if ctx.Err() != nil {
		t.Fatal("the regular look found nothing")
	}
	if !w.compare() || w.compare() {
		t.Error("one change is one change")
	}
}

// Something that never stops writing does not hold up what else has changed.
func TestEndlessWriting(t *testing.T) {
	dir := t.TempDir()
	put(t, filepath.Join(dir, "pack.yaml"), "1")
	w := New(Config{Dirs: []string{dir}, quiet: time.Hour, most: 10 * time.Millisecond, poll: time.Hour})
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	changed := make(chan struct{}, 1)
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		w.Run(ctx, func() {
			changed <- struct{}{}
			cancel()
		})
	}()
	put(t, filepath.Join(dir, "pack.yaml"), "2")
	<-ended
	if len(changed) == 0 {
		t.Error("nobody noticed")
	}
}

func TestMissingFolder(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "later")
	x := start(t, Config{Dirs: []string{dir}, poll: time.Hour})
	must(t, os.MkdirAll(dir, 0o755))
	x.wait("the folder came")
	put(t, filepath.Join(dir, "pack.yaml"), "1")
	x.wait("its first file")
}
