package web

import (
	"io/fs"
	"os"
	"regexp"
	"strings"
	"testing"

	"footnote/bot/lang"
)

// Every text that a page uses is in the catalogue, and every text of pages is used.
func TestTexts(t *testing.T) {
	var code strings.Builder
	for _, dir := range []string{".", "templates"} {
		names, err := fs.Glob(os.DirFS(dir), "*")
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range names {
			if strings.HasSuffix(name, "_test.go") || !strings.HasSuffix(name, ".go") && !strings.HasSuffix(name, ".html") {
				continue
			}
			data, err := os.ReadFile(dir + "/" + name)
			if err != nil {
				t.Fatal(err)
			}
			code.Write(data)
		}
	}
	en := words()[lang.Default]
	used := map[string]bool{"web.open": true} // which package dialog says
	for _, m := range regexp.MustCompile(`T "([a-z.-]+)"|T\("([a-z.-]+)"`).FindAllStringSubmatch(code.String(), -1) {
		key := m[1] + m[2]
		used[key] = true
		if !en.Has(key) && !strings.HasSuffix(key, ".") {
			t.Errorf("%s is used and not in the catalogue", key)
		}
	}
	for _, under := range []string{"topics", "people", "years"} {
		used["web."+under] = true
	}
	for _, s := range statuses {
		used["web.means."+string(s)] = true
	}
	for _, key := range en.Keys() {
		if strings.HasPrefix(key, "web.") && !used[key] {
			t.Errorf("%s is in the catalogue and nowhere used", key)
		}
	}
}
