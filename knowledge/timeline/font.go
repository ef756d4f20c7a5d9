package timeline

import (
	"bytes"
	"compress/gzip"
	_ "embed"
	"io"
	"slices"
	"sync"
	"unicode"

	"golang.org/x/image/font"
	"golang.org/x/image/font/gofont/gobold"
	"golang.org/x/image/font/gofont/goregular"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
)

// fallback has the letters of names that the Go fonts lack; its NOTICE.md tells more.
//
//go:embed fallback/fallback.ttf.gz
var fallback []byte

// A weight is how heavy a text is set.
type weight int

const (
	regular weight = iota
	bold
)

// fonts are the typefaces of pictures, by weight, with the one that stands in for both
// behind them.
var fonts = sync.OnceValue(func() [3]*sfnt.Font {
	var all [3]*sfnt.Font
	for i, data := range [...][]byte{regular: goregular.TTF, bold: gobold.TTF, 2: unpacked(fallback)} {
		f, err := sfnt.Parse(data)
		if err != nil {
			panic(err) // the fonts are part of the program, and a test draws with them
		}
		all[i] = f
	}
	return all
})

// unpacked is a file that is part of the program.
func unpacked(data []byte) []byte {
	z, err := gzip.NewReader(bytes.NewReader(data))
	if err == nil {
		data, err = io.ReadAll(z)
	}
	if err != nil {
		panic(err)
	}
	return data
}

// A ruler measures texts. It is not safe for concurrent use.
type ruler struct{ buffer sfnt.Buffer }

// unit is the size at which widths are read: large enough that rounding does not show.
const unit = 1024

// glyph is that of a character, in the font that has it; nil if none has.
func (r *ruler) glyph(c rune, w weight) (*sfnt.Font, sfnt.GlyphIndex) {
	all := fonts()
	for _, f := range []*sfnt.Font{all[w], all[2]} {
		if i, err := f.GlyphIndex(&r.buffer, c); err == nil && i != 0 {
			return f, i
		}
	}
	return nil, 0
}

// width is that of s at a size. Another typeface of a page that shows the SVG may be
// wider; there the text is pressed into it.
func (r *ruler) width(s string, w weight, size float64) float64 {
	sum := 0.
	for _, c := range shaped(s) {
		sum += r.advance(c, w)
	}
	return sum * size
}

// advance is the width of a character in em; that of one that no font has is guessed.
func (r *ruler) advance(c rune, w weight) float64 {
	switch {
	case c == thinSpace:
		return .17
	case c == wideSpace:
		return .5
	case unicode.IsSpace(c):
		c = ' '
	}
	if f, i := r.glyph(c, w); f != nil {
		if a, err := f.GlyphAdvance(&r.buffer, i, fixed.I(unit), font.HintingNone); err == nil {
			return float64(a) / 64 / unit
		}
	}
	if unicode.In(c, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul) {
		return 1
	}
	return .62
}

// The spaces between the pieces of a line.
const (
	thinSpace = '\u2009' // before the number of a note
	wideSpace = '\u2002' // between a date and what it is of
)

// lacks reports whether s has a character that no font has.
func (r *ruler) lacks(s string, w weight) bool {
	return slices.ContainsFunc(shaped(s), func(c rune) bool {
		f, _ := r.glyph(c, w)
		return f == nil && !unicode.IsSpace(c)
	})
}
