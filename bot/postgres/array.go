package postgres

import "encoding/binary"

// The types of the elements of arrays, as PostgreSQL numbers them.
const (
	typeBytea = 17
	typeText  = 25
)

// Bytes is a bytea[] as PostgreSQL sends and reads it in binary.
func Bytes(all [][]byte) []byte { return array(typeBytea, all) }

// Texts is a text[] as PostgreSQL sends and reads it in binary.
func Texts(all []string) []byte { return array(typeText, all) }

func array[E string | []byte](kind uint32, all []E) []byte {
	size := 20
	for _, e := range all {
		size += 4 + len(e)
	}
	b := make([]byte, 0, size)
	add := func(n uint32) { b = binary.BigEndian.AppendUint32(b, n) }
	if len(all) == 0 {
		add(0) // dimensions
		add(0)
		add(kind)
		return b
	}
	add(1)
	add(0) // none is NULL
	add(kind)
	add(uint32(len(all)))
	add(1) // is the first index
	for _, e := range all {
		add(uint32(len(e)))
		b = append(b, e...)
	}
	return b
}
