package web

import (
	"cmp"
	"slices"
	"strings"

	"footnote/knowledge"
	"footnote/knowledge/edtf"
)

// This file is about versions: which there were, what became of a fact since, and what it said
// then. A pack tells the first two in its history, and the last in its versions.jsonl.

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
	s.recorded = map[string][]knowledge.Statement{}
	for _, p := range s.base.Packs {
		versions := []string{p.Version}
		had := func(version, fact string) {
			if !slices.Contains(versions, version) {
				versions = append(versions, version)
			}
			if s.byID[fact] == nil && s.gone[fact] == nil && fact != "" {
				s.gone[fact] = &goneFact{fact, p}
			}
		}
		for _, r := range releases(p) {
			had(r.Version, "")
			for _, c := range r.Changes {
				had(r.Version, c.Fact)
			}
		}
		for _, x := range p.Recorded {
			had(x.Version, x.Fact)
			s.recorded[x.Fact] = append(s.recorded[x.Fact], x)
		}
		slices.SortStableFunc(versions, func(a, b string) int { return compareVersions(b, a) })
		if i := slices.Index(versions, p.Version); i > 0 { // what is said to come after it does not
			versions = versions[i:]
		}
		s.versions[p] = versions
	}
	for _, all := range s.recorded {
		slices.SortStableFunc(all, func(a, b knowledge.Statement) int { return compareVersions(a.Version, b.Version) })
	}
}

// compareVersions compares versions of three numbers.
func compareVersions(a, b string) int {
	for a != "" || b != "" {
		var x, y string
		x, a, _ = strings.Cut(a, ".")
		y, b, _ = strings.Cut(b, ".")
		if c := cmp.Or(cmp.Compare(len(x), len(y)), strings.Compare(x, y)); c != 0 {
			return c
		}
	}
	return 0
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

// since are the revisions that came after a version.
func (s *Site) since(p *knowledge.Pack, id, version string) []revision {
	return slices.DeleteFunc(revisions(p, id), func(r revision) bool { return compareVersions(r.version, version) <= 0 })
}

// said is what a version said in the fact with that id, if that was recorded.
func (s *Site) said(id, version string) (x knowledge.Statement, ok bool) {
	for _, y := range s.recorded[id] {
		if compareVersions(y.Version, version) <= 0 {
			x, ok = y, !y.Gone
		}
	}
	return x, ok
}

// existed reports whether a version of the pack can have had the fact: it was not added
// after it.
func (s *Site) existed(p *knowledge.Pack, id, version string) bool {
	if p == nil || !slices.Contains(s.versions[p], version) {
		return false
	}
	return !slices.ContainsFunc(s.since(p, id, version), func(r revision) bool { return r.change.Kind == knowledge.Added })
}
