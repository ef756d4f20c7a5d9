package discord

import (
	"fmt"
	"testing"
	"time"

	dt "footnote/bot/discord/discordtest"
)

// What a server prefers, as a command there tells, is a hint for what is typed there; what Discord says
// of servers where nobody has chosen is none, and neither is another server's.
func TestServerLocale(t *testing.T) {
	t.Parallel()
	x := start(t, dt.Options{}, Config{})
	x.ready()
	ask := func(guild, locale string) {
		x.server.Act(dt.Acted{From: "ann", Channel: "room of " + guild, Guild: guild, Locale: "fr", GuildLocale: locale, Type: 2, Data: map[string]any{"name": "ask", "type": 1, "options": []any{map[string]any{"name": "question", "type": 3, "value": "x"}}}})
	}
	typeIn := func(guild string) {
		x.server.Say(dt.Said{From: "ben", Channel: "room of " + guild, Guild: guild, Text: x.server.At("hello"), Mentions: true})
	}
	for i, step := range []struct {
		do    func()
		hint  string
		typed bool
	}{
		{func() { typeIn("uno") }, "", true},
		{func() { ask("uno", "de") }, "", false},
		{func() { typeIn("uno") }, "de", true},
		{func() { typeIn("duo") }, "", true},
		{func() { ask("duo", "en-US") }, "", false},
		{func() { typeIn("duo") }, "", true},
		{func() { ask("uno", "en-US") }, "", false}, // nobody prefers anything any more
		{func() { typeIn("uno") }, "", true},
	} {
		step.do()
		if m := x.wait(i + 1)[i]; m.PlaceLang != step.hint || step.typed && m.From.Lang != "" || !step.typed && m.From.Lang != "fr" {
			t.Errorf("step %d: hint %q, %q of the person", i, m.PlaceLang, m.From.Lang)
		}
	}
}

// There are only so many servers of which it is remembered, and for a day.
func TestServerLocalesBounded(t *testing.T) {
	now := time.Date(2031, time.March, 1, 12, 0, 0, 0, time.UTC)
	l := newServerLocales(func() time.Time { return now })
	for i := range maxServers + 100 {
		l.note(&interactionPayload{GuildID: fmt.Sprint(i), GuildLocale: "de"})
	}
	if l.Has("0") || !l.Has("100") {
		t.Errorf("not the last %d servers are remembered", maxServers)
	}
	last := &messagePayload{GuildID: fmt.Sprint(maxServers + 99)}
	m, ok := convertMessage("", last, now)
	now = now.Add(localeFor - time.Minute)
	l.hint(last, &m)
	if m.PlaceLang != "de" || ok {
		t.Errorf("after less than a day: %q", m.PlaceLang)
	}
	m.PlaceLang = ""
	now = now.Add(time.Minute)
	l.hint(last, &m)
	if m.PlaceLang != "" {
		t.Errorf("after a day: %q", m.PlaceLang)
	}
}
