package telegram

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"time"

	"footnote/bot"
	"footnote/bot/cluster"
	"footnote/bot/platform"
)

const (
	pollTimeout = 50  // seconds; the server allows no more
	pollLimit   = 100 // updates; likewise

	retryFirst   = 500 * time.Millisecond
	retryLongest = time.Minute

	// conflictPatience is how long another instance with this token is put up
	// with: a rolling restart has two for a minute or so. Whoever runs two for
	// good gets every message only once in a while, and should be told so.
	conflictPatience = 10 * time.Minute
	conflictFirst    = 2 * time.Second
	conflictLongest  = 30 * time.Second

	// handover is how long after its turn began a process takes the poll of another for
	// the last one of the process before it: that may have been frozen, and hears only of
	// the next answer that it lost.
	handover = 30 * time.Second

	// A poll that comes back empty and at once is a server without long polling
	// (a test server made 23,537 such polls in 9 s). It is asked this often.
	idleFirst   = 100 * time.Millisecond
	idleLongest = time.Second
	tooQuick    = time.Second

	// shutdownGrace bounds the last confirmation and the answers to buttons
	// pressed in the last moment.
	shutdownGrace = 2 * time.Second

	storeTimeout = 5 * time.Second
)

// A poller keeps asking Telegram for updates, behind one door: run. It knows what an
// update is, and nothing of what is in it.
type poller struct {
	login
	polls   *client
	store   bot.Store
	cluster cluster.Cluster
	settle  time.Duration   // how long the replies to one poll are waited for
	wanted  func() []string // the kinds of updates to ask for, once it is known who the bot is

	handle    func(context.Context, update) error
	kinds     []string      // of updates to ask for
	lease     cluster.Lease // under which is polled
	began     time.Time     // when it was taken
	offset    *offsetTracker
	offsetKey string    // under which it is stored
	saved     int64     // the offset in the store
	kept      time.Time // when it was put there
	told      int64     // the offset Telegram was last told
	conflict  platform.Backoff
	idle      platform.Backoff
	since     time.Time // of the first of the present conflicts
	saving    bot.Streak
	taking    bot.Streak
	ages      ages
	poisoned  int
}

// newPoller returns a poller for one Run. signedIn is called once Telegram has said who
// the bot is.
func newPoller(a *Adapter, signedIn func(user)) *poller {
	return &poller{
		login: newLogin(a, signedIn), polls: a.polls, store: a.store, cluster: a.cluster, wanted: a.wanted, settle: a.settle,
		offset: newOffsetTracker(0), offsetKey: "telegram.offset." + botID(a.token),
		conflict: platform.Backoff{First: conflictFirst, Longest: conflictLongest},
		idle:     platform.Backoff{First: idleFirst, Longest: idleLongest},
	}
}

// wanted are the kinds of updates to ask for.
func (a *Adapter) wanted() []string {
	kinds := []string{"message", "callback_query"}
	if a.suggester != nil {
		kinds = append(kinds, "inline_query")
	}
	if a.me.Load().guests {
		kinds = append(kinds, "guest_message")
	}
	return kinds
}

// run signs in and calls handle for each update, in order, until ctx is done, and
// returns nil then, or until Telegram refuses the bot for good: then the error wraps
// bot.ErrFatal. An update is confirmed only after handle has returned nil; after an
// error it is offered again. Of several processes one polls; the others wait.
func (p *poller) run(ctx context.Context, handle func(context.Context, update) error) error {
	p.handle = handle
	if err := p.signIn(ctx); err != nil {
		return err
	}
	for ctx.Err() == nil {
		if err := p.holdLease(ctx); err != nil {
			continue // ctx has ended
		}
		if err := p.turn(ctx); err != nil {
			return err
		}
	}
	return nil
}

// turn polls while this process holds the lease. Once that is lost nothing is confirmed
// and nothing stored any more: another process goes on from what was.
func (p *poller) turn(ctx context.Context) error {
	held, cancel := under(ctx, p.lease)
	defer cancel()
	p.dropWebhook(held)
	p.loadOffset(held)
	p.kinds = p.wanted()
	err := p.loop(held)
	grace, cancel := context.WithTimeout(context.WithoutCancel(ctx), shutdownGrace)
	defer cancel()
	if p.lease.Valid() {
		p.saveOffset(grace)
		if err == nil {
			p.confirm(grace)
		}
	} else if ctx.Err() == nil {
		p.log.Warn("another process may poll now, for the shared state was out of reach; this one waits for its turn")
	}
	if err := p.lease.Release(grace); err != nil {
		p.log.Info("the turn at polling could not be given back, and ends by itself", "err", err)
	}
	return err
}

// loop polls until ctx ends (nil) or Telegram refuses the bot for good.
func (p *poller) loop(ctx context.Context) error {
	for ctx.Err() == nil && p.lease.Valid() {
		began := p.clock.Now()
		timeout := pollTimeout
		if p.retry.Failures() > 0 {
			timeout = 0 // to know soon that it works again
		}
		updates, err := p.poll(ctx, timeout, pollLimit)
		if ctx.Err() != nil || !p.lease.Valid() {
			return nil // what came with the last poll was not handed over and will come again
		}
		if err != nil {
			p.saveOffset(ctx) // Telegram may not have heard what was handed over
			wait, fatal := p.onError(ctx, err)
			if fatal != nil {
				return fatal
			}
			_ = p.clock.Sleep(ctx, wait)
			continue
		}
		p.onSuccess()
		p.ages.polled(p.clock.Now(), p.polls.dated.Load(), p.log)
		news, err := p.handOver(ctx, updates)
		p.ages.handedOver(err == nil && len(updates) < pollLimit)
		if now := p.clock.Now(); err != nil || now.Sub(began) >= calm || now.Sub(p.kept) >= saveEvery {
			p.saveOffset(ctx)
		}
		switch {
		case ctx.Err() != nil:
			return nil
		case err != nil:
			p.log.Error("a message was not accepted and will be offered again", "err", err)
			_ = p.clock.Sleep(ctx, p.retry.Next())
		case news:
			p.idle.Reset()
		case p.clock.Now().Sub(began) < tooQuick:
			_ = p.clock.Sleep(ctx, p.idle.Next())
		}
	}
	return nil
}

// poll asks for updates; timeout is in seconds.
func (p *poller) poll(ctx context.Context, timeout, limit int) ([]received, error) {
	ctx, cancel := context.WithTimeout(ctx, time.Duration(timeout)*time.Second+pollSlack)
	defer cancel()
	q := params{"timeout": itoa(int64(timeout)), "limit": itoa(int64(limit))}
	q.setJSON("allowed_updates", p.kinds) // always a list: without one the server keeps whatever was set before
	if p.offset.next > 0 {
		q["offset"] = itoa(p.offset.next)
	}
	raw, err := p.polls.do(ctx, "getUpdates", q, nil, maxPollBody)
	if err != nil {
		return nil, err
	}
	p.told = p.offset.next
	return receive(raw)
}

// A received is one update of a poll: as it was read, or why it could not be.
type received struct {
	update
	raw json.RawMessage // of one that could not be read
	err error
}

// receive reads the updates of a poll: all at once, and only if that fails each
// by itself, so that one that cannot be decoded does not take the others with it.
func receive(raw json.RawMessage) ([]received, error) {
	var all []update
	if err := decodeUpdates(raw, &all); err == nil {
		out := make([]received, len(all))
		for i, u := range all {
			out[i].update = u
		}
		return out, nil
	}
	var each []json.RawMessage
	if err := decodeUpdates(raw, &each); err != nil {
		return nil, &netError{method: "getUpdates", text: "the result is no list of updates"}
	}
	out := make([]received, len(each))
	for i, raw := range each {
		if out[i].err = json.Unmarshal(raw, &out[i].update); out[i].err != nil {
			out[i].raw = raw
		}
	}
	return out, nil
}

// decodeUpdates reads a list of at most as many updates as were asked for: a server that
// sends millions of empty ones would fill the memory.
func decodeUpdates[T any](raw json.RawMessage, all *[]T) error {
	if string(raw) == "null" {
		return nil
	}
	d := json.NewDecoder(bytes.NewReader(raw))
	if t, err := d.Token(); err != nil || t != json.Delim('[') {
		return errors.New("no list")
	}
	for d.More() {
		if len(*all) == pollLimit {
			return nil
		}
		var x T
		if err := d.Decode(&x); err != nil {
			return err
		}
		*all = append(*all, x)
	}
	return nil
}

// handOver delivers the updates in order. It reports whether any was new, and
// stops at the first that was not accepted. Of several processes it waits a moment for the
// replies: what it then confirms and stores comes to no other process any more.
func (p *poller) handOver(ctx context.Context, updates []received) (news bool, err error) {
	var inHand []<-chan struct{}
	defer func() {
		if len(inHand) > 0 {
			awaitAll(ctx, inHand, p.settle)
		}
	}()
	for _, u := range updates {
		if ctx.Err() != nil {
			return news, nil
		}
		if u.err != nil || u.ID == nil {
			id, ok := numberOf(u.raw)
			if ok && p.offset.repeated(id) {
				continue
			}
			p.poisoned++
			p.log.Warn("an update could not be read and was skipped", "update", id, "skipped", p.poisoned, "why", why(u.err))
			if ok {
				p.offset.done(id)
				news = true
			}
			continue
		}
		if p.offset.repeated(*u.ID) {
			p.log.Debug("an update came again and was dropped", "update", *u.ID)
			continue
		}
		u.ages = p.ages
		if !p.cluster.Alone() {
			settled := make(chan struct{})
			u.settled = sync.OnceFunc(func() { close(settled) })
			inHand = append(inHand, settled)
		}
		if err := p.handle(ctx, u.update); err != nil {
			return news, err
		}
		p.offset.done(*u.ID) // only now: accepted, or nobody's
		news = true
	}
	return news, nil
}

// settleWithin is how long the replies to one poll are waited for. By then the messages that
// still wait for theirs are written down where the others find them.
const settleWithin = 500 * time.Millisecond

// awaitAll returns when all are closed, d has passed or ctx ends.
func awaitAll(ctx context.Context, all []<-chan struct{}, d time.Duration) {
	t := time.NewTimer(d)
	defer t.Stop()
	for _, done := range all {
		select {
		case <-done:
		case <-t.C:
			return
		case <-ctx.Done():
			return
		}
	}
}

// numberOf finds the number of an update that is otherwise unreadable.
func numberOf(raw []byte) (int64, bool) {
	var head struct {
		ID *int64 `json:"update_id"`
	}
	if err := json.Unmarshal(raw, &head); err != nil || head.ID == nil {
		return 0, false
	}
	return *head.ID, true
}

// why says what is wrong with an update without quoting it.
func why(err error) string {
	var te *json.UnmarshalTypeError
	if errors.As(err, &te) {
		return "wrong type at " + te.Field
	}
	if err == nil {
		return "no update_id"
	}
	return "not valid JSON"
}

// onError says how long to wait after a failed poll, or that it is over.
func (p *poller) onError(ctx context.Context, err error) (time.Duration, error) {
	p.connection.Down(p.clock.Now(), err.Error())
	var e *apiError
	if !errors.As(err, &e) {
		return p.onFailure(err), nil
	}
	switch {
	case e.refused():
		return 0, refusal(e)
	case e.code == http.StatusConflict:
		return p.onConflict(ctx, e)
	case e.code == http.StatusTooManyRequests:
		p.log.Warn("Telegram asks to poll more slowly", "wait", e.wait())
		return min(e.wait(), longestPause), nil
	}
	return p.onFailure(err), nil
}

// onFailure logs the first of a row of failures loudly and the rest quietly.
func (p *poller) onFailure(err error) time.Duration {
	first := p.retry.Failures() == 0
	wait := p.retry.Next()
	if first {
		p.log.Warn("Telegram cannot be reached; trying again", "wait", wait, "err", err)
	} else {
		p.log.Debug("Telegram still cannot be reached", "failures", p.retry.Failures(), "wait", wait, "err", err)
	}
	return wait
}

// onConflict deals with 409: a webhook somebody set, or a second instance.
func (p *poller) onConflict(ctx context.Context, e *apiError) (time.Duration, error) {
	now := p.clock.Now()
	if p.conflict.Failures() == 0 {
		p.since = now
	}
	webhook := e.says("webhook")
	if !p.cluster.Alone() && !webhook && now.Sub(p.began) < handover {
		p.log.Info("another process of this bot has not ended its last poll yet", "wait", conflictFirst)
		p.connection.Up(now)
		return conflictFirst, nil
	}
	if now.Sub(p.since) >= conflictPatience {
		what := "a second instance is running with this token"
		if webhook {
			what = "another program keeps setting a webhook for this token"
		}
		return 0, fmt.Errorf("telegram: %s, and has been for %v: stop the other one, or give each a bot of its own from @BotFather: %w", what, conflictPatience, bot.ErrFatal)
	}
	wait := p.conflict.Next()
	if webhook {
		p.dropWebhook(ctx)
	} else {
		p.log.Error("a second instance is running with this token; messages reach only one of the two. Stop the other one", "wait", wait)
	}
	return wait, nil
}

// onSuccess ends a row of failures.
func (p *poller) onSuccess() {
	if p.retry.Failures() > 0 || p.conflict.Failures() > 0 {
		p.log.Info("polling works again", "failures", p.retry.Failures()+p.conflict.Failures())
	}
	p.retry.Reset()
	p.conflict.Reset()
	p.connection.Up(p.clock.Now())
}

// confirm tells Telegram what was handed over. Without it the last batch would
// come again after a restart.
func (p *poller) confirm(ctx context.Context) {
	if p.offset.next == p.told {
		return
	}
	if _, err := p.poll(ctx, 0, 1); err != nil { // what it returns is not confirmed by it
		p.log.Info("the last messages could not be confirmed; the stored offset keeps them from being answered twice", "err", err)
	}
}

func (p *poller) loadOffset(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, storeTimeout)
	defer cancel()
	s, err := p.store.Get(ctx, p.offsetKey)
	if err != nil {
		p.log.Warn("the stored offset could not be read; messages of the last moments before the stop may be answered twice", "err", err)
	}
	p.saved = parseOffset(s, p.clock.Now())
	p.offset = newOffsetTracker(p.saved)
}

// The offset is stored after every poll that took longer than calm, and in busier
// times every saveEvery: there are hundreds of polls a second then. Each poll tells
// Telegram what was handed over before it, so the store only matters where a poll
// got lost and the program with it: then at most what came within saveEvery comes
// again.
const (
	calm      = 20 * time.Millisecond
	saveEvery = time.Second
)

// saveOffset stores the offset.
func (p *poller) saveOffset(ctx context.Context) {
	if p.offset.next == p.saved || !p.lease.Valid() {
		return
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), storeTimeout)
	defer cancel()
	err := p.store.Set(ctx, p.offsetKey, formatOffset(p.offset.next, p.clock.Now()))
	p.saving.Log(p.log, err, "the offset could not be stored; after a crash some messages may be answered twice")
	if err != nil {
		return
	}
	p.saved, p.kept = p.offset.next, p.clock.Now()
}
