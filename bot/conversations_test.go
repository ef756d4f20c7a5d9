package bot_test

import (
	"testing"

	"footnote/answers"
	"footnote/bot"
	"footnote/bot/bottest"
	"footnote/knowledge"
)

// Conversations of several turns with the shipped pack and the real matcher.
// They change with the pack; read what changed before -update.
func TestConversations(t *testing.T) {
	base, err := knowledge.Embedded()
	if err != nil {
		t.Fatal(err)
	}
	if !answers.Shipped(base) {
		t.Fatal("no model of the embedded packs as they are ships: run go run ./answers/ship")
	}
	m, err := answers.New(base, answers.Options{})
	if err != nil {
		t.Fatal(err)
	}
	bottest.RunScripts(t, "testdata/conversations/*.txt", *update, func() bot.Config {
		return bot.Config{Answerer: m, Version: "1.2.3", Limits: bot.Limits{PersonPerMinute: 60, ChatPerMinute: 60}}
	})
}
