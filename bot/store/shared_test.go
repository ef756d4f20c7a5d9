package store_test

import (
	"errors"
	"strings"
	"testing"

	"footnote/bot/store"
	"footnote/bot/store/pgtest"
)

// What one process keeps the others find, and after the end of the server too.
func TestSharedByProcesses(t *testing.T) {
	address := server.Database(t)
	one, other := store.Shared(pgtest.Open(t, address)), store.Shared(pgtest.Open(t, address))
	must(t, one.In("telegram").Set(t.Context(), "offset", "99"))
	want(t, other.In("telegram"), "offset", "99")
	if err := server.Server(t).Stop(pgtest.Immediate); err != nil {
		t.Fatal(err)
	}
	err := one.Set(t.Context(), "k", "v")
	if err == nil || one.Trouble() == nil || !strings.Contains(err.Error(), "cannot be reached") || strings.Contains(err.Error(), server.Server(t).Password()) {
		t.Errorf("without a server: %v, trouble: %v", err, one.Trouble())
	}
	if err := server.Server(t).Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	want(t, one.In("telegram"), "offset", "99")
	must(t, one.Set(t.Context(), "k", "v"), one.Trouble())
	want(t, other, "k", "v")
}

// A database has one key, that of the first who came; it is not in the database.
func TestBind(t *testing.T) {
	db := pgtest.Open(t, server.Database(t))
	mine, theirs := []byte(strings.Repeat("m", 32)), []byte(strings.Repeat("t", 32))
	must(t, store.Bind(t.Context(), db, mine), store.Bind(t.Context(), db, mine))
	if err := store.Bind(t.Context(), db, theirs); !errors.Is(err, store.ErrOtherSecret) {
		t.Errorf("another key: %v", err)
	}
	var kept string
	err := db.Pool().QueryRow(t.Context(), "SELECT value FROM meta WHERE name = 'key'").Scan(&kept)
	if err != nil || kept == "" || strings.Contains(kept, strings.Repeat("6d", 4)) {
		t.Errorf("%q, %v", kept, err)
	}
}

func TestParseSecret(t *testing.T) {
	if s, err := store.ParseSecret(strings.Repeat("0a", 32) + "\n"); err != nil || len(s) != 32 {
		t.Errorf("%d bytes, %v", len(s), err)
	}
	const half = "5ec2e75ec2e7"
	if _, err := store.ParseSecret(half); err == nil || strings.Contains(err.Error(), half) || !strings.Contains(err.Error(), "openssl rand -hex 32") {
		t.Errorf("half a key: %v", err)
	}
}
