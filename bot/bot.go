package bot

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"reflect"
	"runtime"
	"runtime/debug"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"footnote/bot/cluster"
	"footnote/bot/recent"
)

// Config is what a Bot is made of. Everything but Handler may be left zero.
type Config struct {
	Handler    Handler
	Log        *slog.Logger     // nil is silent
	Now        func() time.Time // time.Now if nil
	Limits     Limits
	Unanswered Store // where it is kept which messages wait for their answer; nil keeps it nowhere

	// Cluster is the processes that run the bot; nil is this one alone. Where there are
	// several, each message is answered by one of them, and Shared takes the place of Unanswered.
	Cluster cluster.Cluster
	Shared  SharedUnanswered

	// Observer is told what the bot does; nobody if nil.
	Observer Observer

	// KeepGoing lets the other adapters go on when one has failed for good.
	KeepGoing bool

	// Stuck is how long a message may be in hand before its conversation, when its queue
	// is full, no longer holds up others: what comes then is left out. A second if 0.
	Stuck time.Duration

	bounds bounds
}

// bounds are what a Bot takes on, and how long it tries. Only tests change them.
type bounds struct {
	queue        int           // messages accepted and not yet answered, in all conversations
	queuePerChat int           // the same in one conversation
	handling     time.Duration // for one message with everything, sending included
	sending      time.Duration // for one reply with all its retries
	grace        time.Duration // for answering what was accepted, from when the end was asked for
}

var usualBounds = bounds{
	queue:        maxQueue,         // some seconds of the fastest platform; about 4 MB
	queuePerChat: 32,               // more than anybody reads back
	handling:     60 * time.Second, // sending plus a rate limit of the platform
	sending:      45 * time.Second, // Telegram's usual retry_after in groups is below 40 s
	grace:        5 * time.Second,  // container runtimes kill after 10 s, and what is open is still to be written down
}

// maxQueue is bounds.queue outside tests.
const maxQueue = 2048

const (
	stuckAfter  = time.Second            // the default of Config.Stuck
	maxSeen     = 16_384                 // message ids remembered against redelivery: some minutes of the fastest platform
	maxPeople   = 20_000                 // people, and chats, counted for the limits: one minute's askers
	seenFor     = time.Hour              // both platforms redeliver within minutes, or after a restart
	staleAfter  = 10 * time.Minute       // the age from which a message in a group is not answered: people talk of something else by then
	typingAfter = 400 * time.Millisecond // nobody notices a shorter wait
)

func (c *Config) setDefaults() {
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Stuck <= 0 {
		c.Stuck = stuckAfter
	}
	if c.Cluster == nil {
		c.Cluster = cluster.Alone()
	}
	if c.bounds == (bounds{}) {
		c.bounds = usualBounds
	}
}

// A Bot holds the conversations of any number of adapters. It is safe for
// concurrent use.
type Bot struct {
	c          Config
	queue      *queue // of the present Run
	present    atomic.Pointer[queue]
	seen       *recent.Map[seenKey, struct{}]
	people     *limiter[Person]
	chats      *limiter[Conversation]
	away       *recent.Map[Conversation, struct{}] // groups that were told about skipped old messages
	unanswered waitingList
	claims     claims
	limited    limitLog

	running  atomic.Bool
	adapters atomic.Pointer[map[Platform]Adapter] // of the present Run
}

type seenKey struct {
	platform Platform
	id       MessageID
}

// New returns a Bot that says what c.Handler decides.
func New(c Config) *Bot {
	c.setDefaults()
	b := &Bot{
		c:          c,
		seen:       recent.New[seenKey, struct{}](maxSeen, seenFor, c.Now),
		people:     newLimiter[Person](c.Limits.PersonPerMinute, maxPeople, c.Now),
		chats:      newLimiter[Conversation](c.Limits.ChatPerMinute, maxPeople, c.Now),
		away:       recent.New[Conversation, struct{}](maxPeople, seenFor, c.Now),
		unanswered: newWaiting(c),
	}
	return b
}

// Run runs the adapters until ctx is done, until all of them have ended by
// themselves, or until one has failed for good (see Config.KeepGoing). Then it
// answers what was accepted, for some seconds at most, and returns the errors of
// the adapters that failed. Every goroutine it started has ended by then.
func (b *Bot) Run(ctx context.Context, adapters ...Adapter) error {
	if !b.running.CompareAndSwap(false, true) {
		return errors.New("the bot is running already")
	}
	defer b.running.Store(false)
	defer b.connect(adapters)()

	// Answering outlives receiving: what was accepted is answered although ctx
	// is done by then.
	work, abort := context.WithCancel(context.WithoutCancel(ctx))
	defer abort()
	b.queue = newQueue(work, b.c, b.handle)
	b.present.Store(b.queue)

	receive, stop := context.WithCancel(ctx)
	defer stop()
	grace, cancel := context.WithCancel(work) // ends some time after receiving was to end
	defer cancel()
	defer context.AfterFunc(receive, func() {
		t := time.AfterFunc(b.c.bounds.grace, cancel)
		context.AfterFunc(work, func() { t.Stop() })
	})()
	debts := b.loadUnanswered(receive)
	errs := make(chan error, len(adapters))
	for _, a := range adapters {
		go func() {
			err := b.runAdapter(receive, a)
			if err != nil {
				b.c.Log.Error("the platform is lost", "platform", a.Name(), "error", err)
				if !b.c.KeepGoing {
					stop()
				}
			}
			errs <- err
		}()
	}
	lost := b.takeOver(adapters, debts)
	keeping := b.unanswered.keepWriting()
	b.notifyLost(receive, lost)
	adopting := b.keepAdopting(receive, adapters)
	var failed []error
	for range adapters {
		if err := <-errs; err != nil {
			failed = append(failed, err)
		}
	}

	stop() // also if all have ended by themselves
	adopting()
	if left := b.queue.drain(grace); left > 0 {
		b.c.Log.Warn("stopped before everything was answered", "left", left)
	}
	abort()
	b.queue.all.Wait()
	keeping()
	b.limited.tell(b.c.Log)
	return errors.Join(failed...)
}

// runAdapter runs one adapter. A panic in its Run is an error like others.
func (b *Bot) runAdapter(ctx context.Context, a Adapter) (err error) {
	defer func() {
		if p := recover(); p != nil {
			b.c.Log.Error("an adapter panicked", "platform", a.Name(), "panic", panicText(p), "stack", string(debug.Stack()))
			err = fmt.Errorf("%s: a defect of the adapter, see the log: %w", a.Name(), ErrFatal)
		}
	}()
	return a.Run(ctx, func(ctx context.Context, m Message) error { return b.deliver(ctx, a, m) })
}

// deliver accepts m, or ignores it; see DeliverFunc.
func (b *Bot) deliver(ctx context.Context, a Adapter, m Message) (err error) {
	if err := ctx.Err(); err != nil {
		return err
	}
	taken, settled := false, m.Settled
	defer func() {
		if settled != nil && err == nil && !taken {
			settled()
		}
	}()
	if !m.Addressed && !m.Direct {
		return nil
	}
	if settled != nil && b.claims.outage(b.c.Now()) {
		return errOutage // its platform keeps it
	}
	key := seenKey{m.To.Platform, m.ID}
	if m.ID != "" && !b.seen.Add(key, struct{}{}) {
		return nil
	}
	x := item{adapter: a, m: m, exchange: b.c.Handler.Accept(m)}
	switch {
	case b.stale(m):
		if !b.away.Add(m.To.Conversation, struct{}{}) {
			return nil
		}
		x.notice.Kind = NoticeAway
	default:
		v, left := b.limit(m)
		if v != within {
			b.limited.note(b.c.Log, b.c.Now())
			if b.c.Observer != nil {
				b.c.Observer.Limited(m.To.Platform)
			}
		}
		if v == silent && !m.Awaited() {
			return nil
		}
		if v != within {
			x.notice = Notice{Kind: NoticeLimit, Wait: left}
		}
	}
	x.unanswered = b.unanswered.add(x)
	if b.c.Observer != nil {
		x.watched.accepted = b.c.Now()
	}
	err = b.queue.put(ctx, x)
	var left skipped
	if err != nil {
		b.unanswered.done(x.unanswered)
	}
	if taken = err == nil; taken && b.c.Observer != nil {
		b.c.Observer.Received(m.To.Platform, b.age(m))
	}
	switch {
	case errors.As(err, &left):
		if left.first {
			b.c.Log.Warn("sending in one conversation takes long and its queue is full; leaving out its messages", "platform", m.To.Platform)
		}
		if m.Awaited() {
			return ErrBusy // silence would look like thinking
		}
		return nil
	case err != nil:
		b.seen.Delete(key) // it was not accepted and will come again
		return err
	}
	return nil
}

// stale reports whether m is not worth an answer any more: an outage has delayed it and
// the group has moved on. In a direct chat somebody still waits for the answer, however
// late. A button press never goes stale: it does not depend on what was said since.
func (b *Bot) stale(m Message) bool {
	return !m.Direct && m.Action == "" && !m.SentAt.IsZero() && b.c.Now().Sub(m.SentAt) > staleAfter
}

// limit counts m, and says how long the window that it is over still lasts.
func (b *Bot) limit(m Message) (verdict, time.Duration) {
	v, left := b.people.count(m.Person())
	if v == within && !m.Direct {
		v, left = b.chats.count(m.To.Conversation)
	}
	return v, left
}

// charge counts a further question of m, without refusing it: the next message is
// told if it was too many.
func (b *Bot) charge(m Message) {
	b.people.charge(m.Person())
	if !m.Direct {
		b.chats.charge(m.To.Conversation)
	}
}

// handle answers one item. What goes wrong with it stays with it.
func (b *Bot) handle(run context.Context, x item) {
	ctx, cancel := context.WithTimeout(run, b.c.bounds.handling)
	defer cancel()
	x.watched.taken = b.c.Now()
	if !b.c.Cluster.Alone() {
		b.prepare(x)
		if !b.claim(ctx, &x) {
			b.leaveToOther(x)
			return
		}
	}
	begun := x.watched.taken
	owing := false
	defer func() {
		if !owing {
			b.settle(x)
		}
	}()
	all, after, err := b.answer(ctx, x)
	if err != nil {
		b.c.Log.Error("no reply could be made", "platform", x.m.To.Platform, "error", err)
		all = []Reply{b.notice(ctx, x, NoticeFault)}
	}
	if b.c.Observer != nil {
		x.watched.decided = b.c.Now()
	}
	for range len(all) - 1 { // several questions in one message
		b.charge(x.m)
	}
	defer func() {
		for _, f := range after {
			f(ctx)
		}
	}()
	var kind Kind
	for i, r := range all {
		if len(r.Blocks) == 0 {
			continue
		}
		kind, r.Part = r.Kind, strconv.Itoa(i)
		if x.notice.Kind == NoticeSkipped { // which follows a reply
			r.Part = string(NoticeSkipped)
		}
		if err = b.sendSafely(ctx, x, r); err != nil {
			break // what comes after it would stand there without it
		}
	}
	if b.c.Observer != nil {
		b.observe(x, kind, err)
	}
	if kind == "" {
		return
	}
	if errors.Is(err, ErrUncertain) {
		err = errors.Join(err, b.notifyUncertain(ctx, x))
	}
	owing = err != nil && (run.Err() != nil || errors.Is(err, ErrFatal)) // the next start of the program says so
	took := b.c.Now().Sub(begun)
	if err != nil {
		b.c.Log.Warn("a reply could not be sent", "platform", x.m.To.Platform, "kind", kind, "error", err, "took", took)
		return
	}
	if b.c.Log.Enabled(ctx, slog.LevelDebug) {
		b.c.Log.Debug("answered", "platform", x.m.To.Platform, "kind", kind, "replies", len(all), "took", took)
	}
}

// settle says that x is dealt with, whatever became of it.
func (b *Bot) settle(x item) {
	b.unanswered.done(x.unanswered)
	if x.m.ID != "" {
		b.c.Cluster.Settle(string(x.m.To.Platform), string(x.m.ID))
	}
}

// answer returns the replies to x; after is to be done when they have gone out. A
// panic is logged with its stack, never with what the person wrote, and returned as
// an error.
func (b *Bot) answer(ctx context.Context, x item) (all []Reply, after []func(context.Context), err error) {
	defer b.catch("answering panicked", x, &err)
	if x.notice.Kind != "" {
		return []Reply{x.exchange.Notice(ctx, x.notice)}, nil, nil
	}
	stop := showTyping(ctx, x)
	defer stop()
	all, after = x.exchange.Reply(ctx, x.adapter)
	return all, after, nil
}

// prepare has the exchange look up what it needs, if it is to reply.
func (b *Bot) prepare(x item) {
	var err error
	defer b.catch("preparing panicked", x, &err)
	if p, ok := x.exchange.(Preparer); ok && x.notice.Kind == "" {
		p.Prepare()
	}
}

// notice returns what to say of x after what went wrong; nothing if that fails too.
func (b *Bot) notice(ctx context.Context, x item, kind NoticeKind) (r Reply) {
	var err error
	defer b.catch("answering panicked", x, &err)
	return x.exchange.Notice(ctx, Notice{Kind: kind})
}

// catch makes a panic an error, and logs it.
func (b *Bot) catch(what string, x item, err *error) {
	if p := recover(); p != nil {
		b.c.Log.Error(what, "platform", x.m.To.Platform, "panic", panicText(p), "stack", string(debug.Stack()))
		*err = errDefect
	}
}

var errDefect = errors.New("a defect of the program, see the log")

// sendSafely sends r. A panic of the adapter is logged and returned as an error.
func (b *Bot) sendSafely(ctx context.Context, x item, r Reply) (err error) {
	defer b.catch("sending panicked", x, &err)
	return b.send(ctx, x.adapter, x.m.To, r)
}

// showTyping shows that an answer is being written if it takes noticeably long.
func showTyping(ctx context.Context, x item) (stop func()) {
	typer, ok := x.adapter.(Typer)
	if !ok {
		return func() {}
	}
	var mu sync.Mutex
	var cancel context.CancelFunc // of the sign, once it is shown
	over, done := false, make(chan struct{})
	timer := time.AfterFunc(typingAfter, func() {
		defer close(done)
		mu.Lock()
		if over {
			mu.Unlock()
			return
		}
		ctx, c := context.WithCancel(ctx)
		defer c()
		cancel = c
		mu.Unlock()
		defer func() { _ = recover() }() // a sign that fails is not worth telling
		typer.Typing(ctx, x.m.To)
	})
	return func() {
		if timer.Stop() {
			return // as nearly always
		}
		mu.Lock()
		over = true
		if cancel != nil {
			cancel()
		}
		mu.Unlock()
		<-done
	}
}

// panicText says what kind of panic it was. The value of a panic that the
// runtime did not make may hold anything, what a person wrote included.
func panicText(p any) string {
	if err, ok := p.(runtime.Error); ok {
		return err.Error()
	}
	return "a " + reflect.TypeOf(p).String()
}
