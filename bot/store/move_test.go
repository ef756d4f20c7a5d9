package store_test

import (
	"database/sql"
	"path/filepath"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"footnote/bot/store"
	"footnote/bot/store/pgtest"
)

// Values that were damaged, which no store gives any more, are told of and left behind.
func TestMoveLeavesDamage(t *testing.T) {
	path := filepath.Join(t.TempDir(), "footnote.db")
	s := openAt(t, path)
	must(t, s.In("telegram").Set(t.Context(), "offset", "1"), s.In("telegram").Set(t.Context(), "menus", "2"), s.Close())
	raw, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := raw.Exec("UPDATE kv SET value = '3' WHERE key = 'menus'"); err != nil {
		t.Fatal(err)
	}
	_ = raw.Close()
	db := pgtest.Open(t, server.Database(t))
	var moved store.Moved
	must(t, db.InTx(t.Context(), func(tx pgx.Tx) (err error) {
		moved, err = store.Move(t.Context(), path, tx)
		return err
	}))
	if moved.Values["telegram"] != 1 || len(moved.Damaged) != 1 || !strings.Contains(moved.Damaged[0], "menus") {
		t.Errorf("%+v", moved)
	}
	want(t, store.Shared(db).In("telegram"), "offset", "1")
	want(t, store.Shared(db).In("telegram"), "menus", "")
	err = db.InTx(t.Context(), func(tx pgx.Tx) error {
		_, err := store.Move(t.Context(), filepath.Join(t.TempDir(), "nowhere.db"), tx)
		return err
	})
	if err == nil {
		t.Error("a file that is not there was moved")
	}
}
