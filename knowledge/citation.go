package knowledge

import "strings"

// A Citation is one Cite of a fact, written out.
type Citation struct {
	Source  string // the source's id
	Short   Runs   // for the reply: a short note with its locator
	Full    Runs   // for /source: a full note in Chicago style with its locator
	Locator string // e.g. "note 27–28", "12–15"; empty for the whole source
	Quote   string // the cite's short quote, or empty
	URL     string // https only; empty if the source has none
}

// A Run is a piece of text in one style.
type Run struct {
	Text   string
	Italic bool
}

// Runs is a text in styled pieces, free of any platform's markup.
type Runs []Run

// String returns the text without its styles.
func (r Runs) String() string {
	var b strings.Builder
	for _, x := range r {
		b.WriteString(x.Text)
	}
	return b.String()
}
