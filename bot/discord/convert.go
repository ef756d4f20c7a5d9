package discord

import (
	"encoding/json"
	"regexp"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"footnote/bot"
)

// Platform is what the addresses of this adapter name as their platform.
const Platform bot.Platform = "discord"

// What the numbers of Discord's API mean.
const (
	messageDefault = 0
	messageReply   = 19

	interactionCommand      = 2
	interactionComponent    = 3
	interactionAutocomplete = 4
	interactionForm         = 5

	commandSlash   = 1
	commandMessage = 3

	componentButton = 2

	contextBotDM  = 1
	channelTypeDM = 1
)

// maxText is how many characters of a text are read. Discord's own limit is
// 4,000 for those who pay and 6,000 for a command option; a question is far
// shorter, and everything after this point costs the reader nothing.
const maxText = 4000

// convertMessage turns a MESSAGE_CREATE into a message for the bot. It reports
// false for what is not for the bot: itself, other bots, webhooks, system
// messages, and what neither mentions the bot nor answers it on a server.
func convertMessage(self string, m *messagePayload, now time.Time) (bot.Message, bool) {
	switch {
	case m.Author == nil, m.Author.ID == self, m.Author.Bot, m.Author.System, m.WebhookID != "",
		m.Type != messageDefault && m.Type != messageReply,
		!isID(m.ID), !isID(m.ChannelID), !isID(m.Author.ID):
		return bot.Message{}, false
	}
	content := capText(m.Content)
	direct := m.GuildID == ""
	replies := m.Referenced != nil && m.Referenced.Author != nil && m.Referenced.Author.ID == self
	addressed := direct || replies || mentions(self, content, m.Mentions)
	if !addressed {
		return bot.Message{}, false
	}
	out := bot.Message{
		ID:        bot.MessageID(m.ID),
		From:      bot.User{ID: bot.UserID(m.Author.ID), Name: m.Author.name()},
		To:        bot.Address{Conversation: bot.In(Platform, bot.ChatID(m.ChannelID)), ReplyTo: bot.MessageID(m.ID)},
		Direct:    direct,
		Addressed: true,
		// Discord hides the words of a reply to an interaction's answer, and of one that
		// does not ping, from bots that do not read everything. A picture it shows.
		Withheld: !direct && m.Content == "" && len(m.Files)+len(m.Stickers) == 0,
		SentAt:   sentAt(m.ID, now),
	}
	if replies {
		out.Replied = capText(strings.Join(appendTexts([]string{m.Referenced.Content}, m.Referenced.Components), "\n"))
	}
	if forwarded := strings.Join(m.Snapshots.texts(), "\n"); direct && content == "" && strings.TrimSpace(forwarded) != "" {
		// Words of somebody else, brought to us alone: they are to be checked.
		out.Command, out.Text, out.Quoted = "check", stripSyntax(capText(forwarded)), true
		return out, true
	}
	out.Command, out.Text = splitCommand(stripSyntax(content))
	return out, true
}

// mentions reports whether the message names the bot. The list alone will not
// do: it is what Discord parsed, and not every server fills it.
func mentions(self, content string, list []*user) bool {
	for _, u := range list {
		if u != nil && u.ID == self && self != "" {
			return true
		}
	}
	return self != "" && (strings.Contains(content, "<@"+self+">") || strings.Contains(content, "<@!"+self+">"))
}

// syntax is what Discord writes for people, roles, channels, commands, emoji and
// times: angle brackets with an id of 15 or more digits. None of it is part of a
// question, and the digits would be read as a number. Shorter ids are not
// Discord's: somebody typed them.
var syntax = regexp.MustCompile(`<(?:@[!&]?|#|a?:\w{1,64}:|/[^<>:]{1,128}:)\d{15,20}>|<t:-?\d{9,13}(?::\w)?>`)

// stripSyntax removes Discord's own syntax from a text, wherever it stands, and
// the blanks around what is left.
func stripSyntax(s string) string {
	if strings.Contains(s, "<") {
		s = syntax.ReplaceAllString(s, " ")
	}
	return strings.TrimSpace(s)
}

// typed is a command that was typed as text, as people do where the client
// offers none.
var typed = regexp.MustCompile(`^/([A-Za-z][A-Za-z_-]{0,31})(?:\s+|$)`)

func splitCommand(s string) (command, text string) {
	m := typed.FindStringSubmatchIndex(s)
	if m == nil {
		return "", s
	}
	return strings.ToLower(s[m[2]:m[3]]), strings.TrimSpace(s[m[1]:])
}

// capText makes s valid UTF-8 of at most maxText characters.
func capText(s string) string {
	if len(s) > maxText*utf8.UTFMax {
		s = s[:maxText*utf8.UTFMax]
	}
	s = strings.ToValidUTF8(s, "\uFFFD")
	n := 0
	for i := range s {
		if n == maxText {
			return s[:i]
		}
		n++
	}
	return s
}

// What an interaction turned out to be.
type interactionKind int

const (
	notOurs      interactionKind = iota
	asMessage                    // to be delivered
	asCompletion                 // to be completed at once
)

// A completionRequest is text being typed into an option of a command.
type completionRequest struct{ command, text, lang string }

// convertInteraction turns an INTERACTION_CREATE into a message for the bot or
// into a request for completions.
func convertInteraction(known map[string]bot.Command, i *interactionPayload, now time.Time) (interactionKind, bot.Message, completionRequest) {
	who := i.User
	if i.Member != nil && i.Member.User != nil {
		who = i.Member.User
	}
	if i.ChannelID == "" && i.Channel != nil {
		i.ChannelID = i.Channel.ID
	}
	if i.Data == nil || who == nil || who.Bot || !isID(i.ID) || !isID(i.ChannelID) ||
		!isID(who.ID) || !isToken(i.Token) || i.ApplicationID != "" && !isID(i.ApplicationID) {
		return notOurs, bot.Message{}, completionRequest{}
	}
	d := i.Data
	m := bot.Message{
		ID:        bot.MessageID(i.ID),
		From:      bot.User{ID: bot.UserID(who.ID), Name: who.name(), Lang: i.Locale},
		To:        bot.Address{Conversation: bot.In(Platform, bot.ChatID(i.ChannelID)), Handle: newHandle(i)},
		Direct:    i.direct(),
		Addressed: true,
		SentAt:    sentAt(i.ID, now),
	}
	switch i.Type {
	case interactionCommand:
		if d.Type == commandMessage {
			target := d.Resolved.Messages[d.TargetID]
			m.Command = onMessage(known, d.Name)
			if target == nil || m.Command == "" {
				return notOurs, bot.Message{}, completionRequest{}
			}
			m.Text, m.Quoted = stripSyntax(capText(target.text())), true
			return asMessage, m, completionRequest{}
		}
		if d.Name == "" || d.Type > commandSlash {
			return notOurs, bot.Message{}, completionRequest{}
		}
		m.Command = strings.ToLower(d.Name)
		m.Text = stripSyntax(optionText(d.Options))
		return asMessage, m, completionRequest{}
	case interactionComponent:
		if d.ComponentType != componentButton || d.CustomID == "" {
			return notOurs, bot.Message{}, completionRequest{}
		}
		m.Action = capText(d.CustomID)
		if a := strings.TrimPrefix(m.Action, actionPrefix); a != "" { // else it is forged, and no question
			m.Action = a
		}
		return asMessage, m, completionRequest{}
	case interactionForm:
		action, ours := strings.CutPrefix(d.CustomID, actionPrefix)
		if !ours || action == "" {
			return notOurs, bot.Message{}, completionRequest{}
		}
		m.Action, m.Text = capText(action), stripSyntax(capText(filledIn(d.Components)))
		return asMessage, m, completionRequest{}
	case interactionAutocomplete:
		if o := focused(d.Options); o != nil {
			return asCompletion, m, completionRequest{command: strings.ToLower(d.Name), text: capText(valueText(o.Value)), lang: i.Locale}
		}
	}
	return notOurs, bot.Message{}, completionRequest{}
}

// direct reports whether the interaction happened in a private chat with the
// bot. Older payloads have no context.
func (i *interactionPayload) direct() bool {
	switch {
	case i.Context != nil:
		return *i.Context == contextBotDM
	case i.Channel != nil && i.Channel.Type != 0:
		return i.Channel.Type == channelTypeDM
	}
	return i.GuildID == ""
}

// optionText is what was put into the options of a command, in order.
func optionText(options []*optionPayload) string {
	var parts []string
	for _, o := range options {
		if o == nil {
			continue
		}
		if v := strings.TrimSpace(valueText(o.Value)); v != "" {
			parts = append(parts, v)
		}
		if v := optionText(o.Options); v != "" {
			parts = append(parts, v)
		}
	}
	return capText(strings.Join(parts, " "))
}

// valueText is an option's value as text, whatever its type.
func valueText(raw json.RawMessage) string {
	var s string
	if len(raw) == 0 || string(raw) == "null" {
		return ""
	}
	if raw[0] == '"' && json.Unmarshal(raw, &s) == nil {
		return capText(s)
	}
	if raw[0] == '{' || raw[0] == '[' {
		return ""
	}
	return string(raw)
}

func focused(options []*optionPayload) *optionPayload {
	for _, o := range options {
		if o == nil {
			continue
		}
		if o.Focused {
			return o
		}
		if f := focused(o.Options); f != nil {
			return f
		}
	}
	return nil
}

// A handle is what is needed to answer an interaction, packed into the opaque
// bot.Handle: id, application, kind and token, set apart by blanks. It is made of
// what Discord says and never leaves the process, so it also holds whether the
// person decides for the server, which Discord tells with each interaction.
type handle struct {
	id, app   string
	component bool
	manages   bool
	token     string
}

// The kinds of interactions in a handle; the second of each is of somebody who
// decides for the server.
const (
	kindCommand, kindCommandManager     = "c", "cm"
	kindComponent, kindComponentManager = "b", "bm"
)

// Permissions with which somebody decides for a server.
const (
	permissionAdministrator = 1 << 3
	permissionManageGuild   = 1 << 5
)

// manages reports whether Discord says that the person decides for the server. A
// person's own installation of the bot in a private chat decides for nobody.
func (i *interactionPayload) manages() bool {
	if i.GuildID == "" || i.Member == nil {
		return false
	}
	n, err := strconv.ParseUint(valueText(i.Member.Permissions), 10, 64)
	return err == nil && n&(permissionAdministrator|permissionManageGuild) != 0
}

func newHandle(i *interactionPayload) bot.Handle {
	kind, manager := kindCommand, kindCommandManager
	if i.Type == interactionComponent {
		kind, manager = kindComponent, kindComponentManager
	}
	if i.manages() {
		kind = manager
	}
	return bot.Handle(strings.Join([]string{i.ID, i.ApplicationID, kind, i.Token}, " "))
}

func parseHandle(h bot.Handle) (handle, bool) {
	p := strings.Split(string(h), " ")
	if len(p) != 4 || !isID(p[0]) || p[1] != "" && !isID(p[1]) || !isToken(p[3]) {
		return handle{}, false
	}
	return handle{
		id: p[0], app: p[1], token: p[3],
		component: p[2] == kindComponent || p[2] == kindComponentManager,
		manages:   p[2] == kindCommandManager || p[2] == kindComponentManager,
	}, true
}

// isToken reports whether s can be an interaction's token.
func isToken(s string) bool {
	if s == "" || len(s) > maxToken*4 || s == "." || s == ".." {
		return false
	}
	for _, c := range []byte(s) {
		if c <= ' ' || c > '~' {
			return false
		}
	}
	return true
}

// expires is when Discord forgets an interaction's token: 15 minutes after the
// event, less a margin for clocks and the call itself.
const expires = 15*time.Minute - 20*time.Second
