package pgcluster

import (
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"footnote/bot/cluster"
	"footnote/bot/store/pgtest"
)

// Processes that write the same last answers, somebody who has hers forgotten, and the sweeping of
// old ones wait for each other at most, and never in a circle: all lock rows in one order, or wait
// for none. So do claims and what became of them. Where one is let go of its order, this fails within
// its first rounds.
func TestNoDeadlocks(t *testing.T) {
	const rounds, scopes = 30, 200
	address := server.Database(t)
	x := table(t, address)
	if _, err := x.Renew(t.Context(), "me", nil, nil, time.Hour); err != nil {
		t.Fatal(err)
	}
	var all sync.WaitGroup
	repeat := func(what string, do func() error) {
		all.Go(func() {
			for range rounds {
				if err := do(); err != nil {
					t.Errorf("%s: %v", what, err)
					return
				}
			}
		})
	}
	for range 3 {
		turns, own := NewTurns(pgtest.Open(t, address), secret), table(t, address)
		repeat("last answers", func() error {
			values := map[string]string{}
			for _, i := range rand.Perm(scopes) {
				values[fmt.Sprint(i)] = "x"
			}
			return turns.Put(t.Context(), values, []string{"ann", fmt.Sprint("person ", rand.N(5))})
		})
		repeat("forgetting", func() error { return turns.Forget(t.Context(), fmt.Sprint("person ", rand.N(5))) })
		repeat("sweeping", func() error {
			if _, err := turns.db.Pool().Exec(t.Context(), `UPDATE turn SET at = now() - interval '1 hour'
				WHERE scope IN (SELECT scope FROM turn WHERE random() < .3 ORDER BY scope FOR UPDATE)`); err != nil {
				return err
			}
			_, err := own.Purge(t.Context(), time.Hour)
			return err
		})
		repeat("claims", func() error {
			var some []claiming
			for _, i := range rand.Perm(scopes) {
				some = append(some, claiming{id: own.seal.Hash("discord", fmt.Sprint(i)), holder: "me", again: true})
			}
			_, err := together(t, own.claims, some)
			return err
		})
		repeat("what became of them", func() error {
			var some []cluster.MessageID
			for _, i := range rand.Perm(scopes) {
				some = append(some, cluster.MessageID{Platform: "discord", ID: fmt.Sprint(i)})
			}
			return own.Settle(t.Context(), "me", some)
		})
	}
	all.Wait()
	var deadlocks int
	if err := x.db.Pool().QueryRow(t.Context(), "SELECT pg_stat_force_next_flush(), deadlocks FROM pg_stat_database WHERE datname = current_database()").Scan(nil, &deadlocks); err != nil || deadlocks > 0 {
		t.Errorf("%d deadlocks, %v", deadlocks, err)
	}
}
