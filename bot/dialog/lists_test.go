package dialog_test

import (
	"regexp"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"

	"footnote/bot"
	"footnote/bot/bottest"
	"footnote/bot/dialog"
	"footnote/knowledge"
)

// ships is a pack of n facts in one topic, whose name is longer than a button's action.
func ships(n int) *knowledge.Base {
	p := &knowledge.Pack{ID: "ships", Title: knowledge.Text{"en": "Ships"}, Version: "1.0.0", License: "CC0-1.0", Languages: []string{"en"}}
	for i := range n {
		p.Facts = append(p.Facts, &knowledge.Fact{
			ID: "ship-" + strconv.Itoa(i), Pack: p, Status: knowledge.CitationNeeded, Topics: []string{"fleet", strings.Repeat("корабли ", 8) + "."},
			Questions: []knowledge.Phrasing{{Lang: "en", Text: "When was ship " + strconv.Itoa(i) + " of the northern squadron launched?"}},
			Answer:    knowledge.Text{"en": "Nobody knows."},
		})
	}
	return &knowledge.Base{Packs: []*knowledge.Pack{p}}
}

// What a list says of its length is true, and its end can be reached.
func TestLongLists(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := bottest.Start(t, bottest.Config{Answerer: bottest.Scripted(ships(63))})
		list := func(command, text string) bottest.Shown {
			s.Say(t, bottest.Said{Who: "ann", How: bottest.Command, Command: command, Text: text})
			s.Texts()
			all, _ := s.WaitShown(t.Context(), 0)
			return all[len(all)-1]
		}
		for page := list("topics", "fleet"); ; {
			if !strings.Contains(page.Text, "“fleet”: 63\n") {
				t.Fatalf("a topic of 63: %q", page.Text)
			}
			if page.Buttons[len(page.Buttons)-1] != "Next page" {
				if !strings.Contains(page.Text, "ship 62 ") || !strings.Contains(page.Text, "Page 13 of 13") {
					t.Errorf("the last page of a topic of 63: %q", page.Text)
				}
				break
			}
			s.Press(t, "ann", page, "Next page")
			s.Texts()
			all, _ := s.WaitShown(t.Context(), 0)
			page = all[len(all)-1]
		}

		const rest = "/search with fewer or other words finds the rest."
		page := list("search", "ship squadron")
		for range 9 {
			if !strings.HasPrefix(page.Text, "Found: 63\n") || strings.Contains(page.Text, rest) {
				t.Errorf("63 are found: %q", page.Text)
			}
			s.Press(t, "ann", page, "Next page")
			s.Texts()
			all, _ := s.WaitShown(t.Context(), 0)
			page = all[len(all)-1]
		}
		if !strings.Contains(page.Text, "Page 10 of 10") || !strings.Contains(page.Text, rest) {
			t.Errorf("the last page of those that are listed: %q", page.Text)
		}

		for _, page := range []bottest.Shown{list("search", "ship northern squadron launched launched launched launched launched"), list("topics", strings.Repeat("корабли ", 8))} {
			if strings.Contains(page.Text, "Page 1") || !strings.Contains(page.Text, rest) || len(page.Buttons) != 5 {
				t.Errorf("more than a button can ask for: %q %q", page.Text, page.Buttons)
			}
		}
	})
}

// Each of several packs is in quotation marks of its own.
func TestSeveralPacks(t *testing.T) {
	base := bottest.Library(t)
	base.Packs = append(base.Packs, ships(1).Packs...)
	synctest.Test(t, func(t *testing.T) {
		s := bottest.Start(t, bottest.Config{Answerer: bottest.Scripted(base)})
		for lang, want := range map[string]string{
			"en": "in The Library of Alexandria, Ships.", "de": "in „The Library of Alexandria“, „Ships“ ", "ru": "«The Library of Alexandria», «Ships» ",
			"fr": "«\u00a0The Library of Alexandria\u00a0», «\u00a0Ships\u00a0».", "es": "«The Library of Alexandria», «Ships».",
		} {
			s.Say(t, bottest.Said{Who: "ann", Lang: lang, Text: "nothing we know"})
			if got := s.Texts(); !strings.Contains(got[len(got)-1], want) {
				t.Errorf("%s: %q", lang, got[len(got)-1])
			}
		}
	})
}

// Whoever has no buttons turns pages by the words that stand on them; topics are sorted as
// people sort.
func TestPagesAreTurnedByWords(t *testing.T) {
	base := ships(7)
	for i, f := range base.Packs[0].Facts {
		f.Topics = append(f.Topics, []string{"Ägypten", "alpha", "Beta", "gamma", "Delta", "epsilon", "Zeta"}[i])
	}
	synctest.Test(t, func(t *testing.T) {
		s := bottest.Start(t, bottest.Config{Answerer: bottest.Scripted(base)})
		say := func(how bottest.Said) string {
			how.Who = "ann"
			s.Say(t, how)
			s.Texts()
			all, _ := s.WaitShown(t.Context(), 0)
			return all[len(all)-1].Text
		}
		first := say(bottest.Said{How: bottest.Command, Command: "topics"})
		if order := regexp.MustCompile(`Ägypten \(|alpha|Beta|Delta|epsilon|gamma`).FindAllString(first, -1); strings.Join(order, " ") != "Ägypten ( alpha Beta Delta epsilon gamma" {
			t.Errorf("topics in the order %q", order)
		}
		if got := say(bottest.Said{Text: "next page"}); !strings.Contains(got, "Page 2 of 2") {
			t.Errorf("the next page: %q", got)
		}
		if got := say(bottest.Said{Text: "Previous page"}); !strings.Contains(got, "Page 1 of 2") {
			t.Errorf("the page before: %q", got)
		}
		if got := say(bottest.Said{How: bottest.Command, Command: "topics", Text: "2"}); !strings.Contains(got, "Page 2 of 2") {
			t.Errorf("/topics 2: %q", got)
		}
		if got := say(bottest.Said{How: bottest.Command, Command: "topics", Text: "fleet"}); !strings.Contains(got, "“fleet”: 7") {
			t.Errorf("a topic: %q", got)
		}
		if got := say(bottest.Said{Text: "next page"}); !strings.Contains(got, "ship 6 ") {
			t.Errorf("its next page: %q", got)
		}
	})
}

// Where there are no buttons the reply says what to write for the detail.
func TestDetailIsOfferedByWords(t *testing.T) {
	base := ships(1)
	base.Packs[0].Facts[0].Detail = knowledge.Text{"en": "Its log is lost."}
	d := dialog.New(dialog.Config{Answerer: bottest.Scripted(base)})
	say := func(text string) string {
		replies, _ := d.Accept(bot.Message{
			To: bot.Address{Conversation: bot.Conversation{Place: bot.Place{Platform: "terminal", Chat: "terminal"}}}, From: bot.User{ID: "ann"}, Direct: true, Text: text,
		}).Reply(t.Context(), nil)
		return bot.PlainText(replies[0])
	}
	if got := say("When was ship 0 of the northern squadron launched?"); !strings.Contains(got, "Write “More” for more.") {
		t.Errorf("the answer: %q", got)
	}
	if got := say("more"); !strings.Contains(got, "Its log is lost.") {
		t.Errorf("the detail: %q", got)
	}
}
