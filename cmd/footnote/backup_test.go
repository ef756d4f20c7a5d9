package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"footnote/bot"
	"footnote/bot/ledger"
	"footnote/bot/store"
)

// A backup of a running bot is whole, private, and can be gone on from.
func TestBackup(t *testing.T) {
	dir := t.TempDir()
	state, file := filepath.Join(dir, "state"), filepath.Join(dir, "asked.db")
	env := []string{"FOOTNOTE_STATE=" + state, "FOOTNOTE_LEDGER_PATH=" + file}
	to := filepath.Join(dir, "backups", "today")
	if _, errOut, code := runWith(t, env, "", "backup", to); code != exitFailed || !strings.Contains(errOut, "nothing to copy") {
		t.Errorf("of nothing: exit %d, %s", code, errOut)
	}

	memory, err := store.Open(filepath.Join(state, stateFile))
	if err != nil {
		t.Fatal(err)
	}
	defer memory.Close()
	if err := memory.Set(t.Context(), "offset", "7"); err != nil {
		t.Fatal(err)
	}
	l, err := ledger.Open(file, ledger.Options{Words: true})
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	ann := bot.Person{Platform: "telegram", ID: "1"}
	if err := l.Allow(t.Context(), ann, true); err != nil {
		t.Fatal(err)
	}
	l.Record(t.Context(), bot.Record{ID: "q1", At: time.Now(), By: ann, Outcome: "declined", Words: "who stole the scrolls?"})

	out, errOut, code := runWith(t, env, "", "backup", to)
	if code != exitOK || errOut != "" || strings.Count(out, "\n") != 3 {
		t.Fatalf("exit %d, %q, %q", code, out, errOut)
	}
	for name := range strings.Lines(out) {
		if info, err := os.Stat(strings.TrimSpace(name)); err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%s: %v, %v", name, info, err)
		}
	}
	if left, _ := filepath.Glob(filepath.Join(dir, "backups", "*")); len(left) != 1 {
		t.Errorf("beside it lies %q", left)
	}
	if _, errOut, code := runWith(t, env, "", "backup", to); code != exitFailed || !strings.Contains(errOut, "is there already") {
		t.Errorf("a second time: exit %d, %s", code, errOut)
	}
	if _, _, code := runWith(t, env, "", "backup"); code != exitUsage {
		t.Errorf("without a folder: exit %d", code)
	}

	copied := filepath.Join(to, "asked.db")
	if all, err := ledger.Read(t.Context(), copied, time.Time{}); err != nil || len(all) != 1 || all[0].Words != "who stole the scrolls?" {
		t.Errorf("the copy holds %v, %v", all, err)
	}
	again, err := ledger.Open(copied, ledger.Options{Words: true})
	if err != nil {
		t.Fatal(err)
	}
	defer again.Close()
	if !again.Allows(ann) {
		t.Error("the copy's key tells nobody")
	}
	restored, err := store.Open(filepath.Join(to, stateFile))
	if err != nil {
		t.Fatal(err)
	}
	defer restored.Close()
	if v, err := restored.Get(t.Context(), "offset"); v != "7" || err != nil {
		t.Errorf("restored: %q, %v", v, err)
	}
}
