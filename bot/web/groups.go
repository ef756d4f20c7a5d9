package web

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"footnote/knowledge"
	"footnote/knowledge/csl"
	"footnote/knowledge/edtf"
)

// A group is facts that have something in common, with a page of its own.
type group struct {
	name  string
	slug  string
	facts []*knowledge.Fact
}

// groups are groups in the order of their list.
type groups struct {
	list   []*group
	byName map[string]*group
	bySlug map[string]*group
}

func newGroups(list []*group) *groups {
	g := &groups{list: list, byName: map[string]*group{}, bySlug: map[string]*group{}}
	for _, x := range list {
		g.byName[x.name], g.bySlug[x.slug] = x, x
	}
	return g
}

// gather makes groups of facts by the names that of gives them, as people sort.
func gather(facts []*knowledge.Fact, of func(*knowledge.Fact) []string) *groups {
	byName := map[string]*group{}
	var list []*group
	for _, f := range facts {
		for _, name := range of(f) {
			g := byName[name]
			if g == nil {
				g = &group{name: name}
				byName[name] = g
				list = append(list, g)
			}
			if len(g.facts) == 0 || g.facts[len(g.facts)-1] != f {
				g.facts = append(g.facts, f)
			}
		}
	}
	slices.SortFunc(list, func(a, b *group) int {
		return cmp.Or(strings.Compare(sortKey(a.name), sortKey(b.name)), strings.Compare(a.name, b.name))
	})
	var taken slugs
	for _, g := range list {
		g.slug = taken.of(g.name)
	}
	return newGroups(list)
}

// slugs are the last parts of paths that are taken.
type slugs map[string]bool

// maxSlug bounds a slug in bytes; file systems take 255.
const maxSlug = 80

// of makes a part of a path of a name, which no other name has: its letters and numbers in
// any script. Names that would share one are told apart by a piece of their hash, so that it
// does not depend on the others' order for long.
func (taken *slugs) of(name string) string {
	if *taken == nil {
		*taken = slugs{}
	}
	slug := strings.ReplaceAll(norm.NFC.String(knowledge.BareWords(name)), " ", "-")
	for len(slug) > maxSlug {
		_, n := utf8.DecodeLastRuneInString(slug)
		slug = slug[:len(slug)-n]
	}
	slug = strings.Trim(slug, "-")
	sum := sha256.Sum256([]byte(name))
	mark := hex.EncodeToString(sum[:])
	for n := 4; slug == "" || (*taken)[slug]; n += 4 {
		slug = strings.TrimPrefix(strings.TrimSuffix(slug, "-"+mark[:n-4])+"-"+mark[:n], "-")
	}
	(*taken)[slug] = true
	return slug
}

// A sourcePage is a source with the facts that stand on it.
type sourcePage struct {
	*csl.Source
	work  csl.Work
	coins string // the source as a COinS, without a place in it
	slug  string
	facts []*knowledge.Fact
	pack  *knowledge.Pack // that it comes from
}

// gatherSources finds what stands on each source. Packs that have the same entry share it.
func (s *Site) gatherSources() {
	s.sourceOf, s.bySlug = map[*csl.Source]*sourcePage{}, map[string]*sourcePage{}
	packOf := map[*csl.Source]*knowledge.Pack{}
	byItem := map[string]*sourcePage{}
	for _, p := range s.base.Packs {
		for _, x := range p.Sources {
			packOf[x] = p
		}
	}
	var taken slugs
	pages := map[*csl.Source]*sourcePage{}
	for _, x := range s.base.Sources() {
		page := &sourcePage{Source: x, slug: taken.of(x.ID), pack: packOf[x]}
		pages[x], s.bySlug[page.slug], byItem[string(csl.JSON(x))] = page, page, page
	}
	for x := range packOf {
		s.sourceOf[x] = byItem[string(csl.JSON(x))]
	}
	for _, f := range s.facts {
		for _, c := range f.AllCites() {
			page := s.sourceOf[c.Source]
			if page != nil && (len(page.facts) == 0 || page.facts[len(page.facts)-1] != f) {
				page.facts = append(page.facts, f)
			}
		}
	}
	for _, w := range csl.Works(s.base.Sources()...) {
		page := pages[w.Source]
		page.work, page.coins = w, w.Source.OpenURL(csl.Locator{})
		s.sources = append(s.sources, page)
	}
}

// maxSpan is how many years a date may last to be listed under each of them; a longer one is
// listed under its first and its last.
const maxSpan = 10

// gatherYears lists facts by the years of their dates.
func (s *Site) gatherYears() {
	byYear := map[int]*group{}
	type dated struct {
		fact        *knowledge.Fact
		first, last int
	}
	var timeline []dated
	for _, f := range s.facts {
		when := dated{f, edtf.LatestYear * 400, 0}
		for _, d := range f.Dates {
			first, last, ok := d.EDTF.Years()
			if !ok {
				continue
			}
			if from, to, ok := d.EDTF.Days(); ok && sortable(first, last, from, to) < when.first {
				when.first, when.last = sortable(first, last, from, to), to
			}
			for _, y := range yearsFrom(first, last) {
				g := byYear[y]
				if g == nil {
					g = &group{name: fmt.Sprint(y), slug: yearSlug(y)}
					byYear[y] = g
				}
				if !slices.Contains(g.facts[max(0, len(g.facts)-1):], f) {
					g.facts = append(g.facts, f)
				}
			}
		}
		if when.first < edtf.LatestYear*400 && f.Status != knowledge.Retracted { // what was retracted did not happen so
			timeline = append(timeline, when)
		}
	}
	slices.SortStableFunc(timeline, func(a, b dated) int { return cmp.Or(cmp.Compare(a.first, b.first), cmp.Compare(a.last, b.last)) })
	for _, t := range timeline {
		s.timeline = append(s.timeline, t.fact)
	}
	var years []int
	for y := range byYear {
		years = append(years, y)
	}
	slices.Sort(years)
	var list []*group
	for _, y := range years {
		list = append(list, byYear[y])
	}
	s.years = newGroups(list)
}

// sortable is the day that a date is sorted by: its first, or its last if it has no beginning.
func sortable(firstYear, _, from, to int) int {
	if firstYear == edtf.EarliestYear {
		return to
	}
	return from
}

// yearsFrom are the years under which a date is listed.
func yearsFrom(first, last int) []int {
	switch {
	case first == edtf.EarliestYear:
		return []int{last}
	case last == edtf.LatestYear || first == last:
		return []int{first}
	case last-first >= maxSpan:
		return []int{first, last}
	}
	var all []int
	for y := first; y <= last; y++ {
		all = append(all, y)
	}
	return all
}

// yearSlug writes a year as EDTF does, of which there are 0 and years before it.
func yearSlug(y int) string {
	switch {
	case y > 9999 || y < -9999:
		return fmt.Sprintf("Y%d", y)
	case y < 0:
		return fmt.Sprintf("-%04d", -y)
	}
	return fmt.Sprintf("%04d", y)
}
