package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
)

// schema is the version of the tables, kept in SQLite's user_version.
const schema = 1

// Open opens the SQLite file at path, and makes it and its folder if they are
// not there. The file is readable by its owner alone. Values survive a crash of
// the program; after a loss of power the last ones may be missing.
//
// The error says what is wrong with the file and what to do. A program can go
// on with Memory.
func Open(path string) (*Store, error) {
	db, err := OpenSQLite("store", path, SQLite{})
	if err != nil {
		return nil, err
	}
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
	ctx, cancel := context.WithTimeout(context.Background(), 2*Busy)
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

func (b *file) explain(err error) error { return ExplainSQLite("store", b.path, err) }
