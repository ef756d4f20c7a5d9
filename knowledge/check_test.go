package knowledge

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"footnote/knowledge/packtest"
)

// checked loads a pack that has no errors and returns what Check says of it.
func checked(t *testing.T, f packtest.Files) string {
	t.Helper()
	p, problems := Load(f.FS(), "thaw")
	if p == nil {
		t.Fatal(problems)
	}
	var lines []string
	for _, x := range CheckWith(&Base{Packs: []*Pack{p}}, time.Date(2026, 11, 23, 0, 0, 0, 0, time.UTC), nil) {
		if x.Severity != Warning {
			t.Errorf("not a warning: %v", x)
		}
		lines = append(lines, x.String())
	}
	return strings.Join(lines, "\n")
}

// cleanPack is validPack without anything to warn of.
func cleanPack() packtest.Files {
	return packtest.Valid().With("pack.yaml", "languages: [en, ru]", "languages: [en]").
		With("facts.yaml", "    questions:\n      en: [When was the secret speech?, date of the secret speech]\n      ru: [Когда был секретный доклад?]\n",
			"    questions: [When was the secret speech?, date of the secret speech, in which month did he speak]\n").
		With("facts.yaml", "[What did the speech change?]", "[effect of the speech, results of the speech, What did the speech change?]").
		With("facts.yaml", "answer: In February 1956.", "answer: In February 1956 in the Soviet Union.")
}

// library is a list of n sources that lack what is asked of those that are cited.
func library(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "\n  - {id: extra%d, type: webpage, URL: https://example.org}", i)
	}
	return b.String()
}

func TestCheck(t *testing.T) {
	if got := checked(t, cleanPack()); got != "" {
		t.Fatalf("the clean pack: %s", got)
	}
	for name, c := range map[string]struct {
		pack packtest.Files
		want string // "" for none
	}{
		"the scope of a new pack": {cleanPack().With("pack.yaml", "scope-note: A small pack for tests.", "scope-note: "+ScopeToWrite),
			"thaw/pack.yaml: warning: scope-note: it is still what a new pack has, and people see it in /about; write what the pack covers and what it does not"},
		"an unused source": {cleanPack().With("sources.yaml", "references:", "references:\n  - {id: extra, type: book, title: Extra}"),
			"thaw/sources.yaml:2:5: warning: references[extra]: no fact cites this source"},
		"a library of unused sources": {cleanPack().With("sources.yaml", "references:", "references:"+library(25)),
			"thaw/sources.yaml:2:5: warning: references[extra0]: no fact cites this source, nor 24 others of the pack"},
		"what loading warned of": {cleanPack().With("sources.yaml", "publisher:", "publsher:"),
			"thaw/sources.yaml:6:5: warning: references[archer1990].publsher: this field is not known to CSL; did you mean publisher?; it is shown at the end of the full citation"},
		"established without a place": {cleanPack().With("facts.yaml", "        locator: {label: page, value: 12-15}\n        quote: the Soviet leader spoke in 1956\n", ""),
			"thaw/facts.yaml:2:5: warning: facts[secret-speech]: the fact is established, but no citation says where in the source; add a locator"},
		"a quotation is a place": {cleanPack().With("facts.yaml", "        locator: {label: page, value: 12-15}\n", ""), ""},
		"only works of reference": {cleanPack().With("sources.yaml", "type: book", "type: entry-encyclopedia").
			With("facts.yaml", "      - holder: Robert Archer\n        claim: It changed little.\n        cites: [{source: archer1990, locator: {value: 44}}]", "      - holder: Robert Archer\n        claim: It changed little.\n        cites: [{source: baker1999}]"),
			"thaw/facts.yaml:2:5: warning: facts[secret-speech]: only works of reference are cited; add the work that they rest on"},
		"all sources are works of reference": {cleanPack().With("sources.yaml", "type: book", "type: entry-encyclopedia").With("sources.yaml", "type: article-journal", "type: entry-dictionary"),
			"thaw/sources.yaml: warning: every source is a work of reference, which restates what others found; cite the works that it rests on where you can"},
		"a page without a day": {cleanPack().With("sources.yaml", "type: article-journal", "type: webpage\n    URL: https://example.org/"),
			"thaw/sources.yaml:8:5: warning: references[baker1999]: the page may change: add accessed, the day you read it, or an archived copy (custom: {archive-url: …})"},
		"a page with an archived copy": {cleanPack().With("sources.yaml", "type: article-journal", "type: webpage\n    URL: https://example.org/\n    custom: {archive-url: 'https://archive.example/'}"), ""},
		"an untitled source": {cleanPack().With("sources.yaml", "    title: Who Remembers\n", ""),
			"thaw/sources.yaml:8:5: warning: references[baker1999]: the source has no title; add title, or genre for an untitled one"},
		"missing translations": {cleanPack().With("pack.yaml", "languages: [en]", "languages: [en, ru]").With("facts.yaml", "answer: Scholars disagree.", "answer: {en: Scholars disagree., ru: Спорно.}"),
			"thaw/facts.yaml:2:5: warning: facts[secret-speech]: not translated into ru: questions, answer, detail\n" +
				"thaw/facts.yaml:16:5: warning: facts[speech-effect]: not translated into ru: questions"},
		"synonyms of nothing": {cleanPack().With("pack.yaml", "  - [ussr, soviet union]", "  - [ussr, soviet union]\n  - [rome, roma]"),
			"thaw/pack.yaml:11:5: warning: synonyms[2]: none of rome, roma occurs in the pack; the group has no effect"},
		"a change to no fact": {cleanPack().With("pack.yaml", "fact: secret-speech", "fact: gone"),
			"thaw/pack.yaml:15:9: warning: history[1].changes[1]: there is no fact gone; a fact that was withdrawn stays, with the status retracted and the correction as its answer"},
		"confusable questions": {cleanPack().With("facts.yaml", "What did the speech change?]", "The sécret speech's date]"),
			`thaw/facts.yaml:18:62: warning: facts[speech-effect].questions: "The sécret speech's date" is hard to tell from "date of the secret speech", a question of secret-speech (thaw/facts.yaml:5); put into each what sets the two facts apart`},
		"who and when are no confusion": {cleanPack().With("facts.yaml", "What did the speech change?]", "Who was the secret speech?]"), ""},
		"an examination of its own wording": {cleanPack().With("eval.yaml", "When did Khrushchev speak in secret?", "when was the SECRET speech"),
			`thaw/eval.yaml:2:19: warning: find: "when was the SECRET speech" is a phrasing of secret-speech; a question that the pack holds proves nothing`},
		"a phrasing that must be declined": {cleanPack().With("eval.yaml", "When was Khrushchev born?", "When was the secret speech?"),
			`thaw/eval.yaml:4:15: warning: decline.near-miss: "When was the secret speech?" is a phrasing of secret-speech and will be answered`},
		"an examination in what it was taught": {cleanPack().Set("unanswered.yaml", "unanswered: [when was khrushchev born, When did Khrushchev speak in secret?]\n"),
			`thaw/eval.yaml:2:19: warning: find: "When did Khrushchev speak in secret?" stands in unanswered.yaml and will be declined` + "\n" +
				`thaw/eval.yaml:4:15: warning: decline.near-miss: "When was Khrushchev born?" stands in unanswered.yaml; a question that the pack holds proves nothing`},
		"too few ways of asking": {cleanPack().With("facts.yaml", "[effect of the speech, results of the speech, What did the speech change?]", "[What did the speech change?]"),
			"thaw/facts.yaml:16:5: warning: facts[speech-effect]: the fact has 1 way of asking; people ask in other words than yours, so give it 3, better 6: a full question, a few words, another verb"},
		"too few in one language": {cleanPack().With("pack.yaml", "languages: [en]", "languages: [en, ru]").
			With("facts.yaml", "    questions: [When was the secret speech?, date of the secret speech, in which month did he speak]\n",
				"    questions: {en: [When was the secret speech?, date of the secret speech, in which month did he speak], ru: [Когда был доклад?, дата доклада]}\n").
			With("facts.yaml", "answer: In February 1956 in the Soviet Union.", "answer: {en: In February 1956 in the Soviet Union., ru: В феврале.}").
			With("facts.yaml", "    detail: It was read at a closed session.\n", ""),
			"thaw/facts.yaml:2:5: warning: facts[secret-speech]: the fact has 2 ways of asking in ru; people ask in other words than yours, so give it 3, better 6: a full question, a few words, another verb\n" +
				"thaw/facts.yaml:15:5: warning: facts[speech-effect]: not translated into ru: questions, answer"},
		"two questions on dashes that are not below each other": {cleanPack().With("facts.yaml", "[effect of the speech, results of the speech, What did the speech change?]",
			"\n    - What was its effect?\n      - What did it change?\n    - results of the speech\n    - effect of the speech"),
			`thaw/facts.yaml:19:7: warning: facts[speech-effect].questions: "What was its effect? - What did it change?" is read as one question; if it is two, put their dashes exactly below each other`},
		"the same question by a synonym": {cleanPack().With("facts.yaml", "date of the secret speech,", "the speech in the Soviet Union,").With("facts.yaml", "effect of the speech,", "the USSR speech,"),
			"thaw/facts.yaml:18:17: warning: facts[speech-effect].questions: \"the USSR speech\" is the same question as \"the speech in the Soviet Union\" of secret-speech (thaw/facts.yaml:5), since thaw/pack.yaml:10 makes one of \"ussr\" and \"soviet union\"; " +
				"ask for each in words that set the two facts apart, or make one fact of the two\n" +
				"thaw/pack.yaml:10:5: warning: synonyms[1]: the group makes one of \"soviet union\" and \"ussr\", and facts tell them apart: secret-speech (thaw/facts.yaml:2) and speech-effect (thaw/facts.yaml:16); " +
				"take one of the two words out of the group, or make one fact of the two"},
		"a word in two groups": {cleanPack().With("pack.yaml", "  - [ussr, soviet union]", "  - [ussr, soviet union]\n  - [russia, Soviet Union]"),
			`thaw/pack.yaml:11:5: warning: synonyms[2]: "Soviet Union" stands also in the group at thaw/pack.yaml:10; a word can belong to one group only: make one group of the two, or take it out of one`},
		"the same answer": {cleanPack().With("facts.yaml", "answer: Scholars disagree.", "answer: In FEBRUARY 1956, in the Soviet Union!"),
			`thaw/facts.yaml:16:5: warning: facts[speech-effect]: the fact names a year in its answer and has no dates; with dates: [{edtf: 1956}] people find it by asking for the year` + "\n" +
				`thaw/facts.yaml:16:5: warning: facts[speech-effect].answer: the answer is that of secret-speech (thaw/facts.yaml:2) word for word; if it is one fact, put both facts' questions under one id, or else say in each answer what is different`},
		"the same few words": {cleanPack().With("facts.yaml", "answer: In February 1956 in the Soviet Union.", "answer: Scholars disagree.").With("pack.yaml", "synonyms:\n  - [ussr, soviet union]\n", ""), ""},
		"another year than the dates": {cleanPack().With("facts.yaml", "answer: In February 1956", "answer: In February 1965").With("facts.yaml", "        quote: the Soviet leader spoke in 1956\n", ""),
			"thaw/facts.yaml:2:5: warning: facts[secret-speech]: the answer speaks of 1965, and the fact's dates are 1956-02-25; correct the one that is wrong, or add the date"},
		"a number that is no year":        {cleanPack().With("facts.yaml", "answer: In February 1956", "answer: Before about 1436 people").With("facts.yaml", "        quote: the Soviet leader spoke in 1956\n", ""), ""},
		"a year beside that of the dates": {cleanPack().With("facts.yaml", "answer: In February 1956", "answer: In February 1956, and printed in 1989,"), ""},
		"an old review": {cleanPack().With("facts.yaml", "    related: [speech-effect]", "    related: [speech-effect]\n    reviewed: 2024-03"),
			"thaw/facts.yaml:2:5: warning: facts[secret-speech]: the last review was March 2024, more than two years ago"},
		"a review this year": {cleanPack().With("facts.yaml", "    related: [speech-effect]", "    related: [speech-effect]\n    reviewed: 2026-03-01"), ""},
	} {
		if got := checked(t, c.pack); got != c.want {
			t.Errorf("%s\n got  %s\n want %s", name, got, c.want)
		}
	}
}

func TestCheckCopied(t *testing.T) {
	const source = "He rose, and in February of that year he spoke against the dead leader for four hours."
	for answer, copied := range map[string]bool{
		"It was in February of that year he spoke against him.":                     true, // in february of that year he spoke against
		"In February of that year he spoke.":                                        false,
		"IN FEBRUARY of that year, he spoke: against the dead.":                     true,
		`Archer writes "in February of that year he spoke against the dead leader"`: false,
		"It was said in February, of that other year he spoke against nobody.":      false,
	} {
		p, problems := Load(cleanPack().With("facts.yaml", "answer: In February 1956 in the Soviet Union.", "answer: >-\n      "+answer+" ussr").FS(), "thaw")
		if p == nil {
			t.Fatal(problems)
		}
		got := CheckCopied(&Base{Packs: []*Pack{p}}, "the source", source)
		if (len(got) > 0) != copied {
			t.Errorf("%s: %v", answer, got)
		}
	}
}

// A warning is for people; every embedded pack is read by them.
func TestEmbeddedCheck(t *testing.T) {
	base, err := Embedded()
	if err != nil {
		t.Fatal(err)
	}
	for _, w := range CheckWith(base, time.Date(2026, 11, 23, 0, 0, 0, 0, time.UTC), nil) {
		t.Log(w)
	}
}

// A pack of facts with one question each is told so once.
func TestCheckFewQuestionsOfMany(t *testing.T) {
	var facts strings.Builder
	facts.WriteString("facts:\n")
	for i := range fewNamed + 1 {
		fmt.Fprintf(&facts, "  - id: f%d\n    status: citation-needed\n    questions: [Who was number %d?]\n    answer: The soviet union knows number %d.\n", i, i, i)
	}
	got := checked(t, cleanPack().Set("facts.yaml", facts.String()).Set("sources.yaml", "references: []\n").Set("eval.yaml", "").Without("eval.yaml").
		With("pack.yaml", "history:\n  - version: 1.0.0\n    date: 2026-01-05\n    changes:\n      - {fact: secret-speech, kind: added, note: The first fact.}\n", ""))
	if want := `thaw/facts.yaml:2:5: warning: facts: 21 facts have fewer than 3 ways of asking, this is the first; people ask in other words than yours, so give each 3, better 6; "footnote phrasings" writes a page to collect them on`; got != want {
		t.Errorf("%s", got)
	}
}

// A thesaurus finds what the synonyms of the pack do not have.
func TestCheckWithAThesaurus(t *testing.T) {
	same := func(a, b string) bool { return a == "beginning" && b == "start" }
	found := ""
	p, problems := Load(cleanPack().With("facts.yaml", "date of the secret speech,", "start of the secret speech,").With("facts.yaml", "effect of the speech,", "the beginning of a secret speech,").FS(), "thaw")
	if p == nil {
		t.Fatal(problems)
	}
	for _, x := range CheckWith(&Base{Packs: []*Pack{p}}, time.Date(2026, 11, 23, 0, 0, 0, 0, time.UTC), same) {
		found += x.String() + "\n"
	}
	if want := `thaw/facts.yaml:18:17: warning: facts[speech-effect].questions: "the beginning of a secret speech" is nearly the same question as "start of the secret speech" of secret-speech (thaw/facts.yaml:5), since "beginning" and "start" mean the same; put into each what sets the two facts apart` + "\n"; found != want {
		t.Errorf("%s", found)
	}
}

func TestYearsIn(t *testing.T) {
	for s, want := range map[string]string{
		"In February 1956, at a closed session.": "[1956]",
		"Between 1431 and 1434.":                 "[1431 1434]",
		"On 29 May 1453; by 1,500 men.":          "[1453]",
		"About 1500 men and 2000 horses.":        "[]",
		"From 1431–1434 (1435 in one account).":  "[1431 1434 1435]",
		"1956":                                "[1956]",
		"It had 1400 pages, shelf mark 1066.": "[]",
	} {
		if got := fmt.Sprint(yearsIn(s)); got != want {
			t.Errorf("%s: %s", s, got)
		}
	}
}
