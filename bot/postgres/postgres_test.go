package postgres_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"os"
	"strings"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5"
	"go.uber.org/goleak"

	"footnote/bot/platform"
	"footnote/bot/postgres"
	"footnote/bot/store/pgtest"
)

var server pgtest.Shared

func TestMain(m *testing.M) { goleak.VerifyTestMain(server.Around(m)) }

func open(t testing.TB, address string) *postgres.DB {
	t.Helper()
	db, err := postgres.Open(platform.NewSecret(address))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(db.Close)
	return db
}

// Of processes that start at once one makes the tables, and the others find them.
func TestMigrate(t *testing.T) {
	t.Run("alone", func(t *testing.T) { migrate(t, server.Database(t)) })
	t.Run("behind a pooler", func(t *testing.T) { migrate(t, server.Pooled(t)) })
}

func migrate(t *testing.T, address string) {
	var all sync.WaitGroup
	for range 6 {
		all.Go(func() {
			db := open(t, address)
			if err := db.Migrate(t.Context()); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	db := open(t, address)
	known, err := postgres.Migrations()
	if err != nil || len(known) < 2 {
		t.Fatal(known, err)
	}
	var n int
	if err := db.Pool().QueryRow(t.Context(), "SELECT count(*) FROM footnote_migrations").Scan(&n); n != len(known) || err != nil {
		t.Errorf("%d migrations were run, want %d: %v", n, len(known), err)
	}
	if _, err := db.Pool().Exec(t.Context(), "INSERT INTO footnote_migrations (version, name) VALUES ($1, 'later')", len(known)+1); err != nil {
		t.Fatal(err)
	}
	if err := db.Migrate(t.Context()); !errors.Is(err, postgres.ErrNewer) || !strings.Contains(err.Error(), "newer program") {
		t.Errorf("tables of a newer program: %v", err)
	}
}

// A migration that fails leaves the tables as they were, and tables of others alone.
func TestMigrateFails(t *testing.T) {
	db := open(t, server.Database(t))
	if _, err := db.Pool().Exec(t.Context(), "CREATE TABLE judged (of_somebody_else text)"); err != nil { // of the second file
		t.Fatal(err)
	}
	if err := db.Migrate(t.Context()); err == nil {
		t.Fatal("a table was made twice")
	}
	var there bool
	if err := db.Pool().QueryRow(t.Context(), "SELECT to_regclass('kv') IS NOT NULL OR to_regclass('footnote_migrations') IS NOT NULL").Scan(&there); there || err != nil {
		t.Errorf("half of the tables are there: %v", err)
	}
	if _, err := db.Pool().Exec(t.Context(), "DROP TABLE judged; CREATE TABLE kv (k text)", pgx.QueryExecModeSimpleProtocol); err != nil {
		t.Fatal(err)
	}
	if err := db.Migrate(t.Context()); !errors.Is(err, postgres.ErrForeign) {
		t.Errorf("somebody's tables: %v", err)
	}
}

// What is wrong is told with what to do, and the password in no way.
func TestErrorsWithoutPassword(t *testing.T) {
	s := server.Server(t)
	right, err := url.Parse(server.Database(t))
	if err != nil {
		t.Fatal(err)
	}
	const password = "hunter2@x/y%z"
	with := func(change func(*url.URL)) string {
		u := *right
		u.User = url.UserPassword("footnote", password)
		change(&u)
		return u.String()
	}
	query := func(k, v string) func(*url.URL) {
		return func(u *url.URL) { u.RawQuery = url.Values{k: {v}, "password": {password}}.Encode() }
	}
	for name, x := range map[string]struct{ address, want string }{
		"wrong password":  {with(func(*url.URL) {}), "refuses the password"},
		"no server":       {with(func(u *url.URL) { u.Host = "127.0.0.1:1" }), "cannot be reached"},
		"no database":     {s.URL("nowhere"), "has no database of this name"},
		"bad port":        {"postgres://footnote:" + password + "@127.0.0.1:port/x", "looks like postgres://"},
		"not escaped":     {"postgres://footnote:hunter2/" + password + "@127.0.0.1/x", "looks like postgres://"},
		"a sign too many": {"postgres://footnote:hunter2@hunter2@127.0.0.1/x", "looks like postgres://"},
		"sslmode":         {with(query("sslmode", password)), "sslmode is invalid"},
		"certificate":     {with(query("sslrootcert", "/"+password)), "cannot be used"},
		"connections":     {with(query("pool_max_conns", password)), "cannot be used"},
		"no address":      {"hunter2", "looks like postgres://"},
	} {
		err := tryAll(t.Context(), x.address)
		if err == nil {
			t.Errorf("%s: no error", name)
			continue
		}
		if n := strings.Count(err.Error(), "connection refused"); n > 1 {
			t.Errorf("%s: said %d times over: %v", name, n, err)
		}
		var log strings.Builder
		slog.New(slog.NewJSONHandler(&log, nil)).Error("x", "error", err)
		for _, text := range []string{err.Error(), fmt.Sprintf("%v %+v %q", err, err, err), log.String()} {
			if strings.Contains(text, "hunter2") || strings.Contains(text, s.Password()) || !strings.Contains(text, x.want) {
				t.Errorf("%s: %s, want %q", name, text, x.want)
			}
		}
	}
}

func tryAll(ctx context.Context, address string) error {
	db, err := postgres.Open(platform.NewSecret(address))
	if err != nil {
		return err
	}
	defer db.Close()
	return db.Migrate(ctx)
}

func TestExposed(t *testing.T) {
	for address, want := range map[string]bool{
		"postgres://u@127.0.0.1/d": false, "postgres://u@localhost/d": false, "postgres:///d?host=/run/postgresql": false, "postgres://u@[::1]/d": false,
		"postgres://u@db.example.org/d": true, "postgres://u@db.example.org/d?sslmode=disable": true, "postgres://u@db.example.org/d?sslmode=require": true,
		"postgres://u@db.example.org/d?sslmode=verify-full": false, "postgres://u@localhost,db.example.org/d": true,
	} {
		if got := postgres.Exposed(platform.NewSecret(address)); got != want {
			t.Errorf("%s: %t", address, got)
		}
	}
}

// What reaches the database after its server was restarted is done, not failed.
func TestTryAfterRestart(t *testing.T) {
	s, db := server.Server(t), open(t, server.Database(t))
	ping := func(ctx context.Context) error { _, err := db.Pool().Exec(ctx, "SELECT 1"); return err }
	for _, m := range []pgtest.Mode{pgtest.Fast, pgtest.Immediate} {
		if err := db.Try(t.Context(), ping); err != nil {
			t.Fatal(err)
		}
		if err := s.Restart(t.Context(), m); err != nil {
			t.Fatal(err)
		}
		if err := db.Try(t.Context(), ping); err != nil {
			t.Errorf("after a restart: %v", err)
		}
	}
	if err := s.Stop(pgtest.Immediate); err != nil {
		t.Fatal(err)
	}
	err := db.Explain("state", db.Try(t.Context(), ping))
	if !postgres.Temporary(err) || !strings.Contains(err.Error(), "cannot be reached") {
		t.Errorf("without a server: %v", err)
	}
	if err := s.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
}

func FuzzAddress(f *testing.F) {
	f.Add("postgres://u:hunter2secret@h:1/d?sslmode=x")
	f.Add("postgres://u:hunter2secret@h,i:1/d?password=hunter2secret&connect_timeout=a")
	f.Add("postgresql:///d?passfile=hunter2secret")
	f.Add("postgres://u:%zzhunter2secret@[::1/d")
	f.Fuzz(func(t *testing.T, address string) {
		if os.Getenv("PGPASSWORD") != "" {
			t.Skip("a password of the environment")
		}
		c, _, err := postgres.Parse(address)
		u, wrong := url.Parse(address)
		if err == nil && (c == nil || wrong != nil) {
			t.Fatalf("%q was read", address)
		}
		if err == nil || wrong != nil {
			return
		}
		if password, ok := u.User.Password(); ok && len(password) > 8 && strings.Contains(err.Error(), password) && !strings.Contains(postgres.ErrAddress.Error(), password) {
			t.Errorf("%q: %v", address, err)
		}
	})
}
