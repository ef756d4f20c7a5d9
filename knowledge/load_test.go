package knowledge

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"footnote/knowledge/csl"
	"footnote/knowledge/packtest"
)

var update = flag.Bool("update", false, "write testdata/*.txt anew")

func TestValidPack(t *testing.T) {
	p, problems := Load(packtest.Valid().FS(), "thaw")
	if p == nil || len(problems) > 0 {
		t.Fatal(problems)
	}
	f := p.Facts[0]
	if got := f.Canonical("ru"); got != "Когда был секретный доклад?" {
		t.Errorf("canonical %q", got)
	}
	if f.Questions[1].Place.Line != 6 || f.Questions[1].Lang != "en" {
		t.Errorf("%+v", f.Questions[1])
	}
	if f.Answer.In("de") != "In February 1956." || f.Answer["en"] == "" {
		t.Errorf("%v", f.Answer)
	}
	if f.Dates[0].EDTF != "1956-02-25" || f.Dates[0].Label["en"] != "the speech" {
		t.Errorf("%+v", f.Dates)
	}
	c := f.Cites[0]
	if c.Source != p.Sources[0] || c.Locator != (csl.Locator{Label: "page", Value: "12-15"}) || c.Quote != "the Soviet leader spoke in 1956" {
		t.Errorf("%+v", c)
	}
	disputed := p.Facts[1]
	if len(disputed.Positions) != 2 || len(disputed.Cites) != 2 || disputed.Cites[1].Source.ID != "baker1999" {
		t.Errorf("a disputed fact without cites has those of its positions: %+v", disputed.Cites)
	}
	if p.Sources[1].Dates["issued"].EDTF != "1999-04" || p.Sources[1].Fields["volume"] != "58" {
		t.Errorf("%+v", p.Sources[1])
	}
	if len(p.Eval.Find) != 1 || p.Eval.Find[0].Facts[0] != "secret-speech" || len(p.Eval.Decline) != 2 || p.Eval.Decline[1].Kind != Empty {
		t.Errorf("%+v", p.Eval)
	}
	if p.Maintainers[0] != "Ann Curator" || p.ORCID["Ann Curator"] != "0000-0002-1825-0097" {
		t.Errorf("%v %v", p.Maintainers, p.ORCID)
	}
	if len(p.History) != 1 || p.History[0].Changes[0].Kind != Added {
		t.Errorf("%+v", p.History)
	}
}

func TestSeveralFiles(t *testing.T) {
	f := packtest.Valid()
	f["facts/b.yaml"] = "facts:\n  - {id: b, status: citation-needed, questions: [What is b?], answer: B., related: [secret-speech]}\n"
	f["facts/a.yaml"] = "facts:\n  - {id: a, status: established, questions: [What is a?], answer: A., cites: [{source: extra}]}\n"
	f["sources/extra.yaml"] = "- {id: extra, type: book, title: Extra}\n" // a bare list, as Zotero's CSL JSON is
	p, problems := Load(f.FS(), "")
	if p == nil {
		t.Fatal(problems)
	}
	var ids []string
	for _, x := range p.Facts {
		ids = append(ids, x.ID)
	}
	if got := strings.Join(ids, " "); got != "secret-speech speech-effect a b" {
		t.Error(got)
	}
}

// Positions come in the order of who held them first: by their own date, or by the
// first appearance of what they cite. The year of the edition says nothing, and what
// has no date keeps its place.
func TestPositionsByDate(t *testing.T) {
	holders := func(f packtest.Files) string {
		p, problems := Load(f.FS(), "")
		if p == nil {
			t.Fatal(problems)
		}
		var out []string
		for _, x := range p.Facts[1].Positions {
			if len(x.Cites) != 1 || x.Cites[0].Source == nil {
				t.Errorf("%s cites %+v", x.Holder, x.Cites)
			}
			out = append(out, x.Holder)
		}
		return strings.Join(out, ", ")
	}
	const asWritten, turned = "Robert Archer, Anna Baker", "Anna Baker, Robert Archer"
	dated := func(f packtest.Files, holder, date string) packtest.Files {
		return f.With("facts.yaml", "holder: "+holder, "holder: "+holder+"\n        date: "+date)
	}
	edited := packtest.Valid().With("sources.yaml", "issued: 1990", "issued: 2001")
	for _, c := range []struct {
		name string
		pack packtest.Files
		want string
	}{
		{"no dates", packtest.Valid(), asWritten},
		{"a later edition", edited, asWritten},
		{"one date", dated(packtest.Valid(), "Anna Baker", "1985"), asWritten},
		{"two dates", dated(dated(packtest.Valid(), "Anna Baker", "1985"), "Robert Archer", "1990"), turned},
		{"the same year", dated(dated(packtest.Valid(), "Anna Baker", "1985-02"), "Robert Archer", "1985-03"), turned},
		{"before our era", dated(dated(packtest.Valid(), "Anna Baker", "-0043"), "Robert Archer", "0014"), turned},
		{"a date and a first appearance", dated(packtest.Valid().With("sources.yaml", "issued: 1990", "issued: 1990\n    original-date: 1453"), "Anna Baker", "1452"), turned},
		{"a first appearance alone", packtest.Valid().With("sources.yaml", "issued: 1990", "issued: 1990\n    original-date: 1453"), asWritten},
	} {
		if got := holders(c.pack); got != c.want {
			t.Errorf("%s: %s", c.name, got)
		}
	}
}

// What editors of other systems do to a file changes nothing.
func TestLineEndsAndMark(t *testing.T) {
	f := packtest.Valid()
	for name, text := range f {
		f[name] = "\ufeff" + strings.ReplaceAll(text, "\n", "\r\n")
	}
	p, problems := Load(f.FS(), "")
	if p == nil || len(problems) > 0 || p.Facts[0].Detail["en"] != "It was read at a closed session." || p.Facts[1].Place.Line != 18 {
		t.Fatal(problems)
	}
	null := packtest.Valid().With("sources.yaml", "family: Archer", "family: Null")
	if p, problems = Load(null.FS(), ""); p == nil || p.Sources[0].Authors()[0] != "Robert Null" {
		t.Fatal(problems)
	}
}

func TestHash(t *testing.T) {
	hash := func(f packtest.Files) string {
		p, problems := Load(f.FS(), "")
		if p == nil {
			t.Fatal(problems)
		}
		return p.Hash
	}
	base := hash(packtest.Valid())
	if hash(packtest.Valid()) != base || len(base) != 64 {
		t.Error("the same content has another hash")
	}
	if hash(packtest.Valid().With("facts.yaml", "In February 1956.", "In February 1956!")) == base {
		t.Error("other content has the same hash")
	}
	if hash(packtest.Valid().Without("eval.yaml")) == base {
		t.Error("without eval.yaml the hash is the same")
	}
	if hash(packtest.Valid().Set("README.md", "not part of the pack")) != base {
		t.Error("a file that is not read changes the hash")
	}
}

// TestProblems breaks one thing at a time and compares what is reported with
// testdata/problems.txt, which is meant to be read.
func TestProblems(t *testing.T) {
	var out strings.Builder
	seen := map[string]bool{}
	for _, c := range problemCases() {
		if seen[c.name] {
			t.Fatalf("two cases are called %q", c.name)
		}
		seen[c.name] = true
		_, problems := Load(c.pack.FS(), "thaw")
		if len(problems) == 0 {
			t.Errorf("%s: no problem was found", c.name)
		}
		fmt.Fprintf(&out, "# %s\n", c.name)
		for _, p := range problems {
			fmt.Fprintf(&out, "%s\n", p)
			if p.Message == "" || p.File == "" {
				t.Errorf("%s: a problem without file or message: %+v", c.name, p)
			}
		}
		out.WriteByte('\n')
	}
	golden(t, "problems.txt", out.String())
}

// golden compares got with a file of testdata, or writes it with -update.
func golden(t *testing.T, name, got string) {
	t.Helper()
	file := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if got == string(want) {
		return
	}
	g, w := strings.Split(got, "\n"), strings.Split(string(want), "\n")
	for i := range g {
		if i >= len(w) || g[i] != w[i] {
			t.Fatalf("%s differs at line %d (run with -update and review)\n got  %s\n want %s", name, i+1, g[i], strings.Join(w[min(i, len(w)):min(i+1, len(w))], ""))
		}
	}
	t.Fatalf("%s has %d lines more", name, len(w)-len(g))
}

type problemCase struct {
	name string
	pack packtest.Files
}

// problemCases are packs with one thing wrong each.
func problemCases() []problemCase {
	long := strings.Repeat("слово ", 51) // 306 characters, 612 bytes and more
	return []problemCase{
		// pack.yaml
		{"no pack.yaml", packtest.Valid().Without("pack.yaml")},
		{"pack.yaml is empty", packtest.Valid().Set("pack.yaml", "")},
		{"pack.yaml holds comments only", packtest.Valid().Set("pack.yaml", "# soon\n")},
		{"required keys are missing", packtest.Valid().Set("pack.yaml", "license: MIT\n")},
		{"another schema", packtest.Valid().With("pack.yaml", "footnote/1", "footnote/2")},
		{"a misspelt key", packtest.Valid().With("pack.yaml", "license:", "licence:")},
		{"an underscore for a hyphen", packtest.Valid().With("pack.yaml", "scope-note:", "scope_note:")},
		{"a key twice", packtest.Valid().With("pack.yaml", "title: The Thaw", "title: The Thaw\ntitle: Thaw")},
		{"a version with two numbers", packtest.Valid().With("pack.yaml", "version: 1.0.0", "version: 1.0")},
		{"a language by its name", packtest.Valid().With("pack.yaml", "[en, ru]", "[English, ru]")},
		{"a language twice", packtest.Valid().With("pack.yaml", "[en, ru]", "[en, ru, en]")},
		{"languages as a text", packtest.Valid().With("pack.yaml", "[en, ru]", "en, ru")},
		{"an id with capitals and spaces", packtest.Valid().With("pack.yaml", "id: thaw", "id: The Thaw")},
		{"a malformed ORCID", packtest.Valid().With("pack.yaml", "0000-0002-1825-0097", "1825-0097")},
		{"a synonym alone", packtest.Valid().With("pack.yaml", "[ussr, soviet union]", "[ussr]")},
		{"synonyms as a flat list", packtest.Valid().With("pack.yaml", "  - [ussr, soviet union]", "  - ussr\n  - soviet union")},
		{"an unknown kind of change", packtest.Valid().With("pack.yaml", "kind: added", "kind: add")},
		{"a text in a language that is not the pack's", packtest.Valid().With("pack.yaml", "title: The Thaw", "title: {de: Tauwetter}")},

		// facts
		{"no facts", packtest.Valid().Without("facts.yaml")},
		{"an empty list of facts", packtest.Valid().Set("facts.yaml", "facts: []\n").Without("eval.yaml")},
		{"facts without their key", packtest.Valid().Set("facts.yaml", "- id: a\n").Without("eval.yaml")},
		{"facts as a map", packtest.Valid().Set("facts.yaml", "facts:\n  secret-speech: {status: established}\n").Without("eval.yaml")},
		{"a fact that is a text", packtest.Valid().With("facts.yaml", "  - id: speech-effect", "  - just a text\n  - id: speech-effect")},
		{"a misspelt key of a fact", packtest.Valid().With("facts.yaml", "keywords:", "key-words:")},
		{"a missing answer", packtest.Valid().With("facts.yaml", "    answer: In February 1956.\n", "")},
		{"an empty answer", packtest.Valid().With("facts.yaml", "answer: In February 1956.", "answer:")},
		{"an answer of white space", packtest.Valid().With("facts.yaml", "answer: In February 1956.", `answer: "  "`)},
		{"an answer as a list", packtest.Valid().With("facts.yaml", "answer: In February 1956.", "answer: [In February 1956.]")},
		{"an answer over the limit", packtest.Valid().With("facts.yaml", "In February 1956.", long)},
		{"an unknown status", packtest.Valid().With("facts.yaml", "status: established", "status: establisht")},
		{"an id that is too long", packtest.Valid().With("facts.yaml", "id: speech-effect", "id: "+strings.Repeat("long-", 10)+"id").With("facts.yaml", "related: [speech-effect]", "related: []")},
		{"an id with an underscore", packtest.Valid().With("facts.yaml", "id: speech-effect", "id: speech_effect").With("facts.yaml", "related: [speech-effect]", "related: []")},
		{"two facts with one id", packtest.Valid().With("facts.yaml", "id: speech-effect", "id: secret-speech").With("facts.yaml", "    related: [speech-effect]\n", "")},
		{"no questions", packtest.Valid().With("facts.yaml", "questions: [What did the speech change?]", "questions: []")},
		{"questions as a text", packtest.Valid().With("facts.yaml", "questions: [What did the speech change?]", "questions: What did the speech change?")},
		{"a question of signs", packtest.Valid().With("facts.yaml", "[What did the speech change?]", `["???"]`)},
		{"a phrasing twice in one fact", packtest.Valid().With("facts.yaml", "date of the secret speech", "when was the secret speech")},
		{"a phrasing in two facts", packtest.Valid().With("facts.yaml", "What did the speech change?", "When was the Secret Speech")},
		{"attributed to nobody", packtest.Valid().With("facts.yaml", "status: established", "status: attributed")},
		{"disputed by one", packtest.Valid().With("facts.yaml", "      - holder: Anna Baker\n        claim: It changed everything.\n        cites: [{source: baker1999}]\n", "")},
		{"positions without a dispute", packtest.Valid().With("facts.yaml", "status: disputed", "status: established")},
		{"a position without citation", packtest.Valid().With("facts.yaml", "        cites: [{source: baker1999}]\n", "")},
		{"established without citation", packtest.Valid().With("facts.yaml", "    cites:\n      - source: archer1990\n        locator: {label: page, value: 12-15}\n        quote: the Soviet leader spoke in 1956\n", "")},
		{"a dangling source", packtest.Valid().With("facts.yaml", "source: archer1990\n", "source: archer1991\n")},
		{"a source under its number", packtest.Valid().With("facts.yaml", "source: archer1990\n", "source: 7\n")},
		{"a dangling related fact", packtest.Valid().With("facts.yaml", "[speech-effect]", "[speech-efect]")},
		{"a fact related to itself", packtest.Valid().With("facts.yaml", "[speech-effect]", "[secret-speech]")},
		{"a date in words", packtest.Valid().With("facts.yaml", "1956-02-25", "25 February 1956")},
		{"a date that does not exist", packtest.Valid().With("facts.yaml", "1956-02-25", "1957-02-29")},
		{"a date day first", packtest.Valid().With("facts.yaml", "1956-02-25", "25.02.1956")},
		{"a date as a text where a list belongs", packtest.Valid().With("facts.yaml", "[{edtf: 1956-02-25, label: the speech}]", "1956-02-25")},
		{"an unknown locator", packtest.Valid().With("facts.yaml", "label: page", "label: pages")},
		{"a locator without value", packtest.Valid().With("facts.yaml", "{label: page, value: 12-15}", "{label: page}")},
		{"a quotation that is too long", packtest.Valid().With("facts.yaml", "quote: the Soviet leader spoke in 1956", "quote: "+strings.Repeat("word ", 101))},

		// sources
		{"no sources", packtest.Valid().Without("sources.yaml")},
		{"sources in JSON under its own name", packtest.Valid().Without("sources.yaml").Set("sources.json", "[]")},
		{"a file of JSON in a folder", packtest.Valid().Set("sources/more.json", "[]")},
		{"references misspelt", packtest.Valid().With("sources.yaml", "references:", "reference:")},
		{"a source without id", packtest.Valid().With("sources.yaml", "  - id: baker1999\n    type", "  - type")},
		{"two sources with one id", packtest.Valid().With("sources.yaml", "id: baker1999", "id: archer1990")},
		{"an author as a misspelt map", packtest.Valid().With("sources.yaml", "{family: Archer, given: Robert}", "{famliy: Archer, given: Robert}")},
		{"a source's date with thirteen months", packtest.Valid().With("sources.yaml", "[[1999, 4]]", "[[1999, 17]]")},
		{"a misspelt field of a source", packtest.Valid().With("sources.yaml", "publisher:", "publsher:")},
		{"an address that is no link", packtest.Valid().With("sources.yaml", "    issued: 1990", "    issued: 1990\n    URL: javascript:alert(1)")},

		// eval
		{"a fact that eval.yaml invents", packtest.Valid().With("eval.yaml", "secret-speech:", "secret-speach:")},
		{"an unknown kind in eval.yaml", packtest.Valid().With("eval.yaml", "near-miss:", "near_miss:")},
		{"a question both found and declined", packtest.Valid().With("eval.yaml", "When was Khrushchev born?", "When did Khrushchev speak in secret?")},

		// texts
		{"a soft hyphen in an answer", packtest.Valid().With("facts.yaml", "In February", "In Feb\u00adruary")},
		{"a question that turns the line around", packtest.Valid().With("facts.yaml", "What did the speech change?", "\u202eWhat did the speech change?")},

		// YAML
		{"a colon in a text", packtest.Valid().With("facts.yaml", "answer: In February 1956.", "answer: Note: in February 1956.")},
		{"a tab", packtest.Valid().With("facts.yaml", "    status: established", "\tstatus: established")},
		{"an open quotation mark", packtest.Valid().With("facts.yaml", "answer: In February 1956.", `answer: "In February 1956.`)},
		{"an apostrophe inside single quotes", packtest.Valid().With("facts.yaml", "answer: In February 1956.", `answer: 'Stalin's death'`)},
		{"an open bracket", packtest.Valid().With("facts.yaml", "topics: [de-stalinisation]", "topics: [de-stalinisation")},
		{"a line that is indented less", packtest.Valid().With("facts.yaml", "    keywords: [khrushchev]", "   keywords: [khrushchev]")},
		{"an alias and its anchor", packtest.Valid().With("facts.yaml", "keywords: [khrushchev]", "keywords: &k [khrushchev]").With("facts.yaml", "status: disputed", "status: disputed\n    keywords: *k")},
		{"a text that begins with a star", packtest.Valid().With("facts.yaml", "answer: In February 1956.", "answer: *February* 1956.")},
		{"a tag", packtest.Valid().With("facts.yaml", "answer: In", "answer: !!python/object In")},
		{"a second document", packtest.Valid().With("facts.yaml", "  - id: speech-effect", "---\nfacts:\n  - id: speech-effect")},
		{"a comment that swallows a text", packtest.Valid().With("facts.yaml", "In February 1956.", "See issue #5 of the journal.")},
		{"not UTF-8", packtest.Valid().With("facts.yaml", "Robert Archer", "Robert \xc4rcher")},
		{"UTF-16", packtest.Valid().Set("facts.yaml", "\xff\xfef\x00a\x00c\x00t\x00s\x00")},
		{"a control character", packtest.Valid().With("facts.yaml", "In February", "In\x07February")},

		// files
		{"files beside the pack that are called like it", packtest.Valid().Set("facts.txt", "x").Set("Sources.YAML", "x").Set("more.yaml", "x").Set("facts/1950s.yaml.txt", "x").Set("readme.md", "x")},
		{"unanswered.yaml is a list", packtest.Valid().Set("unanswered.yaml", "- Who?\n")},
		{"languages by their names", packtest.Valid().With("pack.yaml", "languages: [en, ru]", "languages: [english]")},
		{"a date that is a number", packtest.Valid().With("facts.yaml", "{edtf: 1956-02-25, label: the speech}", "1956-02-25")},
		{"files beside the pack", packtest.Valid().Set("fact.yaml", "x").Set("facts/more.yml", "x").Set("notes.txt", "x")},
		{"two things at once in two files", packtest.Valid().With("facts.yaml", "keywords:", "keyword:").With("sources.yaml", "type: book", "type: bok").With("pack.yaml", "version: 1.0.0", "version: one")},
	}
}
