package csl

import (
	"net/url"
	"slices"
	"testing"
)

// What other programs read of a page: each type in its own form, with the place that is cited.
func TestOpenURL(t *testing.T) {
	for _, c := range []struct {
		yaml string
		at   Locator
		want map[string]string
		not  []string
	}{
		{`{id: a, type: book, author: [{family: Gogh, given: Vincent, non-dropping-particle: van}, {literal: A House & Sons}], title: "*Letters* & more", publisher: P,
			publisher-place: Den Haag, issued: 1990, ISBN: "978-1 978-2"}`, Locator{Value: "12–15"},
			map[string]string{"rft_val_fmt": "info:ofi/fmt:kev:mtx:book", "rft.genre": "book", "rft.btitle": "Letters & more", "rft.au": "van Gogh, Vincent",
				"rft.aucorp": "A House & Sons", "rft.pages": "12-15", "rft.date": "1990", "rft.place": "Den Haag", "rft.isbn": "978-1"}, []string{"rft_id", "rft.atitle"}},
		{`{id: b, type: article-journal, title: Who, container-title: R, volume: 58, issue: 2, page: 287-315, issued: 1999-04, DOI: "https://doi.org/10.1000/182"}`, Locator{Label: "note", Value: "3"},
			map[string]string{"rft.jtitle": "R", "rft.atitle": "Who", "rft.pages": "287-315", "rft.date": "1999-04", "rft_id": "info:doi/10.1000/182"}, nil},
		{`{id: c, type: manuscript, title: Протокол, archive: РГАСПИ, archive_location: "f. 17", issued: 1934-12-01}`, Locator{},
			map[string]string{"rft_val_fmt": "info:ofi/fmt:kev:mtx:dc", "rft.type": "manuscript", "rft.title": "Протокол", "rft.description": "РГАСПИ, f. 17", "rft.date": "1934-12-01"}, nil},
		{`{id: d, type: thesis, title: T, publisher: U, genre: PhD diss., issued: "1984~"}`, Locator{},
			map[string]string{"rft.inst": "U", "rft.degree": "PhD diss.", "rft.date": "1984"}, nil},
		{`{id: e, type: webpage, title: W, URL: "http://example.org/", issued: 195X}`, Locator{}, map[string]string{"rft.type": "webpage"}, []string{"rft_id", "rft.date"}},
	} {
		s := sourceFromYAML(t, "["+c.yaml+"]")
		got, err := url.ParseQuery(s.OpenURL(c.at))
		if err != nil {
			t.Fatal(err)
		}
		for key, want := range c.want {
			if got.Get(key) != want {
				t.Errorf("%s: %s is %q, want %q", s.ID, key, got.Get(key), want)
			}
		}
		for _, key := range c.not {
			if got.Has(key) {
				t.Errorf("%s has %s: %q", s.ID, key, got.Get(key))
			}
		}
	}
}

func TestHighwire(t *testing.T) {
	s := sourceFromYAML(t, "["+`{id: b, type: article-journal, author: [{family: Baker, given: Anna}], title: Who, container-title: R, page: 287-315, issued: 1999-04, DOI: 10.1000/182}`+"]")
	for _, want := range []Field{{"citation_title", "Who"}, {"citation_author", "Baker, Anna"}, {"citation_journal_title", "R"}, {"citation_publication_date", "1999/04"},
		{"citation_firstpage", "287"}, {"citation_lastpage", "315"}, {"citation_doi", "10.1000/182"}} {
		if !slices.Contains(s.Highwire(), want) {
			t.Errorf("%v is missing in %v", want, s.Highwire())
		}
	}
	if got := sourceFromYAML(t, "["+`{id: m, type: manuscript, title: T}`+"]").Highwire(); got != nil {
		t.Errorf("a manuscript would be taken for an article: %v", got)
	}
}

func TestArchived(t *testing.T) {
	for in, want := range map[string]string{"https://a.example/1": "https://a.example/1", "http://a.example/1": "", "javascript:alert(1)": ""} {
		if got := sourceFromYAML(t, "["+`{id: w, type: webpage, title: T, custom: {archive-url: "`+in+`"}}`+"]").Archived(); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}
