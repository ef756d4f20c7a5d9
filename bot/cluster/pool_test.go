package cluster_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"footnote/bot/cluster"
	"footnote/bot/cluster/clustertest"
)

// A crew is the works of all processes of a test.
type crew struct {
	t    *testing.T
	mu   sync.Mutex
	does map[string]string // who does what
	runs int
	ends map[string]int // by cause
}

func newCrew(t *testing.T) *crew {
	return &crew{t: t, does: map[string]string{}, ends: map[string]int{}}
}

// work is done for who, and checks that nobody else does the same.
func (c *crew) work(who string) func(context.Context, cluster.Lease) error {
	return func(ctx context.Context, l cluster.Lease) error {
		c.mu.Lock()
		if other := c.does[l.Name()]; other != "" {
			c.t.Errorf("%s and %s do %s", other, who, l.Name())
		}
		c.does[l.Name()] = who
		c.runs++
		c.mu.Unlock()
		<-ctx.Done()
		c.mu.Lock()
		defer c.mu.Unlock()
		delete(c.does, l.Name())
		c.ends[context.Cause(ctx).Error()]++
		return ctx.Err()
	}
}

func (c *crew) shares() map[string]int {
	c.mu.Lock()
	defer c.mu.Unlock()
	n := map[string]int{}
	for _, who := range c.does {
		n[who]++
	}
	return n
}

// begun is how many works were begun, and ended how many so.
func (c *crew) begun() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.runs
}

func (c *crew) ended(cause error) int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.ends[cause.Error()]
}

func (c *crew) doer(name string) string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.does[name]
}

func names(n int) func() []string {
	var all []string
	for i := range n {
		all = append(all, fmt.Sprintf("discord/%d/%d", n, i))
	}
	return func() []string { return all }
}

// A worker is a process with a pool.
type worker struct {
	*clustertest.Member
	stop context.CancelFunc
	done chan error
}

func (c *crew) join(s *clustertest.State, leases func() []string) *worker {
	m := s.Join(c.t)
	ctx, stop := context.WithCancel(c.t.Context())
	w := &worker{m, stop, make(chan error, 1)}
	p := cluster.Pool{Cluster: m, Name: "discord"}
	go func() { w.done <- p.Run(ctx, leases, c.work(m.Self())) }()
	c.t.Cleanup(stop)
	return w
}

// leave stops in good order, and returns how long that took.
func (w *worker) leave(t *testing.T) time.Duration {
	begun := time.Now()
	w.stop()
	if err := <-w.done; err != nil {
		t.Error(err)
	}
	if err := w.Close(context.WithoutCancel(t.Context())); err != nil {
		t.Error(err)
	}
	return time.Since(begun)
}

func (c *crew) even(leases, members int) {
	c.t.Helper()
	shares := c.shares()
	total := 0
	for who, n := range shares {
		total += n
		if most := (leases + members - 1) / members; n > most {
			c.t.Errorf("%s has %d of %d, more than %d", who, n, leases, most)
		}
	}
	if total != leases || len(shares) > members {
		c.t.Errorf("%d of %d leases are held, by %d: %v", total, leases, len(shares), shares)
	}
}

func TestPoolShares(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, c := clustertest.New(0), newCrew(t)
		const n = 8
		a := c.join(s, names(n))
		time.Sleep(5 * time.Second)
		c.even(n, 1)
		b := c.join(s, names(n))
		time.Sleep(20 * time.Second)
		c.even(n, 2)
		if c.begun() != n+n/2 || c.ended(cluster.ErrMoved) != n/2 {
			t.Errorf("%d works were begun, %d were handed over", c.begun(), c.ended(cluster.ErrMoved))
		}
		time.Sleep(time.Hour)
		if c.begun() != n+n/2 {
			t.Errorf("leases change hands for nothing: %d works", c.begun())
		}
		if took := a.leave(t); took > time.Millisecond {
			t.Errorf("leaving took %v", took)
		}
		time.Sleep(time.Millisecond) // the hint is enough
		c.even(n, 1)
		b.leave(t)
		if got := c.shares(); len(got) != 0 {
			t.Errorf("after all have left: %v", got)
		}
	})
}

func TestPoolTakesOver(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, c := clustertest.New(0), newCrew(t)
		const n = 9
		var all []*worker
		for range 3 {
			all = append(all, c.join(s, names(n)))
		}
		time.Sleep(10 * time.Second)
		c.even(n, 3)
		begun := c.begun()
		all[0].Kill()
		time.Sleep(cluster.TTL + time.Second)
		c.even(n, 2)
		if lost, more := c.ended(cluster.ErrLost), c.begun()-begun; lost != n/3 || more != n/3 {
			t.Errorf("%d works lost, %d begun", lost, more)
		}
	})
}

// TestPoolOfOneLease: there is one more process than work.
func TestPoolOfOneLease(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, c := clustertest.New(0), newCrew(t)
		one := func() []string { return []string{poller} }
		a, b := c.join(s, one), c.join(s, one)
		time.Sleep(time.Hour)
		if n := c.begun(); n != 1 {
			t.Errorf("%d works", n)
		}
		holder := a
		if c.doer(poller) == b.Self() {
			holder = b
		}
		holder.leave(t)
		time.Sleep(time.Millisecond)
		c.even(1, 1)
	})
}

// TestPoolWithoutTheState: works go on for as long as the leases last, and come back.
func TestPoolWithoutTheState(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, c := clustertest.New(0), newCrew(t)
		a := c.join(s, names(4))
		time.Sleep(10 * time.Second)
		a.Cut()
		time.Sleep(5 * time.Second)
		c.even(4, 1)
		time.Sleep(time.Minute)
		if got := c.shares(); len(got) != 0 {
			t.Errorf("a minute without the state: %v", got)
		}
		a.Mend()
		time.Sleep(5 * time.Second)
		c.even(4, 1)
	})
}

// TestPoolWithoutHints: a pooler swallows them, and what is free is seen all the same.
func TestPoolWithoutHints(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, c := clustertest.New(0), newCrew(t)
		s.Deafen()
		a := c.join(s, names(8))
		c.join(s, names(8))
		time.Sleep(20 * time.Second)
		c.even(8, 2)
		a.leave(t)
		time.Sleep(time.Second)
		c.even(8, 1)
	})
}

func TestPoolWithOtherNames(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, c := clustertest.New(0), newCrew(t)
		var mu sync.Mutex
		now := names(2)()
		leases := func() []string {
			mu.Lock()
			defer mu.Unlock()
			return now
		}
		for range 2 {
			c.join(s, leases)
		}
		time.Sleep(10 * time.Second)
		c.even(2, 2)
		mu.Lock()
		now = names(4)()
		mu.Unlock()
		time.Sleep(10 * time.Second)
		c.even(4, 2)
		if c.doer("discord/2/0") != "" {
			t.Error("work goes on that nobody wants")
		}
	})
}

func TestPoolAlone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newCrew(t)
		ctx, stop := context.WithCancel(t.Context())
		done := make(chan error, 1)
		var log strings.Builder
		p := cluster.Pool{Cluster: cluster.Alone(), Name: "discord", Log: slog.New(slog.NewTextHandler(&log, nil))}
		go func() { done <- p.Run(ctx, names(63), c.work("me")) }()
		time.Sleep(time.Millisecond)
		c.even(63, 1)
		stop()
		if err := <-done; err != nil || log.Len() > 0 {
			t.Errorf("%v, and where one process runs it says: %s", err, log.String())
		}
	})
}

func TestPoolEndsWithItsWork(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		fatal := errors.New("the platform refuses this bot")
		begun := 0
		p := cluster.Pool{Cluster: cluster.Alone(), Name: "discord"}
		err := p.Run(t.Context(), names(1), func(context.Context, cluster.Lease) error {
			if begun++; begun < 3 {
				return nil // again after a rest
			}
			return fatal
		})
		if !errors.Is(err, fatal) || begun != 3 {
			t.Errorf("%v after %d works", err, begun)
		}
		err = p.Run(t.Context(), names(2), func(ctx context.Context, l cluster.Lease) error {
			if l.Name() == "discord/2/0" {
				panic("what a person wrote")
			}
			<-ctx.Done()
			return nil
		})
		if err == nil || err.Error() != "discord/2/0: a defect of the program, see the log" {
			t.Errorf("a panic: %v", err)
		}
	})
}
