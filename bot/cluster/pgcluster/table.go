// Package pgcluster keeps in PostgreSQL what the processes of one bot share beside the small
// values of package store: leases, claims, members and agreements ([Table]), the messages that
// wait for their answer ([Unanswered]), the last answers ([Turns]), and packs ([Copies]). It knows neither what is done
// under a lease nor what is said.
//
// Each statement stands by itself, so that a pooler in transaction mode may stand between.
package pgcluster

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"footnote/bot/cluster"
	"footnote/bot/postgres"
	"footnote/bot/store"
)

// batchWait bounds what is asked for many messages at once, before or after their answers.
const batchWait = time.Second

// settleWait bounds saying what became of claims, which nobody waits for.
const settleWait = 2 * time.Second

// settleLazily is how long that waits for something else to go along with: where messages come one after
// another it costs no way of its own.
const settleLazily = 10 * time.Millisecond

// leaseConnections are beside those for everything else: a renewal waits for no answer.
const leaseConnections = 2

// A Table is a cluster.Table in a database whose tables are up to date. Close must be called.
type Table struct {
	db      *postgres.DB
	leases  *pgxpool.Pool
	seal    *store.Seal
	claims  *postgres.Batch[claiming, cluster.Claim]
	settled *postgres.Batch[settling, struct{}]
}

var _ cluster.Table = (*Table)(nil)

// Open returns the Table in db, which it does not close. Processes that share it have the
// same secret.
func Open(db *postgres.DB, secret []byte) (*Table, error) {
	c := db.Pool().Config()
	c.MaxConns, c.MinConns, c.MinIdleConns = leaseConnections, 0, 0
	leases, err := pgxpool.NewWithConfig(context.Background(), c)
	if err != nil {
		return nil, db.Explain("leases", err)
	}
	t := &Table{db: db, leases: leases, seal: store.NewSeal(secret, "claim")}
	t.claims, t.settled = postgres.NewBatch(db, batchWait, claimAll), postgres.NewBatch(db, settleWait, settleAll)
	return t, nil
}

// Close ends the connections of the Table.
func (t *Table) Close() { t.leases.Close() }

// freed is the channel on which processes tell that a lease is free.
const freed = "footnote_lease"

func (t *Table) explain(err error) error { return t.db.Explain("leases", err) }

// Take implements cluster.Table.
func (t *Table) Take(ctx context.Context, holder, name string, ttl time.Duration) (epoch int64, note string, taken bool, err error) {
	err = t.leases.QueryRow(ctx, `
		INSERT INTO lease AS l (name, holder, epoch, until) VALUES ($1, $2, 1, clock_timestamp() + $3::bigint * interval '1 microsecond')
		ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, epoch = l.epoch + 1, until = clock_timestamp() + $3::bigint * interval '1 microsecond'
			WHERE l.holder = excluded.holder OR l.until <= clock_timestamp()
		RETURNING epoch, note`, name, holder, ttl.Microseconds()).Scan(&epoch, &note)
	if errors.Is(err, pgx.ErrNoRows) {
		return 0, "", false, nil
	}
	return epoch, note, err == nil, t.explain(err)
}

// Renew implements cluster.Table. A lease that nobody has taken meanwhile is prolonged although
// it had run out: its epoch says so.
func (t *Table) Renew(ctx context.Context, holder string, about map[string]string, held []cluster.Holding, ttl time.Duration) (kept []string, err error) {
	text, err := json.Marshal(about)
	if err != nil {
		return nil, err
	}
	if about == nil {
		text = []byte("{}")
	}
	names, epochs := make([]string, 0, len(held)), make([]int64, 0, len(held))
	for _, h := range held {
		names, epochs = append(names, h.Name), append(epochs, h.Epoch)
	}
	err = t.leases.QueryRow(ctx, `
		WITH lives AS (
			INSERT INTO member AS m (name, until, about) VALUES ($1, clock_timestamp() + $2::bigint * interval '1 microsecond', $3::text::jsonb)
			ON CONFLICT (name) DO UPDATE SET until = excluded.until, about = excluded.about,
				since = CASE WHEN m.until > clock_timestamp() THEN m.since ELSE now() END
		), kept AS (
			UPDATE lease SET until = clock_timestamp() + $2::bigint * interval '1 microsecond'
			FROM unnest($4::text[], $5::bigint[]) AS h (name, epoch)
			WHERE lease.name = h.name AND lease.epoch = h.epoch AND lease.holder = $1
			RETURNING lease.name
		)
		SELECT coalesce(array_agg(name), '{}') FROM kept`, holder, ttl.Microseconds(), string(text), names, epochs).Scan(&kept)
	return kept, t.explain(err)
}

// SetNote implements cluster.Table.
func (t *Table) SetNote(ctx context.Context, h cluster.Holding, note string) (bool, error) {
	done, err := t.leases.Exec(ctx, "UPDATE lease SET note = $4 WHERE name = $1 AND holder = $2 AND epoch = $3", h.Name, h.Holder, h.Epoch, note)
	return done.RowsAffected() == 1, t.explain(err)
}

// Release implements cluster.Table.
func (t *Table) Release(ctx context.Context, h cluster.Holding) error {
	_, err := t.leases.Exec(ctx, `
		WITH f AS (UPDATE lease SET holder = '', until = clock_timestamp() WHERE name = $1 AND holder = $2 AND epoch = $3 RETURNING 1)
		SELECT pg_notify('`+freed+`', '') FROM f`, h.Name, h.Holder, h.Epoch)
	return t.explain(err)
}

// Leave implements cluster.Table.
func (t *Table) Leave(ctx context.Context, holder string) error {
	_, err := t.leases.Exec(ctx, `
		WITH gone AS (DELETE FROM member WHERE name = $1),
			f AS (UPDATE lease SET holder = '', until = clock_timestamp() WHERE holder = $1 RETURNING 1)
		SELECT pg_notify('`+freed+`', '') FROM f LIMIT 1`, holder)
	return t.explain(err)
}

// soon makes a statement not wait for the disk: what a crash of the whole database takes with
// it is the last half second.
const soon = "WITH soon AS MATERIALIZED (SELECT set_config('synchronous_commit', 'off', true)) "

// Leases implements cluster.Table.
func (t *Table) Leases(ctx context.Context) ([]cluster.Holding, error) {
	rows, err := t.leases.Query(ctx, "SELECT name, holder, epoch FROM lease WHERE until > clock_timestamp() ORDER BY name COLLATE \"C\"")
	if err != nil {
		return nil, t.explain(err)
	}
	all, err := pgx.CollectRows(rows, pgx.RowToStructByPos[cluster.Holding])
	return all, t.explain(err)
}

// Members implements cluster.Table.
func (t *Table) Members(ctx context.Context) ([]cluster.Member, error) {
	rows, err := t.leases.Query(ctx, "SELECT name, since, about::text FROM member WHERE until > clock_timestamp() ORDER BY name COLLATE \"C\"")
	if err != nil {
		return nil, t.explain(err)
	}
	all, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (m cluster.Member, err error) {
		var about string
		if err = row.Scan(&m.Name, &m.Since, &about); err == nil {
			err = json.Unmarshal([]byte(about), &m.About)
		}
		return m, err
	})
	return all, t.explain(err)
}

// Purge implements cluster.Table. It deletes old turns, unanswered messages and packs, too.
func (t *Table) Purge(ctx context.Context, keep time.Duration) (claims int, err error) {
	done, err := t.db.Pool().Exec(ctx, "DELETE FROM claim WHERE at < now() - $1::bigint * interval '1 microsecond'", keep.Microseconds())
	if err != nil {
		return 0, t.explain(err)
	}
	for _, of := range []string{
		"member WHERE until < now() - interval '1 hour'",
		"lease WHERE until < now() - interval '1 hour' AND name LIKE 'pool/%'", // the others keep their epoch and note
		"unanswered WHERE at < now() - interval '25 hours'",
		// Never waiting for a row while it holds others, it cannot be in the way of those who write some.
		fmt.Sprintf("turn WHERE scope IN (SELECT scope FROM turn WHERE at < now() - interval '%d seconds' FOR UPDATE SKIP LOCKED)", int(turnLasts.Seconds())),
	} {
		if _, err := t.db.Pool().Exec(ctx, "DELETE FROM "+of); err != nil {
			return int(done.RowsAffected()), t.explain(err)
		}
	}
	return int(done.RowsAffected()), t.purgeAgreements(ctx)
}

// Listen implements cluster.Table. Behind a pooler in transaction mode nothing is heard.
func (t *Table) Listen(ctx context.Context, hint func()) error {
	c, err := pgx.ConnectConfig(ctx, t.leases.Config().ConnConfig)
	if err != nil {
		return t.explain(err)
	}
	defer func() {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Second)
		defer cancel()
		_ = c.Close(ctx)
	}()
	if _, err := c.Exec(ctx, "LISTEN "+freed); err != nil {
		return t.explain(err)
	}
	for {
		if _, err := c.WaitForNotification(ctx); err != nil {
			return t.explain(err)
		}
		hint()
	}
}
