package bot_test

import (
	"testing"
	"time"

	"footnote/bot"
)

// A connection tells since when it is as it is, and of a bad one what happened last.
func TestConnection(t *testing.T) {
	var c bot.Connection
	at := time.Unix(1_790_000_000, 0)
	after := func(d time.Duration, connected bool, since time.Duration, why string) {
		t.Helper()
		if got, want := c.Status(), (bot.Status{Connected: connected, Since: at.Add(since), Why: why}); got != want {
			t.Errorf("after %v: %+v, want %+v", d, got, want)
		}
	}
	if got := c.Status(); got != (bot.Status{}) {
		t.Errorf("before anything: %+v", got)
	}
	c.Down(at, "refused")
	c.Down(at.Add(1), "reset")
	after(1, false, 0, "reset")
	c.Up(at.Add(2))
	c.Up(at.Add(3))
	after(3, true, 2, "")
	c.Down(at.Add(4), "stopped")
	after(4, false, 4, "stopped")
}
