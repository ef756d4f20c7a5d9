//go:build unix

package main

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"footnote/bot/bottest"
	"footnote/bot/telegram/telegramtest"
)

// A proxy that is none is refused, and its password is not shown.
func TestProxies(t *testing.T) {
	for value, ok := range map[string]bool{
		"": true, "http://proxy.example.org:3128": true, "proxy.example.org:3128": true, "https://ann:secret@proxy": true, "socks5://127.0.0.1:9": true,
		"http://ann:s3cret@": false, "http://ann:s3cret@proxy:x": false, "ftp://ann:s3cret@proxy": false, "http://pro xy:s3cret": false, "%s3cret": false,
	} {
		for _, name := range proxyVariables {
			var out bytes.Buffer
			p := &program{stdio: stdio{Err: &out}, env: []string{name + "=" + value}}
			if err := p.checkProxies(); (err == nil) != ok || err != nil && (strings.Contains(err.Error(), "s3cret") || !strings.Contains(err.Error(), name)) {
				t.Errorf("%s=%s: %v", name, value, err)
			}
		}
	}
	_, errOut, code := runWith(t, []string{"FOOTNOTE_TELEGRAM_TOKEN=1:x", "FOOTNOTE_TELEGRAM_ENDPOINT=http://127.0.0.1:9", "FOOTNOTE_STATE=" + t.TempDir(), "HTTPS_PROXY=http://"}, "", "serve")
	if code != exitUsage || !strings.Contains(errOut, "HTTPS_PROXY is not the address of a proxy") {
		t.Errorf("exit %d, %s", code, errOut)
	}
}

// A state folder belongs to one serve, and goes with it however that ends.
func TestSecondServe(t *testing.T) {
	t.Parallel()
	peer, other := telegramtest.Start(t, telegramtest.Options{}), telegramtest.Start(t, telegramtest.Options{})
	state := "FOOTNOTE_STATE=" + t.TempDir()
	cmd, out := process(t, append(telegramEnv(peer), state), "serve")
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	out.Wait(t, "signed in")
	_, errOut, code := runWith(t, append(telegramEnv(other), state, "FOOTNOTE_KNOWLEDGE="+village), "", "serve")
	if code != exitUsage || !strings.Contains(errOut, "another serve runs with the state folder") {
		t.Errorf("a second one: exit %d, %s", code, errOut)
	}
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	exitCode(t, cmd)
	s := startServe(t, append(telegramEnv(other), state))
	s.log.Wait(t, "signed in")
	s.stop()
	if code := s.wait(t); code != exitOK {
		t.Errorf("after it was killed: exit %d", code)
	}
}

// In a state folder whose path is too long for a socket, and in one that nothing can be
// written to, serve tells how it is all the same.
func TestHealthcheckInOddFolders(t *testing.T) {
	long := filepath.Join(t.TempDir(), strings.Repeat("x", 60), strings.Repeat("y", 60))
	file := write(t, "no folder", "")
	for state, want := range map[string]string{long: stateHealthy, file: stateDegraded} {
		peer := telegramtest.Start(t, telegramtest.Options{})
		env := append(telegramEnv(peer), "FOOTNOTE_STATE="+state)
		s := startServe(t, env)
		var last string
		until(t, want, func() bool {
			last, _, _ = runWith(t, env, "", "healthcheck", "--json")
			return strings.Contains(last, `"state":"`+want+`"`)
		})
		text, _, code := runWith(t, env, "", "healthcheck", "--strict")
		if degraded := want == stateDegraded; (code == exitFailed) != degraded || strings.Contains(text, "degraded: nothing outlives a restart") != degraded {
			t.Errorf("--strict: exit %d, %s", code, text)
		}
		if _, _, code := runWith(t, env, "", "healthcheck"); code != exitOK {
			t.Errorf("exit %d: people get answers", code)
		}
		s.stop()
		if code := s.wait(t); code != exitOK {
			t.Errorf("exit %d", code)
		}
	}
}

// With few files to open people wait for each other, and each is answered.
func TestFewFiles(t *testing.T) {
	sh, err := exec.LookPath("sh")
	if err != nil {
		t.Skip(err)
	}
	peer := telegramtest.Start(t, telegramtest.Options{})
	cmd, out := process(t, telegramEnv(peer), "serve")
	cmd.Args = []string{sh, "-c", `ulimit -n 32 && exec "$0" serve`, cmd.Path}
	cmd.Path = sh
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	out.Wait(t, "signed in")
	const people = 120
	for i := range people {
		p := peer.Person("person" + strings.Repeat("x", i))
		peer.Say(p, peer.Private(p), known, nil)
	}
	if _, err := peer.WaitSent(patiently(t), people); err != nil {
		t.Error(err)
	}
	if err := cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if code := exitCode(t, cmd); code != exitOK || !strings.Contains(out.String(), "only 32 files may be open") || strings.Contains(out.String(), "too many open files") {
		t.Errorf("exit %d", code)
	}
}

// The least of the limits that hold for the process counts, of either version of control
// groups.
func TestCgroupLimit(t *testing.T) {
	root := t.TempDir()
	put := func(path, text string) {
		t.Helper()
		path = filepath.Join(root, path)
		if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o755), os.WriteFile(path, []byte(text), 0o644)); err != nil {
			t.Fatal(err)
		}
	}
	put("a/memory.max", "max\n")
	put("a/b/memory.max", "268435456\n")
	put("a/b/c/memory.max", "536870912\n")
	put("memory/d/memory.limit_in_bytes", "134217728\n")
	put("memory/memory.limit_in_bytes", "9223372036854771712\n")
	for self, want := range map[string]int64{
		"0::/a/b/c\n": 256 << 20, "0::/a\n": 0, "0::/\n": 0, "": 0, "x\n": 0, "4:cpu,memory:/d\n0::/\n": 128 << 20, "4:cpu:/d\n": 0,
		"0::/../../etc\n": 0,
	} {
		if got := cgroupLimit(write(t, "cgroup", self), root); got != want {
			t.Errorf("%q: %d, want %d", self, got, want)
		}
	}
	if cgroupLimit("/nowhere", root) != 0 {
		t.Error("no control group has a limit")
	}
}

// A limit that these packs do not fit into is told, once they are loaded, and so is GOMEMLIMIT.
func TestTooLittleMemoryIsTold(t *testing.T) {
	t.Parallel()
	var out bottest.Log
	log := newLogger(&out, defaults())
	heap{}.tell(log)
	heap{allowed: 1 << 40, by: "x"}.tell(log)
	if out.String() != "" {
		t.Errorf("there is enough, and it says %s", &out)
	}
	heap{allowed: 1 << 20, by: "GOMEMLIMIT"}.tell(log)
	if s := out.String(); !strings.Contains(s, "level=WARN") || !strings.Contains(s, `limit="1 MB" by=GOMEMLIMIT`) {
		t.Errorf("%s", s)
	}
	peer := telegramtest.Start(t, telegramtest.Options{})
	cmd, log2 := process(t, append(telegramEnv(peer), "GOMEMLIMIT=1MiB"), "serve")
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	log2.Wait(t, "by=GOMEMLIMIT")
	if err := cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	exitCode(t, cmd)
}

// serve ends within the ten seconds after which container runtimes kill, also while
// nobody takes its answers.
func TestStopsInTime(t *testing.T) {
	t.Parallel() // it waits more than it works
	peer := telegramtest.Start(t, telegramtest.Options{})
	cmd, out := process(t, telegramEnv(peer), "serve")
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	out.Wait(t, "signed in")
	for range 40 {
		peer.Fail("sendMessage", telegramtest.Fault{Hang: true})
	}
	for i := range 20 {
		p := peer.Person("person" + strings.Repeat("x", i))
		peer.Say(p, peer.Private(p), known, nil)
	}
	if err := peer.WaitCount(patiently(t), "sendMessage", 1); err != nil {
		t.Fatal(err)
	}
	began := time.Now()
	if err := cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if code := exitCode(t, cmd); code != exitOK || !strings.Contains(out.String(), "stopped before everything was answered") {
		t.Errorf("exit %d", code)
	}
	if took := time.Since(began); took > 30*time.Second { // a machine may stall; it takes five
		t.Errorf("it took %v", took)
	}
}
