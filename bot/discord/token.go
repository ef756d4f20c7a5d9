package discord

import (
	"errors"
	"strings"

	"footnote/bot/discord/rest"
	"footnote/bot/platform"
)

// Bounds on a token: real ones have 59 to 72 characters today; the bounds are
// wide, since Discord has lengthened them before and a proxy may use its own.
const (
	minToken = 8
	maxToken = 512
)

// checkToken says what is wrong with a token by its shape alone. No error holds any
// part of it.
func checkToken(token platform.Secret) error {
	s := token.Reveal()
	switch {
	case s == "":
		return errors.New("discord.token is empty: set it to the bot's token from " + rest.WhereTokens)
	case strings.HasPrefix(s, "Bot ") || strings.HasPrefix(s, "Bearer "):
		return errors.New(`discord.token begins with "Bot " or "Bearer ": set the token alone, without that word`)
	case strings.TrimSpace(s) != s:
		return errors.New("discord.token has white space or a line break at an end: set the token alone")
	case len(s) < minToken || len(s) > maxToken:
		return errors.New("discord.token cannot be a Discord token (wrong length): copy it again from " + rest.WhereTokens)
	}
	for _, c := range []byte(s) {
		if c <= ' ' || c > '~' {
			return errors.New("discord.token holds a character that no Discord token has: copy it again from " + rest.WhereTokens)
		}
	}
	return nil
}
