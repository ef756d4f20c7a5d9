package csl

import (
	"reflect"
	"sort"
	"strings"
	"testing"

	"footnote/knowledge/strictyaml"
)

// readAll reads a file of sources and returns what was wrong with it.
func readAll(text string, languages ...string) ([]*Source, []strictyaml.Problem) {
	var rep strictyaml.Report
	var sources []*Source
	if n := strictyaml.Parse("sources.yaml", []byte(text), &rep); n != nil {
		sources, _ = Read(n, nil, languages...)
	}
	return sources, rep.Problems()
}

// What programs write loads, whatever is odd about it; the oddity is a warning.
func TestDates(t *testing.T) {
	for _, c := range []struct{ written, edtf, literal, warning string }{
		// As Zotero, Better BibTeX, pandoc and Crossref write them.
		{`1956-02`, "1956-02", "", ""},
		{`{date-parts: [["1956", 2, 25]]}`, "1956-02-25", "", ""},
		{`{date-parts: [1956, 2]}`, "1956-02", "", ""},
		{`{date-parts: [[1956, 0, 0]]}`, "1956", "", ""},
		{`[{year: 1956, month: 2}]`, "1956-02", "", ""},
		{`{literal: n.d.}`, "", "n.d.", ""},
		{`{raw: 25 February 1956}`, "1956-02-25", "", ""},
		{`{date-parts: [["c. 1990"]]}`, "", "c. 1990", ""},
		// An open interval ends in a year 0.
		{`[{year: 2013}, {year: 0}]`, "2013/..", "", ""},
		{`{date-parts: [[2013], [0]]}`, "2013/..", "", ""},
		{`{date-parts: [[0], [2013]]}`, "../2013", "", ""},
		{`{date-parts: [[2013, 5], []]}`, "2013-05/..", "", ""},
		{`{date-parts: [[1901], [0]], circa: true}`, "1901~/..", "", ""},
		// Seasons are months from 13 or 21, or words.
		{`{date-parts: [[2015, 13]]}`, "2015-21", "", ""},
		{`{date-parts: [[2015, 16]]}`, "2015-24", "", ""},
		{`{date-parts: [[2015, 22]]}`, "2015-22", "", ""},
		{`{date-parts: [[2015]], season: 2}`, "2015-22", "", ""},
		{`{date-parts: [[2015]], season: Fall}`, "2015-23", "", ""},
		{`[{year: 2015, season: spring}]`, "2015-21", "", ""},
		{`{date-parts: [[1999, 13], [1999, 14]]}`, "1999-21/1999-22", "", ""},
		// Before our era CSL counts without a year 0, and EDTF with one.
		{`[{year: -44}]`, "-0043", "", ""},
		{`{date-parts: [[-1]]}`, "0000", "", ""},
		{`{date-parts: [["-251", 3]]}`, "-0250-03", "", ""},
		{`{date-parts: [[-100], [-44]]}`, "-0099/-0043", "", ""},
		{`{date-parts: [[-44], [14]]}`, "-0043/0014", "", ""},
		{`{date-parts: [[-12000]]}`, "Y-11999", "", ""},
		{`"-0043"`, "-0043", "", ""},
		{`"0000"`, "0000", "", ""},
		// A year 0 of CSL, and nothing, are no date.
		{`[{year: 0}]`, "", "", "a year 0 stands for no date"},
		{`{date-parts: [["0000"]]}`, "", "", "a year 0 stands for no date"},
		{`{date-parts: [[null]]}`, "", "", "the date is empty"},
		{`{date-parts: [[]]}`, "", "", "the date is empty"},
		{`{date-parts: []}`, "", "", "the date is empty"},
		{`{}`, "", "", "the date is empty"},
		{`[]`, "", "", "the date is empty"},
		{`""`, "", "", ""},
		// What cannot be is a warning, and as much of it is used as can be.
		{`{date-parts: [[1951, 31]]}`, "1951", "", "the month 31 does not exist"},
		{`{date-parts: [[1951, 2, 30]]}`, "1951", "", "the day 30 does not exist"},
		{`{date-parts: [[1991], [1985]]}`, "1991", "", "ends (1985) before it begins (1991)"},
		{`{date-parts: [[1991], [1992], [1993]]}`, "1991", "", "this has 3"},
		{`[{year: 1991}, {year: soon}]`, "", "", "no number of a date"},
	} {
		sources, problems := readAll("- {id: x, type: book, title: T, issued: " + c.written + "}")
		if len(sources) != 1 {
			t.Errorf("%s does not load: %v", c.written, problems)
			continue
		}
		if got := sources[0].Dates["issued"]; string(got.EDTF) != c.edtf || got.Literal != c.literal {
			t.Errorf("%s is %+v, want %q or %q", c.written, got, c.edtf, c.literal)
		}
		if c.warning == "" != (len(problems) == 0) {
			t.Errorf("%s: %v, want …%s…", c.written, problems, c.warning)
		}
		for _, p := range problems {
			if p.Severity != strictyaml.Warning || !strings.Contains(p.Message, c.warning) {
				t.Errorf("%s: %v, want …%s…", c.written, p, c.warning)
			}
		}
	}
}

// What a warning says of a date does not lose what was written.
func TestOddDateIsKept(t *testing.T) {
	sources, _ := readAll("- {id: x, type: book, title: T, issued: {date-parts: [[1951, 31]]}}")
	if got := sources[0].Note(Locator{}).String(); got != "T, 1951. Issued as written: 1951, 31." {
		t.Error(got)
	}
}

// CSL-JSON counts years as other programs do, and what we write we read.
func TestJSONDates(t *testing.T) {
	for edtf, want := range map[string]string{
		"-0043": `[[-44]]`, "0000": `[[-1]]`, "-0099/-0043": `[[-100],[-44]]`, "2013/..": `[[2013],[0]]`, "1956-21": `[[1956,21]]`, "0014": `[[14]]`,
	} {
		s := sourceFromYAML(t, `[{id: x, type: book, issued: "`+edtf+`"}]`)
		text := strings.Join(strings.Fields(string(JSON(s))), "")
		if !strings.Contains(text, `"date-parts":`+want) {
			t.Errorf("%s is written %s", edtf, text)
		}
		if back := sourceFromYAML(t, string(JSON(s))); string(back.Dates["issued"].EDTF) != edtf {
			t.Errorf("%s comes back as %+v", edtf, back.Dates["issued"])
		}
	}
}

func TestNames(t *testing.T) {
	type names []Name
	for _, c := range []struct {
		written string
		want    names
		warning string
	}{
		{`[{family: Plato, given: ""}]`, names{{Family: "Plato"}}, ""},
		{`[{family: Plato, given: null}]`, names{{Family: "Plato"}}, ""},
		{`[{family: King, given: "Martin Luther, Jr."}]`, names{{Family: "King", Given: "Martin Luther", Suffix: "Jr."}}, ""},
		{`[{family: King, given: "Martin Luther,! Jr."}]`, names{{Family: "King", Given: "Martin Luther", Suffix: "Jr.", CommaSuffix: true}}, ""},
		{`[{family: Baker, given: Ann, sequence: first, affiliation: []}]`, names{{Family: "Baker", Given: "Ann"}}, "not known to CSL"},
		{`[{famliy: Baker, given: Ann}]`, names{{Given: "Ann"}}, "did you mean family?"},
		{`[{name: Example Society, sequence: first}]`, names{{Literal: "Example Society"}}, "not known to CSL"},
		{`[{lastName: Baker, firstName: Ann}]`, names{{Family: "Baker", Given: "Ann"}}, ""},
		{`[{family: "", given: ""}, {family: Baker}]`, names{{Family: "Baker"}}, "the name is empty"},
		{`{literal: Ministry of War and Peace}`, names{{Literal: "Ministry of War and Peace"}}, ""},
		{`""`, nil, ""},
		{`[]`, nil, ""},
		{`[null]`, nil, ""},
		{`UNESCO`, names{{Literal: "UNESCO"}}, ""},
		{`Runciman, Steven`, names{{Family: "Runciman", Given: "Steven"}}, "is read as {family: Runciman, given: Steven}"},
		{`Philippides, Marios and Hanak, Walter K.`, names{{Family: "Philippides", Given: "Marios"}, {Family: "Hanak", Given: "Walter K."}}, "is read as 2 people"},
		{`[Runciman, Steven]`, names{{Literal: "Runciman"}, {Literal: "Steven"}}, "for one person write {family: Runciman, given: Steven}"},
		{`Steven Runciman`, names{{Literal: "Steven Runciman"}}, "for a person write {family: Runciman, given: Steven}"},
		{`Marios Philippides and Walter K. Hanak`, names{{Literal: "Marios Philippides and Walter K. Hanak"}}, "looks like several people"},
		{`[{literal: Marios Philippides and Walter K. Hanak}]`, names{{Literal: "Marios Philippides and Walter K. Hanak"}}, "looks like several people"},
		{`"Department of History, Example University"`, names{{Literal: "Department of History, Example University"}}, ""},
	} {
		sources, problems := readAll("- id: x\n  type: book\n  title: T\n  author: " + c.written)
		if len(sources) != 1 {
			t.Errorf("%s does not load: %v", c.written, problems)
			continue
		}
		if got := names(sources[0].Names["author"]); !reflect.DeepEqual(got, c.want) {
			t.Errorf("%s is %+v", c.written, got)
		}
		if c.warning == "" != (len(problems) == 0) {
			t.Errorf("%s: %v, want …%s…", c.written, problems, c.warning)
		}
		found := c.warning == ""
		for _, p := range problems {
			found = found || p.Severity == strictyaml.Warning && strings.Contains(p.Message, c.warning)
		}
		if !found {
			t.Errorf("%s: %v, want …%s…", c.written, problems, c.warning)
		}
	}
}

// What CSL does not know of a name goes out with it again, and is shown nowhere.
func TestPartsOfNamesAreKept(t *testing.T) {
	const text = `- {id: x, type: book, title: T, issued: 1999, author: [{family: Cole, given: Ivan}, {family: Baker, given: Ann, ORCID: "https://orcid.org/0000", affiliation: [{name: Example University}]}]}`
	s := sourceFromYAML(t, text)
	if got := s.Note(Locator{}).String(); got != "Ivan Cole and Ann Baker, T, 1999." {
		t.Error(got)
	}
	back := sourceFromYAML(t, string(JSON(s)))
	s.Place, back.Place = strictyaml.Place{}, strictyaml.Place{}
	for _, x := range []*Source{s, back} {
		sort.Slice(x.Other, func(i, j int) bool { return x.Other[i].Name < x.Other[j].Name })
	}
	if !reflect.DeepEqual(s, back) {
		t.Errorf("went %+v\n came %+v", s, back)
	}
}

// Whole files as programs write them: nothing odd keeps a file out.
func TestForeignFiles(t *testing.T) {
	for _, c := range []struct {
		name, text string
		sources    int
		want       []string // the full note of the first, and the warnings
	}{
		{"a DOI's record", `[{"id":"x","type":"journal-article","title":["A title"],"author":[{"given":"Ann","family":"Baker","sequence":"first","affiliation":[]}],
			"container-title":"Journal","issued":{"date-parts":[[1999]]},"ISSN":["1234-5678","8765-4321"],"license":[{"URL":"https://example.org/l"}],"published":{"date-parts":[[1999]]},"URL":"https://example.org/x"}]`, 1,
			[]string{`Ann Baker, “A Title,” <i>Journal</i>, 1999, https://example.org/x. ISSN: 1234-5678, 8765-4321.`, "is read as article-journal", "kept for exports"}},
		{"an id that is missing", `[{"type":"book","title":"T","DOI":"10.1/x","issued":{"date-parts":[[1999]]}}]`, 1, []string{"<i>T</i>, 1999, https://doi.org/10.1/x.", "the source goes by its DOI"}},
		{"a type that is missing", `[{"id":"x","title":"T","issued":{"date-parts":[[1999]]}}]`, 1, []string{"“T,” 1999.", "type is missing"}},
		{"a key that stands twice", `[{"id":"x","type":"book","title":"T","DOI":"10.1/x","issued":{"date-parts":[[1999]]},"DOI":"10.1/x"}]`, 1, []string{"<i>T</i>, 1999, https://doi.org/10.1/x.", "a second time"}},
		{"Zotero's server", `{"items":[{"id":"x","type":"book","title":"T","issued":{"date-parts":[[1999]]}}]}`, 1, []string{"<i>T</i>, 1999."}},
		{"BibTeX's names of fields", `[{id: x, type: article-journal, title: T, year: 1965, journal: J, pages: 1-2, doi: 10.1/x}]`, 1,
			[]string{"“T,” <i>J</i>, 1965, 1–2, https://doi.org/10.1/x.", "year is not a name of CSL; it is read as issued"}},
		{"empty fields", `[{id: x, type: book, title: T, issue: "", file: "", authorLink: [null], volume: null, edition: , issued: 1999}]`, 1, []string{"<i>T</i>, 1999.", "nothing stands after the colon"}},
		{"a source twice", `[{id: x, type: book, title: T, issued: 1999}, {id: x, type: book, title: T, issued: 1999}]`, 1, []string{"<i>T</i>, 1999.", "in the same words"}},
		{"a field that is too long", `[{id: x, type: book, title: T, issued: 1999, abstract: "` + strings.Repeat("a ", MaxField) + `"}]`, 1, []string{"", "the first 20000 are kept"}},
		{"a date that is none", `[{id: x, type: book, title: T, issued: 3.4.1956}]`, 1, []string{"<i>T</i>, 3.4.1956.", `"3.4.1956" is no date such as 1956, 1956-02 or 1956-02-25, and is shown as it stands; did you mean 1956-04-03?`}},
		{"an unknown field in many", "- {id: x, type: book, title: T, issued: 1999, dateAdded: y}\n- {id: y, type: book, title: T, dateAdded: y}", 2, []string{"<i>T</i>, 1999. DateAdded: y.", "(so in 2 places)"}},
	} {
		sources, problems := readAll(c.text)
		for _, p := range problems {
			if p.Severity != strictyaml.Warning {
				t.Errorf("%s: %v", c.name, p)
			}
		}
		if len(sources) != c.sources {
			t.Errorf("%s: %d sources", c.name, len(sources))
			continue
		}
		if got := withTags(sources[0].Note(Locator{})); c.want[0] != "" && !strings.HasPrefix(got, c.want[0]) {
			t.Errorf("%s\n got  %s\n want %s", c.name, got, c.want[0])
		}
		for _, w := range c.want[1:] {
			found := false
			for _, p := range problems {
				found = found || strings.Contains(p.Message, w)
			}
			if !found {
				t.Errorf("%s: no warning has %q: %v", c.name, w, problems)
			}
		}
	}
}

// The language of a pack is that of sources which do not say theirs.
func TestLanguageOfThePack(t *testing.T) {
	const russian, latin = "- {id: x, type: book, title: Пример оформления книги, issued: 2013}", "- {id: x, type: book, title: histoire de la mer, issued: 2013}"
	for _, c := range []struct {
		text      string
		languages []string
		want      string
	}{
		{russian, nil, "Пример оформления книги, 2013."},
		{russian, []string{"en", "ru"}, "Пример оформления книги, 2013."},
		{latin, []string{"fr", "en"}, "histoire de la mer, 2013."},
		{latin, []string{"en", "fr"}, "Histoire de La Mer, 2013."},
		{"- {id: x, type: book, title: T, language: en-GB, issued: 2013}", []string{"de"}, "T, 2013."},
		{"- {id: x, type: book, title: T, language: de-DE, issued: 2013}", []string{"en", "de"}, "T, 2013."},
		{"- {id: x, type: book, title: T, language: da, issued: 2013}", []string{"de"}, "T, 2013. Language: da."},
	} {
		sources, _ := readAll(c.text, c.languages...)
		if got := sources[0].Note(Locator{}).String(); got != c.want {
			t.Errorf("%s of %v: %s", c.text, c.languages, got)
		}
	}
}
