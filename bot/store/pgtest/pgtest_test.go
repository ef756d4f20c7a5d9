//go:build unix

package pgtest

import (
	"bufio"
	"context"
	"errors"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"go.uber.org/goleak"
)

var server Shared

func TestMain(m *testing.M) {
	if dir := os.Getenv(untilKilled); dir != "" {
		runUntilKilled()
		return
	}
	goleak.VerifyTestMain(server.Around(m))
}

func count(ctx context.Context, address string) (n int, err error) {
	c, err := pgx.Connect(ctx, address)
	if err != nil {
		return 0, err
	}
	defer c.Close(ctx)
	return n, c.QueryRow(ctx, "SELECT count(*) FROM kept").Scan(&n)
}

// What was committed is there after every kind of stop, at the same address.
func TestStops(t *testing.T) {
	s, address := server.Server(t), server.Database(t)
	c, err := pgx.Connect(t.Context(), address)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.Exec(t.Context(), "CREATE TABLE kept AS SELECT 1 AS x"); err != nil {
		t.Fatal(err)
	}
	for _, m := range []Mode{Immediate, Fast} {
		if err := s.Stop(m); err != nil {
			t.Fatal(err)
		}
		if _, err := count(t.Context(), address); err == nil {
			t.Error("a stopped server answers")
		}
		if err := s.Start(t.Context()); err != nil {
			t.Fatal(err)
		}
		if n, err := count(t.Context(), address); n != 1 || err != nil {
			t.Errorf("after a stop: %d, %v", n, err)
		}
	}
	if err := c.Close(t.Context()); err == nil && c.Ping(t.Context()) == nil {
		t.Error("a connection outlived its server")
	}
}

// A frozen server keeps its connections and answers nothing, until it is thawed.
func TestFreeze(t *testing.T) {
	s, address := server.Server(t), server.Database(t)
	if err := s.Freeze(); err != nil {
		t.Fatal(err)
	}
	short, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	if c, err := pgx.Connect(short, address); err == nil {
		_ = c.Close(t.Context())
		t.Error("a frozen server answers")
	}
	if err := s.Thaw(); err != nil {
		t.Fatal(err)
	}
	c, err := pgx.Connect(t.Context(), address)
	if err != nil {
		t.Fatal(err)
	}
	_ = c.Close(t.Context())
}

// untilKilled makes the test's own program start a server and wait.
const untilKilled = "FOOTNOTE_TEST_UNTIL_KILLED"

func runUntilKilled() {
	s, err := Start(context.Background(), Options{})
	if err != nil {
		_, _ = os.Stdout.WriteString(err.Error() + "\n")
		return
	}
	_, _ = os.Stdout.WriteString(s.dir + "\n" + s.Address() + "\n")
	select {}
}

// A test that is killed leaves neither a server nor files.
func TestKilled(t *testing.T) {
	server.Server(t) // skips where there is none
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), untilKilled+"=1")
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(out)
	lines.Scan()
	dir := lines.Text()
	lines.Scan()
	if address := lines.Text(); !strings.HasPrefix(address, "127.0.0.1:") {
		t.Fatal(dir)
	}
	if err := cmd.Process.Signal(syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	_ = cmd.Wait()
	for end := time.Now().Add(30 * time.Second); ; time.Sleep(20 * time.Millisecond) {
		if _, err := os.Stat(dir); errors.Is(err, os.ErrNotExist) {
			return
		}
		if time.Now().After(end) {
			t.Fatalf("%s is still there", dir)
		}
	}
}
