package telegram_test

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"footnote/bot"
	"footnote/bot/bottest"
	"footnote/bot/platform"
	"footnote/bot/telegram"
	"footnote/bot/telegram/telegramtest"
)

// shelf is a Suggester and Inliner with fixed facts.
type shelf struct{}

func (shelf) Suggest(command, text, lang string, n int) []bot.Completion {
	all := []bot.Completion{{Label: "When was the speech?", Value: "secret-speech"}, {Label: "Nobody knows", Value: "gone"},
		{Label: "Long id", Value: strings.Repeat("x", 65)}}
	switch text {
	case "nothing":
		return nil
	case "a defect":
		panic(text)
	}
	return all[:min(n, len(all))]
}

func (shelf) LanguageOf(_ context.Context, _ bot.Platform, who bot.User) string { return who.Lang }

func (shelf) InlineReply(value, lang string) (bot.Reply, bool) {
	return bot.Reply{Kind: bot.KindAnswer, Blocks: []bot.Block{
		{Spans: []bot.Span{{Text: "In February 1956 <b>."}}},
		{Kind: bot.Cite, Spans: []bot.Span{{Text: "Note 9."}}},
	}, Buttons: []bot.Button{{Label: "Source", Action: "1:s"}}}, value != "gone"
}

func TestInlineQueries(t *testing.T) {
	t.Parallel()
	server := fake(t, telegramtest.Options{})
	s := start(t, server, telegram.Config{Suggester: shelf{}}, nil)
	ann := server.Person("ann")
	must(t, server.WaitAnswered(within(t), server.Inline(ann, "khrushchev")))
	must(t, server.WaitAnswered(within(t), server.Inline(ann, "nothing")))
	calls := server.Calls("answerInlineQuery")
	var results []struct {
		ID, Title, Description string
		Content                struct {
			Text string `json:"message_text"`
		} `json:"input_message_content"`
		Markup json.RawMessage `json:"reply_markup"`
	}
	must(t, json.Unmarshal([]byte(calls[0].Params.Get("results")), &results))
	if len(results) != 1 || results[0].ID != "secret-speech" || !strings.HasSuffix(results[0].Content.Text, "&lt;b&gt;.\nNote 9.") || results[0].Description != "In February 1956 <b>." {
		t.Errorf("results %+v", results)
	}
	if link := "https://t.me/" + server.Username() + "?start=f_secret-speech"; !strings.Contains(string(results[0].Markup), link) || strings.Contains(string(results[0].Markup), "callback_data") {
		t.Errorf("under the result is %s, want a link to %s", results[0].Markup, link)
	}
	if calls[1].Params.Get("results") != "[]" || calls[0].Params.Get("cache_time") == "" {
		t.Errorf("answered %v", calls[1].Params)
	}
	if a := server.Calls("getUpdates")[0].Params.Get("allowed_updates"); !strings.Contains(a, "inline_query") {
		t.Errorf("polled for %s", a)
	}
	server.Fail("answerInlineQuery", telegramtest.Fault{Hang: true}) // and a query that hangs delays nobody
	server.Inline(ann, "khrushchev")
	s.says("still there?")
	s.heard(1)
}

// A defect met by one query ends neither the program nor the queries after it.
func TestDefectInAnInlineQuery(t *testing.T) {
	t.Parallel()
	server := fake(t, telegramtest.Options{})
	s := start(t, server, telegram.Config{Suggester: shelf{}}, nil)
	ann := server.Person("ann")
	server.Inline(ann, "a defect")
	must(t, server.WaitAnswered(within(t), server.Inline(ann, "khrushchev")))
	s.logged("could not be served")
	if strings.Contains(s.log.String(), "panic=\"a defect") {
		t.Error("the log holds what was typed")
	}
}

// Who has chosen a language is answered in it in other chats too.
func TestInlineInTheChosenLanguage(t *testing.T) {
	t.Parallel()
	server := fake(t, telegramtest.Options{})
	base := bottest.Embedded(t)
	b, d := bottest.Config{Answerer: bottest.Decliner{Of: base}}.New()
	a, err := telegram.New(telegram.Config{Token: platform.NewSecret(telegramtest.Token), Endpoint: server.URL(), Suggester: d, Commands: d.Commands()})
	must(t, err)
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- b.Run(ctx, a) }()
	ann := server.Person("ann")
	results := func() string {
		n := len(server.Calls("answerInlineQuery"))
		must(t, server.WaitAnswered(within(t), server.Inline(ann, "khrushchev")))
		return server.Calls("answerInlineQuery")[n].Params.Get("results")
	}
	if r := results(); !strings.Contains(r, "<b>Established</b>") {
		t.Errorf("before there is a choice: %.300s", r)
	}
	server.Say(ann, server.Private(ann), "/settings language de", nil)
	_, err = server.WaitSent(within(t), 1)
	must(t, err)
	if r := results(); !strings.Contains(r, "<b>Belegt</b>") {
		t.Errorf("after German was chosen: %.300s", r)
	}
	cancel()
	must(t, <-ended)
}

// Inline queries and pressed buttons are answered beside the messages, and each may
// hang. One person who floods the bot with them takes no other's place.
func TestFloodOfOnePerson(t *testing.T) {
	t.Parallel()
	server := fake(t, telegramtest.Options{})
	s := start(t, server, telegram.Config{Suggester: shelf{}}, nil)
	ann, mallory := server.Person("ann"), server.Person("mallory")
	const most, flood = 4, 300 // of one person, and more than all slots
	hang := slices.Repeat([]telegramtest.Fault{{Hang: true}}, most)
	server.Fail("answerInlineQuery", hang...)
	for range flood {
		server.Inline(mallory, "k")
	}
	must(t, server.WaitCount(within(t), "answerInlineQuery", most))
	must(t, server.WaitAnswered(within(t), server.Inline(ann, "khrushchev")))
	_, query := server.Press(ann, server.Private(ann), telegramtest.Sent{ID: 3}, "1:source")
	must(t, server.WaitAnswered(within(t), query))
	s.heard(1)
	if n := server.Count("answerInlineQuery"); n > flood/10 { // those that hang are given up in time, on a slow machine meanwhile
		t.Errorf("%d inline queries were answered or tried, want %d", n, most+1)
	}
	if strings.Contains(s.log.String(), "too many calls hang") {
		t.Error("all places were taken")
	}
	server.Close()
}
