package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

// runFootnote runs the program as a person would and returns what it wrote.
func runFootnote(t *testing.T, in string, args ...string) (out, errs string, code int) {
	t.Helper()
	return runWith(t, nil, in, args...)
}

// runWith is runFootnote with an environment. What it learns it keeps for the next.
func runWith(t *testing.T, env []string, in string, args ...string) (out, errs string, code int) {
	t.Helper()
	var stdout, stderr bytes.Buffer
	env = append([]string{"FOOTNOTE_MATCHER_CACHE=" + learned()}, env...)
	code = run(t.Context(), args, env, stdio{In: strings.NewReader(in), Out: &stdout, Err: &stderr})
	return stdout.String(), stderr.String(), code
}

// The village is a pack of three facts, so that tests start at once.
const (
	village = "testdata/village"
	known   = "When was the great bell of Unterbruck cast?"
	unknown = "What is the boiling point of tungsten?"
)

// asked decodes the lines of ask --json into maps, so that names and nulls are
// seen as a script sees them.
func askedJSON(t *testing.T, in string, args ...string) []map[string]any {
	t.Helper()
	out, errs, code := runFootnote(t, in, append([]string{"ask", "--json", "--knowledge", village}, args...)...)
	if code != exitOK || errs != "" {
		t.Fatalf("exit %d, %s", code, errs)
	}
	var all []map[string]any
	for line := range strings.Lines(out) {
		if !utf8.ValidString(line) {
			t.Errorf("not UTF-8: %q", line)
		}
		var m map[string]any
		if err := json.Unmarshal([]byte(line), &m); err != nil {
			t.Fatalf("%v in %q", err, line)
		}
		all = append(all, m)
	}
	return all
}

func TestAskJSONShape(t *testing.T) {
	out, _, _ := runFootnote(t, "", "ask", "--json", "--knowledge", village, known)
	order := regexp.MustCompile(`^\{"question":".*","outcome":"answered","fact":".*","status":".*","answer":".*",` +
		`"citations":\[\{"source":".*","short":".*","full":".*","locator":".*","url":".*"\}\],"confidence":[01]\.?\d*,` +
		`"candidates":\[\{"fact":".*","question":".*","confidence":[01]\.?\d*\}.*\],"offered":\[\],"tentative":false,"elapsed_us":\d+\}\n$`)
	if !order.MatchString(out) {
		t.Errorf("the fields or their order changed: %s", out)
	}

	r := askedJSON(t, "", known)[0]
	if r["question"] != known || r["outcome"] != "answered" || r["fact"] != "bell-cast" || r["status"] != "established" {
		t.Errorf("answered: %v", r)
	}
	if s, ok := r["answer"].(string); !ok || !strings.Contains(s, "1712") {
		t.Errorf("answer = %v", r["answer"])
	}
	citations := r["citations"].([]any)
	if len(citations) == 0 {
		t.Fatal("an answer without a citation")
	}
	for _, c := range citations {
		c := c.(map[string]any)
		for _, k := range []string{"source", "short", "full", "locator", "url"} {
			if _, ok := c[k].(string); !ok {
				t.Errorf("citation %s = %v, want a text", k, c[k])
			}
		}
		if c["source"] == "" || c["short"] == "" || c["full"] == "" {
			t.Errorf("citation is empty: %v", c)
		}
	}
	first := r["candidates"].([]any)[0].(map[string]any)
	if first["fact"] != r["fact"] || first["confidence"] != r["confidence"] || first["question"] == "" {
		t.Errorf("first candidate %v does not fit %v", first, r)
	}

	r = askedJSON(t, "", unknown)[0]
	if r["outcome"] != "declined" || r["fact"] != nil || r["status"] != nil || r["answer"] != nil || len(r["citations"].([]any)) != 0 {
		t.Errorf("declined: %v", r)
	}
	for _, k := range []string{"candidates", "offered"} {
		if _, ok := r[k].([]any); !ok {
			t.Errorf("%s = %v, want a list", k, r[k])
		}
	}
}

func TestAskTakesWordsAndFlagsInAnyOrder(t *testing.T) {
	words := strings.Fields(known)
	a := askedJSON(t, "", words...)[0]
	b := askedJSON(t, "", append(words, "--explain")...)[0]
	if a["question"] != known || a["fact"] != "bell-cast" || b["fact"] != a["fact"] {
		t.Errorf("unquoted: %v; with a flag behind it: %v", a, b)
	}
	why, ok := b["why"].(map[string]any)
	if _, without := a["why"]; !ok || without {
		t.Fatalf("why stands where it should not, or not where it should: %v, %v", a, b)
	}
	for _, k := range []string{"understood", "phrasing", "words", "repairs", "evidence", "confidence", "runner_up", "margin", "reason", "missing", "encoder"} {
		if v, ok := why[k]; !ok || v == nil {
			t.Errorf("why.%s = %v", k, v)
		}
	}
	if r := askedJSON(t, "", "--", "--who cast it")[0]; r["question"] != "--who cast it" {
		t.Errorf("after --: %v", r)
	}
	if r := askedJSON(t, known+"\n", "")[0]; r["question"] != "" || r["outcome"] != "declined" {
		t.Errorf("an empty QUESTION is a question, not standard input: %v", r)
	}
}

func TestAskReadsLinesInOrderWhateverTheyHold(t *testing.T) {
	long := strings.Repeat("tungsten ", 1<<20/9)
	huge := strings.Repeat("x", maxLine+5000)
	in := "\ufeff" + known + "\r\n" + "\n" + "   \n" + "\x00\x01\x1b[31m\n" + "\xff\xfe\xfd\n" + long + "\n" + huge + "\n" +
		`"}{"outcome":"answered"` + "\n<b>&\u2028\n" + known
	got := askedJSON(t, in)
	want := []string{known, "", "   ", "\x00\x01\x1b[31m", "\ufffd\ufffd\ufffd", long, huge[:maxLine], `"}{"outcome":"answered"`, "<b>&\u2028", known}
	if len(got) != len(want) {
		t.Fatalf("%d results for %d lines", len(got), len(want))
	}
	for i, w := range want {
		if got[i]["question"] != w {
			t.Errorf("line %d: question %.60q, want %.60q", i+1, got[i]["question"], w)
		}
		if strings.TrimSpace(w) == "" && got[i]["outcome"] != "declined" || w == known && got[i]["outcome"] != "answered" {
			t.Errorf("line %d (%.40q): %v", i+1, w, got[i]["outcome"])
		}
		cited := len(got[i]["citations"].([]any)) > 0
		if got[i]["outcome"] != "answered" && cited || got[i]["outcome"] == "answered" && !cited && got[i]["status"] != "citation-needed" {
			t.Errorf("line %d: %v with citations %v", i+1, got[i]["outcome"], got[i]["citations"])
		}
	}
	if out, errs, code := runFootnote(t, "", "ask", "--knowledge", village, "--json"); out != "" || errs != "" || code != exitOK {
		t.Errorf("no lines: %q, %q, %d", out, errs, code)
	}
	out, _, _ := runFootnote(t, known+"\n\nx\n", "ask", "--knowledge", village)
	if n := strings.Count(out, "\n"); n != 3 {
		t.Errorf("%d lines of text for 3 questions:\n%s", n, out)
	}
}

func TestAskAnswersEachLineAtOnce(t *testing.T) {
	inRead, inWrite := io.Pipe()
	outRead, outWrite := io.Pipe()
	done := make(chan int)
	go func() {
		code := run(t.Context(), []string{"ask", "--json", "--knowledge", village}, nil, stdio{In: inRead, Out: outWrite, Err: io.Discard})
		outWrite.Close()
		done <- code
	}()
	results := bufio.NewReader(outRead)
	for range 3 {
		if _, err := io.WriteString(inWrite, known+"\n"); err != nil {
			t.Fatal(err)
		}
		if line, err := results.ReadString('\n'); err != nil || !strings.Contains(line, `"bell-cast"`) {
			t.Fatalf("%q, %v", line, err)
		}
	}
	inWrite.Close()
	if code := <-done; code != exitOK {
		t.Errorf("exit %d", code)
	}
}

func TestAskText(t *testing.T) {
	out, errs, code := runFootnote(t, "", "ask", "--knowledge", village, known)
	if code != exitOK || errs != "" || !strings.Contains(out, "1712") || !strings.Contains(out, "\n— ") || !strings.Contains(out, "Chronicle of Unterbruck") {
		t.Errorf("exit %d, %s\n%s", code, errs, out)
	}
	out, _, _ = runFootnote(t, "", "ask", "--knowledge", village, unknown)
	if !strings.HasPrefix(out, noAnswer) || strings.Contains(out, "\n— ") {
		t.Errorf("declined:\n%s", out)
	}
	out, _, _ = runFootnote(t, "", "ask", "--knowledge", village, "--explain", known)
	for _, want := range []string{"outcome", "understood", "phrasing", "candidate 1", "bell-cast", "margin", "elapsed"} {
		if !strings.Contains(out, want) {
			t.Errorf("--explain lacks %s:\n%s", want, out)
		}
	}
}

func TestBadUsageExitsWithTwoAndSaysWhatToDo(t *testing.T) {
	file := write(t, "file", "")
	bad := filepath.Dir(write(t, "pack.yaml", "schema: footnote/1\nid: x\ntitel: X\n"))
	for _, c := range []struct {
		args string
		want string
	}{
		{"aks", `there is no command "aks" (did you mean ask?)`},
		{"help aks", "did you mean ask?"},
		{"ask --jsn x", "there is no flag --jsn (did you mean --json?)"},
		{"ask -5", "put -- before"},
		{"ask --knowledge", "flag needs an argument: --knowledge\n"},
		{"gaps --people many", `invalid value "many" for flag --people: `},
		{"hlep", `there is no command "hlep" (did you mean help?)`},
		{"eval --typos", "belong to --bench"},
		{"eval --bench none.jsonl", "none.jsonl"},
		{"eval --bench testdata/village/facts.yaml", "facts.yaml: line 1"},
		{"eval x", `eval takes no arguments, and got "x"`},
		{"ask --knowledge " + file + "x q", "there is no such folder"},
		{"ask --knowledge " + file + " q", "this is a file"},
		{"ask --knowledge " + bad + " q", "pack.yaml:3:1: titel: unknown key (did you mean title?)"},
		{"ask --config none.yaml q", "none.yaml: the file is not there"},
		{"version --knowledge " + file + "x", "there is no such folder"},
		{"eval --knowledge " + file + "x", "there is no such folder"},
		{"serve", "footnote chat"},
		{"serve", "https://discord.com/developers/applications"},
		{"serve", "@BotFather"},
		{"serve --log-level loud", `--log-level: "loud" is none of debug, info, warn, error`},
		{"serve --log-format=yaml", "--log-format"},
	} {
		out, errs, code := runFootnote(t, "", strings.Fields(c.args)...)
		if code != exitUsage || !strings.Contains(errs, c.want) || out != "" {
			t.Errorf("footnote %s: exit %d, want %d and %q\n%s%s", c.args, code, exitUsage, c.want, errs, out)
		}
	}
}

func TestHelpOfEveryCommand(t *testing.T) {
	overview, _, code := runFootnote(t, "")
	if code != exitOK {
		t.Errorf("footnote alone: exit %d", code)
	}
	for _, c := range commands() {
		if !strings.Contains(overview, "\n  "+c.name+" ") || c.summary == "" {
			t.Errorf("the overview lacks %s or its summary", c.name)
		}
		text, errs, code := runFootnote(t, "", "help", c.name)
		if code != exitOK || errs != "" {
			t.Errorf("help %s: exit %d, %s", c.name, code, errs)
		}
		wanted := []string{"Usage: footnote " + c.name, "Exit codes: 0", "footnote " + c.name}
		configured := !slices.Contains([]string{"new", "import", "schema", "phrasings"}, c.name)
		readsPacks := configured && !slices.Contains([]string{"backup", "migrate", "healthcheck"}, c.name)
		if configured {
			wanted = append(wanted, "--config FILE")
		}
		if readsPacks != strings.Contains(text, "--knowledge DIR") {
			t.Errorf("help %s tells of the packs to read: %v, want %v", c.name, !readsPacks, readsPacks)
		}
		for _, want := range wanted {
			if !strings.Contains(text, want) {
				t.Errorf("help %s lacks %q", c.name, want)
			}
		}
		for i, line := range strings.Split(text, "\n") {
			if utf8.RuneCountInString(line) > 90 {
				t.Errorf("help %s, line %d is too long for a terminal", c.name, i+1)
			}
		}
		if same, _, code := runFootnote(t, "", c.name, "--help"); same != text || code != exitOK {
			t.Errorf("%s --help differs from help %s", c.name, c.name)
		}
	}
}

func TestVersionNamesProgramGoAndPacks(t *testing.T) {
	out, _, code := runFootnote(t, "", "version")
	if code != exitOK || !strings.HasPrefix(out, "footnote ") || !strings.Contains(out, "go1.") || !strings.Contains(out, "pack neo-stalinism 1.") {
		t.Errorf("exit %d\n%s", code, out)
	}
	var v version
	out, _, _ = runFootnote(t, "", "version", "--json")
	if err := json.Unmarshal([]byte(out), &v); err != nil || len(v.Packs) != 1 || v.Packs[0].Facts < 45 || v.Packs[0].From != "embedded" {
		t.Errorf("%v, %v", v, err)
	}
}

func TestEvalCountsAndNamesMisses(t *testing.T) {
	out, errs, code := runFootnote(t, "", "eval", "--json", "--knowledge", village)
	var r report
	if err := json.Unmarshal([]byte(out), &r); err != nil || code != exitOK || errs != "" {
		t.Fatalf("exit %d, %v\n%s%s", code, err, out, errs)
	}
	for name, tl := range map[string]tally{"find": r.tally, "decline": r.Decline.tally, "kind": *r.Decline.Kinds["other-history"]} {
		if tl.Asked != 2 || (name == "find" && tl.Right+tl.Wrong+tl.Choices+tl.Declined != 2) || (name != "find" && tl.Right != tl.Declined) {
			t.Errorf("%s: %+v", name, tl)
		}
	}
	// testdata/village/eval.yaml demands the mill for a question about the bell.
	if len(r.Misses) != 4-r.Right-r.Decline.Right || !strings.HasSuffix(r.Misses[0].Place, "eval.yaml:6:7") || r.Misses[0].Expected[0] != "mill-fire" {
		t.Errorf("misses: %+v", r.Misses)
	}
	out, _, code = runFootnote(t, "", "eval", "--knowledge", village)
	if code != exitOK || !strings.Contains(out, "must be declined") || !strings.Contains(out, "eval.yaml:6:7: \"When was the great bell of Unterbruck made?\" must find mill-fire; got answered, first bell-cast") {
		t.Errorf("exit %d\n%s", code, out)
	}
}

func TestEvalBenchScoresADataSet(t *testing.T) {
	const set = "testdata/bench.jsonl"
	out, errs, code := runFootnote(t, "", "eval", "--json", "--typos", "--shots", "2", "--bench", set)
	var rows []benched
	for line := range strings.Lines(out) {
		var r benched
		if err := json.Unmarshal([]byte(line), &r); err != nil {
			t.Fatal(err)
		}
		rows = append(rows, r)
	}
	if code != exitOK || errs != "" || len(rows) != 2 || rows[0].Typos || !rows[1].Typos || rows[0].Shots != 2 ||
		rows[0].Set != "bench" || rows[0].Facts != 2 || rows[0].In != 2 || rows[0].Out != 1 || rows[0].Accuracy == 0 {
		t.Errorf("exit %d, %+v\n%s", code, rows, errs)
	}
	out, _, code = runFootnote(t, "", "eval", "--bench", set)
	if lines := strings.Split(strings.TrimSpace(out), "\n"); code != exitOK || len(lines) != 2 || !strings.Contains(lines[0], "AUROC") || !strings.Contains(lines[1], "%") {
		t.Errorf("exit %d\n%s", code, out)
	}
}

func TestCheck(t *testing.T) {
	out, errs, code := runFootnote(t, "", "check") // the embedded pack
	if code != exitOK || !strings.Contains(out, "pack neo-stalinism") || !strings.Contains(out, "0 errors") {
		t.Errorf("embedded pack: exit %d\n%s%s", code, out, errs)
	}
	bad := filepath.Dir(write(t, "pack.yaml", "schema: footnote/1\nid: x\ntitel: X\n"))
	config := write(t, "c.yaml", "log: {levle: info}\n")
	out, errs, code = runFootnote(t, "", "check", "--config", config, bad)
	if code != exitFailed || !strings.Contains(errs, "c.yaml:1:7: log.levle: unknown key (did you mean level?)") ||
		!strings.Contains(errs, "pack.yaml:3:1: titel: unknown key (did you mean title?)") {
		t.Errorf("exit %d\n%s%s", code, out, errs)
	}
	var r checked
	out, errs, code = runFootnote(t, "", "check", "--json", "--config", config, "--knowledge", bad)
	if err := json.Unmarshal([]byte(out), &r); err != nil || code != exitFailed || r.OK || r.Errors < 2 || len(r.Problems) < 2 || r.Problems[0].Line != 1 || errs != "" {
		t.Errorf("exit %d, %v\n%s%s", code, err, out, errs)
	}
	out, errs, code = runWith(t, []string{"FOOTNOTE_SERVICE_HOST=10.0.0.1"}, "", "check", village)
	if code != exitOK || !strings.Contains(out, "0 errors") || strings.Contains(out, "0 warnings") || !strings.Contains(errs, "FOOTNOTE_SERVICE_HOST: warning") {
		t.Errorf("a warning must not fail the check: exit %d\n%s%s", code, out, errs)
	}
}

func TestMainIsShort(t *testing.T) {
	// What is in main cannot be tested, so little may be there.
	text, err := os.ReadFile("main.go")
	if err != nil {
		t.Fatal(err)
	}
	_, body, _ := strings.Cut(string(text), "func main() {\n")
	if n := strings.Count(body, "\n"); n > 10 {
		t.Errorf("main has %d lines", n)
	}
}
