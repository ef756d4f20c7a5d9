package answers

import (
	"slices"
	"testing"

	"footnote/answers/parse"
)

// Each kind of hard evidence, with a question that shows it against the fact
// that comes first, and one that comes as near and does not.
func TestHardEvidence(t *testing.T) {
	m := cheapPress(t)
	for _, x := range []struct {
		kind     int
		fact     string // that comes first
		against  string
		harmless string
	}{
		{hardName, "gutenberg-bible", "When did Mentelin print his Latin Bible?", "When did Johannes Gutenberg print a Latin Bible?"},
		{hardDate, "caxton-westminster", "Did Caxton set up his press in 1999?", "Did Caxton set up his press in 1476?"},
		{hardDate, "censorship-index", "Was the Index of Prohibited Books first issued in March 1559?", "Was the Index of Prohibited Books first issued in 1559?"},
		{hardNumber, "gutenberg-copies", "Were 500 copies of the Gutenberg Bible made?", "Were 180 copies of the Gutenberg Bible made?"},
		{hardNot, "caxton-chaucer", "Which tales did Caxton not print by Chaucer?", "Which tales did Caxton print by Chaucer?"},
		{hardFocus, "caxton-chaucer", "Which film by Chaucer did Caxton print?", "Which tales by Chaucer did Caxton print?"},
		{hardVerb, "newspaper-strasbourg", "Who burned the first newspaper?", "Who published the very first newspaper?"},
		{hardRest, "aldus-italic", "Who introduced italic type with golden ornaments and woodcut borders?", "Who introduced italic type in Venice?"},
		{hardWhen, "gutenberg-copies", "When were copies of the Gutenberg Bible made on vellum?", "When did Gutenberg print the Latin Bible?"},
		{hardWhere, "aldus-octavo", "Where were octavo volumes of the classics sold?", "In which city did Aldus introduce italic type?"},
		{hardWhy, "newspaper-strasbourg", "Why did Carolus publish the first newspaper?", "For what reason did Aldus print small books?"},
		{hardHowMany, "fedorov-apostol", "How many Apostol volumes did Fedorov print in Moscow?", "How many copies were made of the Gutenberg Bible?"},
		{hardWho, "movable-type-definition", "Who defined movable type letters?", "Who introduced the italic type?"},
		{hardDefine, "fedorov-apostol", "What is an Apostol?", "what is the movable type"},
		{hardModal, "censorship-index", "Should there be an Index of Prohibited Books?", "Was there an Index of Prohibited Books?"},
		{hardExtreme, "newspaper-strasbourg", "Who published the best newspaper in Strasbourg?", "Who published the newspaper in Strasbourg?"},
		{hardOrder, "caxton-chaucer", "Did Chaucer publish Caxton?", "Did William Caxton publish Chaucer?"},
		{hardSpeaker, "johns-trust", "What did Caxton say about trust in printed books?", "What did Johns say about trust in printed books?"},
	} {
		for text, want := range map[string]bool{x.against: true, x.harmless: false} {
			u := m.ix.understand(text)
			d := m.decide(u, nothingExcluded)
			if len(d.order) == 0 {
				t.Errorf("%s: %q has no candidate", hardNames[x.kind], text)
				continue
			}
			if got := m.ix.facts[d.order[0]].ID; want && got != x.fact {
				t.Errorf("%s: %q comes nearest %s, want %s", hardNames[x.kind], text, got, x.fact)
			}
			if got := d.evidence.hard[x.kind]; got != want {
				t.Errorf("%s: %q (as %q) has it against %s: %t, want %t", hardNames[x.kind], text, parse.Texts(u.words), m.ix.facts[d.order[0]].ID, got, want)
			}
		}
	}
	seen := [hardKinds]bool{}
	for k, name := range hardNames {
		if name == "" {
			t.Errorf("kind %d has no name", k)
		}
		seen[k] = true
	}
}

func TestCoverage(t *testing.T) {
	m := cheapPress(t)
	for _, x := range []struct {
		text       string
		word       string
		from, upto float64
	}{
		{"caxton westminster press", "westminster", coverPhrasing, coverPhrasing}, // in a phrasing
		{"caxton westminster william", "william", coverBeyond, coverBeyond},       // only in the answer and the people
		{"caxton press at westminster england printer", "printer", coverRelated, coverPhrasing},
		{"caxton westminster press 1476", "1476", 1, 1},   // its date
		{"caxton westminster press 1470s", "1470s", 1, 1}, // a decade that holds it
		{"caxton westminster press 1480s", "1480s", 0, 0},
		{"caxton westminster press parchment", "parchment", 0, 0},
		{"the caxton westminster press", "the", -1, -1}, // tells nothing
	} {
		u := m.ix.understand(x.text)
		d := m.decide(u, nothingExcluded)
		if got := m.ix.facts[d.order[0]].ID; got != "caxton-westminster" {
			t.Errorf("%q comes nearest %s", x.text, got)
			continue
		}
		i := slices.IndexFunc(u.words, func(w parse.Word) bool { return w.Text == x.word })
		if i < 0 {
			t.Errorf("%q has no word %q: %q", x.text, x.word, parse.Texts(u.words))
			continue
		}
		if s := d.evidence.share[i]; s < x.from || s > x.upto {
			t.Errorf("%q: %q is covered %.2f, want %.2f to %.2f", x.text, x.word, s, x.from, x.upto)
		}
	}
	// Related stems are those with a long common beginning.
	if !related("rehabilit", "rehabilitation") || related("print", "prince") || related("pres", "press") {
		t.Error("related words are told wrongly")
	}
}
