package timeline

import (
	"image"
	"image/color"
	"math"

	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
	"golang.org/x/image/vector"
)

// pixels is how many pixels of the picture a pixel of the layout has: phones show more
// than one to each.
const pixels = 2

// An ink is a colour that is drawn with.
type ink int

const (
	inkText ink = iota
	inkFaint
	inkGrid
	inkPoint
	inkSpan
	inks
)

// shades are how many steps there are from the paper to each ink: with the paper 16
// colours, of which two pixels fit a byte of the file. Text needs the most for smooth edges.
var shades = [inks]int{inkText: 6, inkFaint: 4, inkGrid: 1, inkPoint: 2, inkSpan: 2}

// firstShade is where the shades of an ink begin in the palette; the paper is 0.
func firstShade(in ink) int {
	n := 1
	for _, k := range shades[:in] {
		n += k
	}
	return n
}

// A canvas is a picture of one paper and a few inks, each in some shades. What is drawn
// with an ink covers what was there, and its edges fade into the paper.
type canvas struct{ *image.Paletted }

func newCanvas(width, height float64, c colours) canvas {
	paper := hexColour(c.paper)
	palette := color.Palette{paper}
	for in, s := range [inks]string{inkText: c.ink, inkFaint: c.faint, inkGrid: c.grid, inkPoint: c.point, inkSpan: c.span} {
		to := hexColour(s)
		for k := 1; k <= shades[in]; k++ {
			between := func(a, b uint8) uint8 { return uint8((int(a)*(shades[in]-k) + int(b)*k) / shades[in]) }
			palette = append(palette, color.RGBA{between(paper.R, to.R), between(paper.G, to.G), between(paper.B, to.B), 0xff})
		}
	}
	size := image.Rect(0, 0, int(math.Ceil(width*pixels)), int(math.Ceil(height*pixels)))
	return canvas{image.NewPaletted(size, palette)}
}

// hexColour reads "#rrggbb".
func hexColour(s string) color.RGBA {
	digit := func(c byte) uint8 {
		if c >= 'a' {
			return c - 'a' + 10
		}
		return c - '0'
	}
	at := func(i int) uint8 { return digit(s[i])<<4 | digit(s[i+1]) }
	return color.RGBA{at(1), at(3), at(5), 0xff}
}

// A path is an outline in pixels of the canvas.
type path struct {
	segments []sfnt.Segment
	x, y     float32 // where it is drawn
}

// fill draws what the paths enclose, in an ink.
func (c canvas) fill(in ink, all ...path) { c.fillWithin(nil, in, all...) }

// fillWithin is fill as far as it is within a mask; nil for everywhere.
func (c canvas) fillWithin(within *image.Alpha, in ink, all ...path) {
	first, most := firstShade(in), shades[in]
	c.each(all, func(x, y int, cover uint8) {
		if within != nil {
			cover = uint8(int(cover) * int(within.AlphaAt(x, y).A) / 255)
		}
		shade := (int(cover)*most + 127) / 255
		if shade == 0 {
			return
		}
		at := c.PixOffset(x, y)
		// At the edges of two strokes of one ink the darker wins.
		if old := int(c.Pix[at]) - first + 1; old < 1 || old > most || old < shade {
			c.Pix[at] = uint8(first + shade - 1)
		}
	})
}

// newMask is what a path covers of a rectangle.
func newMask(of image.Rectangle, p path) *image.Alpha {
	mask := image.NewAlpha(p.bounds().Intersect(of))
	canvas{&image.Paletted{Rect: of}}.each([]path{p}, func(x, y int, cover uint8) { mask.SetAlpha(x, y, color.Alpha{A: cover}) })
	return mask
}

// clear makes what the paths enclose paper.
func (c canvas) clear(all ...path) {
	c.each(all, func(x, y int, cover uint8) {
		if cover >= 0x80 {
			c.Pix[c.PixOffset(x, y)] = 0
		}
	})
}

// each calls do for the pixels that the paths cover, wholly or in part.
func (c canvas) each(all []path, do func(x, y int, cover uint8)) {
	box := image.Rectangle{}
	for _, p := range all {
		box = box.Union(p.bounds())
	}
	if box = box.Intersect(c.Rect); box.Empty() {
		return
	}
	r := vector.NewRasterizer(box.Dx(), box.Dy())
	for _, p := range all {
		p.add(r, float32(box.Min.X), float32(box.Min.Y))
	}
	mask := image.NewAlpha(image.Rect(0, 0, box.Dx(), box.Dy()))
	r.Draw(mask, mask.Rect, image.Opaque, image.Point{})
	for y := range box.Dy() {
		for x, cover := range mask.Pix[y*mask.Stride : y*mask.Stride+box.Dx()] {
			if cover > 0 {
				do(box.Min.X+x, box.Min.Y+y, cover)
			}
		}
	}
}

// args are how many points a segment has.
func args(op sfnt.SegmentOp) int {
	switch op {
	case sfnt.SegmentOpQuadTo:
		return 2
	case sfnt.SegmentOpCubeTo:
		return 3
	}
	return 1
}

func (p path) point(a fixed.Point26_6) (x, y float32) {
	return p.x + float32(a.X)/64, p.y + float32(a.Y)/64
}

func (p path) bounds() image.Rectangle {
	x0, y0, x1, y1 := float32(math.Inf(1)), float32(math.Inf(1)), float32(math.Inf(-1)), float32(math.Inf(-1))
	for _, s := range p.segments {
		for _, a := range s.Args[:args(s.Op)] {
			x, y := p.point(a)
			x0, y0, x1, y1 = min(x0, x), min(y0, y), max(x1, x), max(y1, y)
		}
	}
	if x1 < x0 {
		return image.Rectangle{}
	}
	floor := func(x float32) int { return int(math.Floor(float64(x))) }
	return image.Rect(floor(x0), floor(y0), floor(x1)+1, floor(y1)+1)
}

func (p path) add(r *vector.Rasterizer, dx, dy float32) {
	p.x, p.y = p.x-dx, p.y-dy
	for i, s := range p.segments {
		x, y := p.point(s.Args[0])
		switch s.Op {
		case sfnt.SegmentOpMoveTo:
			if i > 0 {
				r.ClosePath()
			}
			r.MoveTo(x, y)
		case sfnt.SegmentOpLineTo:
			r.LineTo(x, y)
		case sfnt.SegmentOpQuadTo:
			x1, y1 := p.point(s.Args[1])
			r.QuadTo(x, y, x1, y1)
		case sfnt.SegmentOpCubeTo:
			x1, y1 := p.point(s.Args[1])
			x2, y2 := p.point(s.Args[2])
			r.CubeTo(x, y, x1, y1, x2, y2)
		}
	}
	if len(p.segments) > 0 {
		r.ClosePath()
	}
}

// reversed is p as a hole in what encloses it.
func (p path) reversed() path {
	out := path{x: p.x, y: p.y}
	end := func(s sfnt.Segment) fixed.Point26_6 { return s.Args[args(s.Op)-1] }
	for i := len(p.segments) - 1; i >= 0; i-- {
		s := p.segments[i]
		if i == len(p.segments)-1 {
			out.segments = append(out.segments, sfnt.Segment{Op: sfnt.SegmentOpMoveTo, Args: [3]fixed.Point26_6{end(s)}})
		}
		if i == 0 {
			break
		}
		to := end(p.segments[i-1])
		back := sfnt.Segment{Op: s.Op}
		for k := range args(s.Op) - 1 {
			back.Args[k] = s.Args[args(s.Op)-2-k]
		}
		back.Args[args(s.Op)-1] = to
		out.segments = append(out.segments, back)
	}
	return out
}

// polygon is a path through points of the layout.
func polygon(all ...point) path {
	var p path
	for i, a := range all {
		op := sfnt.SegmentOpLineTo
		if i == 0 {
			op = sfnt.SegmentOpMoveTo
		}
		p.segments = append(p.segments, sfnt.Segment{Op: op, Args: [3]fixed.Point26_6{{X: toFixed(a.x), Y: toFixed(a.y)}}})
	}
	return p
}

func toFixed(x float64) fixed.Int26_6 { return fixed.Int26_6(math.Round(x * pixels * 64)) }

// disc is a circle, as four curves.
func disc(x, y, r float64) path {
	const k = .5523 // which makes a cubic curve a quarter of a circle
	at := func(dx, dy float64) fixed.Point26_6 {
		return fixed.Point26_6{X: toFixed(x + dx*r), Y: toFixed(y + dy*r)}
	}
	curve := func(a, b, c fixed.Point26_6) sfnt.Segment {
		return sfnt.Segment{Op: sfnt.SegmentOpCubeTo, Args: [3]fixed.Point26_6{a, b, c}}
	}
	return path{segments: []sfnt.Segment{
		{Op: sfnt.SegmentOpMoveTo, Args: [3]fixed.Point26_6{at(1, 0)}},
		curve(at(1, k), at(k, 1), at(0, 1)), curve(at(-k, 1), at(-1, k), at(-1, 0)),
		curve(at(-1, -k), at(-k, -1), at(0, -1)), curve(at(k, -1), at(1, -k), at(1, 0)),
	}}
}

// rect is a rectangle.
func rect(x0, y0, x1, y1 float64) path {
	return polygon(point{x0, y0}, point{x1, y0}, point{x1, y1}, point{x0, y1})
}

// stroke is a line of a width from a to b, as its outline.
func stroke(a, b point, width float64) path {
	dx, dy := b.x-a.x, b.y-a.y
	length := math.Hypot(dx, dy)
	if length == 0 {
		return path{}
	}
	dx, dy = dx/length*width/2, dy/length*width/2
	return polygon(point{a.x - dy, a.y + dx}, point{b.x - dy, b.y + dx}, point{b.x + dy, b.y - dx}, point{a.x + dy, a.y - dx})
}
