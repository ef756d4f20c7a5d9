package bottest

import (
	"context"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"footnote/bot"
	"footnote/bot/dialog"
)

// Started is a bot running on a platform in memory, inside a synctest bubble.
type Started struct {
	*Memory
	Bot    *bot.Bot
	Dialog *dialog.Dialog
	Stop   func() error // ends Run and returns its error

	t *testing.T
}

// Start runs a bot, on more adapters too. Without an Answerer it answers from
// Library by the rules of Scripted.
func Start(t *testing.T, c Config, more ...bot.Adapter) *Started {
	t.Helper()
	m := NewMemory(c.Log)
	return StartOn(t, c, m, append([]bot.Adapter{m}, more...)...)
}

// StartOn is Start on a platform that is there already, to which adapters connect.
func StartOn(t *testing.T, c Config, m *Memory, adapters ...bot.Adapter) *Started {
	t.Helper()
	if c.Answerer == nil {
		c.Answerer = Scripted(Library(t))
	}
	s := &Started{Memory: m, t: t}
	s.Bot, s.Dialog = c.New()
	m.Now = time.Now
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- s.Bot.Run(ctx, adapters...) }()
	s.Stop = sync.OnceValue(func() error { cancel(); return <-done })
	t.Cleanup(func() { _ = s.Stop() })
	synctest.Wait()
	return s
}

// Texts are the replies shown so far, once nothing moves any more.
func (s *Started) Texts() []string {
	s.t.Helper()
	synctest.Wait()
	all, _ := s.WaitShown(s.t.Context(), 0)
	var texts []string
	for _, x := range all {
		texts = append(texts, x.Text)
	}
	return texts
}

// Last is the reply shown last, once nothing moves any more.
func (s *Started) Last() Shown {
	s.t.Helper()
	s.Texts()
	all, _ := s.WaitShown(s.t.Context(), 0)
	if len(all) == 0 {
		s.t.Fatal("nothing was shown")
	}
	return all[len(all)-1]
}

// Ask lets ann ask something in her direct chat.
func (s *Started) Ask(text string) { s.Say(s.t, Said{Who: "ann", Text: text}) }

// In lets somebody whose app speaks English say something in #forum, or a command,
// and returns what the bot replies.
func (s *Started) In(who, command, text string) string {
	s.t.Helper()
	said := Said{Who: who, Lang: "en", In: "#forum", How: Mention, Text: text}
	if command != "" {
		said.How, said.Command = Command, command
	}
	s.Say(s.t, said)
	return s.Last().Text
}

// Direct is In for a command in the direct chat.
func (s *Started) Direct(who, command, text string) string {
	s.t.Helper()
	s.Say(s.t, Said{Who: who, Lang: "en", How: Command, Command: command, Text: text})
	return s.Last().Text
}
