//go:build unix

package store

import (
	"bytes"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"footnote/bot"
)

const secretValue = "zebravalue"

// onDisk reports whether text stands in any file of the folder.
func onDisk(t *testing.T, dir, text string) bool {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "*"))
	if err != nil || len(files) == 0 {
		t.Fatal(err)
	}
	for _, f := range files {
		data, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		if bytes.Contains(data, []byte(text)) {
			return true
		}
	}
	return false
}

// What is deleted is on the disk no more, and if somebody reads meanwhile that is said, and
// it goes with the next write after that.
func TestDeletedFromTheDisk(t *testing.T) {
	dir := t.TempDir()
	s, err := Open(filepath.Join(dir, "footnote.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	settings := s.In("settings")
	for _, k := range []string{"one", "two", "three"} {
		if err := settings.Set(t.Context(), k, secretValue+k); err != nil {
			t.Fatal(err)
		}
	}
	if err := settings.Delete(t.Context(), "one"); err != nil || onDisk(t, dir, secretValue+"one") {
		t.Errorf("deleted, and on the disk: %v", err)
	}
	reader, err := OpenSQLite("backup", filepath.Join(dir, "footnote.db"), SQLite{ReadOnly: true})
	if err != nil {
		t.Fatal(err)
	}
	defer reader.Close()
	if err := settings.Set(t.Context(), "four", "x"); err != nil { // into the journal, which the reader keeps
		t.Fatal(err)
	}
	c, err := reader.Conn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var n int
	if _, err := c.ExecContext(t.Context(), "BEGIN DEFERRED"); err != nil {
		t.Fatal(err)
	}
	if err := c.QueryRowContext(t.Context(), "SELECT count(*) FROM kv").Scan(&n); err != nil || n != 3 {
		t.Fatal(n, err)
	}
	if err := settings.Delete(t.Context(), "two"); !errors.Is(err, bot.ErrLingers) {
		t.Errorf("deleted while somebody reads: %v", err)
	}
	if v, err := settings.Get(t.Context(), "two"); v != "" || err != nil {
		t.Errorf("it is still found: %q, %v", v, err)
	}
	if _, err := c.ExecContext(t.Context(), "ROLLBACK"); err != nil {
		t.Fatal(err)
	}
	_ = c.Close()
	if err := s.Set(t.Context(), "offset", "1"); err != nil {
		t.Fatal(err)
	}
	if onDisk(t, dir, secretValue+"two") {
		t.Error("nobody reads any more, and it is on the disk")
	}
	if n, err := s.Clear(t.Context(), "settings"); n != 2 || err != nil || onDisk(t, dir, secretValue) {
		t.Errorf("cleared %d, %v", n, err)
	}
	if v, err := s.Get(t.Context(), "offset"); v != "1" || err != nil {
		t.Errorf("another namespace: %q, %v", v, err)
	}
}

// A file that a failing disk has changed gives no value that was not put there.
func TestDamagedValues(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "footnote.db")
	want := map[string]string{}
	s, err := Open(path)
	if err != nil {
		t.Fatal(err)
	}
	for i := range 40 {
		k := fmt.Sprint("key", i)
		want[k] = strings.Repeat(fmt.Sprint("value", i, " "), 20)
		if err := s.In("space").Set(t.Context(), k, want[k]); err != nil {
			t.Fatal(err)
		}
	}
	_ = s.Close()
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	rng := rand.New(rand.NewPCG(1, 2))
	refused := 0
	for range 300 {
		damaged := bytes.Clone(whole)
		damaged[rng.IntN(len(damaged))] ^= 1 << rng.IntN(8)
		if err := os.WriteFile(path, damaged, 0o600); err != nil {
			t.Fatal(err)
		}
		_ = os.Remove(path + "-wal")
		s, err := Open(path)
		if err != nil {
			refused++
			continue
		}
		for k, v := range want {
			switch got, err := s.In("space").Get(t.Context(), k); {
			case err != nil:
				refused++
			case got != "" && got != v:
				t.Fatalf("%s is %q", k, got)
			}
		}
		_ = s.Close()
	}
	if refused == 0 {
		t.Error("no damage was found: the test damages nothing")
	}
}

// What the state's files never are is not waited for, nor read into memory.
func TestFilesThatAreNone(t *testing.T) {
	dir := t.TempDir()
	pipe := filepath.Join(dir, "pipe")
	if err := syscall.Mkfifo(pipe, 0o600); err != nil {
		t.Skip(err)
	}
	huge := filepath.Join(dir, "huge")
	if err := os.WriteFile(huge, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Truncate(huge, 6<<30); err != nil {
		t.Skip(err)
	}
	for _, path := range []string{pipe, huge} {
		if s, err := Open(path); err == nil {
			_ = s.Close()
			t.Errorf("%s was opened", path)
		}
		if _, err := Secret(path); err == nil {
			t.Errorf("%s was read as a key", path)
		}
		if _, err := ReadRegular(path, 1<<20); err == nil || !strings.Contains(err.Error(), "move it away") {
			t.Errorf("%s: %v", path, err)
		}
	}
	if _, err := ReadRegular(dir, 1<<20); err == nil || !strings.Contains(err.Error(), "a folder") {
		t.Errorf("a folder: %v", err)
	}
	if _, err := ReadRegular("/dev/zero", 1<<20); err == nil || !strings.Contains(err.Error(), "a device") {
		t.Errorf("a device: %v", err)
	}
}

// A file that others could read is closed to them, its journal too.
func TestOthersAreShutOut(t *testing.T) {
	path := filepath.Join(t.TempDir(), "footnote.db")
	if err := os.WriteFile(path, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(path, 0o666); err != nil {
		t.Fatal(err)
	}
	s, err := Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if err := s.Set(t.Context(), "k", "v"); err != nil {
		t.Fatal(err)
	}
	for _, f := range []string{path, path + "-wal", path + "-shm"} {
		if info, err := os.Stat(f); err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%s: %v, %v", f, info.Mode(), err)
		}
	}
}

// A file of the first version is taken over, with sums.
func TestVersion1(t *testing.T) {
	path := filepath.Join(t.TempDir(), "footnote.db")
	db, err := OpenSQLite("test", path, SQLite{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := db.Exec(`CREATE TABLE kv (space TEXT NOT NULL, key TEXT NOT NULL, value TEXT NOT NULL, PRIMARY KEY (space, key)) WITHOUT ROWID;
		INSERT INTO kv VALUES ('telegram', 'offset', '7@8'), ('', 'x', 'y'); PRAGMA user_version = 1`); err != nil {
		t.Fatal(err)
	}
	_ = db.Close()
	for range 2 {
		s, err := Open(path)
		if err != nil {
			t.Fatal(err)
		}
		if v, err := s.In("telegram").Get(t.Context(), "offset"); v != "7@8" || err != nil {
			t.Errorf("%q, %v", v, err)
		}
		_ = s.Close()
	}
}
