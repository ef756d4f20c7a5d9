// Package knowledge holds packs of facts. [Open] and [Embedded] load them
// strictly: whatever does not fit the format of FORMAT.md is an error with its
// place. [Check] warns of what loads and still deserves a curator's look. A [Fact]
// carries its citations, which [Fact.Citations] writes out.
//
// What is loaded is immutable and may be shared. The package knows nothing of
// matching, of conversations or of chat platforms.
package knowledge

import (
	"bytes"

	"footnote/knowledge/csl"
	"footnote/knowledge/edtf"
)

// A Pack is one folder of curated facts with their sources. It is immutable
// once loaded.
type Pack struct {
	ID          string
	Title       Text
	Version     string
	License     string
	Languages   []string // BCP 47; the first is the default; never empty
	Maintainers []string
	ORCID       map[string]string // by maintainer, for those who have one
	ScopeNote   Text
	Synonyms    [][]string // groups of words or phrases of the same meaning
	Sources     []*csl.Source
	Facts       []*Fact
	History     []Release   // what changed from version to version, as the pack lists it
	Recorded    []Statement // its versions.jsonl: what its versions said; empty if none was recorded
	Unanswered  []string    // its unanswered.yaml: questions near its subject that it does not answer
	Eval        Eval        // its eval.yaml; empty if it has none
	Hash        string      // of the content of all files, hexadecimal; the same content gives the same hash
	Dir         string      // where it was loaded from, for messages; empty for the embedded pack

	shown        string    // what stands before its file names in problems
	groupsAt     []Place   // where each group of Synonyms stands
	unansweredAt []Place   // where each question of Unanswered stands
	warnings     []Problem // what loading found and Check reports
}

// A Release is one version in a pack's history.
type Release struct {
	Version string
	Date    edtf.Date
	Changes []Change
}

// A Change is one fact that a Release added, corrected or retracted.
type Change struct {
	Fact string // its id; the fact may be gone
	Kind ChangeKind
	Note Text // what and why; may be empty

	Place Place
}

// A ChangeKind says what a [Release] did to a fact.
type ChangeKind string

// What a Release can do to a fact.
const (
	Added     ChangeKind = "added"
	Corrected ChangeKind = "corrected"
	Withdrawn ChangeKind = "retracted"
)

// In returns t in lang, else in the pack's main language, else in any.
func (p *Pack) In(t Text, lang string) string { return t.In(lang, p.Languages[0]) }

// A Base is everything the bot can answer from: one or several packs whose fact
// ids do not collide.
type Base struct {
	Packs []*Pack
}

// Facts returns the facts of all packs in the order of packs and files.
func (b *Base) Facts() []*Fact {
	var all []*Fact
	for _, p := range b.Packs {
		all = append(all, p.Facts...)
	}
	return all
}

// Fact returns the fact with that id, or nil.
func (b *Base) Fact(id string) *Fact {
	for _, p := range b.Packs {
		for _, f := range p.Facts {
			if f.ID == id {
				return f
			}
		}
	}
	return nil
}

// Sources returns the sources of all packs, each once: packs that cite the same
// work often share its entry.
func (b *Base) Sources() []*csl.Source {
	var all []*csl.Source
	seen := map[string][]byte{}
	for _, p := range b.Packs {
		for _, s := range p.Sources {
			item := csl.JSON(s)
			if first, dup := seen[s.ID]; dup && bytes.Equal(first, item) {
				continue
			}
			seen[s.ID] = item
			all = append(all, s)
		}
	}
	return all
}
