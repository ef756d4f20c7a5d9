package desk

import (
	"context"
	"errors"
	"sync"

	"footnote/answers"
)

// A brain is what answers questions. To learn a pack takes seconds to minutes, so that an
// edit that is not saved is asked by words alone, as a bot does until it has learned; what
// is saved is learned beside the pages.
type brain struct {
	mu       sync.Mutex
	words    *answers.Matcher // by words alone
	wordsOf  string           // the hash of its pack
	learned  *answers.Matcher
	learnOf  string
	learning string // the hash of the pack that is being learned
	stop     context.CancelFunc
}

// errNoPack is told where a pack that does not load is asked something.
var errNoPack = errors.New("the pack cannot be asked while a file holds an error")

// A mind is a matcher, and whether it goes by words alone.
type mind struct {
	*answers.Matcher
	Words bool
}

// matcher returns what answers from s at once.
func (v *visit) matcher(ctx context.Context, s *state) (mind, error) {
	if s.loaded == nil {
		return mind{}, errNoPack
	}
	b := &v.p.brain
	b.mu.Lock()
	defer b.mu.Unlock()
	hash := s.loaded.Hash
	if b.learned != nil && b.learnOf == hash {
		return mind{b.learned, false}, nil
	}
	if s.hash != "" { // it is saved
		v.learn(s)
	}
	if b.words == nil || b.wordsOf != hash {
		m, err := v.c.Words(ctx, s.base())
		if err != nil {
			return mind{}, err
		}
		b.words, b.wordsOf = m, hash
	}
	return mind{b.words, true}, nil
}

// learn begins to learn s, unless that goes on already. What was being learned before is
// given up. The brain is locked.
func (v *visit) learn(s *state) {
	b, hash := &v.p.brain, s.loaded.Hash
	if b.learning == hash {
		return
	}
	if b.stop != nil {
		b.stop()
	}
	ctx, stop := context.WithCancel(context.WithoutCancel(v.r.Context()))
	b.learning, b.stop = hash, stop
	v.jobs.Go(func() {
		defer stop()
		m, err := v.c.Matcher(ctx, s.base())
		b.mu.Lock()
		defer b.mu.Unlock()
		if b.learning != hash {
			return
		}
		b.learning = ""
		if err == nil {
			b.learned, b.learnOf = m, hash
		} else if ctx.Err() == nil {
			v.c.Log.Warn("the pack cannot be learned", "error", err)
		}
	})
}

// learnedMatcher returns what answers from s as the bot does, however long it takes.
func (v *visit) learnedMatcher(ctx context.Context, s *state) (*answers.Matcher, error) {
	b := &v.p.brain
	b.mu.Lock()
	m := b.learned
	is := m != nil && b.learnOf == s.loaded.Hash
	b.mu.Unlock()
	if is {
		return m, nil
	}
	m, err := v.c.Matcher(ctx, s.base())
	if err != nil {
		return nil, err
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.learned, b.learnOf = m, s.loaded.Hash
	return m, nil
}

// stopJobs stops what goes on beside the pages.
func (p *pack) stopJobs() {
	p.stopJob()
	p.brain.mu.Lock()
	defer p.brain.mu.Unlock()
	if p.brain.stop != nil {
		p.brain.stop()
	}
}
