package strictyaml

import (
	"strings"
	"testing"
)

// What another program left in a file keeps nothing out.
func TestForeign(t *testing.T) {
	for in, want := range map[string]string{
		"{\"a\": \"one\\r\\ntwo\"}":              "one\ntwo",
		"{\"a\": \"one\\rtwo\"}":                 "one\ntwo",
		"{\"a\": \"bell\\u0007\"}":               "bell",
		"a: 1914\u00971918\n":                    "1914—1918",
		"{\"a\": \"1914\\u00971918\"}":           "1914—1918",
		"a: \"Khrush\ufeffchev\"\n":              "Khrushchev",
		"a: Хрущ\x1bёв\r\nb: x\r\n":              "Хрущёв",
		"a: plain\r\n":                           "plain",
		"{\"a\": \"first\", \"b\": 1, \"b\": 2}": "first",
	} {
		var rep Report
		n := ParseForeign("f.json", []byte(in), &rep)
		if rep.Errors() > 0 || n == nil {
			t.Errorf("%q: %v", in, rep.Problems())
			continue
		}
		m := n.ForeignMap("")
		if got := m.Get("a").Text(); got != want || n.Peek("a") != want {
			t.Errorf("%q is %q, want %q", in, got, want)
		}
		for _, p := range rep.Problems() {
			if p.Severity != Warning || p.Line < 1 || p.Column < 1 {
				t.Errorf("%q: %v", in, p)
			}
		}
		if said := len(rep.Problems()) > 0; said == (strings.Contains(in, "\\r\\n") || strings.Contains(in, "plain") || strings.Contains(in, "one")) {
			t.Errorf("%q: %v", in, rep.Problems())
		}
	}
	var rep Report
	if n := ParseForeign("f.json", []byte("a: Robert \xc4rcher\x07\n"), &rep); n != nil || !strings.Contains(rep.Problems()[0].Message, "save the file as UTF-8") {
		t.Errorf("%v", rep.Problems())
	}
	rep = Report{}
	ParseForeign("f.yaml", []byte("a: b\x07\nc: [\"d\\e\", \"e\\a\"]\n"), &rep)
	if p := rep.Problems(); len(p) != 1 || p[0].String() != "f.yaml:1:1: warning: control characters stand in 3 texts of this file, first here; they are left out" {
		t.Errorf("%v", p)
	}
	// A key without a value, or twice, is told; an entry without its dash is an error all the same.
	for text, severity := range map[string]Severity{"a: x\nb:\n": Warning, "a: x\nb: y\nb: z\n": Warning, "a: x\nb: y\na: z\n": Error} {
		var rep Report
		m := ParseForeign("f.yaml", []byte(text), &rep).ForeignMap("")
		m.Get("b")
		if p := rep.Problems(); len(p) != 1 || p[0].Severity != severity {
			t.Errorf("%q: %v", text, p)
		}
	}
}
