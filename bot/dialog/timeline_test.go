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
	"footnote/knowledge/edtf"
)

// Every page of every timeline of the pack that is shipped is a list that fits a message,
// in which each event has its number and its citation, and a small picture of it.
func TestTimelines(t *testing.T) {
	base := bottest.Embedded(t)
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

// A number answers the list that was shown last, and not a quiz question before it.
func TestNumbersAnswerTheLastList(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for command, text := range map[string]string{"timeline": "", "source": "hospital", "search": "hospital"} {
			s, _ := quizzed(t, nil)
			s.Say(t, bottest.Said{Who: "ann", How: bottest.Command, Command: "quiz"})
			s.Texts()
			s.Say(t, bottest.Said{Who: "ann", How: bottest.Command, Command: command, Text: text})
			got := s.Texts()
			if list := got[len(got)-1]; !strings.Contains(list, "2. ") {
				t.Fatalf("/%s: no list: %s", command, list)
			}
			s.Say(t, bottest.Said{Who: "ann", Text: "2"})
			got = s.Texts()
			if said := got[len(got)-1]; strings.HasPrefix(said, "That's right.") || strings.HasPrefix(said, "Not quite.") {
				t.Errorf("/%s: 2 answers the quiz: %s", command, said)
			}
		}
	})
}

// What is dated "until 1909" is told of the years before it, and not of the Middle Ages.
func TestTimelineOfAnOpenBeginning(t *testing.T) {
	base := almanac()
	for i, date := range []edtf.Date{"../1909", "1950/.."} {
		base.Packs[0].Facts[i].Dates = []knowledge.Date{{EDTF: date, Label: knowledge.Text{"en": "what is " + string(date)}}}
	}
	synctest.Test(t, func(t *testing.T) {
		s := bottest.Start(t, bottest.Config{Answerer: bottest.Scripted(base)})
		for years, want := range map[string][2]bool{"1270-1300": {}, "1890-1895": {true, false}, "1905-1955": {true, true}, "1990-2000": {false, true}} {
			s.Say(t, bottest.Said{Who: "ann", How: bottest.Command, Command: "timeline", Text: years})
			got := s.Texts()
			text := got[len(got)-1]
			if until, since := strings.Contains(text, "what is ../1909"), strings.Contains(text, "what is 1950/.."); until != want[0] || since != want[1] {
				t.Errorf("%s: %s", years, text)
			}
		}
	})
}

// A number after a timeline answers with that event's fact; where nothing is dated that
// is said; and the button under an answer leads to the series that it stands in.
func TestTimelineConversation(t *testing.T) {
	base := bottest.Embedded(t)
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
