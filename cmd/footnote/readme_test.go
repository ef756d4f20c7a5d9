package main

import (
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"footnote/bot"
	"footnote/bot/bottest"
)

var update = flag.Bool("update", false, "rewrite the conversation in README.md")

const readme = "../../README.md"

func readText(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// fenced returns the blocks of code in a language.
func fenced(markdown, language string) []string {
	var blocks []string
	for _, m := range regexp.MustCompile("(?ms)^```"+language+"\n(.*?)^```$").FindAllStringSubmatch(markdown, -1) {
		blocks = append(blocks, m[1])
	}
	return blocks
}

func TestREADMEBeginsWithTheTwoCommands(t *testing.T) {
	blocks := fenced(readText(t, readme), "sh")
	// .ci/run runs these two as they stand, on a machine with nothing but Go.
	if len(blocks) < 2 || !strings.HasPrefix(blocks[0], "go run ./cmd/footnote ") || blocks[1] != "go test ./...\n" {
		t.Fatalf("the first two commands are %q", blocks)
	}
	// What it answers is looked at where the conversation is held, which begins
	// with the same question: indexing the embedded pack once is enough.
	_, question, _ := strings.Cut(strings.TrimSpace(blocks[0]), "ask ")
	if first, _, _ := strings.Cut(fenced(readText(t, readme), "text")[0], "\n"); first != "> "+strings.Trim(question, `"`) {
		t.Errorf("the conversation does not begin with the first command's question %s", question)
	}
}

// Every command of a chat that the README names is one, and those that a person who
// runs the bot should know of are named.
func TestREADMENamesChatCommands(t *testing.T) {
	known := bot.ByName(bottest.Commands())
	for _, name := range []string{"remember", "report", "setprivacy", "setinline", "newbot"} { // of a ledger that keeps words, of a place for reports, and of BotFather
		known[name] = bot.Command{}
	}
	named := map[string]bool{}
	for _, m := range regexp.MustCompile("`/([a-z]+)[^`/\n]*`").FindAllStringSubmatch(readText(t, readme), -1) {
		named[m[1]] = true
		if _, ok := known[m[1]]; !ok {
			t.Errorf("the README names /%s, which nobody hears", m[1])
		}
	}
	for _, name := range []string{"ask", "source", "why", "topics", "search", "settings", "privacy", "forget", "about"} {
		if !named[name] {
			t.Errorf("the README does not name /%s", name)
		}
	}
}

// TestREADMECommandsExist reads every "footnote ..." in the documents and asks
// whether there is such a subcommand with such flags.
func TestREADMECommandsExist(t *testing.T) {
	mention := regexp.MustCompile("(?:`|^|\\s|[(])(?:go run ./cmd/)?footnote ([a-z]+)([^`\n]*)")
	for _, path := range []string{readme, "../../CONTRIBUTING.md", "../../ARCHITECTURE.md", "../../config.example.yaml"} {
		text := readText(t, path)
		code := regexp.MustCompile("`[^`\n]+`").FindAllString(text, -1)
		code = append(code, fenced(text, "sh")...)
		found := 0
		for _, m := range mention.FindAllStringSubmatch(strings.Join(code, "\n"), -1) {
			found++
			i := slices.IndexFunc(commands(), func(c command) bool { return c.name == m[1] || m[1] == "help" })
			if i < 0 {
				t.Errorf("%s: there is no subcommand %q", filepath.Base(path), m[1])
				continue
			}
			fs := flag.NewFlagSet(m[1], flag.ContinueOnError)
			commands()[i].flags(fs)
			for _, f := range regexp.MustCompile(`--([a-z-]+)`).FindAllStringSubmatch(m[2], -1) {
				if fs.Lookup(f[1]) == nil {
					t.Errorf("%s: %s has no flag --%s", filepath.Base(path), m[1], f[1])
				}
			}
		}
		if path == readme && found < 5 {
			t.Errorf("found only %d mentions of commands", found)
		}
	}
}

func TestREADMETableHasEveryKeyWithItsDefault(t *testing.T) {
	text := readText(t, readme)
	for _, key := range settingKeys() {
		row := regexp.MustCompile("(?m)^\\| `" + regexp.QuoteMeta(key) + "` \\| `" + variable(key) + "` \\|").FindString(text)
		if row == "" {
			t.Errorf("the table of keys lacks %s with %s", key, variable(key))
		}
	}
	rows := regexp.MustCompile("(?m)^\\| `([a-z.-]+)` \\| `FOOTNOTE_[A-Z_]+` \\| (?:`([^`]+)`)? ?\\|").FindAllStringSubmatch(text, -1)
	for _, m := range rows {
		s, ok := settingOf(m[1])
		if !ok {
			t.Errorf("the table has %s, which is no key", m[1])
			continue
		}
		if m[2] == "" {
			continue
		}
		var c, want Config
		c, want = defaults(), defaults()
		if _, err := s.set(&c, entry{key: m[1], values: []string{m[2]}}); err != nil || !sameConfig(c, want) {
			t.Errorf("%s: %q is not the default (%v)", m[1], m[2], err)
		}
	}
	if len(rows) != len(settingKeys()) {
		t.Errorf("%d rows for %d keys", len(rows), len(settingKeys()))
	}
}

func TestLinksInDocumentsLeadSomewhere(t *testing.T) {
	for _, path := range []string{readme, "../../CONTRIBUTING.md", "../../ARCHITECTURE.md"} {
		for _, m := range regexp.MustCompile(`\]\(([^)#:]+)\)`).FindAllStringSubmatch(readText(t, path), -1) {
			if _, err := os.Stat(filepath.Join(filepath.Dir(path), m[1])); err != nil {
				t.Errorf("%s links to %s: %v", filepath.Base(path), m[1], err)
			}
		}
	}
}

// TestREADMEShowsARealConversation holds a conversation with what people say in
// README's picture ("> ..." lines) and compares every reply. -update rewrites it.
func TestREADMEShowsARealConversation(t *testing.T) {
	text := readText(t, readme)
	shown := fenced(text, "text")
	if len(shown) == 0 {
		t.Fatal("README shows no conversation")
	}
	var said []string
	for line := range strings.Lines(shown[0]) {
		if s, ok := strings.CutPrefix(line, "> "); ok {
			said = append(said, strings.TrimSuffix(s, "\n"))
		}
	}
	if len(said) == 0 {
		t.Fatal("nobody says anything in README's conversation")
	}
	got := conversation(t, said)
	if got == shown[0] {
		return
	}
	if !*update {
		t.Fatalf("the program now says something else; look at it, then run\ngo test ./cmd/footnote -run README -update\n\n%s", got)
	}
	if err := os.WriteFile(readme, []byte(strings.Replace(text, shown[0], got, 1)), 0o644); err != nil {
		t.Fatal(err)
	}
}

// conversation is a chat as a person sees it.
func conversation(t *testing.T, said []string) string {
	t.Helper()
	var out replies
	var errs strings.Builder
	code := run(t.Context(), []string{"chat"}, nil, stdio{In: strings.NewReader(strings.Join(said, "\n")), Out: &out, Err: &errs})
	if code != exitOK || errs.Len() > 0 || len(out) != len(said) {
		t.Fatalf("chat: exit %d, %d replies to %d lines, %s", code, len(out), len(said), errs.String())
	}
	var b strings.Builder
	for i, line := range said {
		if i > 0 {
			b.WriteByte('\n')
		}
		b.WriteString("> " + line + "\n" + strings.TrimSpace(out[i]) + "\n")
	}
	return b.String()
}

// replies are the replies of a chat: it writes each in one call.
type replies []string

func (r *replies) Write(p []byte) (int, error) {
	*r = append(*r, string(p))
	return len(p), nil
}
