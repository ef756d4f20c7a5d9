package discord

import (
	"context"
	"fmt"
	"testing"
	"time"

	"footnote/bot"
	dt "footnote/bot/discord/discordtest"
	"footnote/bot/platform"
)

func BenchmarkConvert(b *testing.B) {
	raw := []byte(message(`{"guild_id":"5","content":"<@` + selfID + `> When did Khrushchev speak?"}`))
	for b.Loop() {
		var w messagePayload
		if platform.Decode(raw, &w) != nil {
			b.Fatal()
		}
		if _, ok := convertMessage(selfID, &w, testNow); !ok {
			b.Fatal()
		}
	}
}

func BenchmarkRender(b *testing.B) {
	for b.Loop() {
		render(goldens["answer"])
	}
}

// BenchmarkEcho is messages through the gateway and back over HTTP, from 50 chats
// with 20 questions under way at a time.
func BenchmarkEcho(b *testing.B) {
	s := dt.New(dt.Options{})
	defer s.Close()
	a, err := New(Config{Token: platform.NewSecret(dt.Token), Endpoint: s.Endpoint(), Commands: []bot.Command{}})
	if err != nil {
		b.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	slots := make(chan struct{}, 20)
	answered := make(chan error, 100)
	go func() {
		done <- a.Run(ctx, func(ctx context.Context, m bot.Message) error {
			slots <- struct{}{}
			go func() {
				answered <- a.Send(context.WithoutCancel(ctx), m.To, text(m.Text))
				<-slots
			}()
			return nil
		})
	}()
	if err := s.Ready(ctx); err != nil {
		b.Fatal(err)
	}
	begun := time.Now()
	b.ResetTimer()
	go func() {
		for i := range b.N {
			s.DM(fmt.Sprint("ann", i%50), fmt.Sprint("question ", i))
		}
	}()
	for range b.N {
		if err := <-answered; err != nil {
			b.Fatal(err)
		}
	}
	b.StopTimer()
	b.ReportMetric(float64(b.N)/time.Since(begun).Seconds(), "messages/s")
	cancel()
	if err := <-done; err != nil {
		b.Fatal(err)
	}
}
