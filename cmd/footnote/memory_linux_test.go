//go:build !race

package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"footnote/bot/telegram/telegramtest"
)

var (
	memoryFacts      = flag.Int("memory.facts", 250, "facts of the pack of TestMemoryOfLearning")
	memoryUnanswered = flag.Int("memory.unanswered", 0, "and the questions of its unanswered.yaml")
)

// statusOf is a line of a process's status, in MB.
func statusOf(t *testing.T, pid int, name string) float64 {
	t.Helper()
	for line := range strings.Lines(readText(t, fmt.Sprintf("/proc/%d/status", pid))) {
		if rest, ok := strings.CutPrefix(line, name+":"); ok {
			var kb float64
			if _, err := fmt.Sscan(rest, &kb); err != nil {
				t.Fatal(err)
			}
			return kb / 1024
		}
	}
	t.Fatalf("no %s", name)
	return 0
}

// What serve has resident with the pack inside the program: idle, once it has made what questions
// in other languages need; answering in English; and in other languages too. The test program is
// larger than the program.
//
//	go test ./cmd/footnote -run TestMemoryOfServe -v -long
func TestMemoryOfServe(t *testing.T) {
	onlyLong(t)
	t.Parallel()                                     // what is measured is another process
	const idle, working, workingInAll = 60, 150, 190 // MB
	f := telegramFront(t, 20, 0)
	f.neverTheSame()
	x := f.serve(t, "on")
	resident := func() string {
		pid := x.Process.Pid
		return fmt.Sprintf("%.0f MB, of which %.0f are its own and %.0f of its file", statusOf(t, pid, "VmRSS"), statusOf(t, pid, "RssAnon"), statusOf(t, pid, "RssFile"))
	}
	_, state, _ := strings.Cut(x.Env[0], "=")
	until(t, "what other languages need", func() bool { return exists(filepath.Join(state, "learned", "texts.vectors")) })
	until(t, "an idle bot of 60 MB", func() bool { return statusOf(t, x.Process.Pid, "VmRSS") <= idle })
	t.Log("idle:", resident())
	f.crowd.Questions = examination(t)
	f.crowd.Ask(t, 300, 20)
	t.Log("answering:", resident())
	if mb := statusOf(t, x.Process.Pid, "VmHWM"); mb > working {
		t.Errorf("answering in English it took %.0f MB, at most %d", mb, working)
	}
	f.crowd.Questions = []string{"Wer gründete Memorial?", "Кто такой Солженицын?", "Qu'est-ce que le néo-stalinisme ?", "¿Cuándo murió Stalin?"}
	f.crowd.Ask(t, 60, 20)
	t.Log("in other languages too:", resident())
	if mb := statusOf(t, x.Process.Pid, "VmHWM"); mb > workingInAll {
		t.Errorf("answering in all languages it took %.0f MB, at most %d", mb, workingInAll)
	}
}

// Learning a pack and reading it again need at most some two times the memory that the
// bot idles with.
//
//	go test ./cmd/footnote -run TestMemoryOfLearning -v -long -memory.facts 2000
func TestMemoryOfLearning(t *testing.T) {
	onlyLong(t)
	t.Parallel() // what is measured is another process
	dir := generatedPack(t, *memoryFacts, 300, *memoryUnanswered)
	peer := telegramtest.Start(t, telegramtest.Options{})
	ctx, cancel := context.WithTimeout(t.Context(), time.Duration(1+*memoryFacts/200)*patience)
	defer cancel()
	cmd, out := processUntil(ctx, t, append(telegramEnv(peer), "FOOTNOTE_KNOWLEDGE="+dir, "FOOTNOTE_MATCHER_CACHE="+t.TempDir()), "serve")
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	await := func(what string) {
		t.Helper()
		for ; !strings.Contains(out.String(), what); time.Sleep(50 * time.Millisecond) {
			if ctx.Err() != nil || strings.Contains(out.String(), "could not be loaded") {
				t.Fatalf("%q did not come", what)
			}
		}
		time.Sleep(500 * time.Millisecond) // what is no longer needed is given back
	}
	pid := cmd.Process.Pid
	const most = 2.5 // the aim is 2; machines differ
	await("the packs are learned")
	idle, peak := statusOf(t, pid, "VmRSS"), statusOf(t, pid, "VmHWM")
	t.Logf("%d facts: %.0f MB idle, %.0f MB at most while it learned, %.2f times", *memoryFacts, idle, peak, peak/idle)
	if peak > most*idle {
		t.Errorf("learning takes %.0f MB, idle are %.0f MB", peak, idle)
	}
	if err := os.WriteFile(fmt.Sprintf("/proc/%d/clear_refs", pid), []byte("5"), 0); err != nil { // the peak begins anew
		t.Log(err)
	}
	change(t, filepath.Join(dir, "facts.yaml"), "id: fact-0\n", "id: fact-zero\n")
	await("pack reloaded")
	again, peak := statusOf(t, pid, "VmRSS"), statusOf(t, pid, "VmHWM")
	t.Logf("%.0f MB idle, %.0f MB at most while it read the pack again, %.2f times", again, peak, peak/idle)
	if peak > most*idle {
		t.Errorf("a reload takes %.0f MB, idle are %.0f MB", peak, idle)
	}
	if again > 1.25*idle {
		t.Errorf("after a reload %.0f MB are held, before it %.0f MB", again, idle)
	}
	if err := cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if code := exitCode(t, cmd); code != exitOK {
		t.Errorf("exit %d", code)
	}
}
