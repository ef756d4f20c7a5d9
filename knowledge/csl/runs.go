package csl

import "strings"

// A Run is a piece of text in one style.
type Run struct {
	Text   string
	Italic bool
}

// Runs are a text in pieces, each in one style, without any markup.
type Runs []Run

// String returns the text without its styles.
func (r Runs) String() string {
	var b strings.Builder
	for _, x := range r {
		b.WriteString(x.Text)
	}
	return b.String()
}
