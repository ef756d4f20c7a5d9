package splice

import (
	"fmt"
	"strings"
	"testing"
)

const sample = `# the head
facts:
  # about a
  - id: a
    status: established # sure
    topics: [war, "old, things"]
    questions:
      - When was it?
      - "when: again"

    # why folded
    answer: >- # keep
      In February 1956, at a closed session of the Twentieth Congress of the Communist Party of the
      Soviet Union, which went on for days.
    detail: 'It''s short.'
    cites:
      - {source: archer1990, locator: {label: page, value: 12}} # read
      - source: baker
        quote: a b

  - id: b
    status: disputed
    empty:
    answer: one
      two
    list: []
# the end
`

func TestSet(t *testing.T) {
	for _, x := range []struct {
		name  string
		path  Path
		value any
		diff  string
	}{
		{"a plain text", Path{"facts", 0, "status"}, "disputed", "-    status: established # sure\n+    status: disputed # sure\n"},
		{"a word at the end of a folded text", Path{"facts", 0, "answer"}, "In February 1956, at a closed session of the Twentieth Congress of the Communist Party of the Soviet Union, which went on for weeks.",
			"-      Soviet Union, which went on for days.\n+      Soviet Union, which went on for weeks.\n"},
		{"a folded text that becomes short", Path{"facts", 0, "answer"}, "In 1956.", "-      In February 1956, at a closed session of the Twentieth Congress of the Communist Party of the\n-      Soviet Union, which went on for days.\n+      In 1956.\n"},
		{"single quotes stay", Path{"facts", 0, "detail"}, "It's shorter.", "-    detail: 'It''s short.'\n+    detail: 'It''s shorter.'\n"},
		{"a text becomes long", Path{"facts", 0, "status"}, strings.Repeat("word ", 25) + "end", "-    status: established # sure\n+    status: >- # sure\n+      word word word word word word word word word word word word word word word word word word word\n+      word word word word word word end\n"},
		{"a text that needs marks", Path{"facts", 1, "status"}, "so: it is", "-    status: disputed\n+    status: \"so: it is\"\n"},
		{"a new label", Path{"facts", 1, "reviewed"}, "2026-01-05", "+    reviewed: 2026-01-05\n"},
		{"a label gone", Path{"facts", 0, "detail"}, nil, "-    detail: 'It''s short.'\n"},
		{"a value where nothing stood", Path{"facts", 1, "empty"}, "x", "-    empty:\n+    empty: x\n"},
		{"a list where nothing stood", Path{"facts", 1, "empty"}, []any{"x"}, "-    empty:\n+    empty: [x]\n"},
		{"an empty list", Path{"facts", 1, "list"}, []any{"a", "b"}, "-    list: []\n+    list: [a, b]\n"},
		{"between brackets", Path{"facts", 0, "topics"}, []any{"war", "peace", "old, things"}, "-    topics: [war, \"old, things\"]\n+    topics: [war, peace, \"old, things\"]\n"},
		{"from brackets", Path{"facts", 0, "topics", 0}, nil, "-    topics: [war, \"old, things\"]\n+    topics: [\"old, things\"]\n"},
		{"deep between brackets", Path{"facts", 0, "cites", 0, "locator", "value"}, "13–15", "-      - {source: archer1990, locator: {label: page, value: 12}} # read\n+      - {source: archer1990, locator: {label: page, value: 13–15}} # read\n"},
		{"a label more between brackets", Path{"facts", 0, "cites", 0, "quote"}, "yes, so", "-      - {source: archer1990, locator: {label: page, value: 12}} # read\n+      - {source: archer1990, locator: {label: page, value: 12}, quote: \"yes, so\"} # read\n"},
		{"too long for brackets", Path{"facts", 0, "cites", 0, "quote"}, strings.Repeat("word ", 12) + "end", "-      - {source: archer1990, locator: {label: page, value: 12}} # read\n+      # read\n+      - source: archer1990\n+        locator: {label: page, value: 12}\n+        quote: word word word word word word word word word word word word end\n"},
		{"a question in its place", Path{"facts", 0, "questions"}, []any{"When was it?", "in which year", "when: again"}, "+      - in which year\n"},
		{"questions in another order", Path{"facts", 0, "questions"}, []any{"when: again", "When was it?"}, "-      - When was it?\n       - \"when: again\"\n+      - When was it?\n"},
		{"a fact gone", Path{"facts", 1}, nil, "-\n-  - id: b\n-    status: disputed\n-    empty:\n-    answer: one\n-      two\n-    list: []\n"},
		{"a text over two lines", Path{"facts", 1, "answer"}, "three", "-    answer: one\n-      two\n+    answer: three\n"},
		{"lines", Path{"facts", 1, "answer"}, "one\ntwo\n\nthree", "-    answer: one\n+    answer: |-\n+      one\n       two\n+\n+      three\n"},
		{"another kind", Path{"facts", 0, "cites", 1, "quote"}, Object{{"text", "a b"}, {"lang", "ru"}}, "-        quote: a b\n+        quote: {text: a b, lang: ru}\n"},
		{"an empty text", Path{"facts", 1, "answer"}, "", "-    answer: one\n-      two\n+    answer: \"\"\n"},
	} {
		for _, form := range []struct{ name, in string }{
			{"", sample},
			{" with CRLF and a mark", byteOrderMark + strings.ReplaceAll(sample, "\n", "\r\n")},
		} {
			got, err := Set([]byte(form.in), x.path, x.value)
			if err != nil {
				t.Errorf("%s%s: %v", x.name, form.name, err)
				continue
			}
			want := strings.ReplaceAll(x.diff, "\n ", "\n") // a line that stays
			if form.name != "" {
				if !strings.HasPrefix(string(got), byteOrderMark) || strings.Count(string(got), "\n") != strings.Count(string(got), "\r\n") {
					t.Errorf("%s: marks or ends of lines are lost", x.name)
				}
				got = []byte(strings.ReplaceAll(strings.TrimPrefix(string(got), byteOrderMark), "\r\n", "\n"))
			}
			if d := diff(sample, string(got)); strings.ReplaceAll(d, "\n ", "\n") != want {
				t.Errorf("%s%s:\n%s\nwant:\n%s", x.name, form.name, d, x.diff)
			}
		}
	}
}

func TestInsertFacts(t *testing.T) {
	fact := Object{{"id", "c"}, {"questions", []any{"What is it?"}}, {"answer", strings.Repeat("long ", 30) + "end."}, {"cites", []any{Object{{"source", "x"}, {"locator", Object{{"value", "12-15"}}}}}}}
	text := "  - id: c\n    questions:\n      - What is it?\n    answer: >-\n" + strings.Join(foldLines(strings.Repeat("long ", 30)+"end.", 6, 100), "\n") +
		"\n    cites:\n      - source: x\n        locator: {value: 12-15}\n"
	for at, want := range map[int]string{-1: "list: []\n\n" + text, 1: "quote: a b\n\n" + text + "\n  - id: b", 0: "# about a\n" + text + "\n  - id: a"} {
		got, err := Insert([]byte(sample), Path{"facts"}, at, fact)
		if err != nil || !strings.Contains(string(got), want) {
			t.Errorf("at %d: %v\n%s", at, err, got)
		}
	}
	for in, want := range map[string]string{
		"facts: []\n":                 "facts:\n" + text,
		"facts:\n":                    "facts:\n" + text,
		"facts:\n- id: a\n":           "facts:\n- id: a\n" + strings.ReplaceAll("\n"+text, "\n  ", "\n")[1:],
		"facts:\n  - id: a\n    b: c": "facts:\n  - id: a\n    b: c\n" + strings.TrimSuffix(text, "\n"),
	} {
		got, err := Set([]byte(in), Path{"facts"}, append(listOf(t, in), any(fact)))
		if err != nil || string(got) != want {
			t.Errorf("%q: %v\n%s\nwant\n%s", in, err, got, want)
		}
	}
}

func listOf(t *testing.T, in string) []any {
	v, err := Read([]byte(in))
	if err != nil {
		t.Fatal(err)
	}
	list, _ := valueAt(v, Path{"facts"}).([]any)
	return list
}

func TestInsertText(t *testing.T) {
	got, err := InsertText([]byte(sample), Path{"facts"}, "- id: c # new\n  # answer it\n  answer: \"\"\n")
	if err != nil || !strings.Contains(string(got), "    list: []\n\n  - id: c # new\n    # answer it\n    answer: \"\"\n# the end\n") {
		t.Errorf("%v\n%s", err, got)
	}
	for _, empty := range []string{"facts:\n", "facts: []\n"} {
		if got, err := InsertText([]byte(empty), Path{"facts"}, "- id: c # new\n"); err != nil || string(got) != "facts:\n  - id: c # new\n" {
			t.Errorf("%v\n%s", err, got)
		}
	}
	for _, bad := range []string{"", "x", "- a\n- b\n", "a: b"} {
		if _, err := InsertText([]byte(sample), Path{"facts"}, bad); err == nil {
			t.Errorf("%q is taken", bad)
		}
	}
}

// The notes at the end of an entry stay with it; those at the edge of the list stay where they are.
func TestInsertAfterNotes(t *testing.T) {
	const text = "facts:\n  - id: a\n    answer: one\n    # cites:\n    #   - source: x\n\n    # reviewed: never\n  # of the next\n\n  - id: b\n    questions:\n      - one\n      # - other\n    # more\n# the end\n"
	for at, want := range map[int]string{
		1:  "    # reviewed: never\n  - {id: c}\n  # of the next\n",
		-1: "      # - other\n    # more\n  - {id: c}\n# the end\n",
	} {
		got, err := Insert([]byte(text), Path{"facts"}, at, Object{{"id", "c"}})
		if err != nil || !strings.Contains(string(got), want) {
			t.Errorf("at %d: %v\n%s", at, err, got)
		}
	}
	got, err := Insert([]byte(text), Path{"facts", 1, "questions"}, -1, "two")
	if err != nil || !strings.Contains(string(got), "      - one\n      - two\n      # - other\n    # more\n") {
		t.Errorf("%v\n%s", err, got)
	}
}

// What cannot be done without touching other things is refused.
func TestRefused(t *testing.T) {
	for _, x := range []struct {
		in    string
		path  Path
		value any
	}{
		{"a: [1, # one\n  2]\n", Path{"a"}, Object{{"b", "c"}}},
		{"a:\n  # why\n  b: c\n", Path{"a"}, "text"},
		{"a: 1\na: 2\n", Path{"a"}, "3"},
		{"a: &x 1\n", Path{"a"}, "3"},
		{"a\n", Path{"a"}, "3"},
		{"a: [1]\n", Path{"a", 7}, "3"},
		{"a: 1\n", Path{"a", "b"}, "3"},
		{"", Path{"a"}, "3"},
		{"a: 1\n", Path{"a"}, nil},
	} {
		if got, err := Set([]byte(x.in), x.path, x.value); err == nil {
			t.Errorf("%q: %q", x.in, got)
		}
	}
}

// diff returns the lines that differ between two texts, and those between such.
func diff(a, b string) string {
	x, y := strings.SplitAfter(a, "\n"), strings.SplitAfter(b, "\n")
	for len(x) > 0 && len(y) > 0 && x[0] == y[0] {
		x, y = x[1:], y[1:]
	}
	for len(x) > 0 && len(y) > 0 && x[len(x)-1] == y[len(y)-1] {
		x, y = x[:len(x)-1], y[:len(y)-1]
	}
	u, v := make([]any, len(x)), make([]any, len(y))
	for i := range x {
		u[i] = x[i]
	}
	for i := range y {
		v[i] = y[i]
	}
	var out strings.Builder
	i, j := 0, 0
	for _, m := range append(common(u, v), [2]int{len(x), len(y)}) {
		for ; i < m[0]; i++ {
			fmt.Fprint(&out, "-", x[i])
		}
		for ; j < m[1]; j++ {
			fmt.Fprint(&out, "+", y[j])
		}
		if i < len(x) && j < len(y) {
			fmt.Fprint(&out, " ", x[i])
			i, j = i+1, j+1
		}
	}
	return out.String()
}
