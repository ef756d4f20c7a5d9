package cluster_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"footnote/bot/cluster"
	"footnote/bot/cluster/clustertest"
)

// The simulation has a bot of 100,000 guilds in 63 shards on 10 processes, with the real
// leases and pools, and a clock that nobody waits for:
//
//	go test ./bot/cluster -run Simulation -v
const (
	simGuilds   = 100_000
	simShards   = 63
	simReplicas = 10

	simIdentify = time.Second            // from IDENTIFY to READY
	simResume   = 300 * time.Millisecond // from RESUME to RESUMED
	simBucket   = 5 * time.Second        // Discord takes one IDENTIFY in each bucket in that time
	simKeeps    = 2 * time.Minute        // for which Discord keeps a session
)

// A simulation is what Discord sees.
type simulation struct {
	t       *testing.T
	state   *clustertest.State
	buckets int
	guilds  [simShards]int
	names   []string

	mu         sync.Mutex
	now        map[string]string    // which process is connected as which shard
	lost       map[string]time.Time // when a shard lost its connection
	gaps       []time.Duration      // of this scene
	down       float64              // seconds without a connection, summed over the guilds
	identifies map[int]time.Time    // the last of each bucket
	identified int
	resumed    int
	twice      int
	background sync.WaitGroup
}

func newSimulation(t *testing.T, buckets int) *simulation {
	s := &simulation{
		t: t, state: clustertest.New(0), buckets: buckets, now: map[string]string{}, lost: map[string]time.Time{}, identifies: map[int]time.Time{},
	}
	r := rand.New(rand.NewPCG(1, 2))
	for range simGuilds {
		s.guilds[(r.Uint64()>>22)%simShards]++
	}
	for i := range simShards {
		s.names = append(s.names, fmt.Sprintf("discord/%d/%d", simShards, i))
		s.lost[s.names[i]] = time.Time{}
	}
	return s
}

func shardOf(name string) (i int) {
	_, _ = fmt.Sscanf(name, "discord/63/%d", &i)
	return i
}

// work is one shard of a process: it resumes or identifies, and is connected until ctx ends.
func (s *simulation) work(m *clustertest.Member) func(context.Context, cluster.Lease) error {
	return func(ctx context.Context, l cluster.Lease) error {
		s.mu.Lock()
		lost := s.lost[l.Name()]
		s.mu.Unlock()
		takes := simResume
		if l.Note() == "" || time.Since(lost) > simKeeps {
			if takes = simIdentify; !s.identify(ctx, m, shardOf(l.Name())%s.buckets) {
				return nil
			}
		} else {
			s.mu.Lock()
			s.resumed++
			s.mu.Unlock()
		}
		select {
		case <-time.After(takes):
		case <-ctx.Done():
			return nil
		}
		if l.SetNote(ctx, "session") != nil {
			return nil
		}
		s.connected(l.Name(), m.Self())
		<-ctx.Done()
		s.disconnected(l.Name(), m.Self())
		return nil
	}
}

// identify waits for its turn in a bucket.
func (s *simulation) identify(ctx context.Context, m *clustertest.Member, bucket int) bool {
	for {
		freed := m.Freed()
		l, err := m.Acquire(ctx, fmt.Sprintf("discord/identify/%d", bucket))
		if err == nil {
			s.mu.Lock()
			if at := s.identifies[bucket]; !at.IsZero() && time.Since(at) < simBucket {
				s.t.Errorf("bucket %d is asked twice within %v", bucket, time.Since(at))
			}
			s.identifies[bucket] = time.Now()
			s.identified++
			s.mu.Unlock()
			s.background.Go(func() {
				time.Sleep(simBucket)
				_ = l.Release(context.WithoutCancel(ctx))
			})
			return true
		}
		select {
		case <-freed:
		case <-time.After(time.Second):
		case <-ctx.Done():
			return false
		}
	}
}

func (s *simulation) connected(name, who string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.now[name] != "" {
		s.twice++
	}
	s.now[name] = who
	if at := s.lost[name]; !at.IsZero() {
		gap := time.Since(at)
		s.gaps = append(s.gaps, gap)
		s.down += gap.Seconds() * float64(s.guilds[shardOf(name)])
	}
}

func (s *simulation) disconnected(name, who string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.now[name] == who {
		s.now[name], s.lost[name] = "", time.Now()
	}
}

// settled reports whether every shard is connected, and evenly.
func (s *simulation) settled(replicas int) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	n := map[string]int{}
	for _, who := range s.now {
		if who != "" {
			n[who]++
		}
	}
	total, most := 0, 0
	for _, k := range n {
		total, most = total+k, max(most, k)
	}
	return total == simShards && len(n) == replicas && most <= (simShards+replicas-1)/replicas
}

// A replica of the simulation.
type simReplica struct {
	*clustertest.Member
	stop context.CancelFunc
	done chan struct{}
}

func (s *simulation) start() *simReplica {
	m := s.state.Join(s.t)
	ctx, stop := context.WithCancel(s.t.Context())
	r := &simReplica{m, stop, make(chan struct{})}
	p := cluster.Pool{Cluster: m, Name: "discord"}
	go func() {
		defer close(r.done)
		_ = p.Run(ctx, func() []string { return s.names }, s.work(m))
	}()
	return r
}

func (r *simReplica) end(t *testing.T) {
	r.stop()
	<-r.done
	_ = r.Close(context.WithoutCancel(t.Context()))
}

func (r *simReplica) kill() {
	r.Kill()
	r.stop()
	<-r.done
}

// scene plays something and waits until all is even again; what it cost is a row.
func (s *simulation) scene(what string, replicas int, play func()) []string {
	s.mu.Lock()
	s.gaps, s.down, s.identified, s.resumed = nil, 0, 0, 0
	s.mu.Unlock()
	begun := time.Now()
	play()
	for end := time.Now().Add(time.Hour); !s.settled(replicas); time.Sleep(50 * time.Millisecond) {
		if time.Now().After(end) {
			s.t.Fatalf("%s: not settled within an hour", what)
		}
	}
	took := time.Since(begun)
	time.Sleep(30 * time.Second) // nothing moves any more
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.twice > 0 {
		s.t.Errorf("%s: %d shards were connected twice", what, s.twice)
	}
	slices.Sort(s.gaps)
	row := []string{what, seconds(took), "–", "–", fmt.Sprint(s.identified), fmt.Sprint(s.resumed), "–"}
	if n := len(s.gaps); n > 0 {
		row[2], row[3] = seconds(s.gaps[n/2]), seconds(s.gaps[n-1])
		row[6] = fmt.Sprintf("%.1f s", s.down/simGuilds)
	}
	return row
}

func seconds(d time.Duration) string { return fmt.Sprintf("%.1f s", d.Seconds()) }

func TestSimulation(t *testing.T) {
	for _, buckets := range []int{1, 16} {
		t.Run(fmt.Sprintf("max_concurrency %d", buckets), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) { simulate(t, buckets) })
		})
	}
}

func simulate(t *testing.T, buckets int) {
	s := newSimulation(t, buckets)
	var all []*simReplica
	add := func(n int) {
		for range n {
			all = append(all, s.start())
		}
	}
	kill := func(n int) {
		for range n {
			all[0].kill()
			all = all[1:]
		}
	}
	rows := [][]string{
		s.scene("10 start at once", simReplicas, func() { add(simReplicas) }),
		s.scene("one is killed", simReplicas-1, func() { kill(1) }),
		s.scene("three more are killed at once", simReplicas-4, func() { kill(3) }),
		s.scene("four come", simReplicas, func() { add(4) }),
		s.scene("one stops in good order", simReplicas-1, func() { all[0].end(t); all = all[1:] }),
		s.scene("one comes", simReplicas, func() { add(1) }),
		s.scene("all are restarted, one after the other", simReplicas, func() {
			for i := range all {
				all[i].end(t)
				time.Sleep(5 * time.Second)
				all[i] = s.start()
				for !s.settled(simReplicas) {
					time.Sleep(time.Second)
				}
			}
		}),
		s.scene("the database is away for 5 s", simReplicas, func() { away(all, 5*time.Second) }),
		s.scene("the database is away for 60 s", simReplicas, func() { away(all, time.Minute) }),
		s.scene("the database's clock jumps 10 minutes", simReplicas, func() { s.state.Turn(10 * time.Minute); time.Sleep(10 * time.Second) }),
		s.scene("all are killed, and 10 start 5 minutes later", simReplicas, func() { kill(simReplicas); time.Sleep(5 * time.Minute); add(simReplicas) }),
	}
	report(t, s, rows)
	for _, r := range all {
		r.end(t)
	}
	s.background.Wait()
}

func away(all []*simReplica, d time.Duration) {
	for _, r := range all {
		r.Cut()
	}
	time.Sleep(d)
	for _, r := range all {
		r.Mend()
	}
}

func report(t *testing.T, s *simulation, rows [][]string) {
	var b strings.Builder
	fmt.Fprintf(&b, "max_concurrency %d\n| what happens | until all is even | gap, median | gap, longest | IDENTIFY | RESUME | a guild waits, on average |\n|---|---|---|---|---|---|---|\n", s.buckets)
	for _, r := range rows {
		b.WriteString("| " + strings.Join(r, " | ") + " |\n")
	}
	t.Log("\n" + b.String())
	for i, want := range map[int]struct {
		longest    time.Duration
		identifies int
	}{1: {12 * time.Second, 0}, 2: {12 * time.Second, 0}, 3: {time.Second, 0}, 4: {time.Second, 0}, 5: {time.Second, 0}, 6: {time.Second, 0}, 7: {time.Second, 0}} {
		if rows[i][4] != fmt.Sprint(want.identifies) {
			t.Errorf("%s: %s times IDENTIFY", rows[i][0], rows[i][4])
		}
		if rows[i][3] == "–" {
			continue
		}
		var longest float64
		if _, err := fmt.Sscanf(rows[i][3], "%f s", &longest); err != nil || longest > want.longest.Seconds() {
			t.Errorf("%s: the longest gap is %s, and %v is wanted", rows[i][0], rows[i][3], want.longest)
		}
	}
}
