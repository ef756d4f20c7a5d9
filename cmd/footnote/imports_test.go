package main

import (
	"os/exec"
	"strings"
	"testing"
)

const module = "footnote"

// The rules of ARCHITECTURE.md. A package is under the first rule that matches.
// Tests and the fakes (…test) are free: they exist to see both sides.
var importRules = []struct {
	of     string   // this package and what lies below it
	alone  bool     // not what lies below it
	never  []string // packages (and what lies below) it must not reach, however indirectly
	reason string
}{
	{of: "knowledge", never: []string{"answers", "bot", "cmd"}, reason: "facts know nothing of matching or chats"},
	{of: "answers", never: []string{"bot", "cmd"}, reason: "matching knows nothing of chats"},
	{of: "bot/discord", never: []string{"bot/telegram", "bot/terminal", "bot/dialog", "bot/lang", "cmd", telegramLibrary}, reason: "adapters know neither each other nor what is said"},
	{of: "bot/telegram", never: []string{"bot/discord", "bot/terminal", "bot/dialog", "bot/lang", "cmd", discordLibrary}, reason: "adapters know neither each other nor what is said"},
	{of: "bot/terminal", never: []string{"bot/discord", "bot/telegram", "bot/dialog", "bot/lang", "cmd", discordLibrary, telegramLibrary}, reason: "adapters know neither each other nor what is said"},
	{of: "bot/lang", never: []string{"bot", "answers", "knowledge", "cmd"}, reason: "words know nothing"},
	{of: "bot", alone: true, never: []string{"bot/dialog", "bot/lang"}, reason: "delivery does not decide what is said"},
	{of: "bot", never: []string{"bot/discord", "bot/telegram", "bot/terminal", "cmd", discordLibrary, telegramLibrary}, reason: "the conversation knows no platform"},
}

const (
	discordLibrary  = "github.com/bwmarrin/discordgo"
	telegramLibrary = "github.com/go-telegram-bot-api/telegram-bot-api/v5"
)

func within(pkg, root string) bool { return pkg == root || strings.HasPrefix(pkg, root+"/") }

func TestImportRules(t *testing.T) {
	out, err := exec.Command("go", "list", "-f", `{{.ImportPath}}{{range .Deps}} {{.}}{{end}}`, module+"/...").Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	seen := map[string]bool{}
	for line := range strings.Lines(string(out)) {
		words := strings.Fields(line)
		pkg := strings.TrimPrefix(words[0], module+"/")
		if strings.HasSuffix(pkg, "test") {
			continue
		}
		for _, rule := range importRules {
			if !within(pkg, rule.of) || rule.alone && pkg != rule.of {
				continue
			}
			seen[rule.of] = true
			for _, dep := range words[1:] {
				dep = strings.TrimPrefix(dep, module+"/")
				for _, banned := range rule.never {
					if within(dep, banned) && !within(dep, pkg) {
						t.Errorf("%s must not reach %s: %s", pkg, dep, rule.reason)
					}
				}
			}
			break
		}
	}
	for _, rule := range importRules {
		if !seen[rule.of] {
			t.Errorf("no package is under the rule for %s: was it renamed?", rule.of)
		}
	}
}

// TestNoticeNamesEveryModule keeps NOTICE complete: it names what is in the binary.
func TestNoticeNamesEveryModule(t *testing.T) {
	out, err := exec.Command("go", "list", "-deps", "-f", `{{with .Module}}{{.Path}}{{end}}`, ".").Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	notice := readText(t, "../../NOTICE")
	for path := range strings.FieldsSeq(string(out)) {
		family := path[:strings.LastIndex(path, "/")+1] + "..."
		if path != module && !strings.Contains(notice, "\n   "+path+" ") && !strings.Contains(notice, "\n   "+family+" ") {
			t.Errorf("NOTICE lacks %s", path)
		}
	}
}
