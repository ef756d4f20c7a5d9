package pgcluster

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"footnote/bot/cluster"
	"footnote/bot/store/pgtest"
)

// BenchmarkMessage is what a message costs over PostgreSQL on this machine, as it comes
// from its installation: to look for the last answers of its person and chat, and to claim it,
// before the answer; to write the last answers after it.
//
//	go test ./bot/cluster/pgcluster -run '^$' -bench Message
func BenchmarkMessage(b *testing.B) {
	own, err := pgtest.Start(b.Context(), pgtest.Options{Durable: true})
	pgtest.Need(b, err)
	defer func() {
		if err := own.Close(); err != nil {
			b.Error(err)
		}
	}()
	address, err := own.NewDatabase(b.Context())
	if err != nil {
		b.Fatal(err)
	}
	x := table(b, address)
	if _, err := x.Renew(b.Context(), "me", nil, nil, time.Hour); err != nil {
		b.Fatal(err)
	}
	turns := NewTurns(x.db, secret)
	value := fmt.Sprintf("%0500d", 1)
	n := 0
	id := func() string { n++; return fmt.Sprint(n) }
	claim := func(id string) error {
		_, err := x.Claim(b.Context(), "me", cluster.MessageID{Platform: "discord", ID: id}, false)
		return err
	}
	scopes := func(id string) []string { return []string{"chat " + id[len(id)-1:] + " ann", "chat " + id[len(id)-1:]} }
	get := func(id string) error {
		_, err := turns.Look(scopes(id))(b.Context())
		return err
	}
	both := func(id string) error { // as the program does
		wait := turns.Look(scopes(id))
		if err := claim(id); err != nil {
			return err
		}
		_, err := wait(b.Context())
		return err
	}
	put := func(id string) error {
		s := scopes(id)
		return turns.Put(b.Context(), map[string]string{s[0]: value, s[1]: value}, []string{"ann"})
	}
	for _, x := range []struct {
		name string
		do   func(string) error
	}{{"claim", claim}, {"last answers read", get}, {"before the answer", both}, {"last answers written", put}} {
		b.Run(x.name, func(b *testing.B) {
			var took []time.Duration
			for b.Loop() {
				id, begun := id(), time.Now()
				if err := x.do(id); err != nil {
					b.Fatal(err)
				}
				took = append(took, time.Since(begun))
			}
			slices.Sort(took)
			b.ReportMetric(float64(took[len(took)/2].Microseconds()), "µs/p50")
			b.ReportMetric(float64(took[len(took)*99/100].Microseconds()), "µs/p99")
		})
	}
}
