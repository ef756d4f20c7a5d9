package store

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"modernc.org/sqlite"
)

// A file that is only read is neither made nor changed.
func TestReadOnly(t *testing.T) {
	path := filepath.Join(t.TempDir(), "deep", "some.db")
	if _, err := OpenSQLite("some", path, SQLite{ReadOnly: true}); !errors.Is(err, os.ErrNotExist) || !strings.HasPrefix(err.Error(), "some: ") {
		t.Errorf("a file that is not there: %v", err)
	}
	db, err := OpenSQLite("some", path, SQLite{Immediate: true})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := db.Exec("CREATE TABLE t (x TEXT)"); err != nil {
		t.Error(err)
	}
	if err := db.Close(); err != nil {
		t.Error(err)
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the file is open to others: %v, %v", info, err)
	}
	db, err = OpenSQLite("some", path, SQLite{ReadOnly: true})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	_, err = db.Exec("INSERT INTO t VALUES ('x')")
	if err = ExplainSQLite("some", path, err); err == nil || !strings.Contains(err.Error(), "cannot be written to") {
		t.Errorf("written: %v", err)
	}
	var code *sqlite.Error
	if !errors.As(err, &code) || SQLiteCode(err) < 0 || SQLiteCode(os.ErrNotExist) != -1 {
		t.Errorf("the code of %v is %d", err, SQLiteCode(err))
	}
	if err := ExplainSQLite("some", path, nil); err != nil {
		t.Error(err)
	}
	for _, bad := range []string{"", filepath.Join(path, "below a file"), filepath.Dir(path)} {
		if db, err := OpenSQLite("some", bad, SQLite{}); err == nil {
			db.Close()
			t.Errorf("%q opened", bad)
		}
	}
}
