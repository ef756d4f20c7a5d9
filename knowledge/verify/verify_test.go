package verify_test

import (
	"encoding/json"
	"strings"
	"testing"

	"footnote/knowledge"
	"footnote/knowledge/verify"
)

// Two versions of a pack of an invented town. The second corrects a fact, withdraws one and has
// another no more.
var first = map[string]string{
	"pack.yaml":    "schema: footnote/1\nid: hallin\ntitle: Hallin\nversion: 1.0.0\nlicense: CC0-1.0\nlanguages: [en]\n",
	"sources.yaml": "references:\n  - {id: brandt, type: book, author: [{family: Brandt, given: Ida}], title: Hallin and its Bridge, issued: 1987}\n",
	"facts.yaml": `facts:
  - id: bridge-built
    status: established
    questions: [When was the bridge of Hallin built?]
    answer: The stone bridge of Hallin was built between 1431 and 1434.
    cites: [{source: brandt, locator: 12}]
  - id: toll
    status: established
    questions: [What was the toll?]
    answer: A cart paid two pence and a person on foot nothing.
    cites: [{source: brandt, locator: 14}]
  - id: flood
    status: established
    questions: [Which flood damaged the bridge?]
    answer: The flood of 1595 took one of the arches of the bridge.
    cites: [{source: brandt, locator: 30}]
`,
}

func load(t *testing.T, files map[string]string) *knowledge.Pack {
	t.Helper()
	raw := map[string][]byte{}
	for name, text := range files {
		raw[name] = []byte(text)
	}
	p, problems := knowledge.LoadFiles(raw, "hallin")
	if p == nil {
		t.Fatal(problems)
	}
	return p
}

// record is versions.jsonl after p has been recorded.
func record(t *testing.T, before string, p *knowledge.Pack) string {
	t.Helper()
	var b strings.Builder
	b.WriteString(before)
	for _, s := range p.Unrecorded() {
		line, err := json.Marshal(s)
		if err != nil {
			t.Fatal(err)
		}
		b.Write(append(line, '\n'))
	}
	return b.String()
}

func second(t *testing.T) (old, now *knowledge.Base) {
	was := load(t, first)
	facts, _, _ := strings.Cut(first["facts.yaml"], "  - id: flood")
	files := map[string]string{
		"pack.yaml":    strings.Replace(first["pack.yaml"], "1.0.0", "1.1.0", 1),
		"sources.yaml": first["sources.yaml"],
		"facts.yaml": strings.NewReplacer("1431 and 1434", "1431 and 1436",
			"status: established\n    questions: [What", "status: retracted\n    questions: [What",
			"A cart paid two pence and a person on foot nothing.", "The account of the toll was misread; what was paid is not known.").Replace(facts),
		knowledge.VersionsFile: record(t, "", was),
	}
	return &knowledge.Base{Packs: []*knowledge.Pack{was}}, &knowledge.Base{Packs: []*knowledge.Pack{load(t, files)}}
}

func TestOf(t *testing.T) {
	old, now := second(t)
	hash := old.Fact("bridge-built").Hash()
	const today = "The stone bridge of Hallin was built between 1431 and 1436."
	const then = "The stone bridge of Hallin was built between 1431 and 1434."
	for _, c := range []struct {
		name, text string
		want       verify.Outcome
		fact       string
		changed    string // labels
		foreign    int
	}{
		{"an answer of today", today, verify.Says, "bridge-built", "", 0},
		{"its hash", now.Fact("bridge-built").Hash(), verify.Says, "bridge-built", "", 0},
		{"as /source shows it", "bridge-built@1.1.0 · hallin · " + now.Fact("bridge-built").Hash(), verify.Says, "bridge-built", "", 0},
		{"as copied, in other dress", "*Established*\n> “the stone bridge of HALLIN was built between 1431  and 1436”\n", verify.Says, "bridge-built", "", 0},
		{"with its citation", "Established\n" + today + "\nBrandt, Hallin and its Bridge, 12.\nbridge-built · hallin 1.1.0", verify.Says, "bridge-built", "", 0},
		{"with what /source ends with", today + "\nbridge-built@1.1.0 · hallin · " + now.Fact("bridge-built").Hash(), verify.Says, "bridge-built", "", 0},
		{"a part", "was built between 1431 and 1436", verify.Says, "bridge-built", "", 0},
		{"an answer of the first version", then, verify.Said, "bridge-built", "answer", 0},
		{"its old hash", hash, verify.Said, "bridge-built", "answer", 0},
		{"a link to a version", "https://example.org/site/f/bridge-built@1.0.0/", verify.Said, "bridge-built", "answer", 0},
		{"a link to today", "https://example.org/f/bridge-built/", verify.Says, "bridge-built", "", 0},
		{"a version of what has been withdrawn", "toll@1.0.0", verify.Said, "toll", "status answer", 0},
		{"what is gone", "The flood of 1595 took one of the arches of the bridge.", verify.Said, "flood", "", 0},
		{"what is gone, by its version", "flood@1.0.0", verify.Said, "flood", "", 0},
		{"another year", "The stone bridge of Hallin was built between 1431 and 1439.", verify.Altered, "bridge-built", "", 1},
		{"a negation", "The stone bridge of Hallin was not built between 1431 and 1436.", verify.Altered, "bridge-built", "", 1},
		{"another citation", today + "\nOkafor and Brandt, A Book That Never Was, 99.", verify.Altered, "bridge-built", "", 1},
		{"another citation in the same line", today + " Okafor and Brandt, A Book That Never Was, 99.", verify.Altered, "bridge-built", "", 1},
		{"another hash", "bridge-built@1.1.0 · hallin · aaaaaaaaa2", verify.Altered, "bridge-built", "", 0},
		{"a version to come", "bridge-built@2.0.0", verify.Altered, "bridge-built", "", 0},
		{"a hash of nothing", "aaaaaaaaa2", verify.Unknown, "", "", 0},
		{"something else", "The moon is made of green cheese, as every child knows.", verify.Unknown, "", "", 0},
		{"nothing", " ", verify.Unknown, "", "", 0},
		{"a link elsewhere", "https://example.org/", verify.Unknown, "", "", 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			v := verify.Of(now, c.text, nil)
			var labels []string
			for _, x := range v.Changes {
				labels = append(labels, x.Label)
			}
			if v.Outcome != c.want || v.Then.Fact != c.fact || strings.Join(labels, " ") != c.changed || len(v.Foreign) != c.foreign {
				t.Errorf("%s, fact %q, changed %v, foreign %q; want %s, %q, %q, %d", v.Outcome, v.Then.Fact, labels, v.Foreign, c.want, c.fact, c.changed, c.foreign)
			}
		})
	}
}

// What is recorded says all that changed, and nothing twice.
func TestUnrecorded(t *testing.T) {
	old, now := second(t)
	p := now.Packs[0]
	var gone, said []string
	for _, s := range p.Unrecorded() {
		if s.Gone {
			gone = append(gone, s.Fact)
		} else {
			said = append(said, s.Fact)
		}
	}
	if strings.Join(gone, " ") != "flood" || strings.Join(said, " ") != "bridge-built toll" {
		t.Errorf("gone %v, said %v", gone, said)
	}
	if n := len(p.Amended()); n != 0 {
		t.Errorf("%d facts are said to differ from what this version has been recorded with", n)
	}
	was := old.Packs[0]
	files := map[string]string{knowledge.VersionsFile: record(t, "", was)}
	for name, text := range first {
		files[name] = text
	}
	if n := len(load(t, files).Unrecorded()); n != 0 {
		t.Errorf("%d facts are to be recorded again", n)
	}
	files["facts.yaml"] = strings.Replace(files["facts.yaml"], "two pence", "three pence", 1)
	if a := load(t, files).Amended(); len(a) != 1 || a[0].Fact != "toll" {
		t.Errorf("under the same version differ %v", a)
	}
}

// The hash of a fact is the same in every version of the program.
func TestHashStays(t *testing.T) {
	if got := load(t, first).Facts[0].Hash(); got != "mm5mg2cehg" {
		t.Errorf("the hash is %s; a quotation that somebody made with an older program is not found again", got)
	}
}

func FuzzOf(f *testing.F) {
	f.Add("bridge-built@1.0.0 · hallin · aaaaaaaaa2")
	f.Add("https://example.org/f/bridge-built@1.0.0/")
	f.Add("The stone bridge of Hallin was built between 1431 and 1434.\nAnd more that is not so.")
	raw := map[string][]byte{}
	for name, text := range first {
		raw[name] = []byte(text)
	}
	p, _ := knowledge.LoadFiles(raw, "hallin")
	base := &knowledge.Base{Packs: []*knowledge.Pack{p}}
	f.Fuzz(func(t *testing.T, text string) {
		v := verify.Of(base, text, nil)
		if v.Outcome == verify.Unknown && (v.Fact != nil || v.Pack != nil) || v.Outcome != verify.Unknown && v.Pack == nil {
			t.Errorf("%+v", v)
		}
	})
}
