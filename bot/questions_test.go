package bot_test

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"footnote/bot"
	"footnote/bot/bottest"
)

// Each question counts against the limit. Those of one message are answered all the
// same, and the next message is told.
const two = "When was the library founded? Who burned the library?"

func TestSeveralCount(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := bottest.Start(t, bottest.Config{Limits: bot.Limits{PersonPerMinute: 3, ChatPerMinute: 3}})
		say := func(in, text string, want ...string) {
			t.Helper()
			n := len(s.Texts())
			s.Say(t, bottest.Said{Who: "ann", In: in, How: bottest.Mention, Text: text})
			got := s.Texts()[n:]
			if len(got) != len(want) {
				t.Fatalf("%q: %q", text, got)
			}
			for i, w := range want {
				if !strings.Contains(got[i], w) {
					t.Errorf("%q: %q, without %q", text, got[i], w)
				}
			}
		}
		for _, in := range []string{"", "#forum"} {
			say(in, two, "library-founded", "library-burned")
			say(in, two, "library-founded", "library-burned")
			say(in, two, "That was a lot")
			say(in, two)
			time.Sleep(time.Minute)
		}
		s = bottest.Start(t, bottest.Config{}) // without limits
		say("", two, "library-founded", "library-burned")
	})
}

// What cannot be sent is not followed by the rest.
func TestSeveralEndWithWhatFails(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := bottest.Start(t, bottest.Config{})
		s.Inject(t, bottest.Fault{Kind: bottest.Forbidden})
		s.Ask(two)
		if got := s.Texts(); len(got) != 0 {
			t.Errorf("shown: %q", got)
		}
	})
}
