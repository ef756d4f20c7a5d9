package store

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"footnote/bot/postgres"
)

// Shared is a Store in a database, which several processes use at once. Its tables must be
// up to date (Migrate). Whoever closes the Store closes the database.
func Shared(db *postgres.DB) *Store {
	b := shared{db: db}
	b.gets = postgres.NewBatch(db, getWait, getAll).Repeatable()
	return &Store{back: b}
}

// getWait bounds reading a value, or some.
const getWait = 2 * time.Second

type shared struct {
	db   *postgres.DB
	gets *postgres.Batch[spaceKey, string]
}

type spaceKey struct{ space, key string }

func (b shared) get(ctx context.Context, space, key string) (string, error) {
	value, err := b.gets.Ask(ctx, spaceKey{space, key})
	return value, b.explain(err)
}

// getAll reads the values of all who ask at the same time.
func getAll(all []spaceKey) postgres.Statement[string] {
	spaces, keys := make([]string, 0, len(all)), make([]string, 0, len(all))
	for _, x := range all {
		spaces, keys = append(spaces, x.space), append(keys, x.key)
	}
	read := func(rows [][][]byte) ([]string, error) {
		values := make([]string, len(all))
		for _, row := range rows {
			values[binary.BigEndian.Uint64(row[0])-1] = string(row[1])
		}
		return values, nil
	}
	return postgres.Statement[string]{SQL: `SELECT x.n, value FROM kv
		JOIN unnest($1::text[], $2::text[]) WITH ORDINALITY AS x (space, key, n) ON kv.space = x.space AND kv.key = x.key`,
		Params: [][]byte{postgres.Texts(spaces), postgres.Texts(keys)}, Read: read}
}

func (b shared) set(ctx context.Context, space, key, value string) error {
	return b.explain(b.db.Try(ctx, func(ctx context.Context) error {
		_, err := b.db.Pool().Exec(ctx, `INSERT INTO kv (space, key, value) VALUES ($1, $2, $3)
			ON CONFLICT (space, key) DO UPDATE SET value = excluded.value`, space, key, []byte(value))
		return err
	}))
}

func (b shared) delete(ctx context.Context, space, key string) error {
	return b.explain(b.db.Try(ctx, func(ctx context.Context) error {
		_, err := b.db.Pool().Exec(ctx, "DELETE FROM kv WHERE space = $1 AND key = $2", space, key)
		return err
	}))
}

// take is tried once: whether a lost answer was of something that is gone nobody knows.
func (b shared) take(ctx context.Context, space, key string) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, postgres.StatementTimeout)
	defer cancel()
	var value []byte
	err := b.db.Pool().QueryRow(ctx, "DELETE FROM kv WHERE space = $1 AND key = $2 RETURNING value", space, key).Scan(&value)
	if errors.Is(err, pgx.ErrNoRows) {
		return "", nil
	}
	return string(value), b.explain(err)
}

func (b shared) keys(ctx context.Context, space string) (all []string, err error) {
	err = b.db.Try(ctx, func(ctx context.Context) error {
		rows, err := b.db.Pool().Query(ctx, "SELECT key FROM kv WHERE space = $1", space)
		if err != nil {
			return err
		}
		all, err = pgx.CollectRows(rows, pgx.RowTo[string])
		return err
	})
	return all, b.explain(err)
}

func (b shared) clear(ctx context.Context, space string) (n int, err error) {
	err = b.db.Try(ctx, func(ctx context.Context) error {
		done, err := b.db.Pool().Exec(ctx, "DELETE FROM kv WHERE space = $1", space)
		n += int(done.RowsAffected())
		return err
	})
	return n, b.explain(err)
}

func (b shared) close() error {
	b.db.Close()
	return nil
}

func (b shared) explain(err error) error { return b.db.Explain("store", err) }

// ParseSecret reads a secret as [Secret] writes it, e.g. one that several processes share.
func ParseSecret(text string) ([]byte, error) {
	secret, err := hex.DecodeString(strings.TrimSpace(text))
	if err != nil || len(secret) != secretBytes {
		return nil, fmt.Errorf("a key has %d hexadecimal digits; openssl rand -hex %d makes one", 2*secretBytes, secretBytes)
	}
	return secret, nil
}

// ErrOtherSecret says that what is in a database was kept with another secret.
var ErrOtherSecret = errors.New("it was used with another key before, and what it holds of people could neither be read nor deleted with this one: give this process the key that the others have, or an empty database")

// Bind makes secret the one that a database is used with, if it has none yet. The error
// wraps ErrOtherSecret if it has another. The database learns what the secret can be told by,
// and nothing of the secret.
func Bind(ctx context.Context, db *postgres.DB, secret []byte) error {
	return db.Explain("state", db.Try(ctx, func(ctx context.Context) error { return BindIn(ctx, db.Pool(), secret) }))
}

// BindIn is Bind by way of q.
func BindIn(ctx context.Context, q Querier, secret []byte) error {
	mine := hex.EncodeToString(derive(secret, "fingerprint")[:16])
	theirs, err := once(ctx, q, "key", mine)
	if err == nil && theirs != mine {
		err = ErrOtherSecret
	}
	return err
}

// A Querier is a pool of connections or a transaction.
type Querier interface {
	Exec(ctx context.Context, sql string, args ...any) (pgconn.CommandTag, error)
	QueryRow(ctx context.Context, sql string, args ...any) pgx.Row
}

// once keeps a fact about the whole database, if it is not there yet, and returns what is
// there: of several processes that begin at once all get the same.
func once(ctx context.Context, q Querier, name, value string) (kept string, err error) {
	if _, err := q.Exec(ctx, "INSERT INTO meta (name, value) VALUES ($1, $2) ON CONFLICT DO NOTHING", name, value); err != nil {
		return "", err
	}
	return kept, q.QueryRow(ctx, "SELECT value FROM meta WHERE name = $1", name).Scan(&kept)
}

// SharedSecret returns the secret called name that a database holds, encrypted with secret,
// and makes one if there is none yet: of several processes that begin at once all get the same.
func SharedSecret(ctx context.Context, db *postgres.DB, secret []byte, name string) (kept []byte, err error) {
	fresh := make([]byte, secretBytes)
	_, _ = rand.Read(fresh) // never fails
	err = db.Try(ctx, func(ctx context.Context) error {
		kept, err = keepSecret(ctx, db.Pool(), secret, name, fresh)
		return err
	})
	return kept, err
}

// MoveSecret keeps a secret from elsewhere in a database, encrypted with secret. That the
// database has another one of that name already is an error.
func MoveSecret(ctx context.Context, q Querier, secret []byte, name string, moved []byte) error {
	kept, err := keepSecret(ctx, q, secret, name, moved)
	if err == nil && !bytes.Equal(kept, moved) {
		err = fmt.Errorf("it has another %s already", name)
	}
	return err
}

func keepSecret(ctx context.Context, q Querier, secret []byte, name string, value []byte) ([]byte, error) {
	seal := NewSeal(secret, "seal")
	kept, err := once(ctx, q, name, seal.sealText(name, hex.EncodeToString(value)))
	if err != nil {
		return nil, err
	}
	text, err := seal.openText(name, kept)
	if err != nil {
		return nil, err
	}
	return ParseSecret(text)
}
