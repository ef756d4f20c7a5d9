package telegram

import (
	"errors"
	"log/slog"
	"net/url"
	"regexp"
	"strings"
)

// Token is a bot's token. It prints as "[redacted]" however it is printed.
type Token string

const redacted = "[redacted]"

// String hides the token.
func (t Token) String() string { return redacted }

// GoString hides the token from %#v.
func (t Token) GoString() string { return redacted }

// MarshalText hides the token from JSON and from text handlers.
func (t Token) MarshalText() ([]byte, error) { return []byte(redacted), nil }

// LogValue hides the token from slog.
func (t Token) LogValue() slog.Value { return slog.StringValue(redacted) }

// tokenShape is what @BotFather gives out: the bot's number, a colon and a
// secret, 35 characters today. The length of the secret is not promised anywhere
// and test servers take short ones, so only the alphabet and a bound are checked.
var tokenShape = regexp.MustCompile(`^[0-9]{1,20}:[A-Za-z0-9_-]{1,128}$`)

// check says in one sentence what is wrong with the token, without quoting it.
func (t Token) check() error {
	s := string(t)
	switch {
	case s == "":
		return errors.New("telegram.token is empty: create a bot with @BotFather on Telegram and set the token it gives you")
	case strings.TrimSpace(s) != s:
		return errors.New("telegram.token has a space or a line break around it: remove it")
	case strings.HasPrefix(strings.ToLower(s), "bot"):
		return errors.New(`telegram.token begins with "bot": leave that word out, the token begins with the bot's number`)
	case !tokenShape.MatchString(s):
		return errors.New(`telegram.token does not look like a token: it is a number, a colon and letters, as @BotFather shows it after "Use this token"`)
	}
	return nil
}

// botID is the public number before the colon.
func (t Token) botID() string {
	id, _, _ := strings.Cut(string(t), ":")
	return id
}

// scrub removes the token from s, in plain and in URL-escaped form, and so also
// from text that a proxy between us and Telegram made from the URL.
func (t Token) scrub(s string) string {
	if t == "" {
		return s
	}
	_, secret, _ := strings.Cut(string(t), ":")
	for _, form := range []string{string(t), url.PathEscape(string(t)), url.QueryEscape(string(t))} {
		s = strings.ReplaceAll(s, form, redacted)
	}
	// The secret alone is as good as the token to whoever knows the bot's number.
	if len(secret) >= minSecret {
		s = strings.ReplaceAll(s, secret, redacted)
	}
	return s
}

// minSecret is the shortest secret that is searched for by itself; a shorter one
// (only tests have such) would match ordinary words.
const minSecret = 8
