package main

import (
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"

	"footnote/bot/bottest"
	"footnote/bot/discord/discordtest"
	"footnote/bot/telegram/telegramtest"
)

// A replicaProcess is a process of several over one database.
type replicaProcess struct {
	cmd *exec.Cmd
	log *bottest.Log
	db  testDatabase
}

// shortLease is how long leases last under test, so that a takeover is not long waited for.
// TestReplicas takes over with those of the program.
const shortLease = 3 * time.Second

// startReplica starts one more, on the platforms that env names, and waits until it is among the others.
func startReplica(t *testing.T, db testDatabase, env []string) *replicaProcess {
	t.Helper()
	env = append(append(env, databaseEnv(t, db.address)...), "FOOTNOTE_STATE_LOCAL="+t.TempDir(), leasesLast+"="+shortLease.String())
	cmd, log := process(t, env, "serve")
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = cmd.Process.Kill(); _ = cmd.Wait() })
	until(t, "one more process", func() bool { return strings.Contains(log.String(), "pack loaded") })
	return &replicaProcess{cmd, log, db}
}

// count is what a query of the database counts.
func (db testDatabase) count(t *testing.T, query string) (n int) {
	t.Helper()
	if err := db.Pool().QueryRow(t.Context(), "SELECT count(*) FROM "+query).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

// holds reports whether it is this process that has a lease now.
func (r *replicaProcess) holds(t *testing.T, lease string) bool {
	var holder string
	err := r.db.Pool().QueryRow(t.Context(), "SELECT holder FROM lease WHERE name = $1 AND until > now()", lease).Scan(&holder)
	return err == nil && holder != "" && strings.Contains(r.log.String(), "name="+holder)
}

// Processes over one database: one polls. When it is killed another goes on, knows what was
// answered last, and answers what came meanwhile, each message once. When that one is told to
// stop, a third has its work at once.
func TestPollerOverOneDatabase(t *testing.T) {
	if testing.Short() {
		t.Skip("a takeover takes its time")
	}
	t.Parallel() // it waits more than it works
	db, peer := openTestDatabase(t, shared.Database(t)), telegramtest.Start(t, telegramtest.Options{})
	ann := peer.Person("ann")
	waits := func(r *replicaProcess) bool { return strings.Contains(r.log.String(), "waits for its turn") }
	playReplicas(t, db, telegramEnv(peer), "telegram/poller", waits, func(n int, says, want string) {
		t.Helper()
		peer.Say(ann, peer.Private(ann), says, nil)
		all, err := peer.WaitSent(patiently(t), n)
		if err != nil {
			t.Fatalf("reply %d: %v", n, err)
		}
		if got := all[len(all)-1].Text; len(all) != n || !strings.Contains(got, want) {
			t.Errorf("%d replies to %d messages; the last is %q, and %q is wanted", len(all), n, got, want)
		}
	})
}

// The same with the shard of Discord.
func TestShardOverOneDatabase(t *testing.T) {
	if testing.Short() {
		t.Skip("a takeover takes its time")
	}
	t.Parallel() // it waits more than it works
	db, guild := openTestDatabase(t, shared.Database(t)), discordtest.Start(t, discordtest.Options{})
	waits := func(*replicaProcess) bool {
		return db.count(t, "lease WHERE name LIKE 'pool/discord%' AND until > now()") == 2
	}
	playReplicas(t, db, discordEnv(guild), "discord/1/0", waits, func(n int, says, want string) {
		t.Helper()
		if n == 1 {
			if err := guild.Ready(patiently(t)); err != nil {
				t.Fatal(err)
			}
		}
		guild.DM("ann", says)
		all, err := guild.WaitSent(patiently(t), n)
		if err != nil {
			t.Fatalf("reply %d: %v", n, err)
		}
		if got := all[len(all)-1].Content; len(all) != n || !strings.Contains(got, want) {
			t.Errorf("%d replies to %d messages; the last is %q, and %q is wanted", len(all), n, got, want)
		}
	})
}

// playReplicas starts processes and ends them; waits reports whether one is ready to take over,
// and ask says something, and wants the n-th reply.
func playReplicas(t *testing.T, db testDatabase, env []string, lease string, waits func(*replicaProcess) bool, ask func(n int, says, want string)) {
	a := startReplica(t, db, env)
	until(t, "a holder", func() bool { return a.holds(t, lease) })
	b := startReplica(t, db, env)
	until(t, "the second process", func() bool { return waits(b) })
	ask(1, known, "1712")
	until(t, "what the others are to know", func() bool { return db.count(t, "claim WHERE settled") == 1 && db.count(t, "turn") > 0 })

	killed := time.Now()
	if err := a.cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	ask(2, "what is your source?", "Anna Moser")
	t.Logf("another answered %v after the kill", time.Since(killed))
	if !b.holds(t, lease) {
		t.Error("it was not the other")
	}
	ask(3, known, "1712")

	c := startReplica(t, db, env)
	until(t, "the third process", func() bool { return waits(c) })
	if err := b.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	stopped := time.Now()
	until(t, "the work of the one that stops", func() bool { return c.holds(t, lease) })
	t.Logf("the third had the lease %v after the signal", time.Since(stopped))
	ask(4, "what is your source?", "Anna Moser")
}
