package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"footnote/knowledge"
)

// TestServeSite: the site alone is enough to serve; what is asked on it is in no log, and the
// JSON is that of ask.
func TestServeSite(t *testing.T) {
	s := startServe(t, []string{"FOOTNOTE_LISTEN=127.0.0.1:0", "FOOTNOTE_WEB_ENABLED=true", "FOOTNOTE_MATCHER_ENCODER=off"})
	at := s.address(t)
	first := getUntil(t, at+"/", 200)
	base, err := knowledge.Open(village)
	if err != nil {
		t.Fatal(err)
	}
	f := base.Facts()[0]
	if !strings.Contains(first, base.Packs[0].Title.In("en")) {
		t.Errorf("%s", first)
	}
	if status, body := get(t, at+"/f/"+f.ID+"@"+f.Pack.Version+"/"); status != 200 || !strings.Contains(body, f.ID) {
		t.Errorf("%d %s", status, body)
	}
	question := strings.ReplaceAll(f.Questions[0].Text, " ", "+")
	status, body := get(t, at+"/api/ask?q="+strings.TrimSuffix(question, "?"))
	var web, cli map[string]any
	if err := json.Unmarshal([]byte(body), &web); err != nil || status != 200 {
		t.Fatalf("%d %s: %v", status, body, err)
	}
	out, errs, code := runWith(t, []string{"FOOTNOTE_MATCHER_ENCODER=off"}, "", "ask", "--json", "--knowledge", village, strings.TrimSuffix(f.Questions[0].Text, "?"))
	if err := json.Unmarshal([]byte(out), &cli); err != nil || code != exitOK {
		t.Fatalf("%d %s %s: %v", code, out, errs, err)
	}
	delete(web, "elapsed_us")
	delete(cli, "elapsed_us")
	a, _ := json.Marshal(web)
	b, _ := json.Marshal(cli)
	if string(a) != string(b) {
		t.Errorf("the web says %s, ask says %s", a, b)
	}
	if strings.Contains(s.log.String(), f.Questions[0].Text[5:20]) {
		t.Errorf("what was asked is in the log: %s", s.log)
	}
	s.stop()
	if code := s.wait(t); code != exitOK {
		t.Errorf("exit code %d", code)
	}
}

// What is wrong with the keys of the site is said.
func TestSiteKeys(t *testing.T) {
	for env, want := range map[string]string{
		"FOOTNOTE_WEB_ENABLED=true":                             "listen: 127.0.0.1:8080",
		"FOOTNOTE_WEB_URL=example.org":                          "FOOTNOTE_WEB_URL",
		"FOOTNOTE_WEB_URL=https://example.org/?x=1":             "after its path",
		"FOOTNOTE_WEB_FRAME_ANCESTORS=https://a.example/page":   "beginning of a site",
		"FOOTNOTE_WEB_FRAME_ANCESTORS=*":                        "beginning of a site",
		"FOOTNOTE_WEB_FRAME_ANCESTORS='self'; script-src *":     "beginning of a site",
		"FOOTNOTE_WEB_ADDRESS_HEADER=X Forwarded":               "name of a header",
		"FOOTNOTE_WEB_URL=http://" + "user:secret@example.org/": "leave out the user name",
	} {
		_, errs, code := runWith(t, []string{env, "FOOTNOTE_STATE=" + t.TempDir()}, "", "serve")
		if code != exitUsage || !strings.Contains(errs, want) || strings.Contains(errs, "secret@") {
			t.Errorf("%s: %d %s", env, code, errs)
		}
	}
}

// TestExportSite: a site goes into a new folder or over an older site, and over nothing else.
func TestExportSite(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "public")
	for range 2 {
		out, errs, code := runFootnote(t, "", "export", "--format", "site", village, "--out", dir, "--base-url", "https://example.org/v/", "--languages", "de")
		if code != exitOK || !strings.Contains(out, "files") {
			t.Fatalf("%d %s", code, errs)
		}
	}
	for name, want := range map[string]string{"index.html": `href="https://example.org/v/"`, "sitemap.xml": "https://example.org/v/f/", "de/index.html": `lang="de"`, "404.html": `href="/v/style.css"`} {
		if text := readText(t, filepath.Join(dir, name)); !strings.Contains(text, want) {
			t.Errorf("%s lacks %s: %s", name, want, text)
		}
	}
	other := t.TempDir()
	if err := os.WriteFile(filepath.Join(other, "thesis.doc"), []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{{"--out", other}, {}, {"--out", filepath.Join(other, "new"), "--base-url", "example.org"}, {"--out", filepath.Join(other, "new"), "--languages", "xx"}} {
		if _, errs, code := runFootnote(t, "", append([]string{"export", "--format", "site", village}, args...)...); code != exitUsage || errs == "" {
			t.Errorf("%q: %d %s", args, code, errs)
		}
	}
}
