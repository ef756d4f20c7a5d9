package main

import (
	"encoding/binary"
	"maps"
	"slices"
)

// encode writes what lexicon's decodeRelations reads; the format is described
// there.
func (b *builder) encode() []byte {
	var out []byte
	number := func(n int) { out = binary.AppendUvarint(out, uint64(n)) }
	words := func(list []string) {
		number(len(list))
		last := ""
		for _, w := range list {
			n := common(last, w)
			out = append(out, byte(n), byte(len(w)-n))
			out = append(out, w[n:]...)
			last = w
		}
	}
	total := func(lists [][]uint16) {
		n := 0
		for _, ids := range lists {
			n += len(ids)
		}
		number(n)
	}
	ascending := func(ids []uint16, from int) {
		number(len(ids))
		for _, id := range ids {
			number(int(id) - from)
			from = int(id)
		}
	}
	out = append(out, header...)
	words(b.words)
	out = append(out, b.flags...)
	out = append(out, b.roles...)

	// The irregular forms of known words; and what the rules of inflection must
	// leave alone, with itself or with nothing.
	bases := map[string][]uint16{}
	for form, list := range b.forms {
		var ids []uint16
		if id, ok := b.ids[form]; ok { // a word of its own too
			ids = append(ids, id)
		}
		for _, base := range list {
			if id, ok := b.ids[base]; ok {
				ids = append(ids, id)
			}
		}
		slices.Sort(ids)
		if ids = slices.Compact(ids); len(ids) > 0 || list[0] == form {
			bases[form] = ids
		}
	}
	forms := slices.Sorted(maps.Keys(bases))
	words(forms)
	of := make([][]uint16, len(forms))
	for i, form := range forms {
		of[i] = bases[form]
	}
	total(of)
	for _, ids := range of {
		ascending(ids, 0)
	}

	for _, pairs := range []map[pair]bool{b.synonyms, b.antonyms} {
		higher := make([][]uint16, len(b.words))
		for p := range pairs {
			higher[p.a] = append(higher[p.a], p.b)
		}
		total(higher)
		for i, ids := range higher {
			slices.Sort(ids)
			ascending(ids, i)
		}
	}

	number(len(b.nodes))
	for _, n := range b.nodes {
		flag := byte(0)
		if n.wide {
			flag = 1
		}
		out = append(out, flag)
	}
	for i, n := range b.nodes {
		number(len(n.up))
		for _, up := range n.up {
			out = binary.AppendVarint(out, int64(up)-int64(i))
		}
	}
	for _, list := range [][][]uint16{b.names, b.under} {
		total(list)
		for _, ids := range list {
			ascending(ids, 0)
		}
	}
	return out
}

// header names the format and its version.
const header = "word relations 1\n"
