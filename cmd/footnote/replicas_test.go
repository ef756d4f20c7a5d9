//go:build unix

package main

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"footnote/bot/store/pgtest"
)

// Breaks several processes of one bot on purpose, real ones, before both fakes and a real
// PostgreSQL, while people in 50 chats ask. What each fault did is a line of the table in
// RELIABILITY.md:
//
//	go test ./cmd/footnote -run TestReplicas -v -timeout 60m -replicas.long
//
// The short form, -replicas, plays some of the faults once; CI does, with the race detector.
var shortReplicas = flag.Bool("replicas", false, "TestReplicas plays some faults, for a minute or two")
var longReplicas = flag.Bool("replicas.long", false, "TestReplicas plays all faults, for half an hour or so")

// Of the traffic.
const (
	busyChats = 50
	askEvery  = 2 * time.Second // each chat, two questions
)

// A fault is what is done to a world.
type fault struct {
	name    string
	options worldOptions
	short   string // the ways in which it is part of the short form: "polling", "webhooks"
	play    func(w *world)

	// What it may do, besides that nothing is lost or doubled.
	longest time.Duration // until an answer; not looked at if 0
	aside   bool          // on Telegram people may be answered twice: somebody else polls too
}

// scale is n in the long form, and short in the short one.
func scale[T any](long, short T) T {
	if *longReplicas {
		return long
	}
	return short
}

// takeover is the longest that anybody may wait when a process is killed.
const takeover = 12 * time.Second

func faults() []fault {
	return []fault{
		{name: "none", options: worldOptions{replicas: 2}, play: func(w *world) { w.pass(20 * time.Second) }, longest: 3 * time.Second},
		{name: scale("kill -9, 20 times", "kill -9, twice"), options: worldOptions{replicas: 3}, short: "polling", play: killEach, longest: takeover},
		{name: "kill -9, then all are restarted", options: worldOptions{replicas: 3}, short: "webhooks", play: killAndRestart, longest: takeover},
		{name: "SIGSTOP for 15 s, twice", options: worldOptions{replicas: 3}, play: freezeEach},
		{name: "all are restarted in good order, one after the other", options: worldOptions{replicas: 3}, play: restartEach, longest: 3 * time.Second},
		{name: "the database is stopped for 5 s", options: worldOptions{replicas: 3}, play: func(w *world) { stopDatabase(w, 5*time.Second) }},
		{name: "the database is stopped for 60 s", options: worldOptions{replicas: 3}, play: func(w *world) { stopDatabase(w, time.Minute) }},
		{name: "the database is slow: 100 ms for each piece", options: worldOptions{replicas: 3}, play: slowDatabase},
		{name: "the database is as slow, and one is killed", options: worldOptions{replicas: 3}, play: slowAndKilled},
		{name: "connections to the database are half-open for 15 s, then reset", options: worldOptions{replicas: 3}, play: halfOpenDatabase},
		{name: "connections to the database are cut, 10 times", options: worldOptions{replicas: 3}, play: cutDatabase},
		{name: "an older copy of the data is put under it", options: worldOptions{replicas: 3}, play: olderData},
		{name: "the clock of one is 10 minutes off, and one is killed", options: worldOptions{replicas: 3, env: wrongClock}, play: killOne, longest: takeover},
		{name: "a forgotten instance without the database, for 20 s", options: worldOptions{replicas: 2, stranger: true}, play: forgottenInstance, aside: true},
		{name: "from 2 shards to 4", options: worldOptions{replicas: 3}, play: moreShards},
		{name: "the packs of one are changed", options: worldOptions{replicas: 3}, play: reloadOne, longest: 3 * time.Second},
		{name: "no Identify is left, and one is killed", options: worldOptions{replicas: 3, startsLeft: 2}, play: killOne, longest: takeover},
		{name: "no Identify is left for 40 s, and Discord forgets all sessions", options: worldOptions{replicas: 3}, play: noIdentifies},
		{name: "5 processes, kill -9 of two at once, 10 times", options: worldOptions{replicas: 5}, play: killTwos},
	}
}

// TestReplicas plays the faults. Whatever happens, each question is answered once, or its
// author is told that it may not have been.
func TestReplicas(t *testing.T) {
	if !*shortReplicas && !*longReplicas {
		t.Skip("it takes more than a minute: -replicas")
	}
	server, err := pgtest.Start(t.Context(), pgtest.Options{Durable: *longReplicas})
	pgtest.Need(t, err)
	t.Cleanup(func() {
		if err := server.Close(); err != nil {
			t.Error(err)
		}
	})
	var table []string
	for _, f := range faults() {
		for _, webhooks := range []bool{false, true} {
			over := "polling"
			if webhooks {
				over = "webhooks"
			}
			if !*longReplicas && !strings.Contains(f.short, over) {
				continue
			}
			t.Run(strings.NewReplacer(" ", "_", ",", "", ":", "").Replace(f.name)+"/"+over, func(t *testing.T) {
				f.options.webhooks = webhooks
				table = append(table, f.run(t, server, over))
			})
		}
	}
	t.Logf("\n%s\n%s\n%s", tableHead, strings.Repeat("|---", strings.Count(tableHead, "|")-1)+"|", strings.Join(table, "\n"))
}

// run plays the fault, and says what became of the questions.
func (f fault) run(t *testing.T, server *pgtest.Server, over string) (row string) {
	w := newWorld(t, server, f.options)
	identified, resumed := w.guild.Logins()
	w.traffic.begin(busyChats, askEvery)
	w.pass(2 * time.Second)
	f.play(w)
	w.pass(2 * time.Second)
	w.traffic.end()
	w.settle()
	i, r := w.guild.Logins()
	said := map[way]verdict{}
	for _, by := range []way{onTelegram, inChannel, asCommand} {
		v := w.traffic.judge(by)
		v.ordered = by != asCommand || !w.webhooks
		f.check(t, string(by), by, v)
		said[by] = v
		t.Logf("%s, %s: %+v", by, over, v)
	}
	row = tableRow(f.name, over, said, i-identified, r-resumed)
	t.Logf("%s", row)
	if n := w.traffic.strays(); n > 0 {
		t.Errorf("%d replies to what nobody asked", n)
	}
	return row
}

// check is what holds whatever happens.
func (f fault) check(t *testing.T, how string, by way, v verdict) {
	t.Helper()
	twice := by == onTelegram && f.aside
	if v.lost > 0 || v.outOfOrder > 0 && v.ordered && !twice {
		t.Errorf("%s: %d of %d questions are lost, %d answers are out of order", how, v.lost, v.asked, v.outOfOrder)
	}
	if v.doubled > 0 && !twice {
		t.Errorf("%s: %d of %d questions have two answers", how, v.doubled, v.asked)
	}
	if by != onTelegram && v.both > 0 {
		t.Errorf("%s: %d of %d questions have an answer, and their authors are told to ask again", how, v.both, v.asked)
	}
	if f.longest > 0 && v.longest > f.longest {
		t.Errorf("%s: somebody waited %v for an answer, at most %v", how, v.longest, f.longest)
	}
}

// settle waits until everybody has seen something, and a while longer for what may come
// besides.
func (w *world) settle() {
	const most = 40 * time.Second
	for late := time.Now().Add(most); w.traffic.open() > 0 && time.Now().Before(late); {
		w.pass(100 * time.Millisecond)
	}
	w.pass(scale(20*time.Second, 3*time.Second))
}

// work are the leases that somebody holds while all is well.
func (w *world) work() []string {
	if w.webhooks {
		return []string{"discord/2/0", "discord/2/1"}
	}
	return []string{"telegram/poller", "discord/2/0", "discord/2/1"}
}

// worker is who does the nth of the work, as soon as somebody does.
func (w *world) worker(n int) (r *runs) {
	w.t.Helper()
	all := w.work()
	until(w.t, all[n%len(all)], func() bool {
		r = w.holder(all[n%len(all)])
		return r != nil
	})
	return r
}

func killEach(w *world) {
	for i := range scale(20, 2) {
		killWorker(w, i)
	}
}

// killAndRestart is the short form over webhooks.
func killAndRestart(w *world) {
	killOne(w)
	restartEach(w)
}

func killOne(w *world) { killWorker(w, 0) }

// killWorker kills who does the nth of the work, waits until others do it, and starts it again.
func killWorker(w *world, n int) {
	r := w.worker(n)
	began := time.Now()
	r.kill()
	w.whole()
	until(w.t, "who does the work", func() bool { return w.worker(n) != r })
	w.t.Logf("%s is another's %v after a kill", w.work()[n%len(w.work())], time.Since(began).Round(100*time.Millisecond))
	r.start()
	w.ready()
	w.pass(time.Second)
}

// killTwos kills who does some of the work, and another who does some, if there is one.
func killTwos(w *world) {
	for n := range scale(10, 1) {
		dead := []*runs{w.worker(n)}
		for m := range w.work() {
			if r := w.worker(n + 1 + m); r != dead[0] {
				dead = append(dead, r)
				break
			}
		}
		for _, r := range dead {
			r.kill()
		}
		w.whole()
		for _, r := range dead {
			r.start()
		}
		w.ready()
		w.pass(time.Second)
	}
}

// noIdentifies leaves Discord's shards without sessions, and with fewer new ones than the bot
// keeps back for a day.
func noIdentifies(w *world) {
	w.guild.LimitStarts(20, 40*time.Second)
	killOne(w) // which takes none
	before, _ := w.guild.Logins()
	w.guild.ForgetSessions()
	w.guild.Drop()
	w.pass(20 * time.Second)
	if now, _ := w.guild.Logins(); now != before {
		w.t.Errorf("%d sessions are begun although so few are left", now-before)
	}
	if !slices.ContainsFunc(w.replicas, func(r *runs) bool { return strings.Contains(r.log.String(), "too many new sessions today") }) {
		w.t.Error("no log says that no session is begun, and why")
	}
	w.whole()
	w.pass(5 * time.Second)
}

func freezeEach(w *world) {
	for i := range 2 {
		r := w.worker(i)
		r.signal(syscall.SIGSTOP)
		w.pass(15 * time.Second)
		r.signal(syscall.SIGCONT)
		w.pass(3 * time.Second)
		w.ready()
	}
}

func restartEach(w *world) {
	for _, r := range w.replicas {
		r.quit()
		r.start()
		w.ready()
		w.pass(time.Second)
	}
}

func stopDatabase(w *world, d time.Duration) {
	if err := w.server.Stop(pgtest.Immediate); err != nil {
		w.t.Fatal(err)
	}
	w.pass(d)
	if err := w.server.Start(w.patiently()); err != nil {
		w.t.Fatal(err)
	}
	w.whole()
	w.pass(5 * time.Second)
}

func slowDatabase(w *world) {
	w.network.Delay(100 * time.Millisecond)
	w.pass(20 * time.Second)
	w.network.Delay(0)
}

func slowAndKilled(w *world) {
	w.network.Delay(100 * time.Millisecond)
	w.pass(5 * time.Second)
	killOne(w)
	w.pass(5 * time.Second)
	w.network.Delay(0)
}

func halfOpenDatabase(w *world) {
	w.network.Freeze()
	w.pass(15 * time.Second)
	w.network.Cut()
	w.pass(5 * time.Second)
	w.whole()
}

func cutDatabase(w *world) {
	for range 10 {
		w.network.Cut()
		w.pass(time.Second)
	}
}

func olderData(w *world) {
	copied := filepath.Join(w.t.TempDir(), "data")
	stopped := func(do func() error) {
		w.t.Helper()
		if err := w.server.Stop(pgtest.Immediate); err != nil {
			w.t.Fatal(err)
		}
		if err := do(); err != nil {
			w.t.Fatal(err)
		}
		if err := w.server.Start(w.patiently()); err != nil {
			w.t.Fatal(err)
		}
	}
	data := w.server.Folder()
	stopped(func() error { return copyAll(data, copied) })
	w.pass(8 * time.Second)
	killWorker(w, 0) // so that the older data say that somebody else does the work
	stopped(func() error { return errors.Join(os.RemoveAll(data), copyAll(copied, data)) })
	w.pass(10 * time.Second)
	w.whole()
}

// copyAll copies a folder with its owners and rights.
func copyAll(from, to string) error {
	if out, err := exec.Command("cp", "-a", from, to).CombinedOutput(); err != nil {
		return fmt.Errorf("%w: %s", err, out)
	}
	return nil
}

func forgottenInstance(w *world) {
	forgotten := &runs{w: w, number: len(w.replicas), env: append(w.tokens(), "FOOTNOTE_KNOWLEDGE="+village, "FOOTNOTE_STATE="+w.t.TempDir())}
	forgotten.start()
	w.pass(20 * time.Second)
	forgotten.quit()
	w.whole()
}

func moreShards(w *world) {
	w.guild.Recommend(4)
	w.shards = 4
	w.replicas[0].quit()
	w.replicas[0].start()
	w.ready()
	if err := w.guild.WaitLive(w.patiently(), 2, 0); err != nil {
		w.t.Errorf("the old shards are still there: %v", err)
	}
	w.pass(5 * time.Second)
}

func reloadOne(w *world) {
	r := w.replicas[0]
	pack := filepath.Join(strings.TrimPrefix(r.env[0], "FOOTNOTE_KNOWLEDGE="), "pack.yaml")
	text, err := os.ReadFile(pack)
	if err != nil {
		w.t.Fatal(err)
	}
	if err := os.WriteFile(pack, append(text, "# changed\n"...), 0o600); err != nil {
		w.t.Fatal(err)
	}
	r.signal(syscall.SIGHUP)
	r.log.Wait(w.t, "because=SIGHUP")
	w.pass(5 * time.Second)
}

// wrongClock puts the clock of the first process 10 minutes forward.
func wrongClock(replica int) []string {
	if replica == 0 {
		return []string{clockOff + "=10m"}
	}
	return nil
}
