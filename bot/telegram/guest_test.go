package telegram_test

import (
	"errors"
	"strings"
	"testing"

	"footnote/bot"
	"footnote/bot/telegram"
	"footnote/bot/telegram/telegramtest"
)

// Where guest mode is on, whoever names the bot in a chat that it is not in gets one answer,
// without buttons that would come back.
func TestGuest(t *testing.T) {
	server := fake(t, telegramtest.Options{Guests: true})
	s := start(t, server, telegram.Config{}, nil)
	ann := server.Person("ann")
	server.Guest(ann, "@FootnoteTestBot when was the harbour built?")
	m := s.heard(1)[0]
	if m.Text != "when was the harbour built?" || m.Direct || !m.Addressed || m.To.Asker != "" || m.To.ReplyTo != "" {
		t.Fatalf("%+v", m)
	}
	r := private("In <1701>.")
	r.Buttons = []bot.Button{{Label: "Source", Action: "1s:a"}}
	must(t, s.Send(within(t), m.To, r))
	sent := server.Sent()
	if len(sent) != 1 || !sent[0].Guest || sent[0].Text != "In <1701>." || len(sent[0].Buttons) != 1 || sent[0].Buttons[0][0].URL == "" {
		t.Errorf("%+v", sent)
	}
	if err := s.Send(within(t), m.To, r); !errors.Is(err, bot.ErrGone) {
		t.Errorf("a second answer: %v", err)
	}
	if a := server.Calls("getUpdates")[0].Params.Get("allowed_updates"); !strings.Contains(a, "guest_message") {
		t.Errorf("asked for %s", a)
	}
	server.Guest(ann, "@FootnoteTestBot timeline")
	must(t, s.Send(within(t), s.heard(2)[1].To, pictured(t, 3)))
	if sent := server.Sent(); len(sent) != 2 || !strings.Contains(sent[1].Text, "3. 1902") {
		t.Errorf("%+v", sent)
	}
}
