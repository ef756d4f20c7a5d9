package store

import (
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"time"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// Busy is how long a write waits for another process, e.g. a backup.
const Busy = 2 * time.Second

// SQLite says how OpenSQLite opens a file.
type SQLite struct {
	ReadOnly  bool     // the file must be there, and stays as it is
	Immediate bool     // a transaction locks the file when it begins
	Pragmas   []string // besides the usual ones, where it may be written
}

// OpenSQLite opens the SQLite file at path for one writer, and makes it and its folder
// if they are not there. The file is readable by its owner alone. Values survive a crash
// of the program; after a loss of power the last ones may be missing, which is no reason
// to wait for a disk. Errors begin with who, whose file it is.
func OpenSQLite(who, path string, o SQLite) (*sql.DB, error) {
	if path == "" {
		return nil, fmt.Errorf("%s: no file is named", who)
	}
	pragmas := []string{fmt.Sprintf("busy_timeout(%d)", Busy.Milliseconds())}
	if o.ReadOnly {
		if _, err := os.Stat(path); err != nil {
			return nil, fmt.Errorf("%s: the file cannot be read: %w", who, err)
		}
		pragmas = append(pragmas, "query_only(on)")
	} else {
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			return nil, fmt.Errorf("%s: the folder cannot be made: %w", who, err)
		}
		f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600) // SQLite would let others read it
		if err != nil {
			return nil, fmt.Errorf("%s: the file cannot be opened for writing: %w", who, err)
		}
		if err := f.Close(); err != nil {
			return nil, fmt.Errorf("%s: %w", who, err)
		}
		pragmas = append(append(pragmas, "journal_mode(wal)", "synchronous(normal)"), o.Pragmas...)
	}
	q := url.Values{"_pragma": pragmas}
	if o.Immediate {
		q.Set("_txlock", "immediate")
	}
	dsn := (&url.URL{Scheme: "file", OmitHost: true, Path: filepath.ToSlash(path), RawQuery: q.Encode()}).String()
	db, err := sql.Open("sqlite", dsn)
	if err != nil {
		return nil, ExplainSQLite(who, path, err)
	}
	db.SetMaxOpenConns(1) // one small statement at a time needs no more, and cannot lock itself out
	return db, nil
}

// SQLiteCode returns SQLite's primary result code of err, or -1.
func SQLiteCode(err error) int {
	var e *sqlite.Error
	if !errors.As(err, &e) {
		return -1
	}
	const primary = 0xff // the low byte of SQLite's extended codes
	return e.Code() & primary
}

// ExplainSQLite makes an error say what happened to who's file and what to do.
func ExplainSQLite(who, path string, err error) error {
	if err == nil {
		return nil
	}
	what := ""
	switch SQLiteCode(err) {
	case sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED:
		what = " is locked by another program; is a second instance running?"
	case sqlite3.SQLITE_FULL:
		what = " cannot grow, the disk is full"
	case sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB:
		what = " is damaged or no SQLite file; move it away and it will be made anew"
	case sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM:
		what = " cannot be written to; check its owner and permissions"
	case sqlite3.SQLITE_CANTOPEN:
		what = " cannot be opened; check its folder and permissions"
	case sqlite3.SQLITE_IOERR:
		what = " cannot be read or written, the disk fails"
	}
	return fmt.Errorf("%s: %s%s: %w", who, path, what, err)
}
