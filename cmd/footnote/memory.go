package main

import (
	"fmt"
	"log/slog"
	"math"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"time"

	"footnote/answers/encoder"
	"footnote/answers/ownfile"
)

// What serve may take. An idle bot has some 23 MB in use; with both encoders at work it has 65, of
// which 25 are their weights, and the rest is on its way to be collected. How far it grows before
// that is a matter of processor time (Go's own 100 costs five per cent more than 150 there), and a
// limit ends it, near which alone it costs more. What the program takes beside the limit is its own
// file, as far as it is read: 12 to 25 MB without the encoders, 30 to 45 with them. So the limit is
// lower with them, where a question takes ten times as long and collecting weighs less: 104 MB cost
// no more than 120, and 88 a fifth. Without them a crowd of thousands pays a tenth for 104.
// Packs that need more get more.
const (
	heapGrowth    = 150       // per cent
	heapLimit     = 120 << 20 // bytes
	limitEncoding = 104 << 20 // with the encoders
	heapOfPacks   = 3         // times what is in use once they are loaded

	// While packs are read and learned there is no limit, and little is left lying about
	// instead: learning is work on few and large pieces of memory, so that it costs no time.
	learningGrowth = 25 // per cent
)

// A heap bounds what serve takes. GOGC and GOMEMLIMIT in the environment win.
type heap struct {
	limit   int64 // 0: not bounded here
	allowed int64 // what the process may take, by its cgroup or GOMEMLIMIT; 0 is no bound
	by      string
}

func newHeap(env []string, encoder string) heap {
	h := heap{limit: limitEncoding}
	if encoder == "off" {
		h.limit = heapLimit
	}
	h.allowed, h.by = cgroupLimit("/proc/self/cgroup", "/sys/fs/cgroup"), "the memory limit of the container or service"
	for _, s := range env {
		switch {
		case strings.HasPrefix(s, "GOGC="):
			h.limit = 0
		case strings.HasPrefix(s, "GOMEMLIMIT="):
			h.limit = 0
			if set := debug.SetMemoryLimit(-1); set < math.MaxInt64 && (h.allowed == 0 || set < h.allowed) {
				h.allowed, h.by = set, "GOMEMLIMIT"
			}
		}
	}
	return h
}

// inUse is what a heap may take of what the process may, in per cent: the rest is for the
// program's own file, stacks, and what is not collected yet.
const inUse = 75

// most is the limit while packs are loaded.
func (h heap) most() int64 {
	if h.allowed > 0 {
		return h.allowed / 100 * inUse
	}
	return math.MaxInt64
}

// loading lifts the limit while packs are read, indexed and learned, which takes more
// memory than answering does. What answering has left is given back before.
func (h heap) loading() {
	debug.FreeOSMemory()
	if h.limit > 0 {
		debug.SetMemoryLimit(h.most())
		debug.SetGCPercent(learningGrowth)
	}
}

// loaded gives back what loading has left, for a bot that idles for hours should not
// hold it, and sets the limit.
func (h heap) loaded() {
	giveBack()
	if h.limit > 0 {
		debug.SetGCPercent(heapGrowth)
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		debug.SetMemoryLimit(min(max(h.limit, heapOfPacks*int64(m.HeapAlloc)), h.most()))
	}
}

// giveBack gives back what nobody needs: the encoders, which the next question that needs one
// expands again, what waits to be collected, and what was read of the program's file.
func giveBack() {
	encoder.Release()
	debug.FreeOSMemory()
	ownfile.GiveBack()
}

// idleAfter is how long nobody has asked for an encoder when it is let go, once or twice. What else
// was left is given back with it, which takes less than a tenth of a second.
const idleAfter = 5 * time.Minute

// idle is called every idleAfter.
func (h heap) idle() {
	if encoder.Unused() {
		giveBack()
	}
}

// reloadTakes is how many times what the bot idles with it takes while packs are read again.
const reloadTakes = 2

// tell warns if the process may not take what reading these packs again needs. Call it when
// they are loaded.
func (h heap) tell(log *slog.Logger) {
	if h.allowed == 0 {
		return
	}
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	if need := reloadTakes * int64(m.Sys-m.HeapReleased); need > h.allowed {
		log.Warn("the memory that the program may take is too small for these packs; when they are read again it may be killed", "limit", megabytes(h.allowed), "by", h.by, "needed", megabytes(need))
	}
}

func megabytes(n int64) string { return fmt.Sprintf("%d MB", (n+1<<20-1)>>20) }

// cgroupLimit is the least memory limit in bytes of the control group that the file self
// names, and those above it, in the file system at root; 0 if there is none. Both versions
// of control groups are read.
func cgroupLimit(self, root string) int64 {
	text, err := os.ReadFile(self)
	if err != nil {
		return 0
	}
	least := int64(0)
	for line := range strings.Lines(string(text)) {
		parts := strings.SplitN(strings.TrimSpace(line), ":", 3) // number, controllers, path
		if len(parts) != 3 {
			continue
		}
		dir, file := root, "memory.max"
		switch {
		case parts[1] == "":
		case slices.Contains(strings.Split(parts[1], ","), "memory"):
			dir, file = filepath.Join(root, "memory"), "memory.limit_in_bytes"
		default:
			continue
		}
		for of := filepath.Clean("/" + parts[2]); ; of = filepath.Dir(of) {
			if n := limitIn(filepath.Join(dir, of, file)); n > 0 && (least == 0 || n < least) {
				least = n
			}
			if of == "/" {
				break
			}
		}
	}
	return least
}

// limitIn reads a limit; 0 if there is none.
func limitIn(path string) int64 {
	text, err := os.ReadFile(path)
	if err != nil {
		return 0
	}
	const unlimited = 1 << 60 // version 1 writes a number near the largest
	n, err := strconv.ParseInt(strings.TrimSpace(string(text)), 10, 64)
	if err != nil || n >= unlimited {
		return 0
	}
	return n
}
