package telegramtest

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strconv"
)

// peer answers as telegram-test-api 4.2.1 does, to keep a bot able to
// run against such a server: no long poll, offsets ignored, each update handed out
// once, getMe no bot, dates in milliseconds, sent messages without a sender, null
// results, no checks, and 500 without "ok" for what it does not know.
func (s *Server) peer(r *http.Request, method string) answer {
	switch method {
	case "getMe":
		me := s.self()
		me["is_bot"] = false
		return answer{result: me}
	case "getUpdates":
		s.mu.Lock()
		defer s.mu.Unlock()
		list := []json.RawMessage{}
		for _, q := range s.updates.queue {
			list = append(list, q.raw)
			s.updates.confirmed = max(s.updates.confirmed, q.id)
		}
		s.updates.queue = nil
		return answer{result: list}
	case "sendMessage":
		return s.peerSend(r.Form)
	case "editMessageText", "editMessageReplyMarkup", "deleteMessage":
		return answer{}
	case "answerCallbackQuery":
		s.mu.Lock()
		defer s.mu.Unlock()
		s.queries[r.Form.Get("callback_query_id")] = true
		s.touch()
		return answer{}
	case "deleteWebhook", "setWebhook":
		return answer{result: true}
	}
	return refuse(500, "Error: Route not found")
}

func (s *Server) peerSend(p url.Values) answer {
	m, _ := s.check("sendMessage", p)
	m.Chat, _ = strconv.ParseInt(p.Get("chat_id"), 10, 64)
	s.mu.Lock()
	c := s.chatAt(Place{ID: m.Chat, Type: "private"})
	m.ID = c.nextMessage(false)
	s.sent = append(s.sent, m)
	s.touch()
	s.mu.Unlock()
	return answer{result: map[string]any{"message_id": m.ID, "date": now() * 1000, "chat": map[string]any{"id": p.Get("chat_id")}, "text": m.Text}}
}
