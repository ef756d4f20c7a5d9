package main

import (
	"context"
	"io"
	"net/http"
	"net/http/cookiejar"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// footnote desk prints one address, which opens it, and ends when it is told to.
func TestDesk(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "pack")
	if err := os.CopyFS(dir, os.DirFS("../../knowledge/packs/neo-stalinism")); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	out, in := io.Pipe()
	var complaints strings.Builder
	ended := make(chan int, 1)
	go func() {
		ended <- run(ctx, []string{"desk", dir, "--no-browser"}, []string{"FOOTNOTE_MATCHER_ENCODER=off"}, stdio{In: strings.NewReader(""), Out: in, Err: &complaints})
		in.Close()
	}()
	line := make([]byte, 100)
	n, err := out.Read(line)
	if err != nil {
		t.Fatal(err)
	}
	address := strings.TrimSuffix(string(line[:n]), "\n")
	if !strings.HasPrefix(address, "http://127.0.0.1:") || len(address) < len("http://127.0.0.1:1/?t=")+32 || strings.Contains(address, "\n") {
		t.Errorf("%q", address)
	}
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	client := &http.Client{Jar: jar}
	defer client.CloseIdleConnections()
	get := func(at string) (int, string) {
		t.Helper()
		r, err := client.Get(at)
		if err != nil {
			t.Fatal(err)
		}
		defer r.Body.Close()
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Fatal(err)
		}
		return r.StatusCode, string(body)
	}
	root, token, _ := strings.Cut(address, "/?t=")
	if status, _ := get(root + "/"); status != http.StatusForbidden {
		t.Errorf("without the token: %d", status)
	}
	if status, page := get(address); status != http.StatusOK || !strings.Contains(page, "Neo-Stalinism") {
		t.Errorf("%d %s", status, page)
	}
	if _, page := get(root + "/p/1/fact/hafizullah-amin"); !strings.Contains(page, "On Telegram") || !strings.Contains(page, "hafizullah-amin · neo-stalinism") {
		t.Error("there is no preview", page)
	}
	if status, page := get(root + "/p/1/web/f/hafizullah-amin/"); status != http.StatusOK || !strings.Contains(page, "Hafizullah Amin") {
		t.Errorf("its page on the web: %d", status)
	}
	cancel()
	if code := <-ended; code != exitOK || strings.Contains(complaints.String(), token) {
		t.Errorf("it ends with %d: %s", code, complaints.String())
	}
}

// What is no folder is not offered a new pack in its place.
func TestDeskWritesIntoFolders(t *testing.T) {
	dir := inFolder(t, map[string]string{"pack.zip": "x", "facts.yaml": "facts: []\n"})
	for name, want := range map[string]string{"pack.zip": "is an archive", "facts.yaml": "is a file; name the folder of a pack"} {
		if _, errs, code := runFootnote(t, "", "desk", "--no-browser", filepath.Join(dir, name)); code != exitUsage || !strings.Contains(errs, want) {
			t.Errorf("%s: exit %d, %s", name, code, errs)
		}
	}
}

func TestDeskRefuses(t *testing.T) {
	short := filepath.Join(t.TempDir(), "short")
	if err := os.WriteFile(short, []byte("secret\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{
		{"--listen", "0.0.0.0:0"}, {"--listen", ":0"}, {"--listen", "192.0.2.1:0"}, {"--listen", "localhost.example:0"}, {"--listen", "nonsense"},
		{"--listen", "0.0.0.0:0", "--password-file", short}, {"--password-file", "nowhere"},
	} {
		var complaints strings.Builder
		code := run(t.Context(), append([]string{"desk", t.TempDir(), "--no-browser"}, args...), nil, stdio{In: strings.NewReader(""), Out: io.Discard, Err: &complaints})
		if code != exitUsage || complaints.Len() == 0 || strings.Contains(complaints.String(), "secret") {
			t.Errorf("%q: %d %s", args, code, complaints.String())
		}
	}
}
