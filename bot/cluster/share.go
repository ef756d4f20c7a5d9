package cluster

import (
	"cmp"
	"slices"
)

// Every process of a pool sees the same leases, and works out the same shares from them, so
// that they agree without talking: each takes, and hands over, only what falls to it. Where
// two see different things for a moment, the table lets one have a lease and the other not.

// A shares is how the leases of a pool are to be spread.
type shares struct {
	free  map[string]string // who is to take each free lease
	moves []move            // who is to hand over to whom, the most needed first, after that
}

// A move is one lease from one process to another.
type move struct{ from, to string }

// share spreads the names over members; holder is who has each that is not free. A process
// that holds some and is no member gives up what it has by itself. The fewest move that can:
// in the end nobody has two more than another.
func share(names, members []string, holder map[string]string) shares {
	s := shares{free: map[string]string{}}
	if len(members) == 0 {
		return s
	}
	members = slices.Sorted(slices.Values(members))
	has := map[string]int{}
	for _, name := range names {
		has[holder[name]]++
	}
	byLoad := func(a, b string) int { return cmp.Or(cmp.Compare(has[a], has[b]), cmp.Compare(a, b)) }
	for _, name := range slices.Sorted(slices.Values(names)) {
		if holder[name] == "" {
			least := slices.MinFunc(members, byLoad)
			s.free[name] = least
			has[least]++
		}
	}
	for {
		least, most := slices.MinFunc(members, byLoad), slices.MaxFunc(members, byLoad)
		if has[most]-has[least] < 2 {
			return s
		}
		has[most]--
		has[least]++
		s.moves = append(s.moves, move{most, least})
	}
}
