package ledger

import (
	"context"
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

const (
	// busy is how long a write waits for another process, e.g. a backup.
	busy = 2 * time.Second
	// schema is the version of the tables, kept in SQLite's user_version.
	schema = 2
	// kind marks the file as a ledger, in SQLite's application_id: "foot".
	kind = 0x666f6f74
)

// openFile opens the file at path; only to read it if that is all that is wanted.
func openFile(path string, read bool) (*sql.DB, error) {
	if path == "" {
		return nil, errors.New("ledger: no file is named")
	}
	// A killed program loses nothing that was committed; a loss of power may cost
	// the last records (synchronous=normal), which is no reason to wait for a disk.
	pragmas := []string{fmt.Sprintf("busy_timeout(%d)", busy.Milliseconds()), "journal_mode(wal)", "synchronous(normal)", "secure_delete(on)"}
	if read {
		if _, err := os.Stat(path); err != nil {
			return nil, fmt.Errorf("ledger: the file cannot be read: %w", err)
		}
		pragmas = []string{pragmas[0], "query_only(on)"}
	} else {
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			return nil, fmt.Errorf("ledger: the folder cannot be made: %w", err)
		}
		f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600) // SQLite would let others read it
		if err != nil {
			return nil, fmt.Errorf("ledger: the file cannot be opened for writing: %w", err)
		}
		if err := f.Close(); err != nil {
			return nil, fmt.Errorf("ledger: %w", err)
		}
	}
	q := url.Values{"_pragma": pragmas, "_txlock": {"immediate"}}
	dsn := (&url.URL{Scheme: "file", OmitHost: true, Path: filepath.ToSlash(path), RawQuery: q.Encode()}).String()
	db, err := sql.Open("sqlite", dsn)
	if err != nil {
		return nil, explain(path, err)
	}
	db.SetMaxOpenConns(1) // there is one writer, and it cannot lock itself out
	return db, nil
}

var errForeign = errors.New("this is an SQLite file of something else; name another file")

// prepare makes the tables if they are not there, and brings those of an older
// program up to date.
func prepare(ctx context.Context, db *sql.DB) error {
	version, err := versionOf(ctx, db)
	if err != nil || version == schema {
		return err
	}
	if version == 1 { // which kept no words from places, so no record needs to tell one
		_, err = db.ExecContext(ctx, fmt.Sprintf(`
			BEGIN IMMEDIATE;
			ALTER TABLE asked ADD COLUMN place TEXT NOT NULL DEFAULT '';
			CREATE INDEX asked_place ON asked (place) WHERE place <> '';
			PRAGMA user_version = %d;
			COMMIT`, schema))
		return err
	}
	_, err = db.ExecContext(ctx, fmt.Sprintf(`
		BEGIN IMMEDIATE;
		CREATE TABLE IF NOT EXISTS asked (
			id TEXT PRIMARY KEY, at INTEGER NOT NULL, platform TEXT NOT NULL, who TEXT NOT NULL,
			outcome TEXT NOT NULL, fact TEXT NOT NULL, near TEXT NOT NULL, packs TEXT NOT NULL,
			confidence REAL NOT NULL, margin REAL NOT NULL, words TEXT, picked TEXT NOT NULL DEFAULT '',
			place TEXT NOT NULL DEFAULT '' -- only beside words that the admins of a place allow
		);
		CREATE INDEX IF NOT EXISTS asked_at ON asked (at);
		CREATE INDEX IF NOT EXISTS asked_who ON asked (who);
		CREATE INDEX IF NOT EXISTS asked_place ON asked (place) WHERE place <> '';
		CREATE TABLE IF NOT EXISTS judged (
			asked TEXT NOT NULL, who TEXT NOT NULL, verdict TEXT NOT NULL, at INTEGER NOT NULL,
			PRIMARY KEY (asked, who)
		) WITHOUT ROWID;
		CREATE INDEX IF NOT EXISTS judged_who ON judged (who);
		CREATE TABLE IF NOT EXISTS allowed (who TEXT PRIMARY KEY) WITHOUT ROWID;
		PRAGMA application_id = %d;
		PRAGMA user_version = %d;
		COMMIT`, kind, schema))
	return err
}

// versionOf is the version of the tables, 0 if there are none yet.
func versionOf(ctx context.Context, db *sql.DB) (int, error) {
	var version, of, tables int
	if err := db.QueryRowContext(ctx, "PRAGMA user_version").Scan(&version); err != nil {
		return 0, err
	}
	if err := db.QueryRowContext(ctx, "PRAGMA application_id").Scan(&of); err != nil {
		return 0, err
	}
	if err := db.QueryRowContext(ctx, "SELECT count(*) FROM sqlite_schema").Scan(&tables); err != nil {
		return 0, err
	}
	switch {
	case of != kind && tables > 0:
		return 0, errForeign
	case version > schema:
		return 0, fmt.Errorf("it was written by a newer program (its version is %d, this program's %d): use that program, or another file", version, schema)
	}
	return version, nil
}

// keyPath is where the key of the ledger at path lies: a copy of the ledger alone
// does not tell who is in it.
func keyPath(path string) string { return path + ".key" }

// code is SQLite's primary result code of err, or -1.
func code(err error) int {
	var e *sqlite.Error
	if !errors.As(err, &e) {
		return -1
	}
	const primary = 0xff // the low byte of SQLite's extended codes
	return e.Code() & primary
}

// passes reports whether err is a state of the file or the disk rather than a
// fault of what was to be written.
func passes(err error) bool {
	if errors.Is(err, context.DeadlineExceeded) {
		return true
	}
	switch code(err) {
	case sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_READONLY,
		sqlite3.SQLITE_PERM, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_INTERRUPT, sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB:
		return true
	}
	return false
}

// explain makes an error say what happened to the file and what to do.
func explain(path string, err error) error {
	if err == nil {
		return nil
	}
	what := ""
	switch code(err) {
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
	return fmt.Errorf("ledger: %s%s: %w", path, what, err)
}
