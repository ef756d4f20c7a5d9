package asjson

import (
	"math"
	"strings"
	"testing"
	"time"

	"footnote/answers"
)

// What is empty is an empty list and never null, what is no number is 0, and a line is one line.
func TestLine(t *testing.T) {
	r := answers.Result{Outcome: answers.Declined, Why: answers.Why{Confidence: math.NaN(), Margin: math.Inf(1)}}
	line, err := Line(Of("a <b>\nc", r, 1500*time.Nanosecond, true))
	if err != nil {
		t.Fatal(err)
	}
	text := string(line)
	for _, want := range []string{`"question":"a <b>\nc"`, `"fact":null`, `"citations":[]`, `"offered":[]`, `"elapsed_us":1`, `"words":[]`, `"confidence":0`} {
		if !strings.Contains(text, want) {
			t.Errorf("%s lacks %s", text, want)
		}
	}
	if strings.Count(text, "\n") != 1 {
		t.Errorf("%q", text)
	}
}
