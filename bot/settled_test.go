package bot_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"footnote/bot"
	"footnote/bot/bottest"
)

// A teller delivers messages one by one, and sends what reply says of each.
type teller struct {
	all   []bot.Message
	tell  func(i int, err error)
	reply func(to bot.Address) error
}

func (*teller) Name() bot.Platform { return "told" }

func (t *teller) Run(ctx context.Context, deliver bot.DeliverFunc) error {
	for i, m := range t.all {
		t.tell(i, deliver(ctx, m))
	}
	<-ctx.Done()
	return nil
}

func (t *teller) Send(_ context.Context, to bot.Address, _ bot.Reply) error {
	return t.reply(to)
}

// TestSettled: who delivered a message hears when nothing more will come of it, once,
// whatever becomes of it.
func TestSettled(t *testing.T) {
	base := bottest.Embedded(t)
	settled, sent := make(chan string, 16), make(chan struct{}, 16)
	message := func(id, chat, text string, direct bool) bot.Message {
		return bot.Message{
			ID: bot.MessageID(id), From: bot.User{ID: "ann"}, Direct: direct, Text: text, SentAt: time.Now(),
			To: bot.Address{Conversation: bot.In("told", bot.ChatID(chat))}, Settled: func() { settled <- id },
		}
	}
	a := &teller{
		all: []bot.Message{
			message("not for us", "group", "hello all", false),
			message("answered", "ann", "/help", true),
			message("answered", "ann", "/help", true), // again
			message("refused", "bob", "hello", true),
		},
		tell: func(i int, err error) {
			if err != nil {
				t.Errorf("message %d: %v", i, err)
			}
		},
		reply: func(to bot.Address) error {
			sent <- struct{}{}
			if to.Chat == "bob" {
				return bot.ErrForbidden
			}
			return nil
		},
	}
	b, _ := bottest.Config{Answerer: bottest.Decliner{Of: base}}.New()
	run := bottest.Go(t, func(ctx context.Context) error { return b.Run(ctx, a) })
	times := map[string]int{}
	for range a.all {
		select {
		case id := <-settled:
			times[id]++
		case <-time.After(bottest.Patience):
			t.Fatalf("settled so far: %v", times)
		}
	}
	if err := run.Stop(); err != nil && !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	if times["not for us"] != 1 || times["answered"] != 2 || times["refused"] != 1 || len(settled) > 0 {
		t.Errorf("settled %v", times)
	}
	if len(sent) != 2 {
		t.Errorf("%d replies", len(sent))
	}
}
