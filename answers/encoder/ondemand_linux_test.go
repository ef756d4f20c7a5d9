package encoder

import (
	"encoding/binary"
	"os"
	"testing"
	"unsafe"

	"footnote/answers/ownfile"
)

// mapped is how many bytes of s the process has mapped.
func mapped(t *testing.T, s string) int {
	t.Helper()
	f, err := os.Open("/proc/self/pagemap")
	if err != nil {
		t.Skip(err)
	}
	defer f.Close()
	page := os.Getpagesize()
	from := int(uintptr(unsafe.Pointer(unsafe.StringData(s)))) / page
	entries := make([]byte, 8*(len(s)/page))
	if _, err := f.ReadAt(entries, int64(8*from)); err != nil {
		t.Skip(err)
	}
	n := 0
	for ; len(entries) > 0; entries = entries[8:] {
		if binary.LittleEndian.Uint64(entries)>>63 != 0 { // present
			n += page
		}
	}
	return n
}

// What was read of the weights when their matrices were expanded is given back, and is what it
// was when it is read again.
func TestWeightsAreGivenBack(t *testing.T) {
	Release()
	loaded(t)
	// The lists of pieces and the lengths of their vectors may have been read since.
	if n := mapped(t, weights); n > len(weights)/4 {
		t.Errorf("%d kB of %d kB are held", n>>10, len(weights)>>10)
	}
	TestWeightsHash(t)
	if n := mapped(t, weights); n < len(weights)/2 {
		t.Fatalf("only %d kB of %d kB were read", n>>10, len(weights)>>10)
	}
	ownfile.GiveBackPart(weights)
	if n := mapped(t, weights); n > os.Getpagesize() { // the first one is not of the weights alone
		t.Errorf("%d kB are held", n>>10)
	}
	TestWeightsHash(t)
}
