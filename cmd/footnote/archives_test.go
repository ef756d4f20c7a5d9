package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"

	"footnote/bot/telegram/telegramtest"
)

// A packServer has archives at addresses, as any web server does.
type packServer struct {
	*httptest.Server
	mu    sync.Mutex
	files map[string][]byte
	asked map[string]int
}

func servePacks(t *testing.T) *packServer {
	s := &packServer{files: map[string][]byte{}, asked: map[string]int{}}
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.asked[r.URL.Path]++
		data, ok := s.files[r.URL.Path]
		if !ok {
			http.NotFound(w, r)
			return
		}
		_, _ = w.Write(data)
	}))
	t.Cleanup(s.Close)
	return s
}

func (s *packServer) put(path string, data []byte) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.files[path] = data
}

func (s *packServer) count(path string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.asked[path]
}

// archiveOf exports the pack in dir and returns the archive with its hash.
func archiveOf(t *testing.T, dir string) (file string, data []byte, hash string) {
	t.Helper()
	file = filepath.Join(t.TempDir(), "village.zip")
	var out, errs bytes.Buffer
	if code := run(t.Context(), []string{"export", "--format", "pack", "--out", file, dir}, nil, stdio{Out: &out, Err: &errs}); code != exitOK {
		t.Fatalf("export: %s", errs.String())
	}
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	_, hash, _ = strings.Cut(strings.TrimSpace(out.String()), hashMark)
	return file, data, hash
}

// changedVillage is a copy of the pack with another version.
func changedVillage(t *testing.T, from, to string) string {
	t.Helper()
	dir := t.TempDir()
	if err := os.CopyFS(dir, os.DirFS(village)); err != nil {
		t.Fatal(err)
	}
	name := filepath.Join(dir, "pack.yaml")
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, []byte(strings.Replace(string(text), from, to, 1)), 0o600); err != nil {
		t.Fatal(err)
	}
	return dir
}

func TestArchivesOfPacks(t *testing.T) {
	file, data, hash := archiveOf(t, village)
	if _, again, _ := archiveOf(t, village); !bytes.Equal(data, again) {
		t.Error("the same pack makes different archives")
	}
	server := servePacks(t)
	server.put("/village.zip", data)
	server.put("/moving.zip", data)
	server.put("/moving.zip.sha256", []byte(hash+"  moving.zip\n"))
	server.put("/untold.zip", data)
	server.put("/odd.zip", data)
	server.put("/odd.zip.sha256", []byte("<html>not found</html>"))
	server.put("/broken.zip", data[:len(data)/2])
	other := strings.Repeat("0", 64)
	cache := t.TempDir()
	for _, x := range []struct{ name, entry, want string }{
		{"a file", file, ""},
		{"a file with its hash", file + hashMark + hash, ""},
		{"an address", server.URL + "/village.zip" + hashMark + hash, ""},
		{"an address that tells its hash", server.URL + "/moving.zip", ""},
		{"another hash", file + hashMark + other, "the archive has the hash " + hash},
		{"another hash there", server.URL + "/village.zip" + hashMark + other, "the archive has the hash " + hash},
		{"half of it", server.URL + "/broken.zip" + hashMark + other, "is not there whole"},
		{"no hash", server.URL + "/untold.zip", "untold.zip.sha256 beside it: it cannot be fetched: the server says 404"},
		{"no hash in it", server.URL + "/odd.zip", "does not begin with its hash"},
		{"nobody there", "http://127.0.0.1:1/x.zip" + hashMark + other, "cannot be fetched"},
		{"no file", "nowhere.zip" + hashMark + other, "cannot be read"},
		{"no hash at all", file + hashMark + "12", "has a hash that is not 64"},
		{"http to elsewhere", "http://example.org/a.zip", "use https"},
		{"no archive", "https://example.org/pack", "is not the address of an archive"},
		{"with a password", "https://u:p@example.org/a.zip", "without user and password"},
	} {
		var out, errs bytes.Buffer
		args := []string{"ask", "--json", "--knowledge", x.entry, known}
		code := run(t.Context(), args, []string{"FOOTNOTE_MATCHER_CACHE=" + cache}, stdio{In: strings.NewReader(""), Out: &out, Err: &errs})
		switch {
		case x.want == "" && (code != exitOK || !strings.Contains(out.String(), "1712")):
			t.Errorf("%s: exit %d: %s%s", x.name, code, out.String(), errs.String())
		case x.want != "" && (code != exitUsage || !strings.Contains(errs.String(), x.want)):
			t.Errorf("%s: exit %d: %s, want %q", x.name, code, errs.String(), x.want)
		}
	}
	if n := server.count("/village.zip"); n != 1 { // of two entries, one of which is never right
		t.Errorf("an archive that is unpacked already was fetched %d times", n)
	}
	if kept, _ := os.ReadDir(filepath.Join(cache, "packs")); len(kept) != 1 {
		t.Errorf("%d folders are left for one archive", len(kept))
	}
}

// TestAddressesAreNotSplit: a variable takes several entries, and addresses have colons.
func TestAddressesAreNotSplit(t *testing.T) {
	c, problems := load("", fmt.Sprintf("FOOTNOTE_KNOWLEDGE=https://example.org:8443/a.zip?key=1%s%s, packs/a%cpacks/b", hashMark, strings.Repeat("a", 64), os.PathListSeparator))
	if len(problems) > 0 || len(c.Knowledge) != 3 || c.Knowledge[0] != "https://example.org:8443/a.zip?key=1"+hashMark+strings.Repeat("a", 64) {
		t.Errorf("%q, %v", c.Knowledge, problems)
	}
	p, err := parsePlace("https://example.org/a.zip?key=secret" + hashMark + "12")
	if err == nil || strings.Contains(err.Error(), "secret") {
		t.Errorf("%+v: %v", p, err)
	}
}

// TestServeFollowsAnArchive: what is put at the address is taken with SIGHUP, whole or not at
// all, and what is wrong with it is told.
func TestServeFollowsAnArchive(t *testing.T) {
	peer := telegramtest.Start(t, telegramtest.Options{})
	server := servePacks(t)
	put := func(dir string) {
		_, data, hash := archiveOf(t, dir)
		server.put("/v.zip", data)
		server.put("/v.zip.sha256", []byte(hash+"\n"))
	}
	put(village)
	s := startServe(t, append(telegramEnv(peer), "FOOTNOTE_KNOWLEDGE="+server.URL+"/v.zip", "FOOTNOTE_LISTEN=127.0.0.1:0"))
	at := s.address(t)
	s.log.Wait(t, "signed in to Telegram")
	s.log.Wait(t, "command menus set")

	put(changedVillage(t, "0.3.0", "0.4.0"))
	hangUp(t)
	s.log.Wait(t, `msg="pack reloaded" because=SIGHUP pack=village version=0.4.0`)

	server.put("/v.zip", []byte("half"))
	server.put("/v.zip.sha256", []byte(strings.Repeat("0", 64)))
	hangUp(t)
	s.log.Wait(t, "packs could not be loaded, answering from the ones before")
	ctx := patiently(t)
	ann := peer.Person("ann")
	peer.Say(ann, peer.Private(ann), "/about", nil)
	sent, err := peer.WaitSent(ctx, 1)
	if err != nil {
		t.Fatal(err)
	}
	contains(t, "Telegram", "/about", sent[0].Text, []string{"0.4.0", "was changed, or is not there whole"})
	_, text := get(t, at+"/metrics")
	contains(t, "HTTP", "/metrics", text, []string{
		`version="0.4.0"`, "footnote_packs_refused 1", `footnote_pack_reloads_total{outcome="refused"} 1`, `footnote_pack_reloads_total{outcome="taken"} 1`,
	})
	s.stop()
	s.wait(t)
}

func TestRenewed(t *testing.T) {
	_, data, hash := archiveOf(t, village)
	server := servePacks(t)
	server.put("/v.zip", data)
	server.put("/v.zip.sha256", []byte(hash))
	c := defaults()
	c.Knowledge, c.Matcher.Cache = []string{server.URL + "/v.zip"}, t.TempDir()
	if !follows(c) || !renewed(context.Background(), c) {
		t.Error("an archive that nobody has is no news")
	}
	if _, err := packFolders(t.Context(), c); err != nil {
		t.Fatal(err)
	}
	if renewed(context.Background(), c) {
		t.Error("an archive that is there is news")
	}
	server.put("/v.zip.sha256", []byte("oops"))
	if renewed(context.Background(), c) {
		t.Error("an address that tells no hash is news")
	}
}

func TestOldArchivesAreForgotten(t *testing.T) {
	cache := t.TempDir()
	for i := range keptArchives + 3 {
		if err := os.Mkdir(filepath.Join(cache, fmt.Sprintf("%064x", i)), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	forgetArchives(cache)
	if left, _ := os.ReadDir(cache); len(left) != keptArchives {
		t.Errorf("%d are left", len(left))
	}
}

// Several processes that start at once over one cache unpack the same archive, and none takes away
// what another has begun to read.
func TestArchivesAreUnpackedAtOnce(t *testing.T) {
	dir := t.TempDir()
	zip := filepath.Join(dir, "v.zip")
	if _, errs, code := runFootnote(t, "", "export", "--format", "pack", village, "--out", zip); code != exitOK {
		t.Fatal(errs)
	}
	data, err := os.ReadFile(zip)
	if err != nil {
		t.Fatal(err)
	}
	for round := range 10 {
		to := filepath.Join(dir, "packs", strconv.Itoa(round))
		begin := make(chan struct{})
		var all sync.WaitGroup
		for range 8 {
			all.Go(func() {
				<-begin
				at, err := unpack(data, "v.zip", to)
				for n := 0; n < 20 && err == nil; n++ {
					if !isWhole(at) {
						err = errors.New("what was unpacked is no longer whole")
					}
				}
				if err != nil {
					t.Error(err)
				}
			})
		}
		close(begin)
		all.Wait()
	}
}

// What somebody has changed where an archive is unpacked is not answered from: it is unpacked
// again. Nothing writes there by itself.
func TestUnpackedArchivesAreWhole(t *testing.T) {
	dir := t.TempDir()
	zip := filepath.Join(dir, "v.zip")
	if _, errs, code := runFootnote(t, "", "export", "--format", "pack", village, "--out", zip); code != exitOK {
		t.Fatal(errs)
	}
	c := defaults()
	c.Knowledge, c.Matcher.Cache = []string{zip}, filepath.Join(dir, "cache")
	facts := func() string {
		t.Helper()
		base, err := openBase(c)
		if err != nil {
			t.Fatal(err)
		}
		return filepath.Join(base.Packs[0].Dir, "facts.yaml")
	}
	first := facts()
	want := readText(t, first)
	for name, spoil := range map[string]func() error{
		"a changed file": func() error { return os.WriteFile(first, []byte(strings.ReplaceAll(want, "1712", "1812")), 0o600) },
		"one more": func() error {
			return os.WriteFile(filepath.Join(filepath.Dir(first), "eval.yaml"), []byte("x: ["), 0o600)
		},
		"one less": func() error { return os.Remove(first) },
		"nothing is known": func() error {
			return os.Remove(filepath.Join(dir, "cache", "packs", filepath.Base(filepath.Dir(filepath.Dir(first))), sumFile))
		},
	} {
		if err := spoil(); err != nil {
			t.Fatal(name, err)
		}
		if got := readText(t, facts()); got != want {
			t.Errorf("%s: %s", name, got)
		}
	}
	out, errs, code := runFootnote(t, "", "check", "--json", zip)
	if code != exitOK || !strings.Contains(out, zip+"/") && !strings.Contains(out, `"from":"`+zip) || strings.Contains(out, "/packs/") {
		t.Errorf("exit %d, %s%s", code, out, errs)
	}
	for _, args := range []string{"--apply --questions -", "--undo"} {
		if out, errs, code := runFootnote(t, "How high is it?\n", append([]string{"gaps", "--knowledge", zip}, strings.Fields(args)...)...); code != exitUsage || !strings.Contains(errs, "v.zip is an archive, and what is in it cannot be changed") {
			t.Errorf("gaps %s: exit %d, %s%s", args, code, out, errs)
		}
	}
}
