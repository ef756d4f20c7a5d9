package dialog_test

import (
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"footnote/answers"
	"footnote/bot/bottest"
	"footnote/bot/dialog"
)

// counted counts what the matcher is asked. Questions that are a phrasing do not
// depend on what went before.
type counted struct {
	dialog.Answerer
	asked *atomic.Int64
}

func (c counted) Match(q answers.Query) answers.Result {
	c.asked.Add(1)
	r := c.Answerer.Match(q)
	r.Alone = r.Outcome == answers.Answered && !r.FollowUp
	return r
}

// What was decided is known for a while, to everybody, and no longer than /privacy
// says.
func TestQuestionsAreDecidedOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		asked := new(atomic.Int64)
		c := counted{bottest.Scripted(bottest.Library(t)), asked}
		s := bottest.Start(t, bottest.Config{Answerer: c, InDialog: dialog.Bounded(10*time.Minute, 0, 0)})
		want := int64(0)
		say := func(who, text string, decided bool) {
			t.Helper()
			s.Say(t, bottest.Said{Who: who, Text: text})
			got := s.Texts()
			if decided {
				want++
			}
			if n := asked.Load(); n != want {
				t.Errorf("after %q of %s the matcher was asked %d times, want %d", text, who, n, want)
			}
			if text == founded && got[len(got)-1] != got[0] {
				t.Errorf("the same question has another answer: %q", got[len(got)-1])
			}
		}
		say("ann", founded, true)
		say("ann", founded, false)
		say("bob", founded, false)
		say("ann", "when was that?", true)
		say("ann", "when was that?", true) // what went before may differ
		say("ann", "nothing of the kind", true)
		time.Sleep(9 * time.Minute)
		say("ann", founded, false)
		time.Sleep(time.Minute)
		say("ann", founded, true)
		s.Say(t, bottest.Said{Who: "bob", How: bottest.Command, Command: "forget"})
		s.Texts()
		say("ann", founded, true)
		s.Dialog.Swap(c)
		say("ann", founded, true)
	})
}
