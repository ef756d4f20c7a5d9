package discordtest

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"footnote/bot/bottest/await"
)

// Token is the token that every Server takes unless told otherwise. It has the
// shape of a real one and was never anyone's.
const Token = "MTAwMDAwMDAwMDAwMDAwMDAw.GfAkEt.footnote-test-token-not-a-real-one0000"

// RecordEnv names the file to which requests are appended.
const RecordEnv = "FOOTNOTE_RECORD_DISCORD"

// Options change how a Server behaves. The zero value is a Discord without faults.
type Options struct {
	Token        string        // Token if empty
	RefuseToken  bool          // refuse it everywhere, as after a reset
	Heartbeat    time.Duration // 41.25 s if 0
	AckWithin    time.Duration // how long an interaction may stay unanswered; Discord's 3 s if 0
	NoResumeURL  bool          // READY names no resume_gateway_url
	NoAppID      bool          // READY names no application
	OddComponent bool          // every answer holds a component of a type that nobody knows
	Address      string        // host and port of a proxy to be reached through; its own if empty
	Delay        time.Duration // how long a message takes to be posted, as over a network
	StartsLeft   int           // session_start_limit.remaining at first; 1000 if 0
	StartsReset  time.Duration // when it is 1000 again, counted from New; never if 0
	Shards       int           // how many /gateway/bot recommends; 1 if 0
	Concurrency  int           // max_concurrency; 1 if 0

	// IdentifyEvery is the least time between two Identifies of a bucket, on Discord five
	// seconds. One that comes earlier is a violation, and answered with Op 9. Not looked at if 0.
	IdentifyEvery time.Duration

	OnSent func(Sent) // called for each thing the bot shows; it must not call the Server
	Forget bool       // keep no requests, posts, nonces and events, for long loads: then there is no resume, WaitSent and Calls find nothing, and posts have no Text
	Bare   bool       // Forget, and besides checks nothing of messages: see bare.go
}

// A Server is one Discord with one bot and the people its test invents. All
// methods are safe for concurrent use.
type Server struct {
	Options
	http *httptest.Server

	mu           sync.Mutex
	changed      await.Signal
	violations   []string
	lastID       uint64
	names        map[string]string // ids by kind and name
	named        map[string]string // kind and name by id
	scripts      []func(*Conn)
	conns        map[*Conn]bool
	sessions     map[string]*session
	begun        time.Time         // since when there is this Discord
	identified   map[int]time.Time // when a bucket last did
	guilds       int
	endpoints    []string       // to which interactions are posted; over the gateway if there is none
	posted       int            // interactions posted
	statuses     map[string]int // what they were answered with
	faults       []*fault
	calls        []Call
	sent         []Sent
	locales      map[string]string  // by person
	admins       map[[2]string]bool // by person and channel
	nonces       map[string]string  // message id by channel and nonce
	bareNonces   map[string]string  // the last nonce in each channel, of a bare server
	interactions map[string]*interaction
	events       map[string]event // by message or interaction id, for Redeliver
	commands     json.RawMessage
	registered   int
	identifies   int
	resumes      int
	closes       []int
	beats        int
	dials        []string
	record       *os.File
	closed       chan struct{}
	wg           sync.WaitGroup
}

// A Call is a request as it came.
type Call struct {
	Method, Path string // Path from the version on, without query
	Version      string
	Header       http.Header
	Body         []byte // of a multipart form its payload_json
	Files        []File // of a multipart form
}

type event struct {
	kind string
	data json.RawMessage
}

// Start starts a Server that ends with the test and fails it for violations.
func Start(tb testing.TB, k Options) *Server {
	s := New(k)
	tb.Cleanup(func() {
		s.Close()
		for _, v := range s.Violations() {
			tb.Errorf("discordtest: %s", v)
		}
	})
	return s
}

// New starts a Server. The caller ends it with Close and looks at Violations.
func New(k Options) *Server {
	if k.Token == "" {
		k.Token = Token
	}
	if k.Heartbeat == 0 {
		k.Heartbeat = 41250 * time.Millisecond
	}
	if k.AckWithin == 0 {
		k.AckWithin = 3 * time.Second
	}
	if k.StartsLeft == 0 {
		k.StartsLeft = 1000
	}
	k.Shards, k.Concurrency = max(k.Shards, 1), max(k.Concurrency, 1)
	k.Forget = k.Forget || k.Bare
	s := &Server{
		Options: k, begun: time.Now(), identified: map[int]time.Time{}, statuses: map[string]int{}, closed: make(chan struct{}), names: map[string]string{}, named: map[string]string{}, conns: map[*Conn]bool{}, sessions: map[string]*session{},
		locales: map[string]string{}, admins: map[[2]string]bool{}, nonces: map[string]string{}, bareNonces: map[string]string{}, interactions: map[string]*interaction{}, events: map[string]event{}, commands: json.RawMessage("[]"),
	}
	if name := os.Getenv(RecordEnv); name != "" {
		f, err := os.OpenFile(name, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644)
		if err != nil {
			s.violate("%s: %v", RecordEnv, err)
		}
		s.record = f
	}
	s.http = httptest.NewUnstartedServer(s.routes())
	s.http.Start()
	return s
}

// Close ends the Server and waits for its goroutines.
func (s *Server) Close() {
	s.mu.Lock()
	select {
	case <-s.closed:
		s.mu.Unlock()
		return
	default:
	}
	close(s.closed)
	for c := range s.conns {
		c.Kill()
	}
	s.mu.Unlock()
	s.http.CloseClientConnections()
	s.http.Close()
	s.wg.Wait()
	if s.record != nil {
		s.record.Close()
	}
}

// Endpoint is the base of the API without version, as discord.endpoint takes it.
func (s *Server) Endpoint() string { return "http://" + s.address() + "/api" }

func (s *Server) gatewayURL(path string) string { return "ws://" + s.address() + path }

func (s *Server) address() string {
	if s.Address != "" {
		return s.Address
	}
	return s.Listener()
}

// Listener is the Server's own host and port.
func (s *Server) Listener() string { return s.http.Listener.Addr().String() }

// touch wakes everybody who waits.
func (s *Server) touch() { s.changed.Touch() }

// Wait waits until ok is true. ok is called while nothing changes and must not
// call methods of the Server.
func (s *Server) wait(ctx context.Context, ok func() bool) error {
	for {
		changed := s.changed.Next()
		s.mu.Lock()
		done := ok()
		s.mu.Unlock()
		if done {
			return nil
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return ctx.Err()
		case <-s.closed:
			return fmt.Errorf("discordtest: closed")
		}
	}
}

// violate notes that something was sent that Discord would not take or a bot must
// not send. s.mu must not be held.
func (s *Server) violate(format string, args ...any) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.violateLocked(format, args...)
}

func (s *Server) violateLocked(format string, args ...any) {
	if len(s.violations) < 20 {
		s.violations = append(s.violations, fmt.Sprintf(format, args...))
	}
}

// Violations are what was sent wrongly so far.
func (s *Server) Violations() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]string(nil), s.violations...)
}

// Calls are the requests so far whose method and path begin with prefix, e.g.
// "POST /channels/".
func (s *Server) Calls(prefix string) []Call {
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []Call
	for _, c := range s.calls {
		if strings.HasPrefix(c.Method+" "+c.Path, prefix) {
			out = append(out, c)
		}
	}
	return out
}

// WaitCalls waits for n requests whose method and path begin with prefix.
func (s *Server) WaitCalls(ctx context.Context, prefix string, n int) error {
	return s.wait(ctx, func() bool {
		have := 0
		for _, c := range s.calls {
			if strings.HasPrefix(c.Method+" "+c.Path, prefix) {
				have++
			}
		}
		return have >= n
	})
}

const discordEpoch = 1420070400000

// newID makes a snowflake of this moment, always larger than the one before.
// s.mu is held.
func (s *Server) newID() string {
	id := uint64(time.Now().UnixMilli()-discordEpoch) << 22
	if id <= s.lastID {
		id = s.lastID + 1
	}
	s.lastID = id
	return strconv.FormatUint(id, 10)
}

// id is the snowflake of a named thing, the same for the same name. s.mu is held.
func (s *Server) id(kind, name string) string {
	key := kind + " " + name
	if s.names[key] == "" && kind == "guild" {
		s.names[key] = s.newGuild()
		s.named[s.names[key]] = key
	}
	if s.names[key] == "" {
		s.names[key] = s.newID()
		s.named[s.names[key]] = key
	}
	return s.names[key]
}

// ID is the snowflake of a named thing: "user ann", "channel #forum", "dm ann".
func (s *Server) ID(kind, name string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.id(kind, name)
}

// nameOf is the name behind a snowflake. s.mu is held.
func (s *Server) nameOf(kind, id string) string {
	name, ok := strings.CutPrefix(s.named[id], kind+" ")
	if !ok {
		return ""
	}
	return name
}

// BotID is the bot's user id; it is also the id of its application.
func (s *Server) BotID() string { return s.ID("user", botName) }

const botName = "footnote-under-test"
