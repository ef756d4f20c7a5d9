package telegram_test

import (
	"strings"
	"testing"

	"footnote/bot"
	"footnote/bot/telegram"
	"footnote/bot/telegram/telegramtest"
)

func span(text string, style bot.Style) []bot.Span { return []bot.Span{{Text: text, Style: style}} }

// disputed is an answer with two positions and their citations.
func disputed(kind bot.Kind) bot.Reply {
	return bot.Reply{Kind: kind, Rich: true, Buttons: []bot.Button{{Label: "Source", Action: "1s:a"}}, Blocks: []bot.Block{
		{Spans: span("Disputed", bot.Bold)},
		{Gap: true, Spans: []bot.Span{{Text: "Astrid Lind", Style: bot.Bold}}},
		{Spans: span("A fire of 1743, says @durov.", bot.Plain)},
		{Kind: bot.Cite, Spans: []bot.Span{{Text: "Lind, "}, {Text: "Tides", Style: bot.Italic}, {Text: ", 88, "}, {Text: "https://example.org/x", URL: "https://example.org/x"}}},
		{Kind: bot.Quote, Spans: span("“it burned”", bot.Plain)},
		{Gap: true, Spans: span("Daniel Okafor", bot.Bold)},
		{Spans: span("It silted up.", bot.Plain)},
		{Kind: bot.Cite, Spans: span("Okafor, 101.", bot.Plain)},
		{Kind: bot.Fine, Gap: true, Spans: span("harbour-burned · harbour 0.4.0", bot.Plain)},
	}}
}

// An answer in blocks has numbers that lead to its citations, and positions stand in a table;
// who did not ask for it gets text.
func TestRich(t *testing.T) {
	server := fake(t, telegramtest.Options{})
	s := start(t, server, telegram.Config{}, nil)
	to := s.asked("who burned the harbour?")
	must(t, s.Send(within(t), to, disputed(bot.KindAnswer)))
	must(t, s.Send(within(t), to, disputed(bot.KindPositions)))
	plain := disputed(bot.KindAnswer)
	plain.Rich = false
	must(t, s.Send(within(t), to, plain))
	sent := server.Sent()
	if len(sent) != 3 || !sent[0].Rich || !sent[1].Rich || sent[2].Rich {
		t.Fatalf("%+v", sent)
	}
	for i, want := range [][]string{
		{"A fire of 1743, says @durov.^1\nLind, Tides, 88, https://example.org/x\n▌ “it burned”\n", "It silted up.^2\nOkafor, 101.\n", "harbour-burned"},
		{"Disputed\n| Astrid Lind | A fire of 1743, says @durov.^1 |\n| Daniel Okafor | It silted up.^2 |\nLind, Tides"},
	} {
		for _, w := range want {
			if !strings.Contains(sent[i].Text, w) {
				t.Errorf("%q is not in\n%s", w, sent[i].Text)
			}
		}
		if len(sent[i].Buttons) != 1 || sent[i].ReplyTo == 0 {
			t.Errorf("%+v", sent[i])
		}
	}
}

// Where rich messages are refused, or not known, the same goes as text, and for a while no
// other is tried there.
func TestRichRefused(t *testing.T) {
	server := fake(t, telegramtest.Options{})
	s := start(t, server, telegram.Config{}, nil)
	to := s.asked("who burned the harbour?")
	server.Fail("sendRichMessage", telegramtest.Fault{Refusal: &telegramtest.Refusal{Code: 404, Text: "Not Found: method not found"}})
	for range 2 {
		must(t, s.Send(within(t), to, disputed(bot.KindAnswer)))
	}
	if sent := server.Sent(); len(sent) != 2 || sent[0].Rich || sent[1].Rich || server.Count("sendRichMessage") != 1 {
		t.Errorf("%d rich messages were tried: %+v", server.Count("sendRichMessage"), sent)
	}
}
