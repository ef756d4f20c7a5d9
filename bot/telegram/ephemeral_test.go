package telegram_test

import (
	"errors"
	"strings"
	"testing"

	"footnote/bot"
	"footnote/bot/telegram"
	"footnote/bot/telegram/telegramtest"
)

// private is a reply for the asker alone.
func private(text string) bot.Reply {
	r := para(text)
	r.Private = true
	return r
}

// asAdmin makes the bot an admin of a group: only then may it send an ephemeral message that answers
// neither a press nor an ephemeral command.
func asAdmin(server *telegramtest.Server, at telegramtest.Place) {
	server.Admin(at, telegramtest.Person{ID: server.BotID()}, "administrator")
}

// In a group where the bot is an admin a private reply is seen by who asked alone; in a direct chat,
// and in answer to a group that writes as itself, it is an ordinary message.
func TestEphemeral(t *testing.T) {
	server := fake(t, telegramtest.Options{ReadsGroups: true})
	s := start(t, server, telegram.Config{Commands: []bot.Command{{Name: "source"}}}, nil)
	ann, forum := server.Person("ann"), server.Group("forum", true)
	asAdmin(server, forum)
	server.Say(ann, forum.In(7), "/source", nil)
	to := s.heard(1)[0].To
	must(t, s.Send(within(t), to, private("Lind, 12.")))
	must(t, s.Send(within(t), to, para("for everybody")))
	server.Say(ann, server.Private(ann), "/source", nil)
	must(t, s.Send(within(t), s.heard(2)[1].To, private("Lind, 12.")))
	sent := server.Sent()
	if len(sent) != 3 || sent[0].Alone != ann.ID || sent[0].Thread != 7 || sent[0].ReplyTo == 0 || sent[1].Alone != 0 || sent[2].Alone != 0 {
		t.Errorf("%+v", sent)
	}
}

// Where the bot is no admin what was asked before everybody is answered so, for a while without
// another try, and a pressed button or an ephemeral command is answered for one person all the same.
func TestEphemeralWithoutAdmin(t *testing.T) {
	server := fake(t, telegramtest.Options{ReadsGroups: true})
	s := start(t, server, telegram.Config{Commands: []bot.Command{{Name: "source"}}}, nil)
	ann, forum := server.Person("ann"), server.Group("forum", false)
	for i := range 2 {
		server.Say(ann, forum, "/source", nil)
		r := private("Lind, 12.")
		r.Buttons = []bot.Button{{Label: "Why?", Action: "1y:a"}}
		must(t, s.Send(within(t), s.heard(i + 1)[i].To, r))
	}
	server.Press(ann, forum, server.Sent()[1], "1y:a")
	must(t, s.Send(within(t), s.heard(3)[2].To, private("Because.")))
	server.Say(ann, forum, "/source", server.Alone)
	must(t, s.Send(within(t), s.heard(4)[3].To, private("Lind, 12.")))
	sent := server.Sent()
	if len(sent) != 4 || sent[0].Alone != 0 || sent[1].Alone != 0 || sent[2].Alone != ann.ID || sent[3].Alone != ann.ID {
		t.Errorf("%+v", sent)
	}
	if n := server.Count("sendMessage"); n != 5 {
		t.Errorf("%d calls, want one that is refused and four messages", n)
	}
}

// What comes more than fifteen seconds after a press is an ordinary message, and the next press is
// answered for one person again; what answers an ephemeral command too late comes without a
// reference to it, if the bot is an admin, and never before everybody.
func TestEphemeralTooLate(t *testing.T) {
	server := fake(t, telegramtest.Options{ReadsGroups: true})
	s := start(t, server, telegram.Config{Commands: []bot.Command{{Name: "source"}}}, nil)
	ann, forum := server.Person("ann"), server.Group("forum", false)
	server.Say(ann, forum, "/ask", nil)
	first := para("In 1701.")
	first.Buttons = []bot.Button{{Label: "Why?", Action: "1y:a"}}
	must(t, s.Send(within(t), s.heard(1)[0].To, first))
	for i := range 2 {
		server.Press(ann, forum, server.Sent()[0], "1y:a")
		if i == 0 {
			server.Fail("sendMessage", telegramtest.BadRequest("query is too old and response timeout expired or query ID is invalid"))
		}
		must(t, s.Send(within(t), s.heard(i + 2)[i+1].To, private("Because.")))
	}
	if sent := server.Sent(); len(sent) != 3 || sent[1].Alone != 0 || sent[2].Alone != ann.ID {
		t.Errorf("%+v", sent)
	}
	asAdmin(server, forum)
	server.Say(ann, forum, "/source", server.Alone)
	server.Fail("sendMessage", telegramtest.BadRequest("MESSAGE_NOT_COMMAND"))
	must(t, s.Send(within(t), s.heard(4)[3].To, private("Lind, 12.")))
	if sent := server.Sent(); len(sent) != 4 || sent[3].Alone != ann.ID || sent[3].ReplyTo != 0 {
		t.Errorf("%+v", sent[3:])
	}
}

// Where ephemeral messages are refused the reply is an ordinary one, and for a while no other
// is tried in that chat.
func TestEphemeralRefused(t *testing.T) {
	server := fake(t, telegramtest.Options{ReadsGroups: true})
	server.NoEphemeral = true
	s := start(t, server, telegram.Config{Commands: []bot.Command{{Name: "source"}}}, nil)
	ann, forum := server.Person("ann"), server.Group("forum", false)
	server.Say(ann, forum, "/source", nil)
	to := s.heard(1)[0].To
	for range 2 {
		must(t, s.Send(within(t), to, private("Lind, 12.")))
	}
	if sent := server.Sent(); len(sent) != 2 || sent[0].Alone != 0 || sent[0].Text != "Lind, 12." {
		t.Errorf("%+v", sent)
	}
	if n := server.Count("sendMessage"); n != 3 {
		t.Errorf("%d calls, want one that is refused and two messages", n)
	}
}

// A command that only the bot saw is answered so that only its sender sees it, whatever is
// said, and is never answered before everybody.
func TestEphemeralCommand(t *testing.T) {
	server := fake(t, telegramtest.Options{ReadsGroups: true})
	s := start(t, server, telegram.Config{Commands: []bot.Command{{Name: "source"}}}, nil)
	ann, forum := server.Person("ann"), server.Group("forum", false)
	server.Say(ann, forum, "/source", server.Alone)
	server.Say(ann, forum, "/source 2", server.Alone)
	heard := s.heard(2)
	if heard[0].ID == heard[1].ID {
		t.Errorf("two ephemeral messages are both %q", heard[0].ID)
	}
	must(t, s.Send(within(t), heard[0].To, para("not private by itself")))
	if sent := server.Sent(); len(sent) != 1 || sent[0].Alone != ann.ID {
		t.Errorf("%+v", sent)
	}
	server.NoEphemeral = true
	if err := s.Send(within(t), heard[1].To, para("no")); err == nil || errors.Is(err, bot.ErrUncertain) {
		t.Errorf("refused: %v", err)
	}
	if n := len(server.Sent()); n != 1 {
		t.Errorf("what only one person asked was answered before everybody: %d messages", n)
	}
}

// A page of an ephemeral list takes the place of the one before it; what its buttons share
// with everybody is an ordinary message.
func TestEphemeralPages(t *testing.T) {
	server := fake(t, telegramtest.Options{ReadsGroups: true})
	s := start(t, server, telegram.Config{Commands: []bot.Command{{Name: "corrections"}}}, nil)
	ann, forum := server.Person("ann"), server.Group("forum", false)
	asAdmin(server, forum)
	server.Say(ann, forum, "/corrections", nil)
	first := private("Page 1")
	first.Buttons = []bot.Button{{Label: "Next", Action: "1l:k:2:"}, {Label: "Share", Action: "1f:a"}}
	must(t, s.Send(within(t), s.heard(1)[0].To, first))
	page := server.Sent()[0]
	server.Press(ann, forum, page, "1l:k:2:")
	second := private("Page 2")
	second.Replace = true
	must(t, s.Send(within(t), s.heard(2)[1].To, second))
	server.Press(ann, forum, page, "1f:a")
	must(t, s.Send(within(t), s.heard(3)[2].To, para("Look at this")))
	sent := server.Sent()
	if len(sent) != 3 || sent[1].Alone != ann.ID || !sent[1].Edited || sent[1].ID != page.ID || sent[2].Alone != 0 || sent[2].ReplyTo != 0 {
		t.Errorf("%+v", sent)
	}
	// A page that is gone is followed by one of its own.
	server.Press(ann, forum, page, "1l:k:2:")
	server.Fail("editEphemeralMessageText", telegramtest.BadRequest("message to edit not found"))
	must(t, s.Send(within(t), s.heard(4)[3].To, second))
	if sent := server.Sent(); len(sent) != 4 || sent[3].Alone != ann.ID || sent[3].Edited || sent[3].ID == page.ID {
		t.Errorf("%+v", sent[3:])
	}
}

// An answer about somebody's words replies to the very words, if they stand there as they are.
func TestQuotation(t *testing.T) {
	server := fake(t, telegramtest.Options{ReadsGroups: true})
	s := start(t, server, telegram.Config{Commands: []bot.Command{{Name: "check", TakesReplied: true, OnMessages: true}}}, nil)
	ann, forum := server.Person("ann"), server.Group("forum", false)
	const claim = "It rained. The harbour was built in 1702. So they say."
	for i, quote := range []string{"", "The harbour was built in 1702."} {
		server.Say(ann, forum, "/check", server.Of(900, claim, quote))
		m := s.heard(i + 1)[i]
		if want := quote; m.Text != claim && m.Text != want || !m.Quoted || m.To.Quoted != "900" {
			t.Fatalf("%+v", m)
		}
		r := private("1701, says Lind.")
		r.Quote = "The harbour was built in 1702."
		must(t, s.Send(within(t), m.To, r))
	}
	sent := server.Sent()
	if sent[0].Quote == "" || sent[0].ReplyTo != 900 || sent[1].Quote == "" {
		t.Errorf("%+v", sent)
	}
	// Words that are set in bold are not found as they are.
	server.Fail("sendMessage", telegramtest.BadRequest("QUOTE_TEXT_INVALID"))
	r := para("1701, says Lind.")
	r.Quote = "The harbour was built in 1702."
	must(t, s.Send(within(t), s.heard(2)[1].To, r))
	if sent := server.Sent(); len(sent) != 3 || sent[2].Quote != "" || sent[2].ReplyTo == 0 {
		t.Errorf("%+v", sent[2:])
	}
}

// In a channel's direct messages an answer goes into the topic of whoever asked.
func TestDirectMessagesTopic(t *testing.T) {
	server := fake(t, telegramtest.Options{ReadsGroups: true})
	s := start(t, server, telegram.Config{}, nil)
	ann, channel := server.Person("ann"), server.Group("of a channel", false)
	server.Say(ann, channel, "@FootnoteTestBot when was the harbour built?", func(m map[string]any) {
		m["direct_messages_topic"] = map[string]any{"topic_id": ann.ID}
		m["chat"].(map[string]any)["is_direct_messages"] = true
	})
	to := s.heard(1)[0].To
	must(t, s.Send(within(t), to, private("In 1701.")))
	s.Typing(within(t), to)
	if sent := server.Sent(); len(sent) != 1 || sent[0].Direct != ann.ID || sent[0].Alone != 0 || sent[0].Thread != 0 {
		t.Errorf("%+v", sent)
	}
	if n := server.Count("sendChatAction"); n != 0 {
		t.Errorf("%d signs of typing", n)
	}
}

// A button that copies has what the platform takes, and none that is too long is sent.
func TestCopyButton(t *testing.T) {
	server := fake(t, telegramtest.Options{})
	s := start(t, server, telegram.Config{}, nil)
	to := s.asked("/source")
	r := para("Lind, Tides, 12.")
	r.Buttons = []bot.Button{{Label: "Copy", Copy: "Lind, <Tides>, 12."}, {Label: "Copy", Copy: strings.Repeat("x", 257)}, {Label: "Copy", Copy: " \x00"}}
	must(t, s.Send(within(t), to, r))
	b := server.Sent()[0].Buttons
	if len(b) != 1 || len(b[0]) != 1 || b[0][0].Copy == nil || b[0][0].Copy.Text != "Lind, <Tides>, 12." {
		t.Errorf("%+v", b)
	}
}
