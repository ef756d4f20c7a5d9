package telegram

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"maps"
	"slices"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"
)

// A Command is an entry of the menu that Telegram shows while somebody types "/".
type Command struct {
	Name        string            // 1 to 32 of a-z, 0-9 and _
	Description map[string]string // by two-letter language; "en" is everybody else's; at most 256 characters
	PrivateOnly bool              // not in the menus of groups, but understood there
	Hidden      bool              // understood, in no menu
}

// menuLanguages are the languages that have a menu of their own; "" is the one for
// everybody else. menuScopes likewise: everywhere else, and groups.
var (
	menuLanguages = [...]string{"", "de", "es", "fr", "ru"}
	menuScopes    = [...]string{"default", "all_group_chats"}
)

// DefaultCommands are the commands of the conversation, as every platform has
// them. /start, /help and /privacy are demanded of every bot by Telegram.
func DefaultCommands() []Command {
	return []Command{
		{Name: "ask", Description: map[string]string{
			"en": "Ask a history question", "de": "Eine Frage zur Geschichte stellen", "es": "Hacer una pregunta de historia",
			"fr": "Poser une question d’histoire", "ru": "Задать вопрос по истории"}},
		{Name: "source", Description: map[string]string{
			"en": "Show the full source of the last answer, or of a topic", "de": "Die Quelle der letzten Antwort oder zu einem Thema zeigen",
			"es": "Mostrar la fuente de la última respuesta o de un tema", "fr": "Montrer la source de la dernière réponse ou d’un sujet",
			"ru": "Показать источник последнего ответа или по теме"}},
		{Name: "topics", Description: map[string]string{
			"en": "List what can be asked about", "de": "Themen auflisten", "es": "Ver los temas disponibles",
			"fr": "Lister les sujets", "ru": "Показать темы"}},
		{Name: "search", Description: map[string]string{
			"en": "Search the facts for words", "de": "Fakten nach Wörtern durchsuchen", "es": "Buscar palabras en los datos",
			"fr": "Chercher des mots dans les faits", "ru": "Искать факты по словам"}},
		{Name: "help", Description: map[string]string{
			"en": "How to ask", "de": "So wird gefragt", "es": "Cómo preguntar", "fr": "Comment demander", "ru": "Как спрашивать"}},
		{Name: "about", PrivateOnly: true, Description: map[string]string{
			"en": "What this bot knows and who made it", "de": "Was dieser Bot weiß und von wem er ist", "es": "Qué sabe este bot y quién lo hizo",
			"fr": "Ce que sait ce bot et qui l’a fait", "ru": "Что знает этот бот и кто его сделал"}},
		{Name: "privacy", PrivateOnly: true, Description: map[string]string{
			"en": "What is stored about you", "de": "Was über dich gespeichert wird", "es": "Qué se guarda sobre ti",
			"fr": "Ce qui est conservé sur vous", "ru": "Что о вас хранится"}},
		{Name: "start", Hidden: true},
		{Name: "why", Hidden: true},
		{Name: "check", Hidden: true},
		{Name: "forget", Hidden: true},
	}
}

// names is the set of the commands' names. In a group, "/name" alone is for this
// bot only if it knows the name; "/name@bot" always is.
func names(menu []Command) map[string]bool {
	m := map[string]bool{}
	for _, c := range menu {
		m[c.Name] = true
	}
	return m
}

// A menu is one setMyCommands.
type menu struct {
	scope, lang string
	commands    []tgbotapi.BotCommand
}

func (m menu) params() tgbotapi.Params {
	p := tgbotapi.Params{"scope": `{"type":"` + m.scope + `"}`}
	if m.lang != "" {
		p["language_code"] = m.lang
	}
	return p
}

// menus writes out the command list for every scope and language.
func menus(commands []Command) []menu {
	var out []menu
	for _, scope := range menuScopes {
		for _, lang := range menuLanguages {
			m := menu{scope: scope, lang: lang}
			for _, c := range commands {
				if c.Hidden || c.PrivateOnly && scope == "all_group_chats" {
					continue
				}
				d := c.Description[lang]
				if d == "" {
					d = c.Description["en"]
				}
				if d != "" {
					m.commands = append(m.commands, tgbotapi.BotCommand{Command: c.Name, Description: d})
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
	key := "telegram.menus." + a.token.botID()
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
		setJSON(p, "commands", m.commands)
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
	var have []tgbotapi.BotCommand
	return json.Unmarshal(raw, &have) == nil && slices.Equal(have, m.commands)
}

func digestOf(all []menu) string {
	h := sha256.New()
	for _, m := range all {
		p := m.params()
		setJSON(p, "commands", m.commands)
		for _, k := range slices.Sorted(maps.Keys(p)) {
			h.Write([]byte(k + "=" + p[k] + "\n"))
		}
	}
	return hex.EncodeToString(h.Sum(nil))[:32]
}
