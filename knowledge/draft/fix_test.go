package draft

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"footnote/knowledge"
	"footnote/knowledge/packtest"
)

func TestFixText(t *testing.T) {
	for _, c := range []struct{ name, text, want, fixes string }{
		{"nothing to do", "a: b\n", "a: b\n", ""},
		{"blanks", "a: b  \n# note\t\nc: >-\n  one \n\n  two\t\n", "a: b\n# note\nc: >-\n  one\n\n  two\n", "blanks at the end of 4 lines"},
		{"no last line end", "a: b", "a: b\n", "blanks at the end of a line"},
		{"Windows", "a: b \r\nc: d\r\n", "a: b\r\nc: d\r\n", "blanks at the end of a line"},
		{"blanks that count", "a: \"b \\\n  c\"\nd: 'e'\n", "a: \"b \\\n  c\"\nd: 'e'\n", ""},
		{"unseen", "a: so\u00adft \u200bword\u2060s\n", "a: soft words\n", "3 invisible characters"},
		{"accents", "a: Cafe\u0301\n", "a: Café\n", "letters and their accents composed (NFC)"},
		{"a composition that changes YAML", "a: >-\u0338\n", "a: >-\u0338\n", ""},
		{"twice", `facts:
  - id: x
    keywords:
      - a
      - b # note
      - "a"
      - b
    topics: [a, a]
    questions:
      - When was it?
      - when was it
      - when was
        it?
`, `facts:
  - id: x
    keywords:
      - a
      - b # note
    topics: [a, a]
    questions:
      - When was it?
      - when was
        it?
`, "3 entries that stood twice"},
	} {
		got, fixes := fixText("x.yaml", []byte(c.text))
		if string(got) != c.want || strings.Join(fixes, "; ") != c.fixes {
			t.Errorf("%s: %q\n%q\nwant %q\n%q", c.name, fixes, got, c.fixes, c.want)
		}
		if again, more := fixText("x.yaml", got); len(more) > 0 && string(again) != string(got) {
			t.Errorf("%s: a second time changes %q", c.name, more)
		}
	}
}

func TestFix(t *testing.T) {
	root := t.TempDir()
	pack := packtest.Valid()
	pack["facts.yaml"] = strings.Replace(pack["facts.yaml"], "status: established\n", "status: established  \n", 1)
	pack["eval.yaml"] += "\n   \n"
	dir := pack.Dir(t, filepath.Join(root, "one"))
	fixed, err := Fix(root)
	if err != nil || len(fixed) != 1 || fixed[0].File != filepath.Join(dir, "facts.yaml") {
		t.Fatalf("%+v %v", fixed, err)
	}
	text, err := os.ReadFile(filepath.Join(dir, "facts.yaml"))
	if err != nil || string(text) != packtest.Valid()["facts.yaml"] {
		t.Errorf("%v\n%s", err, text)
	}
	if fixed, err := Fix(dir); err != nil || len(fixed) != 0 {
		t.Errorf("a second time: %+v %v", fixed, err)
	}
	left, err := filepath.Glob(filepath.Join(dir, "*fixing*"))
	if err != nil || len(left) > 0 {
		t.Errorf("left behind: %q", left)
	}
}

// Whatever is corrected, the text that a reader sees of a file stays.
func FuzzFix(f *testing.F) {
	f.Add("facts:\n- id: x\n  keywords:\n  - a\n  - a\n  answer: >-\n    b \n")
	f.Add("a: 'x \n  y'\nb: |\n  c\u00ad \n")
	f.Fuzz(func(t *testing.T, text string) {
		_, before := knowledge.Load(packtest.Files{"pack.yaml": text}.FS(), "")
		fixed, fixes := fixText("x", []byte(text))
		_, after := knowledge.Load(packtest.Files{"pack.yaml": string(fixed)}.FS(), "")
		if len(fixes) == 0 && string(fixed) != text {
			t.Fatal("changed in silence")
		}
		if len(after) > len(before) {
			t.Fatalf("%q\n%q: %v where there was %v", text, fixed, after, before)
		}
	})
}
