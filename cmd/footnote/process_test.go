package main

import (
	"context"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"go.uber.org/goleak"

	"footnote/bot/bottest"
	"footnote/bot/discord/discordtest"
	"footnote/bot/store"
	"footnote/bot/store/pgtest"
	"footnote/bot/telegram/telegramtest"
)

// asProcess makes the test binary be footnote, for what only a process of its
// own can show: signals and exit codes.
const asProcess = "RUN_AS_FOOTNOTE"

// thatReads is what it is set to where the program reads its standard input; otherwise
// something to read there makes it crash.
const thatReads = "and read"

// clockOff is by how much the clock is wrong that it then goes by, and leasesLast how long its
// leases last.
const (
	clockOff   = "RUN_WITH_CLOCK_OFF"
	leasesLast = "RUN_WITH_LEASES"
)

func TestMain(m *testing.M) {
	if as := os.Getenv(asProcess); as != "" {
		if as != thatReads {
			go func() { // something to read is a defect that nobody has foreseen
				if n, _ := os.Stdin.Read(make([]byte, 1)); n > 0 {
					panic("crash")
				}
			}()
		}
		off, _ := time.ParseDuration(os.Getenv(clockOff))
		ttl, _ := time.ParseDuration(os.Getenv(leasesLast))
		os.Exit(runProcess(stdio{Now: func() time.Time { return time.Now().Add(off) }, TTL: ttl}))
	}
	if platform := os.Getenv(asEcho); platform != "" {
		echo(platform)
	}
	bottest.WaitTogether(20)
	goleak.VerifyTestMain(around{shared.Around(m)}, discordtest.Leaks()...)
}

// learned is the folder in which the processes of all tests keep what they learn of their packs,
// unless a test is about that: each learns the village once less.
var learned = sync.OnceValue(func() string {
	dir, err := os.MkdirTemp("", "footnote-learned-")
	if err != nil {
		panic(err)
	}
	return dir
})

// around is the tests, with the end of learned after them.
type around struct{ tests pgtest.Runner }

func (a around) Run() int {
	defer func() { _ = os.RemoveAll(learned()) }()
	return a.tests.Run()
}

// process is footnote as a process of its own, not yet started.
func process(t *testing.T, env []string, args ...string) (*exec.Cmd, *bottest.Log) {
	t.Helper()
	return processUntil(patiently(t), t, env, args...)
}

// processUntil is process that is killed when ctx ends.
func processUntil(ctx context.Context, t *testing.T, env []string, args ...string) (*exec.Cmd, *bottest.Log) {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(ctx, self, args...)
	cmd.Env = append([]string{asProcess + "=1", "FOOTNOTE_KNOWLEDGE=" + village, "FOOTNOTE_STATE=" + t.TempDir(), "FOOTNOTE_MATCHER_CACHE=" + learned()}, env...)
	var out bottest.Log
	cmd.Stdout, cmd.Stderr = &out, &out
	t.Cleanup(func() {
		if t.Failed() {
			t.Logf("footnote %s wrote:\n%s", strings.Join(args, " "), &out)
		}
	})
	return cmd, &out
}

// exitCode waits for a process.
func exitCode(t *testing.T, cmd *exec.Cmd) int {
	t.Helper()
	var exit *exec.ExitError
	if err := cmd.Wait(); err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	return cmd.ProcessState.ExitCode()
}

func TestProcessExitCodes(t *testing.T) {
	for args, want := range map[string]int{"ask " + known: exitOK, "ask --no-such-flag": exitUsage, "check --config none.yaml": exitFailed, "serve": exitUsage} {
		cmd, _ := process(t, nil, strings.Fields(args)...)
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		if code := exitCode(t, cmd); code != want {
			t.Errorf("footnote %s: exit %d, want %d", args, code, want)
		}
	}
}

// busyServe is a serve that is waiting for Telegram to take its reply.
func busyServe(t *testing.T) *exec.Cmd {
	t.Helper()
	peer := telegramtest.Start(t, telegramtest.Options{})
	peer.Fail("sendMessage", telegramtest.Fault{Hang: true})
	cmd, _ := process(t, telegramEnv(peer), "serve")
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	ann := peer.Person("ann")
	peer.Say(ann, peer.Private(ann), known, nil)
	if err := peer.WaitCount(patiently(t), "sendMessage", 1); err != nil {
		t.Fatalf("no reply was sent: %v", err)
	}
	return cmd
}

func TestSecondSignalAbortsWhatTheFirstLeftUnfinished(t *testing.T) {
	cmd := busyServe(t)
	// Two different signals: two of a kind may arrive as one.
	for _, s := range []os.Signal{syscall.SIGTERM, os.Interrupt} {
		if err := cmd.Process.Signal(s); err != nil {
			t.Fatal(err)
		}
	}
	if code := exitCode(t, cmd); code != exitAborted {
		t.Errorf("exit %d, want %d", code, exitAborted)
	}
}

// A process that crashes writes the stacks of all goroutines to standard error, past
// everything that hides tokens there: while it talks to both platforms no stack may
// hold one, nor what people wrote.
func TestCrashLeaksNothing(t *testing.T) {
	t.Parallel() // it waits more than it works
	for name, crash := range map[string]func(*exec.Cmd, io.Writer) error{
		"killed with SIGQUIT": func(cmd *exec.Cmd, _ io.Writer) error { return cmd.Process.Signal(syscall.SIGQUIT) },
		"aborted":             func(cmd *exec.Cmd, _ io.Writer) error { return cmd.Process.Signal(syscall.SIGABRT) },
		"a panic":             func(_ *exec.Cmd, stdin io.Writer) error { _, err := stdin.Write([]byte("x")); return err },
	} {
		t.Run(name, func(t *testing.T) {
			peer, guild := telegramtest.Start(t, telegramtest.Options{}), discordtest.Start(t, discordtest.Options{})
			peer.Fail("sendMessage", telegramtest.Fault{Hang: true})
			guild.Fail("POST /channels/", 1, guild.Hang())
			cmd, out := process(t, append(append(telegramEnv(peer), discordEnv(guild)...), "GOTRACEBACK=system", "FOOTNOTE_LOG_LEVEL=debug"), "serve")
			stdin, err := cmd.StdinPipe()
			if err == nil {
				err = cmd.Start()
			}
			if err != nil {
				t.Fatal(err)
			}
			ctx := patiently(t)
			if err := guild.Ready(ctx); err != nil {
				t.Fatal(err)
			}
			ann := peer.Person("ann")
			peer.Say(ann, peer.Private(ann), known, nil)
			guild.DM("bob", known)
			if err := errors.Join(peer.WaitCount(ctx, "sendMessage", 1), guild.WaitCalls(ctx, "POST /channels/", 1), crash(cmd, stdin)); err != nil {
				t.Fatal(err)
			}
			if code := exitCode(t, cmd); code == exitOK {
				t.Errorf("exit %d", code)
			}
			dump := out.String()
			if strings.Count(dump, "\ngoroutine ") < 5 {
				t.Errorf("no stacks:\n%s", dump)
			}
			_, telegramSecret, _ := strings.Cut(peer.Token(), ":")
			discordSecret := guild.Token[strings.LastIndex(guild.Token, ".")+1:]
			for _, secret := range []string{telegramSecret, discordSecret, known} {
				if strings.Contains(dump, secret) {
					t.Error("a secret or what somebody wrote stands in what a crash left") // not shown here for that reason
				}
			}
		})
	}
}

// Whoever asked a process that was then killed outright hears of it from the next
// one, on both platforms, under the question; and nobody is answered twice.
func TestKilledProcessIsOwnedUpTo(t *testing.T) {
	t.Parallel() // it waits more than it works
	peer, guild := telegramtest.Start(t, telegramtest.Options{}), discordtest.Start(t, discordtest.Options{})
	peer.Fail("sendMessage", telegramtest.Fault{Hang: true})
	guild.Fail("POST /channels/", 1, guild.Hang())
	state := t.TempDir()
	env := append(append(telegramEnv(peer), discordEnv(guild)...), "FOOTNOTE_STATE="+state)
	cmd, out := process(t, env, "serve")
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	ctx := patiently(t)
	ann := peer.Person("ann")
	if err := guild.Ready(ctx); err != nil {
		t.Fatal(err)
	}
	asked := peer.Say(ann, peer.Private(ann), known, nil)
	question := guild.DM("bob", known)
	if err := errors.Join(peer.WaitCount(ctx, "sendMessage", 1), guild.WaitCalls(ctx, "POST /channels/", 1), peer.WaitConfirmed(ctx, asked.Update)); err != nil {
		t.Fatal(err)
	}
	secret, err := store.Secret(filepath.Join(state, stateKey))
	if err != nil {
		t.Fatal(err)
	}
	kept, err := store.Open(filepath.Join(state, stateFile))
	if err != nil {
		t.Fatal(err)
	}
	defer kept.Close()
	for { // until both are written down
		text, err := store.Sealed(kept.In("unanswered"), secret).Get(ctx, "messages")
		if err != nil {
			t.Fatal(err)
		}
		place, err := kept.In("discord").Get(ctx, "discord.session")
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(text, "telegram") && strings.Contains(text, "discord") && place != "" {
			break
		}
		select {
		case <-time.After(20 * time.Millisecond):
		case <-ctx.Done():
			t.Fatal("it is not written down who waits")
		}
	}
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = exitCode(t, cmd)
	before := len(peer.Sent()) // with the one that hung
	meanwhile := guild.DM("bob", known)

	again, _ := process(t, env, "serve")
	if err := again.Start(); err != nil {
		t.Fatal(err)
	}
	sent, err := peer.WaitSent(ctx, before+1)
	if err != nil {
		t.Fatalf("nobody was told on Telegram: %v\n%s", err, out)
	}
	posts, err := guild.WaitSent(ctx, 2)
	if err != nil {
		t.Fatalf("nobody was told on Discord: %v\n%s", err, out)
	}
	if posts[0].ReplyTo == meanwhile { // which comes first is up to the network
		posts[0], posts[1] = posts[1], posts[0]
	}
	if x := posts[1]; !strings.Contains(x.Text, "1712") || x.ReplyTo != meanwhile {
		t.Errorf("asked on Discord while nothing ran: %+v", x)
	}
	if x := sent[before]; !strings.HasPrefix(x.Text, "I was stopped before") || x.ReplyTo != asked.Message {
		t.Errorf("on Telegram: %+v", x)
	}
	if x := posts[0]; !strings.HasPrefix(x.Text, "I was stopped before") || x.ReplyTo != question {
		t.Errorf("on Discord: %+v", x)
	}
	peer.Say(ann, peer.Private(ann), known, nil)
	if sent, err = peer.WaitSent(ctx, before+2); err != nil || !strings.Contains(sent[before+1].Text, "1712") {
		t.Errorf("afterwards: %+v, %v", sent, err)
	}
	if err := again.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if code := exitCode(t, again); code != exitOK {
		t.Errorf("exit %d", code)
	}
	if n := len(guild.Sent()); n != 2 {
		t.Errorf("%d posts on Discord", n)
	}
}

// A build knows the release that it was given, and its licences go with it.
func TestReleaseAndLicences(t *testing.T) {
	out, _, code := runWith(t, nil, "", "version", "--licences")
	if code != exitOK || !strings.Contains(out, "Apache License") || !strings.Contains(out, "golang.org/x/text") || !strings.Contains(out, "WordNet") {
		t.Errorf("exit %d, %.200s", code, out)
	}
	was := release
	t.Cleanup(func() { release = was })
	release = "v1.2.3"
	if out, _, code := runWith(t, nil, "", "version"); code != exitOK || !strings.HasPrefix(out, "footnote v1.2.3\n") {
		t.Errorf("exit %d, %s", code, out)
	}
	if v := newReporter().health().Version; v != "v1.2.3" {
		t.Errorf("healthcheck tells %s", v)
	}
}
