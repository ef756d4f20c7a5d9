package main

import (
	"context"
	"fmt"
	"os"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"footnote/bot/bottest"
	"footnote/bot/discord/discordtest"
	"footnote/bot/platform"
)

func TestShardsKey(t *testing.T) {
	for value, want := range map[string]int{"auto": 0, "Auto": 0, "1": 1, "63": 63, "0": -1, "-1": -1, "many": -1, "4097": -1} {
		c, problems := load("", "FOOTNOTE_DISCORD_SHARDS="+value)
		switch {
		case want >= 0 && (len(problems) > 0 || c.Discord.Shards != want):
			t.Errorf("%s: %d, %v", value, c.Discord.Shards, problems)
		case want < 0 && (len(problems) != 1 || !strings.Contains(problems[0].Message, "neither auto nor a whole number from 1 to")):
			t.Errorf("%s: %v", value, problems)
		}
	}
}

func TestPublicKeyKey(t *testing.T) {
	base := []string{"FOOTNOTE_DISCORD_TOKEN=" + discordtest.Token}
	key := strings.Repeat("0a", 32)
	for _, x := range []struct {
		env  []string
		want string
	}{
		{[]string{"FOOTNOTE_DISCORD_PUBLIC_KEY=" + key, "FOOTNOTE_LISTEN=:8080"}, ""},
		{[]string{"FOOTNOTE_DISCORD_PUBLIC_KEY=" + key}, "need the HTTP listener"},
		{[]string{"FOOTNOTE_DISCORD_PUBLIC_KEY=" + key[1:], "FOOTNOTE_LISTEN=:8080"}, "64 hexadecimal digits"},
	} {
		p := &program{env: append(base, x.env...), hide: func(platform.Secret) {}}
		o := options{checks: true}
		_, err := o.configure(p)
		switch {
		case x.want == "" && err != nil, x.want != "" && (err == nil || !strings.Contains(err.Error(), x.want)):
			t.Errorf("%s: %v, want %q", x.env, err, x.want)
		}
	}

	// A file that merely lies there does not decide whose commands are taken for Discord's.
	t.Chdir(t.TempDir())
	if err := os.WriteFile(configFile, []byte("listen: 127.0.0.1:8080\ndiscord: {public-key: \""+key+"\"}\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	o := options{checks: true}
	_, err := o.configure(&program{env: base, hide: func(platform.Secret) {}})
	if err == nil || !strings.Contains(err.Error(), "or who sends them") {
		t.Errorf("a file that nobody named sets a public key: %v", err)
	}
}

// TestServeInShardsOverHTTP asks one process, with two shards, by commands over HTTP and by
// messages over the gateway.
func TestServeInShardsOverHTTP(t *testing.T) {
	peer := discordtest.Start(t, discordtest.Options{Shards: 2, Concurrency: 2})
	s := startServe(t, append(discordEnv(peer), "FOOTNOTE_LISTEN=127.0.0.1:0", "FOOTNOTE_DISCORD_PUBLIC_KEY="+peer.PublicKey()))
	ctx := patiently(t)
	if err := peer.WaitLive(ctx, 2, 2); err != nil {
		t.Fatal(err)
	}
	if err := peer.PostTo(ctx, s.address(t)+"/discord/interactions"); err != nil {
		t.Fatal(err)
	}
	peer.Command("ann", "", "ask", "question", known)
	peer.Say(discordtest.Said{From: "bob", Channel: "#second", Guild: "second", Text: peer.At(known), Mentions: true})
	sent, err := peer.WaitSent(ctx, 2)
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range sent {
		contains(t, "Discord", known, p.Text, []string{"1712"})
	}
	s.stop()
	if code := s.wait(t); code != exitOK {
		t.Errorf("exit %d", code)
	}
}

// Two processes over one database share four shards, and any of them answers commands over
// HTTP. One is killed, then a third comes and the second is told to stop: each message on
// each shard has one answer, and no session is begun anew.
func TestShardsOverOneDatabase(t *testing.T) {
	if testing.Short() {
		t.Skip("a takeover takes its time")
	}
	t.Parallel() // it waits more than it works
	db := openTestDatabase(t, shared.Database(t))
	const shards = 4
	peer := discordtest.Start(t, discordtest.Options{Shards: shards, Concurrency: shards, IdentifyEvery: 5 * time.Second})
	ctx, cancel := context.WithTimeout(t.Context(), 2*bottest.Patience)
	t.Cleanup(cancel)
	env := append(discordEnv(peer), "FOOTNOTE_LISTEN=127.0.0.1:0", "FOOTNOTE_DISCORD_PUBLIC_KEY="+peer.PublicKey())
	start := func() (r *replicaProcess, url string) {
		t.Helper()
		r = startReplica(t, db, slices.Clone(env))
		until(t, "the way of interactions", func() bool { return r.log.Says("come over HTTP") })
		_, address, _ := strings.Cut(r.log.String(), `msg="listening for HTTP" address=`)
		address, _, _ = strings.Cut(address, "\n")
		return r, "http://" + strings.TrimSpace(address) + "/discord/interactions"
	}
	ok := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	asked := 0
	ask := func(who string) { // on every shard, and once by a command
		for i := range shards {
			guild := fmt.Sprint("guild ", i)
			peer.Say(discordtest.Said{From: who, Channel: "#of " + guild, Guild: guild, Text: peer.At(known), Mentions: true})
		}
		peer.Command(who, "", "ask", "question", known)
		asked += shards + 1
	}
	answered := func() {
		t.Helper()
		all, err := peer.WaitSent(ctx, asked)
		ok(err)
		if len(all) != asked {
			t.Errorf("%d replies to %d messages", len(all), asked)
		}
	}
	a, urlA := start()
	ok(peer.WaitLive(ctx, shards, shards))
	b, urlB := start()
	ok(peer.PostTo(ctx, urlA, urlB))
	until(t, "a share of the second", func() bool { return b.log.Says("lease=discord/4/") })
	ask("ann")
	answered()
	until(t, "the settled claims", func() bool { return db.count(t, "claim WHERE settled") == asked })
	until(t, "where the sessions stand", func() bool { return db.count(t, "lease WHERE name LIKE 'discord/4/%' AND note <> ''") == shards })

	ok(peer.PostTo(ctx, urlB)) // the balancer has noticed
	killed := time.Now()
	ok(a.cmd.Process.Kill())
	ask("bob")
	answered()
	t.Logf("all shards were answered %v after the kill", time.Since(killed).Round(time.Millisecond))

	_, urlC := start()
	ok(peer.PostTo(ctx, urlC))
	stopped := time.Now()
	ok(b.cmd.Process.Signal(syscall.SIGTERM))
	ask("cid")
	answered()
	t.Logf("and %v after the signal to stop", time.Since(stopped).Round(time.Millisecond))
	identifies, resumes := peer.Logins()
	if identifies != shards {
		t.Errorf("%d Identifies for %d shards", identifies, shards)
	}
	t.Logf("%d Identifies, %d Resumes", identifies, resumes)
}
