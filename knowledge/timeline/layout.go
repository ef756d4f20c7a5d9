package timeline

import (
	"math"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Lengths of the layout, in the pixels of a page: a phone shows some 380 of them.
const (
	Width = 380 // of a picture, unless another is asked for

	margin    = 16
	sizeTitle = 18
	sizeText  = 13
	sizeSmall = 11
	sizeNote  = 9.5

	lineTitle = 23
	lineText  = 17
	lineSmall = 15

	dotRadius = 5.5
	barHeight = 11
	barRadius = 3
	underText = 5  // from a text to its mark
	underRow  = 13 // from a mark to the next text
	leastBar  = 3 * dotRadius
	arrowRoom = 26

	maxLines = 3    // of what an event is
	slack    = 1.02 // for what rounding adds
)

// A Timeline is a layout of events, which does not change.
type Timeline struct {
	Title  string
	Note   string // under the title; may be empty
	Words  Words
	Events []Event

	width, height float64
	title, note   []textLine
	axis          float64 // where the line is
	bottom        float64 // where the grid ends
	scale         scale
	ticks         []tick
	rows          []row
	legend        []legendEntry
}

// A row is an event as it is drawn: its text and, under it, its mark.
type row struct {
	event Event
	text  []textLine
	mark  mark
}

// A textLine is a line of text of several pieces.
type textLine struct {
	x, y, width float64 // y is the base line
	pieces      []piece
}

// A piece is a run of text in one style.
type piece struct {
	text  string
	style style
}

type style int

const (
	styleText  style = iota
	styleWhen        // the date
	styleNote        // the number, raised
	styleTitle       // of the picture
	styleFaint       // what explains
)

func (s style) weight() weight {
	if s == styleWhen || s == styleTitle {
		return bold
	}
	return regular
}

func (s style) size() float64 {
	switch s {
	case styleNote:
		return sizeNote
	case styleTitle:
		return sizeTitle
	case styleFaint:
		return sizeSmall
	}
	return sizeText
}

// lead is from one line to the next.
func (s style) lead() float64 {
	switch s {
	case styleTitle:
		return lineTitle
	case styleFaint:
		return lineSmall
	}
	return lineText
}

// A mark is what stands for an event on the line: a dot, or a bar from x0 to x1.
type mark struct {
	x0, x1, y          float64 // y is its middle
	dot                bool    // then x0 and x1 are the same
	hollow             bool    // about then, or within that time
	hatched            bool    // disputed
	arrowFrom, arrowTo bool    // it goes on there
}

// left and right are where the mark ends.
func (m mark) left() float64 {
	if m.dot {
		return m.x0 - dotRadius
	}
	return m.x0
}

func (m mark) right() float64 {
	if m.dot {
		return m.x1 + dotRadius
	}
	return m.x1
}

// A legendEntry explains one kind of mark.
type legendEntry struct {
	marks []mark
	zig   bool // it is a break in the line
	x, y  float64
	lines []textLine
}

// legendMark is the width of what stands before a legend's words.
const legendMark = 40

// New lays out events in a picture of a width; [Width] if it is not positive.
func New(title, note string, events []Event, w Words, width float64) *Timeline {
	if width <= 0 {
		width = Width
	}
	t := &Timeline{Title: title, Note: note, Words: w, Events: events, width: math.Max(width, 200)}
	l := layouter{Timeline: t}
	l.head()
	l.body()
	l.foot()
	return t
}

// A layouter puts things below each other.
type layouter struct {
	*Timeline
	ruler ruler
	y     float64 // where the next thing begins
}

func (l *layouter) room() float64 { return l.width - 2*margin }

// measure is the width of s with the slack.
func (l *layouter) measure(s string, w weight, size float64) float64 {
	return l.ruler.width(s, w, size) * slack
}

func (l *layouter) head() {
	l.y = margin
	l.title = l.paragraph(l.Title, styleTitle, margin, l.room(), 3)
	if l.Note != "" {
		l.note = l.paragraph(l.Note, styleFaint, margin, l.room(), 2)
		l.y += 2
	}
}

func (l *layouter) body() {
	extents := make([]extent, len(l.Events))
	x0, x1 := float64(margin+dotRadius), l.width-margin-dotRadius
	for i, e := range l.Events {
		extents[i] = extentOf(e)
	}
	for _, x := range extents {
		if x.openFrom && x0 < margin+arrowRoom {
			x0 += arrowRoom
		}
		if x.openTo && x1 > l.width-margin-arrowRoom {
			x1 -= arrowRoom
		}
	}
	l.scale = newScale(extents, x0, x1)
	lang := ""
	if len(l.Words.Tags) > 0 {
		lang = l.Words.Tags[0]
	}
	l.ticks = l.scale.ticks(lang, l.tickSpan)
	l.y += 16 + lineSmall
	l.axis = l.y
	l.y += underRow
	for i, e := range l.Events {
		l.row(e, extents[i])
	}
	l.bottom = l.y - underRow/2
}

// markOf is the mark of an event, but for its height.
func (l *layouter) markOf(e Event, x extent) mark {
	m := mark{x0: l.scale.x(x.from), x1: l.scale.x(x.to), hatched: e.Disputed, hollow: x.roughly}
	if x.openFrom {
		m.arrowFrom, m.x0 = true, math.Max(margin, math.Min(m.x1-arrowRoom, l.scale.x0-arrowRoom+dotRadius))
	}
	if x.openTo {
		m.arrowTo, m.x1 = true, math.Min(l.width-margin, math.Max(m.x0+arrowRoom, l.scale.x1+arrowRoom-dotRadius))
	}
	if open := x.openFrom || x.openTo; open {
		return m
	}
	middle := (m.x0 + m.x1) / 2
	switch wide := m.x1-m.x0 >= leastBar; {
	case wide && !x.interval:
		m.hollow = true // sometime within it
	case !wide && x.interval: // an interval stays one, however short
		m.x0, m.x1 = middle-leastBar/2, middle+leastBar/2
		m.x0, m.x1 = l.inside(m.x0, m.x1)
	case !wide:
		m.dot, m.x0, m.x1 = true, middle, middle
	}
	return m
}

// inside moves a bar so that it does not stick out of the picture.
func (l *layouter) inside(x0, x1 float64) (float64, float64) {
	if x0 < margin {
		return margin, margin + x1 - x0
	}
	if right := l.width - margin; x1 > right {
		return right - (x1 - x0), right
	}
	return x0, x1
}

// row lays out an event: its text where its mark begins, or else so that it ends where
// its mark ends, or else over it as far as there is room.
func (l *layouter) row(e Event, x extent) {
	r := row{event: e, mark: l.markOf(e, x)}
	lines := l.fill(wordsOf(e), l.room())
	left, right := r.mark.left(), r.mark.right()
	widest := 0.
	for _, t := range lines {
		widest = math.Max(widest, t.width)
	}
	at := left
	if at+widest > l.width-margin {
		at = right - widest
	}
	if at < margin {
		at = math.Max(margin, l.width-margin-widest)
	}
	for i := range lines {
		lines[i].x, lines[i].y = at, l.y+lineText*float64(i)+sizeText
	}
	l.y += lineText*float64(len(lines)) + underText
	r.text = lines
	r.mark.y = l.y + barHeight/2
	l.y += barHeight + underRow
	l.rows = append(l.rows, r)
}

// wordsOf are the words of an event, each a piece that is not broken, the number of its
// note joined to the last.
func wordsOf(e Event) [][]piece {
	var all [][]piece
	for _, w := range strings.Fields(e.When) {
		all = append(all, []piece{{w, styleWhen}})
	}
	for _, w := range strings.Fields(printable(e.What)) {
		all = append(all, []piece{{w, styleText}})
	}
	n := len(all) - 1
	if n < 0 {
		return nil
	}
	all[n] = append(all[n], piece{string(thinSpace) + itoa(e.Number), styleNote})
	return all
}

// fill breaks words into lines of at most a width. What is too much for maxLines is cut
// off, but never the number.
func (l *layouter) fill(words [][]piece, width float64) []textLine {
	if len(words) == 0 {
		return nil
	}
	last := words[len(words)-1]
	number := last[len(last)-1]
	var lines []textLine
	var line textLine
	for i := 0; i < len(words); i++ {
		w := l.fitting(words[i], width)
		longer := line.with(w, l)
		if longer.width <= width || len(line.pieces) == 0 {
			line = longer
			continue
		}
		if len(lines) == maxLines-1 {
			return append(lines, l.cut(line, number, width))
		}
		lines, line = append(lines, line), textLine{}.with(w, l)
	}
	return append(lines, line)
}

// with is line with another word after it.
func (t textLine) with(word []piece, l *layouter) textLine {
	out := textLine{pieces: append([]piece(nil), t.pieces...)}
	for i, p := range word {
		n := len(out.pieces) - 1
		switch {
		case i == 0 && n >= 0 && out.pieces[n].style == p.style:
			out.pieces[n].text += " " + p.text
		case i == 0 && n >= 0:
			out.pieces = append(out.pieces, piece{string(wideSpace) + p.text, p.style}) // wider, from the date to what it is
		default:
			out.pieces = append(out.pieces, p)
		}
	}
	out.width = l.widthOf(out.pieces)
	return out
}

func (l *layouter) widthOf(all []piece) float64 {
	sum := 0.
	for _, p := range all {
		sum += l.measure(p.text, p.style.weight(), p.style.size())
	}
	return sum
}

// fitting is word, or as much of it as is not wider than a line.
func (l *layouter) fitting(word []piece, width float64) []piece {
	if l.widthOf(word) <= width {
		return word
	}
	out := append([]piece(nil), word...)
	whole := []rune(out[0].text)
	for n := len(whole) - 1; n > 0; n-- {
		out[0].text = string(whole[:n]) + "…"
		if l.widthOf(out) <= width {
			break
		}
	}
	return out
}

// cut ends a line that has to be the last with "…" and the number.
func (l *layouter) cut(t textLine, number piece, width float64) textLine {
	pieces := append(append([]piece(nil), t.pieces...), number)
	last := &pieces[len(t.pieces)-1]
	whole := []rune(last.text)
	for n := len(whole); n > 0; n-- {
		if n < len(whole) && n > len(whole)/2 && whole[n] != ' ' {
			continue // at a word, in the second half
		}
		last.text = strings.TrimRight(string(whole[:n]), " ,;:–—-") + "…"
		if l.widthOf(pieces) <= width {
			break
		}
	}
	return textLine{pieces: pieces, width: l.widthOf(pieces)}
}

// paragraph breaks s into at most most lines of a width, and sets them below each other
// from the height that is reached on.
func (l *layouter) paragraph(s string, as style, x, width float64, most int) []textLine {
	var lines []textLine
	line := ""
	add := func() {
		l.y += as.lead()
		p := []piece{{line, as}}
		lines = append(lines, textLine{x: x, y: l.y - as.lead() + as.size()*1.05, width: l.widthOf(p), pieces: p})
	}
	for _, word := range strings.Fields(printable(s)) {
		word = l.fitting([]piece{{word, as}}, width)[0].text
		longer := strings.TrimSpace(line + " " + word)
		if line == "" || l.widthOf([]piece{{longer, as}}) <= width {
			line = longer
			continue
		}
		if len(lines) == most-1 {
			line = l.cut(textLine{pieces: []piece{{line + " " + word, as}}}, piece{"", as}, width).pieces[0].text
			break
		}
		add()
		line = word
	}
	if line != "" {
		add()
	}
	return lines
}

// foot explains the marks that need it.
func (l *layouter) foot() {
	var ring, dashed, hatchedDot, hatchedBar, arrow bool
	for _, r := range l.rows {
		m := r.mark
		ring, dashed = ring || m.hollow && m.dot, dashed || m.hollow && !m.dot
		hatchedDot, hatchedBar = hatchedDot || m.hatched && m.dot, hatchedBar || m.hatched && !m.dot
		arrow = arrow || m.arrowFrom || m.arrowTo
	}
	l.y += 4
	l.explain(l.Words.About, ring, dashed, mark{hollow: true})
	l.explain(l.Words.Disputed, hatchedDot, hatchedBar, mark{hatched: true})
	l.explain(l.Words.Open, false, arrow, mark{arrowTo: true})
	if len(l.scale.parts) > 1 {
		l.explain(l.Words.Break, true, true, mark{})
	}
	l.height = math.Ceil(l.y + margin - 4)
}

// explain adds to the legend what a kind of mark means, with a dot or a bar of that kind
// or both. A mark without anything stands for a break.
func (l *layouter) explain(text string, dot, bar bool, kind mark) {
	if !dot && !bar || text == "" {
		return
	}
	e := legendEntry{x: margin, y: l.y + lineSmall/2, zig: kind == mark{}}
	x := float64(margin + 1)
	if dot && !e.zig {
		m := kind
		m.dot, m.y = true, e.y
		m.x0, m.x1 = x+dotRadius, x+dotRadius
		e.marks = append(e.marks, m)
		x += 2*dotRadius + 3
	}
	if bar && !e.zig {
		m := kind
		m.x0, m.x1, m.y = x, margin+legendMark-6, e.y
		e.marks = append(e.marks, m)
	}
	e.lines = l.paragraph(text, styleFaint, margin+legendMark, l.room()-legendMark, 2)
	l.legend = append(l.legend, e)
}

// tickSpan is where the name of a tick begins and ends: over it, but inside the picture.
func (l *layouter) tickSpan(k tick) (from, to float64) {
	w := l.measure(k.label, regular, sizeSmall)
	from = math.Min(math.Max(k.x-w/2, margin/2), l.width-margin/2-w)
	return from, from + w
}

func itoa(n int) string { return strconv.Itoa(n) }

// printable is s without what no picture can hold.
func printable(s string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' && r != '\n' || r == 0x7f || r == utf8.RuneError || r == 0xfffe || r == 0xffff {
			return -1
		}
		return r
	}, s)
}
