package store

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"sync"
	"time"

	"footnote/bot"
)

// schema is the version of the tables, kept in SQLite's user_version. Version 2 has a sum
// beside each value.
const schema = 2

const (
	// maxFile is in bytes: a thousand times what a busy bot keeps.
	maxFile = 256 << 20
	// sweepEvery is how often the journal is emptied of values that were overwritten, if
	// there are any.
	sweepEvery = time.Minute
)

// Open opens the SQLite file at path, and makes it and its folder if they are
// not there. The file is readable by its owner alone. Values survive a crash of
// the program; after a loss of power the last ones may be missing.
//
// The error says what is wrong with the file and what to do. A program can go
// on with Memory.
func Open(path string) (*Store, error) {
	db, err := OpenSQLite("store", path, SQLite{Most: maxFile})
	if err != nil {
		return nil, err
	}
	b := &file{path: path, db: db, swept: time.Now()}
	if err := b.prepare(); err != nil {
		_ = db.Close()
		return nil, err
	}
	return &Store{back: b}, nil
}

// A file is a backend in SQLite.
type file struct {
	path string
	db   *sql.DB

	mu    sync.Mutex
	due   bool      // something was deleted that is to be gone
	swept time.Time // when the journal was last emptied
}

func (b *file) prepare() error {
	ctx, cancel := context.WithTimeout(context.Background(), 2*Busy)
	defer cancel()
	var version int
	if err := b.db.QueryRowContext(ctx, "PRAGMA user_version").Scan(&version); err != nil {
		return b.explain(err)
	}
	if err := CheckSQLite(ctx, b.db); err != nil {
		return b.explain(err)
	}
	if version > schema {
		return fmt.Errorf("store: %s was written by a newer program (its version is %d, this program's %d): use that program, or another file", b.path, version, schema)
	}
	if version < schema {
		if err := b.upgrade(ctx, version); err != nil {
			return b.explain(err)
		}
	}
	// What an earlier process deleted while somebody read is gone now.
	if err := Sweep(ctx, b.db); err != nil && !errors.Is(err, bot.ErrLingers) {
		return b.explain(err)
	}
	return nil
}

// upgrade brings the tables from an older version, or none, to this one.
func (b *file) upgrade(ctx context.Context, version int) error {
	tx, err := b.db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer func() { _ = tx.Rollback() }()
	if _, err := tx.ExecContext(ctx, `CREATE TABLE IF NOT EXISTS kv (
		space TEXT NOT NULL, key TEXT NOT NULL, value TEXT NOT NULL, sum TEXT NOT NULL DEFAULT '',
		PRIMARY KEY (space, key)
	) WITHOUT ROWID`); err != nil {
		return err
	}
	if version == 1 {
		if err := addSums(ctx, tx); err != nil {
			return err
		}
	}
	if _, err := tx.ExecContext(ctx, fmt.Sprintf("PRAGMA user_version = %d", schema)); err != nil {
		return err
	}
	return tx.Commit()
}

// addSums gives the values of version 1 their sums.
func addSums(ctx context.Context, tx *sql.Tx) error {
	if _, err := tx.ExecContext(ctx, "ALTER TABLE kv ADD COLUMN sum TEXT NOT NULL DEFAULT ''"); err != nil {
		return err
	}
	rows, err := tx.QueryContext(ctx, "SELECT space, key, value FROM kv")
	if err != nil {
		return err
	}
	defer rows.Close()
	var all [][3]string
	for rows.Next() {
		var r [3]string
		if err := rows.Scan(&r[0], &r[1], &r[2]); err != nil {
			return err
		}
		all = append(all, r)
	}
	if err := rows.Err(); err != nil {
		return err
	}
	for _, r := range all {
		if _, err := tx.ExecContext(ctx, "UPDATE kv SET sum = ? WHERE space = ? AND key = ?", sumOf(r[0], r[1], r[2]), r[0], r[1]); err != nil {
			return err
		}
	}
	return nil
}

// sumOf is what a value is told by from one that a failing disk has changed.
func sumOf(space, key, value string) string {
	h := sha256.New()
	fmt.Fprintf(h, "%d %d %s%s%s", len(space), len(key), space, key, value)
	return hex.EncodeToString(h.Sum(nil)[:16])
}

func (b *file) get(ctx context.Context, space, key string) (string, error) {
	var v, sum string
	// A value that no program wrote is not read into memory to find that out.
	err := b.db.QueryRowContext(ctx, "SELECT CASE WHEN length(CAST(value AS BLOB)) <= ? THEN value ELSE '' END, sum FROM kv WHERE space = ? AND key = ?", MaxValue, space, key).Scan(&v, &sum)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return "", nil
	case err != nil:
		return "", b.explain(err)
	case sum != sumOf(space, key, v):
		return "", fmt.Errorf("store: %s: the value of %s is damaged and is not used", b.path, key)
	}
	return v, nil
}

func (b *file) set(ctx context.Context, space, key, value string) error {
	_, err := b.db.ExecContext(ctx, `INSERT INTO kv (space, key, value, sum) VALUES (?, ?, ?, ?)
		ON CONFLICT (space, key) DO UPDATE SET value = excluded.value, sum = excluded.sum`, space, key, value, sumOf(space, key, value))
	if err != nil {
		return b.explain(err)
	}
	b.mu.Lock()
	sweep := b.due || time.Since(b.swept) >= sweepEvery
	b.mu.Unlock()
	if sweep {
		_ = b.sweep(ctx) // another time, if not now
	}
	return nil
}

// delete deletes a value, also from the disk; see bot.ErrLingers.
func (b *file) delete(ctx context.Context, space, key string) error {
	done, err := b.db.ExecContext(ctx, "DELETE FROM kv WHERE space = ? AND key = ?", space, key)
	if err != nil {
		return b.explain(err)
	}
	n, err := done.RowsAffected()
	return b.deleted(ctx, err != nil || n > 0)
}

// take is delete of what it returns.
func (b *file) take(ctx context.Context, space, key string) (string, error) {
	var v, sum string
	err := b.db.QueryRowContext(ctx, "DELETE FROM kv WHERE space = ? AND key = ? RETURNING value, sum", space, key).Scan(&v, &sum)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return "", b.deleted(ctx, false)
	case err != nil:
		return "", b.explain(err)
	}
	err = b.deleted(ctx, true)
	if len(v) > MaxValue || sum != sumOf(space, key, v) {
		return "", fmt.Errorf("store: %s: the value of %s is damaged and is not used", b.path, key)
	}
	return v, err
}

// deleted sweeps if something was deleted, now or before.
func (b *file) deleted(ctx context.Context, now bool) error {
	b.mu.Lock()
	b.due = b.due || now
	due := b.due
	b.mu.Unlock()
	if !due {
		return nil
	}
	return b.explain(b.sweep(ctx))
}

// keys are the keys of a namespace.
func (b *file) keys(ctx context.Context, space string) (all []string, err error) {
	rows, err := b.db.QueryContext(ctx, "SELECT key FROM kv WHERE space = ?", space)
	if err != nil {
		return nil, b.explain(err)
	}
	defer rows.Close()
	for rows.Next() {
		var key string
		if err := rows.Scan(&key); err != nil {
			return nil, b.explain(err)
		}
		all = append(all, key)
	}
	return all, b.explain(rows.Err())
}

// clear deletes all values of a namespace, and says how many there were.
func (b *file) clear(ctx context.Context, space string) (int, error) {
	done, err := b.db.ExecContext(ctx, "DELETE FROM kv WHERE space = ?", space)
	if err != nil {
		return 0, b.explain(err)
	}
	n, err := done.RowsAffected()
	if err != nil || n == 0 {
		return 0, b.explain(err)
	}
	b.mu.Lock()
	b.due = true
	b.mu.Unlock()
	_ = b.sweep(ctx) // with the next write, if not now
	return int(n), nil
}

func (b *file) sweep(ctx context.Context) error {
	err := Sweep(ctx, b.db)
	b.mu.Lock()
	defer b.mu.Unlock()
	b.swept = time.Now()
	if err == nil {
		b.due = false
	}
	return err
}

func (b *file) close() error { return b.explain(b.db.Close()) }

func (b *file) explain(err error) error { return ExplainSQLite("store", b.path, err) }
