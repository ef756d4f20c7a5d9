package main

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"footnote/bot/platform"
	"footnote/bot/postgres"
	"footnote/bot/store/pgtest"
	"footnote/bot/telegram/telegramtest"
)

// shared is the PostgreSQL of these tests.
var shared pgtest.Shared

var stateSecret64 = strings.Repeat("0123456789abcdef", 4)

// databaseEnv is what a serve with a database of its own is told.
func databaseEnv(t *testing.T, address string) []string {
	return []string{
		"FOOTNOTE_STATE=" + address, "FOOTNOTE_STATE_KEY=" + stateSecret64, "FOOTNOTE_STATE_LOCAL=" + t.TempDir(),
		"FOOTNOTE_LEDGER_PATH=state", "FOOTNOTE_LEDGER_QUESTIONS=on",
	}
}

// A testDatabase is an open database that a test looks into.
type testDatabase struct {
	*postgres.DB
	address string
}

func openTestDatabase(t *testing.T, address string) testDatabase {
	t.Helper()
	db, err := postgres.Open(platform.NewSecret(address))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(db.Close)
	return testDatabase{db, address}
}

// dump is the text of every row.
func (db testDatabase) dump(t *testing.T) string {
	t.Helper()
	var all strings.Builder
	for _, table := range []string{"kv", "meta", "asked", "judged", "allowed", "forgotten", "lease", "member", "claim", "unanswered", "turn", "agreement"} {
		var rows string
		if err := db.Pool().QueryRow(t.Context(), "SELECT coalesce(string_agg(x::text, chr(10)), '') FROM "+table+" AS x").Scan(&rows); err != nil {
			t.Fatal(err)
		}
		all.WriteString(table + "\n" + rows + "\n")
	}
	return all.String()
}

// A serve whose database is not there yet says so, to the log and to healthcheck, and goes
// on when it comes. While it is away later, healthcheck says that too. No password is seen.
func TestServeWaitsForItsDatabase(t *testing.T) {
	server, address := shared.Server(t), shared.Database(t)
	peer := telegramtest.Start(t, telegramtest.Options{})
	env := append(telegramEnv(peer), databaseEnv(t, address)...)
	if err := server.Stop(pgtest.Fast); err != nil {
		t.Fatal(err)
	}
	running := true
	defer func() {
		if !running {
			_ = server.Start(context.Background())
		}
	}()
	running = false
	s := startServe(t, env)
	ctx := patiently(t)
	s.log.Wait(t, "the database cannot be reached")
	out, _, code := runWith(t, env, "", "healthcheck")
	if code != exitFailed || !strings.Contains(out, "waiting for the database") {
		t.Errorf("healthcheck: exit %d, %s", code, out)
	}
	if err := server.Start(ctx); err != nil {
		t.Fatal(err)
	}
	running = true
	ann := peer.Person("ann")
	peer.Say(ann, peer.Private(ann), known, nil)
	if _, err := peer.WaitSent(ctx, 1); err != nil {
		t.Fatal(err)
	}
	if out, errOut, code := runWith(t, env, "", "healthcheck", "--strict"); code != exitOK {
		t.Errorf("healthcheck: exit %d, %s%s", code, out, errOut)
	}
	if err := server.Stop(pgtest.Immediate); err != nil {
		t.Fatal(err)
	}
	running = false
	out, _, code = runWith(t, env, "", "healthcheck", "--strict")
	if code != exitFailed || !strings.Contains(out, "degraded") || !strings.Contains(out, "cannot be reached") {
		t.Errorf("healthcheck: exit %d, %s", code, out)
	}
	if err := server.Start(ctx); err != nil {
		t.Fatal(err)
	}
	running = true
	s.stop()
	if code := s.wait(t); code != exitOK {
		t.Errorf("exit %d", code)
	}
	if log := s.log.String() + out; strings.Contains(log, server.Password()) || strings.Contains(log, stateSecret64) {
		t.Error("a secret stands in the log")
	}
}

// What waiting does not mend ends a serve with exit code 2 and what to do.
func TestServeRefusesADatabase(t *testing.T) {
	t.Parallel() // it waits more than it works
	server, address := shared.Server(t), shared.Database(t)
	peer := telegramtest.Start(t, telegramtest.Options{})
	right := databaseEnv(t, address)
	s := startServe(t, append(telegramEnv(peer), right...))
	s.log.Wait(t, "pack loaded")
	s.stop()
	s.wait(t)
	wrong := strings.Replace(address, server.Password(), "hunter2hunter2", 1)
	for name, x := range map[string]struct {
		env  []string
		want string
	}{
		"no key":       {[]string{"FOOTNOTE_STATE_KEY="}, "openssl rand -hex 32"},
		"another key":  {[]string{"FOOTNOTE_STATE_KEY=" + strings.Repeat("f", 64)}, "it was used with another key before"},
		"password":     {[]string{"FOOTNOTE_STATE=" + wrong}, "refuses the password"},
		"no database":  {[]string{"FOOTNOTE_STATE=" + server.URL("nowhere")}, "has no database of this name"},
		"no such mode": {[]string{"FOOTNOTE_STATE=" + address + "x"}, "sslmode is invalid"},
	} {
		s := startServe(t, slices.Concat(telegramEnv(peer), right, x.env))
		if code := s.wait(t); code != exitUsage || !strings.Contains(s.log.String(), x.want) {
			t.Errorf("%s: exit %d, %s", name, code, s.log)
		}
		if log := s.log.String(); strings.Contains(log, server.Password()) || strings.Contains(log, "hunter2") || strings.Contains(log, "ffffffff") {
			t.Errorf("%s: a secret stands in the log: %s", name, log)
		}
	}
	if _, errOut, code := runWith(t, right, "", "backup", filepath.Join(t.TempDir(), "x")); code != exitFailed || !strings.Contains(errOut, "pg_dump") || strings.Contains(errOut, server.Password()) {
		t.Errorf("backup: exit %d, %s", code, errOut)
	}
	if out, errOut, code := runWith(t, right, "", "gaps"); code != exitOK || strings.Contains(out+errOut, server.Password()) {
		t.Errorf("gaps: exit %d, %s%s", code, out, errOut)
	}
	if out, errOut, code := runWith(t, append(right, "FOOTNOTE_STATE="+wrong), "", "gaps"); code != exitUsage || !strings.Contains(errOut, "refuses the password") || strings.Contains(out+errOut, "hunter2") {
		t.Errorf("gaps with another password: exit %d, %s%s", code, out, errOut)
	}
	if out, errOut, _ := runWith(t, append(right, "FOOTNOTE_STATE_KEY="), "", "check"); !strings.Contains(out+errOut, "openssl rand -hex 32") || strings.Contains(out+errOut, server.Password()) {
		t.Errorf("check without a key: %s%s", out, errOut)
	}
}

// A file that merely lies in the working folder does not decide which database is trusted.
func TestFoundFileNamesNoDatabase(t *testing.T) {
	t.Chdir(t.TempDir())
	if err := os.WriteFile(configFile, []byte("state: postgres://bot:hunter2hunter2@db/x\nstate-key: "+stateSecret64+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	_, errOut, code := runWith(t, []string{"FOOTNOTE_TELEGRAM_TOKEN=123456:" + strings.Repeat("x", 35)}, "", "serve")
	if code != exitUsage || !strings.Contains(errOut, "does not decide which database") || strings.Contains(errOut, "hunter2") {
		t.Errorf("exit %d, %s", code, errOut)
	}
}

// Every setting of the state, in each layer.
func TestStateSettings(t *testing.T) {
	const address = "postgres://bot:hunter2hunter2@db.example.org:5432/footnote?sslmode=verify-full"
	dir := t.TempDir()
	inFile, key := filepath.Join(dir, "address"), filepath.Join(dir, "key")
	for path, text := range map[string]string{inFile: address + "\n", key: stateSecret64 + "\n"} {
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for name, x := range map[string]struct {
		file string
		env  []string
		want string // of the database, "" for a folder
		key  bool
		say  string
	}{
		"address":       {"state: " + address, nil, address, false, ""},
		"variable":      {"", []string{"FOOTNOTE_STATE=" + address, "FOOTNOTE_STATE_KEY=" + stateSecret64}, address, true, ""},
		"files":         {"", []string{"FOOTNOTE_STATE_FILE=" + inFile, "FOOTNOTE_STATE_KEY_FILE=" + key}, address, true, ""},
		"unprotected":   {"", []string{"FOOTNOTE_STATE=postgres://bot:hunter2hunter2@db.example.org/x"}, "postgres://bot:hunter2hunter2@db.example.org/x", false, "sslmode=verify-full"},
		"folder wins":   {"state: " + address, []string{"FOOTNOTE_STATE=here"}, "", false, ""},
		"both":          {"state: " + address + "\nstate-file: " + inFile, nil, address, false, "keep one of the two"},
		"another":       {"state: mysql://bot:hunter2hunter2@db/x", nil, "", false, "looks like postgres://"},
		"no port":       {"state: postgres://bot:hunter2hunter2@db:hunter2/x", nil, "", false, "looks like postgres://"},
		"half a key":    {"state-key: 0123hunter2", nil, "", false, "openssl rand -hex 32"},
		"ledger beside": {"state: " + address + "\nledger: {path: asked.db}", nil, address, false, "write state"},
		"local":         {"state-local: here", nil, "", false, "it is not used"},
	} {
		c, problems := load(write(t, "config.yaml", x.file+"\n"), x.env...)
		var said strings.Builder
		for _, p := range problems {
			said.WriteString(p.String() + "\n")
		}
		if c.Database.Reveal() != x.want || c.StateKey.IsSet() != x.key || (x.say == "") != (said.Len() == 0) || !strings.Contains(said.String(), x.say) {
			t.Errorf("%s: %q, key %t, %s", name, c.Database.Reveal(), c.StateKey.IsSet(), said.String())
		}
		if strings.Contains(said.String(), "hunter2") {
			t.Errorf("%s: the password is shown: %s", name, said.String())
		}
	}
	c, _ := load(write(t, "config.yaml", "ledger: {path: state}"), "FOOTNOTE_STATE=here")
	if c.Ledger.Path != filepath.Join("here", ledgerFile) || c.Ledger.InState {
		t.Errorf("the ledger beside a state in a folder: %+v", c.Ledger)
	}
	if c, _ := load(write(t, "config.yaml", "ledger: {path: state}"), "FOOTNOTE_STATE="+address); c.Ledger.Path != "" || !c.Ledger.InState || c.where() != "db.example.org:5432/footnote" {
		t.Errorf("the ledger in a database: %+v, at %s", c.Ledger, c.where())
	}
}
