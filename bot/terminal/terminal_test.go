//go:build unix

package terminal_test

import (
	"context"
	"flag"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"go.uber.org/goleak"

	"footnote/bot"
	"footnote/bot/bottest"
	"footnote/bot/terminal"
)

var update = flag.Bool("update", false, "rewrite the golden files")

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// TestAdapter runs the contract over a pipe of the system, as a shell makes it.
// A terminal has one person, one place, and no secrets.
func TestAdapter(t *testing.T) {
	bottest.RunAdapterTests(t, bottest.Harness{New: newPiped})
}

// piped is the other side of the pipes.
type piped struct {
	in *os.File // where the person writes

	mu      sync.Mutex
	changed chan struct{}
	shown   []bottest.Shown
	said    int
}

func newPiped(t testing.TB, _ *slog.Logger) (bot.Adapter, bottest.Driver) {
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	p := &piped{in: w, changed: make(chan struct{})}
	// A file that blocks, as standard input is, and not one that has deadlines.
	fd, err := syscall.Dup(int(r.Fd()))
	if err != nil {
		t.Fatal(err)
	}
	_ = r.Close()
	blocking := os.NewFile(uintptr(fd), "stdin")
	t.Cleanup(func() { _ = blocking.Close() })
	return terminal.New(terminal.Config{In: blocking, Out: p, Getenv: func(string) string { return "" }}), p
}

// Write takes one reply: the adapter writes each at once.
func (p *piped) Write(b []byte) (int, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.shown = append(p.shown, bottest.Shown{ID: strconv.Itoa(len(p.shown)), To: "ann", Text: strings.Trim(string(b), "\n")})
	close(p.changed)
	p.changed = make(chan struct{})
	return len(b), nil
}

func (p *piped) Ready(context.Context) error { return nil }

func (p *piped) Say(t testing.TB, s bottest.Said) bottest.Event {
	line := s.Text
	if s.How == bottest.Command {
		line = "/" + s.Command + " " + s.Text
	}
	if _, err := io.WriteString(p.in, line+"\n"); err != nil {
		t.Fatal(err)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.said++
	return bottest.Event(strconv.Itoa(p.said))
}

func (p *piped) Redeliver(t testing.TB, _ bottest.Event) { t.Fatal("a line is read once") }

func (p *piped) Press(t testing.TB, _ string, _ bottest.Shown, _ string) bottest.Event {
	t.Fatal("there are no buttons")
	return ""
}

func (p *piped) Admin(t testing.TB, _, _ string, _ bool) { t.Fatal("there are no groups") }

func (p *piped) WaitShown(ctx context.Context, n int) ([]bottest.Shown, error) {
	for {
		p.mu.Lock()
		all, changed := append([]bottest.Shown(nil), p.shown...), p.changed
		p.mu.Unlock()
		if len(all) >= n {
			return all, nil
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return all, ctx.Err()
		}
	}
}

func (p *piped) Inject(testing.TB, bottest.Fault) bool { return false }

func (p *piped) Close() { _ = p.in.Close() }

// echo answers every message with what it was, to see what arrives.
func run(t *testing.T, input string, reply func(bot.Message) bot.Reply) string {
	t.Helper()
	var out strings.Builder
	a := terminal.New(terminal.Config{In: strings.NewReader(input), Out: &out, Getenv: func(string) string { return "" }})
	err := a.Run(t.Context(), func(ctx context.Context, m bot.Message) error {
		return a.Send(ctx, m.To, reply(m))
	})
	if err != nil {
		t.Errorf("Run: %v", err)
	}
	return out.String()
}

func said(m bot.Message) bot.Reply {
	what := "text " + m.Text
	if m.Command != "" {
		what = "command " + m.Command + ": " + m.Text
	}
	if m.Action != "" {
		what = "action " + m.Action
	}
	return bot.Reply{Blocks: []bot.Block{{Spans: []bot.Span{{Text: what}}}}, Buttons: []bot.Button{
		{Label: "1. first", Action: "choose"}, {Label: "Why?", Action: "why"}, {Label: "Next page", Action: "next"},
	}}
}

func TestLines(t *testing.T) {
	got := run(t, "  Who was it?\n\n/source 2\r\n/Why?\n/why\n/next-page\n/next-page now\n/1956\n/\nin \x1b[31mred\x07\x00 and \xff\n/quit\nnot read\n", said)
	want := strings.Join([]string{
		"text Who was it?", "command source: 2", "action why", "action why", "action next", "command next-page: now",
		"text /1956", "text /", "text in [31mred and \uFFFD",
	}, "\n\n") + "\n"
	if got != want {
		t.Errorf("got:\n%s\nwant:\n%s", got, want)
	}
}

// A last line without a line break is a line, and a megabyte is one too.
func TestLongAndLastLine(t *testing.T) {
	var lengths []int
	run(t, strings.Repeat("many words ", 100_000)+"\nshort\nlast", func(m bot.Message) bot.Reply {
		lengths = append(lengths, len(m.Text))
		return bot.Reply{}
	})
	if len(lengths) != 3 || lengths[0] < 10_000 || lengths[0] > 40_000 || lengths[1] != 5 || lengths[2] != 4 {
		t.Errorf("lines of %v bytes were delivered", lengths)
	}
}

func TestSendHarmless(t *testing.T) {
	got := run(t, "x\n", func(bot.Message) bot.Reply {
		return bot.Reply{Blocks: []bot.Block{{Spans: []bot.Span{
			{Text: "a\x1b]0;title\x07b\u009bc\u202ed\te\rf\xff", URL: "https://example.org/\x1b[2J"},
		}}}}
	})
	if want := "a]0;titlebcd ef\uFFFD (https://example.org/[2J)\n"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestBrokenOutput(t *testing.T) {
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer w.Close()
	_ = r.Close()
	a := terminal.New(terminal.Config{In: strings.NewReader(""), Out: w})
	if err := a.Send(t.Context(), bot.Address{}, bot.Reply{Blocks: []bot.Block{{Spans: []bot.Span{{Text: "x"}}}}}); err == nil {
		t.Error("Send into a closed pipe succeeded")
	}
}

// A script that pipes lines gets every reply, in order, before the program ends.
func TestWithBot(t *testing.T) {
	var in strings.Builder
	for range 50 {
		in.WriteString("hello\nthanks\n")
	}
	var out strings.Builder
	a := terminal.New(terminal.Config{In: strings.NewReader(in.String()), Out: &out, Getenv: func(string) string { return "" }})
	b, _ := bottest.Config{Answerer: nothing{}}.New()
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	if err := b.Run(ctx, a); err != nil {
		t.Fatal(err)
	}
	replies := strings.Split(strings.TrimSpace(out.String()), "\n\n")
	if len(replies) != 100 {
		t.Fatalf("%d replies, want 100", len(replies))
	}
	for i, r := range replies {
		if want := []string{"Hello", "You're welcome"}[i%2]; !strings.HasPrefix(r, want) {
			t.Fatalf("reply %d is %q, want %q", i, r, want)
		}
	}
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	bottest.Golden(t, filepath.Join("testdata", name), got, *update)
}
