package cluster

import (
	"errors"
	"testing"
)

func TestAlone(t *testing.T) {
	c, ctx := Alone(), t.Context()
	l, err := c.Acquire(ctx, "telegram/poller")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.Acquire(ctx, "telegram/poller"); !errors.Is(err, ErrHeld) {
		t.Errorf("a lease that is held: %v", err)
	}
	if err := l.SetNote(ctx, "where it stood"); err != nil || l.Note() != "where it stood" || !l.Valid() {
		t.Errorf("%v, %q, %v", err, l.Note(), l.Valid())
	}
	if err := l.Release(ctx); err != nil {
		t.Fatal(err)
	}
	<-l.Done()
	if err := l.SetNote(ctx, "x"); !errors.Is(err, ErrLost) || l.Valid() {
		t.Errorf("a lease that was released: %v, %v", err, l.Valid())
	}
	again, err := c.Acquire(ctx, "telegram/poller")
	if err != nil || again.Epoch() <= l.Epoch() {
		t.Errorf("%v, %v", again, err)
	}
	if err := c.Announce(ctx, map[string]string{"pack": "1.0.0"}); err != nil {
		t.Fatal(err)
	}
	all, err := c.Members(ctx)
	if err != nil || len(all) != 1 || all[0].Name != c.Self() || all[0].About["pack"] != "1.0.0" {
		t.Errorf("%v, %v", all, err)
	}
}
