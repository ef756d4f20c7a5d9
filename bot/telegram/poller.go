package telegram

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"runtime/debug"
	"time"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"

	"footnote/bot"
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

	// A poll that comes back empty and at once is a server without long polling
	// (a test server made 23,537 such polls in 9 s). It is asked this often.
	idleFirst   = 100 * time.Millisecond
	idleLongest = time.Second
	tooQuick    = time.Second

	// shutdownGrace bounds the last confirmation and the answers to buttons
	// pressed in the last moment.
	shutdownGrace = 2 * time.Second

	storeTimeout = 5 * time.Second

	// maxAside bounds the calls that answer buttons and inline queries beside the
	// polling. Above it the button keeps turning until Telegram's own time is up.
	maxAside = 256
)

// A poller is one Run. Only its aside calls run beside it.
type poller struct {
	*Adapter
	deliver  bot.DeliverFunc
	queue    *queue
	saved    int64     // the offset in the store
	kept     time.Time // when it was put there
	told     int64     // the offset Telegram was last told
	retry    platform.Backoff
	conflict platform.Backoff
	idle     platform.Backoff
	since    time.Time // of the first of the present conflicts
	poisoned int

	background    *platform.Background // calls that answer buttons and inline queries
	backgroundCtx context.Context      // outlives Run's by shutdownGrace
}

func newPoller(a *Adapter, deliver bot.DeliverFunc) *poller {
	return &poller{
		Adapter: a, deliver: deliver,
		retry:      platform.Backoff{First: retryFirst, Longest: retryLongest},
		conflict:   platform.Backoff{First: conflictFirst, Longest: conflictLongest},
		idle:       platform.Backoff{First: idleFirst, Longest: idleLongest},
		background: platform.NewBackground(maxAside, a.log),
	}
}

func (p *poller) run(ctx context.Context) error {
	backgroundCtx, stopBackground := context.WithCancel(context.WithoutCancel(ctx))
	defer stopBackground()
	p.backgroundCtx = backgroundCtx

	if err := p.signIn(ctx); err != nil || ctx.Err() != nil {
		return err
	}
	p.dropWebhook(ctx)
	p.loadOffset(ctx)
	menusDone := make(chan struct{})
	menuCtx, stopMenus := context.WithCancel(ctx)
	go func() {
		defer close(menusDone)
		p.setMenus(menuCtx)
	}()

	err := p.loop(ctx)

	stopMenus()
	grace, cancel := context.WithTimeout(context.WithoutCancel(ctx), shutdownGrace)
	defer cancel()
	p.saveOffset(grace)
	if err == nil {
		p.confirm(grace)
	}
	stop := context.AfterFunc(grace, stopBackground)
	p.background.Wait()
	stop()
	<-menusDone
	return err
}

// loop polls until ctx ends (nil) or Telegram refuses the bot for good.
func (p *poller) loop(ctx context.Context) error {
	for ctx.Err() == nil {
		began := p.clock.Now()
		timeout := pollTimeout
		if p.retry.Failures() > 0 {
			timeout = 0 // to know soon that it works again
		}
		updates, err := p.poll(ctx, timeout, pollLimit)
		if ctx.Err() != nil {
			return nil // what came with the last poll was not handed over and will come again
		}
		if err != nil {
			p.saveOffset(ctx) // Telegram may not have heard what was handed over
			wait, fatal := p.failed(ctx, err)
			if fatal != nil {
				return fatal
			}
			_ = p.clock.Sleep(ctx, wait)
			continue
		}
		p.worked()
		news, err := p.handOver(ctx, updates)
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
	params := tgbotapi.Params{"timeout": itoa(int64(timeout)), "limit": itoa(int64(limit))}
	// Always a list: without one the server keeps whatever was set before.
	wanted := []string{"message", "callback_query"}
	if p.suggester != nil {
		wanted = append(wanted, "inline_query")
	}
	setJSON(params, "allowed_updates", wanted)
	if p.queue.offset > 0 {
		params["offset"] = itoa(p.queue.offset)
	}
	raw, err := p.polls.do(ctx, "getUpdates", params, nil, maxPollBody)
	if err != nil {
		return nil, err
	}
	p.told = p.queue.offset
	return receive(raw)
}

// A received is one update of a poll: as it was read, or why it could not be.
type received struct {
	update
	raw json.RawMessage // of one that could not be read
	err error
}

// receive reads the updates of a poll: all at once, and only if that fails each
// by itself, so that one that cannot be decoded does not take the others with it
// (T10).
func receive(raw json.RawMessage) ([]received, error) {
	var all []update
	if json.Unmarshal(raw, &all) == nil {
		out := make([]received, len(all))
		for i, u := range all {
			out[i].update = u
		}
		return out, nil
	}
	var each []json.RawMessage
	if err := json.Unmarshal(raw, &each); err != nil {
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

// handOver delivers the updates in order. It reports whether any was new, and
// stops at the first that was not accepted.
func (p *poller) handOver(ctx context.Context, updates []received) (news bool, err error) {
	for _, u := range updates {
		if ctx.Err() != nil {
			return news, nil
		}
		if u.err != nil || u.ID == nil {
			id, ok := numberOf(u.raw)
			if ok && p.queue.repeated(id) {
				continue
			}
			p.poisoned++
			p.log.Warn("an update could not be read and was skipped", "update", id, "skipped", p.poisoned, "why", why(u.err))
			if ok {
				p.queue.done(id)
				news = true
			}
			continue
		}
		if p.queue.repeated(*u.ID) {
			p.log.Debug("an update came again and was dropped", "update", *u.ID)
			continue
		}
		if err := p.one(ctx, u.update); err != nil {
			return news, err
		}
		p.queue.done(*u.ID) // only now: accepted, or nobody's
		news = true
	}
	return news, nil
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

// one hands over one update.
func (p *poller) one(ctx context.Context, u update) error {
	if m := u.Message; m != nil {
		p.move(ctx, m.Chat.ID, m.MigrateTo)
		p.move(ctx, m.MigrateFrom, m.Chat.ID)
	}
	if u.Inline != nil {
		p.beside(u.Inline.From, func(ctx context.Context) { p.answerInline(ctx, u.Inline) })
		return nil
	}
	m, ok := p.converted(u)
	var said <-chan struct{} // closed when the bot has said something to a press, or will not
	if q := u.Callback; ok && q != nil {
		said = p.presses.begin(q.ID)
	}
	if ok {
		if m.SentAt.IsZero() {
			m.SentAt = p.clock.Now()
		}
		if err := p.deliver(ctx, m); err != nil {
			return err
		}
	}
	if q := u.Callback; q != nil && q.ID != "" && !p.beside(q.From, func(ctx context.Context) { p.answerButton(ctx, q, said) }) {
		p.presses.take(q.ID)
	}
	return nil
}

// converted is convert behind a guard: whatever people send, the updates after it
// must come through.
func (p *poller) converted(u update) (m bot.Message, ok bool) {
	defer func() {
		if r := recover(); r != nil {
			p.log.Error("an update could not be converted and was skipped", "update", *u.ID, "panic", fmt.Sprintf("%T", r), "stack", string(debug.Stack()))
			m, ok = bot.Message{}, false
		}
	}()
	return p.me.Load().convert(u)
}

// answerButton stops the button from turning, whatever becomes of the message,
// unless what the bot said in answer did; said is nil if nothing will be.
func (p *poller) answerButton(ctx context.Context, q *callbackQuery, said <-chan struct{}) {
	if said != nil {
		enough := time.NewTimer(pressWait)
		select {
		case <-said:
		case <-enough.C:
		case <-ctx.Done():
		}
		enough.Stop()
		if !p.presses.take(q.ID) {
			return
		}
	}
	params := tgbotapi.Params{"callback_query_id": q.ID}
	if q.Message == nil && p.Username() != "" {
		// Under an inline message there is no chat to answer in: lead to our own.
		params["url"] = "https://t.me/" + p.Username() + "?start=inline"
	}
	if _, err := p.calls.call(ctx, "answerCallbackQuery", params); err != nil {
		p.log.Debug("a pressed button was not acknowledged", "err", err)
	}
}

// beside runs do for who in the background, so that a call that hangs delays no
// message. It reports whether do runs.
func (p *poller) beside(who *user, do func(context.Context)) bool {
	return who != nil && p.background.Go(p.backgroundCtx, sender(who).ID, do)
}

// failed says how long to wait after a failed poll, or that it is over.
func (p *poller) failed(ctx context.Context, err error) (time.Duration, error) {
	p.line.Down(p.clock.Now(), err.Error())
	var e *apiError
	if !errors.As(err, &e) {
		return p.stumbled(err), nil
	}
	switch {
	case e.refused():
		return 0, refusal(e)
	case e.code == http.StatusConflict:
		return p.conflicted(ctx, e)
	case e.code == http.StatusTooManyRequests:
		p.log.Warn("Telegram asks to poll more slowly", "wait", e.wait())
		return min(e.wait(), longestPause), nil
	}
	return p.stumbled(err), nil
}

// stumbled logs the first of a row of failures loudly and the rest quietly.
func (p *poller) stumbled(err error) time.Duration {
	first := p.retry.Failures() == 0
	wait := p.retry.Next()
	if first {
		p.log.Warn("Telegram cannot be reached; trying again", "wait", wait, "err", err)
	} else {
		p.log.Debug("Telegram still cannot be reached", "failures", p.retry.Failures(), "wait", wait, "err", err)
	}
	return wait
}

// conflicted deals with 409: a webhook somebody set, or a second instance.
func (p *poller) conflicted(ctx context.Context, e *apiError) (time.Duration, error) {
	now := p.clock.Now()
	if p.conflict.Failures() == 0 {
		p.since = now
	}
	webhook := e.says("webhook")
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

// worked ends a row of failures.
func (p *poller) worked() {
	if p.retry.Failures() > 0 || p.conflict.Failures() > 0 {
		p.log.Info("polling works again", "failures", p.retry.Failures()+p.conflict.Failures())
	}
	p.retry.Reset()
	p.conflict.Reset()
	p.line.Up(p.clock.Now())
}

// confirm tells Telegram what was handed over. Without it the last batch would
// come again after a restart (T3).
func (p *poller) confirm(ctx context.Context) {
	if p.queue.offset == p.told {
		return
	}
	if _, err := p.poll(ctx, 0, 1); err != nil { // what it returns is not confirmed by it
		p.log.Info("the last messages could not be confirmed; the stored offset keeps them from being answered twice", "err", err)
	}
}

func (p *poller) offsetKey() string { return "telegram.offset." + botID(p.token) }

func (p *poller) loadOffset(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, storeTimeout)
	defer cancel()
	s, err := p.store.Get(ctx, p.offsetKey())
	if err != nil {
		p.log.Warn("the stored offset could not be read; messages of the last moments before the stop may be answered twice", "err", err)
	}
	p.saved = parseOffset(s, p.clock.Now())
	p.queue = newQueue(p.saved)
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
	if p.queue.offset == p.saved {
		return
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), storeTimeout)
	defer cancel()
	if err := p.store.Set(ctx, p.offsetKey(), formatOffset(p.queue.offset, p.clock.Now())); err != nil {
		p.log.Warn("the offset could not be stored; after a crash some messages may be answered twice", "err", err)
		return
	}
	p.saved, p.kept = p.queue.offset, p.clock.Now()
}
