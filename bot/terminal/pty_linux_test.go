package terminal_test

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"footnote/bot"
	"footnote/bot/terminal"
)

// openPty returns the two ends of a pseudo-terminal of 60 columns.
func openPty(t *testing.T) (person, program *os.File) {
	t.Helper()
	person, err := os.OpenFile("/dev/ptmx", os.O_RDWR, 0)
	if err != nil {
		t.Skipf("this system gives no pseudo-terminals: %v", err)
	}
	t.Cleanup(func() { _ = person.Close() })
	var n int
	raw, err := person.SyscallConn()
	if err != nil {
		t.Fatal(err)
	}
	if cerr := raw.Control(func(fd uintptr) {
		if err = unix.IoctlSetPointerInt(int(fd), unix.TIOCSPTLCK, 0); err == nil {
			n, err = unix.IoctlGetInt(int(fd), unix.TIOCGPTN)
		}
		if err == nil {
			err = unix.IoctlSetWinsize(int(fd), unix.TIOCSWINSZ, &unix.Winsize{Row: 24, Col: 60})
		}
	}); cerr != nil || err != nil {
		t.Fatal(cerr, err)
	}
	program, err = os.OpenFile(fmt.Sprint("/dev/pts/", n), os.O_RDWR|unix.O_NOCTTY, 0)
	if err != nil {
		t.Skipf("this system gives no pseudo-terminals: %v", err)
	}
	t.Cleanup(func() { _ = program.Close() })
	return person, program
}

// A screen collects what a terminal shows.
type screen struct {
	mu      sync.Mutex
	b       bytes.Buffer
	changed chan struct{}
}

func (s *screen) read(f *os.File) {
	buf := make([]byte, 4096)
	for {
		n, err := f.Read(buf)
		s.mu.Lock()
		s.b.Write(buf[:n])
		close(s.changed)
		s.changed = make(chan struct{})
		s.mu.Unlock()
		if err != nil {
			return
		}
	}
}

// wait waits until what is shown contains want.
func (s *screen) wait(t *testing.T, want string) string {
	t.Helper()
	timeout := time.After(time.Minute)
	for {
		s.mu.Lock()
		got, changed := s.b.String(), s.changed
		s.mu.Unlock()
		if strings.Contains(got, want) {
			return got
		}
		select {
		case <-changed:
		case <-timeout:
			t.Fatalf("%q is not shown; this is: %q", want, got)
		}
	}
}

func inTerminal(t *testing.T, env map[string]string, talk func(t *testing.T, person *os.File, s *screen)) {
	person, program := openPty(t)
	s := &screen{changed: make(chan struct{})}
	var reading sync.WaitGroup
	reading.Go(func() { s.read(person) })
	before, err := unix.IoctlGetTermios(int(program.Fd()), unix.TCGETS)
	if err != nil {
		t.Fatal(err)
	}
	a := terminal.New(terminal.Config{In: program, Out: program, Getenv: func(k string) string { return env[k] }, Greeting: "Ask me."})
	done := make(chan error, 1)
	go func() {
		done <- a.Run(t.Context(), func(ctx context.Context, m bot.Message) error {
			return a.Send(ctx, m.To, sample(m.Text+m.Action))
		})
	}()
	s.wait(t, "> ")
	talk(t, person, s)
	select {
	case err := <-done:
		if err != nil {
			t.Errorf("Run: %v", err)
		}
	case <-time.After(time.Minute):
		t.Error("Run did not return")
	}
	after, err := unix.IoctlGetTermios(int(program.Fd()), unix.TCGETS)
	if err != nil || *after != *before {
		t.Errorf("the terminal is not as it was: %v", err)
	}
	_ = program.Close()
	_ = person.Close()
	reading.Wait()
}

func sample(text string) bot.Reply {
	return bot.Reply{Kind: bot.KindAnswer, Blocks: []bot.Block{
		{Spans: []bot.Span{{Text: "Attributed", Style: bot.Bold}, {Text: " · Frederick Copleston"}}},
		{Spans: []bot.Span{{Text: text + ": a paragraph that is long enough to be wrapped at the width of the terminal, twice if it must be."}}},
		{Kind: bot.Cite, Spans: []bot.Span{{Text: "Copleston, "}, {Text: "Philosophy in Russia", Style: bot.Italic}, {Text: ", note 9."}}},
		{Kind: bot.Quote, Spans: []bot.Span{{Text: "“a Slavophile emphasis on Russia and her history”, and so on"}}},
		{Kind: bot.Fine, Gap: true, Spans: []bot.Span{{Text: "See also"}}},
		{Kind: bot.Item, Spans: []bot.Span{{Text: "A related question that is rather too long for a line of sixty?"}}},
		{Kind: bot.Choice, Spans: []bot.Span{{Text: "A choice, "}, {Text: "/typed", Style: bot.Code}}},
		{Kind: bot.Choice, Spans: []bot.Span{{Text: "选择 — широкие буквы и 👩‍🚀 в одной строке, которая переносится"}}},
	}, Buttons: []bot.Button{{Label: "Source", Action: "act"}, {Label: "1. A choice", Action: "choose"}}}
}

var escapes = regexp.MustCompile("\x1b\\[[0-9;?]*[a-zA-Z]")

func TestInteractive(t *testing.T) {
	inTerminal(t, map[string]string{"TERM": "xterm"}, func(t *testing.T, person *os.File, s *screen) {
		_, _ = person.WriteString("who wa\x08\x08\x08said it\r") // editing: backspace
		got := s.wait(t, "/source")
		if !strings.Contains(got, "whosaid it") && !strings.Contains(escapes.ReplaceAllString(got, ""), "whosaid it: a paragraph") {
			t.Errorf("editing is not understood: %q", got)
		}
		from := strings.Index(got, "Attributed")
		to := strings.Index(got, "/source") + len("/source")
		golden(t, "interactive.txt", strings.ReplaceAll(got[from-len("\x1b[1m")-2:to], "\r\n", "\n")+"\n")
		_, _ = person.WriteString("/source\r")
		s.wait(t, "act: a")
		_, _ = person.WriteString("\x1b[A\x1b[A\r") // history: the line before the last
		s.wait(t, "whosaid it: a paragraph")
		_, _ = person.WriteString("half a line\x03") // Ctrl-C
	})
}

func TestNoColor(t *testing.T) {
	inTerminal(t, map[string]string{"TERM": "xterm", "NO_COLOR": "1"}, func(t *testing.T, person *os.File, s *screen) {
		_, _ = person.WriteString("hello\r")
		got := s.wait(t, "/source")
		from := strings.Index(got, "Attributed")
		got = got[from-len("  ") : strings.Index(got, "/source")+len("/source")]
		golden(t, "no-color.txt", strings.ReplaceAll(got, "\r\n", "\n")+"\n")
		_, _ = person.WriteString("\x04") // Ctrl-D
	})
}
