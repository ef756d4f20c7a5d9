package telegramtest

import (
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// A Person is somebody who writes to the bot.
type Person struct {
	ID   int64
	Name string
	Lang string
	Bot  bool
}

// A Place is a chat. The private chat with a person has the person's number.
type Place struct {
	ID    int64
	Type  string // private, group, supergroup, channel
	Forum bool
	Topic int64 // where in a forum
}

// chat is what the server knows of a place.
type chat struct {
	kind      string
	forum     bool
	last      int64
	messages  map[int64]bool
	forbidden string // why the bot may not write, or empty
	gone      bool
	movedTo   int64
	closed    map[int64]bool
	topics    map[int64]bool
	admins    map[int64]string // status by person
	ephemeral map[int64]bool   // messages that only their sender and the bot see
	texts     map[int64]string // of messages of others
}

// Person returns the person of that name; the same name is the same person.
func (s *Server) Person(name string) Person {
	s.mu.Lock()
	defer s.mu.Unlock()
	return Person{ID: s.number(name), Name: name, Lang: "en"}
}

// number gives names numbers. s.mu is held.
func (s *Server) number(name string) int64 {
	id, ok := s.people[name]
	if !ok {
		id = int64(firstPerson + len(s.people))
		s.people[name] = id
	}
	return id
}

const firstPerson = 500_000_000

// Ordinal is the how-manieth person, counted from 0, a private chat is with.
func Ordinal(chat int64) int { return int(chat - firstPerson) }

// Private is the chat of the bot with p.
func (s *Server) Private(p Person) Place { return Place{ID: p.ID, Type: "private"} }

// Group is the supergroup of that name; forum if it has topics.
func (s *Server) Group(name string, forum bool) Place {
	s.mu.Lock()
	defer s.mu.Unlock()
	return Place{ID: -1_000_000_000_000 - s.number("group "+name), Type: "supergroup", Forum: forum}
}

// In is the place's topic of that number, created if need be.
func (p Place) In(topic int64) Place {
	p.Topic = topic
	return p
}

// chatAt is the chat of a place. s.mu is held.
func (s *Server) chatAt(p Place) *chat {
	c, ok := s.chats[p.ID]
	if !ok {
		c = &chat{kind: p.Type, forum: p.Forum, messages: map[int64]bool{}, closed: map[int64]bool{}, topics: map[int64]bool{}, admins: map[int64]string{}, ephemeral: map[int64]bool{}, texts: map[int64]string{}}
		s.chats[p.ID] = c
	}
	if p.Topic != 0 {
		c.topics[p.Topic] = true
	}
	return c
}

// open finds the chat to write into, or says why the bot cannot. s.mu is held.
func (s *Server) open(id, thread int64) (*chat, *Refusal) {
	c, ok := s.chats[id]
	switch {
	case !ok || c.gone:
		return nil, &Refusal{Code: 400, Text: "Bad Request: chat not found"}
	case c.movedTo != 0:
		return nil, &Refusal{Code: 400, Text: "Bad Request: group chat was upgraded to a supergroup chat", MigrateTo: c.movedTo}
	case c.forbidden != "":
		return nil, &Refusal{Code: 403, Text: "Forbidden: " + c.forbidden}
	case thread != 0 && !c.topics[thread]:
		return nil, &Refusal{Code: 400, Text: "Bad Request: message thread not found"}
	case thread != 0 && c.closed[thread]:
		return nil, &Refusal{Code: 400, Text: "Bad Request: TOPIC_CLOSED"}
	}
	return c, nil
}

// nextMessage numbers a message. The server's mutex is held.
func (c *chat) nextMessage(forget bool) int64 {
	c.last++
	if !forget {
		c.messages[c.last] = true
	}
	return c.last
}

func (c *chat) json(id int64) map[string]any {
	m := map[string]any{"id": id, "type": c.kind}
	if c.forum {
		m["is_forum"] = true
	}
	if c.kind != "private" {
		m["title"] = "A group"
	}
	return m
}

// Forbid makes the server refuse the bot in p with 403 and that reason; "" allows again.
func (s *Server) Forbid(p Place, why string) { s.alter(p, func(c *chat) { c.forbidden = why }) }

// Vanish makes p a chat that is not found.
func (s *Server) Vanish(p Place) { s.alter(p, func(c *chat) { c.gone = true }) }

// CloseTopic closes the topic of p; DeleteTopic removes it.
func (s *Server) CloseTopic(p Place) { s.alter(p, func(c *chat) { c.closed[p.Topic] = true }) }

// DeleteTopic removes the topic of p.
func (s *Server) DeleteTopic(p Place) { s.alter(p, func(c *chat) { delete(c.topics, p.Topic) }) }

// Upgrade makes the group p the supergroup to.
func (s *Server) Upgrade(p, to Place) {
	var admins map[int64]string
	s.alter(p, func(c *chat) { c.movedTo, admins = to.ID, c.admins })
	s.alter(to, func(c *chat) { maps.Copy(c.admins, admins) })
}

// Admin makes who an admin of at with that status ("creator", "administrator"),
// or no admin with "".
func (s *Server) Admin(at Place, who Person, status string) {
	s.alter(at, func(c *chat) {
		if c.admins[who.ID] = status; status == "" {
			delete(c.admins, who.ID)
		}
	})
}

// AsGroup makes the message one of an admin who writes as the group itself.
func (s *Server) AsGroup(m map[string]any) {
	m["sender_chat"] = m["chat"]
	m["from"] = map[string]any{"id": 1087968824, "is_bot": true, "first_name": "Group", "username": "GroupAnonymousBot"}
}

// DeleteMessage removes a message of p, so that it cannot be replied to.
func (s *Server) DeleteMessage(p Place, id int64) {
	s.alter(p, func(c *chat) { delete(c.messages, id) })
}

func (s *Server) alter(p Place, f func(*chat)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	f(s.chatAt(p))
}

// Said is what Say has made.
type Said struct {
	Update  int64
	Message int64
	Raw     json.RawMessage
}

// Say lets p write text in at, marked with entities as Telegram's apps mark it.
// change may alter the message before it is queued; nil for none.
func (s *Server) Say(p Person, at Place, text string, change func(message map[string]any)) Said {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.chatAt(at)
	m := map[string]any{
		"message_id": c.nextMessage(s.opts.Forget), "date": now(), "chat": c.json(at.ID), "text": text,
		"from": map[string]any{"id": p.ID, "is_bot": p.Bot, "first_name": p.Name, "language_code": p.Lang},
	}
	if at.Topic != 0 {
		m["message_thread_id"], m["is_topic_message"] = at.Topic, true
	}
	if e := entitiesOf(text); len(e) > 0 {
		m["entities"] = e
	}
	if change != nil {
		change(m)
	}
	update := map[string]any{"message": m}
	kind := "message"
	if _, edited := m["edit_date"]; edited {
		kind, update = "edited_message", map[string]any{"edited_message": m}
	}
	id := s.push(update)
	raw, _ := json.Marshal(map[string]any{"update_id": id, kind: m})
	return Said{Update: id, Message: m["message_id"].(int64), Raw: raw}
}

// ReplyTo makes the message a reply to one of the bot's own.
func (s *Server) ReplyTo(sent Sent) func(map[string]any) {
	return func(m map[string]any) {
		m["reply_to_message"] = map[string]any{
			"message_id": sent.ID, "date": now(), "chat": m["chat"], "text": sent.Text,
			"from": map[string]any{"id": s.BotID(), "is_bot": true, "first_name": "Footnote", "username": s.opts.Username},
		}
	}
}

// Press lets p press a button with data under sent, and returns the update and
// the number of the query.
func (s *Server) Press(p Person, at Place, sent Sent, data string) (Said, string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.chatAt(at)
	query := fmt.Sprintf("%d%06d", 77, s.updates.next)
	message := map[string]any{"message_id": sent.ID, "date": now(), "chat": c.json(at.ID), "text": sent.Text,
		"from": map[string]any{"id": s.BotID(), "is_bot": true, "first_name": "Footnote", "username": s.opts.Username}}
	if sent.Alone != 0 {
		message["message_id"], message["ephemeral_message_id"] = 0, -sent.ID
	}
	if sent.Thread != 0 {
		message["message_thread_id"], message["is_topic_message"] = sent.Thread, true
	}
	fields := map[string]any{
		"id": query, "chat_instance": "1", "data": data, "message": message,
		"from": map[string]any{"id": p.ID, "is_bot": p.Bot, "first_name": p.Name, "language_code": p.Lang},
	}
	s.queries[query], s.pressed[query] = false, Sent{Chat: at.ID, Thread: sent.Thread, Alone: p.ID}
	id := s.push(map[string]any{"callback_query": fields})
	raw, _ := json.Marshal(map[string]any{"update_id": id, "callback_query": fields})
	return Said{Update: id, Message: sent.ID, Raw: raw}, query
}

// PressInline lets p press a button under an inline message, which has no chat.
func (s *Server) PressInline(p Person, data string) (query string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	query = fmt.Sprintf("%d%06d", 78, s.updates.next)
	s.queries[query] = false
	s.push(map[string]any{"callback_query": map[string]any{
		"id": query, "chat_instance": "1", "data": data, "inline_message_id": "INLINE",
		"from": map[string]any{"id": p.ID, "is_bot": false, "first_name": p.Name},
	}})
	return query
}

// Inline lets p type text after the bot's name in some chat.
func (s *Server) Inline(p Person, text string) (query string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	query = fmt.Sprintf("%d%06d", 79, s.updates.next)
	s.queries[query] = false
	s.push(map[string]any{"inline_query": map[string]any{
		"id": query, "query": text, "offset": "",
		"from": map[string]any{"id": p.ID, "is_bot": false, "first_name": p.Name, "language_code": p.Lang},
	}})
	return query
}

var markedPattern = regexp.MustCompile(`(^|[^A-Za-z0-9_/@<>])(/[A-Za-z0-9_]{1,32}(?:@[A-Za-z0-9_]{3,32})?|@[A-Za-z0-9_]{3,32})`)

// entitiesOf marks commands and mentions, in UTF-16 code units.
func entitiesOf(text string) []map[string]any {
	var out []map[string]any
	for _, m := range markedPattern.FindAllStringSubmatchIndex(text, -1) {
		start, end := m[4], m[5]
		kind := "mention"
		if text[start] == '/' {
			if end < len(text) && strings.ContainsRune("/<>", rune(text[end])) {
				continue // part of a path or of markup
			}
			kind = "bot_command"
		}
		out = append(out, map[string]any{"type": kind, "offset": Units(text[:start]), "length": Units(text[start:end])})
	}
	return out
}

func now() int64 { return time.Now().Unix() }

func itoa(n int64) string { return strconv.FormatInt(n, 10) }
