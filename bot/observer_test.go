package bot_test

import (
	"context"
	"testing"
	"time"

	"footnote/bot"
	"footnote/bot/bottest"
)

// silence observes and keeps nothing.
type silence struct{}

func (silence) Received(bot.Platform, time.Duration)              {}
func (silence) Limited(bot.Platform)                              {}
func (silence) Answered(bot.Platform, bot.Kind, bool, bot.Stages) {}

// BenchmarkObserved is the cost of one message through the bot, with and without somebody
// who observes it.
func BenchmarkObserved(b *testing.B) {
	base := bottest.Embedded(b)
	for name, o := range map[string]bot.Observer{"off": nil, "on": silence{}} {
		b.Run(name, func(b *testing.B) {
			talks, _ := bottest.Config{Answerer: bottest.Decliner{Of: base}, InDelivery: func(c *bot.Config) { c.Observer = o }}.New()
			settled := make(chan struct{}, 1)
			m := bot.Message{
				From: bot.User{ID: "ann"}, Direct: true, Command: "help",
				To: bot.Address{Conversation: bot.In("told", "ann")}, Settled: func() { settled <- struct{}{} },
			}
			ctx, cancel := context.WithCancel(context.Background())
			a := &asker{one: func(deliver bot.DeliverFunc) {
				for b.Loop() {
					if err := deliver(ctx, m); err != nil {
						b.Error(err)
					}
					<-settled
				}
				cancel()
			}}
			if err := talks.Run(ctx, a); err != nil {
				b.Error(err)
			}
		})
	}
}

// An asker delivers what it is told to, and sends nothing.
type asker struct{ one func(bot.DeliverFunc) }

func (*asker) Name() bot.Platform { return "told" }

func (a *asker) Run(_ context.Context, deliver bot.DeliverFunc) error {
	a.one(deliver)
	return nil
}

func (*asker) Send(context.Context, bot.Address, bot.Reply) error { return nil }
