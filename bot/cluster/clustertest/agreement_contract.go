package clustertest

import (
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"footnote/bot/cluster"
)

// packs is the agreement of the tests.
const packs = "packs"

func lives(t *testing.T, x cluster.Table, name string, ttl time.Duration) {
	t.Helper()
	_, err := x.Renew(t.Context(), name, nil, nil, ttl)
	must(t, err)
}

func ballot(t *testing.T, x cluster.Table) cluster.Ballot {
	t.Helper()
	b, err := x.Ballot(t.Context(), packs)
	must(t, err)
	return b
}

func vote(t *testing.T, x cluster.Table, v cluster.Vote) {
	t.Helper()
	must(t, x.Vote(t.Context(), packs, v))
}

func votes(b cluster.Ballot) (all []string) {
	for _, v := range b.Votes {
		all = append(all, v.Member+"="+v.Value+v.Why)
	}
	return all
}

func agreement(t *testing.T, a, b cluster.Table) {
	if got := ballot(t, a); got.Value != "" || got.Epoch != 0 || len(got.Votes) != 0 {
		t.Errorf("of nothing: %+v", got)
	}
	if done, err := a.Agree(t.Context(), packs, 0, "x"); done || err != nil {
		t.Errorf("agreed without a vote: %v, %v", done, err)
	}
	lives(t, a, "a", time.Hour)
	lives(t, b, "b", time.Hour)
	vote(t, a, cluster.Vote{Member: "a", Value: "1", About: map[string]string{"pack \"ä\"": "1.0"}})
	vote(t, a, cluster.Vote{Member: "dead", Value: "7"})
	first := ballot(t, b)
	if got := votes(first); !slices.Equal(got, []string{"a=1", "b="}) || first.Votes[0].About["pack \"ä\""] != "1.0" {
		t.Errorf("%+v", first)
	}
	vote(t, a, cluster.Vote{Member: "a", Value: "1", About: map[string]string{"pack \"ä\"": "1.0"}})
	if again := ballot(t, b); again.Version != first.Version {
		t.Error("the same vote again counts as another")
	}
	vote(t, b, cluster.Vote{Member: "b", Why: "facts.yaml:3"})
	if done, err := a.Agree(t.Context(), packs, first.Version, "1"); done || err != nil {
		t.Errorf("agreed over a vote that nobody looked at: %v, %v", done, err)
	}
	second := ballot(t, a)
	if done, err := a.Agree(t.Context(), packs, second.Version, "1"); !done || err != nil {
		t.Errorf("%v, %v", done, err)
	}
	if done, err := b.Agree(t.Context(), packs, second.Version, "2"); done || err != nil {
		t.Errorf("agreed twice on one ballot: %v, %v", done, err)
	}
	third := ballot(t, b)
	if third.Value != "1" || third.Epoch != 1 || third.Version <= second.Version || !slices.Equal(votes(third), []string{"a=1", "b=facts.yaml:3"}) {
		t.Errorf("%+v", third)
	}
	other, err := a.Ballot(t.Context(), "others")
	if err != nil || other.Value != "" || len(other.Votes) != 2 {
		t.Errorf("of another agreement: %+v, %v", other, err)
	}
	if third.Gone || third.Votes[0].Lives <= 0 || third.Votes[0].Lives > time.Minute {
		t.Errorf("nobody is gone: %+v", third)
	}
	lives(t, a, "c", time.Millisecond)
	for end := time.Now().Add(30 * time.Second); len(ballot(t, b).Votes) > 2 && time.Now().Before(end); {
		time.Sleep(time.Millisecond)
	}
	if got := ballot(t, b); !got.Gone || len(got.Votes) != 2 {
		t.Errorf("one is gone: %+v", got)
	}
	must(t, a.Leave(t.Context(), "c"))
	if ballot(t, b).Gone {
		t.Error("one that left counts as gone")
	}
	must(t, a.Leave(t.Context(), "a"))
	if got := votes(ballot(t, b)); !slices.Equal(got, []string{"b=facts.yaml:3"}) {
		t.Errorf("after one left: %v", got)
	}
	if _, err := a.Purge(t.Context(), 0); err != nil {
		t.Fatal(err)
	}
	if got := ballot(t, b); got.Value != "1" || got.Epoch != 1 || !slices.Equal(votes(got), []string{"b=facts.yaml:3"}) {
		t.Errorf("after what is over was deleted: %+v", got)
	}
}

// agreeingAtOnce: of many who vote and agree at the same time, nobody decides over a vote that it
// has not seen.
func agreeingAtOnce(t *testing.T, a, b cluster.Table) {
	const each = 20
	var mu sync.Mutex
	decided := 0
	var all sync.WaitGroup
	for i, x := range []cluster.Table{a, b, a, b} {
		all.Go(func() {
			who := string(rune('p' + i))
			for n := range each {
				if err := x.Vote(t.Context(), packs, cluster.Vote{Member: who, Value: fmt.Sprint(n)}); err != nil {
					t.Error(err)
				}
				got, err := x.Ballot(t.Context(), packs)
				if err != nil {
					t.Error(err)
				}
				done, err := x.Agree(t.Context(), packs, got.Version, fmt.Sprint(n))
				if err != nil {
					t.Error(err)
				}
				if done {
					mu.Lock()
					decided++
					mu.Unlock()
				}
			}
		})
	}
	all.Wait()
	if got := ballot(t, a); got.Epoch != int64(decided) || got.Version != int64(4*each+decided) {
		t.Errorf("epoch %d, version %d after %d votes and %d decisions", got.Epoch, got.Version, 4*each, decided)
	}
}
