package splice

import (
	yaml "go.yaml.in/yaml/v4"
)

// A step is what becomes of an entry of a list: it gets a value, it goes, or a new one
// is put before another.
type step struct {
	old    int // the entry; -1 for a new one
	gone   bool
	before int // for a new one
	value  any
}

// maxTable bounds the comparison of two lists, in pairs of entries.
const maxTable = 1 << 20

// pairs tells with what steps a list comes to hold want, leaving out entries that stay.
func pairs(list *yaml.Node, want []any) []step {
	old := make([]any, len(list.Content))
	for i, c := range list.Content {
		old[i] = decode(c)
	}
	first := 0
	for first < len(old) && first < len(want) && same(old[first], want[first]) {
		first++
	}
	a, b := old[first:], want[first:]
	for len(a) > 0 && len(b) > 0 && same(a[len(a)-1], b[len(b)-1]) {
		a, b = a[:len(a)-1], b[:len(b)-1]
	}
	var steps []step
	i, j := 0, 0
	for _, m := range append(common(a, b), [2]int{len(a), len(b)}) {
		steps = append(steps, between(a, b, i, m[0], j, m[1], first)...)
		i, j = m[0]+1, m[1]+1
	}
	return steps
}

// between pairs the entries of a from i to iEnd with those of b from j to jEnd, which
// have nothing in common.
func between(a, b []any, i, iEnd, j, jEnd, first int) []step {
	var steps []step
	for ; i < iEnd && j < jEnd; i, j = i+1, j+1 {
		if alike(a[i], b[j]) {
			steps = append(steps, step{old: first + i, value: b[j]})
			continue
		}
		steps = append(steps, step{old: -1, before: first + i, value: b[j]}, step{old: first + i, gone: true})
	}
	for ; i < iEnd; i++ {
		steps = append(steps, step{old: first + i, gone: true})
	}
	for ; j < jEnd; j++ {
		steps = append(steps, step{old: -1, before: first + iEnd, value: b[j]})
	}
	return steps
}

// alike reports whether one value may be taken for another form of the other: both are
// texts, or maps that do not differ in their id.
func alike(a, b any) bool {
	x, isMap := a.(Object)
	y, alsoMap := b.(Object)
	if isMap && alsoMap {
		return x.Text("id") == y.Text("id")
	}
	_, isText := a.(string)
	_, alsoText := b.(string)
	return isText && alsoText
}

// common returns the places of the longest common subsequence of a and b.
func common(a, b []any) [][2]int {
	if len(a) == 0 || len(b) == 0 || len(a)*len(b) > maxTable {
		return nil
	}
	length := make([][]int, len(a)+1)
	equal := make([][]bool, len(a)+1)
	for i := range length {
		length[i], equal[i] = make([]int, len(b)+1), make([]bool, len(b)+1)
	}
	for i := len(a) - 1; i >= 0; i-- {
		for j := len(b) - 1; j >= 0; j-- {
			if equal[i][j] = same(a[i], b[j]); equal[i][j] {
				length[i][j] = length[i+1][j+1] + 1
			} else {
				length[i][j] = max(length[i+1][j], length[i][j+1])
			}
		}
	}
	var out [][2]int
	for i, j := 0, 0; i < len(a) && j < len(b); {
		switch {
		case equal[i][j]:
			out = append(out, [2]int{i, j})
			i, j = i+1, j+1
		case length[i+1][j] >= length[i][j+1]:
			i++
		default:
			j++
		}
	}
	return out
}
