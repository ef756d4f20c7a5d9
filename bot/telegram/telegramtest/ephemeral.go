package telegramtest

import (
	"encoding/json"
	"net/url"
	"strconv"
	"strings"
)

// replyTo is what a message says of the one that it answers.
type replyTo struct {
	ID        int64  `json:"message_id"`
	Ephemeral int64  `json:"ephemeral_message_id"`
	Without   bool   `json:"allow_sending_without_reply"`
	Quote     string `json:"quote"`
}

// alone makes m an ephemeral message if the call asks for one, by the rules of Bot API 10.2 and,
// in the form of its parameters, of 10.3; both forms must say the same. A bot that is no admin of
// the chat answers a pressed button with one, or an ephemeral command. s.mu is held.
func (s *Server) alone(c *chat, p url.Values, m *Sent, reply replyTo) *Refusal {
	bad := func(text string) *Refusal {
		s.problem("an ephemeral message: %s", text)
		return &Refusal{Code: 400, Text: "Bad Request: " + text}
	}
	receiver, query := p.Get("receiver_user_id"), p.Get("callback_query_id")
	if receiver == "" {
		if query != "" || p.Get("ephemeral_message_parameters") != "" || reply.Ephemeral != 0 {
			return bad("parameters of one for nobody")
		}
		return nil
	}
	var later struct {
		Receiver int64  `json:"receiver_user_id"`
		Query    string `json:"callback_query_id"`
	}
	m.Alone, _ = strconv.ParseInt(receiver, 10, 64)
	if err := json.Unmarshal([]byte(p.Get("ephemeral_message_parameters")), &later); err != nil || later.Receiver != m.Alone || later.Query != query {
		return bad("the two forms of its parameters differ")
	}
	switch _, known := s.queries[query]; {
	case s.NoEphemeral:
		return &Refusal{Code: 400, Text: "Bad Request: EPHEMERAL_MESSAGES_FORBIDDEN"}
	case c.kind != "group" && c.kind != "supergroup":
		return bad("it is sent into a " + c.kind + " chat")
	case !s.isPerson(m.Alone):
		return bad("user not found")
	case query != "" && !known:
		return bad("callback query not found")
	case reply.Ephemeral != 0 && !c.ephemeral[reply.Ephemeral]:
		return bad("message to be replied not found")
	case query == "" && reply.Ephemeral == 0 && c.admins[s.BotID()] == "":
		return &Refusal{Code: 400, Text: "Bad Request: BOT_NOT_ADMIN"}
	}
	s.lastEphemeral++
	m.ID = -s.lastEphemeral
	return nil
}

// editAlone replaces the text of an ephemeral message that the bot wrote.
func (s *Server) editAlone(method string, p url.Values) answer {
	m, bad := s.check(method, p)
	if bad != nil {
		return answer{fail: bad}
	}
	m.Chat, _ = strconv.ParseInt(p.Get("chat_id"), 10, 64)
	m.Alone, _ = strconv.ParseInt(p.Get("receiver_user_id"), 10, 64)
	m.ID, _ = strconv.ParseInt("-"+p.Get("ephemeral_message_id"), 10, 64)
	m.Edited = true
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, old := range s.sent {
		if old.Chat == m.Chat && old.ID == m.ID && old.Alone == m.Alone {
			m.Thread, m.ReplyTo = old.Thread, old.ReplyTo
			s.sent = append(s.sent, m)
			s.touch()
			return answer{result: true}
		}
	}
	return refuse(400, "Bad Request: message to edit not found")
}

func (s *Server) isPerson(id int64) bool {
	for name, n := range s.people {
		if n == id && !strings.HasPrefix(name, "group ") {
			return true
		}
	}
	return false
}

// quotes lets m quote the message that it replies to, if the words stand there. s.mu is held.
func (s *Server) quotes(c *chat, m *Sent, reply replyTo) *Refusal {
	text, known := c.texts[reply.ID]
	if Units(reply.Quote) > maxQuote || known && !strings.Contains(text, reply.Quote) {
		s.problem("a reply quotes %q, which does not stand in %q", reply.Quote, text)
		return &Refusal{Code: 400, Text: "Bad Request: QUOTE_TEXT_INVALID"}
	}
	m.Quote = reply.Quote
	return nil
}

// Alone makes the message an ephemeral one, as a command of the menu sends it.
func (s *Server) Alone(m map[string]any) {
	s.lastEphemeral++
	m["message_id"], m["ephemeral_message_id"] = int64(0), s.lastEphemeral
	id, _ := m["chat"].(map[string]any)["id"].(int64)
	if c := s.chats[id]; c != nil {
		c.ephemeral[s.lastEphemeral] = true
	}
}

// Of makes the message a reply to what somebody else wrote, of which it may quote a part.
func (s *Server) Of(id int64, text, quote string) func(map[string]any) {
	return func(m map[string]any) {
		chat, _ := m["chat"].(map[string]any)["id"].(int64)
		if c := s.chats[chat]; c != nil {
			c.messages[id], c.texts[id] = true, text
		}
		m["reply_to_message"] = map[string]any{"message_id": id, "date": now(), "chat": m["chat"], "text": text,
			"from": map[string]any{"id": int64(firstPerson), "is_bot": false, "first_name": "Max"}}
		if quote != "" {
			m["quote"] = map[string]any{"text": quote, "position": Units(text[:max(strings.Index(text, quote), 0)]), "is_manual": true}
		}
	}
}
