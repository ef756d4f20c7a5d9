package platform

import (
	"context"
	"log/slog"
	"testing"
	"testing/synctest"
	"time"

	"footnote/bot"
)

// One person cannot keep the machine busy with what no limit of questions counts, and is
// served again after a while.
func TestBackgroundHasARate(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := NewBackground(100, slog.New(slog.DiscardHandler))
		press := func(who bot.UserID, times int) (run int) {
			for range times {
				if b.Go(t.Context(), who, func(context.Context) {}) {
					run++
				}
				b.Wait()
			}
			return run
		}
		if n := press("ann", 200); n != atOnce {
			t.Errorf("%d run at once", n)
		}
		if n := press("bob", 3); n != 3 {
			t.Errorf("somebody else: %d", n)
		}
		time.Sleep(2 * time.Second)
		if n := press("ann", 200); n != 2*perSecond {
			t.Errorf("after two seconds %d run", n)
		}
		time.Sleep(time.Hour)
		if n := press("ann", 200); n != atOnce {
			t.Errorf("after an hour %d run", n)
		}
	})
}

// With few files a transport makes its calls wait for each other.
func TestMostConnections(t *testing.T) {
	for files, want := range map[int]int{0: 0, 1 << 20: 0, 16: 2, 32: 4, 1024: 252} {
		if got := mostConnections(files); got != want {
			t.Errorf("%d files: %d connections, want %d", files, got, want)
		}
	}
}
