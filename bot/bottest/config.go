package bottest

import (
	"log/slog"
	"time"

	"footnote/bot"
	"footnote/bot/dialog"
	"footnote/bot/lang"
	"footnote/knowledge"
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

	// Of the delivery.
	Limits     bot.Limits
	Unanswered bot.Store
	KeepGoing  bool

	// What the tests of a package change of its inside; each may be nil.
	InDialog   func(*dialog.Config)
	InDelivery func(*bot.Config)
}

// New returns a bot that says what its dialog decides, not yet running, and the dialog.
func (c Config) New() (*bot.Bot, *dialog.Dialog) {
	says := dialog.Config{
		Log: c.Log, Now: c.Now, Answerer: c.Answerer, Version: c.Version, Languages: c.Languages, Ledger: c.Ledger, Settings: c.Settings,
		StoresUnanswered: c.Unanswered != nil,
	}
	if c.InDialog != nil {
		c.InDialog(&says)
	}
	d := dialog.New(says)
	delivers := bot.Config{Handler: d, Log: c.Log, Now: c.Now, Limits: c.Limits, Unanswered: c.Unanswered, KeepGoing: c.KeepGoing}
	if c.InDelivery != nil {
		c.InDelivery(&delivers)
	}
	b := bot.New(delivers)
	d.Connect(b.Post)
	return b, d
}

// Commands returns the commands of a bot without a ledger, unlisted ones too.
func Commands() []bot.Command {
	return dialog.New(dialog.Config{Answerer: Decliner{Of: &knowledge.Base{}}}).Commands()
}
