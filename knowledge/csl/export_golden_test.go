package csl

import (
	"encoding/json"
	"flag"
	"os"
	"testing"
)

var update = flag.Bool("update", false, "write testdata/exported.* anew")

// TestExportGoldens holds every case of citetest as BibTeX and RIS against the
// committed files, which testdata/readback.js gives to citation-js to read: what
// another program makes of them is what counts. Write them anew with -update,
// and then run that script.
func TestExportGoldens(t *testing.T) {
	raw, err := os.ReadFile("testdata/cases.json")
	if err != nil {
		t.Fatal(err)
	}
	var cases []struct {
		Name string
		Item map[string]any
	}
	if err := json.Unmarshal(raw, &cases); err != nil {
		t.Fatal(err)
	}
	var sources []*Source
	for _, c := range cases {
		c.Item["id"] = c.Name // several cases share an item's id, which exports may not
		item, err := json.Marshal(c.Item)
		if err != nil {
			t.Fatal(err)
		}
		sources = append(sources, sourceFromYAML(t, "["+string(item)+"]"))
	}
	for file, got := range map[string]string{"testdata/exported.bib": BibTeX(sources...), "testdata/exported.ris": RIS(sources...)} {
		if *update {
			if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if got != string(want) {
			t.Errorf("%s differs; look at the difference, and write it anew with -update", file)
		}
	}
}
