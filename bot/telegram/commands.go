package telegram

import (
	"context"
	"encoding/json"
	"errors"
	"maps"
	"slices"

	"footnote/bot"
	"footnote/bot/platform"
)

// menuScopes are where menus differ: everywhere else, in groups, and for the admins of
// groups. They are a convenience: what a menu shows says nothing about who may.
var menuScopes = [...]string{"default", "all_group_chats", "all_chat_administrators"}

// menuLanguages are the languages that have a menu of their own; "" is the English
// one, which is for everybody else too.
func menuLanguages(commands []bot.Command) []string {
	langs := map[string]bool{"": true}
	for _, c := range commands {
		for lang := range c.Texts {
			langs[lang] = true
		}
	}
	delete(langs, "en")
	return slices.Sorted(maps.Keys(langs))
}

// maxDescription is in characters; Telegram allows 256.
const maxDescription = 256

// A command is a BotCommand.
type command struct {
	Command     string `json:"command"`
	Description string `json:"description"`
	Ephemeral   bool   `json:"is_ephemeral,omitempty"`
}

// A menu is one setMyCommands.
type menu struct {
	scope, lang string
	commands    []command
}

func (m menu) params() params {
	p := params{"scope": `{"type":"` + m.scope + `"}`}
	if m.lang != "" {
		p["language_code"] = m.lang
	}
	return p
}

// menus writes out the command list for every scope and language.
func menus(commands []bot.Command) []menu {
	var out []menu
	for _, scope := range menuScopes {
		for _, lang := range menuLanguages(commands) {
			m := menu{scope: scope, lang: lang, commands: []command{}} // none is an empty list, not null
			for _, c := range bot.Listed(commands) {
				// They are understood in groups all the same.
				if c.Personal && scope != "default" || c.Managers && scope == "all_group_chats" {
					continue
				}
				d := c.Texts[lang].Description
				if d == "" {
					d = c.Texts["en"].Description
				}
				if d != "" {
					m.commands = append(m.commands, command{
						Command: c.Name, Description: bot.Shorten(d, maxDescription), Ephemeral: c.Hidden && scope != "default",
					})
				}
			}
			out = append(out, m)
		}
	}
	return out
}

// setMenus sets the menus that differ from what Telegram has. A digest in the
// Store saves even asking. Nothing here is worth stopping for: servers without
// these methods exist, and the commands work without a menu.
func (a *Adapter) setMenus(ctx context.Context) {
	all := menus(a.menu)
	key := "telegram.menus." + botID(a.token)
	digest := digestOf(all)
	if was, err := a.store.Get(ctx, key); err == nil && was == digest {
		return
	}
	set := 0
	for _, m := range all {
		if a.hasMenu(ctx, m) {
			continue
		}
		p := m.params()
		p.setJSON("commands", m.commands)
		if _, err := a.calls.call(ctx, "setMyCommands", p); err != nil {
			var e *apiError
			if errors.As(err, &e) && e.code == 429 && a.clock.Sleep(ctx, min(e.wait(), longestPause)) == nil {
				_, err = a.calls.call(ctx, "setMyCommands", p)
			}
			if err != nil {
				if ctx.Err() == nil {
					a.log.Warn("the command menu could not be set; commands work all the same", "scope", m.scope, "lang", m.lang, "err", err)
				}
				return
			}
		}
		set++
	}
	if err := a.store.Set(ctx, key, digest); err != nil {
		a.log.Warn("the state of the command menu could not be stored; it will be compared again at the next start", "err", err)
	}
	if set > 0 {
		a.log.Info("command menus set", "menus", set)
	}
}

// hasMenu reports whether Telegram has m already. If it cannot tell, no.
func (a *Adapter) hasMenu(ctx context.Context, m menu) bool {
	raw, err := a.calls.call(ctx, "getMyCommands", m.params())
	if err != nil {
		return false
	}
	var have []command
	return json.Unmarshal(raw, &have) == nil && slices.Equal(have, m.commands)
}

// digestOf names what all menus are set to.
func digestOf(all []menu) string {
	var calls []params
	for _, m := range all {
		p := m.params()
		p.setJSON("commands", m.commands)
		calls = append(calls, p)
	}
	return platform.Digest(calls)
}
