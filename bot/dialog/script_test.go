package dialog_test

import (
	"testing"

	"footnote/bot"
	"footnote/bot/bottest"
)

func TestScripts(t *testing.T) {
	base := bottest.Library(t)
	bottest.RunScripts(t, "testdata/scripts/*.txt", *update, func() bottest.Config {
		return bottest.Config{Answerer: bottest.Scripted(base), Version: "1.2.3", Limits: bot.Limits{PersonPerMinute: 20, ChatPerMinute: 60}}
	})
}
