package main

import (
	"io/fs"
	"os"
	"os/exec"
	"slices"
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
	{of: "knowledge/strictyaml", never: []string{"knowledge", "answers", "bot", "cmd"}, reason: "files know nothing of what stands in them"},
	{of: "knowledge/edtf", never: []string{"knowledge", "answers", "bot", "cmd"}, reason: "dates know nothing of what they date"},
	{of: "knowledge/archive", never: []string{"knowledge", "answers", "bot", "cmd"}, reason: "archives know nothing of what stands in them"},
	{of: "knowledge/watch", never: []string{"knowledge", "answers", "bot", "cmd"}, reason: "watching files asks nothing of what stands in them"},
	{of: "knowledge/xlsx", never: []string{"knowledge", "answers", "bot", "cmd"}, reason: "spreadsheets know nothing of what stands in them"},
	{of: "knowledge/csl", never: []string{factsAlone, "knowledge/draft", "knowledge/importer", "answers", "bot", "cmd"}, reason: "sources know nothing of facts"},
	{of: "knowledge/splice", never: []string{factsAlone, "knowledge/csl", "knowledge/draft", "knowledge/importer", "answers", "bot", "cmd"}, reason: "changing a text knows nothing of packs"},
	{of: "knowledge/draft", never: []string{"knowledge/importer", "answers", "bot", "cmd"}, reason: "writing packs knows nothing of foreign formats"},
	{of: "knowledge/importer", never: []string{"answers", "bot", "cmd"}, reason: "facts know nothing of matching or chats"},
	{of: "knowledge", never: []string{"knowledge/draft", "knowledge/importer", "knowledge/watch", "answers", "bot", "cmd"}, reason: "facts know nothing of how they are written, of matching or of chats"},
	{of: "answers/parse", never: []string{answersAlone, "answers/spell", "bot", "cmd"}, reason: "reading knows nothing of how facts are compared"},
	{of: "answers/spell", never: []string{answersAlone, "bot", "cmd"}, reason: "spelling knows nothing of how facts are compared"},
	{of: "answers", never: []string{"bot", "cmd"}, reason: "matching knows nothing of chats"},
	{of: "bot/discord", never: []string{"bot/telegram", "bot/terminal", "bot/dialog", "bot/lang", "cmd", telegramLibrary}, reason: "adapters know neither each other nor what is said"},
	{of: "bot/telegram", never: []string{"bot/discord", "bot/terminal", "bot/dialog", "bot/lang", "cmd", discordLibrary}, reason: "adapters know neither each other nor what is said"},
	{of: "bot/terminal", never: []string{"bot/discord", "bot/telegram", "bot/dialog", "bot/lang", "cmd", discordLibrary, telegramLibrary}, reason: "adapters know neither each other nor what is said"},
	{of: "bot/lang", never: []string{"bot", "answers", "knowledge", "cmd"}, reason: "words know nothing"},
	{of: "bot/cluster/pgcluster", never: []string{"bot/dialog", "bot/discord", "bot/telegram", "bot/terminal", "cmd"}, reason: "what is shared knows nothing of what is said"},
	{of: "bot/cluster", never: []string{botAlone, "bot/dialog", "bot/discord", "bot/telegram", "bot/terminal", "bot/platform", "answers", "knowledge", "cmd"}, reason: "who does what knows nothing of what is done"},
	{of: "bot", alone: true, never: []string{"bot/dialog", "bot/lang"}, reason: "delivery does not decide what is said"},
	{of: "bot", never: []string{"bot/discord", "bot/telegram", "bot/terminal", "cmd", discordLibrary, telegramLibrary}, reason: "the conversation knows no platform"},
}

// The adapters and their kit, with what each may import beside the standard library:
// packages of this program, and whose code it did not write.
var adapterImports = map[string][]string{
	"bot/platform":        {"bot"},
	"bot/discord":         {"bot", "bot/cluster", "bot/platform", "bot/recent", "bot/discord/gateway", "bot/discord/rest"},
	"bot/discord/gateway": {"bot", "bot/cluster", "bot/platform", discordLibrary, "github.com/gorilla/websocket"},
	"bot/discord/rest":    {"bot", "bot/platform", discordLibrary, "golang.org/x/time/rate"},
	"bot/telegram":        {"bot", "bot/cluster", "bot/platform", "bot/recent", telegramLibrary},
	"bot/terminal":        {"bot", "bot/platform", "golang.org/x/term", "github.com/rivo/uniseg", "golang.org/x/sys/unix"},
}

// TestAdapterImports holds that an adapter needs the contract, the kit, the bounded map and its own
// library, and nothing else of the program.
func TestAdapterImports(t *testing.T) {
	args := []string{"list", "-f", `{{.ImportPath}}{{range .Imports}} {{.}}{{end}}`}
	for pkg := range adapterImports {
		args = append(args, module+"/"+pkg)
	}
	out, err := exec.Command("go", args...).Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	for line := range strings.Lines(string(out)) {
		words := strings.Fields(line)
		pkg := strings.TrimPrefix(words[0], module+"/")
		for _, dep := range words[1:] {
			inside := strings.HasPrefix(dep, module+"/")
			if dep = strings.TrimPrefix(dep, module+"/"); !inside && !strings.Contains(dep, ".") {
				continue // the standard library
			}
			if !slices.Contains(adapterImports[pkg], dep) {
				t.Errorf("%s imports %s", pkg, dep)
			}
		}
	}
}

// TestPlatformLibraries holds that a platform's library is known in few files.
func TestPlatformLibraries(t *testing.T) {
	for library, files := range map[string][]string{
		discordLibrary:  {"bot/discord/gateway/library.go", "bot/discord/rest/client.go"},
		telegramLibrary: {"bot/telegram/library.go"},
	} {
		var found []string
		err := fs.WalkDir(os.DirFS("../.."), "bot", func(path string, _ fs.DirEntry, err error) error {
			if err != nil || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
				return err
			}
			if strings.Contains(readText(t, "../../"+path), `"`+library+`"`) {
				found = append(found, path)
			}
			return nil
		})
		if err != nil || !slices.Equal(found, files) {
			t.Errorf("%s is imported by %q, want %q (%v)", library, found, files, err)
		}
	}
}

const (
	discordLibrary  = "github.com/bwmarrin/discordgo"
	telegramLibrary = "github.com/go-telegram-bot-api/telegram-bot-api/v5"
)

// factsAlone is package knowledge alone, without what lies below it.
const factsAlone = "knowledge$"

// answersAlone is package answers alone.
const answersAlone = "answers$"

// botAlone is package bot alone.
const botAlone = "bot$"

func within(pkg, root string) bool {
	if alone, ok := strings.CutSuffix(root, "$"); ok {
		return pkg == alone
	}
	return pkg == root || strings.HasPrefix(pkg, root+"/")
}

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

// testHelpers are the packages from elsewhere that import package testing outside
// their tests, with the reason why we use them all the same.
var testHelpers = map[string]string{
	"github.com/kljensen/snowball/romance": "a helper of its tests stands in an ordinary file; nothing calls it",
}

// TestNoTestPackageInTheProgram: what only tests need is not in the binary.
func TestNoTestPackageInTheProgram(t *testing.T) {
	out, err := exec.Command("go", "list", "-deps", "-f", `{{if not .Standard}}{{.ImportPath}}{{range .Imports}} {{.}}{{end}}{{end}}`, ".").Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	seen := map[string]bool{}
	for line := range strings.Lines(string(out)) {
		words := strings.Fields(line)
		if len(words) == 0 {
			continue
		}
		pkg := words[0]
		for _, dep := range words[1:] {
			if !within(dep, "testing") && (!within(dep, module) || !strings.HasSuffix(dep, "test")) {
				continue
			}
			seen[pkg] = true
			if testHelpers[pkg] == "" {
				t.Errorf("%s imports %s, which only tests need", pkg, dep)
			}
		}
	}
	for pkg := range testHelpers {
		if !seen[pkg] {
			t.Errorf("%s imports no test package any more", pkg)
		}
	}
}
