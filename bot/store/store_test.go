package store_test

import (
	"database/sql"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"go.uber.org/goleak"

	"footnote/bot"
	"footnote/bot/bottest"
	"footnote/bot/store"
	"footnote/bot/store/pgtest"
)

var server pgtest.Shared

func TestMain(m *testing.M) {
	bottest.WaitTogether(8)
	goleak.VerifyTestMain(server.Around(m))
}

func openAt(t testing.TB, path string) *store.Store {
	t.Helper()
	s, err := store.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}

func TestSurvivesARestart(t *testing.T) {
	path := filepath.Join(t.TempDir(), "footnote.db")
	s := openAt(t, path)
	if err := s.Set(t.Context(), "offset", "99"); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if got, err := openAt(t, path).Get(t.Context(), "offset"); got != "99" || err != nil {
		t.Errorf("after a restart: %q, %v", got, err)
	}
	info, err := os.Stat(path)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the file has mode %v, %v, want 0600", info.Mode(), err)
	}
}

// Every broken file gets an error that names it and says what to do.
func TestBrokenFiles(t *testing.T) {
	dir := t.TempDir()
	write := func(name string, data string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(data), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	newer := filepath.Join(dir, "newer.db")
	_ = openAt(t, newer).Close()
	db, err := sql.Open("sqlite", newer)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := db.Exec("PRAGMA user_version = 7"); err != nil {
		t.Fatal(err)
	}
	_ = db.Close()
	for name, x := range map[string]struct{ path, want string }{
		"no database": {write("text.db", strings.Repeat("this is a letter, not a database\n", 100)), "move it away"},
		"a folder":    {dir, "cannot be opened"},
		"in a file":   {filepath.Join(write("in-a-file", "x"), "footnote.db"), "in-a-file"},
		"newer":       {newer, "newer program"},
		"no name":     {"", "no file is named"},
	} {
		s, err := store.Open(x.path)
		if err == nil {
			_ = s.Close()
			t.Errorf("%s: opened", name)
			continue
		}
		if !strings.Contains(err.Error(), x.want) {
			t.Errorf("%s: %v, want %q", name, err, x.want)
		}
	}
}

// A lock that another process holds ends in an error that says so, and the store
// works again when it is gone.
func TestLocked(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "footnote.db")
	s := openAt(t, path)
	other, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	defer other.Close()
	lock, err := other.Conn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer lock.Close()
	if _, err := lock.ExecContext(t.Context(), "BEGIN IMMEDIATE"); err != nil {
		t.Fatal(err)
	}
	if err := s.Set(t.Context(), "offset", "1"); err == nil || !strings.Contains(err.Error(), "locked") {
		t.Errorf("Set on a locked file: %v", err)
	}
	if _, err := s.Get(t.Context(), "offset"); err != nil {
		t.Errorf("Get on a locked file: %v; readers are not locked out", err)
	}
	if _, err := lock.ExecContext(t.Context(), "ROLLBACK"); err != nil {
		t.Fatal(err)
	}
	if err := s.Set(t.Context(), "offset", "1"); err != nil {
		t.Errorf("Set after the lock is gone: %v", err)
	}
}

// What cannot be opened is named.
func TestNoFile(t *testing.T) {
	dir := t.TempDir()
	if _, err := store.Open(dir); err == nil || !strings.Contains(err.Error(), dir) || !strings.Contains(err.Error(), "cannot be opened for writing") {
		t.Errorf("a folder: %v", err)
	}
}

// A copy of the file tells nobody whose values are in it, and without the secret
// they are not found.
func TestKeyed(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "footnote.db")
	key := path + ".key"
	secret, err := store.Secret(key)
	if err != nil || len(secret) != 32 {
		t.Fatalf("%d bytes, %v", len(secret), err)
	}
	s := openAt(t, path)
	kv := store.Keyed(s.In("settings"), secret)
	const who = "person telegram 4711471147"
	for _, err := range []error{kv.Set(t.Context(), who, "de"), kv.Set(t.Context(), "another", "fr"), kv.Delete(t.Context(), "another")} {
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob(filepath.Join(dir, "*"))
	if err != nil || len(files) < 2 {
		t.Fatal(files, err)
	}
	for _, f := range files {
		data, err := os.ReadFile(f)
		if err != nil || strings.Contains(string(data), "4711") {
			t.Errorf("%s tells whose settings it holds (%v)", f, err)
		}
	}
	s = openAt(t, path)
	again, err := store.Secret(key)
	if err != nil {
		t.Fatal(err)
	}
	for _, x := range []struct {
		kv        bot.Store
		key, want string
	}{
		{store.Keyed(s.In("settings"), again), who, "de"},
		{store.Keyed(s.In("settings"), again), "another", ""},
		{store.Keyed(s.In("settings"), []byte("guessed")), who, ""},
		{s.In("settings"), who, ""},
	} {
		if got, err := x.kv.Get(t.Context(), x.key); got != x.want || err != nil {
			t.Errorf("%q: %q, %v, want %q", x.key, got, err, x.want)
		}
	}
	if info, err := os.Stat(key); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the secret has mode %v, %v", info.Mode(), err)
	}
	if err := os.WriteFile(key, []byte("half a"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := store.Secret(key); err == nil || !strings.Contains(err.Error(), "is damaged") {
		t.Errorf("half a secret: %v", err)
	}
}

// A copy of the file does not tell what is sealed, and nobody reads it with another
// secret, as another key's, or after somebody changed it.
func TestSealed(t *testing.T) {
	secret := []byte(strings.Repeat("s", 32))
	back := store.Memory()
	kv := store.Sealed(back, secret)
	ctx := t.Context()
	if text, err := kv.Get(ctx, "waiting"); text != "" || err != nil {
		t.Errorf("nothing kept: %q, %v", text, err)
	}
	if err := kv.Set(ctx, "waiting", "chat 4711"); err != nil {
		t.Fatal(err)
	}
	raw, err := back.Get(ctx, "waiting")
	if err != nil || raw == "" || strings.Contains(raw, "4711") {
		t.Errorf("kept as %q, %v", raw, err)
	}
	if text, err := store.Sealed(back, secret).Get(ctx, "waiting"); text != "chat 4711" || err != nil {
		t.Errorf("read again: %q, %v", text, err)
	}
	for key, value := range map[string]string{"another": raw, "short": raw[:8], "plain": "chat 4711"} {
		if err := back.Set(ctx, key, value); err != nil {
			t.Fatal(err)
		}
		if text, err := kv.Get(ctx, key); text != "" || err == nil || !strings.Contains(err.Error(), key+" was written with another secret") {
			t.Errorf("%s: %q, %v", key, text, err)
		}
	}
	if text, err := store.Sealed(back, []byte(strings.Repeat("x", 32))).Get(ctx, "waiting"); text != "" || err == nil {
		t.Errorf("another secret: %q, %v", text, err)
	}
	if err := kv.Delete(ctx, "waiting"); err != nil {
		t.Error(err)
	}
	if text, err := kv.Get(ctx, "waiting"); text != "" || err != nil {
		t.Errorf("deleted: %q, %v", text, err)
	}
}
