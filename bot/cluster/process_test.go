package cluster_test

import (
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"

	"footnote/bot/cluster"
	"footnote/bot/cluster/clustertest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const poller = "telegram/poller"

func acquire(t *testing.T, c cluster.Cluster, name string) cluster.Lease {
	t.Helper()
	l, err := c.Acquire(t.Context(), name)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// await acquires a lease as soon as it is free, and says how long that took.
func await(t *testing.T, c cluster.Cluster, name string) (cluster.Lease, time.Duration) {
	t.Helper()
	for begun := time.Now(); time.Since(begun) < time.Minute; time.Sleep(10 * time.Millisecond) {
		if l, err := c.Acquire(t.Context(), name); err == nil {
			return l, time.Since(begun)
		} else if !errors.Is(err, cluster.ErrHeld) {
			t.Fatal(err)
		}
	}
	t.Fatal("the lease never became free")
	return nil, 0
}

func TestOneHolder(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := clustertest.New(0)
		a, b := s.Join(t), s.Join(t)
		l := acquire(t, a, poller)
		if _, err := a.Acquire(t.Context(), poller); !errors.Is(err, cluster.ErrHeld) {
			t.Errorf("the holder takes it again: %v", err)
		}
		time.Sleep(time.Hour) // it is renewed
		if _, err := b.Acquire(t.Context(), poller); !errors.Is(err, cluster.ErrHeld) || !l.Valid() {
			t.Errorf("another takes it: %v; valid %v", err, l.Valid())
		}
		if err := l.SetNote(t.Context(), "42"); err != nil {
			t.Error(err)
		}
		freed := b.Freed()
		if err := l.Release(t.Context()); err != nil || l.Valid() {
			t.Errorf("released: %v, valid %v", err, l.Valid())
		}
		<-freed
		<-l.Done()
		m := acquire(t, b, poller)
		if m.Note() != "42" || m.Epoch() != l.Epoch()+1 {
			t.Errorf("the next holder has epoch %d after %d, and the note %q", m.Epoch(), l.Epoch(), m.Note())
		}
		if err := l.SetNote(t.Context(), "41"); !errors.Is(err, cluster.ErrLost) {
			t.Errorf("the former holder writes: %v", err)
		}
	})
}

func TestTakeoverAfterKill(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := clustertest.New(0)
		a, b := s.Join(t), s.Join(t)
		l := acquire(t, a, poller)
		time.Sleep(time.Minute + time.Second)
		a.Kill()
		next, took := await(t, b, poller)
		if took < cluster.TTL*7/10 || took > cluster.TTL {
			t.Errorf("taken over after %v", took)
		}
		if next.Epoch() <= l.Epoch() {
			t.Errorf("epoch %d after %d", next.Epoch(), l.Epoch())
		}
	})
}

// TestHolderEndsFirst cuts the holder off: by its own clock its lease ends before anybody
// else can have it, and being reached again does not bring it back.
func TestHolderEndsFirst(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := clustertest.New(0)
		a, b := s.Join(t), s.Join(t)
		l := acquire(t, a, poller)
		time.Sleep(time.Minute)
		a.Cut()
		cut := time.Now()
		<-l.Done()
		if took := time.Since(cut); took > 9*time.Second || took < 6*time.Second {
			t.Errorf("ended for its holder after %v", took)
		}
		if _, err := b.Acquire(t.Context(), poller); !errors.Is(err, cluster.ErrHeld) {
			t.Errorf("another has it as soon: %v", err)
		}
		next, took := await(t, b, poller)
		if took > 2*time.Second {
			t.Errorf("free another %v later", took)
		}
		a.Mend()
		time.Sleep(time.Minute)
		if l.Valid() || !next.Valid() {
			t.Errorf("after the mending: %v, %v", l.Valid(), next.Valid())
		}
		if got := a.Stats().Lost; got != 1 {
			t.Errorf("%d leases lost", got)
		}
	})
}

// TestTableSaysOtherwise makes the table forget a holder, as a failover that loses the last
// commits does: with the next renewal the holder knows.
func TestTableSaysOtherwise(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := clustertest.New(0)
		a, b := s.Join(t), s.Join(t)
		l := acquire(t, a, poller)
		s.Turn(10 * time.Minute)
		next := acquire(t, b, poller)
		begun := time.Now()
		<-l.Done()
		if took := time.Since(begun); took > 2*time.Second {
			t.Errorf("the first holder knew after %v", took)
		}
		if !next.Valid() {
			t.Error("the second holder lost it too")
		}
	})
}

func TestCloseFreesAll(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := clustertest.New(0)
		a, b := s.Join(t), s.Join(t)
		l := acquire(t, a, poller)
		if err := a.Close(t.Context()); err != nil {
			t.Fatal(err)
		}
		<-l.Done()
		if _, err := a.Acquire(t.Context(), "janitor"); err == nil {
			t.Error("one that has left takes a lease")
		}
		acquire(t, b, poller)
		all, err := b.Members(t.Context())
		if err != nil || len(all) != 1 || all[0].Name != b.Self() {
			t.Errorf("members: %v, %v", all, err)
		}
	})
}

func TestMembers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := clustertest.New(0)
		a, b := s.Join(t), s.Join(t)
		if err := a.Announce(t.Context(), map[string]string{"pack": "1.0.0"}); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Hour)
		all, err := b.Members(t.Context())
		if err != nil || len(all) != 2 {
			t.Fatalf("%v, %v", all, err)
		}
		for _, m := range all {
			if m.Name == a.Self() && m.About["pack"] != "1.0.0" {
				t.Errorf("%+v", m)
			}
		}
		a.Kill()
		time.Sleep(cluster.TTL)
		if all, err = b.Members(t.Context()); err != nil || len(all) != 1 {
			t.Errorf("after a kill: %v, %v", all, err)
		}
	})
}

func TestClaims(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := clustertest.New(0)
		a, b := s.Join(t), s.Join(t)
		claim := func(c cluster.Cluster, platform, id string, want cluster.Claim) {
			t.Helper()
			if got, err := c.Claim(t.Context(), platform, id); err != nil || got != want {
				t.Errorf("%v, %v, want %v", got, err, want)
			}
		}
		claim(a, "discord", "1", cluster.First)
		claim(b, "discord", "1", cluster.Taken)
		claim(a, "discord", "1", cluster.Taken)
		claim(b, "telegram", "1", cluster.First)
		if got := b.Stats().ClaimsLost; got != 1 {
			t.Errorf("%d claims lost", got)
		}
		claim(a, "discord", "2", cluster.First)
		a.Settle("discord", "2")
		claim(a, "discord", "3", cluster.First)
		time.Sleep(time.Second)
		a.Kill()
		claim(b, "discord", "3", cluster.Taken)
		time.Sleep(cluster.TTL)
		claim(b, "discord", "2", cluster.Taken) // it was done
		claim(b, "discord", "3", cluster.Orphaned)
		claim(b, "discord", "3", cluster.Taken)
		b.Cut()
		if _, err := b.Claim(t.Context(), "discord", "4"); !errors.Is(err, clustertest.ErrCut) {
			t.Error(err)
		}
		b.Settle("discord", "3") // is said later
		time.Sleep(5 * time.Second)
		b.Mend()
		c := s.Join(t)
		if err := b.Close(t.Context()); err != nil {
			t.Error(err)
		}
		claim(c, "discord", "3", cluster.Taken)
		claim(c, "telegram", "1", cluster.Orphaned)
	})
}
