package rest

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"math"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"footnote/bot"
	"footnote/bot/platform"
)

// Codes of Discord's errors that are treated in a way of their own.
const (
	CodeUnknownChannel     = 10003
	CodeUnknownMessage     = 10008
	CodeUnknownInteraction = 10062
	CodeNoAccess           = 50001
	CodeDirectClosed       = 50007
	CodeNoPermission       = 50013
	CodeSlowmode           = 20016
	CodeInvalidToken       = 50027 // an interaction's token, not the bot's
	CodeInvalidForm        = 50035
	CodeAcknowledged       = 40060
	CodeNoReplyPermission  = 160002 // "cannot reply without permission to read message history"
)

// An Error is Discord's refusal of a call. Its text holds nothing secret.
type Error struct {
	doing   string // "send a message"
	status  int
	code    int
	message string // what Discord said, scrubbed
	class   error  // one of bot's, or nil if trying again may help
}

func (e *Error) Error() string {
	s := fmt.Sprintf("discord: could not %s: HTTP %d", e.doing, e.status)
	if e.code != 0 {
		s += fmt.Sprintf(", code %d", e.code)
	}
	if e.message != "" {
		s += " (" + e.message + ")"
	}
	if e.class != nil {
		s += ": " + e.class.Error()
	}
	return s
}

func (e *Error) Unwrap() error { return e.class }

// Gone is the error of a call that is not made, since Discord would say that what it is
// about is gone; code may be 0.
func Gone(doing, why string, code int) error {
	return &Error{doing: doing, status: http.StatusNotFound, code: code, message: why, class: bot.ErrGone}
}

// HasCode reports whether err is Discord's error of this code.
func HasCode(err error, code int) bool {
	var e *Error
	return errors.As(err, &e) && e.code == code
}

// An answer is what came back of a call.
type answer struct {
	unread bool // see call
	status int
	header http.Header
	body   []byte
}

// classify turns a refusal into an error of the right class. For a 429 it also
// says how long to wait, and who has to.
func classify(doing string, a answer, secrets ...string) (wait time.Duration, who limited, err error) {
	var msg struct {
		Code       int             `json:"code"`
		Message    string          `json:"message"`
		RetryAfter float64         `json:"retry_after"`
		Global     bool            `json:"global"`
		Errors     json.RawMessage `json:"errors"`
	}
	isJSON := platform.Decode(a.body, &msg) == nil
	e := &Error{doing: doing, status: a.status, code: msg.Code}
	e.message = short(platform.Scrub(msg.Message, secrets...))
	switch {
	case a.status == http.StatusTooManyRequests:
		wait = seconds(msg.RetryAfter)
		if h, err := strconv.ParseFloat(a.header.Get("Retry-After"), 64); err == nil && seconds(h) > wait {
			wait = seconds(h)
		}
		switch {
		case !isJSON:
			// It is not Discord's API that refuses but the proxy before it, and then
			// every call is refused.
			who = limitedAddress
		case msg.Global || a.header.Get("X-RateLimit-Global") != "":
			who = limitedBot
		}
		if wait == 0 {
			wait = unspokenWait
		}
		e.message = "too many requests"
		return wait, who, &bot.RetryError{After: wait, Err: e}
	case a.status >= 500:
		// Transient by contract: no class.
	case (a.status == http.StatusForbidden || a.status == http.StatusUnauthorized) && !isJSON:
		e.message = "refused by the proxy before Discord"
		return 0, limitedRoute, &bot.RetryError{After: unspokenWait, Err: e}
	case a.status == http.StatusUnauthorized && msg.Code == CodeInvalidToken:
		e.class = bot.ErrGone
	case a.status == http.StatusUnauthorized:
		e.class = fmt.Errorf("the token is refused; make a new one at %s: %w", WhereTokens, bot.ErrForbidden)
	case a.status == http.StatusNotFound:
		e.class = bot.ErrGone
	case msg.Code == CodeAcknowledged:
		e.class = bot.ErrGone
	case msg.Code == CodeInvalidForm && tooLong(msg.Errors):
		e.class = bot.ErrTooLong
	case a.status == http.StatusRequestEntityTooLarge:
		e.class = bot.ErrTooLong
	case a.status == http.StatusForbidden:
		e.class = bot.ErrForbidden // for want of a permission
	case a.status < 400:
		e.class = refused("a redirect, which the API never answers with; is discord.endpoint right?")
	default:
		// Every 400 too: the same call would be refused again, and counts towards
		// Discord's ban of the address.
		e.class = refused("Discord does not take what was sent")
		if fields := invalidFields(msg.Errors); fields != "" {
			e.message = strings.TrimSpace(e.message + " " + short(platform.Scrub(fields, secrets...)))
		}
	}
	return 0, limitedRoute, e
}

// A refused says why a call is not tried again that is no matter of permissions.
type refused string

func (r refused) Error() string { return string(r) }
func (r refused) Unwrap() error { return bot.ErrForbidden }

// invalidFields says which fields of a form Discord does not take, and why: their paths
// and Discord's codes, nothing of what was in them.
func invalidFields(errs json.RawMessage) string {
	var all []string
	var walk func(path string, raw json.RawMessage, depth int)
	walk = func(path string, raw json.RawMessage, depth int) {
		fields := map[string]json.RawMessage{}
		if depth > maxFieldDepth || platform.Decode(raw, &fields) != nil {
			return
		}
		for _, name := range slices.Sorted(maps.Keys(fields)) {
			if name != "_errors" {
				walk(strings.TrimPrefix(path+"."+name, "."), fields[name], depth+1)
				continue
			}
			var codes []struct {
				Code string `json:"code"`
			}
			_ = platform.Decode(fields[name], &codes)
			for _, c := range codes {
				all = append(all, path+": "+c.Code)
			}
		}
	}
	walk("", errs, 0)
	return strings.Join(all, ", ")
}

// maxFieldDepth is deeper than any form of ours.
const maxFieldDepth = 8

// tokenRefused reports whether a call failed because Discord does not take the bot's
// token: neither that of an interaction, nor for want of a proxy's password.
func tokenRefused(status int, err error) bool {
	var retry *bot.RetryError
	return status == http.StatusUnauthorized && !HasCode(err, CodeInvalidToken) && !errors.As(err, &retry)
}

// WhereTokens tells a person where a bot's token is made.
const WhereTokens = "https://discord.com/developers/applications → your application → Bot → Reset Token"

// unspokenWait is how long to wait when told to wait but not how long.
const unspokenWait = time.Minute

// maxWait bounds what a server can make the bot wait.
const maxWait = 24 * time.Hour

func seconds(s float64) time.Duration {
	if math.IsNaN(s) || s <= 0 {
		return 0
	}
	if s > maxWait.Seconds() {
		return maxWait
	}
	return time.Duration(s * float64(time.Second))
}

// tooLong reports whether a form was refused for the length of its content.
func tooLong(errs json.RawMessage) bool {
	var fields struct {
		Content struct {
			Errors []struct {
				Code string `json:"code"`
			} `json:"_errors"`
		} `json:"content"`
	}
	_ = platform.Decode(errs, &fields)
	for _, x := range fields.Content.Errors {
		if strings.Contains(x.Code, "MAX_LENGTH") || strings.Contains(x.Code, "BAD_LENGTH") {
			return true
		}
	}
	return false
}

// short makes a server's sentence fit into one of ours.
func short(s string) string {
	return platform.CutUTF16(strings.Join(strings.Fields(platform.Clean(s)), " "), 120)
}

// NotMade is err, of a call that got no answer, without the address of the call:
// *url.Error holds the whole URL, and with it an interaction's token.
func NotMade(doing string, err error, secrets ...string) error {
	var u *url.Error
	for errors.As(err, &u) {
		err = u.Err
	}
	return &callError{doing: doing, err: err, text: platform.Scrub(err.Error(), secrets...)}
}

// A callError is a call that got no answer.
type callError struct {
	doing string
	err   error
	text  string
}

func (e *callError) Error() string { return "discord: could not " + e.doing + ": " + e.text }
func (e *callError) Unwrap() error { return e.err }

// denied reports whether err says that the bot may not write in a channel at all.
func denied(err error) bool {
	return HasCode(err, CodeNoAccess) || HasCode(err, CodeNoPermission) || HasCode(err, CodeDirectClosed)
}

// Unsure reports whether it is likely enough that a call that failed with err was
// carried out that it must not be repeated where a repetition would show: its
// reply was lost, or a proxy got tired of waiting for it.
func Unsure(err error) bool {
	var api *Error
	if errors.As(err, &api) {
		return api.status == http.StatusGatewayTimeout
	}
	var lost *callError
	var op *net.OpError
	return errors.As(err, &lost) && !(errors.As(err, &op) && op.Op == "dial")
}

// FileRefused reports whether a message that carried a file was refused in a way
// that the same message without it may not be: for want of the permission to attach
// files, for its size, or by a server that takes no such form.
func FileRefused(err error) bool {
	var api *Error
	var retry *bot.RetryError
	if !errors.As(err, &api) || errors.As(err, &retry) || api.code == CodeAcknowledged {
		return false
	}
	switch api.status {
	case http.StatusBadRequest, http.StatusForbidden, http.StatusRequestEntityTooLarge, http.StatusUnsupportedMediaType:
		return true
	}
	return false
}

// MaybeArrived reports whether a call that failed with err may still have been
// carried out.
func MaybeArrived(err error) bool {
	var lost *callError
	var api *Error
	return errors.As(err, &lost) || errors.As(err, &api) && api.status >= 500
}
