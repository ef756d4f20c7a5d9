package main

import (
	"io"
	"net/http"
	"os"
	"regexp"
	"strings"
	"testing"

	"footnote/bot/platform"
	"footnote/bot/telegram/telegramtest"
)

var listening = regexp.MustCompile(`listening for HTTP" address=(\S+)`)

// address is where s listens.
func (s *served) address(t *testing.T) string {
	t.Helper()
	s.log.Wait(t, "listening for HTTP")
	return "http://" + listening.FindStringSubmatch(s.log.String())[1]
}

// get is what stands at url, with its status.
func get(t *testing.T, url string) (status int, body string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), "GET", url, nil)
	if err != nil {
		t.Fatal(err)
	}
	transport := &http.Transport{DisableKeepAlives: true}
	resp, err := transport.RoundTrip(r)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(io.LimitReader(resp.Body, 1<<20))
	if err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode, string(b)
}

// getUntil gets url until it has that status, and returns what stood there then.
func getUntil(t *testing.T, url string, want int) string {
	t.Helper()
	ctx := patiently(t)
	for {
		status, body := get(t, url)
		if status == want {
			return body
		}
		if ctx.Err() != nil {
			t.Fatalf("%s has status %d, want %d: %s", url, status, want, body)
		}
	}
}

// TestServeListens: well, not ready with the reason, ready, not ready again, and gone.
func TestServeListens(t *testing.T) {
	t.Parallel() // it waits more than it works
	peer := telegramtest.Start(t, telegramtest.Options{})
	peer.Fail("getMe", telegramtest.BadGateway())
	s := startServe(t, append(telegramEnv(peer), "FOOTNOTE_LISTEN=127.0.0.1:0"))
	at := s.address(t)
	if status, body := get(t, at+"/healthz"); status != 200 || body != "ok\n" {
		t.Errorf("/healthz: %d %q", status, body)
	}
	if body := getUntil(t, at+"/readyz", 200); body != "ready\n" {
		t.Errorf("/readyz: %q", body)
	}
	peer.Fail("getUpdates", telegramtest.BadGateway(), telegramtest.BadGateway(), telegramtest.BadGateway(), telegramtest.BadGateway())
	if body := getUntil(t, at+"/readyz", 503); !strings.Contains(body, "telegram is not connected since") || !strings.Contains(body, "502") {
		t.Errorf("/readyz without Telegram: %q", body)
	}
	if status, _ := get(t, at+"/debug/pprof/"); status != 404 {
		t.Errorf("profiles that nobody asked for: %d", status)
	}
	s.stop()
	if code := s.wait(t); code != exitOK {
		t.Errorf("exit %d", code)
	}
	if _, err := http.Get(at + "/healthz"); err == nil {
		t.Error("it listens after the end")
	}
}

// TestServeCannotListen: an address that is taken ends the start with one sentence.
func TestServeCannotListen(t *testing.T) {
	peer := telegramtest.Start(t, telegramtest.Options{})
	first := startServe(t, append(telegramEnv(peer), "FOOTNOTE_LISTEN=127.0.0.1:0"))
	address := strings.TrimPrefix(first.address(t), "http://")
	second := startServe(t, append(telegramEnv(peer), "FOOTNOTE_LISTEN="+address))
	if code := second.wait(t); code != exitUsage {
		t.Errorf("exit %d, want %d", code, exitUsage)
	}
	if log := second.log.String(); !strings.Contains(log, "cannot listen at "+address) {
		t.Errorf("it said:\n%s", log)
	}
	first.stop()
	first.wait(t)
}

func TestListenKey(t *testing.T) {
	for value, want := range map[string]string{
		"127.0.0.1:8080": "", ":8080": "", "[::1]:0": "", "bot.example.org:80": "",
		"8080": "is a port alone", "127.0.0.1": "is not HOST:PORT", ":http": "is not HOST:PORT", ":99999": "is not HOST:PORT",
		"http://127.0.0.1:80": "is not HOST:PORT",
	} {
		_, problems := load("", "FOOTNOTE_LISTEN="+value)
		switch {
		case want == "" && len(problems) > 0:
			t.Errorf("%s: %v", value, problems)
		case want != "" && (len(problems) != 1 || !strings.Contains(problems[0].Message, want)):
			t.Errorf("%s: %v, want %s", value, problems, want)
		}
	}
}

// TestServeOverWebhook holds a conversation through the listener, as one process.
func TestServeOverWebhook(t *testing.T) {
	peer := telegramtest.Start(t, telegramtest.Options{})
	s := startServe(t, append(telegramEnv(peer), "FOOTNOTE_LISTEN=127.0.0.1:0", "FOOTNOTE_TELEGRAM_WEBHOOK=http://bot.example.org/bots/one"))
	peer.Balance(strings.TrimPrefix(s.address(t), "http://"))
	ctx := patiently(t)
	if err := peer.WaitWebhook(ctx); err != nil {
		t.Fatal(err)
	}
	ann := peer.Person("ann")
	peer.Say(ann, peer.Private(ann), known, nil)
	peer.Say(ann, peer.Private(ann), "/source", nil)
	sent, err := peer.WaitSent(ctx, 2)
	if err != nil {
		t.Fatal(err)
	}
	contains(t, "Telegram", known, sent[0].Text, []string{"1712"})
	contains(t, "Telegram", "/source", sent[1].Text, []string{"Anna Moser"})
	s.stop()
	if code := s.wait(t); code != exitOK {
		t.Errorf("exit %d", code)
	}
	if strings.Contains(s.log.String(), peer.WebhookSecret()) {
		t.Error("the secret of the webhook is in the log")
	}
}

func TestWebhookKey(t *testing.T) {
	base := []string{"FOOTNOTE_TELEGRAM_TOKEN=" + telegramtest.Token}
	for _, x := range []struct {
		env  []string
		want string
	}{
		{[]string{"FOOTNOTE_TELEGRAM_WEBHOOK=https://bot.example.org", "FOOTNOTE_LISTEN=:8080"}, ""},
		{[]string{"FOOTNOTE_TELEGRAM_WEBHOOK=https://bot.example.org"}, "needs the HTTP listener"},
		{[]string{"FOOTNOTE_TELEGRAM_WEBHOOK=http://bot.example.org", "FOOTNOTE_LISTEN=:8080"}, "https alone"},
		{[]string{"FOOTNOTE_TELEGRAM_WEBHOOK=https://bot.example.org:8080", "FOOTNOTE_LISTEN=:8080"}, "443, 80, 88 and 8443"},
	} {
		p := &program{env: append(base, x.env...), hide: func(platform.Secret) {}}
		o := options{checks: true}
		_, err := o.configure(p)
		switch {
		case x.want == "" && err != nil, x.want != "" && (err == nil || !strings.Contains(err.Error(), x.want)):
			t.Errorf("%s: %v, want %q", x.env, err, x.want)
		}
	}

	// A file that merely lies there does not decide where messages go.
	t.Chdir(t.TempDir())
	if err := os.WriteFile(configFile, []byte("listen: 127.0.0.1:8080\ntelegram: {webhook: \"https://elsewhere.example.org\"}\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	o := options{checks: true}
	_, err := o.configure(&program{env: base, hide: func(platform.Secret) {}})
	if err == nil || !strings.Contains(err.Error(), "does not decide where its messages go") {
		t.Errorf("a file that nobody named sets a webhook: %v", err)
	}
}
