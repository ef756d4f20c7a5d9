package bottest

import (
	"strings"
	"testing"
)

// testSettings lets people change the settings of a group with a real bot: the
// adapter is the one that knows who may, at that moment and in that place.
func testSettings(t *testing.T, h Harness) {
	if !h.Caps.Groups || !h.Caps.Admins || !h.Caps.Buttons || !h.Caps.Mentions {
		return
	}
	s := prepare(t, h)
	b, _ := Config{Answerer: newAlmanac()}.New()
	s.startBot(b)

	n := 0
	expect := func(what, begins string, private bool) Shown {
		t.Helper()
		n++
		got := s.shown(n)[n-1]
		if !strings.HasPrefix(visible(got.Text), begins) {
			t.Errorf("%s: shown %q, want %q…", what, got.Text, begins)
		}
		if got.In != "" && got.Private != (private && h.Caps.Private) {
			t.Errorf("%s: Private is %v: %q", what, got.Private, got.Text)
		}
		return got
	}
	settings := func(who, in, text string) {
		s.driver.Say(t, Said{Who: who, Lang: "en", In: in, How: Command, Command: "settings", Text: text})
	}
	hello := func(who, in string) {
		s.driver.Say(t, Said{Who: who, Lang: "en", In: in, How: Mention, Text: "hello"})
	}
	const forum, other = Hall + "one", Hall + "two" // where what concerns one person is for that person alone
	const refused, inGerman, inEnglish = "Only admins can change", "Hallo!", "Hello!"

	s.driver.Admin(t, "bob", forum, true)
	settings("ann", forum, "language de")
	expect("somebody who is no admin", refused, true)
	settings("bob", forum, "")
	panel := expect("an admin", "Settings of this chat", true)
	s.driver.Press(t, "ann", panel, "Deutsch")
	expect("a press by somebody who is no admin", refused, true)
	s.driver.Press(t, "bob", panel, "Deutsch")
	expect("a press by an admin", "Erledigt", false) // concerns everybody
	hello("ann", forum)
	expect("somebody in that chat", inGerman, false)
	settings("bob", other, "language de")
	expect("an admin of another chat", refused, true)
	hello("ann", other)
	expect("somebody in another chat", inEnglish, false)

	s.driver.Admin(t, "bob", forum, false)
	settings("bob", forum, "language auto")
	expect("who is no admin any more", refused, true)
	s.driver.Press(t, "bob", panel, "français")
	expect("a press by who is no admin any more", refused, true)
	hello("ann", forum)
	expect("the chat after that", inGerman, false)

	settings("ann", "", "language fr")
	expect("one's own chat", "C’est fait", false)
	s.driver.Say(t, Said{Who: "ann", Lang: "en", Text: "hello"})
	expect("after it", "Bonjour", false)
}
