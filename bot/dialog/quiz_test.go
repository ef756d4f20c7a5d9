package dialog_test

import (
	"slices"
	"strings"
	"testing"
	"testing/synctest"

	"footnote/bot"
	"footnote/bot/bottest"
	"footnote/bot/dialog"
	"footnote/bot/store"
	"footnote/knowledge"
)

// quizzed starts a bot with a pack of which a quiz can be made.
func quizzed(t *testing.T, scores bot.Store) (*bottest.Started, *knowledge.Base) {
	t.Helper()
	base, err := knowledge.Open("../../answers/testdata/packs/hospital")
	if err != nil {
		t.Fatal(err)
	}
	return bottest.Start(t, bottest.Config{Answerer: bottest.Scripted(base), InDialog: func(c *dialog.Config) { c.Scores = scores }}), base
}

func isRight(b bot.Button) bool { return strings.HasPrefix(b.Action, "1zr") }

// A question has one right button, which only whoever presses it sees the mark of; the mark brings
// the fact with its citation.
func TestQuizByButtons(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, base := quizzed(t, nil)
		s.Say(t, bottest.Said{Who: "ann", How: bottest.Command, Command: "quiz", Text: "3"})
		if all := s.Texts(); len(all) != 3 || !strings.Contains(all[0], "Question 1 of 3") {
			t.Fatalf("%d questions: %q", len(all), all)
		}
		sent := s.Sent()
		for _, q := range sent {
			right := 0
			for _, b := range q.Reply.Buttons {
				if isRight(b) {
					right++
				}
			}
			if right != 1 || len(q.Reply.Buttons) < 2 {
				t.Errorf("%d of %d buttons are right", right, len(q.Reply.Buttons))
			}
		}
		shown, _ := s.WaitShown(t.Context(), 0)
		buttons := sent[0].Reply.Buttons
		i := slices.IndexFunc(buttons, isRight)
		for j, want := range map[int]string{i: "That's right.", (i + 1) % len(buttons): "Not quite."} {
			s.Press(t, "ann", shown[0], buttons[j].Label)
			got := s.Texts()
			mark := got[len(got)-1]
			_, id, _ := strings.Cut(buttons[j].Action, ":")
			if !strings.HasPrefix(mark, want) || !strings.Contains(mark, base.Fact(id).Answer.In("en")) || !strings.Contains(mark, base.Fact(id).Citations()[0].Short.String()) {
				t.Errorf("%s: %q", want, mark)
			}
		}
	})
}

// A number answers the questions one after the other, and says which, as long as there are others.
func TestQuizByNumbers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, base := quizzed(t, nil)
		s.Say(t, bottest.Said{Who: "ann", How: bottest.Command, Command: "quiz", Text: "2"})
		s.Texts()
		for i, q := range s.Sent() {
			n := 1 + slices.IndexFunc(q.Reply.Buttons, isRight)
			s.Say(t, bottest.Said{Who: "ann", Text: string(rune('0' + n))})
			got := s.Texts()
			mark := got[len(got)-1]
			_, id, _ := strings.Cut(q.Reply.Buttons[0].Action, ":")
			if i == 0 {
				var named bool
				if mark, named = strings.CutPrefix(mark, "> "+base.Fact(id).Canonical("en")+"\n"); !named {
					t.Errorf("does not name its question: %q", mark)
				}
			}
			if !strings.HasPrefix(mark, "That's right.") {
				t.Errorf("%d: %q", n, mark)
			}
		}
	})
}

// Scores are counted where that was chosen and nowhere else, and /forget deletes them.
func TestScores(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		scores := store.Keyed(store.Memory().In("scores"), []byte("a secret"))
		s, _ := quizzed(t, scores)
		say := func(command, text string) string {
			s.Say(t, bottest.Said{Who: "ann", How: bottest.Command, Command: command, Text: text})
			return strings.Join(s.Texts(), "\n")
		}
		press := func() {
			s.Say(t, bottest.Said{Who: "ann", How: bottest.Command, Command: "quiz"})
			s.Texts()
			shown, _ := s.WaitShown(t.Context(), 0)
			sent := s.Sent()
			buttons := sent[len(sent)-1].Reply.Buttons
			for range 2 { // only the first counts
				s.Press(t, "ann", shown[len(shown)-1], buttons[slices.IndexFunc(buttons, isRight)].Label)
				s.Texts()
			}
		}
		press()
		if got := say("quiz", "score"); !strings.Contains(got, "I count no scores here.") {
			t.Error(got)
		}
		if got := say("settings", "scores on"); !strings.Contains(got, "Scores of quizzes: counted.") {
			t.Error(got)
		}
		press()
		if got := say("quiz", "score"); !strings.Contains(got, "You answered 1 of 1 quiz questions right.") {
			t.Error(got)
		}
		say("forget", "")
		say("settings", "scores on")
		if got := say("quiz", "score"); !strings.Contains(got, "You answered 0 of 0") {
			t.Error(got)
		}
	})
}
