package telegramtest

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// A hook is a webhook that is set. Like Telegram's server it sends the updates of a chat one
// after another: the next one when the one before was answered with 2xx. What was not comes
// again after a pause that grows, or as long as Retry-After says.
type hook struct {
	url, secret string
	connections int
	client      *http.Client
	ctx         context.Context
	cancel      context.CancelFunc

	busy    map[string]bool      // chats with an update under way
	resting map[string]time.Time // chats whose update comes again then
	fails   map[string]int       // in a row
	errorAt time.Time
	error   string
}

// A Delivery is one try to hand an update to a webhook.
type Delivery struct {
	Update int64
	Target string // the host it went to
	Status int    // 0 if there was no answer
	Took   time.Duration
}

const (
	firstRetry   = 20 * time.Millisecond
	longestRetry = time.Second // Telegram's is one or two minutes
	// hookTimeout is how long an answer is waited for; how long Telegram does is not told.
	hookTimeout = 60 * time.Second
)

var secretShape = regexp.MustCompile(`^[A-Za-z0-9_-]{1,256}$`)

// Balance has updates go to these hosts in turn, whatever host the webhook's address has: what
// a balancer does before several processes. None ends that.
func (s *Server) Balance(hosts ...string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.balance = slices.Clone(hosts)
}

// Deliveries are the tries so far, in the order they ended.
func (s *Server) Deliveries() []Delivery {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.deliveries)
}

// Webhook is the address that is set, or "".
func (s *Server) Webhook() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.webhook
}

// WebhookSecret is what the bot wants to be told with each update.
func (s *Server) WebhookSecret() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.hook == nil {
		return ""
	}
	return s.hook.secret
}

// WaitWebhook waits until the bot has set a webhook.
func (s *Server) WaitWebhook(ctx context.Context) error {
	return s.wait(ctx, func() bool { return s.hook != nil })
}

// WaitDeliveries waits until n tries have ended.
func (s *Server) WaitDeliveries(ctx context.Context, n int) error {
	return s.wait(ctx, func() bool { return len(s.deliveries) >= n })
}

// end ends the deliveries of h, which may be nil. The server's mutex is held.
func (h *hook) end() {
	if h != nil {
		h.cancel()
	}
}

func (s *Server) setWebhook(p url.Values) answer {
	bad := func(text string) answer {
		s.problem("setWebhook: %s", text)
		return refuse(400, "Bad Request: "+text)
	}
	u, err := url.Parse(p.Get("url"))
	if err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" { // http is for servers of one's own, as this is
		return bad("bad webhook: invalid webhook URL specified")
	}
	secret := p.Get("secret_token")
	if secret != "" && !secretShape.MatchString(secret) {
		return bad("bad webhook: secret token contains unallowed characters")
	}
	connections := 40
	if n := p.Get("max_connections"); n != "" {
		if connections, err = strconv.Atoi(n); err != nil || connections < 1 || connections > 100 {
			return bad("bad webhook: max_connections must be from 1 to 100")
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return refuse(500, "Internal Server Error: closing")
	}
	s.hook.end()
	if a := p.Get("allowed_updates"); strings.HasPrefix(a, "[") {
		var list []string
		_ = json.Unmarshal([]byte(a), &list)
		s.updates.allowed = list
	}
	if p.Get("drop_pending_updates") == "true" {
		s.updates.queue = nil
	}
	s.updates.endPoll(&Refusal{Code: 409, Text: "Conflict: terminated by setWebhook request"})
	ctx, cancel := context.WithCancel(context.Background())
	s.webhook = p.Get("url")
	s.hook = &hook{
		url: s.webhook, secret: secret, connections: connections, ctx: ctx, cancel: cancel,
		client: &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 100}, Timeout: hookTimeout},
		busy:   map[string]bool{}, resting: map[string]time.Time{}, fails: map[string]int{},
	}
	h := s.hook
	s.hooking.Go(func() { s.sendUpdates(h) })
	s.touch()
	return answer{result: true}
}

func (s *Server) deleteWebhook(p url.Values) answer {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.hook.end()
	s.hook, s.webhook = nil, ""
	if p.Get("drop_pending_updates") == "true" {
		s.updates.queue = nil
	}
	s.touch()
	return answer{result: true}
}

func (s *Server) webhookInfo() answer {
	s.mu.Lock()
	defer s.mu.Unlock()
	info := map[string]any{"url": s.webhook, "has_custom_certificate": false, "pending_update_count": len(s.updates.queue)}
	if s.updates.allowed != nil {
		info["allowed_updates"] = s.updates.allowed
	}
	if h := s.hook; h != nil {
		info["max_connections"] = h.connections
		if !h.errorAt.IsZero() {
			info["last_error_date"], info["last_error_message"] = h.errorAt.Unix(), h.error
		}
	}
	return answer{result: info}
}

// sendUpdates hands updates to h until it ends.
func (s *Server) sendUpdates(h *hook) {
	defer h.client.CloseIdleConnections()
	for h.ctx.Err() == nil {
		changed := s.changed.Next()
		s.mu.Lock()
		next := s.dispatchUpdates(h)
		s.mu.Unlock()
		if next <= 0 {
			next = hookTimeout
		}
		timer := time.NewTimer(next)
		select {
		case <-changed:
		case <-timer.C:
		case <-h.ctx.Done():
		}
		timer.Stop()
	}
}

// dispatchUpdates sends what may be sent now, and returns when there is more; 0 if nobody
// knows. s.mu is held.
func (s *Server) dispatchUpdates(h *hook) (next time.Duration) {
	now := time.Now()
	held := map[string]bool{} // chats in which an earlier update is still to come
	send := func(q queued, again bool) bool {
		chat := q.chat
		if h.busy[chat] || held[chat] || len(h.busy) >= h.connections {
			return false
		}
		if left := h.resting[chat].Sub(now); left > 0 {
			if next == 0 || left < next {
				next = left
			}
			held[chat] = true
			return false
		}
		h.busy[chat] = true
		target := ""
		if n := len(s.balance); n > 0 {
			target = s.balance[s.turns%n]
			s.turns++
		}
		s.hooking.Go(func() { s.deliver(h, q, chat, target, again) })
		return true
	}
	s.updates.again = slices.DeleteFunc(s.updates.again, func(q queued) bool { return send(q, true) })
	for _, q := range s.updates.queue {
		if len(h.busy) >= h.connections {
			break
		}
		send(q, false)
	}
	return next
}

// deliver makes one try.
func (s *Server) deliver(h *hook, q queued, chat, target string, again bool) {
	began := time.Now()
	d := Delivery{Update: q.id, Target: target}
	status, after, err := h.post(q.raw, target)
	if s.opts.RetrySecond > 0 {
		after = time.Duration(after.Seconds() * float64(s.opts.RetrySecond))
	}
	d.Status, d.Took = status, time.Since(began)
	s.mu.Lock()
	defer s.mu.Unlock()
	defer s.touch()
	delete(h.busy, chat)
	if h.ctx.Err() != nil {
		return // the bot has another webhook by now, or none
	}
	if !s.opts.Forget {
		s.deliveries = append(s.deliveries, d)
	}
	if err == nil && status/100 == 2 {
		delete(h.fails, chat)
		delete(h.resting, chat)
		if !again {
			s.updates.queue = slices.DeleteFunc(s.updates.queue, func(x queued) bool { return x.id == q.id })
			s.updates.confirmed = max(s.updates.confirmed, q.id)
		}
		return
	}
	h.errorAt, h.error = time.Now(), fmt.Sprintf("Wrong response from the webhook: %d %s", status, http.StatusText(status))
	if err != nil {
		h.error = "Connection refused"
	}
	if again {
		return
	}
	if after == 0 {
		first := s.opts.Retry
		if first == 0 {
			first = firstRetry
		}
		after = min(first<<min(h.fails[chat], 10), longestRetry)
	}
	h.fails[chat]++
	h.resting[chat] = time.Now().Add(after)
}

// post sends one update.
func (h *hook) post(raw []byte, target string) (status int, after time.Duration, err error) {
	r, err := http.NewRequestWithContext(h.ctx, http.MethodPost, h.url, bytes.NewReader(raw))
	if err != nil {
		return 0, 0, err
	}
	if target != "" {
		r.Host, r.URL.Host = r.URL.Host, target
	}
	r.Header.Set("Content-Type", "application/json")
	if h.secret != "" {
		r.Header.Set("X-Telegram-Bot-Api-Secret-Token", h.secret)
	}
	resp, err := h.client.Do(r)
	if err != nil {
		return 0, 0, err
	}
	defer resp.Body.Close()
	_, _ = io.Copy(io.Discard, io.LimitReader(resp.Body, 1<<16))
	if n, err := strconv.Atoi(resp.Header.Get("Retry-After")); err == nil {
		after = min(time.Duration(n)*time.Second, time.Hour)
	}
	return resp.StatusCode, after, nil
}

// chatOf names the queue that an update stands in: its chat's, or its person's.
func chatOf(raw []byte) string {
	type chat struct {
		ID int64 `json:"id"`
	}
	var u struct {
		ID      int64 `json:"update_id"`
		Message *struct {
			Chat chat `json:"chat"`
		} `json:"message"`
		Callback *struct {
			From    chat `json:"from"`
			Message *struct {
				Chat chat `json:"chat"`
			} `json:"message"`
		} `json:"callback_query"`
		Inline *struct {
			From chat `json:"from"`
		} `json:"inline_query"`
	}
	_ = json.Unmarshal(raw, &u) // of a poisoned one as much as can be read
	switch {
	case u.Message != nil:
		return strconv.FormatInt(u.Message.Chat.ID, 10)
	case u.Callback != nil && u.Callback.Message != nil:
		return strconv.FormatInt(u.Callback.Message.Chat.ID, 10)
	case u.Callback != nil:
		return "from " + strconv.FormatInt(u.Callback.From.ID, 10)
	case u.Inline != nil:
		return "from " + strconv.FormatInt(u.Inline.From.ID, 10)
	}
	return "update " + strconv.FormatInt(u.ID, 10)
}
