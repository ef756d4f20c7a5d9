package telegram_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"

	"footnote/bot"
	"footnote/bot/bottest"
	"footnote/bot/platform"
	"footnote/bot/telegram"
	"footnote/bot/telegram/telegramtest"
)

// The token is in the URL of every call, so every way to fail is a way to leak it
// . Each fault happens to each method, at start and while sending; then every
// error and every log line is searched.
func TestTokenNeverLeaks(t *testing.T) {
	t.Parallel()
	url := "https://api.telegram.org/bot" + telegramtest.Token + "/x"
	escaped := strings.ReplaceAll(url, ":", "%3A")
	faults := map[string]telegramtest.Fault{
		"reset":               {Reset: true},
		"lost":                {Lost: true},
		"hang":                {Hang: true},
		"html":                telegramtest.BadGateway(),
		"not json":            {Page: &telegramtest.Page{Status: 200, Body: "x"}},
		"half json":           {Page: &telegramtest.Page{Status: 200, Body: `{"ok":true,"resu`}},
		"page with the URL":   {Page: &telegramtest.Page{Status: 502, Body: "cannot reach " + url}},
		"answer with the URL": {Refusal: &telegramtest.Refusal{Code: 400, Text: "Bad Request: " + url + " " + escaped}},
		"fatal with the URL":  {Refusal: &telegramtest.Refusal{Code: 401, Text: "Unauthorized: " + url}},
		"conflict":            {Refusal: &telegramtest.Refusal{Code: 409, Text: "Conflict: webhook at " + url}},
		"flood":               {Refusal: &telegramtest.Refusal{Code: 429, Text: "Too Many Requests: " + url, RetryAfter: time.Second}},
	}
	for name, f := range faults {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := telegramtest.Start(t, telegramtest.Options{})
			for _, method := range []string{"getWebhookInfo", "getMyCommands", "setMyCommands", "answerCallbackQuery"} {
				if !f.Hang {
					server.Fail(method, f)
				}
			}
			if f.Refusal == nil || f.Refusal.Code != 401 {
				if !f.Hang {
					server.Fail("getMe", f)
				}
				server.Fail("getUpdates", f)
			}
			s := start(t, server, telegram.WithClock(telegram.Config{}, newClock()), nil)
			if !f.Hang {
				ann := server.Person("ann")
				to := s.asked("a question")
				_, query := server.Press(ann, server.Private(ann), telegramtest.Sent{ID: 1}, "1:x")
				s.heard(2)
				must(t, server.WaitCount(within(t), "answerCallbackQuery", 1))
				_ = query
				server.Fail("sendMessage", f, f)
				server.Fail("sendChatAction", f)
				s.Typing(within(t), to)
				for range 2 {
					printed(t, s.Send(within(t), to, para("x")))
				}
			} else {
				must(t, server.WaitCount(within(t), "getUpdates", 1))
				server.Fail("sendMessage", f)
				ctx, cancel := context.WithTimeout(context.Background(), 20*time.Millisecond)
				defer cancel()
				printed(t, s.Send(ctx, bot.Address{Conversation: bot.In(telegram.Platform, "1")}, para("x")))
			}
			printed(t, s.stop())
			server.Close()
			printed(t, s.Send(within(t), bot.Address{Conversation: bot.In(telegram.Platform, "1")}, para("x"))) // connection refused
		})
	}
	t.Run("refused", func(t *testing.T) {
		server := telegramtest.Start(t, telegramtest.Options{})
		server.Fail("getMe", faults["fatal with the URL"])
		s := start(t, server, telegram.Config{}, nil)
		printed(t, s.ended())
	})
	t.Run("no such host", func(t *testing.T) {
		a, err := telegram.New(telegram.WithTransport(telegram.Config{Token: platform.NewSecret(telegramtest.Token), Endpoint: "http://nowhere.invalid"}, failing{}))
		must(t, err)
		printed(t, a.Send(within(t), bot.Address{Conversation: bot.In(telegram.Platform, "1")}, para("x")))
	})
}

// failing is a transport whose error quotes the URL.
type failing struct{}

func (failing) RoundTrip(r *http.Request) (*http.Response, error) {
	return nil, fmt.Errorf("dial %s: no such host", r.URL)
}

// printed prints err in every way a program might.
func printed(t testing.TB, err error) {
	t.Helper()
	var b bytes.Buffer
	for ; err != nil; err = unwrap(err) {
		fmt.Fprintf(&b, "%v\n%+v\n%#v\n%q\n", err, err, err, err)
		_ = json.NewEncoder(&b).Encode(err)
		slog.New(slog.NewJSONHandler(&b, nil)).Error("x", "err", err)
	}
	mustNotHold(t, telegramtest.Token, b.String())
}

func unwrap(err error) error {
	if u, ok := err.(interface{ Unwrap() error }); ok {
		return u.Unwrap()
	}
	return nil
}

// The configuration and the adapter themselves can be printed.
func TestPrintingHidesToken(t *testing.T) {
	c := telegram.Config{Token: platform.NewSecret(telegramtest.Token)}
	a, err := telegram.New(c)
	must(t, err)
	raw, err := json.Marshal(map[string]any{"t": c.Token})
	must(t, err)
	var b bytes.Buffer
	slog.New(slog.NewJSONHandler(&b, nil)).Info("x", "token", c.Token, "err", fmt.Errorf("%w", io.EOF))
	mustNotHold(t, telegramtest.Token, fmt.Sprintf("%v %+v %#v %s %q %x", c, c, c, c.Token, c.Token, c.Token), string(raw), b.String(), fmt.Sprintf("%v %+v", a.Name(), a.Username()))
}

// The library's own logger, package-wide, is routed and redacted.
func TestLibraryLogIsQuiet(t *testing.T) {
	var l bottest.Log
	telegram.QuietLibrary(l.Logger(), platform.NewSecret(telegramtest.Token))
	t.Cleanup(func() { telegram.QuietLibrary(slog.New(slog.DiscardHandler)) })
	server := httptest.NewServer(http.NotFoundHandler())
	defer server.Close()
	noisy := &tgbotapi.BotAPI{Token: telegramtest.Token, Debug: true, Client: server.Client()}
	noisy.SetAPIEndpoint(server.URL + "/bot%s/%s")
	_, err := noisy.MakeRequest("sendMessage", tgbotapi.Params{"text": telegramtest.Token})
	if err == nil || !strings.Contains(l.String(), "telegram library") {
		t.Errorf("nothing was routed: %v, %q", err, l.String())
	}
	mustNotHold(t, telegramtest.Token, l.String())
	server.CloseClientConnections()
}

// A redirect would carry the URL to another host in the Referer header.
func TestRedirectsAreNotFollowed(t *testing.T) {
	followed := make(chan string, 10)
	other := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		followed <- r.Header.Get("Referer") + r.URL.Path
	}))
	defer other.Close()
	for _, status := range []int{301, 302, 307, 308} {
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, other.URL+r.URL.Path, status)
		}))
		a, err := telegram.New(telegram.Config{Token: platform.NewSecret(telegramtest.Token), Endpoint: server.URL})
		must(t, err)
		err = a.Send(within(t), bot.Address{Conversation: bot.In(telegram.Platform, "1")}, para("x"))
		if err == nil || len(followed) != 0 {
			t.Errorf("%d: Send returned %v, %d requests to the other host", status, err, len(followed))
		}
		printed(t, err)
		a.Close()
		server.Close()
	}
}

// An endless answer is cut off.
func TestEndlessAnswer(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		chunk := bytes.Repeat([]byte(" "), 1<<16)
		for {
			if _, err := w.Write(chunk); err != nil {
				return
			}
		}
	}))
	defer server.Close()
	a, err := telegram.New(telegram.Config{Token: platform.NewSecret(telegramtest.Token), Endpoint: server.URL})
	must(t, err)
	defer a.Close()
	err = a.Send(within(t), bot.Address{Conversation: bot.In(telegram.Platform, "1")}, para("x"))
	if err == nil || !strings.Contains(err.Error(), "larger than any answer") {
		t.Errorf("Send returned %v", err)
	}
}
