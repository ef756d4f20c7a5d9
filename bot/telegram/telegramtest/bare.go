package telegramtest

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"time"
)

// A bare server costs as little as it can, so that a load is the bot's: it reads
// of a message only where it goes and what it answers, as the Bot API of today and
// as that of 2021 say it, and answers with a message written out beforehand.

// bareMessage is sendMessage.
func (s *Server) bareMessage(w http.ResponseWriter, r *http.Request) {
	_ = r.ParseForm()
	m := Sent{}
	m.Chat, _ = strconv.ParseInt(r.PostForm.Get("chat_id"), 10, 64)
	m.ReplyTo, _ = strconv.ParseInt(r.PostForm.Get("reply_to_message_id"), 10, 64)
	if to := r.PostForm.Get("reply_parameters"); to != "" {
		var reply struct {
			ID int64 `json:"message_id"`
		}
		_ = json.Unmarshal([]byte(to), &reply)
		m.ReplyTo = reply.ID
	}
	if s.opts.Delay > 0 {
		select {
		case <-time.After(s.opts.Delay):
		case <-s.done:
		}
	}
	s.mu.Lock()
	m.ID = s.chatAt(Place{ID: m.Chat, Type: "private"}).nextMessage(true)
	s.mu.Unlock()
	if s.opts.OnSent != nil {
		s.opts.OnSent(m)
	}
	w.Header().Set("Content-Type", "application/json")
	_, _ = fmt.Fprintf(w, `{"ok":true,"result":{"message_id":%d,"from":{"id":%d,"is_bot":true,"first_name":"Footnote","username":%q},"chat":{"id":%d,"first_name":"person","type":"private"},"date":%d,"text":"…"}}`,
		m.ID, s.BotID(), s.opts.Username, m.Chat, now())
}

// Ask has p write text in the private chat, as Say does at a bare server's price,
// and returns the number of the message.
func (s *Server) Ask(p Person, text string) int64 {
	words, _ := json.Marshal(text)
	s.mu.Lock()
	defer s.mu.Unlock()
	id := s.chatAt(s.Private(p)).nextMessage(s.opts.Forget)
	update := s.updates.next
	s.updates.next++
	s.updates.queue = append(s.updates.queue, queued{update, fmt.Appendf(nil,
		`{"update_id":%d,"message":{"message_id":%d,"from":{"id":%d,"is_bot":false,"first_name":%q,"language_code":%q},"chat":{"id":%d,"first_name":%q,"type":"private"},"date":%d,"text":%s}}`,
		update, id, p.ID, p.Name, p.Lang, p.ID, p.Name, now(), words), strconv.FormatInt(p.ID, 10)})
	s.touch()
	return id
}
