package csl

import (
	"encoding/json"
	"os"
	"reflect"
	"sort"
	"strings"
	"testing"

	"footnote/knowledge/strictyaml"
)

// Every case of citetest comes back from CSL-JSON as it went.
func TestCSLJSONRoundTrip(t *testing.T) {
	raw, err := os.ReadFile("testdata/cases.json")
	if err != nil {
		t.Fatal(err)
	}
	var cases []struct{ Item json.RawMessage }
	if err := json.Unmarshal(raw, &cases); err != nil {
		t.Fatal(err)
	}
	extra := []string{
		`{id: odd, type: book, title: T, issued: 195X, original-date: "1984?", accessed: {literal: last week}, shelf: B 12, custom: {archive-url: "https://a.example"}}`,
		`{id: open, type: book, title: T, issued: "1991/..", original-date: "1968~/1971~", accessed: 2020-05-01, author: [{literal: X}, {family: K, given: M, suffix: Jr., comma-suffix: true}]}`,
		`{id: bc, type: book, title: T, issued: "-0043-03-15", event-date: 1956-21}`,
	}
	for _, c := range cases {
		extra = append(extra, string(c.Item))
	}
	for _, text := range extra {
		s := sourceFromYAML(t, "["+text+"]")
		back := sourceFromYAML(t, string(JSON(s)))
		s.Place, back.Place = strictyaml.Place{}, strictyaml.Place{}
		for _, x := range []*Source{s, back} { // JSON objects have no order
			sort.Slice(x.Other, func(i, j int) bool { return x.Other[i].Name < x.Other[j].Name })
		}
		if !reflect.DeepEqual(s, back) {
			t.Errorf("%s\n went %+v\n came %+v", s.ID, s, back)
		}
	}
}

func exported(t *testing.T) []*Source {
	return []*Source{
		sourceFromYAML(t, `[{id: archer 1990, type: book, author: [{family: Archer, given: Robert}, {literal: "Smith & Sons"}], title: "The Long Winter: a <i>Reassessment</i> of USSR",
			publisher: Example Press, publisher-place: New York, issued: 1990, ISBN: 978-0, number-of-pages: 400}]`),
		sourceFromYAML(t, `[{id: doe1999, type: article-journal, author: [{family: Gogh, given: Jan, non-dropping-particle: van}], title: Who remembers 100%, container-title: Example Review,
			volume: 58, issue: 2, page: 287-315, issued: 1999-04, DOI: "https://doi.org/10.1/x_y", language: en}]`),
		sourceFromYAML(t, `[{id: протокол, type: manuscript, title: Протокол, issued: 1934-12-01~, archive: РГАСПИ, archive_location: "ф. 17, л. 12", accessed: 2020-05-01, shelf: B 12}]`),
	}
}

func TestBibTeX(t *testing.T) {
	const want = `@book{archer-1990,
  author = {Archer, Robert and {Smith \& Sons}},
  title = {The {Long} {Winter:} a {Reassessment} of {USSR}},
  publisher = {Example Press},
  address = {New York},
  isbn = {978-0},
  year = {1990},
  date = {1990},
  note = {Number of pages: 400.}
}

@article{doe1999,
  author = {van Gogh, Jan},
  title = {Who remembers 100\%},
  journal = {Example Review},
  volume = {58},
  number = {2},
  pages = {287--315},
  doi = {10.1/x\_y},
  langid = {en},
  year = {1999},
  month = {apr},
  date = {1999-04}
}

@unpublished{source,
  title = {Протокол},
  year = {[1934?]},
  month = {dec},
  date = {1934-12-01~},
  note = {Accessed: May 1, 2020. Archive: РГАСПИ. Archive location: ф. 17, л. 12. Shelf: B 12.}
}
`
	if got := BibTeX(exported(t)...); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestRIS(t *testing.T) {
	const want = `TY  - BOOK
ID  - archer 1990
AU  - Archer, Robert
AU  - Smith & Sons
TI  - The Long Winter: a Reassessment of USSR
PB  - Example Press
CY  - New York
SN  - 978-0
PY  - 1990
DA  - 1990///
N1  - Number of pages: 400.
ER  - 
TY  - JOUR
ID  - doe1999
AU  - van Gogh, Jan
TI  - Who remembers 100%
T2  - Example Review
VL  - 58
IS  - 2
LA  - en
DO  - 10.1/x_y
SP  - 287
EP  - 315
PY  - 1999
DA  - 1999/04//
ER  - 
TY  - UNPB
ID  - протокол
TI  - Протокол
AV  - ф. 17, л. 12
DB  - РГАСПИ
PY  - 1934
Y2  - 2020/05/01/
N1  - Issued: [December 1, 1934?]. Shelf: B 12.
ER  - 
`
	if got := strings.ReplaceAll(RIS(exported(t)...), "\r\n", "\n"); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}
