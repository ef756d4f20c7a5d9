package parse

import "testing"

// What a question asks for, and whether a text tells it.
func TestDetails(t *testing.T) {
	for _, c := range []struct {
		question string
		want     Details
		told     string // a text that tells it
		untold   string // one that does not
	}{
		{"How tall was the tower?", detailLength, "It rises 112 feet above the stream.", "It was finished in 1138."},
		{"town hall height", detailLength, "The hall is 40 metres high.", "The hall was built from 1472 to 1483."},
		{"how heavy was the gun", detailWeight, "It weighed nine tons.", "It burst at its ninety-first shot."},
		{"what wages did a fitter get in 1900", detailMoney, "A fitter was paid 30 shillings.", "Some 2,300 men worked there."},
		{"How much did the viaduct cost?", detailMoney, "It was built for £90,000.", "It has 24 arches."},
		{"how long did the siege last", detailDuration | detailLength, "It went on from 1564 to 1566.", "The garrison starved."},
		{"how many weeks did it last", detailDuration, "They held out for six weeks.", "They held out."},
		{"what was the speed limit", detailSpeed, "A limit of 55 mph was set.", "Fuel was scarce."},
		{"What colour was the habit?", detailColour, "Their habit was grey.", "They wore a habit."},
		{"what did the king die of", detailDeath, "He died of a fever.", "He died on 3 February 671."},
		{"How did the second king die?", detailDeath | detailAgain, "He was killed in battle.", "He died in 1297."},
		{"which language did they speak", detailLanguage, "They spoke a Norse dialect.", "They came from the north."},
		{"in which month did it fall", detailMonth, "It fell on 3 May 1453.", "It fell in 1453."},
		{"on what day was the statue unveiled", detailDay, "It was unveiled on 1 May 1949.", "It was unveiled in 1949."},
		{"where is he buried", detailGrave, "His tomb is in the choir.", "He died in exile."},
		{"who lives there today", detailToday, "It is a school now.", "It burnt down."},
		{"when was it banned again", detailAgain, "In 1921, for a second time.", "In 1908."},
		{"when did he come back to power", detailAgain, "He returned in 1957.", "He fell in 1954."},
		{"who was bishop after Robert", detailSuccession, "Stigand succeeded him.", "Robert was bishop from 1051."},
		{"who was the wife of the king", detailSpouse, "He married Isaline of Maur.", "He was crowned in 1207."},
		{"who was his mother", detailParent, "He was the son of Mathilde.", "He was crowned in 1207."},
		{"who were her children", detailChild, "She had three sons.", "She was crowned in 1207."},
		{"who was the king's brother", detailSibling, "His brother Karl ruled after him.", "He was crowned in 1207."},
		{"what is her profession", detailProfession, "The sociologist asserts a consensus.", "She was born in 1962."},
		{"what did he do for a living", detailProfession, "He is a reporter.", "He was born in 1962."},
		{"what is Khapaeva's profession", detailProfession, "The sociologist asserts a consensus.", "She was born in 1962."},
		{"What kind of scholar was he?", detailProfession, "The sociologist asserts a consensus.", "He was born in 1962."},
		{"what was the gun's weight", detailWeight, "It weighed nine tons.", "It burst at its ninety-first shot."},
		{"which office did he hold", detailProfession, "He was Mayor of the city.", "He wrote three books."},
	} {
		if got := DetailsAsked(Question("en", c.question)); got != c.want {
			t.Errorf("%q asks for %b, want %b", c.question, got, c.want)
		}
		if DetailsTold(c.told, Text("en", c.told))&c.want == 0 {
			t.Errorf("%q does not tell what %q asks", c.told, c.question)
		}
		if DetailsTold(c.untold, Text("en", c.untold))&c.want != 0 {
			t.Errorf("%q tells what %q asks", c.untold, c.question)
		}
	}
}

// What looks like a question for a detail and is none.
func TestNoDetails(t *testing.T) {
	for _, q := range []string{
		"how long ago was it", "how big was the order at its height", "what accident cost the count his life", "when did his wife die", "who killed his brother",
		"how much aid did they give", "what did he do", "who was the first to go back in time", "who built the bridge",
	} {
		if d := DetailsAsked(Question("en", q)); d != 0 {
			t.Errorf("%q asks for %b", q, d)
		}
	}
	if d := DetailsAsked(Question("de", "woran starb der König")); d != 0 {
		t.Errorf("a question in German asks for %b", d)
	}
	if DetailsTold("", Text("de", "Er starb am Fieber")) != ^Details(0) {
		t.Error("of a text in German is known what it tells")
	}
}

func TestAsksName(t *testing.T) {
	for q, want := range map[string]bool{
		"who built it": true, "what was the name of the ship": true, "What were the monks called?": true, "what did the monks name in the charter": false, "when was it built": false,
	} {
		if got := AsksName(Question("en", q)); got != want {
			t.Errorf("%q: %v", q, got)
		}
	}
}
