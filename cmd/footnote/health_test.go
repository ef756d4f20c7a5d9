package main

import (
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"footnote/bot"
	"footnote/bot/discord/discordtest"
	"footnote/bot/telegram/telegramtest"
)

// An operator, and a container's health check, ask a running serve how it is.
func TestHealthcheck(t *testing.T) {
	t.Parallel() // it waits more than it works
	peer, guild := telegramtest.Start(t, telegramtest.Options{}), discordtest.Start(t, discordtest.Options{})
	ctx := patiently(t)
	env := append(append(telegramEnv(peer), discordEnv(guild)...), "FOOTNOTE_STATE="+t.TempDir())
	out, errOut, code := runWith(t, env, "", "healthcheck")
	if code != exitFailed || out != "" || !strings.HasPrefix(errOut, "footnote: no serve answers in the state folder ") {
		t.Errorf("before it runs: exit %d, %q, %q", code, out, errOut)
	}

	s := startServe(t, env)
	until := func(what string, ok func(health) bool) health {
		t.Helper()
		for {
			var h health
			out, _, _ := runWith(t, env, "", "healthcheck", "--json")
			if err := json.Unmarshal([]byte(out), &h); err == nil && ok(h) {
				return h
			}
			select {
			case <-time.After(10 * time.Millisecond):
			case <-ctx.Done():
				t.Fatalf("%s: %s", what, out)
			}
		}
	}
	until("connected", func(h health) bool { return h.Healthy && len(h.Platforms) == 2 })
	out, errOut, code = runWith(t, env, "", "healthcheck")
	if lines := strings.Split(out, "\n"); code != exitOK || errOut != "" || len(lines) != 4 || !strings.Contains(lines[0], "running since 20") ||
		!strings.HasPrefix(lines[1], "discord connected since 20") || !strings.HasPrefix(lines[2], "telegram connected since 20") {
		t.Errorf("exit %d, %q, %q", code, out, errOut)
	}

	guild.Script(func(c *discordtest.Conn) { <-c.Done() }) // a gateway that says nothing
	guild.Drop()
	until("cut off", func(h health) bool {
		return !h.Healthy && !h.Platforms["discord"].Connected && h.Platforms["telegram"].Connected
	})
	out, errOut, code = runWith(t, env, "", "healthcheck")
	if code != exitFailed || errOut != "" || !strings.Contains(out, "\ndiscord not connected since 20") || strings.Contains(out, guild.Token) {
		t.Errorf("cut off: exit %d, %q, %q", code, out, errOut)
	}

	peer.Fail("getUpdates", telegramtest.Fault{Page: &telegramtest.Page{Status: 502, Body: "<html>"}})
	peer.CutPoll()
	until("Telegram down", func(h health) bool { return !h.Platforms["telegram"].Connected })
	until("Telegram back", func(h health) bool { return h.Platforms["telegram"].Connected })
	s.stop()
	if code := s.wait(t); code != exitOK {
		t.Errorf("exit %d", code)
	}
	if _, _, code := runWith(t, env, "", "healthcheck"); code != exitFailed {
		t.Errorf("after it stopped: exit %d", code)
	}
}

type silent struct{ bot.Adapter }

// What stands in the way of the socket.
func TestHealthSocket(t *testing.T) {
	var b strings.Builder
	log := slog.New(slog.NewTextHandler(&b, nil))
	dir, err := os.MkdirTemp("", "h") // a short one: a socket's path may not be long
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })

	left, err := net.Listen("unix", filepath.Join(dir, healthSocket))
	if err != nil {
		t.Fatal(err)
	}
	left.(*net.UnixListener).SetUnlinkOnClose(false)
	left.Close() // as a killed program does
	r := newReporter()
	stop, err := serveHealth(dir, r, log)
	if err != nil {
		t.Fatal(err)
	}
	if h, err := askHealth(dir); err != nil || h.Healthy || h.State != stateStarting || h.Doing != "loading the packs" {
		t.Errorf("at the start: %+v, %v", h, err)
	}
	how := newProgress(nil)
	how.count(12, 300)
	r.learns(how)
	if h, err := askHealth(dir); err != nil || h.Doing != "learning the packs, 12 of 300 texts" {
		t.Errorf("while it learns: %+v, %v", h, err)
	}
	r.connects([]bot.Adapter{silent{}})
	if h, err := askHealth(dir); err != nil || !h.Healthy || len(h.Platforms) != 0 {
		t.Errorf("%+v, %v", h, err)
	}
	if info, err := os.Stat(filepath.Join(dir, healthSocket)); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", info, err)
	}
	if _, err := serveHealth(dir, newReporter(), log); !errors.Is(err, errOccupied) {
		t.Errorf("a second one: %v", err)
	}
	var trouble atomic.Value
	trouble.Store("the disk is full")
	r.watch(func() string { return trouble.Load().(string) })
	if h, err := askHealth(dir); err != nil || !h.Healthy || h.State != stateDegraded || len(h.Degraded) != 1 {
		t.Errorf("%+v, %v", h, err)
	}
	trouble.Store("")
	if h, err := askHealth(dir); err != nil || h.State != stateHealthy || h.Degraded != nil {
		t.Errorf("%+v, %v", h, err)
	}
	stop()

	other, err := net.Listen("unix", filepath.Join(dir, healthSocket))
	if err != nil {
		t.Fatal(err)
	}
	defer other.Close()
	go func() {
		for {
			c, err := other.Accept()
			if err != nil {
				return
			}
			_, _ = io.WriteString(c, "hello")
			c.Close()
		}
	}()
	if _, err := askHealth(dir); err == nil || !strings.Contains(err.Error(), "does not say how it is") {
		t.Errorf("another program: %v", err)
	}
}

func TestPrintHealth(t *testing.T) {
	at := time.Date(2026, 11, 25, 21, 0, 0, 0, time.FixedZone("", 3600))
	var b strings.Builder
	err := printHealth(&b, health{Version: "1.0.0", Since: at, Platforms: map[string]bot.Status{
		"telegram": {}, "discord": {Since: at, Why: "closed by Discord with code 4000 ()"},
	}, Degraded: []string{"the ledger cannot be written"}})
	want := "footnote 1.0.0, running since 2026-11-25 20:00:00 UTC\n" +
		"discord not connected since 2026-11-25 20:00:00 UTC: closed by Discord with code 4000 ()\ntelegram not connected yet\ndegraded: the ledger cannot be written\n"
	if b.String() != want || err != nil {
		t.Errorf("%q, %v", &b, err)
	}
}
