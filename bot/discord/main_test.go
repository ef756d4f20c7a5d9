package discord

import (
	"context"
	"testing"
	"time"

	"go.uber.org/goleak"

	"footnote/bot"
	"footnote/bot/bottest"
	"footnote/bot/discord/discordtest"
	"footnote/bot/platform"
)

func TestMain(m *testing.M) {
	bottest.WaitTogether(24)
	goleak.VerifyTestMain(m, discordtest.Leaks()...)
}

// fast returns realTiming with the waits of a test.
func fast() timing {
	t := realTiming()
	t.gateway.First, t.gateway.Longest, t.gateway.Identify = 2*time.Millisecond, 20*time.Millisecond, 5*time.Millisecond
	t.gateway.Hello, t.gateway.Grace = 2*time.Second, 2*time.Second
	t.pool, t.look, t.linger = 10*time.Millisecond, 10*time.Millisecond, 500*time.Millisecond
	return t
}

// A running is an adapter running against a fake Discord.
type running struct {
	t        *testing.T
	server   *discordtest.Server
	adapter  *Adapter
	run      *bottest.Run    // nil before it ran
	ctx      context.Context // bounds every wait
	log      *bottest.Log
	messages bottest.Messages
}

// start runs an adapter against a fake; each of change is applied before.
func start(t *testing.T, o discordtest.Options, c Config, change ...func(*running)) *running {
	t.Helper()
	x := prepare(t, o, c, change...)
	x.start(nil)
	return x
}

// prepare makes an adapter that does not run yet.
func prepare(t *testing.T, o discordtest.Options, c Config, change ...func(*running)) *running {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), bottest.Patience)
	t.Cleanup(cancel)
	x := &running{t: t, server: discordtest.Start(t, o), ctx: ctx, log: &bottest.Log{}}
	x.renew(c)
	for _, f := range change {
		f(x)
	}
	return x
}

// renew makes a new adapter, as a program has after a restart.
func (x *running) renew(c Config) {
	x.t.Helper()
	c.Token, c.Endpoint, c.Logger = platform.NewSecret(x.server.Token), x.server.Endpoint(), x.log.Logger()
	registers := c.Commands != nil
	if !registers {
		c.Commands = bottest.Commands()
	}
	a, err := New(c)
	if err != nil {
		x.t.Fatal(err)
	}
	if !registers {
		a.commands = nil // registration has tests of its own
	}
	a.timing = fast()
	x.adapter = a
}

// start runs the adapter, which delivers into x.messages or, if it is not nil, into
// deliver.
func (x *running) start(deliver bot.DeliverFunc) {
	if deliver == nil {
		deliver = x.messages.Collect
	}
	a := x.adapter
	x.run = bottest.Go(x.t, func(ctx context.Context) error { return a.Run(ctx, deliver) })
	x.t.Cleanup(func() {
		_ = x.stop()
		if x.log.Says(x.server.Token) {
			x.t.Errorf("the log holds the token")
		}
		if x.t.Failed() {
			x.t.Logf("log:\n%s", x.log)
		}
	})
}

// stop ends Run and returns what it returned; it may be called again.
func (x *running) stop() error {
	x.t.Helper()
	if x.run == nil {
		return nil
	}
	return x.run.Stop()
}

// runs runs the adapter to its end without ending it.
func (x *running) runs() error {
	x.t.Helper()
	return bottest.Go(x.t, func(context.Context) error { return x.adapter.Run(x.ctx, x.messages.Collect) }).Ended()
}

// beside makes another process of the same bot, with the same fake.
func (x *running) beside(c Config) *running {
	x.t.Helper()
	y := &running{t: x.t, server: x.server, ctx: x.ctx, log: &bottest.Log{}}
	y.renew(c)
	return y
}

// stuckUntil returns a DeliverFunc that says of each message that it has it, and accepts none
// before release is closed.
func stuckUntil(release chan struct{}, entered chan<- struct{}) bot.DeliverFunc {
	return func(ctx context.Context, m bot.Message) error {
		entered <- struct{}{}
		select {
		case <-release:
			return nil
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// wait waits for n messages and returns all.
func (x *running) wait(n int) []bot.Message {
	x.t.Helper()
	return x.messages.Wait(x.t, n)
}

func (x *running) ok(err error) {
	x.t.Helper()
	if err != nil {
		x.t.Fatal(err)
	}
}

func (x *running) ready() { x.t.Helper(); x.ok(x.server.Ready(x.ctx)) }

func (x *running) posts(n int) []discordtest.Sent {
	x.t.Helper()
	p, err := x.server.WaitSent(x.ctx, n)
	x.ok(err)
	return p
}

func text(s string) bot.Reply {
	return bot.Reply{Kind: bot.KindSmall, Blocks: []bot.Block{{Spans: []bot.Span{{Text: s}}}}}
}
