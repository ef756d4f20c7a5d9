package knowledge

import (
	"strings"
	"testing"
)

func TestUnanswered(t *testing.T) {
	p, problems := Load(validPack().set("unanswered.yaml", "unanswered:\n  - When was Khrushchev born?\n  - who wrote the speech\n").fs(), "")
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	if got := strings.Join(p.Unanswered, "|"); got != "When was Khrushchev born?|who wrote the speech" {
		t.Errorf("unanswered: %s", got)
	}
	phrasing := p.Facts[0].Questions[0].Text
	for _, bad := range []struct{ text, want string }{
		{"unanswered:\n  - " + phrasing + "\n", "a question is answered or it is not"},
		{"unanswered:\n  - Who?\n  - who\n", "stands twice here, also in line 2"},
		{"unansweredd: []\n", "unanswered"},
		{"unanswered: no\n", "list"},
	} {
		_, problems := Load(validPack().set("unanswered.yaml", bad.text).fs(), "")
		if len(problems) == 0 || !strings.Contains(problems[0].String(), bad.want) {
			t.Errorf("%q: %v, want a problem with %q", bad.text, problems, bad.want)
		}
	}
}
