package telegram

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strconv"

	"footnote/bot"
	"footnote/bot/platform"
)

// refused reports whether e is Telegram's word that the token is worth nothing. It
// counts only from Telegram itself: a proxy that is being restarted says 404 too, and
// one that wants a password 401.
func (e *apiError) refused() bool {
	return e.json && (e.code == http.StatusUnauthorized || e.code == http.StatusNotFound)
}

// refusal is what the operator is told about it.
func refusal(e *apiError) error {
	return fmt.Errorf("telegram: the token is refused (%d %s): get a new one from @BotFather (/mybots, API Token) and set telegram.token: %w",
		e.code, http.StatusText(e.code), bot.ErrFatal)
}

// A login signs in to Telegram, and removes what keeps the bot from polling.
type login struct {
	calls      *client
	token      platform.Secret
	clock      Clock
	log        *slog.Logger
	connection *bot.Connection
	signedIn   func(user) // called once Telegram has said who the bot is
	retry      platform.Backoff
}

func newLogin(a *Adapter, signedIn func(user)) login {
	return login{
		calls: a.calls, token: a.token, clock: a.clock, log: a.log, connection: &a.connection, signedIn: signedIn,
		retry: platform.Backoff{First: retryFirst, Longest: retryLongest},
	}
}

// signIn learns who the bot is. It tries until ctx ends; only a refused token, or
// an endpoint that is no Bot API, is an error.
func (l *login) signIn(ctx context.Context) error {
	for ctx.Err() == nil {
		raw, err := l.calls.call(ctx, "getMe", nil)
		var self user
		if err == nil {
			if err = json.Unmarshal(raw, &self); err != nil {
				err = &netError{method: "getMe", text: "the result is no user"}
			}
		}
		if err == nil {
			if self.ID == 0 {
				self.ID, _ = strconv.ParseInt(botID(l.token), 10, 64)
			}
			l.retry.Reset()
			l.connection.Up(l.clock.Now())
			l.signedIn(self)
			return nil
		}
		wait := l.retry.Next()
		var e *apiError
		switch {
		case ctx.Err() != nil:
			return nil
		case errors.As(err, &e) && e.refused():
			return refusal(e)
		case errors.As(err, &e) && e.code == http.StatusNotFound:
			return fmt.Errorf("telegram: telegram.endpoint does not lead to a Bot API server (404 without its answer): use %s or the address of your own: %w", DefaultEndpoint, bot.ErrFatal)
		case errors.As(err, &e) && e.code == http.StatusTooManyRequests:
			wait = min(e.wait(), longestPause)
		}
		l.connection.Down(l.clock.Now(), err.Error())
		l.log.Warn("Telegram cannot be reached; trying again", "wait", wait, "err", err)
		_ = l.clock.Sleep(ctx, wait)
	}
	return nil
}

// signedIn notes and tells who the bot is and what it can hear.
func (a *Adapter) signedIn(self user) {
	a.me.Store(&identity{id: self.ID, username: self.Username, name: self.FirstName, guests: self.SupportsGuests, commands: bot.ByName(a.menu)})
	a.log.Info("signed in to Telegram", "bot", "@"+self.Username, "id", self.ID)
	// The biggest surprise of the platform, so it is said at every start.
	if self.ReadsGroups {
		a.log.Info("privacy mode is off: the bot receives every message of its groups, and answers those that mention it, reply to it or are commands")
	} else {
		a.log.Info("privacy mode is on: in groups Telegram passes on only commands and replies to the bot, not plain @mentions; " +
			"people ask with /ask. To change that: @BotFather, /setprivacy, Disable, then add the bot to the group again")
	}
	if a.suggester != nil && !self.SupportsInline {
		a.log.Info("inline mode is off: to allow @" + self.Username + " in every chat, use @BotFather, /setinline")
	}
}

// dropWebhook removes a webhook, with which Telegram refuses polling. Servers
// that know no webhooks are left alone.
func (l *login) dropWebhook(ctx context.Context) {
	raw, err := l.calls.call(ctx, "getWebhookInfo", nil)
	if err != nil {
		l.log.Debug("the server does not say whether a webhook is set", "err", err)
		return
	}
	var info webhookInfo
	if json.Unmarshal(raw, &info) != nil || info.URL == "" {
		return
	}
	// Its address is a secret of whoever set it.
	l.log.Warn("a webhook is set for this bot; it is removed, since Footnote polls")
	if _, err := l.calls.call(ctx, "deleteWebhook", nil); err != nil {
		l.log.Warn("the webhook could not be removed", "err", err)
	}
}
