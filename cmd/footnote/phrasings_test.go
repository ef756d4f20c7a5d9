package main

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"footnote/bot/lang"
	"footnote/knowledge"
)

// asking is a pack whose facts list their questions in three ways, with notes.
const asking = `# Facts of the bridge.
facts:
  - id: built # never change it
    status: citation-needed
    questions:
      - When was the bridge built?   # the first
      - 'year of the bridge'
    # Two more would be good.
    answer: >-
      It was built between 1431 and 1434, by the men of the town and of the six villages on the other bank.

  - id: toll
    status: citation-needed
    questions: [What was the toll?] # short
    answer: Two pence.
  - {id: fall, status: citation-needed, questions: ["When did it fall?"], answer: In 1595.}
`

func askingPack(t *testing.T) (dir string, facts func() string) {
	dir = inFolder(t, map[string]string{
		"pack.yaml":       "schema: footnote/1\nid: bridge\ntitle: The bridge\nversion: 1.0.0\n",
		"sources.yaml":    "references: []\n",
		"facts.yaml":      asking,
		"unanswered.yaml": "unanswered:\n  - Who was drowned?\n",
	})
	return dir, func() string { return readText(t, filepath.Join(dir, "facts.yaml")) }
}

// filled is a page with lines written below facts.
func filled(page string, written map[string][]string) string {
	for fact, lines := range written {
		before, after, _ := strings.Cut(page, "["+fact+"]\n")
		for _, l := range lines {
			after = strings.Replace(after, "? "+strings.Repeat("_", 74)+"\n", l+"\n", 1)
		}
		page = before + "[" + fact + "]\n" + after
	}
	return page
}

// A page goes out without the questions and comes back with others, which stand in
// the right facts then; all else in the files is as it was.
func TestPhrasingsThereAndBack(t *testing.T) {
	dir, facts := askingPack(t)
	page, errs, code := runFootnote(t, "", "phrasings", "--pack", dir)
	if code != exitOK || errs != "" {
		t.Fatal(code, errs)
	}
	for _, not := range []string{"When was the bridge built?", "year of the bridge", "When did it fall?"} {
		if strings.Contains(page, not) {
			t.Errorf("the page tells %q", not)
		}
	}
	for _, want := range []string{"[built]\nIt was built between 1431 and 1434, by the men of the town and of the six\nvillages on the other bank.\n? ___", "[toll]\nTwo pence.\n"} {
		if !strings.Contains(page, want) {
			t.Errorf("%q is missing:\n%s", want, page)
		}
	}
	file := filepath.Join(t.TempDir(), "page.txt")
	if err := os.WriteFile(file, []byte(filled(page, map[string][]string{
		"built": {"? When did they finish it: 1434?" + strings.Repeat("_", 20), "? WHEN WAS the bridge built", "? how old is the  bridge"},
		"toll":  {"? price of crossing", "? When did it fall", "? Who was drowned?"},
		"fall":  {"? \"the great fall\"", "? price of   crossing!"}, // the latter also under toll
	})), 0o600); err != nil {
		t.Fatal(err)
	}
	said, errs, code := runFootnote(t, "", "phrasings", "--pack", dir, "--read", file)
	if code != exitOK {
		t.Fatal(code, said, errs)
	}
	want := asking
	for _, x := range [][2]string{
		{"      - 'year of the bridge'\n", "      - 'year of the bridge'\n      - \"When did they finish it: 1434?\"\n      - how old is the bridge\n"},
		{"questions: [\"When did it fall?\"]", "questions: [\"When did it fall?\", \"\\\"the great fall\\\"\"]"},
	} {
		want = strings.Replace(want, x[0], x[1], 1)
	}
	if got := facts(); got != want {
		t.Errorf("%s", got)
	}
	for _, w := range []string{"facts.yaml:3: built\n  + When did they finish it: 1434?\n  + how old is the bridge\n", "facts.yaml:16: fall\n", "3 ways of asking written for 2 facts; 5 lines left out"} {
		if !strings.Contains(said, w) {
			t.Errorf("%q is missing:\n%s", w, said)
		}
	}
	for _, w := range []string{`page.txt:13: "WHEN WAS the bridge built" is a question of built already (`, `"When did it fall" is a question of another fact, fall (`,
		`"Who was drowned?" stands in `, `"price of crossing" was written for two facts`, `"price of crossing!" was written for two facts`} {
		if !strings.Contains(errs, w) {
			t.Errorf("%q is missing:\n%s", w, errs)
		}
	}
	// Once more, nothing is new.
	said, _, code = runFootnote(t, "", "phrasings", "--pack", dir, "--read", file)
	if code != exitOK || !strings.Contains(said, "nothing was written") || facts() != want {
		t.Errorf("exit %d, %s", code, said)
	}
	// As it went out, nothing stands on it.
	said, errs, code = runFootnote(t, page, "phrasings", "--pack", dir, "--read", "-")
	if code != exitOK || errs != "" || !strings.Contains(said, "No line is filled in") {
		t.Errorf("exit %d, %s%s", code, said, errs)
	}
}

func TestPhrasingsAsATable(t *testing.T) {
	for name, sheet := range map[string]func(string) string{
		"as written":      func(s string) string { return s },
		"with semicolons": func(s string) string { return "sep=;\r\n" + strings.ReplaceAll(s, ",", ";") },
	} {
		t.Run(name, func(t *testing.T) {
			dir, facts := askingPack(t)
			page, _, code := runFootnote(t, "", "phrasings", "--pack", dir, "--format", "csv", "--lines", "2", "--fewer", "2")
			if code != exitOK || strings.Contains(page, "built") || !strings.Contains(page, "toll,Two pence.,,\n") || !strings.HasPrefix(page, "\ufeffid,answer,question 1,question 2\n") {
				t.Fatal(code, page)
			}
			table := sheet(strings.TrimPrefix(strings.Replace(page, "toll,Two pence.,,", "toll,Two pence.,price of crossing,\"what \"\"cost\"\" it?\"", 1), "\ufeff"))
			said, errs, code := runFootnote(t, table, "phrasings", "--pack", dir, "--read", "-")
			if code != exitOK || errs != "" || !strings.Contains(said, "2 ways of asking written for 1 fact") {
				t.Fatal(code, said, errs)
			}
			if got := facts(); !strings.Contains(got, `questions: [What was the toll?, price of crossing, "what \"cost\" it?"] # short`) {
				t.Error(got)
			}
		})
	}
}

// Where a page cannot be understood, nothing of it is written.
func TestPhrasingsRefuses(t *testing.T) {
	dir, facts := askingPack(t)
	for page, want := range map[string]string{
		"[built]\nA.\n? one way\n? how old\n\n[bilt]\nB.\n? x\n": `-:8: there is no fact "bilt" in the pack (did you mean built?)`,
		"[built]\nA.\n? one way\nof asking\n":                    "-:4: this line does not begin with a question mark",
		"? one way\n":                                            "this is no page",
		"built\nA.\n? one way\n\n[toll]\nB.\n? ____\n":           "-:3: this line stands below no fact",
		"[built]\n? " + strings.Repeat("long ", 80) + "\n":       "at most 300 are allowed",
		"id,answer,q\nbuilt,A,\"one\nway":                        "the table cannot be read",
	} {
		said, errs, code := runFootnote(t, page, "phrasings", "--pack", dir, "--read", "-")
		if code != exitFailed || said != "" || !strings.Contains(errs, want) || !strings.Contains(errs, "nothing was written") || facts() != asking {
			t.Errorf("%q: exit %d, %s%s", page, code, said, errs)
		}
	}
	for args, want := range map[string]string{
		"--format xml": "text or csv", "--lines 0": "--lines", "--lang de": "languages of bridge are en", "--read none.txt": "no file none.txt", "--fewer -1": "--fewer",
	} {
		if _, errs, code := runFootnote(t, "", append([]string{"phrasings", "--pack", dir}, strings.Fields(args)...)...); code != exitUsage || !strings.Contains(errs, want) {
			t.Errorf("%s: exit %d, %s", args, code, errs)
		}
	}
	if _, errs, code := runFootnote(t, "[built]\n? stra\xdfe\n", "phrasings", "--pack", dir, "--read", "-"); code != exitUsage || !strings.Contains(errs, "not UTF-8") {
		t.Errorf("exit %d, %s", code, errs)
	}
}

// A letter that answers a letter comes back with its marks.
func TestPhrasingsQuotedByMail(t *testing.T) {
	lines, problems := pageLines("mail.txt", "> [built]\n> It was built.\n> ? when was it\n>? ____\n? and how\n")
	if len(problems) > 0 || !slices.EqualFunc(lines, []string{"when was it", "and how"}, func(l pageLine, s string) bool { return l.fact == "built" && cleanLine(l.text) == s }) {
		t.Errorf("%v %v", lines, problems)
	}
}

func TestPhrasingsInALanguage(t *testing.T) {
	dir := inFolder(t, map[string]string{
		"pack.yaml":    "schema: footnote/1\nid: bridge\ntitle: The bridge\nversion: 1.0.0\nlanguages: [en, de]\n",
		"sources.yaml": "references: []\n",
		"facts.yaml":   "facts:\n  - id: built\n    status: citation-needed\n    questions:\n      en: [When was it built?]\n      de:\n        - Wann wurde sie gebaut?\n    answer: {en: In 1431., de: Im Jahr 1431.}\n",
	})
	page, errs, code := runFootnote(t, "", "phrasings", "--pack", dir, "--lang", "de")
	if code != exitOK || !strings.Contains(page, "Im Jahr 1431.") {
		t.Fatal(code, errs, page)
	}
	if _, errs, code := runFootnote(t, filled(page, map[string][]string{"built": {"? Wie alt ist sie?"}}), "phrasings", "--pack", dir, "--lang", "de", "--read", "-"); code != exitOK {
		t.Fatal(code, errs)
	}
	base, err := knowledge.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	if q := base.Fact("built").Questions; len(q) != 3 || q[2].Lang != "de" || q[2].Text != "Wie alt ist sie?" {
		t.Errorf("%+v", q)
	}
}

// A page is in the language that it asks in, and nothing of it is taken for what somebody wrote.
func TestPhrasingsPageInEachLanguage(t *testing.T) {
	for tag := range lang.All() {
		head := pageHead(tag, "The bridge")
		if tag != lang.Default && head == pageHead(lang.Default, "The bridge") {
			t.Errorf("%s: the page is in English", tag)
		}
		if lines, problems := pageLines("page.txt", head+"\n[built]\nIn 1431.\n? ____\n"); len(lines)+len(problems) > 0 || strings.Contains(head, "{") {
			t.Errorf("%s: %v %v", tag, lines, problems)
		}
		for line := range strings.Lines(head) {
			if n := utf8.RuneCountInString(strings.TrimSpace(line)); n > pageWidth+6 {
				t.Errorf("%s: a line of %d characters: %s", tag, n, line)
			}
		}
	}
	dir, _ := askingPack(t)
	change(t, filepath.Join(dir, "pack.yaml"), "version: 1.0.0\n", "version: 1.0.0\nlanguages: [fr, nl]\n")
	if page, errs, code := runFootnote(t, "", "phrasings", "--pack", dir); code != exitOK || !strings.HasPrefix(page, "The bridge\u00a0: comment poseriez-vous la question\u202f?\n") {
		t.Errorf("exit %d, %s%s", code, page, errs)
	}
	if page, _, _ := runFootnote(t, "", "phrasings", "--pack", dir, "--lang", "nl"); !strings.HasPrefix(page, "The bridge: how would you ask?\n") {
		t.Errorf("%s", page)
	}
}
