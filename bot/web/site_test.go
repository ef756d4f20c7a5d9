package web

import (
	"fmt"
	"html"
	"net/url"
	"os"
	"regexp"
	"strings"
	"testing"

	"footnote/knowledge"
	"footnote/knowledge/csl"
	"footnote/knowledge/edtf"
	"footnote/knowledge/packtest"
)

// small is the site of a small pack.
func small(t testing.TB, files packtest.Files, c Config) *Site {
	t.Helper()
	return New(baseOf(t, files), c)
}

func baseOf(t testing.TB, files packtest.Files) *knowledge.Base {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		if err := os.WriteFile(dir+"/"+strings.ReplaceAll(name, "/", "-"), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	base, err := knowledge.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	return base
}

// body is the text of a page.
func body(t testing.TB, s *Site, path string) string {
	t.Helper()
	f, ok, err := s.Page(path)
	if err != nil || !ok {
		t.Fatalf("%q: %v, %v", path, ok, err)
	}
	return string(f.Body)
}

// Every path that is listed has a page.
func TestEveryPage(t *testing.T) {
	for _, c := range []Config{{}, {URL: "https://example.org/history", Languages: []string{"de", "uk"}}} {
		s := small(t, packtest.Valid(), c)
		n := 0
		for p := range s.Paths() {
			n++
			if text := body(t, s, p); text == "" {
				t.Errorf("%q is empty", p)
			}
		}
		if n < 40 {
			t.Errorf("%d paths", n)
		}
	}
}

// large is a base of n facts, as a big pack has them.
func large(n int) *knowledge.Base {
	p := &knowledge.Pack{ID: "large", Title: knowledge.Text{"en": "A large pack"}, Version: "1.2.0", License: "CC-BY-SA-4.0", Languages: []string{"en"}}
	for i := range n/10 + 1 {
		p.Sources = append(p.Sources, &csl.Source{ID: fmt.Sprintf("source%d", i), Type: "book", Fields: map[string]string{"title": fmt.Sprintf("The history of town %d, volume %d", i, i%7), "publisher": "University Press", "publisher-place": "Lund"},
			Names: map[string][]csl.Name{"author": {{Family: fmt.Sprintf("Author%d", i%300), Given: "Ida"}}}, Dates: map[string]csl.Date{"issued": {EDTF: edtf.Date(fmt.Sprint(1900 + i%100))}}})
	}
	for i := range n {
		s := p.Sources[i/10]
		f := &knowledge.Fact{ID: fmt.Sprintf("fact-%d", i), Pack: p, Status: statuses[i%3], AccordingTo: "Ida Brandt", Topics: []string{fmt.Sprintf("topic %d", i%200)}, People: []string{fmt.Sprintf("Person %d", i%3000)},
			Questions: []knowledge.Phrasing{{Lang: "en", Text: fmt.Sprintf("What happened in town %d on its day %d?", i/10, i)}, {Lang: "en", Text: fmt.Sprintf("day %d of town %d", i, i/10)}},
			Answer:    knowledge.Text{"en": strings.Repeat("The council of the town met and decided on the bridge. ", 4)}, Detail: knowledge.Text{"en": strings.Repeat("More is told of it elsewhere. ", 20)},
			Dates: []knowledge.Date{{EDTF: edtf.Date(fmt.Sprintf("%04d-05-0%d", 1200+i%700, 1+i%9)), Label: knowledge.Text{"en": "the meeting"}}},
			Cites: []knowledge.Cite{{Source: s, Locator: csl.Locator{Value: fmt.Sprint(i % 400)}, Quote: "decided on the bridge"}, {Source: p.Sources[(i*7)%len(p.Sources)]}}, Related: []string{fmt.Sprintf("fact-%d", (i+1)%n)}}
		p.Facts = append(p.Facts, f)
	}
	p.History = []knowledge.Release{{Version: "1.2.0", Date: "2026-01-01", Changes: []knowledge.Change{{Fact: "fact-1", Kind: knowledge.Corrected, Note: knowledge.Text{"en": "The day."}}}}}
	return &knowledge.Base{Packs: []*knowledge.Pack{p}}
}

var linked = regexp.MustCompile(`(?:href|src|action)="([^"#?]*)`)

// No page of a large site is larger than 60 kB, and every link of the site leads somewhere.
func TestLargeSite(t *testing.T) {
	s := New(large(3*perPage), Config{URL: "https://example.org", Languages: []string{"fr"}, Words: words()})
	exists := map[string]bool{}
	for p := range s.Paths() {
		exists[p] = true
	}
	for p := range exists {
		f, ok, err := s.Page(p)
		if err != nil || !ok {
			t.Fatalf("%q: %v %v", p, ok, err)
		}
		if f.Type != typeHTML {
			continue
		}
		if len(f.Body) > 60_000 {
			t.Errorf("%q has %d bytes", p, len(f.Body))
		}
		if p == "404.html" {
			continue // which stands anywhere
		}
		from, _ := url.Parse("https://example.org/" + p)
		for _, m := range linked.FindAllStringSubmatch(string(f.Body), -1) {
			to, err := from.Parse(html.UnescapeString(m[1]))
			if err != nil {
				t.Errorf("%q: %v", p, err)
				continue
			}
			if to.Host == "example.org" && !exists[strings.TrimPrefix(to.Path, "/")] {
				t.Errorf("%q leads to %q", p, to.Path)
				exists[strings.TrimPrefix(to.Path, "/")] = true // once is enough
			}
		}
	}
}

func BenchmarkExport10000(b *testing.B) {
	base := large(10_000)
	for b.Loop() {
		n, err := New(base, Config{URL: "https://example.org"}).Export(b.Context(), b.TempDir())
		if err != nil {
			b.Fatal(err)
		}
		b.ReportMetric(float64(n), "files")
	}
}

func BenchmarkPage(b *testing.B) {
	s := New(large(10_000), Config{URL: "https://example.org"})
	for _, p := range []string{"", "f/fact-1/", "facts/", "topics/topic-1/", "sources/", "timeline/", "search/"} {
		b.Run(strings.ReplaceAll("/"+p, "/", "_"), func(b *testing.B) {
			for b.Loop() {
				if _, ok, err := s.Page(p); !ok || err != nil {
					b.Fatal(ok, err)
				}
			}
		})
	}
}
