package strictyaml

import (
	"strings"
	"testing"
	"time"
	"unicode/utf8"
)

// problems parses text, lets use look at it and returns all problems, one a line.
func problems(text string, use func(*Node)) string {
	var rep Report
	n := Parse("f.yaml", []byte(text), &rep)
	if n != nil && use != nil {
		use(n)
	}
	var lines []string
	for _, p := range rep.Problems() {
		lines = append(lines, p.String())
	}
	return strings.Join(lines, "\n")
}

func TestUnreadable(t *testing.T) {
	for name, c := range map[string]struct{ in, want string }{
		"empty":              {"", "f.yaml:1:1: the file is empty"},
		"white space":        {"\n\n  \n", "f.yaml:1:1: the file is empty"},
		"three dashes":       {"---\n", "f.yaml:1:1: the file is empty"},
		"byte order mark":    {"\ufeff", "f.yaml:1:1: the file is empty"},
		"UTF-16 LE":          {"\xff\xfea\x00:\x00", "f.yaml:1:1: the file is UTF-16 (“Unicode” in some Windows editors); save it as UTF-8"},
		"UTF-16 BE":          {"\xfe\xff\x00a\x00:", "f.yaml:1:1: the file is UTF-16 (“Unicode” in some Windows editors); save it as UTF-8"},
		"UTF-16 unmarked":    {"a\x00:\x00 \x00", "f.yaml:1:1: the file is UTF-16 without its mark; save it as UTF-8"},
		"UTF-32":             {"\xff\xfe\x00\x00a\x00\x00\x00", "f.yaml:1:1: the file is UTF-32; save it as UTF-8"},
		"a document":         {"PK\x03\x04xyz", "f.yaml:1:1: the file is a ZIP or office document, no plain text; save it as UTF-8"},
		"Windows-1251":       {"a: 1\nb: Хру\xf9\xb8в\n", "f.yaml:2:7: this is not UTF-8 (byte 15 of the file is 0xF9); save the file as UTF-8"},
		"control character":  {"a: Хрущ\x1bёв\n", "f.yaml:1:8: a control character (U+001B) stands here; delete it"},
		"escaped control":    {"a: \"x\\e[2J\"\n", "f.yaml:1:4: a: this text holds a control character (U+001B), which would end up in people's terminals and files; delete it"},
		"escaped in a key":   {"\"x\\a\": y\n", "f.yaml:1:1: this text holds a control character (U+0007), which would end up in people's terminals and files; delete it"},
		"escaped return":     {"a: [\"x\\ry\"]\n", "f.yaml:1:5: a[1]: this text holds a control character (U+000D), which would end up in people's terminals and files; delete it"},
		"C1 character":       {"a: b\u0085\u0091\n", "f.yaml:1:6: a control character (U+0091) stands here; delete it"},
		"mark in the middle": {"a: b\ufeffc\n", "f.yaml:1:5: a byte order mark stands inside the file; delete it"},
		"after Cyrillic":     {"ключ: значение: ещё\n", "f.yaml:1:15: a colon stands where none can: a text with a colon and a space in it must be in quotes, or this line is indented too far"},
		"open map":           {"a: {b: 1\nc: 2\n", "f.yaml:1:4: the { that opens here is not closed; put a } at its end"},
		"at sign":            {"a: @b\n", "f.yaml:1:4: a text that begins with @ must be in quotes"},
		"percent":            {"a: %b\n", "f.yaml:1:4: a text that begins with % must be in quotes"},
		"backslash":          {`a: "C:\d"`, `f.yaml:1:7: a backslash inside "…" must be written twice (\\)`},
		"open single quote":  {"a: 'b\nc: d\n", "f.yaml:1:4: the quotation mark that opens here is not closed; put another ' at the end of the text"},
		"alias to nowhere":   {"a: *b\n", "f.yaml:1:4: a text that begins with * must be in quotes"},
		"lone ampersand":     {"a: & b\n", "f.yaml:1:4: a text that begins with & or * must be in quotes"},
		"two tags":           {"!a !b c\n", `f.yaml:1:4: the file goes on here with something that does not belong to what stands above; a text that begins with a sign must be in quotes`},
		"two anchors":        {"&a &b c\n", `f.yaml:1:4: the file goes on here with something that does not belong to what stands above; a text that begins with a sign must be in quotes`},
		"directive":          {"%YAML 3.0\n---\na: 1\n", `f.yaml:1:1: a line that begins with % must be in quotes`},
		"unknown directive":  {"a: 1\n%FOO\n", `f.yaml:2:5: a line that begins with % must be in quotes`},
		"text then list":     {"a: b\n  - c\n", ""},
		"key without colon":  {"a: 1\nb\nc: 2\n", `f.yaml:3:1: a colon is missing after this key, or a text that goes over several lines is indented too little`},
		"text after quotes":  {"a: \"b\" c\n", `f.yaml:1:6: the quotation mark closes here, and the text goes on; put the whole text in quotation marks, and inside "…" use the other kind`},
		"bar and text":       {"a: | text\n", `f.yaml:1:6: after | or > the text begins on the next line, indented`},
		"two values":         {"a: [b] c\n", `f.yaml:1:4: a text that begins with [ must be in quotes: "[b] c"`},
		"close only":         {"a: b]\nc: ]\n", `f.yaml:2:4: a value is missing here; a text that begins with ], } or a comma must be in quotes`},
		"open tag":           {"a: !<b\n", "f.yaml:1:4: a text that begins with ! must be in quotes"},
		"dashes at the end":  {"---\na: 1\n---\n", ""},
		"dots at the end":    {"---\na: 1\n...\n", ""},
		"second document":    {"a: 1\n---\nb: 2\n", `f.yaml:3:1: a line of "---" begins a second document; put everything into one document or into several files`},
		"broken second":      {"a: 1\n---\nb: [2\n", "f.yaml:3:4: the [ that opens here is not closed; put a ] at its end"},
		"anchor":             {"a: &x 1\n", "f.yaml:1:4: a: &x names a place for reuse, which is not supported; delete it, or put a text that begins with & in quotes"},
		"tag":                {"a: !secret 1\n", "f.yaml:1:4: a: !secret is a YAML tag, which is not supported; delete it, or put a text that begins with ! in quotes"},
		"merge key":          {"a: &x {b: 1}\nc: {<<: *x}\n", "f.yaml:1:4: a: &x names a place for reuse, which is not supported; delete it, or put a text that begins with & in quotes\nf.yaml:2:9: c.<<: *x refers to another place; write the text out here, or put a text that begins with * in quotes"},
		"nesting":            {strings.Repeat("[", MaxDepth+1), "f.yaml:1:51: lists and maps are nested more than 50 deep here"},
		"block nesting":      {strings.Repeat("- ", MaxDepth+2) + "x\n", "f.yaml:1:101: lists and maps are nested more than 50 deep here"},
	} {
		if got := problems(c.in, nil); got != c.want {
			t.Errorf("%s\n got  %s\n want %s", name, got, c.want)
		}
	}
}

func TestAccess(t *testing.T) {
	const text = `name: Ann
year: 1956
day: 1956-02-25
no: no
version: 1.10
quoted: "  "
empty:
nothing: ~
on: yes
list: [a, 2, no]
map: {x: 1}
`
	got := problems(text, func(n *Node) {
		m := n.Map("name", "year", "day", "no", "version", "quoted", "empty", "nothing", "on", "list", "map", "missing")
		for key, want := range map[string]string{"name": "Ann", "year": "1956", "day": "1956-02-25", "no": "no", "version": "1.10", "on": "yes", "missing": ""} {
			if got := m.Get(key).Text(); got != want {
				t.Errorf("%s is %q", key, got)
			}
		}
		var list []string
		for _, c := range m.Get("list").List("texts") {
			list = append(list, c.NonEmpty())
		}
		if got := strings.Join(list, "|"); got != "a|2|no" {
			t.Errorf("list %s", got)
		}
		if got, want := m.Get("list").Place(), (Place{"f.yaml", 10, 7}); got != want {
			t.Errorf("the list is at %+v", got)
		}
		if got := m.Get("name").DidYouMean("Anm", []string{"Ann", "Bob"}); got != "; did you mean Ann?" {
			t.Errorf("meant %q", got)
		}
		if got := m.Get("name").DidYouMean("Charlotte", []string{"Ann", "Bob"}); got != "" {
			t.Errorf("meant %q", got)
		}
		if m.Get("nothing") != nil || !m.Has("nothing") || m.Has("missing") {
			t.Error("a null is not there, but its key is")
		}
		m.Get("quoted").NonEmpty()
		m.Get("empty")
		m.Get("empty") // said once
		m.Get("map").Text()
		m.Get("list").Text()
		m.Get("name").List("texts")
		m.Get("year").Map("x")
		m.Get("name").Bounded(2)
		m.Get("name").OneOf("Anna", "Bob")
		m.Get("map").Map("y")
		m.Required("missing")
		m.Required("nothing")
	})
	want := `f.yaml:1:1: missing is missing
f.yaml:1:7: name: "Ann" is not known here (did you mean Anna?); one of Anna, Bob
f.yaml:1:7: name: expected a list of texts, each on its own line after a dash, found a text
f.yaml:1:7: name: the text has 3 characters; at most 2 are allowed
f.yaml:2:7: year: expected a map (key: value), found the number 1956
f.yaml:6:9: quoted: the text is empty; fill it in or delete the key
f.yaml:7:1: empty: nothing stands after the colon; fill it in or delete the key
f.yaml:8:1: nothing: a value is needed here
f.yaml:10:7: list: expected a text, found a list
f.yaml:11:6: map: expected a text, found a map (key: value)
f.yaml:11:7: map.x: unknown key; known here are y`
	if got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

// All methods of a nil node are silent.
func TestNil(t *testing.T) {
	var n *Node
	if n.Text() != "" || n.NonEmpty() != "" || n.List("x") != nil || n.Place() != (Place{}) ||
		n.OneOf("a") != "" || n.Map("a").Required("a") != nil || n.At("x") != nil || n.Describe() != "nothing" || n.DidYouMean("a", []string{"b"}) != "" {
		t.Error("a nil node holds something")
	}
	n.Errorf("nobody hears this")
}

func TestSuggest(t *testing.T) {
	known := []string{"according-to", "answer", "cites", "id", "keywords", "questions"}
	for in, want := range map[string]string{"answr": "answer", "anwser": "answer", "Answers": "answer", "according_to": "according-to",
		"question": "questions", "cite": "cites", "nonsense": "", "": "", "xy": "", "di": "id", strings.Repeat("a", 10000): ""} {
		if got := Suggest(in, known); got != want {
			t.Errorf("%.20q: %q, want %q", in, got, want)
		}
	}
}

func TestQuote(t *testing.T) {
	for in, want := range map[string]string{"a": `"a"`, "a\nb\x1b[31m": `"a\nb\u001b[31m"`, "\xff": `"\xff"`, "\u202e": `"\u202e"`,
		strings.Repeat("ж", 100): `"` + strings.Repeat("ж", 60) + `…"`} {
		if got := Quote(in); got != want {
			t.Errorf("%q: %s, want %s", in, got, want)
		}
	}
}

// Files that are made to cost time or memory. The test has no
// clock of its own: whoever makes parsing quadratic meets the timeout.
func TestHostileFiles(t *testing.T) {
	const size = MaxFile / 8 // enough to see, and quick under the race detector
	fill := func(s string) string { return strings.Repeat(s, size/len(s)) }
	for name, text := range map[string]string{
		"brackets":      fill("[],"),
		"dashes":        fill("- "),
		"dash lines":    fill("-\n"),
		"keys":          fill("a:\n"),
		"questions":     fill("?\n"),
		"documents":     fill("---\n"),
		"comments":      fill("#\n"),
		"one comment":   "# " + fill("x"),
		"one text":      "a: " + fill("x"),
		"one key":       fill("x") + ": 1",
		"quoted":        `a: "` + fill(`\n`) + `"`,
		"open quote":    `a: "` + fill("b "),
		"words":         "a: >\n" + fill("  b c\n"),
		"spaces":        fill(" "),
		"empty lines":   fill("\n"),
		"tags":          fill("!a "),
		"anchors":       fill("&a "),
		"aliases":       fill("*a "),
		"flow of words": "[" + strings.Repeat("a,", MaxNodes/8) + "]",
		"block of keys": strings.Repeat("abcdefghij:\n", MaxNodes/8),
		"long keys":     strings.Repeat("? a\n: b\n", MaxNodes/16),
		"line comments": strings.Repeat("- a #c\n", MaxNodes/8),
		"too large":     "a: " + strings.Repeat("x", MaxFile),
	} {
		t.Run(name, func(t *testing.T) {
			start := time.Now()
			var rep Report
			n := Parse("f.yaml", []byte(text), &rep)
			if n != nil {
				n.Map("b")
			}
			if len(rep.Problems()) > MaxProblems+1 {
				t.Errorf("%d problems", len(rep.Problems()))
			}
			t.Logf("%v, %v", time.Since(start).Round(time.Millisecond), rep.Problems()[:min(1, len(rep.Problems()))])
		})
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{"a: 1\n", "a: [b, {c: d}]\n", "- a\n- b\n", "a: &b c\nd: *b\n", "a: |\n  x\n", "'a': \"b\\n\"\n", "--- 1\n--- 2\n", "? [a]\n: b\n", "a: é\n", "<<: {a: b}\n"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		var rep Report
		n := Parse("f.yaml", data, &rep)
		if n == nil && rep.Errors() == 0 {
			t.Fatal("refused without a reason")
		}
		walk(n, 0)
		lines := 1
		for _, end := range []string{"\n", "\r", "\u0085", "\u2028", "\u2029"} { // all end a line in YAML
			lines += strings.Count(string(data), end)
		}
		for _, p := range rep.Problems() {
			if p.Message == "" || p.Line > lines+1 || !utf8.ValidString(p.String()) || len(p.Message) > 2000 {
				t.Fatalf("%+v", p)
			}
		}
	})
}

func walk(n *Node, depth int) {
	if depth > MaxDepth+2 {
		panic("too deep")
	}
	switch {
	case n.IsMap():
		m := n.Map("a", "b")
		for _, k := range m.Keys() {
			walk(m.Get(k), depth+1)
		}
	case n.IsList():
		for _, c := range n.List("x") {
			walk(c, depth+1)
		}
	default:
		_ = n.NonEmpty()
	}
}
