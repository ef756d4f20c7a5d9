package ledger

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"footnote/bot/store"

	sqlite3 "modernc.org/sqlite/lib"
)

const (
	// schema is the version of the tables, kept in SQLite's user_version.
	schema = 2
	// kind marks the file as a ledger, in SQLite's application_id: "foot".
	kind = 0x666f6f74
)

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

// passes reports whether err is a state of the file or the disk rather than a
// fault of what was to be written.
func passes(err error) bool {
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

// explain makes an error say what happened to the file and what to do.
func explain(path string, err error) error { return store.ExplainSQLite("ledger", path, err) }
