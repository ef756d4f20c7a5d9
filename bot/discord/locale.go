package discord

import (
	"sync"
	"time"

	"footnote/bot"
	"footnote/bot/platform"
)

// What language a person's app is in Discord tells with a command or a pressed button, and with a
// typed message it does not. With the former it also tells which language the server prefers; that is
// remembered, in memory, as a hint for what is typed there.

// usualLocale is what a server prefers where nobody has chosen, which tells nothing.
const usualLocale = "en-US"

// serverLocales are the languages that servers prefer. It is safe for concurrent use.
type serverLocales struct {
	mu      sync.Mutex
	servers map[string]serverLocale
}

type serverLocale struct {
	locale string
	at     time.Time
}

const (
	maxServers = 10_000 // some 1 MB
	localeFor  = 24 * time.Hour
)

// note remembers what i tells of its server.
func (l *serverLocales) note(i *interactionPayload, now time.Time) {
	if i.GuildID == "" || i.GuildLocale == "" || len(i.GuildLocale) > maxLocale {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if i.GuildLocale == usualLocale {
		delete(l.servers, i.GuildID)
		return
	}
	if l.servers == nil {
		l.servers = map[string]serverLocale{}
	}
	platform.Trim(l.servers, maxServers, func(s serverLocale) bool { return now.Sub(s.at) >= localeFor })
	l.servers[i.GuildID] = serverLocale{i.GuildLocale, now}
}

// maxLocale is longer than any of Discord's names of a language, in bytes.
const maxLocale = 16

// hint adds to m, which was typed, what its server prefers.
func (l *serverLocales) hint(w *messagePayload, m *bot.Message, now time.Time) {
	if w.GuildID == "" {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if s, ok := l.servers[w.GuildID]; ok && now.Sub(s.at) < localeFor {
		m.PlaceLang = s.locale
	}
}
