package telegram

import (
	"strconv"
	"strings"
	"time"
)

// maxSeen is how many update numbers are remembered. Telegram hands out at most
// 100 at a time and repeats only what was not confirmed, so this is ample.
const maxSeen = 4096

// renumbered is how far below the offset a number must lie to mean that Telegram
// has begun to number anew (which it does after a quiet week, at random) and not
// that an old update was repeated.
const renumbered = 1000

// An offsetTracker keeps the place in Telegram's queue of updates.
type offsetTracker struct {
	next  int64 // the first update not yet handed over; 0 before the first
	floor int64 // the offset an earlier process left
	ring  []int64
	seen  map[int64]struct{}
}

func newOffsetTracker(offset int64) *offsetTracker {
	return &offsetTracker{next: offset, floor: offset, seen: map[int64]struct{}{}}
}

// repeated reports whether the update was handed over before, by this process or
// by the one whose offset was stored.
func (t *offsetTracker) repeated(id int64) bool {
	if _, ok := t.seen[id]; ok {
		return true
	}
	return id < t.floor && t.floor-id <= renumbered
}

// done notes that the update was handed over, or cannot be.
func (t *offsetTracker) done(id int64) {
	if len(t.ring) < maxSeen {
		t.ring = append(t.ring, id)
	} else {
		delete(t.seen, t.ring[0])
		t.ring = append(t.ring[1:], id)
	}
	t.seen[id] = struct{}{}
	if id >= t.next {
		t.next = id + 1
	} else if t.next-id > renumbered {
		t.next, t.floor = id+1, 0
	}
}

// offsetAge is how long a stored offset means anything. Telegram keeps updates
// for 24 hours, so an older offset protects from nothing, and after a quiet week
// it numbers them anew, perhaps below it.
const offsetAge = 24 * time.Hour

// maxOffset is the largest that can be one: Telegram's numbers are exact in JSON. Polled
// with more, it would hand out nothing ever again.
const maxOffset = 1 << 53

// formatOffset writes an offset with its time.
func formatOffset(offset int64, at time.Time) string {
	return strconv.FormatInt(offset, 10) + "@" + strconv.FormatInt(at.Unix(), 10)
}

// parseOffset reads what formatOffset wrote; 0 if it is none or too old.
func parseOffset(s string, now time.Time) int64 {
	a, b, ok := strings.Cut(s, "@")
	offset, err1 := strconv.ParseInt(a, 10, 64)
	at, err2 := strconv.ParseInt(b, 10, 64)
	if !ok || err1 != nil || err2 != nil || offset < 0 || offset > maxOffset || now.Sub(time.Unix(at, 0)).Abs() > offsetAge {
		return 0
	}
	return offset
}
