package ledger

import (
	"context"
	"database/sql"
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5/stdlib"

	"footnote/bot/postgres"
	"footnote/bot/store"
)

// A shared is a ledger in a database that several processes write to. What one of them
// deletes, none of the others writes back: who forgets somebody locks the records against
// them, and leaves a mark for what they hold back.
type shared struct {
	db     *postgres.DB
	secret []byte
}

// openShared is the database for the writer; some statements at a time need no more of it.
func openShared(db *postgres.DB) *sql.DB {
	out := stdlib.OpenDBFromPool(db.Pool())
	out.SetMaxOpenConns(2)
	out.SetMaxIdleConns(0) // the pool keeps them
	return out
}

func (shared) queries() queries {
	return queries{
		sql:     func(s string) string { return strings.ReplaceAll(s, "?", "$") },
		record:  fmt.Sprintf(recordSQL, "NOT EXISTS (SELECT 1 FROM forgotten WHERE who = ?4 AND at >= ?2)"),
		forget:  "INSERT INTO forgotten (who, at) VALUES (?1, ?2) ON CONFLICT (who) DO UPDATE SET at = excluded.at",
		allowed: allowedChanged,
		changes: "SELECT coalesce((SELECT value FROM meta WHERE name = 'allowed'), '0')",
		purge:   "DELETE FROM forgotten WHERE at < ?1",
		number:  "n",
		join:    "string_agg",
	}
}

// allowedChanged tells the other processes that somebody allows something, or does not any
// more. The row also puts such changes in an order.
const allowedChanged = `INSERT INTO meta (name, value) VALUES ('allowed', '1')
	ON CONFLICT (name) DO UPDATE SET value = CAST(CAST(meta.value AS BIGINT) + 1 AS TEXT)`

// open finds the key in the database, sealed with its secret: all processes have the same.
func (s shared) open(ctx context.Context, _ *sql.DB) ([]byte, error) {
	return store.SharedSecret(ctx, s.db, s.secret, keyName)
}

// keyName is what the key is kept as.
const keyName = "ledger key"

func (shared) used(context.Context, *sql.DB, time.Time) error { return nil }

func (shared) left(context.Context, *sql.DB) {}

// begin locks the records before anything else is locked, so that no two transactions wait
// for each other.
func (shared) begin(ctx context.Context, tx *sql.Tx, alone bool) error {
	mode := "ROW EXCLUSIVE"
	if alone {
		mode = "SHARE ROW EXCLUSIVE"
	}
	_, err := tx.ExecContext(ctx, "LOCK TABLE asked IN "+mode+" MODE")
	return err
}

// sweep does nothing: the pages and the journal of a server are in its own hands, and
// README says so.
func (shared) sweep(context.Context, *sql.DB) error { return nil }

// passes holds whatever the server has not said for a matter of the way to it.
func (shared) passes(err error) bool { return postgres.Code(err) == "" || postgres.Temporary(err) }

func (s shared) explain(err error) error { return s.db.Explain("ledger", err) }
