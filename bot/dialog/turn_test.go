package dialog

import (
	"encoding/json"
	"reflect"
	"testing"
	"time"

	"footnote/answers"
)

// TestTurnKeepsAll: each field of a memory goes there and comes back, but for the words of
// the question. A new field of memory, or of what it holds, fails this test until it is shared.
func TestTurnKeepsAll(t *testing.T) {
	now := time.Date(2026, 11, 29, 7, 0, 0, 0, time.UTC)
	e := explanation{
		kind: answers.Answered, by: "ann", at: now.Add(-time.Minute), fact: "a", near: []near{{"a", "A?", .9}}, follow: true, tentative: true, inherits: true,
		offered: []near{{"b", "B?", .4}},
		why:     answers.Why{Phrasing: "A?", Confidence: .9, RunnerUp: "b", Margin: .5, Reason: "sure", Encoder: true},
	}
	reported := "a"
	m := memory{
		fact: "a", unsure: true, offer: offer{[]string{"a", "b"}, true, "ris", "q1"}, quiz: []openQuiz{{fact: "a", right: 2, options: 4}}, reporting: &reported, list: "topic",
		page: action{verb: doTurn, list: listWorks, page: 2}, explained: e, before: []explanation{e}, asker: "ann", spoken: "de", n: 7,
	}
	v := reflect.ValueOf(m)
	for i := range v.NumField() {
		if name := v.Type().Field(i).Name; v.Field(i).IsZero() && name != "unsaved" {
			t.Errorf("%s is not set here", name)
		}
	}
	v = reflect.ValueOf(e)
	for i := range v.NumField() {
		if v.Field(i).IsZero() {
			t.Errorf("%s of an explanation is not set here", v.Type().Field(i).Name)
		}
	}
	text, err := json.Marshal(turnOf(m, now))
	if err != nil {
		t.Fatal(err)
	}
	var back turn
	if err := json.Unmarshal(text, &back); err != nil {
		t.Fatal(err)
	}
	later := now.Add(10 * time.Minute) // by a clock that is wrong
	got := back.memory(later)
	for _, x := range []*explanation{&got.explained, &got.before[0]} {
		if !x.at.Equal(later.Add(-time.Minute)) {
			t.Errorf("explained at %v", x.at)
		}
		x.at = e.at
	}
	if !reflect.DeepEqual(got, m) {
		t.Errorf("%+v\nwant\n%+v", got, m)
	}
}
