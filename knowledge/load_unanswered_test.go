package knowledge

import (
	"strings"
	"testing"

	"footnote/knowledge/packtest"
)

func TestUnanswered(t *testing.T) {
	p, problems := Load(packtest.Valid().Set("unanswered.yaml", "unanswered:\n  - When was Khrushchev born?\n  - who wrote the speech\n").FS(), "")
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
		_, problems := Load(packtest.Valid().Set("unanswered.yaml", bad.text).FS(), "")
		if len(problems) == 0 || !strings.Contains(problems[0].String(), bad.want) {
			t.Errorf("%q: %v, want a problem with %q", bad.text, problems, bad.want)
		}
	}
}
