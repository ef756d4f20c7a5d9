package telegram_test

import (
	"bytes"
	"context"
	"log/slog"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"footnote/bot"
	"footnote/bot/dialog"
	"footnote/bot/telegram"
	"footnote/bot/telegram/telegramtest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// patience bounds every wait; nothing waits that long unless it is broken.
const patience = time.Minute

func within(t testing.TB) context.Context {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	t.Cleanup(cancel)
	return ctx
}

// clock is a telegram.Clock on which sleeping takes no time but is counted.
type clock struct {
	mu    sync.Mutex
	now   time.Time
	slept []time.Duration
}

func newClock() *clock { return &clock{now: time.Unix(1_790_000_000, 0)} }

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) Sleep(ctx context.Context, d time.Duration) error {
	c.advance(d)
	c.mu.Lock()
	defer c.mu.Unlock()
	c.slept = append(c.slept, d)
	return ctx.Err()
}

func (c *clock) advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

func (c *clock) sleeps() []time.Duration {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.Clone(c.slept)
}

// store is a telegram.Store that outlives an adapter.
type store struct {
	mu      sync.Mutex
	m       map[string]string
	changed chan struct{} // closed at the next Set, if somebody waits
}

func (s *store) Get(_ context.Context, k string) (string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.m[k], nil
}

func (s *store) Set(_ context.Context, k, v string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.m == nil {
		s.m = map[string]string{}
	}
	s.m[k] = v
	if s.changed != nil {
		close(s.changed)
		s.changed = nil
	}
	return nil
}

// wait waits until k is set.
func (s *store) wait(ctx context.Context, k string) error {
	for {
		s.mu.Lock()
		if s.m[k] != "" {
			s.mu.Unlock()
			return nil
		}
		if s.changed == nil {
			s.changed = make(chan struct{})
		}
		changed := s.changed
		s.mu.Unlock()
		select {
		case <-changed:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// lines is a log for several writers.
type lines struct {
	mu      sync.Mutex
	b       bytes.Buffer
	changed chan struct{} // closed at the next line, if somebody waits
}

func (l *lines) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.changed != nil {
		close(l.changed)
		l.changed = nil
	}
	return l.b.Write(p)
}

// wait waits until the log says phrase.
func (l *lines) wait(ctx context.Context, phrase string) error {
	for {
		l.mu.Lock()
		if strings.Contains(l.b.String(), phrase) {
			l.mu.Unlock()
			return nil
		}
		if l.changed == nil {
			l.changed = make(chan struct{})
		}
		changed := l.changed
		l.mu.Unlock()
		select {
		case <-changed:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

func (l *lines) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

func (l *lines) logger() *slog.Logger {
	return slog.New(slog.NewTextHandler(l, &slog.HandlerOptions{Level: slog.LevelDebug}))
}

// A session is an adapter running against a fake.
type session struct {
	*telegram.Adapter
	t      testing.TB
	server *telegramtest.Server
	log    *lines
	cancel context.CancelFunc
	done   chan struct{}
	err    error

	mu      sync.Mutex
	changed chan struct{}
	got     []bot.Message
}

// begin runs an adapter with c against server. Deliver collects unless given.
func begin(t testing.TB, server *telegramtest.Server, c telegram.Config, deliver bot.DeliverFunc) *session {
	t.Helper()
	s := &session{t: t, server: server, log: &lines{}, done: make(chan struct{}), changed: make(chan struct{})}
	c.Token, c.Endpoint, c.Logger = telegram.Token(server.Token()), server.URL(), s.log.logger()
	if c.Commands == nil {
		c.Commands = dialog.Commands()
	}
	var err error
	if s.Adapter, err = telegram.New(c); err != nil {
		t.Fatal(err)
	}
	if deliver == nil {
		deliver = s.collect
	}
	ctx, cancel := context.WithCancel(context.Background())
	s.cancel = cancel
	go func() {
		defer close(s.done)
		s.err = s.Run(ctx, deliver)
	}()
	t.Cleanup(func() {
		s.stop()
		s.Close()
		mustNotHold(t, server.Token(), s.log.String())
		if t.Failed() {
			t.Logf("the log:\n%s", s.log)
		}
	})
	return s
}

func (s *session) collect(_ context.Context, m bot.Message) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.got = append(s.got, m)
	close(s.changed)
	s.changed = make(chan struct{})
	return nil
}

// stop ends the run and returns its error.
func (s *session) stop() error {
	s.t.Helper()
	s.cancel()
	return s.ended()
}

// ended waits for the end of the run and returns its error.
func (s *session) ended() error {
	s.t.Helper()
	select {
	case <-s.done:
	case <-time.After(patience):
		s.t.Fatalf("Run has not returned; the log:\n%s", s.log)
	}
	return s.err
}

// heard waits for n messages and returns all there are.
func (s *session) heard(n int) []bot.Message {
	s.t.Helper()
	end := time.After(patience)
	for {
		s.mu.Lock()
		got, changed := slices.Clone(s.got), s.changed
		s.mu.Unlock()
		if len(got) >= n {
			return got
		}
		select {
		case <-changed:
		case <-end:
			s.t.Fatalf("%d messages were delivered, want %d; the log:\n%s", len(got), n, s.log)
		}
	}
}

// asked lets ann ask in private and returns the address to answer to.
func (s *session) asked(text string) bot.Address {
	s.t.Helper()
	s.mu.Lock()
	n := len(s.got)
	s.mu.Unlock()
	ann := s.server.Person("ann")
	s.server.Say(ann, s.server.Private(ann), text, nil)
	return s.heard(n + 1)[n].To
}

// logged waits until the log says each of phrases: what an adapter does beside
// its poll is told when that is done, and not before.
func (s *session) logged(phrases ...string) {
	s.t.Helper()
	for _, p := range phrases {
		if err := s.log.wait(within(s.t), p); err != nil {
			s.t.Errorf("the log does not say %q", p)
		}
	}
}

func texts(all []bot.Message) []string {
	var out []string
	for _, m := range all {
		out = append(out, m.Text)
	}
	return out
}

func para(text string) bot.Reply {
	return bot.Reply{Kind: bot.KindAnswer, Blocks: []bot.Block{{Spans: []bot.Span{{Text: text}}}}}
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// form reads "a=1&b=2" without unescaping, so that JSON can be written in it.
func form(t testing.TB, s string) url.Values {
	t.Helper()
	v := url.Values{}
	for pair := range strings.SplitSeq(s, "&") {
		if k, x, ok := strings.Cut(pair, "="); ok {
			v.Set(k, x)
		}
	}
	return v
}
