package dialog_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"footnote/bot"
	"footnote/bot/bottest"
	"footnote/bot/dialog"
	"footnote/knowledge"
)

// A question's words are remembered for /why, in a group for everybody. Whoever
// asked can have them forgotten, also when others have turned pages since.
func TestForgetInAGroup(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := bottest.Start(t, bottest.Config{})
		in := func(who, command, text string) string {
			s.Say(t, bottest.Said{Who: who, In: "#forum", How: bottest.Command, Command: command, Text: text})
			all := s.Texts()
			return all[len(all)-1]
		}
		s.Say(t, bottest.Said{Who: "ann", In: "#forum", How: bottest.Mention, Text: "who burned the library of zanzibar?"})
		s.Texts()
		in("bob", "search", "library")
		if got := in("cat", "why", ""); strings.HasPrefix(got, "Ask something first") {
			t.Fatalf("nothing is remembered: %q", got)
		}
		in("ann", "forget", "")
		if got := in("cat", "why", ""); !strings.HasPrefix(got, "Ask something first") {
			t.Errorf("it is still known: %q", got)
		}
	})
}

// Nobody is told to answer with a number where the bot would not hear it.
func TestNumbersWhereTheyAreHeard(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := bottest.Start(t, bottest.Config{})
		const several = "when was the library founded | who burned the library?"
		for i, x := range []bottest.Said{{In: "#forum", How: bottest.Command}, {In: "#forum", How: bottest.Mention}, {How: bottest.Command}} {
			x.Who, x.Command, x.Text = "ann", "ask", several
			s.Say(t, x)
			if got, want := s.Texts()[i], i > 0; strings.Contains(got, "answer with the number") != want {
				t.Errorf("reply %d: %q", i, got)
			}
		}
	})
}

// A command that a client still lists although the bot has it no longer is not left
// without an answer, nor one that names the bot and that it never had.
func TestCommandThatIsGone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := bottest.Start(t, bottest.Config{})
		s.Say(t, bottest.Said{Who: "ann", In: "#forum", How: bottest.Command, Command: "trivia"})
		if got := s.Texts(); len(got) != 1 || !strings.HasPrefix(got[0], "I don't know that command.") {
			t.Errorf("%q", got)
		}
	})
}

// What the platform does not tell is not called empty.
// A withholding is a platform that does not tell what people write.
type withholding struct{ *bottest.Memory }

func (w withholding) Run(ctx context.Context, deliver bot.DeliverFunc) error {
	return w.Memory.Run(ctx, func(ctx context.Context, m bot.Message) error {
		m.Text, m.Withheld = "", true
		return deliver(ctx, m)
	})
}

func TestWithheld(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := withholding{bottest.NewMemory(nil)}
		bottest.Start(t, bottest.Config{}, w)
		w.Say(t, bottest.Said{Who: "ann", In: "#forum", How: bottest.Reply, Text: "2"})
		synctest.Wait()
		got, _ := w.WaitShown(t.Context(), 0)
		if len(got) != 1 || !strings.HasPrefix(got[0].Text, "The platform does not show me what you wrote") {
			t.Errorf("%+v", got)
		}
	})
}

// A refusal that only the asker was shown is explained to nobody else: that would
// tell what was asked.
func TestPrivateRefusalStaysPrivate(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := bottest.Start(t, bottest.Config{})
		why := func(who string) string {
			s.Say(t, bottest.Said{Who: who, In: "#forum", How: bottest.Command, Command: "why"})
			all := s.Texts()
			return all[len(all)-1]
		}
		s.Say(t, bottest.Said{Who: "ann", In: "#forum", How: bottest.Command, Command: "ask", Text: "when was the library founded?"})
		s.Say(t, bottest.Said{Who: "ann", In: "#forum", How: bottest.Command, Command: "ask", Text: "who sank atlantis?"})
		s.Texts()
		if got := why("bob"); strings.Contains(got, "atlantis") || !strings.Contains(got, "founded") {
			t.Errorf("bob is told %q", got)
		}
		if got := why("ann"); !strings.Contains(got, "atlantis") {
			t.Errorf("ann is told %q", got)
		}
	})
}

// What is said of a question's words in /privacy holds in a group too, where others
// keep the place alive.
func TestWordsEndWithTheirTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := bottest.Start(t, bottest.Config{})
		in := func(who, command, text string) string {
			s.Say(t, bottest.Said{Who: who, In: "#forum", How: bottest.Command, Command: command, Text: text})
			all := s.Texts()
			return all[len(all)-1]
		}
		in("ann", "ask", "who burned the library of zanzibar?")
		for range 2 {
			time.Sleep(20 * time.Minute)
			in("bob", "search", "library")
		}
		if got := in("bob", "why", ""); !strings.HasPrefix(got, "Ask something first") {
			t.Errorf("after 40 minutes: %q", got)
		}
	})
}

// What somebody checks is a message as long as messages are, not a question.
func TestCheckOfALongMessage(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := bottest.Start(t, bottest.Config{})
		s.Say(t, bottest.Said{Who: "ann", How: bottest.Command, Command: "check", Text: "Who burned the library? " + strings.Repeat("слово ", 680)})
		if got := s.Texts(); len(got) != 1 || !strings.HasPrefix(got[0], "What I hold that bears on this") {
			t.Errorf("replies %q", got)
		}
	})
}

// A question in flight is answered from what there was when it came.
func TestSwap(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		old := bottest.Gated{Answerer: bottest.Scripted(bottest.Library(t)), Open: make(chan struct{})}
		s := bottest.Start(t, bottest.Config{Answerer: old})
		s.Ask(founded)
		synctest.Wait()
		empty := bottest.Scripted(&knowledge.Base{Packs: []*knowledge.Pack{{ID: "new", Title: knowledge.Text{"en": "The New Pack"}, Languages: []string{"en"}}}})
		s.Dialog.Swap(empty)
		s.Ask(founded)
		close(old.Open)
		got := s.Texts()
		if len(got) != 2 || !strings.HasPrefix(got[0], "Established") || !strings.Contains(got[1], "The New Pack") {
			t.Errorf("replies: %q", got)
		}
		all, _ := s.WaitShown(t.Context(), 0)
		s.Press(t, "ann", all[0], "Source")
		s.Say(t, bottest.Said{Who: "ann", How: bottest.Command, Command: "source"})
		for _, text := range s.Texts()[2:] {
			if strings.Contains(text, "Ashby") {
				t.Errorf("a fact that is gone is cited: %q", text)
			}
		}
	})
}

func TestKeepOld(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := bottest.Start(t, bottest.Config{})
		about := func() string {
			s.Say(t, bottest.Said{Who: "ann", How: bottest.Command, Command: "about"})
			got := s.Texts()
			return got[len(got)-1]
		}
		s.Dialog.KeepOld("facts.yaml:3: the id is taken")
		if got := about(); !strings.Contains(got, "from before: facts.yaml:3: the id is taken") {
			t.Errorf("/about after a failed reload: %q", got)
		}
		s.Dialog.Swap(bottest.Scripted(bottest.Library(t)))
		if got := about(); strings.Contains(got, "from before") {
			t.Errorf("/about after a reload: %q", got)
		}
	})
}

// What waits for other processes, and why, stands in /about until nothing waits.
func TestWaits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := bottest.Start(t, bottest.Config{})
		s.Dialog.Waits([]dialog.Waiting{{Packs: "library 2.0 (0badc0de)", Have: 1, All: 3}}, []string{"facts.yaml:3: the id is taken"})
		got := s.Direct("ann", "about", "")
		for _, want := range []string{"1 of 3 do: library 2.0 (0badc0de)", "cannot load its newer version: facts.yaml:3: the id is taken"} {
			if !strings.Contains(got, want) {
				t.Errorf("/about lacks %q: %q", want, got)
			}
		}
		s.Dialog.Waits(nil, nil)
		if got := s.Direct("ann", "about", ""); strings.Contains(got, "0badc0de") || strings.Contains(got, "cannot load") {
			t.Errorf("nothing waits: %q", got)
		}
	})
}

// Buttons of an earlier run work, and those that nobody made are answered.
func TestButtonsAfterARestart(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		first := bottest.Start(t, bottest.Config{})
		first.Ask("when was the library founded | who burned the library?")
		first.Ask(founded)
		first.Texts()
		sent := first.Sent()
		s := bottest.Start(t, bottest.Config{})
		direct := bottest.Shown{To: "ann"}
		press := func(action string) string {
			n := len(s.Texts())
			s.PressAction("ann", direct, action)
			got := s.Texts()
			if len(got) != n+1 {
				t.Fatalf("%q: %d replies", action, len(got)-n)
			}
			return got[n]
		}
		for label, want := range map[string]string{"Source": "Sources of", "Why?": "no longer remember", "Related": "Related to"} {
			for _, b := range sent[1].Reply.Buttons {
				if b.Label == label {
					if got := press(b.Action); !strings.Contains(got, want) {
						t.Errorf("%s: %q", label, got)
					}
				}
			}
		}
		if got := press(sent[0].Reply.Buttons[1].Action); !strings.HasPrefix(got, "Disputed") {
			t.Errorf("a choice: %q", got)
		}
		for _, forged := range []string{"1f:no-such-fact", "1s:no-such-fact", "1lc:1:no-such-fact", "1lf:1:no such topic", "1ls:99:zebra", "1lt:99:"} {
			if got := press(forged); got == "" || strings.Contains(got, "Ashby") {
				t.Errorf("%q: %q", forged, got)
			}
		}
		for _, forged := range []string{"x", "1", "2f:library-founded", "1f:LIBRARY", "1f:../etc", "1caaaaaa", "1lc:0:library-founded", strings.Repeat("1", 500), "1f:\x00"} {
			if got := press(forged); !strings.HasPrefix(got, "This button") {
				t.Errorf("%q: %q", forged, got)
			}
		}
	})
}

// Odd input has one clear reply and nothing after it is lost.
func TestOddInput(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := bottest.Start(t, bottest.Config{})
		for text, want := range map[string]string{
			strings.Repeat("who was it ", 100_000): "That is too long",
			"":                                     "I found no words",
			"\x00\x01\x02\x7f":                     "I found no words",
			"🙂🙂":                                   "I found no words",
			"\u200b\u2060":                         "I found no words",
			"????":                                 "I found no words",
			"誰が図書館を作ったか":                           "I have no sourced answer",
			"من أسس المكتبة؟":                      "I have no sourced answer",
			"-1":                                   "I have no sourced answer",
		} {
			n := len(s.Texts())
			s.Ask(text)
			if got := s.Texts(); len(got) != n+1 || !strings.HasPrefix(got[n], want) {
				t.Errorf("%.20q: %.80q, want %q", text, got[n:], want)
			}
		}
		for _, command := range []string{"ask", "source", "search", "topics", "start"} {
			n := len(s.Texts())
			s.Say(t, bottest.Said{Who: "bob", How: bottest.Command, Command: command, Text: strings.Repeat("z ", 500_000)})
			if got := s.Texts(); len(got) != n+1 || len(got[n]) > 300 {
				t.Errorf("/%s with a megabyte: %.80q", command, got[n:])
			}
		}
	})
}

// What is remembered is bounded, and the newest stay.
func TestMemoryIsBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := bottest.Start(t, bottest.Config{InDialog: dialog.Bounded(0, 3, 0)})
		for i := range 6 {
			s.Say(t, bottest.Said{Who: fmt.Sprint("p", i), Text: founded})
			s.Texts() // chats are answered side by side, and this test is about their order
		}
		for i := range 6 {
			s.Say(t, bottest.Said{Who: fmt.Sprint("p", i), How: bottest.Command, Command: "source"})
			s.Texts()
		}
		for i, text := range s.Texts()[6:] {
			if want := i >= 3; strings.Contains(text, "Ashby") != want {
				t.Errorf("p%d: %q", i, text)
			}
		}
	})
}

// A fact without a citation that needs one is never stated.
func TestNoAnswerWithoutCitation(t *testing.T) {
	base := bottest.Library(t)
	bare := *base.Fact("library-founded")
	bare.Cites = nil
	pack := *base.Packs[0]
	pack.Facts = []*knowledge.Fact{&bare}
	synctest.Test(t, func(t *testing.T) {
		s := bottest.Start(t, bottest.Config{Answerer: bottest.Scripted(&knowledge.Base{Packs: []*knowledge.Pack{&pack}})})
		s.Ask(founded)
		s.Say(t, bottest.Said{Who: "ann", How: bottest.Command, Command: "ask", Text: "library-founded"})
		s.Say(t, bottest.Said{Who: "ann", How: bottest.Command, Command: "source", Text: "library-founded"})
		for _, text := range s.Texts() {
			if !strings.HasPrefix(text, "Sorry") {
				t.Errorf("shown: %q", text)
			}
		}
	})
}

// Where nobody has sourced a fact, neither its answer nor its long text has a button for the source.
func TestNothingToSource(t *testing.T) {
	base := ships(1)
	base.Packs[0].Facts[0].Detail = knowledge.Text{"en": "She may have been rebuilt from an older one."}
	synctest.Test(t, func(t *testing.T) {
		s := bottest.Start(t, bottest.Config{Answerer: bottest.Scripted(base)})
		s.Ask(base.Facts()[0].Questions[0].Text)
		s.Texts()
		all, _ := s.WaitShown(t.Context(), 0)
		s.Press(t, "ann", all[0], "More")
		s.Texts()
		all, _ = s.WaitShown(t.Context(), 0)
		for _, x := range all {
			if !strings.HasPrefix(x.Text, "Citation needed") || slices.Contains(x.Buttons, "Source") {
				t.Errorf("%q with %q", x.Text, x.Buttons)
			}
		}
	})
}

// The button under a refusal explains a refusal, whatever was chosen or offered since.
func TestWhyUnderARefusal(t *testing.T) {
	for _, since := range []string{"1", "when was the library founded | who burned the library?"} {
		synctest.Test(t, func(t *testing.T) {
			s := bottest.Start(t, bottest.Config{})
			s.Ask("who stole the scrolls?")
			s.Texts()
			all, _ := s.WaitShown(t.Context(), 0)
			s.Press(t, "ann", all[0], "Why?")
			s.Ask(since)
			s.Press(t, "ann", all[0], "Why?")
			got := s.Texts()
			if len(got) != 4 || !strings.HasPrefix(got[1], "No fact fitted the question") || !strings.HasPrefix(got[3], "I no longer remember") {
				t.Errorf("after %q: %q", since, got)
			}
		})
	}
}
