package bot

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"maps"
	"slices"
	"strconv"
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
	parts   [parts]part
	changed chan struct{} // holds one signal
	trouble Streak
}

// A waitingList is what notes which messages wait for their answer: an unansweredList, or a
// sharedList where several processes run the bot. Its methods may be called concurrently.
type waitingList interface {
	// add notes that x waits, and returns 0 if that is not noted.
	add(x item) unansweredID

	// done says that a message waits no longer; 0 is none.
	done(id unansweredID)

	// keepWriting keeps beyond the process what waits for long, until stop, which keeps what
	// waits then.
	keepWriting() (stop func())

	// size is how many wait.
	size() int
}

// A part is some of an unansweredList, under a key of its own, since a value of a store is
// small and most messages stay while others come and go.
type part struct {
	ids    map[unansweredID]struct{}
	stored bool // the store holds some
	dirty  bool // and something else than these
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
	// partSize is how many are in a part: some 200 bytes each, encrypted and encoded, in
	// a value of 64 kB.
	partSize = 150
	// parts is how many parts there are: more than a full queue fills, so that every
	// message that was accepted is in one.
	parts = 2 * maxQueue / partSize
	// storeWait bounds one reading or writing.
	storeWait = 2 * time.Second
)

func newUnanswered(c Config) *unansweredList {
	return &unansweredList{store: c.Unanswered, log: c.Log, now: c.Now, open: map[unansweredID]unanswered{}, changed: make(chan struct{}, 1)}
}

// describe is what is noted of x while it waits. Interactions are left out: the platform
// itself shows that they failed, and how to answer them is a secret. So are notices.
func describe(x item, now time.Time) (d unanswered, ok bool) {
	m := x.m
	if m.Action != "" || m.Awaited() || x.notice.Kind != "" && x.notice.Kind != NoticeStopped {
		return d, false
	}
	d = unanswered{
		Platform: m.To.Platform, Chat: m.To.Chat, Thread: m.To.Thread, ReplyTo: m.To.ReplyTo,
		ID: m.ID, Lang: m.From.Lang, Direct: m.Direct, SentAt: m.SentAt,
	}
	if d.SentAt.IsZero() {
		d.SentAt = now
	}
	return d, true
}

// add notes that x waits for an answer.
func (o *unansweredList) add(x item) unansweredID {
	d, ok := describe(x, o.now())
	if o.store == nil || !ok {
		return 0
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	i := slices.IndexFunc(o.parts[:], func(p part) bool { return len(p.ids) < partSize })
	if i < 0 {
		return 0 // cannot be: there is room for more than the queue takes
	}
	o.last++
	o.open[o.last] = d
	p := &o.parts[i]
	if p.ids == nil {
		p.ids = map[unansweredID]struct{}{}
	}
	p.ids[o.last], p.dirty = struct{}{}, true
	o.signal()
	return o.last
}

// size implements waitingList.
func (o *unansweredList) size() int {
	o.mu.Lock()
	defer o.mu.Unlock()
	return len(o.open)
}

// done removes a message that waits no longer.
func (o *unansweredList) done(id unansweredID) {
	if id == 0 {
		return
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	delete(o.open, id)
	for i := range o.parts {
		p := &o.parts[i]
		if _, ok := p.ids[id]; !ok {
			continue
		}
		delete(p.ids, id)
		if p.dirty = p.stored || len(p.ids) > 0; p.dirty {
			o.signal()
		}
		return
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
	return saving(o.changed, o.save)
}

// saving calls save some time after each signal of changed until stop, which calls it once
// more.
func saving(changed <-chan struct{}, save func()) (stop func()) {
	end, ended := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(ended)
		pause := time.NewTimer(0)
		defer pause.Stop()
		for {
			select {
			case <-changed:
			case <-end:
				return
			}
			pause.Reset(writeAfter)
			select {
			case <-pause.C:
			case <-end:
				return
			}
			save()
		}
	}()
	return func() {
		close(end)
		<-ended
		save()
	}
}

// save writes what is unanswered now, as far as it has changed.
func (o *unansweredList) save() {
	ctx, cancel := context.WithTimeout(context.Background(), storeWait)
	defer cancel()
	var failed error
	kept := false
	for i := range o.parts {
		debts, changed := o.take(i)
		if !changed {
			continue
		}
		if err := o.put(ctx, i, debts); err != nil {
			failed = err
			o.mu.Lock()
			o.parts[i].dirty = true // with the next change
			o.mu.Unlock()
		} else if len(debts) > 0 {
			kept = true
		}
	}
	if failed == nil && !kept {
		return // what is only deleted says nothing of the disk
	}
	o.trouble.Log(o.log, failed, "which messages wait for their answer could not be stored; after a crash nobody is told that theirs was lost")
}

// take returns what is in a part now, in its order, and whether that is to be written.
func (o *unansweredList) take(i int) (debts []unanswered, changed bool) {
	o.mu.Lock()
	defer o.mu.Unlock()
	p := &o.parts[i]
	if !p.dirty || len(p.ids) == 0 && !p.stored {
		p.dirty = false
		return nil, false
	}
	for _, id := range slices.Sorted(maps.Keys(p.ids)) {
		debts = append(debts, o.open[id])
	}
	p.dirty, p.stored = false, len(debts) > 0
	return debts, true
}

func (o *unansweredList) put(ctx context.Context, i int, debts []unanswered) error {
	if len(debts) == 0 {
		if err := o.store.Delete(ctx, partKey(i)); !errors.Is(err, ErrLingers) { // of what was encrypted
			return err
		}
		return nil
	}
	text, err := json.Marshal(debts)
	if err != nil {
		return err
	}
	return o.store.Set(ctx, partKey(i), string(text))
}

// partKey is the key of a part; that of the first is the one that an older program used.
func partKey(i int) string {
	if i == 0 {
		return unansweredKey
	}
	return unansweredKey + "." + strconv.Itoa(i)
}

// load returns what an earlier process left unanswered.
func (o *unansweredList) load(ctx context.Context) (all []unanswered) {
	if o.store == nil {
		return nil
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), storeWait) // a stop that comes early loses nothing
	defer cancel()
	var failed error
	for i := range o.parts {
		text, err := o.store.Get(ctx, partKey(i))
		var debts []unanswered
		if err == nil && text != "" {
			err = json.Unmarshal([]byte(text), &debts)
		}
		if err != nil {
			failed = err
			continue
		}
		if text != "" {
			o.mu.Lock()
			o.parts[i].stored, o.parts[i].dirty = true, true
			o.mu.Unlock()
			all = append(all, debts[:min(len(debts), partSize)]...)
		}
	}
	if failed != nil {
		o.log.Warn("which messages waited when the program last ended could not be read; nobody is told that theirs was lost", "error", failed)
	}
	slices.SortStableFunc(all, func(a, b unanswered) int { return a.SentAt.Compare(b.SentAt) })
	return all
}

// loadUnanswered returns the messages that an earlier process accepted and did not
// answer. If one is delivered again after all, it is not answered as well.
func (b *Bot) loadUnanswered(ctx context.Context) []unanswered {
	list, ok := b.unanswered.(*unansweredList)
	if !ok {
		return nil
	}
	debts := list.load(ctx)
	for _, d := range debts {
		if d.ID != "" {
			b.seen.Add(seenKey{d.Platform, d.ID}, struct{}{})
		}
	}
	return debts
}

// takeOver makes of lost messages what is to be said to their authors, on the platforms of
// adapters, and takes them for unanswered until that is said. A direct chat is told once; in
// a group each message gets a notice, unless it is stale.
func (b *Bot) takeOver(adapters []Adapter, debts []unanswered) (all []item) {
	t := b.newTeller(adapters)
	for _, d := range slices.Backward(debts) { // in a chat between two the last is answered
		if x, ok := t.lost(d); ok {
			x.unanswered = b.unanswered.add(x)
			all = append(all, x)
		}
	}
	if len(debts) > 0 {
		b.c.Log.Info("messages were left unanswered when the program last ended; those who wrote them are told", "messages", len(debts))
	}
	return all
}

// A teller makes notices of lost messages.
type teller struct {
	b        *Bot
	adapters map[Platform]Adapter
	told     map[Conversation]bool
}

func (b *Bot) newTeller(adapters []Adapter) *teller {
	t := &teller{b: b, adapters: map[Platform]Adapter{}, told: map[Conversation]bool{}}
	for _, a := range adapters {
		t.adapters[a.Name()] = a
	}
	return t
}

// lost is what is to be said of a lost message; false if nothing is.
func (t *teller) lost(d unanswered) (item, bool) {
	a := t.adapters[d.Platform]
	if a == nil {
		return item{}, false
	}
	m := Message{
		ID: d.ID, From: User{Lang: d.Lang}, Direct: d.Direct, Addressed: true, SentAt: d.SentAt,
		To: Address{Conversation: Conversation{Place: Place{Platform: d.Platform, Chat: d.Chat}, Thread: d.Thread}, ReplyTo: d.ReplyTo},
	}
	x := item{adapter: a, m: m, exchange: t.b.c.Handler.Accept(m), notice: Notice{Kind: NoticeStopped}, claimed: true}
	place := m.To.Conversation
	switch {
	case d.Direct && t.told[place]:
		return item{}, false
	case t.b.stale(m):
		if !t.b.away.Add(place, struct{}{}) {
			return item{}, false
		}
		x.notice.Kind = NoticeAway
	}
	t.told[place] = true
	return x, true
}

// notifyLost queues what takeOver has made.
func (b *Bot) notifyLost(ctx context.Context, lost []item) {
	for _, x := range lost {
		var left skipped
		if err := b.queue.put(ctx, x); errors.As(err, &left) {
			b.settle(x) // the conversation is told that something was left out
		} else if err != nil {
			b.c.Log.Debug("somebody could not be told that a message was lost; the next start will", "platform", x.m.To.Platform, "error", err)
		}
	}
}
