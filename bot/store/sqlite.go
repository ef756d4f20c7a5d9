package store

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
	schema = 1
)

// Open opens the SQLite file at path, and makes it and its folder if they are
// not there. The file is readable by its owner alone. Values survive a crash of
// the program; after a loss of power the last ones may be missing.
//
// The error says what is wrong with the file and what to do. A program can go
// on with Memory.
func Open(path string) (*Store, error) {
	if path == "" {
		return nil, errors.New("store: no file is named")
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return nil, fmt.Errorf("store: the folder cannot be made: %w", err)
	}
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600) // SQLite would let others read it
	if err != nil {
		return nil, fmt.Errorf("store: the file cannot be opened for writing: %w", err)
	}
	if err := f.Close(); err != nil {
		return nil, fmt.Errorf("store: %w", err)
	}
	dsn := (&url.URL{Scheme: "file", OmitHost: true, Path: filepath.ToSlash(path), RawQuery: url.Values{"_pragma": {
		fmt.Sprintf("busy_timeout(%d)", busy.Milliseconds()), "journal_mode(wal)", "synchronous(normal)",
	}}.Encode()}).String()
	db, err := sql.Open("sqlite", dsn)
	if err != nil {
		return nil, fmt.Errorf("store: %s: %w", path, err)
	}
	db.SetMaxOpenConns(1) // one small statement at a time needs no more, and cannot lock itself out
	b := &file{path: path, db: db}
	if err := b.prepare(); err != nil {
		_ = db.Close()
		return nil, err
	}
	return &Store{b}, nil
}

// A file is a backend in SQLite.
type file struct {
	path string
	db   *sql.DB
}

func (b *file) prepare() error {
	ctx, cancel := context.WithTimeout(context.Background(), 2*busy)
	defer cancel()
	var version int
	if err := b.db.QueryRowContext(ctx, "PRAGMA user_version").Scan(&version); err != nil {
		return b.explain(err)
	}
	switch {
	case version == schema:
		return nil
	case version > schema:
		return fmt.Errorf("store: %s was written by a newer program (its version is %d, this program's %d): use that program, or another file", b.path, version, schema)
	}
	_, err := b.db.ExecContext(ctx, fmt.Sprintf(`
		BEGIN IMMEDIATE;
		CREATE TABLE IF NOT EXISTS kv (
			space TEXT NOT NULL, key TEXT NOT NULL, value TEXT NOT NULL,
			PRIMARY KEY (space, key)
		) WITHOUT ROWID;
		PRAGMA user_version = %d;
		COMMIT`, schema))
	return b.explain(err)
}

func (b *file) get(ctx context.Context, space, key string) (string, error) {
	var v string
	err := b.db.QueryRowContext(ctx, "SELECT value FROM kv WHERE space = ? AND key = ?", space, key).Scan(&v)
	if errors.Is(err, sql.ErrNoRows) {
		return "", nil
	}
	return v, b.explain(err)
}

func (b *file) set(ctx context.Context, space, key, value string) error {
	_, err := b.db.ExecContext(ctx, `INSERT INTO kv (space, key, value) VALUES (?, ?, ?)
		ON CONFLICT (space, key) DO UPDATE SET value = excluded.value`, space, key, value)
	return b.explain(err)
}

func (b *file) delete(ctx context.Context, space, key string) error {
	_, err := b.db.ExecContext(ctx, "DELETE FROM kv WHERE space = ? AND key = ?", space, key)
	return b.explain(err)
}

func (b *file) close() error { return b.explain(b.db.Close()) }

// explain makes an error say what happened to the file and what to do.
func (b *file) explain(err error) error {
	if err == nil {
		return nil
	}
	var e *sqlite.Error
	if !errors.As(err, &e) {
		return fmt.Errorf("store: %s: %w", b.path, err)
	}
	const primary = 0xff // the low byte of SQLite's extended codes
	what := ""
	switch e.Code() & primary {
	case sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED:
		what = "is locked by another program; is a second instance running?"
	case sqlite3.SQLITE_FULL:
		what = "cannot grow, the disk is full"
	case sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB:
		what = "is damaged or no SQLite file; move it away and it will be made anew"
	case sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM:
		what = "cannot be written to; check its owner and permissions"
	case sqlite3.SQLITE_CANTOPEN:
		what = "cannot be opened; check its folder and permissions"
	case sqlite3.SQLITE_IOERR:
		what = "cannot be read or written, the disk fails"
	default:
		return fmt.Errorf("store: %s: %w", b.path, err)
	}
	return fmt.Errorf("store: %s %s: %w", b.path, what, err)
}
