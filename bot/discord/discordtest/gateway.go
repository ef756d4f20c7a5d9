package discordtest

import (
	"encoding/json"
	"errors"
	"net/http"
	"sync"

	"github.com/gorilla/websocket"
)

// The operations of Discord's gateway, as the field "op" of a packet numbers them.
const (
	OpDispatch       = 0
	OpHeartbeat      = 1
	OpIdentify       = 2
	OpResume         = 6
	OpReconnect      = 7
	OpInvalidSession = 9
	OpHello          = 10
	OpAck            = 11
)

// privileged are the intents that a bot must be granted: members, presences and
// message content.
const privileged = 1<<1 | 1<<8 | 1<<15

// A session is what survives a lost connection.
type session struct {
	id      string
	shard   [2]int // which, of how many
	seq     int64
	backlog []packet // every event, for a resume

	forgetful bool
}

type packet struct {
	Op   int             `json:"op"`
	Data json.RawMessage `json:"d"`
	Seq  *int64          `json:"s,omitempty"`
	Type string          `json:"t,omitempty"`
}

// A Conn is one connection to the gateway. A script plays it; without one Serve
// does.
type Conn struct {
	s       *Server
	ws      *websocket.Conn
	Path    string // of the address that was dialled
	Version string // ?v=

	// NoAck makes Serve answer no heartbeat.
	NoAck bool
	// NoEvents makes the connection alive but deaf: events are kept for a resume.
	NoEvents bool

	mu       sync.Mutex
	out      []frame
	wake     chan struct{}
	session  *session
	loggedIn bool
	done     chan struct{}
	once     sync.Once
}

// Script plays the next connection that has no script yet. The connection ends
// when it returns. Scripts are used up in order.
func (s *Server) Script(play ...func(*Conn)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.scripts = append(s.scripts, play...)
}

func (s *Server) serveGateway(w http.ResponseWriter, r *http.Request) {
	up := websocket.Upgrader{}
	ws, err := up.Upgrade(w, r, nil)
	if err != nil {
		if wrong := (websocket.HandshakeError{}); errors.As(err, &wrong) { // and no connection that was cut meanwhile
			s.violate("gateway: %v", err)
		}
		return
	}
	if r.URL.Query().Get("encoding") != "json" {
		s.violate("gateway: encoding is %q, want json", r.URL.Query().Get("encoding"))
	}
	c := &Conn{s: s, ws: ws, Path: r.URL.Path, Version: r.URL.Query().Get("v"), wake: make(chan struct{}, 1), done: make(chan struct{})}
	ws.SetCloseHandler(func(code int, text string) error {
		s.clientClosed(c, code)
		return nil
	})
	s.mu.Lock()
	select {
	case <-s.closed:
		s.mu.Unlock()
		ws.Close()
		return
	default:
	}
	play := (*Conn).Serve
	if len(s.scripts) > 0 {
		play, s.scripts = s.scripts[0], s.scripts[1:]
	}
	s.conns[c] = true
	s.dials = append(s.dials, c.Path+"?v="+c.Version)
	s.wg.Add(2)
	s.touch()
	s.mu.Unlock()
	go func() {
		defer s.wg.Done()
		c.write()
	}()
	defer s.wg.Done()
	play(c)
	c.Kill()
	s.mu.Lock()
	delete(s.conns, c)
	s.touch()
	s.mu.Unlock()
}

// clientClosed takes a close frame. 1000 and 1001 end the session.
func (s *Server) clientClosed(c *Conn, code int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.closes = append(s.closes, code)
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.session != nil && (code == websocket.CloseNormalClosure || code == websocket.CloseGoingAway) {
		delete(s.sessions, c.session.id)
	}
	s.touch()
}

// Kill ends the connection without a word, as a lost network does.
func (c *Conn) Kill() {
	c.once.Do(func() {
		close(c.done)
		c.ws.NetConn().Close()
	})
}

// Done is closed when the connection has ended.
func (c *Conn) Done() <-chan struct{} { return c.done }

// A frame is what is to be written.
type frame struct {
	kind    int
	body    []byte
	flushed chan struct{} // closed in place of writing anything
}

// CloseWith sends a close frame after what was sent before, and ends the
// connection.
func (c *Conn) CloseWith(code int, reason string) {
	c.queue(frame{kind: websocket.CloseMessage, body: websocket.FormatCloseMessage(code, reason)})
	<-c.done
}

// Send sends a packet.
func (c *Conn) Send(op int, data any) { c.send(packet{Op: op, Data: mustJSON(data)}) }

// Raw sends text as it is, as one frame.
func (c *Conn) Raw(text string) { c.queue(frame{kind: websocket.TextMessage, body: []byte(text)}) }

// Binary sends a binary frame, as a gateway that compresses does.
func (c *Conn) Binary(body []byte) { c.queue(frame{kind: websocket.BinaryMessage, body: body}) }

// Flush waits until what was sent before is on the wire.
func (c *Conn) Flush() {
	f := make(chan struct{})
	c.queue(frame{flushed: f})
	select {
	case <-f:
	case <-c.done:
	}
}

func (c *Conn) send(p packet) { c.queue(frame{kind: websocket.TextMessage, body: mustJSON(p)}) }

func (c *Conn) queue(f frame) {
	c.mu.Lock()
	c.out = append(c.out, f)
	c.mu.Unlock()
	select {
	case c.wake <- struct{}{}:
	default:
	}
}

// write sends what is queued until the connection ends.
func (c *Conn) write() {
	for {
		select {
		case <-c.done:
			return
		case <-c.wake:
		}
		c.mu.Lock()
		out := c.out
		c.out = nil
		c.mu.Unlock()
		for _, f := range out {
			if f.flushed != nil {
				close(f.flushed)
				continue
			}
			if err := c.ws.WriteMessage(f.kind, f.body); err != nil || f.kind == websocket.CloseMessage {
				c.Kill()
				return
			}
		}
	}
}

// Hello sends Hello.
func (c *Conn) Hello() {
	c.Send(OpHello, map[string]any{"heartbeat_interval": c.s.Heartbeat.Milliseconds()})
}

// Read reads the next packet; it reports false when the connection has ended.
func (c *Conn) Read() (op int, data json.RawMessage, ok bool) {
	var p struct {
		Op   *int            `json:"op"`
		Data json.RawMessage `json:"d"`
	}
	_, body, err := c.ws.ReadMessage()
	if err != nil {
		return 0, nil, false
	}
	if json.Unmarshal(body, &p) != nil || p.Op == nil {
		c.s.violate("gateway: not a packet: %.80q", body)
		return 0, nil, false
	}
	return *p.Op, p.Data, true
}

// Login waits for Identify or Resume and answers it. It reports false if the
// connection ended over it.
func (c *Conn) Login() bool {
	op, data, ok := c.Expect(OpIdentify, OpResume)
	if !ok {
		return false
	}
	if op == OpIdentify {
		return c.Identified(data)
	}
	return c.Resumed(data)
}

// Expect reads until a packet with one of the operations comes. Heartbeats are
// answered meanwhile.
func (c *Conn) Expect(ops ...int) (op int, data json.RawMessage, ok bool) {
	for {
		if op, data, ok = c.Read(); !ok {
			return
		}
		for _, want := range ops {
			if op == want {
				return
			}
		}
		if op != OpHeartbeat {
			c.s.violate("gateway: got op %d, want one of %v", op, ops)
			return op, nil, false
		}
		if !c.NoAck {
			c.Send(OpAck, nil)
		}
	}
}

// Identified answers an Identify with READY, and refuses a bad one.
func (c *Conn) Identified(data json.RawMessage) bool {
	var id struct {
		Token      string            `json:"token"`
		Intents    *int              `json:"intents"`
		Properties map[string]string `json:"properties"`
		Shard      *[2]int           `json:"shard"`
	}
	s := c.s
	if err := json.Unmarshal(data, &id); err != nil {
		s.violate("gateway: Identify: %v", err)
	}
	s.mu.Lock()
	s.identifies++
	s.touch()
	refuse := s.RefuseToken
	s.mu.Unlock()
	if id.Token != "Bot "+s.Token && id.Token != s.Token || refuse {
		if !refuse {
			s.violate("gateway: Identify with another token")
		}
		c.CloseWith(4004, "Authentication failed.")
		return false
	}
	if id.Intents == nil || *id.Intents&privileged != 0 {
		s.violate("gateway: Identify asks for privileged intents")
		c.CloseWith(4014, "Disallowed intent(s).")
		return false
	}
	shard := [2]int{0, 1}
	if id.Shard != nil {
		shard = *id.Shard
	}
	if shard[1] < 1 || shard[0] < 0 || shard[0] >= shard[1] {
		s.violate("gateway: Identify for shard %v", shard)
		c.CloseWith(4010, "Invalid shard.")
		return false
	}
	s.mu.Lock()
	if !s.mayIdentify(shard[0]) {
		s.mu.Unlock()
		c.Send(OpInvalidSession, false)
		return false
	}
	c.mu.Lock()
	c.session = &session{id: "session-" + s.newID(), shard: shard, forgetful: s.Forget}
	s.sessions[c.session.id] = c.session
	c.mu.Unlock()
	ready := map[string]any{
		"v": 9, "session_id": c.session.id, "guilds": []any{}, "shard": shard,
		"user": map[string]any{"id": s.id("user", botName), "username": botName, "discriminator": "0000", "bot": true},
	}
	if !s.NoResumeURL {
		ready["resume_gateway_url"] = s.gatewayURL("/resume")
	}
	if !s.NoAppID {
		ready["application"] = map[string]any{"id": s.id("user", botName), "flags": 0}
	}
	c.dispatch("READY", mustJSON(ready))
	c.setLoggedIn()
	s.mu.Unlock()
	return true
}

// Resumed answers a Resume: with what was missed and RESUMED, or with Op 9.
func (c *Conn) Resumed(data json.RawMessage) bool {
	var r struct {
		Token     string `json:"token"`
		SessionID string `json:"session_id"`
		Seq       int64  `json:"seq"`
	}
	s := c.s
	if err := json.Unmarshal(data, &r); err != nil {
		s.violate("gateway: Resume: %v", err)
	}
	if r.Token != "Bot "+s.Token && r.Token != s.Token {
		s.violate("gateway: Resume with another token")
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.resumes++
	s.touch()
	old := s.sessions[r.SessionID]
	if old == nil || r.Seq > old.seq {
		c.Send(OpInvalidSession, false)
		return false
	}
	for other := range s.conns {
		other.mu.Lock()
		if other.session == old {
			other.Kill()
		}
		other.mu.Unlock()
	}
	c.mu.Lock()
	c.session = old
	c.mu.Unlock()
	for _, p := range old.backlog {
		if *p.Seq > r.Seq {
			c.send(p)
		}
	}
	c.dispatch("RESUMED", mustJSON(map[string]any{}))
	c.setLoggedIn()
	return true
}

// setLoggedIn makes the connection get events. s.mu is held.
func (c *Conn) setLoggedIn() {
	c.mu.Lock()
	c.loggedIn = true
	c.mu.Unlock()
	c.s.touch()
}

// dispatch sends an event in the connection's session. s.mu is held.
func (c *Conn) dispatch(kind string, data json.RawMessage) { c.session.add(kind, data, c) }

// add gives an event its number, keeps it for a resume, and sends it. s.mu is held.
func (x *session) add(kind string, data json.RawMessage, c *Conn) {
	x.seq++
	seq := x.seq
	p := packet{Op: OpDispatch, Data: data, Seq: &seq, Type: kind}
	if !x.forgetful {
		x.backlog = append(x.backlog, p)
	}
	if c != nil {
		c.send(p)
	}
}

// Serve plays a connection without faults.
func (c *Conn) Serve() {
	c.Hello()
	if c.Login() {
		c.Loop()
		return
	}
	// After Op 9 the client may identify on the same connection, or leave.
	if op, data, ok := c.Expect(OpIdentify); ok && op == OpIdentify && c.Identified(data) {
		c.Loop()
	}
}

// Loop answers heartbeats until the connection ends.
func (c *Conn) Loop() {
	for {
		op, _, ok := c.Read()
		if !ok {
			return
		}
		switch op {
		case OpHeartbeat:
			c.s.mu.Lock()
			c.s.beats++
			c.s.touch()
			c.s.mu.Unlock()
			if !c.NoAck {
				c.Send(OpAck, nil)
			}
		default:
			c.s.violate("gateway: op %d after login", op)
		}
	}
}

func mustJSON(v any) json.RawMessage {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err) // a defect of the test that made v
	}
	return b
}
