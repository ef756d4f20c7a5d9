package knowledge

import (
	"strings"
	"testing"
	"time"
)

// checked loads a pack that has no errors and returns what Check says of it.
func checked(t *testing.T, f files) string {
	t.Helper()
	p, problems := Load(f.fs(), "thaw")
	if p == nil {
		t.Fatal(problems)
	}
	var lines []string
	for _, x := range CheckOn(&Base{Packs: []*Pack{p}}, time.Date(2026, 11, 23, 0, 0, 0, 0, time.UTC)) {
		if x.Severity != Warning {
			t.Errorf("not a warning: %v", x)
		}
		lines = append(lines, x.String())
	}
	return strings.Join(lines, "\n")
}

// cleanPack is validPack without anything to warn of.
func cleanPack() files {
	return validPack().with("pack.yaml", "languages: [en, ru]", "languages: [en]").
		with("facts.yaml", "    questions:\n      en: [When was the secret speech?, date of the secret speech]\n      ru: [Когда был секретный доклад?]\n",
			"    questions: [When was the secret speech?, date of the secret speech]\n").
		with("facts.yaml", "answer: In February 1956.", "answer: In February 1956 in the Soviet Union.")
}

func TestCheck(t *testing.T) {
	if got := checked(t, cleanPack()); got != "" {
		t.Fatalf("the clean pack: %s", got)
	}
	for name, c := range map[string]struct {
		pack files
		want string // "" for none
	}{
		"an unused source": {cleanPack().with("sources.yaml", "references:", "references:\n  - {id: extra, type: book, title: Extra}"),
			"thaw/sources.yaml:2:5: warning: references[extra]: no fact cites this source"},
		"what loading warned of": {cleanPack().with("sources.yaml", "publisher:", "publsher:"),
			"thaw/sources.yaml:6:5: warning: references[archer1990].publsher: this field is not known to CSL; did you mean publisher?; it is shown at the end of the full citation"},
		"established without a place": {cleanPack().with("facts.yaml", "        locator: {label: page, value: 12-15}\n        quote: a few words\n", ""),
			"thaw/facts.yaml:2:5: warning: facts[secret-speech]: the fact is established, but no citation says where in the source; add a locator"},
		"a quotation is a place": {cleanPack().with("facts.yaml", "        locator: {label: page, value: 12-15}\n", ""), ""},
		"only works of reference": {cleanPack().with("sources.yaml", "type: book", "type: entry-encyclopedia").
			with("facts.yaml", "      - holder: Robert Archer\n        claim: It changed little.\n        cites: [{source: archer1990, locator: {value: 44}}]", "      - holder: Robert Archer\n        claim: It changed little.\n        cites: [{source: baker1999}]"),
			"thaw/facts.yaml:2:5: warning: facts[secret-speech]: only works of reference are cited; add the work that they rest on"},
		"all sources are works of reference": {cleanPack().with("sources.yaml", "type: book", "type: entry-encyclopedia").with("sources.yaml", "type: article-journal", "type: entry-dictionary"),
			"thaw/sources.yaml: warning: every source is a work of reference, which restates what others found; cite the works that it rests on where you can"},
		"a page without a day": {cleanPack().with("sources.yaml", "type: article-journal", "type: webpage\n    URL: https://example.org/"),
			"thaw/sources.yaml:8:5: warning: references[baker1999]: the page may change: add accessed, the day you read it, or an archived copy (custom: {archive-url: …})"},
		"a page with an archived copy": {cleanPack().with("sources.yaml", "type: article-journal", "type: webpage\n    URL: https://example.org/\n    custom: {archive-url: 'https://archive.example/'}"), ""},
		"an untitled source": {cleanPack().with("sources.yaml", "    title: Who Remembers\n", ""),
			"thaw/sources.yaml:8:5: warning: references[baker1999]: the source has no title; add title, or genre for an untitled one"},
		"missing translations": {cleanPack().with("pack.yaml", "languages: [en]", "languages: [en, ru]").with("facts.yaml", "answer: Scholars disagree.", "answer: {en: Scholars disagree., ru: Спорно.}"),
			"thaw/facts.yaml:2:5: warning: facts[secret-speech]: not translated into ru: questions, answer, detail\n" +
				"thaw/facts.yaml:16:5: warning: facts[speech-effect]: not translated into ru: questions"},
		"synonyms of nothing": {cleanPack().with("pack.yaml", "  - [ussr, soviet union]", "  - [ussr, soviet union]\n  - [rome, roma]"),
			"thaw/pack.yaml:11:5: warning: synonyms[2]: none of rome, roma occurs in the pack; the group has no effect"},
		"a change to no fact": {cleanPack().with("pack.yaml", "fact: secret-speech", "fact: gone"),
			"thaw/pack.yaml:15:9: warning: history[1].changes[1]: there is no fact gone; a fact that was withdrawn stays, with the status retracted and the correction as its answer"},
		"confusable questions": {cleanPack().with("facts.yaml", "[What did the speech change?]", "[What did the speech change?, The sécret speech's date]"),
			`thaw/facts.yaml:18:46: warning: facts[speech-effect].questions: "The sécret speech's date" is hard to tell from "date of the secret speech", a question of secret-speech (thaw/facts.yaml:5)`},
		"who and when are no confusion": {cleanPack().with("facts.yaml", "[What did the speech change?]", "[Who was the secret speech?]"), ""},
		"an examination of its own wording": {cleanPack().with("eval.yaml", "When did Khrushchev speak in secret?", "when was the SECRET speech"),
			`thaw/eval.yaml:2:19: warning: find: "when was the SECRET speech" is a phrasing of secret-speech; a question that the pack holds proves nothing`},
		"a phrasing that must be declined": {cleanPack().with("eval.yaml", "When was Khrushchev born?", "When was the secret speech?"),
			`thaw/eval.yaml:4:15: warning: decline.near-miss: "When was the secret speech?" is a phrasing of secret-speech and will be answered`},
		"an examination in what it was taught": {cleanPack().set("unanswered.yaml", "unanswered: [when was khrushchev born, When did Khrushchev speak in secret?]\n"),
			`thaw/eval.yaml:2:19: warning: find: "When did Khrushchev speak in secret?" stands in unanswered.yaml and will be declined` + "\n" +
				`thaw/eval.yaml:4:15: warning: decline.near-miss: "When was Khrushchev born?" stands in unanswered.yaml; a question that the pack holds proves nothing`},
		"an old review": {cleanPack().with("facts.yaml", "    related: [speech-effect]", "    related: [speech-effect]\n    reviewed: 2024-03"),
			"thaw/facts.yaml:2:5: warning: facts[secret-speech]: the last review was March 2024, more than two years ago"},
		"a review this year": {cleanPack().with("facts.yaml", "    related: [speech-effect]", "    related: [speech-effect]\n    reviewed: 2026-03-01"), ""},
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
		p, problems := Load(cleanPack().with("facts.yaml", "answer: In February 1956 in the Soviet Union.", "answer: >-\n      "+answer+" ussr").fs(), "thaw")
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
	for _, w := range CheckOn(base, time.Date(2026, 11, 23, 0, 0, 0, 0, time.UTC)) {
		t.Log(w)
	}
}
