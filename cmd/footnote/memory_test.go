package main

import (
	"math"
	"runtime/debug"
	"testing"

	"footnote/answers/encoder"
)

// The environment wins; packs are loaded without a limit, and answered from with one.
func TestHeap(t *testing.T) {
	limit := func() int64 { return debug.SetMemoryLimit(-1) } // -1 only asks
	percent, before := debug.SetGCPercent(100), limit()
	t.Cleanup(func() {
		debug.SetGCPercent(percent)
		debug.SetMemoryLimit(before)
	})
	for _, env := range []string{"GOGC=50", "GOMEMLIMIT=1GiB"} {
		h := newHeap([]string{"HOME=/", env}, "on")
		h.loading()
		h.loaded()
		if limit() != before {
			t.Errorf("with %s the limit is %d", env, limit())
		}
	}
	var h heap
	for encoder, least := range map[string]int64{"on": limitEncoding, "off": heapLimit} {
		h = newHeap(nil, encoder)
		h.allowed = 0 // whatever this machine allows
		h.loaded()
		if limit() < least {
			t.Errorf("with the encoder %s the limit is %d", encoder, limit())
		}
	}
	h.loading()
	if limit() != math.MaxInt64 {
		t.Errorf("while packs are loaded the limit is %d", limit())
	}
}

// An encoder that nobody asks for is let go, and one that was asked for lately is not.
func TestIdleLetsEncodersGo(t *testing.T) {
	if _, err := encoder.Load(); err != nil {
		t.Fatal(err)
	}
	h := heap{}
	h.idle()
	if !encoder.Release() {
		t.Error("an encoder that was asked for is let go")
	}
	if _, err := encoder.Load(); err != nil {
		t.Fatal(err)
	}
	h.idle()
	h.idle()
	if encoder.Release() {
		t.Error("an encoder that nobody asked for is held")
	}
}
