package main

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"strings"
	"sync"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"footnote/bot/telegram/telegramtest"
)

// stuckReader takes nothing until it is let go.
type stuckReader struct {
	release chan struct{}
	mu      sync.Mutex
	got     bytes.Buffer
}

func (r *stuckReader) Write(p []byte) (int, error) {
	<-r.release
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.got.Write(p)
}

// A log that nobody reads holds up nobody for long, and what is lost is told.
func TestLogNobodyReads(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := &stuckReader{release: make(chan struct{})}
		u := newUnhurried(r, false)
		began := time.Now()
		const lines = 3 * logLines
		for i := range lines {
			fmt.Fprintf(u, "line %d\n", i)
		}
		if took := time.Since(began); took > logWaits {
			t.Errorf("%d lines took %v", lines, took)
		}
		close(r.release)
		synctest.Wait()
		u.close()
		text := r.got.String()
		n := strings.Count(text, "\nline ") + 1
		if n < logLines || !strings.Contains(text, fmt.Sprintf("lines of the log are lost: nobody read them\" lines=%d", lines-n)) {
			t.Errorf("%d lines, and %.200q at the end", n, text[max(0, len(text)-200):])
		}
		fmt.Fprint(u, "after the end\n")
	})
}

// Whoever reads the log may leave, or stop reading: the bot answers on, and stops as it is
// told to.
func TestLogReaderLeaves(t *testing.T) {
	t.Parallel() // the work is another process's
	for _, how := range []string{"leaves", "hangs"} {
		t.Run(how, func(t *testing.T) {
			peer := telegramtest.Start(t, telegramtest.Options{})
			cmd, _ := process(t, append(telegramEnv(peer), "FOOTNOTE_LOG_LEVEL=debug"), "serve")
			r, w, err := os.Pipe()
			if err != nil {
				t.Fatal(err)
			}
			defer r.Close()
			if how == "hangs" { // the pipe is full before the first line
				_ = w.SetWriteDeadline(time.Now().Add(10 * time.Millisecond))
				_, _ = w.Write(make([]byte, 1<<20))
			}
			cmd.Stderr = w
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
			_ = w.Close()
			if how == "leaves" {
				if _, err := io.ReadFull(r, make([]byte, 1)); err != nil {
					t.Fatal(err)
				}
				_ = r.Close()
			}
			ann := peer.Person("ann")
			const questions = 9
			for i := range questions {
				peer.Say(ann, peer.Private(ann), known, nil)
				if _, err := peer.WaitSent(patiently(t), i+1); err != nil {
					t.Fatal(err)
				}
			}
			if err := cmd.Process.Signal(syscall.SIGTERM); err != nil {
				t.Fatal(err)
			}
			if code := exitCode(t, cmd); code != exitOK {
				t.Errorf("exit %d", code)
			}
		})
	}
}
