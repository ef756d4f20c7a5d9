package discordtest

import (
	"cmp"
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// A Sent is something the bot shows.
type Sent struct {
	ID          string // of the message
	Channel     string // its name, e.g. "#forum"; "" in a direct chat
	User        string // who asked, in a direct chat or by an interaction
	Content     string // as it was sent
	Text        string // as it is read
	Buttons     []Button
	Rows        []int    // how many of the last of Buttons stand in each row; those before them stand beside texts
	Look        string   // of a message of components, as the clients show it
	Laid        bool     // it is made of components, and its content is their texts
	Pictures    []string // the addresses of pictures that Discord fetches
	Files       []File
	ReplyTo     string // the id of the message it answers
	Interaction string // the id of the interaction it answers
	Ephemeral   bool   // only User sees it
	Edited      bool   // an older message was changed in place
}

// A Button is a button under a post.
type Button struct{ Label, CustomID string }

// post makes a Sent of what was sent. s.mu is held.
func (s *Server) post(m *sentMessage, channel string) Sent {
	text := ""
	if !s.Forget {
		text, _ = Read(*m.Content)
	}
	p := Sent{ID: s.newID(), Channel: s.nameOf("channel", channel), User: s.nameOf("dm", channel), Content: *m.Content, Text: text, Files: m.files}
	p.Buttons, p.Rows = m.buttons()
	if p.Laid = m.Flags&flagComponents != 0; p.Laid && !s.Forget {
		p.Look, p.Pictures = m.look(), m.pictures()
	}
	return p
}

// show makes a Sent visible. s.mu is held.
func (s *Server) show(p Sent) {
	if s.OnSent != nil {
		s.OnSent(p)
	}
	if s.Forget {
		return
	}
	s.sent = append(s.sent, p)
	s.touch()
}

// knownChannel reports whether a channel is there. s.mu is held.
func (s *Server) knownChannel(id string) bool {
	return s.nameOf("channel", id) != "" || s.nameOf("dm", id) != ""
}

// Sent are what the bot has shown so far, in order.
func (s *Server) Sent() []Sent {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]Sent(nil), s.sent...)
}

// WaitSent waits until the bot has shown n things and returns all of them.
func (s *Server) WaitSent(ctx context.Context, n int) ([]Sent, error) {
	err := s.wait(ctx, func() bool { return len(s.sent) >= n })
	return s.Sent(), err
}

// A Said is a message of a person, or of something else. Only From and Text are
// required.
type Said struct {
	From     string
	Channel  string // e.g. "#forum"; "" is the direct chat with From
	Guild    string // of the channel; "guild" if empty
	Text     string
	Mentions bool   // lists the bot among the mentioned, as Discord does for <@id>
	Answers  bool   // is a reply to a message of the bot
	Of       string // what that one says
	Bot      bool
	Webhook  bool
	Self     bool // the bot itself wrote it
	Edited   bool // comes as MESSAGE_UPDATE
	Type     int  // of the message; 0, or 19 for a reply
	Extra    map[string]any
}

// At is text that mentions the bot.
func (s *Server) At(text string) string { return "<@" + s.BotID() + "> " + text }

// Say sends a message and returns its id.
func (s *Server) Say(x Said) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	id := s.newID()
	self := s.id("user", botName)
	author := map[string]any{"id": s.id("user", x.From), "username": x.From, "global_name": strings.ToUpper(x.From), "discriminator": "0", "bot": x.Bot}
	if x.Self {
		author = map[string]any{"id": self, "username": botName, "bot": true}
	}
	m := map[string]any{
		"id": id, "type": x.Type, "content": x.Text, "author": author, "channel_id": s.channelID(x.Channel, x.From), "mentions": []any{}, "mention_roles": []any{},
		"mention_everyone": false, "attachments": []any{}, "embeds": []any{}, "components": []any{}, "pinned": false, "tts": false, "flags": 0,
		"timestamp": time.Now().UTC().Format(time.RFC3339Nano), "edited_timestamp": nil,
	}
	if x.Channel != "" {
		m["guild_id"] = s.id("guild", cmp.Or(x.Guild, "guild"))
		m["member"] = map[string]any{"nick": nil, "roles": []any{}, "joined_at": "2020-01-01T00:00:00Z"}
	}
	if x.Mentions {
		m["mentions"] = []any{map[string]any{"id": self, "username": botName, "bot": true}}
	}
	if x.Answers {
		m["type"] = 19
		m["message_reference"] = map[string]any{"message_id": s.newID(), "channel_id": m["channel_id"]}
		m["referenced_message"] = map[string]any{"id": s.newID(), "content": x.Of, "author": map[string]any{"id": self, "username": botName, "bot": true}, "components": []any{}}
	}
	if x.Webhook {
		m["webhook_id"] = s.newID()
	}
	for k, v := range x.Extra {
		m[k] = v
	}
	kind := "MESSAGE_CREATE"
	if x.Edited {
		kind = "MESSAGE_UPDATE"
	}
	s.send(id, kind, m)
	return id
}

// DM sends a direct message.
func (s *Server) DM(from, text string) string { return s.Say(Said{From: from, Text: text}) }

// Mention sends a message that mentions the bot.
func (s *Server) Mention(from, channel, text string) string {
	return s.Say(Said{From: from, Channel: channel, Text: s.At(text), Mentions: true})
}

// Reply sends a reply to a message of the bot.
func (s *Server) Reply(from, channel, text string) string {
	return s.Say(Said{From: from, Channel: channel, Text: text, Answers: true})
}

// channelID is the id of a place. s.mu is held.
func (s *Server) channelID(channel, person string) string {
	if channel == "" {
		return s.id("dm", person)
	}
	return s.id("channel", channel)
}

func (s *Server) send(id, kind string, v any) {
	e := event{kind, mustJSON(v)}
	if !s.Forget {
		s.events[id] = e
	}
	s.deliver(id, e)
}

// deliver has the bot told, over the way that is in force. s.mu is held.
func (s *Server) deliver(id string, e event) {
	if e.kind == "INTERACTION_CREATE" && len(s.endpoints) > 0 {
		s.postInteraction(id, e.data)
	} else {
		s.dispatch(e.kind, e.data)
	}
	s.touch()
}

// Redeliver sends the event with this id once more.
func (s *Server) Redeliver(id string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	e, ok := s.events[id]
	if !ok {
		return fmt.Errorf("discordtest: no event %s", id)
	}
	delete(s.statuses, id)
	s.deliver(id, e)
	return nil
}

// An Acted is something a person does that Discord calls an interaction.
type Acted struct {
	From, Channel string
	Guild         string // of the channel; "guild" if empty
	Locale        string // as before if empty, or en-GB
	GuildLocale   string // what the server prefers; en-US if empty
	Type          int    // 2 command, 3 component, 4 autocomplete
	Data          any
	Extra         map[string]any
}

// Act sends an interaction and returns its id.
func (s *Server) Act(x Acted) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	id := s.newID()
	token := fmt.Sprintf("interaction-token-%s-not-a-real-one", id)
	channel := s.channelID(x.Channel, x.From)
	s.interactions[id] = &interaction{id: id, token: token, kind: x.Type, channel: channel, user: x.From, born: time.Now()}
	if m, ok := x.Extra["message"].(map[string]any); ok {
		s.interactions[id].message, _ = m["id"].(string)
	}
	if x.Locale == "" {
		x.Locale = cmp.Or(s.locales[x.From], "en-GB")
	}
	s.locales[x.From] = x.Locale
	user := map[string]any{"id": s.id("user", x.From), "username": x.From, "global_name": nil, "bot": false}
	m := map[string]any{
		"id": id, "application_id": s.id("user", botName), "type": x.Type, "token": token, "version": 1, "channel_id": channel, "locale": x.Locale,
		"data": x.Data, "app_permissions": "0", "entitlements": []any{}, "authorizing_integration_owners": map[string]any{},
	}
	if x.Channel == "" {
		m["user"], m["context"], m["channel"] = user, 1, map[string]any{"id": channel, "type": 1}
	} else {
		m["guild_locale"] = cmp.Or(x.GuildLocale, "en-US")
		m["guild_id"], m["context"], m["channel"] = s.id("guild", cmp.Or(x.Guild, "guild")), 0, map[string]any{"id": channel, "type": 0}
		m["member"] = map[string]any{"user": user, "roles": []any{}, "permissions": s.permissions(x.From, x.Channel)}
	}
	for k, v := range x.Extra {
		m[k] = v
	}
	s.send(id, "INTERACTION_CREATE", m)
	return id
}

// Admin makes a person somebody who may manage the server, as far as a channel
// tells, or no longer.
func (s *Server) Admin(who, channel string, is bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.admins[[2]string{who, channel}] = is
}

// permissions are what a person may do in a channel. s.mu is held.
func (s *Server) permissions(who, channel string) string {
	const everybody, manageGuild = 1<<6 | 1<<10 | 1<<11 | 1<<16 | 1<<31 | 1<<38, 1 << 5
	n := uint64(everybody)
	if s.admins[[2]string{who, channel}] {
		n |= manageGuild
	}
	return strconv.FormatUint(n, 10)
}

// Command runs a slash command; option may be empty.
func (s *Server) Command(from, channel, name, option, text string) string {
	return s.CommandIn("", from, channel, name, option, text)
}

// CommandIn is Command by somebody whose client speaks a language, e.g. "es-ES".
func (s *Server) CommandIn(locale, from, channel, name, option, text string) string {
	data := map[string]any{"id": "1", "name": name, "type": 1}
	if option != "" {
		data["options"] = []any{map[string]any{"name": option, "type": 3, "value": text}}
	}
	return s.Act(Acted{From: from, Channel: channel, Locale: locale, Type: 2, Data: data})
}

// OnMessage runs a command on somebody's message.
func (s *Server) OnMessage(from, channel, name, text string) string {
	target := "1574400764648964161"
	return s.Act(Acted{From: from, Channel: channel, Type: 2, Data: map[string]any{
		"id": "2", "name": name, "type": 3, "target_id": target,
		"resolved": map[string]any{"messages": map[string]any{target: map[string]any{"id": target, "content": text, "components": []any{}}}},
	}})
}

// Press presses a button under a post.
func (s *Server) Press(from string, p Sent, label string) (string, error) {
	for _, b := range p.Buttons {
		if b.Label == label {
			return s.PressID(from, p, b.CustomID), nil
		}
	}
	return "", fmt.Errorf("discordtest: no button %q under %q", label, p.Text)
}

// PressID presses a button with any custom_id, as a forger can.
func (s *Server) PressID(from string, p Sent, customID string) string {
	channel := p.Channel
	return s.Act(Acted{From: from, Channel: channel, Type: 3, Data: map[string]any{"custom_id": customID, "component_type": 2},
		Extra: map[string]any{"message": map[string]any{"id": p.ID, "content": p.Content, "type": 0}}})
}

// WaitForm waits for the form that is shown in answer to an interaction.
func (s *Server) WaitForm(ctx context.Context, id string) (Form, error) {
	err := s.wait(ctx, func() bool { i := s.interactions[id]; return i != nil && i.form != nil })
	s.mu.Lock()
	defer s.mu.Unlock()
	if i := s.interactions[id]; i != nil && i.form != nil {
		return *i.form, err
	}
	return Form{}, err
}

// FillIn sends a form with a text in its first field.
func (s *Server) FillIn(from, channel string, f Form, text string) string {
	return s.Act(Acted{From: from, Channel: channel, Type: 5, Data: map[string]any{"custom_id": f.CustomID, "components": []any{
		map[string]any{"type": 18, "id": 1, "component": map[string]any{"type": 4, "id": 2, "custom_id": f.Fields[0].Field.CustomID, "value": text}},
	}}})
}

// Complete types into an option of a command.
func (s *Server) Complete(from, channel, name, option, text string) string {
	return s.Act(Acted{From: from, Channel: channel, Type: 4, Data: map[string]any{
		"id": "1", "name": name, "type": 1, "options": []any{map[string]any{"name": option, "type": 3, "value": text, "focused": true}},
	}})
}

// WaitChoices waits for the completions of an interaction.
func (s *Server) WaitChoices(ctx context.Context, id string) ([]Choice, error) {
	err := s.wait(ctx, func() bool { i := s.interactions[id]; return i != nil && i.choices != nil })
	s.mu.Lock()
	defer s.mu.Unlock()
	if i := s.interactions[id]; i != nil {
		return i.choices, err
	}
	return nil, err
}

// Announced reports whether an interaction was announced ("thinking…") and is not
// answered yet, or was acknowledged in any way.
func (s *Server) Announced(id string) (thinking, acknowledged, ephemeral bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	i := s.interactions[id]
	if i == nil {
		return
	}
	return i.deferred, i.acked, i.ephemeral
}

// WaitAcknowledged waits until an interaction was answered or announced.
func (s *Server) WaitAcknowledged(ctx context.Context, id string) error {
	return s.wait(ctx, func() bool { i := s.interactions[id]; return i != nil && i.acked })
}

// InteractionToken is the token of an interaction, a secret while it lasts.
func (s *Server) InteractionToken(id string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	if i := s.interactions[id]; i != nil {
		return i.token
	}
	return ""
}
