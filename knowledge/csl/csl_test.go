package csl

import (
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"
)

func TestNotes(t *testing.T) {
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
			Locator{}, "“A Page.”",
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
		if x := withTags(s.ShortNote(c.loc)); x != c.short {
			t.Errorf("%s short\n got  %s\n want %s", c.name, x, c.short)
		}
		if x := withTags(s.Note(c.loc)); x != c.full {
			t.Errorf("%s full\n got  %s\n want %s", c.name, x, c.full)
		}
		if s.URL() != c.url || c.loc.String() != c.locator || s.ID != "w" {
			t.Errorf("%s: url %q, locator %q, source %q", c.name, s.URL(), c.loc, s.ID)
		}
	}
}

func TestBibliography(t *testing.T) {
	var sources []*Source
	for _, text := range []string{
		`[{id: e, type: book, title: Пятая, language: ru, author: [{family: Иванов, given: Иван}]}]`,
		`[{id: d, type: article-magazine, title: The Bridge, issued: 1990}]`,
		`[{id: b, type: book, title: The rivers, author: [{family: Archer, given: Robert}], issued: 1990, call-number: QA 12}]`,
		`[{id: a, type: book, title: A lake & two_ponds, author: [{family: Archer, given: Robert}], issued: 1994, DOI: 10.1/x}]`,
		`[{id: f, type: book, title: Dams, author: [{family: Archer, given: Robert}, {family: Baker, given: Anna}], issued: 1980}]`,
		`[{id: g, type: book, title: Locks, editor: [{family: Archer, given: Robert}], issued: 2001}]`,
		`[{id: c, type: book, title: Third, author: [{family: Ångström, given: Ann}], issued: "-0043"}]`,
		`[{id: h, type: webpage, title: "1984. A <page>", URL: "https://example.org/a_b?c=d&e=f", accessed: 2020-05-01}]`,
	} {
		sources = append(sources, sourceFromYAML(t, text))
	}
	const text = `“1984. A <Page>.” Accessed May 1, 2020. https://example.org/a_b?c=d&e=f.

Ångström, Ann. Third, 44 BC.

Archer, Robert. A Lake & Two_ponds, 1994. https://doi.org/10.1/x.

———, ed. Locks, 2001.

———. The Rivers, 1990.

Archer, Robert, and Anna Baker. Dams, 1980.

“The Bridge,” 1990.

Иванов, Иван. Пятая, n.d.
`
	if got := Bibliography(sources...); got != text {
		t.Errorf("got\n%s\nwant\n%s", got, text)
	}
	markdown := `“1984. A \<Page\>.” Accessed May 1, 2020. <https://example.org/a_b?c=d&e=f>.

Ångström, Ann. *Third*, 44 BC.

Archer, Robert. *A Lake \& Two\_ponds*, 1994. <https://doi.org/10.1/x>.
`
	if got := BibliographyMarkdown(sources...); !strings.HasPrefix(got, markdown) {
		t.Errorf("got\n%s\nwant\n%s", got, markdown)
	}
	page := BibliographyHTML(sources...)
	for _, want := range []string{
		`<p>“1984. A &lt;Page&gt;.” Accessed May 1, 2020. <a href="https://example.org/a_b?c=d&amp;e=f">https://example.org/a_b?c=d&amp;e=f</a>.</p>`,
		`<p>Archer, Robert. <i>A Lake &amp; Two_ponds</i>, 1994. <a href="https://doi.org/10.1/x">https://doi.org/10.1/x</a>.</p>`,
		`<meta charset="utf-8">`,
	} {
		if !strings.Contains(page, want) {
			t.Errorf("%s is not in\n%s", want, page)
		}
	}
	if Bibliography() != "" || BibliographyMarkdown() != "" {
		t.Error("of nothing something is written")
	}
	for in, want := range map[string]string{"1984. A novel": `1984\. A novel`, "12) x": `12\) x`, "3D": "3D", "": ""} {
		if got := startOfList(in); got != want {
			t.Errorf("%s: %s", in, got)
		}
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
		if got := IsLink(in); got != want {
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

// Whatever a source holds is in its full note and its entry, and nothing panics.
func FuzzNotes(f *testing.F) {
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
		s := &Source{ID: "x", Type: typ, Names: map[string][]Name{}, Dates: map[string]Date{}, Fields: map[string]string{}}
		put := func(name, value string) {
			value = strings.TrimSpace(value)
			switch {
			case value == "" || name == "id" || name == "type":
			case slices.Contains(textVariables, name):
				s.Fields[name] = value
			case slices.Contains(nameVariables, name):
				s.Names[name] = []Name{{Literal: value}}
			case slices.Contains(dateVariables, name):
				s.Dates[name] = textDate(value)
			default:
				s.Other = append(s.Other, Field{name, value})
			}
		}
		put(field1, value1)
		put(field2, value2)
		put("author", author)
		loc := Locator{label, locator}
		note := s.Note(loc)
		if s.ShortNote(loc).String() == "" || note.String() == "" {
			t.Fatalf("%+v gives %q and %q", s, s.ShortNote(loc), note)
		}
		full := letters(note.String())
		entry := letters(s.Entry().String())
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
				t.Fatalf("%+v: %q is not in %q", s, v, note)
			} else if !strings.Contains(entry, x) {
				t.Fatalf("%+v: %q is not in the bibliography's %q", s, v, s.Entry())
			}
		}
		for _, r := range note {
			if r.Text == "" || !utf8.ValidString(r.Text) {
				t.Fatalf("%q", note)
			}
		}
	})
}
