package bot

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"strconv"
	"sync"
	"time"

	"footnote/bot/cluster"
)

// SharedUnanswered keeps, for the processes of a cluster, which messages wait for their
// answer: short texts without a word of anybody, by ids of the caller's choice. It is safe
// for concurrent use; errors are for the log.
type SharedUnanswered interface {
	// Put keeps more texts as this process's.
	Put(ctx context.Context, all map[string]string) error
	// Delete deletes the texts with these ids; that one is not there is no error.
	Delete(ctx context.Context, ids []string) error

	// Adopt makes those of processes that are gone this process's, and returns them. Of
	// several processes that ask at once, each text goes to one.
	Adopt(ctx context.Context) (map[string]string, error)
}

const (
	// adoptEvery is how often a process asks what others have left behind.
	adoptEvery = 2 * time.Second
	// replayWait is how long it then waits: if the platform delivers the message again to
	// who took its place, as Discord does when a session is resumed and Telegram with what was
	// not acknowledged, it is answered, which is better than being told to ask again.
	replayWait = 6 * time.Second
)

// otherLives is how long after a message was another process's that process is surely known to
// be gone if it had died; and maxOthers bounds how many are looked at then.
const (
	otherLives = cluster.TTL + 2*time.Second
	maxOthers  = 1000
)

// A sharedList is the messages of this process that wait for their answer, one row each
// where they wait for long.
type sharedList struct {
	shared SharedUnanswered
	self   string
	log    *slog.Logger
	now    func() time.Time

	mu      sync.Mutex
	last    unansweredID
	fresh   map[unansweredID]unanswered // not written
	rows    map[unansweredID]string     // the ids of those that are, or are being written
	gone    []string                    // to be deleted
	others  []adopted                   // what another process answers, if it lives
	changed chan struct{}               // holds one signal
	trouble Streak
}

// newWaiting returns what notes which messages wait, as c says.
func newWaiting(c Config) waitingList {
	if c.Shared == nil {
		return newUnanswered(c)
	}
	return &sharedList{
		shared: c.Shared, self: c.Cluster.Self(), log: c.Log, now: c.Now,
		fresh: map[unansweredID]unanswered{}, rows: map[unansweredID]string{}, changed: make(chan struct{}, 1),
	}
}

// size implements waitingList.
func (s *sharedList) size() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.fresh) + len(s.rows)
}

// add implements waitingList. The queue bounds how many there are.
func (s *sharedList) add(x item) unansweredID {
	d, ok := describe(x, s.now())
	if !ok {
		return 0
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.last++
	s.fresh[s.last] = d
	s.signal()
	return s.last
}

// adopt notes one that has a row already.
func (s *sharedList) adopt(row string) unansweredID {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.last++
	s.rows[s.last] = row
	return s.last
}

// done implements waitingList.
func (s *sharedList) done(id unansweredID) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.fresh, id)
	if row, ok := s.rows[id]; ok {
		delete(s.rows, id)
		s.gone = append(s.gone, row)
		s.signal()
	}
}

// leave keeps x, which another process answers, until it would be known if that had died.
func (s *sharedList) leave(x item) bool {
	d, ok := describe(x, s.now())
	s.mu.Lock()
	defer s.mu.Unlock()
	if !ok || x.unanswered == 0 || len(s.others) >= maxOthers {
		return false
	}
	s.others = append(s.others, adopted{id: x.unanswered, unanswered: d, due: s.now().Add(otherLives)})
	return true
}

// takeOthers returns what leave has kept since.
func (s *sharedList) takeOthers() []adopted {
	s.mu.Lock()
	defer s.mu.Unlock()
	all := s.others
	s.others = nil
	return all
}

// leaveToOther is for a message that another process has claimed. It may have died since, before
// it wrote down that somebody waits: a webhook brings a message to the next process at once.
// So it is looked at again.
func (b *Bot) leaveToOther(x item) {
	if list, ok := b.unanswered.(*sharedList); !ok || !list.leave(x) {
		b.unanswered.done(x.unanswered)
	}
}

// signal says that there may be something to write. s.mu is held.
func (s *sharedList) signal() {
	select {
	case s.changed <- struct{}{}:
	default:
	}
}

// keepWriting implements waitingList.
func (s *sharedList) keepWriting() (stop func()) { return saving(s.changed, s.save) }

// save writes what has come and deletes what has gone.
func (s *sharedList) save() {
	s.mu.Lock()
	put, gone := map[string]string{}, s.gone
	was := maps.Clone(s.fresh)
	for id, d := range s.fresh {
		text, err := json.Marshal(d)
		if err != nil {
			continue // cannot be
		}
		row := s.self + "." + strconv.FormatUint(uint64(id), 10)
		put[row], s.rows[id] = string(text), row
	}
	clear(s.fresh)
	s.gone = nil
	s.mu.Unlock()

	ctx, cancel := context.WithTimeout(context.Background(), storeWait)
	defer cancel()
	var err, err2 error
	if len(put) > 0 {
		err = s.shared.Put(ctx, put)
	}
	if len(gone) > 0 {
		err2 = s.shared.Delete(ctx, gone)
	}
	if err == nil && err2 == nil && len(put) == 0 {
		return
	}
	s.mu.Lock()
	if err != nil {
		for id, d := range was {
			if _, waits := s.rows[id]; waits {
				delete(s.rows, id)
				s.fresh[id] = d // with the next change
			}
		}
	}
	if err2 != nil {
		s.gone = append(s.gone, gone...)
	}
	s.mu.Unlock()
	s.trouble.Log(s.log, errors.Join(err, err2), "which messages wait for their answer could not be stored; if this process dies, nobody is told that theirs was lost")
}

// An adopted is a message that a process which is gone left unanswered, or may have.
type adopted struct {
	id unansweredID
	unanswered
	due time.Time
}

// keepAdopting takes over what processes that are gone have left, until stop, if several
// run the bot.
func (b *Bot) keepAdopting(ctx context.Context, adapters []Adapter) (stop func()) {
	list, ok := b.unanswered.(*sharedList)
	if !ok {
		return func() {}
	}
	ctx, cancel := context.WithCancel(ctx)
	var done sync.WaitGroup
	done.Go(func() {
		var waiting []adopted
		for {
			waiting = append(append(waiting, b.adopt(ctx, list)...), list.takeOthers()...)
			waiting = b.tellAdopted(ctx, list, adapters, waiting)
			select {
			case <-time.After(adoptEvery):
			case <-ctx.Done():
				return // the next that adopts goes on
			}
		}
	})
	return func() {
		cancel()
		done.Wait()
	}
}

// adopt asks what processes that are gone have left behind.
func (b *Bot) adopt(ctx context.Context, list *sharedList) (all []adopted) {
	ctx, cancel := context.WithTimeout(ctx, storeWait)
	defer cancel()
	rows, err := list.shared.Adopt(ctx)
	if err != nil {
		b.c.Log.Debug("what other processes left behind could not be read", "error", err)
		return nil
	}
	for row, text := range rows {
		a := adopted{id: list.adopt(row), due: b.c.Now().Add(replayWait)}
		if err := json.Unmarshal([]byte(text), &a.unanswered); err != nil {
			list.done(a.id)
			continue
		}
		all = append(all, a)
	}
	if len(all) > 0 {
		b.c.Log.Info("another process ended and left messages unanswered; what does not come again is told to those who wrote it", "messages", len(all))
	}
	return all
}

// tellAdopted tells those whose messages are due, unless somebody answers them after all, and
// returns what is not due.
func (b *Bot) tellAdopted(ctx context.Context, list *sharedList, adapters []Adapter, all []adopted) (left []adopted) {
	t := b.newTeller(adapters)
	slices.SortFunc(all, func(a, b adopted) int { return b.SentAt.Compare(a.SentAt) }) // in a chat between two the last is answered
	for i, a := range all {
		if ctx.Err() != nil {
			return append(left, all[i:]...)
		}
		if b.c.Now().Before(a.due) {
			left = append(left, a)
			continue
		}
		if a.ID != "" {
			c, err := b.claimAdopted(ctx, a)
			if err != nil {
				left = append(left, a)
				continue
			}
			if c == cluster.Taken {
				list.done(a.id)
				continue
			}
			b.seen.Add(seenKey{a.Platform, a.ID}, struct{}{})
		}
		x, ok := t.lost(a.unanswered)
		if !ok {
			list.done(a.id)
			b.c.Cluster.Settle(string(a.Platform), string(a.ID))
			continue
		}
		x.unanswered = a.id
		b.notifyLost(ctx, []item{x})
	}
	return left
}

func (b *Bot) claimAdopted(ctx context.Context, a adopted) (cluster.Claim, error) {
	ctx, cancel := context.WithTimeout(ctx, claimWait)
	defer cancel()
	return b.c.Cluster.Claim(ctx, string(a.Platform), string(a.ID))
}

// Waiting returns the messages without an answer that a process by itself has noted in s, as
// [SharedUnanswered] keeps them: for a state that moves to where several processes share it.
// What cannot be read is in the error, and the rest is returned all the same.
func Waiting(ctx context.Context, s Store) (all map[string]string, err error) {
	all = map[string]string{}
	for i := range parts {
		text, failed := s.Get(ctx, partKey(i))
		var waiting []unanswered
		if failed == nil && text != "" {
			failed = json.Unmarshal([]byte(text), &waiting)
		}
		err = errors.Join(err, failed)
		for _, d := range waiting {
			row, failed := json.Marshal(d)
			err = errors.Join(err, failed)
			all[fmt.Sprintf("moved.%d", len(all)+1)] = string(row)
		}
	}
	return all, err
}
