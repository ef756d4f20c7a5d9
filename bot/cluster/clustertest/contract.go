package clustertest

import (
	"context"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"footnote/bot/cluster"
)

// short is a TTL that a test can wait for.
const short = 300 * time.Millisecond

// RunTable checks what a cluster.Table promises; each call of open returns another process's
// way to the same one, which is empty at first.
func RunTable(t *testing.T, open func(t *testing.T) func() cluster.Table) {
	for name, f := range map[string]func(*testing.T, cluster.Table, cluster.Table){
		"one holder": oneHolder, "renewal": renewal, "notes": notes, "leaving": leaving, "hints": hints,
		"claims": claimsContract, "claims at once": claimsAtOnce, "takers at once": takersAtOnce, "members": members,
		"agreement": agreement, "agreeing at once": agreeingAtOnce,
	} {
		t.Run(name, func(t *testing.T) {
			of := open(t)
			f(t, of(), of())
		})
	}
}

func take(t *testing.T, x cluster.Table, holder, name string, ttl time.Duration, want bool) (epoch int64, note string) {
	t.Helper()
	epoch, note, taken, err := x.Take(t.Context(), holder, name, ttl)
	if err != nil || taken != want {
		t.Fatalf("%s takes %s: %v, %v, want %v", holder, name, taken, err, want)
	}
	return epoch, note
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// awaitTake takes a lease as soon as it is free.
func awaitTake(t *testing.T, x cluster.Table, holder, name string) int64 {
	t.Helper()
	for end := time.Now().Add(30 * time.Second); time.Now().Before(end); time.Sleep(5 * time.Millisecond) {
		if epoch, _, taken, err := x.Take(t.Context(), holder, name, time.Hour); err != nil {
			t.Fatal(err)
		} else if taken {
			return epoch
		}
	}
	t.Fatalf("%s is never free", name)
	return 0
}

func oneHolder(t *testing.T, a, b cluster.Table) {
	one, note := take(t, a, "a", "x", short, true)
	if one != 1 || note != "" {
		t.Errorf("the first holder has epoch %d and the note %q", one, note)
	}
	take(t, b, "b", "x", short, false)
	two := awaitTake(t, b, "b", "x")
	if two != one+1 {
		t.Errorf("epoch %d after %d", two, one)
	}
	if three, _ := take(t, b, "b", "x", time.Hour, true); three != two+1 {
		t.Errorf("taken again by its holder: epoch %d after %d", three, two)
	}
	must(t, b.Release(t.Context(), cluster.Holding{Name: "x", Holder: "b", Epoch: two})) // of long ago
	take(t, a, "a", "x", short, false)
	must(t, b.Release(t.Context(), cluster.Holding{Name: "x", Holder: "b", Epoch: two + 1}))
	if four, _ := take(t, a, "a", "x", time.Hour, true); four != two+2 {
		t.Errorf("epoch %d after a release", four)
	}
}

func renewal(t *testing.T, a, b cluster.Table) {
	one, _ := take(t, a, "a", "x", short, true)
	two, _ := take(t, a, "a", "y", short, true)
	held := []cluster.Holding{{Name: "x", Holder: "a", Epoch: one}, {Name: "y", Holder: "a", Epoch: two + 7}, {Name: "z", Holder: "a", Epoch: 1}}
	kept, err := a.Renew(t.Context(), "a", nil, held, time.Hour)
	if err != nil || !slices.Equal(kept, []string{"x"}) {
		t.Fatalf("kept %v, %v", kept, err)
	}
	awaitTake(t, b, "b", "y") // by when x would have ended, too
	take(t, b, "b", "x", short, false)
	if kept, err = b.Renew(t.Context(), "b", nil, held[:1], time.Hour); err != nil || len(kept) != 0 {
		t.Errorf("another renews it: %v, %v", kept, err)
	}
	// What nobody has taken meanwhile is still its holder's.
	three, _ := take(t, a, "a", "late", time.Microsecond, true)
	if kept, err = a.Renew(t.Context(), "a", nil, []cluster.Holding{{Name: "late", Holder: "a", Epoch: three}}, time.Hour); err != nil || len(kept) != 1 {
		t.Errorf("renewed late: %v, %v", kept, err)
	}
	all, err := b.Leases(t.Context())
	var names []string
	for _, h := range all {
		names = append(names, h.Name+" "+h.Holder)
	}
	if err != nil || !slices.Equal(names, []string{"late a", "x a", "y b"}) {
		t.Errorf("held: %v, %v", names, err)
	}
}

func notes(t *testing.T, a, b cluster.Table) {
	epoch, _ := take(t, a, "a", "x", short, true)
	h := cluster.Holding{Name: "x", Holder: "a", Epoch: epoch}
	write := func(h cluster.Holding, note string, want bool) {
		t.Helper()
		if written, err := a.SetNote(t.Context(), h, note); err != nil || written != want {
			t.Errorf("written %v, %v, want %v", written, err, want)
		}
	}
	write(h, "Я here: 42", true)
	write(cluster.Holding{Name: "x", Holder: "a", Epoch: epoch - 1}, "of before", false)
	write(cluster.Holding{Name: "x", Holder: "b", Epoch: epoch}, "of another", false)
	must(t, a.Release(t.Context(), h))
	write(h, "too late", false)
	if _, note := take(t, b, "b", "x", time.Hour, true); note != "Я here: 42" {
		t.Errorf("the note is %q", note)
	}
}

func leaving(t *testing.T, a, b cluster.Table) {
	take(t, a, "a", "x", time.Hour, true)
	take(t, a, "a", "y", time.Hour, true)
	take(t, b, "b", "z", time.Hour, true)
	if _, err := a.Renew(t.Context(), "a", nil, nil, time.Hour); err != nil {
		t.Fatal(err)
	}
	must(t, a.Leave(t.Context(), "a"))
	take(t, b, "b", "x", time.Hour, true)
	take(t, b, "b", "y", time.Hour, true)
	take(t, a, "a", "z", time.Hour, false)
	if all, err := b.Members(t.Context()); err != nil || len(all) != 0 {
		t.Errorf("members: %v, %v", all, err)
	}
}

func hints(t *testing.T, a, b cluster.Table) {
	epoch, _ := take(t, a, "a", "x", time.Hour, true)
	ctx, stop := context.WithCancel(t.Context())
	freed, ended := make(chan struct{}, 100), make(chan struct{})
	go func() {
		defer close(ended)
		_ = b.Listen(ctx, func() { freed <- struct{}{} })
	}()
	for heard := false; !heard; { // it may not listen yet
		must(t, a.Release(t.Context(), cluster.Holding{Name: "x", Holder: "a", Epoch: epoch}))
		select {
		case <-freed:
			heard = true
		case <-time.After(100 * time.Millisecond):
			epoch, _ = take(t, a, "a", "x", time.Hour, true)
		}
	}
	stop()
	<-ended
}

func claimsContract(t *testing.T, a, b cluster.Table) {
	claim := func(x cluster.Table, holder, id string, again bool, want cluster.Claim) {
		t.Helper()
		if c, err := x.Claim(t.Context(), holder, cluster.MessageID{Platform: "discord", ID: id}, again); err != nil || c != want {
			t.Errorf("%s claims %s: %v, %v, want %v", holder, id, c, err, want)
		}
	}
	lives := func(x cluster.Table, holder string, ttl time.Duration) {
		t.Helper()
		_, err := x.Renew(t.Context(), holder, nil, nil, ttl)
		must(t, err)
	}
	lives(a, "a", time.Hour)
	lives(b, "b", time.Hour)
	claim(a, "a", "1", false, cluster.First)
	claim(a, "a", "1", false, cluster.Taken)
	claim(a, "a", "1", true, cluster.First) // it did not know
	claim(b, "b", "1", false, cluster.Taken)
	claim(b, "b", "1", true, cluster.Taken)
	claim(b, "b", "2", true, cluster.First)
	if c, err := b.Claim(t.Context(), "b", cluster.MessageID{Platform: "telegram", ID: "1"}, false); err != nil || c != cluster.First {
		t.Errorf("the same id elsewhere: %v, %v", c, err)
	}
	claim(a, "a", "3", false, cluster.First)
	must(t, a.Settle(t.Context(), "a", []cluster.MessageID{{Platform: "discord", ID: "3"}, {Platform: "discord", ID: "2"}, {Platform: "discord", ID: "4"}, {Platform: "discord", ID: "4"}}))
	claim(a, "a", "3", true, cluster.Taken)
	claim(b, "b", "4", false, cluster.Taken) // nobody had claimed it, and a has dealt with it
	must(t, a.Leave(t.Context(), "a"))
	claim(b, "b", "3", false, cluster.Taken)
	claim(b, "b", "1", false, cluster.Orphaned)
	claim(b, "b", "1", true, cluster.Orphaned)
	must(t, b.Leave(t.Context(), "b"))
	claim(a, "c", "2", false, cluster.Orphaned) // a could not settle what was b's
	if n, err := a.Purge(t.Context(), time.Hour); n != 0 || err != nil {
		t.Errorf("purged %d, %v", n, err)
	}
	if n, err := a.Purge(t.Context(), 0); n != 5 || err != nil {
		t.Errorf("purged %d, %v", n, err)
	}
	claim(b, "b", "3", false, cluster.First)
}

func claimsAtOnce(t *testing.T, a, b cluster.Table) {
	var mu sync.Mutex
	first := map[string]int{}
	var all sync.WaitGroup
	for _, x := range []struct {
		cluster.Table
		name string
	}{{a, "a"}, {b, "b"}} {
		_, err := x.Renew(t.Context(), x.name, nil, nil, time.Hour)
		must(t, err)
		all.Go(func() {
			for i := range 50 {
				id := strings.Repeat("x", i+1)
				c, err := x.Claim(t.Context(), x.name, cluster.MessageID{Platform: "discord", ID: id}, false)
				if err != nil {
					t.Error(err)
				}
				if c == cluster.First {
					mu.Lock()
					first[id]++
					mu.Unlock()
				}
			}
		})
	}
	all.Wait()
	if len(first) != 50 {
		t.Errorf("%d of 50 are somebody's", len(first))
	}
	for id, n := range first {
		if n != 1 {
			t.Errorf("message %d fell to %d", len(id), n)
		}
	}
}

// takersAtOnce: a lease that runs out falls to one of those who try.
func takersAtOnce(t *testing.T, a, b cluster.Table) {
	take(t, a, "dead", "x", short, true)
	var mu sync.Mutex
	var takers []string
	ctx, stop := context.WithTimeout(t.Context(), 30*time.Second)
	defer stop()
	var all sync.WaitGroup
	for i, x := range []cluster.Table{a, b, a, b} {
		all.Go(func() {
			who := string(rune('p' + i))
			for ctx.Err() == nil {
				if _, _, taken, err := x.Take(ctx, who, "x", time.Hour); err != nil && ctx.Err() == nil {
					t.Error(err)
				} else if taken {
					mu.Lock()
					takers = append(takers, who)
					mu.Unlock()
					time.AfterFunc(50*time.Millisecond, stop) // for the others to try
					return
				}
			}
		})
	}
	all.Wait()
	if len(takers) != 1 {
		t.Errorf("it fell to %v", takers)
	}
}

func members(t *testing.T, a, b cluster.Table) {
	about := map[string]string{"pack": "1.0.0 \"ä\""}
	_, err := a.Renew(t.Context(), "a", about, nil, time.Hour)
	must(t, err)
	_, err = b.Renew(t.Context(), "b", nil, nil, short)
	must(t, err)
	all, err := b.Members(t.Context())
	must(t, err)
	if len(all) != 2 || all[0].Name != "a" || all[0].About["pack"] != about["pack"] || all[0].Since.IsZero() {
		t.Fatalf("%+v", all)
	}
	since := all[0].Since
	for end := time.Now().Add(30 * time.Second); len(all) > 1 && time.Now().Before(end); time.Sleep(5 * time.Millisecond) {
		_, err = a.Renew(t.Context(), "a", about, nil, time.Hour)
		must(t, err)
		all, err = a.Members(t.Context())
		must(t, err)
	}
	if len(all) != 1 || all[0].Name != "a" || !all[0].Since.Equal(since) {
		t.Errorf("%+v, there since %v", all, since)
	}
}
