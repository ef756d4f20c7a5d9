package strictyaml

import (
	"strings"
	"testing"
)

// Every slip of a file that cannot be parsed is named where it was made, all in one run.
func TestSlips(t *testing.T) {
	in := strings.Join([]string{
		"facts:",
		"  - id: fall",
		"    status:established", // 3
		"    note: it's [not] a \"list\" {of} any", // fine
		"    questions:",
		"      – When did it fall?", // 6
		"      • the fall",          // 7
		"      -  \"On which day",   // 8
		"      - the day it fell",
		"    topics: [siege, walls", // 10
		"    answer: |",
		"      as: it: is, \"and [open",    // fine: a text as written
		"    detail: In short: it fell.",   // 13
		"    title: “Walls: a history”",    // 14
		"\u00a0\u00a0\u00a0\u00a0cites:",   // 15
		"    url: https://example.org/a:b", // fine
		"    long: \"a text that goes on",
		"      on the next line\"",
		"    dates: [{edtf: 1453,",
		"      label: fall}]",
		"\tkey: tab", // 21
		"    notes:",
		"      - one",
		"      -two",                         // 24
		"      - co-author's",                // fine
		"    said: \"Odo\" built it",         // 26
		"    held: 'the boiler's widow'",     // 27
		"    when: [{edtf: 1431, label: x]",  // 28
		"    title: [Anonymous] Letter",      // 29
		"    text: >-",                       // fine
		"    not indented",                   // 31
		"    \"quoted\": 'a' # and a remark", // fine
	}, "\n")
	want := `f.yaml:3:5: a space is missing after the colon: status: established
f.yaml:6:7: – begins no entry of a list; write - (the hyphen key) and a space in its place
f.yaml:7:7: • begins no entry of a list; write - (the hyphen key) and a space in its place
f.yaml:8:10: the quotation mark that opens here is not closed; put another " at the end of the text
f.yaml:10:13: the [ that opens here is not closed; put a ] at its end
f.yaml:13:13: a text with a colon and a space in it must be in quotes: detail: "In short: it fell."
f.yaml:14:12: “ ” are no quotation marks here; write straight ones: title: "Walls: a history"
f.yaml:15:1: a no-break space stands here, as texts pasted from a web page or a word processor have them; indent with ordinary spaces
f.yaml:21:1: a tab stands here; indent with spaces
f.yaml:24:7: a space is missing after the dash: - two
f.yaml:26:15: the quotation mark closes here, and the text goes on; put the whole text in quotation marks, and inside "…" use the other kind
f.yaml:27:22: the quotation mark closes here, and the text goes on; an apostrophe inside '…' is written twice: ''
f.yaml:28:12: the { that opens here is not closed; put a } at its end
f.yaml:29:12: a text that begins with [ must be in quotes: "[Anonymous] Letter"
f.yaml:31:5: a text after > or | must be indented further than the key above it`
	if got := problems(in, nil); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

// What parses has no slips, whatever it looks like.
func TestNoSlips(t *testing.T) {
	for _, in := range []string{
		"a: \"x: y\"\nb: 'it''s: so'\nc: [\"a]\", 'b[']\nd: {e: \"}\"}\n",
		"a: it's\nb: 5 o'clock [about]\nc: a \"word\" in it\n",
		"a:\n  - one\n    -two\n  - 'x' # y\n  - \"z\": 1\n",
		"- a: >-\n    b\n- a: |\n- a: >\n\n  c: d\n",
		"a: >-\n  one: two\n  \"open\n\nb: |2\n    x: [\nc: y\n",
		"- a\n- - b\n  - c: d\n    e: 'f\n      g'\n",
		"a: [b, # not ] closed\n  c]\n",
		"a: https://example.org\nb: 12:30\n# c: d: e\n",
	} {
		var rep Report
		if Parse("f.yaml", []byte(in), &rep); rep.Errors() > 0 {
			t.Fatalf("%q does not parse: %v", in, rep.Problems())
		}
		if s := slipsIn([]byte(in)); len(s) > 0 {
			t.Errorf("%q: %+v", in, s)
		}
	}
}

func TestTextsThatAreNone(t *testing.T) {
	got := problems("questions: [x]\nanswer: “All of it”\nlist: – a\nmore:\n  - What happened: the siege\n", func(n *Node) {
		m := n.MapWith(map[string]string{"page": "it is a locator"}, "answer", "list", "more", "questions")
		m.Get("answer").Text()
		m.Get("answer").Text()
		m.Get("list").List("texts")
		m.Get("more").List("texts")[0].Text()
	})
	want := `f.yaml:2:9: warning: answer: the whole text stands in “ ”, which people will see; take the marks off, or write straight ones, which YAML takes off itself
f.yaml:3:7: list: – begins no entry of a list; write - (the hyphen key) and a space in its place
f.yaml:5:5: more[1]: a colon and a space stand in this text, so that it is no text any more; put it in quotes: "What happened: the siege"`
	if got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	if got, want := problems("page: 12\n", func(n *Node) { n.MapWith(map[string]string{"page": "it is a locator"}, "answer") }), "f.yaml:1:1: page: unknown key here; it is a locator"; got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}
