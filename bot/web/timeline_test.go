package web

import (
	"net/url"
	"os"
	"regexp"
	"strings"
	"testing"

	"footnote/knowledge/packtest"
)

// events of a picture and of the list below it: number, date, what happened.
var (
	drawnEvent  = regexp.MustCompile(`(?m)^(?:<svg.*\n<title.*\n<desc[^>]*>)?(\d+)\. (.+): (.+?)(?:</desc>)?$`)
	listedEvent = regexp.MustCompile(`<span class="count">(\d+)</span> <span class="when">(.+?)</span> <span class="what">(.+?) <span class="of">`)
)

// The list below the picture has the numbers that the picture has, each with the facts that
// date it; what was retracted is in neither.
func TestTimelineIsListedAsItIsDrawn(t *testing.T) {
	s := small(t, packtest.Files{"pack.yaml": "schema: footnote/1\nid: quay\ntitle: The quay\nversion: 1.0.0\n", "sources.yaml": "references:\n  - {id: roll, type: book, title: Roll}\n", "facts.yaml": `facts:
  - id: quay
    status: citation-needed
    questions: [When was the quay built?]
    answer: The quay was built from 1801 to 1804.
    dates: [{edtf: 1801/1804, label: the quay}, {edtf: 1790, label: the plan}]
  - id: builder
    status: citation-needed
    questions: [Who built the quay?]
    answer: Odo built it.
    dates: [{edtf: 1801/1804, label: the quay}]
  - id: gone
    status: retracted
    questions: [When did the quay fall?]
    answer: It never fell.
    cites: [{source: roll}]
    dates: [{edtf: 1795, label: the fall}]
`}, Config{})
	page, drawn := body(t, s, "timeline/"), body(t, s, "timeline/1.svg")
	list, picture := listedEvent.FindAllStringSubmatch(page, -1), drawnEvent.FindAllStringSubmatch(drawn, -1)
	if len(list) != 2 || len(picture) != len(list) {
		t.Fatalf("%q are listed, %q are drawn:\n%s\n%s", list, picture, page, drawn)
	}
	for i := range list {
		if got, want := strings.Join(list[i][1:], "|"), strings.Join(picture[i][1:], "|"); got != want {
			t.Errorf("listed: %s; drawn: %s", got, want)
		}
	}
	has(t, page, `the quay <span class="of"><a href="../f/quay/">When was the quay built?</a>`, `<span class="of"><a href="../f/builder/">Who built the quay?</a>`, `the plan <span class="of">`)
	if strings.Contains(page, "f/gone/") {
		t.Error("what was retracted is listed")
	}
}

// Where people ask, a timeline is a picture too, without scripts: one for a screen and one for a phone,
// of which the stylesheet shows one, in the page's own colours.
func TestAskForATimeline(t *testing.T) {
	s, _ := served(t)
	page := post(s, "/ask", url.Values{"q": {"/timeline"}}).Body.String()
	has(t, page, `<div class="drawing wide" aria-hidden="true"><svg `, `<div class="drawing narrow" aria-hidden="true"><svg `, "Molotov–Ribbentrop Pact signed", `class="choices"`)
	if n := strings.Count(page, "<svg "); n != 2 || strings.Contains(page, "<style") || strings.Contains(page, "style=") {
		t.Errorf("%d pictures, or styles that the page forbids", n)
	}
	ids := map[string]bool{}
	for _, m := range regexp.MustCompile(` id="(.+?)"`).FindAllStringSubmatch(page, -1) {
		if ids[m[1]] {
			t.Errorf("the id %q stands twice", m[1])
		}
		ids[m[1]] = true
	}
	if strings.Contains(page, "autofocus") { // a browser would scroll past what was asked for
		t.Error("the page begins at its end")
	}
	if q := post(s, "/ask", url.Values{"q": {"When did Khrushchev denounce Stalin's cult?"}}).Body.String(); strings.Contains(q, "<svg ") || !strings.Contains(q, "autofocus") {
		t.Error("an answer has a picture, or one cannot ask on at once")
	}
	css, err := os.ReadFile("static/style.css")
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range regexp.MustCompile(`tl-(paper|ink|faint|grid|axis|point|span|hollow|halo)\b`).FindAllString(page, -1) {
		if !strings.Contains(string(css), "."+m) {
			t.Errorf("the stylesheet has nothing for %s", m)
		}
	}
	has(t, string(css), ".drawing.narrow { display: none; }", ".drawing.wide { display: none; }")
}
