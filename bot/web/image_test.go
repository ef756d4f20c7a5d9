package web

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"footnote/answers"
	"footnote/bot/dialog"
	"footnote/knowledge"
)

// A pack's pictures stand on the pages of their facts with what they show, who made them and
// their licence; its files are part of the site, and of other sites nothing is fetched.
func TestImages(t *testing.T) {
	const pack = "../bottest/harbour"
	base, err := knowledge.Open(pack)
	if err != nil {
		t.Fatal(err)
	}
	file, err := os.ReadFile(pack + "/images/plan.png")
	if err != nil {
		t.Fatal(err)
	}
	site := New(base, Config{Languages: []string{"de"}, Words: words()})
	for path, root := range map[string]string{"f/harbour-built/": "../../", "f/harbour-built@0.4.0/": "../../", "de/f/harbour-built/": "../../../"} {
		page := body(t, site, path)
		for _, want := range []string{
			`<img src="` + root + `images/harbour/plan.png"`, `alt="A plan of the harbour. The mole reaches`, `width="`, "The harbour as it was planned.", "Drawn for this pack",
			`<a href="https://example.org/pictures/mole.jpg" rel="noopener">`, "A mole of rough stone at low water.", "P. Photographer, Museum of Hallin", "CC BY 4.0",
		} {
			if !strings.Contains(page, want) {
				t.Errorf("%s lacks %s", path, want)
			}
		}
		if strings.Contains(page, `src="https:`) {
			t.Errorf("%s shows a picture of another site", path)
		}
	}
	dir := t.TempDir()
	if _, err := site.Export(t.Context(), dir); err != nil {
		t.Fatal(err)
	}
	if got, err := os.ReadFile(filepath.Join(dir, "images", "harbour", "plan.png")); err != nil || !bytes.Equal(got, file) {
		t.Errorf("the exported picture has %d bytes, %v", len(got), err)
	}

	d := dialog.New(dialog.Config{Answerer: silent{base}, Languages: words()})
	live := NewServer(ServerConfig{Site: Config{Words: words()}, Dialog: d})
	r := httptest.NewRequest(http.MethodGet, "/images/harbour/plan.png", nil)
	r.Header.Set("Accept-Encoding", "gzip")
	w := httptest.NewRecorder()
	live.ServeHTTP(w, r)
	h := w.Header()
	if w.Code != http.StatusOK || !bytes.Equal(w.Body.Bytes(), file) || h.Get("Content-Type") != "image/png" || h.Get("X-Content-Type-Options") != "nosniff" || h.Get("Cache-Control") != staticAge || h.Get("Etag") == "" {
		t.Errorf("%d, %d bytes, %v", w.Code, w.Body.Len(), h)
	}
	for _, path := range []string{"/images/harbour/other.png", "/images/harbour/../harbour/plan.png", "/images/plan.png", "/images/harbour/pack.yaml"} {
		w := httptest.NewRecorder()
		live.ServeHTTP(w, httptest.NewRequest(http.MethodGet, path, nil))
		if w.Code == http.StatusOK {
			t.Errorf("%s is served", path)
		}
	}
}

// silent answers nothing.
type silent struct{ base *knowledge.Base }

func (s silent) Base() *knowledge.Base            { return s.base }
func (silent) Match(answers.Query) answers.Result { return answers.Result{} }
