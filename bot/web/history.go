package web

import (
	"slices"
	"strings"

	"footnote/knowledge"
	"footnote/knowledge/edtf"
)

// This file is about versions: which there were, and what became of a fact since. What a
// pack tells of that is its history, which has no earlier texts.

// A goneFact is a fact that a pack had once.
type goneFact struct {
	id   string
	pack *knowledge.Pack
}

// A revision is what a version of a pack changed in one fact.
type revision struct {
	version string
	date    edtf.Date
	change  knowledge.Change
}

// releases are the versions of a pack's history, the last first.
func releases(p *knowledge.Pack) []knowledge.Release {
	all := slices.Clone(p.History)
	slices.SortStableFunc(all, func(a, b knowledge.Release) int { return strings.Compare(string(b.Date), string(a.Date)) })
	return all
}

// readHistory finds the versions of each pack and the facts that are gone.
func (s *Site) readHistory() {
	s.gone, s.versions = map[string]*goneFact{}, map[*knowledge.Pack][]string{}
	for _, p := range s.base.Packs {
		versions := []string{p.Version}
		for _, r := range releases(p) {
			if !slices.Contains(versions, r.Version) {
				versions = append(versions, r.Version)
			}
			for _, c := range r.Changes {
				if s.byID[c.Fact] == nil && s.gone[c.Fact] == nil {
					s.gone[c.Fact] = &goneFact{c.Fact, p}
				}
			}
		}
		s.versions[p] = versions
	}
}

// revisions are what changed in the fact with that id, the last first.
func revisions(p *knowledge.Pack, id string) []revision {
	var all []revision
	for _, r := range releases(p) {
		for _, c := range r.Changes {
			if c.Fact == id {
				all = append(all, revision{r.Version, r.Date, c})
			}
		}
	}
	return all
}

// since are the revisions that came after a version, as the history lists them.
func (s *Site) since(p *knowledge.Pack, id, version string) []revision {
	later := s.versions[p]
	if i := slices.Index(later, version); i >= 0 {
		later = later[:i]
	}
	return slices.DeleteFunc(revisions(p, id), func(r revision) bool { return !slices.Contains(later, r.version) })
}

// existed reports whether a version of the pack can have had the fact: it was not added
// after it.
func (s *Site) existed(p *knowledge.Pack, id, version string) bool {
	if !slices.Contains(s.versions[p], version) {
		return false
	}
	return !slices.ContainsFunc(s.since(p, id, version), func(r revision) bool { return r.change.Kind == knowledge.Added })
}
