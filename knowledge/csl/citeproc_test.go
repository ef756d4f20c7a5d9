package csl

import (
	"encoding/json"
	"os"
	"strings"
	"testing"

	"footnote/knowledge/strictyaml"
)

// Reasons to differ that several cases share.
const reference = "a nameless entry is known by the name of the work alone (CMOS 14.232), so the short form keeps it"

// differences are the cases in which we mean to differ from citeproc-js, with
// what we write and why. An empty text means that we agree in that form. The
// kinds of differences that real libraries show are listed in DIFFERENCES.md.
var differences = map[string]struct{ full, short, why string }{
	"encyclopedia":     {"", "“Neo-Stalinism,” <i>Wikipedia</i>.", reference},
	"encyclopedia-url": {"", "“Example Entry,” <i>Wikipedia</i>.", reference},
	"encyclopedia-note": {
		"“Neo-Stalinism,” in <i>Wikipedia</i>, n.d., note 27–28.",
		"“Neo-Stalinism,” <i>Wikipedia</i>, note 27–28.",
		reference + "; “note” is written out, since “nn.” reads like a mistake to whoever does not know it",
	},
	"encyclopedia-author": {
		"Ivan Writer, “Example Entry,” in <i>Example Encyclopedia</i>, ed. Ann Editor, 3rd ed., vol. 4 (London: Example Press, 1970).", "",
		"the style drops the edition and the volume, without which the entry cannot be found",
	},
	"dictionary": {
		"“Stalinism,” in <i>Example Dictionary</i> (Example Press, 2010), s.v. “stalinism.”",
		"“Stalinism,” <i>Example Dictionary</i>, s.v. “stalinism.”",
		reference + "; the words after s.v. stand in quotation marks (CMOS 14.232)",
	},
	"statute-pages": {"Bells Act, Pub. L. No. 107-296, 116 Stat. 2135 (2002).", "",
		"the name of a statute stands in no quotation marks (CMOS 14.281), as the style has it in the bibliography; a hyphen in its number is none of a range"},
	"map": {"", "<i>Example Regions in 1940</i>.", "the style sets the title in italics in the full note and in quotation marks in the short one; we keep to one"},
}

// bibliographyDifferences are the same for entries of a bibliography.
var bibliographyDifferences = map[string]struct{ bib, why string }{
	"newspaper-no-author": {"<i>Правда</i>. “Monument Unveiled,” October 31, 1961.", "the name of a newspaper is in italics wherever it stands (CMOS 14.212)"},
	"encyclopedia-author": {"Writer, Ivan. “Example Entry.” In <i>Example Encyclopedia</i>, edited by Ann Editor, 3rd ed. Vol. 4. London: Example Press, 1970.",
		"the style drops the edition, without which the entry cannot be found"},
	"statute-pages":    {"Bells Act, Pub. L. No. 107-296, 116 Stat. 2135 (2002).", "a hyphen in the number of a statute is none of a range"},
	"edition-in-words": {"Baker, Anna. <i>Names of Rivers</i>. 2nd edition, revised. Example Press, 1970.", "the style sets a capital in the middle of the edition"},
	"map":              {"<i>Example Regions in 1940</i>. 1:1000000. Moscow: Example Press, 1941.", "as in the note, which sets the title in italics"},
}

// TestAgainstCiteproc compares with testdata/golden.txt, which citeproc-js wrote
// (testdata/golden.js). What follows the note itself, the fields without a place
// in it, is ours alone and is tested elsewhere.
func TestAgainstCiteproc(t *testing.T) {
	raw, err := os.ReadFile("testdata/cases.json")
	if err != nil {
		t.Fatal(err)
	}
	var cases []struct {
		Name    string
		Locator Locator
		Item    json.RawMessage
	}
	if err := json.Unmarshal(raw, &cases); err != nil {
		t.Fatal(err)
	}
	golden := readGolden(t)
	if len(cases) < 60 || len(golden) != len(cases) {
		t.Fatalf("%d cases, %d goldens", len(cases), len(golden))
	}
	agree := 0
	for _, c := range cases {
		s := sourceFromYAML(t, "["+string(c.Item)+"]")
		full := withTags(newNote(s).full(c.Locator).runs())
		short := withTags(newNote(s).short(c.Locator).runs())
		want, ok := golden[c.Name]
		if !ok {
			t.Errorf("%s is not in golden.txt", c.Name)
		}
		d, differs := differences[c.Name]
		if differs && d.why == "" {
			t.Errorf("%s differs for no reason", c.Name)
		}
		if differs && (d.full == want[0] || d.short == want[1]) {
			t.Errorf("%s is listed as different but is not", c.Name)
		}
		wantFull, wantShort := want[0], want[1]
		if d.full != "" {
			wantFull = d.full
		}
		if d.short != "" {
			wantShort = d.short
		}
		if full != wantFull {
			t.Errorf("%s full\n got  %s\n want %s", c.Name, full, wantFull)
		}
		if short != wantShort {
			t.Errorf("%s short\n got  %s\n want %s", c.Name, short, wantShort)
		}
		bib, wantBib := withTags(newNote(s).entry().runs()), want[2]
		if d, ok := bibliographyDifferences[c.Name]; ok {
			if wantBib = d.bib; d.bib == want[2] || d.why == "" {
				t.Errorf("%s is listed as different in the bibliography but is not, or for no reason", c.Name)
			}
			differs = true
		}
		if bib != wantBib {
			t.Errorf("%s bib\n got  %s\n want %s", c.Name, bib, wantBib)
		}
		if !differs {
			agree++
		}
	}
	for name := range differences {
		if _, ok := golden[name]; !ok {
			t.Errorf("differences names the unknown case %s", name)
		}
	}
	t.Logf("%d of %d cases agree in all three forms", agree, len(cases))
}

func readGolden(t *testing.T) map[string][3]string {
	t.Helper()
	raw, err := os.ReadFile("testdata/golden.txt")
	if err != nil {
		t.Fatal(err)
	}
	out := map[string][3]string{}
	lines := strings.Split(strings.TrimSpace(string(raw)), "\n")
	for i := 0; i+3 < len(lines); i += 4 {
		out[lines[i]] = [3]string{strings.TrimPrefix(lines[i+1], "  full  "), strings.TrimPrefix(lines[i+2], "  short "), strings.TrimPrefix(lines[i+3], "  bib   ")}
	}
	return out
}

// sourceFromYAML loads one source as a pack's sources.yaml would.
func sourceFromYAML(t *testing.T, yaml string) *Source {
	t.Helper()
	var rep strictyaml.Report
	var sources []*Source
	if n := strictyaml.Parse("sources.yaml", []byte(yaml), &rep); n != nil {
		sources, _ = Read(n, nil)
	}
	for _, p := range rep.Problems() {
		t.Log(p)
	}
	if rep.Errors() > 0 || len(sources) != 1 {
		t.Fatalf("%d sources from %s", len(sources), yaml)
	}
	return sources[0]
}

func withTags(rs Runs) string {
	var b strings.Builder
	for _, r := range rs {
		if r.Italic {
			b.WriteString("<i>" + r.Text + "</i>")
		} else {
			b.WriteString(r.Text)
		}
	}
	return b.String()
}
