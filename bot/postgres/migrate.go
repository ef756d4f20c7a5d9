package postgres

import (
	"cmp"
	"context"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"strconv"
	"strings"

	"github.com/jackc/pgx/v5"
)

// Each file of migrations takes the tables one version on; its name begins with the number
// of that. A file that was released is never changed: the next one changes the tables.
//
//go:embed migrations/*.sql
var files embed.FS

type migration struct {
	version int
	name    string
	sql     string
}

// migrations are the files in their order, from 1 on without a gap.
func migrations() ([]migration, error) {
	entries, err := fs.ReadDir(files, "migrations") // sorted by name
	if err != nil {
		return nil, err
	}
	var all []migration
	for i, e := range entries {
		number, _, _ := strings.Cut(e.Name(), "_")
		version, err := strconv.Atoi(number)
		if err != nil || version != i+1 || len(number) != 4 {
			return nil, fmt.Errorf("the file %s does not begin with the number %04d", e.Name(), i+1)
		}
		text, err := files.ReadFile("migrations/" + e.Name())
		if err != nil {
			return nil, err
		}
		all = append(all, migration{version, e.Name(), string(text)})
	}
	return all, nil
}

// migrating is the advisory lock under which tables are changed, for the length of the
// transaction: of several processes that start at once one does it, and a pooler cannot
// strand it.
const migrating = 0x666f6f746e6f7465 // "footnote"

// ErrNewer says that a newer program made the tables.
var ErrNewer = errors.New("its tables were made by a newer program")

// errForeign says that tables of ours are there, and nobody knows from when.
var errForeign = errors.New("it holds tables of another program; give the bot a database of its own")

// Migrate brings the tables up to date, if they are not; what fails leaves them as they
// were. Of several processes that call it at once one does it. Tables of a newer program are
// an error that wraps ErrNewer.
func (db *DB) Migrate(ctx context.Context) error {
	all, err := migrations()
	if err != nil {
		return err
	}
	// Most starts find nothing to do, and need no right to make tables then.
	if version, err := db.version(ctx); err != nil || version == len(all) {
		return db.Explain("state", err)
	}
	return db.Explain("state", db.InTx(ctx, func(tx pgx.Tx) error { return MigrateIn(ctx, tx) }))
}

// MigrateIn does what [DB.Migrate] does, in a transaction of the caller: if that is rolled
// back, the tables are as before.
func MigrateIn(ctx context.Context, tx pgx.Tx) error {
	all, err := migrations()
	if err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, "SELECT pg_advisory_xact_lock($1)", int64(migrating)); err != nil {
		return err
	}
	version, err := versionIn(ctx, tx)
	if err != nil {
		return err
	}
	if version == 0 {
		if _, err := tx.Exec(ctx, "CREATE TABLE footnote_migrations (version integer PRIMARY KEY, name text NOT NULL, at timestamptz NOT NULL DEFAULT now())"); err != nil {
			return err
		}
	}
	for _, m := range all[version:] {
		// No arguments and the simple protocol: a file is many statements.
		if _, err := tx.Exec(ctx, m.sql, pgx.QueryExecModeSimpleProtocol); err != nil {
			return fmt.Errorf("%s: %w", m.name, err)
		}
		if _, err := tx.Exec(ctx, "INSERT INTO footnote_migrations (version, name) VALUES ($1, $2)", m.version, m.name); err != nil {
			return err
		}
	}
	return nil
}

func (db *DB) version(ctx context.Context) (version int, err error) {
	err = db.Try(ctx, func(ctx context.Context) error {
		return db.InTx(ctx, func(tx pgx.Tx) error {
			version, err = versionIn(ctx, tx)
			return err
		})
	})
	return version, err
}

// versionIn is the version of the tables, 0 if there are none.
func versionIn(ctx context.Context, tx pgx.Tx) (int, error) {
	all, err := migrations()
	if err != nil {
		return 0, err
	}
	var ours, foreign bool
	// Not to_regclass, which may answer from what it knew before another process made them.
	if err := tx.QueryRow(ctx, `SELECT coalesce(bool_or(relname = 'footnote_migrations'), false), coalesce(bool_or(relname <> 'footnote_migrations'), false)
		FROM pg_catalog.pg_class WHERE relname IN ('footnote_migrations', 'kv', 'meta', 'asked') AND pg_catalog.pg_table_is_visible(oid)`).Scan(&ours, &foreign); err != nil {
		return 0, err
	}
	switch {
	case !ours && foreign:
		return 0, errForeign
	case !ours:
		return 0, nil
	}
	var version *int
	if err := tx.QueryRow(ctx, "SELECT max(version) FROM footnote_migrations").Scan(&version); err != nil {
		return 0, err
	}
	if v := *cmp.Or(version, new(int)); v <= len(all) {
		return v, nil
	}
	return 0, fmt.Errorf("%w (their version is %d, this program's %d): use that program, or another database", ErrNewer, *version, len(all))
}
