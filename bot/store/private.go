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

	"footnote/bot"
)

// Busy is how long a write waits for another process, e.g. a backup.
const Busy = 2 * time.Second

// SQLite says how OpenSQLite opens a file.
type SQLite struct {
	ReadOnly  bool  // the file must be there, and stays as it is
	Immediate bool  // a transaction locks the file when it begins
	Most      int64 // bytes that the file may have; any number if 0
}

// OpenSQLite opens the SQLite file at path for one writer, and makes it and its folder
// if they are not there. The file is readable by its owner alone, also if it was not before.
// What is deleted is overwritten in the file; see [Sweep] for its journal. Values survive a
// crash of the program; after a loss of power the last ones may be missing, which is no
// reason to wait for a disk. Errors begin with who, whose file it is.
func OpenSQLite(who, path string, o SQLite) (*sql.DB, error) {
	if path == "" {
		return nil, fmt.Errorf("%s: no file is named", who)
	}
	if info, err := os.Stat(path); err == nil && !info.IsDir() { // SQLite would wait for a pipe
		if err := CheckRegular(path, o.Most); err != nil {
			return nil, fmt.Errorf("%s: %w", who, err)
		}
	}
	pragmas := []string{busyPragma(Busy)}
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
		if err := keepPrivate(path, path+"-wal", path+"-shm", path+"-journal"); err != nil {
			return nil, fmt.Errorf("%s: %s: %w", who, path, err)
		}
		pragmas = append(pragmas, "journal_mode(wal)", "synchronous(normal)", "secure_delete(on)")
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

func busyPragma(d time.Duration) string { return fmt.Sprintf("busy_timeout(%d)", d.Milliseconds()) }

// Sweep makes sure that what was deleted is in neither the file nor its journal: deleted
// rows are overwritten in the file, and the journal has them until it is emptied, which
// nobody may be reading meanwhile. Then the error is bot.ErrLingers, at once: try it again later.
func Sweep(ctx context.Context, db *sql.DB) error {
	c, err := db.Conn(ctx)
	if err != nil {
		return err
	}
	defer c.Close()
	// Nobody else gets the connection while a checkpoint waits for a reader.
	if _, err := c.ExecContext(ctx, "PRAGMA "+busyPragma(0)); err != nil {
		return err
	}
	defer func() { _, _ = c.ExecContext(context.WithoutCancel(ctx), "PRAGMA "+busyPragma(Busy)) }()
	var busy, pages, moved int
	if err := c.QueryRowContext(ctx, "PRAGMA wal_checkpoint(TRUNCATE)").Scan(&busy, &pages, &moved); err != nil {
		if code := SQLiteCode(err); code == sqlite3.SQLITE_BUSY || code == sqlite3.SQLITE_LOCKED {
			return bot.ErrLingers
		}
		return err
	}
	if busy != 0 {
		return bot.ErrLingers
	}
	return nil
}

// Backup copies the SQLite file at path into a new file, whole and without its journal. A
// program may be writing to it.
func Backup(ctx context.Context, path, to string) error {
	if err := CheckRegular(path, 0); err != nil {
		return err
	}
	f, err := os.OpenFile(to, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600) // SQLite would let others read it
	if err != nil {
		return err
	}
	if err := f.Close(); err != nil {
		return err
	}
	q := url.Values{"_pragma": {busyPragma(Busy)}}
	db, err := sql.Open("sqlite", (&url.URL{Scheme: "file", OmitHost: true, Path: filepath.ToSlash(path), RawQuery: q.Encode()}).String())
	if err != nil {
		return ExplainSQLite("backup", path, err)
	}
	defer db.Close()
	db.SetMaxOpenConns(1)
	if err := CheckSQLite(ctx, db); err != nil {
		return ExplainSQLite("backup", path, err)
	}
	_, err = db.ExecContext(ctx, "VACUUM INTO ?", to)
	return ExplainSQLite("backup", path, err)
}

// CheckSQLite looks for damage in the file that db has open.
func CheckSQLite(ctx context.Context, db *sql.DB) error {
	var verdict string
	if err := db.QueryRowContext(ctx, "PRAGMA quick_check(1)").Scan(&verdict); err != nil {
		return err
	}
	if verdict != "ok" {
		return errDamaged
	}
	return nil
}

var errDamaged = errors.New("its pages contradict each other: it is damaged; move it away and it will be made anew")

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
