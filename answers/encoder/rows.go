package encoder

import (
	"errors"
	"math"
)

// codedRows are the vectors of the pieces: steps of each row's own size, in a Huffman code that
// the rows of a class share. Each row begins at an even byte, so that it is read by itself, where
// the linker put it. answers/tools/encoder/rows.py writes them.
type codedRows struct {
	start   []uint32 // of each row, and the end, in pairs of bytes
	steps   string   // half-precision floats
	codes   string
	classes []rowClass
}

// rowClass are the rows before end that are in no class before.
type rowClass struct {
	end    int32
	lookup *[1 << longestCode]uint16 // by the next bits: symbol<<4 | length
}

const (
	codeLimit   = 63 // largest magnitude of a step
	codeSymbols = 2*codeLimit + 1
	longestCode = 12
	mostClasses = 16
)

// codedRows takes up the rows that come next, which have to be so many.
func (r *reader) codedRows(rows int) (codedRows, error) {
	damaged := errors.New("encoder: the embedded weights hold damaged vectors of word pieces: make them again with answers/tools/encoder")
	count, classes, size := r.int(), r.int(), r.int()
	if r.short || count != rows || classes < 1 || classes > mostClasses {
		return codedRows{}, damaged
	}
	c := codedRows{classes: make([]rowClass, classes)}
	last := int32(0)
	for i := range c.classes {
		end := int32(r.int())
		if end < last || int(end) > rows {
			return codedRows{}, damaged
		}
		c.classes[i].end, last = end, end
	}
	for i := range c.classes {
		if c.classes[i].lookup = codeTable(r.bytes(codeSymbols), codeSymbols); c.classes[i].lookup == nil {
			return codedRows{}, damaged
		}
	}
	pairs := r.bytes(rows)
	c.steps, c.codes = r.bytes(2*rows), r.bytes(size)
	if r.short || int(last) != rows {
		return codedRows{}, damaged
	}
	c.start = make([]uint32, rows+1)
	for i := range rows {
		c.start[i+1] = c.start[i] + uint32(pairs[i])
	}
	if 2*int(c.start[rows]) != size {
		return codedRows{}, damaged
	}
	return c, nil
}

// codeTable is the canonical Huffman code of these lengths, 0 for a symbol that has no code.
// It is nil where they are those of no complete code.
func codeTable(lengths string, symbols int) *[1 << longestCode]uint16 {
	if len(lengths) != symbols {
		return nil
	}
	table := new([1 << longestCode]uint16)
	filled := 0
	for l := 1; l <= longestCode; l++ {
		for symbol := range symbols {
			if int(lengths[symbol]) != l {
				continue
			}
			n := 1 << (longestCode - l)
			if filled+n > len(table) {
				return nil
			}
			for k := range n {
				table[filled+k] = uint16(symbol<<4 | l)
			}
			filled += n
		}
	}
	if filled != len(table) {
		return nil
	}
	return table
}

// row puts the vector of a piece into dst.
func (c *codedRows) row(dst []float32, id int32) {
	class := 0
	for id >= c.classes[class].end {
		class++
	}
	lookup := c.classes[class].lookup
	step := half(uint16(c.steps[2*id]) | uint16(c.steps[2*id+1])<<8)
	data := c.codes[2*c.start[id] : 2*c.start[id+1]]
	var bits uint64 // those that were read and not used are the lowest
	have := 0
	for i := range dst {
		for have < longestCode {
			bits <<= 8
			if len(data) > 0 {
				bits |= uint64(data[0])
				data = data[1:]
			}
			have += 8
		}
		v := lookup[bits>>(have-longestCode)&(1<<longestCode-1)]
		have -= int(v & 15)
		dst[i] = float32(int(v>>4)-codeLimit) * step
	}
}

// half is the value of a half-precision float that is neither infinite nor no number.
func half(h uint16) float32 {
	exponent, fraction := uint32(h>>10&31), uint32(h&1023)
	if exponent == 0 {
		return float32(fraction) / (1 << 24)
	}
	return math.Float32frombits((exponent+112)<<23 | fraction<<13)
}
