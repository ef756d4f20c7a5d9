package knowledge

import (
	"bytes"

	"footnote/knowledge/csl"
)

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
