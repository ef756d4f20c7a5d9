package metrics

import (
	"encoding/json"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/prometheus/client_golang/prometheus"

	"footnote/knowledge/strictyaml"
)

// registered are the names of all that the program can tell, whether it has happened yet or not.
func registered(t *testing.T) map[string]bool {
	t.Helper()
	all := map[string]bool{}
	name := regexp.MustCompile(`fqName: "([^"]+)"`)
	descs := make(chan *prometheus.Desc)
	go func() {
		defer close(descs)
		used().registry.Describe(descs)
	}()
	for d := range descs {
		all[name.FindStringSubmatch(d.String())[1]] = true
	}
	return all
}

// TestDeployedNames: every figure that the dashboard, the alert rules and the handbook name is
// one of the program's, and the handbook and the dashboard name each.
func TestDeployedNames(t *testing.T) {
	known := registered(t)
	families, err := used().Gatherer().Gather()
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range families {
		if !known[f.GetName()] {
			t.Errorf("%s is told and not described", f.GetName())
		}
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
	handbook, board := read(t, "OPERATING.md"), read(t, "grafana/footnote.json")
	for n := range known {
		own, ok := strings.CutPrefix(n, namespace+"_")
		if ok && !strings.Contains(handbook, "`"+own+"`") {
			t.Errorf("OPERATING.md does not tell of %s", own)
		}
		if ok && !regexp.MustCompile(`\b`+n+`(_bucket)?\b`).MatchString(board) {
			t.Errorf("the dashboard does not show %s", n)
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
