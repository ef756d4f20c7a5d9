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
		{"How old was he?", asksHowMany}, {"how tall was the tower", asksHowMany}, {"How far did they march?", asksHowMany}, {"How often was it printed?", asksHowMany},
		{"How high were the walls?", asksHowMany}, {"How deep was the moat?", asksHowMany}, {"How fast were the ships?", asksHowMany}, {"how big was the army", asksHowMany},
		{"How large was the army?", asksHowMany}, {"At what age did he die?", asksHowMany}, {"What percentage of men could read?", asksHowMany},
		{"What share did he own?", asksHowMany}, {"What number of copies was made?", asksHowMany}, {"What was the population of the city?", asksHowMany},
		{"What amount did he pay?", asksHowMany}, {"What was the number of defenders?", asksHowMany}, {"How long ago was it?", asksWhen}, {"How late did it open?", asksWhen},
		{"Which decade was it?", asksWhen}, {"In which decade was it?", asksWhen}, {"What was the date of the fall?", asksWhen}, {"What is the exact date?", asksWhen},
		{"What did he do that for?", asksWhy}, {"What was the castle for?", asksWhy}, {"What was he known for?", asksOther}, {"What caused the fire?", asksWhy}, {"What led to the war?", asksWhy},
		{"Whom did he marry?", asksWho}, {"To whom did he sell it?", asksWho}, {"From where did he come?", asksWhere}, {"Where did he come from?", asksWhere}, {"whereabouts was it", asksWhere},
		{"What city had it?", asksWhere}, {"From what town did he come?", asksWhere}, {"What country was it in?", asksWhere}, {"Which emperor built it?", asksWho}, {"Which Roman emperor built it?", asksWho},
		{"Which king was it?", asksWho}, {"What was the name of the general?", asksWho}, {"What was the capital of the empire?", asksWhere},
		{"Was it Khrushchev who denounced Stalin?", asksOther}, {"Did he live when it was printed?", asksOther}, {"Wasn't it he who said so?", asksOther},
		{"Do you know when it was printed?", asksWhen}, {"Can you tell me who printed it?", asksWho}, {"does anyone know where it was", asksWhere}, {"I want to know why he left", asksWhy},
		{"the year when it fell", asksWhen}, {"number of defenders in 1453", asksHowMany}, {"Which film praised him?", asksOther}, {"What is movable type?", asksOther},
		{"What happened when he died?", asksOther}, {"Which chair did he have?", asksOther}, {"What was the Index?", asksOther},
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
		{in: "What was the fall of Constantinople?"},
		{in: "What is the highest peak of Victoria?", extreme: true},
		{in: "What is the meaning of movable type?", defines: true},
		{in: "According to Johns, what was it?", speaker: "johns"},
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
