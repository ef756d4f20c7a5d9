package telegram

// maxSeen is how many update numbers are remembered. Telegram hands out at most
// 100 at a time and repeats only what was not confirmed, so this is ample.
const maxSeen = 4096

// renumbered is how far below the offset a number must lie to mean that Telegram
// has begun to number anew (which it does after a quiet week, at random) and not
// that an old update was repeated.
const renumbered = 1000

// A queue keeps the place in Telegram's queue of updates.
type queue struct {
	offset int64 // the first update not yet handed over; 0 before the first
	floor  int64 // the offset an earlier process left
	ring   []int64
	seen   map[int64]struct{}
}

func newQueue(offset int64) *queue {
	return &queue{offset: offset, floor: offset, seen: map[int64]struct{}{}}
}

// repeated reports whether the update was handed over before, by this process or
// by the one whose offset was stored.
func (q *queue) repeated(id int64) bool {
	if _, ok := q.seen[id]; ok {
		return true
	}
	return id < q.floor && q.floor-id <= renumbered
}

// done notes that the update was handed over, or cannot be.
func (q *queue) done(id int64) {
	if len(q.ring) < maxSeen {
		q.ring = append(q.ring, id)
	} else {
		delete(q.seen, q.ring[0])
		q.ring = append(q.ring[1:], id)
	}
	q.seen[id] = struct{}{}
	if id >= q.offset {
		q.offset = id + 1
	} else if q.offset-id > renumbered {
		q.offset, q.floor = id+1, 0
	}
}
