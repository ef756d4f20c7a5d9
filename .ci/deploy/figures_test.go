package deploy

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

var figure = regexp.MustCompile(`footnote_[a-z_]+`)

// TestFigures holds the figures that the dashboard and the alerts ask for against those that
// OPERATING.md lists, which a test of the program holds against what it tells, and each expression
// against Prometheus's own reader, where that is here.
func TestFigures(t *testing.T) {
	known := map[string]bool{}
	for _, row := range strings.Split(read(t, "OPERATING.md"), "\n") {
		if !strings.HasPrefix(row, "| `") {
			continue
		}
		for _, m := range regexp.MustCompile("`([a-z_]+)`").FindAllStringSubmatch(strings.SplitN(row, "|", 3)[1], -1) {
			known["footnote_"+m[1]] = true
		}
	}
	var board struct {
		Panels []struct {
			Title   string
			Targets []struct{ Expr string }
		}
	}
	if err := json.Unmarshal([]byte(read(t, "grafana/footnote.json")), &board); err != nil {
		t.Fatal(err)
	}
	rules := "groups:\n- name: dashboard\n  rules:\n"
	asked := read(t, "prometheus/rules.yaml")
	for _, p := range board.Panels {
		for _, x := range p.Targets {
			asked += "\n" + x.Expr
			expr, _ := json.Marshal(strings.ReplaceAll(x.Expr, "$__rate_interval", "5m"))
			rules += "  - record: dashboard:expression\n    expr: " + string(expr) + "\n"
		}
	}
	for _, name := range figure.FindAllString(asked, -1) {
		if !known[strings.TrimSuffix(name, "_bucket")] {
			t.Errorf("%s is asked for, and OPERATING.md does not list it", name)
		}
	}
	if len(board.Panels) < 10 {
		t.Errorf("only %d panels", len(board.Panels))
	}
	tool, err := exec.LookPath("promtool")
	if err != nil {
		t.Skip("promtool is not here: expressions were not read by Prometheus")
	}
	file := filepath.Join(t.TempDir(), "rules.yaml")
	if err := os.WriteFile(file, []byte(rules), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{
		{"check", "rules", "--lint=none", file}, {"check", "rules", folder + "prometheus/rules.yaml"},
		{"test", "rules", folder + "prometheus/rules_test.yaml"}, {"check", "config", folder + "prometheus/prometheus.yaml"},
	} {
		if out, err := exec.Command(tool, args...).CombinedOutput(); err != nil {
			t.Errorf("promtool %v: %v\n%s", args, err, out)
		}
	}
}

func read(t *testing.T, name string) string {
	t.Helper()
	data, err := os.ReadFile(folder + name)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}
