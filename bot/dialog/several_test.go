package dialog_test

import (
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"footnote/answers"
	"footnote/bot/bottest"
	"footnote/bot/dialog"
)

const both = "When was the library founded? Who burned the library?"

// Under each reply the buttons are those of its own question.
func TestEachOfSeveralIsExplained(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := bottest.Start(t, bottest.Config{})
		s.Ask(both)
		s.Texts()
		shown, _ := s.WaitShown(t.Context(), 2)
		s.Press(t, "ann", shown[0], "Why?")
		if got := s.Texts()[2]; !strings.Contains(got, "“When was the library founded?”") {
			t.Errorf("of the first: %q", got)
		}
		s.Ask("What was the Museum?") // a message of its own
		s.Press(t, "ann", shown[0], "Why?")
		if got := s.Texts()[4]; !strings.Contains(got, "no longer remember") {
			t.Errorf("after the next message: %q", got)
		}
	})
}

// A listener notes by which names it was asked.
type listener struct {
	dialog.Answerer
	mu    sync.Mutex
	names [][]string
}

func (l *listener) Match(q answers.Query) answers.Result {
	l.mu.Lock()
	l.names = append(l.names, q.Names)
	l.mu.Unlock()
	r := l.Answerer.Match(q)
	r.Alone = true
	return r
}

// christened is a platform on which the bot has a name.
type christened struct{ *bottest.Memory }

func (christened) Called() []string { return []string{"Clio", "clio_bot"} }

// The matcher is told what the bot is called, and what it decided for one name is not
// taken for another's.
func TestNames(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := &listener{Answerer: bottest.Scripted(bottest.Library(t))}
		named := christened{bottest.NewMemory(nil)}
		named.Now = time.Now
		s := bottest.Start(t, bottest.Config{Answerer: l}, named)
		s.Ask(founded)
		s.Ask(founded)
		s.Texts()
		for range 3 { // two have the numbers of messages that were seen
			named.Say(t, bottest.Said{Who: "bob", Text: founded})
		}
		s.Texts()
		want := [][]string{{"footnote"}, {"footnote", "Clio", "clio_bot"}}
		if !slices.EqualFunc(l.names, want, slices.Equal) {
			t.Errorf("asked as %q, want %q", l.names, want)
		}
	})
}
