package discord

import (
	"context"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"footnote/bot"
	"footnote/bot/bottest"
	"footnote/bot/discord/discordtest"
	"footnote/bot/platform"
)

// Whatever the network does below the protocol, each question is answered exactly
// once: messages carry a nonce and interactions know what became of them, so that
// what is unsure may be repeated. Sessions are resumed, so Identifies stay few.
func TestBadNetwork(t *testing.T) {
	t.Parallel()
	const people = 20
	const most = 64 + 3*people // those that wait for work, and a call with its connection for everybody
	rounds := bottest.BadNetworks(people)
	rounds["half-open for good"] = func(a bottest.Asking) {
		a.(*chaos).answeredAll()
		a.Network().Freeze()
		a.Ask() // into a connection that nobody knows is dead
	}
	for name, round := range rounds {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			// Where a heartbeat finds nothing out there is none, and elsewhere it is far
			// above the second that the library's Close takes: one that comes then reads
			// the library's session without its lock.
			beat := time.Minute
			if strings.HasPrefix(name, "half-open") {
				beat = 2 * time.Second
			}
			c := newChaos(t, people, beat)
			times := 3
			if name == "half-open for good" { // heartbeats take seconds to find it out
				times = 1
			}
			for range times {
				round(c)
				c.answeredAll()
			}
			c.proxy.Delay(0)
			if n := bottest.Goroutines(t.Name()); n < 3 || n > most {
				t.Errorf("%d goroutines, at most %d are needed", n, most)
			}
			c.judge()
		})
	}
}

// chaos is people asking a bot through a bad network.
type chaos struct {
	t     *testing.T
	s     *discordtest.Server
	proxy *bottest.Proxy
	ctx   context.Context // bounds every wait
	names []string
	asked map[string]bool // by id of message or interaction
	stop  func()

	before int // posts when something was last asked
}

func newChaos(t *testing.T, people int, beat time.Duration) *chaos {
	s := discordtest.Start(t, discordtest.Options{Heartbeat: beat, AckWithin: time.Minute})
	c := &chaos{t: t, s: s, proxy: bottest.NewProxy(t, s.Listener()), asked: map[string]bool{}}
	s.Address = c.proxy.Addr()
	ctx, cancel := context.WithTimeout(context.Background(), 2*bottest.Patience)
	t.Cleanup(cancel)
	c.ctx = ctx
	for i := range people {
		c.names = append(c.names, fmt.Sprint("person ", i))
	}
	base := bottest.Embedded(t)
	a, err := New(Config{Token: platform.NewSecret(discordtest.Token), Endpoint: s.Endpoint(), Commands: []bot.Command{}, Logger: slog.New(slog.NewTextHandler(t.Output(), &slog.HandlerOptions{Level: slog.LevelDebug}))})
	if err != nil {
		t.Fatal(err)
	}
	a.timing = fast()
	a.rest.Timeout = 500 * time.Millisecond
	a.timing.gateway.Grace = time.Second
	b, _ := bottest.Config{Answerer: bottest.Decliner{Of: base}}.New()
	running, end := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go bottest.Counted(t.Name(), func() { done <- b.Run(running, a) })
	stopped := false
	c.stop = func() {
		if stopped {
			return
		}
		stopped = true
		end()
		if err := <-done; err != nil {
			t.Error(err)
		}
	}
	t.Cleanup(c.stop)
	c.ok(s.Ready(ctx))
	// What is said before the bot has read READY is lost with a session that it
	// never learns of; so it does on Discord.
	c.Ask()
	c.answeredAll()
	return c
}

func (c *chaos) ok(err error) {
	c.t.Helper()
	if err != nil {
		c.t.Fatal(err)
	}
}

// Ask lets everybody ask something, half of them with a command.
func (c *chaos) Ask() {
	c.before = len(c.s.Sent())
	for i, name := range c.names {
		if i%2 == 0 {
			c.asked[c.s.DM(name, "Who spoke in 1956?")] = true
		} else {
			c.asked[c.s.Command(name, "", "ask", "question", "Who spoke in 1956?")] = true
		}
	}
}

// Answered waits for n posts of the bot after what was last asked.
func (c *chaos) Answered(n int) {
	c.t.Helper()
	_, err := c.s.WaitSent(c.ctx, c.before+n)
	c.ok(err)
}

// answeredAll waits until every question is answered.
func (c *chaos) answeredAll() {
	c.t.Helper()
	for {
		posts := c.s.Sent()
		if len(c.answers(posts)) == len(c.asked) {
			return
		}
		if _, err := c.s.WaitSent(c.ctx, len(posts)+1); err != nil {
			c.t.Fatalf("%d of %d questions answered: %v", len(c.answers(posts)), len(c.asked), err)
		}
	}
}

// answers counts the answers by what they answer. What replaces an older message
// in place is no further one.
func (c *chaos) answers(posts []discordtest.Sent) map[string]int {
	n := map[string]int{}
	for _, p := range posts {
		question := p.ReplyTo
		if p.Interaction != "" {
			question = p.Interaction
		}
		if strings.Contains(p.Text, "no sourced answer") && (!p.Edited || n[question] == 0) {
			n[question]++
		}
	}
	return n
}

// Network is the network between the bot and the fake.
func (c *chaos) Network() *bottest.Proxy { return c.proxy }

// judge stops the bot, so that nothing more can come, and counts.
func (c *chaos) judge() {
	c.t.Helper()
	c.stop()
	answers := c.answers(c.s.Sent())
	for q, n := range answers {
		if n != 1 || !c.asked[q] {
			c.t.Errorf("question %s was answered %d times", q, n)
		}
	}
	if len(answers) != len(c.asked) {
		c.t.Errorf("%d questions, %d answered", len(c.asked), len(answers))
	}
	identifies, resumes := c.s.Logins()
	if identifies > 3 {
		c.t.Errorf("%d Identifies for one session", identifies)
	}
	c.t.Logf("%d questions over %d connections, each answered once; %d Identifies, %d Resumes", len(c.asked), c.proxy.Carried(), identifies, resumes)
}
