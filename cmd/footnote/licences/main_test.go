package main

import (
	"compress/gzip"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

// The file holds the licence of every module in the program, of the version that is in it.
func TestThirdPartyIsCurrent(t *testing.T) {
	text, err := os.ReadFile("third-party.txt")
	if err != nil {
		t.Fatal(err)
	}
	modules, err := modulesOf("..", []string{runtime.GOOS})
	if err != nil {
		t.Fatal(err)
	}
	if len(modules) < 10 {
		t.Fatalf("%d modules", len(modules))
	}
	for _, m := range modules {
		files, err := licencesIn(m.dir)
		if err != nil || len(files) == 0 {
			t.Errorf("%s: %v, %v", m.path, files, err)
		}
		for _, f := range files {
			licence, err := os.ReadFile(filepath.Join(m.dir, f))
			if err != nil {
				t.Error(err)
			}
			if !strings.Contains(string(text), "\n"+strings.TrimSpace(m.path+" "+m.version)+": "+f+"\n") || !strings.Contains(string(text), clean(licence)) {
				t.Errorf("third-party.txt lacks %s of %s %s: go run ./cmd/footnote/licences", f, m.path, m.version)
			}
		}
	}
}

// What the repository itself says of licences is in the file as it stands.
func TestOwnNoticesAreCurrent(t *testing.T) {
	text, err := os.ReadFile("third-party.txt")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range own {
		notice, err := os.ReadFile(filepath.Join("../../..", f))
		if err != nil || !strings.Contains(string(text), clean(notice)) {
			t.Errorf("third-party.txt does not hold %s as it is: go run ./cmd/footnote/licences (%v)", f, err)
		}
	}
}

// What is in the program is the file.
func TestPackedIsCurrent(t *testing.T) {
	text, err := os.ReadFile("third-party.txt")
	if err != nil {
		t.Fatal(err)
	}
	f, err := os.Open("third-party.txt.gz")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := io.ReadAll(z); err != nil || string(got) != string(text) {
		t.Errorf("third-party.txt.gz is of another text: go run ./cmd/footnote/licences (%v)", err)
	}
}

// A module without a licence is told, and so is one that cannot be listed.
func TestNoLicence(t *testing.T) {
	if files, err := licencesIn(t.TempDir()); err != nil || len(files) != 0 {
		t.Errorf("%v, %v", files, err)
	}
	if _, err := thirdParty("../../..", "./nowhere", []string{runtime.GOOS}); err == nil {
		t.Error("a package that is not there")
	}
}
