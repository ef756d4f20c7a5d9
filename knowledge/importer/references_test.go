package importer

import (
	"strings"
	"testing"

	"footnote/knowledge/csl"
	"footnote/knowledge/draft"
	"footnote/knowledge/splice"
	"footnote/knowledge/strictyaml"
)

// The same three sources, as four formats have them.
const (
	bibSample = `% from Zotero
@string{lund = "Lund"}
@book{brandt1987,
  title = {The Stone Bridge of Hallin: A {History}},
  author = {Brandt, Ida},
  year = 1987, address = lund, publisher = "Example \& Sons",
}
@article{okafor2004, author={Daniel Okafor and Ida von Brandt and {Hallin Museum}}, title={{W}ho paid f{\"u}r Hall\'in?}, journal={Example Review}, volume={58}, number=2, pages={287--315}, date={2004-04}, doi={10.1000/18\_2}}
@unpublished(hall1434, title = "Rolls of the bridge", year = "1434", note = {f.~17})
`
	risSample = `TY  - BOOK
ID  - brandt1987
AU  - Brandt, Ida
TI  - The Stone Bridge of Hallin: A History
PY  - 1987///
CY  - Lund
PB  - Example & Sons
ER  -

TY  - JOUR
AU  - Okafor, Daniel
AU  - Hallin Museum
T1  - Who paid?
JF  - Example Review
VL  - 58
IS  - 2
SP  - 287
EP  - 315
DA  - 2004/4/
DO  - 10.1000/182
ER  -
`
	jsonSample = "[\n\t{\"id\": \"http://zotero.org/users/1/items/ABC\", \"citation-key\": \"brandt1987\", \"type\": \"book\", \"title\": \"The Stone Bridge\", \"author\": [{\"family\": \"Brandt\", \"given\": \"Ida\"}], \"issued\": {\"date-parts\": [[1987, 4, 2]]}, \"volume\": 2}\n]"
	yamlSample = "---\nreferences:\n- id: brandt1987\n  type: book\n  author:\n  - family: Brandt\n    given: Ida\n  issued:\n  - year: 1987\n  title: The Stone Bridge\n...\n"
)

func written(items []draft.Object) string {
	list := make([]any, len(items))
	for i, o := range items {
		list[i] = o
	}
	return string(splice.Written(draft.Object{{Key: "references", Value: list}}))
}

func TestReferences(t *testing.T) {
	for name, x := range map[string]struct{ in, want string }{
		"BibTeX": {bibSample, `references:
  - id: brandt1987
    type: book
    author: [{family: Brandt, given: Ida}]
    title: "The Stone Bridge of Hallin: A History"
    publisher-place: Lund
    publisher: "Example & Sons"
    issued: 1987
  - id: okafor2004
    type: article-journal
    author:
      - {family: Okafor, given: Daniel}
      - {family: Brandt, given: Ida, non-dropping-particle: von}
      - {literal: Hallin Museum}
    title: Who paid für Hallín?
    container-title: Example Review
    volume: 58
    issue: 2
    page: 287-315
    issued: 2004-04
    DOI: "10.1000/18_2"
  - id: hall1434
    type: manuscript
    title: Rolls of the bridge
    issued: 1434
    note: f. 17
`},
		"RIS": {risSample, `references:
  - id: brandt1987
    type: book
    author: [{family: Brandt, given: Ida}]
    title: "The Stone Bridge of Hallin: A History"
    publisher-place: Lund
    publisher: "Example & Sons"
    issued: 1987
  - id: okafor2004
    type: article-journal
    author:
      - {family: Okafor, given: Daniel}
      - {literal: Hallin Museum}
    title: Who paid?
    container-title: Example Review
    volume: 58
    issue: 2
    page: 287-315
    issued: 2004-04
    DOI: 10.1000/182
`},
		"CSL-JSON": {jsonSample, "references:\n  - id: brandt1987\n    type: book\n    author: [{family: Brandt, given: Ida}]\n    title: The Stone Bridge\n    volume: 2\n    issued: 1987-04-02\n"},
		"CSL-YAML": {yamlSample, "references:\n  - id: brandt1987\n    type: book\n    author: [{family: Brandt, given: Ida}]\n    title: The Stone Bridge\n    issued: 1987\n"},
	} {
		items, problems, err := References(x.in)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if got := written(items); got != x.want {
			t.Errorf("%s: %v\n%s\nwant\n%s", name, problems, got, x.want)
		}
	}
	for _, bad := range []string{"", "hello", "[1, 2]", "{", "@book", "TY  - "} {
		if items, _, err := References(bad); err == nil && len(items) > 0 && bad != "TY  - " {
			t.Errorf("%q gives %v", bad, items)
		}
	}
}

// What our own exports hold comes back.
func TestReferencesOfOurExports(t *testing.T) {
	var rep strictyaml.Report
	n := strictyaml.Parse("sources.yaml", []byte(yamlSample[4:len(yamlSample)-4]+"- id: ng\n  type: article-journal\n  author: [{family: Nguyễn, given: Ánh, non-dropping-particle: van}]\n  title: \"Über & Co.: 5 %\"\n  container-title: Zeitschrift\n  page: 1-9\n  issued: 2001-05\n"), &rep)
	sources, _ := csl.Read(n, nil)
	if len(sources) != 2 {
		t.Fatal(rep.Problems())
	}
	for name, text := range map[string]string{"BibTeX": csl.BibTeX(sources...), "RIS": csl.RIS(sources...), "JSON": string(csl.JSON(sources...))} {
		items, problems, err := References(text)
		if err != nil || len(items) != 2 {
			t.Errorf("%s: %v %v\n%s", name, err, problems, text)
			continue
		}
		if items[1].Text("title") != "Über & Co.: 5 %" || items[1].Text("page") != "1-9" || items[1].Text("issued") != "2001-05" || items[0].Text("issued") != "1987" {
			t.Errorf("%s:\n%s\nof\n%s", name, written(items), text)
		}
	}
}

// What real libraries hold: nothing is lost without a word.
func TestReferencesOfRealLibraries(t *testing.T) {
	for name, x := range map[string]struct {
		in, want string
		problems []string
	}{
		"BibTeX": {`@thesis{t1, author = {Doe, Jane and others}, title = {On Tolls}, type = {phdthesis}, institution = {Tilling}, date = 2001, keywords = {a, b}, file = {x.pdf}, rating = {5}}
@incollection{c1, title = {A Part}, booktitle = {The Whole}, booksubtitle = {Essays}, year = {circa 1890}, howpublished = {Archive of Tilling, f. 12}, note = {Fond 3}, addendum = {Copy}}
`, `references:
  - id: t1
    type: thesis
    author: [{family: Doe, given: Jane}]
    title: On Tolls
    publisher: Tilling
    genre: PhD diss.
    issued: 2001
  - id: c1
    type: chapter
    title: A Part
    container-title: "The Whole: Essays"
    issued: circa 1890
    note: Archive of Tilling, f. 12. Copy. Fond 3
`, []string{`references[t1]: author says "and others"; add the others, or write "et al." into the note`, "references[t1]: rating = 5 has no place in a source and is left out"}},
		"RIS": {`TY  - MANSCPT
AU  - Иванов, Пётр
TI  - Letter
PY  - c. 1890///
DB  - Town Archive
AV  - box 3
N1  - seen
N1  - copied
KW  - tolls
XX  - odd
ER  -
TY  - BOOK
AU  - Weiß, Käthe
TI  - Book
PY  - 1978
ER  -
`, `references:
  - id: иванов1890
    type: manuscript
    author: [{family: Иванов, given: Пётр}]
    title: Letter
    archive: Town Archive
    archive_location: box 3
    issued: c. 1890
    note: seen; copied
  - id: weiss1978
    type: book
    author: [{family: Weiß, given: Käthe}]
    title: Book
    issued: 1978
`, []string{"line 10: XX has no place in a source and is left out: odd"}},
		"CSL-JSON": {`[{"id": "e", "type": "book", "title": "<i>Pons</i> &amp; water", "issued": {"date-parts": [[1999]]}, "note": "Original Date: 1890\narchive-place: Moscow\ntitle: of the film\nseen by us"}]`, `references:
  - id: e
    type: book
    title: "<i>Pons</i> & water"
    archive-place: Moscow
    issued: 1999
    original-date: 1890
    note: |-
      title: of the film
      seen by us
`, nil},
	} {
		items, problems, err := References(x.in)
		if got := written(items); err != nil || got != x.want {
			t.Errorf("%s: %v\n%s\nwant\n%s", name, err, got, x.want)
		}
		if strings.Join(problems, "\n") != strings.Join(x.problems, "\n") {
			t.Errorf("%s: %q\nwant %q", name, problems, x.problems)
		}
	}
}

func TestSameWork(t *testing.T) {
	o := func(pairs ...string) draft.Object {
		var o draft.Object
		for i := 0; i < len(pairs); i += 2 {
			o.Put(pairs[i], pairs[i+1])
		}
		return o
	}
	for _, x := range []struct {
		a, b draft.Object
		want string
	}{
		{o("DOI", "https://doi.org/10.1000/X"), o("DOI", "10.1000/x"), "the same DOI"},
		{o("title", "The Bridge", "issued", "1987"), o("title", "the bridge.", "issued", "1987-04"), "the same title and year"},
		{o("title", "The Bridge", "issued", "1987"), o("title", "The Bridge", "issued", "1990"), ""},
		{o("type", "manuscript", "title", "Letter", "issued", "1434-05-03", "archive_location", "f. 1"), o("type", "manuscript", "title", "Letter", "issued", "1434-05-03", "archive_location", "f. 2"), ""},
		{o("type", "manuscript", "title", "Letter", "issued", "1434-05-03"), o("type", "manuscript", "title", "Letter", "issued", "1434-06"), ""},
		{o("type", "manuscript", "title", "Letter", "issued", "1434"), o("type", "manuscript", "title", "Letter", "issued", "1434"), "the same title and year"},
		{o("ISBN", "0-1"), o("ISBN", "01"), "the same ISBN"},
		{o(), o(), ""},
	} {
		if got := SameWork(x.a, x.b); got != x.want {
			t.Errorf("%v %v: %q", x.a, x.b, got)
		}
	}
}

// FuzzReferences: whatever is pasted, what comes out is sources that load.
func FuzzReferences(f *testing.F) {
	for _, s := range []string{bibSample, risSample, jsonSample, yamlSample, "@a{b,c={\\", "@a{b,c=\"\\\"", "TY  - X\nAU  - ,,\n", "\\'", "@x{y, author={{} and {}, }}", "@x{y, author = {\\\"", "@x{,title=\\v"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		items, _, err := References(s)
		if err != nil || len(items) == 0 {
			return
		}
		var rep strictyaml.Report
		n := strictyaml.ParseForeign("x", []byte(written(items)), &rep)
		if sources, _ := csl.Read(n, nil); len(sources) != len(items) {
			t.Errorf("%d sources of %d items: %v\n%s", len(sources), len(items), rep.Problems(), written(items))
		}
	})
}
