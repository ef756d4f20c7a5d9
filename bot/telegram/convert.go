package telegram

import (
	"strconv"
	"strings"
	"time"

	"footnote/bot"
	"footnote/bot/platform"
)

// Platform is what the addresses of this adapter name as their platform.
const Platform bot.Platform = "telegram"

// convert makes a message of an update; false if nobody said anything to a chat
// in it that a bot should hear. It is pure and never panics on any update.
func (me identity) convert(u update) (bot.Message, bool) {
	switch {
	case u.Message != nil:
		return me.message(u.Message)
	case u.Guest != nil:
		return me.guest(u.Guest)
	case u.Callback != nil:
		return me.pressed(u.Callback)
	}
	return bot.Message{}, false // edits and channel posts are not asked for, and dropped if sent
}

// identity is the bot itself, as getMe tells, and the commands it knows.
type identity struct {
	id       int64
	username string
	guests   bool                   // it can be asked in chats that it is not in
	name     string                 // the first name, which is what chats show of a bot
	commands map[string]bot.Command // by every name; in a group "/name" alone may be for another bot, "/name@bot" is not
}

// person reports whether from is a person who speaks for himself: no bot, and
// neither a channel nor an anonymous admin speaking through him.
func person(from *user, sender *chat) bool {
	return from != nil && !from.IsBot && sender == nil
}

// Somebody may write in a group as the group itself, if an admin, or as a channel of
// their own. Who it is nobody learns: the "person", who has a turn and a limit, is then
// the group or the channel. Of the group it is certain that it is an admin.
func chatSpeaks(m *message) bool {
	return m.SenderChat != nil && m.SenderChat.ID != 0 && !m.Chat.private() && m.Chat.Type != "channel"
}

func (me identity) message(m *message) (bot.Message, bool) {
	anonymous := chatSpeaks(m)
	if !person(m.From, m.SenderChat) && !anonymous || m.From != nil && m.From.ID == me.id || m.Forwarded ||
		m.ViaBot != nil && m.ViaBot.ID == me.id || m.Chat.Type == "channel" || m.Chat.ID == 0 {
		return bot.Message{}, false
	}
	text, entities := platform.Valid(m.Text), m.Entities
	if text == "" && m.Caption != "" {
		text, entities = platform.Valid(m.Caption), m.CaptionEntities
	}
	out := bot.Message{
		ID:     messageID(m),
		To:     address(m),
		Direct: m.Chat.private(),
		SentAt: sentAt(m.Date),
	}
	if anonymous {
		out.From.ID = bot.UserID(itoa(m.SenderChat.ID)) // below zero, so no person's
		if m.SenderChat.ID > 0 {
			return bot.Message{}, false
		}
	} else {
		out.From = sender(m.From)
		out.To.Asker = asker(m.Chat, m.From)
	}
	if text == "" {
		// A photo or a voice message asks nothing that can be read; in private
		// that gets help. Anything else without text is a service message.
		if m.Album != "" { // for a whole album help once
			out.ID = bot.MessageID("a" + itoa(m.Chat.ID) + ":" + platform.Valid(m.Album))
		}
		out.Addressed = out.Direct
		return out, out.Direct && m.any()
	}

	said := me.read(text, entities)
	if said.foreign {
		return bot.Message{}, false // a command for another bot
	}
	if present(m.Origin) {
		// Words of somebody else, or for somebody else: no question and no command.
		// Whoever brings them to us alone wants them checked, as with a reply.
		out.Command, out.Text, out.Addressed, out.Quoted = "check", said.text, out.Direct, true
		return out, out.Direct
	}
	toUs := me.repliesToUs(m.ReplyTo)
	if toUs {
		out.Replied = platform.Valid(m.ReplyTo.Text)
	}
	out.Command, out.Text = said.command, said.text
	command, known := me.commands[said.command]
	ours := said.command == "" || said.named || known // else it may be another bot's
	out.Addressed = out.Direct || said.mentioned || ours && (toUs || said.command != "")
	// As a reply to the bot a command means that answer; only one on messages takes
	// anybody's words.
	if out.Text == "" && command.TakesReplied && (!toUs || command.OnMessages) {
		out.Text = quoted(m)
		out.Quoted = out.Text != ""
		if r := m.ReplyTo; r != nil && r.ID > 0 && out.Quoted && (m.Quote == nil || strings.Contains(r.Text, m.Quote.Text)) && r.Text != "" {
			out.To.Quoted = bot.MessageID(itoa(r.ID))
		}
	}
	return out, true
}

// said is what a text says besides its words.
type said struct {
	command   string // lower case, empty if it is none
	named     bool   // the command named this bot
	foreign   bool   // the command named another bot
	mentioned bool
	text      string // without mention and command
}

// read finds the command at the beginning and the mentions of this bot. Only
// entities count: "@HistBot" inside "@HistBotFake", inside an address or inside
// code is no mention.
func (me identity) read(text string, entities []entity) said {
	var out said
	var mentions []span
	command := span{start: -1}
	for _, e := range entities {
		at, ok := utf16Span(text, e.Offset, e.Length)
		if !ok {
			continue
		}
		switch {
		case e.Type == "mention" && me.is(strings.TrimPrefix(text[at.start:at.end], "@")),
			e.Type == "text_mention" && e.User != nil && me.id != 0 && e.User.ID == me.id:
			if n := len(mentions); n == 0 || mentions[n-1].start <= at.start { // hostile entities may come in any order
				mentions = append(mentions, at)
			}
		case e.Type == "bot_command" && command.start < 0 && strings.TrimSpace(cut(text[:at.start], mentions)) == "":
			command = at
		}
	}
	out.mentioned = len(mentions) > 0
	if entities == nil && strings.HasPrefix(text, "/") { // peers send commands without marking them
		command = leadingCommand(text)
	}
	if command.start >= 0 {
		name, of, named := strings.Cut(strings.TrimPrefix(text[command.start:command.end], "/"), "@")
		if named && !me.is(of) {
			return said{foreign: true}
		}
		out.command, out.named = strings.ToLower(name), named
		var rest []span
		for _, s := range mentions {
			if s.start >= command.end {
				rest = append(rest, span{s.start - command.end, s.end - command.end})
			}
		}
		out.text = tidy(cut(text[command.end:], rest), len(rest) > 0)
		return out
	}
	out.text = tidy(cut(text, mentions), out.mentioned)
	return out
}

// A span is a piece of text by byte offsets.
type span struct{ start, end int }

// utf16Span turns an offset and length in UTF-16 code units, as Telegram counts,
// into bytes of text. It is false for any that lie outside the text or inside a
// surrogate pair: entities come from outside and may say anything.
func utf16Span(text string, offset, length int) (span, bool) {
	if offset < 0 || length <= 0 || length > len(text) || offset > len(text) {
		return span{}, false
	}
	s, units := span{start: -1}, 0
	for i, r := range text {
		if units == offset && s.start < 0 {
			s.start = i
		}
		if units == offset+length {
			s.end = i
			return s, s.start >= 0
		}
		units += platform.RuneUTF16Len(r)
	}
	if units == offset+length && s.start >= 0 {
		s.end = len(text)
		return s, true
	}
	return span{}, false
}

// cut removes the spans, which are in order, may overlap and may lie beyond the
// end, and closes the gaps with one space.
func cut(text string, spans []span) string {
	if len(spans) == 0 {
		return text
	}
	var b strings.Builder
	at := 0
	for _, s := range spans {
		s.start, s.end = min(s.start, len(text)), min(s.end, len(text))
		if s.start > at {
			b.WriteString(strings.TrimRight(text[at:s.start], " "))
			b.WriteByte(' ')
		}
		at = max(at, s.end)
	}
	b.WriteString(strings.TrimLeft(text[at:], " "))
	return b.String()
}

// tidy trims what a removed mention leaves behind: "@bot, when …" and "@bot: …".
func tidy(text string, mentioned bool) string {
	text = strings.TrimSpace(text)
	if mentioned {
		text = strings.TrimSpace(strings.TrimLeft(text, ",:;—– "))
	}
	return text
}

// is reports whether name is the bot's user name; Telegram ignores their case.
func (me identity) is(name string) bool {
	return me.username != "" && strings.EqualFold(name, me.username)
}

// leadingCommand finds "/name" or "/name@bot" at the beginning of text, which begins with "/".
func leadingCommand(text string) span {
	none := span{start: -1}
	end := strings.IndexFunc(text, func(r rune) bool {
		return r != '/' && r != '@' && r != '_' && (r < '0' || r > '9') && (r|0x20 < 'a' || r|0x20 > 'z')
	})
	if end < 0 {
		end = len(text)
	}
	name, _, _ := strings.Cut(text[1:end], "@")
	if name == "" || len(name) > maxCommand || strings.Contains(name, "/") {
		return none
	}
	return span{0, end}
}

// maxCommand is the length Telegram allows a command's name.
const maxCommand = 32

// repliesToUs reports whether r is something this bot said. In a topic every
// message "replies" to the one that created the topic, which says nothing.
func (me identity) repliesToUs(r *replied) bool {
	return r != nil && r.From != nil && me.id != 0 && r.From.ID == me.id && !present(r.TopicCreated)
}

// quoted is the text of the message that m replies to, the chosen part if there is one.
func quoted(m *message) string {
	switch {
	case m.Quote != nil && m.Quote.Text != "": // also of a message in another chat
		return platform.Valid(m.Quote.Text)
	case m.ReplyTo == nil || present(m.ReplyTo.TopicCreated):
		return ""
	case m.ReplyTo.Text != "":
		return platform.Valid(m.ReplyTo.Text)
	}
	return platform.Valid(m.ReplyTo.Caption)
}

func (me identity) pressed(q *callbackQuery) (bot.Message, bool) {
	if !person(q.From, nil) || q.Message == nil || q.Message.Chat.ID == 0 || q.Data == "" {
		return bot.Message{}, false // a button of an inline message has no chat that we could write in
	}
	to := address(q.Message)
	to.Handle = bot.Handle(ownMessage + q.ID)
	to.Asker = asker(q.Message.Chat, q.From)
	return bot.Message{
		ID:        bot.MessageID("q" + q.ID),
		From:      sender(q.From),
		To:        to,
		Direct:    q.Message.Chat.private(),
		Addressed: true,
		Action:    platform.Valid(q.Data),
		// The query has no time of its own, and the message's is when the buttons
		// were shown, perhaps last year.
	}, true
}

// generalTopic is the number of the topic that every forum has. The server refuses to
// send into it by number.
const generalTopic = 1

// address is where an answer to m goes. A thread that is no topic is only a chain of
// replies, in a forum's general topic too, and the server refuses to send into it by
// number.
func address(m *message) bot.Address {
	a := bot.Address{Conversation: bot.In(Platform, bot.ChatID(itoa(m.Chat.ID)))}
	switch {
	case m.DirectTopic != nil && m.DirectTopic.ID > 0:
		a.Thread = bot.ThreadID(directTopic + itoa(m.DirectTopic.ID))
	case m.Thread > generalTopic && m.IsTopic:
		a.Thread = bot.ThreadID(itoa(m.Thread))
	}
	switch {
	case m.Ephemeral > 0:
		a.ReplyTo = bot.MessageID(ephemeralMark + itoa(m.Ephemeral))
	case m.ID > 0:
		a.ReplyTo = bot.MessageID(itoa(m.ID))
	}
	return a
}

// directTopic begins the thread of an address in the direct messages of a channel: each
// person has a topic there, which is no topic of a forum.
const directTopic = "d"

// messageID names a message among all of the platform: numbers count per chat, and those of
// ephemeral messages are used again.
func messageID(m *message) bot.MessageID {
	if m.Ephemeral > 0 && m.From != nil {
		return bot.MessageID("e" + itoa(m.Chat.ID) + ":" + itoa(m.From.ID) + ":" + itoa(m.Ephemeral) + ":" + itoa(m.Date))
	}
	return bot.MessageID("m" + itoa(m.Chat.ID) + ":" + itoa(m.ID))
}

// asker is who a reply in c may be shown to alone: groups have messages for one person.
func asker(c chat, from *user) bot.UserID {
	if from == nil || from.ID <= 0 || c.private() || c.Type == "channel" || c.Direct {
		return ""
	}
	return bot.UserID(itoa(from.ID))
}

func sender(u *user) bot.User {
	return bot.User{ID: bot.UserID(itoa(u.ID)), Name: platform.Valid(u.FirstName), Lang: platform.Valid(u.Lang)}
}

// sentAt reads Telegram's seconds, and the milliseconds of telegram-test-api,
// which as seconds would lie beyond the year 5000.
func sentAt(date int64) time.Time {
	const farFuture = 1e11
	switch {
	case date <= 0:
		return time.Time{}
	case date > farFuture:
		return time.UnixMilli(date)
	}
	return time.Unix(date, 0)
}

func present(raw []byte) bool { return len(raw) > 0 && string(raw) != "null" }

func itoa(n int64) string { return strconv.FormatInt(n, 10) }
