package answers

import (
	"runtime"
	"testing"

	"footnote/answers/encoder"
	"footnote/knowledge"
)

// What a matcher of the embedded pack keeps in memory: read and indexed, with what ships; with the
// encoder of English at work; with the encoder of other languages too, and what it makes of the pack.
// A test of another part may have decoded the lists of words before, so that less is counted.
func TestMemoryKept(t *testing.T) {
	encoder.Release()
	before := heapInUse()
	base, err := knowledge.Embedded()
	if err != nil {
		t.Fatal(err)
	}
	m, err := New(t.Context(), base, Options{})
	if err != nil {
		t.Fatal(err)
	}
	kept := func(what string, most float64) {
		t.Helper()
		now := heapInUse()
		if mb := (now - before) / (1 << 20); mb > most {
			t.Errorf("%s takes %.1f MB, at most %.1f", what, mb, most)
		} else {
			t.Logf("%s takes %.1f MB, at most %.1f", what, mb, most)
		}
		before = now
	}
	kept("the pack", 21)
	m.Match(Query{Text: "what made khrushchev speak against stalin"})
	kept("English", 26)
	m.Match(Query{Text: "Кто основал Мемориал?"})
	kept("other languages", 12)
	if !encoder.Release() {
		t.Error("no encoder was at work")
	}
	kept("what is left without the encoders", -24)
	runtime.KeepAlive(m)
}
