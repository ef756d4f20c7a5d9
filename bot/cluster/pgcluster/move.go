package pgcluster

import (
	"context"

	"footnote/bot/store"
)

// MoveUnanswered keeps messages that wait for their answer, and that [bot.Waiting] found
// elsewhere, as those of a process that is gone: the next one that starts adopts them.
func MoveUnanswered(ctx context.Context, q store.Querier, secret []byte, all map[string]string) error {
	seal := store.NewSeal(secret, "unanswered")
	for id, text := range all {
		if _, err := q.Exec(ctx, "INSERT INTO unanswered (id, holder, value) VALUES ($1, '', $2)", id, seal.Seal([]byte(id), text)); err != nil {
			return err
		}
	}
	return nil
}
