package web

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"footnote/knowledge"
	"footnote/knowledge/edtf"
)

// perPage is how many entries a page of a list has: some 30 kB of them.
const perPage = 100

// A pager leads through the pages of a list.
type pager struct {
	N, Of          int
	Before, Behind string // paths, or empty
	Pages          []pageLink
}

// A pageLink is a page of a list, with what it begins with.
type pageLink struct {
	N     int
	Path  string
	Here  bool
	Label string
}

// numbered is the path of a page of a list. No slug begins with "~".
func numbered(path string, n int) string {
	if n < 2 {
		return path
	}
	return fmt.Sprintf("%s~%d/", path, n)
}

// pagesOf is how many pages a list has.
func pagesOf(n int) int { return pages(n, perPage) }

func pages(n, perPage int) int { return max(1, (n+perPage-1)/perPage) }

// paged is the part of a list that page n of it has. An n beyond the list is its last page.
func paged[T any](p page, path string, all []T, n int) (pager, []T) {
	return pagedBy(p, path, all, n, perPage)
}

func pagedBy[T any](p page, path string, all []T, n, perPage int) (pager, []T) {
	of := pages(len(all), perPage)
	n = min(max(n, 1), of)
	g := pager{N: n, Of: of}
	if n > 1 {
		g.Before = p.To(numbered(path, n-1))
	}
	if n < of {
		g.Behind = p.To(numbered(path, n+1))
	}
	if of > 1 {
		for i := 1; i <= of; i++ {
			g.Pages = append(g.Pages, pageLink{N: i, Path: p.To(numbered(path, i)), Here: i == n, Label: fmt.Sprint(i)})
		}
	}
	return g, all[(n-1)*perPage : min(n*perPage, len(all))]
}

// A listPage is a list of facts.
type listPage struct {
	page
	Heading string
	Count   int
	Letters []pageLink
	Items   []section
	Pager   pager
	Filter  bool // a script may narrow the list down
}

// A section is a part of a list with a heading, which may be empty.
type section struct {
	Heading string
	Path    string
	Links   []link
}

// factsList lists all facts by the alphabet, with the pages on which its letters begin.
func (s *Site) factsList(l *language, n int) (File, error) {
	p := listPage{page: s.page(l, numbered("facts/", n)), Count: len(s.facts)}
	p.Title, p.Section = p.T("web.facts"), "facts"
	p.Heading = p.Title
	p.Letters = p.letters()
	var facts []*knowledge.Fact
	p.Pager, facts = paged(p.page, "facts/", s.facts, n)
	p.Items = p.byLetter(facts)
	return write("list", p)
}

// letter is what a fact is listed under.
func letter(f *knowledge.Fact, l *language) string {
	r, _ := utf8.DecodeRuneInString(sortKey(canonical(f, l)))
	if r == utf8.RuneError || !unicode.IsLetter(r) {
		return "#"
	}
	return string(unicode.ToUpper(r))
}

// A firstLetter is a letter of the alphabet with the page of the list of facts that it begins on.
type firstLetter struct {
	letter string
	page   int
}

// findLetters finds where each letter begins in the list of facts.
func (s *Site) findLetters() {
	seen := map[string]bool{}
	for i, f := range s.facts {
		if at := letter(f, s.languages[0]); !seen[at] {
			seen[at] = true
			s.letters = append(s.letters, firstLetter{at, i/perPage + 1})
		}
	}
}

// letters are the letters of the alphabet with where they begin.
func (p page) letters() []pageLink {
	var all []pageLink
	for _, x := range p.site.letters {
		all = append(all, pageLink{N: x.page, Label: x.letter, Path: p.To(numbered("facts/", x.page)) + "#" + anchor(x.letter)})
	}
	return all
}

func anchor(letter string) string {
	if letter == "#" {
		return "other"
	}
	return "letter-" + strings.ToLower(letter)
}

// Anchor is the id of a section.
func (s section) Anchor() string {
	if utf8.RuneCountInString(s.Heading) == 1 {
		return anchor(s.Heading)
	}
	return ""
}

// byLetter parts facts by their letters.
func (p page) byLetter(facts []*knowledge.Fact) []section {
	var all []section
	first := p.site.languages[0]
	for _, f := range facts {
		at := letter(f, first)
		if len(all) == 0 || all[len(all)-1].Heading != at {
			all = append(all, section{Heading: at})
		}
		x := &all[len(all)-1]
		x.Links = append(x.Links, p.to(f))
	}
	return all
}

// groupPage lists the facts of a topic, a person or a year.
func (s *Site) groupPage(l *language, under string, g *group, n int) (File, error) {
	p := listPage{page: s.page(l, numbered(under+"/"+g.slug+"/", n)), Count: len(g.facts), Heading: g.name}
	if under == "years" {
		p.Heading = yearName(g.slug, l)
	}
	p.Title, p.Section = p.Heading, under
	var facts []*knowledge.Fact
	p.Pager, facts = paged(p.page, under+"/"+g.slug+"/", g.facts, n)
	x := section{}
	for _, f := range facts {
		x.Links = append(x.Links, p.to(f))
	}
	p.Items = []section{x}
	return write("list", p)
}

// yearName writes a year in a language.
func yearName(slug string, l *language) string { return edtf.Date(slug).In(l.words.Tag) }

// A groupsPage lists topics, people or years.
type groupsPage struct {
	page
	Heading string
	Groups  []groupLine
	Pager   pager
	Narrow  bool // the names are short
}

// A groupLine is a topic, a person or a year with how many facts it has.
type groupLine struct {
	Path, Name string
	Count      int
}

func (s *Site) groupsList(l *language, under string, g *groups, n int) (File, error) {
	p := groupsPage{page: s.page(l, numbered(under+"/", n)), Narrow: under == "years"}
	p.Title, p.Section = p.T("web."+under), under
	p.Heading = p.Title
	var list []*group
	p.Pager, list = paged(p.page, under+"/", g.list, n)
	for _, x := range list {
		p.Groups = append(p.Groups, p.groupLine(under, x))
	}
	return write("groups", p)
}

func (p page) groupLine(under string, g *group) groupLine {
	x := groupLine{p.To(under + "/" + g.slug + "/"), g.name, len(g.facts)}
	if under == "years" {
		x.Name = yearName(g.slug, p.l)
	}
	return x
}
