package dialog_test

import (
	"strings"
	"testing"
	"testing/synctest"

	"footnote/bot/bottest"
	"footnote/knowledge"
)

// /source tells the version and a hash, and /verify says what became of them, and of the words of
// an answer.
func TestVerify(t *testing.T) {
	pack := *bottest.Library(t).Packs[0]
	was := pack.Facts[0].Statement()
	was.Version, was.Hash, was.Answer = "0.1.0", "aaaaaaaaa2", knowledge.Text{"en": "An earlier version had other words for it."}
	gone := knowledge.Statement{Fact: "moved-away", Version: "0.1.0", Hash: "bbbbbbbbb2", Answer: knowledge.Text{"en": "The reading room was in the cellar."}}
	pack.Recorded = []knowledge.Statement{was, gone}
	f := *pack.Facts[0]
	f.Pack = &pack
	pack.Facts = append([]*knowledge.Fact{&f}, pack.Facts[1:]...)
	synctest.Test(t, func(t *testing.T) {
		s := bottest.Start(t, bottest.Config{Answerer: bottest.Scripted(&knowledge.Base{Packs: []*knowledge.Pack{&pack}})})
		say := func(command, text string) string {
			s.Say(t, bottest.Said{Who: "ann", How: bottest.Command, Command: command, Text: text})
			return strings.Join(s.Texts(), "\n")
		}
		proof := f.ID + "@" + pack.Version + " · " + pack.ID + " · " + f.Hash()
		if got := say("source", f.ID); !strings.HasSuffix(got, proof) {
			t.Errorf("/source ends without %q: %s", proof, got)
		}
		answer := f.Answer.In("en")
		for text, want := range map[string]string{
			proof:              "says so, in version " + pack.Version,
			answer:             "says so, in version " + pack.Version,
			"aaaaaaaaa2":       "said so in version 0.1.0. Today it says something else:\n• Then: An earlier version had other words for it.\n• Now: " + answer,
			"moved-away@0.1.0": "said so in version 0.1.0. It has no such fact any more.",
			answer + " Nobody knew of it before the year 1999.": "does not say that. This comes nearest:",
			"Bananas grow in bunches on tall plants":            "No fact of mine says that",
			"":                                                  "Reply with this to an answer",
		} {
			if got := say("verify", text); !strings.Contains(got, want) {
				t.Errorf("/verify %s: %s; want %q", text, got, want)
			}
		}
	})
}
