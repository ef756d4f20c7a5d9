package main

import (
	"math"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"
)

// What serve may take. An idle bot needs some 40 MB; at the busiest most of what is
// in use is on its way to be collected. How far it grows before that is a matter of
// processor time (Go's own 100 costs five per cent more than 150 there), and a limit
// ends it, near which alone it costs more. What the program takes beside the limit is
// its own file, as far as it is read: 20 MB, and 20 more with the encoder. Packs that
// need more get more.
const (
	heapGrowth           = 150       // per cent
	heapLimit            = 120 << 20 // bytes
	heapLimitWithEncoder = 100 << 20
	heapOfPacks          = 3 // times what is in use once they are loaded

	// While packs are read and learned there is no limit, and little is left lying about
	// instead: learning is work on few and large pieces of memory, so that it costs no time.
	learningGrowth = 25 // per cent
)

// A heap bounds what serve takes. GOGC and GOMEMLIMIT in the environment win.
type heap struct {
	limit int64 // 0: not bounded here
}

func newHeap(c Config, env []string) heap {
	if slices.ContainsFunc(env, func(s string) bool { return strings.HasPrefix(s, "GOGC=") || strings.HasPrefix(s, "GOMEMLIMIT=") }) {
		return heap{}
	}
	if c.Matcher.Encoder != "off" {
		return heap{heapLimitWithEncoder}
	}
	return heap{heapLimit}
}

// loading lifts the limit while packs are read, indexed and learned, which takes more
// memory than answering does.
func (h heap) loading() {
	if h.limit > 0 {
		debug.SetMemoryLimit(math.MaxInt64)
		debug.SetGCPercent(learningGrowth)
	}
}

// loaded gives back what loading has left, for a bot that idles for hours should not
// hold it, and sets the limit.
func (h heap) loaded() {
	debug.FreeOSMemory()
	if h.limit > 0 {
		debug.SetGCPercent(heapGrowth)
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		debug.SetMemoryLimit(max(h.limit, heapOfPacks*int64(m.HeapAlloc)))
	}
}
