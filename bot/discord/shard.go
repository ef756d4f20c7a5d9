package discord

import (
	"context"
	"errors"
	"fmt"
	"math"
	"sync"
	"sync/atomic"
	"time"

	"footnote/bot"
	"footnote/bot/cluster"
	"footnote/bot/discord/gateway"
	"footnote/bot/platform"
)

// A shard is one connection to the gateway, for its part of the servers, and what came over
// it and waits for the bot. What is said in a channel comes over one shard, so it stays in
// order.
type shard struct {
	*receiver
	number, of int
	lease      cluster.Lease
	inbox      *inbox
	gateway    *gateway.Gateway
	state      bot.Connection
	idle       atomic.Bool  // there is no session to resume, and none is to be begun
	lag        atomic.Int64 // nanoseconds

	telling sync.Mutex
	up      cluster.Lease // with which the others are told that it is connected
	over    bool
}

// leastQueue is how many messages can wait of each shard, however many there are.
const leastQueue = 128

// newShard returns the shard that lease is for.
func (s *sharding) newShard(number int, set *shardSet, lease cluster.Lease) *shard {
	size := max(min(s.queueSize, leastQueue), s.queueSize/set.of)
	x := &shard{receiver: s.receiver, number: number, of: set.of, lease: lease, inbox: newInbox(size, s.timing.stall, &s.dropped)}
	c := gateway.Config{
		Token: s.token, Base: s.rest.Base(), Version: s.version, Logger: s.log, Now: s.now, Timing: s.timing.gateway,
		Shard: number, Shards: set.of, LookUp: s.lookUp, Budget: s.budget, Gate: s.gate, State: &x.state,
		Store: s.store, Key: gateway.Key(number, set.of), ResumeOnly: set.resumeOnly,
		Accepted: x.inbox.acceptedThrough, Valid: lease.Valid,
	}
	if set.of > 1 {
		c.Logger = s.log.With("shard", x.name())
	}
	if !s.cluster.Alone() {
		c.Store, c.Tries = newNote(lease, s.token), triesTogether
	}
	x.gateway = gateway.New(c)
	return x
}

// triesTogether is how many processes take up a session that none of them gets to work. More
// than one, since a process may end over something else just then.
const triesTogether = 3

func (s *shard) name() string { return fmt.Sprintf("%d/%d", s.number, s.of) }

// run keeps the shard connected until ctx ends. What the end means for its session depends on
// why it ends; see cluster.Pool.
func (s *shard) run(ctx context.Context) error {
	reading, stop := context.WithCancel(ctx)
	defer stop()
	var delivering sync.WaitGroup
	delivering.Go(func() { s.inbox.run(reading, s.acceptIfOurs) })
	err := s.gateway.Run(ctx, func(e gateway.Event) {
		s.event(e, func(m received) bool {
			s.lag.Store(int64(max(0, s.now().Sub(m.SentAt))))
			if !s.givesWay() { // else those that it takes over from are to be first
				m = s.early(m)
			}
			return s.inbox.put(ctx, m)
		})
	})
	stop()
	delivering.Wait()
	left := s.inbox.left()
	cause := context.Cause(ctx)
	switch {
	case errors.Is(err, gateway.ErrNoSession):
		s.idle.Store(true)
		<-ctx.Done()
		return nil
	case errors.Is(cause, cluster.ErrLost):
		return nil // whoever has the lease goes on from its note
	case errors.Is(cause, gateway.ErrEndSession):
		for _, m := range left { // nobody else may have got it
			_ = s.accept(s.ctx, m) // fails only with the program's end
		}
		left = nil
	}
	s.turnAwayAll(left)
	switch {
	case err != nil, errors.Is(cause, gateway.ErrEndSession), errors.Is(cause, bot.ErrFatal):
		s.gateway.Forget()
	case len(left) > 0:
		s.gateway.Leave(left[0].seq - 1)
	default:
		s.gateway.Leave(math.MaxInt64)
	}
	return err
}

// givesWay reports whether messages are left to older shards for a moment; see sharding.giveWay.
func (s *shard) givesWay() bool {
	x := s.sharding.Load()
	return x != nil && x.givesWay.Load() == int64(s.of)
}

// acceptIfOurs is accept while the shard is this process's. When it is not, its end is near.
func (s *shard) acceptIfOurs(ctx context.Context, m received) error {
	if s.givesWay() {
		_ = platform.Sleep(ctx, time.Until(m.at.Add(s.timing.giveWay)))
	}
	if !s.lease.Valid() {
		<-ctx.Done()
		return ctx.Err()
	}
	return s.accept(ctx, m)
}

// tellUp tells the other processes, if the shard is connected, that it is: those that it takes
// over from may end then.
func (s *shard) tellUp(ctx context.Context) {
	s.telling.Lock()
	defer s.telling.Unlock()
	if s.over || s.up != nil && s.up.Valid() || !s.state.Status().Connected && !s.idle.Load() {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, recordTimeout)
	defer cancel()
	if l, err := s.cluster.Acquire(ctx, upName(s.number, s.of)); err == nil { // else it is tried again soon
		s.up = l
	}
}

// tellNoMore takes that back; over is for good.
func (s *shard) tellNoMore(ctx context.Context, over bool) {
	s.telling.Lock()
	defer s.telling.Unlock()
	s.over = s.over || over
	if s.up == nil {
		return
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), recordTimeout)
	defer cancel()
	_ = s.up.Release(ctx) // else it runs out
	s.up = nil
}

// part tells how the shard stands.
func (s *shard) part() bot.Part {
	p := bot.Part{Name: s.name(), Status: s.state.Status(), Lag: time.Duration(s.lag.Load()).Round(time.Millisecond)}
	p.Identifies, p.Resumes = s.gateway.Logins()
	return p
}

// askInfo asks where the gateway is, and how many shards there should be.
func (s *sharding) askInfo(ctx context.Context) (gateway.Info, error) {
	body, err := s.lookUp(ctx)
	if err != nil {
		return gateway.Info{}, err
	}
	return gateway.ReadInfo(body), nil
}

// askUntil asks how many shards there should be, until there is an answer.
func (s *sharding) askUntil(ctx context.Context) (int, error) {
	backoff := platform.Backoff{First: s.timing.gateway.First, Longest: s.timing.gateway.Longest}
	down := false
	for {
		info, err := s.askInfo(ctx)
		if err == nil {
			return info.Shards, nil
		}
		if ctx.Err() != nil {
			return 0, ctx.Err()
		}
		wait := backoff.Next()
		var retry *bot.RetryError
		if errors.As(err, &retry) {
			wait = max(wait, retry.After)
		}
		s.connection.Down(s.now(), err.Error())
		if !down {
			s.log.Warn("Discord does not say where its gateway is", "error", err)
			down = true
		}
		if err := platform.Sleep(ctx, wait); err != nil {
			return 0, err
		}
	}
}
