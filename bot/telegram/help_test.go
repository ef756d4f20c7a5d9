package telegram_test

import (
	"context"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"footnote/bot"
	"footnote/bot/bottest"
	"footnote/bot/bottest/await"
	"footnote/bot/platform"
	"footnote/bot/telegram"
	"footnote/bot/telegram/telegramtest"
)

func TestMain(m *testing.M) {
	bottest.WaitTogether(24)
	goleak.VerifyTestMain(m)
}

func within(t testing.TB) context.Context {
	ctx, cancel := context.WithTimeout(context.Background(), bottest.Patience)
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

// store is a bot.Store that outlives an adapter and can be waited for.
type store struct {
	platform.Memory
	changed await.Signal
}

func (s *store) Set(ctx context.Context, k, v string) error {
	defer s.changed.Touch()
	return s.Memory.Set(ctx, k, v)
}

// wait waits until k is set.
func (s *store) wait(ctx context.Context, k string) error {
	return s.changed.Until(ctx, func() bool { v, _ := s.Get(ctx, k); return v != "" })
}

// A running is an adapter running against a fake.
type running struct {
	*telegram.Adapter
	run      *bottest.Run
	messages bottest.Messages
	t        testing.TB
	server   *telegramtest.Server
	log      *bottest.Log
}

// start runs an adapter with c against server. Deliver collects unless given.
func start(t testing.TB, server *telegramtest.Server, c telegram.Config, deliver bot.DeliverFunc) *running {
	t.Helper()
	s := &running{t: t, server: server, log: &bottest.Log{}}
	c.Token, c.Endpoint, c.Logger = platform.NewSecret(server.Token()), server.URL(), s.log.Logger()
	if c.Commands == nil {
		c.Commands = bottest.Commands()
	}
	var err error
	if s.Adapter, err = telegram.New(c); err != nil {
		t.Fatal(err)
	}
	if deliver == nil {
		deliver = s.messages.Collect
	}
	s.run = bottest.Go(t, func(ctx context.Context) error { return s.Run(ctx, deliver) })
	t.Cleanup(func() {
		_ = s.stop()
		s.Close()
		mustNotHold(t, server.Token(), s.log.String())
		if t.Failed() {
			t.Logf("the log:\n%s", s.log)
		}
	})
	return s
}

// stop ends the run and returns its error.
func (s *running) stop() error {
	s.t.Helper()
	return s.run.Stop()
}

// ended waits for the end of the run and returns its error.
func (s *running) ended() error {
	s.t.Helper()
	return s.run.Ended()
}

// heard waits for n messages and returns all there are.
func (s *running) heard(n int) []bot.Message {
	s.t.Helper()
	return s.messages.Wait(s.t, n)
}

// asked lets ann ask in private and returns the address to answer to.
func (s *running) asked(text string) bot.Address {
	s.t.Helper()
	n := len(s.messages.All())
	ann := s.server.Person("ann")
	s.server.Say(ann, s.server.Private(ann), text, nil)
	return s.heard(n + 1)[n].To
}

// logged waits until the log says each of phrases: what an adapter does beside
// its poll is told when that is done, and not before.
func (s *running) logged(phrases ...string) {
	s.t.Helper()
	for _, p := range phrases {
		s.log.Wait(s.t, p)
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
