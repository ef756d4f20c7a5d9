package main

import (
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"

	"footnote/bot/bottest"
	"footnote/bot/telegram/telegramtest"
)

// Two processes over one database: one polls. When it is killed the other goes on, knows
// what was answered last, and answers what came meanwhile, each question once. When that one
// is told to stop, a third has its work at once.
func TestProcessesOverOneDatabase(t *testing.T) {
	db := openTestDatabase(t, shared.Database(t))
	env := databaseEnv(t, db.address)
	peer := telegramtest.Start(t, telegramtest.Options{})
	type replica struct {
		cmd *exec.Cmd
		log *bottest.Log
	}
	start := func() *replica {
		t.Helper()
		cmd, log := process(t, append(append(telegramEnv(peer), env...), "FOOTNOTE_STATE_LOCAL="+t.TempDir()), "serve")
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = cmd.Process.Kill(); _ = cmd.Wait() })
		return &replica{cmd, log}
	}
	polls := func(r *replica) bool {
		var holder string
		err := db.Pool().QueryRow(t.Context(), "SELECT holder FROM lease WHERE name = 'telegram/poller' AND until > now()").Scan(&holder)
		return err == nil && holder != "" && strings.Contains(r.log.String(), "name="+holder)
	}
	ann := peer.Person("ann")
	answered := func(n int, want string) {
		t.Helper()
		all, err := peer.WaitSent(patiently(t), n)
		if err != nil {
			t.Fatalf("reply %d: %v", n, err)
		}
		if got := all[n-1].Text; !strings.Contains(got, want) {
			t.Errorf("reply %d is %q, and %q is wanted", n, got, want)
		}
	}
	a := start()
	until(t, "a poller", func() bool { return polls(a) })
	b := start()
	until(t, "the second process", func() bool { return strings.Contains(b.log.String(), "signed in to Telegram") })
	peer.Say(ann, peer.Private(ann), known, nil)
	answered(1, "1712")
	time.Sleep(time.Second) // the claim is settled, and the last answer is written

	killed := time.Now()
	if err := a.cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	peer.Say(ann, peer.Private(ann), "/source", nil)
	answered(2, "Sources of")
	t.Logf("the other answered %v after the kill", time.Since(killed))
	if !polls(b) {
		t.Error("it was not the other")
	}

	c := start()
	until(t, "the third process", func() bool { return strings.Contains(c.log.String(), "signed in to Telegram") })
	if err := b.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	stopped := time.Now()
	until(t, "the work of the one that stops", func() bool { return polls(c) })
	t.Logf("the third had the lease %v after the signal", time.Since(stopped))
	peer.Say(ann, peer.Private(ann), "/source", nil)
	answered(3, "Sources of")
	if n := len(peer.Sent()); n != 3 {
		t.Errorf("%d replies to 3 messages", n)
	}
}
