package pgcluster

import (
	"context"
	"encoding/hex"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

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
	gets *postgres.Batch[[][]byte, []string]
	puts *postgres.Batch[[]kept, struct{}]
}

// A kept is what is kept for one scope.
type kept struct {
	scope, value []byte
	people       [][]byte
}

// NewTurns returns the Turns in db. Processes that share it have the same secret.
func NewTurns(db *postgres.DB, secret []byte) *Turns {
	t := &Turns{db: db, seal: store.NewSeal(secret, "turn")}
	t.gets, t.puts = postgres.NewBatch(db, batchWait, t.getAll), postgres.NewBatch(db, batchWait, t.putAll)
	return t
}

func (t *Turns) explain(err error) error { return t.db.Explain("last answers", err) }

// Look returns what waits for what is kept for each scope, in their order, and "" where there is
// nothing. It is asked with what is asked next: a claim, say.
func (t *Turns) Look(scopes []string) (wait func(context.Context) ([]string, error)) {
	hashes := make([][]byte, 0, len(scopes))
	for _, s := range scopes {
		hashes = append(hashes, t.seal.Hash(s))
	}
	asked := t.gets.Begin(hashes)
	return func(ctx context.Context) ([]string, error) {
		all, err := asked.Wait(ctx)
		return all, t.explain(err)
	}
}

// getAll returns what is kept for the scopes of each who asks.
func (t *Turns) getAll(all [][][]byte) postgres.Statement[[]string] {
	var hashes [][]byte
	at := map[string][]*string{}
	out := make([][]string, len(all))
	for i, asked := range all {
		out[i] = make([]string, len(asked))
		for j, hash := range asked {
			if at[string(hash)] == nil {
				hashes = append(hashes, hash)
			}
			at[string(hash)] = append(at[string(hash)], &out[i][j])
		}
	}
	read := func(rows [][][]byte) ([][]string, error) {
		for _, row := range rows {
			text, err := t.seal.Open(row[0], row[1])
			for _, to := range at[string(row[0])] {
				if *to = text; err != nil {
					*to = "" // what somebody else wrote there is nothing to the others who ask
				}
			}
		}
		return out, nil
	}
	return postgres.Statement[[]string]{SQL: fmt.Sprintf("SELECT scope, value FROM turn WHERE scope = ANY ($1::bytea[]) AND at > now() - interval '%d seconds'",
		int(turnLasts.Seconds())), Params: [][]byte{postgres.Bytes(hashes)}, Read: read}
}

// Put keeps a value for each scope, which is about people, in place of the one before.
func (t *Turns) Put(ctx context.Context, values map[string]string, people []string) error {
	hashed := t.hashes(people)
	all := make([]kept, 0, len(values))
	for s, value := range values {
		hash := t.seal.Hash(s)
		all = append(all, kept{hash, t.seal.Seal(hash, value), hashed})
	}
	_, err := t.puts.Ask(ctx, all)
	return t.explain(err)
}

// putAll keeps what all who ask want kept. Of two values for a scope the later one counts.
func (t *Turns) putAll(all [][]kept) postgres.Statement[struct{}] {
	last := map[string]kept{}
	for _, asked := range all {
		for _, k := range asked {
			last[string(k.scope)] = k
		}
	}
	var scopes, values [][]byte
	var people []string
	for _, s := range slices.Sorted(maps.Keys(last)) { // in one order, so that no two processes wait for each other
		k := last[s]
		scopes, values, people = append(scopes, k.scope), append(values, k.value), append(people, byteaArray(k.people))
	}
	return postgres.Statement[struct{}]{SQL: soon + `INSERT INTO turn (scope, people, value)
		SELECT x.scope, x.people::bytea[], x.value FROM soon, unnest($1::bytea[], $2::text[], $3::bytea[]) AS x (scope, people, value)
		ON CONFLICT (scope) DO UPDATE SET people = excluded.people, at = now(), value = excluded.value`,
		Params: [][]byte{postgres.Bytes(scopes), postgres.Texts(people), postgres.Bytes(values)}}
}

// byteaArray writes an array as PostgreSQL reads it: unnest knows none of several lengths.
func byteaArray(all [][]byte) string {
	texts := make([]string, 0, len(all))
	for _, b := range all {
		texts = append(texts, `"\\x`+hex.EncodeToString(b)+`"`)
	}
	return "{" + strings.Join(texts, ",") + "}"
}

func (t *Turns) hashes(people []string) [][]byte {
	all := make([][]byte, 0, len(people))
	for _, p := range people {
		all = append(all, t.seal.Hash("person", p))
	}
	return all
}

// Forget deletes all that is about a person, in the order in which it is written.
func (t *Turns) Forget(ctx context.Context, person string) error {
	return t.explain(t.db.Try(ctx, func(ctx context.Context) error {
		_, err := t.db.Pool().Exec(ctx, "DELETE FROM turn WHERE scope IN (SELECT scope FROM turn WHERE people && $1::bytea[] ORDER BY scope FOR UPDATE)", t.hashes([]string{person}))
		return err
	}))
}
