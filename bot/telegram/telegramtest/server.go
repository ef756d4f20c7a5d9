package telegramtest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"footnote/bot/bottest/await"
	"footnote/bot/telegram/telegramtest/apispec"
)

// Token is the token a Server takes unless told otherwise. It has the shape of a
// real one and is none.
const Token = "1234567890:AAFootnoteTestTokenNotARealOne_01234"

// Options are the knobs that hold for a whole test. The zero value is a server as
// strict as Telegram's.
type Options struct {
	Token       string // Token if empty; any other is refused with 401
	Username    string // of the bot; "FootnoteTestBot" if empty
	RefuseToken bool   // every token is refused

	ReadsGroups bool // privacy mode is off, says getMe
	Guests      bool // guest mode is on
	Peer        bool // the quirks of telegram-test-api: see peer.go
	Lenient     bool // record what is wrong instead of failing the test
	Forget      bool // keep no calls and no messages, for load; see OnSent
	Bare        bool // besides, check nothing of messages and take what old libraries send: see bare.go

	// Retry is the first pause before an update that a webhook did not take comes again; 20
	// milliseconds if 0, where Telegram's is a second.
	Retry time.Duration
	// RetrySecond is how long a second of a webhook's Retry-After lasts; a second if 0.
	RetrySecond time.Duration

	// Delay is how long a message takes to be posted, as over a network.
	Delay time.Duration

	// OnSent is called with every message taken, in no lock, if not nil.
	OnSent func(Sent)
}

// A Call is a request as it came.
type Call struct {
	Method string
	Params url.Values
	Status int // what it was answered with; 0 for hung and reset connections
}

// A Server is a running fake.
type Server struct {
	t    testing.TB
	opts Options
	http *httptest.Server
	spec *apispec.Spec // that every call is held against; nil where there is none
	done chan struct{} // closed by Close

	mu         sync.Mutex
	changed    await.Signal
	closed     bool
	chats      map[int64]*chat
	people     map[string]int64
	calls      []Call
	counts     map[string]int
	pending    map[string]int // calls that are being answered
	sent       []Sent
	faults     map[string][]Fault
	queries    map[string]bool // callback and inline queries: answered?
	pressed    map[string]Sent // callback queries: the message with the button
	menus      map[string]json.RawMessage
	webhook    string
	hook       *hook // of a webhook that the bot has set
	balance    []string
	hooking    sync.WaitGroup // deliveries to webhooks
	turns      int            // deliveries that were balanced
	deliveries []Delivery
	problems   []string
	updates    updates

	lastEphemeral int64

	// NoEphemeral refuses ephemeral messages, as some chats do. Set it before the bot runs.
	NoEphemeral bool
}

// Start starts a server. Every call is also held against the description of the Bot
// API, where the checkout has one beside it. It is closed when the test ends, or by Close.
func Start(t testing.TB, opts Options) *Server {
	if opts.Token == "" {
		opts.Token = Token
	}
	if opts.Username == "" {
		opts.Username = "FootnoteTestBot"
	}
	s := &Server{
		t: t, opts: opts, done: make(chan struct{}),
		chats: map[int64]*chat{}, people: map[string]int64{}, counts: map[string]int{}, pending: map[string]int{},
		faults: map[string][]Fault{}, queries: map[string]bool{}, pressed: map[string]Sent{}, menus: map[string]json.RawMessage{},
	}
	s.opts.Forget = s.opts.Forget || s.opts.Bare
	s.updates.next = 1000
	if !opts.Peer && !opts.Forget { // the peer has quirks of its own, and load is no time to check
		spec, err := apispec.Beside()
		if err != nil && !errors.Is(err, apispec.ErrAbsent) {
			t.Fatal(err)
		}
		s.spec = spec
	}
	s.http = httptest.NewServer(http.HandlerFunc(s.serve))
	t.Cleanup(s.Close)
	return s
}

// URL is the endpoint, without a slash at the end.
func (s *Server) URL() string { return s.http.URL }

// Token is the token the server takes.
func (s *Server) Token() string { return s.opts.Token }

// Username is the bot's user name.
func (s *Server) Username() string { return s.opts.Username }

// BotID is the bot's number.
func (s *Server) BotID() int64 {
	var id int64
	_, _ = fmt.Sscanf(s.opts.Token, "%d:", &id)
	return id
}

// Close ends the server: hanging requests are let go, and it returns when every
// handler has. It may be called more than once.
func (s *Server) Close() {
	s.mu.Lock()
	already := s.closed
	s.closed = true
	s.mu.Unlock()
	if !already {
		close(s.done)
		s.mu.Lock()
		s.hook.end()
		s.mu.Unlock()
		s.http.CloseClientConnections()
		s.http.Close()
		s.hooking.Wait()
	}
}

// touch wakes everybody who waits.
func (s *Server) touch() { s.changed.Touch() }

// wait blocks until ok, which is called with s.mu held, is true.
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
		case <-s.done:
			return fmt.Errorf("telegramtest: the server is closed")
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// problem notes something a bot must not do, and fails the test.
func (s *Server) problem(format string, args ...any) {
	text := fmt.Sprintf(format, args...)
	s.mu.Lock()
	s.problems = append(s.problems, text)
	closed := s.closed
	s.mu.Unlock()
	if !s.opts.Lenient && !closed {
		s.t.Errorf("telegramtest: %s", text)
	}
}

// Problems are what the bot did wrong so far.
func (s *Server) Problems() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]string(nil), s.problems...)
}

// Calls returns the calls of method so far, or all for "".
func (s *Server) Calls(method string) []Call {
	s.settle(method)
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []Call
	for _, c := range s.calls {
		if method == "" || c.Method == method {
			out = append(out, c)
		}
	}
	return out
}

// settle lets calls that are being answered be recorded: what a test has seen of
// a call's effect it then finds among the calls. A call that hangs on purpose is
// not waited for beyond settling.
func (s *Server) settle(method string) {
	if method == "" || method == "getUpdates" { // there is always one open
		return
	}
	const settling = 2 * time.Second
	ctx, cancel := context.WithTimeout(context.Background(), settling)
	defer cancel()
	_ = s.wait(ctx, func() bool { return s.pending[method] == 0 })
}

// Count is how often method was called, also with Options.Forget.
func (s *Server) Count(method string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.counts[method]
}

// WaitCount waits until method was called n times.
func (s *Server) WaitCount(ctx context.Context, method string, n int) error {
	err := s.wait(ctx, func() bool { return s.counts[method] >= n })
	if err != nil {
		return fmt.Errorf("waiting for %d calls of %s, have %d: %w", n, method, s.Count(method), err)
	}
	return nil
}

// Sent returns the messages taken so far.
func (s *Server) Sent() []Sent {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]Sent(nil), s.sent...)
}

// WaitSent waits until n messages were taken and returns all.
func (s *Server) WaitSent(ctx context.Context, n int) ([]Sent, error) {
	err := s.wait(ctx, func() bool { return len(s.sent) >= n })
	return s.Sent(), err
}

// WaitAnswered waits until the callback or inline query was answered.
func (s *Server) WaitAnswered(ctx context.Context, query string) error {
	return s.wait(ctx, func() bool { return s.queries[query] })
}

// An answer is what a method returns: a result, or a refusal.
type answer struct {
	result any
	fail   *Refusal
}

func refuse(code int, text string) answer { return answer{fail: &Refusal{Code: code, Text: text}} }

func (s *Server) serve(w http.ResponseWriter, r *http.Request) {
	path, ok := strings.CutPrefix(r.URL.Path, "/bot")
	token, method, ok2 := strings.Cut(path, "/")
	if !ok || !ok2 || strings.Contains(method, "/") {
		s.problem("a request to %q, which no Bot API has", strings.ReplaceAll(r.URL.Path, s.opts.Token, "TOKEN"))
		w.WriteHeader(http.StatusNotFound)
		return
	}
	if s.opts.Bare && method == "sendMessage" {
		s.bareMessage(w, r)
		return
	}
	r.Body = http.MaxBytesReader(w, r.Body, maxRequest)
	if err := s.parse(method, r); errors.Is(err, io.ErrUnexpectedEOF) {
		return // whoever called is gone
	} else if err != nil {
		s.problem("%s: a body that is no form: %v", method, err)
	}
	call := Call{Method: method, Params: r.Form}
	if s.spec != nil && !s.opts.Bare { // old libraries send null for a list
		for _, why := range s.spec.Check(method, r.Form) {
			s.problem("%s does not conform to %s: %s", method, s.spec.Version, why)
		}
	}
	s.mu.Lock()
	f, faulty := s.takeFault(method)
	s.counts[method]++
	s.pending[method]++
	s.touch()
	s.mu.Unlock()

	var a answer
	switch {
	case faulty && !f.Lost:
		if f.play(w, r, s.done, &call) {
			s.record(call)
			return
		}
		a = answer{fail: f.Refusal}
	case token != s.opts.Token || s.opts.RefuseToken:
		a = refuse(401, "Unauthorized")
	case s.opts.Peer:
		a = s.peer(r, method)
	default:
		a = s.dispatch(r, method)
	}
	if f.Lost {
		s.record(call)
		panic(http.ErrAbortHandler)
	}
	call.Status = a.write(w, s.opts.Peer)
	s.record(call)
}

func (s *Server) record(c Call) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.pending[c.Method]--
	if !s.opts.Forget {
		s.calls = append(s.calls, c)
	}
	s.touch()
}

// write sends the answer and returns its status.
func (a answer) write(w http.ResponseWriter, peer bool) int {
	w.Header().Set("Content-Type", "application/json")
	if a.fail == nil {
		_ = json.NewEncoder(w).Encode(map[string]any{"ok": true, "result": a.result})
		return http.StatusOK
	}
	w.WriteHeader(a.fail.Code)
	if peer { // an object without "ok" and "description"
		_ = json.NewEncoder(w).Encode(map[string]any{"error": a.fail.Text})
		return a.fail.Code
	}
	body := map[string]any{"ok": false, "error_code": a.fail.Code, "description": a.fail.Text}
	params := map[string]any{}
	if a.fail.RetryAfter > 0 {
		params["retry_after"] = int(a.fail.RetryAfter / time.Second)
	}
	if a.fail.MigrateTo != 0 {
		params["migrate_to_chat_id"] = a.fail.MigrateTo
	}
	if len(params) > 0 {
		body["parameters"] = params
	}
	_ = json.NewEncoder(w).Encode(body)
	return a.fail.Code
}
