// Package postgres is the database that several processes of one bot share: its address,
// whose password is seen nowhere, its connections, and its tables, which numbered files in
// the folder migrations make. It knows nothing of what the tables are for.
//
// Nothing here or above needs more of a connection than one transaction: no session locks, no
// prepared statements, no SET. So a pooler in transaction mode (PgBouncer) may stand between.
package postgres

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"footnote/bot/platform"
)

const (
	// connectTimeout bounds one try to connect, if the address does not (connect_timeout).
	connectTimeout = 5 * time.Second
	// usualConnections is how many connections answers share at most, if the address does not
	// say (pool_max_conns): what they ask at the same time they ask together ([Batch]).
	usualConnections = 5
	// StatementTimeout is how long one small statement may take before it is given up.
	StatementTimeout = 5 * time.Second
)

// A DB is the database. It is safe for concurrent use. Close must be called.
type DB struct {
	pool    *pgxpool.Pool
	where   string
	secrets []string

	line pipeline

	mu     sync.Mutex
	closed bool
	work   sync.WaitGroup // of batches
}

// Open returns the database at address, without connecting to it yet. The error is about the
// address, and holds nothing of its password.
func Open(address platform.Secret) (*DB, error) {
	c, secrets, err := parse(address.Reveal())
	if err != nil {
		return nil, err
	}
	pool, err := pgxpool.NewWithConfig(context.Background(), c)
	if err != nil {
		return nil, fmt.Errorf("the address of the database: %s", platform.Scrub(err.Error(), secrets...))
	}
	db := &DB{pool: pool, where: whereOf(c.ConnConfig), secrets: secrets}
	db.line.send, db.line.goes = db.ask, db.goes
	return db, nil
}

// Pool is where statements go. They are sent in one round trip, with parameters as text, and
// nothing is prepared. Errors go through [DB.Explain] before anybody sees them.
func (db *DB) Pool() *pgxpool.Pool { return db.pool }

// Where names the database for people: host, port and name, and no password.
func (db *DB) Where() string { return db.where }

// Close ends all connections, and waits for those in use.
func (db *DB) Close() {
	db.mu.Lock()
	db.closed = true
	db.mu.Unlock()
	db.work.Wait()
	db.pool.Close()
}

var errClosed = errors.New("the database is closed")

// goes runs do in a goroutine that Close waits for, and reports false after Close.
func (db *DB) goes(do func()) bool {
	db.mu.Lock()
	defer db.mu.Unlock()
	if db.closed {
		return false
	}
	db.work.Go(do)
	return true
}

// Try runs do, and once more if its connection was lost, perhaps after do was done: it must
// be something that may happen twice. It ends within [StatementTimeout].
func (db *DB) Try(ctx context.Context, do func(context.Context) error) error {
	ctx, cancel := context.WithTimeout(ctx, StatementTimeout)
	defer cancel()
	err := do(ctx)
	if Lost(err) && ctx.Err() == nil {
		db.pool.Reset() // where one connection was lost, the idle ones mostly are too
		err = do(ctx)
	}
	return err
}

// InTx runs do in a transaction, which is committed if do returns nil.
func (db *DB) InTx(ctx context.Context, do func(pgx.Tx) error) error {
	return pgx.BeginFunc(ctx, db.pool, do)
}
