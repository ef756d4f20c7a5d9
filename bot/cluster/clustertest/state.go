// Package clustertest has what several processes share, in memory, for tests: any number of
// members join one [State], each with the real code of package cluster.
package clustertest

import (
	"cmp"
	"context"
	"errors"
	"maps"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"footnote/bot/cluster"
)

// A State is what the members share: a cluster.Table with the clock of package time, so
// that testing/synctest can turn it. Its zero value is not ready; see New.
type State struct {
	ttl time.Duration // of the members, so that renewal and takeover are as quick as the test wants

	mu      sync.Mutex
	skew    time.Duration
	deaf    bool
	leases  map[string]*row
	claims  map[cluster.MessageID]*claimRow
	members map[string]*memberRow
	agreed  map[string]*agreementRow
	hints   map[*func()]struct{}
	calls   map[string]int

	onAgree func(name, value string, living map[string]time.Duration)
	takes   func() time.Duration

	kept kept
}

type row struct {
	holder, note string
	epoch        int64
	until        time.Time
}

type claimRow struct {
	holder            string
	at                time.Time
	settled, orphaned bool
}

type memberRow struct {
	m     cluster.Member
	until time.Time
}

// New returns a State whose members hold a lease for ttl without renewing it;
// cluster.TTL if that is 0.
func New(ttl time.Duration) *State {
	return &State{
		ttl: ttl, leases: map[string]*row{}, claims: map[cluster.MessageID]*claimRow{},
		members: map[string]*memberRow{}, agreed: map[string]*agreementRow{}, hints: map[*func()]struct{}{}, calls: map[string]int{},
		kept: kept{unanswered: map[string]waiting{}, turns: map[string]turn{}},
	}
}

// A Member is a process of the tests.
type Member struct {
	*cluster.Process
	link *link
}

// Join makes one more member, which leaves when the test ends.
func (s *State) Join(t testing.TB) *Member {
	t.Helper()
	l := &link{State: s, takes: s.takes}
	p, err := cluster.Join(t.Context(), l, cluster.Options{TTL: s.ttl})
	if err != nil {
		t.Fatal(err)
	}
	m := &Member{p, l}
	t.Cleanup(func() { _ = m.Close(context.WithoutCancel(t.Context())) })
	return m
}

// Kill ends m as SIGKILL does, as far as the others can see: it frees nothing, so its leases
// run out. Its own end at once.
func (m *Member) Kill() {
	m.link.cut.Store(true)
	_ = m.Close(context.Background())
}

// Cut keeps m from reaching the state until Mend: each call fails.
func (m *Member) Cut() { m.link.cut.Store(true) }

// Mend ends Cut.
func (m *Member) Mend() { m.link.cut.Store(false) }

// ErrCut is what calls return between Cut and Mend.
var ErrCut = errors.New("the shared state cannot be reached")

// Calls says how often a method of the table was called, for what it costs.
func (s *State) Calls(method string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.calls[method]
}

// Turn puts the clock of the state forward, or back: leases run out at once, say.
func (s *State) Turn(by time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.skew += by
}

// Deafen ends the hints, as a pooler between the members and the state does: what is free
// is seen by looking.
func (s *State) Deafen() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.deaf = true
}

// Delay makes each call of those that join from now on take a while before it reaches the state.
func (s *State) Delay(takes func() time.Duration) { s.takes = takes }

// Epoch is that of the lease called name, also when nobody holds it; 0 if nobody has.
func (s *State) Epoch(name string) int64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	if r := s.leases[name]; r != nil {
		return r.epoch
	}
	return 0
}

// now begins a call. s.mu is held.
func (s *State) now(method string) time.Time {
	s.calls[method]++
	return time.Now().Add(s.skew)
}

// Take implements cluster.Table.
func (s *State) Take(ctx context.Context, holder, name string, ttl time.Duration) (int64, string, bool, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.now("Take")
	r := s.leases[name]
	if r == nil {
		r = &row{}
		s.leases[name] = r
	}
	if r.holder != holder && r.until.After(now) {
		return 0, "", false, ctx.Err()
	}
	r.holder, r.until, r.epoch = holder, now.Add(ttl), r.epoch+1
	return r.epoch, r.note, true, ctx.Err()
}

// Renew implements cluster.Table.
func (s *State) Renew(ctx context.Context, holder string, about map[string]string, held []cluster.Holding, ttl time.Duration) (kept []string, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.now("Renew")
	m := s.members[holder]
	if m == nil || !m.until.After(now) {
		m = &memberRow{m: cluster.Member{Name: holder, Since: now}}
		s.members[holder] = m
	}
	m.m.About, m.until = maps.Clone(about), now.Add(ttl)
	for _, h := range held {
		if r := s.is(h); r != nil && r.holder == holder {
			r.until = now.Add(ttl)
			kept = append(kept, h.Name)
		}
	}
	return kept, ctx.Err()
}

// is returns the row of h, if h is still so. s.mu is held.
func (s *State) is(h cluster.Holding) *row {
	if r := s.leases[h.Name]; r != nil && r.holder == h.Holder && r.epoch == h.Epoch {
		return r
	}
	return nil
}

// SetNote implements cluster.Table.
func (s *State) SetNote(ctx context.Context, h cluster.Holding, note string) (bool, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.now("SetNote")
	r := s.is(h)
	if r != nil {
		r.note = note
	}
	return r != nil, ctx.Err()
}

// Release implements cluster.Table.
func (s *State) Release(ctx context.Context, h cluster.Holding) error {
	s.mu.Lock()
	s.now("Release")
	r := s.is(h)
	if r != nil {
		r.holder, r.until = "", time.Time{}
	}
	hints := s.listeners(r != nil)
	s.mu.Unlock()
	for _, f := range hints {
		f()
	}
	return ctx.Err()
}

// listeners are those who want to know, if there is something. s.mu is held.
func (s *State) listeners(freed bool) (all []func()) {
	for f := range s.hints {
		if freed && !s.deaf {
			all = append(all, *f)
		}
	}
	return all
}

// Leave implements cluster.Table.
func (s *State) Leave(ctx context.Context, holder string) error {
	s.mu.Lock()
	s.now("Leave")
	delete(s.members, holder)
	freed := false
	for _, r := range s.leases {
		if r.holder == holder {
			r.holder, r.until, freed = "", time.Time{}, true
		}
	}
	hints := s.listeners(freed)
	s.mu.Unlock()
	for _, f := range hints {
		f()
	}
	return ctx.Err()
}

// Claim implements cluster.Table.
func (s *State) Claim(ctx context.Context, holder string, m cluster.MessageID, again bool) (cluster.Claim, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.now("Claim")
	c := s.claims[m]
	switch {
	case c == nil:
		s.claims[m] = &claimRow{holder: holder, at: now}
		return cluster.First, ctx.Err()
	case c.settled, c.holder == holder && !again, c.holder != holder && s.alive(c.holder, now):
		return cluster.Taken, ctx.Err()
	case c.holder != holder:
		c.holder, c.orphaned = holder, true
	}
	if c.orphaned {
		return cluster.Orphaned, ctx.Err()
	}
	return cluster.First, ctx.Err()
}

// alive reports whether a process is a member. s.mu is held.
func (s *State) alive(name string, now time.Time) bool {
	m := s.members[name]
	return m != nil && m.until.After(now)
}

// Settle implements cluster.Table.
func (s *State) Settle(ctx context.Context, holder string, all []cluster.MessageID) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.now("Settle")
	for _, m := range all {
		switch c := s.claims[m]; {
		case c == nil:
			s.claims[m] = &claimRow{holder: holder, at: now, settled: true}
		case c.holder == holder:
			c.settled = true
		}
	}
	return ctx.Err()
}

// Leases implements cluster.Table.
func (s *State) Leases(ctx context.Context) (all []cluster.Holding, _ error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.now("Leases")
	for name, r := range s.leases {
		if r.until.After(now) {
			all = append(all, cluster.Holding{Name: name, Holder: r.holder, Epoch: r.epoch})
		}
	}
	slices.SortFunc(all, func(a, b cluster.Holding) int { return cmp.Compare(a.Name, b.Name) })
	return all, ctx.Err()
}

// Members implements cluster.Table.
func (s *State) Members(ctx context.Context) (all []cluster.Member, _ error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.now("Members")
	for _, r := range s.members {
		if r.until.After(now) {
			all = append(all, r.m)
		}
	}
	slices.SortFunc(all, func(a, b cluster.Member) int { return cmp.Compare(a.Name, b.Name) })
	return all, ctx.Err()
}

// Purge implements cluster.Table.
func (s *State) Purge(ctx context.Context, keep time.Duration) (n int, _ error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.now("Purge")
	for key, c := range s.claims {
		if now.Sub(c.at) > keep {
			delete(s.claims, key)
			n++
		}
	}
	return n, ctx.Err()
}

// Listen implements cluster.Table.
func (s *State) Listen(ctx context.Context, freed func()) error {
	s.mu.Lock()
	s.hints[&freed] = struct{}{}
	s.mu.Unlock()
	<-ctx.Done()
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.hints, &freed)
	return ctx.Err()
}

// A link is how one member reaches the state.
type link struct {
	*State
	cut   atomic.Bool
	takes func() time.Duration
}

func (l *link) err(ctx context.Context) error {
	if l.takes != nil {
		time.Sleep(l.takes())
	}
	if l.cut.Load() {
		return ErrCut
	}
	return ctx.Err()
}

func (l *link) Take(ctx context.Context, holder, name string, ttl time.Duration) (int64, string, bool, error) {
	if err := l.err(ctx); err != nil {
		return 0, "", false, err
	}
	return l.State.Take(ctx, holder, name, ttl)
}

func (l *link) Renew(ctx context.Context, holder string, about map[string]string, held []cluster.Holding, ttl time.Duration) ([]string, error) {
	if err := l.err(ctx); err != nil {
		return nil, err
	}
	return l.State.Renew(ctx, holder, about, held, ttl)
}

func (l *link) SetNote(ctx context.Context, h cluster.Holding, note string) (bool, error) {
	if err := l.err(ctx); err != nil {
		return false, err
	}
	return l.State.SetNote(ctx, h, note)
}

func (l *link) Release(ctx context.Context, h cluster.Holding) error {
	if err := l.err(ctx); err != nil {
		return err
	}
	return l.State.Release(ctx, h)
}

func (l *link) Leave(ctx context.Context, holder string) error {
	if err := l.err(ctx); err != nil {
		return err
	}
	return l.State.Leave(ctx, holder)
}

func (l *link) Claim(ctx context.Context, holder string, m cluster.MessageID, again bool) (cluster.Claim, error) {
	if err := l.err(ctx); err != nil {
		return 0, err
	}
	return l.State.Claim(ctx, holder, m, again)
}

func (l *link) Settle(ctx context.Context, holder string, all []cluster.MessageID) error {
	if err := l.err(ctx); err != nil {
		return err
	}
	return l.State.Settle(ctx, holder, all)
}

func (l *link) Leases(ctx context.Context) ([]cluster.Holding, error) {
	if err := l.err(ctx); err != nil {
		return nil, err
	}
	return l.State.Leases(ctx)
}

func (l *link) Members(ctx context.Context) ([]cluster.Member, error) {
	if err := l.err(ctx); err != nil {
		return nil, err
	}
	return l.State.Members(ctx)
}

func (l *link) Purge(ctx context.Context, keep time.Duration) (int, error) {
	if err := l.err(ctx); err != nil {
		return 0, err
	}
	return l.State.Purge(ctx, keep)
}
