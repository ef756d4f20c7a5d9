// Package knowledge holds packs of facts: it loads them strictly, checks them,
// and writes their citations. It knows nothing of matching, of conversations or
// of chat platforms.
package knowledge

// A Pack is one folder of curated facts with their sources. It is immutable
// once loaded.
type Pack struct {
	ID          string
	Title       Text
	Version     string
	License     string
	Languages   []string // BCP 47; the first is the default; never empty
	Maintainers []string
	ScopeNote   Text
	Synonyms    [][]string // groups of words or phrases of the same meaning
	Sources     []*Source
	Facts       []*Fact
	Hash        string // of the content of all files, hexadecimal; the same content gives the same hash
	Dir         string // where it was loaded from, for messages; empty for the embedded pack
}

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
