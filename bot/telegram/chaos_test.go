package telegram_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"footnote/bot/bottest"
	"footnote/bot/platform"
	"footnote/bot/telegram"
	"footnote/bot/telegram/telegramtest"
)

// Whatever the network does below the protocol, each question is answered exactly
// once, or visibly not at all: then the person is told to ask again. Nobody sees
// an answer twice.
func TestBadNetwork(t *testing.T) {
	t.Parallel()
	const people = 20
	const most = 64 + 3*people // those that wait for work, and a call with its connection for everybody
	for name, round := range bottest.BadNetworks(people) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := newChaos(t, people)
			for range 8 {
				round(c)
				c.settled()
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
	t      *testing.T
	server *telegramtest.Server
	proxy  *bottest.Proxy
	people []telegramtest.Person
	asked  []int64 // message ids
	stop   func()

	before int // messages of the bot when something was last asked
}

func newChaos(t *testing.T, people int) *chaos {
	c := &chaos{t: t, server: fake(t, telegramtest.Options{})}
	c.proxy = bottest.NewProxy(t, strings.TrimPrefix(c.server.URL(), "http://"))
	for i := range people {
		c.people = append(c.people, c.server.Person(fmt.Sprint("person ", i)))
	}
	base := bottest.Embedded(t)
	log := &bottest.Log{}
	a, err := telegram.New(telegram.WithClock(telegram.Config{Token: platform.NewSecret(telegramtest.Token), Endpoint: "http://" + c.proxy.Addr(), Commands: bottest.Commands(), Logger: log.Logger()}, newClock()))
	must(t, err)
	b, _ := bottest.Config{Answerer: bottest.Decliner{Of: base}}.New()
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go bottest.Counted(t.Name(), func() { done <- b.Run(ctx, a) })
	stopped := false
	c.stop = func() {
		if stopped {
			return
		}
		stopped = true
		cancel()
		if err := <-done; err != nil {
			t.Error(err)
		}
		a.Close()
		mustNotHold(t, telegramtest.Token, log.String())
	}
	t.Cleanup(c.stop)
	return c
}

// Ask lets everybody ask something.
func (c *chaos) Ask() {
	c.before = len(c.server.Sent())
	for _, p := range c.people {
		c.asked = append(c.asked, c.server.Say(p, c.server.Private(p), "Who spoke in 1956?", nil).Message)
	}
}

// Answered waits for n messages of the bot after what was last asked.
func (c *chaos) Answered(n int) {
	c.t.Helper()
	_, err := c.server.WaitSent(within(c.t), c.before+n)
	must(c.t, err)
}

// settled waits until something was said to every question.
func (c *chaos) settled() {
	c.t.Helper()
	ctx := within(c.t)
	for {
		sent := c.server.Sent()
		if said, _ := c.outcomes(sent); len(said) == len(c.asked) {
			return
		}
		_, err := c.server.WaitSent(ctx, len(sent)+1)
		must(c.t, err)
	}
}

// outcomes counts by question what was said to it at all, and the answers.
func (c *chaos) outcomes(sent []telegramtest.Sent) (said, answers map[string]int) {
	said, answers = map[string]int{}, map[string]int{}
	for _, m := range sent {
		question := fmt.Sprint(m.Chat, " ", m.ReplyTo)
		said[question]++
		if strings.Contains(m.Text, "no sourced answer") {
			answers[question]++
		}
	}
	return said, answers
}

// Network is the network between the bot and the fake.
func (c *chaos) Network() *bottest.Proxy { return c.proxy }

// judge stops the bot, so that nothing more can come, and counts.
func (c *chaos) judge() {
	c.t.Helper()
	c.stop()
	said, answers := c.outcomes(c.server.Sent())
	for q, n := range answers {
		if n > 1 {
			c.t.Errorf("question %s was answered %d times", q, n)
		}
	}
	if len(said) != len(c.asked) {
		c.t.Errorf("%d questions of %d got no word", len(c.asked)-len(said), len(c.asked))
	}
	c.t.Logf("%d questions over %d connections: %d answered once, %d told to ask again", len(c.asked), c.proxy.Carried(), len(answers), len(said)-len(answers))
}
