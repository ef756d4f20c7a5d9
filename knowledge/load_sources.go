package knowledge

import (
	"footnote/knowledge/csl"
	"footnote/knowledge/strictyaml"
)

// readSources adds the references of one file to the pack. It reports whether the
// file held a list of them.
func (r *packReader) readSources(n *strictyaml.Node) (whole bool) {
	sources, whole := csl.Read(n, r.sources, r.pack.Languages...)
	for _, s := range sources {
		r.sources[s.ID] = s
	}
	r.pack.Sources = append(r.pack.Sources, sources...)
	return whole
}
