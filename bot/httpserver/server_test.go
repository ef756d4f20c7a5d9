package httpserver

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"footnote/bot/bottest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// listen starts a server at a port of the system's choice.
func listen(t *testing.T, c Config) *Server {
	t.Helper()
	c.Address = "127.0.0.1:0"
	s, err := Listen(c)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	return s
}

// client is one without kept connections, unless it is to keep them.
func client(t *testing.T, keep bool) *http.Client {
	transport := &http.Transport{DisableKeepAlives: !keep}
	t.Cleanup(transport.CloseIdleConnections)
	return &http.Client{Transport: transport, Timeout: bottest.Patience}
}

func do(t *testing.T, r *http.Request) (status int, body string, h http.Header) {
	t.Helper()
	resp, err := client(t, false).Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode, string(b), resp.Header
}

func request(t *testing.T, s *Server, method, path string, body io.Reader) *http.Request {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, "http://"+s.Address()+path, body)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestHealth(t *testing.T) {
	why := "telegram is not connected yet"
	var mu sync.Mutex
	s := listen(t, Config{Ready: func() string {
		mu.Lock()
		defer mu.Unlock()
		return why
	}})
	hold := func(path string, wantStatus int, want string) {
		t.Helper()
		status, body, _ := do(t, request(t, s, "GET", path, nil))
		if status != wantStatus || strings.TrimSpace(body) != want {
			t.Errorf("GET %s: %d %q, want %d %q", path, status, body, wantStatus, want)
		}
	}
	hold("/healthz", 200, "ok")
	hold("/readyz", 503, "not ready: "+why)
	mu.Lock()
	why = ""
	mu.Unlock()
	hold("/readyz", 200, "ready")
	s.Stop()
	hold("/readyz", 503, "not ready: stopping")
	hold("/healthz", 200, "ok")
	hold("/nothing", 404, "404 page not found")
	hold("/debug/pprof/", 404, "404 page not found")
	if status, _, _ := do(t, request(t, s, "POST", "/healthz", nil)); status != 405 {
		t.Errorf("POST /healthz: %d", status)
	}
}

// Profiles are for this machine: a proxy on it passes them on to nobody, and no page of the
// web has a browser on it fetch them.
func TestProfilesAreForThisMachine(t *testing.T) {
	s := listen(t, Config{Profile: true})
	for what, change := range map[string]func(*http.Request){
		"":                      func(*http.Request) {},
		"through a proxy":       func(r *http.Request) { r.Header.Set("X-Forwarded-For", "203.0.113.7") },
		"for another host":      func(r *http.Request) { r.Host = "bot.example.org" },
		"for a rebound address": func(r *http.Request) { r.Host = "rebound.example:" + strings.Split(s.Address(), ":")[1] },
	} {
		r := request(t, s, "GET", "/debug/pprof/", nil)
		change(r)
		want := 404
		if what == "" {
			want = 200
		}
		if status, _, _ := do(t, r); status != want {
			t.Errorf("%q: %d, want %d", what, status, want)
		}
	}
	r := httptest.NewRequest("GET", "http://127.0.0.1/debug/pprof/", nil)
	for remote, want := range map[string]bool{"127.0.0.1:5": true, "[::1]:5": true, "192.0.2.1:5": false, "nonsense": false, "": false} {
		if r.RemoteAddr = remote; local(r) != want {
			t.Errorf("local from %q: %v", remote, !want)
		}
	}
}

// What holds for every handler: the bounds, and that a panic ends nothing and shows nothing.
func TestGuard(t *testing.T) {
	var log bottest.Log
	type seen struct {
		pattern string
		status  int
	}
	observed := make(chan seen, 16)
	s := listen(t, Config{
		Log:     slog.New(slog.NewTextHandler(&log, nil)),
		Observe: func(pattern string, status int, _ time.Duration) { observed <- seen{pattern, status} },
	})
	s.Mount("POST /panic", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		b, _ := io.ReadAll(r.Body)
		panic("a defect with " + string(b))
	}))
	s.Mount("POST /late", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.WriteString(w, "begun")
		var none []int
		none[len(r.Method)] = 1
	}))
	s.Mount("POST /read", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if _, err := io.ReadAll(r.Body); err != nil {
			w.WriteHeader(http.StatusRequestEntityTooLarge)
		}
	}))
	s.Mount("POST /cut", http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }))
	const secret = "what somebody wrote"
	large := strings.Repeat("x", MaxBody+1)
	for _, x := range []struct {
		path string
		body io.Reader
		want seen
	}{
		{"/panic", strings.NewReader(secret), seen{"POST /panic", 500}},
		{"/late", nil, seen{"POST /late", 200}},
		{"/read", strings.NewReader("small"), seen{"POST /read", 200}},
		{"/nothing", nil, seen{"", 404}},
	} {
		status, _, header := do(t, request(t, s, "POST", x.path, x.body))
		if got := <-observed; status != x.want.status || got != x.want {
			t.Errorf("%s: %d, observed %+v, want %+v", x.path, status, got, x.want)
		}
		if x.want.pattern != "" && header.Get("X-Content-Type-Options") != "nosniff" {
			t.Errorf("%s: a browser may guess", x.path)
		}
	}
	if status := raw(t, s, fmt.Sprintf("POST /read HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n%x\r\n", len(large))+large); status != 413 {
		t.Errorf("a body of a length that is not told: %d", status)
	}
	if status := raw(t, s, fmt.Sprintf("POST /read HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n", MaxBody+1)); status != 413 {
		t.Errorf("a body that is said to be too long: %d", status)
	}
	if resp, err := client(t, false).Do(request(t, s, "POST", "/cut", nil)); err == nil {
		resp.Body.Close()
		t.Error("a handler could not cut the connection")
	}
	if !strings.Contains(log.String(), "POST /panic") || !strings.Contains(log.String(), "index out of range") {
		t.Errorf("the log lacks a panic:\n%s", log.String())
	}
	if strings.Contains(log.String(), secret) {
		t.Error("the log holds what was asked")
	}
	if status := raw(t, s, "GET /healthz HTTP/1.1\r\nHost: x\r\nX-Long: "+strings.Repeat("x", 2*maxHeader)+"\r\n\r\n"); status != 431 {
		t.Errorf("a header of twice the bound: %d", status)
	}
}

// Whoever opens connections and says nothing keeps nobody out.
func TestSilentConnectionsMakeRoom(t *testing.T) {
	const most = 4
	s := listen(t, Config{most: most})
	var silent []net.Conn
	for range 3 * most {
		c, err := net.Dial("tcp", s.Address())
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		silent = append(silent, c)
	}
	if status, _, _ := do(t, request(t, s, "GET", "/healthz", nil)); status != 200 {
		t.Errorf("status %d", status)
	}
	// The first of them made room.
	_ = silent[0].SetReadDeadline(time.Now().Add(bottest.Patience))
	if _, err := silent[0].Read(make([]byte, 1)); !errors.Is(err, io.EOF) && !strings.Contains(fmt.Sprint(err), "reset") {
		t.Errorf("the first silent connection: %v", err)
	}
}

// While every connection has a request in hand the next one waits, and is answered when one
// of them has its answer, although that one's client keeps the connection.
func TestBusyConnectionsAreWaitedFor(t *testing.T) {
	const most = 3
	s := listen(t, Config{most: most})
	begun, let := make(chan struct{}, most), make(chan struct{})
	s.Mount("GET /slow", http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
		begun <- struct{}{}
		<-let
	}))
	kept := client(t, true)
	var all sync.WaitGroup
	for range most {
		r := request(t, s, "GET", "/slow", nil)
		all.Go(func() {
			resp, err := kept.Do(r)
			if err != nil {
				t.Error(err)
				return
			}
			_, _ = io.Copy(io.Discard, resp.Body)
			resp.Body.Close()
		})
	}
	for range most {
		<-begun
	}
	r := request(t, s, "GET", "/healthz", nil)
	all.Go(func() {
		resp, err := client(t, false).Do(r)
		if err != nil {
			t.Error(err)
			return
		}
		resp.Body.Close()
	})
	g := s.listener.(*gate)
	until(t, "the next connection waits", func() bool {
		g.mu.Lock()
		defer g.mu.Unlock()
		return g.full
	})
	close(let)
	all.Wait()
}

// What is in hand is answered before the server ends, and nothing more is taken.
func TestCloseWaits(t *testing.T) {
	s := listen(t, Config{})
	begun, let := make(chan struct{}), make(chan struct{})
	s.Mount("GET /slow", http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		close(begun)
		<-let
		_, _ = io.WriteString(w, "done")
	}))
	c, err := net.Dial("tcp", s.Address())
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	fmt.Fprintf(c, "GET /slow HTTP/1.1\r\nHost: x\r\n\r\n")
	<-begun
	closed := make(chan struct{})
	go func() {
		defer close(closed)
		s.Close()
	}()
	until(t, "nobody is let in", func() bool {
		c, err := net.Dial("tcp", s.Address())
		if err == nil {
			c.Close()
		}
		return err != nil
	})
	close(let)
	resp, err := http.ReadResponse(bufio.NewReader(c), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if b, _ := io.ReadAll(resp.Body); string(b) != "done" {
		t.Errorf("the answer in hand: %q", b)
	}
	<-closed
	s.Close() // again
}

func TestCannotListen(t *testing.T) {
	s := listen(t, Config{})
	_, err := Listen(Config{Address: s.Address()})
	if err == nil || !strings.Contains(err.Error(), s.Address()) || !strings.Contains(err.Error(), "in use") || !strings.Contains(err.Error(), "key listen") {
		t.Errorf("the address is taken: %v", err)
	}
	if _, err := Listen(Config{Address: "256.0.0.1:80"}); err == nil || strings.Contains(err.Error(), "\n") {
		t.Errorf("no address: %v", err)
	}
}

func TestConnections(t *testing.T) {
	got := []int{connections(0), connections(1 << 20), connections(256), connections(20)}
	if want := []int{mostConnections, mostConnections, 64, 16}; !slices.Equal(got, want) {
		t.Errorf("connections %v, want %v", got, want)
	}
}

// raw writes a request as it stands and returns the status of the answer.
func raw(t *testing.T, s *Server, text string) int {
	t.Helper()
	c, err := net.Dial("tcp", s.Address())
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	_ = c.SetDeadline(time.Now().Add(bottest.Patience))
	if _, err := io.WriteString(c, text); err != nil {
		t.Fatal(err)
	}
	resp, err := http.ReadResponse(bufio.NewReader(c), nil)
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	return resp.StatusCode
}

// until waits for what tells nobody when it comes.
func until(t *testing.T, what string, ok func() bool) {
	t.Helper()
	tick := time.NewTicker(time.Millisecond)
	defer tick.Stop()
	end := time.After(bottest.Patience)
	for !ok() {
		select {
		case <-tick.C:
		case <-end:
			t.Fatalf("not within %v: %s", bottest.Patience, what)
		}
	}
}
