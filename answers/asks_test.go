package answers

import (
	"testing"

	"footnote/answers/lexicon"
)

func TestAsksFor(t *testing.T) {
	for _, x := range []struct {
		in   string
		want asks
	}{
		{"Who printed it?", asksWho}, {"By whom was it printed?", asksWho}, {"Whose press was it?", asksWho}, {"Which scholar said so?", asksWho},
		{"When was it?", asksWhen}, {"In which year was it?", asksWhen}, {"What date was it?", asksWhen}, {"date of the first press", asksWhen}, {"in what century", asksWhen},
		{"Where was it?", asksWhere}, {"Which city had it?", asksWhere}, {"In which country was it?", asksWhere},
		{"Why?", asksWhy}, {"How come?", asksWhy}, {"For what reason?", asksWhy}, {"reasons for the ban", asksWhy},
		{"How many were there?", asksHowMany}, {"How much did it cost?", asksHowMany}, {"How long did it take?", asksHowMany},
		{"How did it work?", asksHow},
		{"What did he say when he left?", asksOther}, {"Did he print it?", asksOther}, {"movable type", asksOther}, {"", asksOther},
	} {
		if got := asksFor(read(x.in)); got != x.want {
			t.Errorf("asksFor(%q) = %d, want %d", x.in, got, x.want)
		}
	}
}

func TestParse(t *testing.T) {
	lex := lexicon.English()
	for _, x := range []struct {
		in, focus, verb, speaker string
		defines, modal, extreme  bool
	}{
		{in: "Which film praised the printer?", focus: "film", verb: "praised"},
		{in: "How many copies were made?", focus: "copies", verb: "made"},
		{in: "Who chaired the commission?", verb: "chaired"},
		{in: "What is movable type?", defines: true},
		{in: "define movable type", defines: true},
		{in: "What is movable type made of?", verb: "made"},
		{in: "Should books be banned?", modal: true},
		{in: "What do you think of books?", modal: true},
		{in: "Who was the best printer?", extreme: true},
		{in: "Who was the richest printer?", extreme: true},
		{in: "Was he richer than Aldus?", extreme: true},
		{in: "What did Eisenstein say about it?", speaker: "eisenstein"},
		{in: "According to Adrian Johns, what was it?", speaker: "johns"},
		{in: "Who was a guest?"},
	} {
		words := read(x.in)
		f := parse(words, lex)
		at := func(i int) string {
			if i < 0 {
				return ""
			}
			return words[i].text
		}
		if x.speaker == "" && f.speaker >= 0 || x.speaker != "" && at(f.speaker) != x.speaker {
			t.Errorf("%q: the speaker is %q, want %q", x.in, at(f.speaker), x.speaker)
		}
		if x.focus != "" && at(f.focus) != x.focus {
			t.Errorf("%q: the focus is %q, want %q", x.in, at(f.focus), x.focus)
		}
		if x.verb != "" && at(f.verb) != x.verb {
			t.Errorf("%q: the verb is %q, want %q", x.in, at(f.verb), x.verb)
		}
		if f.defines != x.defines || f.modal != x.modal || f.extreme != x.extreme {
			t.Errorf("%q: defines %t, modal %t, extreme %t", x.in, f.defines, f.modal, f.extreme)
		}
	}
}
