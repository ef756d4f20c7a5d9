package bottest

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"

	"footnote/bot/lang"
)

// placeholder is what a text that was not filled in would show.
var placeholder = regexp.MustCompile(`\{[a-z-]+\}|[a-z]+\.[a-z-]+$`)

// testLanguages holds a conversation in each language of the interface and prints
// it with -v, to be read as a person would. The answers are the pack's, so in the
// pack's language; everything around them is the person's.
func testLanguages(t *testing.T, h Harness) {
	if !h.Caps.Languages {
		return
	}
	english := map[string]string{}
	for _, lang := range append([]string{"en"}, slices.DeleteFunc(lang.All().Tags(), func(l string) bool { return l == "en" })...) {
		t.Run(lang, func(t *testing.T) {
			s := prepare(t, h)
			b, _ := Config{Answerer: newAlmanac(), Version: "9.9.9"}.New()
			s.startBot(b)

			said := map[string]string{}
			var transcript strings.Builder
			n := 0
			turn := func(command, text string) Shown {
				s.driver.Say(t, Said{Who: "ann", Lang: lang, How: Command, Command: command, Text: text})
				n++
				got := s.shown(n)[n-1]
				said[command+" "+text] = visible(got.Text)
				fmt.Fprintf(&transcript, "> /%s %s\n%s\n%s\n\n", command, text, visible(got.Text), strings.Join(got.Buttons, " | "))
				return got
			}
			turn("ask", "When was the harbour built?")
			turn("source", "")
			turn("why", "")
			turn("ask", "How deep is the ocean?")
			choices := turn("ask", "harbour")
			if h.Caps.Buttons {
				s.driver.Press(t, "ann", choices, choices.Buttons[0])
				n++
				got := s.shown(n)[n-1]
				said["press "+choices.Buttons[0]] = visible(got.Text) + strings.Join(got.Buttons, "\n")
				fmt.Fprintf(&transcript, "* [%s]\n%s\n%s\n\n", choices.Buttons[0], visible(got.Text), strings.Join(got.Buttons, " | "))
			}
			for _, command := range []string{"help", "about", "topics", "privacy", "forget", "corrections", "settings"} {
				turn(command, "")
			}
			turn("search", "harbour")
			turn("search", "volcano")
			turn("source", "volcano")
			turn("check", "The harbour was built in 1701. It is deep.")
			t.Logf("in %s:\n%s", lang, &transcript)

			for _, what := range slices.Sorted(maps.Keys(said)) {
				if strings.TrimSpace(said[what]) == "" || placeholder.MatchString(said[what]) {
					t.Errorf("/%s shows %q", what, said[what])
				}
				if lang == "en" {
					english[what] = said[what]
				} else if said[what] == english[what] {
					t.Errorf("/%s is the same in %s as in English: %q", what, lang, said[what])
				}
			}
		})
	}
}
