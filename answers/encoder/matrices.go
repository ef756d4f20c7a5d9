package encoder

import (
	"encoding/binary"
	"errors"
	"unsafe"
)

// The matrices lie in the file as integers of 8 bits in a Huffman code, which takes 5 bits a
// weight; answers/tools/encoder/matrices.py writes them. The kernels read bytes, which a load makes:
// of two streams side by side, the two halves of a matrix, since each waits for its own code before it
// knows where the next one begins.

const (
	weightLimit   = 127 // largest magnitude
	weightSymbols = 2*weightLimit + 1
	streamMargin  = 8 // bytes behind a stream, which a reader looks into
)

var errMatrix = errors.New("encoder: the embedded weights hold a damaged matrix: make them again with answers/tools/encoder")

// weightCode tells by the next bits of a stream what one or two weights are: these in the lowest
// two bytes, how many they are in the third, how many bits they take in the highest.
type weightCode struct {
	single *[1 << longestCode]uint16
	pairs  [1 << longestCode]uint32
}

// newWeightCode pairs the symbols of a code.
func newWeightCode(single *[1 << longestCode]uint16) *weightCode {
	code := &weightCode{single: single}
	for i := range code.pairs {
		first := single[i]
		bits := uint32(first & 15)
		v, n := uint32(uint8(int(first>>4)-weightLimit)), uint32(1)
		second := single[i<<bits&(len(single)-1)]
		if bits+uint32(second&15) <= longestCode {
			bits += uint32(second & 15)
			v, n = v|uint32(uint8(int(second>>4)-weightLimit))<<8, 2
		}
		code.pairs[i] = v | n<<16 | bits<<24
	}
	return code
}

// panels takes up a matrix of so many weights.
func (r *reader) panels(weights int) string {
	single := codeTable(r.bytes(weightSymbols), weightSymbols)
	sizes := [2]int{r.int(), r.int()}
	one, other := r.bytes(sizes[0]), r.bytes(sizes[1])
	if r.short {
		return ""
	}
	if weights > len(r.room) {
		r.room = make([]byte, weights)
	}
	dst := r.room[:weights:weights]
	r.room = r.room[weights:]
	if single == nil || !newWeightCode(single).expand(dst[:weights/2], dst[weights/2:], one, other) {
		r.damaged = true
	}
	return unsafe.String(unsafe.SliceData(dst), len(dst)) // nobody else has dst
}

// next64 are eight bytes of s, the first the highest.
func next64(s string, at uint) uint64 {
	s = s[at : at+8]
	return uint64(s[7]) | uint64(s[6])<<8 | uint64(s[5])<<16 | uint64(s[4])<<24 |
		uint64(s[3])<<32 | uint64(s[2])<<40 | uint64(s[1])<<48 | uint64(s[0])<<56
}

// expand fills a and b, which are equally long, from their streams, and reports whether these hold
// exactly that.
func (c *weightCode) expand(a, b []byte, ofA, ofB string) bool {
	const most = 8 // weights of four codes
	var i, j int
	var p, q uint // in bits
	for i+most <= len(a) && j+most <= len(b) {
		at, bt := p>>3, q>>3
		if at+streamMargin > uint(len(ofA)) || bt+streamMargin > uint(len(ofB)) {
			return false
		}
		v := next64(ofA, at) << (p & 7)
		w := next64(ofB, bt) << (q & 7)
		for range 4 {
			x, y := c.pairs[v>>(64-longestCode)], c.pairs[w>>(64-longestCode)]
			binary.LittleEndian.PutUint16(a[i:], uint16(x))
			binary.LittleEndian.PutUint16(b[j:], uint16(y))
			i, j = i+int(x>>16&3), j+int(y>>16&3)
			v, w = v<<(x>>24&63), w<<(y>>24&63)
			p, q = p+uint(x>>24), q+uint(y>>24)
		}
	}
	return c.rest(a[i:], ofA, p) && c.rest(b[j:], ofB, q)
}

// rest fills what remains, one by one, and reports whether the stream ends with it.
func (c *weightCode) rest(dst []byte, stream string, p uint) bool {
	for i := range dst {
		at := p >> 3
		if at+streamMargin > uint(len(stream)) {
			return false
		}
		x := c.single[next64(stream, at)<<(p&7)>>(64-longestCode)]
		dst[i], p = byte(int(x>>4)-weightLimit), p+uint(x&15)
	}
	return (p+7)>>3+streamMargin == uint(len(stream))
}
