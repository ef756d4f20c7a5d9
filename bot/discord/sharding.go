package discord

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"footnote/bot"
	"footnote/bot/cluster"
	"footnote/bot/discord/gateway"
)

// A sharding keeps this process's shards. Those of one number form a set, which the processes
// of the cluster share by leases. When there should be more or fewer, a set of the new number
// is begun beside the old one, and the old one ends when the new one stands. Until then each
// event comes twice, and is answered once: the bot remembers what it has seen, claims what
// others might see, and Discord posts a nonce once.
type sharding struct {
	*receiver
	gate  *gateway.Gate
	ended chan setEnd
	sets  map[int]*shardSet // used by run alone

	asked    chan int  // what Discord answered; nil while it is not asked
	asks     time.Time // when it is to be asked again
	lastSaid int       // what it answered last; 0 before
	stood    time.Time // since when the shards that are to take over are all connected
	linger   time.Time // until when the others go on

	givesWay atomic.Int64 // the number of those shards that leave messages to older ones; 0 for none
	changed  time.Time    // when there were older ones last

	mu      sync.Mutex
	shards  map[int]map[int]*shard // by how many there are, and number
	standby time.Time              // since when others have all of them; zero if they have not
}

// A shardSet are the shards of one number.
type shardSet struct {
	of         int
	resumeOnly bool // what an earlier run left is all there is to do
	stop       context.CancelCauseFunc
}

type setEnd struct {
	of  int
	err error
}

func newSharding(r *receiver) *sharding {
	return &sharding{
		receiver: r, gate: gateway.NewGate(r.cluster, r.timing.gateway.Identify), ended: make(chan setEnd), sets: map[int]*shardSet{},
		shards: map[int]map[int]*shard{},
	}
}

// run keeps the shards until ctx ends, and returns nil then, or until Discord refuses the bot
// for good.
func (s *sharding) run(ctx context.Context) error {
	defer s.gate.Close()
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	s.sharding.Store(s)
	defer s.sharding.Store(nil)
	want, err := s.begin(ctx)
	if err == nil {
		err = s.keep(ctx, want)
	}
	over := ctx.Err() != nil
	cancel(nil)
	for len(s.sets) > 0 {
		if e := s.end(<-s.ended); err == nil {
			err = e
		}
	}
	if s.asked != nil {
		<-s.asked
	}
	if over && !errors.Is(err, bot.ErrFatal) {
		return nil
	}
	return err
}

// begin finds out how many shards there are to be, and begins them: those of the last run
// too, if they were others.
func (s *sharding) begin(ctx context.Context) (want shardCount, err error) {
	want = s.recorded(ctx)
	last := want.stand
	switch {
	case s.Adapter.shards > 0:
		want.want = s.Adapter.shards
	case want.want == 0:
		n, err := s.askUntil(ctx)
		if err != nil {
			return want, err
		}
		s.answered(n)
		want.want = n
	}
	s.record(ctx, want)
	if last > 0 && last != want.want {
		s.beginSet(ctx, last, true)
	}
	s.beginSet(ctx, want.want, false)
	return want, nil
}

// keep follows how many shards there should be, until ctx ends or a set does for good.
func (s *sharding) keep(ctx context.Context, want shardCount) error {
	t := time.NewTicker(s.timing.look)
	defer t.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case e := <-s.ended:
			if err := s.end(e); err != nil {
				return err
			}
		case n := <-s.asked:
			s.asked = nil
			if s.answered(n) && n != want.want {
				want.want = n
				s.record(ctx, want)
			}
		case <-t.C:
			s.ask(ctx)
			want = s.follow(ctx, want)
		}
		s.giveWay(want)
		if s.sets[want.want] == nil {
			s.stood, s.linger = time.Time{}, time.Time{}
			s.log.Info("there are to be more shards, or fewer: they are begun beside those that are", "shards", want.want)
			s.beginSet(ctx, want.want, false)
		}
		if want.stand != want.want || len(s.sets) > 1 {
			want = s.change(ctx, want)
		}
		if want.stand == want.want {
			for _, x := range s.all() {
				x.tellNoMore(ctx, false)
			}
			if len(s.sets) == 1 {
				s.linger = time.Time{}
			}
		}
	}
}

// giveWay has the shards that are to take over hold each message for a moment, while those that
// they take over from stand, here or in another process. These answer it meanwhile: else a
// question could be answered by the ones, the next of its channel by the others, and the answers
// come in any order.
func (s *sharding) giveWay(want shardCount) {
	switch {
	case want.stand > 0 && want.stand != want.want || len(s.sets) > 1:
		s.changed = s.now()
		s.givesWay.Store(int64(want.want))
	case s.now().Sub(s.changed) > giveWayOn:
		s.givesWay.Store(0)
	}
}

// giveWayOn is how long that goes on in a process that has no old shards left: others may have.
const giveWayOn = 5 * time.Second

// follow takes what another process has found out, and looks whether the others have all
// shards.
func (s *sharding) follow(ctx context.Context, want shardCount) shardCount {
	if s.cluster.Alone() {
		return want
	}
	if others := s.others(ctx); others.want > 0 {
		want = others
	}
	since := time.Time{}
	if len(s.mine(want.want)) == 0 && s.held(ctx, want.want, leaseName) {
		since = s.now()
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if since.IsZero() || s.standby.IsZero() {
		s.standby = since
	}
	return want
}

// change ends what is not wanted once what is wanted stands, and what it takes over from has
// brought all that was said before.
func (s *sharding) change(ctx context.Context, want shardCount) shardCount {
	for _, x := range s.all() {
		x.tellUp(ctx)
	}
	if want.stand != want.want {
		if !s.stands(ctx, want) {
			return want
		}
		s.log.Info("all shards are connected", "shards", want.want)
		want.stand = want.want
		s.record(ctx, want)
	}
	// What was said before the last of them was connected is perhaps still on its way.
	if s.linger.IsZero() {
		s.linger = s.now().Add(s.timing.linger)
	}
	if s.now().Before(s.linger) {
		return want
	}
	for of, old := range s.sets {
		if of != want.want {
			old.stop(gateway.ErrEndSession)
		}
	}
	return want
}

// stands reports whether each shard that is wanted is connected, wherever, and has been while
// each of those that they take over from was. The latter have a while for that.
func (s *sharding) stands(ctx context.Context, want shardCount) bool {
	if !s.held(ctx, want.want, upName) {
		s.stood = time.Time{}
		return false
	}
	if s.stood.IsZero() {
		s.stood = s.now()
	}
	return want.stand == 0 || s.held(ctx, want.stand, upName) || s.now().Sub(s.stood) > s.timing.catchUp
}

// beginSet begins to keep this process's share of the shards of a number.
func (s *sharding) beginSet(ctx context.Context, of int, resumeOnly bool) {
	set := &shardSet{of: of, resumeOnly: resumeOnly}
	ctx, set.stop = context.WithCancelCause(ctx)
	s.sets[of] = set
	s.budget.Shards(of)
	names := make([]string, of)
	for i := range names {
		names[i] = leaseName(i, of)
	}
	pool := &cluster.Pool{Cluster: s.cluster, Name: fmt.Sprintf("discord/%d", of), Every: s.timing.pool}
	if !s.cluster.Alone() {
		pool.Log = s.log
	}
	s.wg.Go(func() {
		defer set.stop(nil)
		err := pool.Run(ctx, func() []string { return names }, func(ctx context.Context, l cluster.Lease) error { return s.work(ctx, set, l) })
		s.ended <- setEnd{of, err}
	})
}

// leaseName names the lease of a shard.
func leaseName(number, of int) string { return fmt.Sprintf("discord/%d/%d", of, number) }

// work keeps the shard that a lease is for.
func (s *sharding) work(ctx context.Context, set *shardSet, l cluster.Lease) error {
	number, err := strconv.Atoi(l.Name()[strings.LastIndexByte(l.Name(), '/')+1:])
	if err != nil {
		return err // cannot happen: the names are leaseName's
	}
	x := s.newShard(number, set, l)
	s.mu.Lock()
	if s.shards[set.of] == nil {
		s.shards[set.of] = map[int]*shard{}
	}
	s.shards[set.of][number] = x
	s.mu.Unlock()
	err = x.run(ctx)
	x.tellNoMore(ctx, true) // before the lease is given back: whoever has it next is not connected yet
	x.state.Ended(s.now(), err)
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.shards[set.of], number)
	return err
}

// end forgets a set that has ended, and returns why if it was for good.
func (s *sharding) end(e setEnd) error {
	delete(s.sets, e.of)
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.shards, e.of)
	return e.err
}

// A shardCount is how many shards stand, and how many there are to be. While they differ the
// ones take over from the others.
type shardCount struct{ stand, want int }

// recordKey is where the store keeps how many shards there are, for the next run and for the
// other processes.
const recordKey = "discord.shards"

// recordTimeout bounds reading and writing it.
const recordTimeout = 2 * time.Second

// recorded reads what the store says. A session without it is of a program that had one shard.
func (s *sharding) recorded(ctx context.Context) shardCount {
	c := s.others(ctx)
	if c.want > 0 || s.store == nil {
		return c
	}
	if had, err := s.store.Get(ctx, gateway.Key(0, 1)); err == nil && had != "" {
		return shardCount{1, 1}
	}
	return c
}

// readCount reads a record: one number, or two for how many stand and how many are to.
func readCount(text string) (c shardCount) {
	var all []int
	for _, field := range strings.Fields(text) {
		n, err := strconv.Atoi(field)
		if err != nil || n < 1 || n > gateway.MaxShards {
			return c
		}
		all = append(all, n)
	}
	switch len(all) {
	case 1:
		return shardCount{all[0], all[0]}
	case 2:
		return shardCount{all[0], all[1]}
	}
	return c
}

// others reads how many shards there are to be by what a process wrote last.
func (s *sharding) others(ctx context.Context) shardCount {
	if s.store == nil {
		return shardCount{}
	}
	ctx, cancel := context.WithTimeout(ctx, recordTimeout)
	defer cancel()
	text, err := s.store.Get(ctx, recordKey)
	if err != nil {
		return shardCount{}
	}
	return readCount(text)
}

// record writes it down.
func (s *sharding) record(ctx context.Context, c shardCount) {
	if s.store == nil {
		return
	}
	text := strconv.Itoa(c.want)
	if c.stand > 0 && c.stand != c.want {
		text = fmt.Sprint(c.stand, " ", c.want)
	}
	ctx, cancel := context.WithTimeout(ctx, recordTimeout)
	defer cancel()
	if have, err := s.store.Get(ctx, recordKey); err == nil && have == text {
		return
	}
	if err := s.store.Set(ctx, recordKey, text); err != nil {
		s.log.Warn("how many shards there are could not be kept; if that changes before the next start, what is said meanwhile is lost", "error", err)
	}
}

// ask has Discord asked how many shards there should be, if that is for Discord to say and
// it is time.
func (s *sharding) ask(ctx context.Context) {
	if s.Adapter.shards > 0 || s.asked != nil || s.now().Before(s.asks) {
		return
	}
	s.asks = s.now().Add(s.timing.ask)
	asked := make(chan int, 1)
	s.asked = asked
	go func() {
		info, err := s.askInfo(ctx)
		if err != nil {
			s.log.Debug("Discord does not say how many shards there should be", "error", err)
		}
		asked <- info.Shards
	}()
}

// answered takes Discord's answer, and reports whether it is another than before. Only then
// is it this process's to say so: others may have asked later.
func (s *sharding) answered(n int) (changed bool) {
	if n < 1 {
		return false
	}
	changed = n != s.lastSaid
	s.lastSaid = n
	s.asks = s.now().Add(s.timing.ask)
	return changed
}

// upName names the lease that says that a shard is connected.
func upName(number, of int) string { return fmt.Sprintf("discord/up/%d/%d", of, number) }

// held reports whether somebody holds each lease of those that name names for the shards of a
// number.
func (s *sharding) held(ctx context.Context, of int, name func(number, of int) string) bool {
	ctx, cancel := context.WithTimeout(ctx, recordTimeout)
	defer cancel()
	all, err := s.cluster.Leases(ctx)
	if err != nil {
		return false
	}
	held := map[string]bool{}
	for _, h := range all {
		held[h.Name] = true
	}
	for i := range of {
		if !held[name(i, of)] {
			return false
		}
	}
	return true
}

// mine are this process's shards of a number, in order.
func (s *sharding) mine(of int) []*shard {
	s.mu.Lock()
	defer s.mu.Unlock()
	all := slices.Collect(maps.Values(s.shards[of]))
	slices.SortFunc(all, func(a, b *shard) int { return cmp.Compare(a.number, b.number) })
	return all
}

// all are this process's shards, in order.
func (s *sharding) all() (all []*shard) {
	s.mu.Lock()
	counts := slices.Sorted(maps.Keys(s.shards))
	s.mu.Unlock()
	for _, of := range counts {
		all = append(all, s.mine(of)...)
	}
	return all
}

// status is connected while all shards of one number that are this process's are. A process
// that has none, since others have them all, stands by.
func (s *sharding) status() bot.Status {
	byCount := map[int][]bot.Status{}
	for _, x := range s.all() {
		st := x.state.Status()
		if !st.Connected && x.of > 1 && st.Why != "" {
			st.Why = "shard " + x.name() + ": " + st.Why
		}
		byCount[x.of] = append(byCount[x.of], st)
	}
	var worst bot.Status
	for i, of := range slices.Sorted(maps.Keys(byCount)) {
		st := worstOf(byCount[of])
		if st.Connected {
			return st
		}
		if i == 0 {
			worst = st
		}
	}
	if len(byCount) == 0 {
		s.mu.Lock()
		defer s.mu.Unlock()
		if !s.standby.IsZero() {
			return bot.Status{Connected: true, Since: s.standby}
		}
		return s.connection.Status()
	}
	return worst
}

// worstOf is the first that is not connected, or the one that has been for the shortest time.
func worstOf(all []bot.Status) bot.Status {
	worst := all[0]
	for _, st := range all[1:] {
		if worst.Connected && (!st.Connected || st.Since.After(worst.Since)) {
			worst = st
		}
	}
	return worst
}

func (s *sharding) parts() (all []bot.Part) {
	for _, x := range s.all() {
		all = append(all, x.part())
	}
	return all
}
