package knowledge

import (
	"strings"
	"testing"

	"footnote/knowledge/packtest"
)

// What pandoc and Better BibTeX write is read as it is.
func TestExporters(t *testing.T) {
	for name, text := range map[string]string{
		"pandoc -s -t markdown": `---
nocite: "[@*]"
references:
- author:
  - family: Archer
    given: Robert
  id: archer1990
  issued: 1990
  language: en-US
  publisher: Example University Press
  publisher-place: New York
  title: "The long winter: A reassessment"
  title-short: The long winter
  type: book
---
`,
		"Better CSL YAML": `references:
  - id: archer1990
    author:
      - family: Archer
        given: Robert
    citation-key: archer1990
    event-place: New York
    issued:
      - year: 1990
    language: en-US
    number-of-pages: '400'
    publisher: Example University Press
    publisher-place: New York
    title: 'The long winter: a reassessment'
    title-short: The long winter
    type: book
...
`,
		"CSL JSON": `[
	{"id":"archer1990","author":[{"family":"Archer","given":"Robert"}],"event-place":"New York","issued":{"date-parts":[["1990"]]},
	 "language":"en-US","publisher":"Example University Press","publisher-place":"New York","title":"The long winter: a reassessment","title-short":"The long winter","type":"book"}
]
`,
	} {
		pack := packtest.Valid().Set("sources.yaml", text).With("facts.yaml", "cites: [{source: baker1999}]", "cites: [{source: archer1990}]")
		p, problems := Load(pack.FS(), "")
		if p == nil {
			t.Errorf("%s: %v", name, problems)
			continue
		}
		c := p.Facts[0].Citations()[0]
		const full = "Robert Archer, The Long Winter: A Reassessment (New York: Example University Press, 1990), 12–15."
		if got := c.Full.String(); !strings.HasPrefix(got, full) || strings.Contains(got, "Event place") {
			t.Errorf("%s: %s", name, got)
		}
		if got := c.Short.String(); got != "Archer, The Long Winter, 12–15." {
			t.Errorf("%s: %s", name, got)
		}
	}
}

func TestQuoteAndTranslation(t *testing.T) {
	f := packtest.Valid().With("facts.yaml", "quote: the Soviet leader spoke in 1956", "quote: {text: слова, lang: ru, translation: words, by: the curator}")
	p, problems := Load(f.FS(), "")
	if p == nil {
		t.Fatal(problems)
	}
	c := p.Facts[0].Citations()[0]
	if c.Quote != "слова" || c.Translation != "words (trans. the curator)" {
		t.Errorf("%+v", c)
	}
}

// The loader survives whatever stands in a pack's files.
func FuzzLoad(f *testing.F) {
	v := packtest.Valid()
	f.Add([]byte(v["pack.yaml"]), []byte(v["sources.yaml"]), []byte(v["facts.yaml"]), []byte(v["eval.yaml"]))
	f.Add([]byte("a"), []byte("- {id: 1, issued: {date-parts: [[]]}}"), []byte("facts: [{questions: {x: [y]}}]"), []byte("find: []"))
	f.Fuzz(func(t *testing.T, pack, sources, facts, eval []byte) {
		p, problems := Load(packtest.Files{"pack.yaml": string(pack), "sources.yaml": string(sources), "facts.yaml": string(facts), "eval.yaml": string(eval)}.FS(), "")
		failed := false
		for _, x := range problems {
			failed = failed || x.Severity == Error
		}
		if failed != (p == nil) {
			t.Fatalf("pack %v with %v", p, problems)
		}
		if p == nil {
			return
		}
		for _, fact := range p.Facts {
			fact.Citations()
			if fact.Canonical("en") == "" || fact.Answer.In("en") == "" {
				t.Fatalf("%+v", fact)
			}
		}
		Check(&Base{Packs: []*Pack{p}})
	})
}
