package knowledge

import (
	"slices"
	"strings"

	"footnote/knowledge/edtf"
)

// Text is one text in one or several languages, keyed by BCP 47 tag. A text
// written without a language belongs to the first language of its pack.
type Text map[string]string

// In returns the text in the first of langs that it has ("en" serves "en-GB"
// too), else in the language with the smallest tag, so that the choice is
// stable. Callers pass the pack's first language last.
func (t Text) In(langs ...string) string {
	for _, l := range langs {
		if s, ok := t[l]; ok {
			return s
		}
		if base, _, regional := strings.Cut(l, "-"); regional {
			if s, ok := t[base]; ok {
				return s
			}
		}
	}
	first := ""
	for l := range t {
		if first == "" || l < first {
			first = l
		}
	}
	return t[first]
}

// A Status says how far a fact is supported. Every reply shows it as a word.
type Status string

// The statuses of footnote/1.
const (
	Established    Status = "established"     // the cited sources state it as fact
	Attributed     Status = "attributed"      // somebody's claim: Fact.AccordingTo
	Disputed       Status = "disputed"        // sources disagree: Fact.Positions
	CitationNeeded Status = "citation-needed" // stated, and nobody has sourced it
	Retracted      Status = "retracted"       // withdrawn; the answer is the correction
)

// A Fact is one answerable statement of a pack, with its own citations. Facts
// are immutable once loaded and are shared by pointer.
type Fact struct {
	ID          string
	Pack        *Pack
	Status      Status
	Topics      []string
	Questions   []Phrasing // the first is canonical; at least one
	Keywords    []string
	Answer      Text // at most MaxAnswer characters in each language
	Detail      Text // optional, at most MaxDetail characters
	AccordingTo string
	Positions   []Position // in the order of who held them first, where that is known, or else as written
	Dates       []Date
	People      []string            // names, as they are shown
	Variants    map[string][]string // of one of People: other ways to write the name
	Cites       []Cite              // those of its positions if it is disputed and has none of its own
	Related     []string            // ids of facts in the same pack
	Images      []Image             // shown when somebody asks for them
	Support     string              // why the quotations need not hold what the answer says; may be empty
	Reviewed    edtf.Date           // when a curator last checked it; may be empty
	Place       Place
}

// Names are the people of the fact in every way to write them.
func (f *Fact) Names() []string {
	out := slices.Clone(f.People)
	for _, name := range f.People {
		out = append(out, f.Variants[name]...)
	}
	return out
}

// Canonical returns the question that a fact is listed under, in lang where there
// is one.
func (f *Fact) Canonical(lang string) string {
	for _, q := range f.Questions {
		if q.Lang == lang {
			return q.Text
		}
	}
	return f.Questions[0].Text
}

// MaxAnswer and MaxDetail limit a fact's texts, in characters (code points).
const (
	MaxAnswer = 300
	MaxDetail = 1500
)

// A Phrasing is one way to ask for a fact.
type Phrasing struct {
	Lang  string
	Text  string
	Place Place
}

// A Position is one side of a disputed fact.
type Position struct {
	Holder string
	Claim  Text
	Cites  []Cite    // at least one
	Date   edtf.Date // when it was taken, if the pack says; may be empty
}

// A Date is a date or interval in the Extended Date/Time Format.
type Date struct {
	EDTF   edtf.Date
	Label  Text
	Julian bool // it is given by the Julian calendar, as the sources have it
}
