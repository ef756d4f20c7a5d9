package dialog_test

import (
	"bytes"
	"image/png"
	"strings"
	"testing"
	"testing/synctest"
	"unicode/utf16"

	"footnote/bot"
	"footnote/bot/bottest"
	"footnote/knowledge"
)

// Every page of every timeline of the pack that is shipped is a list that fits a message,
// in which each event has its number and its citation, and a small picture of it.
func TestTimelines(t *testing.T) {
	base, err := knowledge.Embedded()
	if err != nil {
		t.Fatal(err)
	}
	synctest.Test(t, func(t *testing.T) {
		s := bottest.Start(t, bottest.Config{Answerer: bottest.Scripted(base)})
		pictures := 0
		for _, of := range []string{"", "Khrushchev", "CPRF", "Zyuganov", "1939-1960", "1956", "199X", "хрущёв", "Frederick Copleston"} {
			s.Say(t, bottest.Said{Who: "ann", How: bottest.Command, Command: "timeline", Text: of})
			for {
				s.Texts()
				sent := s.Sent()
				r := sent[len(sent)-1].Reply
				text := bot.PlainText(r)
				if n := len(utf16.Encode([]rune(text))); n > 2000 || !strings.Contains(text, "1. ") || !strings.Contains(text, "Wikipedia") {
					t.Errorf("%q: %d characters: %s", of, n, text)
				}
				if r.File == nil {
					break
				}
				pictures++
				if m, err := png.Decode(bytes.NewReader(r.File.Data)); err != nil || m.Bounds().Dx() != 760 || len(r.File.Data) > 40<<10 {
					t.Errorf("%q: a picture of %d bytes: %v", of, len(r.File.Data), err)
				}
				if !r.File.Picture() || len([]rune(r.File.Alt)) > bot.MaxAlt || !strings.Contains(r.File.Alt, "\n1. ") {
					t.Errorf("%q is described as %q", of, r.File.Alt)
				}
				last := r.Buttons[len(r.Buttons)-1]
				if last.Label != "Next page" {
					break
				}
				all, _ := s.WaitShown(t.Context(), 0)
				s.Press(t, "ann", all[len(all)-1], "Next page")
			}
		}
		if pictures < 8 {
			t.Errorf("%d pictures", pictures)
		}
	})
}

// A number after a timeline answers with that event's fact; where nothing is dated that
// is said; and the button under an answer leads to the series that it stands in.
func TestTimelineConversation(t *testing.T) {
	base, err := knowledge.Embedded()
	if err != nil {
		t.Fatal(err)
	}
	synctest.Test(t, func(t *testing.T) {
		s := bottest.Start(t, bottest.Config{Answerer: bottest.Scripted(base)})
		last := func() bottest.Shown {
			s.Texts()
			all, _ := s.WaitShown(t.Context(), 0)
			return all[len(all)-1]
		}
		say := func(command, text string) bottest.Shown {
			s.Say(t, bottest.Said{Who: "ann", How: bottest.Command, Command: command, Text: text})
			return last()
		}
		if got := say("timeline", "quantum chromodynamics"); !strings.Contains(got.Text, "no dated facts") {
			t.Errorf("%q", got.Text)
		}
		if got := say("timeline", "khrushev"); !strings.Contains(got.Text, "February 1956") {
			t.Errorf("a person with a typing error: %q", got.Text)
		}
		s.Ask("1")
		answer := last()
		if !strings.HasPrefix(answer.Text, "Established") {
			t.Errorf("a number after a timeline: %q", answer.Text)
		}
		s.Press(t, "ann", answer, "Timeline")
		around := last()
		if !strings.HasPrefix(around.Text, "Timeline: ") {
			t.Errorf("the button leads to %q", around.Text)
		}
		say("ask", strings.SplitN(strings.Split(answer.Text, "\n")[len(strings.Split(answer.Text, "\n"))-1], " ", 2)[0])
		if got := say("timeline", ""); got.Text != around.Text {
			t.Errorf("without an argument after that answer: %q", got.Text)
		}
	})
}
