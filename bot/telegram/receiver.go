package telegram

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"sync"
	"time"

	"footnote/bot"
	"footnote/bot/platform"
)

// maxBackground bounds the calls that answer buttons and inline queries beside the
// polling. Above it the button keeps turning until Telegram's own time is up.
const maxBackground = 256

// A receiver is what one Run does with the updates.
type receiver struct {
	*Adapter
	deliver         bot.DeliverFunc
	background      *platform.Background // answers to buttons and inline queries
	startBackground func(who bot.UserID, do func(context.Context)) bool
}

// Run implements bot.Adapter. It may be called again after it has returned.
func (a *Adapter) Run(ctx context.Context, deliver bot.DeliverFunc) error {
	if !a.running.CompareAndSwap(false, true) {
		return errors.New("telegram: Run is running already")
	}
	defer a.running.Store(false)
	defer a.Close()

	// Calls in the background go on for a moment when polling ends.
	background, stopBackground := context.WithCancel(context.WithoutCancel(ctx))
	defer stopBackground()
	afterGrace := func() { time.AfterFunc(shutdownGrace, stopBackground) }
	defer context.AfterFunc(ctx, afterGrace)()
	r := &receiver{Adapter: a, deliver: deliver, background: platform.NewBackground(maxBackground, a.log)}
	r.startBackground = func(who bot.UserID, do func(context.Context)) bool { return r.background.Go(background, who, do) }

	menus, stopMenus := context.WithCancel(ctx)
	defer stopMenus()
	var setting sync.WaitGroup
	err := a.source(func(self user) {
		a.signedIn(self)
		setting.Go(func() { a.setMenus(menus) })
	}).run(ctx, r.handle)
	stopMenus()
	if err != nil {
		afterGrace()
	}
	r.background.Wait()
	setting.Wait()
	a.connection.Ended(a.clock.Now(), err)
	return err
}

// A source gives updates to handle until ctx is done, which is no error, or Telegram
// refuses the bot for good.
type source interface {
	run(ctx context.Context, handle func(context.Context, update) error) error
}

// source is where updates come from; signedIn is called once Telegram has said who the bot
// is.
func (a *Adapter) source(signedIn func(user)) source {
	if a.webhook != nil {
		return newRegistrar(a, signedIn)
	}
	return newPoller(a, signedIn)
}

// handle takes one update. It returns nil once the bot has accepted it, or where it is
// for nobody.
func (r *receiver) handle(ctx context.Context, u update) error {
	if m := u.Message; m != nil {
		r.move(ctx, m.Chat.ID, m.MigrateTo)
		r.move(ctx, m.MigrateFrom, m.Chat.ID)
	}
	settled := func() {
		if u.settled != nil {
			u.settled()
		}
	}
	if u.Inline != nil {
		if !r.inBackground(u.Inline.From, func(ctx context.Context) {
			defer settled()
			r.answerInline(ctx, u.Inline)
		}) {
			settled()
		}
		return nil
	}
	m, ok := r.converted(u)
	if !ok {
		defer settled()
	}
	m.Settled = u.settled
	var said <-chan struct{} // closed when the bot has said something to a press, or will not
	if q := u.Callback; ok && q != nil {
		said = r.callbacks.begin(q.ID)
	}
	if ok {
		if m.SentAt.IsZero() {
			m.SentAt = r.clock.Now()
		} else {
			m.SentAt = u.ages.of(m.SentAt)
		}
		if err := r.deliver(ctx, m); err != nil {
			return err
		}
	}
	if q := u.Callback; q != nil && q.ID != "" && !r.inBackground(q.From, func(ctx context.Context) { r.answerButton(ctx, q, said) }) {
		r.callbacks.claim(q.ID)
	}
	return nil
}

// converted is convert, of which nothing that people send may end the program: the
// updates after it must come through.
func (r *receiver) converted(u update) (m bot.Message, ok bool) {
	defer func() {
		if x := recover(); x != nil {
			r.log.Error("an update could not be converted and was skipped", "update", *u.ID, "panic", fmt.Sprintf("%T", x), "stack", string(debug.Stack()))
			m, ok = bot.Message{}, false
		}
	}()
	return r.me.Load().convert(u)
}

// inBackground runs do for who in the background, so that a call that hangs delays no
// message. It reports whether do runs.
func (r *receiver) inBackground(who *user, do func(context.Context)) bool {
	return who != nil && r.startBackground(sender(who).ID, do)
}
