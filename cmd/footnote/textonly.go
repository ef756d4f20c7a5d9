package main

import (
	"bytes"
	"io"
	"unicode"
	"unicode/utf8"
)

// A textOnly is a writer of text to w that lets no control character through but those of
// lines and columns: what people asked, and what a script passes in, must not steer the
// terminal of whoever looks at it. Its callers write whole characters.
type textOnly struct{ w io.Writer }

func (p textOnly) Write(text []byte) (int, error) {
	if bytes.ContainsFunc(text, steers) {
		clean := make([]byte, 0, len(text))
		for rest := text; len(rest) > 0; {
			r, n := utf8.DecodeRune(rest)
			if !steers(r) {
				clean = append(clean, rest[:n]...)
			}
			rest = rest[n:]
		}
		if _, err := p.w.Write(clean); err != nil {
			return 0, err
		}
		return len(text), nil
	}
	return p.w.Write(text)
}

func steers(r rune) bool { return unicode.IsControl(r) && r != '\n' && r != '\t' }
