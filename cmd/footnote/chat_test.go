package main

import (
	"strings"
	"testing"
)

func TestChatHoldsAPipedConversation(t *testing.T) {
	in := known + "\n/source\n" + unknown + "\n\n/nonsense\n" + strings.Repeat("the bell? ", 5000) + "\n\xff\x00\nthanks!\n/quit\nnever read\n"
	out, errs, code := runFootnote(t, in, "chat", "--knowledge", village)
	if code != exitOK || errs != "" {
		t.Fatalf("exit %d, %s", code, errs)
	}
	at := 0
	for _, want := range []string{"1712", "Chronicle of Unterbruck", "Anna Moser", "no sourced answer", "welcome"} {
		i := strings.Index(out[at:], want)
		if i < 0 {
			t.Fatalf("%q does not follow:\n%s", want, out)
		}
		at += i
	}
	if strings.Contains(out, "\x1b") || strings.Contains(out, "> ") {
		t.Errorf("a script wants neither colour nor prompts:\n%s", out)
	}
}

func TestChatAnswersEveryLineOfALongScript(t *testing.T) {
	const lines = 200 // more than a person's limit, and more than a conversation's queue
	out, errs, code := runFootnote(t, strings.Repeat(known+"\n", lines), "chat", "--knowledge", village)
	if n := strings.Count(out, "The great bell was cast in 1712."); n != lines || code != exitOK || errs != "" {
		t.Errorf("%d answers to %d questions, exit %d, %s", n, lines, code, errs)
	}
}

// Where there is nothing to press, the questions of a quiz come one after the other.
func TestChatAsksOneQuestionOfAQuizAtATime(t *testing.T) {
	out, errs, code := runFootnote(t, "/quiz 99\n1\n1\n/quiz 2\n1\n1\n", "chat")
	if code != exitOK || errs != "" {
		t.Fatalf("exit %d, %s", code, errs)
	}
	var order []string
	for line := range strings.Lines(out) {
		switch line = strings.TrimSpace(line); {
		case strings.HasPrefix(line, "Question "):
			order = append(order, line)
		case line == "That's right.", strings.HasPrefix(line, "Not quite."):
			order = append(order, "mark")
		}
	}
	const want = "Question 1 of 4, mark, Question 2 of 4, mark, Question 3 of 4, Question 1 of 2, mark, Question 2 of 2, mark"
	if got := strings.Join(order, ", "); got != want {
		t.Errorf("got %s, want %s:\n%s", got, want, out)
	}
}
