package ownfile

import (
	"slices"
	"strings"
	"testing"
)

// Only what is mapped of the file itself, for reading, and holds nothing of the program's own.
func TestReadOnly(t *testing.T) {
	const smaps = `00400000-01370000 r-xp 00000000 08:01 77                           /opt/foot note
Size:              15808 kB
Anonymous:             0 kB
VmFlags: rd ex mr mw me
01370000-04c20000 r--p 00f70000 08:01 77                           /opt/foot note
Anonymous:             0 kB
04c20000-04c30000 r--p 00f80000 08:01 77                           /opt/foot note
Anonymous:             4 kB
04c30000-04c31000 r--p 00f90000 08:01 77                           /opt/foot note
Anonymous:             0 kB
Swap:                  4 kB
04c30000-05110000 rw-p 04820000 08:01 77                           /opt/foot note
Anonymous:             0 kB
05110000-05120000 r--s 04820000 08:01 77                           /opt/foot note
Anonymous:             0 kB
06000000-06010000 r--p 00000000 08:01 78                           /opt/foot notes
Anonymous:             0 kB
06010000-06020000 r--p 00000000 00:00 0
Anonymous:             0 kB
nonsense
x-y r--p 00000000 08:01 77 /opt/foot note
Anonymous:             0 kB
`
	want := []mapping{{0x400000, 0x1370000, true}, {0x1370000, 0x4c20000, true}, {0x4c20000, 0x4c30000, false}, {0x4c30000, 0x4c31000, false}}
	if got := readOnly(strings.NewReader(smaps), "/opt/foot note"); !slices.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
	if got := readOnly(strings.NewReader(smaps), "/opt/foot"); len(got) != 0 {
		t.Errorf("of another file: %v", got)
	}
}

// What lies on the heap is nobody's to give back.
func TestGiveBackHeap(t *testing.T) {
	s := strings.Repeat("kept ", 1<<16)
	GiveBackPart(s)
	GiveBack()
	if s != strings.Repeat("kept ", 1<<16) {
		t.Error("a string that is not of the file has changed")
	}
}
