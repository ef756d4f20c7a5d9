package telegram

import (
	"fmt"
	"log/slog"
	"strings"

	"footnote/bot/platform"
)

// libraryLog is a tgbotapi.BotLogger.
type libraryLog struct {
	log    *slog.Logger
	tokens []platform.Secret
}

func (l libraryLog) Println(v ...any) { l.write(fmt.Sprintln(v...)) }

func (l libraryLog) Printf(format string, v ...any) { l.write(fmt.Sprintf(format, v...)) }

func (l libraryLog) write(s string) {
	for _, t := range l.tokens {
		s = scrub(t, s)
	}
	l.log.Debug("telegram library", "said", strings.TrimSpace(s))
}
