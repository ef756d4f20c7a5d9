package web

import (
	"encoding/json"
	"regexp"
	"strings"
	"testing"

	"footnote/knowledge"
	"footnote/knowledge/packtest"
)

const siteURL = "https://example.org/thaw"

// has fails unless a page holds every text.
func has(t *testing.T, page string, want ...string) {
	t.Helper()
	for _, w := range want {
		if !strings.Contains(page, w) {
			t.Errorf("%q is missing in %s", w, page)
		}
	}
}

func TestFactPage(t *testing.T) {
	s := small(t, packtest.Valid(), Config{URL: siteURL, Words: words()})
	has(t, body(t, s, "f/secret-speech/"), `<html lang="en">`, "When was the secret speech?", "<strong>Established</strong>", "In February 1956.", "It was read at a closed session.",
		`href="../../years/1956/">25 February 1956</a>`, `href="../../people/nikita-khrushchev/"`, "the Soviet leader spoke in 1956", `<span class="Z3988" title="ctx_ver=Z39.88-2004&amp;rft_val_fmt=`,
		`href="../../sources/archer1990/"`, `<link rel="canonical" href="https://example.org/thaw/f/secret-speech/">`, `<meta property="og:image" content="https://example.org/thaw/card.png">`,
		"https://example.org/thaw/f/secret-speech@1.0.0/", "@misc{thaw:secret-speech", "<b>added</b>", `rel="bookmark" href="../../f/secret-speech@1.0.0/"`)
	has(t, body(t, s, "ru/f/secret-speech/"), `<html lang="ru">`, "Когда был секретный доклад?", "Установлено", `<span lang="en">In February 1956.</span>`)
	disputed := body(t, s, "f/speech-effect/")
	has(t, disputed, `<h3>Robert Archer</h3>`, `It changed little.<sup class="mark"><a href="#n1">1</a></sup>`, `<li id="n2">`)
	if strings.Contains(disputed, `Scholars disagree.<sup`) {
		t.Error("the answer of a dispute takes over the citations of its sides")
	}
	if body(t, s, "f/secret-speech@1.0.0/") != body(t, s, "f/secret-speech/") {
		t.Error("the permalink of this version is another page")
	}
}

// What machines are told is true: somebody's claim is a Claim of theirs, and nothing is a
// review of claims.
func TestLinkedData(t *testing.T) {
	s := small(t, packtest.Valid(), Config{URL: siteURL, Words: words()})
	of := func(path string) (x map[string]any) {
		m := regexp.MustCompile(`(?s)<script type="application/ld\+json">(.*?)</script>`).FindStringSubmatch(body(t, s, path))
		if m == nil {
			t.Fatalf("%s tells machines nothing", path)
		}
		if err := json.Unmarshal([]byte(m[1]), &x); err != nil {
			t.Fatal(err)
		}
		if strings.Contains(m[1], "ClaimReview") {
			t.Errorf("%s reviews claims", path)
		}
		return x
	}
	fact := of("f/secret-speech/")
	cited := fact["citation"].([]any)[0].(map[string]any)
	if fact["@type"] != "CreativeWork" || fact["@id"] != siteURL+"/f/secret-speech/" || cited["@type"] != "Quotation" || cited["isPartOf"].(map[string]any)["@type"] != "Book" {
		t.Errorf("%v", fact)
	}
	side := of("f/speech-effect/")["hasPart"].([]any)[1].(map[string]any)
	if side["@type"] != "Claim" || side["author"].(map[string]any)["name"] != "Anna Baker" || side["author"].(map[string]any)["@type"] != nil {
		t.Errorf("%v", side)
	}
	if of("sources/baker1999/")["@type"] != "ScholarlyArticle" || of("")["@type"] != "WebSite" {
		t.Error("a source, or the site, is something else")
	}
	if text := body(t, s, "sources/baker1999/"); !strings.Contains(text, `<meta name="citation_journal_title" content="Example Review">`) {
		t.Error("the page of a source does not tell what it is")
	}
	if text := body(t, s, "f/secret-speech/"); strings.Contains(text, "citation_title") {
		t.Error("the page of a fact claims to be its source")
	}
}

// A permalink lasts: it tells what has changed since, what that version said, and goes on
// when the fact is gone.
func TestPermalinks(t *testing.T) {
	files := packtest.Valid()
	files["pack.yaml"] = strings.Replace(strings.Replace(files["pack.yaml"], "version: 1.0.0\nlicense", "version: 1.2.0\nlicense", 1), "history:\n", `history:
  - version: 1.2.0
    date: 2026-03-01
    changes:
      - {fact: speech-effect, kind: added}
      - {fact: first-statue, kind: retracted, note: The source does not say it.}
  - version: 1.1.0
    date: 2026-02-01
    changes:
      - {fact: secret-speech, kind: corrected, note: The month only.}
      - {fact: first-statue, kind: added}
`, 1)
	base := baseOf(t, files)
	p := base.Packs[0]
	p.Recorded = append(p.Recorded, knowledge.Statement{Fact: "secret-speech", Version: "1.0.0", Hash: "other", Status: knowledge.Attributed, AccordingTo: "Robert Archer", Answer: knowledge.Text{"en": "On 25 February 1956."}},
		knowledge.Statement{Fact: "first-statue", Version: "1.1.0", Hash: "x", Status: knowledge.Established, Answer: knowledge.Text{"en": "In 1954."}}, knowledge.Statement{Fact: "first-statue", Version: "1.2.0", Gone: true})
	s := New(base, Config{Words: words()})
	has(t, body(t, s, "f/secret-speech@1.0.0/"), "The link is to version 1.0.0. This is version 1.2.0.", "<b>corrected</b>", "The month only.", "Version 1.0.0 said:", "On 25 February 1956.", "Attributed · Robert Archer", "In February 1956.", `<meta name="robots" content="noindex">`)
	has(t, body(t, s, "f/first-statue/"), "no longer in the collection", "The source does not say it.", "In 1954.")
	has(t, body(t, s, "f/first-statue@1.1.0/"), "In 1954.")
	has(t, body(t, s, "corrections/"), "first-statue", "<b>withdrawn</b>")
	has(t, body(t, s, "corrections.atom"), "urn:footnote:thaw:first-statue@1.2.0:retracted", "2026-03-01T00:00:00Z")
	for _, path := range []string{"f/speech-effect@1.0.0/", "f/secret-speech@9.9.9/", "f/secret-speech@/", "f/nothing/"} {
		if _, ok, _ := s.Page(path); ok {
			t.Errorf("%s is there", path)
		}
	}
	listed := map[string]bool{}
	for p := range s.Paths() {
		listed[p] = true
	}
	if !listed["f/secret-speech@1.0.0/"] || !listed["f/secret-speech@1.2.0/"] || !listed["f/first-statue@1.1.0/"] || listed["f/speech-effect@1.0.0/"] {
		t.Error("other permalinks than there are are listed")
	}
}

func TestSlugs(t *testing.T) {
	var taken slugs
	for _, c := range [][2]string{{"The Party", "the-party"}, {"Хрущёв", "хрущев"}, {"a/b\\..", "a-b"}, {"..", "a5"}, {"", "e3"}} {
		got := taken.of(c[0])
		if c[0] != "" && c[0] != ".." && got != c[1] || strings.ContainsAny(got, "/\\.~@ ") || got == "" {
			t.Errorf("%q: %q", c[0], got)
		}
	}
	if a, b := taken.of("the party!"), taken.of("The, party"); a == b || a == "the-party" || b == "the-party" {
		t.Errorf("%q and %q", a, b)
	}
	if long := taken.of(strings.Repeat("ж", 500)); len(long) > maxSlug {
		t.Errorf("%d bytes", len(long))
	}
}
