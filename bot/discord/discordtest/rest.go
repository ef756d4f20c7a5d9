package discordtest

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"time"
)

// Limits of Discord's API.
const (
	maxContent  = 2000
	maxCustomID = 100
	maxLabel    = 80
	maxNonce    = 25
	maxAlt      = 1024
	maxChoices  = 25
	maxChoice   = 100
)

const (
	flagSuppressEmbeds = 1 << 2
	flagEphemeral      = 1 << 6
	flagComponents     = 1 << 15
)

func (s *Server) routes() http.Handler {
	mux := http.NewServeMux()
	api := func(pattern string, auth bool, serve func(http.ResponseWriter, *http.Request, []byte)) {
		method, path, _ := strings.Cut(pattern, " ")
		mux.HandleFunc(method+" /api/{version}"+path, func(w http.ResponseWriter, r *http.Request) { s.take(w, r, auth, serve) })
	}
	api("GET /gateway/bot", true, s.gatewayBot)
	if s.Bare {
		mux.HandleFunc("POST /api/{version}/channels/{channel}/messages", s.bareMessage)
		mux.HandleFunc("GET /api/{version}/gateway", func(w http.ResponseWriter, r *http.Request) { s.gatewayBot(w, r, nil) })
	} else {
		api("POST /channels/{channel}/messages", true, s.createMessage)
	}
	api("POST /channels/{channel}/typing", true, s.typing)
	api("GET /applications/{app}/commands", true, s.getCommands)
	api("PUT /applications/{app}/commands", true, s.putCommands)
	api("POST /interactions/{id}/{token}/callback", false, s.callback)
	api("PATCH /webhooks/{app}/{token}/messages/@original", false, s.editOriginal)
	api("DELETE /webhooks/{app}/{token}/messages/@original", false, s.deleteOriginal)
	api("POST /webhooks/{app}/{token}", false, s.followUp)
	mux.HandleFunc("GET /gateway", s.serveGateway)
	mux.HandleFunc("GET /gateway/", s.serveGateway)
	mux.HandleFunc("GET /resume", s.serveGateway)
	mux.HandleFunc("GET /resume/", s.serveGateway)
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		s.violate("%s %s: no such path", r.Method, r.URL.Path)
		refuse(w, http.StatusNotFound, 0, "404: Not Found")
	})
	return mux
}

// take does what is common to all requests: it keeps and records them, checks
// their headers, and plays faults.
func (s *Server) take(w http.ResponseWriter, r *http.Request, auth bool, serve func(http.ResponseWriter, *http.Request, []byte)) {
	body, err := io.ReadAll(io.LimitReader(r.Body, 26<<20))
	if err != nil {
		return // the bot hung up
	}
	version := r.PathValue("version")
	c := Call{Method: r.Method, Path: strings.TrimPrefix(r.URL.Path, "/api/"+version), Version: version, Header: r.Header.Clone(), Body: body}
	if version != "v9" && version != "v10" {
		s.violate("%s %s: API version %q", c.Method, c.Path, version)
	}
	if ua := r.Header.Get("User-Agent"); !strings.HasPrefix(ua, "DiscordBot (http") {
		s.violate("%s %s: User-Agent %q is not DiscordBot ($url, $version)", c.Method, c.Path, ua)
	}
	if kind, params, _ := mime.ParseMediaType(r.Header.Get("Content-Type")); kind == "multipart/form-data" {
		// From here on a form is its JSON, and the files beside it.
		var wrong string
		if c.Body, c.Files, wrong = readForm(body, params["boundary"]); wrong != "" {
			s.violate("%s %s: %s", c.Method, c.Path, wrong)
			refuse(w, http.StatusBadRequest, 50035, "Invalid Form Body")
			return
		}
		if !strings.HasPrefix(c.Path, "/channels/") && !strings.HasPrefix(c.Path, "/interactions/") && !strings.HasPrefix(c.Path, "/webhooks/") {
			s.violate("%s %s: takes no files", c.Method, c.Path)
		}
		body = c.Body
		r = r.WithContext(context.WithValue(r.Context(), filesKey{}, c.Files))
	} else if len(body) > 0 && r.Header.Get("Content-Type") != "application/json" {
		s.violate("%s %s: Content-Type %q", c.Method, c.Path, r.Header.Get("Content-Type"))
	}
	s.mu.Lock()
	if !s.Forget {
		s.calls = append(s.calls, c)
	}
	refused := s.RefuseToken
	var play http.HandlerFunc
	carry := false
	for i, f := range s.faults {
		if strings.HasPrefix(c.Method+" "+c.Path, f.prefix) {
			play, carry = f.play, f.carry
			if f.times--; f.times == 0 {
				s.faults = append(s.faults[:i], s.faults[i+1:]...)
			}
			break
		}
	}
	if s.record != nil {
		line, _ := json.Marshal(map[string]any{"method": c.Method, "path": strings.TrimPrefix(r.URL.RequestURI(), "/api/"+version), "body": json.RawMessage(orNull(body))})
		_, _ = s.record.Write(append(line, '\n'))
	}
	s.touch()
	s.mu.Unlock()

	token := strings.TrimPrefix(r.Header.Get("Authorization"), "Bot ")
	switch {
	case refused && auth:
		refuse(w, http.StatusUnauthorized, 0, "401: Unauthorized")
		return
	case auth && token != s.Token, !auth && token != "" && token != s.Token:
		s.violate("%s %s: wrong Authorization", c.Method, c.Path)
		refuse(w, http.StatusUnauthorized, 0, "401: Unauthorized")
		return
	}
	if play != nil {
		if carry {
			serve(httptest.NewRecorder(), r, body)
		}
		play(w, r)
		return
	}
	serve(w, r, body)
}

func orNull(b []byte) []byte {
	if len(b) == 0 || !json.Valid(b) {
		return []byte("null")
	}
	return b
}

func refuse(w http.ResponseWriter, status, code int, message string) {
	reply(w, status, map[string]any{"code": code, "message": message})
}

func reply(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(v)
}

// strict decodes a body into v and notes what does not belong there.
func (s *Server) strict(r *http.Request, body []byte, v any) bool {
	d := json.NewDecoder(bytes.NewReader(body))
	d.DisallowUnknownFields()
	if err := d.Decode(v); err != nil {
		s.violate("%s %s: %v in %.200s", r.Method, r.URL.Path, err, body)
		return false
	}
	return true
}

func (s *Server) gatewayBot(w http.ResponseWriter, _ *http.Request, _ []byte) {
	s.mu.Lock()
	defer s.mu.Unlock()
	left, reset := s.starts()
	reply(w, http.StatusOK, map[string]any{
		"url": s.gatewayURL("/gateway"), "shards": s.Shards,
		"session_start_limit": map[string]any{"total": 1000, "remaining": left, "reset_after": reset.Milliseconds(), "max_concurrency": s.Concurrency},
	})
}

func (s *Server) typing(w http.ResponseWriter, _ *http.Request, _ []byte) {
	w.WriteHeader(http.StatusNoContent)
}

// A sentMessage is every field that a message of this bot may have.
type sentMessage struct {
	Content  *string `json:"content"`
	Mentions *struct {
		Parse       *[]string `json:"parse"`
		RepliedUser *bool     `json:"replied_user"`
	} `json:"allowed_mentions"`
	Components []component `json:"components"`
	Flags      int         `json:"flags"`
	Reference  *struct {
		MessageID string `json:"message_id"`
		Fail      *bool  `json:"fail_if_not_exists"`
	} `json:"message_reference"`
	Nonce        *string `json:"nonce"`
	EnforceNonce bool    `json:"enforce_nonce"`
	Attachments  []struct {
		ID          string `json:"id"`
		Filename    string `json:"filename"`
		Description string `json:"description"`
	} `json:"attachments"`

	files []File
}

// checkMessage notes what Discord would refuse in a message, and what a bot must
// not send. It reports false if Discord would refuse it.
func (s *Server) checkMessage(r *http.Request, m *sentMessage, interaction bool) bool {
	ok := true
	bad := func(format string, args ...any) {
		s.violate("%s %s: %s", r.Method, r.URL.Path, fmt.Sprintf(format, args...))
		ok = false
	}
	if m.Flags&flagComponents != 0 {
		if m.Content != nil {
			bad("content beside components of the second version")
		}
		m.checkLaid(bad)
		text := m.laidText()
		m.Content = &text // what people read
	} else {
		m.checkText(bad)
	}
	if m.Content == nil {
		return false
	}
	if m.Mentions == nil || m.Mentions.Parse == nil || len(*m.Mentions.Parse) > 0 {
		bad("allowed_mentions is not {parse: []}: mentions would ping")
	} else if m.Mentions.RepliedUser != nil && *m.Mentions.RepliedUser {
		bad("replied_user would ping")
	}
	if m.Flags&^(flagSuppressEmbeds|flagEphemeral|flagComponents) != 0 || !interaction && m.Flags&flagEphemeral != 0 {
		bad("flags %d", m.Flags)
	}
	if m.Nonce != nil && (len(*m.Nonce) > maxNonce || *m.Nonce == "") {
		bad("nonce of %d characters", len(*m.Nonce))
	}
	if interaction && (m.Nonce != nil || m.Reference != nil) {
		bad("nonce or reference in an interaction's answer")
	}
	m.checkFiles(filesOf(r), bad)
	return ok
}

// checkText checks a message of text with rows of buttons.
func (m *sentMessage) checkText(bad func(string, ...any)) {
	if m.Content == nil || strings.TrimSpace(*m.Content) == "" {
		bad("no content")
		return
	}
	if n := units(*m.Content); n > maxContent {
		bad("content has %d units, Discord takes %d", n, maxContent)
	}
	if m.Flags&flagSuppressEmbeds == 0 {
		bad("SUPPRESS_EMBEDS is missing: links would draw previews")
	}
	if len(m.Components) > 5 {
		bad("%d rows", len(m.Components))
	}
	seen := map[string]bool{}
	for _, row := range m.Components {
		row.checkRow(seen, bad)
	}
}

// checkFiles checks that every file is announced, and described for who does not see it.
func (m *sentMessage) checkFiles(files []File, bad func(string, ...any)) {
	m.files = files
	if len(m.Attachments) != len(m.files) {
		bad("%d attachments are announced, %d files came", len(m.Attachments), len(m.files))
		return
	}
	for i, f := range m.files {
		a := m.Attachments[i]
		if a.ID != strconv.Itoa(i) || a.Filename != f.Name {
			bad("attachment %+v announces file %d, %q", a, i, f.Name)
		}
		if n := units(a.Description); n == 0 || n > maxAlt {
			bad("an attachment with a description of %d units", n)
		}
		m.files[i].Alt = a.Description
	}
}

func (s *Server) createMessage(w http.ResponseWriter, r *http.Request, body []byte) {
	var m sentMessage
	if !s.strict(r, body, &m) || !s.checkMessage(r, &m, false) {
		refuse(w, http.StatusBadRequest, 50035, "Invalid Form Body")
		return
	}
	channel := r.PathValue("channel")
	if s.Delay > 0 {
		select {
		case <-time.After(s.Delay):
		case <-s.closed:
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.knownChannel(channel) {
		refuse(w, http.StatusNotFound, 10003, "Unknown Channel")
		return
	}
	if m.Nonce == nil || !m.EnforceNonce {
		s.violateLocked("%s %s: no enforced nonce: a repeated call would post twice", r.Method, r.URL.Path)
	} else if id := s.nonces[channel+" "+*m.Nonce]; id != "" {
		reply(w, http.StatusOK, s.messageJSON(id, channel, *m.Content))
		return
	}
	p := s.post(&m, channel)
	if m.Reference != nil {
		p.ReplyTo = m.Reference.MessageID
	}
	if m.Nonce != nil && !s.Forget {
		s.nonces[channel+" "+*m.Nonce] = p.ID
	}
	s.show(p)
	reply(w, http.StatusOK, s.messageJSON(p.ID, channel, *m.Content))
}

func (s *Server) messageJSON(id, channel, content string) map[string]any {
	m := map[string]any{
		"id": id, "channel_id": channel, "content": content, "type": 0, "components": []any{}, "embeds": []any{}, "mentions": []any{},
		"author": map[string]any{"id": s.id("user", botName), "username": botName, "bot": true}, "timestamp": time.Now().UTC().Format(time.RFC3339),
	}
	if s.OddComponent {
		m["components"] = []any{map[string]any{"type": 97, "novelty": true}}
	}
	return m
}

func (s *Server) getCommands(w http.ResponseWriter, r *http.Request, _ []byte) {
	s.mu.Lock()
	defer s.mu.Unlock()
	w.Header().Set("Content-Type", "application/json")
	_, _ = w.Write(s.commands)
}

func (s *Server) putCommands(w http.ResponseWriter, r *http.Request, body []byte) {
	var list []map[string]any
	if err := json.Unmarshal(body, &list); err != nil {
		s.violate("commands: %v", err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, c := range list {
		// What Discord adds, so that a comparison has to look at what was sent.
		c["id"], c["application_id"], c["version"] = s.newID(), r.PathValue("app"), s.newID()
		c["nsfw"] = false
		switch p := c["default_member_permissions"].(type) { // is taken as a number and given as a string
		case nil:
			c["default_member_permissions"] = nil
		case float64:
			if p < 0 || p != float64(uint64(p)) {
				s.violateLocked("default_member_permissions %v of %v", p, c["name"])
			}
			c["default_member_permissions"] = strconv.FormatUint(uint64(p), 10)
		default:
			s.violateLocked("default_member_permissions %v of %v is no number", p, c["name"])
		}
	}
	s.commands = mustJSON(list)
	s.registered++
	s.touch()
	w.Header().Set("Content-Type", "application/json")
	_, _ = w.Write(s.commands)
}

// Registered is how often commands were registered, and the last list.
func (s *Server) Registered() (int, json.RawMessage) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.registered, s.commands
}

// WaitRegistered waits until commands were registered.
func (s *Server) WaitRegistered(ctx context.Context) error {
	return s.wait(ctx, func() bool { return s.registered > 0 })
}
