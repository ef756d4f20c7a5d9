package bot

import (
	"testing"

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
