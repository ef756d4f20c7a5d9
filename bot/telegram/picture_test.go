package telegram_test

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	"image/png"
	"strings"
	"testing"

	"footnote/bot"
	"footnote/bot/telegram"
	"footnote/bot/telegram/telegramtest"
)

// pictured is a reply with a picture and n events.
func pictured(t *testing.T, n int) bot.Reply {
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewGray(image.Rect(0, 0, 40, 60))); err != nil {
		t.Fatal(err)
	}
	r := para("Timeline")
	for i := range n {
		r.Blocks = append(r.Blocks, bot.Block{Kind: bot.Choice, Spans: []bot.Span{{Text: fmt.Sprintf("19%02d – something happened, and much was said of it. Lind, Tides, %d.", i, i)}}})
	}
	r.Buttons = []bot.Button{{Label: "1", Action: "1f:one"}}
	r.File = &bot.File{Name: "timeline.png", Type: "image/png", Data: b.Bytes(), Alt: "A timeline"}
	return r
}

// A short list stands under its picture, a long one behind it.
func TestPicture(t *testing.T) {
	server := fake(t, telegramtest.Options{})
	s := start(t, server, telegram.Config{}, nil)
	to := s.asked("/timeline")
	must(t, s.Send(within(t), to, pictured(t, 4)))
	must(t, s.Send(within(t), to, pictured(t, 20)))
	sent := server.Sent()
	if len(sent) != 3 || !sent[0].File.Photo || !strings.Contains(sent[0].Text, "4. 1903") || len(sent[0].Buttons) != 1 {
		t.Fatalf("%+v", sent)
	}
	if p, text := sent[1], sent[2]; !p.File.Photo || p.Text != "Timeline" || len(p.Buttons) != 0 || text.File != nil || !strings.Contains(text.Text, "20. 1919") || len(text.Buttons) != 1 {
		t.Errorf("a long list: %+v and %+v", p, text)
	}
}

// A picture goes out once, also when its text has to be tried again; without it the
// text goes out all the same.
func TestPictureRefused(t *testing.T) {
	server := fake(t, telegramtest.Options{})
	s := start(t, server, telegram.Config{}, nil)
	to := s.asked("/timeline")
	server.Fail("sendMessage", telegramtest.BadGateway())
	if err := s.Send(within(t), to, pictured(t, 20)); err == nil || errors.Is(err, bot.ErrUncertain) {
		t.Fatalf("with the text refused: %v", err)
	}
	must(t, s.Send(within(t), to, pictured(t, 20)))
	if sent := server.Sent(); len(sent) != 2 || sent[0].File == nil || sent[1].File != nil {
		t.Errorf("%d messages, want a picture and its text: %+v", len(sent), sent)
	}
	for _, n := range []int{4, 20} {
		before := len(server.Sent())
		to := s.asked("/timeline again")
		server.Fail("sendPhoto", telegramtest.BadRequest("not enough rights to send photos to the chat"))
		must(t, s.Send(within(t), to, pictured(t, n)))
		if sent := server.Sent()[before:]; len(sent) != 1 || sent[0].File != nil || !strings.Contains(sent[0].Text, fmt.Sprintf("%d. ", n)) {
			t.Errorf("%d events where no pictures may be sent: %+v", n, sent)
		}
	}
}
