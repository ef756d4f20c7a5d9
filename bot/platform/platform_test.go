package platform

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"
	"unicode/utf16"
	"unicode/utf8"

	"go.uber.org/goleak"

	"footnote/bot"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// A secret shows nowhere, whatever prints the struct that holds it.
func TestSecretNeverPrints(t *testing.T) {
	const text = "12345:s3cret+token/of=nobody"
	c := struct{ Token Secret }{NewSecret(text)}
	var log bytes.Buffer
	slog.New(slog.NewJSONHandler(&log, nil)).Info("x", "token", c.Token, "config", c)
	asJSON, err := json.Marshal(map[Secret]any{c.Token: c})
	if err != nil {
		t.Fatal(err)
	}
	yaml, _ := c.Token.MarshalYAML()
	printed := fmt.Sprint(log.String(), string(asJSON), yaml)
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d", "%T"} {
		printed += fmt.Sprintf(verb+verb+verb, c, c.Token, []Secret{c.Token})
	}
	if strings.Contains(printed, "s3cret") || strings.Contains(printed, fmt.Sprintf("%x", text)) || !strings.Contains(printed, Redacted) {
		t.Errorf("printed %s", printed)
	}
	if c.Token.Reveal() != text || !c.Token.IsSet() || NewSecret("").IsSet() || NewSecret("").String() != "" {
		t.Error("the text is lost")
	}
	said := Scrub("no: "+text+" at /bot12345:s3cret+token%2Fof=nobody and 12345%3As3cret%2Btoken%2Fof%3Dnobody", "", text)
	if strings.Contains(said, "s3cret") || !strings.HasPrefix(said, "no: "+Redacted) {
		t.Errorf("scrubbed to %q", said)
	}
}

func TestBackoff(t *testing.T) {
	for range 100 {
		b := Backoff{First: time.Second, Longest: 2 * time.Minute}
		for n, top := range []time.Duration{time.Second, 2 * time.Second, 4 * time.Second, 8 * time.Second, 16 * time.Second, 32 * time.Second, 64 * time.Second, 2 * time.Minute, 2 * time.Minute} {
			if d := b.Next(); d < top/2 || d > top {
				t.Fatalf("after %d failures %v, want between %v and %v", n, d, top/2, top)
			}
		}
		if n := b.Failures(); n != 9 {
			t.Fatalf("%d failures, want 9", n)
		}
		b.failures = 1 << 20
		if d := b.Next(); d > b.Longest {
			t.Fatalf("after many failures %v", d)
		}
		if b.Reset(); b.Failures() != 0 || b.Next() > time.Second {
			t.Fatal("a success is not a new beginning")
		}
	}
}

func TestSleep(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		began := time.Now()
		if err := Sleep(t.Context(), time.Hour); err != nil || time.Since(began) != time.Hour {
			t.Errorf("slept %v, %v", time.Since(began), err)
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		if err := Sleep(ctx, time.Hour); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("slept beyond its context: %v", err)
		}
		if Sleep(t.Context(), 0) != nil || Sleep(ctx, 0) == nil {
			t.Error("no wait, and the context is not looked at")
		}
	})
}

func TestText(t *testing.T) {
	for s, want := range map[string]string{
		"":                                      "",
		"Война и мир — 𝄞":                       "Война и мир — 𝄞",
		"one\r\ntwo\u2028three\u0085four":       "one\ntwo\nthree\nfour",
		"tab\there\vand\fthere":                 "tab here and there",
		"nul\x00, bell\a, \x1b[31mred\x7f":      "nul, bell, [31mred",
		"right\u202eto left\u202c\u2066x\u2069": "rightto leftx",
		"broken \xff":                           "broken \uFFFD",
	} {
		if got := Clean(s); got != want {
			t.Errorf("Clean(%q) = %q, want %q", s, got, want)
		}
		if got := CleanLine(s); got != strings.ReplaceAll(want, "\n", " ") {
			t.Errorf("CleanLine(%q) = %q", s, got)
		}
	}
	for s, n := range map[string]int{"": 0, "abc": 3, "жук": 3, "𝄞x": 3} {
		if UTF16Len(s) != n {
			t.Errorf("%q has %d units, want %d", s, UTF16Len(s), n)
		}
	}
	for _, c := range []struct {
		s    string
		max  int
		want string
	}{{"short", 5, "short"}, {"a little longer", 9, "a little…"}, {"𝄞𝄞𝄞", 5, "𝄞𝄞…"}, {"𝄞𝄞𝄞", 4, "𝄞…"}} {
		if got := CutUTF16(c.s, c.max); got != c.want {
			t.Errorf("CutUTF16(%q, %d) = %q, want %q", c.s, c.max, got, c.want)
		}
	}
	if Valid("ok") != "ok" || Valid("\xff") != "\uFFFD" {
		t.Error("Valid")
	}
}

func FuzzText(f *testing.F) {
	f.Add("a\u202eb\r\n𝄞\xff", 3)
	f.Fuzz(func(t *testing.T, s string, max int) {
		c := Clean(s)
		if !utf8.ValidString(c) || Clean(c) != c || strings.ContainsFunc(c, unclean) {
			t.Errorf("Clean(%q) = %q", s, c)
		}
		if n := len(utf16.Encode([]rune(c))); UTF16Len(c) != n {
			t.Errorf("%q has %d units, not %d", c, n, UTF16Len(c))
		}
		if max = max&0xfff + 1; UTF16Len(CutUTF16(c, max)) > max {
			t.Errorf("cut to %d: %q", max, CutUTF16(c, max))
		}
	})
}

func TestHTTPS(t *testing.T) {
	for u, ok := range map[string]bool{
		"https://example.org/a?b#c": true, "https://example.org": true, "": false, "http://example.org": false, "https://": false,
		"https://user:pw@example.org": false, "https:opaque": false, "https://example.org/\xff": false, ":": false, "/path": false,
		"https://example.org/" + strings.Repeat("x", 100): false,
	} {
		if got := HTTPS(u, 100); (got != nil) != ok {
			t.Errorf("HTTPS(%q) = %v", u, got)
		}
	}
}

func TestEndpoint(t *testing.T) {
	const usual = "https://api.example.org"
	for value, want := range map[string]string{"": usual, "http://127.0.0.1:81/x/": "http://127.0.0.1:81/x", "ftp://x": "!", "x": "!", ":": "!", "https://u@x": "!", "https://x?y": "!", "https://x#y": "!"} {
		got, err := Endpoint("some.endpoint", value, usual)
		if want == "!" {
			if err == nil || !strings.Contains(err.Error(), "some.endpoint must be") || !strings.Contains(err.Error(), usual) {
				t.Errorf("%q: %v", value, err)
			}
		} else if got != want || err != nil {
			t.Errorf("%q: %q, %v", value, got, err)
		}
	}
	if tr := NewTransport(); !tr.Protocols.HTTP1() || tr.Protocols.HTTP2() || tr.MaxIdleConnsPerHost != idleConnections {
		t.Error("the transport")
	}
	var _ http.RoundTripper = NewTransport()
}

// Nobody takes what others need, a crowd is bounded, and a panic ends nothing.
func TestBackground(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var log bytes.Buffer
		b := NewBackground(6, slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug})))
		release := make(chan struct{})
		hang := func(context.Context) { <-release }
		run := map[bot.UserID]int{}
		for _, who := range []bot.UserID{"ann", "ann", "ann", "ann", "ann", "ann", "bob", "bob", "bob", "cat"} {
			if b.Go(t.Context(), who, hang) {
				run[who]++
			}
		}
		if run["ann"] != 4 || run["bob"] != 2 || run["cat"] != 0 {
			t.Errorf("%v run", run)
		}
		close(release)
		b.Wait()
		if !b.Go(t.Context(), "ann", func(context.Context) { panic("what somebody typed") }) {
			t.Error("there is room again, and nothing runs")
		}
		b.Wait()
		if s := log.String(); strings.Count(s, "too many calls hang") != 1 || !strings.Contains(s, "could not be served") || strings.Contains(s, "somebody typed") {
			t.Errorf("the log says %s", s)
		}
	})
}

func TestMemory(t *testing.T) {
	var m Memory
	if v, err := m.Get(t.Context(), "k"); v != "" || err != nil {
		t.Errorf("an empty one holds %q, %v", v, err)
	}
	if err := m.Set(t.Context(), "k", "v"); err != nil {
		t.Error(err)
	}
	if v, _ := m.Get(t.Context(), "k"); v != "v" {
		t.Errorf("holds %q", v)
	}
	once, again := Digest([]string{"a"}), Digest([]string{"a"})
	if once != again || Digest([]string{"a"}) == Digest([]string{"b"}) || len(Digest(nil)) != 32 {
		t.Error("digests")
	}
}

func TestTrim(t *testing.T) {
	m := map[int]bool{}
	for i := range 8 {
		m[i] = i < 1
	}
	spent := func(b bool) bool { return b }
	if Trim(m, 9, spent); len(m) != 8 {
		t.Errorf("%d left of a map with room", len(m))
	}
	if Trim(m, 8, spent); len(m) != 5 || m[0] {
		t.Errorf("%d left, the worthless one among them: %v", len(m), m[0])
	}
	for i := range 4 {
		m[100+i] = true
	}
	if Trim(m, 8, spent); len(m) != 5 {
		t.Errorf("%d left, though the worthless ones sufficed", len(m))
	}
}
