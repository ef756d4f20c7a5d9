package browser

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

const asTold = "1234567890:AAFootnoteTestTokenNotARealOne_01234" // of the shape of a token

// A telegram is as much of Telegram as a person needs who writes to the bot and reads what it says.
type telegram struct {
	*httptest.Server
	mu      sync.Mutex
	updates []map[string]any
	said    chan string
}

func startTelegram(t *testing.T) *telegram {
	s := &telegram{said: make(chan string, 16)}
	s.Server = httptest.NewServer(http.HandlerFunc(s.answer))
	t.Cleanup(s.Close)
	return s
}

func (s *telegram) answer(w http.ResponseWriter, r *http.Request) {
	var result any = true
	switch filepath.Base(r.URL.Path) {
	case "getMe":
		result = map[string]any{"id": 1234567890, "is_bot": true, "first_name": "Footnote", "username": "footnote_test_bot"}
	case "getUpdates":
		var offset int
		_, _ = fmt.Sscan(r.FormValue("offset"), &offset)
		result = s.from(r.Context(), offset)
	case "sendMessage":
		s.said <- r.FormValue("text")
		result = map[string]any{"message_id": 100, "date": 1769848200, "chat": map[string]any{"id": 7, "type": "private"}}
	}
	_ = json.NewEncoder(w).Encode(map[string]any{"ok": true, "result": result}) // whoever asked may be gone
}

// from is what waits from a number on, or nothing after a while.
func (s *telegram) from(ctx context.Context, offset int) []map[string]any {
	s.mu.Lock()
	if len(s.updates) > offset-1 {
		defer s.mu.Unlock()
		return s.updates[max(offset-1, 0):]
	}
	s.mu.Unlock()
	select {
	case <-ctx.Done():
	case <-time.After(100 * time.Millisecond):
	}
	return []map[string]any{}
}

// says has ann write something, and returns what the bot says to it.
func (s *telegram) says(t *testing.T, text string) string {
	t.Helper()
	ann := map[string]any{"id": 7, "first_name": "Ann", "language_code": "en"}
	m := map[string]any{"date": time.Now().Unix(), "chat": map[string]any{"id": 7, "type": "private", "first_name": "Ann"}, "from": ann, "text": text}
	if command, _, _ := strings.Cut(text, " "); strings.HasPrefix(command, "/") {
		m["entities"] = []any{map[string]any{"type": "bot_command", "offset": 0, "length": len(command)}}
	}
	s.mu.Lock()
	n := len(s.updates) + 1
	m["message_id"] = n
	s.updates = append(s.updates, map[string]any{"update_id": n, "message": m})
	s.mu.Unlock()
	return s.hears(t)
}

// hears waits for what the bot says next.
func (s *telegram) hears(t *testing.T) string {
	t.Helper()
	select {
	case text := <-s.said:
		return text
	case <-time.After(patience):
		t.Fatal("the bot says nothing")
		return ""
	}
}

// TestReports: what somebody reports to a running bot waits at the desk, in light and in dark, and
// what is answered there reaches them.
func TestReports(t *testing.T) {
	dir, state, home := filepath.Join(t.TempDir(), "hallin"), filepath.Join(t.TempDir(), "state"), t.TempDir()
	if err := os.CopyFS(dir, os.DirFS("testdata/newcomer")); err != nil {
		t.Fatal(err)
	}
	chat := startTelegram(t)
	ctx, cancel := context.WithCancel(context.Background())
	bot := footnote(t, ctx, []string{"FOOTNOTE_KNOWLEDGE=" + dir, "FOOTNOTE_STATE=" + state, "FOOTNOTE_CURATORS_DESK=true", "FOOTNOTE_TELEGRAM_TOKEN=" + asTold, "FOOTNOTE_TELEGRAM_ENDPOINT=" + chat.URL, "HOME=" + home}, "serve")
	var log strings.Builder
	bot.Stderr = &log
	bot.Cancel = func() error { return bot.Process.Signal(syscall.SIGTERM) }
	if err := bot.Start(); err != nil {
		cancel()
		t.Fatal(err)
	}
	t.Cleanup(func() {
		cancel()
		if err := bot.Wait(); err != nil && ctx.Err() == nil || strings.Contains(log.String(), "level=ERROR") {
			t.Errorf("the bot ended: %v\n%s", err, log.String())
		}
	})
	chat.says(t, "/report Who painted the bell tower?")
	chat.says(t, "When was the stone bridge of Hallin built?")
	if said := chat.says(t, "/report It was opened in 1435, says Brandt on page 13.\nOr is that the old calendar?"); !strings.Contains(said, "Sent to the curators") {
		t.Fatal(said)
	}

	p := Open(t, 1280, 900)
	address := desk(t, dir, "--state", state)
	p.Go(address)
	p.Until("location.pathname.endsWith('/facts')")
	p.Press("g")
	p.Eval("(window.leaving = true)")
	p.Press("r")
	p.Arrive()
	p.Until("location.pathname.endsWith('/reports')")
	p.See("main", "It was opened in 1435")
	p.See("main", "Who painted the bell tower?")
	p.Accessible("reports")
	p.Shot("reports")
	p.Dark(true)
	p.Accessible("reports in the dark")
	p.Shot("reports-dark")
	p.Size(390, 844)
	p.Until("document.documentElement.scrollWidth <= innerWidth")
	p.Shot("reports-phone")
	p.Dark(false)
	p.Size(1280, 900)
	p.Write("main li:nth-child(2) textarea", "Brandt counts by the old calendar there.")
	p.Follow("main li:nth-child(2) button[value=answer]")
	if said := chat.hears(t); !strings.Contains(said, "Brandt counts by the old calendar there.") {
		t.Errorf("the bot passes on: %s", said)
	}
	p.Follow("main li button[value=aside]")
	p.Go(strings.Split(address, "/?")[0] + "/p/1/reports")
	p.See("main", "No report waits.")
	p.Accessible("no reports")
	p.Shot("no-reports")
}
