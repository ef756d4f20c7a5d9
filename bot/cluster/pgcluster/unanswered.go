package pgcluster

import (
	"context"

	"github.com/jackc/pgx/v5"

	"footnote/bot"
	"footnote/bot/postgres"
	"footnote/bot/store"
)

// Unanswered keeps where the messages stand that wait for their answer, encrypted. It
// implements [bot.SharedUnanswered].
type Unanswered struct {
	db     *postgres.DB
	seal   *store.Seal
	holder string
}

var _ bot.SharedUnanswered = (*Unanswered)(nil)

// NewUnanswered returns that of the process that the cluster calls holder.
func NewUnanswered(db *postgres.DB, secret []byte, holder string) *Unanswered {
	return &Unanswered{db: db, seal: store.NewSeal(secret, "unanswered"), holder: holder}
}

func (u *Unanswered) explain(err error) error { return u.db.Explain("unanswered messages", err) }

// Put implements [bot.SharedUnanswered].
func (u *Unanswered) Put(ctx context.Context, all map[string]string) error {
	var ids []string
	var values [][]byte
	for id, text := range all {
		ids, values = append(ids, id), append(values, u.seal.Seal([]byte(id), text))
	}
	return u.explain(u.db.Try(ctx, func(ctx context.Context) error {
		_, err := u.db.Pool().Exec(ctx, soon+`INSERT INTO unanswered (id, holder, value)
			SELECT x.id, $1::text, x.value FROM soon, unnest($2::text[], $3::bytea[]) AS x (id, value) ON CONFLICT DO NOTHING`, u.holder, ids, values)
		return err
	}))
}

// Delete implements [bot.SharedUnanswered].
func (u *Unanswered) Delete(ctx context.Context, ids []string) error {
	return u.explain(u.db.Try(ctx, func(ctx context.Context) error {
		_, err := u.db.Pool().Exec(ctx, soon+"DELETE FROM unanswered USING soon WHERE id = ANY ($1::text[])", ids)
		return err
	}))
}

// Adopt implements [bot.SharedUnanswered].
func (u *Unanswered) Adopt(ctx context.Context) (map[string]string, error) {
	rows, err := u.db.Pool().Query(ctx, `
		UPDATE unanswered SET holder = $1 WHERE holder <> $1
			AND NOT EXISTS (SELECT FROM member m WHERE m.name = unanswered.holder AND m.until > clock_timestamp())
		RETURNING id, value`, u.holder)
	if err != nil {
		return nil, u.explain(err)
	}
	all := map[string]string{}
	var id string
	var value []byte
	var damaged []string
	_, err = pgx.ForEachRow(rows, []any{&id, &value}, func() error {
		if text, err := u.seal.Open([]byte(id), value); err != nil {
			damaged = append(damaged, id)
		} else {
			all[id] = text
		}
		return nil
	})
	if err == nil && len(damaged) > 0 {
		err = u.Delete(ctx, damaged)
	}
	return all, u.explain(err)
}
