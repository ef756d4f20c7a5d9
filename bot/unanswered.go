package bot

import (
	"context"
	"encoding/json"
	"log/slog"
	"maps"
	"slices"
	"sync"
	"time"
)

// An unansweredList is the messages that were accepted and whose answer has not gone
// out. They are stored beyond the process, so that after a crash those who asked can be
// told: a platform does not send again what was accepted. What is stored says where a
// message stands and nothing of what it says.
type unansweredList struct {
	store Store
	log   *slog.Logger
	now   func() time.Time

	mu      sync.Mutex
	open    map[unansweredID]unanswered
	last    unansweredID
	stored  bool          // the store holds some
	changed chan struct{} // holds one signal
}

// An unansweredID is the number of an unanswered message, in the order they came; 0 is
// none.
type unansweredID uint64

// An unanswered is one such message.
type unanswered struct {
	Platform Platform  `json:"p"`
	Chat     ChatID    `json:"c"`
	Thread   ThreadID  `json:"t,omitempty"`
	ReplyTo  MessageID `json:"r,omitempty"`
	ID       MessageID `json:"i"`
	Lang     string    `json:"l,omitempty"`
	Direct   bool      `json:"d,omitempty"`
	SentAt   time.Time `json:"s"`
}

const (
	unansweredKey = "messages"
	// writeAfter is how long a message waits before it is written down: most are
	// answered by then, and cost nothing.
	writeAfter = 100 * time.Millisecond
	// maxUnanswered is how many are written down, those that have waited longest. More
	// only wait when a platform does not take answers, and must fit into a value.
	maxUnanswered = 150
	// storeWait bounds one reading or writing.
	storeWait = 2 * time.Second
)

func newUnanswered(c Config) *unansweredList {
	return &unansweredList{store: c.Unanswered, log: c.Log, now: c.Now, open: map[unansweredID]unanswered{}, changed: make(chan struct{}, 1)}
}

// add notes that x waits for an answer. Interactions are left out: the platform
// itself shows that they failed, and how to answer them is a secret. So are notices.
func (o *unansweredList) add(x item) unansweredID {
	m := x.m
	if o.store == nil || m.Action != "" || m.Awaited() || x.notice.Kind != "" && x.notice.Kind != NoticeStopped {
		return 0
	}
	d := unanswered{
		Platform: m.To.Platform, Chat: m.To.Chat, Thread: m.To.Thread, ReplyTo: m.To.ReplyTo,
		ID: m.ID, Lang: m.From.Lang, Direct: m.Direct, SentAt: m.SentAt,
	}
	if d.SentAt.IsZero() {
		d.SentAt = o.now()
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	o.last++
	o.open[o.last] = d
	o.signal()
	return o.last
}

// done removes a message that waits no longer.
func (o *unansweredList) done(id unansweredID) {
	if id == 0 {
		return
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	delete(o.open, id)
	if o.stored {
		o.signal()
	}
}

// signal says that there may be something to write. o.mu is held.
func (o *unansweredList) signal() {
	select {
	case o.changed <- struct{}{}:
	default:
	}
}

// keepWriting writes what changes to the store until stop, which writes what is
// unanswered then.
func (o *unansweredList) keepWriting() (stop func()) {
	if o.store == nil {
		return func() {}
	}
	end, ended := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(ended)
		pause := time.NewTimer(0)
		defer pause.Stop()
		for {
			select {
			case <-o.changed:
			case <-end:
				return
			}
			pause.Reset(writeAfter)
			select {
			case <-pause.C:
			case <-end:
				return
			}
			o.save()
		}
	}()
	return func() {
		close(end)
		<-ended
		o.save()
	}
}

// save writes what is unanswered now.
func (o *unansweredList) save() {
	o.mu.Lock()
	ids := slices.Sorted(maps.Keys(o.open))
	debts := make([]unanswered, 0, min(len(ids), maxUnanswered))
	for _, id := range ids[:cap(debts)] {
		debts = append(debts, o.open[id])
	}
	nothing := len(debts) == 0
	if nothing && !o.stored {
		o.mu.Unlock()
		return
	}
	o.stored = !nothing
	o.mu.Unlock()

	ctx, cancel := context.WithTimeout(context.Background(), storeWait)
	defer cancel()
	var err error
	if nothing {
		err = o.store.Delete(ctx, unansweredKey)
	} else {
		var text []byte
		if text, err = json.Marshal(debts); err == nil {
			err = o.store.Set(ctx, unansweredKey, string(text))
		}
	}
	if err != nil {
		o.log.Warn("which messages wait for their answer could not be stored; after a crash nobody is told that theirs was lost", "error", err)
	}
}

// load returns what an earlier process left unanswered.
func (o *unansweredList) load(ctx context.Context) []unanswered {
	if o.store == nil {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, storeWait)
	defer cancel()
	text, err := o.store.Get(ctx, unansweredKey)
	var debts []unanswered
	if err == nil && text != "" {
		o.mu.Lock()
		o.stored = true
		o.mu.Unlock()
		err = json.Unmarshal([]byte(text), &debts)
	}
	if err != nil {
		o.log.Warn("which messages waited when the program last ended could not be read; nobody is told that theirs was lost", "error", err)
		return nil
	}
	return debts
}

// loadUnanswered returns the messages that an earlier process accepted and did not
// answer. If one is delivered again after all, it is not answered as well.
func (b *Bot) loadUnanswered(ctx context.Context) []unanswered {
	debts := b.unanswered.load(ctx)
	for _, d := range debts {
		if d.ID != "" {
			b.seen.Add(seenKey{d.Platform, d.ID}, struct{}{})
		}
	}
	return debts
}

// notifyLost tells the authors of lost messages that they went unanswered, on the
// platforms of adapters. A direct chat is told once; in a group each message gets a
// notice, unless it is stale.
func (b *Bot) notifyLost(ctx context.Context, adapters []Adapter, debts []unanswered) {
	byName := map[Platform]Adapter{}
	for _, a := range adapters {
		byName[a.Name()] = a
	}
	told := map[Conversation]bool{}
	for _, d := range slices.Backward(debts) { // in a chat between two the last is answered
		a := byName[d.Platform]
		if a == nil {
			continue
		}
		m := Message{
			ID: d.ID, From: User{Lang: d.Lang}, Direct: d.Direct, Addressed: true, SentAt: d.SentAt,
			To: Address{Conversation: Conversation{Place: Place{Platform: d.Platform, Chat: d.Chat}, Thread: d.Thread}, ReplyTo: d.ReplyTo},
		}
		x := item{adapter: a, m: m, exchange: b.c.Handler.Accept(m), notice: Notice{Kind: NoticeStopped}}
		place := m.To.Conversation
		switch {
		case d.Direct && told[place]:
			continue
		case b.stale(m):
			if !b.away.Add(place, struct{}{}) {
				continue
			}
			x.notice.Kind = NoticeAway
		}
		told[place] = true
		x.unanswered = b.unanswered.add(x)
		if err := b.queue.put(ctx, x); err != nil {
			b.c.Log.Debug("somebody could not be told that a message was lost", "platform", d.Platform, "error", err)
		}
	}
	if len(debts) > 0 {
		b.c.Log.Info("messages were left unanswered when the program last ended; those who wrote them are told", "messages", len(debts))
	}
}
