package main

import (
	"context"
	"flag"
	"fmt"
	"log/slog"
	"strings"
	"time"

	"footnote/bot/terminal"
)

func chatCommand() command {
	var o options
	var ledger string // a file
	return command{
		name:    "chat",
		summary: "talk in the terminal: the bot as people meet it, without any account",
		help: `
Holds a conversation in the terminal, as on Discord and Telegram: questions,
follow-up questions, choices by number, and the commands that /help lists. /quit,
Ctrl-D or Ctrl-C end it. When standard input is no terminal it reads one line after
the other and prints the replies, an empty line between two, so that a script can
hold a conversation.
Colour appears on a terminal only, and not where NO_COLOR is set. A pack in a
folder is read again when its files change, so you can write it beside the chat,
which tells you each time how it was read. A large pack is learned meanwhile, and
answered from by words alone until it is.

Examples:
  footnote chat
  footnote chat --knowledge ./my-pack
  printf 'Who was Khrushchev?\n/source\n' | footnote chat

Exit codes: 0 the conversation ended, 1 input or output failed, 2 bad usage,
configuration or pack.`,
		flags: func(fs *flag.FlagSet) action {
			o.register(fs)
			fs.StringVar(&ledger, "ledger", "", "keep what is asked in `FILE`, for gaps and suggest;\n/remember on keeps its words")
			return func(ctx context.Context, p *program, _ []string) error {
				c, err := o.configure(p)
				if err != nil {
					return err
				}
				if ledger != "" {
					c.Ledger.Path, c.Ledger.InState, c.Ledger.Questions = ledger, false, "on"
				}
				if c.Log.Level == "info" {
					c.Log.Level = "warn" // nobody wants to read between the lines of a conversation
				}
				// One person who talks to a program of their own needs no limits, and
				// a script that does not read its replies waits instead of losing any.
				c.Limits.PersonPerMinute, c.Limits.ChatPerMinute = 0, 0
				log := newLogger(p.Err, c)
				packs := newReloader(c, heap{}, log)
				packs.author = p.Err
				m, err := openAtOnce(ctx, c, serveAtOnce, packs.progress)
				switch {
				case ctx.Err() != nil:
					return nil
				case err != nil:
					return err
				case !m.Learned() && c.Matcher.Encoder != "off":
					fmt.Fprintln(p.Err, "The pack is large and is being learned. Until it is, answers go by words alone.")
				}
				kept, closeLedger, err := chatLedger(ctx, c, log)
				if err != nil {
					return err
				}
				defer closeLedger()
				b, d := newBot(m, c, log, kept, func(x *botConfig) { x.delivery.Stuck = neverStuck })
				defer packs.start(ctx, d, m)()
				return b.Run(ctx, terminal.New(terminal.Config{
					In: p.In, Out: p.Out, Getenv: p.getenv,
					Greeting: "Ask a history question. /help tells what else there is, /quit ends.",
				}))
			}
		},
	}
}

// chatLedger is openLedger for a chat, which opens the database for that alone.
func chatLedger(ctx context.Context, c Config, log *slog.Logger) (use func(*botConfig), done func(), err error) {
	var db *database
	if c.Ledger.InState {
		if db, err = openDatabase(ctx, c, newReporter(), log); err != nil {
			return nil, nil, err
		}
	}
	use, closeLedger := openLedger(c, db, log, newReporter())
	return use, func() {
		closeLedger()
		if db != nil {
			db.Close()
		}
	}, nil
}

// neverStuck is how long a message may wait for the ones before it to be read.
const neverStuck = 24 * time.Hour

// getenv is os.Getenv for the environment of this run.
func (p *program) getenv(name string) string {
	for i := len(p.env) - 1; i >= 0; i-- {
		if v, ok := strings.CutPrefix(p.env[i], name+"="); ok {
			return v
		}
	}
	return ""
}
