package bot_test

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"footnote/bot"
	"footnote/bot/bottest"
)

// busy is an adapter whose people ask as fast as they are let, and whose
// platform takes every reply at once.
type busy struct {
	messages, chats int

	mu     sync.Mutex
	order  map[bot.Conversation]int // last message answered, by chat
	failed error
	sent   int
	done   chan struct{}
}

func (*busy) Name() bot.Platform { return "busy" }

func (x *busy) Run(ctx context.Context, deliver bot.DeliverFunc) error {
	for i := range x.messages {
		chat := fmt.Sprint("chat ", i%x.chats)
		m := bot.Message{
			ID: bot.MessageID(fmt.Sprint(i)), From: bot.User{ID: bot.UserID(chat)}, Direct: true, Addressed: true, SentAt: time.Now(),
			To:   bot.Address{Conversation: bot.In("busy", bot.ChatID(chat)), ReplyTo: bot.MessageID(fmt.Sprint(i))},
			Text: "When was the library founded?",
		}
		if err := deliver(ctx, m); err != nil {
			return err
		}
	}
	select {
	case <-x.done:
	case <-ctx.Done():
	}
	return nil
}

func (x *busy) Send(_ context.Context, to bot.Address, r bot.Reply) error {
	var i int
	_, err := fmt.Sscan(string(to.ReplyTo), &i)
	x.mu.Lock()
	defer x.mu.Unlock()
	if last, ok := x.order[to.Conversation]; err != nil || ok && i <= last || r.Kind != bot.KindAnswer {
		x.failed = fmt.Errorf("message %d was answered after %d with a reply of kind %s (%v)", i, last, r.Kind, err)
	}
	x.order[to.Conversation] = i
	if x.sent++; x.sent == x.messages {
		close(x.done)
	}
	return nil
}

func (x *busy) run(t testing.TB, b *bot.Bot) {
	t.Helper()
	x.order, x.done = map[bot.Conversation]int{}, make(chan struct{})
	if err := b.Run(t.Context(), x); err != nil {
		t.Fatal(err)
	}
	if x.sent != x.messages || x.failed != nil {
		t.Fatalf("%d of %d messages were answered; %v", x.sent, x.messages, x.failed)
	}
	if m, c := b.Load(); m != 0 || c != 0 {
		t.Errorf("%d messages in %d conversations are left", m, c)
	}
}

// Many messages from many chats: none lost, none twice, in order in each chat.
func TestLoad(t *testing.T) {
	x := &busy{messages: 5_000, chats: 300}
	c, _ := bottest.Config{Answerer: bottest.Scripted(bottest.Library(t)), InDelivery: bot.Bounded(bot.QueueOf(256, 4))}.New()
	x.run(t, c)
}

// BenchmarkBot is the bot's own time for one message: everything but matching,
// rendering and the platform.
func BenchmarkBot(b *testing.B) {
	x := &busy{messages: b.N, chats: 5000}
	c, _ := bottest.Config{Answerer: bottest.Scripted(bottest.Library(b)), Limits: bot.Limits{PersonPerMinute: 1 << 30, ChatPerMinute: 1 << 30}}.New()
	b.ReportAllocs()
	b.ResetTimer()
	x.run(b, c)
}
