package lexicon

import "hash/maphash"

// A table finds words by their letters. It is made faster than a map, and a word that is not in
// it, as most that are tried are, is told by one look. It is immutable once it is made.
type table struct {
	words []string
	slots []uint32 // the number of a word, from 1, and above it 16 bits of its hash
	seed  maphash.Seed
}

// mostWords is what the numbers of a table's slots hold.
const mostWords = 1<<16 - 1

// newTable makes a table of at most mostWords words. Of equal words it finds the last.
func newTable(words []string) *table {
	size := 1
	for size < 2*len(words) {
		size *= 2
	}
	t := &table{words: words[:min(len(words), mostWords)], slots: make([]uint32, size), seed: maphash.MakeSeed()}
	for i, w := range t.words {
		at, tag := t.hash(w)
		for t.slots[at] != 0 && (t.slots[at]>>16 != tag || t.words[t.slots[at]&mostWords-1] != w) {
			at = (at + 1) & (len(t.slots) - 1)
		}
		t.slots[at] = tag<<16 | uint32(i+1)
	}
	return t
}

func (t *table) hash(w string) (at int, tag uint32) {
	h := maphash.String(t.seed, w)
	return int(h) & (len(t.slots) - 1), uint32(h >> 48)
}

// find is the number of a word, from 0; −1 if it is not there.
func (t *table) find(w string) int {
	at, tag := t.hash(w)
	for {
		switch s := t.slots[at]; {
		case s == 0:
			return -1
		case s>>16 == tag && t.words[s&mostWords-1] == w:
			return int(s&mostWords) - 1
		}
		at = (at + 1) & (len(t.slots) - 1)
	}
}

// findBytes is find of a word that is being tried.
func (t *table) findBytes(w []byte) int {
	h := maphash.Bytes(t.seed, w) // the same as that of the string
	at, tag := int(h)&(len(t.slots)-1), uint32(h>>48)
	for {
		switch s := t.slots[at]; {
		case s == 0:
			return -1
		case s>>16 == tag && t.words[s&mostWords-1] == string(w): // does not allocate
			return int(s&mostWords) - 1
		}
		at = (at + 1) & (len(t.slots) - 1)
	}
}
