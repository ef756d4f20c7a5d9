package cluster_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"footnote/bot/cluster"
	"footnote/bot/cluster/clustertest"
)

const agreedPacks = "packs"

// slowest is how long a call of the state may take where it is slow.
const slowest = 200 * time.Millisecond

// A follower is a process that goes by what is agreed on: it makes what its own disk has ready,
// and goes over when all do.
type follower struct {
	*clustertest.Member
	in    *followers
	stop  context.CancelFunc
	ended sync.WaitGroup

	mu      sync.Mutex
	dead    bool
	voted   bool
	ready   string // it could go over to that at once
	serves  string
	went    time.Time // when it went over
	adopted int       // times that it had to get what it did not have ready
}

// followers are all that were started.
type followers struct {
	t     *testing.T
	state *clustertest.State

	mu      sync.Mutex
	all     []*follower
	founded bool
}

func newFollowers(t *testing.T) *followers {
	f := &followers{t: t, state: clustertest.New(0)}
	f.state.OnAgree(f.agreed)
	return f
}

// agreed is called at the moment of each decision: each process that counts has what it is for,
// but for one that has only just come, or come back, so that whoever decided did not see it.
func (fs *followers) agreed(_, value string, living map[string]time.Duration) {
	fs.mu.Lock()
	defer fs.mu.Unlock()
	for _, f := range fs.all {
		f.mu.Lock()
		if lives, ok := living[f.Self()]; ok && lives > slowest && !f.dead && f.voted && f.ready != value && fs.founded {
			fs.t.Errorf("%s is agreed on, and %s has %q ready", value, f.Self(), f.ready)
		}
		f.mu.Unlock()
	}
	fs.founded = true
}

// start starts one more, with something on its disk.
func (fs *followers) start(disk string) *follower {
	f := &follower{Member: fs.state.Join(fs.t), in: fs}
	fs.mu.Lock()
	fs.all = append(fs.all, f)
	fs.mu.Unlock()
	ctx, stop := context.WithCancel(fs.t.Context())
	f.stop = stop
	f.write(disk, 0)
	f.ended.Go(func() { f.Follow(ctx, agreedPacks, f.follow) })
	return f
}

// write puts something on the disk, which takes a while to get ready: "" cannot be loaded.
func (f *follower) write(disk string, takes time.Duration) {
	_, _ = f.Vote(f.in.t.Context(), agreedPacks, cluster.Vote{Why: "being prepared"})
	f.mu.Lock()
	f.ready = ""
	f.mu.Unlock()
	time.Sleep(takes)
	f.mu.Lock()
	f.ready = disk
	f.mu.Unlock()
	v := cluster.Vote{Value: disk}
	if disk == "" {
		v.Why = "it cannot be loaded"
	}
	_, _ = f.Vote(f.in.t.Context(), agreedPacks, v)
	f.mu.Lock()
	f.voted = true
	f.mu.Unlock()
}

func (f *follower) follow(b cluster.Ballot) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if b.Value == "" || b.Value == f.serves {
		return
	}
	if f.ready != b.Value {
		f.adopted++
	}
	f.serves, f.went = b.Value, time.Now()
}

func (f *follower) now() string {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.serves
}

// end stops it, in good order or as kill -9 does.
func (f *follower) end(orderly bool) {
	f.mu.Lock()
	f.dead = true
	f.mu.Unlock()
	if orderly {
		_ = f.Close(context.WithoutCancel(f.in.t.Context()))
	} else {
		f.Kill()
	}
	f.stop()
	f.ended.Wait()
}

func (fs *followers) end() {
	for _, f := range fs.all {
		f.end(true)
	}
}

// await waits until all of some go by something, and says how long that took, and how far apart
// they went over.
func (fs *followers) await(some []*follower, want string) (took, apart time.Duration) {
	fs.t.Helper()
	begun := time.Now()
	for {
		ok := true
		var first, last time.Time
		for _, f := range some {
			f.mu.Lock()
			ok = ok && f.serves == want
			if first.IsZero() || f.went.Before(first) {
				first = f.went
			}
			if f.went.After(last) {
				last = f.went
			}
			f.mu.Unlock()
		}
		if ok {
			return time.Since(begun), last.Sub(first)
		}
		if time.Since(begun) > time.Minute {
			fs.t.Fatalf("not everybody goes by %s", want)
		}
		time.Sleep(10 * time.Millisecond)
	}
}

// hold lets time pass in which nobody may go over.
func (fs *followers) hold(some []*follower, want string) {
	fs.t.Helper()
	for range 30 {
		time.Sleep(time.Second)
		for i, f := range some {
			if got := f.now(); got != want {
				fs.t.Fatalf("process %d goes by %s, and the others have only %s", i, got, want)
			}
		}
	}
}

func TestAllOrNone(t *testing.T) {
	for _, deaf := range []bool{false, true} {
		t.Run(fmt.Sprintf("hints are lost %v", deaf), func(t *testing.T) { synctest.Test(t, func(t *testing.T) { allOrNone(t, deaf) }) })
	}
}

func allOrNone(t *testing.T, deaf bool) {
	fs := newFollowers(t)
	defer fs.end()
	if deaf {
		fs.state.Deafen()
	}
	for range 3 {
		fs.start("1")
	}
	all := fs.all
	fs.await(all, "1")

	all[0].write("2", time.Second) // on one disk alone
	fs.hold(all, "1")
	all[1].write("2", time.Second)
	all[2].write("", time.Second) // the third disk is broken
	fs.hold(all, "1")
	all[2].write("3", time.Second) // and then it has something else
	fs.hold(all, "1")
	all[2].write("2", time.Second) // it is corrected
	took, apart := fs.await(all, "2")
	t.Logf("after %v, %v apart", took, apart)
	if limit := 2 * time.Second; took > limit || apart > limit {
		t.Errorf("it took %v, the first and the last went over %v apart", took, apart)
	}

	for _, f := range all[:2] {
		f.write("4", 0)
	}
	fs.hold(all, "2")
	all[2].end(false) // the one that all wait for is killed
	if took, _ = fs.await(all[:2], "4"); took > cluster.TTL+2*time.Second {
		t.Errorf("a dead process was waited for %v", took)
	}
	late := fs.start("2") // comes back with its old disk
	fs.await([]*follower{late}, "4")
	if late.adopted != 1 {
		t.Errorf("it got what it did not have %d times", late.adopted)
	}
	fs.hold(append(all[:2:2], late), "4")

	all[0].Cut() // one cannot reach the state: the others go on without it, when they no longer count it
	all[1].write("5", 0)
	late.write("5", 0)
	fs.await([]*follower{all[1], late}, "5")
	if got := all[0].now(); got != "4" {
		t.Errorf("the one that is cut off goes by %s", got)
	}
	all[0].Mend()
	fs.await([]*follower{all[0], all[1], late}, "5")
}

// TestAgreementAfterAnOutage: whoever is the first to reach the state again is no majority.
func TestAgreementAfterAnOutage(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		fs := newFollowers(t)
		defer fs.end()
		for range 3 {
			fs.start("1")
		}
		fs.await(fs.all, "1")
		fs.all[0].write("2", 0)
		for _, f := range fs.all {
			f.Cut()
		}
		time.Sleep(time.Minute)
		for _, f := range fs.all {
			f.Mend()
			time.Sleep(3 * time.Second)
		}
		fs.hold(fs.all, "1")
		fs.state.Turn(time.Minute) // the state's clock jumps
		fs.hold(fs.all, "1")
	})
}

// TestVotesAreWrittenAgain: a table with older data gets the votes again.
func TestVotesAreWrittenAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		fs := newFollowers(t)
		defer fs.end()
		a, b := fs.start("1"), fs.start("1")
		fs.await(fs.all, "1")
		a.write("2", 0)
		fs.state.ForgetVotes(agreedPacks)
		b.Cut()
		_, err := b.Vote(t.Context(), agreedPacks, cluster.Vote{Value: "2"})
		if err == nil {
			t.Error("written although nothing could be reached")
		}
		b.mu.Lock()
		b.ready = "2"
		b.mu.Unlock()
		time.Sleep(time.Second)
		b.Mend()
		fs.await(fs.all, "2")
	})
}

// TestAllOrNoneByChance plays what may happen in any order, and many times: whatever is agreed on,
// everybody who counted had it ready; after a while of peace all go by the same; and what is on
// all disks in the end is what all go by.
func TestAllOrNoneByChance(t *testing.T) {
	seeds := uint64(100)
	if testing.Short() {
		seeds = 20
	}
	for seed := range seeds {
		synctest.Test(t, func(t *testing.T) { byChance(t, rand.New(rand.NewPCG(seed, 13))) })
	}
}

func byChance(t *testing.T, r *rand.Rand) {
	fs := newFollowers(t)
	defer fs.end()
	var chance sync.Mutex
	delays := rand.New(rand.NewPCG(r.Uint64(), 0))
	fs.state.Delay(func() time.Duration {
		chance.Lock()
		defer chance.Unlock()
		return time.Duration(delays.Int64N(int64(slowest)))
	})
	var living []*follower
	start := func(disk string) { living = append(living, fs.start(disk)) }
	for range 2 + r.IntN(3) {
		start("0")
	}
	one := func() *follower { return living[r.IntN(len(living))] }
	version := 0
	for range 30 {
		switch r.IntN(7) {
		case 0, 1: // a new version arrives on the disks, one after the other, and may be broken somewhere
			version++
			var writing sync.WaitGroup
			for _, f := range living {
				disk, after, takes := fmt.Sprint(version), time.Duration(r.IntN(600))*time.Millisecond, time.Duration(r.IntN(200))*time.Millisecond
				if r.IntN(8) == 0 {
					disk = ""
				}
				again, rest := r.IntN(3) == 0, time.Duration(r.IntN(400))*time.Millisecond
				writing.Go(func() {
					time.Sleep(after)
					f.write(disk, takes)
					if again { // somebody thinks better of it, maybe while the others decide
						time.Sleep(rest)
						f.write("0", 0)
						f.write(disk, 0)
					}
				})
			}
			time.Sleep(time.Duration(r.IntN(3000)) * time.Millisecond)
			if len(living) > 1 && r.IntN(2) == 0 { // one is killed over it
				i := r.IntN(len(living))
				living[i].end(r.IntN(3) == 0)
				living = append(living[:i:i], living[i+1:]...)
			}
			writing.Wait()
		case 2:
			one().write(fmt.Sprint(r.IntN(version+1)), time.Duration(r.IntN(2000))*time.Millisecond)
		case 3:
			if len(living) < 5 {
				start(fmt.Sprint(r.IntN(version + 1)))
			}
		case 4:
			f := one()
			f.Cut()
			time.Sleep(time.Duration(r.IntN(20_000)) * time.Millisecond)
			f.Mend()
		case 5:
			fs.state.Turn(time.Duration(r.IntN(30)) * time.Second)
		case 6:
			time.Sleep(time.Duration(r.IntN(5000)) * time.Millisecond)
		}
		if r.IntN(4) == 0 {
			time.Sleep(cluster.TTL + 5*time.Second)
			for _, f := range living {
				if got := f.now(); got != living[0].now() {
					t.Fatalf("after a while of peace one goes by %s, another by %s", got, living[0].now())
				}
			}
		}
	}
	last := fmt.Sprint(version + 1)
	for _, f := range living {
		f.write(last, 0)
	}
	fs.await(living, last)
}
