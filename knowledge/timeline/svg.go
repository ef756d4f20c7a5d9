package timeline

import (
	"fmt"
	"strconv"
	"strings"

	"footnote/knowledge"
)

// SVGOptions say how a picture is written as SVG. The zero value is one for a file, in light colours,
// without links.
type SVGOptions struct {
	// ID stands before the ids inside the picture, so that several fit on a page.
	ID string
	// Theme is [Light] if it is not set. With [Auto] the picture brings its own styles,
	// which follow the reader's choice; a page that forbids such styles takes [Light]
	// and puts [CSS] into its own.
	Theme Theme
	// Link is the address of a fact's page; nil for none.
	Link func(*knowledge.Fact) string
}

// A Theme says which colours a picture has.
type Theme int

// The themes; only [Timeline.SVG] knows Auto.
const (
	Light Theme = iota
	Dark
	Auto // light or dark as the reader likes; SVG only
)

// colours are those of a theme, as CSS writes them.
type colours struct{ paper, ink, faint, grid, point, span string }

var themes = [...]colours{
	Light: {paper: "#fbf8f1", ink: "#22242b", faint: "#66645f", grid: "#ddd6c8", point: "#9d2b2b", span: "#2f4b7c"},
	Dark:  {paper: "#1c1d22", ink: "#ecebe7", faint: "#a9a69f", grid: "#3b3c43", point: "#f0a08c", span: "#93b1e6"},
}

// CSS returns the styles of the pictures on a page that has light and dark colours. It
// only speaks of classes that begin with "tl-".
func CSS() string {
	return rules(themes[Light]) + "\n@media (prefers-color-scheme: dark) {\n" + rules(themes[Dark]) + "\n}\n"
}

func rules(c colours) string {
	return fmt.Sprintf(".tl-paper{fill:%s}.tl-ink{fill:%s}.tl-faint{fill:%s}.tl-grid{stroke:%s}.tl-axis{stroke:%s}"+
		".tl-point{fill:%s;stroke:%s}.tl-span{fill:%s;stroke:%s}.tl-hollow{fill:%s}.tl-hatched{fill:none}.tl-halo{stroke:%s}",
		c.paper, c.ink, c.faint, c.grid, c.faint, c.point, c.point, c.span, c.span, c.paper, c.paper)
}

// SVG writes the picture as an element of a page, or a file of its own. It speaks for
// itself to whoever does not see it: its title, and each event as text.
func (t *Timeline) SVG(o SVGOptions) string {
	w := &svgWriter{o: o, c: themes[Light]}
	if o.Theme == Dark {
		w.c = themes[Dark]
	}
	w.f(`<svg xmlns="http://www.w3.org/2000/svg" class="tl" role="img" aria-labelledby="%[1]stl-title %[1]stl-desc" viewBox="0 0 %[2]s %[3]s" width="%[2]s" height="%[3]s" font-family="Go, 'Noto Sans', 'Segoe UI', Roboto, Helvetica, Arial, sans-serif">`,
		escape(o.ID), num(t.width), num(t.height))
	w.f("\n<title id=\"%stl-title\">%s</title>\n<desc id=\"%stl-desc\">%s</desc>\n", escape(o.ID), escape(t.Title), escape(o.ID), escape(t.Text()))
	if o.Theme == Auto {
		w.f("<style>%s</style>\n", CSS())
	}
	for _, h := range []struct{ class, colour string }{{"span", w.c.span}, {"point", w.c.point}} {
		w.f(`<defs><pattern id="%stl-hatch-%s" width="4.6" height="4.6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">`+
			`<line class="tl-%[2]s" x1="1.2" y1="0" x2="1.2" y2="4.6" stroke="%s" stroke-width="2.2"/></pattern></defs>`+"\n", escape(o.ID), h.class, h.colour)
	}
	w.f(`<rect class="tl-paper" width="%s" height="%s" fill="%s"/>`+"\n", num(t.width), num(t.height), w.c.paper)
	w.texts(t.title)
	w.texts(t.note)
	w.line(t)
	for _, r := range t.rows {
		w.row(r)
	}
	for _, e := range t.legend {
		if e.zig {
			w.zigzag(e.x+legendMark/2-4, e.y)
		}
		for _, m := range e.marks {
			w.mark(m)
		}
		w.texts(e.lines)
	}
	w.b.WriteString("</svg>\n")
	return w.b.String()
}

type svgWriter struct {
	b strings.Builder
	o SVGOptions
	c colours
}

func (w *svgWriter) f(format string, args ...any) { fmt.Fprintf(&w.b, format, args...) }

// texts writes lines of text. Each is as long as the layout says, whatever typeface the
// reader has, so that nothing collides; its outline in the colour of the paper keeps the
// grid away from the letters.
func (w *svgWriter) texts(all []textLine) {
	for _, t := range all {
		w.f(`<text class="tl-halo" x="%s" y="%s" textLength="%s" lengthAdjust="spacingAndGlyphs" stroke="%s" stroke-width="3" stroke-linejoin="round" paint-order="stroke" xml:space="preserve">`,
			num(t.x), num(t.y), num(t.width/slack), w.c.paper)
		for _, p := range t.pieces {
			w.piece(p)
		}
		w.b.WriteString("</text>\n")
	}
}

func (w *svgWriter) piece(p piece) {
	class, fill, more := "ink", w.c.ink, ""
	switch p.style {
	case styleWhen, styleTitle:
		more = ` font-weight="bold"`
	case styleNote:
		class, fill, more = "faint", w.c.faint, ` dy="-4"`
	case styleFaint:
		class, fill = "faint", w.c.faint
	}
	w.f(`<tspan class="tl-%s" font-size="%s" fill="%s"%s>%s</tspan>`, class, num(p.style.size()), fill, more, escape(p.text))
}

// line draws the line of time with its names and breaks.
func (w *svgWriter) line(t *Timeline) {
	for _, k := range t.ticks {
		w.f(`<line class="tl-grid" x1="%[1]s" y1="%[2]s" x2="%[1]s" y2="%[3]s" stroke="%[4]s"/>`+"\n", num(k.x), num(t.axis), num(t.bottom), w.c.grid)
		from, to := (&layouter{Timeline: t}).tickSpan(k)
		w.texts([]textLine{{x: from, y: t.axis - 8, width: to - from, pieces: []piece{{k.label, styleFaint}}}})
	}
	for i, p := range t.scale.parts {
		x0, x1 := p.x0, p.x1
		if i == 0 {
			x0 = margin
		}
		if i == len(t.scale.parts)-1 {
			x1 = t.width - margin
		}
		w.f(`<line class="tl-axis" x1="%s" y1="%[3]s" x2="%[2]s" y2="%[3]s" stroke="%[4]s"/>`+"\n", num(x0), num(x1), num(t.axis), w.c.faint)
		if i > 0 {
			w.zigzag(p.x0-breakWidth/2, t.axis)
		}
	}
}

func (w *svgWriter) zigzag(x, y float64) {
	w.f(`<path class="tl-axis" d="M%s %sl4 -4l6 8l4 -4" fill="none" stroke="%s" stroke-width="1.3"/>`+"\n", num(x-7), num(y), w.c.faint)
}

func (w *svgWriter) row(r row) {
	link := ""
	if w.o.Link != nil && len(r.event.Facts) > 0 {
		link = w.o.Link(r.event.Facts[0])
	}
	if link != "" {
		w.f(`<a href="%s">`+"\n", escape(link))
	}
	w.texts(r.text)
	w.mark(r.mark)
	if link != "" {
		w.b.WriteString("</a>\n")
	}
}

// mark draws a dot or a bar. A hollow one is filled with the colour of the paper, a
// hatched one with the pattern, and both have an outline.
func (w *svgWriter) mark(m mark) {
	class, colour := "span", w.c.span
	if m.dot {
		class, colour = "point", w.c.point
	}
	look := fmt.Sprintf(`class="tl-%s" fill="%s" stroke="%s" stroke-width="1.5"`, class, colour, colour)
	if m.hollow || m.hatched {
		w.shape(m, fmt.Sprintf(`class="tl-%s tl-hollow" fill="%s" stroke="%s" stroke-width="1.5"%s`, class, w.c.paper, colour, dashes(m)))
		look = fmt.Sprintf(`class="tl-hatched-by" fill="url(#%stl-hatch-%s)"`, escape(w.o.ID), class)
	}
	if m.hatched || !m.hollow {
		w.shape(m, look)
	}
}

// dashes are those of the outline of a hollow mark.
func dashes(m mark) string {
	if m.hollow && !m.dot {
		return ` stroke-dasharray="4 2.5"`
	}
	return ""
}

func (w *svgWriter) shape(m mark, look string) {
	if m.dot {
		w.f(`<circle cx="%s" cy="%s" r="%s" %s/>`+"\n", num(m.x0), num(m.y), num(dotRadius), look)
		return
	}
	w.f(`<path d="`)
	for i, p := range m.outline(barHeight / 2) {
		w.f("%c%s %s", "ML"[min(i, 1)], num(p.x), num(p.y))
	}
	w.f(`Z" stroke-linejoin="round" %s/>`+"\n", look)
}

// A point is a place in a picture.
type point struct{ x, y float64 }

// outline is that of a bar of half a height, with a tip where it goes on.
func (m mark) outline(half float64) []point {
	const tip = 8
	top, bottom := m.y-half, m.y+half
	var all []point
	if m.arrowFrom {
		all = append(all, point{m.x0 + tip, bottom}, point{m.x0, m.y}, point{m.x0 + tip, top})
	} else {
		all = append(all, point{m.x0, bottom}, point{m.x0, top})
	}
	if m.arrowTo {
		return append(all, point{m.x1 - tip, top}, point{m.x1, m.y}, point{m.x1 - tip, bottom})
	}
	return append(all, point{m.x1, top}, point{m.x1, bottom})
}

// num writes a length.
func num(x float64) string { return strconv.FormatFloat(float64(int(x*100+.5))/100, 'f', -1, 64) }

func escape(s string) string { return escaper.Replace(printable(s)) }

var escaper = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;")
