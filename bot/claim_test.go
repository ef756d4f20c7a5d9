package bot

import (
	"testing"
	"time"

	"footnote/bot/cluster"
)

// BenchmarkClaimAlone is what one process by itself pays for that there could be several.
func BenchmarkClaimAlone(b *testing.B) {
	var c Config
	c.Cluster = cluster.Alone()
	c.setDefaults()
	one := &Bot{c: c, unanswered: newWaiting(c)}
	x := item{m: Message{ID: "1"}}
	for b.Loop() {
		if !one.claim(b.Context(), &x) {
			b.Fatal("not this process's")
		}
		one.settle(x)
	}
}

// TestOutageLeavesMessagesWithTheirPlatform: after eight seconds without the shared state one message
// in two seconds is accepted, to try.
func TestOutageLeavesMessagesWithTheirPlatform(t *testing.T) {
	now := time.Unix(1000, 0)
	c := claims{since: now, failed: now}
	for i, want := range map[time.Duration]bool{time.Second: false, claimPatience - 1: false} {
		if got := c.outage(now.Add(i)); got != want {
			t.Errorf("after %v: %v", i, got)
		}
	}
	later := now.Add(claimPatience)
	c.failed = later
	for _, x := range []struct {
		after time.Duration
		want  bool
	}{{0, true}, {time.Second, true}, {claimRest, false}, {claimRest + 1, true}, {2 * claimRest, false}} {
		if got := c.outage(later.Add(x.after)); got != x.want {
			t.Errorf("%v later: %v", x.after, got)
		}
	}
}
