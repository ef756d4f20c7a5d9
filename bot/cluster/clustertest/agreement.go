package clustertest

import (
	"context"
	"maps"
	"reflect"
	"time"

	"footnote/bot/cluster"
)

type agreementRow struct {
	version, epoch int64
	value          string
	votes          map[string]cluster.Vote
}

// Vote implements cluster.Table.
func (s *State) Vote(ctx context.Context, name string, v cluster.Vote) error {
	s.mu.Lock()
	s.now("Vote")
	r := s.agreed[name]
	if r == nil {
		r = &agreementRow{votes: map[string]cluster.Vote{}}
		s.agreed[name] = r
	}
	v.About = maps.Clone(v.About)
	old, voted := r.votes[v.Member]
	changes := !voted || !reflect.DeepEqual(old, v)
	if changes {
		r.version++
		r.votes[v.Member] = v
	}
	s.hint(changes)
	return ctx.Err()
}

// Ballot implements cluster.Table.
func (s *State) Ballot(ctx context.Context, name string) (cluster.Ballot, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.now("Ballot")
	r := s.agreed[name]
	if r == nil {
		r = &agreementRow{}
	}
	living := s.living(now)
	return cluster.Ballot{Version: r.version, Epoch: r.epoch, Value: r.value, Votes: cluster.Count(r.votes, living), Gone: len(living) < len(s.members)}, ctx.Err()
}

// living are the members by now, and for how long. s.mu is held.
func (s *State) living(now time.Time) map[string]time.Duration {
	all := map[string]time.Duration{}
	for name, m := range s.members {
		if s.alive(name, now) {
			all[name] = now.Sub(m.m.Since)
		}
	}
	return all
}

// OnAgree has f told of each agreement at the moment when it is made, with those who are members
// then, and for how long. It is set before anybody joins, and calls nothing of the State.
func (s *State) OnAgree(f func(name, value string, living map[string]time.Duration)) { s.onAgree = f }

// Agree implements cluster.Table.
func (s *State) Agree(ctx context.Context, name string, version int64, value string) (bool, error) {
	s.mu.Lock()
	now := s.now("Agree")
	r := s.agreed[name]
	done := r != nil && r.version == version
	if done {
		r.version, r.epoch, r.value = r.version+1, r.epoch+1, value
		if s.onAgree != nil {
			s.onAgree(name, value, s.living(now))
		}
	}
	s.hint(done)
	return done, ctx.Err()
}

// ForgetVotes makes the state be without votes, as older data are.
func (s *State) ForgetVotes(name string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.agreed[name].votes = map[string]cluster.Vote{}
	s.agreed[name].version++
}

// hint tells the listeners, if something changed, and gives s.mu back.
func (s *State) hint(changed bool) {
	all := s.listeners(changed)
	s.mu.Unlock()
	for _, f := range all {
		f()
	}
}

func (l *link) Vote(ctx context.Context, name string, v cluster.Vote) error {
	if err := l.err(ctx); err != nil {
		return err
	}
	return l.State.Vote(ctx, name, v)
}

func (l *link) Ballot(ctx context.Context, name string) (cluster.Ballot, error) {
	if err := l.err(ctx); err != nil {
		return cluster.Ballot{}, err
	}
	return l.State.Ballot(ctx, name)
}

func (l *link) Agree(ctx context.Context, name string, version int64, value string) (bool, error) {
	if err := l.err(ctx); err != nil {
		return false, err
	}
	return l.State.Agree(ctx, name, version, value)
}
