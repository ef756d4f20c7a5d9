package telegram_test

import (
	"context"
	"flag"
	"fmt"
	"sync"
	"testing"
	"time"

	"footnote/bot/bottest"
	"footnote/bot/platform"
	"footnote/bot/telegram"
	"footnote/bot/telegram/telegramtest"
)

// The size of TestLoad; the figures in the documentation were made with
//
//	go test ./bot/telegram -run TestLoad -v -load.messages 200000 -load.chats 5000
var (
	loadMessages = flag.Int("load.messages", 1000, "messages that TestLoad sends through the fake")
	loadChats    = flag.Int("load.chats", 50, "chats they come from")
)

// A load is a crowd in front of a fake.
type load struct {
	*bottest.Crowd
	server *telegramtest.Server
}

func newLoad(t testing.TB, chats int) *load {
	l := &load{Crowd: bottest.NewCrowd(chats)}
	l.server = telegramtest.Start(t, telegramtest.Options{Forget: true, OnSent: func(m telegramtest.Sent) { l.Answered(telegramtest.Ordinal(m.Chat), m.ReplyTo) }})
	people := make([]telegramtest.Person, chats)
	for i := range people {
		people[i] = l.server.Person(fmt.Sprint("person ", i))
	}
	l.Say = func(chat int, text string) int64 {
		return l.server.Say(people[chat], l.server.Private(people[chat]), text, nil).Message
	}
	return l
}

// begin runs the real bot over the adapter against the load's fake.
func (l *load) begin(t testing.TB, c telegram.Clock) (stop func()) {
	base := bottest.Embedded(t)
	b, _ := bottest.Config{Answerer: bottest.Decliner{Of: base}}.New()
	a, err := telegram.New(telegram.WithClock(telegram.Config{Token: platform.NewSecret(telegramtest.Token), Endpoint: l.server.URL(), Commands: bottest.Commands()}, c))
	must(t, err)
	run := bottest.Go(t, func(ctx context.Context) error { return b.Run(ctx, a) })
	return sync.OnceFunc(func() {
		if err := run.Stop(); err != nil {
			t.Error(err)
		}
		a.Close()
	})
}

// None is lost, none doubled, each chat keeps its order, and nothing grows.
func TestLoad(t *testing.T) {
	l := newLoad(t, *loadChats)
	stop := l.begin(t, nil)
	defer stop()
	l.Load(t, *loadMessages, *loadChats, 4)
}

// However the polls fail, and whether or not Telegram had handed updates out by
// then, each question is answered exactly once and in order.
func TestChaos(t *testing.T) {
	l := newLoad(t, 20)
	half := telegramtest.Fault{Page: &telegramtest.Page{Status: 200, Body: `{"ok":true,"result":[{"update_id":10`}}
	faults := []telegramtest.Fault{{Reset: true}, {Lost: true}, telegramtest.BadGateway(), telegramtest.OtherPoller(), half,
		{Refusal: &telegramtest.Refusal{Code: 500, Text: "Internal Server Error"}}, telegramtest.TooMany(3 * time.Second)}
	stop := l.begin(t, newClock())
	defer stop()
	const rounds, each = 15, 40
	for i := range rounds {
		for j := range 3 {
			l.server.Fail("getUpdates", faults[(i+j*3)%len(faults)])
		}
		if i%3 == 0 {
			l.server.CutPoll()
		}
		l.Ask(t, each, bottest.AtOnce)
		must(t, l.server.WaitCount(within(t), "getUpdates", 3*(i+1)))
	}
	l.Check(t, rounds*each)
}
