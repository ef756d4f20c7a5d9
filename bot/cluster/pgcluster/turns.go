package pgcluster

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"footnote/bot/postgres"
	"footnote/bot/store"
)

// turnLasts is how long a turn is kept.
const turnLasts = 30 * time.Minute

// Turns keeps the last answer of each person in a chat and of each chat: under keyed hashes,
// encrypted, for half an hour.
type Turns struct {
	db   *postgres.DB
	seal *store.Seal
}

// NewTurns returns the Turns in db. Processes that share it have the same secret.
func NewTurns(db *postgres.DB, secret []byte) *Turns {
	return &Turns{db: db, seal: store.NewSeal(secret, "turn")}
}

func (t *Turns) explain(err error) error { return t.db.Explain("last answers", err) }

// Get returns what is kept for each scope, in their order, and "" where there is nothing.
func (t *Turns) Get(ctx context.Context, scopes []string) ([]string, error) {
	hashes := make([][]byte, 0, len(scopes))
	for _, s := range scopes {
		hashes = append(hashes, t.seal.Hash(s))
	}
	rows, err := t.db.Pool().Query(ctx, fmt.Sprintf(`SELECT x.n, value FROM turn JOIN unnest($1::bytea[]) WITH ORDINALITY AS x (scope, n) USING (scope)
		WHERE at > now() - interval '%d seconds'`, int(turnLasts.Seconds())), hashes)
	if err != nil {
		return nil, t.explain(err)
	}
	all := make([]string, len(scopes))
	var n int
	var value []byte
	_, err = pgx.ForEachRow(rows, []any{&n, &value}, func() (err error) {
		all[n-1], err = t.seal.Open(hashes[n-1], value)
		return err
	})
	return all, t.explain(err)
}

// Put keeps a value for each scope, which is about people, in place of the one before.
func (t *Turns) Put(ctx context.Context, values map[string]string, people []string) error {
	var scopes, sealed [][]byte
	for _, s := range slices.Sorted(maps.Keys(values)) { // in one order, so that no two wait for each other
		hash := t.seal.Hash(s)
		scopes, sealed = append(scopes, hash), append(sealed, t.seal.Seal(hash, values[s]))
	}
	_, err := t.db.Pool().Exec(ctx, soon+`INSERT INTO turn (scope, people, value)
		SELECT x.scope, $2::bytea[], x.value FROM soon, unnest($1::bytea[], $3::bytea[]) AS x (scope, value)
		ON CONFLICT (scope) DO UPDATE SET people = excluded.people, at = now(), value = excluded.value`, scopes, t.hashes(people), sealed)
	return t.explain(err)
}

func (t *Turns) hashes(people []string) [][]byte {
	all := make([][]byte, 0, len(people))
	for _, p := range people {
		all = append(all, t.seal.Hash("person", p))
	}
	return all
}

// Forget deletes all that is about a person.
func (t *Turns) Forget(ctx context.Context, person string) error {
	return t.explain(t.db.Try(ctx, func(ctx context.Context) error {
		_, err := t.db.Pool().Exec(ctx, "DELETE FROM turn WHERE people && $1::bytea[]", t.hashes([]string{person}))
		return err
	}))
}
