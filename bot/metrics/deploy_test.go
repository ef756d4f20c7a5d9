package metrics

import (
	"encoding/json"
	"os"
	"regexp"
	"strings"
	"testing"

	"footnote/knowledge/strictyaml"
)

// TestDeployedNames: every figure that the dashboard, the alert rules and the handbook name is
// one of the program's, and the handbook names each.
func TestDeployedNames(t *testing.T) {
	families, err := used().Gatherer().Gather()
	if err != nil {
		t.Fatal(err)
	}
	known := map[string]bool{}
	for _, f := range families {
		known[f.GetName()] = true
	}
	name := regexp.MustCompile(`footnote_[a-z0-9_]+`)
	for _, path := range []string{"prometheus/rules.yaml", "grafana/footnote.json", "OPERATING.md"} {
		text := read(t, path)
		found := name.FindAllString(text, -1)
		if len(found) < 5 {
			t.Errorf("%s names %d figures: is it still read right?", path, len(found))
		}
		for _, n := range found {
			for _, part := range []string{"_bucket", "_count", "_sum"} {
				n = strings.TrimSuffix(n, part)
			}
			if n != "footnote_" && !known[n] {
				t.Errorf("%s names %s, which is no figure of the program", path, n)
			}
		}
	}
	handbook := read(t, "OPERATING.md")
	for n := range known {
		if own, ok := strings.CutPrefix(n, namespace+"_"); ok && !strings.Contains(handbook, "`"+own+"`") {
			t.Errorf("OPERATING.md does not tell of %s", own)
		}
	}
	if !json.Valid([]byte(read(t, "grafana/footnote.json"))) {
		t.Error("the dashboard is no JSON")
	}
	var rep strictyaml.Report
	if root, _ := strictyaml.ReadFile(os.DirFS("../../deploy/prometheus"), "rules.yaml", "rules.yaml", &rep); root == nil {
		t.Errorf("the rules are no YAML: %v", rep.Problems())
	}
}

func read(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile("../../deploy/" + path)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
