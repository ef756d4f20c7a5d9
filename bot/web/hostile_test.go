package web

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"io"
	"slices"
	"strings"
	"sync"
	"testing"

	"golang.org/x/net/html"

	"footnote/bot"
	"footnote/bot/lang"
	"footnote/knowledge"
	"footnote/knowledge/csl"
	"footnote/knowledge/edtf"
)

// words are those of the interface, read once.
var words = sync.OnceValue(lang.All)

// hostile is a base in which every text that a pack may have is s.
func hostile(s string) *knowledge.Base {
	p := &knowledge.Pack{ID: "p", Title: knowledge.Text{"en": s}, Version: "1.0.0", License: s, Languages: []string{"en", "ru"}, Maintainers: []string{s}, ORCID: map[string]string{s: s}, ScopeNote: knowledge.Text{"en": s},
		History:  []knowledge.Release{{Version: "1.0.0", Date: edtf.Date(s), Changes: []knowledge.Change{{Fact: "a", Kind: knowledge.Corrected, Note: knowledge.Text{"en": s}}, {Fact: s, Kind: knowledge.Withdrawn}}}},
		Recorded: []knowledge.Statement{{Fact: "a", Version: "0.9.0", Hash: "x", Status: knowledge.Established, Answer: knowledge.Text{"en": s}, Cites: []knowledge.StatedCite{{Full: s, Quote: s}}}},
	}
	source := &csl.Source{ID: s, Type: "book", Fields: map[string]string{"title": s, "URL": s, "DOI": s, "publisher": s, "container-title": s, "page": s, "note": s, "ISBN": s},
		Names: map[string][]csl.Name{"author": {{Literal: s}, {Family: s, Given: s}}}, Dates: map[string]csl.Date{"issued": {Literal: s}}, Other: []csl.Field{{Name: "custom.archive-url", Value: s}}}
	p.Sources = []*csl.Source{source}
	cite := knowledge.Cite{Source: source, Locator: csl.Locator{Label: "page", Value: s}, Quote: s, QuoteLang: s, Translation: s, TranslatedBy: s}
	f := &knowledge.Fact{ID: "a", Pack: p, Status: knowledge.Disputed, Topics: []string{s}, Questions: []knowledge.Phrasing{{Lang: "en", Text: s}}, Keywords: []string{s},
		Answer: knowledge.Text{"en": s}, Detail: knowledge.Text{"ru": s}, AccordingTo: s, People: []string{s}, Cites: []knowledge.Cite{cite}, Reviewed: edtf.Date(s),
		Positions: []knowledge.Position{{Holder: s, Claim: knowledge.Text{"en": s}, Cites: []knowledge.Cite{cite}, Date: edtf.Date(s)}},
		Dates:     []knowledge.Date{{EDTF: "1956", Label: knowledge.Text{"en": s}}}, Related: []string{"b"},
		Images: []knowledge.Image{{URL: s, Alt: knowledge.Text{"en": s}, Caption: knowledge.Text{"en": s}, Credit: s, License: s}, {URL: "https://pictures.example/" + s, Alt: knowledge.Text{"en": s}}}}
	g := &knowledge.Fact{ID: "b", Pack: p, Status: knowledge.Established, Questions: f.Questions, Answer: f.Answer, Cites: f.Cites}
	p.Facts = []*knowledge.Fact{f, g}
	return &knowledge.Base{Packs: []*knowledge.Pack{p}}
}

// What a page of ours is made of. Anything else came out of a text.
var (
	ourElements = strings.Fields("html head body meta title link script a header p nav ul li main footer article section aside h1 h2 h3 strong b i span sup div dl dt dd time ol abbr blockquote details summary pre code form input label button table caption tbody tr th td figure figcaption img picture source svg")
	ourSchemes  = []string{"https://", "http://"}
)

// checkPage fails if markup, a script or a link came out of the texts of a pack.
func checkPage(t *testing.T, path string, body []byte) {
	t.Helper()
	z := html.NewTokenizer(bytes.NewReader(body))
	inScript := ""
	for {
		switch z.Next() {
		case html.ErrorToken:
			if z.Err() != io.EOF {
				t.Errorf("%s: %v", path, z.Err())
			}
			return
		case html.CommentToken:
			t.Errorf("%s has a comment", path)
		case html.TextToken:
			if inScript != "" {
				var data any
				if text := z.Token().Data; json.Unmarshal([]byte(text), &data) != nil {
					t.Errorf("%s: what tells machines about it is no JSON: %s", path, text)
				}
			}
		case html.EndTagToken:
			inScript = ""
		case html.StartTagToken, html.SelfClosingTagToken:
			tag := z.Token()
			if !slices.Contains(ourElements, tag.Data) {
				t.Errorf("%s has an element %q", path, tag.Data)
			}
			checkTag(t, path, tag, &inScript)
		}
	}
}

func checkTag(t *testing.T, path string, tag html.Token, inScript *string) {
	t.Helper()
	at := map[string]string{}
	for _, a := range tag.Attr {
		at[a.Key] = a.Val
		if strings.HasPrefix(a.Key, "on") || a.Key == "style" {
			t.Errorf("%s: %s has the attribute %s", path, tag.Data, a.Key)
		}
	}
	for _, key := range []string{"href", "src", "action", "formaction", "srcdoc"} {
		v, ok := at[key]
		scheme, _, has := strings.Cut(v, ":")
		if ok && has && !strings.ContainsAny(scheme, "/?#.") && !slices.ContainsFunc(ourSchemes, func(s string) bool { return strings.HasPrefix(v, s) }) {
			t.Errorf("%s: %s leads to %q", path, tag.Data, v)
		}
		if ok && (strings.HasPrefix(v, "//") || strings.HasPrefix(strings.TrimSpace(v), "\\")) {
			t.Errorf("%s: %s leads to another host: %q", path, tag.Data, v)
		}
	}
	if tag.Data == "script" {
		switch {
		case at["src"] != "":
			if !strings.HasSuffix(at["src"], "site.js") {
				t.Errorf("%s has the script %q", path, at["src"])
			}
		case at["type"] == "application/ld+json":
			*inScript = at["type"]
		default:
			t.Errorf("%s has a script of its own", path)
		}
	}
}

// Whatever stands in a pack, its pages have our markup and nothing else, and lead nowhere but
// to the web.
func FuzzHostilePack(f *testing.F) {
	for _, s := range []string{"<script>alert(1)</script>", `"><img src=x onerror=alert(1)>`, "javascript:alert(1)", "</script><script>", "<!--", "]]>", "https://ok.example/\"onclick=x", "{{.}}", "' onload='x", "\x00\u202e<b", "//evil.example", "https://a.example/ b https://a.example/", "</title>", "&lt;b&gt;", "\\u003cscript", "1956/..", "data:text/html,x"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		site := New(hostile(s), Config{URL: "https://site.example", Languages: []string{"de"}, Words: words()})
		for path := range site.Paths() {
			if other := strings.HasPrefix(path, "de/") || strings.HasPrefix(path, "ru/"); other && !strings.Contains(path, "/f/") {
				continue // which is made of the same
			}
			page, ok, err := site.Page(path)
			if err != nil {
				t.Fatalf("%q: %v", path, err)
			}
			if !ok {
				continue // of an id that is none
			}
			switch page.Type {
			case typeHTML:
				checkPage(t, path, page.Body)
			case typeAtom, typeXML:
				d := xml.NewDecoder(bytes.NewReader(page.Body))
				for {
					if _, err := d.Token(); err == io.EOF {
						break
					} else if err != nil {
						t.Fatalf("%s: %v", path, err)
					}
				}
			}
		}
		p := askPage{page: site.page(site.languages[0], "ask"), Action: "./ask", Asked: s}
		p.Replies = []reply{shown(bot.Reply{Blocks: []bot.Block{{Kind: bot.Choice, Spans: []bot.Span{{Text: s, URL: s, Style: bot.Bold}}}, {Kind: bot.Quote, Spans: []bot.Span{{Text: s}}}, {Kind: bot.Pre, Spans: []bot.Span{{Text: s}}}}, Buttons: []bot.Button{{Label: s, Action: s}}})}
		p.Turn.Asked, p.Turn.Fact = s, s
		page, err := write("ask", p)
		if err != nil {
			t.Fatal(err)
		}
		checkPage(t, "ask", page.Body)
	})
}
