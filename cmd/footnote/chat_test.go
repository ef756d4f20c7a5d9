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
