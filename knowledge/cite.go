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

// Citation writes c out. The terms of a citation ("ed.", "trans.", "accessed")
// are English for now, whatever lang is.
func (c Cite) Citation(lang string) Citation {
	out := Citation{Locator: c.Locator.String(), Quote: c.Quote, Translation: c.Translation}
	if c.Translation != "" && c.TranslatedBy != "" {
		out.Translation += " (trans. " + c.TranslatedBy + ")"
	}
	if c.Source == nil {
		return out
	}
	out.Source = c.Source.ID
	out.URL = c.Source.URL()
	out.Short = c.Source.ShortNote(c.Locator)
	out.Full = c.Source.Note(c.Locator)
	return out
}

// Citations writes out the cites of f, in their order.
func (f *Fact) Citations(lang string) []Citation {
	out := make([]Citation, len(f.Cites))
	for i, c := range f.Cites {
		out[i] = c.Citation(lang)
	}
	return out
}

// AllCites returns the cites of f and of its positions, in their order. What a
// disputed fact took over from its positions comes twice.
func (f *Fact) AllCites() []Cite {
	out := slices.Clone(f.Cites)
	for _, p := range f.Positions {
		out = append(out, p.Cites...)
	}
	return out
}

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
	var out []Cite
	seen := map[Cite]bool{}
	for _, p := range positions {
		for _, c := range p.Cites {
			if !seen[c] {
				seen[c] = true
				out = append(out, c)
			}
		}
	}
	return out
}
