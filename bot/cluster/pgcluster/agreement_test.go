package pgcluster

import (
	"bytes"
	"context"
	"errors"
	"testing"
	"time"

	"footnote/bot/cluster"
)

// TestCopies: what is agreed on or voted for stays, the rest goes after a while.
func TestCopies(t *testing.T) {
	t.Parallel()
	address := server.Database(t)
	x, ctx := table(t, address), t.Context()
	c := x.Copies()
	archive := bytes.Repeat([]byte{0, 1, 2, 0xff}, 1<<18)
	for _, digest := range []string{"agreed", "proposed", "fresh", "old"} {
		if err := c.Put(ctx, digest, func() ([]byte, error) { return append(archive, digest...), nil }); err != nil {
			t.Fatal(err)
		}
	}
	if err := c.Put(ctx, "old", func() ([]byte, error) { panic("it is there") }); err != nil {
		t.Error(err)
	}
	broken := errors.New("it is broken")
	if err := c.Put(ctx, "broken", func() ([]byte, error) { return nil, broken }); !errors.Is(err, broken) {
		t.Error(err)
	}
	if _, err := x.Renew(ctx, "a", nil, nil, time.Hour); err != nil {
		t.Fatal(err)
	}
	for _, value := range []string{"agreed", "proposed"} {
		if err := x.Vote(ctx, "packs", cluster.Vote{Member: "a", Value: value}); err != nil {
			t.Fatal(err)
		}
		b, err := x.Ballot(ctx, "packs")
		if err != nil {
			t.Fatal(err)
		}
		if value == "agreed" {
			if done, err := x.Agree(ctx, "packs", b.Version, value); err != nil || !done {
				t.Fatal(done, err)
			}
		}
	}
	if _, err := x.db.Pool().Exec(ctx, "UPDATE pack_copy SET at = now() - interval '11 minutes' WHERE digest <> 'fresh'"); err != nil {
		t.Fatal(err)
	}
	if _, err := x.Purge(ctx, time.Hour); err != nil {
		t.Fatal(err)
	}
	for digest, there := range map[string]bool{"agreed": true, "proposed": true, "fresh": true, "old": false, "broken": false} {
		data, err := c.Get(ctx, digest)
		if err != nil || (data != nil) != there || there && !bytes.Equal(data, append(archive, digest...)) {
			t.Errorf("%s: %d bytes, %v", digest, len(data), err)
		}
	}
}

// TestAgreementOverTheDatabase: the real processes of one, with all that lies between.
func TestAgreementOverTheDatabase(t *testing.T) {
	t.Parallel()
	for name, at := range map[string]func(testing.TB) string{"direct": server.Database, "behind a pooler": server.Pooled} {
		t.Run(name, func(t *testing.T) {
			address := at(t)
			const ttl = 2 * time.Second
			join := func() *cluster.Process {
				p, err := cluster.Join(t.Context(), table(t, address), cluster.Options{TTL: ttl})
				if err != nil {
					t.Fatal(err)
				}
				t.Cleanup(func() { _ = p.Close(context.WithoutCancel(t.Context())) })
				return p
			}
			a, b := join(), join()
			for _, p := range []*cluster.Process{a, b} {
				if got, err := p.Vote(t.Context(), "packs", cluster.Vote{Value: "1"}); err != nil || got.Value != "1" {
					t.Fatalf("%+v, %v", got, err)
				}
			}
			if got, err := a.Vote(t.Context(), "packs", cluster.Vote{Value: "2"}); err != nil || got.Value != "1" {
				t.Fatalf("one alone: %+v, %v", got, err)
			}
			told := make(chan string, 100)
			ctx, stop := context.WithCancel(t.Context())
			ended := make(chan struct{})
			go func() {
				defer close(ended)
				a.Follow(ctx, "packs", func(b cluster.Ballot) { told <- b.Value })
			}()
			if got, err := b.Vote(t.Context(), "packs", cluster.Vote{Value: "2"}); err != nil || got.Value != "2" || got.Epoch != 2 {
				t.Fatalf("both: %+v, %v", got, err)
			}
			began := time.Now()
			for <-told != "2" {
			}
			t.Logf("the other knew after %v", time.Since(began))
			stop()
			<-ended
		})
	}
}
