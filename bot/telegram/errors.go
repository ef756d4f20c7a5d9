package telegram

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"footnote/bot"
)

// An apiError is a refusal: by Telegram, or by what stands before it.
type apiError struct {
	method     string
	code       int    // HTTP status or Telegram's error_code
	text       string // what Telegram said, without the token
	json       bool   // Telegram's own answer, not a proxy's page
	retryAfter time.Duration
	migrateTo  int64
}

func (e *apiError) Error() string {
	return fmt.Sprintf("telegram: %s: %d %s", e.method, e.code, e.text)
}

// says reports whether the description holds one of the phrases.
func (e *apiError) says(phrases ...string) bool {
	text := strings.ToLower(e.text)
	for _, p := range phrases {
		if strings.Contains(text, p) {
			return true
		}
	}
	return false
}

// A netError is a call without an answer that could be read.
type netError struct {
	method string
	text   string
	sent   bool  // the request had left when the connection failed
	err    error // a context's error or errBody; never one that knows the URL
}

func (e *netError) Error() string { return "telegram: " + e.method + ": " + e.text }
func (e *netError) Unwrap() error { return e.err }

// A fixup is what to change before a refused message is sent again. The phrases by
// which it is told are those of Telegram's server.
type fixup int

const (
	giveUp      fixup = iota // return the error that explain makes
	done                     // it has happened already
	withoutHTML              // resend as plain text
	withoutReply
	withoutThread
	movedChat   // resend to apiError.migrateTo
	withoutEdit // post anew
	withoutQuote
)

// fixup returns what the refusal asks for.
func (e *apiError) fixup() fixup {
	switch {
	case e.migrateTo != 0:
		return movedChat
	case e.code != http.StatusBadRequest:
		return giveUp
	case e.says("message is not modified"):
		return done
	case e.says("can't parse entities", "entities_too_long"): // or its links have more than some nine thousand bytes
		return withoutHTML
	case e.says("quote_text_invalid", "quote not found", "message quote", "quoted text"):
		return withoutQuote
	case e.says("message to be replied not found", "message to reply not found", "replied message not found"):
		return withoutReply
	case e.says("message to edit not found", "message can't be edited", "message_id_invalid"):
		return withoutEdit
	case e.says("message thread not found", "topic_deleted", "topic_closed", "topic_id_invalid"):
		return withoutThread
	}
	return giveUp
}

// refusesFile reports whether a message that carried a file was refused in a way
// that the same words without it may not be: for want of the right to send files, for
// its size, or by a server that does not know how to take one.
func (e *apiError) refusesFile() bool {
	switch e.code {
	case http.StatusBadRequest, http.StatusForbidden:
		return e.json && !errors.Is(explain(context.Background(), e), bot.ErrGone) && !e.says("bot was blocked", "bot was kicked", "user is deactivated", "can't initiate")
	case http.StatusNotFound, http.StatusRequestEntityTooLarge:
		return true
	case http.StatusInternalServerError:
		return !e.json // Telegram's own would be transient
	}
	return false
}

// tooLate reports whether a pressed button or an ephemeral command is too old for an ephemeral
// answer.
func (e *apiError) tooLate() bool { return e.says("query is too old", "query id is invalid") }

// explain turns a failed call into the contract's errors.
func explain(ctx context.Context, err error) error {
	var e *apiError
	if !errors.As(err, &e) {
		if ctx.Err() != nil && !errors.Is(err, ctx.Err()) {
			return fmt.Errorf("%w (%w)", err, ctx.Err())
		}
		return err
	}
	switch {
	case e.code == http.StatusTooManyRequests:
		return &bot.RetryError{After: e.wait(), Err: e}
	case e.code == http.StatusForbidden && e.json:
		return fmt.Errorf("%w: %w", e, bot.ErrForbidden)
	case e.says("message is too long", "text is too long"):
		return fmt.Errorf("%w: %w", e, bot.ErrTooLong)
	case e.says("not enough rights", "have no rights", "need administrator rights",
		"_forbidden", "chat_restricted", "user_restricted", "payment_required", "premium_required"): // the server passes these on as they are
		return fmt.Errorf("%w: %w", e, bot.ErrForbidden)
	case e.says("chat not found", "peer_id_invalid", "channel_private", "group chat was deactivated", "user is deactivated",
		"topic_", "message thread not found"), e.tooLate():
		return fmt.Errorf("%w: %w", e, bot.ErrGone)
	}
	return e
}

// wait is how long a 429 asks to wait; minWait where it does not say.
func (e *apiError) wait() time.Duration { return max(e.retryAfter, minWait) }

// minWait is what a 429 without retry_after costs (a proxy's, for example).
const minWait = time.Second
