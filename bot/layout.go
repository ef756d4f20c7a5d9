package bot

import (
	"iter"
	"slices"
	"sort"
	"strconv"
	"strings"
	"unicode"

	"github.com/rivo/uniseg"
)

// PlainText writes r without any markup, as the terminal shows it and as an
// adapter falls back to when a platform refuses its markup. Choices are numbered
// in order. Buttons are not written: what matters of them is in the blocks.
func PlainText(r Reply) string {
	var b strings.Builder
	for x := range r.Lines() {
		text := x.Mark() + x.plain()
		if x.Kind == Quote {
			text = "> " + strings.ReplaceAll(text, "\n", "\n> ")
		}
		b.WriteString(x.Break + text)
	}
	return b.String()
}

// A Line is a block of a reply with where it stands.
type Line struct {
	Block
	Break  string // the line breaks before it: "", "\n" or "\n\n"
	Number int    // of a choice, counted from 1; otherwise 0
}

// Mark returns what stands before a list item where a platform has no lists of its
// own: a bullet, or a choice's number.
func (l Line) Mark() string {
	switch l.Kind {
	case Item:
		return bullet
	case Choice:
		return ChoiceMark(l.Number)
	}
	return ""
}

// Lines returns r's blocks in order, each with the line break before it and, of a choice, its
// number: what every adapter needs to set them.
func (r Reply) Lines() iter.Seq[Line] {
	return func(yield func(Line) bool) {
		choices := 0
		for i, x := range r.Blocks {
			l := Line{Block: x}
			if i > 0 {
				l.Break = "\n"
				if x.Gap {
					l.Break = "\n\n"
				}
			}
			if x.Kind == Choice {
				choices++
				l.Number = choices
			}
			if !yield(l) {
				return
			}
		}
	}
}

// bullet stands before a list item where a platform has no lists of its own.
const bullet = "• "

// ChoiceMark stands before the nth choice, counted from 1. A person may answer
// with that number, so every adapter shows the same.
func ChoiceMark(n int) string { return strconv.Itoa(n) + ". " }

// plain is the text of a block with the address of each link after it.
func (x Block) plain() string {
	var b strings.Builder
	for _, s := range x.Spans {
		b.WriteString(s.Text)
		if s.URL != "" && s.URL != s.Text {
			b.WriteString(" (" + s.URL + ")")
		}
	}
	return b.String()
}

// text is the text of a block alone.
func (x Block) text() string {
	var b strings.Builder
	for _, s := range x.Spans {
		b.WriteString(s.Text)
	}
	return b.String()
}

// minTrimmed is how many characters a block keeps in the first round of
// trimming: less than half a line says nothing, and fine print goes before that.
const minTrimmed = 40

// Fit returns r, or a shorter r whose size is at most max. size measures a reply
// as the platform will (rendered, in the platform's units); it must not grow when
// a block is shortened or dropped.
//
// What is given up first is what the reader misses least: the end of Trim blocks
// (the last block first, at a word, with "…"), then fine print, then list items
// and choices from the end, then empty lines, then the rest of the Trim blocks,
// then other blocks from the end. Citations are cut only when nothing else is
// left, and then the reply keeps the first one's beginning. Buttons stay.
func Fit(r Reply, max int, size func(Reply) int) Reply {
	if size(r) <= max {
		return r
	}
	r.Blocks = slices.Clone(r.Blocks)
	fits := func() bool { return size(r) <= max }

	for _, least := range []int{minTrimmed, 0} {
		for i := len(r.Blocks) - 1; i >= 0; i-- {
			if r.Blocks[i].Trim && r.Blocks[i].Kind != Cite && trimBlock(&r, i, least, max, size) {
				return r
			}
		}
		if least > 0 {
			for _, k := range []BlockKind{Fine, Item, Choice} {
				if dropLast(&r, fits, func(_ int, x Block) bool { return x.Kind == k && !x.Trim }) {
					return r
				}
			}
			for i := range r.Blocks {
				r.Blocks[i].Gap = false
			}
			if fits() {
				return r
			}
		}
	}
	if dropLast(&r, fits, func(_ int, x Block) bool { return x.Kind != Cite }) {
		return r
	}
	if dropLast(&r, fits, func(i int, _ Block) bool { return i > 0 }) {
		return r
	}
	if len(r.Blocks) == 1 && trimBlock(&r, 0, 0, max, size) {
		return r
	}
	r.Blocks = nil
	return r
}

// dropLast drops blocks that may go, the last first and no more than it takes for the reply
// to fit, and reports whether it does. How many that are is found by halving: each try
// costs as much as showing the reply.
func dropLast(r *Reply, fits func() bool, may func(i int, x Block) bool) bool {
	var can []int // the last first
	for i, x := range slices.Backward(r.Blocks) {
		if may(i, x) {
			can = append(can, i)
		}
	}
	if len(can) == 0 {
		return false
	}
	all := r.Blocks
	drop := func(n int) {
		gone := map[int]bool{}
		for _, i := range can[:n] {
			gone[i] = true
		}
		r.Blocks = make([]Block, 0, len(all)-n)
		for i, x := range all {
			if !gone[i] {
				r.Blocks = append(r.Blocks, x)
			}
		}
	}
	least := 1 + sort.Search(len(can)-1, func(n int) bool { // dropping n of them is too little below it
		drop(n + 1)
		return fits()
	})
	drop(least)
	return fits()
}

// trimBlock shortens block i to the longest beginning with which r fits, and
// reports whether it fits now. If it cannot, the block is left with least
// characters, or dropped if least is 0.
func trimBlock(r *Reply, i, least, max int, size func(Reply) int) bool {
	whole := r.Blocks[i]
	cuts := cutPoints(whole.text())
	try := func(n int) bool {
		r.Blocks[i] = cutBlock(whole, n)
		return size(*r) <= max
	}
	lo := 0 // number of cut points below the least length
	for lo < len(cuts) && cuts[lo].graphemes < least {
		lo++
	}
	if lo == len(cuts) {
		return size(*r) <= max // already short enough to be left alone in this round
	}
	if !try(cuts[lo].bytes) {
		if least == 0 {
			r.Blocks = slices.Delete(r.Blocks, i, i+1)
			return size(*r) <= max
		}
		return false
	}
	hi := len(cuts) // the first cut point known not to fit
	for hi-lo > 1 {
		mid := (lo + hi) / 2
		if try(cuts[mid].bytes) {
			lo = mid
		} else {
			hi = mid
		}
	}
	return try(cuts[lo].bytes)
}

// A cutPoint is a place where a text may end before "…".
type cutPoint struct{ bytes, graphemes int }

// longWord is the length in characters from which a word may be cut inside:
// scripts without spaces and hostile input have words of any length.
const longWord = 30

// cutPoints are the ends of words, and inside long words the ends of
// characters as people see them, in order.
func cutPoints(s string) []cutPoint {
	var cuts []cutPoint
	n, pos, sinceSpace := 0, 0, 0
	wasSpace := true
	state := -1
	for rest := s; rest != ""; {
		var cluster string
		cluster, rest, _, state = uniseg.FirstGraphemeClusterInString(rest, state)
		space := strings.TrimSpace(cluster) == ""
		if space {
			if !wasSpace && sinceSpace <= longWord {
				cuts = append(cuts, cutPoint{pos, n})
			}
			sinceSpace = 0
		} else if sinceSpace++; sinceSpace > longWord {
			cuts = append(cuts, cutPoint{pos, n})
		}
		wasSpace = space
		pos += len(cluster)
		n++
	}
	return cuts
}

// cutBlock is x with the first n bytes of its text and "…".
func cutBlock(x Block, n int) Block {
	var spans []Span
	for _, s := range x.Spans {
		if len(s.Text) >= n {
			s.Text = s.Text[:n]
			spans = append(spans, s)
			break
		}
		n -= len(s.Text)
		spans = append(spans, s)
	}
	for len(spans) > 0 {
		last := &spans[len(spans)-1]
		last.Text = strings.TrimRightFunc(last.Text, func(c rune) bool {
			return unicode.IsSpace(c) || strings.ContainsRune(",;:–—-(", c)
		})
		if last.Text != "" {
			break
		}
		spans = spans[:len(spans)-1]
	}
	x.Spans = append(spans, Span{Text: "…"})
	return x
}

// Shorten cuts s to at most max characters as people see them, at a word where
// there is one in the second half, with "…" as the last of them.
func Shorten(s string, max int) string {
	if max <= 0 {
		return ""
	}
	n, pos, end, atWord := 0, 0, 0, 0
	state := -1
	for rest := s; rest != ""; {
		var cluster string
		cluster, rest, _, state = uniseg.FirstGraphemeClusterInString(rest, state)
		if strings.TrimSpace(cluster) == "" && n <= max-1 {
			atWord = pos
		}
		if n == max-1 {
			end = pos
		}
		if n++; n > max {
			if atWord > end/2 {
				end = atWord
			}
			return strings.TrimRightFunc(s[:end], unicode.IsSpace) + "…"
		}
		pos += len(cluster)
	}
	return s
}
