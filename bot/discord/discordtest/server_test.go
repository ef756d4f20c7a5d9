package discordtest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// A client is a bot of the test's own, so that the fake is seen to judge by itself.
type client struct {
	t  *testing.T
	s  *Server
	ws *websocket.Conn
}

func (c *client) packet(op int) (kind string, data json.RawMessage) {
	c.t.Helper()
	for {
		var p struct {
			Op   int             `json:"op"`
			Type string          `json:"t"`
			Data json.RawMessage `json:"d"`
		}
		_ = c.ws.SetReadDeadline(time.Now().Add(time.Minute))
		if err := c.ws.ReadJSON(&p); err != nil {
			c.t.Fatal(err)
		}
		if p.Op == op {
			return p.Type, p.Data
		}
	}
}

func (c *client) send(op int, data any) {
	c.t.Helper()
	if err := c.ws.WriteJSON(map[string]any{"op": op, "d": data}); err != nil {
		c.t.Fatal(err)
	}
}

// call makes a call and returns its status and answer.
func (c *client) call(method, path string, body any) (int, string) {
	c.t.Helper()
	raw, err := json.Marshal(body)
	if err != nil {
		c.t.Fatal(err)
	}
	req, err := http.NewRequestWithContext(c.t.Context(), method, c.s.Endpoint()+"/v9"+path, bytes.NewReader(raw))
	if err != nil {
		c.t.Fatal(err)
	}
	req.Close = true
	req.Header.Set("Authorization", "Bot "+Token)
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("User-Agent", "DiscordBot (https://example.org, 1)")
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		c.t.Fatal(err)
	}
	defer resp.Body.Close()
	answer, err := io.ReadAll(resp.Body)
	if err != nil {
		c.t.Fatal(err)
	}
	return resp.StatusCode, string(answer)
}

func dial(t *testing.T, s *Server) *client {
	t.Helper()
	ws, resp, err := websocket.DefaultDialer.Dial(s.gatewayURL("/gateway/?v=9&encoding=json"), nil)
	if err != nil {
		t.Fatal(err)
	}
	_ = resp.Body.Close()
	t.Cleanup(func() { _ = ws.Close() })
	return &client{t, s, ws}
}

// A careful bot: it identifies, beats, hears what is said, answers and resumes, and
// nothing is held against it.
func TestCarefulBot(t *testing.T) {
	s := Start(t, Options{})
	c := dial(t, s)
	c.packet(OpHello)
	c.send(OpIdentify, map[string]any{"token": "Bot " + Token, "intents": 1 << 9, "properties": map[string]string{}})
	kind, data := c.packet(OpDispatch)
	var ready struct {
		Session string `json:"session_id"`
	}
	if kind != "READY" || json.Unmarshal(data, &ready) != nil || ready.Session == "" {
		t.Fatalf("%s %s", kind, data)
	}
	c.send(OpHeartbeat, 1)
	c.packet(OpAck)
	if err := s.WaitBeats(t.Context(), 1); err != nil || s.Beats() != 1 {
		t.Errorf("%d beats, %v", s.Beats(), err)
	}

	question := s.DM("ann", "who?")
	_, data = c.packet(OpDispatch)
	var heard struct {
		ID      string `json:"id"`
		Channel string `json:"channel_id"`
	}
	if json.Unmarshal(data, &heard) != nil || heard.ID != question {
		t.Fatalf("heard %s", data)
	}
	message := func(nonce string) map[string]any {
		return map[string]any{
			"content": "**he**", "flags": 4, "components": []any{}, "nonce": nonce, "enforce_nonce": true,
			"allowed_mentions":  map[string]any{"parse": []string{}, "replied_user": false},
			"message_reference": map[string]any{"message_id": question, "fail_if_not_exists": false},
		}
	}
	for _, nonce := range []string{"1", "1", "2"} { // the second is the first again
		if status, answer := c.call("POST", "/channels/"+heard.Channel+"/messages", message(nonce)); status != http.StatusOK {
			t.Errorf("%d %s", status, answer)
		}
	}
	all, err := s.WaitSent(t.Context(), 2)
	if err != nil || len(all) != 2 || all[0].Text != "he" || all[0].ReplyTo != question || all[0].User != "ann" {
		t.Errorf("%+v, %v", all, err)
	}
	if n := len(s.Calls("POST /channels/")); n != 3 {
		t.Errorf("%d calls", n)
	}

	s.Fail("POST /channels/", 1, Refuse(http.StatusNotFound, 10003, "Unknown Channel"))
	if status, answer := c.call("POST", "/channels/"+heard.Channel+"/messages", message("3")); status != http.StatusNotFound || !strings.Contains(answer, "10003") {
		t.Errorf("%d %s", status, answer)
	}

	s.Drop()
	s.DM("ann", "meanwhile")
	again := dial(t, s)
	again.packet(OpHello)
	again.send(OpResume, map[string]any{"token": "Bot " + Token, "session_id": ready.Session, "seq": 2})
	if kind, data := again.packet(OpDispatch); kind != "MESSAGE_CREATE" || !strings.Contains(string(data), "meanwhile") {
		t.Errorf("%s %s", kind, data)
	}
	if kind, _ := again.packet(OpDispatch); kind != "RESUMED" {
		t.Errorf("%s", kind)
	}
	if i, r := s.Logins(); i != 1 || r != 1 || len(s.Dials()) != 2 {
		t.Errorf("%d Identifies, %d Resumes, %q", i, r, s.Dials())
	}
}

// A careless bot: each of what Discord would refuse, or a bot must not send, is noted.
func TestCarelessBot(t *testing.T) {
	t.Setenv(RecordEnv, "") // these are wrong on purpose: they are not held against the program
	good := func() map[string]any {
		return map[string]any{
			"content": "x", "flags": 4, "components": []any{}, "nonce": "1", "enforce_nonce": true,
			"allowed_mentions": map[string]any{"parse": []string{}, "replied_user": false},
		}
	}
	for name, spoil := range map[string]func(map[string]any){
		"no allowed_mentions": func(m map[string]any) { delete(m, "allowed_mentions") },
		"too long":            func(m map[string]any) { m["content"] = strings.Repeat("x", 2001) },
		"unknown field":       func(m map[string]any) { m["colour"] = "red" },
		"empty":               func(m map[string]any) { m["content"] = "" },
	} {
		s := New(Options{})
		c := &client{t: t, s: s}
		body := good()
		spoil(body)
		c.call("POST", "/channels/"+s.ID("channel", "#forum")+"/messages", body)
		if len(s.Violations()) == 0 {
			t.Errorf("%s: nothing is held against it", name)
		}
		s.Close()
	}
	s := New(Options{})
	defer s.Close()
	c := dial(t, s)
	c.packet(OpHello)
	c.send(OpIdentify, map[string]any{"token": "Bot " + Token, "intents": privileged, "properties": map[string]string{}})
	_ = c.ws.SetReadDeadline(time.Now().Add(time.Minute))
	if _, _, err := c.ws.ReadMessage(); !websocket.IsCloseError(err, 4014) || len(s.Violations()) != 1 {
		t.Errorf("privileged intents: %v, %q", err, s.Violations())
	}
}

// A person's part of an interaction, and the bot's answers to it.
func TestInteractions(t *testing.T) {
	s := Start(t, Options{})
	c := &client{t: t, s: s}
	id := s.Command("ann", "#forum", "ask", "question", "who?")
	hook := "/interactions/" + id + "/" + s.InteractionToken(id) + "/callback"
	if status, answer := c.call("POST", hook, map[string]any{"type": 5}); status/100 != 2 {
		t.Errorf("%d %s", status, answer)
	}
	if err := s.WaitAcknowledged(t.Context(), id); err != nil {
		t.Error(err)
	}
	if thinking, acked, private := s.Announced(id); !thinking || !acked || private {
		t.Errorf("announced: %v, acknowledged: %v, for ann alone: %v", thinking, acked, private)
	}
	if status, answer := c.call("POST", hook, map[string]any{"type": 5}); status != http.StatusBadRequest || !strings.Contains(answer, "40060") {
		t.Errorf("a second answer: %d %s", status, answer)
	}
	status, answer := c.call("PATCH", "/webhooks/"+s.BotID()+"/"+s.InteractionToken(id)+"/messages/@original", map[string]any{
		"content": "he", "flags": 4, "allowed_mentions": map[string]any{"parse": []string{}, "replied_user": false},
		"components": []any{map[string]any{"type": 1, "components": []any{map[string]any{"type": 2, "style": 2, "label": "More", "custom_id": "more"}}}},
	})
	if status != http.StatusOK {
		t.Errorf("%d %s", status, answer)
	}
	sent, err := s.WaitSent(t.Context(), 1)
	if err != nil || sent[0].Text != "he" || len(sent[0].Buttons) != 1 {
		t.Fatalf("%+v, %v", sent, err)
	}
	if _, err := s.Press("ann", sent[0], "More"); err != nil {
		t.Error(err)
	}
	if _, err := s.Press("ann", sent[0], "Less"); err == nil {
		t.Error("a button that is not there was pressed")
	}
	typed := s.Complete("ann", "#forum", "ask", "question", "wh")
	c.call("POST", "/interactions/"+typed+"/"+s.InteractionToken(typed)+"/callback", map[string]any{"type": 8, "data": map[string]any{"choices": []any{map[string]any{"name": "Who?", "value": "who"}}}})
	if choices, err := s.WaitChoices(t.Context(), typed); err != nil || len(choices) != 1 || choices[0].Value != "who" {
		t.Errorf("%+v, %v", choices, err)
	}
}

// What people see of markup, and what would do something to them.
func TestReads(t *testing.T) {
	for content, want := range map[string]string{
		"**bold** *it* `code`":                        "bold it code",
		"> quoted\n-# small\n- item":                  "> quoted\nsmall",
		"\\*plain\\* <https://example.org>":           "*plain*",
		"[x](https://evil.example) @everyone <@1234>": "",
	} {
		text, live := Read(content)
		if !strings.HasPrefix(text, want) || (want == "") != (len(live) > 0) {
			t.Errorf("%q is read as %q, %q", content, text, live)
		}
	}
	if got := Look("**bold** *it* `code`\n> quoted\n-# small"); got != "**bold** _it_ `code`\n▌ quoted\n~ small" {
		t.Errorf("looks %q", got)
	}
}

// Calls that fail on request, and the other calls of a bot.
func TestFaults(t *testing.T) {
	s := Start(t, Options{})
	c := &client{t: t, s: s}
	for _, fault := range []struct {
		play http.HandlerFunc
		want string
	}{
		{RateLimit(time.Second, false), "429"}, {RateLimit(time.Second, true), "429"}, {HTML(http.StatusBadGateway), "502 <!doctype"}, {Echo(http.StatusBadRequest), "400"},
	} {
		s.Fail("GET /gateway/bot", 1, fault.play)
		if status, answer := c.call("GET", "/gateway/bot", nil); !strings.HasPrefix(fmt.Sprint(status, " ", answer), fault.want) {
			t.Errorf("%d %s, want %s", status, answer, fault.want)
		}
	}
	s.FailAfter("PUT /applications/", 1, HTML(http.StatusBadGateway))
	commands := "/applications/" + s.BotID() + "/commands"
	body := []any{map[string]any{"type": 1, "name": "ask", "description": "Ask"}}
	if status, _ := c.call("PUT", commands, body); status != http.StatusBadGateway {
		t.Errorf("registered with %d", status)
	}
	if n, list := s.Registered(); n != 1 || !strings.Contains(string(list), `"ask"`) || s.WaitRegistered(t.Context()) != nil {
		t.Errorf("registered %d times: %s", n, list)
	}
	if status, answer := c.call("GET", commands+"?with_localizations=true", nil); status != http.StatusOK || !strings.Contains(answer, `"ask"`) {
		t.Errorf("%d %s", status, answer)
	}
	if status, answer := c.call("GET", "/gateway/bot", nil); status != http.StatusOK || !strings.Contains(answer, "session_start_limit") {
		t.Errorf("%d %s", status, answer)
	}
	if status, answer := c.call("POST", "/channels/"+s.ID("channel", "#forum")+"/typing", nil); status != http.StatusNoContent {
		t.Errorf("%d %s", status, answer)
	}
	if err := s.WaitCalls(t.Context(), "GET /gateway/bot", 5); err != nil {
		t.Error(err)
	}
}

// A private further message of a command, and an announcement that is withdrawn.
func TestFollowUp(t *testing.T) {
	s := Start(t, Options{})
	c := &client{t: t, s: s}
	message := map[string]any{"content": "he", "flags": 4 | 1<<6, "components": []any{}, "allowed_mentions": map[string]any{"parse": []string{}, "replied_user": false}}
	s.Admin("ann", "#forum", true)
	id := s.OnMessage("ann", "#forum", "Check with Footnote", "he did it")
	c.call("POST", "/interactions/"+id+"/"+s.InteractionToken(id)+"/callback", map[string]any{"type": 5})
	hook := "/webhooks/" + s.BotID() + "/" + s.InteractionToken(id)
	if status, answer := c.call("DELETE", hook+"/messages/@original", nil); status != http.StatusNoContent {
		t.Errorf("%d %s", status, answer)
	}
	if status, answer := c.call("POST", hook, message); status != http.StatusOK {
		t.Errorf("%d %s", status, answer)
	}
	if sent, err := s.WaitSent(t.Context(), 1); err != nil || !sent[0].Ephemeral || sent[0].User != "ann" {
		t.Errorf("%+v, %v", sent, err)
	}
}

// The gateway plays what a test scripts, and says how connections end.
func TestScripts(t *testing.T) {
	s := Start(t, Options{NoResumeURL: true})
	s.Script(func(c *Conn) {
		c.Raw("{")
		c.Binary([]byte{1})
		c.Flush()
		c.CloseWith(4000, "bye")
	}, (*Conn).Serve)
	c := dial(t, s)
	for range 2 {
		if _, _, err := c.ws.ReadMessage(); err != nil {
			t.Error(err)
		}
	}
	if _, _, err := c.ws.ReadMessage(); !websocket.IsCloseError(err, 4000) {
		t.Errorf("closed with %v", err)
	}
	c = dial(t, s)
	c.packet(OpHello)
	c.send(OpIdentify, map[string]any{"token": "Bot " + Token, "intents": 1 << 9, "properties": map[string]string{}})
	if err := s.Ready(t.Context()); err != nil {
		t.Error(err)
	}
	if err := s.WaitDials(t.Context(), 2); err != nil {
		t.Error(err)
	}
	s.Dispatch("TYPING_START", map[string]any{})
	mentioned := s.Mention("bob", "#forum", "who?")
	replied := s.Reply("bob", "#forum", "he?")
	if mentioned == replied || s.Redeliver(mentioned) != nil || s.Redeliver("1") == nil {
		t.Error("what was said cannot be told apart")
	}
	s.Each(func(c *Conn) { c.Send(OpReconnect, nil) })
	c.packet(OpReconnect)
	if err := c.ws.WriteMessage(websocket.CloseMessage, websocket.FormatCloseMessage(1000, "")); err != nil {
		t.Error(err)
	}
	if codes, err := s.WaitCloses(t.Context(), 1); err != nil || codes[0] != 1000 {
		t.Errorf("%v, %v", codes, err)
	}
}
