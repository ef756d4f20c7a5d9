package store

import (
	"context"
	"fmt"
	"os"

	"github.com/jackc/pgx/v5"
)

// A Moved counts what Move has copied, for who ordered it.
type Moved struct {
	Values  map[string]int // by namespace
	Damaged []string       // the keys of values that no Store gives any more, which are left behind
}

// Move copies all values of the file at path, which must be there, into a database without
// any. It may be read meanwhile, and not written to.
func Move(ctx context.Context, path string, tx pgx.Tx) (Moved, error) {
	m := Moved{Values: map[string]int{}}
	if _, err := os.Stat(path); err != nil {
		return m, fmt.Errorf("store: %w", err)
	}
	s, err := Open(path)
	if err != nil {
		return m, err
	}
	defer s.Close()
	from := s.back.(*file)
	rows, err := from.db.QueryContext(ctx, "SELECT space, key, value, sum FROM kv ORDER BY space, key")
	if err != nil {
		return m, from.explain(err)
	}
	defer rows.Close()
	next := func() ([]any, error) {
		for rows.Next() {
			var space, key, value, sum string
			if err := rows.Scan(&space, &key, &value, &sum); err != nil {
				return nil, from.explain(err)
			}
			if sum != sumOf(space, key, value) || checkKey(key) != nil {
				m.Damaged = append(m.Damaged, fmt.Sprintf("%s %q", space, key))
				continue
			}
			m.Values[space]++
			return []any{space, key, []byte(value)}, nil
		}
		return nil, from.explain(rows.Err())
	}
	_, err = tx.CopyFrom(ctx, pgx.Identifier{"kv"}, []string{"space", "key", "value"}, pgx.CopyFromFunc(next))
	return m, err
}
