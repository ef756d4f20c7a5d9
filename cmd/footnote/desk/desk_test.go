package desk

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"footnote/answers"
	"footnote/answers/gaps"
	"footnote/knowledge"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// sample is a pack with notes and quotation marks of its own.
var sample = map[string]string{
	"pack.yaml": "# ours\nschema: footnote/1\nid: hallin\ntitle: Hallin\nversion: 0.1.0\nlanguages: [en]\n",
	"sources.yaml": `references:
  - id: brandt1987
    type: book
    author: [{family: Brandt, given: Ida}]
    title: The Stone Bridge
    publisher: Example Press
    publisher-place: Lund
    issued: 1987
`,
	"facts.yaml": `# The facts. <script>alert(1)</script>
facts:
  # built first
  - id: bridge-built
    status: established # since 1987
    topics: [the bridge]
    questions:
      - When was the stone bridge of Hallin built?
      - "year of the stone bridge"
      - When did they build the bridge?
    answer: >-
      The stone bridge of Hallin was built
      between 1431 and 1434.
    cites:
      - source: brandt1987
        locator: {label: page, value: 12-15}
    reviewed: 2026-01-05

  - id: bridge-toll
    status: citation-needed
    questions: [What was the toll on the bridge?, How much did a cart pay?]
    answer: 'Two pence.'
`,
}

// An opened is a desk in a test, with somebody at it.
type opened struct {
	t    *testing.T
	dir  string
	desk *Desk
	url  string
	http *http.Client
	log  *bytes.Buffer
}

const token = "0123456789abcdef0123456789abcdef"

// open opens a desk on a folder with these files; nil is a folder that is not there.
func open(t *testing.T, files map[string]string, change ...func(*Config)) *opened {
	t.Helper()
	o := &opened{t: t, dir: filepath.Join(t.TempDir(), "hallin"), log: &bytes.Buffer{}}
	for name, text := range files {
		o.put(name, text)
	}
	s := httptest.NewUnstartedServer(nil)
	c := Config{
		Folders: []string{o.dir}, Token: token, Hosts: []string{s.Listener.Addr().String()}, Address: s.Listener.Addr().String(),
		Now: func() time.Time { return time.Date(2026, 2, 1, 12, 0, 0, 0, time.UTC) }, Log: slog.New(slog.NewTextHandler(o.log, &slog.HandlerOptions{Level: slog.LevelDebug})),
		Matcher: byWords, Words: byWords,
		Correct: func(got answers.Result, facts []string) bool {
			if len(facts) == 0 {
				return got.Outcome == answers.Declined
			}
			return got.Best() != nil && got.Best().ID == facts[0]
		},
	}
	for _, f := range change {
		f(&c)
	}
	d, err := New(c)
	if err != nil {
		t.Fatal(err)
	}
	s.Config.Handler = d.Handler()
	s.Start()
	t.Cleanup(func() {
		for _, p := range d.packs {
			p.stopJobs()
		}
		d.jobs.Wait()
		s.Close()
		http.DefaultTransport.(*http.Transport).CloseIdleConnections()
	})
	o.desk, o.url = d, s.URL
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	o.http = &http.Client{Jar: jar}
	t.Cleanup(o.http.CloseIdleConnections)
	if status, _ := o.get("/?t=" + token); status != http.StatusOK {
		t.Fatalf("the address opens with %d", status)
	}
	return o
}

// byWords answers by words alone, which takes no time.
func byWords(ctx context.Context, base *knowledge.Base) (*answers.Matcher, error) {
	return answers.New(ctx, base, answers.Options{Encoder: "off"})
}

func (o *opened) put(name, text string) {
	o.t.Helper()
	full := filepath.Join(o.dir, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(full), 0o755); err != nil {
		o.t.Fatal(err)
	}
	if err := os.WriteFile(full, []byte(text), 0o600); err != nil {
		o.t.Fatal(err)
	}
}

func (o *opened) file(name string) string {
	o.t.Helper()
	data, err := os.ReadFile(filepath.Join(o.dir, filepath.FromSlash(name)))
	if err != nil {
		o.t.Fatal(err)
	}
	return string(data)
}

func (o *opened) get(path string) (int, string) {
	o.t.Helper()
	r, err := o.http.Get(o.url + path)
	if err != nil {
		o.t.Fatal(err)
	}
	defer r.Body.Close()
	body, err := io.ReadAll(r.Body)
	if err != nil {
		o.t.Fatal(err)
	}
	return r.StatusCode, string(body)
}

func (o *opened) post(path string, form url.Values) (int, string) {
	o.t.Helper()
	r, err := o.http.PostForm(o.url+path, form)
	if err != nil {
		o.t.Fatal(err)
	}
	defer r.Body.Close()
	body, err := io.ReadAll(r.Body)
	if err != nil {
		o.t.Fatal(err)
	}
	return r.StatusCode, string(body)
}

var (
	inputs  = regexp.MustCompile(`(?s)<input([^>]*)>`)
	areas   = regexp.MustCompile(`(?s)<textarea[^>]* name="([^"]*)"[^>]*>(.*?)</textarea>`)
	selects = regexp.MustCompile(`(?s)<select[^>]* name="([^"]*)"[^>]*>(.*?)</select>`)
	chosen  = regexp.MustCompile(`<option(?: value="([^"]*)")?(?: data-hint="[^"]*")? selected>([^<]*)`)
	attr    = regexp.MustCompile(`([a-z]+)="([^"]*)"`)
	plain   = strings.NewReplacer("&lt;", "<", "&gt;", ">", "&#34;", `"`, "&#39;", "'", "&amp;", "&", "&#43;", "+")
)

// form returns what the form of a page would send if nobody changed anything.
func (o *opened) form(path string) url.Values {
	o.t.Helper()
	status, page := o.get(path)
	if status != http.StatusOK {
		o.t.Fatalf("%s: %d", path, status)
	}
	_, page, ok := strings.Cut(page, `id="form"`)
	if !ok {
		o.t.Fatalf("%s has no form", path)
	}
	page, _, _ = strings.Cut(page, "</form>")
	out := url.Values{}
	for _, m := range inputs.FindAllStringSubmatch(page, -1) {
		a := map[string]string{}
		for _, x := range attr.FindAllStringSubmatch(m[1], -1) {
			a[x[1]] = plain.Replace(x[2])
		}
		if box := a["type"] == "radio" || a["type"] == "checkbox"; box && !strings.Contains(m[1], " checked") {
			continue
		}
		out.Add(a["name"], a["value"])
	}
	for _, m := range areas.FindAllStringSubmatch(page, -1) {
		out.Set(m[1], plain.Replace(m[2]))
	}
	for _, m := range selects.FindAllStringSubmatch(page, -1) {
		if c := chosen.FindStringSubmatch(m[2]); c != nil {
			value := c[1]
			if value == "" && !strings.Contains(c[0], "value=") {
				value = c[2]
			}
			out.Set(m[1], plain.Replace(value))
		}
	}
	return out
}

// A form that nobody changed changes nothing, whatever pack it is of.
func TestFormOfEveryFactIsTheFact(t *testing.T) {
	base, err := knowledge.Embedded()
	if err != nil {
		t.Fatal(err)
	}
	o := open(t, nil, func(c *Config) { c.Folders = []string{"../../../knowledge/packs/neo-stalinism"} })
	s, err := o.desk.packs[0].read(time.Now())
	if err != nil || len(s.facts) != len(base.Facts()) {
		t.Fatalf("%d facts: %v", len(s.facts), err)
	}
	for _, e := range s.facts {
		f := readForm(o.form("/p/1/fact/"+e.ID), s.languages())
		f.ID = e.ID
		if got := f.object(e.Object, s.languages()); !alike(got, e.Object) {
			t.Errorf("%s becomes\n%s\nwas\n%s", e.ID, asYAML(got), asYAML(e.Object))
		}
	}
	for _, e := range s.sources {
		form := o.form("/p/1/source/" + url.PathEscape(e.ID))
		got, err := sourceForm{ID: e.ID}.object(e.Object, form)
		if err != nil || !alike(got, e.Object) {
			t.Errorf("%s becomes\n%s\nwas\n%s (%v)", e.ID, asYAML(got), asYAML(e.Object), err)
		}
	}
}

func TestEditUndoRedo(t *testing.T) {
	o := open(t, sample)
	form := o.form("/p/1/fact/bridge-built")
	form.Set("answer.en", "The stone bridge of Hallin was built\r\nbetween 1431 and 1435.")
	form.Set("dates.0.edtf", "between")
	form.Set("dates.0.edtf", "25 February 1431")
	form.Set("cites.0.value", "chap. 3")
	if status, page := o.post("/p/1/fact/bridge-built", form); status != http.StatusOK || !strings.Contains(page, "Saved.") {
		t.Fatalf("%d\n%s", status, page)
	}
	want := strings.NewReplacer("      between 1431 and 1434.\n", "      between 1431 and 1435.\n    dates: [{edtf: 1431-02-25}]\n",
		"{label: page, value: 12-15}", "{label: chapter, value: 3}").Replace(sample["facts.yaml"])
	if got := o.file("facts.yaml"); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	if _, page := o.get("/p/1/diff"); !strings.Contains(page, "between 1431 and 1435.") || !strings.Contains(page, "Edited bridge-built") {
		t.Error("the changes are not shown")
	}
	o.post("/p/1/undo", url.Values{"to": {"facts"}})
	if got := o.file("facts.yaml"); got != sample["facts.yaml"] {
		t.Errorf("undone:\n%s", got)
	}
	o.post("/p/1/redo", nil)
	if got := o.file("facts.yaml"); got != want {
		t.Errorf("redone:\n%s", got)
	}
	o.put("facts.yaml", want+"# mine\n")
	if status, _ := o.post("/p/1/undo", nil); status != http.StatusConflict || o.file("facts.yaml") != want+"# mine\n" {
		t.Error("undo overwrote what was written meanwhile")
	}
	if status, page := o.post("/p/1/fact/bridge-built", o.form("/p/1/fact/bridge-built")); status != 200 || !strings.Contains(page, "nothing was written") {
		t.Error("a form that nobody changed is written")
	}
}

// What an editor wrote meanwhile is shown and never overwritten.
func TestConflict(t *testing.T) {
	o := open(t, sample)
	form := o.form("/p/1/fact/bridge-toll")
	theirs := strings.Replace(sample["facts.yaml"], "'Two pence.'", "'Three pence.'", 1)
	o.put("facts.yaml", theirs)
	form.Set("answer.en", "Four pence.")
	status, page := o.post("/p/1/fact/bridge-toll", form)
	if status != http.StatusConflict || !strings.Contains(page, "Three pence.") || !strings.Contains(page, "Four pence.") {
		t.Fatalf("%d\n%s", status, page)
	}
	if o.file("facts.yaml") != theirs {
		t.Error("it is overwritten")
	}
	form.Set("hash", hashed([]byte(theirs))) // saved once more
	if status, _ := o.post("/p/1/fact/bridge-toll", form); status != 200 || !strings.Contains(o.file("facts.yaml"), "answer: 'Four pence.'") {
		t.Errorf("%d\n%s", status, o.file("facts.yaml"))
	}
	o.put("facts.yaml", "facts: []\n")
	if status, page := o.post("/p/1/fact/bridge-toll", form); status != http.StatusConflict || !strings.Contains(page, "not in the file any more") {
		t.Errorf("%d\n%s", status, page)
	}
}

func TestRetractRenameRemove(t *testing.T) {
	o := open(t, sample)
	if status, page := o.get("/p/1/rename/bridge-built"); status != http.StatusConflict || !strings.Contains(page, "stays for ever") {
		t.Errorf("%d %s", status, page)
	}
	if status, page := o.post("/p/1/remove/bridge-built", nil); status != http.StatusConflict || !strings.Contains(page, "Retract it instead") {
		t.Errorf("%d %s", status, page)
	}
	hash := url.Values{"hash": {hashed([]byte(sample["facts.yaml"]))}}
	if status, _ := o.post("/p/1/retract/bridge-built", hash); status != http.StatusBadRequest {
		t.Errorf("without a correction: %d", status)
	}
	hash.Set("correction", "An earlier version gave 1431.")
	if status, _ := o.post("/p/1/retract/bridge-built", hash); status != 200 {
		t.Errorf("%d", status)
	}
	if got := o.file("facts.yaml"); !strings.Contains(got, "status: retracted # since 1987") || !strings.Contains(got, "An earlier version gave 1431.") {
		t.Error(got)
	}
	form := o.form("/p/1/new")
	form.Set("questions.en", "Who designed the bridge?\narchitect of the bridge")
	form.Set("answer.en", "Odo of Lund.")
	form.Set("status", "citation-needed")
	if status, page := o.post("/p/1/fact/+", form); status != 200 || !strings.Contains(page, "<code>designed-bridge</code>") {
		t.Fatalf("%d %s", status, page)
	}
	before := o.file("facts.yaml")
	if !strings.HasSuffix(before, `
  - id: designed-bridge
    status: citation-needed
    questions:
      - Who designed the bridge?
      - architect of the bridge
    answer: Odo of Lund.
    reviewed: 2026-02-01
`) {
		t.Error(before)
	}
	if status, _ := o.post("/p/1/remove/designed-bridge", nil); status != 200 || strings.Contains(o.file("facts.yaml"), "designed-bridge") {
		t.Error("what was written in this session stays")
	}
}

func TestPlaces(t *testing.T) {
	for _, x := range []struct{ label, typed, wantLabel, want string }{
		{"page", "12-15", "page", "12-15"}, {"page", "pp. 12–15", "page", "12–15"}, {"page", "chap. 3", "chapter", "3"}, {"page", "n. 12", "note", "12"},
		{"page", "fol. 41r", "folio", "41r"}, {"folio", "41r", "folio", "41r"}, {"chapter", "p. 3", "chapter", "p. 3"}, {"page", "iv", "page", "iv"}, {"page", "§ 4", "section", "4"}, {"page", "", "page", ""},
	} {
		if label, value := locator(x.label, x.typed); label != x.wantLabel || value != x.want {
			t.Errorf("%s %q: %s %q", x.label, x.typed, label, value)
		}
	}
	o := open(t, sample)
	if _, page := o.get("/p/1/new"); !strings.Contains(page, `data-hint="12–15, or chap. 3"`) {
		t.Error("a source suggests nothing")
	}
}

func TestLiveAndAsk(t *testing.T) {
	o := open(t, sample)
	form := o.form("/p/1/fact/bridge-toll")
	form.Set("status", "established")
	form.Set("dates.0.edtf", "c. 1450")
	form.Set("dates.1.edtf", "soon")
	_, page := o.post("/p/1/live/bridge-toll", form)
	for _, want := range []string{"cites is missing", "<code>1450~</code>", "soon", "not understood"} {
		if !strings.Contains(page, want) {
			t.Errorf("%q is not in\n%s", want, page)
		}
	}
	form.Set("status", "citation-needed")
	form.Del("dates.1.edtf")
	form.Set("questions.en", "What did a pilgrim pay?\nWhat was the price for pilgrims?")
	form.Set("fact", "bridge-toll")
	form.Set("q", "What did a pilgrim pay?")
	if _, page := o.post("/p/1/ask", form); !strings.Contains(page, "Two pence.") || !strings.Contains(page, "with the form as it stands") {
		t.Errorf("the edit is not asked:\n%s", page)
	}
	if o.file("facts.yaml") != sample["facts.yaml"] {
		t.Error("asking wrote")
	}
	if _, page := o.post("/p/1/ask", url.Values{"q": {"When was the stone bridge built?"}}); !strings.Contains(page, "<meter") || !strings.Contains(page, "between 1431 and 1434.") {
		t.Error(page)
	}
}

func TestQuestions(t *testing.T) {
	o := open(t, sample, func(c *Config) {
		c.Asked = func(context.Context) (Asked, error) {
			return Asked{People: 2, Feedback: map[string]Feedback{"bridge-toll": {Helpful: 3, Unhelpful: 1}},
				Questions: []gaps.Question{{Text: "When was the mill of Ann Smith built?", Who: "a", Kind: gaps.Unanswered}}}, nil
		}
	})
	if _, page := o.get("/p/1/questions"); strings.Contains(page, "Ann Smith") || !strings.Contains(page, "1 more are not shown") || !strings.Contains(page, `<td class="n">3</td>`) {
		t.Error("what one person asked is shown, or verdicts are not")
	}
	o.post("/p/1/questions", url.Values{"text": {"how expensive was crossing\nWho painted the bell tower?\nhow much to cross the bridge by cart\n\n"}})
	if _, page := o.get("/p/1/questions"); !strings.Contains(page, "Who painted the bell tower?") || !strings.Contains(page, "how expensive was crossing") {
		t.Fatal("what was pasted is not shown", page[strings.Index(page, "<main"):])
	} else if !strings.Contains(page, "The nearest fact says: ") {
		t.Error("whoever sorts does not see what the fact answers", page[strings.Index(page, "<main"):])
	}
	do := func(what, text string) {
		t.Helper()
		if status, page := o.post("/p/1/questions/do", url.Values{"do": {what}, "text": {text}, "all": {text}, "fact": {"bridge-toll"}}); status != 200 {
			t.Fatalf("%d %s", status, page)
		}
	}
	do("phrasing", "how expensive was crossing")
	if got := o.file("facts.yaml"); !strings.Contains(got, "How much did a cart pay?, how expensive was crossing]") {
		t.Error(got)
	}
	do("unanswered", "Who painted the bell tower?")
	if got := o.file("unanswered.yaml"); !strings.HasSuffix(got, "unanswered:\n  - Who painted the bell tower?\n") {
		t.Error(got)
	}
	if _, page := o.get("/p/1/questions"); strings.Contains(page, "bell tower?</h2>") {
		t.Error("it is still on the list")
	}
	o.post("/p/1/undo", nil)
	if _, err := os.Stat(filepath.Join(o.dir, "unanswered.yaml")); err == nil {
		t.Error("unanswered.yaml stays")
	}
	do("dismiss", "Who painted the bell tower?")
	if _, page := o.get("/p/1/questions"); strings.Contains(page, "bell tower?</h2>") {
		t.Error("it is still on the list")
	}
	o.post("/p/1/undo", nil)
	if _, page := o.get("/p/1/questions"); !strings.Contains(page, "bell tower?</h2>") {
		t.Error("it is not back on the list")
	}
	if status, page := o.post("/p/1/questions/do", url.Values{"do": {"fact"}, "text": {"Who painted the bell tower?"}}); status != 200 || !strings.Contains(page, ">Who painted the bell tower?</textarea>") {
		t.Errorf("%d %s", status, page)
	}
	if status, page := o.post("/p/1/questions/do", url.Values{"do": {"phrasing"}, "text": {"year of the stone bridge"}, "fact": {"bridge-toll"}}); status != http.StatusConflict || !strings.Contains(page, "is also a question of bridge-built") {
		t.Errorf("%d %s", status, page)
	}
}

func TestSources(t *testing.T) {
	o := open(t, sample)
	bib := "@book{brandt1987, title={Other}}\n@book{x, title={The Stone Bridge}, year=1987}\n@article{okafor2004, author={Okafor, Daniel}, title={Who paid?}, journal={Example Review}, year=2004}"
	status, page := o.post("/p/1/sources/import", url.Values{"text": {bib}})
	if status != 200 || !strings.Contains(page, "1 source is in the pack now") || !strings.Contains(page, "the same title and year") || !strings.Contains(page, "the id is taken") {
		t.Fatalf("%d %s", status, page)
	}
	want := sample["sources.yaml"] + "\n  - id: okafor2004\n    type: article-journal\n    author: [{family: Okafor, given: Daniel}]\n    title: Who paid?\n    container-title: Example Review\n    issued: 2004\n"
	if got := o.file("sources.yaml"); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	if status, _ := o.post("/p/1/sources/remove", url.Values{"id": {"brandt1987"}}); status != http.StatusConflict {
		t.Errorf("a source that is cited goes: %d", status)
	}
	form := o.form("/p/1/source/okafor2004")
	form.Set("title", "Who paid for it?")
	form.Set("author", "Okafor, Daniel\n[Hallin Museum]")
	if status, page := o.post("/p/1/source/okafor2004", form); status != 200 || !strings.Contains(page, "Who Paid for It?") {
		t.Errorf("%d %s", status, page)
	}
	if got := o.file("sources.yaml"); !strings.Contains(got, "    author: [{family: Okafor, given: Daniel}, {literal: Hallin Museum}]\n    title: Who paid for it?\n    container-title: Example Review\n") {
		t.Error(got)
	}
	o.post("/p/1/sources/remove", url.Values{"id": {"okafor2004"}})
	if got := o.file("sources.yaml"); got != sample["sources.yaml"] {
		t.Errorf("got\n%s", got)
	}
}

func TestExamination(t *testing.T) {
	o := open(t, sample)
	for to, q := range map[string]string{"bridge-toll": "toll for a cart on the bridge", "near-miss": "When was the bridge built?"} {
		if status, page := o.post("/p/1/exam/add", url.Values{"question": {q}, "to": {to}}); status != 200 {
			t.Fatalf("%d %s", status, page)
		}
	}
	got := o.file("eval.yaml")
	if !strings.Contains(got, "bridge-toll:\n") || !strings.Contains(got, "near-miss:\n") {
		t.Error(got)
	}
	if status, _ := o.post("/p/1/exam/add", url.Values{"question": {"year of the stone bridge?"}, "to": {"bridge-built"}}); status != http.StatusConflict {
		t.Error("a question of a fact is taken into the examination")
	}
	o.post("/p/1/exam", nil)
	o.desk.jobs.Wait()
	if _, page := o.get("/p/1/exam"); !strings.Contains(page, "of 2 are as they should be") {
		t.Error(page)
	}
	o.post("/p/1/exam/stop", nil)
}

func TestANewPack(t *testing.T) {
	o := open(t, nil)
	if _, page := o.get("/"); !strings.Contains(page, "holds no pack yet") || !strings.Contains(page, `value="hallin"`) {
		t.Fatal(page)
	}
	for _, bad := range []url.Values{{"id": {"../x"}, "title": {"T"}}, {"id": {"x"}}} {
		if status, _ := o.post("/p/1/make", bad); status != http.StatusBadRequest {
			t.Errorf("%v: %d", bad, status)
		}
	}
	if status, _ := o.post("/p/1/make", url.Values{"id": {"hallin"}, "title": {"Hallin: the bridge"}, "languages": {"en, ru"}}); status != 200 {
		t.Fatal(status)
	}
	if got := o.file("pack.yaml"); got != newHead+"schema: footnote/1\nid: hallin\ntitle: \"Hallin: the bridge\"\nversion: 0.1.0\nlicense: CC-BY-SA-4.0\nlanguages: [en, ru]\n" {
		t.Error(got)
	}
	o.post("/p/1/undo", nil)
	if _, page := o.get("/p/1/"); !strings.Contains(page, "holds no pack yet") {
		t.Error(page)
	}
}

// What no form can put right is put right in the file.
func TestFileAsItIs(t *testing.T) {
	files := map[string]string{}
	for name, text := range sample {
		files[name] = strings.ReplaceAll(text, "\n", "\r\n")
	}
	files["facts.yaml"] = strings.Replace(files["facts.yaml"], "status: established", "status:established", 1)
	o := open(t, files)
	if _, page := o.get("/p/1/facts"); !strings.Contains(page, `href="/p/1/file/facts.yaml"`) {
		t.Fatal("the error does not lead to its file", page)
	}
	_, page := o.get("/p/1/file/facts.yaml")
	if !strings.Contains(page, "&lt;script&gt;") || !strings.Contains(page, "a space") {
		t.Error(page)
	}
	form := url.Values{"text": {strings.ReplaceAll(sample["facts.yaml"], "\n", "\r\n")}, "hash": {hashed([]byte(files["facts.yaml"]))}}
	if status, _ := o.post("/p/1/file/facts.yaml", form); status != 200 || o.file("facts.yaml") != strings.ReplaceAll(sample["facts.yaml"], "\n", "\r\n") {
		t.Errorf("%d %q", status, o.file("facts.yaml"))
	}
	form.Set("text", form.Get("text")+"# mine")
	if status, page := o.post("/p/1/file/facts.yaml", form); status != http.StatusConflict || !strings.Contains(page, "changed meanwhile") {
		t.Errorf("%d", status)
	}
	for _, name := range []string{"../x", "config.yaml", "images/x.png", ""} {
		if status, _ := o.get("/p/1/file/" + url.PathEscape(name)); status != http.StatusNotFound {
			t.Errorf("%q: %d", name, status)
		}
	}
}

// The form has every label that a fact may have.
func TestFormHasEveryLabel(t *testing.T) {
	for _, key := range knowledge.FactKeys() {
		if !slices.Contains(formKeys, key) {
			t.Errorf("the form of a fact does not have %s, and leaves it as it is: show it, and add it to formKeys", key)
		}
	}
}

func TestPictures(t *testing.T) {
	o := open(t, sample)
	o.put("images/bridge.png", "\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00\x1f\x15\xc4\x89")
	form := o.form("/p/1/fact/bridge-toll")
	for key, value := range map[string]string{"file": "images/bridge.png", "alt.en": "A bridge of stone.", "credit": "Hallin Museum", "license": "CC0"} {
		form.Set("images.0."+key, value)
	}
	if status, page := o.post("/p/1/fact/bridge-toll", form); status != 200 || strings.Contains(page, ">Error<") {
		t.Errorf("%d %s", status, page)
	}
	if got := o.file("facts.yaml"); !strings.HasSuffix(got, "    images:\n      - file: images/bridge.png\n        alt: A bridge of stone.\n        credit: Hallin Museum\n        license: CC0\n") {
		t.Error(got)
	}
}

func TestSourceConflict(t *testing.T) {
	o := open(t, sample)
	form := o.form("/p/1/source/brandt1987")
	theirs := strings.Replace(sample["sources.yaml"], "Example Press", "Other Press", 1)
	o.put("sources.yaml", theirs)
	form.Set("publisher", "Third Press")
	status, page := o.post("/p/1/source/brandt1987", form)
	if status != http.StatusConflict || !strings.Contains(page, "Other Press") || !strings.Contains(page, "Third Press") || o.file("sources.yaml") != theirs {
		t.Errorf("%d %s", status, page)
	}
}

func TestDiff(t *testing.T) {
	for _, x := range []struct{ a, b, want string }{
		{"a\nb\n", "a\nb\n", ""},
		{"", "a\n", "+a"},
		{"1\n2\n3\n4\n5\n6\n7\n8\n9\n", "1\n2\n3\n4\n5\n6\n7\n9\n", "… 5 6 7-8 9"},
	} {
		var got strings.Builder
		for _, l := range diffOf(x.a, x.b) {
			fmt.Fprint(&got, l.Sign, l.Text)
		}
		if got.String() != x.want {
			t.Errorf("%q %q: %q", x.a, x.b, got.String())
		}
	}
}
