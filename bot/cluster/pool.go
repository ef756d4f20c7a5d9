package cluster

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"runtime/debug"
	"slices"
	"sync"
	"time"
)

// A Pool does the work of a set of leases together with the pools of the same name in other
// processes: each has its fair share, ceil(leases/processes) at most for long. It takes over
// what a process that died had, as soon as that may be had, and hands over, one by one, to a
// process that has come. Its fields are not changed once it runs.
type Pool struct {
	Cluster Cluster
	Name    string        // the same in all processes that share the set: "discord"
	Log     *slog.Logger  // nil is silent
	Every   time.Duration // how often it looks what is free; half a second if 0. Others hint at it.
}

// Times, in looks of a Pool.
const (
	everyUsually = 500 * time.Millisecond
	freshLooks   = 2  // a new process takes one lease, and more after this: others may be about to come too
	patience     = 4  // what another should have taken by then, anybody takes
	settleLooks  = 6  // nobody hands over before the shares have been uneven for as long
	restLooks    = 10 // what this process gave up by itself it does not take again before
)

const (
	lookWait    = 3 * time.Second // bounds one look with all that it takes
	releaseWait = 2 * time.Second // bounds giving back one lease
)

// ErrMoved is the cause of the end of a work's context when another process is to go on with
// it in good order.
var ErrMoved = errors.New("another process is to go on with this")

// Run keeps this process's share of the leases that names returns, and calls work for each,
// in a goroutine of its own, until ctx ends. names is asked often and may return others each
// time: what is no longer among them is given up. It must not block.
//
// What work must do:
//   - Return soon after its ctx has ended. The lease is released, so that another process can
//     begin, only when work has returned. If the lease is not lost, it is still valid then: the place
//     where the work stands can be written with SetNote, and the next holder reads it with Note.
//   - Tell the cases apart by context.Cause(ctx). ErrLost: the lease ran out, so another
//     process may have begun or is about to; do nothing more that others can see. ErrMoved: the process is to
//     hand over, or the name is no longer wanted. Anything else: the end of Run.
//   - Ask lease.Valid before each act that only one process may do, right before it: a process that was stopped
//     for some seconds goes on in the middle of what it did, before any context has ended.
//
// If work returns nil while its ctx lasts, the lease is released and left to others for some
// seconds. If it returns an error then, Run ends the other works and returns it. What it returns
// later is ignored.
//
// While the shared state cannot be reached, works go on until their leases run out. Run
// returns when every work has returned.
func (p *Pool) Run(ctx context.Context, names func() []string, work func(ctx context.Context, l Lease) error) error {
	r := &poolRun{
		Pool: p, work: work, every: p.Every, log: p.Log,
		slots: map[string]*slot{}, ended: make(chan *slot), free: map[string]time.Time{}, rest: map[string]time.Time{},
	}
	if r.every <= 0 {
		r.every = everyUsually
	}
	if r.log == nil {
		r.log = slog.New(slog.DiscardHandler)
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	err := r.loop(ctx, names)
	cancel() // ends every work
	r.leave(context.WithoutCancel(ctx))
	for len(r.slots) > 0 {
		if e := r.end(<-r.ended); err == nil {
			err = e
		}
	}
	r.works.Wait()
	return err
}

// A poolRun is one call of Run. Its loop alone touches it.
type poolRun struct {
	*Pool
	work  func(context.Context, Lease) error
	every time.Duration
	log   *slog.Logger

	part   Lease // says that this process takes part
	joined time.Time
	slots  map[string]*slot
	ended  chan *slot
	works  sync.WaitGroup
	free   map[string]time.Time // since when each free lease has been
	rest   map[string]time.Time // until when a lease is left to others
	uneven time.Time            // since when the shares have been
}

// A slot is one lease with its work.
type slot struct {
	lease  Lease
	stop   context.CancelCauseFunc
	begun  time.Time
	moving bool
	early  bool // it ended by itself
	err    error
}

func (r *poolRun) loop(ctx context.Context, names func() []string) error {
	for {
		freed := r.Cluster.Freed() // before looking, so that nothing falls in between
		r.look(ctx, names())
		timer := time.NewTimer(r.every)
		select {
		case <-timer.C:
		case <-freed:
		case s := <-r.ended:
			if err := r.end(s); err != nil {
				timer.Stop()
				return err
			}
		case <-ctx.Done():
		}
		timer.Stop()
		if ctx.Err() != nil {
			return nil
		}
	}
}

// end forgets a slot whose work has returned, and returns the error that ends the Run.
func (r *poolRun) end(s *slot) error {
	delete(r.slots, s.lease.Name())
	if s.early && s.err == nil {
		r.rest[s.lease.Name()] = time.Now().Add(restLooks * r.every)
	}
	if s.early {
		return s.err
	}
	return nil
}

// partPrefix begins the names of the leases with which the processes of a pool say that they
// take part: one ends with its process, like the others.
const partPrefix = "pool/"

// takePart makes this process one of those that share.
func (r *poolRun) takePart(ctx context.Context) bool {
	if r.part != nil && r.part.Valid() {
		return true
	}
	part, err := r.Cluster.Acquire(ctx, partPrefix+r.Name+"/"+r.Cluster.Self())
	if err != nil {
		r.log.Debug("cannot take part in the sharing of leases", "pool", r.Name, "error", err)
		return false
	}
	r.part, r.joined = part, time.Now()
	return true
}

// leave tells the others that they may take what this process had.
func (r *poolRun) leave(ctx context.Context) {
	if r.part != nil {
		r.release(ctx, r.part)
	}
}

func (r *poolRun) release(ctx context.Context, l Lease) {
	ctx, cancel := context.WithTimeout(ctx, releaseWait)
	defer cancel()
	if err := l.Release(ctx); err != nil {
		r.log.Debug("a lease could not be given back; it runs out", "lease", l.Name(), "error", err)
	}
}

// look takes what falls to this process and hands over what does not any more.
func (r *poolRun) look(ctx context.Context, names []string) {
	for name, s := range r.slots {
		if !slices.Contains(names, name) {
			r.move(s)
		}
	}
	asking, cancel := context.WithTimeout(ctx, lookWait)
	defer cancel()
	if !r.takePart(asking) {
		return
	}
	all, err := r.Cluster.Leases(asking)
	if err != nil {
		r.log.Debug("cannot see who holds what", "pool", r.Name, "error", err)
		return
	}
	members, holder := r.view(all)
	want := share(names, members, holder)
	for _, l := range r.take(asking, want) {
		r.begin(ctx, l)
	}
	r.handOver(len(names), want)
}

// view is who takes part, and who holds which lease; a slot of this process counts as held
// until its work has ended.
func (r *poolRun) view(all []Holding) (members []string, holder map[string]string) {
	holder = map[string]string{}
	for _, h := range all {
		holder[h.Name] = h.Holder
		if h.Name == partPrefix+r.Name+"/"+h.Holder {
			members = append(members, h.Holder)
		}
	}
	for name := range r.slots {
		holder[name] = r.Cluster.Self()
	}
	return members, holder
}

// take takes the free leases that fall to this process, and those that another should have
// taken long ago.
func (r *poolRun) take(ctx context.Context, want shares) (taken []Lease) {
	now, self := time.Now(), r.Cluster.Self()
	maps.DeleteFunc(r.free, func(name string, _ time.Time) bool { return want.free[name] == "" })
	maps.DeleteFunc(r.rest, func(_ string, until time.Time) bool { return now.After(until) })
	fresh := !r.Cluster.Alone() && now.Sub(r.joined) < freshLooks*r.every
	for _, name := range slices.Sorted(maps.Keys(want.free)) {
		since, known := r.free[name]
		if !known {
			since = now
			r.free[name] = now
		}
		mine := want.free[name] == self || now.Sub(since) >= patience*r.every
		if !mine || !r.rest[name].IsZero() || fresh && len(r.slots)+len(taken) > 0 {
			continue
		}
		l, err := r.Cluster.Acquire(ctx, name)
		switch {
		case err == nil:
			delete(r.free, name)
			taken = append(taken, l)
		case !errors.Is(err, ErrHeld):
			r.log.Debug("a lease could not be taken", "lease", name, "error", err)
			return taken
		}
	}
	return taken
}

// handOver gives up one lease, if this process is among the next who should and the shares
// have been uneven for a while, with nothing under way.
func (r *poolRun) handOver(leases int, want shares) {
	now, self := time.Now(), r.Cluster.Self()
	if len(want.moves) == 0 || len(want.free) > 0 {
		r.uneven = time.Time{}
		return
	}
	if r.uneven.IsZero() {
		r.uneven = now
	}
	next := want.moves[:min(len(want.moves), 1+leases/movesPart)]
	if now.Sub(r.uneven) < settleLooks*r.every || !slices.ContainsFunc(next, func(m move) bool { return m.from == self }) {
		return
	}
	var latest *slot
	for _, s := range r.slots {
		if s.moving {
			return
		}
		if latest == nil || s.begun.After(latest.begun) || s.begun.Equal(latest.begun) && s.lease.Name() > latest.lease.Name() {
			latest = s
		}
	}
	if latest != nil {
		r.move(latest)
	}
}

// movesPart bounds how many leases are handed over at once: one, and one more for so many.
const movesPart = 16

// move ends the work of s in good order.
func (r *poolRun) move(s *slot) {
	if !s.moving {
		s.moving = true
		s.stop(ErrMoved)
	}
}

// begin starts the work under l.
func (r *poolRun) begin(ctx context.Context, l Lease) {
	ctx, stop := context.WithCancelCause(ctx)
	s := &slot{lease: l, stop: stop, begun: time.Now()}
	r.slots[l.Name()] = s
	level := slog.LevelInfo
	if r.Cluster.Alone() { // there is nobody else to have it
		level = slog.LevelDebug
	}
	r.log.Log(ctx, level, "holds a lease", "lease", l.Name(), "epoch", l.Epoch())
	r.works.Go(func() {
		defer stop(nil)
		returned := make(chan struct{})
		var watch sync.WaitGroup
		watch.Go(func() {
			select {
			case <-l.Done():
				stop(ErrLost)
			case <-returned:
			}
		})
		s.err = r.safely(ctx, l)
		s.early = ctx.Err() == nil
		close(returned)
		watch.Wait()
		r.release(context.WithoutCancel(ctx), l)
		r.ended <- s
	})
}

// safely does the work. A panic is an error like others.
func (r *poolRun) safely(ctx context.Context, l Lease) (err error) {
	defer func() {
		if p := recover(); p != nil {
			r.log.Error("the work under a lease panicked", "lease", l.Name(), "stack", string(debug.Stack()))
			err = fmt.Errorf("%s: a defect of the program, see the log", l.Name())
		}
	}()
	return r.work(ctx, l)
}
