package cluster

import (
	"fmt"
	"testing"

	"pgregory.net/rapid"
)

// Whatever is held by whom: all free leases find somebody, and after the moves nobody has
// two more than another.
func TestShare(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var names, members []string
		for i := range rapid.IntRange(0, 70).Draw(t, "leases") {
			names = append(names, fmt.Sprintf("discord/70/%d", i))
		}
		for i := range rapid.IntRange(1, 12).Draw(t, "members") {
			members = append(members, fmt.Sprintf("m%d", i))
		}
		holder, has := map[string]string{}, map[string]int{}
		for _, name := range names {
			holder[name] = rapid.SampledFrom(append([]string{"", "leaving"}, members...)).Draw(t, "holder")
			has[holder[name]]++
		}
		s := share(names, members, holder)
		if len(s.free) != has[""] {
			t.Fatalf("%d of %d free leases are given to somebody", len(s.free), has[""])
		}
		for name, who := range s.free {
			if holder[name] != "" {
				t.Fatalf("%s is not free", name)
			}
			has[who]++
		}
		for _, m := range s.moves {
			has[m.from]--
			has[m.to]++
		}
		least, most := len(names), 0
		for _, m := range members {
			least, most = min(least, has[m]), max(most, has[m])
		}
		if most-least > 1 {
			t.Fatalf("in the end one has %d and another %d", most, least)
		}
	})
}
