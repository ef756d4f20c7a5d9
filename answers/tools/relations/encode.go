package main

import (
	"encoding/binary"
	"maps"
	"slices"
)

// header names the format and its version.
const header = "word relations 1\n"

// encode writes what lexicon's decodeRelations reads; the format is described
// there.
func (b *builder) encode() []byte {
	var out encoded
	out = append(out, header...)
	out.words(b.words)
	out = append(out, b.flags...)
	out = append(out, b.roles...)
	out.forms(b)
	out.pairs(b.synonyms, len(b.words))
	out.pairs(b.antonyms, len(b.words))
	out.nodes(b.nodes)
	out.lists(b.names)
	out.lists(b.under)
	return out
}

// encoded is what is written so far.
type encoded []byte

func (e *encoded) number(n int) { *e = binary.AppendUvarint(*e, uint64(n)) }

// words writes a sorted list: of each word what differs from the one before.
func (e *encoded) words(list []string) {
	e.number(len(list))
	last := ""
	for _, w := range list {
		n := common(last, w)
		*e = append(*e, byte(n), byte(len(w)-n))
		*e = append(*e, w[n:]...)
		last = w
	}
}

// total writes how many ids there are in lists.
func (e *encoded) total(lists [][]uint16) {
	n := 0
	for _, ids := range lists {
		n += len(ids)
	}
	e.number(n)
}

// ascending writes ids, each as its distance from the one before, the first from from.
func (e *encoded) ascending(ids []uint16, from int) {
	e.number(len(ids))
	for _, id := range ids {
		e.number(int(id) - from)
		from = int(id)
	}
}

// lists writes a list of ids for each word.
func (e *encoded) lists(lists [][]uint16) {
	e.total(lists)
	for _, ids := range lists {
		e.ascending(ids, 0)
	}
}

// forms writes the irregular forms of known words; and what the rules of inflection
// must leave alone, with itself or with nothing.
func (e *encoded) forms(b *builder) {
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
	e.words(forms)
	of := make([][]uint16, len(forms))
	for i, form := range forms {
		of[i] = bases[form]
	}
	e.lists(of)
}

// pairs writes, for each of n words, those of a higher id that it makes a pair with.
func (e *encoded) pairs(all map[pair]bool, n int) {
	higher := make([][]uint16, n)
	for p := range all {
		higher[p.a] = append(higher[p.a], p.b)
	}
	e.total(higher)
	for i, ids := range higher {
		slices.Sort(ids)
		e.ascending(ids, i)
	}
}

// nodes writes the concepts: whether each is wide, and what is above it.
func (e *encoded) nodes(nodes []node) {
	e.number(len(nodes))
	for _, n := range nodes {
		flag := byte(0)
		if n.wide {
			flag = 1
		}
		*e = append(*e, flag)
	}
	for i, n := range nodes {
		e.number(len(n.up))
		for _, up := range n.up {
			*e = binary.AppendVarint(*e, int64(up)-int64(i))
		}
	}
}
