package main

import (
	"bufio"
	"context"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"footnote/bot/telegram/telegramtest"
)

// A sitting is somebody at a desk that runs as a program.
type sitting struct {
	t    *testing.T
	root string
	http *http.Client
}

// sit opens a desk on the village's pack.
func sit(t *testing.T, env []string, args ...string) *sitting {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "pack")
	if err := os.CopyFS(dir, os.DirFS(village)); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	out, in := io.Pipe()
	ended := make(chan int, 1)
	go func() {
		ended <- run(ctx, append([]string{"desk", dir, "--no-browser"}, args...), append([]string{"FOOTNOTE_MATCHER_ENCODER=off"}, env...), stdio{In: strings.NewReader(""), Out: in, Err: io.Discard})
		in.Close()
	}()
	address, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	s := &sitting{t: t, http: &http.Client{Jar: jar}}
	s.root, _, _ = strings.Cut(address, "/?t=")
	t.Cleanup(func() {
		s.http.CloseIdleConnections()
		cancel()
		<-ended
	})
	s.page(s.http.Get(strings.TrimSpace(address)))
	return s
}

func (s *sitting) page(r *http.Response, err error) string {
	s.t.Helper()
	if err != nil {
		s.t.Fatal(err)
	}
	defer r.Body.Close()
	body, err := io.ReadAll(r.Body)
	if err != nil || r.StatusCode != http.StatusOK {
		s.t.Fatalf("%s: %v %s", r.Status, err, body)
	}
	return string(body)
}

func (s *sitting) reports() string { return s.page(s.http.Get(s.root + "/p/1/reports")) }

// What is written to a running bot waits at the desk, and what is answered there comes to whoever
// wrote, once; of several processes one passes it on.
func TestReportsAtTheDesk(t *testing.T) {
	t.Parallel()
	t.Run("folder", func(t *testing.T) {
		t.Parallel()
		state := t.TempDir()
		reportsAtTheDesk(t, []string{"FOOTNOTE_STATE=" + state}, 1, nil, "--state", state)
	})
	t.Run("database", func(t *testing.T) {
		t.Parallel()
		env := databaseEnv(t, shared.Database(t))
		reportsAtTheDesk(t, env, 2, append(slices.Clone(env), "FOOTNOTE_CURATORS_DESK=true"))
	})
}

func reportsAtTheDesk(t *testing.T, env []string, processes int, deskEnv []string, deskArgs ...string) {
	peer := telegramtest.Start(t, telegramtest.Options{})
	ctx := patiently(t)
	for i := range processes {
		own := env
		if processes > 1 { // each has a folder of its own
			own = append(slices.Clone(env), "FOOTNOTE_STATE_LOCAL="+filepath.Join(t.TempDir(), string(rune('a'+i))))
		}
		s := startServe(t, slices.Concat(telegramEnv(peer), []string{"FOOTNOTE_CURATORS_DESK=true"}, own))
		t.Cleanup(func() { s.stop(); s.wait(t) })
	}
	ann := peer.Person("ann")
	peer.Say(ann, peer.Private(ann), known, nil)
	peer.Say(ann, peer.Private(ann), "/report It was a year later, see Moser, p. 99.", nil)
	sent, err := peer.WaitSent(ctx, 2)
	if err != nil || !strings.Contains(sent[1].Text, "Sent to the curators") {
		t.Fatalf("%+v, %v", sent, err)
	}
	desk := sit(t, deskEnv, deskArgs...)
	page := desk.reports()
	form := regexp.MustCompile(`action="(/p/1/reports/[a-z2-7]{10})"`).FindStringSubmatch(page)
	if form == nil || !strings.Contains(page, "It was a year later, see Moser, p. 99.") || strings.Contains(page, "Changed since") || !strings.Contains(page, "The fact says:") {
		t.Fatal(page)
	}
	if page := desk.page(desk.http.PostForm(desk.root+form[1], url.Values{"do": {"answer"}, "answer": {"Thank you, we add a note."}})); !strings.Contains(page, "on its way") {
		t.Error(page)
	}
	sent, err = peer.WaitSent(ctx, 3)
	if err != nil || !strings.Contains(sent[2].Text, "Thank you, we add a note.") || sent[2].Chat != peer.Private(ann).ID {
		t.Errorf("%+v, %v", sent, err)
	}
	for begun := time.Now(); !strings.Contains(desk.reports(), "No report waits."); {
		if time.Since(begun) > patience {
			t.Fatal("an answered report stays at the desk")
		}
	}
	peer.Say(ann, peer.Private(ann), "/help", nil)
	if sent, err = peer.WaitSent(ctx, 4); err != nil || !strings.Contains(sent[3].Text, "/ask") {
		t.Errorf("after the answer came %+v, %v", sent[3:], err)
	}
}
