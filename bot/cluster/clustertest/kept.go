package clustertest

import (
	"context"
	"maps"
	"slices"
	"sync"
	"time"
)

// kept is what the members keep in a State beside what the cluster needs.
type kept struct {
	mu         sync.Mutex
	unanswered map[string]waiting
	turns      map[string]turn
}

type waiting struct{ holder, text string }

type turn struct {
	value  string
	people []string
	at     time.Time
}

// Unanswered is a bot.SharedUnanswered of m.
func (m *Member) Unanswered() *Unanswered { return &Unanswered{m} }

// Unanswered are the messages of a member that wait for their answer.
type Unanswered struct{ m *Member }

// Put implements bot.SharedUnanswered.
func (u *Unanswered) Put(ctx context.Context, all map[string]string) error {
	k := &u.m.link.kept
	k.mu.Lock()
	defer k.mu.Unlock()
	if err := u.m.link.err(ctx); err != nil {
		return err
	}
	for id, text := range all {
		k.unanswered[id] = waiting{u.m.Self(), text}
	}
	return nil
}

// Delete implements bot.SharedUnanswered.
func (u *Unanswered) Delete(ctx context.Context, ids []string) error {
	k := &u.m.link.kept
	k.mu.Lock()
	defer k.mu.Unlock()
	if err := u.m.link.err(ctx); err != nil {
		return err
	}
	for _, id := range ids {
		delete(k.unanswered, id)
	}
	return nil
}

// Adopt implements bot.SharedUnanswered.
func (u *Unanswered) Adopt(ctx context.Context) (map[string]string, error) {
	members, err := u.m.Members(ctx)
	if err != nil {
		return nil, err
	}
	alive := map[string]bool{}
	for _, m := range members {
		alive[m.Name] = true
	}
	k := &u.m.link.kept
	k.mu.Lock()
	defer k.mu.Unlock()
	all := map[string]string{}
	for id, w := range k.unanswered {
		if w.holder != u.m.Self() && !alive[w.holder] {
			all[id] = w.text
			k.unanswered[id] = waiting{u.m.Self(), w.text}
		}
	}
	return all, nil
}

// Waiting is what the members keep of messages that wait for their answer.
func (s *State) Waiting() []string {
	s.kept.mu.Lock()
	defer s.kept.mu.Unlock()
	var all []string
	for _, w := range s.kept.unanswered {
		all = append(all, w.text)
	}
	return slices.Sorted(slices.Values(all))
}

// Turns keeps the last answers for m, as pgcluster.Turns does.
func (m *Member) Turns() *Turns { return &Turns{m.link} }

// Turns are the last answers.
type Turns struct{ of *link }

// Look returns what tells what is kept for each scope.
func (t *Turns) Look(scopes []string) func(context.Context) ([]string, error) {
	return func(ctx context.Context) ([]string, error) { return t.get(ctx, scopes) }
}

func (t *Turns) get(ctx context.Context, scopes []string) ([]string, error) {
	k := &t.of.kept
	k.mu.Lock()
	defer k.mu.Unlock()
	t.of.count("Turns.Look")
	all := make([]string, len(scopes))
	for i, s := range scopes {
		if x := k.turns[s]; time.Since(x.at) < 30*time.Minute {
			all[i] = x.value
		}
	}
	return all, t.of.err(ctx)
}

// Put keeps a value for each scope, which is about people.
func (t *Turns) Put(ctx context.Context, values map[string]string, people []string) error {
	k := &t.of.kept
	k.mu.Lock()
	defer k.mu.Unlock()
	t.of.count("Turns.Put")
	if err := t.of.err(ctx); err != nil {
		return err
	}
	for s, v := range values {
		k.turns[s] = turn{v, slices.Clone(people), time.Now()}
	}
	return nil
}

// Forget deletes all that is about a person.
func (t *Turns) Forget(ctx context.Context, person string) error {
	k := &t.of.kept
	k.mu.Lock()
	defer k.mu.Unlock()
	if err := t.of.err(ctx); err != nil {
		return err
	}
	maps.DeleteFunc(k.turns, func(_ string, x turn) bool { return slices.Contains(x.people, person) })
	return nil
}

// Turns are the values of all last answers.
func (s *State) Turns() (all []string) {
	s.kept.mu.Lock()
	defer s.kept.mu.Unlock()
	for _, x := range s.kept.turns {
		all = append(all, x.value)
	}
	return all
}

func (s *State) count(method string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.calls[method]++
}
