package bottest

import (
	"log/slog"
	"time"

	"footnote/bot"
	"footnote/bot/dialog"
	"footnote/bot/lang"
)

// Config is what a bot and its dialog are made of, in one. Zero fields take the
// defaults.
type Config struct {
	Log *slog.Logger
	Now func() time.Time

	// Of the dialog.
	Answerer  dialog.Answerer
	Version   string
	Languages lang.Set
	Ledger    bot.Ledger
	Settings  bot.Store
	Recall    time.Duration
	Memory    int
	Choices   int

	// Of the delivery.
	Limits     bot.Limits
	Sizes      bot.Sizes
	Unanswered bot.Store
	KeepGoing  bool
	Handling   time.Duration
	Sending    time.Duration
	Grace      time.Duration
	Stuck      time.Duration
	Stale      time.Duration
}

// New returns a bot with its dialog.
func (c Config) New() (*bot.Bot, *dialog.Dialog) {
	d := dialog.New(dialog.Config{
		Log: c.Log, Now: c.Now, Answerer: c.Answerer, Version: c.Version, Languages: c.Languages, Ledger: c.Ledger, Settings: c.Settings,
		StoresUnanswered: c.Unanswered != nil, Recall: c.Recall, Memory: c.Memory, Choices: c.Choices,
	})
	return bot.New(bot.Config{
		Handler: d, Log: c.Log, Now: c.Now, Limits: c.Limits, Sizes: c.Sizes, Unanswered: c.Unanswered, KeepGoing: c.KeepGoing,
		Handling: c.Handling, Sending: c.Sending, Grace: c.Grace, Stuck: c.Stuck, Stale: c.Stale,
	}), d
}
