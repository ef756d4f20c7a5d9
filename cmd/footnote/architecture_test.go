package main

import (
	"os"
	"path/filepath"
	"regexp"
	"testing"
)

// Every file and folder that ARCHITECTURE.md names is there.
func TestArchitectureNamesWhatExists(t *testing.T) {
	root := filepath.Join("..", "..")
	page, err := os.ReadFile(filepath.Join(root, "ARCHITECTURE.md"))
	if err != nil {
		t.Fatal(err)
	}
	names := regexp.MustCompile("`((?:answers|bot|cmd|knowledge)(?:/[a-z0-9_./-]+)?)`").FindAllStringSubmatch(string(page), -1)
	if len(names) < 30 {
		t.Errorf("ARCHITECTURE.md names %d places: is it still read right?", len(names))
	}
	for _, n := range names {
		if _, err := os.Stat(filepath.Join(root, filepath.FromSlash(n[1]))); err != nil {
			t.Errorf("ARCHITECTURE.md names %s, which is not there", n[1])
		}
	}
}
