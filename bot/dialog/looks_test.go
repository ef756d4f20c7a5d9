package dialog_test

import (
	"bytes"
	"image/png"
	"strings"
	"testing"
	"testing/synctest"

	"footnote/bot/bottest"
)

// Timelines are on the paper that was chosen, and /forget takes the choice back.
func TestPictureTheme(t *testing.T) {
	base := bottest.Embedded(t)
	synctest.Test(t, func(t *testing.T) {
		s := bottest.Start(t, bottest.Config{Answerer: bottest.Scripted(base)})
		paper := func() uint32 {
			s.Say(t, bottest.Said{Who: "ann", How: bottest.Command, Command: "timeline", Text: "Khrushchev"})
			s.Texts()
			sent := s.Sent()
			m, err := png.Decode(bytes.NewReader(sent[len(sent)-1].Reply.File.Data))
			if err != nil {
				t.Fatal(err)
			}
			r, _, _, _ := m.At(2, 2).RGBA()
			return r >> 8
		}
		say := func(command, text string) string {
			s.Say(t, bottest.Said{Who: "ann", How: bottest.Command, Command: command, Text: text})
			all := s.Texts()
			return all[len(all)-1]
		}
		light := paper()
		if got := say("settings", "pictures dark"); !strings.Contains(got, "dark") {
			t.Errorf("%q", got)
		}
		dark := paper()
		say("settings", "pictures light")
		again := paper()
		say("settings", "pictures dark")
		say("forget", "")
		if forgotten := paper(); light < 0xe0 || dark > 0x40 || again != light || forgotten != light {
			t.Errorf("the paper is %x, dark %x, again %x, forgotten %x", light, dark, again, forgotten)
		}
		if got := say("settings", "layout rich"); !strings.Contains(got, "I don't know that setting") && !strings.Contains(got, "Your settings") {
			t.Errorf("where no adapter has rich messages: %q", got)
		}
	})
}
