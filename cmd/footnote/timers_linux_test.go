package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"footnote/bot/telegram/telegramtest"
)

// TestTimersAreLate: every thread of serve, the runtime's own too, lets the system group its timers.
// Other commands begin without a detour.
func TestTimersAreLate(t *testing.T) {
	s := telegramtest.Start(t, telegramtest.Options{})
	cmd, _ := process(t, telegramEnv(s), "serve")
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	defer func() { _ = cmd.Wait() }()
	defer func() { _ = cmd.Process.Signal(os.Interrupt) }()
	if err := s.WaitPolling(patiently(t)); err != nil {
		t.Fatal(err)
	}
	if name, err := os.ReadFile(fmt.Sprintf("/proc/%d/comm", cmd.Process.Pid)); err != nil || !strings.HasPrefix(filepath.Base(cmd.Path), strings.TrimSpace(string(name))) {
		t.Errorf("the process is called %s, want as its program, %s: %v", name, cmd.Path, err)
	}
	threads, err := os.ReadDir(fmt.Sprintf("/proc/%d/task", cmd.Process.Pid))
	if err != nil || len(threads) < 2 {
		t.Fatal(threads, err)
	}
	for _, thread := range threads {
		text, err := os.ReadFile("/proc/" + thread.Name() + "/timerslack_ns")
		switch {
		case errors.Is(err, fs.ErrPermission):
			t.Skip("only root may ask how late timers of another process are")
		case errors.Is(err, fs.ErrNotExist):
			continue // it has ended
		case err != nil:
			t.Fatal(err)
		}
		ns, err := strconv.ParseInt(strings.TrimSpace(string(text)), 10, 64)
		if is := time.Duration(ns); err != nil || is != timersLate {
			t.Errorf("timers of thread %s may be %v late, want %v", thread.Name(), is, timersLate)
		}
	}
}
