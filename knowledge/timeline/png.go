package timeline

import (
	"bytes"
	"image"
	"image/png"
	"math"
	"slices"

	"golang.org/x/image/math/fixed"
)

// PNG draws the picture for a theme, [Light] or [Dark]: twice as many pixels as the
// layout has, in few colours, some 25 KB. It takes some 13 ms of processor time; with the
// best compression it would take 50, and save a tenth of the size.
func (t *Timeline) PNG(theme Theme) ([]byte, error) {
	var b bytes.Buffer
	if err := png.Encode(&b, t.draw(theme)); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

// draw draws the picture.
func (t *Timeline) draw(theme Theme) *image.Paletted {
	c := themes[Light]
	if theme == Dark {
		c = themes[Dark]
	}
	p := &painter{canvas: newCanvas(t.width, t.height, c)}
	p.line(t)
	p.texts(t.title)
	p.texts(t.note)
	for _, r := range t.rows {
		p.texts(r.text)
		p.mark(r.mark)
	}
	for _, e := range t.legend {
		if e.zig {
			p.zigzag(e.x+legendMark/2-4, e.y)
		}
		for _, m := range e.marks {
			p.mark(m)
		}
		p.texts(e.lines)
	}
	return p.Paletted
}

// A painter draws the parts of a layout on a canvas.
type painter struct {
	canvas
	ruler
}

// line draws the line of time with its names, grid and breaks.
func (p *painter) line(t *Timeline) {
	for _, k := range t.ticks {
		p.fill(inkGrid, rect(k.x-.4, t.axis, k.x+.4, t.bottom))
		from, to := (&layouter{Timeline: t}).tickSpan(k)
		p.texts([]textLine{{x: from, y: t.axis - 8, width: to - from, pieces: []piece{{k.label, styleFaint}}}})
	}
	for i, part := range t.scale.parts {
		x0, x1 := part.x0, part.x1
		if i == 0 {
			x0 = margin
		}
		if i == len(t.scale.parts)-1 {
			x1 = t.width - margin
		}
		p.fill(inkFaint, rect(x0, t.axis-.5, x1, t.axis+.5))
		if i > 0 {
			p.zigzag(part.x0-breakWidth/2, t.axis)
		}
	}
}

func (p *painter) zigzag(x, y float64) {
	at := []point{{x - 7, y}, {x - 3, y - 4}, {x + 3, y + 4}, {x + 7, y}}
	for i := range at[1:] {
		p.fill(inkFaint, stroke(at[i], at[i+1], 1.3))
	}
}

// mark draws a dot or a bar.
func (p *painter) mark(m mark) {
	in := inkSpan
	if m.dot {
		in = inkPoint
	}
	const edge = 1.5
	p.clear(m.shape(edge / 2))
	if !m.hollow && !m.hatched {
		p.fill(in, m.shape(edge/2))
		return
	}
	if m.hatched {
		p.hatch(in, m)
	}
	p.outline(in, m, edge)
}

// shape is the mark, larger by more on each side.
func (m mark) shape(more float64) path {
	if m.dot {
		return disc(m.x0, m.y, dotRadius+more)
	}
	m.x0, m.x1 = m.x0-more, m.x1+more
	return polygon(m.outline(barHeight/2 + more)...)
}

// outline draws the edge of a mark: in dashes if it is a hollow bar.
func (p *painter) outline(in ink, m mark, edge float64) {
	if m.dot {
		hole := disc(m.x0, m.y, dotRadius-edge/2)
		p.fill(in, disc(m.x0, m.y, dotRadius+edge/2), hole.reversed())
		return
	}
	at := m.outline(barHeight / 2)
	dash, gap := 4., 2.5
	if !m.hollow {
		dash, gap = math.Inf(1), 0
	}
	left, on := dash, true
	for i, a := range at {
		b := at[(i+1)%len(at)]
		length := math.Hypot(b.x-a.x, b.y-a.y)
		for done := 0.; done < length-1e-9; {
			step := math.Min(left, length-done)
			if on {
				along := func(d float64) point { return point{a.x + (b.x-a.x)*d/length, a.y + (b.y-a.y)*d/length} }
				p.fill(in, stroke(along(done), along(done+step), edge))
			}
			done += step
			if left -= step; left <= 1e-9 {
				if on = !on; on {
					left = dash
				} else {
					left = gap
				}
			}
		}
	}
}

// hatch draws stripes within a mark.
func (p *painter) hatch(in ink, m mark) {
	const every, thick = 6.5, 3.1 // along the line, at 45 degrees
	inside := newMask(p.Rect, m.shape(0))
	top, bottom := m.y-barHeight/2-1, m.y+barHeight/2+1
	first := math.Floor((m.left()-(bottom-top))/every) * every
	for x := first; x < m.right(); x += every {
		slant := bottom - top
		p.fillWithin(inside, in, polygon(point{x, bottom}, point{x + slant, top}, point{x + slant + thick, top}, point{x + thick, bottom}))
	}
}

// texts draws lines of text, and keeps the grid away from them.
func (p *painter) texts(all []textLine) {
	for _, t := range all {
		size := t.pieces[0].style.size()
		p.clear(rect(t.x-2, t.y-size*.8, t.x+t.width+1, t.y+size*.28))
		x := t.x
		for _, of := range t.pieces {
			// A text in a script that no font has is left to the list beside the picture.
			if p.lacks(of.text, of.style.weight()) {
				of.text = string(wideSpace) + "…"
			}
			in, y := inkText, t.y
			switch of.style {
			case styleNote:
				in, y = inkFaint, t.y-4
			case styleFaint:
				in = inkFaint
			}
			p.fill(in, p.glyphs(of, x, y)...)
			x += p.width(of.text, of.style.weight(), of.style.size())
		}
	}
}

// glyphs are the outlines of a piece of text in the order in which they are seen.
func (p *painter) glyphs(of piece, x, y float64) []path {
	w, size := of.style.weight(), of.style.size()
	var all []path
	for _, c := range inSight(shaped(of.text)) {
		if f, i := p.glyph(c, w); f != nil {
			segments, err := f.LoadGlyph(&p.buffer, i, fixed.Int26_6(size*pixels*64), nil)
			if err == nil { // the buffer is used again
				all = append(all, path{segments: slices.Clone(segments), x: float32(x * pixels), y: float32(y * pixels)})
			}
		}
		x += p.advance(c, w) * size
	}
	return all
}
