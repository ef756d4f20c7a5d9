package timeline

import (
	"math"
	"slices"

	"footnote/knowledge/edtf"
)

// A scale says where on the line a moment lies. It is even but for the breaks: long
// stretches in which nothing happened are left out, so that what happened close
// together stays apart.
type scale struct {
	parts []part
	x0    float64 // the left end of the line
	x1    float64 // and its right one
}

// A part of a scale is even.
type part struct {
	from, to float64 // years
	x0, x1   float64
}

const (
	maxBreaks  = 3
	breakShare = .4 // of what the line shows: a longer stretch without anything is left out
	breakWidth = 22 // of the gap in the line
	leastPart  = 46 // the width of a part: its mark and a year
	leastYears = 1. / 12
)

// newScale fits the extents between x0 and x1.
func newScale(all []extent, x0, x1 float64) scale {
	parts := busy(all)
	if len(parts) == 0 {
		parts = []part{{from: 0, to: 1}}
	}
	room := func() float64 { return x1 - x0 - breakWidth*float64(len(parts)-1) }
	perYear := room() / math.Max(yearsIn(parts), leastYears)
	// A part that is too narrow for its mark gets more time on both sides, which
	// leaves less for the others: the rate falls until all fit.
	for range 8 {
		grown := widened(parts, leastPart/perYear)
		next := (x1 - x0 - breakWidth*float64(len(grown)-1)) / yearsIn(grown)
		if math.Abs(next-perYear) < perYear*1e-6 {
			break
		}
		perYear = next
	}
	parts = widened(parts, leastPart/perYear)
	perYear = room() / yearsIn(parts)
	x := x0
	for i := range parts {
		parts[i].x0 = x
		x += (parts[i].to - parts[i].from) * perYear
		parts[i].x1 = x
		x += breakWidth
	}
	return scale{parts: parts, x0: x0, x1: x1}
}

// busy are the stretches of time that the line shows: everything from the first moment
// to the last but the longest gaps.
func busy(all []extent) []part {
	var parts []part
	for _, e := range slices.SortedFunc(slices.Values(all), func(a, b extent) int {
		if a.from < b.from {
			return -1
		} else if a.from > b.from {
			return 1
		}
		return 0
	}) {
		if n := len(parts); n > 0 && e.from <= parts[n-1].to {
			parts[n-1].to = math.Max(parts[n-1].to, e.to)
			continue
		}
		parts = append(parts, part{from: e.from, to: e.to})
	}
	if len(parts) == 0 {
		return nil
	}
	breaks := gapsToLeaveOut(parts)
	out := parts[:1:1]
	for i, p := range parts[1:] {
		if breaks[i] {
			out = append(out, p)
		} else {
			out[len(out)-1].to = p.to
		}
	}
	return out
}

// gapsToLeaveOut marks, by their number, the gaps between parts that are left out: the
// longest, while it is more than breakShare of all that is shown. Two events make no
// series, and between them nothing is left out.
func gapsToLeaveOut(parts []part) map[int]bool {
	out := map[int]bool{}
	if len(parts) < 3 {
		return out
	}
	shown := parts[len(parts)-1].to - parts[0].from
	for len(out) < maxBreaks {
		longest, at := 0., -1
		for i := range parts[1:] {
			if gap := parts[i+1].from - parts[i].to; gap > longest && !out[i] {
				longest, at = gap, i
			}
		}
		if longest <= breakShare*shown {
			break
		}
		out[at] = true
		shown -= longest
	}
	return out
}

// widened returns the parts, none shorter than least years; those that meet are one.
func widened(parts []part, least float64) []part {
	var out []part
	for _, p := range parts {
		if more := least - (p.to - p.from); more > 0 {
			p.from, p.to = p.from-more/2, p.to+more/2
		}
		if n := len(out); n > 0 && p.from <= out[n-1].to {
			out[n-1].to = math.Max(p.to, out[n-1].to)
			continue
		}
		out = append(out, p)
	}
	return out
}

func yearsIn(parts []part) float64 {
	sum := 0.
	for _, p := range parts {
		sum += p.to - p.from
	}
	return sum
}

// x is where year lies. What lies beyond the line, or in a break, lies at its edge.
func (s scale) x(year float64) float64 {
	for i, p := range s.parts {
		switch {
		case year < p.from && i == 0:
			return p.x0
		case year < p.from:
			return (s.parts[i-1].x1 + p.x0) / 2
		case year <= p.to:
			if p.to == p.from {
				return p.x0
			}
			return p.x0 + (year-p.from)/(p.to-p.from)*(p.x1-p.x0)
		}
	}
	return s.parts[len(s.parts)-1].x1
}

// A tick is a moment that the line names.
type tick struct {
	x     float64
	label string
	part  int // of the scale
}

// monthSteps and yearSteps are how far apart ticks may be.
var monthSteps = []int{1, 2, 3, 6}

func yearSteps(yield func(int) bool) {
	for ten := 1; ten <= edtf.LatestYear; ten *= 10 {
		for _, n := range []int{1, 2, 5} {
			if !yield(n * ten) {
				return
			}
		}
	}
}

// ticks are as many moments as can be named without their names meeting. span is where
// a name begins and ends.
func (s scale) ticks(lang string, span func(tick) (from, to float64)) []tick {
	// Past this many the names cannot fit, and making them is work for nothing.
	most := int((s.x1-s.x0)/8) + len(s.parts)
	if years := yearsIn(s.parts); years < 4 {
		for _, step := range monthSteps {
			if all := s.monthTicks(step, lang, most); len(all) > 1 && len(all) <= most && apart(all, span) {
				return all
			}
		}
	}
	for step := range yearSteps {
		all := s.yearTicks(step, lang, most)
		if len(all) > most {
			continue
		}
		if all = besideBreaks(all, span); apart(all, span) {
			return all
		}
	}
	return nil
}

// tickGap is how far the names of ticks are apart at least.
const tickGap = 9

// apart reports whether no names meet.
func apart(all []tick, span func(tick) (from, to float64)) bool {
	end := math.Inf(-1)
	for _, t := range all {
		from, to := span(t)
		if from < end+tickGap {
			return false
		}
		end = to
	}
	return true
}

// besideBreaks leaves out a tick whose name meets one on the other side of a break, of
// the part that has more of them.
func besideBreaks(all []tick, span func(tick) (from, to float64)) []tick {
	in := map[int]int{}
	for _, t := range all {
		in[t.part]++
	}
	var out []tick
	for _, t := range all {
		if n := len(out); n > 0 && out[n-1].part != t.part && !apart([]tick{out[n-1], t}, span) {
			switch before := out[n-1].part; {
			case in[before] > 1 && in[before] >= in[t.part]:
				in[before]--
				out = out[:n-1]
			case in[t.part] > 1:
				in[t.part]--
				continue
			}
		}
		out = append(out, t)
	}
	return out
}

// yearTicks are the years that are multiples of step, BC and AD alike, and in a part
// without any the year of its middle.
func (s scale) yearTicks(step int, lang string, most int) []tick {
	var all []tick
	for i, p := range s.parts {
		if (p.to-p.from)/float64(step) > float64(most) {
			return make([]tick, most+1)
		}
		before := len(all)
		for n := floorDiv(int(p.from)-1, step) * step; float64(n) <= p.to+1; n += step {
			year := n
			switch {
			case n < 0:
				year = n + 1 // 500 BC is the year -499
			case n == 0:
				continue // there was no year 0, and the year that EDTF calls so is 1 BC
			}
			at := float64(edtf.Day(year, 1, 1)) / daysInYear
			if at >= p.from && at <= p.to {
				all = append(all, tick{s.x(at), yearName(year, lang), i})
			}
		}
		if len(all) == before {
			middle := math.Floor((p.from + p.to) / 2)
			all = append(all, tick{s.x(math.Max(middle, p.from)), yearName(int(middle), lang), i})
		}
	}
	return all
}

// monthTicks are the months of a short line.
func (s scale) monthTicks(step int, lang string, most int) []tick {
	var all []tick
	for i, p := range s.parts {
		for m := int(p.from*12) - 1; float64(m) <= p.to*12+1; m++ {
			year, month := floorDiv(m, 12), m-12*floorDiv(m, 12)+1
			at := float64(edtf.Day(year, month, 1)) / daysInYear
			if (month-1)%step == 0 && at >= p.from && at <= p.to {
				all = append(all, tick{s.x(at), edtf.FromParts(itoa(year), itoa(month)).In(lang), i})
			}
			if len(all) > most {
				return all
			}
		}
	}
	return all
}

func yearName(year int, lang string) string { return edtf.FromParts(itoa(year)).In(lang) }
