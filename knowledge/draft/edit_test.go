package draft

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"footnote/knowledge"
	"footnote/knowledge/packtest"
)

// editable is a pack in a folder whose one fact lists its questions as given.
func editable(t *testing.T, questions string) (dir string, f *knowledge.Fact) {
	t.Helper()
	dir = packtest.Files{
		"pack.yaml":    "schema: footnote/1\nid: bridge\ntitle: Bridge\nversion: 1.0.0\nlanguages: [en, ru]\n",
		"sources.yaml": "references: []\n",
		"facts.yaml": "# The facts.\nfacts:\n  - id: built   # for ever\n    status: citation-needed\n" + questions + "    answer: >-\n      Between 1431\n      and 1434.\n" +
			"\n  - {id: toll, status: citation-needed, questions: [What was the toll?], answer: Two pence.}\n",
	}.Dir(t, t.TempDir())
	base, err := knowledge.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	return dir, base.Fact("built")
}

// reversed is the edit that takes e back.
func reversed(e *Edit) *Edit {
	out := &Edit{}
	for _, f := range slices.Backward(e.files) {
		out.files = append(out.files, f.reversed())
	}
	return out
}

// However a list is laid out, what is added stands at its end and all else is as
// it was.
func TestAddPhrasings(t *testing.T) {
	for name, c := range map[string]struct{ before, after string }{
		"on lines":                            {"    questions:\n      - When was it built? # the first\n      - year of it\n", "    questions:\n      - When was it built? # the first\n      - year of it\n      - When, exactly?\n      - \"so: when\"\n"},
		"not indented":                        {"    questions:\n    - When was it built?\n", "    questions:\n    - When was it built?\n    - When, exactly?\n    - \"so: when\"\n"},
		"quoted":                              {"    questions:\n      - \"When was it built?\"\n      # a note\n", "    questions:\n      - \"When was it built?\"\n      - \"When, exactly?\"\n      - \"so: when\"\n      # a note\n"},
		"over several lines":                  {"    questions:\n      - >-\n        When was\n\n        it built?\n\n", "    questions:\n      - >-\n        When was\n\n        it built?\n      - When, exactly?\n      - \"so: when\"\n\n"},
		"going on":                            {"    questions:\n      - When was\n        it built?\n", "    questions:\n      - When was\n        it built?\n      - When, exactly?\n      - \"so: when\"\n"},
		"in brackets":                         {"    questions: [When was it built?, 'it''s ] when'] # [a note]\n", "    questions: [When was it built?, 'it''s ] when', \"When, exactly?\", \"so: when\"] # [a note]\n"},
		"in brackets with a note":             {"    questions: [\n      the builder's year, # it's [one\n    ]\n", "    questions: [\n      the builder's year, \"When, exactly?\", \"so: when\" # it's [one\n    ]\n"},
		"in brackets with a comma at the end": {"    questions: [the year of it, ]\n", "    questions: [the year of it, \"When, exactly?\", \"so: when\" ]\n"},
		"by language":                         {"    questions:\n      en:\n        - When was it built?\n      ru: [Когда?]\n", "    questions:\n      en:\n        - When was it built?\n        - When, exactly?\n        - \"so: when\"\n      ru: [Когда?]\n"},
		"Windows":                             {"    questions:\r\n      - When was it built?\r\n", "    questions:\r\n      - When was it built?\r\n      - When, exactly?\r\n      - \"so: when\"\r\n"},
		"a long line":                         {"    questions: [" + strings.Repeat("very ", 20) + "long]\n", "    questions: [" + strings.Repeat("very ", 20) + "long,\n                \"When, exactly?\", \"so: when\"]\n"},
	} {
		t.Run(name, func(t *testing.T) {
			dir, f := editable(t, c.before)
			facts := filepath.Join(dir, "facts.yaml")
			before, err := os.ReadFile(facts)
			if err != nil {
				t.Fatal(err)
			}
			var e Edit
			if err := e.AddPhrasings(f, "en", "When, exactly?", "so: when"); err != nil {
				t.Fatal(err)
			}
			if err := e.Try(&knowledge.Base{Packs: []*knowledge.Pack{f.Pack}}); err != nil {
				t.Fatal(err)
			}
			if err := e.Write(); err != nil {
				t.Fatal(err)
			}
			after, err := os.ReadFile(facts)
			if err != nil {
				t.Fatal(err)
			}
			if want := strings.Replace(string(before), c.before, c.after, 1); string(after) != want {
				t.Errorf("got\n%s\nwant\n%s", after, want)
			}
			base, err := knowledge.Open(dir)
			if err != nil {
				t.Fatal(err)
			}
			if n := len(base.Fact("built").Questions); n != len(f.Questions)+2 {
				t.Errorf("%d questions", n)
			}
			if err := reversed(&e).Write(); err != nil {
				t.Fatal(err)
			}
			if back, err := os.ReadFile(facts); err != nil || string(back) != string(before) {
				t.Errorf("%v\n%s", err, back)
			}
		})
	}
}

func TestAddPhrasingsInOneLine(t *testing.T) {
	_, f := editable(t, "    questions: [When was it built?]\n")
	toll := f.Pack.Facts[1]
	var e Edit
	if err := e.AddPhrasings(toll, "en", "toll of the bridge"); err != nil {
		t.Fatal(err)
	}
	if got := string(e.Files()[0].After); !strings.Contains(got, "questions: [What was the toll?, toll of the bridge], answer: Two pence.}") {
		t.Error(got)
	}
}

func TestAddPhrasingsRefuses(t *testing.T) {
	_, f := editable(t, "    questions: [When was it built?]\n")
	var e Edit
	if err := e.AddPhrasings(f, "ru", "Когда?"); err == nil || !strings.Contains(err.Error(), "not listed by language") {
		t.Error(err)
	}
	if err := e.AddPhrasings(f, "en", "What was the TOLL"); err != nil {
		t.Fatal(err)
	}
	if err := e.Try(&knowledge.Base{Packs: []*knowledge.Pack{f.Pack}}); err == nil || !strings.Contains(err.Error(), "is also a question of built") {
		t.Error(err)
	}
	embedded, err := knowledge.Embedded()
	if err != nil {
		t.Fatal(err)
	}
	if err := e.AddPhrasings(embedded.Facts()[0], "en", "x"); err == nil || !strings.Contains(err.Error(), "cannot be changed") {
		t.Error(err)
	}
}

func TestAddUnanswered(t *testing.T) {
	for name, c := range map[string]struct{ before, after string }{
		"none yet":   {"", strings.Replace(newUnanswered, " []\n", "\n  - \"Who: paid?\"\n  - Who did not?\n", 1)},
		"empty":      {"unanswered: [] # none\n", "# none\nunanswered:\n  - \"Who: paid?\"\n  - Who did not?\n"},
		"some":       {"# Not ours.\nunanswered:\n  - Who was the king?\n", "# Not ours.\nunanswered:\n  - Who was the king?\n  - \"Who: paid?\"\n  - Who did not?\n"},
		"no newline": {"unanswered:\n- Who was the king?", "unanswered:\n- Who was the king?\n- \"Who: paid?\"\n- Who did not?"},
	} {
		dir, f := editable(t, "    questions: [When was it built?]\n")
		file := filepath.Join(dir, "unanswered.yaml")
		if c.before != "" {
			if err := os.WriteFile(file, []byte(c.before), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		var e Edit
		if err := e.AddUnanswered(f.Pack, "Who: paid?", "Who did not?"); err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if err := e.Try(&knowledge.Base{Packs: []*knowledge.Pack{f.Pack}}); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if err := e.Write(); err != nil {
			t.Fatal(err)
		}
		got, err := os.ReadFile(file)
		want := c.after
		if err != nil || string(got) != want {
			t.Errorf("%s: %v\n%s\nwant\n%s", name, err, got, want)
		}
		if err := reversed(&e).Write(); err != nil {
			t.Fatal(err)
		}
		if back, err := os.ReadFile(file); string(back) != c.before || (err != nil) != (c.before == "") {
			t.Errorf("%s: %v, %s", name, err, back)
		}
	}
}

// A file that somebody changes meanwhile is left alone, and so are all others.
func TestEditIsWrittenWholeOrNotAtAll(t *testing.T) {
	dir, f := editable(t, "    questions: [When was it built?]\n")
	facts, unanswered := filepath.Join(dir, "facts.yaml"), filepath.Join(dir, "unanswered.yaml")
	var e Edit
	if err := e.AddUnanswered(f.Pack, "Who paid?"); err != nil {
		t.Fatal(err)
	}
	if err := e.AddFile(f.Pack, "facts/more.yaml", []byte("facts: []\n"), nil); err != nil {
		t.Fatal(err)
	}
	if err := e.AddPhrasings(f, "en", "When, exactly?"); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(facts)
	if err != nil {
		t.Fatal(err)
	}
	mine := append(text, "# mine\n"...)
	if err := os.WriteFile(facts, mine, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := e.Write(); err == nil || !strings.Contains(err.Error(), "has changed meanwhile") {
		t.Error(err)
	}
	if got, _ := os.ReadFile(facts); string(got) != string(mine) {
		t.Errorf("%s", got)
	}
	for _, gone := range []string{unanswered, filepath.Join(dir, "facts")} {
		if _, err := os.Stat(gone); !os.IsNotExist(err) {
			t.Errorf("%s was left behind: %v", gone, err)
		}
	}
	if err := e.AddFile(f.Pack, "pack.yaml", nil, nil); err == nil {
		t.Error("a file that is there is not written over")
	}
}

// Whatever is typed and however a list is written, adding to it adds that and
// nothing else, or is refused.
func FuzzAddPhrasings(f *testing.F) {
	for _, q := range []string{"    questions: [a, b]\n", "    questions:\n      - a\n      - 'b'\n", "    questions: [\n a,]\n", "    questions:\n    - |\n      a\n\n", "    questions: {en: [a]}\n", "    questions:\n      - \"a\n\n        b\"\n"} {
		f.Add(q, "When?")
		f.Add(q, "- [x] {y}: \"z\" # 'n'")
	}
	f.Fuzz(func(t *testing.T, questions, text string) {
		fsys := packtest.Files{
			"pack.yaml":    "schema: footnote/1\nid: bridge\ntitle: Bridge\nversion: 1.0.0\n",
			"sources.yaml": "references: []\n",
			"facts.yaml":   "facts:\n  - id: built\n    status: citation-needed\n" + questions + "    answer: Between 1431 and 1434.\n",
		}
		p, _ := knowledge.Load(fsys.FS(), "")
		if p == nil || len(p.Facts) != 1 || strings.TrimSpace(text) != text || text == "" {
			return
		}
		p.Dir = "."
		before := []byte(fsys["facts.yaml"])
		e := EditOf(&FileEdit{Dir: ".", Name: "facts.yaml", Before: before, After: before})
		if err := e.AddPhrasings(p.Facts[0], "en", text); err != nil {
			return
		}
		fsys["facts.yaml"] = string(e.Files()[0].After)
		again, _ := knowledge.Load(fsys.FS(), "")
		if again == nil {
			return // the question is one that no fact can have
		}
		if got := again.Facts[0].Questions; len(got) != len(p.Facts[0].Questions)+1 {
			t.Errorf("%q to\n%s\ngives\n%s", text, questions, fsys["facts.yaml"])
		}
	})
}
