package dialog_test

import (
	"strings"
	"testing"

	"footnote/bot"
	"footnote/bot/bottest"
	"footnote/bot/dialog"
	"footnote/bot/store"
)

// Where the platform tells no language of a person, the bot speaks the one that the place prefers; what
// the person's app, the question or a choice tells comes first.
func TestLanguageOfThePlace(t *testing.T) {
	d := dialog.New(dialog.Config{Answerer: bottest.Scripted(bottest.Library(t)), Settings: store.Memory().In("settings")})
	say := func(person, place, command, text string) string {
		m := bot.Message{
			To: bot.Address{Conversation: bot.In("discord", "7")}, From: bot.User{ID: "1", Lang: person}, Addressed: true, PlaceLang: place, Command: command, Text: text,
		}
		replies, _ := d.Accept(m).Reply(t.Context(), nil)
		return bot.PlainText(replies[0])
	}
	for _, x := range []struct{ person, place, text, want string }{
		{"", "", "???", "I found no words"}, {"", "de", "???", "Darin habe ich"}, {"fr", "de", "???", "Je n’y ai"}, {"", "xx", "???", "I found no words"},
		{"", "pt-BR", "???", "Não encontrei"}, {"", "de", "hello", "Hallo!"}, {"", "de", "bonjour", "Bonjour"},
		{"", "de", "when was the library founded?", "Established"}, // the question tells
	} {
		if got := say(x.person, x.place, "", x.text); !strings.Contains(got, x.want) {
			t.Errorf("app of %q, place %q, %q: %q, want %q", x.person, x.place, x.text, got, x.want)
		}
	}
	d.Accept(bot.Message{To: bot.Address{Conversation: bot.In("discord", "8")}, From: bot.User{ID: "1"}, Direct: true, Addressed: true, Command: "settings", Text: "language it"}).Reply(t.Context(), nil)
	if got := say("", "de", "", "???"); !strings.Contains(got, "non ho trovato") {
		t.Errorf("what was chosen: %q", got)
	}
}
