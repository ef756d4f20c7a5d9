package knowledge

import (
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"
)

func TestCitation(t *testing.T) {
	for _, c := range []struct {
		name, source string
		loc          Locator
		short, full  string
		url, locator string
	}{
		{"an encyclopedia's note", `[{id: w, type: entry-encyclopedia, title: Neo-Stalinism, container-title: Wikipedia, note: Excerpt.}]`,
			Locator{"note", "27-28"}, "“Neo-Stalinism,” <i>Wikipedia</i>, note 27–28.",
			"“Neo-Stalinism,” in <i>Wikipedia</i>, n.d., note 27–28. Note: Excerpt.", "", "note 27–28"},
		{"an archived page", `[{id: w, type: webpage, title: A page, container-title: A site, URL: "https://example.org/p", issued: 2019-04-16, accessed: 2020-05-01,
			custom: {archive-url: "https://archive.example/p", archived: 2020-05-02, url-status: dead}}]`,
			Locator{}, "“A Page,” A site.",
			"“A Page,” A site, April 16, 2019, https://example.org/p. Accessed: May 1, 2020. Archived copy: https://archive.example/p. Archived on: 2020-05-02. State of the address: dead.",
			"https://example.org/p", ""},
		{"an address that is no link", `[{id: w, type: webpage, title: A page, URL: "http://example.org/p"}]`,
			Locator{}, "“A Page.”", "“A Page,” n.d., http://example.org/p.", "", ""},
		{"an unknown type", `[{id: w, type: scroll, title: A scroll, author: Somebody, shelf: B 12, issued: "-0043"}]`,
			Locator{"line", "3-4"}, "Somebody, “A Scroll,” lines 3–4.", "Somebody, “A Scroll,” 44 BC, lines 3–4. Shelf: B 12.", "", "lines 3–4"},
		{"nothing but an id", `[{id: w, type: book}]`, Locator{}, "w.", "n.d.", "", ""},
		{"more than three authors", `[{id: w, type: book, title: T, author: [A, B, C, D]}]`,
			Locator{}, "A et al., <i>T</i>.", "A et al., <i>T</i>, n.d. All names (author): A; B; C; D.", "", ""},
		{"a date that says more than its year", `[{id: w, type: book, title: T, issued: 1956-02-25}]`,
			Locator{}, "<i>T</i>.", "<i>T</i>, 1956. Issued: February 25, 1956.", "", ""},
		{"dates as exporters write them", `[{id: w, type: article-magazine, title: T, issued: [{year: 1956, month: 2, day: 25}], accessed: {literal: last week}, original-date: [{year: 1950}, {year: 1951, circa: true}]}]`,
			Locator{}, "“T.”", "“T,” February 25, 1956. Accessed: last week. First published: [1950–1951?].", "", ""},
		{"a DOI written as an address", `[{id: w, type: article-journal, title: T, DOI: "https://doi.org/10.1/x", URL: "https://example.org"}]`,
			Locator{}, "“T.”", "“T,” n.d., https://doi.org/10.1/x. URL: https://example.org.", "https://example.org", ""},
		{"pandoc's markup", `[{id: w, type: article-journal, title: "reading *Pravda* in [sELO]{.nocase}, 2 * 3", issued: 1999}]`,
			Locator{}, "“Reading <i>Pravda</i> in sELO, 2 * 3.”", "“Reading <i>Pravda</i> in sELO, 2 * 3,” 1999.", "", ""},
		{"an edited volume of one hand", `[{id: w, type: book, title: T, editor: [{family: B, given: A}], translator: [{family: B, given: A}], issued: 1999}]`,
			Locator{}, "B, <i>T</i>.", "A B, ed. and trans., <i>T</i>, 1999.", "", ""},
		{"particles and suffixes", `[{id: w, type: book, title: T, issued: 1999, author: [{family: Gogh, given: Vincent, non-dropping-particle: van}, {family: Alembert, given: Jean, non-dropping-particle: "d’"}, {family: King, given: M., suffix: Jr., comma-suffix: true}]}]`,
			Locator{}, "van Gogh, d’Alembert, and King, <i>T</i>.", "Vincent van Gogh, Jean d’Alembert, and M. King, Jr., <i>T</i>, 1999.", "", ""},
	} {
		s := sourceFromYAML(t, c.source)
		got := Cite{Source: s, Locator: c.loc}.Citation("en")
		if x := withTags(got.Short); x != c.short {
			t.Errorf("%s short\n got  %s\n want %s", c.name, x, c.short)
		}
		if x := withTags(got.Full); x != c.full {
			t.Errorf("%s full\n got  %s\n want %s", c.name, x, c.full)
		}
		if got.URL != c.url || got.Locator != c.locator || got.Source != "w" {
			t.Errorf("%s: url %q, locator %q, source %q", c.name, got.URL, got.Locator, got.Source)
		}
	}
}

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
		pack := validPack().set("sources.yaml", text).with("facts.yaml", "cites: [{source: baker1999}]", "cites: [{source: archer1990}]")
		p, problems := Load(pack.fs(), "")
		if p == nil {
			t.Errorf("%s: %v", name, problems)
			continue
		}
		c := p.Facts[0].Citations("en")[0]
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
	f := validPack().with("facts.yaml", "quote: a few words", "quote: {text: слова, lang: ru, translation: words, by: the curator}")
	p, problems := Load(f.fs(), "")
	if p == nil {
		t.Fatal(problems)
	}
	c := p.Facts[0].Citations("en")[0]
	if c.Quote != "слова" || c.Translation != "words (trans. the curator)" {
		t.Errorf("%+v", c)
	}
}

func TestPageRange(t *testing.T) {
	// The examples of Chicago 9.61, save that four digits stay when three change.
	for in, want := range map[string]string{"3-10": "3–10", "71-72": "71–72", "96-117": "96–117", "100-104": "100–104", "1100-1113": "1100–1113",
		"101-108": "101–8", "808-833": "808–33", "1103-1104": "1103–4", "321-328": "321–28", "498-532": "498–532", "1087-1089": "1087–89",
		"1496-1500": "1496–1500", "12": "12", "12, 14-15": "12, 14–15", "xii-xv": "xii-xv", "321-8": "321–28", "12--15": "12–15", "12–15": "12–15",
		"A12-A15": "A12-A15", "1-2-3": "1-2-3", "978-5-17-1": "978-5-17-1", "": ""} {
		if got := pageRange(in); got != want {
			t.Errorf("%s: %s, want %s", in, got, want)
		}
	}
}

func TestURL(t *testing.T) {
	for in, want := range map[string]bool{"https://example.org/a": true, "https://пример.рф/": true, "http://example.org": false, "javascript:alert(1)": false,
		"https://": false, "https://user:pass@example.org": false, "https://example.org/a b": false, "https://example.org/\"><script>": false, "ftp://example.org": false, "": false} {
		if got := isLink(in); got != want {
			t.Errorf("%q: %v", in, got)
		}
	}
}

// letters keeps what no rule of typography changes.
func letters(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) {
			return unicode.ToLower(unicode.ToUpper(r))
		}
		return -1
	}, s)
}

// Whatever a source holds is in its full citation, and nothing panics.
func FuzzCitation(f *testing.F) {
	f.Add("book", "title", "The <i>Long</i> Winter", "publisher", "Press", "Ann", "page", "12-15")
	f.Add("manuscript", "archive_location", "f. 17", "note", "*star", "", "note", "9")
	f.Add("article-journal", "volume", "58", "shelf", "\"quoted\" 'x'", "В. Иванов", "", "")
	f.Add("webpage", "URL", "https://example.org", "edition", "late", "Body", "sub-verbo", "word")
	f.Fuzz(func(t *testing.T, typ, field1, value1, field2, value2, author, label, locator string) {
		for _, x := range []string{typ, field1, value1, field2, value2, author, label, locator} {
			if !utf8.ValidString(x) || len(x) > 200 {
				return
			}
		}
		s := &Source{ID: "x", Type: typ, Names: map[string][]Name{}, Dates: map[string]SourceDate{}, Fields: map[string]string{}}
		put := func(name, value string) {
			value = strings.TrimSpace(value)
			switch {
			case value == "" || name == "id" || name == "type":
			case slices.Contains(cslTexts, name):
				s.Fields[name] = value
			case slices.Contains(cslNames, name):
				s.Names[name] = []Name{{Literal: value}}
			case slices.Contains(cslDates, name):
				s.Dates[name] = textDate(value)
			default:
				s.Other = append(s.Other, Field{name, value})
			}
		}
		put(field1, value1)
		put(field2, value2)
		put("author", author)
		c := Cite{Source: s, Locator: Locator{label, locator}}.Citation("en")
		if c.Short.String() == "" || c.Full.String() == "" {
			t.Fatalf("%+v gives %q and %q", s, c.Short, c.Full)
		}
		full := letters(c.Full.String())
		entry := letters(s.Bibliography("en").String())
		want := []string{author}
		for name, v := range s.Fields {
			if !notCited[name] && name != "DOI" {
				want = append(want, v)
			}
		}
		for _, o := range s.Other {
			want = append(want, o.Value)
		}
		for _, v := range want {
			if x := letters(plainMarkup(v)); !strings.Contains(full, x) {
				t.Fatalf("%+v: %q is not in %q", s, v, c.Full)
			} else if !strings.Contains(entry, x) {
				t.Fatalf("%+v: %q is not in the bibliography's %q", s, v, s.Bibliography("en"))
			}
		}
		for _, r := range c.Full {
			if r.Text == "" || !utf8.ValidString(r.Text) {
				t.Fatalf("%q", c.Full)
			}
		}
	})
}

// The loader survives whatever stands in a pack's files.
func FuzzLoad(f *testing.F) {
	v := validPack()
	f.Add([]byte(v["pack.yaml"]), []byte(v["sources.yaml"]), []byte(v["facts.yaml"]), []byte(v["eval.yaml"]))
	f.Add([]byte("a"), []byte("- {id: 1, issued: {date-parts: [[]]}}"), []byte("facts: [{questions: {x: [y]}}]"), []byte("find: []"))
	f.Fuzz(func(t *testing.T, pack, sources, facts, eval []byte) {
		p, problems := Load(files{"pack.yaml": string(pack), "sources.yaml": string(sources), "facts.yaml": string(facts), "eval.yaml": string(eval)}.fs(), "")
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
			fact.Citations("en")
			if fact.Canonical("en") == "" || fact.Answer.In("en") == "" {
				t.Fatalf("%+v", fact)
			}
		}
		Check(&Base{Packs: []*Pack{p}})
	})
}
