package telegramtest

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

// updates is the queue of what the bot has not confirmed.
type updates struct {
	queue     []queued
	again     []queued // repeated whatever the offset says
	next      int64    // number of the next update
	confirmed int64    // highest number confirmed
	allowed   []string // as last set; nil is everything
	poll      *poll    // the one that waits
	polls     int      // that have begun
	renumber  bool     // the queue need not be in order any more
}

type queued struct {
	id   int64
	raw  json.RawMessage
	chat string // whose queue it stands in; for webhooks
}

// A poll is a getUpdates that waits for news.
type poll struct {
	ended chan struct{} // closed when it must return
	fail  *Refusal      // with what, nil for an empty list
}

// endPoll lets the waiting poll return. The server's mutex is held.
func (u *updates) endPoll(r *Refusal) {
	if u.poll != nil {
		u.poll.fail = r
		close(u.poll.ended)
		u.poll = nil
	}
}

// Push queues an update, given as its fields without update_id, and returns its number.
func (s *Server) Push(fields map[string]any) int64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.push(fields)
}

// push is Push with s.mu held.
func (s *Server) push(fields map[string]any) int64 {
	id := s.updates.next
	s.updates.next++
	fields["update_id"] = id
	raw, err := json.Marshal(fields)
	if err != nil {
		s.t.Fatalf("telegramtest: %v", err)
	}
	if s.wanted(fields) {
		s.updates.queue = append(s.updates.queue, queued{id, raw, chatOf(raw)})
		s.touch()
	}
	return id
}

// PushRaw queues what follows `{"update_id":N,` as it is, to poison the queue. It
// must be valid JSON all the same, as Telegram's is.
func (s *Server) PushRaw(rest string) int64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	id := s.updates.next
	s.updates.next++
	raw := json.RawMessage(fmt.Sprintf(`{"update_id":%d,%s`, id, rest))
	if !json.Valid(raw) {
		s.t.Fatalf("telegramtest: PushRaw: not valid JSON: %s", raw)
	}
	s.updates.queue = append(s.updates.queue, queued{id, raw, chatOf(raw)})
	s.touch()
	return id
}

// Repeat hands an update out once more, whatever was confirmed.
func (s *Server) Repeat(raw json.RawMessage) {
	var head struct {
		ID int64 `json:"update_id"`
	}
	if err := json.Unmarshal(raw, &head); err != nil {
		s.t.Fatalf("telegramtest: Repeat: %v", err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.updates.again = append(s.updates.again, queued{head.ID, raw, chatOf(raw)})
	s.touch()
}

// Update returns a queued update that is not confirmed yet.
func (s *Server) Update(id int64) json.RawMessage {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, q := range s.updates.queue {
		if q.id == id {
			return q.raw
		}
	}
	s.t.Fatalf("telegramtest: update %d is not in the queue", id)
	return nil
}

// Renumber makes the next update have that number, as after a quiet week.
func (s *Server) Renumber(next int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.updates.next, s.updates.renumber = next, true
}

// Confirmed is the highest number the bot has confirmed.
func (s *Server) Confirmed() int64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.updates.confirmed
}

// Unconfirmed is how many updates wait for confirmation.
func (s *Server) Unconfirmed() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.updates.queue)
}

// Polling reports whether a poll waits.
func (s *Server) Polling() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.updates.poll != nil
}

// SetWebhook sets a webhook, with which polling is refused.
func (s *Server) SetWebhook(url string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.hook.end()
	s.hook, s.webhook = nil, url
	if url != "" {
		s.updates.endPoll(&Refusal{Code: 409, Text: "Conflict: terminated by setWebhook request"})
	}
}

// CutPoll cuts the connection of the poll that waits, if one does. The poll hears
// of it as a reset.
func (s *Server) CutPoll() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	had := s.updates.poll != nil
	s.updates.endPoll(&Refusal{Code: cutCode})
	return had
}

const cutCode = -1 // not an answer: the connection is cut

func (s *Server) getUpdates(r *http.Request) answer {
	number := func(name string, otherwise int64) int64 {
		n, err := strconv.ParseInt(r.Form.Get(name), 10, 64)
		if err != nil {
			return otherwise
		}
		return n
	}
	offset, limit, timeout := number("offset", 0), number("limit", 100), number("timeout", 0)
	if limit < 1 || limit > 100 {
		limit = 100
	}
	timeout = min(timeout, 50)

	s.mu.Lock()
	if s.webhook != "" {
		s.mu.Unlock()
		return refuse(409, "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first")
	}
	s.updates.endPoll(&Refusal{Code: 409, Text: conflictText})
	if a := r.Form.Get("allowed_updates"); strings.HasPrefix(a, "[") { // anything else keeps the setting
		var list []string
		_ = json.Unmarshal([]byte(a), &list)
		s.updates.allowed = list
	}
	s.updates.confirm(offset)
	if offset-1 > s.updates.confirmed {
		s.updates.confirmed = offset - 1
		s.touch()
	}
	me := &poll{ended: make(chan struct{})}
	s.updates.poll = me
	s.updates.polls++
	s.touch()
	s.mu.Unlock()
	defer func() {
		s.mu.Lock()
		if s.updates.poll == me {
			s.updates.poll = nil
		}
		s.touch()
		s.mu.Unlock()
	}()

	timer := time.NewTimer(time.Duration(timeout) * time.Second)
	defer timer.Stop()
	for {
		changed := s.changed.Next()
		s.mu.Lock()
		list := s.take(int(limit))
		s.mu.Unlock()
		if len(list) > 0 || timeout == 0 {
			return answer{result: list}
		}
		select {
		case <-changed:
		case <-timer.C:
			return answer{result: list}
		case <-me.ended:
			if me.fail == nil {
				return answer{result: list}
			}
			if me.fail.Code == cutCode {
				panic(http.ErrAbortHandler)
			}
			return answer{fail: me.fail}
		case <-r.Context().Done():
			return answer{result: list}
		case <-s.done:
			return answer{result: list}
		}
	}
}

// take lists what a poll gets. s.mu is held.
func (s *Server) take(limit int) []json.RawMessage {
	list := []json.RawMessage{}
	for len(s.updates.again) > 0 && len(list) < limit {
		list = append(list, s.updates.again[0].raw)
		s.updates.again = s.updates.again[1:]
	}
	for _, x := range s.updates.queue {
		if len(list) == limit {
			break
		}
		list = append(list, x.raw)
	}
	return list
}

// confirm drops what lies below offset.
func (u *updates) confirm(offset int64) {
	if u.renumber {
		u.queue = slices.DeleteFunc(u.queue, func(x queued) bool { return x.id < offset })
		return
	}
	n := 0
	for n < len(u.queue) && u.queue[n].id < offset {
		n++
	}
	u.queue = u.queue[n:]
	if len(u.queue) == 0 {
		u.queue = nil // let the memory go
	}
}

// wanted reports whether the bot asked for this kind of update. Like Telegram's
// server, the fake looks when the update is made, not when it is handed out.
// s.mu is held.
func (s *Server) wanted(fields map[string]any) bool {
	if s.updates.allowed == nil {
		return true
	}
	for kind := range fields {
		if updateKinds[kind] && !slices.Contains(s.updates.allowed, kind) {
			return false
		}
	}
	return true
}

// updateKinds are the kinds a bot can leave out; what tests invent beside them
// always comes through.
var updateKinds = map[string]bool{
	"message": true, "edited_message": true, "channel_post": true, "edited_channel_post": true,
	"callback_query": true, "inline_query": true, "chosen_inline_result": true, "my_chat_member": true,
	"chat_member": true, "poll": true, "poll_answer": true, "message_reaction": true, "message_reaction_count": true,
	"chat_join_request": true, "business_message": true, "guest_message": true,
}

// WaitPolling waits until a poll waits for news.
func (s *Server) WaitPolling(ctx context.Context) error {
	return s.wait(ctx, func() bool { return s.updates.poll != nil })
}

// WaitPolled waits until a poll waits for news, or another one has begun: where there always
// is some, none waits.
func (s *Server) WaitPolled(ctx context.Context) error {
	s.mu.Lock()
	before := s.updates.polls
	s.mu.Unlock()
	return s.wait(ctx, func() bool { return s.updates.poll != nil || s.updates.polls > before })
}

// WaitConfirmed waits until the bot has confirmed update id.
func (s *Server) WaitConfirmed(ctx context.Context, id int64) error {
	return s.wait(ctx, func() bool {
		if s.hook != nil {
			return !slices.ContainsFunc(s.updates.queue, func(q queued) bool { return q.id == id })
		}
		return s.updates.confirmed >= id
	})
}
