package ledger

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"time"

	"footnote/bot/store"

	sqlite3 "modernc.org/sqlite/lib"
)

const (
	// schema is the version of the tables, kept in SQLite's user_version.
	schema = 2
	// kind marks the file as a ledger, in SQLite's application_id: "foot".
	kind = 0x666f6f74
)

// A file is a ledger in an SQLite file.
type file struct{ path string }

// recordSQL keeps a record, with its words where they are still allowed.
const recordSQL = `INSERT INTO asked (id, at, platform, who, outcome, fact, near, packs, confidence, margin, words, place)
	SELECT CAST(?1 AS TEXT), CAST(?2 AS BIGINT), CAST(?3 AS TEXT), CAST(?4 AS TEXT), CAST(?5 AS TEXT), CAST(?6 AS TEXT), CAST(?7 AS TEXT), CAST(?8 AS TEXT),
		CAST(?9 AS DOUBLE PRECISION), CAST(?10 AS DOUBLE PRECISION),
		CASE WHEN EXISTS (SELECT 1 FROM allowed WHERE who = ?13) THEN CAST(?11 AS TEXT) END,
		CASE WHEN EXISTS (SELECT 1 FROM allowed WHERE who = ?13) THEN CAST(?12 AS TEXT) ELSE '' END
	WHERE %s ON CONFLICT DO NOTHING`

func (file) queries() queries {
	return queries{sql: func(s string) string { return s }, record: fmt.Sprintf(recordSQL, "1 = 1"), number: "rowid", join: "group_concat"}
}

func (f file) open(ctx context.Context, db *sql.DB) (key []byte, err error) {
	if err := prepare(ctx, db); err != nil {
		return nil, err
	}
	if err := f.check(ctx, db); err != nil {
		return nil, err
	}
	return store.Secret(KeyPath(f.path))
}

// check refuses a file that cannot be gone on with: one that is damaged, or one with
// records whose key is gone, of which nobody could have theirs deleted.
func (f file) check(ctx context.Context, db *sql.DB) error {
	info, err := os.Stat(f.path)
	if err != nil {
		return err
	}
	if info.Size() <= mostChecked {
		if err := store.CheckSQLite(ctx, db); err != nil {
			return err
		}
	}
	if _, err := os.Stat(KeyPath(f.path)); !errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	var records int
	if err := db.QueryRowContext(ctx, "SELECT (SELECT count(*) FROM asked) + (SELECT count(*) FROM allowed)").Scan(&records); err != nil {
		return err
	}
	if records > 0 {
		return fmt.Errorf("%d records are there and their key is not, so nobody could have theirs deleted: put %s back from where the file comes from, or move the file away", records, KeyPath(f.path))
	}
	return nil
}

// mostChecked is up to what size in bytes a file is looked through for damage at the start,
// which takes about a second then.
const mostChecked = 256 << 20

func (file) used(ctx context.Context, db *sql.DB, at time.Time) error {
	_, err := db.ExecContext(ctx, useSQL, at.Unix())
	return err
}

func (file) left(ctx context.Context, db *sql.DB) {
	_, _ = db.ExecContext(ctx, "DELETE FROM in_use") // if it stays, a reader asks for the journal in vain
}

func (file) begin(context.Context, *sql.Tx, bool) error { return nil } // the file has one writer

func (file) sweep(ctx context.Context, db *sql.DB) error { return store.Sweep(ctx, db) }

func (file) passes(err error) bool {
	if errors.Is(err, context.DeadlineExceeded) {
		return true
	}
	switch store.SQLiteCode(err) {
	case sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_READONLY,
		sqlite3.SQLITE_PERM, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_INTERRUPT, sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB:
		return true
	}
	return false
}

func (f file) explain(err error) error { return store.ExplainSQLite("ledger", f.path, err) }

// openFile opens the file at path; only to read it if that is all that is wanted.
func openFile(path string, read bool) (*sql.DB, error) {
	return store.OpenSQLite("ledger", path, store.SQLite{ReadOnly: read, Immediate: true})
}

// useSQL notes in the file itself that a bot writes to it, so that a copy which was made
// without the journal is told from a ledger in which nothing happened.
const useSQL = `CREATE TABLE IF NOT EXISTS in_use (since INTEGER NOT NULL); DELETE FROM in_use; INSERT INTO in_use VALUES (?)`

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

// KeyPath returns where the key of the ledger at path lies: a copy of the ledger alone
// does not tell who is in it.
func KeyPath(path string) string { return path + ".key" }
