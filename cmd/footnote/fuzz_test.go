package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	"footnote/knowledge/strictyaml"
)

// FuzzConfig reads any text as a configuration: nothing may panic, every problem
// has its place, and what is a token never stands in a problem.
func FuzzConfig(f *testing.F) {
	for _, s := range []string{
		"", "log: {level: debug}\n", "discord:\n  token: %s\n", "discord: [%s]\n", "telegram: {token: '%s x'}\n",
		"knowledge: [a, {b: c}]\n", "limits: {chat-per-minute: 99999999999}\n", "? [a]\n: b\n", "a: &x [*x]\n", "log:\n\tlevel: info\n",
	} {
		f.Add(s, "FOOTNOTE_KNOWLEDGE=a:b,,c")
	}
	const token = "1234567890:an-invented-token-for-fuzzing-0123"
	f.Fuzz(func(t *testing.T, text, variable string) {
		var rep strictyaml.Report
		c := defaults()
		root := strictyaml.Parse("config.yaml", []byte(strings.Replace(text, "%s", token, 1)), &rep)
		apply(&c, entriesIn(root, "", "."), &rep)
		apply(&c, fromEnvironment([]string{variable, "FOOTNOTE_TELEGRAM_TOKEN=" + token}, &rep), &rep)
		for _, p := range rep.Problems() {
			if p.File == "" && p.Line == 0 && !strings.Contains(p.Message, "not shown") {
				t.Errorf("a problem without a place: %s", p)
			}
		}
		if strings.Contains(fmt.Sprintf("%v %+v %#v", c, c, c), token) {
			t.Error("the configuration prints its token")
		}
		if c.Limits.ChatPerMinute < 0 || c.Log.Level == "" || c.Discord.Endpoint == "" {
			t.Errorf("a value that no setting allows: %+v", c)
		}
	})
}

// FuzzLines compares the lines that ask reads with what a simple reader makes of
// the same bytes.
func FuzzLines(f *testing.F) {
	for _, s := range []string{"", "\n", "a\r\nb", "a\n\n", "\ufeffa\n", "\r\n\r", strings.Repeat("x", 5000) + "\ny"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		const most = 16
		var got []string
		in := bufio.NewReaderSize(strings.NewReader(text), 16)
		for {
			line, err := readLine(in, most)
			if err == nil || line != "" {
				got = append(got, line)
			}
			if errors.Is(err, io.EOF) {
				break
			}
		}
		var want []string
		for line := range strings.Lines(text) {
			whole := strings.HasSuffix(line, "\n")
			line = strings.TrimSuffix(strings.TrimSuffix(line, "\n"), "\r")
			if line = line[:min(len(line), most)]; whole || line != "" {
				want = append(want, line)
			}
		}
		if fmt.Sprintf("%q", got) != fmt.Sprintf("%q", want) {
			t.Errorf("lines of %q: %q, want %q", text, got, want)
		}
	})
}
