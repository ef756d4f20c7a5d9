package telegram

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"time"

	"footnote/bot"
	"footnote/bot/cluster"
	"footnote/bot/platform"
)

const (
	// lookEvery is how often Telegram is asked how the webhook is, and lookSoon how often
	// while another process is about to set it.
	lookEvery = time.Minute
	lookSoon  = time.Second
	// hookConnections is how many updates Telegram sends at once, the most it allows: each
	// waits for its answer.
	hookConnections = 100
)

// A webhookInfo is what getWebhookInfo tells.
type webhookInfo struct {
	URL         string   `json:"url"`
	Pending     int      `json:"pending_update_count"`
	ErrorAt     int64    `json:"last_error_date"`
	Error       string   `json:"last_error_message"`
	Connections int      `json:"max_connections"`
	Allowed     []string `json:"allowed_updates"`
}

// A registrar keeps the webhook set for as long as a Run lasts: one process of all sets it,
// and each looks now and then whether it is. It is left set when the program stops: what
// comes meanwhile waits at Telegram.
type registrar struct {
	login
	hook    *webhook
	cluster cluster.Cluster
	wanted  func() []string
	every   time.Duration // lookEvery but in tests

	lease   cluster.Lease // of who sets it; nil if another does
	ages    ages
	failing bot.Streak // of Telegram's tries to reach it
}

func newRegistrar(a *Adapter, signedIn func(user)) *registrar {
	return &registrar{login: newLogin(a, signedIn), hook: a.webhook, cluster: a.cluster, wanted: a.wanted, every: a.lookEvery}
}

// run signs in, lets updates in and keeps the webhook set until ctx is done, and returns nil
// then, or an error wrapping bot.ErrFatal once Telegram refuses the bot for good.
func (r *registrar) run(ctx context.Context, handle func(context.Context, update) error) error {
	if err := r.signIn(ctx); err != nil || ctx.Err() != nil {
		return err
	}
	r.ages.polled(r.clock.Now(), r.calls.dated.Load(), r.log)
	correct := r.ages // of this machine's clock, as it was at the start
	stop := r.hook.open(ctx, func(ctx context.Context, u update) error {
		u.ages = correct
		return handle(ctx, u)
	})
	defer stop()
	defer func() {
		if r.lease != nil {
			giveBack(ctx, r.lease)
		}
	}()
	for ctx.Err() == nil {
		freed := r.cluster.Freed()
		r.elect(ctx)
		wait, err := r.look(ctx)
		if err != nil {
			return err
		}
		if r.lease != nil {
			freed = r.lease.Done()
		}
		await(ctx, freed, wait)
	}
	return nil
}

// elect makes this process the one that sets the webhook, if no other is.
func (r *registrar) elect(ctx context.Context) {
	if r.lease != nil && r.lease.Valid() {
		return
	}
	r.lease = nil
	ctx, cancel := context.WithTimeout(ctx, storeTimeout)
	defer cancel()
	if l, err := r.cluster.Acquire(ctx, webhookLease); err == nil {
		r.lease = l
	} else if !errors.Is(err, cluster.ErrHeld) {
		r.log.Debug("nobody knows who sets the webhook", "err", err)
	}
}

// look asks how the webhook is and sets it if that is this process's to do. It returns how
// long it may be left alone.
func (r *registrar) look(ctx context.Context) (time.Duration, error) {
	raw, err := r.calls.call(ctx, "getWebhookInfo", nil)
	var info webhookInfo
	if err == nil {
		if json.Unmarshal(raw, &info) != nil {
			err = &netError{method: "getWebhookInfo", text: "the result is no webhook"}
		}
	}
	// Who knows the address knows the secret: both are made of the token. So one that is
	// set is left alone, and what is under way with it.
	ours := info.URL == r.hook.url.Reveal() && slices.Equal(info.Allowed, r.wanted()) && info.Connections == hookConnections
	if err == nil && r.lease != nil && !ours {
		if info.URL != "" && info.URL != r.hook.url.Reveal() {
			r.log.Warn("another webhook is set for this bot; it is replaced") // its address is a secret
		}
		if err = r.register(ctx); err == nil {
			info = webhookInfo{URL: r.hook.url.Reveal()}
		}
	}
	now := r.clock.Now()
	switch {
	case ctx.Err() != nil:
		return 0, nil
	case err != nil:
		return r.onError(now, err)
	case info.URL != r.hook.url.Reveal():
		r.connection.Down(now, "the webhook is not set yet; another process is to set it")
		return min(lookSoon, r.every), nil
	}
	r.retry.Reset()
	r.connection.Up(now)
	r.reached(now, info)
	return r.every, nil
}

// register sets the webhook. What waits at Telegram is kept.
func (r *registrar) register(ctx context.Context) error {
	p := params{"url": r.hook.url.Reveal(), "secret_token": r.hook.secret.Reveal(), "max_connections": itoa(hookConnections)}
	p.setJSON("allowed_updates", r.wanted())
	if _, err := r.calls.call(ctx, "setWebhook", p); err != nil {
		return err
	}
	r.log.Info("the webhook is set")
	return nil
}

// onError says how long to wait after a call that failed, or that it is over.
func (r *registrar) onError(now time.Time, err error) (time.Duration, error) {
	text := r.hook.scrub(err.Error())
	var e *apiError
	if errors.As(err, &e) {
		switch {
		case e.refused():
			return 0, refusal(e)
		case e.code == http.StatusBadRequest && e.says("https url must be", "webhook can be set up only on ports", "invalid webhook url"):
			return 0, fmt.Errorf("telegram: telegram.webhook is refused (%s): %w", r.hook.scrub(e.text), bot.ErrFatal)
		case e.code == http.StatusTooManyRequests:
			r.connection.Down(now, text)
			return min(e.wait(), longestPause), nil
		}
	}
	first := r.retry.Failures() == 0
	wait := r.retry.Next()
	if first {
		r.log.Warn("the webhook could not be looked after; trying again", "wait", wait, "err", text)
	}
	r.connection.Down(now, text)
	return wait, nil
}

// reached tells whether Telegram reaches the webhook, as far as it says.
func (r *registrar) reached(now time.Time, info webhookInfo) {
	var err error
	if at := r.ages.of(time.Unix(info.ErrorAt, 0)); info.ErrorAt > 0 && info.Pending > 0 && now.Sub(at) < 2*lookEvery {
		err = errors.New(r.hook.scrub(platform.Scrub(info.Error, secretsOf(r.token)...)))
		r.connection.Note("Telegram does not reach the webhook: " + err.Error())
	}
	r.failing.Log(r.log, err, "Telegram does not reach the webhook")
}

// scrub removes what nobody may know of the webhook from s.
func (w *webhook) scrub(s string) string {
	return platform.Scrub(s, w.secret.Reveal(), w.url.Reveal(), w.path.Reveal())
}
