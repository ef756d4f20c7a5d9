package desk

import (
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"
)

// request sends one request without following where it leads.
func (o *opened) request(method, path string, change func(*http.Request)) *http.Response {
	o.t.Helper()
	r, err := http.NewRequest(method, o.url+path, strings.NewReader("to=facts"))
	if err != nil {
		o.t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	c := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	u, _ := url.Parse(o.url)
	for _, k := range o.http.Jar.Cookies(u) {
		r.AddCookie(k)
	}
	change(r)
	resp, err := c.Do(r)
	if err != nil {
		o.t.Fatal(err)
	}
	defer c.CloseIdleConnections()
	defer resp.Body.Close()
	_, _ = io.Copy(io.Discard, resp.Body)
	return resp
}

func TestGuard(t *testing.T) {
	o := open(t, sample)
	stranger := func(r *http.Request) { r.Header.Del("Cookie") }
	for _, x := range []struct {
		name, method, path string
		change             func(*http.Request)
		want               int
	}{
		{"without the cookie", "GET", "/p/1/facts", stranger, 403},
		{"a stylesheet without the cookie", "GET", "/static/desk.css", stranger, 403},
		{"another token", "GET", "/?t=ffffffffffffffffffffffffffffffff", stranger, 403},
		{"the token elsewhere than in the first address", "GET", "/p/1/facts?t=" + token, stranger, 403},
		{"the token as a cookie", "GET", "/p/1/facts", func(r *http.Request) {
			r.Header.Set("Cookie", o.desk.cookie()+"="+token)
		}, 403},
		{"the first address", "GET", "/?t=" + token, stranger, 303},
		{"the first address, from another site", "GET", "/?t=" + token, func(r *http.Request) { stranger(r); r.Header.Set("Sec-Fetch-Site", "cross-site") }, 200},
		{"another host", "GET", "/p/1/facts", func(r *http.Request) { r.Host = "evil.example:80" }, 403},
		{"another host with the token", "GET", "/?t=" + token, func(r *http.Request) { r.Host = "evil.example" }, 403},
		{"with the cookie", "GET", "/p/1/facts", func(*http.Request) {}, 200},
		{"a form of its own", "POST", "/p/1/redo", func(r *http.Request) { r.Header.Set("Origin", o.url) }, 409},
		{"a form of another site", "POST", "/p/1/undo", func(r *http.Request) { r.Header.Set("Origin", "https://evil.example") }, 403},
		{"another site, as browsers say it", "POST", "/p/1/undo", func(r *http.Request) { r.Header.Set("Sec-Fetch-Site", "cross-site") }, 403},
		{"a page that there is not", "GET", "/debug/pprof/", func(*http.Request) {}, 404},
		{"a pack that there is not", "GET", "/p/7/facts", func(*http.Request) {}, 404},
		{"a fact that there is not", "GET", "/p/1/fact/..%2f..%2fetc%2fpasswd", func(*http.Request) {}, 404},
	} {
		resp := o.request(x.method, x.path, x.change)
		if resp.StatusCode != x.want {
			t.Errorf("%s: %d, want %d", x.name, resp.StatusCode, x.want)
		}
		if resp.Header.Get("Content-Security-Policy") != policy || resp.Header.Get("X-Content-Type-Options") != "nosniff" {
			t.Errorf("%s: no policy", x.name)
		}
		for _, c := range resp.Cookies() {
			if !c.HttpOnly || c.SameSite != http.SameSiteStrictMode || strings.Contains(c.Value, token) {
				t.Errorf("%s: %v", x.name, c)
			}
		}
	}
	if strings.Contains(policy, "unsafe") {
		t.Error("the policy has an exception")
	}
	if strings.Contains(o.log.String(), token) || strings.Contains(o.log.String(), o.desk.pass()) {
		t.Error("a secret is in the log")
	}
}

func TestPassword(t *testing.T) {
	o := open(t, sample, func(c *Config) { c.Password = "correct horse" })
	for password, want := range map[string]int{"": 401, "wrong": 401, "correct horse": 303} {
		resp := o.request("GET", "/p/1/facts", func(r *http.Request) {
			r.Header.Del("Cookie")
			r.SetBasicAuth("me", password)
		})
		if resp.StatusCode != want {
			t.Errorf("%q: %d", password, resp.StatusCode)
		}
	}
}

// Nothing outside the pack's folder is read or written, whatever a form or a link says.
func TestStaysInTheFolder(t *testing.T) {
	o := open(t, sample)
	secret := filepath.Join(filepath.Dir(o.dir), "secret.yaml")
	if err := os.WriteFile(secret, []byte("facts: []\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	form := o.form("/p/1/fact/bridge-toll")
	form.Set("file", "../secret.yaml")
	if status, _ := o.post("/p/1/fact/bridge-toll", form); status != http.StatusConflict {
		t.Errorf("another file: %d", status)
	}
	if err := os.Mkdir(filepath.Join(o.dir, "facts"), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(secret, filepath.Join(o.dir, "facts", "out.yaml")); err != nil {
		t.Skip(err)
	}
	if status, page := o.get("/p/1/facts"); status == http.StatusOK || !strings.Contains(page, "out.yaml") {
		t.Errorf("a link that leads out: %d", status)
	}
	if err := os.Remove(filepath.Join(o.dir, "facts", "out.yaml")); err != nil {
		t.Fatal(err)
	}
	if data, err := os.ReadFile(secret); err != nil || string(data) != "facts: []\n" {
		t.Errorf("%q %v", data, err)
	}
}

func TestHugeBodies(t *testing.T) {
	o := open(t, sample)
	if status, _ := o.post("/p/1/sources/import", url.Values{"text": {strings.Repeat("x", maxBody)}}); status != http.StatusRequestEntityTooLarge {
		t.Errorf("%d", status)
	}
	many := url.Values{}
	for range 5000 {
		many.Add("cites.1.source", "x")
	}
	many.Set("cites.99999999999999999999.source", "y")
	many.Set("cites.-1.source", "y")
	if status, _ := o.post("/p/1/live/bridge-toll", many); status != http.StatusOK {
		t.Errorf("%d", status)
	}
}

// marked are texts that would be markup, script or attributes, were they not escaped.
var marked = []string{`<script>alert(1)</script>`, `"><img src=x onerror=alert(1)>`, `' onmouseover='alert(1)`, `</textarea><b>`, `javascript:alert(1)`, `{{.}}`, "</title><script>"}

// holdsMarkup reports whether a page has something in it that no template of the desk has.
func holdsMarkup(page string) bool {
	for _, bad := range []string{"<script>", "<img", "onmouseover='", "</textarea><b>", `href="javascript:`} {
		if strings.Contains(strings.ReplaceAll(page, "&#39;", "’"), bad) {
			return true
		}
	}
	return false
}

func TestPackTextIsNoMarkup(t *testing.T) {
	for _, bad := range marked {
		o := open(t, hostile(bad))
		for _, path := range []string{"facts?q=" + url.QueryEscape(bad), "fact/a-fact", "sources", "source/src", "diff", "questions", "exam", "about", "new?question=" + url.QueryEscape(bad), "retract/a-fact"} {
			if status, page := o.get("/p/1/" + path); status != 200 || holdsMarkup(page) {
				t.Errorf("%s: %d: %q is markup in\n%s", path, status, bad, page)
			}
		}
		for path, form := range map[string]url.Values{
			"ask": {"q": {bad}}, "live/a-fact": {"answer.en": {bad}, "dates.0.edtf": {bad}, "questions.en": {bad}}, "livesource": {"title": {bad}, "author": {bad}},
			"sources/import": {"text": {"@book{x, title={" + bad + "}, author={" + bad + "}}"}}, "questions": {"text": {bad}}, "exam/add": {"question": {bad}, "to": {bad}},
			"fact/a-fact": {"answer.en": {bad}, "hash": {"x"}, "file": {bad}},
		} {
			if _, page := o.post("/p/1/"+path, form); holdsMarkup(page) {
				t.Errorf("%s: %q is markup in\n%s", path, bad, page)
			}
		}
	}
}

// hostile is a pack whose every text is bad.
func hostile(bad string) map[string]string {
	q := `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(bad) + `"`
	return map[string]string{
		"pack.yaml":    "schema: footnote/1\nid: hallin\ntitle: " + q + "\nversion: 0.1.0\nscope-note: " + q + "\n",
		"sources.yaml": "references:\n  - {id: src, type: book, title: " + q + ", author: [{literal: " + q + "}], issued: 1990, URL: " + q + ", note: " + q + "}\n",
		"facts.yaml": "facts:\n  - id: a-fact\n    status: disputed\n    topics: [" + q + "]\n    keywords: [" + q + "]\n    questions: [" + q + ", Who is it?, What is it?]\n    answer: " + q + "\n    detail: " + q +
			"\n    people: [" + q + "]\n    positions:\n      - {holder: " + q + ", claim: " + q + ", cites: [{source: src, quote: " + q + "}]}\n      - {holder: B, claim: c, cites: [{source: src, locator: {value: " + q + "}}]}\n",
		"eval.yaml": "find:\n  a-fact: [" + q + "]\n",
	}
}

// FuzzPages: whatever stands in a pack, pages hold it as text.
func FuzzPages(f *testing.F) {
	for _, s := range marked {
		f.Add(s)
	}
	d, err := New(Config{Folders: []string{"nowhere"}, Token: token, Hosts: []string{"x"}})
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if !utf8.ValidString(s) || strings.ContainsFunc(s, func(r rune) bool { return r < ' ' }) {
			return
		}
		const key = "QZX"
		s = key + "<i>" + s
		files := map[string][]byte{}
		for name, text := range hostile(s) {
			files[name] = []byte(text)
		}
		st := readState("", files, d.c.Now())
		v := &visit{Desk: d, p: d.packs[0]}
		for _, e := range st.facts {
			page := v.page(st, formOf(e.Object, st.languages()), e.File)
			page.Live = &liveView{Problems: st.problems}
			var b strings.Builder
			if err := d.pages.ExecuteTemplate(&b, "fact", view{Title: s, Body: page, Pack: &packView{Base: "/p/1/", Name: s, There: true}}); err != nil {
				t.Fatal(err)
			}
			if strings.Contains(b.String(), key+"<i>") {
				t.Fatalf("%q is markup in\n%s", s, b.String())
			}
		}
	})
}
