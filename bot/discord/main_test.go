package discord

import (
	"bytes"
	"context"
	"flag"
	"log/slog"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"footnote/bot"
	"footnote/bot/dialog"
	"footnote/bot/discord/discordtest"
)

// TestMain lets more tests run at a time than there are processors: nearly all of
// their time is the second that discordgo sleeps at the end of a session (D21).
func TestMain(m *testing.M) {
	flag.Parse()
	if flag.Lookup("test.fuzz").Value.String() == "" { // fuzzing starts as many processes
		if err := flag.Set("test.parallel", "12"); err != nil {
			panic(err)
		}
	}
	goleak.VerifyTestMain(m)
}

// patience bounds every wait; nothing waits that long unless it is broken.
const patience = time.Minute

// fast is realTiming with the waits of a test.
func fast() timing {
	t := realTiming
	t.first, t.longest, t.identify = 2*time.Millisecond, 20*time.Millisecond, 5*time.Millisecond
	t.hello, t.grace = 2*time.Second, 2*time.Second
	return t
}

// A scene is an adapter running against a fake Discord.
type scene struct {
	t    *testing.T
	s    *discordtest.Server
	a    *Adapter
	ctx  context.Context // bounds every wait
	logs *sink
	end  func() error // ends Run and returns what it returned; may be called again

	mu      sync.Mutex
	changed chan struct{}
	got     []bot.Message
}

// A setup changes a scene before Run.
type setup func(*scene)

func play(t *testing.T, k discordtest.Knobs, c Config, more ...setup) *scene {
	t.Helper()
	x := prepare(t, k, c, more...)
	x.run(nil)
	return x
}

// prepare makes a scene whose adapter does not run yet.
func prepare(t *testing.T, k discordtest.Knobs, c Config, more ...setup) *scene {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	x := &scene{t: t, s: discordtest.Start(t, k), ctx: ctx, logs: &sink{}, changed: make(chan struct{}), end: func() error { return nil }}
	t.Cleanup(cancel)
	x.adapter(c)
	for _, m := range more {
		m(x)
	}
	return x
}

// adapter gives the scene a new adapter, as a program has after a restart.
func (x *scene) adapter(c Config) {
	x.t.Helper()
	c.Token, c.Endpoint = Secret(x.s.Token), x.s.Endpoint()
	c.Logger = slog.New(slog.NewTextHandler(x.logs, &slog.HandlerOptions{Level: slog.LevelDebug}))
	registers := c.Commands != nil
	if !registers {
		c.Commands = dialog.Commands()
	}
	a, err := New(c)
	if err != nil {
		x.t.Fatal(err)
	}
	if !registers {
		a.commands = nil // registration has tests of its own
	}
	a.timing = fast()
	x.a = a
}

// run starts Run, which delivers into the scene or into deliver.
func (x *scene) run(deliver bot.DeliverFunc) {
	if deliver == nil {
		deliver = x.collect
	}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- x.a.Run(ctx, deliver) }()
	var once sync.Once
	var err error
	x.end = func() error {
		once.Do(func() {
			cancel()
			err = x.returned(done)
		})
		return err
	}
	x.t.Cleanup(func() {
		x.end()
		if bytes.Contains(x.logs.bytes(), []byte(x.s.Token)) {
			x.t.Errorf("the log holds the token")
		}
		if x.t.Failed() {
			x.t.Logf("log:\n%s", x.logs.bytes())
		}
	})
}

func (x *scene) returned(done chan error) error {
	select {
	case err := <-done:
		return err
	case <-time.After(patience):
		x.t.Errorf("Run did not return")
		return nil
	}
}

// runs runs the adapter to its end without ending it.
func (x *scene) runs() error {
	done := make(chan error, 1)
	go func() { done <- x.a.Run(x.ctx, x.collect) }()
	return x.returned(done)
}

func (x *scene) collect(_ context.Context, m bot.Message) error {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.got = append(x.got, m)
	close(x.changed)
	x.changed = make(chan struct{})
	return nil
}

// wait waits for n messages and returns all.
func (x *scene) wait(n int) []bot.Message {
	x.t.Helper()
	for {
		x.mu.Lock()
		got, changed := append([]bot.Message(nil), x.got...), x.changed
		x.mu.Unlock()
		if len(got) >= n {
			return got
		}
		select {
		case <-changed:
		case <-x.ctx.Done():
			x.t.Fatalf("%d messages were delivered, want %d", len(got), n)
		}
	}
}

func (x *scene) ok(err error) {
	x.t.Helper()
	if err != nil {
		x.t.Fatal(err)
	}
}

func (x *scene) ready() { x.t.Helper(); x.ok(x.s.Ready(x.ctx)) }

func (x *scene) posts(n int) []discordtest.Post {
	x.t.Helper()
	p, err := x.s.WaitPosts(x.ctx, n)
	x.ok(err)
	return p
}

func text(s string) bot.Reply {
	return bot.Reply{Kind: bot.KindSmall, Blocks: []bot.Block{{Spans: []bot.Span{{Text: s}}}}}
}

// waitLog waits until the log says s.
func (x *scene) waitLog(s string) {
	x.t.Helper()
	for {
		changed := x.logs.next()
		if bytes.Contains(x.logs.bytes(), []byte(s)) {
			return
		}
		select {
		case <-changed:
		case <-x.ctx.Done():
			x.t.Fatalf("the log does not say %q", s)
		}
	}
}

// A sink is a log that can be waited for.
type sink struct {
	mu      sync.Mutex
	b       bytes.Buffer
	changed chan struct{}
}

func (s *sink) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.changed != nil {
		close(s.changed)
		s.changed = nil
	}
	return s.b.Write(p)
}

// next is closed at the next write.
func (s *sink) next() chan struct{} {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.changed == nil {
		s.changed = make(chan struct{})
	}
	return s.changed
}

func (s *sink) bytes() []byte {
	s.mu.Lock()
	defer s.mu.Unlock()
	return bytes.Clone(s.b.Bytes())
}
