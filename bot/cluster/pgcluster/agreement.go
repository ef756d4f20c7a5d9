package pgcluster

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"github.com/jackc/pgx/v5"

	"footnote/bot/cluster"
)

// Votes stand in the row that says what is agreed on, so that its version counts them all, and
// one statement that asks for it decides.

// A ballotPaper is a vote as it is kept.
type ballotPaper struct {
	Value string            `json:"value,omitempty"`
	About map[string]string `json:"about,omitempty"`
	Why   string            `json:"why,omitempty"`
}

// Vote implements cluster.Table.
func (t *Table) Vote(ctx context.Context, name string, v cluster.Vote) error {
	paper, err := json.Marshal(ballotPaper{v.Value, v.About, v.Why})
	if err != nil {
		return err
	}
	_, err = t.db.Pool().Exec(ctx, `
		WITH v AS (
			INSERT INTO agreement AS a (name, votes) VALUES ($1, jsonb_build_object($2::text, $3::text::jsonb))
			ON CONFLICT (name) DO UPDATE SET version = a.version + 1, votes = a.votes || excluded.votes
				WHERE a.votes->$2 IS DISTINCT FROM excluded.votes->$2
			RETURNING 1
		)
		SELECT pg_notify('`+freed+`', '') FROM v`, name, v.Member, string(paper))
	return t.db.Explain("votes", err)
}

// Ballot implements cluster.Table.
func (t *Table) Ballot(ctx context.Context, name string) (cluster.Ballot, error) {
	var b cluster.Ballot
	var text string
	var names []string
	var lives []int64 // microseconds
	err := t.db.Pool().QueryRow(ctx, `
		SELECT coalesce(a.version, 0), coalesce(a.epoch, 0), coalesce(a.value, ''), coalesce(a.votes, '{}')::text, m.names, m.lives, m.gone
		FROM (SELECT coalesce(array_agg(name) FILTER (WHERE alive), '{}') AS names,
				coalesce(array_agg((extract(epoch FROM clock_timestamp() - since) * 1000000)::bigint) FILTER (WHERE alive), '{}') AS lives,
				coalesce(bool_or(NOT alive), false) AS gone
			FROM (SELECT name, since, until > clock_timestamp() AS alive FROM member OFFSET 0) AS each) AS m
		LEFT JOIN agreement a ON a.name = $1`, name).Scan(&b.Version, &b.Epoch, &b.Value, &text, &names, &lives, &b.Gone)
	if err != nil {
		return cluster.Ballot{}, t.db.Explain("votes", err)
	}
	var papers map[string]ballotPaper
	if err := json.Unmarshal([]byte(text), &papers); err != nil {
		return cluster.Ballot{}, err
	}
	votes := map[string]cluster.Vote{}
	for member, p := range papers {
		votes[member] = cluster.Vote{Member: member, Value: p.Value, About: p.About, Why: p.Why}
	}
	living := map[string]time.Duration{}
	for i, name := range names {
		living[name] = time.Duration(lives[i]) * time.Microsecond
	}
	b.Votes = cluster.Count(votes, living)
	return b, nil
}

// Agree implements cluster.Table.
func (t *Table) Agree(ctx context.Context, name string, version int64, value string) (bool, error) {
	done, err := t.db.Pool().Exec(ctx, `
		WITH d AS (UPDATE agreement SET version = version + 1, epoch = epoch + 1, value = $3, at = now() WHERE name = $1 AND version = $2 RETURNING 1)
		SELECT pg_notify('`+freed+`', '') FROM d`, name, version, value)
	return done.RowsAffected() == 1, t.db.Explain("votes", err)
}

// purgeAgreements deletes the votes of processes that are long gone, and copies of packs that
// nobody answers from or proposes.
func (t *Table) purgeAgreements(ctx context.Context) error {
	for _, statement := range []string{
		`UPDATE agreement SET version = version + 1,
			votes = (SELECT coalesce(jsonb_object_agg(v.key, v.value), '{}') FROM jsonb_each(votes) v WHERE v.key = ANY (ARRAY(SELECT name FROM member)))
		WHERE NOT ARRAY(SELECT jsonb_object_keys(votes)) <@ ARRAY(SELECT name FROM member)`,
		`DELETE FROM pack_copy WHERE at < now() - interval '10 minutes'
			AND NOT digest = ANY (ARRAY(SELECT value FROM agreement UNION ALL SELECT v.value->>'value' FROM agreement a, jsonb_each(a.votes) v WHERE v.value ? 'value'))`,
	} {
		if _, err := t.db.Pool().Exec(ctx, statement); err != nil {
			return t.db.Explain("votes", err)
		}
	}
	return nil
}

// Copies keeps packs as archives, by the digest of what is in them.
type Copies struct{ t *Table }

// Copies returns the Copies in the database of t.
func (t *Table) Copies() *Copies { return &Copies{t} }

// Put keeps what make makes under digest, if nothing is there.
func (c *Copies) Put(ctx context.Context, digest string, make func() ([]byte, error)) error {
	pool := c.t.db.Pool()
	there, err := pool.Exec(ctx, "UPDATE pack_copy SET at = now() WHERE digest = $1", digest)
	if err != nil || there.RowsAffected() > 0 {
		return c.t.db.Explain("packs", err)
	}
	data, err := make()
	if err != nil {
		return err
	}
	_, err = pool.Exec(ctx, "INSERT INTO pack_copy (digest, archive) VALUES ($1, $2) ON CONFLICT (digest) DO UPDATE SET at = now()", digest, data)
	return c.t.db.Explain("packs", err)
}

// Get returns what is kept under digest; nil if nothing is.
func (c *Copies) Get(ctx context.Context, digest string) (data []byte, err error) {
	err = c.t.db.Pool().QueryRow(ctx, "SELECT archive FROM pack_copy WHERE digest = $1", digest).Scan(&data)
	if errors.Is(err, pgx.ErrNoRows) {
		return nil, nil
	}
	return data, c.t.db.Explain("packs", err)
}
