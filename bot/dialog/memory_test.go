package dialog_test

import (
	"strings"
	"testing"
	"testing/synctest"

	"footnote/bot/bottest"
)

// What is said in reply to an answer is about that answer, whoever got it and
// whatever was answered since.
func TestReplyToAnAnswer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := bottest.Start(t, bottest.Config{})
		in := func(who string, how bottest.How, of, text string) string {
			t.Helper()
			before := len(s.Texts())
			x := bottest.Said{Who: who, In: "#forum", How: how, Of: of, Text: text}
			if command, ok := strings.CutPrefix(text, "/"); ok {
				x.Command, x.Text = command, ""
			}
			s.Say(t, x)
			got := s.Texts()
			if len(got) != before+1 {
				t.Fatalf("%s says %q: %d replies", who, text, len(got)-before)
			}
			return got[before]
		}
		first := in("ann", bottest.Mention, "", founded)
		second := in("bob", bottest.Mention, "", "what was the museum?")
		for _, x := range []struct{ who, of, says, want string }{
			{"carl", first, "/source", "when was the library founded?"},
			{"carl", second, "/source", "What was the Museum?"},
			{"bob", first, "source?", "when was the library founded?"},
			{"bob", "-# " + first[strings.LastIndex(first, "\n")+1:], "/source", "when was the library founded?"}, // as Discord shows it
			{"carl", first, "when was that?", first},
			{"carl", first, "/why", "when was the library founded?"},
			{"ann", "no-such-fact · library 0.3.0", "/source", "when was the library founded?"}, // her own last one
		} {
			if got := in(x.who, bottest.Reply, x.of, x.says); !strings.Contains(strings.ToLower(got), strings.ToLower(x.want)) {
				t.Errorf("%s replies %q to %q: %q, want %q in it", x.who, x.says, x.of, got, x.want)
			}
		}
	})
}
