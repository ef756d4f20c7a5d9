package web

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"encoding/xml"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"footnote/answers"
	"footnote/bot/dialog"
	"footnote/bot/lang"
	"footnote/knowledge"
	"footnote/knowledge/packtest"
)

// embedded answers from the embedded pack by its words alone.
var embedded = sync.OnceValues(func() (*answers.Matcher, error) {
	base, err := knowledge.Embedded()
	if err != nil {
		return nil, err
	}
	return byWords(base)
})

func byWords(base *knowledge.Base) (*answers.Matcher, error) {
	return answers.New(context.Background(), base, answers.Options{Encoder: "off"})
}

// served is a server of the embedded pack; logs is what it logs.
func served(t testing.TB, change ...func(*ServerConfig)) (s *Server, logs *bytes.Buffer) {
	t.Helper()
	return serverOf(t, embedded, change...)
}

func serverOf(t testing.TB, matcher func() (*answers.Matcher, error), change ...func(*ServerConfig)) (*Server, *bytes.Buffer) {
	t.Helper()
	m, err := matcher()
	if err != nil {
		t.Fatal(err)
	}
	logs := &bytes.Buffer{}
	log := slog.New(slog.NewTextHandler(logs, &slog.HandlerOptions{Level: slog.LevelDebug}))
	c := ServerConfig{Site: Config{Languages: lang.All().Tags()}, Dialog: dialog.New(dialog.Config{Answerer: m, Log: log}), Log: log}
	for _, f := range change {
		f(&c)
	}
	return NewServer(c), logs
}

func get(s *Server, path string, header ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest("GET", path, nil)
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Add(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	s.ServeHTTP(w, r)
	return w
}

func post(s *Server, path string, form url.Values) *httptest.ResponseRecorder {
	r := httptest.NewRequest("POST", path, strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	w := httptest.NewRecorder()
	s.ServeHTTP(w, r)
	return w
}

func TestServerPages(t *testing.T) {
	s, _ := served(t)
	for path, want := range map[string]int{"/": 200, "/f/secret-speech/": 200, "/f/secret-speech@1.0.0/": 200, "/de/f/secret-speech/": 200, "/style.css": 200, "/corrections.atom": 200,
		"/f/secret-speech": 301, "/de": 301, "/f/secret-speech@0.1.0/": 404, "/f/none/": 404, "/nothing": 404, "/xx/": 404, "/facts/~9/": 404, "/facts/~1/": 404, "/facts/~02/": 404,
		"/f/secret-speech/~2/": 404, "/static/style.css": 404, "/../go.mod": 404, "/topics/": 200, "/timeline/": 200, "/embed.js": 200, "/robots.txt": 200} {
		w := get(s, path)
		if w.Code != want {
			t.Errorf("%s: %d, want %d", path, w.Code, want)
		}
		if csp := w.Header().Get("Content-Security-Policy"); !strings.Contains(csp, "default-src 'none'") || !strings.HasSuffix(csp, "frame-ancestors 'none'") || strings.Contains(csp, "unsafe") {
			t.Errorf("%s: %s", path, csp)
		}
		if w.Header().Get("Set-Cookie") != "" {
			t.Errorf("%s sets a cookie", path)
		}
	}
	if got := get(s, "/f/secret-speech").Header().Get("Location"); got != "./secret-speech/" {
		t.Errorf("the way to the page is %q", got)
	}
	if text := get(s, "/f/secret-speech@0.1.0/").Body.String(); !strings.Contains(text, `href="../../f/secret-speech/"`) {
		t.Errorf("a version that nobody knows does not lead to the fact: %s", text)
	}
	r := httptest.NewRequest("DELETE", "/", nil)
	w := httptest.NewRecorder()
	if s.ServeHTTP(w, r); w.Code != http.StatusMethodNotAllowed {
		t.Errorf("DELETE: %d", w.Code)
	}
}

func TestServerCaches(t *testing.T) {
	s, _ := served(t)
	w := get(s, "/f/secret-speech/", "Accept-Encoding", "gzip")
	z, err := gzip.NewReader(w.Body)
	if err != nil {
		t.Fatal(err)
	}
	packed, err := io.ReadAll(z)
	if err != nil || string(packed) != get(s, "/f/secret-speech/").Body.String() {
		t.Errorf("packed is another page: %v", err)
	}
	tag := w.Header().Get("ETag")
	if again := get(s, "/f/secret-speech/", "Accept-Encoding", "gzip", "If-None-Match", tag); again.Code != http.StatusNotModified || again.Body.Len() > 0 {
		t.Errorf("asked again with %s: %d", tag, again.Code)
	}
	if other := get(s, "/f/secret-speech/", "If-None-Match", tag); other.Code != 200 {
		t.Errorf("what is packed has the tag of what is not: %d", other.Code)
	}
	if got := post(s, "/ask", url.Values{"q": {"hello"}}).Header().Get("Cache-Control"); got != "no-store" {
		t.Errorf("an answer may be kept: %q", got)
	}
}

// A reload of the packs is seen at once.
func TestServerReload(t *testing.T) {
	s, _ := served(t)
	m, err := byWords(baseOf(t, packtest.Valid()))
	if err != nil {
		t.Fatal(err)
	}
	s.c.Dialog.Swap(m)
	if w := get(s, "/"); !strings.Contains(w.Body.String(), "The Thaw") {
		t.Error("the old pack is shown")
	}
}

// What was chosen by its number goes with the page, and the next question goes on from it.
func TestAskAfterAChoice(t *testing.T) {
	s, _ := served(t)
	text := post(s, "/ask", url.Values{"q": {"1"}, "asked": {"/search khrushchev"}}).Body.String()
	for _, want := range []string{`name="asked" value="/search khrushchev"`, `name="chosen" value="secret-speech"`} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is missing in %s", want, text)
		}
	}
	text = post(s, "/ask", url.Values{"q": {"/source"}, "asked": {"/search khrushchev"}, "chosen": {"nikita-khrushchev"}}).Body.String()
	if !strings.Contains(text, "Sources of “Who was Nikita Khrushchev?”") {
		t.Errorf("the source is not that of the choice: %s", text)
	}
}

func TestAsk(t *testing.T) {
	s, logs := served(t)
	w := post(s, "/de/ask", url.Values{"q": {"When did Khrushchev denounce Stalin's cult? <b>"}})
	text := w.Body.String()
	for _, want := range []string{`lang="de"`, "Belegt", "February 1956", "note 27–29", `name="asked" value="When did Khrushchev denounce Stalin&#39;s cult? &lt;b&gt;"`, `href="../de/f/secret-speech/"`} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is missing in %s", want, text)
		}
	}
	if strings.Contains(text, "<b>\"") || strings.Contains(text, "cult? <b>") {
		t.Error("markup of a question stands in the page")
	}
	if logs.Len() > 0 {
		t.Errorf("logged: %s", logs)
	}
}

// Where no frames are allowed there is no page for them.
func TestEmbed(t *testing.T) {
	s, _ := served(t)
	if w := get(s, "/embed"); w.Code != http.StatusNotFound {
		t.Errorf("%d", w.Code)
	}
	s, _ = served(t, func(c *ServerConfig) { c.FrameAncestors = []string{"https://museum.example", "https://course.example"} })
	w := post(s, "/embed", url.Values{"q": {"When did Khrushchev denounce Stalin's cult?"}})
	if csp := w.Header().Get("Content-Security-Policy"); !strings.HasSuffix(csp, "frame-ancestors https://museum.example https://course.example") || w.Header().Get("X-Frame-Options") != "" {
		t.Errorf("%s", csp)
	}
	if text := w.Body.String(); strings.Count(text, "<a ") != strings.Count(text, `<a target="_blank" `) || strings.Contains(text, "<nav") || !strings.Contains(text, `action="./embed"`) {
		t.Error(text)
	}
	if csp := get(s, "/ask").Header().Get("Content-Security-Policy"); !strings.HasSuffix(csp, "'none'") {
		t.Errorf("another page may stand in a frame: %s", csp)
	}
}

// The JSON is that of "footnote ask --json".
func TestAPI(t *testing.T) {
	s, logs := served(t)
	for _, w := range []*httptest.ResponseRecorder{get(s, "/api/ask?q=When+did+Khrushchev+denounce+Stalin's+cult%3F&explain=1"), post(s, "/api/ask", url.Values{"q": {"When did Khrushchev denounce Stalin's cult?"}, "explain": {"1"}})} {
		var got struct {
			Question, Outcome, Fact, Status string
			Citations                       []struct{ Short string }
			Why                             struct{ Evidence []any }
		}
		if err := json.Unmarshal(w.Body.Bytes(), &got); err != nil {
			t.Fatal(err)
		}
		if got.Outcome != "answered" || got.Fact != "secret-speech" || len(got.Citations) != 1 || len(got.Why.Evidence) == 0 || strings.Count(w.Body.String(), "\n") != 1 {
			t.Errorf("%+v", got)
		}
	}
	for path, want := range map[string]int{"/api/ask": 400, "/api/ask?q=": 200, "/api/ask?q=" + strings.Repeat("a", 9000): 413} {
		if w := get(s, path); w.Code != want {
			t.Errorf("%.20s: %d, want %d", path, w.Code, want)
		}
	}
	if logs.Len() > 0 {
		t.Errorf("logged: %s", logs)
	}
}

func TestUnAPI(t *testing.T) {
	s := New(baseOf(t, packtest.Valid()), Config{})
	server, _ := serverOf(t, func() (*answers.Matcher, error) { return byWords(s.base) })
	id := s.sources[0].slug
	var formats unAPIFormats
	if err := xml.Unmarshal(get(server, "/unapi").Body.Bytes(), &formats); err != nil || len(formats.Formats) != 2 {
		t.Errorf("%v %+v", err, formats)
	}
	for path, want := range map[string]int{"/unapi?id=" + id: 300, "/unapi?id=none": 404, "/unapi?id=" + id + "&format=marc": 406, "/unapi?format=ris": 400} {
		if w := get(server, path); w.Code != want {
			t.Errorf("%s: %d, want %d", path, w.Code, want)
		}
	}
	if w := get(server, "/unapi?id="+id+"&format=ris"); !strings.HasPrefix(w.Body.String(), "TY  - ") {
		t.Errorf("%s", w.Body)
	}
	if text := get(server, "/f/secret-speech/").Body.String(); !strings.Contains(text, `class="unapi-id" title="`+id+`"`) || !strings.Contains(text, `rel="unapi-server"`) {
		t.Error("the page does not name its sources")
	}
}

// Who asks too much waits; what an address in a header says counts only where a proxy is
// said to tell it.
func TestLimits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, logs := served(t, func(c *ServerConfig) { c.PerMinute = 2 })
		ask := func(remote, forwarded string) int {
			r := httptest.NewRequest("GET", "/api/ask?q=x", nil)
			r.RemoteAddr = remote
			r.Header.Set("X-Forwarded-For", forwarded)
			w := httptest.NewRecorder()
			s.ServeHTTP(w, r)
			if w.Code == http.StatusTooManyRequests && w.Header().Get("Retry-After") == "" {
				t.Error("nobody says how long to wait")
			}
			return w.Code
		}
		for i, want := range []int{200, 200, 429} {
			if got := ask("192.0.2.1:1000", "198.51.100."+string(rune('1'+i))); got != want {
				t.Errorf("question %d: %d, want %d", i+1, got, want)
			}
		}
		if got := ask("192.0.2.2:1000", ""); got != 200 {
			t.Errorf("another address: %d", got)
		}
		if w := get(s, "/ask"); w.Code != 200 {
			t.Errorf("the page itself: %d", w.Code)
		}
		r := httptest.NewRequest("GET", "/ask?q=when", nil)
		r.RemoteAddr = "192.0.2.1:5"
		w := httptest.NewRecorder()
		if s.ServeHTTP(w, r); w.Code != 429 || !strings.Contains(w.Body.String(), `role="alert"`) {
			t.Errorf("on the page: %d", w.Code)
		}
		time.Sleep(window)
		if got := ask("192.0.2.1:1000", ""); got != 200 {
			t.Errorf("a minute later: %d", got)
		}
		if strings.Contains(logs.String(), "192.0.2") {
			t.Errorf("addresses are logged: %s", logs)
		}
	})
	s, _ := served(t, func(c *ServerConfig) { c.AddressHeader = "X-Forwarded-For" })
	r := httptest.NewRequest("GET", "/", nil)
	r.Header.Add("X-Forwarded-For", "203.0.113.9, 198.51.100.7")
	if got := s.client(r); got != netip.MustParseAddr("198.51.100.7") {
		t.Errorf("behind a proxy: %v", got)
	}
	if networkOf(netip.MustParseAddr("2001:db8::1")) != networkOf(netip.MustParseAddr("2001:db8::2")) || networkOf(netip.MustParseAddr("::ffff:192.0.2.1")) != networkOf(netip.MustParseAddr("192.0.2.1")) {
		t.Error("addresses of one network count apart")
	}
}

func TestSearched(t *testing.T) {
	s, _ := served(t)
	if text := post(s, "/search/", url.Values{"q": {"brezhnev cult"}}).Body.String(); !strings.Contains(text, "f/brezhnev-cult-dispute/") || !strings.Contains(text, `value="brezhnev cult"`) {
		t.Error(text)
	}
	if text := post(s, "/search/", url.Values{"q": {"zzzz qqqq"}}).Body.String(); !strings.Contains(text, "Nothing was found") {
		t.Error(text)
	}
}
