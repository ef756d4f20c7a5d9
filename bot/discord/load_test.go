package discord

import (
	"context"
	"flag"
	"fmt"
	"strconv"
	"strings"
	"sync"
	"testing"

	"footnote/bot"
	"footnote/bot/bottest"
	"footnote/bot/discord/discordtest"
	"footnote/bot/platform"
)

// The size of TestLoad.
//
//	go test ./bot/discord -run TestLoad -v -load.messages 200000 -load.chats 5000
var (
	loadMessages = flag.Int("load.messages", 1000, "messages that TestLoad sends through the fake")
	loadChats    = flag.Int("load.chats", 50, "chats they come from")
)

// A load is a crowd in front of a fake.
type load struct {
	*bottest.Crowd
	server *discordtest.Server
}

func newLoad(t testing.TB, chats int) *load {
	l := &load{Crowd: bottest.NewCrowd(chats)}
	k := discordtest.Options{Forget: true, OnSent: func(p discordtest.Sent) {
		var chat int
		var to int64
		_, _ = fmt.Sscan(strings.TrimPrefix(p.User, "person "), &chat)
		_, _ = fmt.Sscan(p.ReplyTo, &to)
		l.Answered(chat, to)
	}}
	l.server = discordtest.Start(t, k)
	l.Say = func(chat int, text string) int64 {
		id, _ := strconv.ParseInt(l.server.DM(fmt.Sprint("person ", chat), text), 10, 64)
		return id
	}
	return l
}

// begin runs the real bot over the adapter against the load's fake.
func (l *load) begin(t testing.TB) (stop func()) {
	base := bottest.Embedded(t)
	a, err := New(Config{Token: platform.NewSecret(discordtest.Token), Endpoint: l.server.Endpoint(), Commands: []bot.Command{}})
	if err != nil {
		t.Fatal(err)
	}
	b, _ := bottest.Config{Answerer: bottest.Decliner{Of: base}}.New()
	run := bottest.Go(t, func(ctx context.Context) error { return b.Run(ctx, a) })
	if err := l.server.Ready(t.Context()); err != nil {
		t.Fatal(err)
	}
	return sync.OnceFunc(func() {
		if err := run.Stop(); err != nil {
			t.Error(err)
		}
	})
}

// None is lost, none doubled, each chat keeps its order, and nothing grows.
func TestLoad(t *testing.T) {
	l := newLoad(t, *loadChats)
	stop := l.begin(t)
	defer stop()
	l.Load(t, *loadMessages, *loadChats, 2)
}
