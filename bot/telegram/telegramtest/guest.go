package telegramtest

import (
	"encoding/json"
	"fmt"
	"net/url"
)

// Guest lets p name the bot in a chat that it is not in, and returns the number of the query.
func (s *Server) Guest(p Person, text string) (query string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	query = fmt.Sprintf("%d%06d", 80, s.updates.next)
	s.queries[query] = false
	m := map[string]any{
		"message_id": int64(5), "date": now(), "chat": map[string]any{"id": -1_000_000_000_001, "type": "supergroup", "title": "Elsewhere"}, "text": text,
		"from": map[string]any{"id": p.ID, "is_bot": false, "first_name": p.Name, "language_code": p.Lang}, "guest_query_id": query,
	}
	if e := entitiesOf(text); len(e) > 0 {
		m["entities"] = e
	}
	s.push(map[string]any{"guest_message": m})
	return query
}

// answerGuest answers a query once, with a text.
func (s *Server) answerGuest(p url.Values) answer {
	bad := func(text string) answer {
		s.problem("answerGuestQuery: %s", text)
		return refuse(400, "Bad Request: "+text)
	}
	var x struct {
		Type    string `json:"type"`
		ID      string `json:"id"`
		Title   string `json:"title"`
		Content struct {
			Text    string          `json:"message_text"`
			Mode    string          `json:"parse_mode"`
			Preview json.RawMessage `json:"link_preview_options"`
		} `json:"input_message_content"`
		Markup json.RawMessage `json:"reply_markup"`
	}
	if err := json.Unmarshal([]byte(p.Get("result")), &x); err != nil || x.Type != "article" || x.ID == "" || x.Title == "" {
		return bad("RESULT_ID_INVALID, or no article with a title")
	}
	v := url.Values{"text": {x.Content.Text}, "parse_mode": {x.Content.Mode}, "link_preview_options": {string(x.Content.Preview)}}
	if len(x.Markup) > 0 {
		v.Set("reply_markup", string(x.Markup))
	}
	m, refusal := s.check("answerGuestQuery", v)
	if refusal != nil {
		return answer{fail: refusal}
	}
	for _, row := range m.Buttons {
		for _, b := range row {
			if b.Data != "" {
				return bad("a button that would come back to a bot that is not in the chat")
			}
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	id := p.Get("guest_query_id")
	if answered, known := s.queries[id]; !known || answered {
		return refuse(400, "Bad Request: query is too old and response timeout expired or query ID is invalid")
	}
	s.queries[id] = true
	m.Guest = true
	s.sent = append(s.sent, m)
	s.touch()
	return answer{result: map[string]any{"inline_message_id": "INLINE"}}
}
