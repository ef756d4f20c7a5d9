package discord

import (
	"time"

	"footnote/bot"
	"footnote/bot/recent"
)

// What language a person's app is in Discord tells with a command or a pressed button, and with a
// typed message it does not. With the former it also tells which language the server prefers; that is
// remembered, in memory, as a hint for what is typed there.

// usualLocale is what a server prefers where nobody has chosen, which tells nothing.
const usualLocale = "en-US"

const (
	maxServers = 10_000 // some 1 MB
	localeFor  = 24 * time.Hour
	// maxLocale is longer than any of Discord's names of a language, in bytes.
	maxLocale = 16
)

// serverLocales are the languages that servers prefer, by the servers' ids.
type serverLocales struct{ *recent.Map[string, string] }

func newServerLocales(now func() time.Time) serverLocales {
	return serverLocales{recent.New[string, string](maxServers, localeFor, now)}
}

// note remembers what i tells of its server.
func (l serverLocales) note(i *interactionPayload) {
	switch {
	case i.GuildID == "" || i.GuildLocale == "" || len(i.GuildLocale) > maxLocale:
	case i.GuildLocale == usualLocale:
		l.Delete(i.GuildID)
	default:
		l.Set(i.GuildID, i.GuildLocale)
	}
}

// hint adds to m, which was typed, what its server prefers.
func (l serverLocales) hint(w *messagePayload, m *bot.Message) {
	if locale, ok := l.Get(w.GuildID); ok {
		m.PlaceLang = locale
	}
}
