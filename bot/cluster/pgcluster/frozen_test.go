//go:build unix

package pgcluster

import (
	"bufio"
	"errors"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"

	"footnote/bot/cluster"
)

// TestFrozenHolder: a process that is stopped by SIGSTOP for longer than its lease lasts, and
// goes on, knows at its first look that it is no longer its, by its own clock: before it
// has heard anything of the database.
func TestFrozenHolder(t *testing.T) {
	t.Parallel()
	address := server.Database(t)
	x := table(t, address)
	holder := exec.Command(os.Args[0])
	holder.Env = append(os.Environ(), holdsFor+"="+address)
	out, err := holder.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	in, err := holder.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := holder.Start(); err != nil {
		t.Fatal(err)
	}
	defer func() {
		_ = holder.Process.Kill()
		_ = holder.Wait()
	}()
	lines := bufio.NewScanner(out)
	says := func() string {
		if !lines.Scan() {
			t.Fatal("the holder says nothing")
		}
		return strings.TrimSpace(lines.Text())
	}
	ask := func() string {
		if _, err := in.Write([]byte("valid?\n")); err != nil {
			t.Fatal(err)
		}
		return says()
	}
	if got := says(); got != "holds" {
		t.Fatal(got)
	}
	if got := ask(); got != "valid" {
		t.Fatal(got)
	}
	if err := holder.Process.Signal(syscall.SIGSTOP); err != nil {
		t.Fatal(err)
	}
	p, err := cluster.Join(t.Context(), x, cluster.Options{TTL: frozenTTL})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = p.Close(t.Context()) }()
	for end := time.Now().Add(time.Minute); ; time.Sleep(10 * time.Millisecond) {
		_, err := p.Acquire(t.Context(), "x")
		if err == nil {
			break
		}
		if !errors.Is(err, cluster.ErrHeld) || time.Now().After(end) {
			t.Fatal(err)
		}
	}
	if _, err := in.Write([]byte("valid?\n")); err != nil { // it finds the question when it goes on
		t.Fatal(err)
	}
	if err := holder.Process.Signal(syscall.SIGCONT); err != nil {
		t.Fatal(err)
	}
	if got := says(); got != "lost" {
		t.Errorf("after the freeze its first look says %q", got)
	}
}
