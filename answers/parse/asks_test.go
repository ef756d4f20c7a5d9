package parse

import (
	"testing"

	"footnote/answers/lexicon"
)

func TestAsksFor(t *testing.T) {
	for _, x := range []struct {
		in   string
		want Asks
	}{
		{"Who printed it?", AsksWho}, {"By whom was it printed?", AsksWho}, {"Whose press was it?", AsksWho}, {"Which scholar said so?", AsksWho},
		{"When was it?", AsksWhen}, {"In which year was it?", AsksWhen}, {"What date was it?", AsksWhen}, {"date of the first press", AsksWhen}, {"in what century", AsksWhen},
		{"Where was it?", AsksWhere}, {"Which city had it?", AsksWhere}, {"In which country was it?", AsksWhere},
		{"Why?", AsksWhy}, {"How come?", AsksWhy}, {"For what reason?", AsksWhy}, {"reasons for the ban", AsksWhy},
		{"How many were there?", AsksHowMany}, {"How much did it cost?", AsksHowMany}, {"How long did it take?", AsksHowMany},
		{"How did it work?", AsksHow},
		{"How old was he?", AsksHowMany}, {"how tall was the tower", AsksHowMany}, {"How far did they march?", AsksHowMany}, {"How often was it printed?", AsksHowMany},
		{"How high were the walls?", AsksHowMany}, {"How deep was the moat?", AsksHowMany}, {"How fast were the ships?", AsksHowMany}, {"how big was the army", AsksHowMany},
		{"How large was the army?", AsksHowMany}, {"At what age did he die?", AsksHowMany}, {"What percentage of men could read?", AsksHowMany},
		{"What share did he own?", AsksHowMany}, {"What number of copies was made?", AsksHowMany}, {"What was the population of the city?", AsksHowMany},
		{"What amount did he pay?", AsksHowMany}, {"What was the number of defenders?", AsksHowMany}, {"How long ago was it?", AsksWhen}, {"How late did it open?", AsksWhen},
		{"Which decade was it?", AsksWhen}, {"In which decade was it?", AsksWhen}, {"What was the date of the fall?", AsksWhen}, {"What is the exact date?", AsksWhen},
		{"What did he do that for?", AsksWhy}, {"What was the castle for?", AsksWhy}, {"What was he known for?", AsksOther}, {"What caused the fire?", AsksWhy}, {"What led to the war?", AsksWhy},
		{"Whom did he marry?", AsksWho}, {"To whom did he sell it?", AsksWho}, {"From where did he come?", AsksWhere}, {"Where did he come from?", AsksWhere}, {"whereabouts was it", AsksWhere},
		{"What city had it?", AsksWhere}, {"From what town did he come?", AsksWhere}, {"What country was it in?", AsksWhere}, {"Which emperor built it?", AsksWho}, {"Which Roman emperor built it?", AsksWho},
		{"Which king was it?", AsksWho}, {"What was the name of the general?", AsksWho}, {"What was the capital of the empire?", AsksWhere},
		{"Was it Khrushchev who denounced Stalin?", AsksOther}, {"Did he live when it was printed?", AsksOther}, {"Wasn't it he who said so?", AsksOther},
		{"Do you know when it was printed?", AsksWhen}, {"Can you tell me who printed it?", AsksWho}, {"does anyone know where it was", AsksWhere}, {"I want to know why he left", AsksWhy},
		{"the year when it fell", AsksWhen}, {"number of defenders in 1453", AsksHowMany}, {"Which film praised him?", AsksOther}, {"What is movable type?", AsksOther},
		{"What happened when he died?", AsksOther}, {"Which chair did he have?", AsksOther}, {"What was the Index?", AsksOther},
		{"What did he say when he left?", AsksOther}, {"Did he print it?", AsksOther}, {"movable type", AsksOther}, {"", AsksOther},
	} {
		if got := AsksFor(read(x.in)); got != x.want {
			t.Errorf("AsksFor(%q) = %d, want %d", x.in, got, x.want)
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
		f := FrameOf(words, lex)
		at := func(i int) string {
			if i < 0 {
				return ""
			}
			return words[i].Text
		}
		if x.speaker == "" && f.Speaker >= 0 || x.speaker != "" && at(f.Speaker) != x.speaker {
			t.Errorf("%q: the speaker is %q, want %q", x.in, at(f.Speaker), x.speaker)
		}
		if x.focus != "" && at(f.Focus) != x.focus {
			t.Errorf("%q: the focus is %q, want %q", x.in, at(f.Focus), x.focus)
		}
		if x.verb != "" && at(f.Verb) != x.verb {
			t.Errorf("%q: the verb is %q, want %q", x.in, at(f.Verb), x.verb)
		}
		if f.Defines != x.defines || f.Modal != x.modal || f.Extreme != x.extreme {
			t.Errorf("%q: defines %t, modal %t, extreme %t", x.in, f.Defines, f.Modal, f.Extreme)
		}
	}
}
