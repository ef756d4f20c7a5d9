package gateway

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"footnote/bot/cluster"
	"footnote/bot/platform"
)

// A Gate lets sessions be begun one after the other. Discord takes one Identify in five
// seconds for each bucket; a shard's bucket is its number modulo max_concurrency. The
// buckets are shared by all processes of the bot: who identifies holds the bucket's lease.
// It is safe for concurrent use.
type Gate struct {
	cluster cluster.Cluster
	every   time.Duration
	work    sync.WaitGroup
	closing chan struct{}

	mu          sync.Mutex
	concurrency int          // 1 until Discord has said
	learned     bool         // it has
	taken       map[int]bool // buckets that a shard of this process has
	left        chan struct{}
}

// NewGate returns a Gate for shards of c's processes that identify once in every for each
// bucket.
func NewGate(c cluster.Cluster, every time.Duration) *Gate {
	return &Gate{cluster: c, every: every, concurrency: 1, closing: make(chan struct{}), taken: map[int]bool{}, left: make(chan struct{})}
}

// learn notes how many may identify at a time.
func (g *Gate) learn(concurrency int) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.concurrency, g.learned = max(1, concurrency), true
}

// knows reports whether Discord has said how many may identify at a time. Without it two shards
// of one bucket could wait in different ones.
func (g *Gate) knows() bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.learned
}

// Close gives back what the Gate still has, with a mark for the next process where it must
// wait. Nobody enters any more.
func (g *Gate) Close() {
	close(g.closing)
	g.work.Wait()
}

// gateLooks is how often a bucket that another process has is asked for. It hints when it
// lets go.
const gateLooks = 500 * time.Millisecond

// mark is the note of a bucket's lease for as long as no other Identify may follow.
const mark = "identified"

// A turn is the right to identify. A nil turn is none.
type turn struct {
	gate   *Gate
	bucket int
	lease  cluster.Lease

	mu   sync.Mutex
	sent time.Time // when the Identify went out
}

// enter waits until the shard may identify. The turn is to be given back with done.
func (g *Gate) enter(ctx context.Context, shard int) (*turn, error) {
	bucket, err := g.takeBucket(ctx, shard)
	if err != nil {
		return nil, err
	}
	lease, err := g.acquire(ctx, fmt.Sprintf("discord/identify/%d", bucket))
	if err != nil {
		g.freeBucket(bucket)
		return nil, err
	}
	t := &turn{gate: g, bucket: bucket, lease: lease}
	if lease.Note() == mark { // who had it ended before the time was over
		err = platform.Sleep(ctx, g.every)
	}
	if err == nil && lease.Note() != mark {
		// Written before the Identify goes out, since nobody may be left to do so after it.
		err = lease.SetNote(ctx, mark)
	}
	if err != nil {
		t.done(time.Time{})
		return nil, fmt.Errorf("the turn to begin a session: %w", err)
	}
	return t, nil
}

// takeBucket waits until no other shard of this process has the shard's bucket.
func (g *Gate) takeBucket(ctx context.Context, shard int) (bucket int, err error) {
	for {
		g.mu.Lock()
		bucket, left := shard%g.concurrency, g.left
		if !g.taken[bucket] {
			g.taken[bucket] = true
			g.mu.Unlock()
			return bucket, nil
		}
		g.mu.Unlock()
		select {
		case <-left:
		case <-ctx.Done():
			return 0, ctx.Err()
		}
	}
}

func (g *Gate) freeBucket(bucket int) {
	g.mu.Lock()
	defer g.mu.Unlock()
	delete(g.taken, bucket)
	close(g.left)
	g.left = make(chan struct{})
}

// acquire waits until no other process has the lease.
func (g *Gate) acquire(ctx context.Context, name string) (cluster.Lease, error) {
	for {
		freed := g.cluster.Freed()
		lease, err := g.cluster.Acquire(ctx, name)
		if !errors.Is(err, cluster.ErrHeld) {
			return lease, err
		}
		t := time.NewTimer(gateLooks)
		select {
		case <-freed:
		case <-t.C:
		case <-ctx.Done():
		}
		t.Stop()
		if err := ctx.Err(); err != nil {
			return nil, err
		}
	}
}

// identified notes that the Identify goes out.
func (t *turn) identified(now time.Time) {
	if t == nil {
		return
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.sent = now
}

// done gives the turn back: at once if no Identify went out, and else when the next may.
func (t *turn) done(now time.Time) {
	if t == nil {
		return
	}
	t.mu.Lock()
	sent := t.sent
	t.mu.Unlock()
	if sent.IsZero() {
		t.free(true)
		return
	}
	t.gate.work.Go(func() {
		wait := time.NewTimer(t.gate.every - now.Sub(sent))
		defer wait.Stop()
		select {
		case <-wait.C:
			t.free(true)
		case <-t.lease.Done():
			t.free(false)
		case <-t.gate.closing:
			t.free(false)
		}
	})
}

// freeTimeout bounds giving a bucket back. If it takes longer the lease runs out.
const freeTimeout = 2 * time.Second

// free gives the bucket back; unmarked if an Identify may follow at once.
func (t *turn) free(unmarked bool) {
	ctx, cancel := context.WithTimeout(context.Background(), freeTimeout)
	defer cancel()
	if unmarked {
		_ = t.lease.SetNote(ctx, "") // else the next waits a little for nothing
	}
	_ = t.lease.Release(ctx) // else it runs out
	t.gate.freeBucket(t.bucket)
}
