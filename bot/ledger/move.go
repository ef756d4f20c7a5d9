package ledger

import (
	"context"
	"database/sql"
	"fmt"
	"os"
	"strings"

	"github.com/jackc/pgx/v5"

	"footnote/bot/store"
)

// A Moved counts what Move has copied, for who ordered it.
type Moved struct {
	Records    int64
	Words      int64 // records with words
	Judgements int64
	Allowing   int64 // people and places that allow words
}

// Move copies the ledger at path, which must be there, with its key into a database whose
// ledger is empty. The people in it are found with the same codes as before. Nobody may
// write to the file meanwhile. secret is the one of the database.
func Move(ctx context.Context, path string, tx pgx.Tx, secret []byte) (Moved, error) {
	var m Moved
	if _, err := os.Stat(path); err != nil {
		return m, fmt.Errorf("ledger: %w", err)
	}
	db, err := openFile(path, false)
	if err != nil {
		return m, err
	}
	defer db.Close()
	key, err := file{path}.open(ctx, db) // a file without its key is refused
	if err != nil {
		return m, file{path}.explain(err)
	}
	if err := store.MoveSecret(ctx, tx, secret, keyName, key); err != nil {
		return m, err
	}
	for _, t := range []struct {
		table, columns, order string
		copied                *int64
	}{
		{"asked", "id, at, platform, who, outcome, fact, near, packs, confidence, margin, words, picked, place", "at, rowid", &m.Records},
		{"judged", "asked, who, verdict, at", "asked, who", &m.Judgements},
		{"allowed", "who", "who", &m.Allowing},
	} {
		columns := strings.Split(t.columns, ", ")
		rows, err := db.QueryContext(ctx, fmt.Sprintf("SELECT %s FROM %s ORDER BY %s", t.columns, t.table, t.order))
		if err != nil {
			return m, file{path}.explain(err)
		}
		n, err := tx.CopyFrom(ctx, pgx.Identifier{t.table}, columns, pgx.CopyFromFunc(func() ([]any, error) { return nextRow(rows, len(columns)) }))
		rows.Close()
		if err != nil {
			return m, file{path}.explain(err)
		}
		*t.copied = n
	}
	return m, tx.QueryRow(ctx, "SELECT count(*) FROM asked WHERE words IS NOT NULL").Scan(&m.Words)
}

// nextRow reads a row of n columns; nil after the last. Texts are what PostgreSQL takes: an
// older program kept words as they came.
func nextRow(rows *sql.Rows, n int) ([]any, error) {
	if !rows.Next() {
		return nil, rows.Err()
	}
	values, at := make([]any, n), make([]any, n)
	for i := range values {
		at[i] = &values[i]
	}
	if err := rows.Scan(at...); err != nil {
		return nil, err
	}
	for i, v := range values {
		if s, ok := v.(string); ok {
			values[i] = strings.ReplaceAll(strings.ToValidUTF8(s, "�"), "\x00", "")
		}
	}
	return values, nil
}
