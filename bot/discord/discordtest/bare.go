package discordtest

import (
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"time"
)

// A bare server costs as little as it can, so that a load is the bot's: it reads
// of a message only what it answers, and whether its channel's last one had the same nonce,
// and sends no rate limits. It also has the
// older address of the gateway, which libraries ask for.

// bareMessage is "create message".
func (s *Server) bareMessage(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	var m struct {
		Nonce     string `json:"nonce"`
		Reference struct {
			MessageID string `json:"message_id"`
		} `json:"message_reference"`
	}
	if err != nil || json.Unmarshal(body, &m) != nil {
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	if s.Delay > 0 {
		select {
		case <-time.After(s.Delay):
		case <-s.closed:
		}
	}
	channel := r.PathValue("channel")
	s.mu.Lock()
	again := m.Nonce != "" && s.bareNonces[channel] == m.Nonce
	s.bareNonces[channel] = m.Nonce
	p := Sent{ID: s.newID(), User: cmp.Or(s.nameOf("dm", channel), s.nameOf("channel", channel)), ReplyTo: m.Reference.MessageID}
	self := s.id("user", botName)
	s.mu.Unlock()
	if s.OnSent != nil && !again {
		s.OnSent(p)
	}
	w.Header().Set("Content-Type", "application/json")
	_, _ = fmt.Fprintf(w, `{"id":%q,"type":19,"content":"…","channel_id":%q,"author":{"id":%q,"username":%q,"discriminator":"0","bot":true},"mentions":[],"mention_roles":[],"attachments":[],"embeds":[],"components":[],"timestamp":"2026-01-01T00:00:00Z","edited_timestamp":null,"pinned":false,"tts":false,"mention_everyone":false,"flags":4}`,
		p.ID, channel, self, botName)
}

// Ask has somebody write a direct message, as DM does at a bare server's price,
// and returns its id.
func (s *Server) Ask(from, text string) string {
	words := mustJSON(text)
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.bareSay(from, s.channelID("", from), words, "")
}

// AskIn has somebody mention the bot in a channel of a server, which nobody else writes in and
// which is called as they are, and returns the id of the message.
func (s *Server) AskIn(guild, from, text string) string {
	words := mustJSON(s.At(text))
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.bareSay(from, s.channelID(from, from), words, fmt.Sprintf(`"guild_id":%q,`, s.id("guild", guild)))
}

// bareSay sends words that are JSON. s.mu is held.
func (s *Server) bareSay(from, channel string, words []byte, more string) string {
	id := s.newID()
	s.dispatch("MESSAGE_CREATE", fmt.Appendf(nil,
		`{"id":%q,%s"type":0,"content":%s,"author":{"id":%q,"username":%q,"global_name":null,"discriminator":"0","avatar":null,"public_flags":0},"channel_id":%q,"mentions":[],"mention_roles":[],"mention_everyone":false,"attachments":[],"embeds":[],"components":[],"pinned":false,"tts":false,"flags":0,"timestamp":"2026-01-01T00:00:00Z","edited_timestamp":null}`,
		id, more, words, s.id("user", from), from, channel))
	return id
}
