package telegram_test

import (
	"strings"
	"testing"

	"footnote/bot"
	"footnote/bot/telegram"
	"footnote/bot/telegram/telegramtest"
)

// askedForQuiz is a bot that somebody has asked for a quiz, and where to.
func askedForQuiz(t *testing.T) (sender bot.Adapter, server *telegramtest.Server, to bot.Address) {
	t.Helper()
	server = fake(t, telegramtest.Options{})
	s := start(t, server, telegram.Config{}, nil)
	server.Say(server.Person("ann"), server.Group("forum", true).In(7), "/quiz", nil)
	return s, server, s.heard(1)[0].To
}

func quizReply() bot.Reply {
	return bot.Reply{
		Kind: bot.KindChoices, Blocks: []bot.Block{{Spans: []bot.Span{{Text: "When was it?"}}}, {Kind: bot.Choice, Spans: []bot.Span{{Text: "1431"}}}},
		Quiz: &bot.Quiz{
			Question: "When was it?", Options: []string{"1431", "1434"}, Right: 1, Explanation: "It was in 1434.\nBrandt, Hallin, 12.",
			Beside: []bot.Button{{Label: "Answer and source", Action: "1f:bridge-built"}},
		},
	}
}

// A quiz is a poll of Telegram's own, with the citation in its explanation.
func TestQuizIsAPoll(t *testing.T) {
	s, server, to := askedForQuiz(t)
	must(t, s.Send(within(t), to, quizReply()))
	sent := server.Sent()
	if len(sent) != 1 || sent[0].Poll == nil || sent[0].Poll.Right != 1 || !strings.HasSuffix(sent[0].Poll.Explanation, "Brandt, Hallin, 12.") || len(sent[0].Buttons) != 1 {
		t.Fatalf("%+v", sent)
	}
}

// Where polls are refused the question goes as text with buttons.
func TestQuizRefused(t *testing.T) {
	for _, f := range []telegramtest.Fault{
		telegramtest.BadRequest("not enough rights to send polls to the chat"),
		{Refusal: &telegramtest.Refusal{Code: 404, Text: "Not Found: method not found"}},
		telegramtest.BadRequest("can't parse options JSON object"),
	} {
		s, server, to := askedForQuiz(t)
		server.Fail("sendPoll", f)
		must(t, s.Send(within(t), to, quizReply()))
		sent := server.Sent()
		if len(sent) != 1 || sent[0].Poll != nil || !strings.Contains(sent[0].Text, "When was it?") {
			t.Fatalf("%+v", sent)
		}
	}
}
