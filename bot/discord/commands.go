package discord

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"footnote/bot"
	"footnote/bot/platform"
)

// maxQuestion is the longest text that an option takes. Longer ones the client
// refuses before they are sent; a question is far shorter.
const maxQuestion = 300

// onMessages are the commands on somebody's message, with the name that people
// see. They are registered if the bot has them.
var onMessages = map[string]local{
	"check": {"Check with Footnote", "Mit Footnote prüfen", "Vérifier avec Footnote", "Comprobar con Footnote", "Проверить в Footnote"},
}

// onMessage is the command that the bot hears for a name, or "". Discord tells the
// English one, whatever the person has seen.
func onMessage(shown string) string {
	for name, s := range onMessages {
		if s.en == shown {
			return name
		}
	}
	return ""
}

// A slash is a command as Discord registers it.
type slash struct {
	Type             int               `json:"type"`
	Name             string            `json:"name"`
	NameLocal        map[string]string `json:"name_localizations,omitempty"`
	Description      string            `json:"description"`
	DescriptionLocal map[string]string `json:"description_localizations,omitempty"`
	Options          []slashOption     `json:"options,omitempty"`
	IntegrationTypes []int             `json:"integration_types,omitempty"`
	Contexts         []int             `json:"contexts,omitempty"`
	Members          permissions       `json:"default_member_permissions,omitzero"`
}

// permissions are who is shown a command on a server, unless its admins choose
// otherwise; 0 is everybody. Discord takes a number and gives a string.
type permissions uint64

// UnmarshalJSON reads both, and null.
func (p *permissions) UnmarshalJSON(raw []byte) error {
	n, err := strconv.ParseUint(valueText(raw), 10, 64)
	if err != nil {
		n = 0
	}
	*p = permissions(n)
	return nil
}

type slashOption struct {
	Type             int               `json:"type"`
	Name             string            `json:"name"`
	NameLocal        map[string]string `json:"name_localizations,omitempty"`
	Description      string            `json:"description"`
	DescriptionLocal map[string]string `json:"description_localizations,omitempty"`
	Required         bool              `json:"required,omitempty"`
	Autocomplete     bool              `json:"autocomplete,omitempty"`
	MaxLength        int               `json:"max_length,omitempty"`
}

const optionString = 3

// Where a command is offered: installed on a server or by a person; on servers,
// in direct messages with the bot, and in other private chats.
var (
	everyInstall = []int{0, 1}
	everyContext = []int{0, 1, 2}

	// withBot are servers and direct messages with the bot: elsewhere there is
	// nothing to set.
	withBot = []int{0, 1}
)

// A local is a name in the languages of Discord's clients.
type local struct{ en, de, fr, es, ru string }

func (l local) all() map[string]string {
	return byLocale(map[string]string{"en": l.en, "de": l.de, "fr": l.fr, "es": l.es, "ru": l.ru})
}

// locales are Discord's names for the languages of the interface. English is
// given under both of its names: otherwise a client in American English may be
// shown the British one.
var locales = map[string][]string{
	"en": {"en-US", "en-GB"}, "es": {"es-ES", "es-419"}, "pt": {"pt-BR"}, "sv": {"sv-SE"}, "zh": {"zh-CN"},
	"bg": {"bg"}, "cs": {"cs"}, "da": {"da"}, "de": {"de"}, "el": {"el"}, "fi": {"fi"}, "fr": {"fr"}, "hi": {"hi"}, "hr": {"hr"},
	"hu": {"hu"}, "it": {"it"}, "ja": {"ja"}, "ko": {"ko"}, "lt": {"lt"}, "nl": {"nl"}, "no": {"no"}, "pl": {"pl"}, "ro": {"ro"},
	"ru": {"ru"}, "th": {"th"}, "tr": {"tr"}, "uk": {"uk"}, "vi": {"vi"},
}

// byLocale turns texts by language into texts by Discord's locale. Languages that
// Discord has no client for are left out.
func byLocale(texts map[string]string) map[string]string {
	out := map[string]string{}
	for lang, text := range texts {
		for _, l := range locales[lang] {
			if text != "" {
				out[l] = platform.CutUTF16(text, maxDescription)
			}
		}
	}
	return out
}

// maxDescription is the longest description of a command or option.
const maxDescription = 100

// A form is what Discord needs to know of a command beyond its description. The
// descriptions are the bot's; the names and the option are shown by Discord alone.
type form struct {
	name     local
	option   local // name of the option; none if empty
	hint     local // description of the option
	required bool
	open     bool // the answer is for everybody, so "thinking…" is too
	managers bool // on a server it is shown to those who may manage it
}

// forms are by the commands' names. A command that has none is registered with its
// own name in every language, and with anyOption if it takes text.
var forms = map[string]form{
	"ask": {
		name:     local{"ask", "fragen", "demander", "preguntar", "спросить"},
		option:   local{"question", "frage", "question", "pregunta", "вопрос"},
		hint:     local{"Your question, in your own words", "Die Frage in eigenen Worten", "Votre question, avec vos mots", "Tu pregunta, con tus palabras", "Ваш вопрос своими словами"},
		required: true, open: true,
	},
	"source": {
		name:   local{"source", "quelle", "source", "fuente", "источник"},
		option: local{"fact", "fakt", "fait", "dato", "факт"},
		hint: local{"A number, an id or a few words; empty for the last answer", "Nummer, ID oder ein paar Wörter; leer: die letzte Antwort",
			"Un numéro, un identifiant ou quelques mots ; vide : la dernière réponse", "Un número, un identificador o unas palabras; vacío: la última respuesta",
			"Номер, ID или несколько слов; пусто — последний ответ"},
	},
	"search": {
		name:     local{"search", "suchen", "chercher", "buscar", "поиск"},
		option:   local{"words", "wörter", "mots", "palabras", "слова"},
		hint:     local{"Names, places, years, topics", "Namen, Orte, Jahre, Themen", "Noms, lieux, années, thèmes", "Nombres, lugares, años, temas", "Имена, места, годы, темы"},
		required: true,
	},
	"topics": {
		name:   local{"topics", "themen", "thèmes", "temas", "темы"},
		option: local{"topic", "thema", "thème", "tema", "тема"},
		hint:   local{"One of them; empty for all", "Eines davon; leer: alle", "L’un d’eux ; vide : tous", "Uno de ellos; vacío: todos", "Одна из них; пусто — все"},
	},
	"check": {
		name:     local{"check", "prüfen", "vérifier", "comprobar", "проверить"},
		option:   local{"text", "text", "texte", "texto", "текст"},
		hint:     local{"A sentence that somebody claims", "Ein Satz, den jemand behauptet", "Une phrase que quelqu’un affirme", "Una frase que alguien afirma", "Утверждение, которое нужно проверить"},
		required: true,
	},
	"settings": {
		name:   local{"settings", "einstellungen", "réglages", "ajustes", "настройки"},
		option: local{"change", "änderung", "changement", "cambio", "изменение"},
		hint: local{"What to change; empty shows what is set", "Was zu ändern ist; leer: was eingestellt ist", "Ce qu’il faut changer ; vide : l’état actuel",
			"Qué cambiar; vacío: lo que hay ahora", "Что изменить; пусто — что установлено"},
		open: true, managers: true, // a change concerns everybody in the channel
	},
	"why":         {name: local{"why", "warum", "pourquoi", "por-qué", "почему"}},
	"help":        {name: local{"help", "hilfe", "aide", "ayuda", "помощь"}},
	"about":       {name: local{"about", "über", "à-propos", "acerca-de", "о-боте"}},
	"corrections": {name: local{"corrections", "korrekturen", "corrections", "correcciones", "исправления"}},
	"privacy":     {name: local{"privacy", "datenschutz", "confidentialité", "privacidad", "приватность"}},
	"forget":      {name: local{"forget", "vergessen", "oublier", "olvidar", "забыть"}},
}

// slashName is what this package takes for a command's name: less than Discord does.
var slashName = regexp.MustCompile(`^[a-z][a-z0-9_-]{0,31}$`)

// anyOption is the option of a command that has no form.
var anyOption = form{
	option: local{"text", "text", "texte", "texto", "текст"},
	hint:   local{"What it is about; may be empty", "Worum es geht; darf leer sein", "De quoi il s’agit ; peut rester vide", "De qué se trata; puede quedar vacío", "О чём речь; можно оставить пустым"},
}

// completed are the commands whose option is completed while somebody types.
var completed = map[string]bool{"ask": true, "source": true, "search": true, "settings": true}

// commands are the given commands as they are registered. One without a description
// or with a name that Discord refuses is left out: it would take all others with it.
func commands(texts []bot.CommandText, suggests bool) []slash {
	var out []slash
	for _, t := range texts {
		if shown, ok := onMessages[t.Name]; ok {
			out = append(out, slash{Type: commandMessage, Name: shown.en, NameLocal: shown.all(), IntegrationTypes: everyInstall, Contexts: everyContext})
		}
		if t.Descriptions["en"] == "" || !slashName.MatchString(t.Name) {
			continue
		}
		f, ok := forms[t.Name]
		if !ok {
			f = anyOption
		}
		s := slash{
			Type: commandSlash, Name: t.Name, NameLocal: f.name.all(),
			Description: platform.CutUTF16(t.Descriptions["en"], maxDescription), DescriptionLocal: byLocale(t.Descriptions),
			IntegrationTypes: everyInstall, Contexts: everyContext,
		}
		if f.managers {
			s.Contexts, s.Members = withBot, permissionManageGuild
		}
		if f.option.en != "" && t.Option {
			s.Options = []slashOption{{
				Type: optionString, Name: f.option.en, NameLocal: f.option.all(),
				Description: f.hint.en, DescriptionLocal: f.hint.all(),
				Required: f.required, Autocomplete: suggests && completed[t.Name], MaxLength: maxQuestion,
			}}
		}
		out = append(out, s)
	}
	return out
}

// digest names a set of commands; the order does not matter.
func digest(list []slash) string {
	list = slices.Clone(list)
	for i := range list {
		list[i].Contexts = slices.Sorted(slices.Values(list[i].Contexts))
		list[i].IntegrationTypes = slices.Sorted(slices.Values(list[i].IntegrationTypes))
	}
	slices.SortFunc(list, func(a, b slash) int {
		return cmp.Or(cmp.Compare(a.Type, b.Type), strings.Compare(a.Name, b.Name))
	})
	return platform.Digest(list)
}

// register makes Discord offer the bot's commands. What may pass is tried again until
// it has: nobody else would, before the program is started anew.
func (a *Adapter) register(ctx context.Context, app string) {
	backoff := platform.Backoff{First: a.timing.gateway.First, Longest: a.timing.gateway.Longest}
	for {
		err := a.registerOnce(ctx, app)
		if err == nil || ctx.Err() != nil {
			return
		}
		if errors.Is(err, bot.ErrForbidden) || errors.Is(err, bot.ErrGone) || errors.Is(err, bot.ErrTooLong) {
			a.log.Warn("slash commands are not registered; direct messages, mentions and replies work all the same", "error", err)
			return
		}
		wait := backoff.Next()
		var retry *bot.RetryError
		if errors.As(err, &retry) {
			wait = max(wait, retry.After)
		}
		a.log.Warn("slash commands are not registered yet; direct messages, mentions and replies work all the same", "error", err, "again in", wait.Round(time.Millisecond))
		if platform.Sleep(ctx, wait) != nil {
			return
		}
	}
}

// registerOnce registers the commands, if Discord does not offer exactly these
// already: a day has 200 creations at most, and clients reload all commands after
// each registration.
func (a *Adapter) registerOnce(ctx context.Context, app string) error {
	path, key := "/applications/"+app+"/commands", "discord.commands."+app
	want := digest(a.commands)
	if a.store != nil {
		if have, err := a.store.Get(ctx, key); err == nil && have == want {
			return nil
		}
	} else {
		body, err := a.rest.do(ctx, call{doing: "read the registered commands", method: "GET", path: path + "?with_localizations=true", route: "commands"})
		var have []slash
		if err == nil && json.Unmarshal(body, &have) == nil && digest(have) == want {
			return nil
		}
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	if _, err := a.rest.do(ctx, call{doing: "register the commands", method: "PUT", path: path, route: "commands", body: a.commands}); err != nil {
		return err
	}
	a.log.Info("slash commands registered", "count", len(a.commands))
	if a.store != nil {
		if err := a.store.Set(ctx, key, want); err != nil {
			a.log.Debug("the registered commands are not remembered", "error", err)
		}
	}
	return nil
}
