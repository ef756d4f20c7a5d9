package telegram

import (
	"errors"
	"regexp"
	"strings"

	"footnote/bot/platform"
)

// tokenShape is what @BotFather gives out: the bot's number, a colon and a
// secret, 35 characters today. The length of the secret is not promised anywhere
// and test servers take short ones, so only the alphabet and a bound are checked.
var tokenShape = regexp.MustCompile(`^[0-9]{1,20}:[A-Za-z0-9_-]{1,128}$`)

// checkToken says in one sentence what is wrong with the token, without quoting it.
func checkToken(token platform.Secret) error {
	s := token.Reveal()
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
func botID(token platform.Secret) string {
	id, _, _ := strings.Cut(token.Reveal(), ":")
	return id
}

// secretsOf returns what must not show in any text: the token and, because it is as
// good as the token to whoever knows the bot's number, what stands after the colon.
func secretsOf(token platform.Secret) []string {
	all := []string{token.Reveal()}
	if _, secret, _ := strings.Cut(token.Reveal(), ":"); len(secret) >= minSecret {
		all = append(all, secret)
	}
	return all
}

// scrub removes token from s. A proxy between us and Telegram may make a text of the
// URL, which holds it.
func scrub(token platform.Secret, s string) string { return platform.Scrub(s, secretsOf(token)...) }

// minSecret is the shortest secret that is searched for by itself; a shorter one
// (only tests have such) would match ordinary words.
const minSecret = 8
