//go:build unix

package main

import (
	"fmt"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"footnote/bot/store/pgtest"
)

// packFaults are what may happen while new packs are put on the disks of several processes. All
// go over to them, or none does; TestReplicasPacks plays them as TestReplicas does its own.
func packFaults() []fault {
	return []fault{
		{name: "new packs on one disk, then on all", options: worldOptions{replicas: 3}, short: "webhooks", play: packsOnOneDisk, longest: 3 * time.Second},
		{name: "new packs on all disks, one of them broken, then corrected", options: worldOptions{replicas: 3}, short: "polling", play: packsBrokenOnOneDisk, longest: 3 * time.Second},
		{name: scale("new packs on all disks, kill -9 of one while they go over, 6 times", "new packs on all disks, kill -9 of one while they go over"), options: worldOptions{replicas: 3}, short: "polling", play: killOverPacks, longest: takeover},
		{name: "new packs on two of three disks, kill -9 of the third, which starts again", options: worldOptions{replicas: 3}, short: "webhooks", play: killWhoLacksPacks, longest: takeover},
		{name: "all are restarted with new packs, one after the other", options: worldOptions{replicas: 3}, play: restartWithPacks, longest: 3 * time.Second},
		{name: "new packs on all disks, the database is stopped for 20 s meanwhile", options: worldOptions{replicas: 3}, play: packsWithoutDatabase},
	}
}

func TestReplicasPacks(t *testing.T) {
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
	for _, f := range packFaults() {
		for _, over := range []string{"polling", "webhooks"} {
			if !*longReplicas && !strings.Contains(f.short, over) {
				continue
			}
			t.Run(strings.NewReplacer(" ", "_", ",", "", ":", "").Replace(f.name)+"/"+over, func(t *testing.T) {
				f.options.webhooks = over == "webhooks"
				f.run(t, server, over)
			})
		}
	}
}

// write changes the year in the pack on the disk of a process; edition 0 is how it begins.
func (r *runs) write(from, to int) {
	r.w.t.Helper()
	change(r.w.t, filepath.Join(r.disk(), "facts.yaml"), fmt.Sprint("cast in ", 1712+from), fmt.Sprint("cast in ", 1712+to))
}

func (r *runs) disk() string { return strings.TrimPrefix(r.env[0], "FOOTNOTE_KNOWLEDGE=") }

var reloadedAt = regexp.MustCompile(`time=(\S+) level=INFO msg="pack reloaded"`)

// wentOver is when a process went over to new packs.
func (r *runs) wentOver() (all []time.Time) {
	for _, m := range reloadedAt.FindAllStringSubmatch(r.log.String(), -1) {
		at, err := time.Parse(time.RFC3339Nano, m[1])
		if err != nil {
			r.w.t.Fatal(err)
		}
		all = append(all, at)
	}
	return all
}

// goOver waits until each of some processes has gone over once more than it had before, and says
// how far apart they did.
func (w *world) goOver(before map[*runs]int, some ...*runs) {
	w.t.Helper()
	const apart = 2 * time.Second
	var first, last time.Time
	for _, r := range some {
		until(w.t, fmt.Sprint("process ", r.number, " goes over"), func() bool { return len(r.wentOver()) > before[r] })
		at := r.wentOver()[before[r]]
		if first.IsZero() || at.Before(first) {
			first = at
		}
		if at.After(last) {
			last = at
		}
	}
	w.t.Logf("%d processes went over within %v", len(some), last.Sub(first))
	if last.Sub(first) > apart {
		w.t.Errorf("%d processes went over %v apart", len(some), last.Sub(first))
	}
}

func (w *world) overs() map[*runs]int {
	n := map[*runs]int{}
	for _, r := range w.replicas {
		n[r] = len(r.wentOver())
	}
	return n
}

// stay lets time pass in which nobody may go over.
func (w *world) stay(d time.Duration) {
	w.t.Helper()
	before := w.overs()
	w.pass(d)
	for _, r := range w.replicas {
		if r.alive() && len(r.wentOver()) != before[r] {
			w.t.Errorf("process %d went over to packs that not all have", r.number)
		}
	}
}

func packsOnOneDisk(w *world) {
	before := w.overs()
	w.replicas[0].write(0, 1)
	for _, r := range w.replicas {
		r.log.Wait(w.t, "packs wait until every process has them")
	}
	w.stay(scale(20*time.Second, 5*time.Second))
	w.replicas[1].write(0, 1)
	w.stay(3 * time.Second)
	w.replicas[2].write(0, 1)
	w.goOver(before, w.replicas...)
}

func packsBrokenOnOneDisk(w *world) {
	before := w.overs()
	broken := w.replicas[1]
	change(w.t, filepath.Join(broken.disk(), "facts.yaml"), "status: attributed", "status: rumoured")
	for _, r := range w.replicas {
		r.write(0, 1)
	}
	broken.log.Wait(w.t, "packs could not be loaded")
	w.replicas[0].log.Wait(w.t, "rumoured") // the others know why
	w.stay(scale(20*time.Second, 5*time.Second))
	change(w.t, filepath.Join(broken.disk(), "facts.yaml"), "status: rumoured", "status: attributed")
	w.goOver(before, w.replicas...)
}

// killOverPacks kills one as soon as it has read the new packs: before it has said that it is ready,
// after that, or after all were.
func killOverPacks(w *world) {
	for i := range scale(6, 1) {
		before := w.overs()
		killed := w.worker(i)
		for _, r := range w.replicas {
			r.write(i, i+1)
		}
		until(w.t, "the new packs are read", func() bool { return strings.Count(killed.log.String(), "is to be answered from next") > before[killed] })
		w.pass(time.Duration(i) * 10 * time.Millisecond)
		killed.kill()
		began := time.Now()
		var others []*runs
		for _, r := range w.replicas {
			if r != killed {
				others = append(others, r)
			}
		}
		w.goOver(before, others...)
		w.t.Logf("the others went over %v after the kill", time.Since(began).Round(100*time.Millisecond))
		if took := time.Since(began); took > takeover {
			w.t.Errorf("one that was killed was waited for %v", took)
		}
		w.whole()
		killed.start()
		w.ready()
		w.pass(time.Second)
	}
}

// killWhoLacksPacks kills the one that the others wait for. It comes back with its old disk, and
// answers as they do.
func killWhoLacksPacks(w *world) {
	before := w.overs()
	third := w.worker(0)
	var others []*runs
	for _, r := range w.replicas {
		if r != third {
			others = append(others, r)
			r.write(0, 1)
		}
	}
	w.stay(3 * time.Second)
	third.kill()
	began := time.Now()
	w.goOver(before, others...)
	if took := time.Since(began); took > takeover {
		w.t.Errorf("one that was killed was waited for %v", took)
	}
	third.start()
	third.log.Wait(w.t, "other packs are on this disk than all processes answer from")
	w.ready()
	w.stay(3 * time.Second)
	third.write(0, 1)
	w.pass(2 * time.Second)
}

// restartWithPacks is a rolling restart: the last one that has the old packs takes them along.
func restartWithPacks(w *world) {
	for i, r := range w.replicas {
		before := w.overs()
		r.quit()
		r.write(0, 1)
		r.start()
		w.ready()
		if i < len(w.replicas)-1 {
			w.stay(2 * time.Second)
		} else {
			w.goOver(before, w.replicas[:i]...)
		}
	}
}

func packsWithoutDatabase(w *world) {
	before := w.overs()
	if err := w.server.Stop(pgtest.Immediate); err != nil {
		w.t.Fatal(err)
	}
	for _, r := range w.replicas {
		r.write(0, 1)
	}
	w.stay(20 * time.Second)
	if err := w.server.Start(w.patiently()); err != nil {
		w.t.Fatal(err)
	}
	w.goOver(before, w.replicas...)
	w.whole()
}
