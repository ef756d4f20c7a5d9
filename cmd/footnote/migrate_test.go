package main

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"footnote/bot"
	"footnote/bot/cluster/pgcluster"
	"footnote/bot/ledger"
	"footnote/bot/store"
	"footnote/bot/store/pgtest"
	"footnote/bot/telegram/telegramtest"
)

var (
	annOfTests = bot.Person{Platform: "telegram", ID: "4711"}
	bobOfTests = bot.Person{Platform: "telegram", ID: "4712"}
	hallTest   = bot.Place{Platform: "telegram", Chat: "-1004711"}
)

// filledState is a folder with a state and a ledger of every kind of thing.
func filledState(t *testing.T) (folder string, secret []byte) {
	t.Helper()
	folder, ctx := t.TempDir(), t.Context()
	s, err := store.Open(filepath.Join(folder, stateFile))
	if err != nil {
		t.Fatal(err)
	}
	if secret, err = store.Secret(filepath.Join(folder, stateKey)); err != nil {
		t.Fatal(err)
	}
	l, err := ledger.Open(filepath.Join(folder, ledgerFile), ledger.Options{Words: true})
	if err != nil {
		t.Fatal(err)
	}
	for _, err := range []error{
		s.In("telegram").Set(ctx, "offset", "4@99"), s.In("discord").Set(ctx, "session", "{\x00}"),
		store.Keyed(s.In("settings"), secret).Set(ctx, "person telegram 4711", "de"),
		store.Sealed(s.In("unanswered"), secret).Set(ctx, "messages", `[{"p":"telegram","c":"4711","i":"7","d":true,"s":"`+time.Now().UTC().Format(time.RFC3339)+`"}]`),
		l.Allow(ctx, annOfTests, true), l.AllowIn(ctx, hallTest, true),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	for i, r := range []bot.Record{
		{ID: "q1", By: annOfTests, Outcome: "declined", Near: []string{"a", "b"}, Packs: "village 1", Confidence: .25, Margin: .125, Words: "who stole the scrolls?"},
		{ID: "q2", By: bobOfTests, Outcome: "answered", Fact: "a", Words: "bob allowed nothing"},
		{ID: "q3", By: bobOfTests, In: hallTest, Outcome: "choices", Words: "asked in the hall"},
	} {
		r.At = time.Now().Add(time.Duration(i-10) * time.Minute)
		l.Record(ctx, r)
	}
	l.Picked(ctx, "q3", "b")
	l.Judged(ctx, "q2", annOfTests, bot.Helpful)
	if err := errors.Join(s.Close(), l.Close()); err != nil {
		t.Fatal(err)
	}
	return folder, secret
}

// Everything is found in the database as it was in the folder, under the same codes, and a
// serve goes on with it.
func TestMigrate(t *testing.T) {
	t.Parallel() // it waits more than it works
	folder, secret := filledState(t)
	before, err := ledger.Read(t.Context(), filepath.Join(folder, ledgerFile), time.Time{})
	if err != nil {
		t.Fatal(err)
	}
	db := openTestDatabase(t, shared.Database(t))
	password := shared.Server(t).Password()
	address := write(t, "address", db.address)

	out, errOut, code := runWith(t, nil, "", "migrate", "--from", folder, "--to-file", address, "--dry-run")
	if code != exitOK || !strings.Contains(out, "Would move") || !strings.Contains(out, "3 questions of the ledger, 2 with their words") {
		t.Errorf("dry: exit %d, %s%s", code, out, errOut)
	}
	var tables int
	if err := db.Pool().QueryRow(t.Context(), "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'").Scan(&tables); tables != 0 || err != nil {
		t.Errorf("a dry run has made %d tables, %v", tables, err)
	}
	out, errOut, code = runWith(t, nil, "", "migrate", "--from", folder, "--to", db.address)
	for _, want := range []string{"1 values of settings", "1 values of telegram", "1 messages that wait for their answer", "3 questions of the ledger, 2 with their words", "1 judgements", "2 people and places", filepath.Join(folder, stateKey)} {
		if !strings.Contains(out, want) {
			t.Errorf("exit %d, %s%s, want %q", code, out, errOut, want)
		}
	}
	if strings.Contains(out+errOut, password) {
		t.Error("the password is shown")
	}

	after, err := ledger.ReadShared(t.Context(), db.DB, time.Time{})
	if err != nil || len(after) != len(before) {
		t.Fatal(after, err)
	}
	for i := range before {
		a, b := before[i], after[i]
		if !a.At.Equal(b.At) || a.Who != b.Who || a.Words != b.Words || a.Fact != b.Fact || a.Picked != b.Picked || a.Said[bot.Helpful] != b.Said[bot.Helpful] ||
			strings.Join(a.Near, " ") != strings.Join(b.Near, " ") || a.Confidence != b.Confidence || a.Margin != b.Margin || a.Packs != b.Packs || a.Outcome != b.Outcome {
			t.Errorf("before %+v\nafter  %+v", a, b)
		}
	}
	s := store.Shared(db.DB)
	for key, x := range map[string]struct {
		kv   bot.Store
		want string
	}{
		"offset": {s.In("telegram"), "4@99"}, "session": {s.In("discord"), "{\x00}"},
		"person telegram 4711": {store.Keyed(s.In("settings"), secret), "de"},
	} {
		if got, err := x.kv.Get(t.Context(), key); got != x.want || err != nil {
			t.Errorf("%s: %q, %v", key, got, err)
		}
	}
	waiting, err := pgcluster.NewUnanswered(db.DB, secret, "the next").Adopt(t.Context())
	if err != nil || len(waiting) != 1 || !strings.Contains(fmt.Sprint(waiting), `"c":"4711"`) {
		t.Errorf("messages without an answer: %v, %v", waiting, err)
	}
	l, err := ledger.OpenShared(db.DB, secret, ledger.Options{Words: true})
	if err != nil {
		t.Fatal(err)
	}
	if !l.Allows(annOfTests) || l.Allows(bobOfTests) || !l.AllowsIn(hallTest) {
		t.Error("who allowed what is lost")
	}
	if err := l.Forget(t.Context(), annOfTests); err != nil {
		t.Fatal(err)
	}
	if all := db.dump(t); strings.Contains(all, "scrolls") || !strings.Contains(all, "asked in the hall") {
		t.Errorf("after Ann is forgotten: %s", all)
	}
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}

	if _, errOut, code := runWith(t, nil, "", "migrate", "--from", folder, "--to-file", address); code != exitFailed || !strings.Contains(errOut, "holds something already") {
		t.Errorf("a second time: exit %d, %s", code, errOut)
	}
	peer := telegramtest.Start(t, telegramtest.Options{})
	served := startServe(t, append(telegramEnv(peer), "FOOTNOTE_STATE="+db.address, "FOOTNOTE_STATE_KEY_FILE="+filepath.Join(folder, stateKey), "FOOTNOTE_STATE_LOCAL="+t.TempDir()))
	ann := peer.Person("ann")
	peer.Say(ann, peer.Private(ann), known, nil)
	if _, err := peer.WaitSent(patiently(t), 1); err != nil {
		t.Fatal(err)
	}
	served.stop()
	if code := served.wait(t); code != exitOK {
		t.Errorf("exit %d", code)
	}
}

// What fails moves nothing, and can be tried again.
func TestMigrateFails(t *testing.T) {
	folder, _ := filledState(t)
	db := openTestDatabase(t, shared.Database(t))
	server := shared.Server(t)
	to := func(more ...string) []string {
		return append([]string{"migrate", "--from", folder, "--to", db.address}, more...)
	}
	fails := func(name, want string, env []string, args ...string) {
		t.Helper()
		out, errOut, code := runWith(t, env, "", args...)
		if code == exitOK || !strings.Contains(errOut, want) || strings.Contains(out+errOut, server.Password()) || strings.Contains(out+errOut, "hunter2") {
			t.Errorf("%s: exit %d, %s%s, want %q", name, code, out, errOut, want)
		}
		var tables int
		if err := db.Pool().QueryRow(t.Context(), "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'").Scan(&tables); tables != 0 || err != nil {
			t.Errorf("%s: %d tables are there, %v", name, tables, err)
		}
	}
	fails("nowhere", "name the database", nil, "migrate", "--from", folder)
	fails("no state", "nothing to move", nil, "migrate", "--from", t.TempDir(), "--to", db.address)
	fails("no ledger", "there is no ledger", nil, to("--ledger", "nowhere.db")...)
	fails("two", "give one", nil, to("--to-file", "x")...)
	fails("no address", "looks like postgres://", nil, "migrate", "--from", folder, "--to", "postgres://u:hunter2/hunter2@h/x")
	fails("password", "refuses the password", nil, "migrate", "--from", folder, "--to", strings.Replace(db.address, server.Password(), "hunter2", 1))
	fails("another key", "another one than the folder's", []string{"FOOTNOTE_STATE_KEY=" + stateSecret64}, to()...)
	free, err := occupy(folder)
	if err != nil {
		t.Fatal(err)
	}
	fails("serve runs", "stop it first", nil, to()...)
	free()

	path := filepath.Join(folder, ledgerFile)
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, append(bytes.Clone(whole[:3*4096]), bytes.Repeat([]byte{0xa5}, len(whole)-3*4096)...), 0o600); err != nil {
		t.Fatal(err)
	}
	fails("damaged ledger", "damaged", nil, to()...)
	if err := os.WriteFile(path, whole, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := server.Stop(pgtest.Fast); err != nil {
		t.Fatal(err)
	}
	_, errOut, code := runWith(t, nil, "", to()...)
	if err := server.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	if code != exitFailed || !strings.Contains(errOut, "cannot be reached") {
		t.Errorf("no server: exit %d, %s", code, errOut)
	}
	if out, errOut, code := runWith(t, nil, "", to()...); code != exitOK || !strings.Contains(out, "Moved into") {
		t.Errorf("at last: exit %d, %s%s", code, out, errOut)
	}
}
