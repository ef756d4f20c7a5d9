package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// A version is recorded, the pack changes, and a quotation of the old answer is still known.
func TestVersionsAreRecordedAndVerified(t *testing.T) {
	files := map[string]string{}
	for _, name := range []string{"pack.yaml", "sources.yaml", "facts.yaml"} {
		files[name] = readText(t, filepath.Join(village, name))
	}
	dir := inFolder(t, files)
	run := func(code int, want string, args ...string) {
		t.Helper()
		out, errs, got := runFootnote(t, "", args...)
		if got != code || !strings.Contains(out+errs, want) {
			t.Errorf("%q: %d\n%s%s\nwant %d and %q", args, got, out, errs, code, want)
		}
	}
	change := func(name, old, with string) {
		t.Helper()
		files[name] = strings.Replace(files[name], old, with, 1)
		if err := os.WriteFile(filepath.Join(dir, name), []byte(files[name]), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	const was, is = "The great bell was cast in 1712.", "The great bell was cast in 1721."
	run(0, "3 facts", "new", "version", dir)
	run(0, "is recorded already", "new", "version", dir)
	run(0, "Yes: bell-cast (village) says so, in version 0.3.0.", "verify", "--knowledge", dir, was)
	change("facts.yaml", was, is)
	run(1, "write a higher version", "new", "version", dir)
	run(0, "0.3.0 has been recorded in versions.jsonl, and other words stand by now in bell-cast; raise", "check", dir)
	change("pack.yaml", "0.3.0", "0.4.0")
	run(0, "1 fact ", "new", "version", dir)
	run(0, "then: "+was+"\n    now:  "+is, "verify", "--knowledge", dir, was)
	run(0, "says so, in version 0.4.0", "verify", "--knowledge", dir, "https://example.org/f/bell-cast/")
	run(0, "said so in version 0.3.0", "verify", "--knowledge", dir, "bell-cast@0.3.0")
	run(1, "comes nearest", "verify", "--knowledge", dir, "The great bell was cast in 1799.")
	run(1, "No pack says that", "verify", "--knowledge", dir, "Something else altogether was said.")
	run(2, "nothing to verify", "verify", "--knowledge", dir, " ")
	if err := os.WriteFile(filepath.Join(dir, "versions.jsonl"), []byte("{}\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	run(1, "versions.jsonl:1:1: the line cannot be read", "check", dir)
}
