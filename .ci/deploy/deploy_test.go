// Package deploy holds the files of the folder deploy against the schemas of the programs that
// read them.
package deploy

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/compose-spec/compose-go/v2/cli"
	"github.com/compose-spec/compose-go/v2/types"
	apps "k8s.io/api/apps/v1"
	core "k8s.io/api/core/v1"
	policy "k8s.io/api/policy/v1"
	"k8s.io/apimachinery/pkg/util/yaml"
	strict "sigs.k8s.io/yaml"
)

const folder = "../../deploy/"

func TestCompose(t *testing.T) {
	o, err := cli.NewProjectOptions([]string{folder + "compose.yaml"}, cli.WithWorkingDirectory(folder))
	if err != nil {
		t.Fatal(err)
	}
	p, err := o.LoadProject(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	bot, ok := p.Services["bot"]
	if !ok {
		t.Fatal("there is no service bot")
	}
	for _, s := range bot.Secrets {
		if _, ok := p.Secrets[s.Source]; !ok {
			t.Errorf("the secret %s is not declared", s.Source)
		}
	}
	for name, v := range bot.Environment {
		if v == nil || !strings.HasSuffix(name, "_FILE") {
			continue
		}
		secret, ok := strings.CutPrefix(*v, "/run/secrets/")
		if !ok || !slices.ContainsFunc(bot.Secrets, func(s types.ServiceSecretConfig) bool { return s.Source == secret }) {
			t.Errorf("%s names %s, which the service does not get", name, *v)
		}
	}
	if !bot.ReadOnly || bot.StopGracePeriod == nil || !slices.Contains(bot.CapDrop, "ALL") {
		t.Error("the service bot is not as closed as it should be")
	}
}

// TestKubernetes reads each manifest as the cluster does: a key that its kind does not have, or a
// value of another type, is an error.
func TestKubernetes(t *testing.T) {
	text, err := os.ReadFile(folder + "kubernetes/footnote.yaml")
	if err != nil {
		t.Fatal(err)
	}
	kinds := map[string]func() any{
		"ConfigMap":           func() any { return &core.ConfigMap{} },
		"Deployment":          func() any { return &apps.Deployment{} },
		"PodDisruptionBudget": func() any { return &policy.PodDisruptionBudget{} },
		"Service":             func() any { return &core.Service{} },
	}
	found := map[string]any{}
	r := yaml.NewYAMLReader(bufio.NewReader(bytes.NewReader(text)))
	for {
		doc, err := r.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		var head struct{ Kind, APIVersion string }
		if err := strict.Unmarshal(doc, &head); err != nil {
			t.Fatal(err)
		}
		of, ok := kinds[head.Kind]
		if !ok {
			t.Errorf("no schema for %s", head.Kind)
			continue
		}
		x := of()
		if err := strict.UnmarshalStrict(doc, x); err != nil {
			t.Errorf("%s: %v", head.Kind, err)
		}
		found[head.Kind] = x
	}
	d, ok := found["Deployment"].(*apps.Deployment)
	if !ok || len(found) != len(kinds) {
		t.Fatalf("only %d of %d kinds", len(found), len(kinds))
	}
	pod := d.Spec.Template
	labels := func(of map[string]string) string { b, _ := json.Marshal(of); return string(b) }
	for what, selector := range map[string]map[string]string{
		"the deployment": d.Spec.Selector.MatchLabels,
		"the budget":     found["PodDisruptionBudget"].(*policy.PodDisruptionBudget).Spec.Selector.MatchLabels,
		"the service":    found["Service"].(*core.Service).Spec.Selector,
	} {
		if labels(selector) != labels(pod.Labels) {
			t.Errorf("%s selects %v, and the pods have %v", what, selector, pod.Labels)
		}
	}
	volumes := map[string]bool{}
	for _, v := range pod.Spec.Volumes {
		volumes[v.Name] = true
	}
	for _, m := range pod.Spec.Containers[0].VolumeMounts {
		if !volumes[m.Name] {
			t.Errorf("the volume %s is not there", m.Name)
		}
	}
	if c := pod.Spec.Containers[0]; c.LivenessProbe == nil || c.ReadinessProbe == nil || c.StartupProbe == nil {
		t.Error("a probe is missing")
	}
}
