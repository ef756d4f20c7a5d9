package timeline

import (
	"sync"
	"unicode"

	"golang.org/x/image/font"
	"golang.org/x/image/font/gofont/gobold"
	"golang.org/x/image/font/gofont/goregular"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
)

// A weight is how heavy a text is set.
type weight int

const (
	regular weight = iota
	bold
)

// fonts are the typefaces of pictures, by weight.
var fonts = sync.OnceValue(func() [2]*sfnt.Font {
	var all [2]*sfnt.Font
	for w, data := range [...][]byte{regular: goregular.TTF, bold: gobold.TTF} {
		f, err := sfnt.Parse(data)
		if err != nil {
			panic(err) // the fonts are part of the program, and a test draws with them
		}
		all[w] = f
	}
	return all
})

// A ruler measures texts. It is not safe for concurrent use.
type ruler struct{ buffer sfnt.Buffer }

// unknownWidth is how wide a character that the fonts lack is taken to be, in em.
const unknownWidth = .62

// unit is the size at which widths are read: large enough that rounding does not show.
const unit = 1024

// guessed is how wide a character is that the fonts lack, in em.
func guessed(c rune) float64 {
	if unicode.In(c, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul) {
		return 1
	}
	return unknownWidth
}

// width is that of s at a size. Another typeface of a page that shows the SVG may be
// a little wider; the layout leaves room for it.
func (r *ruler) width(s string, w weight, size float64) float64 {
	f := fonts()[w]
	sum := 0.
	for _, c := range s {
		if unicode.Is(unicode.Mn, c) || unicode.Is(unicode.Cf, c) {
			continue
		}
		i, err := f.GlyphIndex(&r.buffer, c)
		if err != nil || i == 0 {
			sum += guessed(c)
			continue
		}
		a, err := f.GlyphAdvance(&r.buffer, i, fixed.I(unit), font.HintingNone)
		if err != nil {
			sum += unknownWidth
			continue
		}
		sum += float64(a) / 64 / unit
	}
	return sum * size
}
