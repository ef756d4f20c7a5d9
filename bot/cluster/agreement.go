package cluster

import (
	"context"
	"maps"
	"slices"
	"time"
)

// An agreement is on something that all processes go by, or none: which version of the packs,
// say. Each says what it could go by from one moment to the next (its vote). What every living
// process has voted for becomes what is agreed on, with one write that fails if any vote
// has changed meanwhile; any process may make it, so that nobody's death is waited for longer than
// it takes to be no member any more. Then each sees it and goes over.
//
// A process that joins may find something agreed on that it never voted for, and so may one that
// the others took for dead. Where it gets that from is its own matter.

// A Ballot says where an agreement stands: what is agreed on, and what each process votes for.
type Ballot struct {
	Version int64  // how often anything was written
	Epoch   int64  // how often something was agreed on
	Value   string // what is; "" if nothing was yet
	Votes   []Vote // of each process that is alive, by their names; one that did not vote has a vote for nothing
	Gone    bool   // somebody else was a member, is none any more, and did not leave
}

// A Vote is what one process could go by.
type Vote struct {
	Member string            // the process
	Value  string            // what it could go by at once; "" for nothing
	About  map[string]string // what Value is, for people
	Why    string            // for people: why Value is nothing
	Lives  time.Duration     // how long the process has been a member without a gap; not kept
}

// Count makes of votes, by the names of processes, those of the living, who have been members
// for so long.
func Count(votes map[string]Vote, living map[string]time.Duration) (all []Vote) {
	for _, name := range slices.Sorted(maps.Keys(living)) {
		v := votes[name]
		v.Member, v.Lives = name, living[name]
		all = append(all, v)
	}
	return all
}

// Of returns the vote of the process with that name, and whether it is alive.
func (b Ballot) Of(member string) (v Vote, alive bool) {
	for _, v := range b.Votes {
		if v.Member == member {
			return v, true
		}
	}
	return Vote{}, false
}

// next is what is to be agreed on now; "" for nothing new. Where nothing was agreed on yet,
// that is what anybody has.
func (b Ballot) next() string {
	some := slices.DeleteFunc(slices.Clone(b.Votes), func(v Vote) bool { return v.Value == "" })
	switch {
	case len(some) == 0:
		return ""
	case b.Value == "":
		return some[0].Value
	case len(some) < len(b.Votes) || some[0].Value == b.Value:
		return ""
	case slices.ContainsFunc(some, func(v Vote) bool { return v.Value != some[0].Value }):
		return ""
	}
	return some[0].Value
}

// same reports whether two votes say the same.
func (v Vote) same(o Vote) bool {
	return v.Value == o.Value && v.Why == o.Why && maps.Equal(v.About, o.About)
}

// Vote says what this process could go by from now on, in the agreement called name, in place of
// what it said before; Member need not be set. It returns what Decide returns. An error means that
// it may not be written yet: the next Decide writes it.
func (p *Process) Vote(ctx context.Context, name string, v Vote) (Ballot, error) {
	v.Member = p.name
	p.mu.Lock()
	p.votes[name] = v
	p.mu.Unlock()
	return p.Decide(ctx, name)
}

// Decide returns where the agreement called name stands, after it has agreed on what all vote
// for.
func (p *Process) Decide(ctx context.Context, name string) (Ballot, error) {
	select {
	case p.voting <- struct{}{}:
		defer func() { <-p.voting }()
	case <-ctx.Done():
		return Ballot{}, ctx.Err()
	}
	b, err := p.table.Ballot(ctx, name)
	if err != nil {
		return Ballot{}, err
	}
	p.mu.Lock()
	own, voted := p.votes[name]
	p.mu.Unlock()
	if is, alive := b.Of(p.name); voted && (!alive || !is.same(own)) { // it is new, was not written, or the table has older data
		if err := p.table.Vote(ctx, name, own); err != nil {
			return Ballot{}, err
		}
		if b, err = p.table.Ballot(ctx, name); err != nil {
			return Ballot{}, err
		}
	}
	next := b.next()
	if next == "" || b.Value != "" && !p.countsAll(b) {
		return b, nil
	}
	done, err := p.table.Agree(ctx, name, b.Version, next)
	switch {
	case err != nil:
		return Ballot{}, err
	case !done: // another was quicker, or somebody voted otherwise
		return p.table.Ballot(ctx, name)
	}
	b.Version, b.Epoch, b.Value = b.Version+1, b.Epoch+1, next
	return b, nil
}

// countsAll reports whether the votes of a ballot are all that there can be.
func (p *Process) countsAll(b Ballot) bool {
	own, alive := b.Of(p.name)
	return alive && (own.Lives >= p.ttl || !b.Gone)
}

// followEvery is how often it is looked where an agreement stands; others hint at it.
const followEvery = time.Second

// Follow calls tell with where the agreement called name stands, now and then and soon after it
// has changed, until ctx ends. While the table cannot be reached it calls nobody.
func (p *Process) Follow(ctx context.Context, name string, tell func(Ballot)) {
	for {
		hint := p.Freed() // before looking, so that nothing falls in between
		if b, err := p.lookAt(ctx, name); err == nil {
			tell(b)
		}
		select {
		case <-hint:
		case <-time.After(followEvery):
		case <-ctx.Done():
			return
		}
	}
}

func (p *Process) lookAt(ctx context.Context, name string) (Ballot, error) {
	ctx, cancel := context.WithTimeout(ctx, p.part(timeoutPart))
	defer cancel()
	return p.Decide(ctx, name)
}
