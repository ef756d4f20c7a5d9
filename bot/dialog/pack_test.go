package dialog_test

import (
	"strings"
	"testing"
	"testing/synctest"
	"unicode/utf16"

	"footnote/answers/parse"
	"footnote/bot"
	"footnote/bot/bottest"
	"footnote/knowledge"
)

// Every fact of the pack that is shipped is stated with its status, its answer,
// its citations and its id, within what either platform takes, and every phrasing
// of it is a question rather than small talk.
func TestShippedPack(t *testing.T) {
	base := bottest.Embedded(t)
	synctest.Test(t, func(t *testing.T) {
		s := bottest.Start(t, bottest.Config{Answerer: bottest.Scripted(base)})
		for _, f := range base.Facts() {
			n := len(s.Texts())
			s.Say(t, bottest.Said{Who: "ann", How: bottest.Command, Command: "ask", Text: f.ID})
			s.Say(t, bottest.Said{Who: "ann", How: bottest.Command, Command: "source"})
			got := s.Texts()[n:]
			if len(got) != 2 {
				t.Fatalf("%s: %d replies", f.ID, len(got))
			}
			if !strings.Contains(got[0], f.Answer.In("en")) || !strings.HasSuffix(got[0], f.ID+" · "+f.Pack.ID+" "+f.Pack.Version) {
				t.Errorf("%s: %q", f.ID, got[0])
			}
			for _, c := range f.Citations() {
				if !strings.Contains(got[0], c.Short.String()) {
					t.Errorf("%s: the answer is without %q: %q", f.ID, c.Short, got[0])
				}
				if !strings.Contains(got[1], c.Full.String()) {
					t.Errorf("%s: /source is without %q: %q", f.ID, c.Full, got[1])
				}
			}
			for _, text := range got {
				if n := len(utf16.Encode([]rune(text))); n > 2000 {
					t.Errorf("%s: a reply of %d characters", f.ID, n)
				}
			}
			if strings.HasPrefix(got[0], "Citation needed") != (f.Status == knowledge.CitationNeeded) {
				t.Errorf("%s is %s: %q", f.ID, f.Status, got[0])
			}
		}
		for _, f := range base.Facts() {
			for _, q := range f.Questions {
				if len(parse.Questions(q.Text)) > 1 {
					continue // the scripted answerer knows the whole, not what it is split into
				}
				n := len(s.Texts())
				s.Ask(q.Text)
				if got := s.Texts()[n:]; len(got) != 1 || !strings.Contains(got[0], f.Pack.ID) {
					t.Errorf("%q: %q", q.Text, got)
				}
			}
		}
		for _, x := range s.Sent() {
			for _, b := range x.Reply.Buttons {
				if len(b.Action) == 0 || len(b.Action) > bot.MaxAction || len([]rune(b.Label)) > bot.MaxLabel {
					t.Errorf("a button of %d characters with an action of %d bytes: %+v", len([]rune(b.Label)), len(b.Action), b)
				}
			}
		}
	})
}
