package knowledge

import (
	"slices"

	"footnote/knowledge/csl"
)

// A Cite ties a fact to a place in a source.
type Cite struct {
	Source  *csl.Source
	Locator csl.Locator
	Quote   string

	QuoteLang    string // BCP 47 tag of Quote if it is not the pack's language
	Translation  string // of Quote, in the pack's language
	TranslatedBy string // who translated Quote, if the pack says
}

// A Citation is one [Cite] of a fact, written out.
type Citation struct {
	Source  string   // the source's id
	Short   csl.Runs // for the reply: a shortened note with its locator, ending in a full stop
	Full    csl.Runs // for /source: a full note in Chicago style with its locator, then every field that it has no place for
	Locator string   // e.g. "note 27–28", "12–15"; empty for the whole source
	Quote   string   // the cite's short quote, or empty
	URL     string   // https only; empty if the source has none

	Translation string // of Quote, with the translator if the pack names one; or empty
}

// Citation writes c out. The terms of a citation ("ed.", "trans.", "accessed") are
// English.
func (c Cite) Citation() Citation {
	out := Citation{Locator: c.Locator.String(), Quote: c.Quote, Translation: c.Translation}
	if c.Translation != "" && c.TranslatedBy != "" {
		out.Translation += " (trans. " + c.TranslatedBy + ")"
	}
	if c.Source == nil {
		return out
	}
	out.Source = c.Source.ID
	out.URL = c.Source.URL()
	out.Short = c.Short()
	out.Full = c.Source.Note(c.Locator)
	return out
}

// Short writes c as it stands under a reply: [Citation.Short], without the work on the rest. It is
// empty if c has no source.
func (c Cite) Short() csl.Runs {
	if c.Source == nil {
		return nil
	}
	return c.Source.ShortNote(c.Locator)
}

// Citations writes out the cites of f and of its positions; see [Fact.AllCites].
func (f *Fact) Citations() []Citation {
	all := f.AllCites()
	out := make([]Citation, len(all))
	for i, c := range all {
		out[i] = c.Citation()
	}
	return out
}

// AllCites returns the cites of f and then those of its positions, in their order, each
// place once.
func (f *Fact) AllCites() []Cite { return distinct(f.Cites, citesOf(f.Positions)) }

// OwnCites returns the cites that f has of its own: none if it is disputed and
// only took over those of its positions.
func (f *Fact) OwnCites() []Cite {
	if f.Status == Disputed && slices.Equal(f.Cites, citesOf(f.Positions)) {
		return nil
	}
	return f.Cites
}

// citesOf gathers what the positions cite, each place once.
func citesOf(positions []Position) []Cite {
	var all [][]Cite
	for _, p := range positions {
		all = append(all, p.Cites)
	}
	return distinct(all...)
}

// distinct joins lists, each place once.
func distinct(lists ...[]Cite) []Cite {
	var out []Cite
	seen := map[Cite]bool{}
	for _, c := range slices.Concat(lists...) {
		if !seen[c] {
			seen[c] = true
			out = append(out, c)
		}
	}
	return out
}
