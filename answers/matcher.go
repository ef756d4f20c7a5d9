package answers

import "footnote/knowledge"

// Options tunes a Matcher. The zero value is the product's default.
type Options struct {
	// Encoder switches the sentence encoder: "" or "on" uses it where the
	// cheap evidence does not settle a question, "off" never loads it.
	Encoder string
	// CacheDir keeps vectors of packs between starts, by content hash; "" keeps none.
	CacheDir string
}

// A Matcher answers queries from one immutable Base.
type Matcher struct {
	base *knowledge.Base
}

// New indexes base. It returns an error only for options it does not know.
func New(base *knowledge.Base, opts Options) (*Matcher, error) {
	return &Matcher{base: base}, nil
}

// Base is what the matcher answers from.
func (m *Matcher) Base() *knowledge.Base { return m.base }

// Match decides on q. It never fails and never panics on any input.
func (m *Matcher) Match(q Query) Result {
	return Result{Outcome: Declined}
}
