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
	"footnote/bot/discord/rest"
	"footnote/bot/platform"
)

// maxQuestion is the longest text that an option takes. Longer ones the client
// refuses before they are sent; a question is far shorter.
const maxQuestion = 300

// onMessage is the command of all that stands in the menu of a message under a name,
// or "". Discord tells the English one, whatever the person has seen.
func onMessage(all map[string]bot.Command, shown string) string {
	for _, c := range all {
		if c.OnMessages && c.Texts["en"].OnMessage == shown {
			return c.Name
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

// slashName is what this package takes for a command's name: less than Discord does.
var slashName = regexp.MustCompile(`^[a-z][a-z0-9_-]{0,31}$`)

// commands are the given commands as they are registered. One without a description
// or with a name that Discord refuses is left out: it would take all others with it.
func commands(all []bot.Command, suggests bool) []slash {
	out := []slash{} // none is an empty list, not null
	for _, c := range bot.Listed(all) {
		text := c.Texts["en"]
		// in is a part of what people see, by locale.
		in := func(part func(bot.CommandText) string) map[string]string {
			texts := map[string]string{}
			for lang, t := range c.Texts {
				texts[lang] = part(t)
			}
			return byLocale(texts)
		}
		if c.OnMessages {
			out = append(out, slash{
				Type: commandMessage, Name: text.OnMessage, NameLocal: in(func(t bot.CommandText) string { return t.OnMessage }),
				IntegrationTypes: everyInstall, Contexts: everyContext,
			})
		}
		if text.Description == "" || !slashName.MatchString(c.Name) {
			continue
		}
		s := slash{
			Type: commandSlash, Name: c.Name, NameLocal: in(func(t bot.CommandText) string { return t.Name }),
			Description:      platform.CutUTF16(text.Description, maxDescription),
			DescriptionLocal: in(func(t bot.CommandText) string { return t.Description }),
			IntegrationTypes: everyInstall, Contexts: everyContext,
		}
		if c.Managers {
			s.Contexts, s.Members = withBot, permissionManageGuild
		}
		if c.Argument != bot.NoArgument {
			s.Options = []slashOption{{
				Type: optionString, Name: cmp.Or(text.Option, anyOption), NameLocal: in(func(t bot.CommandText) string { return t.Option }),
				Description:      platform.CutUTF16(cmp.Or(text.Hint, text.Description), maxDescription),
				DescriptionLocal: in(func(t bot.CommandText) string { return t.Hint }),
				Required:         c.Argument == bot.RequiredArgument, Autocomplete: suggests && c.Completes, MaxLength: maxQuestion,
			}}
		}
		out = append(out, s)
	}
	return out
}

// anyOption is the name of an option that has none.
const anyOption = "text"

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
		body, err := a.rest.Do(ctx, rest.Call{Doing: "read the registered commands", Method: "GET", Path: path + "?with_localizations=true", Route: "commands"})
		var have []slash
		if err == nil && json.Unmarshal(body, &have) == nil && digest(have) == want {
			return nil
		}
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	if _, err := a.rest.Do(ctx, rest.Call{Doing: "register the commands", Method: "PUT", Path: path, Route: "commands", Body: a.commands}); err != nil {
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
